#include "store_fixture.h"

#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

static apr_status_t repeat(store_t *store, const char *id, const char *result, int anyway,
                           afp_follow_up_t *follow_up)
{
    return afp_follow_up_repeat(store->session, ACME, id, result, anyway, follow_up);
}

static apr_int64_t open_ones(store_t *store)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE state = 'ready'");
}

static const char *result_of(store_t *store, const char *id)
{
    return store_text(store, "SELECT result FROM afp_finished WHERE id = '%s'", id);
}

static void add_invitation(store_t *store, int occurrence, const char *state)
{
    store_sql(store,
              "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state,"
              " lease, model_uuid, model_name, candidate_id, resent, delivery_id, sending_at,"
              " updated_at) VALUES ('" ACME "', '11', %d, '', '%s', '', '', '', '', 0, '', 1, 1)",
              occurrence, state);
}

/* ---- one ---- */

static void what_is_dead_is_repeated_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    const char *id;

    store_add_tenant(store, ACME, "connected");
    id = store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "dead", 1);
    assert_int_equal(repeat(store, id, "skipped", 0, &follow_up), APR_NOTFOUND);
    assert_int_equal(repeat(store, id, "dead", 0, &follow_up), APR_SUCCESS);
    assert_string_not_equal(follow_up.id, id);
    assert_string_equal(result_of(store, id), "repeated");
    assert_string_equal(store_text(store, "SELECT id FROM afp_follow_up"), follow_up.id);
    assert_string_equal(store_text(store, "SELECT application_id FROM afp_follow_up"), "11");
    assert_string_equal(store_text(store, "SELECT job_id FROM afp_follow_up"), "7");
    assert_string_equal(store_text(store, "SELECT delivery_id FROM afp_follow_up"), "d");
    assert_int_equal(store_number(store, "SELECT anyway FROM afp_follow_up"), 0);
    assert_int_equal(repeat(store, id, "dead", 0, &follow_up), APR_NOTFOUND);
    assert_int_equal(open_ones(store), 1);
    assert_string_equal(store_take(store, ACME).id,
                        store_text(store, "SELECT id FROM afp_follow_up"));
}

static void what_was_skipped_is_repeated_anyway(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    const char *id;

    store_add_tenant(store, ACME, "paused");
    id = store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "skipped", 1);
    assert_int_equal(repeat(store, id, "skipped", 1, &follow_up), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT anyway FROM afp_follow_up"), 1);
    assert_string_equal(result_of(store, id), "skipped");
}

static void nothing_is_repeated_for_others_or_without_a_connection(void **state)
{
    static const char *const states[] = {"created", "disconnected"};
    store_t *store = *state;
    afp_follow_up_t follow_up;
    const char *id = store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "dead", 1);
    const char *check = store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_CHECK_PINPOINT, "dead", 1);

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    assert_int_equal(afp_follow_up_repeat(store->session, BETA, id, "dead", 0, &follow_up),
                     APR_NOTFOUND);
    assert_int_equal(repeat(store, check, "dead", 0, &follow_up), APR_NOTFOUND);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        store_sql(store, "UPDATE afp_tenant SET state = '%s'", states[i]);
        assert_int_equal(repeat(store, id, "dead", 0, &follow_up), APR_NOTFOUND);
    }
    assert_int_equal(open_ones(store), 0);
}

static void a_later_invitation_is_taken_up_where_it_stands(void **state)
{
    static const struct {
        const char *state;
        apr_status_t rv;
    } invitations[] = {{"planned", APR_SUCCESS},
                       {"refused", APR_SUCCESS},
                       {"invited", APR_NOTFOUND},
                       {"uncertain", APR_NOTFOUND},
                       {"sending", APR_NOTFOUND}};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_invitation(store, 1, "invited");
    add_invitation(store, 3, "planned");
    for (size_t i = 0; i < COUNT_OF(invitations); i++) {
        const char *id = store_add_finished(store, ACME, (int)i, AFP_FOLLOW_UP_INVITE, "dead", 1);
        afp_follow_up_t follow_up;

        store_sql(store, "UPDATE afp_finished SET occurrence = 2");
        store_sql(store, "UPDATE afp_invitation SET state = '%s' WHERE occurrence = 3",
                  invitations[i].state);
        assert_int_equal(repeat(store, id, "dead", 0, &follow_up), invitations[i].rv);
        if (invitations[i].rv == APR_SUCCESS) {
            assert_int_equal(follow_up.occurrence, 3);
        } else {
            assert_string_equal(result_of(store, id), "dead");
        }
    }
    assert_int_equal(open_ones(store), 2);
}

static void of_a_write_back_there_is_only_one(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_follow_up_t again;

    store_add_tenant(store, ACME, "connected");
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_WRITE_BACK, "dead", 1);
    store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_WRITE_BACK, "dead", 2);
    store_sql(store, "UPDATE afp_finished SET application_id = '11'");
    assert_int_equal(repeat(store, apr_psprintf(store->pool, "%032x", 1U), "dead", 0, &follow_up),
                     APR_SUCCESS);
    assert_int_equal(repeat(store, apr_psprintf(store->pool, "%032x", 2U), "dead", 0, &again),
                     APR_SUCCESS);
    assert_string_equal(again.id, follow_up.id);
    assert_int_equal(open_ones(store), 1);
    assert_int_equal(store_number(store, "SELECT priority FROM afp_follow_up"), 0);
}

/* ---- all that are dead ---- */

static void add_dead(store_t *store, int count)
{
    for (int i = 0; i < count; i++) {
        store_add_finished(store, ACME, 100 + i, AFP_FOLLOW_UP_INVITE, "dead", 10 + i);
        store_sql(store, "UPDATE afp_finished SET application_id = '%d' WHERE id = '%032x'",
                  i % 2 ? 11 : 100 + i, (unsigned)(100 + i));
    }
}

static void all_that_are_dead_are_counted_and_repeated(void **state)
{
    afp_repeat_t all = {.company_uuid = ACME, .application_id = "", .limit = 1000};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_dead(store, 450);
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT, "dead", 1);
    store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_INVITE, "skipped", 1);
    store_add_finished(store, BETA, 3, AFP_FOLLOW_UP_INVITE, "dead", 1);
    assert_int_equal(afp_follow_up_count_dead(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 450);
    assert_true(all.until > 1000000);
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 450);
    assert_int_equal(open_ones(store), 450);
    assert_int_equal(
        store_number(store, "SELECT COUNT(*) FROM afp_finished WHERE result = 'repeated'"), 450);
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 0);
    assert_int_equal(afp_follow_up_count_dead(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 0);
}

static void only_those_that_were_counted_are_repeated_and_only_so_many(void **state)
{
    afp_repeat_t some = {.company_uuid = ACME, .application_id = "", .until = 19, .limit = 1000};
    afp_repeat_t few = {.company_uuid = ACME, .application_id = "", .until = 1000, .limit = 3};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_dead(store, 20);
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &some), APR_SUCCESS);
    assert_int_equal(some.count, 10);
    assert_int_equal(afp_follow_up_count_dead(store->session, &few), APR_SUCCESS);
    assert_int_equal(few.count, 3);
    few.until = 1000;
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &few), APR_SUCCESS);
    assert_int_equal(few.count, 3);
    /* The longest dead first. */
    assert_int_equal(store_number(store, "SELECT MIN(finished_at) FROM afp_finished"
                                         " WHERE result = 'dead'"),
                     23);
}

static void only_those_of_an_application_are_repeated(void **state)
{
    afp_repeat_t own = {.company_uuid = ACME, .application_id = "11", .limit = 1000};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    add_dead(store, 20);
    assert_int_equal(afp_follow_up_count_dead(store->session, &own), APR_SUCCESS);
    assert_int_equal(own.count, 10);
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &own), APR_SUCCESS);
    assert_int_equal(own.count, 10);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"
                                         " WHERE application_id = '11'"),
                     10);
    assert_int_equal(open_ones(store), 10);
}

static void what_was_sent_otherwise_is_no_longer_dead(void **state)
{
    afp_repeat_t all = {.company_uuid = ACME, .application_id = "", .until = 1000, .limit = 1000};
    store_t *store = *state;
    const char *id;

    store_add_tenant(store, ACME, "connected");
    id = store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "dead", 1);
    store_sql(store, "UPDATE afp_finished SET occurrence = 2");
    add_invitation(store, 2, "invited");
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &all), APR_SUCCESS);
    assert_int_equal(all.count, 0);
    assert_string_equal(result_of(store, id), "repeated");
    assert_int_equal(open_ones(store), 0);
}

static void a_disconnected_tenant_repeats_nothing(void **state)
{
    afp_repeat_t all = {.company_uuid = ACME, .application_id = "", .until = 1000, .limit = 1000};
    store_t *store = *state;

    store_add_tenant(store, ACME, "disconnected");
    add_dead(store, 3);
    assert_int_equal(afp_follow_up_repeat_dead(store->session, &all), APR_NOTFOUND);
    assert_int_equal(open_ones(store), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_is_dead_is_repeated_once),
        STORE_TEST(what_was_skipped_is_repeated_anyway),
        STORE_TEST(nothing_is_repeated_for_others_or_without_a_connection),
        STORE_TEST(a_later_invitation_is_taken_up_where_it_stands),
        STORE_TEST(of_a_write_back_there_is_only_one),
        STORE_TEST(all_that_are_dead_are_counted_and_repeated),
        STORE_TEST(only_those_that_were_counted_are_repeated_and_only_so_many),
        STORE_TEST(only_those_of_an_application_are_repeated),
        STORE_TEST(what_was_sent_otherwise_is_no_longer_dead),
        STORE_TEST(a_disconnected_tenant_repeats_nothing),
    };

    return STORE_RUN(tests);
}
