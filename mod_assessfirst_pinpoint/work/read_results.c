#include "remote/assessfirst_results.h"

#include "core/reason.h"
#include "store/assessment.h"
#include "store/invitation.h"
#include "work/write_back.h"

#include <apr_strings.h>
#include <string.h>

/* The read-results follow-up: how far the candidate is at AssessFirst, on a schedule that slows
 * down, and at once when somebody waits for it. What it reads and what is to be written for it are
 * stored together. */

/* A complete assessment without its overall score is read on as if it had just begun: after 5, 10,
 * 20 and 40 minutes, then hourly. Counted from the reading that found it complete, the 26th further
 * one is due after 23 hours and a quarter, and is the last. Those that somebody waits for do not
 * count: AssessFirst may call as often as it likes. */
#define SCORE_POLLS 26

#define MISSING_TRIES 3
#define MISSING_AGE   apr_time_from_sec(INT64_C(3) * 24 * 3600)

typedef struct {
    const afp_job_t *job;
    afp_pinpoint_t pinpoint;
    afp_assessfirst_t assessfirst;
    afp_invitation_t invitation;
    apr_interval_time_t age; /* the invitation's */
    afp_assessment_t former;
    afp_assessment_t *assessment; /* as this run leaves it; lives until the run ends */
} reading_t;

/* ---- ends ---- */

/* There is nothing to read any more. */
static void close_reading(const reading_t *reading, const char *reason, afp_end_t *end)
{
    afp_job_finish(end, "done", reason);
    apr_cpystrn(reading->assessment->closed, reason, sizeof(reading->assessment->closed));
    end->assessment = reading->assessment;
}

static int score_is_due(const reading_t *reading, const afp_assessment_t *assessment)
{
    return afp_results_score_is_due(&assessment->results, reading->invitation.model_uuid);
}

/* The next time by the schedule. */
static void read_later(const reading_t *reading, const char *reason, afp_end_t *end)
{
    const afp_assessment_t *assessment = reading->assessment;
    apr_interval_time_t delay =
        afp_results_next_poll(score_is_due(reading, assessment) ? 0 : reading->age,
                              assessment->polls, reading->job->site->results_scale);

    if (!delay) {
        close_reading(reading, AFP_SENTENCE_TOO_OLD, end);
        return;
    }
    afp_job_again(end, delay, reason);
    end->fresh = 1;
    end->priority = AFP_PRIORITY_READING + afp_results_rank(reading->age);
}

/* AssessFirst does not know the candidate: it is asked again by the schedule. When the invitation
 * is old, and not known three times in a row, nobody asks again. */
static void candidate_missing(const reading_t *reading, afp_end_t *end)
{
    reading->assessment->polls++;
    if (reading->age >= MISSING_AGE && reading->job->follow_up->missing + 1 >= MISSING_TRIES) {
        close_reading(reading, AFP_SENTENCE_CANDIDATE_UNKNOWN, end);
        return;
    }
    read_later(reading, AFP_SENTENCE_CANDIDATE_UNKNOWN, end);
    end->assessment = reading->assessment;
    if (end->kind == AFP_END_AGAIN) {
        end->fresh = 0;
        end->missing = 1;
    }
}

/* A dead end of a reading is none of the invitation. */
static void fail(const reading_t *reading, const afp_outcome_t *outcome, afp_end_t *end)
{
    afp_job_fail(reading->job, outcome, end);
    if (end->kind == AFP_END_FINISH) {
        end->reason =
            apr_psprintf(reading->job->pool, AFP_SENTENCE_RESULTS_UNREADABLE, end->reason);
    }
}

/* ---- the candidate's id ---- */

/* AssessFirst was asked in vain, or could not be asked: the next one by the schedule. */
static void find_later(const reading_t *reading, const char *reason, afp_end_t *end)
{
    reading->assessment->polls++;
    read_later(reading, reason, end);
    end->assessment = reading->assessment;
}

/* The application with the e-mail address, or NULL and *end. */
static const afp_application_t *read_application(const reading_t *reading, afp_end_t *end)
{
    afp_outcome_t outcome;
    const afp_application_t *application = afp_pinpoint_application(
        &reading->pinpoint, reading->job->follow_up->application_id, &outcome);

    if (outcome.kind == AFP_OUTCOME_MISSING) {
        close_reading(reading, AFP_SENTENCE_DELETED, end);
    } else if (!application) {
        fail(reading, &outcome, end);
    } else if (application->hired) {
        close_reading(reading, AFP_SENTENCE_HIRED, end);
    } else if (application->rejected) {
        close_reading(reading, AFP_SENTENCE_REJECTED, end);
    } else if (application->concealed) {
        close_reading(reading, AFP_SENTENCE_CONCEALED, end);
    } else if (!*application->email) {
        find_later(reading, AFP_SENTENCE_NO_EMAIL, end);
    } else {
        return application;
    }
    return NULL;
}

/* Looks the candidate up where the answer to the invitation named no id. Reading goes on in another
 * run, with a call of its own. */
static void find_candidate(const reading_t *reading, afp_end_t *end)
{
    const afp_job_t *job = reading->job;
    const afp_application_t *application = read_application(reading, end);
    afp_candidate_t candidate;
    afp_outcome_t outcome;

    if (!application) {
        return;
    }
    (*job->calls)++;
    afp_assessfirst_find(&reading->assessfirst, application->email, job->tenant->locale, &candidate,
                         &outcome);
    if (outcome.kind != AFP_OUTCOME_DONE) {
        afp_job_hide_names(job, application, &outcome);
        fail(reading, &outcome, end);
    } else if (!*candidate.id) {
        find_later(reading, AFP_SENTENCE_ADDRESS_UNKNOWN, end);
    } else if (afp_job_has_written(job,
                                   afp_invitation_note_candidate(job->session, job->follow_up,
                                                                 reading->invitation.occurrence,
                                                                 candidate.id),
                                   end)) {
        afp_job_again(end, 0, "");
    }
}

/* ---- results ---- */

static int is_over(afp_progress_t progress)
{
    return progress == AFP_PROGRESS_COMPLETED || progress == AFP_PROGRESS_DECLINED ||
           progress == AFP_PROGRESS_EXPIRED;
}

/* Why nobody waits for the results any more; NULL if somebody may, or if Pinpoint does not say. */
static const char *why_left(const reading_t *reading)
{
    afp_pinpoint_standing_t standing;
    afp_outcome_t outcome;

    afp_pinpoint_standing(&reading->pinpoint, reading->job->follow_up->application_id, &standing,
                          &outcome);
    if (outcome.kind == AFP_OUTCOME_MISSING) {
        return AFP_SENTENCE_DELETED;
    }
    return outcome.kind == AFP_OUTCOME_DONE && *standing.left ? standing.left : NULL;
}

static void log_suspect(const reading_t *reading)
{
    const afp_job_t *job = reading->job;

    if (reading->assessment->results.rescaled_suspect) {
        afp_log(job->site->logger, AFP_LOG_NOTICE,
                AFPNO(0334) "tenant %s: AssessFirst gave a score between 0 and 1 for application "
                            "%s; it is taken as it is, on a scale up to 100",
                job->tenant->company_uuid, job->follow_up->application_id);
    }
}

static void take_results(const reading_t *reading, afp_end_t *end)
{
    afp_assessment_t *assessment = reading->assessment;
    int changed, due;
    const char *left;

    assessment->read_at = afp_session_now(reading->job->session);
    assessment->results.token[0] = '\0';
    assessment->failure[0] = '\0';
    changed = afp_assessment_differs(assessment, &reading->former);
    due = score_is_due(reading, assessment);
    if (!due || reading->job->follow_up->priority != AFP_PRIORITY_HINTED) {
        assessment->polls++;
    }
    if (due && !score_is_due(reading, &reading->former)) {
        assessment->polls = 0;
    }
    if (changed) {
        log_suspect(reading);
    }
    if (due && assessment->polls >= SCORE_POLLS) {
        close_reading(reading, AFP_SENTENCE_NO_SCORE, end);
    } else if (!due && is_over(assessment->results.progress)) {
        afp_job_finish(end, "done", afp_results_status(reading->job->pool, &assessment->results));
    } else if (!changed && (left = why_left(reading)) != NULL) {
        close_reading(reading, left, end);
    } else {
        read_later(reading, "", end);
    }
    /* Nobody waits for the score any more, so that the comment can be written without it. */
    if (changed || (due && *assessment->closed)) {
        end->next[0] = (afp_next_t){AFP_FOLLOW_UP_WRITE_BACK, 0, AFP_PRIORITY_WORK};
    }
    end->assessment = assessment;
}

static void read_results(const reading_t *reading, afp_end_t *end)
{
    const afp_job_t *job = reading->job;
    afp_outcome_t outcome;

    (*job->calls)++;
    afp_assessfirst_results(
        &reading->assessfirst, reading->invitation.candidate_id, reading->invitation.model_uuid,
        job->tenant->locale, job->site->link_hosts, reading->former.results.wanted,
        afp_job_take_call, (void *)(apr_uintptr_t)job, &reading->assessment->results, &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE) {
        take_results(reading, end);
        return;
    }
    reading->assessment->results = reading->former.results;
    if (outcome.kind == AFP_OUTCOME_MISSING) {
        candidate_missing(reading, end);
    } else {
        fail(reading, &outcome, end);
    }
}

/* ---- the follow-up ---- */

/* The invitation that went out, and what is known of its assessment. 1, or 0 and *end. */
static int recall(reading_t *reading, afp_end_t *end)
{
    const afp_job_t *job = reading->job;
    const afp_follow_up_t *follow_up = job->follow_up;
    afp_invitation_t *invitation = &reading->invitation;
    afp_assessment_t *former = &reading->former;

    if (afp_invitation_sent(job->session, follow_up->company_uuid, follow_up->application_id,
                            invitation) != APR_SUCCESS ||
        afp_assessment_read(job->session, follow_up->company_uuid, follow_up->application_id,
                            invitation->occurrence, former) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    reading->assessment = apr_pmemdup(job->pool, former, sizeof(*former));
    reading->assessment->occurrence = invitation->occurrence;
    reading->age = afp_session_now(job->session) - invitation->sending_at;
    if (!invitation->occurrence) {
        afp_job_finish(end, "done", AFP_SENTENCE_NOTHING_TO_READ);
        return 0;
    }
    if (*former->closed && follow_up->priority != AFP_PRIORITY_HINTED) {
        afp_job_finish(end, "done", apr_pstrdup(job->pool, former->closed));
        return 0;
    }
    reading->assessment->closed[0] = '\0';
    return 1;
}

void afp_read_results_run(const afp_job_t *job, afp_end_t *end)
{
    reading_t reading = {
        .job = job,
        .pinpoint = afp_job_pinpoint(job),
        .assessfirst = afp_job_assessfirst(job),
    };

    if (!*job->token) {
        afp_job_no_token(job, end);
        return;
    }
    if (!recall(&reading, end)) {
        return;
    }
    if (!*reading.invitation.candidate_id) {
        find_candidate(&reading, end);
    } else {
        read_results(&reading, end);
    }
}
