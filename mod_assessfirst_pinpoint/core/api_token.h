#ifndef AFP_CORE_API_TOKEN_H
#define AFP_CORE_API_TOKEN_H

#include <apr_pools.h>

/* Our API tokens: "afp_" (secret scanners recognise it) and 256 random bits in hexadecimal. Only
 * their SHA-256 is stored. Any thread. */

#define AFP_API_TOKEN_HASH 64 /* hexadecimal digits */

/* A new token in `pool`, and its hash. NULL if the system gives no randomness. */
const char *afp_api_token_make(apr_pool_t *pool, char hash[AFP_API_TOKEN_HASH + 1]);

typedef enum {
    AFP_BEARER_NONE, /* no credentials, or of another scheme */
    AFP_BEARER_BAD,  /* not the form of a token */
    AFP_BEARER_GOOD
} afp_bearer_t;

/* Reads the value of a header Authorization (RFC 6750 section 2.1; may be NULL): "Bearer", one or
 * more blanks, and a token whose hash is given if it has the form of one. Every token of that form
 * costs the same. */
afp_bearer_t afp_api_token_read(const char *authorization, char hash[AFP_API_TOKEN_HASH + 1]);

/* 1 if two hashes are equal, in constant time; 0 if `stored` is "" (the token was revoked). */
int afp_api_token_fits(const char *stored, const char hash[AFP_API_TOKEN_HASH + 1]);

#endif
