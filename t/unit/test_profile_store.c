#include "store_fixture.h"

#include "store/profile.h"

#include <apr_strings.h>
#include <string.h>

#define BIT(field) (1u << (field))
#define ALL        (BIT(AFP_PROFILE_FIELDS) - 1)

static afp_follow_up_t take(store_t *store)
{
    store_add_tenant(store, ACME, "connected");
    store_add_kind(store, ACME, 1, AFP_FOLLOW_UP_WRITE_BACK, "11", AFP_PRIORITY_WORK, 1);
    return store_take(store, ACME);
}

/* The next run of it, with a lease of its own. */
static afp_follow_up_t take_again(store_t *store, const afp_follow_up_t *follow_up)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = ""};

    store_end(store, follow_up, &again);
    return store_take(store, ACME);
}

static void lose_lease(store_t *store)
{
    store_sql(store, "UPDATE afp_follow_up SET state = 'ready', lease = '', due_at = 1");
}

/* ---- what was written ---- */

static void fill(afp_written_t written[AFP_PROFILE_FIELDS], const char *value)
{
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        apr_snprintf(written[i].attribute_id, sizeof(written[i].attribute_id), "%d", 100 + i);
        apr_snprintf(written[i].value, sizeof(written[i].value), "%s %d", value, i);
    }
}

static void read_written(store_t *store, afp_written_t written[AFP_PROFILE_FIELDS])
{
    memset(written, 'x', sizeof(*written) * AFP_PROFILE_FIELDS);
    assert_int_equal(afp_profile_written(store->session, ACME, "11", written), APR_SUCCESS);
}

static void fields_that_were_never_written_are_empty(void **state)
{
    store_t *store = *state;
    afp_written_t written[AFP_PROFILE_FIELDS];

    read_written(store, written);
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        assert_string_equal(written[i].attribute_id, "");
        assert_string_equal(written[i].value, "");
    }
}

static void what_was_written_is_remembered_field_by_field(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_written_t written[AFP_PROFILE_FIELDS];
    afp_written_t read[AFP_PROFILE_FIELDS];

    fill(written, "first");
    assert_int_equal(afp_profile_note(store->session, &follow_up, ALL, written), APR_SUCCESS);
    read_written(store, read);
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        assert_string_equal(read[i].attribute_id, written[i].attribute_id);
        assert_string_equal(read[i].value, written[i].value);
    }
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written WHERE written_at > 0"),
                     AFP_PROFILE_FIELDS);

    fill(written, "second");
    written[AFP_FIELD_STATUS].value[0] = '\0';
    assert_int_equal(afp_profile_note(store->session, &follow_up,
                                      BIT(AFP_FIELD_STATUS) | BIT(AFP_FIELD_RESULTS), written),
                     APR_SUCCESS);
    read_written(store, read);
    assert_string_equal(read[AFP_FIELD_STATUS].value, "");
    assert_string_equal(read[AFP_FIELD_STATUS].attribute_id, "100");
    assert_string_equal(read[AFP_FIELD_SCORE].value, "first 1");
    assert_string_equal(read[AFP_FIELD_RESULTS].value, "second 6");
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), AFP_PROFILE_FIELDS);
}

static void the_longest_value_fits(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_written_t written[AFP_PROFILE_FIELDS];
    afp_written_t read[AFP_PROFILE_FIELDS];

    memset(written, 0, sizeof(written));
    memset(written[AFP_FIELD_RESULTS].value, 'v', AFP_PROFILE_VALUE_LIMIT);
    memset(written[AFP_FIELD_RESULTS].attribute_id, '9', 20);
    assert_int_equal(afp_profile_note(store->session, &follow_up, BIT(AFP_FIELD_RESULTS), written),
                     APR_SUCCESS);
    read_written(store, read);
    assert_string_equal(read[AFP_FIELD_RESULTS].value, written[AFP_FIELD_RESULTS].value);
    assert_string_equal(read[AFP_FIELD_RESULTS].attribute_id, "99999999999999999999");
}

static void who_lost_his_lease_notes_nothing(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_written_t written[AFP_PROFILE_FIELDS];

    fill(written, "late");
    lose_lease(store);
    assert_int_equal(afp_profile_note(store->session, &follow_up, ALL, written), APR_NOTFOUND);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 0);
}

static void of_several_fields_all_are_noted_or_none(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_written_t written[AFP_PROFILE_FIELDS];

    fill(written, "value");
    /* The last of them meets a row that is in its way. */
    store_sql(store, "CREATE UNIQUE INDEX afp_test ON afp_written (value)");
    apr_cpystrn(written[AFP_FIELD_RESULTS].value, written[AFP_FIELD_STATUS].value,
                sizeof(written[0].value));
    assert_int_equal(afp_profile_note(store->session, &follow_up, ALL, written), APR_EGENERAL);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 0);
    store_sql(store, store_is(store, "mysql") ? "DROP INDEX afp_test ON afp_written"
                                              : "DROP INDEX afp_test");
    assert_int_equal(afp_profile_note(store->session, &follow_up, ALL, written), APR_SUCCESS);
}

/* ---- comments ---- */

static afp_comment_begin_t begin_for(store_t *store, const afp_follow_up_t *follow_up,
                                     const char *purpose)
{
    afp_comment_begin_t begin;

    assert_int_equal(afp_comment_begin(store->session, follow_up, purpose, &begin), APR_SUCCESS);
    return begin;
}

static afp_comment_begin_t begin(store_t *store, const afp_follow_up_t *follow_up)
{
    return begin_for(store, follow_up, AFP_COMMENT_COMPLETED);
}

static int is_there(store_t *store, const afp_follow_up_t *follow_up)
{
    int there = -1;

    assert_int_equal(afp_comment_is_there(store->session, follow_up, AFP_COMMENT_COMPLETED, &there),
                     APR_SUCCESS);
    return there;
}

static apr_status_t end_with(store_t *store, const afp_follow_up_t *follow_up,
                             afp_comment_end_t end)
{
    return afp_comment_end(store->session, follow_up, AFP_COMMENT_COMPLETED, end);
}

static void a_comment_is_added_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    assert_false(is_there(store, &follow_up));
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
    assert_string_equal(store_text(store, "SELECT state FROM afp_comment"), "adding");
    assert_false(is_there(store, &follow_up));
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_ADDED), APR_SUCCESS);
    assert_true(is_there(store, &follow_up));
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_THERE);
    follow_up = take_again(store, &follow_up);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_THERE);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_comment"), 1);
}

static void after_an_unknown_outcome_the_next_one_looks_first(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
    follow_up = take_again(store, &follow_up);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_LOOK);
    /* Also if the database did not say that it had answered so already. */
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_LOOK);
    follow_up = take_again(store, &follow_up);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_LOOK);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_ADDED), APR_SUCCESS);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_THERE);
}

static void a_repeated_transaction_does_not_take_itself_for_another(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
}

static void what_did_not_go_out_is_no_try(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    begin(store, &follow_up);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_NOT_ADDED), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_comment"), 0);
    follow_up = take_again(store, &follow_up);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_ADDED), APR_SUCCESS);
    /* What is there stays. */
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_NOT_ADDED), APR_SUCCESS);
    assert_true(is_there(store, &follow_up));
}

static void each_purpose_and_invitation_has_its_own(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    int there = -1;

    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_ADDED), APR_SUCCESS);
    assert_int_equal(afp_comment_is_there(store->session, &follow_up, AFP_COMMENT_NO_MODEL, &there),
                     APR_SUCCESS);
    assert_int_equal(there, 0);
    assert_int_equal(begin_for(store, &follow_up, AFP_COMMENT_NO_MODEL), AFP_COMMENT_ADD);
    follow_up.occurrence = 2;
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_ADD);
}

static int others(store_t *store, const afp_follow_up_t *follow_up)
{
    int number = -1;

    assert_int_equal(
        afp_comment_count_others(store->session, follow_up, AFP_COMMENT_COMPLETED, &number),
        APR_SUCCESS);
    return number;
}

static void the_comments_of_other_invitations_are_counted(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_follow_up_t other = follow_up;

    other.occurrence = 2;
    begin(store, &follow_up);
    assert_int_equal(others(store, &other), 0);
    end_with(store, &follow_up, AFP_COMMENT_ADDED);
    assert_int_equal(others(store, &other), 1);
    assert_int_equal(others(store, &follow_up), 0);
    begin_for(store, &follow_up, AFP_COMMENT_NO_MODEL);
    afp_comment_end(store->session, &follow_up, AFP_COMMENT_NO_MODEL, AFP_COMMENT_ADDED);
    assert_int_equal(others(store, &other), 1);
    apr_cpystrn(other.application_id, "4711999", sizeof(other.application_id));
    assert_int_equal(others(store, &other), 0);
}

static void who_lost_his_lease_comments_nothing(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    lose_lease(store);
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_LOST);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_comment"), 0);
    follow_up = store_take(store, ACME);
    begin(store, &follow_up);
    lose_lease(store);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_ADDED), APR_NOTFOUND);
    assert_int_equal(end_with(store, &follow_up, AFP_COMMENT_NOT_ADDED), APR_NOTFOUND);
    assert_string_equal(store_text(store, "SELECT state FROM afp_comment"), "adding");
    store_sql(store, "DELETE FROM afp_tenant");
    assert_int_equal(begin(store, &follow_up), AFP_COMMENT_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(fields_that_were_never_written_are_empty),
        STORE_TEST(what_was_written_is_remembered_field_by_field),
        STORE_TEST(the_longest_value_fits),
        STORE_TEST(who_lost_his_lease_notes_nothing),
        STORE_TEST(of_several_fields_all_are_noted_or_none),
        STORE_TEST(a_comment_is_added_once),
        STORE_TEST(after_an_unknown_outcome_the_next_one_looks_first),
        STORE_TEST(a_repeated_transaction_does_not_take_itself_for_another),
        STORE_TEST(what_did_not_go_out_is_no_try),
        STORE_TEST(each_purpose_and_invitation_has_its_own),
        STORE_TEST(the_comments_of_other_invitations_are_counted),
        STORE_TEST(who_lost_his_lease_comments_nothing),
    };

    return STORE_RUN(tests);
}
