#include "store/follow_up.h"

#include <apr_strings.h>
#include <string.h>

/* Which tenants have due work. */

#define DUE_LIMIT  128  /* rows that are looked at before tenants are */
#define SEEK_LIMIT 1024 /* tenants that are looked at in one call */

static const afp_statement_t select_due = {
    "select-due", "SELECT company_uuid FROM afp_follow_up WHERE state = 'ready' AND due_at <= %s"
                  " ORDER BY due_at LIMIT 128"};

/* In the order of afp_follow_up_tenant, so that no planner takes another index. */
static const afp_statement_t select_next_tenant = {
    "select-next-tenant",
    "SELECT company_uuid, due_at FROM afp_follow_up WHERE state = 'ready' AND company_uuid > %s"
    " ORDER BY company_uuid, due_at, id LIMIT 1"};

typedef struct {
    const char *cursor;
    int limit;
    apr_pool_t *pool;
    apr_array_header_t *company_uuids;
} due_t;

static int is_listed(const apr_array_header_t *company_uuids, const char *company_uuid)
{
    int i;

    for (i = 0; i < company_uuids->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(company_uuids, i, const char *), company_uuid)) {
            return 1;
        }
    }
    return 0;
}

/* The tenant after `after` that has something ready, "" if there is none, and when its first is
 * due. */
static apr_status_t seek_tenant(afp_session_t *session, const char *after, const char **next,
                                apr_time_t *due_at)
{
    const char *values[] = {after};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_next_tenant, values, &rows);

    *next = "";
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *next = afp_rows_text(rows, 0);
        *due_at = afp_rows_number(rows, 1);
    }
    return rv;
}

/* One index seek a tenant, whatever the length of its backlog: once around, from the cursor on. */
static apr_status_t list_in_order(afp_session_t *session, due_t *due, apr_time_t now)
{
    const char *after = due->cursor;
    int wrapped = !*after;
    int seeks = 0;
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && due->company_uuids->nelts < due->limit && seeks++ < SEEK_LIMIT) {
        const char *next;
        apr_time_t due_at = 0;

        rv = seek_tenant(session, after, &next, &due_at);
        if (rv == APR_SUCCESS && *next && due_at <= now) {
            APR_ARRAY_PUSH(due->company_uuids, const char *) = apr_pstrdup(due->pool, next);
        }
        if (wrapped && (!*next || (*due->cursor && strcmp(next, due->cursor) >= 0))) {
            break;
        }
        wrapped |= !*next;
        after = next;
    }
    return rv;
}

static apr_status_t list_due(afp_session_t *session, void *baton)
{
    due_t *due = baton;
    apr_time_t now = afp_session_now(session);
    const char *values[] = {afp_sql_number(session, now)};
    int hidden = 0;
    int seen = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_due, values, &rows);

    apr_array_clear(due->company_uuids);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *company_uuid = afp_rows_text(rows, 0);

        seen++;
        if (is_listed(due->company_uuids, company_uuid)) {
            continue;
        }
        if (due->company_uuids->nelts < due->limit) {
            APR_ARRAY_PUSH(due->company_uuids, const char *) = apr_pstrdup(due->pool, company_uuid);
        } else {
            hidden = 1;
        }
    }
    if (rv == APR_SUCCESS && (hidden || seen == DUE_LIMIT)) {
        apr_array_clear(due->company_uuids);
        rv = list_in_order(session, due, now);
    }
    return rv;
}

apr_status_t afp_follow_up_due(afp_session_t *session, const char *cursor, int limit,
                               apr_pool_t *pool, apr_array_header_t **company_uuids)
{
    due_t due = {cursor, limit, pool, apr_array_make(pool, 16, sizeof(const char *))};

    *company_uuids = due.company_uuids;
    return afp_session_read(session, list_due, &due);
}
