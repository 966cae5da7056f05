#ifndef AFP_STORE_TENANT_PARTS_H
#define AFP_STORE_TENANT_PARTS_H

#include "store/tenant.h"

/* What the files about tenants share; nobody else includes it. All of it is for work functions that
 * hold the tenant's lock. */

/* By afp_tenant_state_t. */
extern const char *const afp_tenant_state_names[];

/* Adds to the audit trail what turned `former` into `present`, and settles the notes of the
 * secrets. */
apr_status_t afp_tenant_note_change(afp_session_t *session, const afp_tenant_t *former,
                                    const afp_tenant_t *present, int delete_fields,
                                    const char *who);

/* The tenant as it is. APR_NOTFOUND if there is none on this site. */
apr_status_t afp_tenant_read(afp_session_t *session, const afp_tenants_place_t *place,
                             const char *company_uuid, afp_tenant_t *tenant);
apr_status_t afp_tenant_read_of_company(afp_session_t *session, const afp_tenants_place_t *place,
                                        const char *company, afp_tenant_t *tenant);

/* Gives the tenant, which has none, its erasure key, with the generation that was raised before the
 * lock was taken. */
apr_status_t afp_tenant_make_erasure_key(afp_session_t *session, const afp_tenants_place_t *place,
                                         afp_tenant_t *tenant, apr_int64_t generation);

#endif
