#include "store/retention.h"

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

/* The audit trail is kept for two years. */
#define AUDIT_AGE apr_time_from_sec((apr_int64_t)2 * 366 * 86400)

static const afp_statement_t select_old_audit = {
    "select-old-audit", "SELECT id FROM afp_audit WHERE at < %s LIMIT 500"};

static const afp_statement_t delete_audit = {"delete-old-audit",
                                             "DELETE FROM afp_audit WHERE id = %s"};

static const struct {
    const afp_statement_t *select;
    const afp_statement_t *change;
} steps[] = {
    {&select_guarding, &stop_guarding},
    {&select_old_finished, &delete_finished},
    {&select_old_deliveries, &delete_delivery},
    {&select_old_audit, &delete_audit},
};

#define STEPS 4

typedef struct {
    apr_interval_time_t ages[STEPS];
    int more;
    int found;
    int write;
} retention_t;

static apr_status_t forget(afp_session_t *session, void *baton)
{
    retention_t *retention = baton;
    apr_status_t rv = APR_SUCCESS;
    int step;

    retention->more = 0;
    retention->found = 0;
    for (step = 0; step < STEPS && rv == APR_SUCCESS; step++) {
        const char *before[] = {
            afp_sql_number(session, afp_session_now(session) - retention->ages[step])};
        afp_rows_t *rows;
        int count = 0;

        rv = afp_sql_select(session, steps[step].select, before, &rows);
        while (rv == APR_SUCCESS && afp_rows_next(rows)) {
            const char *id[] = {afp_rows_text(rows, 0)};

            count++;
            if (retention->write) {
                rv = afp_sql_execute(session, steps[step].change, id, NULL);
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
    retention_t retention = {{digest_age, finished_age, finished_age, AUDIT_AGE}, 0, 0, 0};
    apr_status_t rv = afp_session_read(session, forget, &retention);

    if (rv == APR_SUCCESS && retention.found) {
        retention.write = 1;
        rv = afp_session_write(session, forget, &retention);
    }
    *more = retention.more;
    return rv;
}
