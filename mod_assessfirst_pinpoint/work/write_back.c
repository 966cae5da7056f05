#include "work/write_back.h"

#include "core/reason.h"
#include "store/assessment.h"
#include "store/invitation.h"
#include "store/profile.h"

#include <apr_strings.h>
#include <string.h>

/* The write-back follow-up: the candidate's profile in Pinpoint shows how the assessment stands,
 * and one comment tells when it is complete. */

#define NO_MODEL_COMMENT                                                                           \
    "No AssessFirst invitation was sent: the predictive model that is selected on this job does "  \
    "not exist at AssessFirst. Please select another one on the job; the candidate can then be "   \
    "invited on the integration's page."

typedef struct {
    afp_job_t job;
    afp_follow_up_t follow_up;   /* the run's, with the occurrence of `assessment` */
    afp_invitation_t invitation; /* the one that went out last; occurrence 0: none did */
    afp_assessment_t results;    /* its assessment */
    afp_assessment_t assessment; /* the same, or that of a later one that failed */
    const char *values[AFP_PROFILE_FIELDS];
    const char *comment; /* its purpose, or NULL: none is to be added */
    const char *text;
    afp_standing_t standing;
} write_back_t;

int afp_standing_ask(const afp_job_t *job, afp_standing_t *standing, afp_end_t *end)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);
    afp_outcome_t outcome;

    if (standing->asked || standing->told) {
        return 1;
    }
    afp_pinpoint_standing(&pinpoint, job->follow_up->application_id, &standing->last, &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE || outcome.kind == AFP_OUTCOME_MISSING) {
        standing->asked = 1;
        standing->deleted = outcome.kind == AFP_OUTCOME_MISSING;
        return 1;
    }
    afp_job_fail(job, &outcome, end);
    return 0;
}

/* ---- what is to be written ---- */

static apr_status_t read_assessment(const write_back_t *run, int occurrence,
                                    afp_assessment_t *assessment)
{
    const afp_job_t *job = &run->job;

    return afp_assessment_read(job->session, job->tenant->company_uuid,
                               job->follow_up->application_id, occurrence, assessment);
}

/* 1, or 0 and *end. */
static int recall(write_back_t *run, afp_end_t *end)
{
    const afp_job_t *job = &run->job;
    int occurrence = job->follow_up->occurrence;
    apr_status_t rv = afp_invitation_sent(job->session, job->tenant->company_uuid,
                                          job->follow_up->application_id, &run->invitation);

    if (rv == APR_SUCCESS) {
        rv = read_assessment(run, run->invitation.occurrence, &run->results);
    }
    run->assessment = run->results;
    if (rv == APR_SUCCESS && occurrence > run->invitation.occurrence) {
        rv = read_assessment(run, occurrence, &run->assessment);
    }
    if (rv != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    if (!run->assessment.occurrence) {
        afp_job_finish(end, "done", AFP_SENTENCE_NOTHING_TO_WRITE);
        return 0;
    }
    run->follow_up.occurrence = run->assessment.occurrence;
    return 1;
}

/* What went out before a failure keeps its results beside it. */
static void choose_values(write_back_t *run)
{
    afp_profile_values(run->job.pool, run->results.occurrence ? &run->results.results : NULL,
                       *run->assessment.failure ? run->assessment.failure : NULL, run->values);
}

/* 1 while the overall score of a complete assessment is still being read: the comment waits for it.
 * A reading that was closed waits no more. */
static int awaits_score(const write_back_t *run)
{
    return !*run->assessment.closed &&
           afp_results_score_is_due(&run->assessment.results, run->invitation.model_uuid);
}

/* 1, or 0 and *end. */
static int choose_comment(write_back_t *run, afp_end_t *end)
{
    const afp_job_t *job = &run->job;
    const afp_assessment_t *assessment = &run->assessment;
    const char *name = *run->invitation.model_uuid ? run->invitation.model_name : "";
    int there;

    if (!(job->tenant->choices & AFP_WRITE_COMMENT)) {
        return 1;
    }
    /* The only failure that is told in a comment as well. */
    if (!strcmp(assessment->failure, AFP_SENTENCE_NO_SUCH_MODEL)) {
        run->comment = AFP_COMMENT_NO_MODEL;
        run->text = NO_MODEL_COMMENT;
    } else if (!*assessment->failure && assessment->results.progress == AFP_PROGRESS_COMPLETED &&
               !awaits_score(run)) {
        run->comment = AFP_COMMENT_COMPLETED;
        run->text = afp_results_comment(job->pool, &assessment->results, name);
    }
    if (!run->comment) {
        return 1;
    }
    if (afp_comment_is_there(job->session, job->follow_up, run->comment, &there) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    if (there) {
        run->comment = NULL;
    }
    return 1;
}

/* ---- the follow-up ---- */

/* Whoever left is not read any more. Of those whose score is awaited the reading takes care, which
 * also sees to the comment. */
static void finish(const write_back_t *run, afp_end_t *end)
{
    const afp_job_t *job = &run->job;
    const afp_standing_t *standing = &run->standing;
    const char *left = standing->deleted                   ? AFP_SENTENCE_DELETED
                       : standing->asked || standing->told ? standing->last.left
                                                           : "";

    afp_job_finish(end, "done", run->values[AFP_FIELD_STATUS]);
    if (*left && !*run->assessment.closed && !awaits_score(run)) {
        afp_assessment_t *closed = apr_pmemdup(job->pool, &run->assessment, sizeof(*closed));

        apr_cpystrn(closed->closed, left, sizeof(closed->closed));
        end->assessment = closed;
        end->reason = apr_pstrcat(job->pool, end->reason, "; ", left, NULL);
    }
}

void afp_write_back_run(const afp_job_t *job, afp_end_t *end)
{
    write_back_t run = {.job = *job, .follow_up = *job->follow_up};

    run.job.follow_up = &run.follow_up;
    if (!recall(&run, end) || !choose_comment(&run, end)) {
        return;
    }
    choose_values(&run);
    if (!afp_write_values(&run.job, run.values, run.comment != NULL, &run.standing, end)) {
        return;
    }
    if (run.comment && run.standing.asked && run.standing.told) {
        /* Two calls of Pinpoint were made, as many as one run takes: the comment has its own. */
        afp_job_again(end, 0, "");
    } else if (!run.comment ||
               afp_write_comment(&run.job, run.comment, run.text, &run.standing, end)) {
        finish(&run, end);
    }
}
