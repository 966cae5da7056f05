#include "store/follow_up_move.h"
#include "store/follow_up_parts.h"

#include <apr_strings.h>
#include <string.h>

/* Follow-ups that people, checks and other follow-ups ask for. */

static const afp_statement_t insert_follow_up = {
    "insert-follow-up",
    "INSERT INTO afp_follow_up (" AFP_FOLLOW_UP_KEPT ", priority, state, due_at, lease, missing,"
    " tried_for, reason)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, 'ready', %s, '', 0, 0, '')"};

static const afp_statement_t select_once = {
    "select-follow-up-of-tenant",
    "SELECT id FROM afp_follow_up WHERE company_uuid = %s AND application_id = '' AND kind = %s"};

static const afp_statement_t hurry_once = {
    "hurry-follow-up-of-tenant",
    "UPDATE afp_follow_up SET due_at = %s, state = 'ready', attempts = 0 WHERE id = %s"
    " AND state <> 'leased'"};

static const afp_statement_t select_open = {
    "select-follow-up-of-application",
    "SELECT id FROM afp_follow_up WHERE company_uuid = %s AND application_id = %s AND kind = %s"
    " AND state <> 'leased'"};

/* What is held stays so. For another invitation it starts afresh; the occurrence comes last, since
 * MariaDB assigns from left to right. */
static const afp_statement_t hurry_open = {
    "hurry-follow-up-of-application",
    "UPDATE afp_follow_up SET due_at = CASE WHEN due_at > %s THEN %s ELSE due_at END,"
    " priority = CASE WHEN priority > %s THEN %s ELSE priority END,"
    " attempts = CASE WHEN occurrence < %s THEN 0 ELSE attempts END,"
    " tried_for = CASE WHEN occurrence < %s THEN 0 ELSE tried_for END,"
    " missing = CASE WHEN occurrence < %s THEN 0 ELSE missing END,"
    " occurrence = CASE WHEN occurrence < %s THEN %s ELSE occurrence END WHERE id = %s"};

/* No longer something to look after. */
static const afp_statement_t set_repeated = {
    "set-repeated",
    "UPDATE afp_finished SET result = 'repeated' WHERE id = %s AND company_uuid = %s"
    " AND result IN ('dead', 'uncertain')"};

/* In the order of afp_follow_up_priority: readings cost nothing. */
static const afp_statement_t count_open = {
    "count-open",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE state = %s AND company_uuid = %s"
    " AND priority = 0 LIMIT %s) counted"};

apr_status_t afp_follow_up_insert(afp_session_t *session, afp_follow_up_t *follow_up,
                                  apr_time_t due_at)
{
    apr_time_t now = afp_session_now(session);
    const char *values[] = {
        follow_up->id,
        follow_up->company_uuid,
        follow_up->kind,
        follow_up->delivery_id,
        follow_up->application_id,
        follow_up->job_id,
        afp_sql_number(session, follow_up->occurrence),
        afp_sql_number(session, follow_up->anyway),
        afp_sql_number(session, now),
        afp_sql_number(session, follow_up->priority),
        afp_sql_number(session, due_at),
    };
    afp_id_t id;
    apr_status_t rv = afp_id_ordered(&id, now);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_cpystrn(follow_up->id, id.text, sizeof(follow_up->id));
    follow_up->created_at = now;
    return afp_sql_execute(session, &insert_follow_up, values, NULL);
}

apr_status_t afp_follow_up_set_repeated(afp_session_t *session, const char *company_uuid,
                                        const char *id)
{
    const char *values[] = {id, company_uuid};

    return afp_sql_execute(session, &set_repeated, values, NULL);
}

static apr_status_t find(afp_session_t *session, const afp_statement_t *select,
                         const char *const *key, char id[AFP_ID_LENGTH + 1])
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, select, key, &rows);

    *id = '\0';
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_cpystrn(id, afp_rows_text(rows, 0), AFP_ID_LENGTH + 1);
    }
    return rv;
}

/* ---- of the whole tenant ---- */

const char *afp_follow_up_check_kind(const char *api)
{
    return strcmp(api, AFP_API_PINPOINT) ? AFP_FOLLOW_UP_CHECK_ASSESSFIRST
                                         : AFP_FOLLOW_UP_CHECK_PINPOINT;
}

apr_status_t afp_follow_up_add_once(afp_session_t *session, const char *company_uuid,
                                    const char *kind, apr_time_t due_at, int hurry)
{
    const char *key[] = {company_uuid, kind};
    afp_follow_up_t follow_up = {.occurrence = 0};
    const char *values[] = {afp_sql_number(session, due_at), follow_up.id};
    apr_status_t rv = find(session, &select_once, key, follow_up.id);

    if (rv == APR_SUCCESS && *follow_up.id) {
        return hurry ? afp_sql_execute(session, &hurry_once, values, NULL) : APR_SUCCESS;
    }
    apr_cpystrn(follow_up.company_uuid, company_uuid, sizeof(follow_up.company_uuid));
    apr_cpystrn(follow_up.kind, kind, sizeof(follow_up.kind));
    return rv == APR_SUCCESS ? afp_follow_up_insert(session, &follow_up, due_at) : rv;
}

/* ---- of an application ---- */

typedef struct {
    afp_follow_up_t *follow_up;
    char repeated_id[AFP_ID_LENGTH + 1]; /* the finished follow-up that this one repeats, or "" */
    int priority;
} add_t;

static apr_status_t add(afp_session_t *session, void *baton)
{
    add_t *wanted = baton;
    afp_follow_up_t *follow_up = wanted->follow_up;
    apr_time_t now = afp_session_now(session);
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, follow_up->company_uuid, &state, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!*follow_up->application_id) {
        return afp_follow_up_add_once(session, follow_up->company_uuid, follow_up->kind, now, 1);
    }
    if (follow_up->occurrence < 1) {
        follow_up->occurrence = 1;
    }
    rv = afp_follow_up_insert(session, follow_up, now);
    return rv == APR_SUCCESS && *wanted->repeated_id
               ? afp_follow_up_set_repeated(session, follow_up->company_uuid, wanted->repeated_id)
               : rv;
}

apr_status_t afp_follow_up_add(afp_session_t *session, afp_follow_up_t *follow_up)
{
    add_t wanted = {.follow_up = follow_up};

    apr_cpystrn(wanted.repeated_id, follow_up->id, sizeof(wanted.repeated_id));

    return afp_session_write(session, add, &wanted);
}

apr_status_t afp_follow_up_add_wanted(afp_session_t *session, afp_follow_up_t *follow_up,
                                      apr_time_t due_at, int priority)
{
    const char *key[] = {follow_up->company_uuid, follow_up->application_id, follow_up->kind};
    const char *due = afp_sql_number(session, due_at);
    const char *rank = afp_sql_number(session, priority);
    const char *occurrence = afp_sql_number(session, follow_up->occurrence);
    const char *values[] = {due,        due,        rank,       rank,       occurrence,
                            occurrence, occurrence, occurrence, occurrence, follow_up->id};
    apr_status_t rv = find(session, &select_open, key, follow_up->id);

    if (rv == APR_SUCCESS && *follow_up->id) {
        rv = afp_sql_execute(session, &hurry_open, values, NULL);
        return rv == APR_SUCCESS ? afp_follow_up_release_again(session, follow_up->company_uuid)
                                 : rv;
    }
    follow_up->priority = priority;
    return rv == APR_SUCCESS ? afp_follow_up_insert(session, follow_up, due_at) : rv;
}

static apr_status_t want(afp_session_t *session, void *baton)
{
    add_t *wanted = baton;
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, wanted->follow_up->company_uuid, &state, NULL);

    return rv == APR_SUCCESS ? afp_follow_up_add_wanted(session, wanted->follow_up,
                                                        afp_session_now(session), wanted->priority)
                             : rv;
}

apr_status_t afp_follow_up_want(afp_session_t *session, afp_follow_up_t *follow_up, int priority)
{
    add_t wanted = {.follow_up = follow_up, .priority = priority};

    return afp_session_write(session, want, &wanted);
}

/* ---- several ---- */

#define PATIENCE apr_time_from_sec(5) /* somebody waits for the answer */

typedef struct {
    const char *company_uuid;
    apr_time_t now; /* 0: not known yet */
    int limit;
    int count;
} several_t;

static apr_status_t hurry(afp_session_t *session, void *baton)
{
    several_t *several = baton;
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, several->company_uuid, &state, NULL);

    several->now = several->now ? several->now : afp_session_now(session);
    return rv == APR_SUCCESS ? afp_follow_up_hurry_batch(session, several->company_uuid,
                                                         several->now, &several->count)
                             : rv;
}

apr_status_t afp_follow_up_hurry_readings(afp_session_t *session, const char *company_uuid,
                                          int *count)
{
    several_t several = {.company_uuid = company_uuid};
    apr_time_t started = apr_time_now();
    apr_status_t rv;

    *count = 0;
    do {
        rv = afp_session_write(session, hurry, &several);
        *count += rv == APR_SUCCESS ? several.count : 0;
    } while (rv == APR_SUCCESS && several.count == AFP_MOVE_BATCH &&
             apr_time_now() - started < PATIENCE);
    return rv;
}

static apr_status_t count_all(afp_session_t *session, void *baton)
{
    static const char *const states[] = {"ready", "leased", "held"};
    several_t *several = baton;
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    several->count = 0;
    for (i = 0; i < sizeof(states) / sizeof(states[0]) && rv == APR_SUCCESS; i++) {
        const char *values[] = {states[i], several->company_uuid,
                                afp_sql_number(session, several->limit - several->count)};
        afp_rows_t *rows;

        rv = afp_sql_select(session, &count_open, values, &rows);
        while (rv == APR_SUCCESS && afp_rows_next(rows)) {
            several->count += (int)afp_rows_number(rows, 0);
        }
    }
    return rv;
}

apr_status_t afp_follow_up_count(afp_session_t *session, const char *company_uuid, int limit,
                                 int *count)
{
    several_t several = {.company_uuid = company_uuid, .limit = limit};
    apr_status_t rv = afp_session_read(session, count_all, &several);

    *count = several.count;
    return rv;
}
