#ifndef AFP_WORK_TENANTS_H
#define AFP_WORK_TENANTS_H

#include "work/site.h"

/* A child's snapshot of one site's tenants: deliveries are verified without a database. All
 * functions may be called from any thread. */

/* How old a snapshot may be where the database answers; refreshes come once a second. */
#define AFP_TENANTS_AGE apr_time_from_sec(3)

/* Made in child_init; empty until the first refresh. Secrets in it are cleansed with the pool. */
afp_tenants_t *afp_tenants_make(apr_pool_t *pool, const afp_site_t *site);

/* Copies the tenant out. 1, or 0 if the snapshot does not know it. */
int afp_tenants_get(afp_tenants_t *tenants, const char *company_uuid, afp_tenant_t *tenant);

/* Finds the tenant whose API token has this hash (64 hexadecimal digits): 1 and its company_uuid,
 * or 0. Every tenant is compared, in constant time, whether it is found or not. */
int afp_tenants_find_token(afp_tenants_t *tenants, const char *api_token_hash,
                           char company_uuid[AFP_ID_LENGTH + 1]);

/* 1 if it is time to note again that the tenant's API token is used: once a minute and child. */
int afp_tenants_token_used(afp_tenants_t *tenants, const char *company_uuid, apr_time_t now);

/* Reads the generation and, if it was raised, what changed. Called about once a second. */
apr_status_t afp_tenants_refresh(afp_tenants_t *tenants, afp_session_t *session);

/* 1 once a refresh has succeeded: until then a tenant that is not in the snapshot may exist. */
int afp_tenants_are_loaded(afp_tenants_t *tenants);

typedef enum {
    AFP_REREAD_BEGUN,  /* read it again now, and tell how that went by afp_tenants_end_reread */
    AFP_REREAD_RECENT, /* what the snapshot says counts */
    AFP_REREAD_FAILED  /* what is true cannot be known now */
} afp_reread_t;

/* Whether this tenant is to be read again before a 401: at most once a second per company_uuid and
 * 20 a second per child. While another thread is at it, its end is awaited for at most `patience`.
 * Where an API token is all that is known, the first 32 digits of its hash stand for the
 * company_uuid. */
afp_reread_t afp_tenants_begin_reread(afp_tenants_t *tenants, const char *company_uuid,
                                      apr_interval_time_t patience);
void afp_tenants_end_reread(afp_tenants_t *tenants, const char *company_uuid, int succeeded);

/* 1 if what came to this tenant's results location may be followed: at most 10 times a second per
 * company_uuid and 50 a second per child. */
int afp_tenants_may_hint(afp_tenants_t *tenants, const char *company_uuid);

/* Reads one tenant again into the snapshot: APR_NOTFOUND if there is none. */
apr_status_t afp_tenants_reread(afp_tenants_t *tenants, afp_session_t *session,
                                const char *company_uuid);

/* The same for the tenant whose API token has this hash. */
apr_status_t afp_tenants_reread_token(afp_tenants_t *tenants, afp_session_t *session,
                                      const char *api_token_hash);

/* A request came that is authentic under this signing secret; written to the database by
 * afp_tenants_flush_received, unless the tenant was disconnected meanwhile. */
void afp_tenants_received(afp_tenants_t *tenants, const char *company_uuid, const char *secret,
                          apr_time_t at);

/* A delivery of a connected or paused tenant was refused because its signature fits none of its
 * secrets. Only noted here; afp_tenants_flush_received writes it, at most once a minute and child:
 * whoever knows a company_uuid may send as many as he likes. */
void afp_tenants_refused(afp_tenants_t *tenants, const char *company_uuid, apr_time_t at);

/* An application event came whose name (at most AFP_EVENT_NAME_LIMIT bytes) the module does not
 * know. Only noted here, as above, but a new name is written by the next flush. 1 if it is to be
 * told in the log: each name once a minute and child, and at most four of one tenant. */
int afp_tenants_unknown_event(afp_tenants_t *tenants, const char *company_uuid, const char *name,
                              apr_time_t at);

/* Writes what was noted by the three above. */
apr_status_t afp_tenants_flush_received(afp_tenants_t *tenants, afp_session_t *session);

/* Whether a tenant's backlog has room for one more delivery, by the last count and what this child
 * stored since. */
int afp_tenants_has_room(afp_tenants_t *tenants, const char *company_uuid);

/* Counts backlogs anew where something came since the last count, and that is older than a minute,
 * or older than 5 s and together with what came over half the limit. */
apr_status_t afp_tenants_count_backlogs(afp_tenants_t *tenants, afp_session_t *session);

#endif
