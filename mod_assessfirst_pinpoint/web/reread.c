#include "web/reread.h"

#include "work/tenants.h"

#include <apr_strings.h>

#define REREAD_PATIENCE apr_time_from_sec(1)

typedef apr_status_t reread_t(afp_tenants_t *tenants, afp_session_t *session, const char *key);

/* `name` is what afp_tenants_begin_reread calls it. */
static int reread(afp_child_t *child, const afp_site_t *site, const char *name, reread_t *read,
                  const char *key)
{
    afp_session_t *session;
    apr_status_t rv = APR_TIMEUP;

    switch (afp_tenants_begin_reread(site->tenants, name, REREAD_PATIENCE)) {
    case AFP_REREAD_RECENT:
        return 0;
    case AFP_REREAD_FAILED:
        return -1;
    case AFP_REREAD_BEGUN:
        break;
    }
    session = afp_child_borrow_session(child, site, REREAD_PATIENCE);
    if (session != NULL) {
        rv = read(site->tenants, session, key);
        afp_child_return_session(child, session);
    }
    afp_tenants_end_reread(site->tenants, name, rv == APR_SUCCESS || rv == APR_NOTFOUND);
    return rv == APR_SUCCESS || rv == APR_NOTFOUND ? 0 : -1;
}

int afp_reread_tenant(afp_child_t *child, const afp_site_t *site, const char *company_uuid)
{
    return reread(child, site, company_uuid, afp_tenants_reread, company_uuid);
}

int afp_reread_token(afp_child_t *child, const afp_site_t *site, const char *api_token_hash)
{
    char name[AFP_ID_LENGTH + 1];

    apr_cpystrn(name, api_token_hash, sizeof(name));
    return reread(child, site, name, afp_tenants_reread_token, api_token_hash);
}
