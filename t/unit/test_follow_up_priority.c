#include "store_fixture.h"

#include "store/budget.h"

#include <apr_strings.h>
#include <string.h>

/* In which order a tenant's follow-ups are claimed, and which are not. */

static const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};

static const char *add_reading(store_t *store, int number, const char *application_id, int priority,
                               int ago)
{
    return store_add_kind(store, ACME, number, AFP_FOLLOW_UP_READ_RESULTS, application_id, priority,
                          ago);
}

static const char *add_write_back(store_t *store, int number, const char *application_id)
{
    return store_add_kind(store, ACME, number, AFP_FOLLOW_UP_WRITE_BACK, application_id,
                          AFP_PRIORITY_WORK, 1);
}

static afp_claim_t claim_with_token(store_t *store)
{
    afp_claim_t claim = {
        .company_uuid = ACME,
        .generation = store_generation(store, ACME),
        .token_digest = TOKEN_DIGEST,
        .token_owner = ACME,
        .lease_time = apr_time_from_sec(90),
    };

    assert_int_equal(afp_follow_up_claim(store->session, &claim), APR_SUCCESS);
    return claim;
}

/* The budget lets `calls` go now. */
static void leave_budget(store_t *store, int calls)
{
    store_sql(store, "DELETE FROM afp_budget");
    store_sql(store,
              "INSERT INTO afp_budget (token_digest, next_at, blocked_until)"
              " VALUES ('" TOKEN_DIGEST "', %" APR_INT64_T_FMT ", 0)",
              store_now(store) + apr_time_from_sec(AFP_BUDGET_BURST - calls) - CLOCK_SLACK);
}

/* ---- the order ---- */

static void of_what_is_due_the_lowest_priority_comes_first_and_of_equals_the_longest_due(
    void **state)
{
    store_t *store = *state;
    const char *expected[] = {
        store_add_follow_up(store, ACME, 1, "11", 20),
        store_add_follow_up(store, ACME, 2, "12", 10),
        add_reading(store, 3, "13", AFP_PRIORITY_HINTED, 5),
        add_reading(store, 4, "14", AFP_PRIORITY_READING, 50),
        add_reading(store, 5, "15", AFP_PRIORITY_READING, 40),
        add_reading(store, 6, "16", AFP_PRIORITY_READING + 15, 1000),
    };

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        afp_follow_up_t follow_up = store_take(store, ACME);

        assert_string_equal(follow_up.id, expected[i]);
        store_end(store, &follow_up, &done);
    }
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
}

static void what_is_not_due_of_a_lower_priority_does_not_keep_others_waiting(void **state)
{
    store_t *store = *state;
    const char *id = add_reading(store, 5, "15", AFP_PRIORITY_READING + 3, 1);

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", -60);
    add_reading(store, 2, "12", AFP_PRIORITY_HINTED, -60);
    add_reading(store, 3, "13", AFP_PRIORITY_READING + 3, -60);
    add_reading(store, 4, "14", AFP_PRIORITY_READING + 4, -60);
    assert_string_equal(store_take(store, ACME).id, id);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
}

static void what_waits_for_its_application_lets_the_next_priority_pass(void **state)
{
    store_t *store = *state;
    const char *id;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 20);
    add_write_back(store, 2, "11");
    add_reading(store, 3, "11", AFP_PRIORITY_HINTED, 10);
    id = add_reading(store, 4, "14", AFP_PRIORITY_READING, 1);
    store_take(store, ACME);
    assert_string_equal(store_take(store, ACME).id, id);
}

static void a_claim_tells_the_priority(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_reading(store, 1, "11", AFP_PRIORITY_READING + 7, 1);
    assert_int_equal(store_take(store, ACME).priority, AFP_PRIORITY_READING + 7);
}

/* ---- the budget ---- */

static void each_kind_says_how_many_calls_it_may_make(void **state)
{
    (void)state;
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_INVITE), 2);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_READ_RESULTS), 3);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_SYNCHRONISE), 1);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_CHECK_ASSESSFIRST), 1);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_CHECK_PINPOINT), 0);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_WRITE_BACK), 0);
    assert_int_equal(afp_follow_up_calls(AFP_FOLLOW_UP_DELETE_FIELDS), 0);
    assert_int_equal(afp_follow_up_calls("another-kind"), 0);
}

static void a_reading_leaves_a_reserve_to_invitations(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    add_reading(store, 1, "11", AFP_PRIORITY_READING, 1000);
    leave_budget(store, AFP_BUDGET_RESERVE + 1);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_BUDGET);
    assert_true(claim.until > store_now(store));
    store_add_follow_up(store, ACME, 2, "22", 1);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_INVITE);
    leave_budget(store, AFP_BUDGET_RESERVE + 3);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_READ_RESULTS);
}

static void what_needs_no_call_does_not_wait_for_what_finds_no_budget(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1000);
    add_reading(store, 2, "12", AFP_PRIORITY_HINTED, 1000);
    leave_budget(store, 0);
    assert_int_equal(claim_with_token(store).result, AFP_CLAIM_BUDGET);
    add_write_back(store, 3, "13");
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_WRITE_BACK);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_BUDGET);
    assert_true(claim.until > store_now(store));
}

static void what_needs_no_call_is_found_behind_many_that_find_no_budget(void **state)
{
    store_t *store = *state;
    afp_claim_t claim;

    store_add_tenant(store, ACME, "connected");
    for (int i = 1; i <= 20; i++) {
        store_add_follow_up(store, ACME, i, apr_psprintf(store->pool, "%d", 100 + i), 1000);
    }
    store_add_check(store, ACME, 21, AFP_FOLLOW_UP_SYNCHRONISE);
    store_add_check(store, ACME, 22, AFP_FOLLOW_UP_CHECK_ASSESSFIRST);
    leave_budget(store, 0);
    assert_int_equal(claim_with_token(store).result, AFP_CLAIM_BUDGET);
    add_write_back(store, 23, "13");
    store_add_kind(store, ACME, 24, AFP_FOLLOW_UP_CHECK_PINPOINT, "", AFP_PRIORITY_WORK, 0);
    store_add_kind(store, ACME, 25, AFP_FOLLOW_UP_WRITE_BACK, "14", AFP_PRIORITY_WORK, -60);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_WRITE_BACK);
    store_end(store, &claim.follow_up, &done);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    assert_string_equal(claim.follow_up.kind, AFP_FOLLOW_UP_CHECK_PINPOINT);
    store_end(store, &claim.follow_up, &done);
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_BUDGET);
    assert_true(claim.until > store_now(store));
}

static void calls_that_a_reading_did_not_make_are_given_back(void **state)
{
    const afp_end_t end = {.kind = AFP_END_AGAIN,
                           .reason = "",
                           .fresh = 1,
                           .delay = apr_time_from_sec(60),
                           .token_digest = TOKEN_DIGEST,
                           .unused_calls = 2};
    store_t *store = *state;
    afp_claim_t claim;
    apr_int64_t before;

    store_add_tenant(store, ACME, "connected");
    add_reading(store, 1, "11", AFP_PRIORITY_READING, 1);
    leave_budget(store, 20);
    before = store_number(store, "SELECT next_at FROM afp_budget");
    claim = claim_with_token(store);
    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    store_end(store, &claim.follow_up, &end);
    assert_true(store_number(store, "SELECT next_at FROM afp_budget") - before <
                apr_time_from_sec(1) + CLOCK_SLACK);
}

/* ---- held ---- */

static apr_int64_t due_at(store_t *store, const char *application_id)
{
    return store_number(store, "SELECT due_at FROM afp_follow_up WHERE application_id = '%s'",
                        application_id);
}

static const char *state_of(store_t *store, const char *application_id)
{
    return store_text(store, "SELECT state FROM afp_follow_up WHERE application_id = '%s'",
                      application_id);
}

static void readings_of_a_paused_tenant_are_held_as_they_become_due(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "paused");
    add_reading(store, 1, "11", AFP_PRIORITY_READING, 1);
    add_reading(store, 2, "12", AFP_PRIORITY_READING, -600);
    store_add_follow_up(store, ACME, 3, "13", -600);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_string_equal(state_of(store, "11"), "held");
    assert_string_equal(state_of(store, "12"), "ready");
    assert_string_equal(state_of(store, "13"), "held");
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1 WHERE application_id = '12'");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_string_equal(state_of(store, "12"), "held");
}

static void readings_whose_api_is_parked_are_held_as_they_become_due(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" ACME "', 'assessfirst', 'read-results', '" ACME "', 1, '')");
    add_reading(store, 1, "11", AFP_PRIORITY_READING, 1);
    add_reading(store, 2, "12", AFP_PRIORITY_READING, -600);
    store_add_follow_up(store, ACME, 3, "13", -600);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_string_equal(state_of(store, "11"), "held");
    assert_int_equal(store_in_state(store, "ready"), 2);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
}

static void a_write_back_does_not_wait_for_assessfirst(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" ACME "', 'assessfirst', '*', '" ACME "', 1, '')");
    add_write_back(store, 1, "11");
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_WRITE_BACK);
    store_sql(store, "UPDATE afp_parking SET api = 'pinpoint'");
    add_write_back(store, 2, "12");
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_string_equal(state_of(store, "12"), "held");
}

static void a_released_reading_keeps_its_time_and_work_is_due_at_once(void **state)
{
    store_t *store = *state;
    apr_time_t later = store_now(store) + apr_time_from_sec(600);

    store_add_tenant(store, ACME, "connected");
    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" ACME "', 'pinpoint', '*', '" ACME "', 1, '')");
    add_reading(store, 1, "11", AFP_PRIORITY_READING, 1);
    store_add_follow_up(store, ACME, 2, "12", 1);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held', due_at = %" APR_INT64_T_FMT, later);
    assert_int_equal(afp_follow_up_resume_api(store->session, ACME, AFP_API_PINPOINT), APR_SUCCESS);
    assert_int_equal(store_in_state(store, "ready"), 2);
    assert_int_equal(due_at(store, "11"), later);
    assert_true(due_at(store, "12") <= store_now(store) + CLOCK_SLACK);
}

/* ---- the deletion of fields ---- */

static afp_follow_up_t take_deletion(store_t *store, const char *tenant_state)
{
    store_add_tenant(store, ACME, tenant_state);
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_DELETE_FIELDS);
    return store_take(store, ACME);
}

static void of_a_disconnected_tenant_only_the_deletion_of_fields_runs(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    store_add_follow_up(store, ACME, 1, "11", 1000);
    store_add_check(store, ACME, 2, AFP_FOLLOW_UP_CHECK_PINPOINT);
    store_add_check(store, ACME, 3, AFP_FOLLOW_UP_SYNCHRONISE);
    add_reading(store, 4, "14", AFP_PRIORITY_READING, 1);
    store_add_check(store, ACME, 5, AFP_FOLLOW_UP_DELETE_FIELDS);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_DELETE_FIELDS);
    assert_int_equal(store_in_state(store, "held"), 4);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
}

static void a_deletion_that_is_not_due_waits(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_DELETE_FIELDS, "", AFP_PRIORITY_WORK, -60);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "ready"), 1);
}

static void a_deletion_waits_for_what_still_runs(void **state)
{
    store_t *store = *state;
    afp_follow_up_t running;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    running = store_take(store, ACME);
    store_sql(store, "UPDATE afp_tenant SET state = 'disconnected'");
    store_add_check(store, ACME, 2, AFP_FOLLOW_UP_DELETE_FIELDS);
    store_add_follow_up(store, ACME, 3, "13", 1);
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_HELD);
    assert_int_equal(store_in_state(store, "leased"), 1);
    assert_int_equal(store_in_state(store, "ready"), 1);
    assert_int_equal(store_in_state(store, "held"), 1);
    store_end(store, &running, &done);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_DELETE_FIELDS);
}

static void a_deletion_is_not_held_by_a_parking(void **state)
{
    store_t *store = *state;

    store_sql(store, "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                     " VALUES ('" ACME "', 'pinpoint', '*', '" ACME "', 1, '')");
    take_deletion(store, "disconnected");
}

static void a_deletion_that_is_refused_is_over(void **state)
{
    const afp_end_t refused = {.kind = AFP_END_PARK,
                               .reason = "Refused",
                               .park_api = AFP_API_PINPOINT,
                               .park_kind = "*",
                               .park_owner = ACME};
    store_t *store = *state;
    afp_follow_up_t deletion = take_deletion(store, "disconnected");

    store_sql(store, "UPDATE afp_tenant SET api_key = 'sealed'");
    store_end(store, &deletion, &refused);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 0);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_parking"), 0);
    assert_string_equal(store_text(store, "SELECT result FROM afp_finished"), "dead");
    assert_string_equal(store_text(store, "SELECT reason FROM afp_finished"), "Refused");
    assert_string_equal(store_text(store, "SELECT api_key FROM afp_tenant"), "");
    assert_int_equal(store_generation(store, ACME),
                     store_number(store, "SELECT value FROM afp_meta WHERE name = 'generation'"));
    assert_true(store_generation(store, ACME) > 1);
}

static void a_deletion_that_is_tried_again_keeps_the_key(void **state)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = "Broken", .delay = 1};
    store_t *store = *state;
    afp_follow_up_t deletion = take_deletion(store, "created");

    store_sql(store, "UPDATE afp_tenant SET api_key = 'sealed'");
    store_end(store, &deletion, &again);
    assert_string_equal(store_text(store, "SELECT api_key FROM afp_tenant"), "sealed");
    assert_int_equal(store_generation(store, ACME), 1);
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1");
    assert_int_equal(store_take(store, ACME).attempts, 2);
}

static void the_end_of_a_deletion_leaves_the_key_of_a_connected_tenant(void **state)
{
    store_t *store = *state;
    afp_follow_up_t deletion = take_deletion(store, "connected");

    store_sql(store, "UPDATE afp_tenant SET api_key = 'sealed'");
    store_end(store, &deletion, &done);
    assert_string_equal(store_text(store, "SELECT api_key FROM afp_tenant"), "sealed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(of_what_is_due_the_lowest_priority_comes_first_and_of_equals_the_longest_due),
        STORE_TEST(what_is_not_due_of_a_lower_priority_does_not_keep_others_waiting),
        STORE_TEST(what_waits_for_its_application_lets_the_next_priority_pass),
        STORE_TEST(a_claim_tells_the_priority),
        STORE_TEST(each_kind_says_how_many_calls_it_may_make),
        STORE_TEST(a_reading_leaves_a_reserve_to_invitations),
        STORE_TEST(what_needs_no_call_does_not_wait_for_what_finds_no_budget),
        STORE_TEST(what_needs_no_call_is_found_behind_many_that_find_no_budget),
        STORE_TEST(calls_that_a_reading_did_not_make_are_given_back),
        STORE_TEST(readings_of_a_paused_tenant_are_held_as_they_become_due),
        STORE_TEST(readings_whose_api_is_parked_are_held_as_they_become_due),
        STORE_TEST(a_write_back_does_not_wait_for_assessfirst),
        STORE_TEST(a_released_reading_keeps_its_time_and_work_is_due_at_once),
        STORE_TEST(of_a_disconnected_tenant_only_the_deletion_of_fields_runs),
        STORE_TEST(a_deletion_that_is_not_due_waits),
        STORE_TEST(a_deletion_waits_for_what_still_runs),
        STORE_TEST(a_deletion_is_not_held_by_a_parking),
        STORE_TEST(a_deletion_that_is_refused_is_over),
        STORE_TEST(a_deletion_that_is_tried_again_keeps_the_key),
        STORE_TEST(the_end_of_a_deletion_leaves_the_key_of_a_connected_tenant),
    };

    return STORE_RUN(tests);
}
