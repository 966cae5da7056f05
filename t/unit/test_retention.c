#include "store_fixture.h"

#include "store/retention.h"

#include <apr_strings.h>
#include <string.h>

#define DAY      apr_time_from_sec(86400)
#define DIGESTS  (35 * DAY)
#define FINISHED (90 * DAY)

static afp_delivery_t *stored(store_t *store, int body, int days)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    afp_delivery_t *delivery = store_delivery(store, ACME, body);

    delivery->received_at = store_now(store) - days * DAY;
    assert_int_equal(afp_delivery_store(deliveries, &delivery, 1), APR_SUCCESS);
    return delivery;
}

static int run(store_t *store)
{
    int more = -1;

    assert_int_equal(afp_retention_run(store->session, DIGESTS, FINISHED, &more), APR_SUCCESS);
    return more;
}

static int is_there(store_t *store, const char *table, const char *id)
{
    return store_number(store, "SELECT COUNT(*) FROM %s WHERE id = '%s'", table, id) > 0;
}

static int is_repeat(store_t *store, int body)
{
    afp_delivery_t *delivery = stored(store, body, 0);

    return strcmp(delivery->first_id, delivery->id) != 0;
}

static void a_digest_guards_for_thirty_five_days(void **state)
{
    store_t *store = *state;

    stored(store, 1, 34);
    stored(store, 2, 36);
    assert_int_equal(run(store), 0);
    assert_true(is_repeat(store, 1));
    assert_false(is_repeat(store, 2));
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_delivery"), 3);
    assert_int_equal(run(store), 0);
}

static void deliveries_go_after_ninety_days_unless_their_follow_up_is_open(void **state)
{
    store_t *store = *state;
    const char *young = stored(store, 1, 89)->id;
    const char *old = stored(store, 2, 91)->id;
    const char *open = stored(store, 3, 91)->id;

    store_sql(store, "DELETE FROM afp_follow_up WHERE application_id <> '3'");
    /* Two runs: what guarded until now goes with the next. */
    run(store);
    run(store);
    assert_true(is_there(store, "afp_delivery", young));
    assert_false(is_there(store, "afp_delivery", old));
    assert_true(is_there(store, "afp_delivery", open));
    store_sql(store, "DELETE FROM afp_follow_up");
    run(store);
    assert_false(is_there(store, "afp_delivery", open));
}

static void an_ignored_delivery_without_application_does_not_wait_for_checks(void **state)
{
    store_t *store = *state;
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    afp_delivery_t *delivery = store_delivery(store, ACME, 1);

    delivery->received_at = store_now(store) - 91 * DAY;
    delivery->application_id[0] = '\0';
    apr_cpystrn(delivery->ignored, "Not the trigger", sizeof(delivery->ignored));
    assert_int_equal(afp_delivery_store(deliveries, &delivery, 1), APR_SUCCESS);
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT);
    run(store);
    run(store);
    assert_false(is_there(store, "afp_delivery", delivery->id));
}

static void a_digest_guards_even_if_finished_work_is_kept_shorter(void **state)
{
    store_t *store = *state;
    int more;

    stored(store, 1, 20);
    store_sql(store, "DELETE FROM afp_follow_up");
    assert_int_equal(afp_retention_run(store->session, DIGESTS, 10 * DAY, &more), APR_SUCCESS);
    assert_int_equal(afp_retention_run(store->session, DIGESTS, 10 * DAY, &more), APR_SUCCESS);
    assert_true(is_repeat(store, 1));
}

static const char *add_finished(store_t *store, int number, int days)
{
    return store_add_finished(store, ACME, number, AFP_FOLLOW_UP_INVITE, "done",
                              store_now(store) - days * DAY);
}

static void finished_follow_ups_go_after_ninety_days_and_invitations_stay(void **state)
{
    store_t *store = *state;
    const char *young = add_finished(store, 1, 89);
    const char *old = add_finished(store, 2, 91);

    store_sql(store, "INSERT INTO afp_invitation (company_uuid, application_id, occurrence,"
                     " job_id, state, lease, model_uuid, model_name, candidate_id, resent,"
                     " delivery_id, sending_at, updated_at) VALUES ('" ACME "', '11', 1, '',"
                     " 'invited', '', '', '', '', 0, '', 1, 1)");
    run(store);
    assert_true(is_there(store, "afp_finished", young));
    assert_false(is_there(store, "afp_finished", old));
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 1);
}

static void what_is_listed_as_ignored_goes_with_its_delivery(void **state)
{
    store_t *store = *state;
    const char *young =
        store_add_ignored(store, ACME, 1, store_now(store) - 89 * DAY, "Not the trigger")->id;
    const char *old =
        store_add_ignored(store, ACME, 2, store_now(store) - 91 * DAY, "Not the trigger")->id;

    run(store);
    run(store);
    assert_true(is_there(store, "afp_ignored", young));
    assert_false(is_there(store, "afp_ignored", old));
}

static void attempts_go_after_ninety_days_and_days_when_they_are_not_shown(void **state)
{
    store_t *store = *state;
    int days;

    for (days = 0; days < 100; days++) {
        apr_time_t then = store_now(store) - days * DAY;

        store_sql(store,
                  "INSERT INTO afp_attempt (company_uuid, application_id, follow_up_id, at, kind,"
                  " attempt, happened, reason) VALUES ('" ACME "', '11', 'f', %" APR_INT64_T_FMT
                  ", 'invite', 1, 'again', '')",
                  then + APR_USEC_PER_SEC * 60);
        store_sql(store,
                  "INSERT INTO afp_day (company_uuid, day, result, number)"
                  " VALUES ('" ACME "', %" APR_INT64_T_FMT ", 'invited', 1)",
                  then - then % DAY);
    }
    run(store);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_attempt"), 91);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_day"), 14);
}

static void a_call_forgets_a_bounded_number(void **state)
{
    store_t *store = *state;
    int calls = 1;
    int i;

    for (i = 0; i < 600; i++) {
        add_finished(store, i, 91);
    }
    assert_int_equal(run(store), 1);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), 100);
    while (run(store)) {
        calls++;
    }
    assert_int_equal(calls, 1);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), 0);
}

static void the_audit_trail_is_kept_for_two_years(void **state)
{
    store_t *store = *state;
    static const int ages[] = {730, 733};

    for (size_t i = 0; i < COUNT_OF(ages); i++) {
        store_sql(store,
                  "INSERT INTO afp_audit (id, company_uuid, at, who, action, what, former, present)"
                  " VALUES ('%032d', '%s', %" APR_INT64_T_FMT ", 'ada', 'tested', '', '', '')",
                  ages[i], ACME, store_now(store) - ages[i] * DAY);
    }
    run(store);
    assert_true(is_there(store, "afp_audit", apr_psprintf(store->pool, "%032d", ages[0])));
    assert_false(is_there(store, "afp_audit", apr_psprintf(store->pool, "%032d", ages[1])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_digest_guards_for_thirty_five_days),
        STORE_TEST(deliveries_go_after_ninety_days_unless_their_follow_up_is_open),
        STORE_TEST(an_ignored_delivery_without_application_does_not_wait_for_checks),
        STORE_TEST(a_digest_guards_even_if_finished_work_is_kept_shorter),
        STORE_TEST(finished_follow_ups_go_after_ninety_days_and_invitations_stay),
        STORE_TEST(what_is_listed_as_ignored_goes_with_its_delivery),
        STORE_TEST(attempts_go_after_ninety_days_and_days_when_they_are_not_shown),
        STORE_TEST(a_call_forgets_a_bounded_number),
        STORE_TEST(the_audit_trail_is_kept_for_two_years),
    };

    return STORE_RUN(tests);
}
