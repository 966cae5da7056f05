#include "store/day.h"

#include <string.h>

#define DAY apr_time_from_sec(86400)

static const afp_statement_t raise_day = {"raise-day",
                                          "UPDATE afp_day SET number = number + 1"
                                          " WHERE company_uuid = %s AND day = %s AND result = %s"};

static const afp_statement_t insert_day = {
    "insert-day", "INSERT INTO afp_day (company_uuid, day, result, number) VALUES (%s, %s, %s, 1)"};

static const afp_statement_t select_days = {
    "select-days", "SELECT day, result, number FROM afp_day WHERE company_uuid = %s AND day >= %s"};

static apr_time_t today(afp_session_t *session)
{
    apr_time_t now = afp_session_now(session);

    return now - now % DAY;
}

apr_status_t afp_day_raise(afp_session_t *session, const char *company_uuid, const char *result)
{
    const char *values[] = {company_uuid, afp_sql_number(session, today(session)), result};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &raise_day, values, &rows);

    return rv == APR_SUCCESS && !rows ? afp_sql_execute(session, &insert_day, values, NULL) : rv;
}

typedef struct {
    const char *company_uuid;
    afp_day_t *days;
} days_t;

/* Where a result is counted; NULL for one that is not shown. */
static int *counter(afp_day_t *day, const char *result)
{
    return !strcmp(result, "invited")     ? &day->invited
           : !strcmp(result, "skipped")   ? &day->skipped
           : !strcmp(result, "uncertain") ? &day->uncertain
           : !strcmp(result, "dead")      ? &day->dead
                                          : NULL;
}

static apr_status_t read_days(afp_session_t *session, void *baton)
{
    days_t *wanted = baton;
    apr_time_t first = today(session) - (AFP_DAYS - 1) * DAY;
    const char *values[] = {wanted->company_uuid, afp_sql_number(session, first)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_days, values, &rows);
    int i;

    memset(wanted->days, 0, sizeof(*wanted->days) * AFP_DAYS);
    for (i = 0; i < AFP_DAYS; i++) {
        wanted->days[i].day = first + i * DAY;
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_int64_t index = (afp_rows_number(rows, 0) - first) / DAY;
        int *number =
            index < AFP_DAYS ? counter(&wanted->days[index], afp_rows_text(rows, 1)) : NULL;

        if (number) {
            *number = (int)afp_rows_number(rows, 2);
        }
    }
    return rv;
}

apr_status_t afp_day_read(afp_session_t *session, const char *company_uuid,
                          afp_day_t days[AFP_DAYS])
{
    days_t wanted = {company_uuid, days};

    return afp_session_read(session, read_days, &wanted);
}
