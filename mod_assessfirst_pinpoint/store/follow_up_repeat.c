#include "store/follow_up_parts.h"
#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

/* Repeating what ended without doing what it was for: one, or all that are dead. */

#define BATCH    200                  /* in one transaction: webhooks are stored in between */
#define PATIENCE apr_time_from_sec(5) /* somebody waits for the answer */

#define COLUMNS  "id, kind, delivery_id, application_id, job_id, occurrence, anyway"
#define FINISHED "SELECT " COLUMNS " FROM afp_finished WHERE company_uuid = %s"
#define DEAD                                                                                       \
    " AND result = 'dead' AND kind IN ('invite', 'write-back', 'read-results')"                    \
    " AND finished_at <= %s ORDER BY finished_at"

static const afp_statement_t select_one = {"select-to-repeat", FINISHED " AND id = %s"
                                                                        " AND result = %s"};

static const afp_statement_t select_dead = {"select-dead", FINISHED DEAD ", id LIMIT %s"};

/* An application has few rows, which are sorted: planners would take an index of all the tenant's
 * rows for their order. */
static const afp_statement_t select_dead_of_application = {
    "select-dead-of-application", FINISHED " AND application_id = %s" DEAD " + 0 LIMIT %s"};

static const afp_statement_t count_dead = {
    "count-dead", "SELECT COUNT(*) FROM (SELECT id FROM afp_finished WHERE company_uuid = %s" DEAD
                  ", id LIMIT %s) counted"};

static const afp_statement_t count_dead_of_application = {
    "count-dead-of-application",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_finished"
    " WHERE company_uuid = %s AND application_id = %s" DEAD " + 0 LIMIT %s) counted"};

static void take_row(afp_rows_t *rows, const char *company_uuid, afp_follow_up_t *follow_up)
{
    memset(follow_up, 0, sizeof(*follow_up));
    apr_cpystrn(follow_up->company_uuid, company_uuid, sizeof(follow_up->company_uuid));
    apr_cpystrn(follow_up->id, afp_rows_text(rows, 0), sizeof(follow_up->id));
    apr_cpystrn(follow_up->kind, afp_rows_text(rows, 1), sizeof(follow_up->kind));
    apr_cpystrn(follow_up->delivery_id, afp_rows_text(rows, 2), sizeof(follow_up->delivery_id));
    apr_cpystrn(follow_up->application_id, afp_rows_text(rows, 3),
                sizeof(follow_up->application_id));
    apr_cpystrn(follow_up->job_id, afp_rows_text(rows, 4), sizeof(follow_up->job_id));
    follow_up->occurrence = (int)afp_rows_number(rows, 5);
    follow_up->anyway = (int)afp_rows_number(rows, 6);
}

/* APR_NOTFOUND if the tenant does not exist or has no work done any more. */
static apr_status_t lock_working_tenant(afp_session_t *session, const char *company_uuid)
{
    afp_tenant_state_t state;
    apr_status_t rv = afp_tenant_lock(session, company_uuid, &state, NULL);

    return rv == APR_SUCCESS && state != AFP_TENANT_CONNECTED && state != AFP_TENANT_PAUSED
               ? APR_NOTFOUND
               : rv;
}

/* An invitation is repeated under its own occurrence, which cannot be sent twice however often it
 * is repeated. A later one than the first is taken up where the latest invitation stands, and only
 * while that has not gone out: otherwise *superseded is 1. */
static apr_status_t find_occurrence(afp_session_t *session, afp_follow_up_t *follow_up,
                                    int *superseded)
{
    afp_invitation_t latest;
    apr_status_t rv;

    *superseded = 0;
    if (follow_up->occurrence <= 1) {
        follow_up->occurrence = 1;
        return APR_SUCCESS;
    }
    rv = afp_invitation_latest_in_transaction(session, follow_up->company_uuid,
                                              follow_up->application_id, &latest);
    if (rv == APR_SUCCESS && latest.occurrence >= follow_up->occurrence) {
        follow_up->occurrence = latest.occurrence;
        *superseded = strcmp(latest.state, AFP_INVITATION_PLANNED) != 0 &&
                      strcmp(latest.state, AFP_INVITATION_REFUSED) != 0;
    }
    return rv;
}

/* Adds a follow-up like the finished one, whose id `follow_up` has at first. */
static apr_status_t repeat_row(afp_session_t *session, afp_follow_up_t *follow_up, int *superseded)
{
    apr_time_t now = afp_session_now(session);
    char finished_id[AFP_ID_LENGTH + 1];
    apr_status_t rv = APR_SUCCESS;

    apr_cpystrn(finished_id, follow_up->id, sizeof(finished_id));
    *superseded = 0;
    if (!strcmp(follow_up->kind, AFP_FOLLOW_UP_INVITE)) {
        rv = find_occurrence(session, follow_up, superseded);
        if (rv == APR_SUCCESS && !*superseded) {
            rv = afp_follow_up_insert(session, follow_up, now);
        }
    } else {
        rv = afp_follow_up_add_wanted(session, follow_up, now,
                                      strcmp(follow_up->kind, AFP_FOLLOW_UP_READ_RESULTS) != 0
                                          ? AFP_PRIORITY_WORK
                                          : AFP_PRIORITY_HINTED);
    }
    return rv == APR_SUCCESS
               ? afp_follow_up_set_repeated(session, follow_up->company_uuid, finished_id)
               : rv;
}

/* ---- one ---- */

typedef struct {
    const char *company_uuid;
    const char *id;
    const char *result;
    int anyway;
    afp_follow_up_t *follow_up;
} one_t;

static apr_status_t repeat_one(afp_session_t *session, void *baton)
{
    one_t *one = baton;
    const char *values[] = {one->company_uuid, one->id, one->result};
    int found = 0;
    int superseded = 0;
    afp_rows_t *rows;
    apr_status_t rv = lock_working_tenant(session, one->company_uuid);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_one, values, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        take_row(rows, one->company_uuid, one->follow_up);
        found = 1;
    }
    if (rv == APR_SUCCESS && !(found && *one->follow_up->application_id)) {
        return APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        one->follow_up->anyway |= one->anyway;
        rv = repeat_row(session, one->follow_up, &superseded);
    }
    return rv == APR_SUCCESS && superseded ? APR_NOTFOUND : rv;
}

apr_status_t afp_follow_up_repeat(afp_session_t *session, const char *company_uuid, const char *id,
                                  const char *result, int anyway, afp_follow_up_t *follow_up)
{
    one_t one = {company_uuid, id, result, anyway, follow_up};

    return afp_session_write(session, repeat_one, &one);
}

/* ---- all that are dead ---- */

static apr_status_t count_all(afp_session_t *session, void *baton)
{
    afp_repeat_t *repeat = baton;
    apr_time_t now = afp_session_now(session);
    const char *until = afp_sql_number(session, now);
    const char *limit = afp_sql_number(session, repeat->limit);
    const char *all[] = {repeat->company_uuid, until, limit};
    const char *of_application[] = {repeat->company_uuid, repeat->application_id, until, limit};
    afp_rows_t *rows;
    apr_status_t rv = *repeat->application_id ? afp_sql_select(session, &count_dead_of_application,
                                                               of_application, &rows)
                                              : afp_sql_select(session, &count_dead, all, &rows);

    repeat->until = now;
    repeat->count = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        repeat->count = (int)afp_rows_number(rows, 0);
    }
    return rv;
}

apr_status_t afp_follow_up_count_dead(afp_session_t *session, afp_repeat_t *repeat)
{
    return afp_session_read(session, count_all, repeat);
}

typedef struct {
    const afp_repeat_t *repeat;
    int limit;    /* of this batch */
    int found;    /* out */
    int repeated; /* out */
} batch_t;

static apr_status_t select_batch(afp_session_t *session, const batch_t *batch, afp_rows_t **rows)
{
    const afp_repeat_t *repeat = batch->repeat;
    const char *until = afp_sql_number(session, repeat->until);
    const char *limit = afp_sql_number(session, batch->limit);
    const char *all[] = {repeat->company_uuid, until, limit};
    const char *of_application[] = {repeat->company_uuid, repeat->application_id, until, limit};

    return *repeat->application_id
               ? afp_sql_select(session, &select_dead_of_application, of_application, rows)
               : afp_sql_select(session, &select_dead, all, rows);
}

/* What another invitation has taken the place of is repeated as well. */
static apr_status_t repeat_batch(afp_session_t *session, void *baton)
{
    batch_t *batch = baton;
    afp_rows_t *rows;
    apr_status_t rv = lock_working_tenant(session, batch->repeat->company_uuid);

    batch->found = 0;
    batch->repeated = 0;
    if (rv == APR_SUCCESS) {
        rv = select_batch(session, batch, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_follow_up_t follow_up;
        int superseded = 0;

        take_row(rows, batch->repeat->company_uuid, &follow_up);
        rv = repeat_row(session, &follow_up, &superseded);
        batch->found++;
        batch->repeated += !superseded;
    }
    return rv;
}

apr_status_t afp_follow_up_repeat_dead(afp_session_t *session, afp_repeat_t *repeat)
{
    apr_time_t started = apr_time_now();
    batch_t batch = {.repeat = repeat};
    int left = repeat->limit;
    apr_status_t rv;

    repeat->count = 0;
    do {
        batch.limit = left < BATCH ? left : BATCH;
        rv = afp_session_write(session, repeat_batch, &batch);
        if (rv == APR_SUCCESS) {
            repeat->count += batch.repeated;
            left -= batch.found;
        }
    } while (rv == APR_SUCCESS && left > 0 && batch.found == batch.limit &&
             apr_time_now() - started < PATIENCE);
    return rv;
}
