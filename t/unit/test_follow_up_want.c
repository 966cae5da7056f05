#include "store_fixture.h"

#include "store/assessment.h"
#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

/* Follow-ups that follow from others, or that somebody wants now. */

#define MINUTE apr_time_from_sec(60)

static apr_int64_t open_of_kind(store_t *store, const char *kind)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE kind = '%s'", kind);
}

static apr_int64_t of_kind(store_t *store, const char *column, const char *kind)
{
    return store_number(store, "SELECT %s FROM afp_follow_up WHERE kind = '%s'", column, kind);
}

static void assert_due_in(store_t *store, const char *kind, apr_interval_time_t delay)
{
    apr_interval_time_t left = of_kind(store, "due_at", kind) - store_now(store);

    assert_true(left <= delay + CLOCK_SLACK);
    assert_true(left > delay - MINUTE);
}

static afp_follow_up_t take_invite(store_t *store)
{
    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_sql(store, "UPDATE afp_follow_up SET delivery_id = 'd', job_id = '7', occurrence = 2,"
                     " anyway = 1");
    return store_take(store, ACME);
}

static const afp_end_t invited = {
    .kind = AFP_END_FINISH,
    .result = "invited",
    .reason = "",
    .next = {{AFP_FOLLOW_UP_READ_RESULTS, 5 * MINUTE, AFP_PRIORITY_READING},
             {AFP_FOLLOW_UP_WRITE_BACK, 0, AFP_PRIORITY_WORK}},
};

/* ---- what an end asks for ---- */

static void an_end_adds_what_is_to_follow_for_the_same_invitation(void **state)
{
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);
    afp_follow_up_t write_back;

    store_end(store, &invite, &invited);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 2);
    assert_due_in(store, AFP_FOLLOW_UP_READ_RESULTS, 5 * MINUTE);
    assert_int_equal(of_kind(store, "priority", AFP_FOLLOW_UP_READ_RESULTS), AFP_PRIORITY_READING);
    write_back = store_take(store, ACME);
    assert_string_equal(write_back.kind, AFP_FOLLOW_UP_WRITE_BACK);
    assert_string_not_equal(write_back.id, invite.id);
    assert_string_equal(write_back.application_id, "11");
    assert_string_equal(write_back.job_id, "7");
    assert_string_equal(write_back.delivery_id, "d");
    assert_int_equal(write_back.occurrence, 2);
    assert_int_equal(write_back.anyway, 0);
    assert_int_equal(write_back.attempts, 1);
    assert_int_equal(write_back.priority, AFP_PRIORITY_WORK);
    assert_true(write_back.created_at > 0);
}

static void what_is_open_already_is_due_no_later_and_not_doubled(void **state)
{
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);

    store_add_kind(store, ACME, 2, AFP_FOLLOW_UP_READ_RESULTS, "11", AFP_PRIORITY_READING + 9,
                   -3600);
    store_add_kind(store, ACME, 3, AFP_FOLLOW_UP_READ_RESULTS, "12", AFP_PRIORITY_READING + 9,
                   -3600);
    store_add_kind(store, ACME, 4, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, 1000);
    store_end(store, &invite, &invited);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 3);
    store_sql(store, "DELETE FROM afp_follow_up WHERE application_id = '12'");
    assert_due_in(store, AFP_FOLLOW_UP_READ_RESULTS, 5 * MINUTE);
    assert_int_equal(of_kind(store, "priority", AFP_FOLLOW_UP_READ_RESULTS), AFP_PRIORITY_READING);
    /* It is about the latest invitation now. */
    assert_int_equal(of_kind(store, "occurrence", AFP_FOLLOW_UP_READ_RESULTS), 2);
    /* Longer due than asked for: it does not lose its place. */
    assert_true(of_kind(store, "due_at", AFP_FOLLOW_UP_WRITE_BACK) <
                store_now(store) - 10 * MINUTE);
}

static void what_is_held_stays_so(void **state)
{
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);

    store_add_kind(store, ACME, 2, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, -3600);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held' WHERE kind = 'write-back'");
    store_end(store, &invite, &invited);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_WRITE_BACK), 1);
    assert_int_equal(store_in_state(store, "held"), 1);
    assert_due_in(store, AFP_FOLLOW_UP_WRITE_BACK, 0);
}

static void all_of_an_end_happens_or_nothing(void **state)
{
    static const char *const tables[] = {"afp_assessment", "afp_finished"};
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);
    const afp_assessment_t assessment = {.occurrence = 2};
    afp_end_t end = invited;

    end.assessment = &assessment;
    end.invitation_state = AFP_INVITATION_INVITED;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        store_sql(store, "ALTER TABLE %s RENAME TO afp_elsewhere", tables[i]);
        assert_int_equal(afp_follow_up_end(store->session, &invite, &end), APR_EGENERAL);
        store_sql(store, "ALTER TABLE afp_elsewhere RENAME TO %s", tables[i]);
        assert_int_equal(store_in_state(store, "leased"), 1);
        assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 1);
        assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_assessment"), 0);
        assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), 0);
    }
    store_end(store, &invite, &end);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 2);
    assert_int_equal(store_number(store, "SELECT occurrence FROM afp_assessment"), 2);
}

static void who_lost_his_lease_leaves_nothing_behind(void **state)
{
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);
    const afp_assessment_t assessment = {.occurrence = 2};
    afp_end_t end = invited;

    end.assessment = &assessment;
    store_sql(store, "UPDATE afp_follow_up SET lease = 'of another'");
    assert_int_equal(afp_follow_up_end(store->session, &invite, &end), APR_NOTFOUND);
    end.kind = AFP_END_AGAIN;
    assert_int_equal(afp_follow_up_end(store->session, &invite, &end), APR_NOTFOUND);
    end.fresh = 1;
    assert_int_equal(afp_follow_up_end(store->session, &invite, &end), APR_NOTFOUND);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 1);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_assessment"), 0);
}

static void a_refusal_of_former_settings_keeps_what_was_found_out(void **state)
{
    store_t *store = *state;
    afp_follow_up_t invite = take_invite(store);
    const afp_assessment_t assessment = {.occurrence = 2};
    afp_end_t end = invited;

    end.kind = AFP_END_PARK;
    end.park_api = AFP_API_PINPOINT;
    end.park_kind = "*";
    end.park_owner = ACME;
    end.assessment = &assessment;
    store_sql(store, "UPDATE afp_tenant SET generation = generation + 1");
    store_end(store, &invite, &end);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_parking"), 0);
    assert_int_equal(store_in_state(store, "ready"), 3);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_assessment"), 1);
}

/* ---- fresh ---- */

static afp_follow_up_t take_reading(store_t *store)
{
    store_add_tenant(store, ACME, "connected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_READ_RESULTS, "11", AFP_PRIORITY_HINTED, 1);
    store_sql(store, "UPDATE afp_follow_up SET tried_for = 99, missing = 2, attempts = 7");
    return store_take(store, ACME);
}

static const afp_end_t read_it = {.kind = AFP_END_AGAIN,
                                  .reason = "",
                                  .delay = 5 * MINUTE,
                                  .fresh = 1,
                                  .priority = AFP_PRIORITY_READING + 3};

static void a_fresh_end_counts_from_the_beginning(void **state)
{
    store_t *store = *state;
    afp_follow_up_t reading = take_reading(store);

    assert_int_equal(reading.attempts, 8);
    store_end(store, &reading, &read_it);
    assert_due_in(store, AFP_FOLLOW_UP_READ_RESULTS, 5 * MINUTE);
    assert_string_equal(store_text(store, "SELECT lease FROM afp_follow_up"), "");
    store_sql(store, "UPDATE afp_follow_up SET due_at = 1");
    reading = store_take(store, ACME);
    assert_int_equal(reading.attempts, 1);
    assert_int_equal(reading.tried_for, 0);
    assert_int_equal(reading.missing, 0);
    assert_int_equal(reading.priority, AFP_PRIORITY_READING + 3);
}

static void what_is_tried_again_keeps_its_priority(void **state)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = "", .priority = 9};
    store_t *store = *state;
    afp_follow_up_t reading = take_reading(store);

    store_end(store, &reading, &again);
    assert_int_equal(of_kind(store, "priority", AFP_FOLLOW_UP_READ_RESULTS), AFP_PRIORITY_HINTED);
    assert_int_equal(of_kind(store, "tried_for", AFP_FOLLOW_UP_READ_RESULTS), 99);
}

static void readings_and_write_backs_that_end_well_leave_nothing(void **state)
{
    static const struct {
        const char *kind;
        const char *result;
        int kept;
    } ends[] = {
        {AFP_FOLLOW_UP_READ_RESULTS, "done", 0},    {AFP_FOLLOW_UP_WRITE_BACK, "done", 0},
        {AFP_FOLLOW_UP_READ_RESULTS, "skipped", 1}, {AFP_FOLLOW_UP_READ_RESULTS, "dead", 1},
        {AFP_FOLLOW_UP_WRITE_BACK, "dead", 1},      {AFP_FOLLOW_UP_INVITE, "done", 1},
    };
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const afp_end_t end = {.kind = AFP_END_FINISH, .result = ends[i].result, .reason = ""};
        afp_follow_up_t follow_up;

        store_add_kind(store, ACME, (int)i + 1, ends[i].kind, "11", AFP_PRIORITY_WORK, 1);
        follow_up = store_take(store, ACME);
        store_end(store, &follow_up, &end);
        assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 0);
        assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_finished"), ends[i].kept);
        store_sql(store, "DELETE FROM afp_finished");
    }
}

/* ---- wanted now ---- */

static afp_follow_up_t wanted(void)
{
    afp_follow_up_t follow_up = {.occurrence = 3};

    apr_cpystrn(follow_up.company_uuid, ACME, sizeof(follow_up.company_uuid));
    apr_cpystrn(follow_up.kind, AFP_FOLLOW_UP_READ_RESULTS, sizeof(follow_up.kind));
    apr_cpystrn(follow_up.application_id, "11", sizeof(follow_up.application_id));
    apr_cpystrn(follow_up.job_id, "7", sizeof(follow_up.job_id));
    return follow_up;
}

static afp_follow_up_t want(store_t *store)
{
    afp_follow_up_t follow_up = wanted();

    assert_int_equal(afp_follow_up_want(store->session, &follow_up, AFP_PRIORITY_HINTED),
                     APR_SUCCESS);
    return follow_up;
}

static void what_is_wanted_is_added_and_due_at_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = wanted();
    afp_follow_up_t taken;

    assert_int_equal(afp_follow_up_want(store->session, &follow_up, AFP_PRIORITY_HINTED),
                     APR_NOTFOUND);
    store_add_tenant(store, ACME, "connected");
    follow_up = want(store);
    taken = store_take(store, ACME);
    assert_string_equal(taken.id, follow_up.id);
    assert_true(afp_id_is_valid(taken.id));
    assert_int_equal(taken.occurrence, 3);
    assert_int_equal(taken.priority, AFP_PRIORITY_HINTED);
    assert_string_equal(taken.job_id, "7");
}

static void what_waits_already_is_due_at_once(void **state)
{
    store_t *store = *state;
    const char *id = store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_READ_RESULTS, "11",
                                    AFP_PRIORITY_READING + 4, -3600);

    store_add_kind(store, ACME, 2, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, -3600);
    store_add_tenant(store, ACME, "connected");
    assert_string_equal(want(store).id, id);
    assert_string_equal(want(store).id, id);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 1);
    assert_due_in(store, AFP_FOLLOW_UP_READ_RESULTS, 0);
    assert_int_equal(of_kind(store, "priority", AFP_FOLLOW_UP_READ_RESULTS), AFP_PRIORITY_HINTED);
    assert_string_equal(store_take(store, ACME).id, id);
}

static void what_waits_starts_afresh_for_another_invitation_only(void **state)
{
    store_t *store = *state;
    const int occurrences[] = {3, 2};
    afp_follow_up_t taken;

    store_add_tenant(store, ACME, "connected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_READ_RESULTS, "11", AFP_PRIORITY_READING, -3600);
    for (size_t i = 0; i < COUNT_OF(occurrences); i++) {
        store_sql(store,
                  "UPDATE afp_follow_up SET attempts = 7, tried_for = 99, missing = 2,"
                  " occurrence = %d",
                  occurrences[i]);
        want(store);
        assert_int_equal(of_kind(store, "occurrence", AFP_FOLLOW_UP_READ_RESULTS), 3);
        assert_int_equal(of_kind(store, "attempts", AFP_FOLLOW_UP_READ_RESULTS), i ? 0 : 7);
        assert_int_equal(of_kind(store, "tried_for", AFP_FOLLOW_UP_READ_RESULTS), i ? 0 : 99);
        assert_int_equal(of_kind(store, "missing", AFP_FOLLOW_UP_READ_RESULTS), i ? 0 : 2);
    }
    taken = store_take(store, ACME);
    assert_int_equal(taken.attempts, 1);
    assert_int_equal(taken.occurrence, 3);
}

static void what_is_wanted_while_it_runs_runs_once_more(void **state)
{
    store_t *store = *state;
    afp_follow_up_t running = take_reading(store);
    afp_follow_up_t second = want(store);

    assert_string_not_equal(second.id, running.id);
    assert_string_equal(want(store).id, second.id);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 2);
    /* One of an application at a time. */
    assert_int_equal(store_claim(store, ACME).result, AFP_CLAIM_NOTHING);
    store_end(store, &running, &read_it);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 1);
    running = store_take(store, ACME);
    assert_string_equal(running.id, second.id);
    store_end(store, &running, &read_it);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 1);
    assert_due_in(store, AFP_FOLLOW_UP_READ_RESULTS, 5 * MINUTE);
}

static void a_failed_run_stays_beside_what_is_wanted_until_one_succeeds(void **state)
{
    const afp_end_t failed = {.kind = AFP_END_AGAIN, .reason = "Broken", .delay = MINUTE};
    store_t *store = *state;
    afp_follow_up_t running = take_reading(store);

    want(store);
    store_end(store, &running, &failed);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 2);
    running = store_take(store, ACME);
    store_end(store, &running, &read_it);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 1);
}

static apr_status_t want_one(racer_t *racer)
{
    afp_follow_up_t follow_up = wanted();

    return afp_follow_up_want(racer->session, &follow_up, AFP_PRIORITY_HINTED);
}

static void what_several_want_at_once_is_one(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_race(store, 8, want_one, NULL);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_READ_RESULTS), 1);
    assert_null(strstr(store->log, "AFP0101"));
}

/* ---- all of a tenant ---- */

static void all_readings_of_a_tenant_are_due_at_once_and_keep_their_order(void **state)
{
    store_t *store = *state;
    apr_int64_t due;
    int count = -1;

    assert_int_equal(afp_follow_up_hurry_readings(store->session, ACME, &count), APR_NOTFOUND);
    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_READ_RESULTS, "11", AFP_PRIORITY_READING + 4,
                   -600);
    store_add_kind(store, ACME, 2, AFP_FOLLOW_UP_READ_RESULTS, "12", AFP_PRIORITY_READING, -3600);
    store_add_kind(store, ACME, 3, AFP_FOLLOW_UP_READ_RESULTS, "13", AFP_PRIORITY_READING, 600);
    store_add_kind(store, ACME, 4, AFP_FOLLOW_UP_READ_RESULTS, "14", AFP_PRIORITY_READING, -600);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held' WHERE application_id = '14'");
    store_add_follow_up(store, ACME, 5, "15", -600);
    store_add_kind(store, BETA, 6, AFP_FOLLOW_UP_READ_RESULTS, "16", AFP_PRIORITY_READING, -600);
    due = store_number(store, "SELECT due_at FROM afp_follow_up WHERE application_id = '13'");
    assert_int_equal(afp_follow_up_hurry_readings(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(
        store_number(store, "SELECT due_at FROM afp_follow_up WHERE application_id = '13'"), due);
    assert_string_equal(store_take(store, ACME).application_id, "13");
    assert_string_equal(store_take(store, ACME).application_id, "12");
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_follow_up WHERE state <> 'leased'"
                                  " AND due_at > %" APR_INT64_T_FMT,
                                  store_now(store) + CLOCK_SLACK),
                     3);
}

static void readings_are_no_backlog(void **state)
{
    static const char *const states[] = {"ready", "leased", "held"};
    store_t *store = *state;
    int count = -1;

    for (int i = 0; i < 3; i++) {
        store_add_follow_up(store, ACME, 10 + i, "1", 1);
        store_sql(store, "UPDATE afp_follow_up SET state = '%s' WHERE id = '%032x'", states[i],
                  (unsigned)(10 + i));
        store_add_kind(store, ACME, 20 + i, AFP_FOLLOW_UP_READ_RESULTS, "2", AFP_PRIORITY_HINTED,
                       1);
    }
    assert_int_equal(afp_follow_up_count(store->session, ACME, 100, &count), APR_SUCCESS);
    assert_int_equal(count, 3);
    assert_int_equal(afp_follow_up_count(store->session, ACME, 2, &count), APR_SUCCESS);
    assert_int_equal(count, 2);
}

/* ---- synchronisations ---- */

static void saving_settings_synchronises_at_once(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant;

    store_add_tenant(store, ACME, "connected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_SYNCHRONISE, "", AFP_PRIORITY_WORK, -3600);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_SYNCHRONISE), 1);
    assert_due_in(store, AFP_FOLLOW_UP_SYNCHRONISE, 0);
    tenant.state = AFP_TENANT_PAUSED;
    store_sql(store, "DELETE FROM afp_follow_up");
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_SYNCHRONISE), 0);
}

static void a_synchronisation_with_former_settings_is_repeated(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_SYNCHRONISE);
    follow_up = store_take(store, ACME);
    store_sql(store, "UPDATE afp_tenant SET generation = generation + 1");
    store_end(store, &follow_up, &read_it);
    assert_due_in(store, AFP_FOLLOW_UP_SYNCHRONISE, 0);
}

static void connected_tenants_that_do_not_synchronise_begin_to(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "paused");
    store_add_tenant(store, CORE, "connected");
    store_add_kind(store, CORE, 1, AFP_FOLLOW_UP_SYNCHRONISE, "", AFP_PRIORITY_WORK, -3600);
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_SYNCHRONISE), 2);
    assert_string_equal(store_take(store, ACME).kind, AFP_FOLLOW_UP_SYNCHRONISE);
    assert_int_equal(store_claim(store, CORE).result, AFP_CLAIM_NOTHING);
}

static void many_begin_to_synchronise_little_by_little(void **state)
{
    store_t *store = *state;

    for (int i = 0; i < 30; i++) {
        store_add_tenant(store, apr_psprintf(store->pool, "%032x", (unsigned)(i + 1)), "connected");
    }
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_SYNCHRONISE), 20);
    assert_int_equal(afp_follow_up_repair(store->session), APR_SUCCESS);
    assert_int_equal(open_of_kind(store, AFP_FOLLOW_UP_SYNCHRONISE), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_end_adds_what_is_to_follow_for_the_same_invitation),
        STORE_TEST(what_is_open_already_is_due_no_later_and_not_doubled),
        STORE_TEST(what_is_held_stays_so),
        STORE_TEST(all_of_an_end_happens_or_nothing),
        STORE_TEST(who_lost_his_lease_leaves_nothing_behind),
        STORE_TEST(a_refusal_of_former_settings_keeps_what_was_found_out),
        STORE_TEST(a_fresh_end_counts_from_the_beginning),
        STORE_TEST(what_is_tried_again_keeps_its_priority),
        STORE_TEST(readings_and_write_backs_that_end_well_leave_nothing),
        STORE_TEST(what_is_wanted_is_added_and_due_at_once),
        STORE_TEST(what_waits_already_is_due_at_once),
        STORE_TEST(what_waits_starts_afresh_for_another_invitation_only),
        STORE_TEST(what_is_wanted_while_it_runs_runs_once_more),
        STORE_TEST(a_failed_run_stays_beside_what_is_wanted_until_one_succeeds),
        STORE_TEST(what_several_want_at_once_is_one),
        STORE_TEST(all_readings_of_a_tenant_are_due_at_once_and_keep_their_order),
        STORE_TEST(readings_are_no_backlog),
        STORE_TEST(saving_settings_synchronises_at_once),
        STORE_TEST(a_synchronisation_with_former_settings_is_repeated),
        STORE_TEST(connected_tenants_that_do_not_synchronise_begin_to),
        STORE_TEST(many_begin_to_synchronise_little_by_little),
    };

    return STORE_RUN(tests);
}
