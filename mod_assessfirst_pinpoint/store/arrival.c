#include "store/arrival.h"

#include <apr_strings.h>

/* Along afp_delivery_tenant_received. */
static const afp_statement_t select_arrivals = {
    "select-arrivals",
    "SELECT event, MAX(received_at) FROM (SELECT event, received_at FROM afp_delivery"
    " WHERE company_uuid = %s ORDER BY received_at DESC LIMIT 50) latest"
    " GROUP BY event ORDER BY MAX(received_at) DESC"};

typedef struct {
    const char *company_uuid;
    apr_pool_t *pool;
    apr_array_header_t *arrivals;
} reading_t;

static apr_status_t read_arrivals(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_arrivals, values, &rows);

    apr_array_clear(reading->arrivals);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_arrival_t *arrival = apr_array_push(reading->arrivals);

        arrival->event = apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
        arrival->last_at = afp_rows_number(rows, 1);
    }
    return rv;
}

apr_status_t afp_arrival_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                              apr_array_header_t **arrivals)
{
    reading_t reading = {company_uuid, pool, apr_array_make(pool, 4, sizeof(afp_arrival_t))};

    *arrivals = reading.arrivals;
    return afp_session_read(session, read_arrivals, &reading);
}
