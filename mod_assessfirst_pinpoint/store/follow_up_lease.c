#include "store/follow_up.h"

/* Leases of follow-ups: kept, extended, given back, and taken away when they ran out. */

static const afp_statement_t select_lease = {
    "select-lease",
    "SELECT id FROM afp_follow_up WHERE id = %s AND lease = %s AND state = 'leased'"};

static const afp_statement_t renew_lease = {
    "renew-lease",
    "UPDATE afp_follow_up SET due_at = %s WHERE id = %s AND lease = %s AND state = 'leased'"};

static const afp_statement_t select_expired = {
    "select-expired",
    "SELECT id, lease FROM afp_follow_up WHERE state = 'leased' AND due_at <= %s LIMIT 100"};

static const afp_statement_t make_ready = {
    "make-ready", "UPDATE afp_follow_up SET state = 'ready', lease = '', due_at = %s"
                  " WHERE id = %s AND lease = %s AND state = 'leased'"};

apr_status_t afp_follow_up_lock(afp_session_t *session, const afp_follow_up_t *follow_up)
{
    const char *values[] = {follow_up->id, follow_up->lease};
    afp_tenant_state_t state;
    int found = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_tenant_lock(session, follow_up->company_uuid, &state, NULL);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_lease, values, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        found = 1;
    }
    return rv == APR_SUCCESS && !found ? APR_NOTFOUND : rv;
}

apr_status_t afp_follow_up_hold_lease(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      apr_interval_time_t lease_time)
{
    const char *until = afp_sql_number(session, afp_session_now(session) + lease_time);
    const char *values[] = {until, follow_up->id, follow_up->lease};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &renew_lease, values, &rows);

    return rv == APR_SUCCESS && !rows ? APR_NOTFOUND : rv;
}

typedef struct {
    const afp_follow_up_t *follow_ups;
    int count;
    apr_interval_time_t lease_time;
} leases_t;

static apr_status_t renew_all(afp_session_t *session, void *baton)
{
    leases_t *leases = baton;
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < leases->count && rv == APR_SUCCESS; i++) {
        rv = afp_follow_up_hold_lease(session, &leases->follow_ups[i], leases->lease_time);
        if (rv == APR_NOTFOUND) {
            rv = APR_SUCCESS;
        }
    }
    return rv;
}

apr_status_t afp_follow_up_renew(afp_session_t *session, const afp_follow_up_t *follow_ups,
                                 int count, apr_interval_time_t lease_time)
{
    leases_t leases = {follow_ups, count, lease_time};

    return count ? afp_session_write(session, renew_all, &leases) : APR_SUCCESS;
}

static apr_status_t release_all(afp_session_t *session, void *baton)
{
    leases_t *leases = baton;
    const char *now = afp_sql_number(session, afp_session_now(session));
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < leases->count && rv == APR_SUCCESS; i++) {
        const char *values[] = {now, leases->follow_ups[i].id, leases->follow_ups[i].lease};

        rv = afp_sql_execute(session, &make_ready, values, NULL);
    }
    return rv;
}

apr_status_t afp_follow_up_release(afp_session_t *session, const afp_follow_up_t *follow_ups,
                                   int count)
{
    leases_t leases = {follow_ups, count, 0};

    return count ? afp_session_write(session, release_all, &leases) : APR_SUCCESS;
}

typedef struct {
    int count;
} expiry_t;

static apr_status_t read_expired(afp_session_t *session, void *baton)
{
    expiry_t *expiry = baton;
    const char *values[] = {afp_sql_number(session, afp_session_now(session))};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_expired, values, &rows);

    expiry->count = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        expiry->count++;
    }
    return rv;
}

static apr_status_t expire(afp_session_t *session, void *baton)
{
    expiry_t *expiry = baton;
    const char *now = afp_sql_number(session, afp_session_now(session));
    const char *values[] = {now};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_expired, values, &rows);

    expiry->count = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *row[] = {now, afp_rows_text(rows, 0), afp_rows_text(rows, 1)};
        int changed = 0;

        rv = afp_sql_execute(session, &make_ready, row, &changed);
        expiry->count += changed;
    }
    return rv;
}

/* Looks before it writes: a quiet ticker takes no lock. */
apr_status_t afp_follow_up_expire(afp_session_t *session, int *count)
{
    expiry_t expiry = {0};
    apr_status_t rv = afp_session_read(session, read_expired, &expiry);

    if (rv == APR_SUCCESS && expiry.count) {
        rv = afp_session_write(session, expire, &expiry);
    }
    *count = expiry.count;
    return rv;
}
