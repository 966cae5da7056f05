#include "store_fixture.h"

#include "store/activity.h"

#include <apr_strings.h>
#include <string.h>

static void add_finished(store_t *store, const char *company_uuid, int number, const char *result,
                         const char *kind, apr_time_t at)
{
    store_sql(store,
              "INSERT INTO afp_finished (id, company_uuid, kind, result, delivery_id,"
              " application_id, job_id, occurrence, anyway, attempts, created_at, finished_at,"
              " reason) VALUES ('%032x', '%s', '%s', '%s', 'd', '%s', '7', 2, 1, 3, 1,"
              " %" APR_INT64_T_FMT ", 'because')",
              (unsigned)number, company_uuid, kind, result,
              strcmp(kind, AFP_FOLLOW_UP_INVITE) ? "" : "11", at);
}

static apr_array_header_t *recent(store_t *store, const char *company_uuid, int limit)
{
    apr_array_header_t *activities;

    assert_int_equal(
        afp_activity_recent(store->session, company_uuid, limit, store->pool, &activities),
        APR_SUCCESS);
    return activities;
}

static const afp_activity_t *at(const apr_array_header_t *activities, int index)
{
    return &APR_ARRAY_IDX(activities, index, afp_activity_t);
}

static void store_ignored(store_t *store, int body, apr_time_t received_at)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    afp_delivery_t *delivery = store_delivery(store, ACME, body);

    delivery->received_at = received_at;
    apr_cpystrn(delivery->ignored, "Not the trigger", sizeof(delivery->ignored));
    assert_int_equal(afp_delivery_store(deliveries, &delivery, 1), APR_SUCCESS);
}

static void the_latest_of_all_are_listed_newest_first(void **state)
{
    store_t *store = *state;
    apr_array_header_t *listed;
    apr_time_t now = store_now(store);

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 100);
    store_add_follow_up(store, ACME, 2, "22", 50);
    store_take(store, ACME);
    store_sql(store,
              "UPDATE afp_follow_up SET due_at = %" APR_INT64_T_FMT " WHERE state = 'leased'",
              now + apr_time_from_sec(60));
    store_add_follow_up(store, ACME, 3, "33", 200);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held', reason = 'parked'"
                     " WHERE application_id = '33'");
    store_add_check(store, ACME, 4, AFP_FOLLOW_UP_CHECK_PINPOINT);
    add_finished(store, ACME, 5, "dead", AFP_FOLLOW_UP_INVITE, now - apr_time_from_sec(70));
    add_finished(store, ACME, 6, "done", AFP_FOLLOW_UP_CHECK_PINPOINT, now);
    store_ignored(store, 77, now - apr_time_from_sec(300));
    store_add_follow_up(store, BETA, 8, "88", 1);

    listed = recent(store, ACME, 20);
    assert_int_equal(listed->nelts, 5);
    assert_string_equal(at(listed, 0)->state, "running");
    assert_string_equal(at(listed, 0)->application_id, "11");
    assert_int_equal(at(listed, 0)->attempts, 1);
    assert_string_equal(at(listed, 1)->state, "waiting");
    assert_string_equal(at(listed, 1)->application_id, "22");
    assert_string_equal(at(listed, 2)->state, "dead");
    assert_string_equal(at(listed, 2)->reason, "because");
    assert_string_equal(at(listed, 2)->job_id, "7");
    assert_string_equal(at(listed, 2)->delivery_id, "d");
    assert_string_equal(at(listed, 3)->state, "held");
    assert_string_equal(at(listed, 3)->reason, "parked");
    assert_string_equal(at(listed, 4)->state, "ignored");
    assert_string_equal(at(listed, 4)->reason, "Not the trigger");
    assert_string_equal(at(listed, 4)->kind, "application_created");
    assert_int_equal(at(listed, 4)->at, now - apr_time_from_sec(300));
}

static void what_the_module_does_by_itself_does_not_hide_invitations(void **state)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_READ_RESULTS, AFP_FOLLOW_UP_WRITE_BACK,
                                        AFP_FOLLOW_UP_SYNCHRONISE, AFP_FOLLOW_UP_DELETE_FIELDS};
    static const char *const states[] = {"ready", "leased", "held"};
    static const char *const results[] = {"done", "skipped", "dead"};
    store_t *store = *state;
    apr_array_header_t *listed;
    apr_time_t now = store_now(store);
    apr_table_t *seen = apr_table_make(store->pool, 8);
    int number = 100;

    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        for (size_t i = 0; i < 3; i++) {
            store_add_kind(store, ACME, ++number, kinds[kind], kind % 2 == 0 ? "" : "11",
                           kind == 0 ? AFP_PRIORITY_READING : AFP_PRIORITY_WORK, 1);
            store_sql(store, "UPDATE afp_follow_up SET state = '%s' WHERE id = '%032x'", states[i],
                      (unsigned)number);
            add_finished(store, ACME, ++number, results[i], kinds[kind], now);
        }
    }
    store_add_follow_up(store, ACME, 1, "22", 500);
    add_finished(store, ACME, 2, "skipped", AFP_FOLLOW_UP_INVITE, now - apr_time_from_sec(500));
    listed = recent(store, ACME, 20);
    for (int i = 0; i < listed->nelts; i++) {
        apr_table_setn(
            seen, apr_pstrcat(store->pool, at(listed, i)->kind, " ", at(listed, i)->state, NULL),
            "");
    }
    assert_int_equal(listed->nelts, 7);
    assert_non_null(apr_table_get(seen, "invite waiting"));
    assert_non_null(apr_table_get(seen, "invite skipped"));
    assert_non_null(apr_table_get(seen, "write-back held"));
    assert_non_null(apr_table_get(seen, "write-back dead"));
    assert_non_null(apr_table_get(seen, "delete-fields held"));
    assert_non_null(apr_table_get(seen, "delete-fields dead"));
    assert_non_null(apr_table_get(seen, "read-results dead"));
}

static void no_more_are_listed_than_asked_for(void **state)
{
    store_t *store = *state;
    apr_array_header_t *listed;
    apr_time_t now = store_now(store);
    int i;

    for (i = 0; i < 9; i++) {
        store_add_follow_up(store, ACME, 10 + i, "11", 10 + i);
        add_finished(store, ACME, 100 + i, "done", AFP_FOLLOW_UP_INVITE,
                     now - apr_time_from_sec(1000 + i));
    }
    listed = recent(store, ACME, 4);
    assert_int_equal(listed->nelts, 4);
    for (i = 0; i < 4; i++) {
        assert_string_equal(at(listed, i)->id,
                            apr_psprintf(store->pool, "%032x", (unsigned)(10 + i)));
    }
    assert_int_equal(recent(store, BETA, 4)->nelts, 0);
}

static void the_summary_counts_what_waits_and_what_went_wrong(void **state)
{
    store_t *store = *state;
    afp_activity_summary_t summary;

    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting + summary.held + summary.dead + summary.uncertain, 0);
    assert_int_equal(summary.last_received_at, 0);

    store_add_follow_up(store, ACME, 1, "11", 10);
    store_add_follow_up(store, ACME, 2, "22", 5);
    store_add_follow_up(store, ACME, 3, "33", 5);
    store_take(store, ACME);
    store_sql(store, "UPDATE afp_follow_up SET state = 'held' WHERE application_id = '33'");
    add_finished(store, ACME, 4, "dead", AFP_FOLLOW_UP_INVITE, 1);
    add_finished(store, ACME, 5, "dead", AFP_FOLLOW_UP_INVITE, 1);
    add_finished(store, ACME, 6, "uncertain", AFP_FOLLOW_UP_INVITE, 1);
    add_finished(store, ACME, 7, "invited", AFP_FOLLOW_UP_INVITE, 1);
    add_finished(store, BETA, 8, "dead", AFP_FOLLOW_UP_INVITE, 1);
    assert_int_equal(afp_tenant_received(store->session, ACME, 55, NULL), APR_SUCCESS);
    assert_int_equal(afp_activity_summarise(store->session, ACME, &summary), APR_SUCCESS);
    assert_int_equal(summary.waiting, 2);
    assert_int_equal(summary.held, 1);
    assert_int_equal(summary.dead, 2);
    assert_int_equal(summary.uncertain, 1);
    assert_int_equal(summary.last_received_at, 55);
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
}

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
    const char *id = "00000000000000000000000000000005";
    afp_follow_up_t follow_up;
    char result[17];

    add_finished(store, ACME, 5, "uncertain", AFP_FOLLOW_UP_INVITE, 1);
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

static void the_latest_check_is_told_and_whether_one_is_open(void **state)
{
    store_t *store = *state;
    afp_check_state_t check;

    assert_int_equal(afp_activity_check(store->session, ACME, AFP_FOLLOW_UP_CHECK_PINPOINT, &check),
                     APR_SUCCESS);
    assert_string_equal(check.result, "");
    assert_false(check.open);
    add_finished(store, ACME, 1, "dead", AFP_FOLLOW_UP_CHECK_PINPOINT, 10);
    add_finished(store, ACME, 2, "done", AFP_FOLLOW_UP_CHECK_PINPOINT, 20);
    add_finished(store, ACME, 3, "dead", AFP_FOLLOW_UP_CHECK_ASSESSFIRST, 30);
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
        STORE_TEST(the_latest_of_all_are_listed_newest_first),
        STORE_TEST(what_the_module_does_by_itself_does_not_hide_invitations),
        STORE_TEST(no_more_are_listed_than_asked_for),
        STORE_TEST(the_summary_counts_what_waits_and_what_went_wrong),
        STORE_TEST(what_is_only_read_from_time_to_time_does_not_wait),
        STORE_TEST(parkings_of_the_tenant_and_of_its_token_are_shown),
        STORE_TEST(a_finished_follow_up_is_found_by_its_own_tenant),
        STORE_TEST(the_latest_check_is_told_and_whether_one_is_open),
    };

    return STORE_RUN(tests);
}
