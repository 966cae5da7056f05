#include "core/backoff.h"
#include "core/profile.h"
#include "core/reason.h"
#include "remote/pinpoint_permissions.h"
#include "store/checked.h"
#include "work/stages.h"

#include <apr_strings.h>
#include <string.h>

/* The check-a-connection follow-ups: after settings were saved, when the page asks, and while an
 * API is parked. The first success resumes everything that was held; a key of Pinpoint that may do
 * a part of the work resumes that part. */

#define FIRST_DELAY   apr_time_from_sec(60)
#define LONGEST_DELAY apr_time_from_sec(3600)

/* ---- for the page ---- */

static afp_checked_result_t result_of(const afp_outcome_t *outcome)
{
    switch (outcome->kind) {
    case AFP_OUTCOME_DONE:
        return AFP_CHECKED_WORKS;
    case AFP_OUTCOME_UNAUTHORIZED:
        return AFP_CHECKED_REFUSED;
    case AFP_OUTCOME_FORBIDDEN:
        return AFP_CHECKED_LACKING;
    case AFP_OUTCOME_BROKEN:
    case AFP_OUTCOME_LIMITED:
    case AFP_OUTCOME_MISSING:
    case AFP_OUTCOME_REFUSED:
    case AFP_OUTCOME_ABORTED:
        break;
    }
    return AFP_CHECKED_UNKNOWN;
}

/* Notes what was found; `secret` is the one that was accepted if it was. Whether that succeeds is
 * of no account: if the database does not answer, the follow-up's end fails too. */
static void note(const afp_job_t *job, const char *api, const afp_outcome_t *outcome,
                 const char *secret, const apr_array_header_t *grants)
{
    afp_finding_t finding = {
        .subject = api,
        .result = result_of(outcome),
        .words = outcome->kind == AFP_OUTCOME_DONE ? "" : outcome->words,
        .accepted = "",
        .grants = grants,
    };

    if (finding.result == AFP_CHECKED_WORKS || finding.result == AFP_CHECKED_LACKING) {
        finding.accepted = secret;
    }
    if (outcome->kind != AFP_OUTCOME_ABORTED) {
        (void)afp_checked_note(job->session, job->follow_up, &finding);
    }
}

/* By Pinpoint's names, as they are stored. */
static const apr_array_header_t *list_grants(const afp_job_t *job, const afp_grant_t *grants)
{
    static const afp_granted_t granted[] = {
        [AFP_GRANT_UNKNOWN] = AFP_GRANTED_UNKNOWN,
        [AFP_GRANT_GIVEN] = AFP_GRANTED_GIVEN,
        [AFP_GRANT_MISSING] = AFP_GRANTED_MISSING,
    };
    apr_array_header_t *list =
        apr_array_make(job->pool, AFP_PINPOINT_PERMISSIONS, sizeof(afp_permission_grant_t));
    int i;

    for (i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        afp_permission_grant_t *grant = apr_array_push(list);

        grant->permission = afp_pinpoint_permissions[i].permission;
        grant->granted = granted[grants[i]];
    }
    return list;
}

/* ---- what Pinpoint allows ---- */

#define BIT(permission)  (1u << (permission))
#define READ_APPLICATION (BIT(AFP_PERMISSION_JOB_READ) | BIT(AFP_PERMISSION_APPLICATION_READ))
#define READ_VALUES      (BIT(AFP_PERMISSION_FIELD_READ) | BIT(AFP_PERMISSION_ATTRIBUTES_READ))
#define COMMENTS         (BIT(AFP_PERMISSION_COMMENT_READ) | BIT(AFP_PERMISSION_COMMENT_WRITE))

/* The permissions that each kind needs; deleting fields is never parked. Of several kinds that lack
 * one the check parks the first; the others park themselves when they meet it, perhaps never. */
static const struct {
    const char *kind;
    unsigned int needs;
} kinds[] = {
    {AFP_FOLLOW_UP_INVITE, READ_APPLICATION | READ_VALUES},
    {AFP_FOLLOW_UP_READ_RESULTS, READ_APPLICATION},
    {AFP_FOLLOW_UP_SYNCHRONISE, READ_VALUES | BIT(AFP_PERMISSION_FIELD_WRITE)},
    {AFP_FOLLOW_UP_WRITE_BACK, BIT(AFP_PERMISSION_APPLICATION_READ) | READ_VALUES |
                                   BIT(AFP_PERMISSION_FIELD_WRITE) |
                                   BIT(AFP_PERMISSION_ATTRIBUTES_WRITE) | COMMENTS},
};

#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

static unsigned int bits_of(const afp_grant_t *grants, afp_grant_t wanted)
{
    unsigned int bits = 0;
    int i;

    for (i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        bits |= grants[i] == wanted ? BIT(i) : 0;
    }
    return bits;
}

/* Resumes the kinds that may go on: what was not tried counts only if `all_tried`. *stopped is the
 * first kind that may not, "*" if the key may do nothing, or NULL. */
static apr_status_t resume_part(const afp_job_t *job, const afp_grant_t *grants, int all_tried,
                                const char **stopped)
{
    unsigned int given = bits_of(grants, AFP_GRANT_GIVEN);
    unsigned int missing = bits_of(grants, AFP_GRANT_MISSING);
    unsigned int unused = job->tenant->choices & AFP_WRITE_COMMENT ? 0 : COMMENTS;
    const char *resumed[KINDS + 1] = {"*"};
    int count = 1;
    int i;

    *stopped = NULL;
    if (!given) {
        *stopped = missing ? "*" : NULL;
        return APR_SUCCESS;
    }
    for (i = 0; i < KINDS; i++) {
        unsigned int needs = kinds[i].needs & ~unused;

        if (needs & missing) {
            *stopped = *stopped ? *stopped : kinds[i].kind;
        } else if (all_tried || !(needs & ~given)) {
            resumed[count++] = kinds[i].kind;
        }
    }
    return afp_follow_up_resume_kinds(job->session, job->tenant->company_uuid, AFP_API_PINPOINT,
                                      resumed, count);
}

/* *stopped is set if the key was refused, as a whole or in part. */
static void ask_pinpoint(const afp_job_t *job, afp_outcome_t *outcome, const char **stopped)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    const char *lacking;

    afp_pinpoint_permissions_try(&pinpoint, job->tenant->choices, grants, outcome);
    if (outcome->kind == AFP_OUTCOME_UNAUTHORIZED) {
        *stopped = "*";
    } else if (outcome->kind == AFP_OUTCOME_FORBIDDEN) {
        (void)resume_part(job, grants, 1, stopped);
    } else if (outcome->kind != AFP_OUTCOME_DONE && outcome->kind != AFP_OUTCOME_ABORTED) {
        /* Whatever happened then, invitations need not wait for it. */
        (void)resume_part(job, grants, 0, &lacking);
    }
    note(job, AFP_API_PINPOINT, outcome,
         bits_of(grants, AFP_GRANT_GIVEN) ? job->tenant->api_key : "", list_grants(job, grants));
    if (grants[AFP_PERMISSION_JOB_READ] == AFP_GRANT_GIVEN) {
        afp_stages_refresh(job);
    }
}

/* ---- AssessFirst ---- */

static void ask_assessfirst(const afp_job_t *job, afp_outcome_t *outcome, const char **stopped)
{
    const afp_assessfirst_t assessfirst = afp_job_assessfirst(job);
    int fresh;

    if (!*job->token) {
        memset(outcome, 0, sizeof(*outcome));
        outcome->kind = AFP_OUTCOME_UNAUTHORIZED;
        outcome->api = "AssessFirst";
        apr_cpystrn(outcome->words, AFP_SENTENCE_NO_TOKEN, sizeof(outcome->words));
    } else {
        outcome->kind = AFP_OUTCOME_DONE;
        afp_models_get(job->models, &assessfirst, job->token_digest, job->tenant->locale,
                       job->session, AFP_MODELS_FRESH, &fresh, outcome);
        *job->calls += fresh;
    }
    /* A token of the site is none of the tenant's secrets. */
    note(job, AFP_API_ASSESSFIRST, outcome,
         job->site->assessfirst_token ? "" : job->tenant->assessfirst_token, NULL);
    if (outcome->kind == AFP_OUTCOME_UNAUTHORIZED || outcome->kind == AFP_OUTCOME_FORBIDDEN) {
        *stopped = outcome->kind == AFP_OUTCOME_UNAUTHORIZED ? "*" : AFP_FOLLOW_UP_INVITE;
    }
}

/* ---- the follow-up ---- */

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
    const char *api = of_pinpoint ? AFP_API_PINPOINT : AFP_API_ASSESSFIRST;
    const char *stopped = NULL;
    afp_outcome_t outcome;

    if (of_pinpoint) {
        ask_pinpoint(job, &outcome, &stopped);
    } else {
        ask_assessfirst(job, &outcome, &stopped);
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
                  outcome.kind == AFP_OUTCOME_DONE ? AFP_SENTENCE_NO_DATABASE
                                                   : apr_pstrdup(job->pool, outcome.words));
    if (outcome.kind == AFP_OUTCOME_LIMITED && !of_pinpoint) {
        end->token_digest = job->token_digest;
        end->budget_delay = outcome.retry_after > 0 ? outcome.retry_after : apr_time_from_sec(60);
    }
    if (stopped) {
        end->park_api = api;
        end->park_owner = of_pinpoint ? job->tenant->company_uuid : job->token_owner;
        end->park_kind = stopped;
    }
}
