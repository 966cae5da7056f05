#include "store/secret.h"
#include "store/tenant.h"

#include <apr_strings.h>

/* What is noted of a tenant beside its settings: when it was last heard of, and what its
 * administrator should know. */

static const afp_statement_t update_received = {
    "update-received", "UPDATE afp_received SET last_received_at = %s WHERE company_uuid = %s"
                       " AND last_received_at < %s"};

static const afp_statement_t select_received = {
    "select-received", "SELECT last_received_at FROM afp_received WHERE company_uuid = %s"};

static const afp_statement_t insert_received = {
    "insert-received", "INSERT INTO afp_received (company_uuid, last_received_at) VALUES (%s, %s)"};

static const afp_statement_t delete_received = {"delete-received",
                                                "DELETE FROM afp_received WHERE company_uuid = %s"};

static const afp_statement_t delete_notice = {
    "delete-notice", "DELETE FROM afp_notice WHERE company_uuid = %s AND code = %s"};

static const afp_statement_t select_notice = {
    "select-notice",
    "SELECT first_at, last_at FROM afp_notice WHERE company_uuid = %s AND code = %s"};

static const afp_statement_t insert_notice = {
    "insert-notice", "INSERT INTO afp_notice (company_uuid, code, words, first_at, last_at)"
                     " VALUES (%s, %s, %s, %s, %s)"};

static const afp_statement_t select_notices = {
    "select-notices",
    "SELECT code, words, first_at, last_at FROM afp_notice WHERE company_uuid = %s"
    " ORDER BY last_at DESC LIMIT 20"};

/* ---- last received ---- */

typedef struct {
    const char *company_uuid;
    apr_time_t received_at;
    const afp_matched_t *matched; /* AFP_SIGNATURE_SECRETS of them, or NULL */
} received_t;

static apr_status_t read_received(afp_session_t *session, void *baton)
{
    received_t *received = baton;
    const char *values[] = {received->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_received, values, &rows);

    received->received_at = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        received->received_at = afp_rows_number(rows, 0);
    }
    return rv;
}

/* Renews the time, unless what is stored is newer. *rows is 0 if it is, or if nothing is stored. */
static apr_status_t renew(afp_session_t *session, const received_t *received, int *rows)
{
    const char *at = afp_sql_number(session, received->received_at);
    const char *values[] = {at, received->company_uuid, at};

    return afp_sql_execute(session, &update_received, values, rows);
}

/* The first one. APR_NOTFOUND if the tenant receives nothing: what came before it was disconnected
 * says nothing about the connection that may follow. */
static apr_status_t write_first(afp_session_t *session, const received_t *received)
{
    received_t stored = {received->company_uuid, 0, NULL};
    const char *values[] = {received->company_uuid, afp_sql_number(session, received->received_at)};
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, received->company_uuid, &state, NULL);

    if (rv == APR_SUCCESS && state != AFP_TENANT_CONNECTED && state != AFP_TENANT_PAUSED) {
        return APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = read_received(session, &stored);
    }
    if (rv == APR_SUCCESS && stored.received_at) {
        return renew(session, received, NULL); /* another child was first */
    }
    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_received, values, NULL) : rv;
}

static apr_status_t write_received(afp_session_t *session, void *baton)
{
    received_t *received = baton;
    received_t stored = {received->company_uuid, 0, NULL};
    int rows = 0;
    int i;
    apr_status_t rv = renew(session, received, &rows);

    if (rv == APR_SUCCESS && !rows) {
        rv = read_received(session, &stored);
    }
    if (rv == APR_SUCCESS && !rows && !stored.received_at) {
        rv = write_first(session, received);
    } else if (rv == APR_SUCCESS && !rows) {
        rv = renew(session, received, NULL); /* another child may have been first meanwhile */
    }
    for (i = 0; received->matched && i < AFP_SIGNATURE_SECRETS && rv == APR_SUCCESS; i++) {
        if (received->matched[i].at) {
            rv = afp_secret_used(session, received->company_uuid, received->matched[i].secret,
                                 received->matched[i].at);
        }
    }
    return rv;
}

apr_status_t afp_tenant_received(afp_session_t *session, const char *company_uuid,
                                 apr_time_t received_at,
                                 const afp_matched_t matched[AFP_SIGNATURE_SECRETS])
{
    received_t received = {company_uuid, received_at, matched};
    apr_status_t rv = afp_session_write(session, write_received, &received);

    return rv == APR_NOTFOUND ? APR_SUCCESS : rv;
}

apr_status_t afp_tenant_forget_received(afp_session_t *session, const char *company_uuid)
{
    const char *values[] = {company_uuid};

    return afp_sql_execute(session, &delete_received, values, NULL);
}

apr_status_t afp_tenant_last_received(afp_session_t *session, const char *company_uuid,
                                      apr_time_t *received_at)
{
    received_t received = {company_uuid, 0, NULL};
    apr_status_t rv = afp_session_read(session, read_received, &received);

    *received_at = received.received_at;
    return rv;
}

/* ---- notices ---- */

typedef struct {
    const char *company_uuid;
    const char *code;
    const char *words;
    apr_time_t at;
    apr_pool_t *pool;
    apr_array_header_t *notices;
} notice_t;

static apr_status_t write_notice(afp_session_t *session, void *baton)
{
    notice_t *notice = baton;
    const char *key[] = {notice->company_uuid, notice->code};
    apr_time_t first_at = notice->at;
    apr_time_t last_at = notice->at;
    afp_tenant_state_t state;
    afp_rows_t *rows;
    apr_status_t rv = afp_tenant_lock(session, notice->company_uuid, &state, NULL);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_notice, key, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        first_at = afp_rows_number(rows, 0);
        last_at = afp_rows_number(rows, 1);
    }
    if (rv != APR_SUCCESS || last_at > notice->at) {
        return rv;
    }
    rv = afp_sql_execute(session, &delete_notice, key, NULL);
    if (rv == APR_SUCCESS) {
        const char *values[] = {notice->company_uuid, notice->code, notice->words,
                                afp_sql_number(session, first_at),
                                afp_sql_number(session, notice->at)};

        rv = afp_sql_execute(session, &insert_notice, values, NULL);
    }
    return rv;
}

apr_status_t afp_tenant_notice(afp_session_t *session, const char *company_uuid, const char *code,
                               const char *words, apr_time_t at)
{
    notice_t notice = {company_uuid, code, words, at, NULL, NULL};

    return afp_session_write(session, write_notice, &notice);
}

static apr_status_t read_notices(afp_session_t *session, void *baton)
{
    notice_t *wanted = baton;
    const char *values[] = {wanted->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_notices, values, &rows);

    apr_array_clear(wanted->notices);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_notice_t *notice = apr_array_push(wanted->notices);

        notice->code = apr_pstrdup(wanted->pool, afp_rows_text(rows, 0));
        notice->words = apr_pstrdup(wanted->pool, afp_rows_text(rows, 1));
        notice->first_at = afp_rows_number(rows, 2);
        notice->last_at = afp_rows_number(rows, 3);
    }
    return rv;
}

apr_status_t afp_tenant_notices(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **notices)
{
    notice_t wanted = {
        company_uuid, NULL, NULL, 0, pool, apr_array_make(pool, 4, sizeof(afp_notice_t))};

    *notices = wanted.notices;
    return afp_session_read(session, read_notices, &wanted);
}
