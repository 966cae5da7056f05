#ifndef AFP_STORE_SECRET_H
#define AFP_STORE_SECRET_H

#include "store/tenant.h"

/* What may be known of a tenant's secrets without knowing them: when each was set and by whom, when
 * it was last used, and a fingerprint by which two of them can be compared. */

typedef enum {
    AFP_SECRET_API_KEY,
    AFP_SECRET_SIGNING,
    AFP_SECRET_FORMER, /* the second signing secret */
    AFP_SECRET_ASSESSFIRST_TOKEN,
    AFP_SECRET_API_TOKEN, /* of the JSON API; only its hash is known */
    AFP_SECRETS
} afp_secret_t;

#define AFP_FINGERPRINT_LENGTH 8 /* hexadecimal digits of the secret's SHA-256 */

typedef struct {
    char fingerprint[AFP_FINGERPRINT_LENGTH + 1]; /* "" if no such secret is set */
    apr_time_t set_at;                            /* 0: before this was noted */
    char set_by[256];
    apr_time_t used_at; /* 0: never. A signing secret when it last matched, the others when their
                         * API last accepted them */
} afp_secret_note_t;

/* The notes of the secrets that stand in `tenant`. */
apr_status_t afp_secret_notes(afp_session_t *session, const afp_tenant_t *tenant,
                              afp_secret_note_t notes[AFP_SECRETS]);

/* For work functions of store/: notes which of the tenant's secrets are new, set by `who` now, and
 * forgets the notes of those that it has no more. A secret that only moved keeps its note. */
apr_status_t afp_secret_settle(afp_session_t *session, const afp_tenant_t *tenant, const char *who);

/* For work functions of store/: this secret was used `at`; never goes back. */
apr_status_t afp_secret_used(afp_session_t *session, const char *company_uuid, const char *secret,
                             apr_time_t at);

/* The API token of this hash was used now. */
apr_status_t afp_secret_token_used(afp_session_t *session, const char *company_uuid,
                                   const char *api_token_hash);

/* For work functions of store/: forgets all of them. */
apr_status_t afp_secret_forget(afp_session_t *session, const char *company_uuid);

#endif
