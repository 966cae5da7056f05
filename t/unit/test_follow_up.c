#include "store_fixture.h"

#include <apr_strings.h>
#include <string.h>

#define LEASE apr_time_from_sec(90)

static afp_claim_t claim_of(store_t *store, const char *company_uuid)
{
    return (afp_claim_t){
        .company_uuid = company_uuid,
        .generation = store_generation(store, company_uuid),
        .token_digest = "",
        .token_owner = company_uuid,
        .lease_time = LEASE,
    };
}

static afp_claim_result_t claim_with(store_t *store, afp_claim_t *claim)
{
    assert_int_equal(afp_follow_up_claim(store->session, claim), APR_SUCCESS);
    return claim->result;
}

/* `count` due follow-ups of different applications, ids from `from`, in few statements. */
static void add_backlog(store_t *store, const char *company_uuid, int from, int count)
{
    apr_time_t due = store_now(store) - apr_time_from_sec(3600);
    int done = 0;

    while (done < count) {
        apr_array_header_t *rows = apr_array_make(store->pool, 500, sizeof(char *));

        for (; rows->nelts < 500 && done < count; done++) {
            APR_ARRAY_PUSH(rows, char *) =
                apr_psprintf(store->pool,
                             "('%032x', '%s', 'invite', 'ready', %" APR_INT64_T_FMT
                             ", '', '', '%d', '', 1, 0, 0, 0, 0, 0, '')",
                             (unsigned)(from + done), company_uuid, due + done, from + done);
        }
        store_sql(store,
                  "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease,"
                  " delivery_id, application_id, job_id, occurrence, anyway, attempts, missing,"
                  " tried_for, created_at, reason) VALUES %s",
                  apr_array_pstrcat(store->pool, rows, ','));
    }
}

/* ---- claiming ---- */

static void a_claim_leases_the_longest_waiting(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    const char *id;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 10);
    id = store_add_follow_up(store, ACME, 2, "22", 20);
    follow_up = store_take(store, ACME);
    assert_string_equal(follow_up.id, id);
    assert_string_equal(follow_up.company_uuid, ACME);
    assert_string_equal(follow_up.application_id, "22");
    assert_string_equal(follow_up.kind, AFP_FOLLOW_UP_INVITE);
    assert_int_equal(follow_up.attempts, 1);
    assert_int_equal(follow_up.occurrence, 1);
    assert_true(afp_id_is_valid(follow_up.lease));
    assert_string_equal(store_text(store, "SELECT lease FROM afp_follow_up WHERE id = '%s'", id),
                        follow_up.lease);
    assert_int_equal(store_number(store, "SELECT attempts FROM afp_follow_up WHERE id = '%s'", id),
                     1);
    assert_true(store_number(store, "SELECT due_at FROM afp_follow_up WHERE id = '%s'", id) >
                store_now(store) + LEASE - apr_time_from_sec(60));
}

static void what_is_not_due_is_left_alone(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", -60);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
    assert_int_equal(store_claim(store, BETA).result, AFP_CLAIM_NOTHING);
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_TAKEN);
}

static void no_more_than_two_of_a_tenant_are_in_flight(void **state)
{
    store_t *store = *state;
    afp_follow_up_t first;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    add_backlog(store, ACME, 1, 5);
    add_backlog(store, BETA, 100, 1);
    first = store_take(store, ACME);
    store_take(store, ACME);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_ENOUGH);
    store_take(store, BETA);
    assert_int_equal(afp_follow_up_release(store->session, &first, 1), APR_SUCCESS);
    store_take(store, ACME);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_ENOUGH);
}

static void one_follow_up_of_an_application_runs_at_a_time(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;
    const char *other;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 30);
    store_add_follow_up(store, ACME, 2, "11", 20);
    other = store_add_follow_up(store, ACME, 3, "33", 10);
    assert_string_equal(store_take(store, ACME).application_id, "11");
    assert_string_equal(store_take(store, ACME).id, other);
    store_sql(store, "DELETE FROM afp_follow_up WHERE application_id = '33'");
    claim = claim_of(store, ACME);
    claim.wanted_id = "00000000000000000000000000000002";
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_NOTHING);
}

static void two_checks_of_a_tenant_are_not_one_application(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT);
    store_add_check(store, ACME, 2, AFP_FOLLOW_UP_CHECK_ASSESSFIRST);
    store_take(store, ACME);
    store_take(store, ACME);
}

static void the_wanted_one_comes_first_if_it_is_due(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 20);
    claim = claim_of(store, ACME);
    claim.wanted_id = "0000000000000000000000000000000f";
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.id, claim.wanted_id);
    /* It is leased now: the next in line instead. */
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.id, "00000000000000000000000000000001");
}

static void a_claim_with_former_settings_takes_nothing(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    claim = claim_of(store, ACME);
    store_sql(store, "UPDATE afp_tenant SET generation = generation + 1");
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_STALE);
    assert_int_equal(store_in_state(store, "ready"), 1);
    claim.generation++;
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_TAKEN);
    assert_int_equal(claim.follow_up.generation, claim.generation);
}

static apr_status_t claim_as_many_as_there_are(racer_t *racer)
{
    apr_uint32_t *taken = racer->baton;
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < 4 && rv == APR_SUCCESS; i++) {
        afp_claim_t claim = {.company_uuid = ACME,
                             .generation = 1,
                             .token_digest = TOKEN_DIGEST,
                             .token_owner = ACME,
                             .lease_time = LEASE};

        rv = afp_follow_up_claim(racer->session, &claim);
        taken[racer->number] += rv == APR_SUCCESS && claim.result == AFP_CLAIM_TAKEN;
    }
    return rv;
}

static void the_cap_holds_for_eight_at_once(void **state)
{
    store_t *store = *state;
    apr_uint32_t taken[8] = {0};
    apr_uint32_t sum = 0;
    int i;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 50);
    store_race(store, 8, claim_as_many_as_there_are, taken);
    for (i = 0; i < 8; i++) {
        sum += taken[i];
    }
    assert_int_equal(sum, AFP_IN_FLIGHT_CAP);
    assert_int_equal(store_in_state(store, "leased"), AFP_IN_FLIGHT_CAP);
    assert_int_equal(
        store_number(store, "SELECT COUNT(DISTINCT lease) FROM afp_follow_up WHERE lease <> ''"),
        AFP_IN_FLIGHT_CAP);
}

static void one_application_is_given_to_one_of_eight(void **state)
{
    store_t *store = *state;
    apr_uint32_t taken[8] = {0};

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 8);
    store_sql(store, "UPDATE afp_follow_up SET application_id = '7'");
    store_race(store, 8, claim_as_many_as_there_are, taken);
    assert_int_equal(store_in_state(store, "leased"), 1);
}

/* ---- claims of many, with ends and deliveries at the same time ---- */

static const char *const three[] = {ACME, BETA, CORE};

static apr_status_t work_off(racer_t *racer)
{
    int *worked = racer->baton;
    const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};
    apr_status_t rv = APR_SUCCESS;
    int idle = 0;

    while (rv == APR_SUCCESS && idle < 6) {
        afp_claim_t claim = {.company_uuid = three[(racer->number + idle) % 3],
                             .generation = 1,
                             .token_digest = "",
                             .token_owner = STORE_SITE,
                             .lease_time = LEASE};

        rv = afp_follow_up_claim(racer->session, &claim);
        if (rv == APR_SUCCESS && claim.result == AFP_CLAIM_TAKEN) {
            rv = afp_follow_up_renew(racer->session, &claim.follow_up, 1, LEASE);
            if (rv == APR_SUCCESS) {
                rv = afp_follow_up_end(racer->session, &claim.follow_up, &done);
            }
            worked[racer->number]++;
            idle = 0;
        } else {
            idle++;
        }
    }
    return rv;
}

static apr_status_t deliver(racer_t *racer)
{
    afp_delivery_store_t *store = afp_delivery_store_make(racer->pool, racer->session);
    apr_status_t rv = APR_SUCCESS;
    int round, i;

    for (round = 0; round < 10 && rv == APR_SUCCESS; round++) {
        afp_delivery_t deliveries[9];
        afp_delivery_t *batch[9];

        memset(deliveries, 0, sizeof(deliveries));
        for (i = 0; i < 9 && rv == APR_SUCCESS; i++) {
            int body = (racer->number * 10 + round) * 9 + i;
            afp_id_t id;

            rv = afp_id_random(&id);
            batch[i] = &deliveries[i];
            apr_cpystrn(batch[i]->id, id.text, sizeof(batch[i]->id));
            apr_cpystrn(batch[i]->company_uuid, three[i % 3], sizeof(batch[i]->company_uuid));
            apr_snprintf(batch[i]->digest, sizeof(batch[i]->digest), "%064d", body);
            apr_snprintf(batch[i]->application_id, sizeof(batch[i]->application_id), "%d", body);
            batch[i]->received_at = 1;
        }
        if (rv == APR_SUCCESS) {
            rv = afp_delivery_store(store, batch, 9);
        }
        if (rv == APR_SUCCESS) {
            rv = afp_tenant_received(racer->session, three[round % 3], round + 1, NULL);
        }
    }
    return rv;
}

static apr_status_t deliver_or_work(racer_t *racer)
{
    return racer->number < 4 ? deliver(racer) : work_off(racer);
}

static void storing_claiming_and_ending_do_not_get_into_each_others_way(void **state)
{
    store_t *store = *state;
    int worked[8] = {0};
    int sum = 0;
    int i;

    for (i = 0; i < 3; i++) {
        store_add_tenant(store, three[i], "connected");
        /* The very first request of a tenant may collide with another: that is repeated. */
        assert_int_equal(afp_tenant_received(store->session, three[i], 1, NULL), APR_SUCCESS);
    }
    add_backlog(store, ACME, 1, 60);
    store_race(store, 8, deliver_or_work, worked);
    for (i = 0; i < 8; i++) {
        sum += worked[i];
    }
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_delivery"), 4 * 10 * 9);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), sum);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 420 - sum);
    assert_int_equal(store_in_state(store, "leased"), 0);
    if (strstr(store->log, "AFP0101")) {
        fail_msg("%s", store->log);
    }
}

/* ---- held ---- */

static void the_work_of_a_tenant_that_is_not_connected_is_held(void **state)
{
    static const char *const states[] = {"created", "paused", "disconnected"};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 5);
    store_add_follow_up(store, ACME, 2, "22", -500);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        store_sql(store, "UPDATE afp_tenant SET state = '%s'", states[i]);
        store_sql(store, "UPDATE afp_follow_up SET state = 'ready'");
        assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
        assert_int_equal(store_in_state(store, "held"), 2);
        assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    }
}

static void what_runs_when_a_tenant_is_paused_may_end(void **state)
{
    const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 5);
    follow_up = store_take(store, ACME);
    store_sql(store, "UPDATE afp_tenant SET state = 'paused'");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "leased"), 1);
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &done), APR_SUCCESS);
}

static void add_parking(store_t *store, const char *owner, const char *api, const char *kind)
{
    store_sql(store,
              "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
              " VALUES ('%s', '%s', '%s', '" ACME "', 1, '')",
              owner, api, kind);
}

static void a_parked_kind_is_held_and_its_checks_run(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 20);
    store_add_check(store, ACME, 100, AFP_FOLLOW_UP_CHECK_PINPOINT);
    add_parking(store, ACME, AFP_API_PINPOINT, "invite");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "held"), 20);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_CHECK_PINPOINT);
}

static void parking_of_all_kinds_of_the_site_and_of_others(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 3);
    add_parking(store, BETA, AFP_API_PINPOINT, "*");
    add_parking(store, ACME, AFP_API_PINPOINT, "another-kind");
    store_take(store, ACME);
    add_parking(store, STORE_SITE, AFP_API_ASSESSFIRST, "*");
    /* Its own token: the site's parking is not for it. */
    store_take(store, ACME);
    store_sql(store, "UPDATE afp_follow_up SET state = 'ready', lease = ''");
    claim = claim_of(store, ACME);
    claim.token_owner = STORE_SITE;
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "held"), 3);
}

/* ---- budget ---- */

static void a_claim_takes_its_share_of_the_budget_or_nothing(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;
    apr_time_t now;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 3);
    claim = claim_of(store, ACME);
    claim.token_digest = TOKEN_DIGEST;
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_TAKEN);
    assert_true(store_number(store, "SELECT next_at FROM afp_budget") - store_now(store) <=
                apr_time_from_sec(afp_follow_up_calls(AFP_FOLLOW_UP_INVITE)) + CLOCK_SLACK);
    now = store_now(store);
    store_sql(store, "UPDATE afp_budget SET next_at = %" APR_INT64_T_FMT,
              now + apr_time_from_sec(1000));
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_BUDGET);
    assert_true(claim.until > now + apr_time_from_sec(960));
    assert_true(claim.until < now + apr_time_from_sec(1000));
    assert_int_equal(store_in_state(store, "leased"), 1);
    /* What needs no call needs no budget. */
    store_sql(store, "DELETE FROM afp_follow_up WHERE state = 'ready'");
    store_add_check(store, ACME, 100, AFP_FOLLOW_UP_CHECK_PINPOINT);
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_TAKEN);
}

static void a_tenant_with_enough_in_flight_takes_no_budget(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;
    apr_int64_t taken;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 5);
    claim = claim_of(store, ACME);
    claim.token_digest = TOKEN_DIGEST;
    claim_with(store, &claim);
    claim_with(store, &claim);
    taken = store_number(store, "SELECT next_at FROM afp_budget");
    assert_int_equal(claim_with(store, &claim), AFP_CLAIM_ENOUGH);
    assert_int_equal(store_number(store, "SELECT next_at FROM afp_budget"), taken);
}

/* ---- fairness ---- */

static apr_array_header_t *due(store_t *store, const char *cursor, int limit)
{
    apr_array_header_t *company_uuids;

    assert_int_equal(afp_follow_up_due(store->session, cursor, limit, store->pool, &company_uuids),
                     APR_SUCCESS);
    return company_uuids;
}

static int lists(const apr_array_header_t *company_uuids, const char *company_uuid)
{
    int times = 0;
    int i;

    for (i = 0; i < company_uuids->nelts; i++) {
        times += strcmp(APR_ARRAY_IDX(company_uuids, i, const char *), company_uuid) == 0;
    }
    return times;
}

static void tenants_with_due_work_are_listed_longest_waiting_first(void **state)
{
    store_t *store = *state;
    apr_array_header_t *listed;

    assert_int_equal(due(store, "", 8)->nelts, 0);
    store_add_follow_up(store, ACME, 1, "1", 10);
    store_add_follow_up(store, ACME, 2, "2", 10);
    store_add_follow_up(store, BETA, 3, "3", 20);
    store_add_follow_up(store, CORE, 4, "4", -60);
    listed = due(store, "", 8);
    assert_int_equal(listed->nelts, 2);
    assert_string_equal(APR_ARRAY_IDX(listed, 0, const char *), BETA);
    assert_string_equal(APR_ARRAY_IDX(listed, 1, const char *), ACME);
}

static void a_backlog_of_one_does_not_hide_the_others(void **state)
{
    store_t *store = *state;
    apr_array_header_t *listed;

    add_backlog(store, BETA, 1, 5000);
    store_add_follow_up(store, ACME, 10001, "1", 1);
    store_add_follow_up(store, CORE, 10002, "2", 1);
    listed = due(store, "", 8);
    assert_int_equal(listed->nelts, 3);
    assert_int_equal(lists(listed, ACME) + lists(listed, BETA) + lists(listed, CORE), 3);
    /* A caller with room for one, who goes on from where he was, reaches all. */
    assert_int_equal(lists(due(store, "", 1), ACME), 1);
    assert_int_equal(lists(due(store, ACME, 1), BETA), 1);
    assert_int_equal(lists(due(store, BETA, 1), CORE), 1);
    assert_int_equal(lists(due(store, CORE, 1), ACME), 1);
    listed = due(store, BETA, 8);
    assert_int_equal(listed->nelts, 3);
}

static void many_tenants_with_little_are_all_reached(void **state)
{
    store_t *store = *state;
    char cursor[AFP_ID_LENGTH + 1] = "";
    apr_table_t *reached = apr_table_make(store->pool, 40);
    int i, j;

    for (i = 0; i < 40; i++) {
        store_add_follow_up(store, apr_psprintf(store->pool, "%032x", (unsigned)(i + 1)), i + 1,
                            "1", 100 - i);
    }
    for (i = 0; i < 10; i++) {
        apr_array_header_t *listed = due(store, cursor, 4);

        assert_int_equal(listed->nelts, 4);
        for (j = 0; j < 4; j++) {
            const char *company_uuid = APR_ARRAY_IDX(listed, j, const char *);

            apr_table_setn(reached, company_uuid, "");
            if (strcmp(company_uuid, cursor) > 0) {
                apr_cpystrn(cursor, company_uuid, sizeof(cursor));
            }
        }
    }
    assert_int_equal(apr_table_elts(reached)->nelts, 40);
}

static void tenants_that_wait_for_later_are_passed_over_behind_a_backlog(void **state)
{
    store_t *store = *state;
    apr_array_header_t *listed;
    int i;

    add_backlog(store, ACME, 1, 200);
    for (i = 0; i < 30; i++) {
        store_add_follow_up(store, apr_psprintf(store->pool, "b%031x", (unsigned)i), 1000 + i, "1",
                            -3600);
    }
    store_add_follow_up(store, CORE, 2000, "2", 1);
    listed = due(store, "", 8);
    assert_int_equal(listed->nelts, 2);
    assert_int_equal(lists(listed, ACME), 1);
    assert_int_equal(lists(listed, CORE), 1);
}

/* ---- leases ---- */

static apr_time_t lease_end(store_t *store, const afp_follow_up_t *follow_up)
{
    return store_number(store, "SELECT due_at FROM afp_follow_up WHERE id = '%s'", follow_up->id);
}

static void a_lease_is_renewed(void **state)
{
    store_t *store = *state;
    afp_follow_up_t two[2];
    apr_time_t now;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 2);
    two[0] = store_take(store, ACME);
    two[1] = store_take(store, ACME);
    now = store_now(store) - CLOCK_SLACK;
    assert_int_equal(afp_follow_up_renew(store->session, two, 2, apr_time_from_sec(900)),
                     APR_SUCCESS);
    assert_true(lease_end(store, &two[0]) >= now + apr_time_from_sec(900));
    assert_true(lease_end(store, &two[1]) >= now + apr_time_from_sec(900));
}

/* The row as it is when another worker has it. */
static const char *image(store_t *store)
{
    return apr_pstrcat(store->pool, store_text(store, "SELECT state FROM afp_follow_up"), " ",
                       store_text(store, "SELECT due_at FROM afp_follow_up"), " ",
                       store_text(store, "SELECT lease FROM afp_follow_up"), " ",
                       store_text(store, "SELECT attempts FROM afp_follow_up"), NULL);
}

static void who_lost_his_lease_changes_nothing(void **state)
{
    const afp_end_t ends[] = {
        {.kind = AFP_END_FINISH, .result = "dead", .reason = "", .invitation_state = "refused"},
        {.kind = AFP_END_AGAIN, .delay = 1, .reason = ""},
        {.kind = AFP_END_PARK,
         .reason = "",
         .park_api = AFP_API_PINPOINT,
         .park_kind = "*",
         .park_owner = ACME},
    };
    store_t *store = *state;
    afp_follow_up_t lost;
    const char *before;
    int expired;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    lost = store_take(store, ACME);
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1");
    assert_int_equal(afp_follow_up_expire(store->session, &expired), APR_SUCCESS);
    assert_int_equal(expired, 1);
    store_take(store, ACME);
    before = image(store);

    assert_int_equal(afp_follow_up_renew(store->session, &lost, 1, apr_time_from_sec(900)),
                     APR_SUCCESS);
    assert_int_equal(afp_follow_up_release(store->session, &lost, 1), APR_SUCCESS);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        assert_int_equal(afp_follow_up_end(store->session, &lost, &ends[i]), APR_NOTFOUND);
    }
    assert_string_equal(image(store), before);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), 0);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_parking"), 0);
}

static void leases_that_ran_out_are_given_back_and_others_not(void **state)
{
    store_t *store = *state;
    int expired;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, 1, 2);
    store_take(store, ACME);
    store_take(store, ACME);
    store_add_follow_up(store, ACME, 100, "100", -60);
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1 WHERE application_id = '1'");
    assert_int_equal(afp_follow_up_expire(store->session, &expired), APR_SUCCESS);
    assert_int_equal(expired, 1);
    assert_int_equal(store_in_state(store, "leased"), 1);
    assert_string_equal(store_text(store, "SELECT lease FROM afp_follow_up"
                                          " WHERE application_id = '1'"),
                        "");
    assert_int_equal(afp_follow_up_expire(store->session, &expired), APR_SUCCESS);
    assert_int_equal(expired, 0);
}

static apr_status_t expire(racer_t *racer)
{
    int *counts = racer->baton;

    return afp_follow_up_expire(racer->session, &counts[racer->number]);
}

static void several_tickers_give_a_lease_back_once(void **state)
{
    store_t *store = *state;
    int counts[8] = {0};
    int sum = 0;
    int i;

    add_backlog(store, ACME, 1, 90);
    store_sql(store, "UPDATE afp_follow_up SET state = 'leased', lease = 'x', due_at = 1");
    store_race(store, 8, expire, counts);
    for (i = 0; i < 8; i++) {
        sum += counts[i];
    }
    assert_int_equal(sum, 90);
    assert_int_equal(store_in_state(store, "ready"), 90);
    assert_null(strstr(store->log, "AFP0101"));
}

static void what_a_stopping_child_releases_is_due_at_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    assert_int_equal(afp_follow_up_release(store->session, &follow_up, 1), APR_SUCCESS);
    assert_int_equal(store_take(store, ACME).attempts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_claim_leases_the_longest_waiting),
        STORE_TEST(what_is_not_due_is_left_alone),
        STORE_TEST(no_more_than_two_of_a_tenant_are_in_flight),
        STORE_TEST(one_follow_up_of_an_application_runs_at_a_time),
        STORE_TEST(two_checks_of_a_tenant_are_not_one_application),
        STORE_TEST(the_wanted_one_comes_first_if_it_is_due),
        STORE_TEST(a_claim_with_former_settings_takes_nothing),
        STORE_TEST(the_cap_holds_for_eight_at_once),
        STORE_TEST(one_application_is_given_to_one_of_eight),
        STORE_TEST(storing_claiming_and_ending_do_not_get_into_each_others_way),
        STORE_TEST(the_work_of_a_tenant_that_is_not_connected_is_held),
        STORE_TEST(what_runs_when_a_tenant_is_paused_may_end),
        STORE_TEST(a_parked_kind_is_held_and_its_checks_run),
        STORE_TEST(parking_of_all_kinds_of_the_site_and_of_others),
        STORE_TEST(a_claim_takes_its_share_of_the_budget_or_nothing),
        STORE_TEST(a_tenant_with_enough_in_flight_takes_no_budget),
        STORE_TEST(tenants_with_due_work_are_listed_longest_waiting_first),
        STORE_TEST(a_backlog_of_one_does_not_hide_the_others),
        STORE_TEST(many_tenants_with_little_are_all_reached),
        STORE_TEST(tenants_that_wait_for_later_are_passed_over_behind_a_backlog),
        STORE_TEST(a_lease_is_renewed),
        STORE_TEST(who_lost_his_lease_changes_nothing),
        STORE_TEST(leases_that_ran_out_are_given_back_and_others_not),
        STORE_TEST(several_tickers_give_a_lease_back_once),
        STORE_TEST(what_a_stopping_child_releases_is_due_at_once),
    };

    return STORE_RUN(tests);
}
