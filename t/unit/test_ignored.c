#include "store_fixture.h"

#include "store/ignored.h"

#include <apr_strings.h>
#include <string.h>

#define SECOND APR_USEC_PER_SEC
#define REASON "a new application invites nobody here, because the status is \"Phone Screen\""

static const afp_event_names_t no_names;

/* By settings under which a new application is the trigger. */
static afp_ignored_t all_of(store_t *store)
{
    return (afp_ignored_t){
        .company_uuid = ACME,
        .id = "",
        .application_id = "",
        .until = store_now(store),
        .limit = 1000,
        .generation = store_generation(store, ACME),
        .status = "",
        .names = &no_names,
    };
}

static void decide(store_t *store, afp_ignored_t *ignored)
{
    assert_int_equal(afp_ignored_decide(store->session, ignored), APR_SUCCESS);
}

static apr_int64_t rows(store_t *store, const char *table)
{
    return store_number(store, "SELECT COUNT(*) FROM %s", table);
}

static const char *reason_of(store_t *store, const afp_delivery_t *delivery)
{
    return store_text(store, "SELECT ignored FROM afp_delivery WHERE id = '%s'", delivery->id);
}

static afp_delivery_t *add(store_t *store, int body)
{
    return store_add_ignored(store, ACME, body, store_now(store) - 60 * SECOND, REASON);
}

static void what_is_the_trigger_now_gets_its_follow_up(void **state)
{
    store_t *store = *state;
    afp_ignored_t all;
    const afp_delivery_t *delivery;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    delivery = add(store, 11);
    assert_int_equal(rows(store, "afp_follow_up"), 0);
    all = all_of(store);
    decide(store, &all);
    assert_int_equal(all.looked_at, 1);
    assert_int_equal(all.triggers, 1);
    assert_string_equal(reason_of(store, delivery), "");
    assert_int_equal(rows(store, "afp_ignored"), 0);
    follow_up = store_take(store, ACME);
    assert_string_equal(follow_up.kind, AFP_FOLLOW_UP_INVITE);
    assert_string_equal(follow_up.application_id, "11");
    assert_string_equal(follow_up.job_id, "7");
    assert_string_equal(follow_up.delivery_id, delivery->id);
    assert_int_equal(follow_up.occurrence, 1);

    all = all_of(store);
    decide(store, &all);
    assert_int_equal(all.looked_at, 0);
    assert_int_equal(rows(store, "afp_follow_up"), 1);
}

static void what_is_not_gets_the_reason_of_today(void **state)
{
    store_t *store = *state;
    afp_ignored_t all;
    const afp_delivery_t *created;
    const afp_delivery_t *other;

    store_add_tenant(store, ACME, "connected");
    created = add(store, 11);
    other = add(store, 12);
    store_sql(store, "UPDATE afp_delivery SET event = 'job_created' WHERE id = '%s'", other->id);
    all = all_of(store);
    all.status = "Interview";
    decide(store, &all);
    assert_int_equal(all.looked_at, 2);
    assert_int_equal(all.triggers, 0);
    assert_non_null(strstr(reason_of(store, created), "Interview"));
    assert_string_equal(reason_of(store, other), "the event \"job_created\" never invites anybody");
    assert_int_equal(rows(store, "afp_ignored"), 2);
    assert_int_equal(rows(store, "afp_follow_up"), 0);
}

static void a_trigger_without_application_stays_ignored(void **state)
{
    store_t *store = *state;
    afp_ignored_t all;
    const afp_delivery_t *delivery;

    store_add_tenant(store, ACME, "connected");
    delivery = add(store, 11);
    store_sql(store, "UPDATE afp_delivery SET application_id = ''");
    all = all_of(store);
    decide(store, &all);
    assert_string_equal(reason_of(store, delivery), "the event names no application");
    assert_int_equal(all.triggers, 0);
}

static void the_names_of_the_site_count(void **state)
{
    store_t *store = *state;
    apr_array_header_t *own = apr_array_make(store->pool, 1, sizeof(const char *));
    const afp_event_names_t names = {.new_application = own};
    afp_ignored_t all;

    APR_ARRAY_PUSH(own, const char *) = "candidate_arrived";
    store_add_tenant(store, ACME, "connected");
    add(store, 11);
    store_sql(store, "UPDATE afp_delivery SET event = 'Candidate arrived'");
    all = all_of(store);
    all.names = &names;
    decide(store, &all);
    assert_int_equal(all.triggers, 1);
}

static void one_of_them_is_decided_alone(void **state)
{
    store_t *store = *state;
    afp_ignored_t one;
    const afp_delivery_t *delivery;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    delivery = add(store, 11);
    add(store, 12);
    one = all_of(store);
    one.id = delivery->id;
    one.company_uuid = BETA;
    decide(store, &one);
    assert_int_equal(one.looked_at, 0);
    one.company_uuid = ACME;
    decide(store, &one);
    assert_int_equal(one.looked_at, 1);
    assert_int_equal(one.triggers, 1);
    assert_int_equal(rows(store, "afp_ignored"), 1);
}

static void what_was_erased_is_decided_no_more(void **state)
{
    store_t *store = *state;
    afp_ignored_t one;

    store_add_tenant(store, ACME, "connected");
    one = all_of(store);
    one.id = add(store, 11)->id;
    store_sql(store, "UPDATE afp_delivery SET ignored = '" AFP_DELIVERY_ERASED "'");
    decide(store, &one);
    assert_int_equal(one.looked_at, 0);
    assert_string_equal(store_text(store, "SELECT ignored FROM afp_delivery"), AFP_DELIVERY_ERASED);
}

static void those_of_an_application_are_decided_also_if_they_are_not_listed(void **state)
{
    store_t *store = *state;
    afp_ignored_t own;

    store_add_tenant(store, ACME, "connected");
    add(store, 11);
    add(store, 12);
    store_sql(store, "DELETE FROM afp_ignored");
    own = all_of(store);
    own.application_id = "12";
    assert_int_equal(afp_ignored_count(store->session, &own), APR_SUCCESS);
    assert_int_equal(own.count, 1);
    decide(store, &own);
    assert_int_equal(own.triggers, 1);
    assert_string_equal(store_text(store, "SELECT application_id FROM afp_follow_up"), "12");
}

static void all_of_many_are_counted_and_decided(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    afp_ignored_t all;

    store_add_tenant(store, ACME, "connected");
    for (int i = 1; i <= 1100; i++) {
        store_sql(
            store,
            "INSERT INTO afp_delivery (id, company_uuid, digest, event, application_id,"
            " job_id, triggered_at, received_at, length, ignored, guards) VALUES"
            " ('%032x', '" ACME "', '%d', '%s', '%d', '', 1, %" APR_INT64_T_FMT ", 1, 'No', 1)",
            (unsigned)i, i, i % 2 ? "application_created" : "job_created", i, now - SECOND + i / 3);
    }
    store_sql(store, "INSERT INTO afp_ignored (id, company_uuid, received_at)"
                     " SELECT id, company_uuid, received_at FROM afp_delivery");
    all = all_of(store);
    all.limit = 2000;
    assert_int_equal(afp_ignored_count(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 1100);
    assert_int_equal(all.oldest_at, now - SECOND);
    decide(store, &all);
    assert_int_equal(all.looked_at, 1100);
    assert_int_equal(all.triggers, 550);
    assert_int_equal(rows(store, "afp_follow_up"), 550);
    assert_int_equal(rows(store, "afp_ignored"), 550);
}

static void no_more_than_the_limit_and_none_that_came_later(void **state)
{
    store_t *store = *state;
    afp_ignored_t few;

    store_add_tenant(store, ACME, "connected");
    for (int i = 1; i <= 5; i++) {
        add(store, i);
    }
    few = all_of(store);
    few.limit = 2;
    assert_int_equal(afp_ignored_count(store->session, &few), APR_SUCCESS);
    assert_int_equal(few.count, 2);
    decide(store, &few);
    assert_int_equal(few.triggers, 2);
    few = all_of(store);
    few.until = 1;
    decide(store, &few);
    assert_int_equal(few.looked_at, 0);
    assert_int_equal(rows(store, "afp_follow_up"), 2);
}

static void nothing_is_decided_by_settings_of_before_or_without_a_connection(void **state)
{
    store_t *store = *state;
    afp_ignored_t all;

    store_add_tenant(store, ACME, "connected");
    add(store, 11);
    all = all_of(store);
    all.generation--;
    assert_int_equal(afp_ignored_decide(store->session, &all), APR_NOTFOUND);
    store_sql(store, "UPDATE afp_tenant SET state = 'disconnected'");
    all = all_of(store);
    assert_int_equal(afp_ignored_decide(store->session, &all), APR_NOTFOUND);
    assert_int_equal(rows(store, "afp_follow_up"), 0);
    assert_int_equal(rows(store, "afp_ignored"), 1);
    store_sql(store, "UPDATE afp_tenant SET state = 'paused'");
    decide(store, &all);
    assert_int_equal(rows(store, "afp_follow_up"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_is_the_trigger_now_gets_its_follow_up),
        STORE_TEST(what_is_not_gets_the_reason_of_today),
        STORE_TEST(a_trigger_without_application_stays_ignored),
        STORE_TEST(the_names_of_the_site_count),
        STORE_TEST(one_of_them_is_decided_alone),
        STORE_TEST(what_was_erased_is_decided_no_more),
        STORE_TEST(those_of_an_application_are_decided_also_if_they_are_not_listed),
        STORE_TEST(all_of_many_are_counted_and_decided),
        STORE_TEST(no_more_than_the_limit_and_none_that_came_later),
        STORE_TEST(nothing_is_decided_by_settings_of_before_or_without_a_connection),
    };

    return STORE_RUN(tests);
}
