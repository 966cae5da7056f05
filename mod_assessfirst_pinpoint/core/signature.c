#include "core/signature.h"

#include "core/base64.h"
#include "core/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
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

static int compute(const char *secret, const void *body, size_t length,
                   unsigned char mac[AFP_SIGNATURE_BYTES])
{
    size_t size = 0;

    if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, secret, strlen(secret),
                  length > 0 ? body : (const void *)"", length, mac, AFP_SIGNATURE_BYTES,
                  &size) == NULL ||
        size != AFP_SIGNATURE_BYTES) {
        return -1;
    }
    return 0;
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
