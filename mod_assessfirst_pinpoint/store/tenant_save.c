#include "core/profile.h"
#include "store/audit.h"
#include "store/checked.h"
#include "store/follow_up_parts.h"
#include "store/secret.h"
#include "store/tenant_parts.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

/* How tenants are made and changed. */

static const afp_statement_t insert_tenant = {
    "insert-tenant",
    "INSERT INTO afp_tenant (company_uuid, site, company, state, locale, api_token_hash,"
    " generation, created_at, updated_at, choices, subdomain, api_key, signing_secret, "
    "former_secret,"
    " former_until, status, assessfirst_token, erasure_key, claimed_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '', '', 0, '', '', '', 0)"};

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

/* ---- API tokens ---- */

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
    const char *former_hash; /* of the API token that is replaced, or "" */
    const char *who;
} creation_t;

static apr_status_t create(afp_session_t *session, void *baton)
{
    creation_t *change = baton;
    const afp_tenant_t *tenant = change->wanted;
    const char *now = afp_sql_number(session, afp_session_now(session));
    const char *generation;
    apr_int64_t number = 0;
    int is_new; /* 0: a former try of this very call stored the token */
    apr_status_t rv = afp_tenant_next_generation(session, &number);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    generation = afp_sql_number(session, number);
    memset(change->stored, 0, sizeof(*change->stored));
    rv = afp_tenant_read_of_company(session, change->place, tenant->company, change->stored);
    is_new = rv == APR_NOTFOUND ||
             (rv == APR_SUCCESS && strcmp(change->stored->api_token_hash, tenant->api_token_hash));
    if (is_new && strcmp(change->stored->api_token_hash, change->former_hash)) {
        return APR_NOTFOUND; /* somebody else's, who may have given it to programs already */
    }
    if (rv == APR_NOTFOUND) {
        const char *values[] = {
            tenant->company_uuid,
            change->place->site,
            tenant->company,
            afp_tenant_state_names[0],
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
        const char *values[] = {tenant->api_token_hash, afp_tenant_state_names[state], generation,
                                now, stored->company_uuid};

        rv = afp_sql_execute(session, &update_api_token, values, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_read_of_company(session, change->place, tenant->company, change->stored);
    }
    if (rv == APR_SUCCESS && is_new) {
        rv = note_token(session, change->stored, change->who, AFP_AUDIT_TOKEN);
    }
    return rv == APR_SUCCESS ? afp_secret_settle(session, change->stored, change->who) : rv;
}

apr_status_t afp_tenant_create(afp_session_t *session, const afp_tenants_place_t *place,
                               afp_tenant_t *tenant, const char *former_hash, const char *who)
{
    afp_tenant_t stored;
    creation_t creation = {place, tenant, &stored, former_hash, who};
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
    apr_int64_t generation = 0;
    int had_one = 0;
    apr_status_t rv = afp_tenant_next_generation(session, &generation);

    if (rv == APR_SUCCESS) {
        rv = afp_tenant_read(session, change->place, tenant->company_uuid, change->stored);
    }
    if (rv == APR_SUCCESS) {
        const char *values[] = {afp_sql_number(session, generation),
                                afp_sql_number(session, afp_session_now(session)),
                                tenant->company_uuid, change->place->site};

        had_one = *change->stored->api_token_hash != '\0';
        if (had_one && strcmp(change->stored->api_token_hash, tenant->api_token_hash)) {
            return APR_NOTFOUND;
        }
        rv = afp_sql_execute(session, &revoke_api_token, values, NULL);
    }
    if (rv == APR_SUCCESS && had_one) {
        rv = note_token(session, tenant, change->who, AFP_AUDIT_TOKEN_REVOKED);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_read(session, change->place, tenant->company_uuid, change->stored);
    }
    return rv == APR_SUCCESS ? afp_secret_settle(session, change->stored, change->who) : rv;
}

apr_status_t afp_tenant_revoke_token(afp_session_t *session, const afp_tenants_place_t *place,
                                     afp_tenant_t *tenant, const char *who)
{
    afp_tenant_t stored;
    creation_t revocation = {place, tenant, &stored, "", who};
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
        afp_tenant_state_names[tenant->state],
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

/* What the checks found of another key or Pinpoint than it is now. */
static apr_status_t forget_findings(afp_session_t *session, const afp_tenant_t *former,
                                    const afp_tenant_t *tenant)
{
    int is_moved = strcmp(former->subdomain, tenant->subdomain) != 0;
    apr_status_t rv = APR_SUCCESS;

    if (is_moved) {
        rv = afp_checked_forget_stages(session, tenant->company_uuid);
    }
    if (rv == APR_SUCCESS && (is_moved || strcmp(former->api_key, tenant->api_key) != 0)) {
        rv = afp_checked_forget_key(session, tenant->company_uuid);
    }
    return rv;
}

/* What is there is read under the lock, so that the audit tells what this change did. A former try
 * of this very call that was committed leaves no difference. */
static apr_status_t overwrite_and_note(afp_session_t *session, const change_t *change)
{
    afp_tenant_t former;
    const char *reseal[] = {"", change->tenant->company_uuid};
    apr_status_t rv =
        afp_tenant_read(session, change->place, change->tenant->company_uuid, &former);

    if (rv == APR_SUCCESS) {
        rv = overwrite(session, change);
    }
    if (rv == APR_SUCCESS && *former.erasure_key) {
        /* With the other secrets under the key that is the first one now. */
        reseal[0] = seal(session, change, "erasure_key", former.erasure_key);
        rv = reseal[0] ? afp_sql_execute(session, &update_erasure_key, reseal, NULL) : APR_EGENERAL;
    }
    if (rv == APR_SUCCESS) {
        rv = forget_findings(session, &former, change->tenant);
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
    if (rv == APR_SUCCESS && tenant->state == AFP_TENANT_DISCONNECTED) {
        /* Before the notes of the secrets, like whoever writes both. */
        rv = afp_tenant_forget_received(session, tenant->company_uuid);
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

/* ---- for the other files of store ---- */

apr_status_t afp_tenant_erase_api_key(afp_session_t *session, const char *company_uuid,
                                      apr_int64_t generation)
{
    const char *values[] = {afp_sql_number(session, generation),
                            afp_sql_number(session, afp_session_now(session)), company_uuid};

    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &erase_api_key, values, &rows);

    return rv == APR_SUCCESS && rows ? afp_secret_forget(session, company_uuid) : rv;
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
