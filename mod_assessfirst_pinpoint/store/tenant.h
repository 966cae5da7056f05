#ifndef AFP_STORE_TENANT_H
#define AFP_STORE_TENANT_H

#include "core/id.h"
#include "core/seal.h"
#include "core/settings.h"
#include "store/session.h"

/* Tenants: one company's connection on one site. Secrets are sealed in the database and open in
 * these structures, which are of fixed size so that a snapshot can hold copies. */

typedef enum {
    AFP_TENANT_CREATED, /* has an API token and a company_uuid, no settings yet */
    AFP_TENANT_CONNECTED,
    AFP_TENANT_PAUSED,      /* deliveries are stored, follow-ups wait */
    AFP_TENANT_DISCONNECTED /* deliveries are refused */
} afp_tenant_state_t;

typedef struct {
    char company_uuid[AFP_ID_LENGTH + 1];
    char site[256];
    char company[256];
    afp_tenant_state_t state;
    char subdomain[AFP_SUBDOMAIN_LIMIT + 1];
    char api_key[AFP_SECRET_LIMIT + 1];
    char signing_secret[AFP_SECRET_LIMIT + 1];
    char former_secret[AFP_SECRET_LIMIT + 1]; /* a second signing secret, also accepted; or "" */
    apr_time_t former_until;                  /* how long; 0: until it is removed */
    char status[AFP_STATUS_LIMIT + 1];
    char assessfirst_token[AFP_SECRET_LIMIT + 1];
    char locale[17];                     /* of invitations when the application says nothing */
    unsigned int choices;                /* what is written to profiles: core/profile.h */
    char api_token_hash[65];             /* "" if it was revoked */
    char erasure_key[AFP_ID_LENGTH + 1]; /* of core/tombstone.h; "" if nobody was erased */
    apr_int64_t generation;              /* the counter's value at the last change */
    apr_time_t created_at;
    apr_time_t updated_at;
    int unreadable;       /* a secret could not be opened: its key is missing
                           * from PinpointSecretKeys */
    int erasure_key_lost; /* likewise the erasure key, which is "" then */
} afp_tenant_t;

/* "created", "connected", "paused", "disconnected". */
const char *afp_tenant_state_name(afp_tenant_state_t state);

/* Logs as an error what of the tenant could not be opened, if anything. Reading it does not: it is
 * read again and again, and whoever keeps it knows whether that is news. */
void afp_tenant_log_unreadable(const afp_tenant_t *tenant, const afp_logger_t *logger);

/* Where tenants are read from and written to. Read-only; any thread with its own session. */
typedef struct {
    const char *site;
    const afp_keyring_t *keyring;
} afp_tenants_place_t;

/* Finds one tenant. APR_NOTFOUND if there is none on this site. */
apr_status_t afp_tenant_by_uuid(afp_session_t *session, const afp_tenants_place_t *place,
                                const char *company_uuid, afp_tenant_t *tenant);
apr_status_t afp_tenant_by_company(afp_session_t *session, const afp_tenants_place_t *place,
                                   const char *company, afp_tenant_t *tenant);
apr_status_t afp_tenant_by_api_token(afp_session_t *session, const afp_tenants_place_t *place,
                                     const char *api_token_hash, afp_tenant_t *tenant);

/* Receives each tenant that afp_tenant_changes finds; `tenant` is borrowed. */
typedef void afp_tenant_seen_t(void *baton, const afp_tenant_t *tenant);

/* The generation counter. */
apr_status_t afp_tenant_generation(afp_session_t *session, apr_int64_t *generation);

/* Hands over every tenant of the site that changed after generation `since`. May hand a tenant
 * over twice if the database failed in between. */
apr_status_t afp_tenant_changes(afp_session_t *session, const afp_tenants_place_t *place,
                                apr_int64_t since, afp_tenant_seen_t *seen, void *baton);

/* Whoever changes a tenant is named: `who` is at most AFP_AUDIT_LIMIT bytes of UTF-8. What the
 * change did is added to the audit trail (store/audit.h) in the same transaction, and the notes of
 * the secrets follow (store/secret.h). */

/* Creates the tenant of (site, company) with the company_uuid and API token hash in `tenant`, or,
 * if the company already has one, gives that one a new API token hash. *tenant becomes what is
 * stored. A new one has everything written to its profiles. APR_NOTFOUND, and nothing changed, if
 * the hash that is to be replaced is not `former_hash` ("" = there is none) any more: nobody's
 * token stops working unasked. */
apr_status_t afp_tenant_create(afp_session_t *session, const afp_tenants_place_t *place,
                               afp_tenant_t *tenant, const char *former_hash, const char *who);

/* Takes the API token away: there is none until another one is generated. *tenant becomes what is
 * stored. APR_NOTFOUND if there is no such tenant on this site, or its token is another one than
 * the tenant's that was read. */
apr_status_t afp_tenant_revoke_token(afp_session_t *session, const afp_tenants_place_t *place,
                                     afp_tenant_t *tenant, const char *who);

/* Stores the settings and the state of an existing tenant and raises the generation, in one
 * transaction; when it is connected, clears its parking, since its credentials may be new, releases
 * held follow-ups (very many by and by: afp_follow_up_release_more), and has its connections
 * checked and its models synchronised at once. APR_NOTFOUND if it vanished, or changed since it was
 * read: a pause or a disconnection is not undone by what was entered before it. */
apr_status_t afp_tenant_save(afp_session_t *session, const afp_tenants_place_t *place,
                             afp_tenant_t *tenant, const char *who);

/* Disconnects: erases the tenant's secrets and stores it like afp_tenant_save, with the same
 * results. With `delete_fields` the fields that we made in its Pinpoint are deleted by a
 * delete-fields follow-up, which this adds in the same transaction: the API key, still sealed, is
 * kept for it and erased when it ends, however that is, or replaced when the company connects
 * again, which calls the deletion off. *tenant becomes what is stored. */
apr_status_t afp_tenant_disconnect(afp_session_t *session, const afp_tenants_place_t *place,
                                   afp_tenant_t *tenant, int delete_fields, const char *who);

/* A signing secret that matched. */
typedef struct {
    char secret[AFP_SECRET_LIMIT + 1];
    apr_time_t at; /* 0: it did not match */
} afp_matched_t;

/* When the last authentic request came, and under which of the signing secrets: written by the
 * inbox, at most once a second per tenant. `matched` may be NULL. A tenant that is disconnected
 * forgets it, and what is told too late changes nothing. */
apr_status_t afp_tenant_received(afp_session_t *session, const char *company_uuid,
                                 apr_time_t received_at,
                                 const afp_matched_t matched[AFP_SIGNATURE_SECRETS]);
apr_status_t afp_tenant_last_received(afp_session_t *session, const char *company_uuid,
                                      apr_time_t *received_at);

/* Codes of notices. Words: the event's name; none. */
#define AFP_NOTICE_UNKNOWN_EVENT "unknown-event"
#define AFP_NOTICE_SIGNATURE     "signature" /* a delivery's signature fitted no secret */

/* Raises a notice on the tenant's page, or renews its words and time unless what is stored is
 * newer: another child may have been first. APR_NOTFOUND if there is no such tenant. */
apr_status_t afp_tenant_notice(afp_session_t *session, const char *company_uuid, const char *code,
                               const char *words, apr_time_t at);

typedef struct {
    const char *code;
    const char *words;
    apr_time_t first_at;
    apr_time_t last_at;
} afp_notice_t;

/* The tenant's notices, latest first, at most 20: array of afp_notice_t in `pool`. */
apr_status_t afp_tenant_notices(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **notices);

/* Takes the row lock that claims and settings share; for work functions of store/ only. Changes
 * nothing else. *state and *generation (may be NULL) are the tenant's. APR_NOTFOUND if it does not
 * exist. */
apr_status_t afp_tenant_lock(afp_session_t *session, const char *company_uuid,
                             afp_tenant_state_t *state, apr_int64_t *generation);

/* For work functions of store/ only: raises the counter, whose row lock orders all changes of
 * settings, before the tenant's lock is taken; *generation is its new value. */
apr_status_t afp_tenant_next_generation(afp_session_t *session, apr_int64_t *generation);

/* For work functions of store/ only, with the tenant's lock: nothing was received. */
apr_status_t afp_tenant_forget_received(afp_session_t *session, const char *company_uuid);

/* For work functions of store/ only: forgets the API key of a tenant that is not connected. With
 * the tenant's lock, and with the generation that was raised before it. */
apr_status_t afp_tenant_erase_api_key(afp_session_t *session, const char *company_uuid,
                                      apr_int64_t generation);

#endif
