#include "store/activity.h"

#include <string.h>

/* The numbers above the list. */

/* In the order of afp_follow_up_priority, which alone is read: readings cost nothing. */
static const afp_statement_t count_state = {
    "count-state",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE state = %s AND company_uuid = %s"
    " AND priority = 0 ORDER BY due_at, id LIMIT 1000) counted"};

/* Of them, those that are the whole tenant's: a few, and never shown as waiting. */
static const afp_statement_t count_tenant = {
    "count-state-of-tenant", "SELECT COUNT(*) FROM afp_follow_up WHERE company_uuid = %s"
                             " AND application_id = '' AND state = %s AND priority = 0"};

/* More about the first ones of them. */
static const afp_statement_t select_first = {
    "select-first-open",
    "SELECT MIN(created_at), SUM(CASE kind WHEN 'invite' THEN 1 ELSE 0 END)"
    " FROM (SELECT created_at, kind FROM afp_follow_up"
    " WHERE state = %s AND company_uuid = %s AND priority = 0 AND application_id <> ''"
    " ORDER BY due_at, id LIMIT 200) counted"};

static const afp_statement_t select_next_retry = {
    "select-next-retry",
    "SELECT due_at FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s"
    " AND priority = 0 AND due_at > %s AND application_id <> '' ORDER BY due_at, id LIMIT 1"};

static const afp_statement_t count_result = {
    "count-result",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_finished WHERE company_uuid = %s AND result = %s"
    " ORDER BY finished_at, id LIMIT 1000) counted"};

#define COUNTED_TO 1000 /* by all of these */

typedef struct {
    const char *company_uuid;
    afp_activity_summary_t *summary;
} summary_t;

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

/* Adds what the first open follow-ups in a state tell. */
static apr_status_t add_first(afp_session_t *session, const summary_t *wanted, const char *state)
{
    const char *values[] = {state, wanted->company_uuid};
    apr_time_t *oldest_at = &wanted->summary->oldest_at;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_first, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_time_t oldest = afp_rows_number(rows, 0);

        wanted->summary->invitations += (int)afp_rows_number(rows, 1);
        if (oldest && (!*oldest_at || oldest < *oldest_at)) {
            *oldest_at = oldest;
        }
    }
    return rv;
}

/* Adds the open follow-ups in a state. */
static apr_status_t add_open(afp_session_t *session, const summary_t *wanted, const char *state,
                             int *number)
{
    apr_int64_t all = 0;
    apr_int64_t tenant = 0;
    apr_status_t rv = read_number(session, &count_state, state, wanted->company_uuid, &all);

    if (rv == APR_SUCCESS) {
        rv = read_number(session, &count_tenant, wanted->company_uuid, state, &tenant);
    }
    if (all < tenant) {
        tenant = all; /* between the two */
    }
    *number += (int)(all - (all < COUNTED_TO ? tenant : 0));
    return rv == APR_SUCCESS && all > tenant ? add_first(session, wanted, state) : rv;
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
