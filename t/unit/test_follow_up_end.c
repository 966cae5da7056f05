#include "store_fixture.h"

#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

static afp_follow_up_t taken(store_t *store, const char *company_uuid)
{
    store_add_follow_up(store, company_uuid, 1, "11", 1);
    return store_take(store, company_uuid);
}

static void park(store_t *store, const afp_follow_up_t *follow_up, const char *api,
                 const char *kind, const char *owner)
{
    const afp_end_t how = {.kind = AFP_END_PARK,
                           .reason = "Refused",
                           .park_api = api,
                           .park_kind = kind,
                           .park_owner = owner};

    store_end(store, follow_up, &how);
}

static apr_int64_t count_rows(store_t *store, const char *table)
{
    return store_number(store, "SELECT COUNT(*) FROM %s", table);
}

static apr_int64_t checks(store_t *store, const char *company_uuid, const char *kind)
{
    return store_number(store,
                        "SELECT COUNT(*) FROM afp_follow_up WHERE company_uuid = '%s' AND"
                        " kind = '%s' AND application_id = ''",
                        company_uuid, kind);
}

/* ---- finish ---- */

static void a_finished_follow_up_leaves_the_hot_table(void **state)
{
    static const char *const kept[] = {"id",          "company_uuid",   "kind",
                                       "delivery_id", "application_id", "job_id",
                                       "occurrence",  "anyway",         "created_at"};
    const afp_end_t how = {
        .kind = AFP_END_FINISH, .result = "skipped", .reason = "D\xc3\xa9j\xc3\xa0"};
    store_t *store = *state;
    const char *before[COUNT_OF(kept)];
    afp_follow_up_t follow_up;
    size_t i;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_sql(store, "UPDATE afp_follow_up SET delivery_id = 'd', job_id = '7', anyway = 1,"
                     " occurrence = 3, created_at = 99");
    follow_up = store_take(store, ACME);
    for (i = 0; i < COUNT_OF(kept); i++) {
        before[i] = store_text(store, "SELECT %s FROM afp_follow_up", kept[i]);
    }
    store_end(store, &follow_up, &how);
    assert_int_equal(count_rows(store, "afp_follow_up"), 0);
    for (i = 0; i < COUNT_OF(kept); i++) {
        assert_string_equal(store_text(store, "SELECT %s FROM afp_finished", kept[i]), before[i]);
    }
    assert_string_equal(store_text(store, "SELECT result FROM afp_finished"), "skipped");
    assert_string_equal(store_text(store, "SELECT reason FROM afp_finished"), "D\xc3\xa9j\xc3\xa0");
    assert_int_equal(store_number(store, "SELECT attempts FROM afp_finished"), 1);
    assert_true(store_number(store, "SELECT finished_at FROM afp_finished") > 99);
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &how), APR_NOTFOUND);
    assert_int_equal(count_rows(store, "afp_finished"), 1);
}

static void the_longest_reason_fits(void **state)
{
    store_t *store = *state;
    char *reason = apr_pcalloc(store->pool, AFP_REASON_LIMIT + 1);
    afp_end_t how = {.kind = AFP_END_AGAIN, .reason = reason};
    afp_follow_up_t follow_up;

    memset(reason, 'r', AFP_REASON_LIMIT);
    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    store_end(store, &follow_up, &how);
    assert_string_equal(store_text(store, "SELECT reason FROM afp_follow_up"), reason);
    follow_up = store_take(store, ACME);
    how.kind = AFP_END_PARK;
    how.park_api = AFP_API_PINPOINT;
    how.park_kind = "*";
    how.park_owner = ACME;
    store_end(store, &follow_up, &how);
    assert_string_equal(store_text(store, "SELECT words FROM afp_parking"), reason);
    store_sql(store, "UPDATE afp_follow_up SET state = 'ready'");
    store_sql(store, "DELETE FROM afp_parking");
    follow_up = store_take(store, ACME);
    how = (afp_end_t){.kind = AFP_END_FINISH, .result = "dead", .reason = reason};
    store_end(store, &follow_up, &how);
    assert_string_equal(store_text(store, "SELECT reason FROM afp_finished"), reason);
}

static void an_end_sets_the_invitation_in_the_same_transaction(void **state)
{
    store_t *store = *state;
    const afp_end_t how = {.kind = AFP_END_FINISH,
                           .result = "invited",
                           .reason = "",
                           .invitation_state = AFP_INVITATION_INVITED,
                           .candidate_id = "c-9"};
    afp_follow_up_t follow_up;
    afp_invitation_begin_t begin = {.job_id = "", .model_uuid = "", .model_name = ""};

    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    begin.follow_up = &follow_up;
    begin.lease_time = apr_time_from_sec(90);
    assert_int_equal(afp_invitation_begin(store->session, &begin), APR_SUCCESS);
    store_sql(store, "ALTER TABLE afp_finished RENAME TO afp_elsewhere");
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &how), APR_EGENERAL);
    store_sql(store, "ALTER TABLE afp_elsewhere RENAME TO afp_finished");
    assert_string_equal(store_text(store, "SELECT state FROM afp_invitation"), "sending");
    assert_int_equal(store_in_state(store, "leased"), 1);
    store_end(store, &follow_up, &how);
    assert_string_equal(store_text(store, "SELECT state FROM afp_invitation"), "invited");
    assert_string_equal(store_text(store, "SELECT candidate_id FROM afp_invitation"), "c-9");
}

/* ---- again ---- */

static void what_is_tried_again_waits_and_counts(void **state)
{
    store_t *store = *state;
    const afp_end_t how = {.kind = AFP_END_AGAIN,
                           .reason = "Broken",
                           .delay = apr_time_from_sec(100),
                           .tried = 5,
                           .missing = 1};
    afp_follow_up_t follow_up;
    apr_time_t due;

    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    store_end(store, &follow_up, &how);
    due = store_number(store, "SELECT due_at FROM afp_follow_up");
    assert_true(due > store_now(store) + apr_time_from_sec(60));
    assert_true(due <= store_now(store) + apr_time_from_sec(100) + CLOCK_SLACK);
    assert_string_equal(store_text(store, "SELECT lease FROM afp_follow_up"), "");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1");
    follow_up = store_take(store, ACME);
    assert_int_equal(follow_up.attempts, 2);
    assert_int_equal(follow_up.tried_for, 5);
    assert_int_equal(follow_up.missing, 1);
    store_end(store, &follow_up, &how);
    assert_int_equal(store_number(store, "SELECT tried_for FROM afp_follow_up"), 10);
    assert_int_equal(store_number(store, "SELECT missing FROM afp_follow_up"), 2);
    assert_string_equal(store_text(store, "SELECT reason FROM afp_follow_up"), "Broken");
}

static void a_429_blocks_the_budget_and_unused_calls_are_given_back(void **state)
{
    store_t *store = *state;
    const afp_end_t how = {.kind = AFP_END_AGAIN,
                           .reason = "",
                           .token_digest = TOKEN_DIGEST,
                           .unused_calls = 2,
                           .budget_delay = apr_time_from_sec(100)};
    afp_claim_t claim = {.company_uuid = ACME,
                         .generation = 1,
                         .token_digest = TOKEN_DIGEST,
                         .token_owner = ACME,
                         .lease_time = apr_time_from_sec(90)};
    apr_time_t now;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    now = store_now(store) - CLOCK_SLACK;
    assert_int_equal(afp_follow_up_claim(store->session, &claim), APR_SUCCESS);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    store_end(store, &claim.follow_up, &how);
    assert_true(store_number(store, "SELECT next_at FROM afp_budget") <=
                store_now(store) + CLOCK_SLACK);
    assert_true(store_number(store, "SELECT blocked_until FROM afp_budget") >=
                now + apr_time_from_sec(100));
    assert_int_equal(afp_follow_up_claim(store->session, &claim), APR_SUCCESS);
    assert_int_equal(claim.result, AFP_CLAIM_BUDGET);
    assert_true(claim.until >= now + apr_time_from_sec(100));
}

/* ---- parking ---- */

static void a_refusal_parks_and_adds_one_check(void **state)
{
    store_t *store = *state;
    afp_follow_up_t first, second;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_add_follow_up(store, ACME, 2, "22", 1);
    store_add_follow_up(store, ACME, 3, "33", 1);
    first = store_take(store, ACME);
    second = store_take(store, ACME);
    park(store, &first, AFP_API_PINPOINT, "*", ACME);
    park(store, &second, AFP_API_PINPOINT, "*", ACME);
    assert_int_equal(count_rows(store, "afp_parking"), 1);
    assert_string_equal(store_text(store, "SELECT words FROM afp_parking"), "Refused");
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT), 1);
    assert_true(store_number(store,
                             "SELECT due_at FROM afp_follow_up WHERE"
                             " application_id = ''") > store_now(store) + apr_time_from_sec(30));
    assert_int_equal(store_in_state(store, "held"), 2);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "held"), 3);
    /* Time parked is no time of trying. */
    assert_int_equal(store_number(store, "SELECT MAX(tried_for) FROM afp_follow_up"), 0);
}

static void each_api_and_kind_is_parked_by_itself(void **state)
{
    store_t *store = *state;
    afp_follow_up_t first, second;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_add_follow_up(store, ACME, 2, "22", 1);
    first = store_take(store, ACME);
    second = store_take(store, ACME);
    park(store, &first, AFP_API_PINPOINT, AFP_FOLLOW_UP_INVITE, ACME);
    park(store, &second, AFP_API_ASSESSFIRST, "*", ACME);
    assert_int_equal(count_rows(store, "afp_parking"), 2);
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT), 1);
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_ASSESSFIRST), 1);
}

static void a_refusal_of_former_settings_parks_nothing(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    store_sql(store, "UPDATE afp_tenant SET generation = generation + 1");
    park(store, &follow_up, AFP_API_PINPOINT, "*", ACME);
    assert_int_equal(count_rows(store, "afp_parking"), 0);
    assert_int_equal(store_take(store, ACME).attempts, 2);
}

static void an_api_that_answers_again_releases_its_tenant(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    follow_up = taken(store, ACME);
    park(store, &follow_up, AFP_API_PINPOINT, "*", ACME);
    store_add_follow_up(store, BETA, 2, "22", 1);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held' WHERE company_uuid = '" BETA "'");

    assert_int_equal(afp_follow_up_resume_api(store->session, ACME, AFP_API_ASSESSFIRST),
                     APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 2);
    assert_int_equal(afp_follow_up_resume_api(store->session, ACME, AFP_API_PINPOINT), APR_SUCCESS);
    assert_int_equal(count_rows(store, "afp_parking"), 0);
    assert_int_equal(store_in_state(store, "held"), 1);
    assert_string_equal(store_take(store, ACME).application_id, "11");
}

static void kinds_that_may_go_on_are_released_by_themselves(void **state)
{
    static const char *const kinds[] = {"*", AFP_FOLLOW_UP_INVITE};
    store_t *store = *state;
    afp_follow_up_t first, second, third;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_add_follow_up(store, ACME, 2, "22", 1);
    first = store_take(store, ACME);
    second = store_take(store, ACME);
    park(store, &first, AFP_API_PINPOINT, AFP_FOLLOW_UP_INVITE, ACME);
    park(store, &second, AFP_API_PINPOINT, AFP_FOLLOW_UP_WRITE_BACK, ACME);
    store_sql(store, "UPDATE afp_follow_up SET kind = 'write-back' WHERE application_id = '22'");

    assert_int_equal(
        afp_follow_up_resume_kinds(store->session, ACME, AFP_API_ASSESSFIRST, kinds, 2),
        APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 2);
    assert_int_equal(afp_follow_up_resume_kinds(store->session, ACME, AFP_API_PINPOINT, kinds, 2),
                     APR_SUCCESS);
    assert_string_equal(store_text(store, "SELECT kind FROM afp_parking"), "write-back");
    third = store_take(store, ACME);
    assert_string_equal(third.application_id, "11");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "held"), 1);
}

static void a_token_of_the_site_releases_all_its_tenants(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    store_add_tenant(store, CORE, "connected");
    store_sql(store, "UPDATE afp_tenant SET site = 'elsewhere' WHERE company_uuid = '" CORE "'");
    follow_up = taken(store, ACME);
    park(store, &follow_up, AFP_API_ASSESSFIRST, "*", STORE_SITE);
    store_add_follow_up(store, BETA, 2, "22", 1);
    store_add_follow_up(store, CORE, 3, "33", 1);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held' WHERE state = 'ready'");
    assert_int_equal(afp_follow_up_resume_api(store->session, STORE_SITE, AFP_API_ASSESSFIRST),
                     APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 1);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE"
                                         " state = 'ready' AND company_uuid = '" BETA "'"),
                     1);
}

static void saving_settings_releases_the_tenant_and_checks_both_connections(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_tenant_t tenant;

    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    park(store, &follow_up, AFP_API_PINPOINT, "*", ACME);
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" STORE_SITE "', 'assessfirst', '*', '" ACME "', 1, '')");
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    /* The site's own parking stays. */
    assert_int_equal(count_rows(store, "afp_parking"), 1);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT), 1);
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_ASSESSFIRST), 1);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_follow_up WHERE due_at >"
                                  " %" APR_INT64_T_FMT,
                                  store_now(store) + CLOCK_SLACK),
                     0);
}

static void pausing_holds_and_resuming_releases(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    tenant.state = AFP_TENANT_PAUSED;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "held"), 1);
    tenant.state = AFP_TENANT_CONNECTED;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(store_in_state(store, "held"), 0);
    assert_string_equal(store_take(store, ACME).application_id, "11");
}

/* ---- repair ---- */

static void a_parking_without_a_check_gets_one(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    follow_up = taken(store, ACME);
    park(store, &follow_up, AFP_API_PINPOINT, "*", ACME);
    store_sql(store, "DELETE FROM afp_follow_up WHERE application_id = ''");
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(checks(store, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT), 1);
    assert_int_equal(store_in_state(store, "held"), 1);
}

static void a_parking_of_the_site_is_checked_by_a_tenant_that_is_connected(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    store_add_tenant(store, BETA, "connected");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" STORE_SITE "', 'assessfirst', '*', '" ACME "', 1, '')");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" CORE "', 'pinpoint', '*', '" CORE "', 1, '')");
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(checks(store, BETA, AFP_FOLLOW_UP_CHECK_ASSESSFIRST), 1);
    assert_int_equal(
        store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE kind LIKE 'check-%%'"), 1);
}

static void what_nothing_holds_any_more_is_released(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    store_add_tenant(store, CORE, "paused");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_add_follow_up(store, BETA, 2, "22", 1);
    store_add_follow_up(store, CORE, 3, "33", 1);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held'");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" BETA "', 'pinpoint', '*', '" BETA "', 1, '')");
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE state = 'ready'"
                                         " AND kind = 'invite' AND company_uuid = '" ACME "'"),
                     1);
    assert_int_equal(store_in_state(store, "held"), 2);
}

/* ---- adding ---- */

static afp_follow_up_t wanted(const char *company_uuid, const char *kind,
                              const char *application_id)
{
    afp_follow_up_t follow_up = {.anyway = 1};

    apr_cpystrn(follow_up.company_uuid, company_uuid, sizeof(follow_up.company_uuid));
    apr_cpystrn(follow_up.kind, kind, sizeof(follow_up.kind));
    apr_cpystrn(follow_up.application_id, application_id, sizeof(follow_up.application_id));
    apr_cpystrn(follow_up.job_id, "7", sizeof(follow_up.job_id));
    return follow_up;
}

static void what_the_page_adds_is_due_at_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t added = wanted(ACME, AFP_FOLLOW_UP_INVITE, "11");
    afp_follow_up_t follow_up;

    assert_int_equal(afp_follow_up_add(store->session, &added), APR_NOTFOUND);
    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_follow_up_add(store->session, &added), APR_SUCCESS);
    follow_up = store_take(store, ACME);
    assert_true(afp_id_is_valid(added.id));
    assert_string_equal(follow_up.id, added.id);
    assert_string_equal(follow_up.job_id, "7");
    assert_int_equal(follow_up.anyway, 1);
    assert_int_equal(follow_up.occurrence, 1);
    assert_int_equal(follow_up.created_at, added.created_at);
}

static void a_check_that_is_there_is_hurried_instead(void **state)
{
    store_t *store = *state;
    afp_follow_up_t check = wanted(ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, "");
    afp_follow_up_t running;

    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_follow_up_add(store->session, &check), APR_SUCCESS);
    store_sql(store, "UPDATE afp_follow_up SET due_at = %" APR_INT64_T_FMT ", attempts = 9",
              store_now(store) + apr_time_from_sec(3600));
    assert_int_equal(afp_follow_up_add(store->session, &check), APR_SUCCESS);
    assert_int_equal(count_rows(store, "afp_follow_up"), 1);
    running = store_take(store, ACME);
    assert_int_equal(running.attempts, 1);
    /* One that runs is left alone. */
    assert_int_equal(afp_follow_up_add(store->session, &check), APR_SUCCESS);
    assert_int_equal(count_rows(store, "afp_follow_up"), 1);
    assert_string_equal(store_text(store, "SELECT lease FROM afp_follow_up"), running.lease);
}

static apr_status_t add_check(racer_t *racer)
{
    afp_follow_up_t check = wanted(ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, "");

    return afp_follow_up_add(racer->session, &check);
}

static void checks_that_are_asked_for_at_once_are_one(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_race(store, 8, add_check, NULL);
    assert_int_equal(count_rows(store, "afp_follow_up"), 1);
    assert_null(strstr(store->log, "AFP0101"));
}

static void open_follow_ups_are_counted_up_to_a_limit(void **state)
{
    store_t *store = *state;
    int count = -1;
    int i;

    assert_int_equal(afp_follow_up_count(store->session, ACME, 5, &count), APR_SUCCESS);
    assert_int_equal(count, 0);
    for (i = 0; i < 7; i++) {
        store_add_follow_up(store, ACME, i + 1, "1", 1);
    }
    assert_int_equal(afp_follow_up_count(store->session, ACME, 5, &count), APR_SUCCESS);
    assert_int_equal(count, 5);
    assert_int_equal(afp_follow_up_count(store->session, ACME, 50, &count), APR_SUCCESS);
    assert_int_equal(count, 7);
    assert_int_equal(afp_follow_up_count(store->session, BETA, 50, &count), APR_SUCCESS);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_finished_follow_up_leaves_the_hot_table),
        STORE_TEST(the_longest_reason_fits),
        STORE_TEST(an_end_sets_the_invitation_in_the_same_transaction),
        STORE_TEST(what_is_tried_again_waits_and_counts),
        STORE_TEST(a_429_blocks_the_budget_and_unused_calls_are_given_back),
        STORE_TEST(a_refusal_parks_and_adds_one_check),
        STORE_TEST(each_api_and_kind_is_parked_by_itself),
        STORE_TEST(a_refusal_of_former_settings_parks_nothing),
        STORE_TEST(an_api_that_answers_again_releases_its_tenant),
        STORE_TEST(kinds_that_may_go_on_are_released_by_themselves),
        STORE_TEST(a_token_of_the_site_releases_all_its_tenants),
        STORE_TEST(saving_settings_releases_the_tenant_and_checks_both_connections),
        STORE_TEST(pausing_holds_and_resuming_releases),
        STORE_TEST(a_parking_without_a_check_gets_one),
        STORE_TEST(a_parking_of_the_site_is_checked_by_a_tenant_that_is_connected),
        STORE_TEST(what_nothing_holds_any_more_is_released),
        STORE_TEST(what_the_page_adds_is_due_at_once),
        STORE_TEST(a_check_that_is_there_is_hurried_instead),
        STORE_TEST(checks_that_are_asked_for_at_once_are_one),
        STORE_TEST(open_follow_ups_are_counted_up_to_a_limit),
    };

    return STORE_RUN(tests);
}
