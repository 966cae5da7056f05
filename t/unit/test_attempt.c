#include "store_fixture.h"

#include "store/attempt.h"
#include "store/day.h"

#include <apr_strings.h>
#include <string.h>

/* What the ends of runs leave behind for the page: attempts, and the counters of days. */

#define DAY apr_time_from_sec(86400)

static void end(store_t *store, const afp_follow_up_t *follow_up, const afp_end_t *how)
{
    assert_int_equal(afp_follow_up_end(store->session, follow_up, how), APR_SUCCESS);
}

static void finish(store_t *store, const afp_follow_up_t *follow_up, const char *result)
{
    const afp_end_t how = {.kind = AFP_END_FINISH, .result = result, .reason = "so"};

    end(store, follow_up, &how);
}

static apr_int64_t attempts(store_t *store)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_attempt");
}

/* ---- attempts ---- */

static void a_run_that_is_to_be_repeated_is_an_attempt(void **state)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = "Pinpoint answered 502"};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    end(store, &follow_up, &again);
    assert_string_equal(store_text(store, "SELECT reason FROM afp_attempt"),
                        "Pinpoint answered 502");
    assert_string_equal(store_text(store, "SELECT happened FROM afp_attempt"), "again");
    assert_string_equal(store_text(store, "SELECT kind FROM afp_attempt"), "invite");
    assert_string_equal(store_text(store, "SELECT application_id FROM afp_attempt"), "11");
    assert_string_equal(store_text(store, "SELECT follow_up_id FROM afp_attempt"), follow_up.id);
    assert_int_equal(store_number(store, "SELECT attempt FROM afp_attempt"), 1);
    assert_true(store_number(store, "SELECT at FROM afp_attempt") > store_now(store) - DAY);

    follow_up = store_take(store, ACME);
    finish(store, &follow_up, "invited");
    assert_int_equal(attempts(store), 1);
}

static void so_is_a_run_that_was_refused(void **state)
{
    const afp_end_t park = {.kind = AFP_END_PARK,
                            .reason = "Pinpoint refused the API key",
                            .park_api = AFP_API_PINPOINT,
                            .park_kind = "*",
                            .park_owner = ACME};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    end(store, &follow_up, &park);
    assert_string_equal(store_text(store, "SELECT happened FROM afp_attempt"), "held");
    assert_string_equal(store_text(store, "SELECT reason FROM afp_attempt"),
                        "Pinpoint refused the API key");
}

static void readings_checks_and_stops_are_none(void **state)
{
    static const struct {
        const char *kind;
        const char *reason;
    } ends[] = {{AFP_FOLLOW_UP_READ_RESULTS, "AssessFirst answered 502"},
                {AFP_FOLLOW_UP_CHECK_PINPOINT, "Pinpoint answered 502"},
                {AFP_FOLLOW_UP_INVITE, ""}};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const afp_end_t again = {
            .kind = AFP_END_AGAIN, .reason = ends[i].reason, .delay = apr_time_from_sec(60)};
        afp_follow_up_t follow_up;

        store_add_follow_up(store, ACME, (int)i + 1, "11", 1);
        store_sql(store, "UPDATE afp_follow_up SET kind = '%s' WHERE id = '%032x'", ends[i].kind,
                  (unsigned)i + 1);
        follow_up = store_take(store, ACME);
        assert_string_equal(follow_up.kind, ends[i].kind);
        end(store, &follow_up, &again);
    }
    assert_int_equal(attempts(store), 0);
}

static void who_lost_his_lease_notes_nothing(void **state)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = "Pinpoint answered 502"};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    store_sql(store, "UPDATE afp_follow_up SET lease = 'another'");
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &again), APR_NOTFOUND);
    assert_int_equal(attempts(store), 0);
}

static void the_latest_attempts_are_kept(void **state)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = "Pinpoint answered 502"};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    for (int i = 0; i < AFP_ATTEMPTS_KEPT + 5; i++) {
        afp_follow_up_t follow_up = store_take(store, ACME);

        end(store, &follow_up, &again);
    }
    assert_int_equal(attempts(store), AFP_ATTEMPTS_KEPT);
    assert_int_equal(store_number(store, "SELECT MIN(attempt) FROM afp_attempt"), 6);
}

/* ---- days ---- */

static void read_days(store_t *store, const char *company_uuid, afp_day_t days[AFP_DAYS])
{
    assert_int_equal(afp_day_read(store->session, company_uuid, days), APR_SUCCESS);
}

static void each_end_of_an_invitation_is_counted_on_its_day(void **state)
{
    static const char *const results[] = {"invited",   "invited", "skipped",
                                          "uncertain", "dead",    "invited"};
    store_t *store = *state;
    afp_day_t days[AFP_DAYS];
    apr_time_t midnight;

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(results); i++) {
        afp_follow_up_t follow_up;

        store_add_follow_up(store, ACME, (int)i + 1, "11", 1);
        follow_up = store_take(store, ACME);
        finish(store, &follow_up, results[i]);
    }
    store_add_check(store, ACME, 20, AFP_FOLLOW_UP_CHECK_PINPOINT);
    {
        afp_follow_up_t check = store_take(store, ACME);

        finish(store, &check, "done");
    }
    midnight = store_number(store, "SELECT MAX(day) FROM afp_day");
    assert_int_equal(midnight % DAY, 0);
    /* Counted before midnight and read after it: count on the day before. */
    read_days(store, ACME, days);
    for (int i = 0; i < AFP_DAYS; i++) {
        int is_today = days[i].day == midnight;

        assert_int_equal(days[i].day, days[0].day + i * DAY);
        if (store_number(store, "SELECT COUNT(DISTINCT day) FROM afp_day") == 1) {
            assert_int_equal(days[i].invited, is_today ? 3 : 0);
            assert_int_equal(days[i].skipped, is_today ? 1 : 0);
            assert_int_equal(days[i].uncertain, is_today ? 1 : 0);
            assert_int_equal(days[i].dead, is_today ? 1 : 0);
        }
    }
    assert_int_equal(store_number(store, "SELECT SUM(number) FROM afp_day"), COUNT_OF(results));
    read_days(store, BETA, days);
    assert_int_equal(days[AFP_DAYS - 1].invited, 0);
}

static void days_that_are_too_old_are_not_shown(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    apr_time_t today = now - now % DAY;
    afp_day_t days[AFP_DAYS];

    for (int i = 0; i < 16; i++) {
        store_sql(store,
                  "INSERT INTO afp_day (company_uuid, day, result, number)"
                  " VALUES ('" ACME "', %" APR_INT64_T_FMT ", 'invited', %d)",
                  today - i * DAY, i + 1);
    }
    read_days(store, ACME, days);
    if (days[AFP_DAYS - 1].day == today) {
        assert_int_equal(days[AFP_DAYS - 1].invited, 1);
        assert_int_equal(days[0].invited, 14);
    }
}

static void days_are_counted_from_what_was_finished_before_there_were_counters(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    apr_time_t yesterday = now - now % DAY - DAY / 2;
    afp_day_t days[AFP_DAYS];

    for (int i = 0; i < 3; i++) {
        store_add_finished(store, ACME, i, AFP_FOLLOW_UP_INVITE, "invited", yesterday + i);
    }
    store_add_finished(store, ACME, 3, AFP_FOLLOW_UP_CHECK_PINPOINT, "invited", yesterday);
    store_sql(store, "DROP TABLE afp_day");
    store_sql(store, "UPDATE afp_meta SET value = 2 WHERE name = 'version'");
    afp_session_close(store->session);
    afp_session_close(store->witness);
    read_days(store, ACME, days);
    for (int i = 0; i < AFP_DAYS; i++) {
        assert_int_equal(days[i].invited, days[i].day == yesterday - DAY / 2 ? 3 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_run_that_is_to_be_repeated_is_an_attempt),
        STORE_TEST(so_is_a_run_that_was_refused),
        STORE_TEST(readings_checks_and_stops_are_none),
        STORE_TEST(who_lost_his_lease_notes_nothing),
        STORE_TEST(the_latest_attempts_are_kept),
        STORE_TEST(each_end_of_an_invitation_is_counted_on_its_day),
        STORE_TEST(days_that_are_too_old_are_not_shown),
        STORE_TEST(days_are_counted_from_what_was_finished_before_there_were_counters),
    };

    return STORE_RUN(tests);
}
