#include "store/retention.h"

#include "store/day.h"

#include <apr_tables.h>

#define ROWS_A_CALL 500

static const afp_statement_t select_guarding = {
    "select-guarding",
    "SELECT id FROM afp_delivery WHERE guards = 1 AND received_at < %s LIMIT 500"};

static const afp_statement_t stop_guarding = {
    "stop-guarding", "UPDATE afp_delivery SET digest = id, guards = 0 WHERE id = %s"};

static const afp_statement_t select_old_finished = {
    "select-old-finished", "SELECT id FROM afp_finished WHERE finished_at < %s LIMIT 500"};

static const afp_statement_t delete_finished = {"delete-old-finished",
                                                "DELETE FROM afp_finished WHERE id = %s"};

static const afp_statement_t select_old_deliveries = {
    "select-old-deliveries",
    "SELECT id FROM afp_delivery WHERE guards = 0 AND received_at < %s AND NOT EXISTS"
    " (SELECT 1 FROM afp_follow_up WHERE afp_follow_up.company_uuid = afp_delivery.company_uuid"
    " AND afp_follow_up.application_id = afp_delivery.application_id"
    " AND afp_follow_up.application_id <> '') LIMIT 500"};

static const afp_statement_t delete_delivery = {"delete-old-delivery",
                                                "DELETE FROM afp_delivery WHERE id = %s"};

static const afp_statement_t delete_ignored = {"delete-old-ignored",
                                               "DELETE FROM afp_ignored WHERE id = %s"};

static const afp_statement_t select_old_attempts = {
    "select-old-attempts", "SELECT company_uuid, application_id, follow_up_id, at FROM afp_attempt"
                           " WHERE at < %s LIMIT 500"};

static const afp_statement_t delete_attempt = {
    "delete-old-attempt", "DELETE FROM afp_attempt WHERE company_uuid = %s AND application_id = %s"
                          " AND follow_up_id = %s AND at = %s"};

static const afp_statement_t select_old_days = {
    "select-old-days", "SELECT company_uuid, day, result FROM afp_day WHERE day < %s LIMIT 500"};

static const afp_statement_t delete_day = {
    "delete-old-day", "DELETE FROM afp_day WHERE company_uuid = %s AND day = %s AND result = %s"};

/* The audit trail is kept for two years. */
#define AUDIT_AGE apr_time_from_sec((apr_int64_t)2 * 366 * 86400)

static const afp_statement_t select_old_audit = {
    "select-old-audit", "SELECT id FROM afp_audit WHERE at < %s LIMIT 500"};

static const afp_statement_t delete_audit = {"delete-old-audit",
                                             "DELETE FROM afp_audit WHERE id = %s"};

#define KEY_COLUMNS 4 /* at most */

typedef enum { AGE_DIGESTS, AGE_FINISHED, AGE_DAYS, AGE_AUDIT, AGES } age_t;

/* What is looked for, by the age after which it is too old, and what is done with each: the columns
 * that are found are the values of both changes. */
static const struct {
    age_t age;
    const afp_statement_t *select;
    int columns;
    const afp_statement_t *change;
    const afp_statement_t *change_too; /* or NULL */
} steps[] = {
    {AGE_DIGESTS, &select_guarding, 1, &stop_guarding, NULL},
    {AGE_FINISHED, &select_old_finished, 1, &delete_finished, NULL},
    {AGE_FINISHED, &select_old_deliveries, 1, &delete_delivery, &delete_ignored},
    {AGE_FINISHED, &select_old_attempts, 4, &delete_attempt, NULL},
    {AGE_DAYS, &select_old_days, 3, &delete_day, NULL},
    {AGE_AUDIT, &select_old_audit, 1, &delete_audit, NULL},
};

#define STEPS ((int)(sizeof(steps) / sizeof(steps[0])))

typedef struct {
    apr_interval_time_t ages[AGES];
    int more;
    int found;
    int write;
} retention_t;

static apr_status_t change(afp_session_t *session, int step, afp_rows_t *rows)
{
    const char *key[KEY_COLUMNS];
    apr_status_t rv;
    int i;

    for (i = 0; i < steps[step].columns; i++) {
        key[i] = afp_rows_text(rows, i);
    }
    rv = afp_sql_execute(session, steps[step].change, key, NULL);
    return rv == APR_SUCCESS && steps[step].change_too
               ? afp_sql_execute(session, steps[step].change_too, key, NULL)
               : rv;
}

static apr_status_t forget(afp_session_t *session, void *baton)
{
    retention_t *retention = baton;
    apr_status_t rv = APR_SUCCESS;
    int step;

    retention->more = 0;
    retention->found = 0;
    for (step = 0; step < STEPS && rv == APR_SUCCESS; step++) {
        const char *before[] = {
            afp_sql_number(session, afp_session_now(session) - retention->ages[steps[step].age])};
        afp_rows_t *rows;
        int count = 0;

        rv = afp_sql_select(session, steps[step].select, before, &rows);
        while (rv == APR_SUCCESS && afp_rows_next(rows)) {
            count++;
            if (retention->write) {
                rv = change(session, step, rows);
            }
        }
        retention->found += count;
        if (count == ROWS_A_CALL) {
            retention->more = 1;
        }
    }
    return rv;
}

apr_status_t afp_retention_run(afp_session_t *session, apr_interval_time_t digest_age,
                               apr_interval_time_t finished_age, int *more)
{
    retention_t retention = {
        {digest_age, finished_age, AFP_DAYS * apr_time_from_sec(86400), AUDIT_AGE}, 0, 0, 0};
    apr_status_t rv = afp_session_read(session, forget, &retention);

    if (rv == APR_SUCCESS && retention.found) {
        retention.write = 1;
        rv = afp_session_write(session, forget, &retention);
    }
    *more = retention.more;
    return rv;
}
