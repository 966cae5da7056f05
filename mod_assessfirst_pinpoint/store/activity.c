#include "store/activity.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Invitations, and what keeps a profile from being written or cleaned up. What else the module does
 * by itself, readings above all, would hide them. */
static const afp_statement_t select_open = {
    "select-open-activity",
    "SELECT id, kind, state, application_id, job_id, delivery_id, reason, due_at, attempts"
    " FROM afp_follow_up WHERE state = %s AND company_uuid = %s AND priority = 0"
    " AND (kind = 'invite' OR (state = 'held' AND kind IN ('write-back', 'delete-fields')))"
    " ORDER BY due_at DESC LIMIT %s"};

static const afp_statement_t select_finished = {
    "select-finished-activity",
    "SELECT id, kind, result, application_id, job_id, delivery_id, reason, finished_at, attempts"
    " FROM afp_finished WHERE company_uuid = %s AND (kind = 'invite' OR (result = 'dead'"
    " AND kind IN ('write-back', 'read-results', 'delete-fields')))"
    " ORDER BY finished_at DESC LIMIT %s"};

/* Among the latest deliveries only: a tenant may have hundreds of thousands, none of them
 * ignored. */
static const afp_statement_t select_ignored = {
    "select-ignored-activity",
    "SELECT id, event, 'ignored', application_id, job_id, id, ignored, received_at, 0 FROM"
    " (SELECT id, event, application_id, job_id, ignored, received_at FROM afp_delivery"
    " WHERE company_uuid = %s ORDER BY received_at DESC LIMIT 1000) latest"
    " WHERE ignored <> '' ORDER BY received_at DESC LIMIT %s"};

static const afp_statement_t count_state = {
    "count-state",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE state = %s AND company_uuid = %s"
    " AND priority = 0 AND application_id <> '' LIMIT 1000) counted"};

static const afp_statement_t count_invitations = {
    "count-invitations",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE state = %s AND company_uuid = %s"
    " AND priority = 0 AND kind = 'invite' LIMIT 1000) counted"};

static const afp_statement_t count_result = {
    "count-result",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_finished WHERE company_uuid = %s AND result = %s"
    " LIMIT 1000) counted"};

static const afp_statement_t select_parkings = {
    "select-tenant-parkings",
    "SELECT api, kind, words, since FROM afp_parking WHERE owner = %s OR owner = %s"};

static const afp_statement_t select_one = {
    "select-finished",
    "SELECT kind, delivery_id, application_id, job_id, occurrence, anyway, result"
    " FROM afp_finished WHERE company_uuid = %s AND id = %s"};

static const afp_statement_t select_checked = {
    "select-finished-check", "SELECT result, reason, finished_at FROM afp_finished"
                             " WHERE company_uuid = %s AND application_id = '' AND kind = %s"
                             " ORDER BY finished_at DESC LIMIT 1"};

static const afp_statement_t select_open_check = {
    "select-open-check", "SELECT reason FROM afp_follow_up"
                         " WHERE company_uuid = %s AND application_id = '' AND kind = %s"};

typedef struct {
    const char *company_uuid;
    const char *other; /* token owner, id or kind */
    int limit;
    apr_pool_t *pool;
    apr_array_header_t *found;
    afp_activity_summary_t *summary;
    afp_follow_up_t *follow_up;
    char *result;
    afp_check_state_t *check;
} wanted_t;

/* ---- the list ---- */

static apr_status_t collect(afp_session_t *session, const wanted_t *wanted,
                            const afp_statement_t *statement, const char *const *values)
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, statement, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_activity_t *activity = apr_array_push(wanted->found);
        const char *state = afp_rows_text(rows, 2);

        activity->id = apr_pstrdup(wanted->pool, afp_rows_text(rows, 0));
        activity->kind = apr_pstrdup(wanted->pool, afp_rows_text(rows, 1));
        activity->state = !strcmp(state, "ready")    ? "waiting"
                          : !strcmp(state, "leased") ? "running"
                                                     : apr_pstrdup(wanted->pool, state);
        activity->application_id = apr_pstrdup(wanted->pool, afp_rows_text(rows, 3));
        activity->job_id = apr_pstrdup(wanted->pool, afp_rows_text(rows, 4));
        activity->delivery_id = apr_pstrdup(wanted->pool, afp_rows_text(rows, 5));
        activity->reason = apr_pstrdup(wanted->pool, afp_rows_text(rows, 6));
        activity->at = afp_rows_number(rows, 7);
        activity->attempts = (int)afp_rows_number(rows, 8);
    }
    return rv;
}

static int newest_first(const void *left, const void *right)
{
    const afp_activity_t *a = left;
    const afp_activity_t *b = right;

    return a->at < b->at ? 1 : a->at > b->at ? -1 : strcmp(b->id, a->id);
}

static apr_status_t read_recent(afp_session_t *session, void *baton)
{
    static const char *const states[] = {"ready", "leased", "held"};
    wanted_t *wanted = baton;
    const char *limit = afp_sql_number(session, wanted->limit);
    const char *values[] = {wanted->company_uuid, limit};
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    apr_array_clear(wanted->found);
    for (i = 0; i < sizeof(states) / sizeof(states[0]) && rv == APR_SUCCESS; i++) {
        const char *open[] = {states[i], wanted->company_uuid, limit};

        rv = collect(session, wanted, &select_open, open);
    }
    if (rv == APR_SUCCESS) {
        rv = collect(session, wanted, &select_finished, values);
    }
    if (rv == APR_SUCCESS) {
        rv = collect(session, wanted, &select_ignored, values);
    }
    qsort(wanted->found->elts, (size_t)wanted->found->nelts, sizeof(afp_activity_t), newest_first);
    if (wanted->found->nelts > wanted->limit) {
        wanted->found->nelts = wanted->limit;
    }
    return rv;
}

apr_status_t afp_activity_recent(afp_session_t *session, const char *company_uuid, int limit,
                                 apr_pool_t *pool, apr_array_header_t **activities)
{
    wanted_t wanted = {
        .company_uuid = company_uuid,
        .limit = limit,
        .pool = pool,
        .found = apr_array_make(pool, limit, sizeof(afp_activity_t)),
    };

    *activities = wanted.found;
    return afp_session_read(session, read_recent, &wanted);
}

/* ---- the summary ---- */

static apr_status_t count(afp_session_t *session, const afp_statement_t *statement,
                          const char *first, const char *second, int *number)
{
    const char *values[] = {first, second};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, statement, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *number += (int)afp_rows_number(rows, 0);
    }
    return rv;
}

static apr_status_t read_summary(afp_session_t *session, void *baton)
{
    static const char *const states[] = {"ready", "leased", "held"};
    wanted_t *wanted = baton;
    afp_activity_summary_t *summary = wanted->summary;
    const char *company_uuid = wanted->company_uuid;
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    memset(summary, 0, sizeof(*summary));
    for (i = 0; i < sizeof(states) / sizeof(states[0]) && rv == APR_SUCCESS; i++) {
        rv = count(session, &count_invitations, states[i], company_uuid, &summary->invitations);
    }
    if (rv == APR_SUCCESS) {
        rv = count(session, &count_state, "ready", company_uuid, &summary->waiting);
    }
    if (rv == APR_SUCCESS) {
        rv = count(session, &count_state, "leased", company_uuid, &summary->waiting);
    }
    if (rv == APR_SUCCESS) {
        rv = count(session, &count_state, "held", company_uuid, &summary->held);
    }
    if (rv == APR_SUCCESS) {
        rv = count(session, &count_result, company_uuid, "dead", &summary->dead);
    }
    return rv == APR_SUCCESS
               ? count(session, &count_result, company_uuid, "uncertain", &summary->uncertain)
               : rv;
}

apr_status_t afp_activity_summarise(afp_session_t *session, const char *company_uuid,
                                    afp_activity_summary_t *summary)
{
    wanted_t wanted = {.company_uuid = company_uuid, .summary = summary};
    apr_status_t rv = afp_session_read(session, read_summary, &wanted);

    return rv == APR_SUCCESS
               ? afp_tenant_last_received(session, company_uuid, &summary->last_received_at)
               : rv;
}

/* ---- parkings, one finished follow-up, checks ---- */

static apr_status_t read_parkings(afp_session_t *session, void *baton)
{
    wanted_t *wanted = baton;
    const char *values[] = {wanted->company_uuid, wanted->other};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_parkings, values, &rows);

    apr_array_clear(wanted->found);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_parking_t *parking = apr_array_push(wanted->found);

        parking->api = apr_pstrdup(wanted->pool, afp_rows_text(rows, 0));
        parking->kind = apr_pstrdup(wanted->pool, afp_rows_text(rows, 1));
        parking->words = apr_pstrdup(wanted->pool, afp_rows_text(rows, 2));
        parking->since = afp_rows_number(rows, 3);
    }
    return rv;
}

apr_status_t afp_activity_parkings(afp_session_t *session, const char *company_uuid,
                                   const char *token_owner, apr_pool_t *pool,
                                   apr_array_header_t **parkings)
{
    wanted_t wanted = {
        .company_uuid = company_uuid,
        .other = token_owner,
        .pool = pool,
        .found = apr_array_make(pool, 2, sizeof(afp_parking_t)),
    };

    *parkings = wanted.found;
    return afp_session_read(session, read_parkings, &wanted);
}

static apr_status_t read_finished(afp_session_t *session, void *baton)
{
    wanted_t *wanted = baton;
    afp_follow_up_t *follow_up = wanted->follow_up;
    const char *values[] = {wanted->company_uuid, wanted->other};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_one, values, &rows);

    memset(follow_up, 0, sizeof(*follow_up));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_cpystrn(follow_up->id, wanted->other, sizeof(follow_up->id));
        apr_cpystrn(follow_up->company_uuid, wanted->company_uuid, sizeof(follow_up->company_uuid));
        apr_cpystrn(follow_up->kind, afp_rows_text(rows, 0), sizeof(follow_up->kind));
        apr_cpystrn(follow_up->delivery_id, afp_rows_text(rows, 1), sizeof(follow_up->delivery_id));
        apr_cpystrn(follow_up->application_id, afp_rows_text(rows, 2),
                    sizeof(follow_up->application_id));
        apr_cpystrn(follow_up->job_id, afp_rows_text(rows, 3), sizeof(follow_up->job_id));
        follow_up->occurrence = (int)afp_rows_number(rows, 4);
        follow_up->anyway = (int)afp_rows_number(rows, 5);
        apr_cpystrn(wanted->result, afp_rows_text(rows, 6), 17);
    }
    return rv == APR_SUCCESS && !*follow_up->id ? APR_NOTFOUND : rv;
}

apr_status_t afp_activity_finished(afp_session_t *session, const char *company_uuid, const char *id,
                                   afp_follow_up_t *follow_up, char result[17])
{
    wanted_t wanted = {
        .company_uuid = company_uuid,
        .other = id,
        .follow_up = follow_up,
        .result = result,
    };

    *result = '\0';
    return afp_session_read(session, read_finished, &wanted);
}

static apr_status_t read_check(afp_session_t *session, void *baton)
{
    wanted_t *wanted = baton;
    afp_check_state_t *check = wanted->check;
    const char *values[] = {wanted->company_uuid, wanted->other};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_checked, values, &rows);

    memset(check, 0, sizeof(*check));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_cpystrn(check->result, afp_rows_text(rows, 0), sizeof(check->result));
        apr_cpystrn(check->reason, afp_rows_text(rows, 1), sizeof(check->reason));
        check->finished_at = afp_rows_number(rows, 2);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_open_check, values, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        check->open = 1;
        apr_cpystrn(check->reason, afp_rows_text(rows, 0), sizeof(check->reason));
    }
    return rv;
}

apr_status_t afp_activity_check(afp_session_t *session, const char *company_uuid, const char *kind,
                                afp_check_state_t *state)
{
    wanted_t wanted = {.company_uuid = company_uuid, .other = kind, .check = state};

    return afp_session_read(session, read_check, &wanted);
}
