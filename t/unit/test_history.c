#include "store_fixture.h"

#include "store/activity.h"
#include "store/history.h"

#include <apr_strings.h>
#include <string.h>

#define SECOND APR_USEC_PER_SEC

static afp_history_t read_history(store_t *store, const char *application_id)
{
    afp_history_t history;

    assert_int_equal(afp_history_read(store->session, ACME, application_id, store->pool, &history),
                     APR_SUCCESS);
    return history;
}

static const afp_history_entry_t *entry(const afp_history_t *history, int index)
{
    assert_true(index < history->entries->nelts);
    return &APR_ARRAY_IDX(history->entries, index, afp_history_entry_t);
}

static void add_attempt(store_t *store, const char *happened, apr_time_t at)
{
    store_sql(store,
              "INSERT INTO afp_attempt (company_uuid, application_id, follow_up_id, at, kind,"
              " attempt, happened, reason) VALUES ('" ACME "', '11', 'f', %" APR_INT64_T_FMT
              ", 'invite', 1, '%s', 'no answer')",
              at, happened);
}

static void add_invitation(store_t *store, int occurrence, const char *state, apr_time_t at)
{
    store_sql(store,
              "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state,"
              " lease, model_uuid, model_name, candidate_id, resent, delivery_id, sending_at,"
              " updated_at) VALUES ('" ACME "', '11', %d, '7', '%s', '', 'm', 'Sales', 'c', 0,"
              " '', %" APR_INT64_T_FMT ", 1)",
              occurrence, state, at);
}

/* A delivery of application 11 that is the trigger, without its follow-up. */
static void add_delivery(store_t *store, apr_time_t received_at)
{
    store_add_ignored(store, ACME, 11, received_at, "");
    store_sql(store, "DELETE FROM afp_follow_up");
}

static void everything_is_told_in_the_order_of_time(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    afp_history_t history;

    add_delivery(store, now - 50 * SECOND);
    add_attempt(store, "again", now - 49 * SECOND);
    add_attempt(store, "held", now - 40 * SECOND);
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "invited", now - 30 * SECOND);
    add_invitation(store, 1, "invited", now - 31 * SECOND);
    store_add_follow_up(store, ACME, 2, "11", 100);
    store_sql(store, "UPDATE afp_follow_up SET kind = 'read-results', priority = 2");
    store_sql(store, "INSERT INTO afp_assessment (company_uuid, application_id, occurrence,"
                     " progress, finished, wanted, swipe, drive, brain, voice, score, link, polls,"
                     " read_at, failure, closed) VALUES ('" ACME "', '11', 1, 'started', 1, 7, 50,"
                     " -1, -1, -1, -1, '', 1, 9, '', '')");
    /* Of others. */
    store_add_finished(store, BETA, 3, AFP_FOLLOW_UP_INVITE, "dead", now);
    store_add_ignored(store, ACME, 12, now, "Not the trigger");

    history = read_history(store, "11");
    assert_int_equal(history.entries->nelts, 5);
    assert_false(history.is_cut);
    assert_int_equal(entry(&history, 0)->what, AFP_HISTORY_DELIVERY);
    assert_string_equal(entry(&history, 0)->kind, "application_created");
    assert_string_equal(entry(&history, 0)->state, "");
    assert_int_equal(entry(&history, 1)->what, AFP_HISTORY_ATTEMPT);
    assert_string_equal(entry(&history, 1)->state, "again");
    assert_string_equal(entry(&history, 1)->reason, "no answer");
    assert_int_equal(entry(&history, 1)->attempts, 1);
    assert_string_equal(entry(&history, 2)->state, "held");
    assert_int_equal(entry(&history, 3)->what, AFP_HISTORY_FINISHED);
    assert_string_equal(entry(&history, 3)->state, "invited");
    assert_int_equal(entry(&history, 3)->at, now - 30 * SECOND);
    assert_int_equal(entry(&history, 4)->what, AFP_HISTORY_OPEN);
    assert_string_equal(entry(&history, 4)->kind, "read-results");
    assert_string_equal(entry(&history, 4)->state, "waiting");

    assert_int_equal(history.verdict, AFP_VERDICT_INVITED);
    assert_ptr_equal(history.decisive, entry(&history, 3));
    assert_string_equal(history.job_id, "7");
    assert_string_equal(history.invitation.model_name, "Sales");
    assert_int_equal(history.assessment.results.progress, AFP_PROGRESS_STARTED);
}

static void of_an_application_that_nobody_told_of_nothing_is_known(void **state)
{
    store_t *store = *state;
    afp_history_t history = read_history(store, "4711");

    assert_int_equal(history.entries->nelts, 0);
    assert_int_equal(history.verdict, AFP_VERDICT_UNKNOWN);
    assert_null(history.decisive);
    assert_string_equal(history.job_id, "");
    assert_int_equal(history.invitation.occurrence, 0);
    assert_int_equal(history.assessment.occurrence, 0);
}

static void each_later_fact_outweighs_the_former(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    afp_history_t history;

    /* Only ignored: the latest reason. */
    store_add_ignored(store, ACME, 11, now - 90 * SECOND, "First");
    store_sql(store, "UPDATE afp_delivery SET digest = id");
    store_add_ignored(store, ACME, 11, now - 80 * SECOND, "Second");
    history = read_history(store, "11");
    assert_int_equal(history.verdict, AFP_VERDICT_IGNORED);
    assert_string_equal(history.decisive->reason, "Second");

    /* A follow-up that said no, before the latest ignored one; then one that failed. */
    store_add_finished(store, ACME, 1, AFP_FOLLOW_UP_INVITE, "skipped", now - 85 * SECOND);
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_SKIPPED);
    store_add_finished(store, ACME, 2, AFP_FOLLOW_UP_INVITE, "dead", now - 70 * SECOND);
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_DEAD);
    store_add_finished(store, ACME, 3, AFP_FOLLOW_UP_INVITE, "skipped", now - 60 * SECOND);
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_SKIPPED);

    /* One that nobody knows the end of, whatever followed. */
    store_add_finished(store, ACME, 4, AFP_FOLLOW_UP_INVITE, "uncertain", now - 75 * SECOND);
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_UNCERTAIN);
    store_sql(store, "UPDATE afp_finished SET result = 'repeated' WHERE result = 'uncertain'");
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_SKIPPED);

    /* One that is under way, and what was written to the profile. */
    store_add_follow_up(store, ACME, 5, "11", 1);
    history = read_history(store, "11");
    assert_int_equal(history.verdict, AFP_VERDICT_OPEN);
    assert_string_equal(history.decisive->state, "waiting");
    store_sql(store, "UPDATE afp_follow_up SET kind = 'write-back'");
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_SKIPPED);
    store_sql(store, "UPDATE afp_follow_up SET kind = 'invite', state = 'held'");
    assert_string_equal(read_history(store, "11").decisive->state, "held");

    /* An invitation whose follow-up is forgotten. */
    add_invitation(store, 1, "invited", now - 9000 * SECOND);
    history = read_history(store, "11");
    assert_int_equal(history.verdict, AFP_VERDICT_INVITED);
    assert_int_equal(history.decisive->what, AFP_HISTORY_INVITED);
    assert_string_equal(history.decisive->reason, "Sales");
    assert_ptr_equal(history.decisive, entry(&history, 0));
}

static void an_invitation_that_did_not_go_out_is_none(void **state)
{
    store_t *store = *state;

    add_invitation(store, 1, "uncertain", 1);
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_UNKNOWN);
    store_sql(store, "UPDATE afp_invitation SET state = 'refused'");
    assert_int_equal(read_history(store, "11").verdict, AFP_VERDICT_UNKNOWN);
}

static void a_long_history_is_cut_at_its_beginning(void **state)
{
    store_t *store = *state;
    apr_time_t now = store_now(store);
    afp_history_t history;

    for (int i = 0; i < 55; i++) {
        store_add_finished(store, ACME, i, AFP_FOLLOW_UP_INVITE, "skipped",
                           now - (100 - i) * SECOND);
        add_attempt(store, "again", now - (200 - i) * SECOND);
        store_add_follow_up(store, ACME, i, "11", i);
    }
    history = read_history(store, "11");
    assert_int_equal(history.entries->nelts, AFP_HISTORY_LIMIT);
    assert_true(history.is_cut);
    assert_int_equal(entry(&history, 0)->what, AFP_HISTORY_FINISHED);
    assert_int_equal(entry(&history, 0)->at, now - 95 * SECOND);
    assert_int_equal(entry(&history, 99)->what, AFP_HISTORY_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(everything_is_told_in_the_order_of_time),
        STORE_TEST(of_an_application_that_nobody_told_of_nothing_is_known),
        STORE_TEST(each_later_fact_outweighs_the_former),
        STORE_TEST(an_invitation_that_did_not_go_out_is_none),
        STORE_TEST(a_long_history_is_cut_at_its_beginning),
    };

    return STORE_RUN(tests);
}
