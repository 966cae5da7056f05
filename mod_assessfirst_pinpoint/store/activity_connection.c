#include "store/activity.h"

#include <apr_strings.h>
#include <string.h>

/* How the connection is, and one finished follow-up. */

/* Without the one that notes a release (store/follow_up_resume.c). */
static const afp_statement_t select_parkings = {
    "select-tenant-parkings",
    "SELECT api, kind, words, since FROM afp_parking WHERE (owner = %s OR owner = %s)"
    " AND kind <> ''"};

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
    apr_pool_t *pool;
    apr_array_header_t *found;
    afp_follow_up_t *follow_up;
    char *result;
    afp_check_state_t *check;
} wanted_t;

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
