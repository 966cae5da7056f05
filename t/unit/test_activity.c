#include "store_fixture.h"

#include "store/activity.h"

#include <apr_strings.h>
#include <string.h>

#define SECOND APR_USEC_PER_SEC

static const afp_activity_place_t nowhere;

static afp_activity_page_t read_page(store_t *store, const char *state, const char *application_id,
                                     int limit, const afp_activity_place_t *before,
                                     const afp_activity_place_t *after)
{
    afp_activity_page_t page = {
        .company_uuid = ACME,
        .state = state,
        .application_id = application_id,
        .limit = limit,
        .before = *before,
        .after = *after,
    };

    assert_int_equal(afp_activity_read(store->session, &page, store->pool), APR_SUCCESS);
    return page;
}

static afp_activity_page_t newest(store_t *store, const char *state, const char *application_id)
{
    return read_page(store, state, application_id, 20, &nowhere, &nowhere);
}

static const afp_activity_t *at(const afp_activity_page_t *page, int index)
{
    assert_true(index < page->activities->nelts);
    return &APR_ARRAY_IDX(page->activities, index, afp_activity_t);
}

static afp_activity_place_t place_of(const afp_activity_t *activity)
{
    afp_activity_place_t place = {activity->at, ""};

    apr_cpystrn(place.id, activity->id, sizeof(place.id));
    return place;
}

/* The ids of a page, the last digit of each. */
static const char *ids(store_t *store, const afp_activity_page_t *page)
{
    const char *text = "";

    for (int i = 0; i < page->activities->nelts; i++) {
        text = apr_pstrcat(store->pool, text, at(page, i)->id + AFP_ID_LENGTH - 1, NULL);
    }
    return text;
}

/* One of each state, of another application each. */
static void add_one_of_each(store_t *store)
{
    apr_time_t now = store_now(store);

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 100);
    store_add_follow_up(store, ACME, 2, "22", 50);
    store_take(store, ACME);
    store_sql(store,
              "UPDATE afp_follow_up SET due_at = %" APR_INT64_T_FMT " WHERE state = 'leased'",
              now + 60 * SECOND);
    store_add_follow_up(store, ACME, 3, "33", 200);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held', reason = 'parked'"
                     " WHERE application_id = '33'");
    store_add_check(store, ACME, 4, AFP_FOLLOW_UP_CHECK_PINPOINT);
    store_add_finished(store, ACME, 5, AFP_FOLLOW_UP_INVITE, "dead", now - 70 * SECOND);
    store_add_finished(store, ACME, 6, AFP_FOLLOW_UP_CHECK_PINPOINT, "done", now);
    store_add_ignored(store, ACME, 77, now - 300 * SECOND, "Not the trigger");
    store_add_follow_up(store, BETA, 8, "88", 1);
}

static void what_is_open_finished_and_ignored_is_listed_newest_first(void **state)
{
    store_t *store = *state;
    afp_activity_page_t page;

    add_one_of_each(store);
    page = newest(store, "", "");
    assert_int_equal(page.activities->nelts, 5);
    assert_string_equal(at(&page, 0)->state, "running");
    assert_string_equal(at(&page, 0)->application_id, "11");
    assert_int_equal(at(&page, 0)->attempts, 1);
    assert_string_equal(at(&page, 1)->state, "waiting");
    assert_string_equal(at(&page, 1)->application_id, "22");
    assert_string_equal(at(&page, 2)->state, "dead");
    assert_string_equal(at(&page, 2)->reason, "because");
    assert_string_equal(at(&page, 2)->job_id, "7");
    assert_string_equal(at(&page, 2)->delivery_id, "d");
    assert_string_equal(at(&page, 3)->state, "held");
    assert_string_equal(at(&page, 3)->reason, "parked");
    assert_string_equal(at(&page, 4)->state, "ignored");
    assert_string_equal(at(&page, 4)->reason, "Not the trigger");
    assert_string_equal(at(&page, 4)->kind, "application_created");
    assert_string_equal(at(&page, 4)->application_id, "77");
    assert_false(page.older);
    assert_false(page.newer);
}

static void each_state_can_be_asked_for(void **state)
{
    static const char *const states[] = {"waiting", "running", "held", "ignored", "dead"};
    store_t *store = *state;

    add_one_of_each(store);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        afp_activity_page_t page = newest(store, states[i], "");

        assert_int_equal(page.activities->nelts, 1);
        assert_string_equal(at(&page, 0)->state, states[i]);
    }
    assert_int_equal(newest(store, "invited", "").activities->nelts, 0);
    assert_true(afp_activity_is_state("repeated"));
    assert_false(afp_activity_is_state("ready"));
    assert_false(afp_activity_is_state(""));
}

static void one_application_can_be_asked_for_in_each_state(void **state)
{
    static const char *const found[][2] = {
        {"waiting", "22"}, {"running", "11"}, {"held", "33"}, {"ignored", "77"}, {"dead", "11"}};
    store_t *store = *state;
    afp_activity_page_t page;

    add_one_of_each(store);
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        page = newest(store, found[i][0], found[i][1]);
        assert_int_equal(page.activities->nelts, 1);
        assert_string_equal(at(&page, 0)->state, found[i][0]);
        assert_int_equal(newest(store, found[i][0], "88").activities->nelts, 0);
    }
    page = newest(store, "", "11");
    assert_int_equal(page.activities->nelts, 2);
    assert_string_equal(at(&page, 0)->state, "running");
    assert_string_equal(at(&page, 1)->state, "dead");
    assert_int_equal(newest(store, "", "77").activities->nelts, 1);
}

static void what_the_module_does_by_itself_does_not_hide_invitations(void **state)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_READ_RESULTS, AFP_FOLLOW_UP_SYNCHRONISE,
                                        AFP_FOLLOW_UP_CHECK_PINPOINT};
    static const char *const states[] = {"ready", "leased", "held"};
    store_t *store = *state;
    afp_activity_page_t page;
    int number = 100;

    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        for (size_t i = 0; i < COUNT_OF(states); i++) {
            store_add_kind(store, ACME, ++number, kinds[kind], kind == 0 ? "11" : "",
                           kind == 0 ? AFP_PRIORITY_READING : AFP_PRIORITY_WORK, 1);
            store_sql(store, "UPDATE afp_follow_up SET state = '%s' WHERE id = '%032x'", states[i],
                      (unsigned)number);
        }
        if (kind > 0) { /* readings are not kept when they are done */
            store_add_finished(store, ACME, ++number, kinds[kind], "done", 9);
        }
    }
    assert_int_equal(newest(store, "", "").activities->nelts, 0);
    assert_int_equal(newest(store, "waiting", "11").activities->nelts, 0);
    assert_int_equal(newest(store, "done", "").activities->nelts, 0);

    /* But what went wrong, and what an administrator waits for. */
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_READ_RESULTS, "dead", 10);
    store_sql(store, "UPDATE afp_finished SET application_id = '11' WHERE result = 'dead'");
    store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_DELETE_FIELDS, "done", 9);
    store_add_kind(store, ACME, 3, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, 1);
    page = newest(store, "", "");
    assert_int_equal(page.activities->nelts, 3);
    assert_string_equal(at(&page, 0)->kind, "write-back");
    assert_string_equal(at(&page, 1)->kind, "read-results");
    assert_string_equal(at(&page, 2)->kind, "delete-fields");
}

/* Follow-ups 9 to 1, newest first: two of them at the same moment, and of three kinds. */
static void add_nine(store_t *store)
{
    apr_time_t now = store_now(store);

    for (int i = 1; i <= 9; i++) {
        apr_time_t then = now - (10 - (i == 5 ? 4 : i)) * SECOND;

        if (i % 3 == 0) {
            store_add_finished(store, ACME, i, AFP_FOLLOW_UP_INVITE, "skipped", then);
        } else {
            store_add_follow_up(store, ACME, i, "11", 0);
            store_sql(store,
                      "UPDATE afp_follow_up SET due_at = %" APR_INT64_T_FMT
                      ", state = '%s' WHERE id = '%032x'",
                      then, i % 3 == 1 ? "ready" : "held", (unsigned)i);
        }
    }
}

static void pages_follow_each_other_there_and_back(void **state)
{
    static const char *const applications[] = {"", "11"};
    store_t *store = *state;

    add_nine(store);
    for (size_t i = 0; i < COUNT_OF(applications); i++) {
        const char *id = applications[i];
        afp_activity_page_t page = read_page(store, "", id, 4, &nowhere, &nowhere);
        afp_activity_place_t place = place_of(at(&page, 3));

        assert_string_equal(ids(store, &page), "9876");
        assert_true(page.older);
        assert_false(page.newer);

        page = read_page(store, "", id, 4, &place, &nowhere);
        assert_string_equal(ids(store, &page), "5432");
        assert_true(page.older);
        assert_true(page.newer);

        place = place_of(at(&page, 3));
        page = read_page(store, "", id, 4, &place, &nowhere);
        assert_string_equal(ids(store, &page), "1");
        assert_false(page.older);
        assert_true(page.newer);

        place = place_of(at(&page, 0));
        page = read_page(store, "", id, 4, &nowhere, &place);
        assert_string_equal(ids(store, &page), "5432");
        assert_true(page.older);
        assert_true(page.newer);

        place = place_of(at(&page, 0));
        page = read_page(store, "", id, 4, &nowhere, &place);
        assert_string_equal(ids(store, &page), "9876");
        assert_true(page.older);
        assert_false(page.newer);

        place = place_of(at(&page, 0));
        page = read_page(store, "", id, 4, &nowhere, &place);
        assert_int_equal(page.activities->nelts, 0);
    }
}

static void pages_of_one_state_follow_each_other(void **state)
{
    static const char *const states[] = {"ignored", "dead"};
    store_t *store = *state;
    apr_time_t now = store_now(store);

    for (int i = 1; i <= 7; i++) {
        afp_delivery_t *ignored =
            store_add_ignored(store, ACME, i, now - (10 - i) * SECOND, "Not the trigger");

        store_sql(store, "UPDATE afp_delivery SET id = '%032x' WHERE id = '%s'", (unsigned)i,
                  ignored->id);
        store_sql(store, "UPDATE afp_ignored SET id = '%032x' WHERE id = '%s'", (unsigned)i,
                  ignored->id);
        store_add_finished(store, ACME, i, AFP_FOLLOW_UP_INVITE, "dead", now - (10 - i) * SECOND);
        store_sql(store, "UPDATE afp_delivery SET application_id = '11'");
        store_add_finished(store, ACME, 100 + i, AFP_FOLLOW_UP_INVITE, "invited",
                           now - (10 - i) * SECOND);
    }
    for (size_t i = 0; i < COUNT_OF(states) * 2; i++) {
        const char *wanted = states[i % 2];
        const char *application_id = i < 2 ? "" : "11";
        afp_activity_page_t page = read_page(store, wanted, application_id, 3, &nowhere, &nowhere);
        afp_activity_place_t place = place_of(at(&page, 2));

        assert_string_equal(ids(store, &page), "765");
        page = read_page(store, wanted, application_id, 3, &place, &nowhere);
        assert_string_equal(ids(store, &page), "432");
        place = place_of(at(&page, 0));
        page = read_page(store, wanted, application_id, 2, &nowhere, &place);
        assert_string_equal(ids(store, &page), "65");
        assert_true(page.newer);
    }
}

static void another_tenant_sees_nothing(void **state)
{
    store_t *store = *state;
    afp_activity_page_t page = {
        .company_uuid = CORE, .state = "", .application_id = "", .limit = 1000};

    add_one_of_each(store);
    assert_int_equal(afp_activity_read(store->session, &page, store->pool), APR_SUCCESS);
    assert_int_equal(page.activities->nelts, 0);
    assert_int_equal(page.limit, AFP_ACTIVITY_LIMIT);
}

static void what_was_ignored_before_the_table_of_ignored_ones_is_listed(void **state)
{
    store_t *store = *state;
    afp_activity_page_t page;

    store_add_ignored(store, ACME, 11, store_now(store), "Not the trigger");
    store_sql(store, "DROP TABLE afp_ignored");
    store_sql(store, "UPDATE afp_meta SET value = 2 WHERE name = 'version'");
    afp_session_close(store->session);
    afp_session_close(store->witness);
    page = newest(store, "ignored", "");
    assert_int_equal(page.activities->nelts, 1);
    assert_string_equal(at(&page, 0)->application_id, "11");
}

/* ---- numbers ---- */

static void the_summary_counts_what_waits_and_what_went_wrong(void **state)
{
    store_t *store = *state;
    afp_activity_summary_t summary;
    apr_time_t now = store_now(store);

    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting + summary.held + summary.dead + summary.uncertain, 0);
    assert_int_equal(summary.last_received_at, 0);
    assert_int_equal(summary.oldest_at, 0);
    assert_int_equal(summary.next_retry_at, 0);

    store_add_follow_up(store, ACME, 1, "11", 10);
    store_add_follow_up(store, ACME, 2, "22", 5);
    store_add_follow_up(store, ACME, 3, "33", 5);
    store_take(store, ACME);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held', created_at = 7"
                     " WHERE application_id = '33'");
    store_sql(store, "UPDATE afp_follow_up SET created_at = 9 WHERE application_id = '22'");
    store_sql(store, "UPDATE afp_follow_up SET created_at = 8 WHERE application_id = '11'");
    store_add_finished(store, ACME, 4, AFP_FOLLOW_UP_INVITE, "dead", 1);
    store_add_finished(store, ACME, 5, AFP_FOLLOW_UP_INVITE, "dead", 1);
    store_add_finished(store, ACME, 6, AFP_FOLLOW_UP_INVITE, "uncertain", 1);
    store_add_finished(store, ACME, 7, AFP_FOLLOW_UP_INVITE, "invited", 1);
    store_add_finished(store, BETA, 8, AFP_FOLLOW_UP_INVITE, "dead", 1);
    store_add_follow_up(store, BETA, 9, "99", -5);
    assert_int_equal(afp_tenant_received(store->session, ACME, 55, NULL), APR_SUCCESS);
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting, 2);
    assert_int_equal(summary.held, 1);
    assert_int_equal(summary.dead, 2);
    assert_int_equal(summary.uncertain, 1);
    assert_int_equal(summary.last_received_at, 55);
    assert_int_equal(summary.oldest_at, 7);
    assert_int_equal(summary.next_retry_at, 0);

    /* What is due next, but not what is only a reading. */
    store_sql(store,
              "UPDATE afp_follow_up SET due_at = %" APR_INT64_T_FMT " WHERE application_id = '22'",
              now + 600 * SECOND);
    store_add_follow_up(store, ACME, 10, "11", -300);
    store_sql(store,
              "UPDATE afp_follow_up SET priority = 2 WHERE due_at > %" APR_INT64_T_FMT
              " AND application_id = '11' AND state = 'ready'",
              now);
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.next_retry_at, now + 600 * SECOND);
}

static void what_is_only_read_from_time_to_time_does_not_wait(void **state)
{
    static const char *const states[] = {"ready", "leased", "held"};
    store_t *store = *state;
    afp_activity_summary_t summary;

    for (int i = 0; i < 3; i++) {
        store_add_kind(store, ACME, 10 + i, AFP_FOLLOW_UP_READ_RESULTS, "11", AFP_PRIORITY_READING,
                       -60);
        store_add_kind(store, ACME, 20 + i, AFP_FOLLOW_UP_SYNCHRONISE, "", AFP_PRIORITY_WORK, -60);
        store_add_kind(store, ACME, 30 + i, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, 1);
    }
    for (int i = 0; i < 3; i++) {
        store_sql(store,
                  "UPDATE afp_follow_up SET state = '%s' WHERE id IN ('%032x', '%032x', '%032x')",
                  states[i], (unsigned)(10 + i), (unsigned)(20 + i), (unsigned)(30 + i));
    }
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting, 2);
    assert_int_equal(summary.held, 1);
    assert_int_equal(summary.next_retry_at, 0);
}

static void invitations_that_wait_are_counted_apart(void **state)
{
    static const char *const states[] = {"ready", "leased", "held"};
    store_t *store = *state;
    int count = -1;

    assert_int_equal(afp_activity_invitations(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, 0);
    for (int i = 0; i < 3; i++) {
        store_add_follow_up(store, ACME, 10 + i, "11", 1);
        store_add_kind(store, ACME, 20 + i, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, 1);
        store_sql(store, "UPDATE afp_follow_up SET state = '%s' WHERE id IN ('%032x', '%032x')",
                  states[i], (unsigned)(10 + i), (unsigned)(20 + i));
    }
    store_add_follow_up(store, BETA, 30, "11", 1);
    assert_int_equal(afp_activity_invitations(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, 3);
}

/* Follow-ups of ACME: `count` of them that are due one after the other from `first` on, each made
 * before the one before it. */
static void add_range(store_t *store, const char *kind, const char *in_state, int first, int count)
{
    store_sql(store,
              "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease,"
              " delivery_id, application_id, job_id, occurrence, anyway, attempts, missing,"
              " tried_for, created_at, reason, priority) WITH RECURSIVE numbers (n) AS"
              " (SELECT %d UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)"
              " SELECT CAST(n AS CHAR(32)), '" ACME "', '%s', '%s', n, '', '',"
              " CAST(n AS CHAR(20)), '', 1, 0, 0, 0, 0, 700 - n, '', 0 FROM numbers",
              first, first + count - 1, kind, in_state);
}

static void other_work_that_is_due_before_hides_no_invitation(void **state)
{
    store_t *store = *state;
    int count;

    add_range(store, AFP_FOLLOW_UP_WRITE_BACK, "held", 1, 300);
    add_range(store, AFP_FOLLOW_UP_INVITE, "held", 301, 40);
    assert_int_equal(afp_activity_invitations(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, 40);
}

static void what_waits_for_a_late_retry_may_be_the_oldest(void **state)
{
    store_t *store = *state;
    afp_activity_summary_t summary;

    add_range(store, AFP_FOLLOW_UP_INVITE, "ready", 1, 90);
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.oldest_at, 610);
}

static void counts_end_at_their_limit(void **state)
{
    store_t *store = *state;
    afp_activity_summary_t summary;
    int count;

    add_range(store, AFP_FOLLOW_UP_INVITE, "ready", 1, 600);
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting, AFP_ACTIVITY_COUNTED_TO);
    /* Of those that are due first. */
    assert_int_equal(summary.oldest_at, 600);
    assert_int_equal(afp_activity_invitations(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count, AFP_ACTIVITY_INVITATIONS);
}

/* ---- the connection ---- */

static void parkings_of_the_tenant_and_of_its_token_are_shown(void **state)
{
    static const char *const owners[] = {ACME, BETA, STORE_SITE};
    store_t *store = *state;
    apr_array_header_t *parkings;
    const afp_parking_t *parking;

    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        store_sql(store,
                  "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                  " VALUES ('%s', 'pinpoint', '*', '" ACME "', 9, 'No')",
                  owners[i]);
    }
    assert_int_equal(
        afp_activity_parkings(store->session, ACME, STORE_SITE, store->pool, &parkings),
        APR_SUCCESS);
    assert_int_equal(parkings->nelts, 2);
    assert_int_equal(afp_activity_parkings(store->session, ACME, ACME, store->pool, &parkings),
                     APR_SUCCESS);
    assert_int_equal(parkings->nelts, 1);
    parking = &APR_ARRAY_IDX(parkings, 0, afp_parking_t);
    assert_string_equal(parking->api, "pinpoint");
    assert_string_equal(parking->kind, "*");
    assert_string_equal(parking->words, "No");
    assert_int_equal(parking->since, 9);
}

static void a_finished_follow_up_is_found_by_its_own_tenant(void **state)
{
    store_t *store = *state;
    const char *id = store_add_finished(store, ACME, 5, AFP_FOLLOW_UP_INVITE, "uncertain", 1);
    afp_follow_up_t follow_up;
    char result[17];

    store_sql(store, "UPDATE afp_finished SET occurrence = 2, anyway = 1");
    assert_int_equal(afp_activity_finished(store->session, BETA, id, &follow_up, result),
                     APR_NOTFOUND);
    assert_int_equal(afp_activity_finished(store->session, ACME, id, &follow_up, result),
                     APR_SUCCESS);
    assert_string_equal(result, "uncertain");
    assert_string_equal(follow_up.id, id);
    assert_string_equal(follow_up.company_uuid, ACME);
    assert_string_equal(follow_up.kind, AFP_FOLLOW_UP_INVITE);
    assert_string_equal(follow_up.application_id, "11");
    assert_string_equal(follow_up.job_id, "7");
    assert_string_equal(follow_up.delivery_id, "d");
    assert_int_equal(follow_up.occurrence, 2);
    assert_int_equal(follow_up.anyway, 1);
}

static apr_status_t find(store_t *store, const char *company_uuid, const char *id,
                         afp_activity_t *activity)
{
    return afp_activity_find(store->session, company_uuid, id, store->pool, activity);
}

static void one_is_found_by_its_id_or_by_the_delivery_it_came_of(void **state)
{
    store_t *store = *state;
    afp_delivery_t *ignored = store_add_ignored(store, ACME, 7, 10, "No");
    const char *finished = store_add_finished(store, ACME, 1, "invite", "dead", 20);
    const char *open = store_add_follow_up(store, ACME, 2, "12", 0);
    const char *check = store_add_check(store, ACME, 3, AFP_FOLLOW_UP_CHECK_PINPOINT);
    afp_activity_t activity;

    assert_int_equal(find(store, ACME, ignored->id, &activity), APR_SUCCESS);
    assert_string_equal(activity.state, AFP_ACTIVITY_IGNORED);
    assert_int_equal(find(store, ACME, finished, &activity), APR_SUCCESS);
    assert_string_equal(activity.state, AFP_ACTIVITY_DEAD);
    assert_int_equal(find(store, ACME, open, &activity), APR_SUCCESS);
    assert_string_equal(activity.state, AFP_ACTIVITY_WAITING);
    assert_string_equal(activity.application_id, "12");
    assert_int_equal(find(store, BETA, open, &activity), APR_NOTFOUND);
    assert_int_equal(find(store, ACME, check, &activity), APR_NOTFOUND);
    assert_int_equal(find(store, ACME, "", &activity), APR_NOTFOUND);

    /* It is decided again, and gets a follow-up with another id. */
    store_sql(store, "UPDATE afp_delivery SET ignored = '', application_id = '12' WHERE id = '%s'",
              ignored->id);
    assert_int_equal(find(store, ACME, ignored->id, &activity), APR_NOTFOUND);
    store_sql(store, "UPDATE afp_finished SET delivery_id = '%s', application_id = '12'",
              ignored->id);
    assert_int_equal(find(store, ACME, ignored->id, &activity), APR_SUCCESS);
    assert_string_equal(activity.id, finished);
    store_sql(store, "UPDATE afp_follow_up SET delivery_id = '%s' WHERE id = '%s'", ignored->id,
              open);
    assert_int_equal(find(store, ACME, ignored->id, &activity), APR_SUCCESS);
    assert_string_equal(activity.id, open);
    assert_int_equal(find(store, BETA, ignored->id, &activity), APR_NOTFOUND);
}

static void the_latest_check_is_told_and_whether_one_is_open(void **state)
{
    store_t *store = *state;
    afp_check_state_t check;

    assert_int_equal(afp_activity_check(store->session, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, &check),
                     APR_SUCCESS);
    assert_string_equal(check.result, "");
    assert_false(check.open);
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT, "dead", 10);
    store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_CHECK_PINPOINT, "done", 20);
    store_add_finished(store, ACME, 3, AFP_FOLLOW_UP_CHECK_ASSESSFIRST, "dead", 30);
    assert_int_equal(afp_activity_check(store->session, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, &check),
                     APR_SUCCESS);
    assert_string_equal(check.result, "done");
    assert_int_equal(check.finished_at, 20);
    assert_string_equal(check.reason, "because");
    assert_false(check.open);
    store_add_check(store, ACME, 4, AFP_FOLLOW_UP_CHECK_PINPOINT);
    store_sql(store, "UPDATE afp_follow_up SET reason = 'refused'");
    assert_int_equal(afp_activity_check(store->session, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, &check),
                     APR_SUCCESS);
    assert_true(check.open);
    assert_string_equal(check.reason, "refused");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_is_open_finished_and_ignored_is_listed_newest_first),
        STORE_TEST(each_state_can_be_asked_for),
        STORE_TEST(one_application_can_be_asked_for_in_each_state),
        STORE_TEST(what_the_module_does_by_itself_does_not_hide_invitations),
        STORE_TEST(pages_follow_each_other_there_and_back),
        STORE_TEST(pages_of_one_state_follow_each_other),
        STORE_TEST(another_tenant_sees_nothing),
        STORE_TEST(what_was_ignored_before_the_table_of_ignored_ones_is_listed),
        STORE_TEST(the_summary_counts_what_waits_and_what_went_wrong),
        STORE_TEST(what_is_only_read_from_time_to_time_does_not_wait),
        STORE_TEST(invitations_that_wait_are_counted_apart),
        STORE_TEST(other_work_that_is_due_before_hides_no_invitation),
        STORE_TEST(what_waits_for_a_late_retry_may_be_the_oldest),
        STORE_TEST(counts_end_at_their_limit),
        STORE_TEST(parkings_of_the_tenant_and_of_its_token_are_shown),
        STORE_TEST(a_finished_follow_up_is_found_by_its_own_tenant),
        STORE_TEST(one_is_found_by_its_id_or_by_the_delivery_it_came_of),
        STORE_TEST(the_latest_check_is_told_and_whether_one_is_open),
    };

    return STORE_RUN(tests);
}
