#ifndef AFP_STORE_ERASE_H
#define AFP_STORE_ERASE_H

#include "core/tombstone.h"
#include "store/tenant.h"

#include <apr_tables.h>

/* Erasing a candidate's data: all that is held of his applications goes, follow-ups that run
 * included, whose ends then change nothing. A tombstone (core/tombstone.h) stays for each, so that
 * neither a webhook that comes again nor a later event brings anything back, and nobody is invited
 * once more. Of a delivery nothing stays but its event, its time and, while it guards against
 * repeats, its digest. */

#define AFP_ERASE_LIMIT 1000 /* applications in one call */

/* The applications of which something is held and that are erased together: the one that is named,
 * and those whose invitations bear the same candidate's id of AssessFirst. Either id may be "", not
 * both; the caller has seen to it that they have at most 20 digits and 64 bytes. Array of const
 * char * in `pool`, AFP_ERASE_LIMIT at most. */
apr_status_t afp_erase_find(afp_session_t *session, const char *company_uuid,
                            const char *application_id, const char *candidate_id, apr_pool_t *pool,
                            apr_array_header_t **application_ids);

typedef struct {
    const char *company_uuid;
    const char *application_id; /* of Pinpoint, or "" */
    const char *candidate_id;   /* of AssessFirst, or "" */
    const char *who;            /* for the audit trail */
    int applications;           /* out: of which something was held. 0: of the one that is named
                                 * nothing was, but it has its tombstone now */
} afp_erasure_t;

/* Makes what tombstones are made with, unless the tenant has it. Until the other children and
 * machines have read the tenant once more, they store what they are sent as if nobody's data had
 * been erased: who erases for the first time waits for them in between. APR_NOTFOUND if there is no
 * such tenant on this site, APR_EACCES if the tenant has it but it cannot be opened. */
apr_status_t afp_erase_prepare(afp_session_t *session, const afp_tenants_place_t *place,
                               const char *company_uuid);

/* Erases what afp_erase_find finds, and whatever is stored of the named application, in one
 * transaction. APR_NOTFOUND, and nothing changed, if there is no such tenant on this site or no
 * invitation bears the candidate's id; APR_EACCES as above. */
apr_status_t afp_erase(afp_session_t *session, const afp_tenants_place_t *place,
                       afp_erasure_t *erasure);

/* 1 in *erased if the tenant has erased this application's data. APR_EACCES if that cannot be told,
 * because the key of the tombstones cannot be opened. */
apr_status_t afp_erase_is_done(afp_session_t *session, const afp_tenant_t *tenant,
                               const char *application_id, int *erased);

/* For work functions of store/: 1 in *erased if the tombstone is there. */
apr_status_t afp_erase_find_tombstone(afp_session_t *session, const char *company_uuid,
                                      const char *tombstone, int *erased);

/* For work functions of store/ that hold the tenant's lock: all that is held of an application
 * goes, but its tombstone. */
apr_status_t afp_erase_application(afp_session_t *session, const char *company_uuid,
                                   const char *application_id);

#endif
