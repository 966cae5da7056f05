#include "store/budget.h"
#include "store/follow_up.h"
#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

/* How a run of a follow-up ends, how parking ends, and follow-ups that people and checks add. */

#define KEPT                                                                                       \
    "id, company_uuid, kind, delivery_id, application_id, job_id, occurrence, anyway, attempts, "  \
    "created_at"

static const afp_statement_t insert_finished = {
    "insert-finished", "INSERT INTO afp_finished (" KEPT ", result, finished_at, reason)"
                       " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t delete_finished = {"delete-finished",
                                                "DELETE FROM afp_finished WHERE id = %s"};

/* No longer something to look after. */
static const afp_statement_t set_repeated = {
    "set-repeated",
    "UPDATE afp_finished SET result = 'repeated' WHERE id = %s AND company_uuid = %s"
    " AND result IN ('dead', 'uncertain')"};

static const afp_statement_t delete_leased = {
    "delete-follow-up", "DELETE FROM afp_follow_up WHERE id = %s AND lease = %s"};

static const afp_statement_t set_again = {
    "set-again", "UPDATE afp_follow_up SET state = 'ready', lease = '', due_at = %s,"
                 " tried_for = tried_for + %s, missing = missing + %s, reason = %s"
                 " WHERE id = %s AND lease = %s"};

static const afp_statement_t set_held = {
    "set-held", "UPDATE afp_follow_up SET state = 'held', lease = '', due_at = %s, reason = %s"
                " WHERE id = %s AND lease = %s"};

static const afp_statement_t select_parked = {
    "select-parked", "SELECT since FROM afp_parking WHERE owner = %s AND api = %s AND kind = %s"};

static const afp_statement_t insert_parking = {
    "insert-parking", "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                      " VALUES (%s, %s, %s, %s, %s, %s)"};

static const afp_statement_t delete_parking = {
    "delete-parking", "DELETE FROM afp_parking WHERE owner = %s AND api = %s"};

static const afp_statement_t delete_tenant_parking = {"delete-tenant-parking",
                                                      "DELETE FROM afp_parking WHERE owner = %s"};

static const afp_statement_t release_tenant = {
    "release-tenant", "UPDATE afp_follow_up SET state = 'ready', due_at = %s"
                      " WHERE state = 'held' AND company_uuid = %s"};

static const afp_statement_t release_site = {
    "release-site", "UPDATE afp_follow_up SET state = 'ready', due_at = %s WHERE state = 'held'"
                    " AND company_uuid IN (SELECT company_uuid FROM afp_tenant WHERE site = %s)"};

static const afp_statement_t select_stranded = {
    "select-stranded-tenant",
    "SELECT company_uuid FROM afp_tenant t WHERE state = 'connected' AND EXISTS"
    " (SELECT 1 FROM afp_follow_up f WHERE f.state = 'held' AND f.company_uuid = t.company_uuid)"
    " AND NOT EXISTS"
    " (SELECT 1 FROM afp_parking p WHERE p.owner = t.company_uuid OR p.owner = t.site) LIMIT 1"};

static const afp_statement_t insert_follow_up = {
    "insert-follow-up",
    "INSERT INTO afp_follow_up (" KEPT ", state, due_at, lease, missing, tried_for, reason)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, %s, 'ready', %s, '', 0, 0, '')"};

static const afp_statement_t select_check = {
    "select-check",
    "SELECT id FROM afp_follow_up WHERE company_uuid = %s AND application_id = '' AND kind = %s"};

static const afp_statement_t hurry_check = {
    "hurry-check",
    "UPDATE afp_follow_up SET due_at = %s, state = 'ready', attempts = 0 WHERE id = %s"
    " AND state <> 'leased'"};

static const afp_statement_t select_parkings = {"select-parkings",
                                                "SELECT owner, api, company_uuid FROM afp_parking"};

static const afp_statement_t select_substitute = {
    "select-substitute",
    "SELECT MIN(company_uuid) FROM afp_tenant WHERE site = %s AND state = 'connected'"};

static const afp_statement_t select_open = {
    "select-open",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE company_uuid = %s LIMIT %s) open"};

static const char *check_kind(const char *api)
{
    return strcmp(api, AFP_API_PINPOINT) ? AFP_FOLLOW_UP_CHECK_ASSESSFIRST
                                         : AFP_FOLLOW_UP_CHECK_PINPOINT;
}

/* ---- adding ---- */

static apr_status_t insert(afp_session_t *session, const afp_follow_up_t *follow_up,
                           apr_time_t due_at)
{
    const char *values[] = {
        follow_up->id,
        follow_up->company_uuid,
        follow_up->kind,
        follow_up->delivery_id,
        follow_up->application_id,
        follow_up->job_id,
        afp_sql_number(session, follow_up->occurrence),
        afp_sql_number(session, follow_up->anyway),
        afp_sql_number(session, follow_up->created_at),
        afp_sql_number(session, due_at),
    };

    return afp_sql_execute(session, &insert_follow_up, values, NULL);
}

/* Adds a check, or makes the one that exists due at `due_at`. Under the tenant's lock. */
static apr_status_t add_check(afp_session_t *session, const char *company_uuid, const char *kind,
                              apr_time_t due_at, int hurry)
{
    const char *key[] = {company_uuid, kind};
    afp_follow_up_t check = {.occurrence = 0};
    const char *id = NULL;
    afp_id_t fresh;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_check, key, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        id = afp_rows_text(rows, 0);
    }
    if (rv == APR_SUCCESS && id) {
        const char *values[] = {afp_sql_number(session, due_at), id};

        return hurry ? afp_sql_execute(session, &hurry_check, values, NULL) : APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        rv = afp_id_ordered(&fresh, afp_session_now(session));
    }
    if (rv == APR_SUCCESS) {
        apr_cpystrn(check.id, fresh.text, sizeof(check.id));
        apr_cpystrn(check.company_uuid, company_uuid, sizeof(check.company_uuid));
        apr_cpystrn(check.kind, kind, sizeof(check.kind));
        check.created_at = afp_session_now(session);
        rv = insert(session, &check, due_at);
    }
    return rv;
}

typedef struct {
    afp_follow_up_t *follow_up;
    char repeated_id[AFP_ID_LENGTH + 1]; /* the finished follow-up that this one repeats, or "" */
} add_t;

static apr_status_t add(afp_session_t *session, void *baton)
{
    add_t *wanted = baton;
    afp_follow_up_t *follow_up = wanted->follow_up;
    afp_tenant_state_t state;
    afp_id_t id;
    apr_time_t now = afp_session_now(session);
    apr_status_t rv = afp_tenant_lock(session, follow_up->company_uuid, &state, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!*follow_up->application_id) {
        return add_check(session, follow_up->company_uuid, follow_up->kind, now, 1);
    }
    if (follow_up->occurrence < 1) {
        follow_up->occurrence = 1;
    }
    rv = afp_id_ordered(&id, now);
    if (rv == APR_SUCCESS) {
        apr_cpystrn(follow_up->id, id.text, sizeof(follow_up->id));
        follow_up->created_at = now;
        rv = insert(session, follow_up, now);
    }
    if (rv == APR_SUCCESS && *wanted->repeated_id) {
        const char *repeated[] = {wanted->repeated_id, follow_up->company_uuid};

        rv = afp_sql_execute(session, &set_repeated, repeated, NULL);
    }
    return rv;
}

apr_status_t afp_follow_up_add(afp_session_t *session, afp_follow_up_t *follow_up)
{
    add_t wanted = {.follow_up = follow_up};

    apr_cpystrn(wanted.repeated_id, follow_up->id, sizeof(wanted.repeated_id));

    return afp_session_write(session, add, &wanted);
}

/* ---- ending ---- */

typedef struct {
    const afp_follow_up_t *follow_up;
    const afp_end_t *end;
} ending_t;

static apr_status_t finish(afp_session_t *session, const ending_t *ending)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    const char *key[] = {follow_up->id, follow_up->lease};
    const char *values[] = {
        follow_up->id,
        follow_up->company_uuid,
        follow_up->kind,
        follow_up->delivery_id,
        follow_up->application_id,
        follow_up->job_id,
        afp_sql_number(session, follow_up->occurrence),
        afp_sql_number(session, follow_up->anyway),
        afp_sql_number(session, follow_up->attempts),
        afp_sql_number(session, follow_up->created_at),
        ending->end->result,
        afp_sql_number(session, afp_session_now(session)),
        ending->end->reason,
    };
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &delete_leased, key, &rows);

    if (rv == APR_SUCCESS && !rows) {
        return APR_NOTFOUND;
    }
    /* Only a delivery whose commit was repeated after it had already been worked on is there. */
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &delete_finished, key, NULL);
    }
    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_finished, values, NULL) : rv;
}

static apr_status_t again(afp_session_t *session, const ending_t *ending)
{
    const afp_end_t *end = ending->end;
    const char *values[] = {
        afp_sql_number(session, afp_session_now(session) + end->delay),
        afp_sql_number(session, end->tried),
        afp_sql_number(session, end->missing),
        end->reason,
        ending->follow_up->id,
        ending->follow_up->lease,
    };
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &set_again, values, &rows);

    return rv == APR_SUCCESS && !rows ? APR_NOTFOUND : rv;
}

#define FIRST_CHECK apr_time_from_sec(60)

/* Notes the parking itself, once. */
static apr_status_t note_parking(afp_session_t *session, const ending_t *ending)
{
    const afp_end_t *end = ending->end;
    const char *key[] = {end->park_owner, end->park_api, end->park_kind};
    const char *values[] = {end->park_owner,
                            end->park_api,
                            end->park_kind,
                            ending->follow_up->company_uuid,
                            afp_sql_number(session, afp_session_now(session)),
                            end->reason};
    int parked = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_parked, key, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        parked = 1;
    }
    return rv == APR_SUCCESS && !parked ? afp_sql_execute(session, &insert_parking, values, NULL)
                                        : rv;
}

static apr_status_t hold(afp_session_t *session, const ending_t *ending)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    apr_time_t now = afp_session_now(session);
    const char *values[] = {afp_sql_number(session, now), ending->end->reason, follow_up->id,
                            follow_up->lease};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &set_held, values, &rows);

    if (rv == APR_SUCCESS && !rows) {
        return APR_NOTFOUND;
    }
    return rv == APR_SUCCESS ? add_check(session, follow_up->company_uuid,
                                         check_kind(ending->end->park_api), now + FIRST_CHECK, 0)
                             : rv;
}

static apr_status_t end_run(afp_session_t *session, void *baton)
{
    ending_t *ending = baton;
    const afp_end_t *end = ending->end;
    afp_end_t anew = {.kind = AFP_END_AGAIN, .reason = ""};
    ending_t other = {ending->follow_up, &anew};
    afp_tenant_state_t state;
    apr_int64_t generation;
    apr_status_t rv =
        afp_tenant_lock(session, ending->follow_up->company_uuid, &state, &generation);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (generation != ending->follow_up->generation &&
        (end->park_api || !*ending->follow_up->application_id)) {
        /* What was refused, or checked, are former settings. */
        anew.invitation_state = end->invitation_state;
        anew.token_digest = end->token_digest;
        anew.unused_calls = end->unused_calls;
        ending = &other;
        end = &anew;
    }
    switch (end->kind) {
    case AFP_END_FINISH:
        rv = finish(session, ending);
        break;
    case AFP_END_AGAIN:
        rv = again(session, ending);
        break;
    case AFP_END_PARK:
        rv = hold(session, ending);
        break;
    }
    if (rv == APR_SUCCESS && end->park_api) {
        rv = note_parking(session, ending);
    }
    if (rv == APR_SUCCESS && end->invitation_state) {
        rv = afp_invitation_set_state(session, ending->follow_up, end->invitation_state,
                                      end->candidate_id ? end->candidate_id : "");
    }
    if (rv == APR_SUCCESS && end->unused_calls > 0) {
        rv = afp_budget_give_back(session, end->token_digest, end->unused_calls);
    }
    if (rv == APR_SUCCESS && end->budget_delay > 0) {
        rv = afp_budget_block(session, end->token_digest,
                              afp_session_now(session) + end->budget_delay);
    }
    return rv;
}

apr_status_t afp_follow_up_end(afp_session_t *session, const afp_follow_up_t *follow_up,
                               const afp_end_t *end)
{
    ending_t ending = {follow_up, end};

    return afp_session_write(session, end_run, &ending);
}

/* ---- parking ends ---- */

typedef struct {
    const char *owner;
    const char *api;
} resume_t;

static apr_status_t resume_api(afp_session_t *session, void *baton)
{
    resume_t *resume = baton;
    const char *key[] = {resume->owner, resume->api};
    const char *held[] = {afp_sql_number(session, afp_session_now(session)), resume->owner};
    afp_tenant_state_t state;
    int rows = 0;
    apr_status_t rv = APR_SUCCESS;

    if (afp_id_is_valid(resume->owner)) {
        rv = afp_tenant_lock(session, resume->owner, &state, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &delete_parking, key, &rows);
    }
    if (rv == APR_SUCCESS && rows) {
        rv = afp_sql_execute(
            session, afp_id_is_valid(resume->owner) ? &release_tenant : &release_site, held, NULL);
    }
    return rv;
}

apr_status_t afp_follow_up_resume_api(afp_session_t *session, const char *owner, const char *api)
{
    resume_t resume = {owner, api};

    return afp_session_write(session, resume_api, &resume);
}

apr_status_t afp_follow_up_resume_in_transaction(afp_session_t *session, const char *company_uuid)
{
    apr_time_t now = afp_session_now(session);
    const char *key[] = {company_uuid};
    const char *held[] = {afp_sql_number(session, now), company_uuid};
    apr_status_t rv = afp_sql_execute(session, &delete_tenant_parking, key, NULL);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &release_tenant, held, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = add_check(session, company_uuid, AFP_FOLLOW_UP_CHECK_PINPOINT, now, 1);
    }
    return rv == APR_SUCCESS
               ? add_check(session, company_uuid, AFP_FOLLOW_UP_CHECK_ASSESSFIRST, now, 1)
               : rv;
}

/* A tenant with rows that are held although nothing holds them any more: a refusal that was met
 * while the site's parking ended leaves such rows, and nobody else would release them. */
static apr_status_t read_stranded(afp_session_t *session, void *baton)
{
    char *company_uuid = baton;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_stranded, NULL, &rows);

    *company_uuid = '\0';
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_cpystrn(company_uuid, afp_rows_text(rows, 0), AFP_ID_LENGTH + 1);
    }
    return rv;
}

static apr_status_t release_stranded(afp_session_t *session, void *baton)
{
    const char *company_uuid = baton;
    const char *values[] = {afp_sql_number(session, afp_session_now(session)), company_uuid};
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &release_tenant, values, NULL) : rv;
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
            rv = add_check(session, company_uuid, check_kind(api), afp_session_now(session), 0);
        }
        if (rv == APR_NOTFOUND) {
            rv = APR_SUCCESS;
        }
    }
    return rv;
}

static apr_status_t has_parkings(afp_session_t *session, void *baton)
{
    int *found = baton;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_parkings, NULL, &rows);

    *found = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *found = 1;
    }
    return rv;
}

apr_status_t afp_follow_up_repair_checks(afp_session_t *session)
{
    char stranded[AFP_ID_LENGTH + 1] = "";
    int found = 0;
    apr_status_t rv = afp_session_read(session, has_parkings, &found);

    if (rv == APR_SUCCESS && found) {
        rv = afp_session_write(session, repair_checks, NULL);
    }
    do {
        rv = rv == APR_SUCCESS ? afp_session_read(session, read_stranded, stranded) : rv;
        if (rv == APR_SUCCESS && *stranded) {
            rv = afp_session_write(session, release_stranded, stranded);
        }
    } while (rv == APR_SUCCESS && *stranded);
    return rv;
}

/* ---- counting ---- */

typedef struct {
    const char *company_uuid;
    int limit;
    int count;
} count_t;

static apr_status_t count_open(afp_session_t *session, void *baton)
{
    count_t *count = baton;
    const char *values[] = {count->company_uuid, afp_sql_number(session, count->limit)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_open, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        count->count = (int)afp_rows_number(rows, 0);
    }
    return rv;
}

apr_status_t afp_follow_up_count(afp_session_t *session, const char *company_uuid, int limit,
                                 int *count)
{
    count_t wanted = {company_uuid, limit, 0};
    apr_status_t rv = afp_session_read(session, count_open, &wanted);

    *count = wanted.count;
    return rv;
}
