#include "core/api_token.h"

#include "core/id.h"
#include "core/signature.h"
#include "core/text.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

#define PREFIX "afp_"
#define SCHEME "Bearer"
#define DIGITS (2 * AFP_ID_LENGTH)

const char *afp_api_token_make(apr_pool_t *pool, char hash[AFP_API_TOKEN_HASH + 1])
{
    afp_id_t halves[2];
    const char *token;

    if (afp_id_random(&halves[0]) != APR_SUCCESS || afp_id_random(&halves[1]) != APR_SUCCESS) {
        return NULL;
    }
    token = apr_pstrcat(pool, PREFIX, halves[0].text, halves[1].text, NULL);
    return afp_signature_digest(token, strlen(token), hash) == 0 ? token : NULL;
}

afp_bearer_t afp_api_token_read(const char *authorization, char hash[AFP_API_TOKEN_HASH + 1])
{
    const char *token;

    if (authorization == NULL || strncasecmp(authorization, SCHEME, sizeof(SCHEME) - 1) != 0 ||
        authorization[sizeof(SCHEME) - 1] != ' ') {
        return AFP_BEARER_NONE;
    }
    token = authorization + sizeof(SCHEME) - 1;
    token += strspn(token, " ");
    if (strncmp(token, PREFIX, sizeof(PREFIX) - 1) != 0 ||
        !afp_text_is_hex(token + sizeof(PREFIX) - 1, DIGITS) ||
        afp_signature_digest(token, strlen(token), hash) != 0) {
        return AFP_BEARER_BAD;
    }
    return AFP_BEARER_GOOD;
}

int afp_api_token_fits(const char *stored, const char hash[AFP_API_TOKEN_HASH + 1])
{
    return strlen(stored) == AFP_API_TOKEN_HASH &&
           CRYPTO_memcmp(stored, hash, AFP_API_TOKEN_HASH) == 0;
}
