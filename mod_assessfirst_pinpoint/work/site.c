#include "work/site.h"

const char *afp_site_token(const afp_site_t *site, const afp_tenant_t *tenant)
{
    return site->assessfirst_token ? site->assessfirst_token : tenant->assessfirst_token;
}

const char *afp_site_token_owner(const afp_site_t *site, const afp_tenant_t *tenant)
{
    return site->assessfirst_token ? site->name : tenant->company_uuid;
}
