#ifndef AFP_STORE_DAY_H
#define AFP_STORE_DAY_H

#include "store/session.h"

/* Counters of a tenant's invite follow-ups by day and result, so that a chart costs the same
 * whatever was sent. Days are those of UTC. */

#define AFP_DAYS 14

typedef struct {
    apr_time_t day; /* its beginning */
    int invited;
    int skipped;
    int uncertain;
    int dead;
} afp_day_t;

/* For work functions of store/, with the tenant's lock: one more follow-up ended with this
 * result. */
apr_status_t afp_day_raise(afp_session_t *session, const char *company_uuid, const char *result);

/* The latest days, today last. */
apr_status_t afp_day_read(afp_session_t *session, const char *company_uuid,
                          afp_day_t days[AFP_DAYS]);

#endif
