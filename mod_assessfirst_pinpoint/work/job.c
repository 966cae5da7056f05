#include "work/job.h"

#include "core/backoff.h"

#include <apr_strings.h>
#include <string.h>

/* AssessFirst says nothing about how long a 429 lasts where it sends no Retry-After (contract 3).
 */
#define UNTOLD_LIMIT apr_time_from_sec(60)

static const struct {
    const char *kind;
    afp_job_run_t *run;
} kinds[] = {
    {AFP_FOLLOW_UP_INVITE, afp_invite_run},
    {AFP_FOLLOW_UP_CHECK_PINPOINT, afp_check_run},
    {AFP_FOLLOW_UP_CHECK_ASSESSFIRST, afp_check_run},
};

afp_job_run_t *afp_job_find(const char *kind)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(kinds[i].kind, kind)) {
            return kinds[i].run;
        }
    }
    return NULL;
}

int afp_job_is_assessfirst(const afp_outcome_t *outcome)
{
    return outcome->api && !strcmp(outcome->api, "AssessFirst");
}

void afp_job_finish(afp_end_t *end, const char *result, const char *reason)
{
    memset(end, 0, sizeof(*end));
    end->kind = AFP_END_FINISH;
    end->result = result;
    end->reason = reason;
}

void afp_job_again(afp_end_t *end, apr_interval_time_t delay, const char *reason)
{
    memset(end, 0, sizeof(*end));
    end->kind = AFP_END_AGAIN;
    end->delay = delay;
    end->reason = reason;
}

static void park(const afp_job_t *job, const afp_outcome_t *outcome, const char *kind,
                 afp_end_t *end)
{
    int assessfirst = afp_job_is_assessfirst(outcome);

    memset(end, 0, sizeof(*end));
    end->kind = AFP_END_PARK;
    end->reason = apr_pstrdup(job->pool, outcome->words);
    end->park_api = assessfirst ? AFP_API_ASSESSFIRST : AFP_API_PINPOINT;
    end->park_kind = kind;
    end->park_owner = assessfirst ? job->token_owner : job->tenant->company_uuid;
}

/* Tries again after `least` or a back-off, whichever is longer, until the time of trying is up. */
static void retry(const afp_job_t *job, const afp_outcome_t *outcome, apr_interval_time_t least,
                  afp_end_t *end)
{
    const afp_retry_t *limits = &job->site->retry;
    const char *words = apr_pstrdup(job->pool, outcome->words);
    apr_interval_time_t delay = afp_backoff_delay(job->follow_up->attempts, limits->first,
                                                  limits->cap, afp_backoff_random());

    if (delay < least) {
        delay = least;
    }
    if (job->follow_up->tried_for + delay > limits->trying) {
        afp_job_finish(end, "dead",
                       apr_psprintf(job->pool, "Given up after %d tries. %s",
                                    job->follow_up->attempts, words));
        return;
    }
    afp_job_again(end, delay, words);
    end->tried = delay;
}

void afp_job_fail(const afp_job_t *job, const afp_outcome_t *outcome, afp_end_t *end)
{
    apr_interval_time_t told = outcome->retry_after;

    switch (outcome->kind) {
    case AFP_OUTCOME_UNAUTHORIZED:
        park(job, outcome, "*", end);
        break;
    case AFP_OUTCOME_FORBIDDEN:
        park(job, outcome, job->follow_up->kind, end);
        break;
    case AFP_OUTCOME_ABORTED:
        afp_job_again(end, 0, "");
        break;
    case AFP_OUTCOME_LIMITED:
        if (told < 0 && afp_job_is_assessfirst(outcome)) {
            told = UNTOLD_LIMIT;
        }
        retry(job, outcome, told, end);
        if (afp_job_is_assessfirst(outcome)) {
            end->token_digest = job->token_digest;
            end->budget_delay = told;
        }
        break;
    case AFP_OUTCOME_BROKEN:
        retry(job, outcome, told, end);
        break;
    case AFP_OUTCOME_DONE:
    case AFP_OUTCOME_MISSING:
    case AFP_OUTCOME_REFUSED:
        afp_job_finish(end, "dead", apr_pstrdup(job->pool, outcome->words));
        break;
    }
}
