#include "store/activity.h"

#include <string.h>

/* The numbers above the list. */

/* In the order of afp_follow_up_priority: readings cost nothing. */
static const afp_statement_t count_state = {
    "count-state",
    "SELECT COUNT(*), MIN(created_at), SUM(CASE kind WHEN 'invite' THEN 1 ELSE 0 END)"
    " FROM (SELECT created_at, kind FROM afp_follow_up"
    " WHERE state = %s AND company_uuid = %s AND priority = 0 AND application_id <> ''"
    " ORDER BY due_at, id LIMIT 1000) counted"};

static const afp_statement_t select_next_retry = {
    "select-next-retry",
    "SELECT due_at FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s"
    " AND priority = 0 AND due_at > %s AND application_id <> '' ORDER BY due_at, id LIMIT 1"};

static const afp_statement_t count_result = {
    "count-result",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_finished WHERE company_uuid = %s AND result = %s"
    " AND (application_id <> '' OR kind = 'delete-fields') ORDER BY finished_at, id LIMIT 1000)"
    " counted"};

typedef struct {
    const char *company_uuid;
    afp_activity_summary_t *summary;
} summary_t;

/* Adds the open follow-ups in a state. */
static apr_status_t add_open(afp_session_t *session, const summary_t *wanted, const char *state,
                             int *number)
{
    const char *values[] = {state, wanted->company_uuid};
    apr_time_t *oldest_at = &wanted->summary->oldest_at;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &count_state, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_time_t oldest = afp_rows_number(rows, 1);

        *number += (int)afp_rows_number(rows, 0);
        wanted->summary->invitations += (int)afp_rows_number(rows, 2);
        if (oldest && (!*oldest_at || oldest < *oldest_at)) {
            *oldest_at = oldest;
        }
    }
    return rv;
}

static apr_status_t read_number(afp_session_t *session, const afp_statement_t *statement,
                                const char *first, const char *second, apr_int64_t *number)
{
    const char *values[] = {first, second};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, statement, values, &rows);

    *number = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *number = afp_rows_number(rows, 0);
    }
    return rv;
}

static apr_status_t read_summary(afp_session_t *session, void *baton)
{
    summary_t *wanted = baton;
    afp_activity_summary_t *summary = wanted->summary;
    const char *company_uuid = wanted->company_uuid;
    const char *now = afp_sql_number(session, afp_session_now(session));
    apr_int64_t dead = 0;
    apr_int64_t uncertain = 0;
    apr_status_t rv;

    memset(summary, 0, sizeof(*summary));
    rv = add_open(session, wanted, "ready", &summary->waiting);
    if (rv == APR_SUCCESS) {
        rv = add_open(session, wanted, "leased", &summary->waiting);
    }
    if (rv == APR_SUCCESS) {
        rv = add_open(session, wanted, "held", &summary->held);
    }
    if (rv == APR_SUCCESS) {
        rv = read_number(session, &select_next_retry, company_uuid, now, &summary->next_retry_at);
    }
    if (rv == APR_SUCCESS) {
        rv = read_number(session, &count_result, company_uuid, AFP_ACTIVITY_DEAD, &dead);
    }
    if (rv == APR_SUCCESS) {
        rv = read_number(session, &count_result, company_uuid, AFP_ACTIVITY_UNCERTAIN, &uncertain);
    }
    summary->dead = (int)dead;
    summary->uncertain = (int)uncertain;
    return rv;
}

apr_status_t afp_activity_summarise(afp_session_t *session, const char *company_uuid,
                                    afp_activity_summary_t *summary)
{
    summary_t wanted = {company_uuid, summary};
    apr_status_t rv = afp_session_read(session, read_summary, &wanted);

    return rv == APR_SUCCESS
               ? afp_tenant_last_received(session, company_uuid, &summary->last_received_at)
               : rv;
}
