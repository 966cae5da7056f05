#include "store/follow_up_move.h"

#include <apr_strings.h>
#include <string.h>

#define TEN     "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s"
#define HUNDRED TEN ", " TEN ", " TEN ", " TEN ", " TEN ", " TEN ", " TEN ", " TEN ", " TEN ", " TEN

#define IDS 100 /* in one statement */

/* By their keys alone: with the state a planner might take the index that begins with it, and with
 * that the whole backlog. */
static const afp_statement_t hold_rows = {
    "hold-rows", "UPDATE afp_follow_up SET state = 'held' WHERE id IN (" HUNDRED ")"};

/* Readings keep their time: all at once they would be a crowd. */
static const afp_statement_t release_rows = {
    "release-rows", "UPDATE afp_follow_up SET state = 'ready',"
                    " due_at = CASE WHEN priority > 0 THEN due_at ELSE %s END"
                    " WHERE id IN (" HUNDRED ")"};

static const afp_statement_t hurry_rows = {
    "hurry-rows", "UPDATE afp_follow_up SET due_at = %s WHERE id IN (" HUNDRED ")"};

#define BY_PRIORITY AFP_BY_INDEX("afp_follow_up_priority")

#define OF_TENANT(state)                                                                           \
    "SELECT id, kind, due_at FROM afp_follow_up" BY_PRIORITY " WHERE state = '" state "'"          \
    " AND company_uuid = %s"

static const afp_statement_t select_last_work = {
    "select-last-work",
    OF_TENANT("ready") " AND priority = 0 ORDER BY due_at DESC, id DESC LIMIT %s"};

static const afp_statement_t select_due = {
    "select-due-of-tenant",
    "SELECT id, kind, due_at FROM afp_follow_up" AFP_BY_INDEX(
        "afp_follow_up_tenant") " WHERE state = 'ready' AND company_uuid = %s AND due_at <= %s"
                                " ORDER BY due_at, id LIMIT %s"};

static const afp_statement_t select_waiting_readings = {
    "select-waiting-readings",
    "SELECT id, kind, due_at FROM afp_follow_up" AFP_BY_INDEX(
        "afp_follow_up_tenant") " WHERE state = 'ready' AND company_uuid = %s AND due_at > %s"
                                " AND priority > 0 ORDER BY due_at, id LIMIT %s"};

/* Behind a position, in two steps: no engine finds both in an index by one condition that all of
 * them understand. */
#define SAME_TIME(state)                                                                           \
    OF_TENANT(state) " AND priority = %s AND due_at = %s AND id > %s ORDER BY due_at, id LIMIT %s"
#define LATER(state)                                                                               \
    OF_TENANT(state)                                                                               \
    " AND priority = %s AND due_at > %s AND due_at <= %s ORDER BY due_at, id LIMIT %s"

static const afp_statement_t select_ready_same = {"select-ready-of-same-time", SAME_TIME("ready")};
static const afp_statement_t select_ready_later = {"select-ready-later", LATER("ready")};
static const afp_statement_t select_held_same = {"select-held-of-same-time", SAME_TIME("held")};
static const afp_statement_t select_held_later = {"select-held-later", LATER("held")};

static const afp_statement_t select_held_priority = {
    "select-held-priority", "SELECT priority FROM afp_follow_up" BY_PRIORITY
                            " WHERE state = 'held' AND company_uuid = %s AND priority > %s"
                            " ORDER BY priority, due_at, id LIMIT 1"};

#define FIRST_TIME (-1) /* before every due_at */
#define LAST_TIME  APR_INT64_MAX

typedef struct {
    afp_session_t *session;
    const char *company_uuid;
    const afp_hold_t *hold; /* NULL: all are to be moved */
    int left;               /* rows that may still be looked at */
    int count;
    const char *ids[AFP_MOVE_BATCH]; /* that are to be moved */
} batch_t;

static batch_t *begin(afp_session_t *session, const char *company_uuid, const afp_hold_t *hold)
{
    batch_t *batch = apr_palloc(afp_session_scratch(session), sizeof(*batch));

    batch->session = session;
    batch->company_uuid = company_uuid;
    batch->hold = hold;
    batch->left = AFP_MOVE_BATCH;
    batch->count = 0;
    return batch;
}

/* Looks at the rows of a SELECT: *position, if it is not NULL, becomes that of the last one. */
static apr_status_t look(batch_t *batch, const afp_statement_t *select, const char *const *values,
                         afp_position_t *position)
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(batch->session, select, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *id = afp_rows_text(rows, 0);

        batch->left--;
        if (!batch->hold || batch->hold->holds(batch->hold->baton, afp_rows_text(rows, 1))) {
            batch->ids[batch->count++] = id;
        }
        if (position) {
            apr_cpystrn(position->id, id, sizeof(position->id));
            position->due_at = afp_rows_number(rows, 2);
        }
    }
    return rv;
}

typedef struct {
    const afp_statement_t *same;
    const afp_statement_t *later;
} states_t;

static const states_t of_ready = {&select_ready_same, &select_ready_later};
static const states_t of_held = {&select_held_same, &select_held_later};

/* Looks at what is behind a position in its priority, and due no later than `until`. */
static apr_status_t look_behind(batch_t *batch, const states_t *states, afp_position_t *position,
                                apr_time_t until)
{
    afp_session_t *session = batch->session;
    const char *company_uuid = batch->company_uuid;
    const char *priority = afp_sql_number(session, position->priority);
    apr_status_t rv = APR_SUCCESS;

    if (*position->id) {
        const char *same[] = {company_uuid, priority, afp_sql_number(session, position->due_at),
                              apr_pstrdup(afp_session_scratch(session), position->id),
                              afp_sql_number(session, batch->left)};

        rv = look(batch, states->same, same, position);
    }
    if (rv == APR_SUCCESS && batch->left) {
        const char *later[] = {company_uuid, priority, afp_sql_number(session, position->due_at),
                               afp_sql_number(session, until),
                               afp_sql_number(session, batch->left)};

        rv = look(batch, states->later, later, position);
    }
    return rv;
}

/* Moves what was found; `first` is the statement's first value, or NULL. */
static apr_status_t move_found(batch_t *batch, const afp_statement_t *statement, const char *first)
{
    const char *values[1 + IDS] = {first};
    int shift = first != NULL;
    apr_status_t rv = APR_SUCCESS;
    int done, i;

    for (done = 0; done < batch->count && rv == APR_SUCCESS; done += IDS) {
        for (i = 0; i < IDS; i++) {
            /* The last one fills the statement up. */
            int which = done + i < batch->count ? done + i : batch->count - 1;

            values[shift + i] = batch->ids[which];
        }
        rv = afp_sql_execute(batch->session, statement, values, NULL);
    }
    batch->count = 0;
    return rv;
}

/* ---- holding ---- */

/* Holds what was found, then, if there is room in the batch, what else is due. */
static apr_status_t hold_found(batch_t *batch, int *more)
{
    afp_session_t *session = batch->session;
    apr_status_t rv = move_found(batch, &hold_rows, NULL);

    if (rv == APR_SUCCESS && batch->left) {
        const char *values[] = {batch->company_uuid,
                                afp_sql_number(session, afp_session_now(session)),
                                afp_sql_number(session, batch->left)};

        rv = look(batch, &select_due, values, NULL);
    }
    *more = !batch->left;
    return rv == APR_SUCCESS ? move_found(batch, &hold_rows, NULL) : rv;
}

apr_status_t afp_follow_up_hold_all(afp_session_t *session, afp_hold_t *hold)
{
    batch_t *batch = begin(session, hold->company_uuid, hold);
    const char *values[] = {hold->company_uuid, afp_sql_number(session, batch->left)};
    apr_status_t rv = look(batch, &select_last_work, values, NULL);

    return rv == APR_SUCCESS ? hold_found(batch, &hold->more) : rv;
}

apr_status_t afp_follow_up_hold_from(afp_session_t *session, afp_hold_t *hold,
                                     const afp_position_t *from)
{
    batch_t *batch = begin(session, hold->company_uuid, hold);
    afp_position_t position = *from;
    apr_time_t until = from->priority == AFP_PRIORITY_WORK ? LAST_TIME : afp_session_now(session);
    apr_status_t rv;

    batch->left--;
    rv = look_behind(batch, &of_ready, &position, until);
    if (batch->left || !batch->count) {
        batch->ids[batch->count++] = from->id;
    }
    return rv == APR_SUCCESS ? hold_found(batch, &hold->more) : rv;
}

/* ---- releasing ---- */

static apr_status_t next_priority(batch_t *batch, afp_position_t *position, int *found)
{
    const char *values[] = {batch->company_uuid,
                            afp_sql_number(batch->session, position->priority)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(batch->session, &select_held_priority, values, &rows);

    *found = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        position->priority = (int)afp_rows_number(rows, 0);
        position->due_at = FIRST_TIME;
        *position->id = '\0';
        *found = 1;
    }
    return rv;
}

apr_status_t afp_follow_up_release_from(afp_session_t *session, const char *company_uuid,
                                        afp_position_t *position, apr_time_t since, int *more)
{
    batch_t *batch = begin(session, company_uuid, NULL);
    int found = 1;
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && found && batch->left) {
        int is_before = position->priority == AFP_PRIORITY_WORK && position->due_at < since;

        rv = look_behind(batch, &of_held, position, is_before ? since - 1 : LAST_TIME);
        if (rv == APR_SUCCESS && batch->left && is_before) {
            position->due_at = since;
            *position->id = '\0';
        } else if (rv == APR_SUCCESS && batch->left) {
            rv = next_priority(batch, position, &found);
        }
    }
    *more = found;
    return rv == APR_SUCCESS ? move_found(batch, &release_rows, afp_sql_number(session, since))
                             : rv;
}

/* ---- hurrying ---- */

apr_status_t afp_follow_up_hurry_batch(afp_session_t *session, const char *company_uuid,
                                       apr_time_t now, int *count)
{
    batch_t *batch = begin(session, company_uuid, NULL);
    const char *due = afp_sql_number(session, now);
    const char *values[] = {company_uuid, due, afp_sql_number(session, batch->left)};
    apr_status_t rv = look(batch, &select_waiting_readings, values, NULL);

    *count = batch->count;
    return rv == APR_SUCCESS ? move_found(batch, &hurry_rows, due) : rv;
}
