#include "store/audit.h"

#include <apr_strings.h>

#define BEHIND_ALL_IDS "ffffffffffffffffffffffffffffffff"

static const afp_statement_t delete_entry = {"delete-audit", "DELETE FROM afp_audit WHERE id = %s"};

static const afp_statement_t insert_entry = {
    "insert-audit", "INSERT INTO afp_audit (id, company_uuid, at, who, action, what, former,"
                    " present) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t select_entries = {
    "select-audit", "SELECT id, at, who, action, what, former, present FROM afp_audit"
                    " WHERE company_uuid = %s AND id < %s ORDER BY id DESC LIMIT %s"};

/* ---- writing ---- */

static apr_status_t insert(afp_session_t *session, const char *company_uuid, const char *id,
                           const char *who, const afp_deed_t *deed)
{
    const char *values[] = {
        id,           company_uuid,  afp_sql_number(session, afp_session_now(session)),
        who,          deed->action,  deed->what,
        deed->former, deed->present,
    };

    return afp_sql_execute(session, &insert_entry, values, NULL);
}

apr_status_t afp_audit_add(afp_session_t *session, const char *company_uuid, const char *who,
                           const afp_deed_t *deed)
{
    afp_id_t id;
    apr_status_t rv = afp_id_ordered(&id, afp_session_now(session));

    return rv == APR_SUCCESS ? insert(session, company_uuid, id.text, who, deed) : rv;
}

apr_status_t afp_audit_add_as(afp_session_t *session, const char *company_uuid, const char *id,
                              const char *who, const afp_deed_t *deed)
{
    const char *key[] = {id};
    apr_status_t rv = afp_sql_execute(session, &delete_entry, key, NULL);

    return rv == APR_SUCCESS ? insert(session, company_uuid, id, who, deed) : rv;
}

typedef struct {
    const char *company_uuid;
    const char *who;
    const afp_deed_t *deed;
    afp_id_t id;
} note_t;

static apr_status_t write_note(afp_session_t *session, void *baton)
{
    const note_t *note = baton;

    return afp_audit_add_as(session, note->company_uuid, note->id.text, note->who, note->deed);
}

apr_status_t afp_audit_note(afp_session_t *session, const char *company_uuid, const char *who,
                            const afp_deed_t *deed)
{
    note_t note = {.company_uuid = company_uuid, .who = who, .deed = deed};
    apr_status_t rv = afp_id_ordered(&note.id, afp_session_now(session));

    return rv == APR_SUCCESS ? afp_session_write(session, write_note, &note) : rv;
}

/* ---- reading ---- */

typedef struct {
    const char *company_uuid;
    const char *before;
    int limit;
    apr_pool_t *pool;
    apr_array_header_t *entries;
} reading_t;

static apr_status_t read_entries(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid,
                            *reading->before ? reading->before : BEHIND_ALL_IDS,
                            afp_sql_number(session, reading->limit)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_entries, values, &rows);

    apr_array_clear(reading->entries);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_audit_entry_t *entry = apr_array_push(reading->entries);

        entry->id = apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
        entry->at = afp_rows_number(rows, 1);
        entry->who = apr_pstrdup(reading->pool, afp_rows_text(rows, 2));
        entry->deed.action = apr_pstrdup(reading->pool, afp_rows_text(rows, 3));
        entry->deed.what = apr_pstrdup(reading->pool, afp_rows_text(rows, 4));
        entry->deed.former = apr_pstrdup(reading->pool, afp_rows_text(rows, 5));
        entry->deed.present = apr_pstrdup(reading->pool, afp_rows_text(rows, 6));
    }
    return rv;
}

apr_status_t afp_audit_list(afp_session_t *session, const char *company_uuid, const char *before,
                            int limit, apr_pool_t *pool, apr_array_header_t **entries)
{
    reading_t reading = {company_uuid, before, limit, pool,
                         apr_array_make(pool, limit, sizeof(afp_audit_entry_t))};

    *entries = reading.entries;
    return afp_session_read(session, read_entries, &reading);
}
