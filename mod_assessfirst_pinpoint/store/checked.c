#include "store/checked.h"

#include "store/secret.h"

#include <apr_strings.h>
#include <string.h>

static const afp_statement_t select_checked = {
    "select-checked",
    "SELECT result, words, at FROM afp_checked WHERE company_uuid = %s AND subject = %s"};

static const afp_statement_t delete_checked = {
    "delete-checked", "DELETE FROM afp_checked WHERE company_uuid = %s AND subject = %s"};

static const afp_statement_t insert_checked = {
    "insert-checked", "INSERT INTO afp_checked (company_uuid, subject, result, words, at)"
                      " VALUES (%s, %s, %s, %s, %s)"};

static const afp_statement_t select_pending = {
    "select-pending-checks",
    "SELECT kind FROM afp_follow_up WHERE company_uuid = %s AND application_id = ''"
    " AND kind IN ('check-pinpoint', 'check-assessfirst')"
    " AND (state = 'leased' OR (state = 'ready' AND due_at <= %s))"};

static const afp_statement_t select_grants = {
    "select-grants",
    "SELECT permission, granted FROM afp_grant WHERE company_uuid = %s ORDER BY position"};

static const afp_statement_t delete_grants = {"delete-grants",
                                              "DELETE FROM afp_grant WHERE company_uuid = %s"};

static const afp_statement_t insert_grant = {
    "insert-grant", "INSERT INTO afp_grant (company_uuid, position, permission, granted)"
                    " VALUES (%s, %s, %s, %s)"};

static const afp_statement_t select_stages = {
    "select-stages", "SELECT name FROM afp_stage WHERE company_uuid = %s ORDER BY position"};

static const afp_statement_t delete_stages = {"delete-stages",
                                              "DELETE FROM afp_stage WHERE company_uuid = %s"};

static const afp_statement_t insert_stage = {
    "insert-stage", "INSERT INTO afp_stage (company_uuid, position, name) VALUES (%s, %s, %s)"};

static const char *const result_names[] = {"unknown", "works", "lacking", "refused"};
static const char *const granted_names[] = {"unknown", "given", "missing"};

#define RESULTS ((int)(sizeof(result_names) / sizeof(result_names[0])))
#define GRANTS  ((int)(sizeof(granted_names) / sizeof(granted_names[0])))

/* The number of a name, 0 for any other text. */
static int number_of(const char *const *names, int count, const char *name)
{
    while (--count > 0 && strcmp(names[count], name)) {
    }
    return count;
}

const char *afp_checked_result_name(afp_checked_result_t result)
{
    return result_names[result];
}

const char *afp_granted_name(afp_granted_t granted)
{
    return granted_names[granted];
}

/* ---- reading ---- */

typedef struct {
    const char *company_uuid;
    const char *subject;
    afp_checked_t *checked;
    apr_pool_t *pool;
    apr_array_header_t *found;
} reading_t;

static apr_status_t read_checked(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    afp_checked_t *checked = reading->checked;
    const char *values[] = {reading->company_uuid, reading->subject};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_checked, values, &rows);

    memset(checked, 0, sizeof(*checked));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        checked->result =
            (afp_checked_result_t)number_of(result_names, RESULTS, afp_rows_text(rows, 0));
        apr_cpystrn(checked->words, afp_rows_text(rows, 1), sizeof(checked->words));
        checked->at = afp_rows_number(rows, 2);
    }
    return rv;
}

apr_status_t afp_checked_read(afp_session_t *session, const char *company_uuid, const char *subject,
                              afp_checked_t *checked)
{
    reading_t reading = {.company_uuid = company_uuid, .subject = subject, .checked = checked};

    return afp_session_read(session, read_checked, &reading);
}

typedef struct {
    const char *company_uuid;
    int pending;
} pending_t;

static apr_status_t read_pending(afp_session_t *session, void *baton)
{
    pending_t *pending = baton;
    const char *values[] = {pending->company_uuid,
                            afp_sql_number(session, afp_session_now(session))};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_pending, values, &rows);

    pending->pending = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        pending->pending |= strcmp(afp_rows_text(rows, 0), AFP_FOLLOW_UP_CHECK_PINPOINT)
                                ? AFP_PENDING_ASSESSFIRST
                                : AFP_PENDING_PINPOINT;
    }
    return rv;
}

apr_status_t afp_checked_is_pending(afp_session_t *session, const char *company_uuid, int *pending)
{
    pending_t checks = {company_uuid, 0};
    apr_status_t rv = afp_session_read(session, read_pending, &checks);

    *pending = checks.pending;
    return rv;
}

static apr_status_t read_grants(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_grants, values, &rows);

    apr_array_clear(reading->found);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_permission_grant_t *grant = apr_array_push(reading->found);

        grant->permission = apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
        grant->granted = (afp_granted_t)number_of(granted_names, GRANTS, afp_rows_text(rows, 1));
    }
    return rv;
}

apr_status_t afp_checked_grants(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **grants)
{
    reading_t reading = {.company_uuid = company_uuid,
                         .pool = pool,
                         .found = apr_array_make(pool, 10, sizeof(afp_permission_grant_t))};

    *grants = reading.found;
    return afp_session_read(session, read_grants, &reading);
}

static apr_status_t read_stages(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_stages, values, &rows);

    apr_array_clear(reading->found);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        APR_ARRAY_PUSH(reading->found, const char *) =
            apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
    }
    return rv;
}

apr_status_t afp_checked_stages(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **names)
{
    reading_t reading = {.company_uuid = company_uuid,
                         .pool = pool,
                         .found = apr_array_make(pool, 16, sizeof(const char *))};

    *names = reading.found;
    return afp_session_read(session, read_stages, &reading);
}

/* ---- writing ---- */

apr_status_t afp_checked_forget_stages(afp_session_t *session, const char *company_uuid)
{
    const char *key[] = {company_uuid, AFP_CHECKED_STAGES};
    apr_status_t rv = afp_sql_execute(session, &delete_stages, key, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &delete_checked, key, NULL) : rv;
}

static apr_status_t store_grants(afp_session_t *session, const char *company_uuid,
                                 const apr_array_header_t *grants)
{
    const char *key[] = {company_uuid};
    apr_status_t rv = afp_sql_execute(session, &delete_grants, key, NULL);
    int i;

    for (i = 0; i < grants->nelts && rv == APR_SUCCESS; i++) {
        const afp_permission_grant_t *grant = &APR_ARRAY_IDX(grants, i, afp_permission_grant_t);
        const char *values[] = {company_uuid, afp_sql_number(session, i), grant->permission,
                                granted_names[grant->granted]};

        rv = afp_sql_execute(session, &insert_grant, values, NULL);
    }
    return rv;
}

static int are_equal(const apr_array_header_t *one, const apr_array_header_t *other)
{
    int i = 0;

    while (i < one->nelts && i < other->nelts &&
           !strcmp(APR_ARRAY_IDX(one, i, const char *), APR_ARRAY_IDX(other, i, const char *))) {
        i++;
    }
    return i == one->nelts && i == other->nelts;
}

/* Mostly they are what they were. */
static apr_status_t store_stages(afp_session_t *session, const char *company_uuid,
                                 const apr_array_header_t *names)
{
    apr_pool_t *scratch = afp_session_scratch(session);
    const char *key[] = {company_uuid};
    reading_t former = {.company_uuid = company_uuid,
                        .pool = scratch,
                        .found = apr_array_make(scratch, 16, sizeof(const char *))};
    apr_status_t rv = read_stages(session, &former);
    int i;

    if (rv != APR_SUCCESS || are_equal(former.found, names)) {
        return rv;
    }
    rv = afp_sql_execute(session, &delete_stages, key, NULL);
    for (i = 0; i < names->nelts && i < AFP_STAGES && rv == APR_SUCCESS; i++) {
        const char *values[] = {company_uuid, afp_sql_number(session, i),
                                APR_ARRAY_IDX(names, i, const char *)};

        rv = afp_sql_execute(session, &insert_stage, values, NULL);
    }
    return rv;
}

typedef struct {
    const afp_follow_up_t *follow_up;
    const afp_finding_t *finding;
} noting_t;

static apr_status_t lock_unchanged(afp_session_t *session, const afp_follow_up_t *follow_up)
{
    afp_tenant_state_t state;
    apr_int64_t generation;
    apr_status_t rv = afp_tenant_lock(session, follow_up->company_uuid, &state, &generation);

    if (rv == APR_SUCCESS && generation != follow_up->generation) {
        rv = APR_NOTFOUND;
    }
    return rv == APR_SUCCESS ? afp_follow_up_lock(session, follow_up) : rv;
}

static apr_status_t store_checked(afp_session_t *session, const noting_t *noting)
{
    const afp_finding_t *finding = noting->finding;
    const char *values[] = {noting->follow_up->company_uuid, finding->subject,
                            result_names[finding->result], finding->words,
                            afp_sql_number(session, afp_session_now(session))};
    apr_status_t rv = afp_sql_execute(session, &delete_checked, values, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_checked, values, NULL) : rv;
}

static apr_status_t note(afp_session_t *session, void *baton)
{
    const noting_t *noting = baton;
    const afp_finding_t *finding = noting->finding;
    const char *company_uuid = noting->follow_up->company_uuid;
    apr_status_t rv = lock_unchanged(session, noting->follow_up);

    if (rv == APR_SUCCESS) {
        rv = store_checked(session, noting);
    }
    if (rv == APR_SUCCESS && *finding->accepted) {
        rv = afp_secret_used(session, company_uuid, finding->accepted, afp_session_now(session));
    }
    if (rv == APR_SUCCESS && finding->grants) {
        rv = store_grants(session, company_uuid, finding->grants);
    }
    return rv == APR_SUCCESS && finding->stages
               ? store_stages(session, company_uuid, finding->stages)
               : rv;
}

apr_status_t afp_checked_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const afp_finding_t *finding)
{
    noting_t noting = {follow_up, finding};

    return afp_session_write(session, note, &noting);
}

apr_status_t afp_checked_forget_key(afp_session_t *session, const char *company_uuid)
{
    const char *values[] = {company_uuid, AFP_API_PINPOINT};
    apr_status_t rv = afp_sql_execute(session, &delete_checked, values, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &delete_grants, values, NULL) : rv;
}
