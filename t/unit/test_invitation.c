#include "store_fixture.h"

#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

#define LEASE apr_time_from_sec(90)

static afp_invitation_begin_t wish(const afp_follow_up_t *follow_up)
{
    return (afp_invitation_begin_t){
        .follow_up = follow_up,
        .job_id = "7",
        .model_uuid = "model-1",
        .model_name = "Mod\xc3\xa8le \xf0\x9f\x8e\x93",
        .lease_time = LEASE,
    };
}

static afp_begin_t begin(store_t *store, afp_invitation_begin_t *wanted)
{
    assert_int_equal(afp_invitation_begin(store->session, wanted), APR_SUCCESS);
    return wanted->result;
}

static afp_begin_t begin_for(store_t *store, const afp_follow_up_t *follow_up, int resend)
{
    afp_invitation_begin_t wanted = wish(follow_up);

    wanted.resend = resend;
    return begin(store, &wanted);
}

static afp_invitation_t latest(store_t *store, const char *application_id)
{
    afp_invitation_t invitation;

    assert_int_equal(afp_invitation_latest(store->session, ACME, application_id, &invitation),
                     APR_SUCCESS);
    return invitation;
}

/* A claimed follow-up of application 11; earlier ones are gone. */
static afp_follow_up_t claimed(store_t *store)
{
    store_sql(store, "DELETE FROM afp_follow_up");
    store_add_follow_up(store, ACME, 1, "11", 1);
    return store_take(store, ACME);
}

static void end_with(store_t *store, const afp_follow_up_t *follow_up, const char *state)
{
    const afp_end_t end = {.kind = AFP_END_FINISH,
                           .result = "done",
                           .reason = "",
                           .invitation_state = state,
                           .candidate_id = "c-1"};

    assert_int_equal(afp_follow_up_end(store->session, follow_up, &end), APR_SUCCESS);
}

static void sending_is_written_down_before_anything_goes_out(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_invitation_begin_t wanted;
    afp_invitation_t invitation;

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    assert_int_equal(latest(store, "11").occurrence, 0);
    wanted = wish(&follow_up);
    assert_int_equal(begin(store, &wanted), AFP_BEGIN_GO);
    invitation = latest(store, "11");
    assert_int_equal(invitation.occurrence, 1);
    assert_string_equal(invitation.state, AFP_INVITATION_SENDING);
    assert_string_equal(invitation.model_uuid, "model-1");
    assert_string_equal(invitation.model_name, "Mod\xc3\xa8le \xf0\x9f\x8e\x93");
    assert_string_equal(invitation.candidate_id, "");
    assert_int_equal(invitation.resent, 0);
    assert_int_equal(invitation.sending_at, wanted.sending_at);
    assert_string_equal(store_text(store, "SELECT lease FROM afp_invitation"), follow_up.lease);
}

static void a_beginning_whose_commit_was_repeated_still_goes(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_invitation_begin_t first, second;

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    first = wish(&follow_up);
    second = wish(&follow_up);
    assert_int_equal(begin(store, &first), AFP_BEGIN_GO);
    assert_int_equal(begin(store, &second), AFP_BEGIN_GO);
    assert_int_equal(second.sending_at, first.sending_at);
}

static void without_the_lease_nothing_begins(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    store_sql(store, "UPDATE afp_follow_up SET lease = 'another'");
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_LOST);
    store_sql(store, "UPDATE afp_follow_up SET lease = '%s', state = 'ready'", follow_up.lease);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_LOST);
    store_sql(store, "DELETE FROM afp_follow_up");
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_LOST);
    store_sql(store, "DELETE FROM afp_tenant");
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_LOST);
    assert_int_equal(latest(store, "11").occurrence, 0);
}

static void an_application_is_invited_once(void **state)
{
    static const char *const sent[] = {AFP_INVITATION_SENDING, AFP_INVITATION_INVITED,
                                       AFP_INVITATION_UNCERTAIN};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(sent); i++) {
        afp_follow_up_t follow_up = claimed(store);

        store_sql(store, "DELETE FROM afp_invitation");
        assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
        end_with(store, &follow_up, sent[i]);
        follow_up = claimed(store);
        assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_ALREADY);
        assert_string_equal(latest(store, "11").state, sent[i]);
        assert_string_equal(latest(store, "11").candidate_id, "c-1");
    }
}

static void what_was_not_sent_may_be_tried_again(void **state)
{
    static const char *const unsent[] = {AFP_INVITATION_PLANNED, AFP_INVITATION_REFUSED};
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    for (size_t i = 0; i < COUNT_OF(unsent); i++) {
        afp_follow_up_t follow_up = claimed(store);
        afp_invitation_begin_t other;

        store_sql(store, "DELETE FROM afp_invitation");
        assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
        end_with(store, &follow_up, unsent[i]);
        follow_up = claimed(store);
        other = wish(&follow_up);
        other.model_uuid = "model-2";
        assert_int_equal(begin(store, &other), AFP_BEGIN_GO);
        assert_string_equal(latest(store, "11").model_uuid, "model-2");
        assert_int_equal(latest(store, "11").resent, 0);
        assert_int_equal(latest(store, "11").occurrence, 1);
    }
}

static void an_uncertain_one_is_sent_once_more_and_only_once(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 1), AFP_BEGIN_ALREADY);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
    end_with(store, &follow_up, AFP_INVITATION_INVITED);
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 1), AFP_BEGIN_ALREADY);
    store_sql(store, "UPDATE afp_invitation SET state = 'uncertain'");
    assert_int_equal(begin_for(store, &follow_up, 1), AFP_BEGIN_GO);
    assert_int_equal(latest(store, "11").resent, 1);
    end_with(store, &follow_up, AFP_INVITATION_UNCERTAIN);
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 1), AFP_BEGIN_ALREADY);
    assert_string_equal(latest(store, "11").state, AFP_INVITATION_UNCERTAIN);
}

static void only_a_higher_occurrence_invites_again(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_follow_up_t again = {.anyway = 1, .occurrence = 2};

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
    end_with(store, &follow_up, AFP_INVITATION_INVITED);

    apr_cpystrn(again.company_uuid, ACME, sizeof(again.company_uuid));
    apr_cpystrn(again.kind, AFP_FOLLOW_UP_INVITE, sizeof(again.kind));
    apr_cpystrn(again.application_id, "11", sizeof(again.application_id));
    assert_int_equal(afp_follow_up_add(store->session, &again), APR_SUCCESS);
    follow_up = store_take(store, ACME);
    assert_int_equal(follow_up.occurrence, 2);
    assert_int_equal(follow_up.anyway, 1);
    assert_string_equal(follow_up.id, again.id);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
    end_with(store, &follow_up, AFP_INVITATION_INVITED);
    assert_int_equal(latest(store, "11").occurrence, 2);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 2);

    /* One of the first occurrence comes too late. */
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_ALREADY);
}

static void applications_and_tenants_do_not_share_invitations(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_follow_up_t other;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
    store_add_follow_up(store, ACME, 2, "22", 1);
    store_add_follow_up(store, BETA, 3, "11", 1);
    other = store_take(store, ACME);
    assert_int_equal(begin_for(store, &other, 0), AFP_BEGIN_GO);
    other = store_take(store, BETA);
    assert_int_equal(begin_for(store, &other, 0), AFP_BEGIN_GO);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 3);
}

/* ---- at once ---- */

typedef struct {
    afp_follow_up_t follow_up;
    int different_leases;
    afp_begin_t results[8];
} race_t;

static apr_status_t begin_at_once(racer_t *racer)
{
    race_t *race = racer->baton;
    afp_follow_up_t own = race->follow_up;
    afp_invitation_begin_t wanted = wish(&own);
    apr_status_t rv;

    if (race->different_leases && racer->number) {
        own.lease[0] = 'z';
    }
    /* Several follow-ups of the application, as if the rule of one at a time had failed. */
    if (!race->different_leases) {
        apr_snprintf(own.id, sizeof(own.id), "%032x", (unsigned)racer->number + 1);
        apr_snprintf(own.lease, sizeof(own.lease), "lease-%d", racer->number);
    }
    rv = afp_invitation_begin(racer->session, &wanted);
    race->results[racer->number] = wanted.result;
    return rv;
}

static int count_results(const race_t *race, afp_begin_t result)
{
    int count = 0;
    int i;

    for (i = 0; i < 8; i++) {
        count += race->results[i] == result;
    }
    return count;
}

static void of_eight_only_the_holder_of_the_lease_begins(void **state)
{
    store_t *store = *state;
    race_t race = {.different_leases = 1};

    store_add_tenant(store, ACME, "connected");
    race.follow_up = claimed(store);
    store_race(store, 8, begin_at_once, &race);
    assert_int_equal(race.results[0], AFP_BEGIN_GO);
    assert_int_equal(count_results(&race, AFP_BEGIN_LOST), 7);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 1);
}

static void of_eight_with_leases_of_their_own_exactly_one_goes(void **state)
{
    store_t *store = *state;
    race_t race = {.different_leases = 0};
    int i;

    store_add_tenant(store, ACME, "connected");
    for (i = 0; i < 8; i++) {
        store_add_follow_up(store, ACME, i + 1, "11", 1);
        store_sql(store,
                  "UPDATE afp_follow_up SET state = 'leased', lease = 'lease-%d' WHERE lease = ''",
                  i);
    }
    apr_cpystrn(race.follow_up.company_uuid, ACME, sizeof(race.follow_up.company_uuid));
    apr_cpystrn(race.follow_up.application_id, "11", sizeof(race.follow_up.application_id));
    race.follow_up.occurrence = 1;
    store_race(store, 8, begin_at_once, &race);
    assert_int_equal(count_results(&race, AFP_BEGIN_GO), 1);
    assert_int_equal(count_results(&race, AFP_BEGIN_ALREADY), 7);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 1);
    assert_null(strstr(store->log, "AFP0101"));
}

static void the_one_that_went_out_last_is_told_apart_from_later_tries(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_invitation_t sent;

    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_invitation_sent(store->session, ACME, "11", &sent), APR_SUCCESS);
    assert_int_equal(sent.occurrence, 0);
    for (int occurrence = 1; occurrence <= 3; occurrence++) {
        follow_up = claimed(store);
        follow_up.occurrence = occurrence;
        assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
        end_with(store, &follow_up,
                 occurrence < 3 ? AFP_INVITATION_INVITED : AFP_INVITATION_REFUSED);
    }
    assert_int_equal(latest(store, "11").occurrence, 3);
    assert_int_equal(afp_invitation_sent(store->session, ACME, "11", &sent), APR_SUCCESS);
    assert_int_equal(sent.occurrence, 2);
    assert_string_equal(sent.state, AFP_INVITATION_INVITED);
    assert_int_equal(afp_invitation_sent(store->session, ACME, "12", &sent), APR_SUCCESS);
    assert_int_equal(sent.occurrence, 0);
}

static void a_candidate_who_was_looked_up_is_noted_under_the_lease(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    follow_up = claimed(store);
    assert_int_equal(begin_for(store, &follow_up, 0), AFP_BEGIN_GO);
    end_with(store, &follow_up, AFP_INVITATION_INVITED);
    follow_up = claimed(store);
    assert_int_equal(afp_invitation_note_candidate(store->session, &follow_up, 1, "c-2"),
                     APR_SUCCESS);
    assert_string_equal(latest(store, "11").candidate_id, "c-2");
    assert_int_equal(afp_invitation_note_candidate(store->session, &follow_up, 2, "c-3"),
                     APR_SUCCESS);
    assert_string_equal(latest(store, "11").candidate_id, "c-2");
    store_sql(store, "UPDATE afp_follow_up SET lease = 'somebody-else'");
    assert_int_equal(afp_invitation_note_candidate(store->session, &follow_up, 1, "c-4"),
                     APR_NOTFOUND);
    assert_string_equal(latest(store, "11").candidate_id, "c-2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(sending_is_written_down_before_anything_goes_out),
        STORE_TEST(a_beginning_whose_commit_was_repeated_still_goes),
        STORE_TEST(without_the_lease_nothing_begins),
        STORE_TEST(an_application_is_invited_once),
        STORE_TEST(what_was_not_sent_may_be_tried_again),
        STORE_TEST(an_uncertain_one_is_sent_once_more_and_only_once),
        STORE_TEST(only_a_higher_occurrence_invites_again),
        STORE_TEST(applications_and_tenants_do_not_share_invitations),
        STORE_TEST(the_one_that_went_out_last_is_told_apart_from_later_tries),
        STORE_TEST(a_candidate_who_was_looked_up_is_noted_under_the_lease),
        STORE_TEST(of_eight_only_the_holder_of_the_lease_begins),
        STORE_TEST(of_eight_with_leases_of_their_own_exactly_one_goes),
    };

    return STORE_RUN(tests);
}
