#include "store/tenant_parts.h"

#include <apr_strings.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "company_uuid, site, company, state, subdomain, api_key, signing_secret, former_secret, "      \
    "former_until, status, assessfirst_token, locale, api_token_hash, generation, created_at, "    \
    "updated_at, choices, erasure_key"

static const afp_statement_t select_by_uuid = {
    "select-tenant", "SELECT " COLUMNS " FROM afp_tenant WHERE company_uuid = %s AND site = %s"};

static const afp_statement_t select_by_company = {
    "select-tenant-of-company",
    "SELECT " COLUMNS " FROM afp_tenant WHERE company = %s AND site = %s"};

static const afp_statement_t select_by_api_token = {
    "select-tenant-of-api-token",
    "SELECT " COLUMNS " FROM afp_tenant WHERE api_token_hash = %s AND site = %s"};

static const afp_statement_t select_changed = {
    "select-changed-tenants",
    "SELECT " COLUMNS " FROM afp_tenant WHERE generation > %s AND site = %s"};

static const afp_statement_t select_generation = {
    "select-generation", "SELECT value FROM afp_meta WHERE name = 'generation'"};

static const afp_statement_t raise_generation = {
    "raise-generation", "UPDATE afp_meta SET value = value + 1 WHERE name = 'generation'"};

static const afp_statement_t lock_tenant = {
    "lock-tenant", "UPDATE afp_tenant SET claimed_at = claimed_at + 1 WHERE company_uuid = %s"};

static const afp_statement_t select_state = {
    "select-tenant-state", "SELECT state, generation FROM afp_tenant WHERE company_uuid = %s"};

const char *const afp_tenant_state_names[] = {"created", "connected", "paused", "disconnected"};

static afp_tenant_state_t state_of(const char *name)
{
    int state = AFP_TENANT_CREATED;

    while (state < AFP_TENANT_DISCONNECTED && strcmp(afp_tenant_state_names[state], name)) {
        state++;
    }
    return (afp_tenant_state_t)state;
}

const char *afp_tenant_state_name(afp_tenant_state_t state)
{
    return afp_tenant_state_names[state];
}

/* ---- reading ---- */

static void open_secret(afp_session_t *session, const afp_tenants_place_t *place,
                        afp_tenant_t *tenant, const char *column, const char *sealed, char *plain)
{
    const char *text = "";
    apr_status_t rv = afp_seal_open(place->keyring, afp_session_scratch(session), sealed,
                                    place->site, tenant->company_uuid, column, &text);

    if (rv != APR_SUCCESS) {
        tenant->unreadable = 1;
        text = "";
    }
    apr_cpystrn(plain, text, AFP_SECRET_LIMIT + 1);
}

/* Apart from the secrets: nobody can enter it once more. */
static void open_erasure_key(afp_session_t *session, const afp_tenants_place_t *place,
                             afp_tenant_t *tenant, const char *sealed)
{
    const char *text = "";

    if (afp_seal_open(place->keyring, afp_session_scratch(session), sealed, place->site,
                      tenant->company_uuid, "erasure_key", &text) != APR_SUCCESS) {
        tenant->erasure_key_lost = 1;
        text = "";
    }
    apr_cpystrn(tenant->erasure_key, text, sizeof(tenant->erasure_key));
}

static void read_tenant(afp_session_t *session, const afp_tenants_place_t *place, afp_rows_t *rows,
                        afp_tenant_t *tenant)
{
    memset(tenant, 0, sizeof(*tenant));
    apr_cpystrn(tenant->company_uuid, afp_rows_text(rows, 0), sizeof(tenant->company_uuid));
    apr_cpystrn(tenant->site, afp_rows_text(rows, 1), sizeof(tenant->site));
    apr_cpystrn(tenant->company, afp_rows_text(rows, 2), sizeof(tenant->company));
    tenant->state = state_of(afp_rows_text(rows, 3));
    apr_cpystrn(tenant->subdomain, afp_rows_text(rows, 4), sizeof(tenant->subdomain));
    open_secret(session, place, tenant, "api_key", afp_rows_text(rows, 5), tenant->api_key);
    open_secret(session, place, tenant, "signing_secret", afp_rows_text(rows, 6),
                tenant->signing_secret);
    open_secret(session, place, tenant, "former_secret", afp_rows_text(rows, 7),
                tenant->former_secret);
    tenant->former_until = afp_rows_number(rows, 8);
    apr_cpystrn(tenant->status, afp_rows_text(rows, 9), sizeof(tenant->status));
    open_secret(session, place, tenant, "assessfirst_token", afp_rows_text(rows, 10),
                tenant->assessfirst_token);
    apr_cpystrn(tenant->locale, afp_rows_text(rows, 11), sizeof(tenant->locale));
    apr_cpystrn(tenant->api_token_hash, afp_rows_text(rows, 12), sizeof(tenant->api_token_hash));
    tenant->generation = afp_rows_number(rows, 13);
    tenant->created_at = afp_rows_number(rows, 14);
    tenant->updated_at = afp_rows_number(rows, 15);
    tenant->choices = (unsigned int)afp_rows_number(rows, 16);
    open_erasure_key(session, place, tenant, afp_rows_text(rows, 17));
}

void afp_tenant_log_unreadable(const afp_tenant_t *tenant, const afp_logger_t *logger)
{
    if (tenant->unreadable) {
        afp_log(logger, AFP_LOG_ERROR,
                AFPNO(0110) "tenant %s: a secret cannot be opened; list the key that sealed it in "
                            "PinpointSecretKeys again",
                tenant->company_uuid);
    }
    if (tenant->erasure_key_lost) {
        afp_log(logger, AFP_LOG_ERROR,
                AFPNO(0170) "tenant %s: what keeps erased candidates from being invited again "
                            "cannot be opened; list the key that sealed it in PinpointSecretKeys "
                            "again",
                tenant->company_uuid);
    }
}

/* What a look-up needs, for the transaction's work functions. */
typedef struct {
    const afp_tenants_place_t *place;
    const afp_statement_t *statement;
    const char *key;
    afp_tenant_t *tenant;
    afp_tenant_seen_t *seen;
    void *baton;
} look_up_t;

static apr_status_t look_up(afp_session_t *session, void *baton)
{
    look_up_t *wanted = baton;
    const char *values[] = {wanted->key, wanted->place->site};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, wanted->statement, values, &rows);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = APR_NOTFOUND;
    while (afp_rows_next(rows)) {
        read_tenant(session, wanted->place, rows, wanted->tenant);
        if (wanted->seen) {
            wanted->seen(wanted->baton, wanted->tenant);
        }
        rv = APR_SUCCESS;
    }
    return wanted->seen ? APR_SUCCESS : rv;
}

apr_status_t afp_tenant_read(afp_session_t *session, const afp_tenants_place_t *place,
                             const char *company_uuid, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_uuid, company_uuid, tenant, NULL, NULL};

    return look_up(session, &wanted);
}

apr_status_t afp_tenant_read_of_company(afp_session_t *session, const afp_tenants_place_t *place,
                                        const char *company, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_company, company, tenant, NULL, NULL};

    return look_up(session, &wanted);
}

apr_status_t afp_tenant_by_uuid(afp_session_t *session, const afp_tenants_place_t *place,
                                const char *company_uuid, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_uuid, company_uuid, tenant, NULL, NULL};

    return afp_session_read(session, look_up, &wanted);
}

apr_status_t afp_tenant_by_company(afp_session_t *session, const afp_tenants_place_t *place,
                                   const char *company, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_company, company, tenant, NULL, NULL};

    return afp_session_read(session, look_up, &wanted);
}

apr_status_t afp_tenant_by_api_token(afp_session_t *session, const afp_tenants_place_t *place,
                                     const char *api_token_hash, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_api_token, api_token_hash, tenant, NULL, NULL};

    return afp_session_read(session, look_up, &wanted);
}

apr_status_t afp_tenant_changes(afp_session_t *session, const afp_tenants_place_t *place,
                                apr_int64_t since, afp_tenant_seen_t *seen, void *baton)
{
    char number[24];
    afp_tenant_t tenant;
    look_up_t wanted = {place, &select_changed, number, &tenant, seen, baton};

    apr_snprintf(number, sizeof(number), "%" APR_INT64_T_FMT, since);
    return afp_session_read(session, look_up, &wanted);
}

static apr_status_t read_generation(afp_session_t *session, void *baton)
{
    apr_int64_t *generation = baton;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_generation, NULL, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *generation = afp_rows_number(rows, 0);
    }
    return rv;
}

apr_status_t afp_tenant_generation(afp_session_t *session, apr_int64_t *generation)
{
    *generation = 0;
    return afp_session_read(session, read_generation, generation);
}

/* ---- locking ---- */

apr_status_t afp_tenant_next_generation(afp_session_t *session, apr_int64_t *generation)
{
    apr_status_t rv = afp_sql_execute(session, &raise_generation, NULL, NULL);

    return rv == APR_SUCCESS ? read_generation(session, generation) : rv;
}

apr_status_t afp_tenant_lock(afp_session_t *session, const char *company_uuid,
                             afp_tenant_state_t *state, apr_int64_t *generation)
{
    const char *values[] = {company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_execute(session, &lock_tenant, values, NULL);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_state, values, &rows);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = APR_NOTFOUND;
    while (afp_rows_next(rows)) {
        *state = state_of(afp_rows_text(rows, 0));
        if (generation) {
            *generation = afp_rows_number(rows, 1);
        }
        rv = APR_SUCCESS;
    }
    return rv;
}
