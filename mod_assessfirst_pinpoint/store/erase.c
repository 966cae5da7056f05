#include "store/erase.h"

#include "store/audit.h"
#include "store/delivery.h"
#include "store/tenant_parts.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

/* Whatever names the application. Of its deliveries see erase_deliveries. */
static const afp_statement_t deletions[] = {
    {"erase-follow-ups",
     "DELETE FROM afp_follow_up WHERE company_uuid = %s AND application_id = %s"},
    {"erase-finished", "DELETE FROM afp_finished WHERE company_uuid = %s AND application_id = %s"},
    {"erase-invitations",
     "DELETE FROM afp_invitation WHERE company_uuid = %s AND application_id = %s"},
    {"erase-assessments",
     "DELETE FROM afp_assessment WHERE company_uuid = %s AND application_id = %s"},
    {"erase-written", "DELETE FROM afp_written WHERE company_uuid = %s AND application_id = %s"},
    {"erase-comments", "DELETE FROM afp_comment WHERE company_uuid = %s AND application_id = %s"},
    {"erase-attempts", "DELETE FROM afp_attempt WHERE company_uuid = %s AND application_id = %s"},
    /* Before the deliveries: what is listed is decided again, and shown. */
    {"erase-ignored", "DELETE FROM afp_ignored WHERE id IN (SELECT id FROM afp_delivery"
                      " WHERE company_uuid = %s AND application_id = %s)"},
};

#define DELETIONS (sizeof(deletions) / sizeof(deletions[0]))

/* The digest stays, so that a repeat is recognised. */
static const afp_statement_t erase_deliveries = {
    "erase-deliveries",
    "UPDATE afp_delivery SET application_id = '', job_id = '', triggered_at = 0,"
    " ignored = '" AFP_DELIVERY_ERASED "' WHERE company_uuid = %s AND application_id = %s"};

static const afp_statement_t select_candidates = {
    "select-candidates-of-application",
    "SELECT DISTINCT candidate_id FROM afp_invitation"
    " WHERE company_uuid = %s AND application_id = %s AND candidate_id <> ''"};

static const afp_statement_t select_applications = {
    "select-applications-to-erase", "SELECT DISTINCT application_id FROM afp_invitation"
                                    " WHERE company_uuid = %s AND candidate_id = %s LIMIT 1000"};

static const afp_statement_t select_tombstone = {
    "select-tombstone",
    "SELECT tombstone FROM afp_erased WHERE company_uuid = %s AND tombstone = %s"};

static const afp_statement_t insert_tombstone = {
    "insert-tombstone",
    "INSERT INTO afp_erased (company_uuid, tombstone, erased_at) VALUES (%s, %s, %s)"};

/* ---- which applications ---- */

typedef struct {
    const char *company_uuid;
    const char *application_id;
    const char *candidate_id;
    apr_pool_t *pool;
    apr_array_header_t *application_ids;
} search_t;

static void take_once(const search_t *search, const char *application_id)
{
    int i;

    for (i = 0; i < search->application_ids->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(search->application_ids, i, const char *), application_id)) {
            return;
        }
    }
    if (search->application_ids->nelts < AFP_ERASE_LIMIT) {
        APR_ARRAY_PUSH(search->application_ids, const char *) =
            apr_pstrdup(search->pool, application_id);
    }
}

static apr_status_t find_of_candidate(afp_session_t *session, const search_t *search,
                                      const char *candidate_id)
{
    const char *values[] = {search->company_uuid, candidate_id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_applications, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        take_once(search, afp_rows_text(rows, 0));
    }
    return rv;
}

static apr_status_t find_of_application(afp_session_t *session, const search_t *search)
{
    const char *values[] = {search->company_uuid, search->application_id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_candidates, values, &rows);

    take_once(search, search->application_id);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        rv = find_of_candidate(session, search, afp_rows_text(rows, 0));
    }
    return rv;
}

static apr_status_t find(afp_session_t *session, void *baton)
{
    const search_t *search = baton;
    apr_status_t rv = APR_SUCCESS;

    apr_array_clear(search->application_ids);
    if (*search->application_id) {
        rv = find_of_application(session, search);
    }
    if (rv == APR_SUCCESS && *search->candidate_id) {
        rv = find_of_candidate(session, search, search->candidate_id);
    }
    return rv;
}

apr_status_t afp_erase_find(afp_session_t *session, const char *company_uuid,
                            const char *application_id, const char *candidate_id, apr_pool_t *pool,
                            apr_array_header_t **application_ids)
{
    search_t search = {company_uuid, application_id, candidate_id, pool,
                       apr_array_make(pool, 4, sizeof(const char *))};

    *application_ids = search.application_ids;
    return afp_session_read(session, find, &search);
}

/* ---- erasing ---- */

/* *held is 1 if there was something to erase. */
static apr_status_t erase_application(afp_session_t *session, const char *company_uuid,
                                      const char *application_id, int *held)
{
    const char *values[] = {company_uuid, application_id};
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    *held = 0;
    for (i = 0; i <= DELETIONS && rv == APR_SUCCESS; i++) {
        int rows = 0;

        rv = afp_sql_execute(session, i < DELETIONS ? &deletions[i] : &erase_deliveries, values,
                             &rows);
        *held |= rows > 0;
    }
    return rv;
}

apr_status_t afp_erase_application(afp_session_t *session, const char *company_uuid,
                                   const char *application_id)
{
    int held;

    return erase_application(session, company_uuid, application_id, &held);
}

apr_status_t afp_erase_find_tombstone(afp_session_t *session, const char *company_uuid,
                                      const char *tombstone, int *erased)
{
    const char *values[] = {company_uuid, tombstone};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_tombstone, values, &rows);

    *erased = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *erased = 1;
    }
    return rv;
}

static apr_status_t set_tombstone(afp_session_t *session, const afp_tenant_t *tenant,
                                  const char *application_id)
{
    char tombstone[AFP_TOMBSTONE_LENGTH + 1];
    const char *values[] = {tenant->company_uuid, tombstone,
                            afp_sql_number(session, afp_session_now(session))};
    int is_there = 0;
    apr_status_t rv;

    if (afp_tombstone_make(tenant->erasure_key, application_id, tombstone)) {
        return APR_EGENERAL;
    }
    rv = afp_erase_find_tombstone(session, tenant->company_uuid, tombstone, &is_there);
    return rv == APR_SUCCESS && !is_there
               ? afp_sql_execute(session, &insert_tombstone, values, NULL)
               : rv;
}

typedef struct {
    const afp_tenants_place_t *place;
    afp_erasure_t *erasure;
    afp_id_t audit_id;
} erasing_t;

/* *count is the number of those of which something was held. */
static apr_status_t erase_found(afp_session_t *session, const afp_tenant_t *tenant,
                                const apr_array_header_t *application_ids, int *count)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    *count = 0;
    for (i = 0; i < application_ids->nelts && rv == APR_SUCCESS; i++) {
        const char *application_id = APR_ARRAY_IDX(application_ids, i, const char *);
        int held;

        rv = erase_application(session, tenant->company_uuid, application_id, &held);
        *count += held;
        if (rv == APR_SUCCESS) {
            rv = set_tombstone(session, tenant, application_id);
        }
    }
    return rv;
}

/* Whose data it was is not noted. */
static apr_status_t note(afp_session_t *session, const erasing_t *erasing)
{
    const afp_erasure_t *erasure = erasing->erasure;
    const afp_deed_t deed = {AFP_AUDIT_ERASED,
                             *erasure->application_id ? "application" : "candidate", "",
                             afp_sql_number(session, erasure->applications)};

    return afp_audit_add_as(session, erasure->company_uuid, erasing->audit_id.text, erasure->who,
                            &deed);
}

/* A new key in place of one that cannot be opened would make all former tombstones worthless. */
static apr_status_t make_key_once(afp_session_t *session, const afp_tenants_place_t *place,
                                  afp_tenant_t *tenant, apr_int64_t generation)
{
    if (tenant->erasure_key_lost) {
        return APR_EACCES;
    }
    return *tenant->erasure_key ? APR_SUCCESS
                                : afp_tenant_make_erasure_key(session, place, tenant, generation);
}

/* With the tenant's lock, and with the generation that was raised before it. */
static apr_status_t erase_of(afp_session_t *session, const erasing_t *erasing, afp_tenant_t *tenant,
                             apr_int64_t generation)
{
    afp_erasure_t *erasure = erasing->erasure;
    apr_pool_t *scratch = afp_session_scratch(session);
    search_t search = {erasure->company_uuid, erasure->application_id, erasure->candidate_id,
                       scratch, apr_array_make(scratch, 4, sizeof(const char *))};
    int count = 0;
    apr_status_t rv = find(session, &search);

    if (rv == APR_SUCCESS && !search.application_ids->nelts) {
        /* A former try of this very call that was committed has left nothing to find. */
        return erasure->applications ? APR_SUCCESS : APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = make_key_once(session, erasing->place, tenant, generation);
    }
    if (rv == APR_SUCCESS) {
        rv = erase_found(session, tenant, search.application_ids, &count);
        if (count > erasure->applications) {
            erasure->applications = count;
        }
    }
    return rv == APR_SUCCESS ? note(session, erasing) : rv;
}

/* Locks the tenant behind the generation, and reads it. */
static apr_status_t lock_and_read(afp_session_t *session, const afp_tenants_place_t *place,
                                  const char *company_uuid, apr_int64_t *generation,
                                  afp_tenant_t *tenant)
{
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_next_generation(session, generation);

    if (rv == APR_SUCCESS) {
        rv = afp_tenant_lock(session, company_uuid, &state, NULL);
    }
    return rv == APR_SUCCESS ? afp_tenant_read(session, place, company_uuid, tenant) : rv;
}

typedef struct {
    const afp_tenants_place_t *place;
    const char *company_uuid;
} preparing_t;

static apr_status_t prepare(afp_session_t *session, void *baton)
{
    const preparing_t *preparing = baton;
    afp_tenant_t tenant;
    apr_int64_t generation = 0;
    apr_status_t rv =
        lock_and_read(session, preparing->place, preparing->company_uuid, &generation, &tenant);

    if (rv == APR_SUCCESS) {
        rv = make_key_once(session, preparing->place, &tenant, generation);
    }
    OPENSSL_cleanse(&tenant, sizeof(tenant));
    return rv;
}

apr_status_t afp_erase_prepare(afp_session_t *session, const afp_tenants_place_t *place,
                               const char *company_uuid)
{
    preparing_t preparing = {place, company_uuid};

    return afp_session_write(session, prepare, &preparing);
}

static apr_status_t erase(afp_session_t *session, void *baton)
{
    const erasing_t *erasing = baton;
    afp_tenant_t tenant;
    apr_int64_t generation = 0;
    apr_status_t rv = lock_and_read(session, erasing->place, erasing->erasure->company_uuid,
                                    &generation, &tenant);

    if (rv == APR_SUCCESS) {
        rv = erase_of(session, erasing, &tenant, generation);
    }
    OPENSSL_cleanse(&tenant, sizeof(tenant));
    return rv;
}

apr_status_t afp_erase(afp_session_t *session, const afp_tenants_place_t *place,
                       afp_erasure_t *erasure)
{
    erasing_t erasing = {place, erasure, {""}};
    apr_status_t rv = afp_id_ordered(&erasing.audit_id, afp_session_now(session));

    erasure->applications = 0;
    return rv == APR_SUCCESS ? afp_session_write(session, erase, &erasing) : rv;
}

/* ---- asking ---- */

typedef struct {
    const char *company_uuid;
    char tombstone[AFP_TOMBSTONE_LENGTH + 1];
    int erased;
} question_t;

static apr_status_t ask(afp_session_t *session, void *baton)
{
    question_t *question = baton;

    return afp_erase_find_tombstone(session, question->company_uuid, question->tombstone,
                                    &question->erased);
}

apr_status_t afp_erase_is_done(afp_session_t *session, const afp_tenant_t *tenant,
                               const char *application_id, int *erased)
{
    question_t question = {.company_uuid = tenant->company_uuid};
    apr_status_t rv;

    *erased = 0;
    if (!*application_id) {
        return APR_SUCCESS;
    }
    if (!*tenant->erasure_key) {
        return tenant->erasure_key_lost ? APR_EACCES : APR_SUCCESS;
    }
    if (afp_tombstone_make(tenant->erasure_key, application_id, question.tombstone)) {
        return APR_EGENERAL;
    }
    rv = afp_session_read(session, ask, &question);
    *erased = question.erased;
    return rv;
}
