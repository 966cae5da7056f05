#ifndef AFP_CORE_FORM_TOKEN_H
#define AFP_CORE_FORM_TOKEN_H

#include "core/seal.h"

#include <apr_time.h>

/* The CSRF token of the marketplace page's forms: "<hex seconds>.<hex HMAC>", an HMAC under a key
 * derived from the secret keys over user, company and time. It needs no memory, so any child of any
 * machine accepts it. */

#define AFP_FORM_TOKEN_HOURS 12

/* A token for now; NULL if OpenSSL fails. */
const char *afp_form_token_make(const afp_keyring_t *keyring, apr_pool_t *pool, const char *user,
                                const char *company, apr_time_t now);

typedef enum {
    AFP_FORM_TOKEN_GOOD,
    AFP_FORM_TOKEN_EXPIRED,
    AFP_FORM_TOKEN_BAD
} afp_form_token_state_t;

/* Checks `token` (may be NULL) against every listed key, in constant time. Up to 60 s from the
 * future are accepted (another machine's clock). */
afp_form_token_state_t afp_form_token_check(const afp_keyring_t *keyring, apr_pool_t *pool,
                                            const char *token, const char *user,
                                            const char *company, apr_time_t now);

#endif
