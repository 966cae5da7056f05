#ifndef AFP_WEB_NOTICES_H
#define AFP_WEB_NOTICES_H

#include "store/tenant.h"
#include "web/config.h"

/* A tenant's notices (afp_tenant_notices), which nobody takes back: what still holds. */

/* Drops those that no longer hold: an event that is known by now, and refused signatures that are
 * older than the last authentic delivery or than the settings. */
void afp_notices_keep(apr_array_header_t *notices, const afp_site_t *site,
                      const afp_tenant_t *tenant, apr_time_t last_received_at, apr_pool_t *pool);

/* When a delivery was last refused because of its signature, if that still holds; or 0. */
apr_time_t afp_notices_refused_at(const apr_array_header_t *notices);

#endif
