#include "store/follow_up_parts.h"

#include <apr_strings.h>

/* How parking ends, and what is repaired. */

static const afp_statement_t delete_parking = {
    "delete-parking", "DELETE FROM afp_parking WHERE owner = %s AND api = %s"};

static const afp_statement_t delete_kind_parking = {
    "delete-kind-parking", "DELETE FROM afp_parking WHERE owner = %s AND api = %s AND kind = %s"};

static const afp_statement_t delete_tenant_parking = {"delete-tenant-parking",
                                                      "DELETE FROM afp_parking WHERE owner = %s"};

/* Readings keep their time: all at once they would be a crowd. */
#define RELEASE                                                                                    \
    "UPDATE afp_follow_up SET state = 'ready',"                                                    \
    " due_at = CASE WHEN priority > 0 THEN due_at ELSE %s END WHERE state = 'held'"

static const afp_statement_t release_tenant = {"release-tenant", RELEASE " AND company_uuid = %s"};

static const afp_statement_t release_site = {
    "release-site",
    RELEASE " AND company_uuid IN (SELECT company_uuid FROM afp_tenant WHERE site = %s)"};

static const afp_statement_t drop_deletion = {
    "drop-deletion", "DELETE FROM afp_follow_up WHERE company_uuid = %s AND application_id = ''"
                     " AND kind = 'delete-fields'"};

static const afp_statement_t select_parkings = {"select-parkings",
                                                "SELECT owner, api, company_uuid FROM afp_parking"};

static const afp_statement_t select_substitute = {
    "select-substitute",
    "SELECT MIN(company_uuid) FROM afp_tenant WHERE site = %s AND state = 'connected'"};

static const afp_statement_t select_stranded = {
    "select-stranded-tenant",
    "SELECT company_uuid FROM afp_tenant t WHERE state = 'connected' AND EXISTS"
    " (SELECT 1 FROM afp_follow_up f WHERE f.state = 'held' AND f.company_uuid = t.company_uuid)"
    " AND NOT EXISTS"
    " (SELECT 1 FROM afp_parking p WHERE p.owner = t.company_uuid OR p.owner = t.site) LIMIT 1"};

/* Tenants of a module that did not synchronise. */
static const afp_statement_t select_unsynchronised = {
    "select-unsynchronised-tenants",
    "SELECT company_uuid FROM afp_tenant t WHERE state = 'connected' AND NOT EXISTS"
    " (SELECT 1 FROM afp_follow_up f WHERE f.company_uuid = t.company_uuid"
    " AND f.application_id = '' AND f.kind = 'synchronise') LIMIT 20"};

#define UNSYNCHRONISED 20

/* ---- an API answers again ---- */

typedef struct {
    const char *owner;
    const char *api;
    const char *const *kinds; /* NULL: all */
    int count;
} resume_t;

/* *rows of parkings ended. */
static apr_status_t end_parking(afp_session_t *session, const resume_t *resume, int *rows)
{
    const char *key[] = {resume->owner, resume->api, NULL};
    apr_status_t rv = APR_SUCCESS;
    int ended;
    int i;

    if (!resume->kinds) {
        return afp_sql_execute(session, &delete_parking, key, rows);
    }
    *rows = 0;
    for (i = 0; i < resume->count && rv == APR_SUCCESS; i++) {
        key[2] = resume->kinds[i];
        rv = afp_sql_execute(session, &delete_kind_parking, key, &ended);
        *rows += rv == APR_SUCCESS ? ended : 0;
    }
    return rv;
}

static apr_status_t resume_api(afp_session_t *session, void *baton)
{
    resume_t *resume = baton;
    const char *held[] = {afp_sql_number(session, afp_session_now(session)), resume->owner};
    afp_tenant_state_t state;
    int rows = 0;
    apr_status_t rv = APR_SUCCESS;

    if (afp_id_is_valid(resume->owner)) {
        rv = afp_tenant_lock(session, resume->owner, &state, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = end_parking(session, resume, &rows);
    }
    if (rv == APR_SUCCESS && rows) {
        rv = afp_sql_execute(
            session, afp_id_is_valid(resume->owner) ? &release_tenant : &release_site, held, NULL);
    }
    return rv;
}

apr_status_t afp_follow_up_resume_api(afp_session_t *session, const char *owner, const char *api)
{
    resume_t resume = {owner, api, NULL, 0};

    return afp_session_write(session, resume_api, &resume);
}

apr_status_t afp_follow_up_resume_kinds(afp_session_t *session, const char *owner, const char *api,
                                        const char *const *kinds, int count)
{
    resume_t resume = {owner, api, kinds, count};

    return afp_session_write(session, resume_api, &resume);
}

/* ---- settings were saved ---- */

apr_status_t afp_follow_up_resume_in_transaction(afp_session_t *session, const char *company_uuid)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_CHECK_PINPOINT,
                                        AFP_FOLLOW_UP_CHECK_ASSESSFIRST, AFP_FOLLOW_UP_SYNCHRONISE};
    apr_time_t now = afp_session_now(session);
    const char *key[] = {company_uuid};
    const char *held[] = {afp_sql_number(session, now), company_uuid};
    apr_status_t rv = afp_sql_execute(session, &delete_tenant_parking, key, NULL);
    size_t i;

    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &drop_deletion, key, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &release_tenant, held, NULL);
    }
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rv == APR_SUCCESS; i++) {
        rv = afp_follow_up_add_once(session, company_uuid, kinds[i], now, 1);
    }
    return rv;
}

/* ---- repair ---- */

typedef struct {
    int count;
    char company_uuids[UNSYNCHRONISED][AFP_ID_LENGTH + 1];
} found_t;

static apr_status_t read_found(afp_session_t *session, const afp_statement_t *select,
                               found_t *found)
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, select, NULL, &rows);

    found->count = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        if (found->count < UNSYNCHRONISED) {
            apr_cpystrn(found->company_uuids[found->count++], afp_rows_text(rows, 0),
                        AFP_ID_LENGTH + 1);
        }
    }
    return rv;
}

/* Every parking must have somebody who ends it: the tenant that met the refusal may have gone. */
static apr_status_t repair_checks(afp_session_t *session, void *baton)
{
    afp_rows_t *parkings;
    apr_status_t rv = afp_sql_select(session, &select_parkings, NULL, &parkings);

    (void)baton;
    while (rv == APR_SUCCESS && afp_rows_next(parkings)) {
        const char *owner = afp_rows_text(parkings, 0);
        const char *api = afp_rows_text(parkings, 1);
        const char *company_uuid = afp_rows_text(parkings, 2);
        const char *site[] = {owner};
        afp_tenant_state_t state;
        afp_rows_t *rows;

        if (!afp_id_is_valid(owner)) {
            rv = afp_sql_select(session, &select_substitute, site, &rows);
            while (rv == APR_SUCCESS && afp_rows_next(rows)) {
                company_uuid = afp_rows_text(rows, 0);
            }
        }
        if (rv == APR_SUCCESS && *company_uuid) {
            rv = afp_tenant_lock(session, company_uuid, &state, NULL);
        }
        if (rv == APR_SUCCESS && *company_uuid) {
            rv = afp_follow_up_add_once(session, company_uuid, afp_follow_up_check_kind(api),
                                        afp_session_now(session), 0);
        }
        if (rv == APR_NOTFOUND) {
            rv = APR_SUCCESS;
        }
    }
    return rv;
}

static apr_status_t read_parked(afp_session_t *session, void *baton)
{
    return read_found(session, &select_parkings, baton);
}

/* A tenant with rows that are held although nothing holds them any more: a refusal that was met
 * while the site's parking ended leaves such rows, and nobody else would release them. */
static apr_status_t read_stranded(afp_session_t *session, void *baton)
{
    return read_found(session, &select_stranded, baton);
}

static apr_status_t release_stranded(afp_session_t *session, void *baton)
{
    const char *company_uuid = baton;
    const char *values[] = {afp_sql_number(session, afp_session_now(session)), company_uuid};
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &release_tenant, values, NULL) : rv;
}

static apr_status_t read_unsynchronised(afp_session_t *session, void *baton)
{
    return read_found(session, &select_unsynchronised, baton);
}

static apr_status_t synchronise(afp_session_t *session, void *baton)
{
    const char *company_uuid = baton;
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    return rv == APR_SUCCESS && state == AFP_TENANT_CONNECTED
               ? afp_follow_up_add_once(session, company_uuid, AFP_FOLLOW_UP_SYNCHRONISE,
                                        afp_session_now(session), 0)
               : rv;
}

/* Looks before it writes: mostly there is nothing to repair. */
apr_status_t afp_follow_up_repair(afp_session_t *session)
{
    found_t found;
    int i;
    apr_status_t rv = afp_session_read(session, read_parked, &found);

    if (rv == APR_SUCCESS && found.count) {
        rv = afp_session_write(session, repair_checks, NULL);
    }
    do {
        rv = rv == APR_SUCCESS ? afp_session_read(session, read_stranded, &found) : rv;
        if (rv == APR_SUCCESS && found.count) {
            rv = afp_session_write(session, release_stranded, found.company_uuids[0]);
        }
    } while (rv == APR_SUCCESS && found.count);
    if (rv == APR_SUCCESS) {
        rv = afp_session_read(session, read_unsynchronised, &found);
    }
    for (i = 0; rv == APR_SUCCESS && i < found.count; i++) {
        rv = afp_session_write(session, synchronise, found.company_uuids[i]);
    }
    return rv;
}
