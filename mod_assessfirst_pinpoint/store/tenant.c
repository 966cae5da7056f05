#include "store/tenant.h"

#include "core/profile.h"
#include "store/audit.h"
#include "store/follow_up_parts.h"
#include "store/secret.h"
#include "store/tenant_parts.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
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
    "'', '', %s, %s, %s, %s, %s, %s, '', 0)"};

static const afp_statement_t update_api_token = {
    "update-api-token",
    "UPDATE afp_tenant SET api_token_hash = %s, state = %s, generation = %s, updated_at = %s"
    " WHERE company_uuid = %s"};

static const afp_statement_t update_tenant = {
    "update-tenant",
    "UPDATE afp_tenant SET state = %s, subdomain = %s, api_key = %s, signing_secret = %s,"
    " former_secret = %s, former_until = %s, status = %s, assessfirst_token = %s, locale = %s,"
    " choices = %s, generation = %s, updated_at = %s WHERE company_uuid = %s AND site = %s"};

static const afp_statement_t revoke_api_token = {
    "revoke-api-token",
    "UPDATE afp_tenant SET api_token_hash = '', generation = %s, updated_at = %s"
    " WHERE company_uuid = %s AND site = %s"};

static const afp_statement_t update_erasure_key = {
    "update-erasure-key", "UPDATE afp_tenant SET erasure_key = %s WHERE company_uuid = %s"};

static const afp_statement_t set_erasure_key = {
    "set-erasure-key",
    "UPDATE afp_tenant SET erasure_key = %s, generation = %s WHERE company_uuid = %s"};

static const afp_statement_t erase_api_key = {
    "erase-api-key", "UPDATE afp_tenant SET api_key = '', generation = %s, updated_at = %s"
                     " WHERE company_uuid = %s AND state IN ('created', 'disconnected')"};

static const afp_statement_t lock_tenant = {
    "lock-tenant", "UPDATE afp_tenant SET claimed_at = claimed_at + 1 WHERE company_uuid = %s"};

static const afp_statement_t select_state = {
    "select-tenant-state", "SELECT state, generation FROM afp_tenant WHERE company_uuid = %s"};

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

/* Apart from the secrets: nobody can enter it once more. */
static void open_erasure_key(afp_session_t *session, const afp_tenants_place_t *place,
                             afp_tenant_t *tenant, const char *sealed)
{
    const char *text = "";

    if (afp_seal_open(place->keyring, afp_session_scratch(session), sealed, place->site,
                      tenant->company_uuid, "erasure_key", &text) != APR_SUCCESS) {
        afp_log(afp_session_database(session)->logger, AFP_LOG_ERROR,
                AFPNO(0170) "tenant %s: what keeps erased candidates from being invited again "
                            "cannot be opened; list the key that sealed it in PinpointSecretKeys "
                            "again",
                tenant->company_uuid);
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

static apr_status_t note_token(afp_session_t *session, const afp_tenant_t *tenant, const char *who,
                               const char *action)
{
    const afp_deed_t deed = {action, "", "", ""};

    return afp_audit_add(session, tenant->company_uuid, who, &deed);
}

typedef struct {
    const afp_tenants_place_t *place;
    const afp_tenant_t *wanted;
    afp_tenant_t *stored;
    const char *who;
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
    int is_new; /* 0: a former try of this very call stored the token */
    apr_status_t rv = afp_tenant_next_generation(session, &number);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    generation = afp_sql_number(session, number);
    rv = look_up(session, &wanted);
    is_new = rv == APR_NOTFOUND ||
             (rv == APR_SUCCESS && strcmp(change->stored->api_token_hash, tenant->api_token_hash));
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
    if (rv == APR_SUCCESS) {
        rv = look_up(session, &wanted);
    }
    if (rv == APR_SUCCESS && is_new) {
        rv = note_token(session, change->stored, change->who, AFP_AUDIT_TOKEN);
    }
    return rv == APR_SUCCESS ? afp_secret_settle(session, change->stored, change->who) : rv;
}

apr_status_t afp_tenant_create(afp_session_t *session, const afp_tenants_place_t *place,
                               afp_tenant_t *tenant, const char *who)
{
    afp_tenant_t stored;
    creation_t creation = {place, tenant, &stored, who};
    apr_status_t rv = afp_session_write(session, create, &creation);

    if (rv == APR_SUCCESS) {
        *tenant = stored;
    }
    OPENSSL_cleanse(&stored, sizeof(stored));
    return rv;
}

static apr_status_t revoke_token(afp_session_t *session, void *baton)
{
    creation_t *change = baton;
    const afp_tenant_t *tenant = change->wanted;
    look_up_t wanted = {change->place, &select_by_uuid, tenant->company_uuid, change->stored, NULL,
                        NULL};
    apr_int64_t generation = 0;
    int had_one = 0;
    apr_status_t rv = afp_tenant_next_generation(session, &generation);

    if (rv == APR_SUCCESS) {
        rv = look_up(session, &wanted);
    }
    if (rv == APR_SUCCESS) {
        const char *values[] = {afp_sql_number(session, generation),
                                afp_sql_number(session, afp_session_now(session)),
                                tenant->company_uuid, change->place->site};

        had_one = *change->stored->api_token_hash != '\0';
        rv = afp_sql_execute(session, &revoke_api_token, values, NULL);
    }
    if (rv == APR_SUCCESS && had_one) {
        rv = note_token(session, tenant, change->who, AFP_AUDIT_TOKEN_REVOKED);
    }
    if (rv == APR_SUCCESS) {
        rv = look_up(session, &wanted);
    }
    return rv == APR_SUCCESS ? afp_secret_settle(session, change->stored, change->who) : rv;
}

apr_status_t afp_tenant_revoke_token(afp_session_t *session, const afp_tenants_place_t *place,
                                     afp_tenant_t *tenant, const char *who)
{
    afp_tenant_t stored;
    creation_t revocation = {place, tenant, &stored, who};
    apr_status_t rv = afp_session_write(session, revoke_token, &revocation);

    if (rv == APR_SUCCESS) {
        *tenant = stored;
    }
    OPENSSL_cleanse(&stored, sizeof(stored));
    return rv;
}

typedef struct {
    const afp_tenants_place_t *place;
    afp_tenant_t *tenant;
    apr_int64_t read;  /* the generation that the change started from */
    int delete_fields; /* the fields in Pinpoint are to be deleted */
    const char *who;
} change_t;

static const char *seal(afp_session_t *session, const change_t *change, const char *column,
                        const char *plain)
{
    return afp_seal(change->place->keyring, afp_session_scratch(session), plain,
                    change->place->site, change->tenant->company_uuid, column);
}

/* Stores the tenant over what is there. APR_NOTFOUND if it is of another site. */
static apr_status_t overwrite(afp_session_t *session, const change_t *change)
{
    const afp_tenant_t *tenant = change->tenant;
    const char *values[] = {
        state_names[tenant->state],
        tenant->subdomain,
        seal(session, change, "api_key", tenant->api_key),
        seal(session, change, "signing_secret", tenant->signing_secret),
        seal(session, change, "former_secret", tenant->former_secret),
        afp_sql_number(session, tenant->former_until),
        tenant->status,
        seal(session, change, "assessfirst_token", tenant->assessfirst_token),
        tenant->locale,
        afp_sql_number(session, tenant->choices),
        afp_sql_number(session, tenant->generation),
        afp_sql_number(session, afp_session_now(session)),
        tenant->company_uuid,
        change->place->site,
    };
    int rows = 0;
    apr_status_t rv;

    if (!values[2] || !values[3] || !values[4] || !values[7]) {
        return APR_EGENERAL;
    }
    rv = afp_sql_execute(session, &update_tenant, values, &rows);
    return rv == APR_SUCCESS && !rows ? APR_NOTFOUND : rv;
}

/* What is there is read under the lock, so that the audit tells what this change did. A former try
 * of this very call that was committed leaves no difference. */
static apr_status_t overwrite_and_note(afp_session_t *session, const change_t *change)
{
    afp_tenant_t former;
    look_up_t wanted = {change->place, &select_by_uuid, change->tenant->company_uuid, &former, NULL,
                        NULL};
    const char *reseal[] = {"", change->tenant->company_uuid};
    apr_status_t rv = look_up(session, &wanted);

    if (rv == APR_SUCCESS) {
        rv = overwrite(session, change);
    }
    if (rv == APR_SUCCESS && *former.erasure_key) {
        /* With the other secrets under the key that is the first one now. */
        reseal[0] = seal(session, change, "erasure_key", former.erasure_key);
        rv = reseal[0] ? afp_sql_execute(session, &update_erasure_key, reseal, NULL) : APR_EGENERAL;
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_note_change(session, &former, change->tenant, change->delete_fields,
                                    change->who);
    }
    OPENSSL_cleanse(&former, sizeof(former));
    return rv;
}

static apr_status_t save(afp_session_t *session, void *baton)
{
    change_t *change = baton;
    afp_tenant_t *tenant = change->tenant;
    apr_int64_t tried = tenant->generation; /* by a former try of this very call, or `read` */
    apr_int64_t stored = 0;
    afp_tenant_state_t former;
    apr_status_t rv = afp_tenant_next_generation(session, &tenant->generation);

    if (rv == APR_SUCCESS) {
        rv = afp_tenant_lock(session, tenant->company_uuid, &former, &stored);
    }
    if (rv == APR_SUCCESS && stored != change->read && stored != tried) {
        rv = APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = overwrite_and_note(session, change);
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
                             afp_tenant_t *tenant, const char *who)
{
    change_t change = {place, tenant, tenant->generation, 0, who};

    return afp_session_write(session, save, &change);
}

apr_status_t afp_tenant_disconnect(afp_session_t *session, const afp_tenants_place_t *place,
                                   afp_tenant_t *tenant, int delete_fields, const char *who)
{
    change_t change = {place, tenant, tenant->generation, delete_fields && *tenant->api_key, who};

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

/* ---- for the other files ---- */

apr_status_t afp_tenant_erase_api_key(afp_session_t *session, const char *company_uuid,
                                      apr_int64_t generation)
{
    const char *values[] = {afp_sql_number(session, generation),
                            afp_sql_number(session, afp_session_now(session)), company_uuid};

    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &erase_api_key, values, &rows);

    return rv == APR_SUCCESS && rows ? afp_secret_forget(session, company_uuid) : rv;
}

apr_status_t afp_tenant_read(afp_session_t *session, const afp_tenants_place_t *place,
                             const char *company_uuid, afp_tenant_t *tenant)
{
    look_up_t wanted = {place, &select_by_uuid, company_uuid, tenant, NULL, NULL};

    return look_up(session, &wanted);
}

apr_status_t afp_tenant_make_erasure_key(afp_session_t *session, const afp_tenants_place_t *place,
                                         afp_tenant_t *tenant, apr_int64_t generation)
{
    afp_id_t key;
    const char *sealed;
    apr_status_t rv = afp_id_random(&key);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    sealed = afp_seal(place->keyring, afp_session_scratch(session), key.text, place->site,
                      tenant->company_uuid, "erasure_key");
    if (sealed) {
        const char *values[] = {sealed, afp_sql_number(session, generation), tenant->company_uuid};

        apr_cpystrn(tenant->erasure_key, key.text, sizeof(tenant->erasure_key));
        rv = afp_sql_execute(session, &set_erasure_key, values, NULL);
    }
    OPENSSL_cleanse(&key, sizeof(key));
    return sealed ? rv : APR_EGENERAL;
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
