#ifndef AFP_WORK_JOB_H
#define AFP_WORK_JOB_H

#include "core/outcome.h"
#include "remote/assessfirst.h"
#include "remote/pinpoint.h"
#include "store/follow_up.h"
#include "store/session.h"
#include "work/models.h"
#include "work/site.h"

/* One run of one follow-up by one worker. Everything in it lives until the run ends. */

#define AFP_LEASE_TIME apr_time_from_sec(90)

typedef struct {
    const afp_site_t *site;
    const afp_tenant_t *tenant;
    const afp_follow_up_t *follow_up;
    const char *token; /* of AssessFirst; "" if none is set */
    const char *token_digest;
    const char *token_owner;
    afp_session_t *session;
    afp_http_client_t *client;
    afp_models_t *models;
    int *calls; /* to AssessFirst that this run has made; further pages take their own budget */
    apr_pool_t *pool;
} afp_job_t;

/* A kind of follow-up: works, and says how its run ends. */
typedef void afp_job_run_t(const afp_job_t *job, afp_end_t *end);

/* Runs it as its kind says. One about an application whose data was erased does nothing, and what
 * has come of it since goes as well; one of a kind that this module does not know (a newer one
 * wrote it) is left for others. */
void afp_job_run(const afp_job_t *job, afp_end_t *end);

/* The two APIs, as this run's tenant. */
afp_pinpoint_t afp_job_pinpoint(const afp_job_t *job);
afp_assessfirst_t afp_job_assessfirst(const afp_job_t *job);

/* An afp_assessfirst_more_t, whose baton is the job: takes one more call from the token's
 * budget. */
int afp_job_take_call(void *baton);

/* Keeps the candidate's names out of what an API said in a call that did not carry them. */
void afp_job_hide_names(const afp_job_t *job, const afp_application_t *application,
                        afp_outcome_t *outcome);

/* Ends that all kinds share. */
void afp_job_finish(afp_end_t *end, const char *result, const char *reason);
void afp_job_again(afp_end_t *end, apr_interval_time_t delay, const char *reason);

/* The database failed: soon again. */
void afp_job_no_database(const afp_job_t *job, afp_end_t *end);

/* There is no AssessFirst token: held until there is one. */
void afp_job_no_token(const afp_job_t *job, afp_end_t *end);

/* What store/ said to a write under the follow-up's lease: 1 if it is written; otherwise 0 and
 * *end. */
int afp_job_has_written(const afp_job_t *job, apr_status_t rv, afp_end_t *end);

/* The end that follows from a failed call (design section 5, "Errors"): parks, waits, retries with
 * back-off, or gives up as a dead letter. */
void afp_job_fail(const afp_job_t *job, const afp_outcome_t *outcome, afp_end_t *end);

/* 1 if it was AssessFirst that answered. */
int afp_job_is_assessfirst(const afp_outcome_t *outcome);

/* The kinds. */
void afp_invite_run(const afp_job_t *job, afp_end_t *end);
void afp_check_run(const afp_job_t *job, afp_end_t *end);
void afp_synchronise_run(const afp_job_t *job, afp_end_t *end);
void afp_read_results_run(const afp_job_t *job, afp_end_t *end);
void afp_write_back_run(const afp_job_t *job, afp_end_t *end);
void afp_delete_fields_run(const afp_job_t *job, afp_end_t *end);

#endif
