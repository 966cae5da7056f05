#include "core/results_token.h"

#include "core/text.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

#define PURPOSE   "results location"
#define MAC_BYTES (AFP_RESULTS_TOKEN_LENGTH / 2)

/* The `index`-th key's token. 0, or -1 if OpenSSL fails. */
static int derive(const afp_keyring_t *keyring, int index, const char *company_uuid,
                  char token[AFP_RESULTS_TOKEN_LENGTH + 1])
{
    unsigned char mac[MAC_BYTES];

    if (afp_keyring_mac(keyring, index, PURPOSE, company_uuid, mac) != 0) {
        return -1;
    }
    afp_text_hex(token, mac, sizeof(mac));
    return 0;
}

const char *afp_results_token_make(const afp_keyring_t *keyring, apr_pool_t *pool,
                                   const char *company_uuid)
{
    char token[AFP_RESULTS_TOKEN_LENGTH + 1];

    return derive(keyring, 0, company_uuid, token) == 0 ? apr_pstrdup(pool, token) : NULL;
}

int afp_results_token_is_good(const afp_keyring_t *keyring, const char *company_uuid,
                              const char *token)
{
    char given[AFP_RESULTS_TOKEN_LENGTH] = "";
    int found = 0;

    /* What is no token is compared as well: nothing equals an empty one. */
    if (afp_text_is_hex(token, sizeof(given))) {
        memcpy(given, token, sizeof(given));
    }
    for (int i = 0; i < afp_keyring_count(keyring); i++) {
        char expected[AFP_RESULTS_TOKEN_LENGTH + 1];

        if (derive(keyring, i, company_uuid, expected) == 0) {
            found |= CRYPTO_memcmp(expected, given, sizeof(given)) == 0;
        }
    }
    return found;
}
