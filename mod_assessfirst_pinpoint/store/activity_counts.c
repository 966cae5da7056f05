#include "store/activity.h"

#include <string.h>

/* The numbers above the list. */

#define BY_PRIORITY AFP_BY_INDEX("afp_follow_up_priority")
#define BY_RESULT   AFP_BY_INDEX("afp_finished_result_page")

/* In the order of afp_follow_up_priority, which alone is read: readings cost nothing. */
static const afp_statement_t count_state = {
    "count-state", "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up" BY_PRIORITY
                   " WHERE state = %s AND company_uuid = %s"
                   " AND priority = 0 ORDER BY due_at, id LIMIT 500) counted"};

/* Of them, those that are the whole tenant's: a few, and never shown as waiting. */
static const afp_statement_t select_tenant = {
    "select-states-of-tenant", "SELECT state, priority FROM afp_follow_up WHERE company_uuid = %s"
                               " AND application_id = ''"};

static const afp_statement_t select_oldest = {
    "select-oldest-open",
    "SELECT MIN(created_at) FROM (SELECT created_at FROM afp_follow_up" BY_PRIORITY
    " WHERE state = %s AND company_uuid = %s AND priority = 0 AND application_id <> ''"
    " ORDER BY due_at, id LIMIT 100) counted"};

/* However many of other kinds are due before them: the index has the kind. */
static const afp_statement_t count_invitations = {
    "count-invitations",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up" BY_PRIORITY
    " WHERE state = %s AND company_uuid = %s AND priority = 0 AND kind = 'invite'"
    " ORDER BY due_at, id LIMIT 200) counted"};

static const afp_statement_t select_next_retry = {
    "select-next-retry",
    "SELECT due_at FROM afp_follow_up" BY_PRIORITY " WHERE state = 'ready' AND company_uuid = %s"
    " AND priority = 0 AND due_at > %s AND application_id <> '' ORDER BY due_at, id LIMIT 1"};

static const afp_statement_t count_result = {
    "count-result", "SELECT COUNT(*) FROM (SELECT id FROM afp_finished" BY_RESULT
                    " WHERE company_uuid = %s AND result = %s"
                    " AND kind NOT IN ('check-pinpoint', 'check-assessfirst', 'synchronise')"
                    " ORDER BY finished_at, id LIMIT 500) counted"};

/* The states of what is open; the first two are told as waiting. */
static const char *const states[] = {"ready", "leased", "held"};
#define STATES 3

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

/* How many of those that count_state counts are the whole tenant's, by state. */
static apr_status_t read_tenant(afp_session_t *session, const char *company_uuid,
                                int tenant[STATES])
{
    const char *values[] = {company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_tenant, values, &rows);

    memset(tenant, 0, sizeof(*tenant) * STATES);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *state = afp_rows_text(rows, 0);
        int i;

        for (i = 0; i < STATES; i++) {
            tenant[i] += !strcmp(states[i], state) && !afp_rows_number(rows, 1);
        }
    }
    return rv;
}

/* Counts what is open, and finds the oldest of it. */
static apr_status_t read_open(afp_session_t *session, const summary_t *wanted)
{
    afp_activity_summary_t *summary = wanted->summary;
    int tenant[STATES];
    apr_status_t rv = read_tenant(session, wanted->company_uuid, tenant);
    int i;

    for (i = 0; i < STATES && rv == APR_SUCCESS; i++) {
        apr_int64_t count = 0;
        apr_int64_t oldest = 0;

        rv = read_number(session, &count_state, states[i], wanted->company_uuid, &count);
        if (count < AFP_ACTIVITY_COUNTED_TO) {
            count = count > tenant[i] ? count - tenant[i] : 0;
        }
        if (rv == APR_SUCCESS && count) {
            rv = read_number(session, &select_oldest, states[i], wanted->company_uuid, &oldest);
        }
        *(i < 2 ? &summary->waiting : &summary->held) += (int)count;
        if (oldest && (!summary->oldest_at || oldest < summary->oldest_at)) {
            summary->oldest_at = oldest;
        }
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
    rv = read_open(session, wanted);
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

/* ---- invitations ---- */

typedef struct {
    const char *company_uuid;
    int count;
} invitations_t;

static apr_status_t read_invitations(afp_session_t *session, void *baton)
{
    invitations_t *invitations = baton;
    apr_status_t rv = APR_SUCCESS;
    int i;

    invitations->count = 0;
    for (i = 0; i < STATES && rv == APR_SUCCESS; i++) {
        apr_int64_t count = 0;

        rv = read_number(session, &count_invitations, states[i], invitations->company_uuid, &count);
        invitations->count += (int)count;
    }
    return rv;
}

apr_status_t afp_activity_invitations(afp_session_t *session, const char *company_uuid, int *count)
{
    invitations_t invitations = {company_uuid, 0};
    apr_status_t rv = afp_session_read(session, read_invitations, &invitations);

    *count = invitations.count;
    return rv;
}
