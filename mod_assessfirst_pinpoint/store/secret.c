#include "store/secret.h"

#include "core/signature.h"

#include <apr_strings.h>
#include <string.h>

static const afp_statement_t select_notes = {
    "select-secrets",
    "SELECT fingerprint, set_at, set_by, used_at FROM afp_secret WHERE company_uuid = %s"};

static const afp_statement_t insert_note = {
    "insert-secret", "INSERT INTO afp_secret (company_uuid, fingerprint, set_at, set_by, used_at)"
                     " VALUES (%s, %s, %s, %s, %s)"};

static const afp_statement_t delete_note = {
    "delete-secret", "DELETE FROM afp_secret WHERE company_uuid = %s AND fingerprint = %s"};

static const afp_statement_t delete_notes = {"delete-secrets",
                                             "DELETE FROM afp_secret WHERE company_uuid = %s"};

static const afp_statement_t update_used = {
    "update-secret-used", "UPDATE afp_secret SET used_at = %s WHERE company_uuid = %s"
                          " AND fingerprint = %s AND used_at < %s"};

static const afp_statement_t select_used = {
    "select-secret-used",
    "SELECT fingerprint FROM afp_secret WHERE company_uuid = %s AND fingerprint = %s"};

/* ---- fingerprints ---- */

/* "" for no secret. */
static void take_fingerprint(const char *secret, char fingerprint[AFP_FINGERPRINT_LENGTH + 1])
{
    char digest[65];

    *fingerprint = '\0';
    if (*secret && afp_signature_digest(secret, strlen(secret), digest) == 0) {
        apr_cpystrn(fingerprint, digest, AFP_FINGERPRINT_LENGTH + 1);
    }
}

static void take_fingerprints(const afp_tenant_t *tenant, afp_secret_note_t notes[AFP_SECRETS])
{
    memset(notes, 0, sizeof(*notes) * AFP_SECRETS);
    take_fingerprint(tenant->api_key, notes[AFP_SECRET_API_KEY].fingerprint);
    take_fingerprint(tenant->signing_secret, notes[AFP_SECRET_SIGNING].fingerprint);
    take_fingerprint(tenant->former_secret, notes[AFP_SECRET_FORMER].fingerprint);
    take_fingerprint(tenant->assessfirst_token, notes[AFP_SECRET_ASSESSFIRST_TOKEN].fingerprint);
    apr_cpystrn(notes[AFP_SECRET_API_TOKEN].fingerprint, tenant->api_token_hash,
                AFP_FINGERPRINT_LENGTH + 1);
}

/* ---- reading ---- */

typedef struct {
    const afp_tenant_t *tenant;
    afp_secret_note_t *notes;
} reading_t;

static void take_row(afp_rows_t *rows, afp_secret_note_t *note)
{
    note->set_at = afp_rows_number(rows, 1);
    apr_cpystrn(note->set_by, afp_rows_text(rows, 2), sizeof(note->set_by));
    note->used_at = afp_rows_number(rows, 3);
}

static apr_status_t read_notes(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->tenant->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_notes, values, &rows);

    take_fingerprints(reading->tenant, reading->notes);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *fingerprint = afp_rows_text(rows, 0);
        int i;

        for (i = 0; i < AFP_SECRETS; i++) {
            if (!strcmp(reading->notes[i].fingerprint, fingerprint)) {
                take_row(rows, &reading->notes[i]);
            }
        }
    }
    return rv;
}

apr_status_t afp_secret_notes(afp_session_t *session, const afp_tenant_t *tenant,
                              afp_secret_note_t notes[AFP_SECRETS])
{
    reading_t reading = {tenant, notes};

    return afp_session_read(session, read_notes, &reading);
}

/* ---- writing ---- */

static apr_status_t insert(afp_session_t *session, const char *company_uuid,
                           const char *fingerprint, const char *who, apr_time_t set_at,
                           apr_time_t used_at)
{
    const char *values[] = {company_uuid, fingerprint, afp_sql_number(session, set_at), who,
                            afp_sql_number(session, used_at)};

    return afp_sql_execute(session, &insert_note, values, NULL);
}

/* The first of the tenant's secrets with this fingerprint, or AFP_SECRETS. */
static int find(const afp_secret_note_t notes[AFP_SECRETS], const char *fingerprint)
{
    int i = 0;

    while (i < AFP_SECRETS && strcmp(notes[i].fingerprint, fingerprint)) {
        i++;
    }
    return i;
}

apr_status_t afp_secret_settle(afp_session_t *session, const afp_tenant_t *tenant, const char *who)
{
    afp_secret_note_t notes[AFP_SECRETS];
    const char *values[] = {tenant->company_uuid};
    apr_time_t now = afp_session_now(session);
    int noted[AFP_SECRETS] = {0};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_notes, values, &rows);
    int i;

    take_fingerprints(tenant, notes);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *key[] = {tenant->company_uuid, afp_rows_text(rows, 0)};

        i = find(notes, key[1]);
        if (i < AFP_SECRETS) {
            noted[i] = 1;
        } else if (!tenant->unreadable) {
            rv = afp_sql_execute(session, &delete_note, key, NULL);
        }
    }
    for (i = 0; i < AFP_SECRETS && rv == APR_SUCCESS; i++) {
        if (*notes[i].fingerprint && find(notes, notes[i].fingerprint) == i && !noted[i]) {
            rv = insert(session, tenant->company_uuid, notes[i].fingerprint, who, now, 0);
        }
    }
    return rv;
}

static apr_status_t mark_used(afp_session_t *session, const char *company_uuid,
                              const char *fingerprint, apr_time_t at)
{
    const char *time = afp_sql_number(session, at);
    const char *update[] = {time, company_uuid, fingerprint, time};
    int rows = 0;
    int found = 0;
    afp_rows_t *notes;
    apr_status_t rv = afp_sql_execute(session, &update_used, update, &rows);

    if (rv != APR_SUCCESS || rows) {
        return rv;
    }
    rv = afp_sql_select(session, &select_used, update + 1, &notes);
    while (rv == APR_SUCCESS && afp_rows_next(notes)) {
        found = 1;
    }
    /* It was set before such things were noted. */
    return rv == APR_SUCCESS && !found ? insert(session, company_uuid, fingerprint, "", 0, at) : rv;
}

apr_status_t afp_secret_used(afp_session_t *session, const char *company_uuid, const char *secret,
                             apr_time_t at)
{
    char fingerprint[AFP_FINGERPRINT_LENGTH + 1];

    take_fingerprint(secret, fingerprint);
    return *fingerprint ? mark_used(session, company_uuid, fingerprint, at) : APR_SUCCESS;
}

typedef struct {
    const char *company_uuid;
    char fingerprint[AFP_FINGERPRINT_LENGTH + 1];
} token_use_t;

static apr_status_t mark_token_used(afp_session_t *session, void *baton)
{
    const token_use_t *use = baton;

    return mark_used(session, use->company_uuid, use->fingerprint, afp_session_now(session));
}

apr_status_t afp_secret_token_used(afp_session_t *session, const char *company_uuid,
                                   const char *api_token_hash)
{
    token_use_t use = {.company_uuid = company_uuid};

    apr_cpystrn(use.fingerprint, api_token_hash, sizeof(use.fingerprint));
    return afp_session_write(session, mark_token_used, &use);
}

apr_status_t afp_secret_forget(afp_session_t *session, const char *company_uuid)
{
    const char *values[] = {company_uuid};

    return afp_sql_execute(session, &delete_notes, values, NULL);
}
