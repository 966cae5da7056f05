#include "store/tenant.h"

#include "core/profile.h"
#include "store/follow_up_parts.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "company_uuid, site, company, state, subdomain, api_key, signing_secret, former_secret, "      \
    "former_until, status, assessfirst_token, locale, api_token_hash, generation, created_at, "    \
    "updated_at, choices"

static const afp_statement_t select_by_uuid = {
    "select-tenant", "SELECT " COLUMNS " FROM afp_tenant WHERE company_uuid = %s AND site = %s"};

static const afp_statement_t select_by_company = {
    "select-tenant-of-company",
    "SELECT " COLUMNS " FROM afp_tenant WHERE company = %s AND site = %s"};

static const afp_statement_t select_changed = {
    "select-changed-tenants",
    "SELECT " COLUMNS " FROM afp_tenant WHERE generation > %s AND site = %s"};

static const afp_statement_t select_generation = {
    "select-generation", "SELECT value FROM afp_meta WHERE name = 'generation'"};

static const afp_statement_t raise_generation = {
    "raise-generation", "UPDATE afp_meta SET value = value + 1 WHERE name = 'generation'"};

static const afp_statement_t insert_tenant = {
    "insert-tenant",
    "INSERT INTO afp_tenant (" COLUMNS ", claimed_at) VALUES (%s, %s, %s, %s, '', '', '', '', 0, "
    "'', '', %s, %s, %s, %s, %s, %s, 0)"};

static const afp_statement_t update_api_token = {
    "update-api-token",
    "UPDATE afp_tenant SET api_token_hash = %s, state = %s, generation = %s, updated_at = %s"
    " WHERE company_uuid = %s"};

static const afp_statement_t update_tenant = {
    "update-tenant",
    "UPDATE afp_tenant SET state = %s, subdomain = %s, api_key = %s, signing_secret = %s,"
    " former_secret = %s, former_until = %s, status = %s, assessfirst_token = %s, locale = %s,"
    " choices = %s, generation = %s, updated_at = %s WHERE company_uuid = %s AND site = %s"};

static const afp_statement_t erase_api_key = {
    "erase-api-key", "UPDATE afp_tenant SET api_key = '', generation = %s, updated_at = %s"
                     " WHERE company_uuid = %s AND state IN ('created', 'disconnected')"};

static const afp_statement_t lock_tenant = {
    "lock-tenant", "UPDATE afp_tenant SET claimed_at = claimed_at + 1 WHERE company_uuid = %s"};

static const afp_statement_t select_state = {
    "select-tenant-state", "SELECT state, generation FROM afp_tenant WHERE company_uuid = %s"};

static const afp_statement_t update_received = {
    "update-received", "UPDATE afp_received SET last_received_at = %s WHERE company_uuid = %s"
                       " AND last_received_at < %s"};

static const afp_statement_t select_received = {
    "select-received", "SELECT last_received_at FROM afp_received WHERE company_uuid = %s"};

static const afp_statement_t insert_received = {
    "insert-received", "INSERT INTO afp_received (company_uuid, last_received_at) VALUES (%s, %s)"};

static const afp_statement_t delete_notice = {
    "delete-notice", "DELETE FROM afp_notice WHERE company_uuid = %s AND code = %s"};

static const afp_statement_t select_notice = {
    "select-notice", "SELECT first_at FROM afp_notice WHERE company_uuid = %s AND code = %s"};

static const afp_statement_t insert_notice = {
    "insert-notice", "INSERT INTO afp_notice (company_uuid, code, words, first_at, last_at)"
                     " VALUES (%s, %s, %s, %s, %s)"};

static const afp_statement_t select_notices = {
    "select-notices",
    "SELECT code, words, first_at, last_at FROM afp_notice WHERE company_uuid = %s"
    " ORDER BY last_at DESC LIMIT 20"};

static const char *const state_names[] = {"created", "connected", "paused", "disconnected"};

static afp_tenant_state_t state_of(const char *name)
{
    int state = AFP_TENANT_CREATED;

    while (state < AFP_TENANT_DISCONNECTED && strcmp(state_names[state], name)) {
        state++;
    }
    return (afp_tenant_state_t)state;
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
    if (tenant->unreadable) {
        afp_log(afp_session_database(session)->logger, AFP_LOG_ERROR,
                AFPNO(0110) "tenant %s: a secret cannot be opened; list the key that sealed it in "
                            "PinpointSecretKeys again",
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

/* ---- writing ---- */

apr_status_t afp_tenant_next_generation(afp_session_t *session, apr_int64_t *generation)
{
    apr_status_t rv = afp_sql_execute(session, &raise_generation, NULL, NULL);

    return rv == APR_SUCCESS ? read_generation(session, generation) : rv;
}

typedef struct {
    const afp_tenants_place_t *place;
    const afp_tenant_t *wanted;
    afp_tenant_t *stored;
} creation_t;

static apr_status_t create(afp_session_t *session, void *baton)
{
    creation_t *change = baton;
    const afp_tenant_t *tenant = change->wanted;
    look_up_t wanted = {change->place, &select_by_company, tenant->company, change->stored, NULL,
                        NULL};
    const char *now = afp_sql_number(session, afp_session_now(session));
    const char *generation;
    apr_int64_t number = 0;
    apr_status_t rv = afp_tenant_next_generation(session, &number);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    generation = afp_sql_number(session, number);
    rv = look_up(session, &wanted);
    if (rv == APR_NOTFOUND) {
        const char *values[] = {
            tenant->company_uuid,
            change->place->site,
            tenant->company,
            state_names[0],
            tenant->locale,
            tenant->api_token_hash,
            generation,
            now,
            now,
            afp_sql_number(session, AFP_WRITE_ALL),
        };

        rv = afp_sql_execute(session, &insert_tenant, values, NULL);
    } else if (rv == APR_SUCCESS) {
        const afp_tenant_t *stored = change->stored;
        afp_tenant_state_t state =
            stored->state == AFP_TENANT_DISCONNECTED ? AFP_TENANT_CREATED : stored->state;
        const char *values[] = {tenant->api_token_hash, state_names[state], generation, now,
                                stored->company_uuid};

        rv = afp_sql_execute(session, &update_api_token, values, NULL);
    }
    return rv == APR_SUCCESS ? look_up(session, &wanted) : rv;
}

apr_status_t afp_tenant_create(afp_session_t *session, const afp_tenants_place_t *place,
                               afp_tenant_t *tenant)
{
    afp_tenant_t stored;
    creation_t creation = {place, tenant, &stored};
    apr_status_t rv = afp_session_write(session, create, &creation);

    if (rv == APR_SUCCESS) {
        *tenant = stored;
    }
    return rv;
}

typedef struct {
    const afp_tenants_place_t *place;
    afp_tenant_t *tenant;
    apr_int64_t read;  /* the generation that the change started from */
    int delete_fields; /* the fields in Pinpoint are to be deleted */
} change_t;

static const char *seal(afp_session_t *session, const change_t *change, const char *column,
                        const char *plain)
{
    return afp_seal(change->place->keyring, afp_session_scratch(session), plain,
                    change->place->site, change->tenant->company_uuid, column);
}

static apr_status_t save(afp_session_t *session, void *baton)
{
    change_t *change = baton;
    afp_tenant_t *tenant = change->tenant;
    const char *api_key = seal(session, change, "api_key", tenant->api_key);
    const char *signing_secret = seal(session, change, "signing_secret", tenant->signing_secret);
    const char *former_secret = seal(session, change, "former_secret", tenant->former_secret);
    const char *token = seal(session, change, "assessfirst_token", tenant->assessfirst_token);
    apr_int64_t tried = tenant->generation; /* by a former try of this very call, or `read` */
    apr_int64_t stored = 0;
    afp_tenant_state_t former;
    int rows = 0;
    apr_status_t rv;

    if (!api_key || !signing_secret || !former_secret || !token) {
        return APR_EGENERAL;
    }
    rv = afp_tenant_next_generation(session, &tenant->generation);
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_lock(session, tenant->company_uuid, &former, &stored);
    }
    if (rv == APR_SUCCESS && stored != change->read && stored != tried) {
        rv = APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        const char *values[] = {
            state_names[tenant->state],
            tenant->subdomain,
            api_key,
            signing_secret,
            former_secret,
            afp_sql_number(session, tenant->former_until),
            tenant->status,
            token,
            tenant->locale,
            afp_sql_number(session, tenant->choices),
            afp_sql_number(session, tenant->generation),
            afp_sql_number(session, afp_session_now(session)),
            tenant->company_uuid,
            change->place->site,
        };

        rv = afp_sql_execute(session, &update_tenant, values, &rows);
    }
    if (rv == APR_SUCCESS && !rows) {
        rv = APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS && tenant->state == AFP_TENANT_CONNECTED) {
        rv = afp_follow_up_resume_in_transaction(session, tenant->company_uuid);
    }
    if (rv == APR_SUCCESS && change->delete_fields) {
        rv = afp_follow_up_add_once(session, tenant->company_uuid, AFP_FOLLOW_UP_DELETE_FIELDS,
                                    afp_session_now(session), 1);
    }
    return rv;
}

apr_status_t afp_tenant_save(afp_session_t *session, const afp_tenants_place_t *place,
                             afp_tenant_t *tenant)
{
    change_t change = {place, tenant, tenant->generation, 0};

    return afp_session_write(session, save, &change);
}

apr_status_t afp_tenant_disconnect(afp_session_t *session, const afp_tenants_place_t *place,
                                   afp_tenant_t *tenant, int delete_fields)
{
    change_t change = {place, tenant, tenant->generation, delete_fields && *tenant->api_key};

    tenant->state = AFP_TENANT_DISCONNECTED;
    if (!change.delete_fields) {
        OPENSSL_cleanse(tenant->api_key, sizeof(tenant->api_key));
    }
    OPENSSL_cleanse(tenant->signing_secret, sizeof(tenant->signing_secret));
    OPENSSL_cleanse(tenant->former_secret, sizeof(tenant->former_secret));
    OPENSSL_cleanse(tenant->assessfirst_token, sizeof(tenant->assessfirst_token));
    tenant->former_until = 0;
    return afp_session_write(session, save, &change);
}

apr_status_t afp_tenant_erase_api_key(afp_session_t *session, const char *company_uuid,
                                      apr_int64_t generation)
{
    const char *values[] = {afp_sql_number(session, generation),
                            afp_sql_number(session, afp_session_now(session)), company_uuid};

    return afp_sql_execute(session, &erase_api_key, values, NULL);
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

/* ---- last received ---- */

typedef struct {
    const char *company_uuid;
    apr_time_t received_at;
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

static apr_status_t write_received(afp_session_t *session, void *baton)
{
    received_t *received = baton;
    received_t stored = {received->company_uuid, 0};
    const char *at = afp_sql_number(session, received->received_at);
    const char *update[] = {at, received->company_uuid, at};
    const char *insert[] = {received->company_uuid, at};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &update_received, update, &rows);

    if (rv == APR_SUCCESS && !rows) {
        rv = read_received(session, &stored);
        if (rv == APR_SUCCESS && !stored.received_at) {
            rv = afp_sql_execute(session, &insert_received, insert, NULL);
        }
    }
    return rv;
}

apr_status_t afp_tenant_received(afp_session_t *session, const char *company_uuid,
                                 apr_time_t received_at)
{
    received_t received = {company_uuid, received_at};

    return afp_session_write(session, write_received, &received);
}

apr_status_t afp_tenant_last_received(afp_session_t *session, const char *company_uuid,
                                      apr_time_t *received_at)
{
    received_t received = {company_uuid, 0};
    apr_status_t rv = afp_session_read(session, read_received, &received);

    *received_at = received.received_at;
    return rv;
}

/* ---- notices ---- */

typedef struct {
    const char *company_uuid;
    const char *code;
    const char *words;
    apr_pool_t *pool;
    apr_array_header_t *notices;
} notice_t;

static apr_status_t write_notice(afp_session_t *session, void *baton)
{
    notice_t *notice = baton;
    const char *key[] = {notice->company_uuid, notice->code};
    const char *now = afp_sql_number(session, afp_session_now(session));
    const char *first = now;
    afp_tenant_state_t state;
    afp_rows_t *rows;
    apr_status_t rv = afp_tenant_lock(session, notice->company_uuid, &state, NULL);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_notice, key, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        first = afp_rows_text(rows, 0);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &delete_notice, key, NULL);
    }
    if (rv == APR_SUCCESS) {
        const char *values[] = {notice->company_uuid, notice->code, notice->words, first, now};

        rv = afp_sql_execute(session, &insert_notice, values, NULL);
    }
    return rv;
}

apr_status_t afp_tenant_notice(afp_session_t *session, const char *company_uuid, const char *code,
                               const char *words)
{
    notice_t notice = {company_uuid, code, words, NULL, NULL};

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
    notice_t wanted = {company_uuid, NULL, NULL, pool,
                       apr_array_make(pool, 4, sizeof(afp_notice_t))};

    *notices = wanted.notices;
    return afp_session_read(session, read_notices, &wanted);
}
