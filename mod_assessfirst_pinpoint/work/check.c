#include "core/backoff.h"
#include "work/job.h"

#include <apr_strings.h>
#include <string.h>

/* The check-a-connection follow-ups: after settings were saved, when the page asks, and while an
 * API is parked. The first success resumes everything that was held. */

#define FIRST_DELAY   apr_time_from_sec(60)
#define LONGEST_DELAY apr_time_from_sec(3600)

static void ask_pinpoint(const afp_job_t *job, afp_outcome_t *outcome)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);

    afp_pinpoint_check(&pinpoint, outcome);
}

static void ask_assessfirst(const afp_job_t *job, afp_outcome_t *outcome)
{
    const afp_assessfirst_t assessfirst = afp_job_assessfirst(job);
    int fresh;

    if (!*job->token) {
        memset(outcome, 0, sizeof(*outcome));
        outcome->kind = AFP_OUTCOME_UNAUTHORIZED;
        outcome->api = "AssessFirst";
        apr_cpystrn(outcome->words, "No AssessFirst API token is set", sizeof(outcome->words));
        return;
    }
    outcome->kind = AFP_OUTCOME_DONE;
    afp_models_get(job->models, &assessfirst, job->token_digest, job->tenant->locale, job->session,
                   AFP_MODELS_FRESH, &fresh, outcome);
    *job->calls += fresh;
}

/* 1 minute, slowing to an hour. */
static apr_interval_time_t next_delay(int attempts)
{
    apr_interval_time_t delay = FIRST_DELAY;

    while (--attempts > 0 && delay < LONGEST_DELAY) {
        delay *= 2;
    }
    return delay < LONGEST_DELAY ? delay : LONGEST_DELAY;
}

/* Ends what the API's refusal parked. For AssessFirst under both owners: AssessFirstToken may have
 * been set or taken away since, and what the former owner's token met holds nobody any more. */
static apr_status_t resume(const afp_job_t *job, const char *api)
{
    const char *company_uuid = job->tenant->company_uuid;
    apr_status_t rv = afp_follow_up_resume_api(job->session, company_uuid, api);

    return rv == APR_SUCCESS && !strcmp(api, AFP_API_ASSESSFIRST)
               ? afp_follow_up_resume_api(job->session, job->site->name, api)
               : rv;
}

void afp_check_run(const afp_job_t *job, afp_end_t *end)
{
    int of_pinpoint = !strcmp(job->follow_up->kind, AFP_FOLLOW_UP_CHECK_PINPOINT);
    const char *owner = of_pinpoint ? job->tenant->company_uuid : job->token_owner;
    const char *api = of_pinpoint ? AFP_API_PINPOINT : AFP_API_ASSESSFIRST;
    afp_outcome_t outcome;

    if (of_pinpoint) {
        ask_pinpoint(job, &outcome);
    } else {
        ask_assessfirst(job, &outcome);
    }
    if (outcome.kind == AFP_OUTCOME_ABORTED) {
        afp_job_again(end, 0, "");
        return;
    }
    if (outcome.kind == AFP_OUTCOME_DONE && resume(job, api) == APR_SUCCESS) {
        afp_job_finish(end, "done", "");
        return;
    }
    afp_job_again(end, next_delay(job->follow_up->attempts),
                  outcome.kind == AFP_OUTCOME_DONE ? "The database did not answer"
                                                   : apr_pstrdup(job->pool, outcome.words));
    if (outcome.kind == AFP_OUTCOME_LIMITED && !of_pinpoint) {
        end->token_digest = job->token_digest;
        end->budget_delay = outcome.retry_after > 0 ? outcome.retry_after : apr_time_from_sec(60);
    }
    if (outcome.kind == AFP_OUTCOME_UNAUTHORIZED || outcome.kind == AFP_OUTCOME_FORBIDDEN) {
        end->park_api = api;
        end->park_owner = owner;
        end->park_kind = outcome.kind == AFP_OUTCOME_UNAUTHORIZED ? "*" : AFP_FOLLOW_UP_INVITE;
    }
}
