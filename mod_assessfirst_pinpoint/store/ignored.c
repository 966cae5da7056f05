#include "store/ignored.h"

#include "core/reason.h"
#include "core/settings.h"
#include "core/text.h"
#include "store/delivery.h"
#include "store/follow_up_parts.h"

#include <apr_strings.h>
#include <string.h>

#define LOOKED_AT 500                  /* deliveries that are read at a time */
#define BATCH     200                  /* of them are changed in one transaction, at most */
#define PATIENCE  apr_time_from_sec(5) /* somebody waits for the answer */

#define COLUMNS "d.id, d.event, d.application_id, d.job_id, d.received_at, d.ignored"

/* From a place in the order of time on, the oldest first. */
static const afp_statement_t select_all = {
    "select-ignored",
    "SELECT " COLUMNS " FROM (SELECT id FROM afp_ignored WHERE company_uuid = %s"
    " AND received_at >= %s AND (received_at > %s OR id > %s) AND received_at <= %s"
    " ORDER BY received_at, id LIMIT 500) listed JOIN afp_delivery d ON d.id = listed.id"
    " ORDER BY d.received_at, d.id"};

/* An application has few rows, which are sorted: with conditions on the time, or in its own order,
 * planners would take an index of all the tenant's rows. */
static const afp_statement_t select_of_application = {
    "select-ignored-of-application",
    "SELECT " COLUMNS " FROM afp_delivery d WHERE company_uuid = %s AND application_id = %s"
    " AND ignored <> '' ORDER BY received_at + 0 LIMIT 500"};

static const afp_statement_t select_one = {"select-ignored-one",
                                           "SELECT " COLUMNS " FROM afp_delivery d"
                                           " WHERE d.id = %s AND d.company_uuid = %s"
                                           " AND d.ignored NOT IN ('', '" AFP_DELIVERY_ERASED "')"};

static const afp_statement_t count_all = {
    "count-ignored", "SELECT COUNT(*), MIN(received_at) FROM (SELECT received_at FROM afp_ignored"
                     " WHERE company_uuid = %s ORDER BY received_at, id LIMIT %s) counted"};

static const afp_statement_t count_of_application = {
    "count-ignored-of-application",
    "SELECT COUNT(*), MIN(received_at) FROM (SELECT received_at FROM afp_delivery"
    " WHERE company_uuid = %s AND application_id = %s AND ignored <> '' LIMIT %s) counted"};

static const afp_statement_t set_reason = {
    "set-ignored", "UPDATE afp_delivery SET ignored = %s WHERE id = %s AND ignored = %s"};

static const afp_statement_t delete_listed = {"delete-ignored",
                                              "DELETE FROM afp_ignored WHERE id = %s"};

/* ---- counting ---- */

static apr_status_t count(afp_session_t *session, void *baton)
{
    afp_ignored_t *ignored = baton;
    const char *limit = afp_sql_number(session, ignored->limit);
    const char *all[] = {ignored->company_uuid, limit};
    const char *of_application[] = {ignored->company_uuid, ignored->application_id, limit};
    afp_rows_t *rows;
    apr_status_t rv = *ignored->application_id
                          ? afp_sql_select(session, &count_of_application, of_application, &rows)
                          : afp_sql_select(session, &count_all, all, &rows);

    ignored->until = afp_session_now(session);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        ignored->count = (int)afp_rows_number(rows, 0);
        ignored->oldest_at = afp_rows_number(rows, 1);
    }
    return rv;
}

apr_status_t afp_ignored_count(afp_session_t *session, afp_ignored_t *ignored)
{
    ignored->count = 0;
    ignored->oldest_at = 0;
    return afp_session_read(session, count, ignored);
}

/* ---- deciding ---- */

/* A delivery that is decided otherwise now. */
typedef struct {
    afp_follow_up_t follow_up; /* what it would get */
    const char *former;        /* why it was ignored, */
    const char *reason;        /* and is now; "" = it is the trigger */
} changed_t;

/* In the order of (received_at, id). */
typedef struct {
    apr_time_t received_at;
    char id[AFP_ID_LENGTH + 1];
} place_t;

typedef struct {
    afp_ignored_t *ignored;
    apr_pool_t *pool;
    place_t from;                /* where the latest reading began */
    place_t place;               /* where it ended */
    int looked_at;               /* in the latest reading */
    apr_array_header_t *changed; /* changed_t: what that reading found */
    int done;                    /* of them are written */
    int triggers;                /* among those that the latest transaction wrote */
} deciding_t;

/* Why an event is not the trigger by the settings given; "" if it is. */
static const char *decide(const afp_ignored_t *ignored, apr_pool_t *pool, const char *name,
                          const char *application_id)
{
    afp_event_t event = {.kind = AFP_EVENT_OTHER};
    const char *reason;

    apr_cpystrn(event.name, name, sizeof(event.name));
    apr_cpystrn(event.application_id, application_id, sizeof(event.application_id));
    event.kind = afp_event_classify(afp_event_normalise(pool, event.name), ignored->names);
    reason = afp_settings_trigger(pool, ignored->status, &event);
    if (!reason) {
        return *application_id ? "" : AFP_SENTENCE_EVENT_ALONE;
    }
    return afp_text_shorten(pool, reason, 255);
}

static void look_at(deciding_t *deciding, afp_rows_t *rows)
{
    const char *former = afp_rows_text(rows, 5);
    const char *reason =
        decide(deciding->ignored, deciding->pool, afp_rows_text(rows, 1), afp_rows_text(rows, 2));

    deciding->looked_at++;
    deciding->place.received_at = afp_rows_number(rows, 4);
    apr_cpystrn(deciding->place.id, afp_rows_text(rows, 0), sizeof(deciding->place.id));
    if (strcmp(reason, former) != 0) {
        changed_t *changed = apr_array_push(deciding->changed);
        afp_follow_up_t *follow_up = &changed->follow_up;

        memset(changed, 0, sizeof(*changed));
        changed->former = apr_pstrdup(deciding->pool, former);
        changed->reason = reason;
        apr_cpystrn(follow_up->id, deciding->place.id, sizeof(follow_up->id));
        apr_cpystrn(follow_up->company_uuid, deciding->ignored->company_uuid,
                    sizeof(follow_up->company_uuid));
        apr_cpystrn(follow_up->kind, AFP_FOLLOW_UP_INVITE, sizeof(follow_up->kind));
        apr_cpystrn(follow_up->delivery_id, deciding->place.id, sizeof(follow_up->delivery_id));
        apr_cpystrn(follow_up->application_id, afp_rows_text(rows, 2),
                    sizeof(follow_up->application_id));
        apr_cpystrn(follow_up->job_id, afp_rows_text(rows, 3), sizeof(follow_up->job_id));
        follow_up->occurrence = 1;
    }
}

static apr_status_t read_some(afp_session_t *session, void *baton)
{
    deciding_t *deciding = baton;
    const afp_ignored_t *ignored = deciding->ignored;
    const char *at = afp_sql_number(session, deciding->from.received_at);
    const char *until = afp_sql_number(session, ignored->until);
    const char *one[] = {ignored->id, ignored->company_uuid};
    const char *all[] = {ignored->company_uuid, at, at, deciding->from.id, until};
    const char *of_application[] = {ignored->company_uuid, ignored->application_id};
    afp_rows_t *rows;
    apr_status_t rv;

    apr_array_clear(deciding->changed);
    deciding->done = 0;
    deciding->looked_at = 0;
    rv = *ignored->id ? afp_sql_select(session, &select_one, one, &rows)
         : *ignored->application_id
             ? afp_sql_select(session, &select_of_application, of_application, &rows)
             : afp_sql_select(session, &select_all, all, &rows);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        if (*ignored->id || afp_rows_number(rows, 4) <= ignored->until) {
            look_at(deciding, rows);
        }
    }
    return rv;
}

static apr_status_t change(afp_session_t *session, deciding_t *deciding, const changed_t *changed)
{
    afp_follow_up_t follow_up = changed->follow_up;
    const char *values[] = {changed->reason, follow_up.id, changed->former};
    const char *id[] = {follow_up.id};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &set_reason, values, &rows);

    if (rv != APR_SUCCESS || !rows || *changed->reason) {
        return rv;
    }
    deciding->triggers++;
    rv = afp_sql_execute(session, &delete_listed, id, NULL);
    return rv == APR_SUCCESS ? afp_follow_up_insert(session, &follow_up, afp_session_now(session))
                             : rv;
}

/* Only under the settings that it was decided by. */
static apr_status_t write_some(afp_session_t *session, void *baton)
{
    deciding_t *deciding = baton;
    const afp_ignored_t *ignored = deciding->ignored;
    afp_tenant_state_t state;
    apr_int64_t generation;
    int i;
    apr_status_t rv = afp_tenant_lock(session, ignored->company_uuid, &state, &generation);

    deciding->triggers = 0;
    if (rv == APR_SUCCESS && (generation != ignored->generation ||
                              (state != AFP_TENANT_CONNECTED && state != AFP_TENANT_PAUSED))) {
        return APR_NOTFOUND;
    }
    for (i = deciding->done;
         rv == APR_SUCCESS && i < deciding->changed->nelts && i < deciding->done + BATCH &&
         ignored->triggers + deciding->triggers < ignored->limit;
         i++) {
        rv = change(session, deciding, &APR_ARRAY_IDX(deciding->changed, i, changed_t));
    }
    return rv;
}

static apr_status_t decide_some(afp_session_t *session, deciding_t *deciding)
{
    afp_ignored_t *ignored = deciding->ignored;
    apr_status_t rv;

    apr_pool_clear(deciding->pool);
    deciding->changed = apr_array_make(deciding->pool, 16, sizeof(changed_t));
    deciding->from = deciding->place;
    rv = afp_session_read(session, read_some, deciding);
    while (rv == APR_SUCCESS && deciding->done < deciding->changed->nelts &&
           ignored->triggers < ignored->limit) {
        rv = afp_session_write(session, write_some, deciding);
        if (rv == APR_SUCCESS) {
            deciding->done += BATCH;
            ignored->triggers += deciding->triggers;
        }
    }
    if (rv == APR_SUCCESS) {
        ignored->looked_at += deciding->looked_at;
    }
    return rv;
}

apr_status_t afp_ignored_decide(afp_session_t *session, afp_ignored_t *ignored)
{
    apr_time_t started = apr_time_now();
    deciding_t deciding = {.ignored = ignored};
    apr_status_t rv = apr_pool_create(&deciding.pool, NULL);

    ignored->looked_at = 0;
    ignored->triggers = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    do {
        rv = decide_some(session, &deciding);
    } while (rv == APR_SUCCESS && !*ignored->id && !*ignored->application_id &&
             deciding.looked_at == LOOKED_AT && ignored->triggers < ignored->limit &&
             apr_time_now() - started < PATIENCE);
    apr_pool_destroy(deciding.pool);
    return rv;
}
