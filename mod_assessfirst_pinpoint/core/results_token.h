#ifndef AFP_CORE_RESULTS_TOKEN_H
#define AFP_CORE_RESULTS_TOKEN_H

#include "core/seal.h"

/* The unguessable part of the address under which AssessFirst may tell that a tenant's candidates
 * moved on: the hex HMAC of the company_uuid under a key derived from the secret keys. It is stored
 * nowhere. */

#define AFP_RESULTS_TOKEN_LENGTH 64

/* The tenant's token of the first key; NULL if OpenSSL fails. */
const char *afp_results_token_make(const afp_keyring_t *keyring, apr_pool_t *pool,
                                   const char *company_uuid);

/* 1 if one of the listed keys made `token` for this tenant. Takes the same time whatever `token`
 * is, and the same for each company_uuid of equal length. */
int afp_results_token_is_good(const afp_keyring_t *keyring, const char *company_uuid,
                              const char *token);

#endif
