#ifndef AFP_WEB_REREAD_H
#define AFP_WEB_REREAD_H

#include "work/child.h"

/* The snapshot of the tenants may be a second old: reads one again before it is refused, at most as
 * often as afp_tenants_begin_reread says. 0 if what the snapshot says counts; -1 if the database
 * does not answer, or was never read and may not be asked so often. */
int afp_reread_tenant(afp_child_t *child, const afp_site_t *site, const char *company_uuid);

/* The same for the tenant whose API token has this hash. */
int afp_reread_token(afp_child_t *child, const afp_site_t *site, const char *api_token_hash);

#endif
