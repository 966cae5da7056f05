#include "web/reread.h"

#include "work/tenants.h"

#define PATIENCE apr_time_from_sec(1)

int afp_reread_tenant(afp_child_t *child, const afp_site_t *site, const char *company_uuid)
{
    afp_session_t *session;
    apr_status_t rv;

    if (!afp_tenants_may_reread(site->tenants, company_uuid)) {
        return afp_tenants_are_loaded(site->tenants) ? 0 : -1;
    }
    session = afp_child_borrow_session(child, site, PATIENCE);
    if (!session) {
        return -1;
    }
    rv = afp_tenants_reread(site->tenants, session, company_uuid);
    afp_child_return_session(child, session);
    return rv == APR_SUCCESS || rv == APR_NOTFOUND ? 0 : -1;
}
