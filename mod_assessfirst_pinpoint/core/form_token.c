#include "core/form_token.h"

#include "core/text.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

#define PURPOSE                 "form token"
#define MAC_BYTES               32
#define SECONDS_DIGITS          15
#define CLOCK_TOLERANCE_SECONDS 60

/* The lengths keep "a" + "bc" and "ab" + "c" apart. */
static const char *signed_text(apr_pool_t *pool, const char *user, const char *company,
                               const char *seconds)
{
    return apr_psprintf(pool, "%" APR_SIZE_T_FMT ":%s%" APR_SIZE_T_FMT ":%s%s", strlen(user), user,
                        strlen(company), company, seconds);
}

const char *afp_form_token_make(const afp_keyring_t *keyring, apr_pool_t *pool, const char *user,
                                const char *company, apr_time_t now)
{
    const char *seconds =
        apr_psprintf(pool, "%" APR_UINT64_T_HEX_FMT, (apr_uint64_t)apr_time_sec(now));
    unsigned char mac[MAC_BYTES];
    char hex[2 * MAC_BYTES + 1];

    if (afp_keyring_mac(keyring, 0, PURPOSE, signed_text(pool, user, company, seconds), mac) != 0) {
        return NULL;
    }
    afp_text_hex(hex, mac, sizeof(mac));
    return apr_pstrcat(pool, seconds, ".", hex, NULL);
}

/* 1 if one of the keys made the token. All keys are tried, whichever fits. */
static int is_ours(const afp_keyring_t *keyring, const char *text, const char *hex)
{
    int found = 0;

    for (int i = 0; i < afp_keyring_count(keyring); i++) {
        unsigned char mac[MAC_BYTES];
        char expected[2 * MAC_BYTES + 1];

        if (afp_keyring_mac(keyring, i, PURPOSE, text, mac) == 0) {
            afp_text_hex(expected, mac, sizeof(mac));
            found |= CRYPTO_memcmp(expected, hex, 2 * sizeof(mac)) == 0;
        }
    }
    return found;
}

afp_form_token_state_t afp_form_token_check(const afp_keyring_t *keyring, apr_pool_t *pool,
                                            const char *token, const char *user,
                                            const char *company, apr_time_t now)
{
    const char *seconds;
    size_t digits;
    apr_int64_t age;

    if (token == NULL) {
        return AFP_FORM_TOKEN_BAD;
    }
    digits = strspn(token, "0123456789abcdef");
    if (digits == 0 || digits > SECONDS_DIGITS || token[digits] != '.' ||
        !afp_text_is_hex(token + digits + 1, 2 * MAC_BYTES)) {
        return AFP_FORM_TOKEN_BAD;
    }
    seconds = apr_pstrmemdup(pool, token, digits);
    if (!is_ours(keyring, signed_text(pool, user, company, seconds), token + digits + 1)) {
        return AFP_FORM_TOKEN_BAD;
    }
    age = apr_time_sec(now) - apr_strtoi64(seconds, NULL, 16);
    if (age < -CLOCK_TOLERANCE_SECONDS) {
        return AFP_FORM_TOKEN_BAD;
    }
    return age > AFP_FORM_TOKEN_HOURS * 3600 ? AFP_FORM_TOKEN_EXPIRED : AFP_FORM_TOKEN_GOOD;
}
