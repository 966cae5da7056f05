#include "store_fixture.h"

#include "store/activity.h"

#include <apr_strings.h>
#include <string.h>

/* Backlogs that are held and released a batch at a time. */

#define BATCH 1000

#define MOST 1000 /* rows that MariaDB makes in one statement */

/* Follow-ups `first` to `last`, in the order in which they are due: the first one `ago` seconds
 * ago, and the next ones `step` seconds later each. */
static void add_backlog(store_t *store, const char *company_uuid, const char *kind, int priority,
                        int first, int last, int ago, int step)
{
    apr_time_t due_at = store_now(store) - apr_time_from_sec(ago);

    for (int from = first; from <= last; from += MOST) {
        store_sql(store,
                  "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease,"
                  " delivery_id, application_id, job_id, occurrence, anyway, attempts, missing,"
                  " tried_for, created_at, reason, priority) WITH RECURSIVE numbers (n, due) AS"
                  " (SELECT %d, %" APR_INT64_T_FMT " UNION ALL"
                  " SELECT n + 1, due + %" APR_INT64_T_FMT " FROM numbers WHERE n < %d)"
                  " SELECT CAST(%d + n AS CHAR(32)), '%s', '%s', 'ready', due, '', '',"
                  " CAST(n AS CHAR(20)), '', 1, 0, 0, 0, 0, 0, '', %d FROM numbers",
                  from, due_at + apr_time_from_sec((apr_int64_t)step * (from - first)),
                  apr_time_from_sec(step), from + MOST - 1 < last ? from + MOST - 1 : last,
                  (*company_uuid - 'a' + 1) * 100000, company_uuid, kind, priority);
    }
}

static void set_state(store_t *store, const char *company_uuid, afp_tenant_state_t state)
{
    afp_tenant_t tenant;

    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, company_uuid, &tenant),
                     APR_SUCCESS);
    tenant.state = state;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
}

static void add_parking(store_t *store, const char *owner, const char *api, const char *kind)
{
    store_sql(store,
              "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
              " VALUES ('%s', '%s', '%s', '" ACME "', 1, '')",
              owner, api, kind);
}

static void hold_all(store_t *store)
{
    store_sql(store, "UPDATE afp_follow_up SET state = 'held'");
}

static int is_listed_as_due(store_t *store, const char *company_uuid)
{
    apr_array_header_t *due;
    int i;

    assert_int_equal(afp_follow_up_due(store->session, "", 10, store->pool, &due), APR_SUCCESS);
    for (i = 0; i < due->nelts && strcmp(APR_ARRAY_IDX(due, i, const char *), company_uuid); i++) {
    }
    return i < due->nelts;
}

/* Releases what is left, a batch in a call: their number. */
static int release_rest(store_t *store)
{
    char cursor[AFP_ID_LENGTH + 1] = "";
    int batches = -1;
    int more = 1;

    while (more) {
        apr_int64_t before = store_in_state(store, "held");

        assert_int_equal(afp_follow_up_release_more(store->session, cursor, &more), APR_SUCCESS);
        assert_true(before - store_in_state(store, "held") <= BATCH);
        batches++;
        assert_true(batches < 50);
    }
    return batches;
}

static const char *state_of(store_t *store, const char *application_id)
{
    return store_text(store, "SELECT state FROM afp_follow_up WHERE application_id = '%s'",
                      application_id);
}

static apr_int64_t count_parkings(store_t *store)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_parking");
}

/* ---- holding ---- */

static void a_backlog_is_held_in_batches_and_none_of_it_is_claimed_meanwhile(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 2000, 1);
    for (int held = BATCH; held < 2500; held += BATCH) {
        claim = store_claim(store, ACME);
        assert_int_equal(claim.result, AFP_CLAIM_HELD);
        assert_true(claim.more);
        assert_int_equal(store_in_state(store, "held"), held);
        /* Whoever looks next finds it, in whatever process. */
        assert_true(is_listed_as_due(store, ACME));
    }
    claim = store_claim(store, ACME);
    assert_int_equal(claim.result, AFP_CLAIM_HELD);
    assert_false(claim.more);
    assert_int_equal(store_in_state(store, "held"), 2500);
    assert_false(is_listed_as_due(store, ACME));
}

static void readings_that_are_due_are_held_in_batches_behind_the_work(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING, 1, 1500, 1400, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_WRITE_BACK, AFP_PRIORITY_WORK, 2001, 2500, 1, 0);
    assert_true(store_claim(store, ACME).more);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"
                                         " WHERE state = 'ready' AND priority = 0"),
                     0);
    while (store_claim(store, ACME).more) {
    }
    /* A hundred are not due, or become so just now. */
    assert_true(store_in_state(store, "ready") >= 90);
    assert_true(store_in_state(store, "ready") <= 100);
    assert_false(is_listed_as_due(store, ACME));
}

static void the_deletion_of_fields_does_not_wait_for_a_backlog(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 1500, 2000, 1);
    store_add_check(store, ACME, 9000, AFP_FOLLOW_UP_DELETE_FIELDS);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_DELETE_FIELDS);
    while (store_claim(store, ACME).more) {
    }
    assert_int_equal(store_in_state(store, "held"), 1500);
    assert_int_equal(store_in_state(store, "leased"), 1);
}

static void what_is_parked_is_held_in_batches_and_what_is_not_is_claimed(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;
    int claims = 0;

    store_add_tenant(store, ACME, "connected");
    add_parking(store, ACME, AFP_API_PINPOINT, AFP_FOLLOW_UP_INVITE);
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 1200, 5000, 0);
    add_backlog(store, ACME, AFP_FOLLOW_UP_WRITE_BACK, AFP_PRIORITY_WORK, 1201, 1203, 3000, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1301, 2400, 2000, 1);
    do {
        claim = store_claim(store, ACME);
        claims++;
    } while (claim.result == AFP_CLAIM_HELD && claims < 10);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_WRITE_BACK);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_WRITE_BACK);
    store_sql(store, "DELETE FROM afp_follow_up WHERE state = 'leased'");
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_WRITE_BACK);
    while (store_claim(store, ACME).result == AFP_CLAIM_HELD && ++claims < 10) {
    }
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
    assert_int_equal(store_in_state(store, "held"), 2300);
}

static void readings_that_are_parked_are_held_across_priorities(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_parking(store, ACME, AFP_API_ASSESSFIRST, "*");
    for (int i = 0; i < 4; i++) {
        add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING + i, 1 + 1000 * i,
                    300 + 1000 * i, 2000, 0);
    }
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    while (store_claim(store, ACME).result == AFP_CLAIM_HELD) {
    }
    assert_int_equal(store_in_state(store, "held"), 1200);
    assert_int_equal(store_in_state(store, "ready"), 0);
}

/* ---- releasing ---- */

static void a_backlog_is_released_in_batches_the_first_one_at_once(void **state)
{
    store_t *store = *state;
    apr_array_header_t *parkings;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 2000, 1);
    hold_all(store);
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    assert_int_equal(store_in_state(store, "held"), 1500);
    assert_string_equal(state_of(store, "1"), "ready");
    assert_string_equal(state_of(store, "1000"), "ready");
    /* It is no refusal. */
    assert_int_equal(
        afp_activity_parkings(store->session, ACME, STORE_SITE, store->pool, &parkings),
        APR_SUCCESS);
    assert_int_equal(parkings->nelts, 0);
    assert_int_equal(release_rest(store), 2);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_int_equal(count_parkings(store), 0);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_follow_up WHERE state = 'ready'"
                                  " AND due_at > %" APR_INT64_T_FMT,
                                  store_now(store) + CLOCK_SLACK),
                     0);
}

static void what_a_process_began_to_release_another_one_finishes(void **state)
{
    store_t *store = *state;
    char cursor[AFP_ID_LENGTH + 1] = "";
    int more = 1;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 3500, 2000, 0);
    hold_all(store);
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    assert_int_equal(afp_follow_up_release_more(store->session, cursor, &more), APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 1500);
    afp_session_close(store->session);
    /* The repair lets it be: it has its turn. */
    assert_int_equal(afp_follow_up_repair(store->witness), APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 1500);
    while (more) {
        assert_int_equal(afp_follow_up_release_more(store->witness, cursor, &more), APR_SUCCESS);
    }
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_int_equal(count_parkings(store), 0);
}

static void a_tenant_that_is_paused_while_it_is_released_keeps_the_rest(void **state)
{
    static const afp_tenant_state_t states[] = {AFP_TENANT_PAUSED, AFP_TENANT_DISCONNECTED};
    store_t *store = *state;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 2000, 1);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        hold_all(store);
        set_state(store, ACME, AFP_TENANT_CONNECTED);
        set_state(store, ACME, states[i]);
        release_rest(store);
        assert_true(store_in_state(store, "held") >= 1500);
        assert_int_equal(count_parkings(store), 0);
        while (store_claim(store, ACME).more) {
        }
        assert_int_equal(store_in_state(store, "ready") + store_in_state(store, "leased"), 0);
    }
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    release_rest(store);
    assert_int_equal(store_in_state(store, "held"), 0);
}

static void work_is_released_before_readings_which_keep_their_time(void **state)
{
    store_t *store = *state;
    apr_time_t last;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING, 1, 900, -3600, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING + 3, 1001, 1900, 5000,
                1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 2001, 2600, 300, 1);
    hold_all(store);
    last = store_number(store, "SELECT SUM(due_at / 1000000) FROM afp_follow_up"
                               " WHERE priority > 0");
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"
                                         " WHERE state = 'held' AND priority = 0"),
                     0);
    /* Retries that would have come later are due too. */
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_follow_up WHERE priority = 0"
                                  " AND due_at > %" APR_INT64_T_FMT,
                                  store_now(store) + CLOCK_SLACK),
                     0);
    assert_int_equal(release_rest(store), 2);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_true(store_number(store, "SELECT SUM(due_at / 1000000) FROM afp_follow_up"
                                    " WHERE priority > 0") == last);
}

static void what_is_parked_still_is_held_again_and_the_release_ends(void **state)
{
    store_t *store = *state;
    char cursor[AFP_ID_LENGTH + 1] = "";
    int more = 1;

    store_add_tenant(store, ACME, "connected");
    add_parking(store, ACME, AFP_API_PINPOINT, "*");
    add_parking(store, ACME, AFP_API_PINPOINT, AFP_FOLLOW_UP_INVITE);
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 9000, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_WRITE_BACK, AFP_PRIORITY_WORK, 2501, 2501, 8000, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING, 3001, 3500, 8000, 1);
    hold_all(store);
    assert_int_equal(afp_follow_up_resume_kinds(store->session, ACME, AFP_API_PINPOINT,
                                                (const char *const[]){"*"}, 1),
                     APR_SUCCESS);
    for (int i = 0; more; i++) {
        while (store_claim(store, ACME).result == AFP_CLAIM_HELD) {
        }
        assert_int_equal(afp_follow_up_release_more(store->session, cursor, &more), APR_SUCCESS);
        assert_true(i < 10);
    }
    while (store_claim(store, ACME).result == AFP_CLAIM_HELD) {
    }
    assert_int_equal(store_in_state(store, "held"), 2500);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"
                                         " WHERE state = 'held' AND kind <> 'invite'"),
                     0);
    assert_int_equal(count_parkings(store), 1);
}

static void what_is_resumed_once_more_begins_again(void **state)
{
    store_t *store = *state;
    char cursor[AFP_ID_LENGTH + 1] = "";
    int more;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 4500, 9000, 1);
    hold_all(store);
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    assert_int_equal(afp_follow_up_release_more(store->session, cursor, &more), APR_SUCCESS);
    /* What came before where it is now is held once more. */
    store_sql(store, "UPDATE afp_follow_up SET state = 'held', due_at = 1 WHERE kind = 'invite'"
                     " AND state = 'ready'");
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    assert_int_equal(release_rest(store), 4);
    assert_int_equal(store_in_state(store, "held"), 0);
}

static void all_tenants_of_a_site_are_released(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    store_add_tenant(store, CORE, "paused");
    add_parking(store, STORE_SITE, AFP_API_ASSESSFIRST, "*");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 9000, 1);
    add_backlog(store, BETA, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 1200, 9000, 1);
    add_backlog(store, CORE, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 1, 9000, 1);
    hold_all(store);
    assert_int_equal(afp_follow_up_resume_api(store->session, STORE_SITE, AFP_API_ASSESSFIRST),
                     APR_SUCCESS);
    /* Not more than a batch of each yet. */
    assert_true(store_in_state(store, "held") >= 1500 + 200 + 1);
    release_rest(store);
    assert_int_equal(store_in_state(store, "held"), 1);
    assert_int_equal(count_parkings(store), 0);
}

static void each_tenant_has_its_turn(void **state)
{
    static const char *const tenants[] = {ACME, BETA, CORE};
    store_t *store = *state;
    char cursor[AFP_ID_LENGTH + 1] = "";
    int more;

    for (size_t i = 0; i < COUNT_OF(tenants); i++) {
        store_add_tenant(store, tenants[i], "paused");
        add_backlog(store, tenants[i], AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 3500, 9000, 1);
    }
    hold_all(store);
    for (size_t i = 0; i < COUNT_OF(tenants); i++) {
        set_state(store, tenants[i], AFP_TENANT_CONNECTED);
    }
    for (size_t i = 0; i < 2 * COUNT_OF(tenants); i++) {
        assert_int_equal(afp_follow_up_release_more(store->session, cursor, &more), APR_SUCCESS);
        assert_string_equal(cursor, tenants[i % COUNT_OF(tenants)]);
    }
    for (size_t i = 0; i < COUNT_OF(tenants); i++) {
        assert_int_equal(store_number(store,
                                      "SELECT COUNT(*) FROM afp_follow_up WHERE"
                                      " state = 'held' AND company_uuid = '%s'",
                                      tenants[i]),
                         500);
    }
}

static void a_stranded_backlog_is_released_too(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 9000, 1);
    hold_all(store);
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 1500);
    assert_int_equal(release_rest(store), 2);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_int_equal(count_parkings(store), 0);
}

static void a_release_of_a_tenant_that_is_gone_ends(void **state)
{
    store_t *store = *state;

    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" ACME "', 'release', '', '" ACME "', 1, '')");
    release_rest(store);
    assert_int_equal(count_parkings(store), 0);
}

/* ---- hurrying ---- */

static void very_many_readings_are_hurried_too(void **state)
{
    store_t *store = *state;
    int count = -1;

    store_add_tenant(store, ACME, "connected");
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING, 1, 2500, -600, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_WRITE_BACK, AFP_PRIORITY_WORK, 3001, 3001, -600, 1);
    assert_int_equal(afp_follow_up_hurry_readings(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, 2500);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_follow_up"
                                  " WHERE due_at > %" APR_INT64_T_FMT,
                                  store_now(store) + CLOCK_SLACK),
                     1);
}

/* ---- at once ---- */

static apr_status_t release_until_done(racer_t *racer)
{
    char cursor[AFP_ID_LENGTH + 1] = "";
    apr_status_t rv = APR_SUCCESS;
    int more = 1;

    while (rv == APR_SUCCESS && more) {
        rv = afp_follow_up_release_more(racer->session, cursor, &more);
    }
    return rv;
}

static void several_processes_release_together(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "paused");
    store_add_tenant(store, BETA, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 5500, 9000, 0);
    add_backlog(store, BETA, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 9000, 1);
    hold_all(store);
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    set_state(store, BETA, AFP_TENANT_CONNECTED);
    store_race(store, 3, release_until_done, NULL);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_int_equal(count_parkings(store), 0);
}

static apr_status_t hold_until_done(racer_t *racer)
{
    const apr_int64_t *generation = racer->baton;
    afp_claim_t claim = {
        .company_uuid = ACME,
        .generation = *generation,
        .token_digest = "",
        .token_owner = ACME,
        .lease_time = apr_time_from_sec(90),
    };
    apr_status_t rv;

    do {
        rv = afp_follow_up_claim(racer->session, &claim);
        if (rv == APR_SUCCESS && claim.result != AFP_CLAIM_HELD) {
            rv = APR_EGENERAL;
        }
    } while (rv == APR_SUCCESS && claim.more);
    return rv;
}

static void several_processes_hold_together(void **state)
{
    store_t *store = *state;
    apr_int64_t generation;

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 5500, 9000, 1);
    generation = store_generation(store, ACME);
    store_race(store, 3, hold_until_done, &generation);
    assert_int_equal(store_in_state(store, "held"), 5500);
}

/* Of two parked kinds of a connected tenant one may stay so. */
static void what_is_wanted_during_a_release_is_not_left_behind(void **state)
{
    store_t *store = *state;
    afp_follow_up_t wanted = {.company_uuid = ACME,
                              .kind = AFP_FOLLOW_UP_READ_RESULTS,
                              .application_id = "3400",
                              .occurrence = 1};

    store_add_tenant(store, ACME, "paused");
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING, 1, 2500, 9000, 1);
    add_backlog(store, ACME, AFP_FOLLOW_UP_READ_RESULTS, AFP_PRIORITY_READING + 1, 3001, 3500, 9000,
                1);
    hold_all(store);
    set_state(store, ACME, AFP_TENANT_CONNECTED);
    add_parking(store, ACME, AFP_API_PINPOINT, AFP_FOLLOW_UP_WRITE_BACK);
    assert_int_equal(afp_follow_up_want(store->session, &wanted, AFP_PRIORITY_HINTED), APR_SUCCESS);
    assert_string_equal(state_of(store, "3400"), "held");
    release_rest(store);
    assert_int_equal(store_in_state(store, "held"), 0);
}

static void parked_work_is_held_whenever_it_is_due(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;
    int claims = 0;

    store_add_tenant(store, ACME, "connected");
    add_parking(store, ACME, AFP_API_PINPOINT, AFP_FOLLOW_UP_INVITE);
    add_backlog(store, ACME, AFP_FOLLOW_UP_INVITE, AFP_PRIORITY_WORK, 1, 2500, 0, 60);
    do {
        claim = store_claim(store, ACME);
        claims++;
    } while (claim.result == AFP_CLAIM_HELD && claim.more && claims < 20);
    assert_int_equal(store_in_state(store, "held"), 2500);
    assert_int_equal(claims, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_backlog_is_held_in_batches_and_none_of_it_is_claimed_meanwhile),
        STORE_TEST(readings_that_are_due_are_held_in_batches_behind_the_work),
        STORE_TEST(the_deletion_of_fields_does_not_wait_for_a_backlog),
        STORE_TEST(what_is_parked_is_held_in_batches_and_what_is_not_is_claimed),
        STORE_TEST(readings_that_are_parked_are_held_across_priorities),
        STORE_TEST(a_backlog_is_released_in_batches_the_first_one_at_once),
        STORE_TEST(what_a_process_began_to_release_another_one_finishes),
        STORE_TEST(a_tenant_that_is_paused_while_it_is_released_keeps_the_rest),
        STORE_TEST(work_is_released_before_readings_which_keep_their_time),
        STORE_TEST(what_is_parked_still_is_held_again_and_the_release_ends),
        STORE_TEST(what_is_resumed_once_more_begins_again),
        STORE_TEST(all_tenants_of_a_site_are_released),
        STORE_TEST(each_tenant_has_its_turn),
        STORE_TEST(a_stranded_backlog_is_released_too),
        STORE_TEST(a_release_of_a_tenant_that_is_gone_ends),
        STORE_TEST(very_many_readings_are_hurried_too),
        STORE_TEST(what_is_wanted_during_a_release_is_not_left_behind),
        STORE_TEST(parked_work_is_held_whenever_it_is_due),
        STORE_TEST(several_processes_release_together),
        STORE_TEST(several_processes_hold_together),
    };

    return STORE_RUN(tests);
}
