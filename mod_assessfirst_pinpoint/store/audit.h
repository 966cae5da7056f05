#ifndef AFP_STORE_AUDIT_H
#define AFP_STORE_AUDIT_H

#include "core/id.h"
#include "store/session.h"

#include <apr_tables.h>

/* The audit trail: who did what to a tenant, written in the transaction that does it. Rows are only
 * ever added, and kept for two years. */

#define AFP_AUDIT_LIMIT 255 /* bytes of UTF-8: `who`, `former`, `present` */

/* Actions, as they are stored. These are about the setting that `what` names: of a secret only that
 * it was set, replaced or removed; of others `former` and `present`. */
#define AFP_AUDIT_CHANGED  "changed"
#define AFP_AUDIT_SET      "set"
#define AFP_AUDIT_REPLACED "replaced"
#define AFP_AUDIT_REMOVED  "removed"

/* The connection; *disconnected* with "fields" as `what` if they are deleted too. */
#define AFP_AUDIT_CONNECTED    "connected"
#define AFP_AUDIT_PAUSED       "paused"
#define AFP_AUDIT_RESUMED      "resumed"
#define AFP_AUDIT_DISCONNECTED "disconnected"
#define AFP_AUDIT_TESTED       "tested"

/* API tokens. */
#define AFP_AUDIT_TOKEN         "token" /* one was generated */
#define AFP_AUDIT_TOKEN_REVOKED "token-revoked"

/* What is done to many at once: `present` is their number. Of an erasure `what` is application or
 * candidate, and nothing tells whose data it was. */
#define AFP_AUDIT_RETRIED "retried" /* follow-ups that failed */
#define AFP_AUDIT_DECIDED "decided" /* ignored deliveries */
#define AFP_AUDIT_ERASED  "erased"

/* What is done for one application, which the trail does not name: `present` is 1. */
#define AFP_AUDIT_INVITED_ANYWAY "invited-anyway"
#define AFP_AUDIT_SENT_AGAIN     "sent-again"

/* `who`, where a program did it with the API token; behind it stands the token's fingerprint. */
#define AFP_AUDIT_API_TOKEN "API token "

typedef struct {
    const char *action;
    const char *what;    /* "" or a word of ours, at most 32 bytes */
    const char *former;  /* "" or what it was */
    const char *present; /* "" or what it is */
} afp_deed_t;

/* For work functions of store/, once in a transaction that is not repeated after its commit. */
apr_status_t afp_audit_add(afp_session_t *session, const char *company_uuid, const char *who,
                           const afp_deed_t *deed);

/* The same with an id that was made before the transaction (core/id.h, ordered): a repeated
 * transaction writes the row once. */
apr_status_t afp_audit_add_as(afp_session_t *session, const char *company_uuid, const char *id,
                              const char *who, const afp_deed_t *deed);

/* What is nothing but an entry of the trail: a transaction of its own. */
apr_status_t afp_audit_note(afp_session_t *session, const char *company_uuid, const char *who,
                            const afp_deed_t *deed);

typedef struct {
    const char *id;
    apr_time_t at;
    const char *who;
    afp_deed_t deed;
} afp_audit_entry_t;

/* The `limit` entries before the one with the id `before` ("": the newest ones), newest first:
 * array of afp_audit_entry_t in `pool`. The cost does not grow with their number. */
apr_status_t afp_audit_list(afp_session_t *session, const char *company_uuid, const char *before,
                            int limit, apr_pool_t *pool, apr_array_header_t **entries);

#endif
