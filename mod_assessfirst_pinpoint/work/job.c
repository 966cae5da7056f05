#include "work/job.h"

#include "core/backoff.h"
#include "core/reason.h"
#include "core/text.h"
#include "store/budget.h"
#include "store/delivery.h"
#include "store/erase.h"

#include <apr_strings.h>
#include <string.h>

/* AssessFirst says nothing about how long a 429 lasts where it sends no Retry-After (contract 3).
 */
#define UNTOLD_LIMIT apr_time_from_sec(60)

/* Our own budget ended within a run. */
#define BUDGET_WAIT apr_time_from_sec(5)

static const struct {
    const char *kind;
    afp_job_run_t *run;
} kinds[] = {
    {AFP_FOLLOW_UP_INVITE, afp_invite_run},
    {AFP_FOLLOW_UP_CHECK_PINPOINT, afp_check_run},
    {AFP_FOLLOW_UP_CHECK_ASSESSFIRST, afp_check_run},
    {AFP_FOLLOW_UP_SYNCHRONISE, afp_synchronise_run},
    {AFP_FOLLOW_UP_READ_RESULTS, afp_read_results_run},
    {AFP_FOLLOW_UP_WRITE_BACK, afp_write_back_run},
    {AFP_FOLLOW_UP_DELETE_FIELDS, afp_delete_fields_run},
};

static void run_kind(const afp_job_t *job, afp_end_t *end)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(kinds[i].kind, job->follow_up->kind)) {
            kinds[i].run(job, end);
            return;
        }
    }
    afp_job_again(end, apr_time_from_sec(60), AFP_SENTENCE_KIND_UNKNOWN);
}

void afp_job_run(const afp_job_t *job, afp_end_t *end)
{
    int erased;
    apr_status_t rv =
        afp_erase_is_done(job->session, job->tenant, job->follow_up->application_id, &erased);

    if (rv == APR_EACCES) {
        afp_job_again(end, apr_time_from_sec(60), AFP_SENTENCE_ERASURES_LOST);
    } else if (rv != APR_SUCCESS) {
        afp_job_no_database(job, end);
    } else if (erased) {
        afp_job_finish(end, "skipped", AFP_DELIVERY_ERASED);
        end->erased = 1;
    } else {
        run_kind(job, end);
    }
}

afp_pinpoint_t afp_job_pinpoint(const afp_job_t *job)
{
    return (afp_pinpoint_t){&job->site->pinpoint, job->client, job->tenant->subdomain,
                            job->tenant->api_key, job->pool};
}

afp_assessfirst_t afp_job_assessfirst(const afp_job_t *job)
{
    return (afp_assessfirst_t){&job->site->assessfirst, &job->site->routes, job->client, job->token,
                               job->pool};
}

int afp_job_take_call(void *baton)
{
    const afp_job_t *job = baton;

    return afp_budget_take_one(job->session, job->token_digest) == APR_SUCCESS;
}

void afp_job_hide_names(const afp_job_t *job, const afp_application_t *application,
                        afp_outcome_t *outcome)
{
    const char *const hidden[] = {application->first_name, application->last_name, NULL};

    apr_cpystrn(outcome->words,
                afp_text_remote_words(job->pool, outcome->words, strlen(outcome->words), hidden,
                                      sizeof(outcome->words) - 1),
                sizeof(outcome->words));
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

void afp_job_no_database(const afp_job_t *job, afp_end_t *end)
{
    afp_job_again(end, job->site->retry.first, AFP_SENTENCE_NO_DATABASE);
}

void afp_job_no_token(const afp_job_t *job, afp_end_t *end)
{
    memset(end, 0, sizeof(*end));
    end->kind = AFP_END_PARK;
    end->reason = AFP_SENTENCE_NO_TOKEN;
    end->park_api = AFP_API_ASSESSFIRST;
    end->park_kind = "*";
    end->park_owner = job->token_owner;
}

int afp_job_has_written(const afp_job_t *job, apr_status_t rv, afp_end_t *end)
{
    if (rv == APR_NOTFOUND) {
        /* Somebody else has the lease: this end changes nothing. */
        afp_job_again(end, 0, "");
    } else if (rv != APR_SUCCESS) {
        afp_job_no_database(job, end);
    }
    return rv == APR_SUCCESS;
}

static void park(const afp_job_t *job, const afp_outcome_t *outcome, const char *kind,
                 afp_end_t *end)
{
    int assessfirst = afp_job_is_assessfirst(outcome);

    memset(end, 0, sizeof(*end));
    end->kind = AFP_END_PARK;
    end->reason = apr_pstrdup(job->pool, outcome->words);
    end->park_api = assessfirst ? AFP_API_ASSESSFIRST : AFP_API_PINPOINT;
    end->park_kind = apr_pstrdup(job->pool, kind);
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
        afp_job_finish(
            end, "dead",
            apr_psprintf(job->pool, AFP_SENTENCE_GIVEN_UP, job->follow_up->attempts, words));
        return;
    }
    afp_job_again(end, delay, words);
    end->tried = delay;
}

/* AssessFirst's 429 is for everything that calls with this token. */
static void limited(const afp_job_t *job, const afp_outcome_t *outcome, afp_end_t *end)
{
    apr_interval_time_t told = outcome->retry_after;

    if (!afp_job_is_assessfirst(outcome)) {
        retry(job, outcome, told, end);
    } else if (outcome->status != 429) {
        afp_job_again(end, BUDGET_WAIT, apr_pstrdup(job->pool, outcome->words));
    } else {
        told = told < 0 ? UNTOLD_LIMIT : told;
        retry(job, outcome, told, end);
        end->token_digest = job->token_digest;
        end->budget_delay = told;
    }
}

/* A conflict with somebody else's write passes; what else was refused stays so. */
static void refused(const afp_job_t *job, const afp_outcome_t *outcome, afp_end_t *end)
{
    if (outcome->status == 409) {
        retry(job, outcome, outcome->retry_after, end);
    } else {
        afp_job_finish(end, "dead", apr_pstrdup(job->pool, outcome->words));
    }
}

void afp_job_fail(const afp_job_t *job, const afp_outcome_t *outcome, afp_end_t *end)
{

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
        limited(job, outcome, end);
        break;
    case AFP_OUTCOME_BROKEN:
        retry(job, outcome, outcome->retry_after, end);
        break;
    case AFP_OUTCOME_REFUSED:
        refused(job, outcome, end);
        break;
    case AFP_OUTCOME_DONE:
    case AFP_OUTCOME_MISSING:
        afp_job_finish(end, "dead", apr_pstrdup(job->pool, outcome->words));
        break;
    }
}
