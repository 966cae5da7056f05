#include "core/reason.h"
#include "core/text.h"
#include "store/assessment.h"
#include "store/invitation.h"
#include "work/model_choice.h"
#include "work/write_back.h"

#include <apr_strings.h>
#include <string.h>

/* The invite follow-up (design section 5): read the application and the job's model, check, write
 * *sending* down, send once; after an uncertain end look the candidate up. */

#define MISSING_TRIES 3

typedef struct {
    const afp_job_t *job;
    afp_pinpoint_t pinpoint;
    afp_assessfirst_t assessfirst;
    afp_invitation_t invitation; /* the latest one that is written down */
    const afp_application_t *application;
    const char *job_id;
    const char *locale;
    afp_chosen_model_t model;
    const char *failure; /* for the profile, unless the end is a dead letter */
} invite_t;

/* ---- reading ---- */

/* An unknown application may only be new: it is tried three times over the configured time. */
static void application_missing(const invite_t *invite, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    const char *id = job->follow_up->application_id;

    if (job->follow_up->missing + 1 >= MISSING_TRIES) {
        afp_job_finish(end, "skipped",
                       strcmp(id, "1") ? apr_psprintf(job->pool, AFP_SENTENCE_UNKNOWN, id)
                                       : apr_psprintf(job->pool, AFP_SENTENCE_TEST_EVENT, id));
        return;
    }
    afp_job_again(end, job->site->retry.missing / (MISSING_TRIES - 1),
                  apr_psprintf(job->pool, AFP_SENTENCE_UNKNOWN_YET, id));
    end->missing = 1;
}

/* 1 if the application is there; otherwise 0 and *end. */
static int read_application(invite_t *invite, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    afp_outcome_t outcome;

    invite->application =
        afp_pinpoint_application(&invite->pinpoint, job->follow_up->application_id, &outcome);
    if (outcome.kind == AFP_OUTCOME_MISSING) {
        application_missing(invite, end);
        return 0;
    }
    if (!invite->application) {
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    invite->job_id =
        *invite->application->job_id ? invite->application->job_id : job->follow_up->job_id;
    invite->locale = afp_application_locale(invite->application->locale, job->tenant->locale);
    return 1;
}

/* NULL if the application may be invited now, otherwise why not. */
static const char *why_not(const invite_t *invite)
{
    const afp_job_t *job = invite->job;
    const char *reason = NULL;

    return afp_application_check(job->pool, invite->application, job->tenant->status,
                                 job->follow_up->anyway, &reason) == AFP_CHECK_SKIP
               ? reason
               : NULL;
}

static void no_such_model(invite_t *invite, const char *option, afp_end_t *end)
{
    const afp_job_t *job = invite->job;

    afp_job_finish(end, "skipped",
                   apr_psprintf(job->pool, AFP_SENTENCE_MODEL_GONE,
                                afp_text_shorten(job->pool, option, 200), invite->job_id));
    invite->failure = AFP_SENTENCE_NO_SUCH_MODEL;
}

/* 1 if the job says with which model to invite; otherwise 0 and *end. */
static int choose_model(invite_t *invite, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    afp_choice_t choice;
    afp_outcome_t outcome;
    const char *option;

    /* Asked about no job, Pinpoint would answer with the values of all of them. */
    if (!*invite->job_id) {
        afp_job_finish(end, "dead", AFP_SENTENCE_JOB_UNTOLD);
        return 0;
    }
    option = afp_pinpoint_job_attribute(&invite->pinpoint, invite->job_id, job->site->model_field,
                                        &outcome);
    if (!option) {
        afp_job_hide_names(job, invite->application, &outcome);
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    if (!afp_model_choose(job, option, &choice, &invite->model, end)) {
        return 0;
    }
    switch (choice) {
    case AFP_CHOICE_NOTHING:
        afp_job_finish(end, "skipped",
                       apr_psprintf(job->pool, AFP_SENTENCE_NOTHING_SELECTED,
                                    job->site->model_field, invite->job_id));
        return 0;
    case AFP_CHOICE_UNKNOWN:
        no_such_model(invite, option, end);
        return 0;
    case AFP_CHOICE_NONE:
    case AFP_CHOICE_MODEL:
        break;
    }
    return 1;
}

/* ---- sending ---- */

/* After an end that does not tell whether the invitation went out. */
static void uncertain(const invite_t *invite, const char *words, afp_end_t *end)
{
    const afp_job_t *job = invite->job;

    afp_job_again(end, job->site->uncertain_wait,
                  *words ? apr_psprintf(job->pool, AFP_SENTENCE_MAYBE_SENT_AFTER, words)
                         : AFP_SENTENCE_MAYBE_SENT);
    end->invitation_state = AFP_INVITATION_UNCERTAIN;
}

static void stays_uncertain(const invite_t *invite, const char *why, afp_end_t *end)
{
    afp_job_finish(end, "uncertain", apr_psprintf(invite->job->pool, AFP_SENTENCE_UNCERTAIN, why));
    end->invitation_state = AFP_INVITATION_UNCERTAIN;
}

static void post(invite_t *invite, int resend, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    const afp_assessfirst_person_t person = {
        .email = invite->application->email,
        .first_name = invite->application->first_name,
        .last_name = invite->application->last_name,
        .model_uuid = invite->model.uuid,
        .locale = invite->locale,
    };
    afp_outcome_t outcome;
    const char *candidate_id;

    (*job->calls)++;
    candidate_id = afp_assessfirst_invite(&invite->assessfirst, &person, &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE) {
        afp_job_finish(end, "invited",
                       *invite->model.uuid
                           ? apr_psprintf(job->pool, AFP_SENTENCE_INVITED, invite->model.name)
                           : AFP_SENTENCE_INVITED_NO_MODEL);
        end->invitation_state = AFP_INVITATION_INVITED;
        end->candidate_id = candidate_id ? candidate_id : "";
        return;
    }
    if (outcome.sent == AFP_SENT_UNCERTAIN) {
        if (resend) {
            stays_uncertain(invite, outcome.words, end);
        } else {
            uncertain(invite, outcome.words, end);
        }
        return;
    }
    /* Nothing was sent: not a byte went out, or AssessFirst refused readably. */
    if (outcome.kind == AFP_OUTCOME_REFUSED && afp_model_has_vanished(job, invite->model.uuid)) {
        no_such_model(invite, invite->model.name, end);
    } else {
        afp_job_fail(job, &outcome, end);
    }
    end->invitation_state =
        end->kind == AFP_END_FINISH ? AFP_INVITATION_REFUSED : AFP_INVITATION_PLANNED;
}

static void begin_and_post(invite_t *invite, int resend, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    afp_invitation_begin_t begin = {
        .follow_up = job->follow_up,
        .job_id = invite->job_id,
        .model_uuid = invite->model.uuid,
        .model_name = invite->model.name,
        .resend = resend,
        .lease_time = AFP_LEASE_TIME,
    };

    if (afp_invitation_begin(job->session, &begin) != APR_SUCCESS) {
        /* Not committed: not a byte may go out. */
        afp_job_no_database(job, end);
        return;
    }
    switch (begin.result) {
    case AFP_BEGIN_GO:
        post(invite, resend, end);
        break;
    case AFP_BEGIN_LOST:
        afp_job_again(end, 0, "");
        break;
    case AFP_BEGIN_ALREADY:
        afp_job_finish(end, "skipped", AFP_SENTENCE_ALREADY);
        break;
    }
}

/* ---- after an uncertain end ---- */

/* What was sent, or will be sent once more, is not what the job says now. */
static void keep_model(invite_t *invite)
{
    const afp_invitation_t *invitation = &invite->invitation;

    invite->model = (afp_chosen_model_t){invitation->model_uuid, invitation->model_name,
                                         afp_model_wanted(invite->job, invitation->model_uuid)};
}

/* Sends once more what AssessFirst says it does not know of. */
static void resend(invite_t *invite, afp_end_t *end)
{
    const afp_invitation_t *invitation = &invite->invitation;
    const char *reason = why_not(invite);

    if (invitation->resent) {
        stays_uncertain(invite, AFP_SENTENCE_SENT_TWICE, end);
        return;
    }
    if (reason) {
        stays_uncertain(invite, apr_psprintf(invite->job->pool, AFP_SENTENCE_NOT_REPEATED, reason),
                        end);
        return;
    }
    begin_and_post(invite, 1, end);
}

/* Whatever stage the candidate has reached meanwhile: what was sent was sent. */
static void look_up(invite_t *invite, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    const afp_invitation_t *invitation = &invite->invitation;
    afp_candidate_t candidate;
    afp_outcome_t outcome;

    if (!*invite->application->email) {
        stays_uncertain(invite, AFP_SENTENCE_NO_EMAIL_NOW, end);
        return;
    }
    (*job->calls)++;
    afp_assessfirst_find(&invite->assessfirst, invite->application->email, invite->locale,
                         &candidate, &outcome);
    /* A 404 may be a wrong path in AssessFirstRoutes: it does not say "absent". */
    if (outcome.kind != AFP_OUTCOME_DONE) {
        afp_job_hide_names(job, invite->application, &outcome);
        afp_job_fail(job, &outcome, end);
        if (end->kind == AFP_END_FINISH) {
            stays_uncertain(
                invite, apr_psprintf(job->pool, AFP_SENTENCE_NOT_LOOKED_UP, outcome.words), end);
        }
        return;
    }
    if (afp_candidate_proves(&candidate, invitation->model_uuid, invitation->sending_at)) {
        afp_job_finish(end, "invited", AFP_SENTENCE_INVITED_UNANSWERED);
        end->invitation_state = AFP_INVITATION_INVITED;
        end->candidate_id = candidate.id;
        return;
    }
    if (*candidate.id) {
        stays_uncertain(invite, AFP_SENTENCE_NOT_SHOWN, end);
        return;
    }
    resend(invite, end);
}

/* ---- invitations before this one ---- */

/* What an invitation that is written down already means for this run. 1 to go on, 0 and *end. */
static int consider_former(invite_t *invite, afp_end_t *end, int *uncertain_one)
{
    const afp_job_t *job = invite->job;
    const afp_invitation_t *invitation = &invite->invitation;
    apr_time_t look_up_at = invitation->sending_at + job->site->uncertain_wait;
    apr_time_t now = afp_session_now(job->session);
    int is_open = !strcmp(invitation->state, AFP_INVITATION_SENDING) ||
                  !strcmp(invitation->state, AFP_INVITATION_UNCERTAIN);

    *uncertain_one = 0;
    if (invitation->occurrence > job->follow_up->occurrence ||
        (invitation->occurrence == job->follow_up->occurrence &&
         !strcmp(invitation->state, AFP_INVITATION_INVITED))) {
        afp_job_finish(end, "skipped",
                       *invitation->model_uuid ? apr_psprintf(job->pool, AFP_SENTENCE_ALREADY_MODEL,
                                                              invitation->model_name)
                                               : AFP_SENTENCE_ALREADY_NO_MODEL);
        return 0;
    }
    if (invitation->occurrence == job->follow_up->occurrence && is_open) {
        /* *sending* without a living sender is as uncertain as a lost answer. */
        if (now < look_up_at) {
            uncertain(invite, "", end);
            end->delay = look_up_at - now;
            return 0;
        }
        *uncertain_one = 1;
    }
    return 1;
}

/* ---- what follows ---- */

static afp_assessment_t *make_assessment(const afp_job_t *job, unsigned int wanted,
                                         const char *failure)
{
    afp_assessment_t *assessment = apr_pcalloc(job->pool, sizeof(*assessment));

    assessment->occurrence = job->follow_up->occurrence;
    afp_results_start(wanted, &assessment->results);
    apr_cpystrn(assessment->failure,
                afp_text_shorten(job->pool, failure, sizeof(assessment->failure) - 1),
                sizeof(assessment->failure));
    return assessment;
}

/* An invitation that went out is read from time to time and stands on the candidate's profile; so
 * does that there is none, unless that is as it should be. */
static void ask_what_follows(const invite_t *invite, afp_end_t *end)
{
    const afp_job_t *job = invite->job;
    const afp_next_t write_back = {AFP_FOLLOW_UP_WRITE_BACK, 0, AFP_PRIORITY_WORK};
    const afp_next_t reading = {AFP_FOLLOW_UP_READ_RESULTS,
                                afp_results_next_poll(0, 0, job->site->results_scale),
                                AFP_PRIORITY_READING + afp_results_rank(0)};
    const char *failure = invite->failure;

    if (end->invitation_state && !strcmp(end->invitation_state, AFP_INVITATION_INVITED)) {
        end->assessment = make_assessment(job, invite->model.wanted, "");
        end->next[0] = write_back;
        end->next[1] = reading;
        return;
    }
    if (end->kind == AFP_END_FINISH && !strcmp(end->result, "dead")) {
        failure = end->reason;
    }
    if (failure) {
        end->assessment = make_assessment(job, invite->model.wanted, failure);
        end->next[0] = write_back;
    }
}

/* ---- the follow-up ---- */

static void invite_anew(invite_t *invite, afp_end_t *end)
{
    const char *reason = why_not(invite);

    if (reason) {
        afp_job_finish(end, "skipped", reason);
    } else if (choose_model(invite, end)) {
        begin_and_post(invite, 0, end);
    }
}

static void run(invite_t *invite, afp_end_t *end)
{
    int uncertain_one;

    if (!consider_former(invite, end, &uncertain_one)) {
        return;
    }
    if (!read_application(invite, end)) {
        if (uncertain_one && end->kind == AFP_END_FINISH) {
            stays_uncertain(invite, end->reason, end);
        }
        return;
    }
    if (uncertain_one) {
        keep_model(invite);
        look_up(invite, end);
    } else {
        invite_anew(invite, end);
    }
}

void afp_invite_run(const afp_job_t *job, afp_end_t *end)
{
    invite_t invite = {
        .job = job,
        .pinpoint = afp_job_pinpoint(job),
        .assessfirst = afp_job_assessfirst(job),
    };

    if (!*job->token) {
        afp_job_no_token(job, end);
        return;
    }
    if (afp_invitation_latest(job->session, job->follow_up->company_uuid,
                              job->follow_up->application_id, &invite.invitation) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return;
    }
    run(&invite, end);
    ask_what_follows(&invite, end);
}
