#ifndef AFP_STORE_ARRIVAL_H
#define AFP_STORE_ARRIVAL_H

#include "store/session.h"

#include <apr_tables.h>

/* Which events Pinpoint sends to a tenant: what its webhooks have ticked. */

#define AFP_ARRIVALS 50 /* deliveries that are looked at */

typedef struct {
    const char *event;  /* as it was sent */
    apr_time_t last_at; /* the latest delivery of it */
} afp_arrival_t;

/* The events among the tenant's latest AFP_ARRIVALS deliveries, each once, the latest first: array
 * of afp_arrival_t in `pool`. The cost does not grow with their number. */
apr_status_t afp_arrival_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                              apr_array_header_t **arrivals);

#endif
