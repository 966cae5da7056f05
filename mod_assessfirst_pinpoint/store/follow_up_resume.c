#include "store/follow_up_move.h"
#include "store/follow_up_parts.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* How parking ends, and what is repaired. */

static const afp_statement_t delete_parking = {
    "delete-parking", "DELETE FROM afp_parking WHERE owner = %s AND api = %s"};

static const afp_statement_t delete_kind_parking = {
    "delete-kind-parking", "DELETE FROM afp_parking WHERE owner = %s AND api = %s AND kind = %s"};

static const afp_statement_t delete_tenant_parking = {"delete-tenant-parking",
                                                      "DELETE FROM afp_parking WHERE owner = %s"};

/* A release that is not over yet, of more than a batch, is noted beside the parkings, as one of no
 * kind: since when, and in `words` how far it has come. */
#define RELEASE "api = 'release' AND kind = ''"

static const afp_statement_t select_release = {
    "select-release", "SELECT since, words FROM afp_parking WHERE owner = %s AND " RELEASE};

static const afp_statement_t select_next_release = {
    "select-next-release",
    "SELECT owner FROM afp_parking WHERE owner > %s AND " RELEASE " ORDER BY owner LIMIT 1"};

static const afp_statement_t insert_release = {
    "insert-release", "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                      " VALUES (%s, 'release', '', %s, %s, %s)"};

static const afp_statement_t update_release = {
    "update-release",
    "UPDATE afp_parking SET words = %s WHERE owner = %s AND " RELEASE " AND since = %s"};

static const afp_statement_t restart_release = {
    "restart-release", "UPDATE afp_parking SET words = '' WHERE owner = %s AND " RELEASE};

static const afp_statement_t delete_release = {
    "delete-release", "DELETE FROM afp_parking WHERE owner = %s AND " RELEASE};

static const afp_statement_t end_release = {
    "end-release", "DELETE FROM afp_parking WHERE owner = %s AND " RELEASE " AND since = %s"};

/* Of a site, those with something to be released. */
static const afp_statement_t select_held_tenants = {
    "select-held-tenants",
    "SELECT company_uuid FROM afp_tenant t WHERE site = %s AND state = 'connected' AND EXISTS"
    " (SELECT 1 FROM afp_follow_up f WHERE f.state = 'held' AND f.company_uuid = t.company_uuid)"};

static const afp_statement_t drop_deletion = {
    "drop-deletion", "DELETE FROM afp_follow_up WHERE company_uuid = %s AND application_id = ''"
                     " AND kind = 'delete-fields'"};

static const afp_statement_t select_parkings = {"select-parkings",
                                                "SELECT owner, api, company_uuid FROM afp_parking"
                                                " WHERE kind <> ''"};

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

/* ---- looking ---- */

#define FOUND 20 /* at most, as the statements have it */

typedef struct {
    int count;
    char company_uuids[FOUND][AFP_ID_LENGTH + 1];
} found_t;

static apr_status_t read_found(afp_session_t *session, const afp_statement_t *select,
                               found_t *found)
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, select, NULL, &rows);

    found->count = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        if (found->count < FOUND) {
            apr_cpystrn(found->company_uuids[found->count++], afp_rows_text(rows, 0),
                        AFP_ID_LENGTH + 1);
        }
    }
    return rv;
}

/* ---- releasing ---- */

static const char *words_of(afp_session_t *session, const afp_position_t *position)
{
    return apr_psprintf(afp_session_scratch(session), "%d %" APR_TIME_T_FMT " %s",
                        position->priority, position->due_at, position->id);
}

static const afp_position_t beginning = {-1, -1, ""};

static void read_words(const char *words, afp_position_t *position)
{
    char *end;

    *position = beginning;
    if (*words) {
        position->priority = (int)strtol(words, &end, 10);
        position->due_at = apr_strtoi64(end, &end, 10);
        apr_cpystrn(position->id, *end ? end + 1 : end, sizeof(position->id));
    }
}

/* `words`: how far it has come; "" for not at all. */
static apr_status_t note_release(afp_session_t *session, const char *company_uuid, apr_time_t since,
                                 const char *words)
{
    const char *values[] = {company_uuid, company_uuid, afp_sql_number(session, since), words};
    apr_status_t rv = afp_sql_execute(session, &delete_release, values, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_release, values, NULL) : rv;
}

apr_status_t afp_follow_up_release_again(afp_session_t *session, const char *company_uuid)
{
    const char *key[] = {company_uuid};

    return afp_sql_execute(session, &restart_release, key, NULL);
}

/* Releases what is held of a tenant whose lock is held: the first batch at once, and notes that
 * there is more. */
static apr_status_t release_tenant(afp_session_t *session, const char *company_uuid, apr_time_t now)
{
    afp_position_t position = beginning;
    int more;
    apr_status_t rv = afp_follow_up_release_from(session, company_uuid, &position, now, &more);

    return rv == APR_SUCCESS && more
               ? note_release(session, company_uuid, now, words_of(session, &position))
               : rv;
}

/* One after the other under its own lock, by whoever releases the next batches. */
static apr_status_t release_site(afp_session_t *session, const char *site)
{
    const char *key[] = {site};
    apr_time_t now = afp_session_now(session);
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_held_tenants, key, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        rv = note_release(session, afp_rows_text(rows, 0), now, "");
    }
    return rv;
}

/* The next batch of a release, which is over when there is no more, or nothing is to be released
 * any more. Whoever noted it anew meanwhile, without the tenant's lock, has it begin again. */
static apr_status_t go_on_releasing(afp_session_t *session, void *baton)
{
    const char *company_uuid = baton;
    const char *key[] = {company_uuid};
    apr_time_t since = 0;
    afp_position_t position = beginning;
    int more = 0;
    afp_tenant_state_t state = AFP_TENANT_DISCONNECTED;
    afp_rows_t *rows;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    if (rv == APR_SUCCESS || rv == APR_NOTFOUND) {
        rv = afp_sql_select(session, &select_release, key, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        since = afp_rows_number(rows, 0);
        read_words(afp_rows_text(rows, 1), &position);
    }
    if (rv == APR_SUCCESS && since && state == AFP_TENANT_CONNECTED) {
        rv = afp_follow_up_release_from(session, company_uuid, &position, since, &more);
    }
    if (rv == APR_SUCCESS && since) {
        const char *time = afp_sql_number(session, since);
        const char *values[] = {words_of(session, &position), company_uuid, time};
        const char *ended[] = {company_uuid, time};

        rv = more ? afp_sql_execute(session, &update_release, values, NULL)
                  : afp_sql_execute(session, &end_release, ended, NULL);
    }
    return rv;
}

/* The next one whose release is not over, "" if there is none. */
static apr_status_t find_release(afp_session_t *session, void *baton)
{
    char *cursor = baton;
    const char *after[] = {apr_pstrdup(afp_session_scratch(session), cursor)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_next_release, after, &rows);
    const char *next = "";

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        next = afp_rows_text(rows, 0);
    }
    if (rv == APR_SUCCESS) {
        apr_cpystrn(cursor, next, AFP_ID_LENGTH + 1);
    }
    return rv;
}

/* Looks before it writes: mostly there is nothing to release. */
apr_status_t afp_follow_up_release_more(afp_session_t *session, char cursor[AFP_ID_LENGTH + 1],
                                        int *more)
{
    int is_first = !*cursor;
    apr_status_t rv = afp_session_read(session, find_release, cursor);

    if (rv == APR_SUCCESS && !*cursor && !is_first) {
        rv = afp_session_read(session, find_release, cursor);
    }
    *more = rv == APR_SUCCESS && *cursor;
    return *more ? afp_session_write(session, go_on_releasing, cursor) : rv;
}

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
    int is_tenant = afp_id_is_valid(resume->owner);
    afp_tenant_state_t state = AFP_TENANT_CONNECTED;
    int rows = 0;
    apr_status_t rv = APR_SUCCESS;

    if (is_tenant) {
        rv = afp_tenant_lock(session, resume->owner, &state, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = end_parking(session, resume, &rows);
    }
    if (rv != APR_SUCCESS || !rows || state != AFP_TENANT_CONNECTED) {
        return rv;
    }
    return is_tenant ? release_tenant(session, resume->owner, afp_session_now(session))
                     : release_site(session, resume->owner);
}

/* Of each tenant whose release was noted, if that does not take long: the ticker does the rest. */
static void release_first_batches(afp_session_t *session)
{
    apr_time_t started = apr_time_now();
    char cursor[AFP_ID_LENGTH + 1] = "";

    while (apr_time_now() - started < APR_USEC_PER_SEC &&
           afp_session_read(session, find_release, cursor) == APR_SUCCESS && *cursor &&
           afp_session_write(session, go_on_releasing, cursor) == APR_SUCCESS) {
    }
}

apr_status_t afp_follow_up_resume_api(afp_session_t *session, const char *owner, const char *api)
{
    resume_t resume = {owner, api, NULL, 0};
    apr_status_t rv = afp_session_write(session, resume_api, &resume);

    if (rv == APR_SUCCESS && !afp_id_is_valid(owner)) {
        release_first_batches(session);
    }
    return rv;
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
    apr_status_t rv = afp_sql_execute(session, &delete_tenant_parking, key, NULL);
    size_t i;

    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &drop_deletion, key, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = release_tenant(session, company_uuid, now);
    }
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rv == APR_SUCCESS; i++) {
        rv = afp_follow_up_add_once(session, company_uuid, kinds[i], now, 1);
    }
    return rv;
}

/* ---- repair ---- */

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
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    return rv == APR_SUCCESS && state == AFP_TENANT_CONNECTED
               ? release_tenant(session, company_uuid, afp_session_now(session))
               : rv;
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
