#include "core/signature.h"

#include "core/base64.h"
#include "core/text.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#define ENCODED_LENGTH 44

int afp_signature_decode(const char *value, unsigned char mac[AFP_SIGNATURE_BYTES])
{
    size_t length;
    size_t decoded;

    if (value == NULL) {
        return -1;
    }
    value += strspn(value, " \t");
    length = strlen(value);
    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t')) {
        length--;
    }
    if (length != ENCODED_LENGTH ||
        afp_base64_decode(value, length, mac, AFP_SIGNATURE_BYTES, &decoded) != 0 ||
        decoded != AFP_SIGNATURE_BYTES) {
        return -1;
    }
    return 0;
}

/* HMAC-SHA-256 without a key, which costs OpenSSL more to find than a webhook to be hashed: found
 * once, copied for each use. NULL if it is not there. */
static EVP_MAC_CTX *keyless;
static CRYPTO_ONCE keyless_once = CRYPTO_ONCE_STATIC_INIT;

static void make_keyless(void)
{
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, sizeof(digest) - 1),
        OSSL_PARAM_END,
    };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

    keyless = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;
    if (keyless != NULL && EVP_MAC_CTX_set_params(keyless, parameters) != 1) {
        EVP_MAC_CTX_free(keyless);
        keyless = NULL;
    }
    EVP_MAC_free(hmac);
}

static int compute(const char *secret, const void *body, size_t length,
                   unsigned char mac[AFP_SIGNATURE_BYTES])
{
    EVP_MAC_CTX *context = NULL;
    size_t size = 0;
    int failed;

    if (CRYPTO_THREAD_run_once(&keyless_once, make_keyless) == 1 && keyless != NULL) {
        context = EVP_MAC_CTX_dup(keyless);
    }
    failed = context == NULL ||
             EVP_MAC_init(context, (const unsigned char *)secret, strlen(secret), NULL) != 1 ||
             EVP_MAC_update(context, body, length) != 1 ||
             EVP_MAC_final(context, mac, &size, AFP_SIGNATURE_BYTES) != 1 ||
             size != AFP_SIGNATURE_BYTES;
    EVP_MAC_CTX_free(context);
    return failed ? -1 : 0;
}

int afp_signature_verify(const unsigned char mac[AFP_SIGNATURE_BYTES],
                         const char *const secrets[AFP_SIGNATURE_SECRETS], const void *body,
                         size_t length)
{
    /* Stands in for a missing secret, so that a tenant with one secret, with two, and no tenant at
     * all cost the same; whatever it yields is not counted. */
    static const char dummy[] = "a secret that nobody has been given";
    unsigned char expected[AFP_SIGNATURE_BYTES];
    int matched = -1;
    int failed = 0;

    for (int i = AFP_SIGNATURE_SECRETS - 1; i >= 0; i--) {
        int present = secrets[i] != NULL && secrets[i][0] != '\0';

        if (compute(present ? secrets[i] : dummy, body, length, expected) != 0) {
            failed = 1;
        } else if ((CRYPTO_memcmp(expected, mac, sizeof(expected)) == 0) & present) {
            matched = i;
        }
    }
    OPENSSL_cleanse(expected, sizeof(expected));
    return failed ? -1 : matched;
}

int afp_signature_digest(const void *body, size_t length, char digest[65])
{
    unsigned char bytes[32];
    size_t size = 0;

    if (EVP_Q_digest(NULL, "SHA256", NULL, length > 0 ? body : (const void *)"", length, bytes,
                     &size) != 1 ||
        size != sizeof(bytes)) {
        return -1;
    }
    afp_text_hex(digest, bytes, sizeof(bytes));
    return 0;
}
