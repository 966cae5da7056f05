#include "web/reread.h"

#include "work/tenants.h"

#define REREAD_PATIENCE apr_time_from_sec(1)

int afp_reread_tenant(afp_child_t *child, const afp_site_t *site, const char *company_uuid)
{
    afp_session_t *session;
    apr_status_t rv = APR_TIMEUP;

    switch (afp_tenants_begin_reread(site->tenants, company_uuid, REREAD_PATIENCE)) {
    case AFP_REREAD_RECENT:
        return 0;
    case AFP_REREAD_FAILED:
        return -1;
    case AFP_REREAD_BEGUN:
        break;
    }
    session = afp_child_borrow_session(child, site, REREAD_PATIENCE);
    if (session != NULL) {
        rv = afp_tenants_reread(site->tenants, session, company_uuid);
        afp_child_return_session(child, session);
    }
    afp_tenants_end_reread(site->tenants, company_uuid, rv == APR_SUCCESS || rv == APR_NOTFOUND);
    return rv == APR_SUCCESS || rv == APR_NOTFOUND ? 0 : -1;
}
