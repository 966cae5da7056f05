#include "core/seal.h"

#include "core/base64.h"

#include <apr_strings.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

#define VERSION           "v1."
#define KEY_BYTES         32
#define KEY_ID_LIMIT      32
#define KEY_ID_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define NONCE_BYTES       12
#define TAG_BYTES         16

/* Longest plain text that is sealed; settings are far below it. */
#define PLAIN_LIMIT (1024 * 1024)

typedef struct {
    char id[KEY_ID_LIMIT + 1];
    unsigned char bytes[KEY_BYTES];
} sealing_key_t;

struct afp_keyring_t {
    int count;
    sealing_key_t keys[AFP_SEAL_KEYS];
};

static apr_status_t cleanse_keyring(void *keyring)
{
    OPENSSL_cleanse(keyring, sizeof(afp_keyring_t));
    return APR_SUCCESS;
}

static const sealing_key_t *find_key(const afp_keyring_t *keyring, const char *id, size_t length)
{
    for (int i = 0; i < keyring->count; i++) {
        if (strlen(keyring->keys[i].id) == length && memcmp(keyring->keys[i].id, id, length) == 0) {
            return &keyring->keys[i];
        }
    }
    return NULL;
}

/* Adds the key of one line, which is neither blank nor a comment. NULL, or what is wrong with it.
 */
static const char *add_key(afp_keyring_t *keyring, const char *line, size_t length)
{
    size_t id_length = strspn(line, KEY_ID_CHARACTERS);
    sealing_key_t *key;
    size_t decoded;

    if (id_length == 0 || id_length > KEY_ID_LIMIT || id_length >= length ||
        line[id_length] != ':') {
        return "not of the form id:base64, with an id of 1 to 32 characters of A-Z a-z 0-9 _ -";
    }
    if (find_key(keyring, line, id_length) != NULL) {
        return "this id was used on an earlier line";
    }
    if (keyring->count == AFP_SEAL_KEYS) {
        return "more than " APR_STRINGIFY(AFP_SEAL_KEYS) " keys";
    }
    key = &keyring->keys[keyring->count];
    if (afp_base64_decode(line + id_length + 1, length - id_length - 1, key->bytes, KEY_BYTES,
                          &decoded) != 0 ||
        decoded != KEY_BYTES) {
        return "the key is not the base64 of exactly 32 bytes";
    }
    memcpy(key->id, line, id_length);
    key->id[id_length] = '\0';
    keyring->count++;
    return NULL;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

afp_keyring_t *afp_keyring_parse(apr_pool_t *pool, const char *text, const char **why)
{
    afp_keyring_t *keyring = apr_pcalloc(pool, sizeof(*keyring));
    int number = 1;

    apr_pool_cleanup_register(pool, keyring, cleanse_keyring, apr_pool_cleanup_null);
    for (; *text != '\0'; number++) {
        const char *end = text + strcspn(text, "\n");
        const char *line = text;
        const char *line_end = end;
        const char *fault;

        while (line < line_end && is_blank(*line)) {
            line++;
        }
        while (line_end > line && is_blank(line_end[-1])) {
            line_end--;
        }
        if (line < line_end && *line != '#') {
            fault = add_key(keyring, line, (size_t)(line_end - line));
            if (fault != NULL) {
                *why = apr_psprintf(pool, "line %d: %s", number, fault);
                return NULL;
            }
        }
        text = end + (*end == '\n');
    }
    if (keyring->count == 0) {
        *why = "holds no key";
        return NULL;
    }
    return keyring;
}

const char *afp_keyring_first_id(const afp_keyring_t *keyring)
{
    return keyring->keys[0].id;
}

int afp_keyring_count(const afp_keyring_t *keyring)
{
    return keyring->count;
}

/* Feeds what binds a sealed value to its place. Each part goes in with the NUL that ends it, so
 * that no two places read the same. */
static int bind_to_place(EVP_CIPHER_CTX *cipher, const char *site, const char *company_uuid,
                         const char *column)
{
    const char *parts[] = {VERSION, site, company_uuid, column};
    int written;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t size = strlen(parts[i]) + 1;

        if (size > INT_MAX || EVP_CipherUpdate(cipher, NULL, &written,
                                               (const unsigned char *)parts[i], (int)size) != 1) {
            return -1;
        }
    }
    return 0;
}

/* Encrypts into `sealed`: nonce, ciphertext of `length` bytes, tag. */
static int encrypt(const sealing_key_t *key, const char *plain, size_t length, const char *site,
                   const char *company_uuid, const char *column, unsigned char *sealed)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    unsigned char *body = sealed + NONCE_BYTES;
    int written;
    int result = -1;

    if (cipher == NULL || RAND_bytes(sealed, NONCE_BYTES) != 1 ||
        EVP_CipherInit_ex2(cipher, EVP_aes_256_gcm(), key->bytes, sealed, 1, NULL) != 1 ||
        bind_to_place(cipher, site, company_uuid, column) != 0 ||
        EVP_CipherUpdate(cipher, body, &written, (const unsigned char *)plain, (int)length) != 1 ||
        EVP_CipherFinal_ex(cipher, body + length, &written) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, body + length) != 1) {
        goto cleanup;
    }
    result = 0;
cleanup:
    EVP_CIPHER_CTX_free(cipher);
    return result;
}

/* Decrypts what encrypt() made of `length` bytes of plain text; -1 if any bit of it, or the place,
 * differs. */
static int decrypt(const sealing_key_t *key, unsigned char *sealed, size_t length, const char *site,
                   const char *company_uuid, const char *column, unsigned char *plain)
{
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    unsigned char *body = sealed + NONCE_BYTES;
    int written;
    int result = -1;

    if (cipher == NULL ||
        EVP_CipherInit_ex2(cipher, EVP_aes_256_gcm(), key->bytes, sealed, 0, NULL) != 1 ||
        bind_to_place(cipher, site, company_uuid, column) != 0 ||
        EVP_CipherUpdate(cipher, plain, &written, body, (int)length) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, body + length) != 1 ||
        EVP_CipherFinal_ex(cipher, plain + length, &written) != 1) {
        goto cleanup;
    }
    result = 0;
cleanup:
    EVP_CIPHER_CTX_free(cipher);
    return result;
}

const char *afp_seal(const afp_keyring_t *keyring, apr_pool_t *pool, const char *plain,
                     const char *site, const char *company_uuid, const char *column)
{
    const sealing_key_t *key = &keyring->keys[0];
    size_t length = strlen(plain);
    size_t size = NONCE_BYTES + length + TAG_BYTES;
    unsigned char *sealed;
    char *encoded;

    if (length == 0) {
        return "";
    }
    if (length > PLAIN_LIMIT) {
        return NULL;
    }
    sealed = apr_palloc(pool, size);
    if (encrypt(key, plain, length, site, company_uuid, column, sealed) != 0) {
        return NULL;
    }
    encoded = apr_palloc(pool, (size + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)encoded, sealed, (int)size);
    return apr_pstrcat(pool, VERSION, key->id, ".", encoded, NULL);
}

apr_status_t afp_seal_open(const afp_keyring_t *keyring, apr_pool_t *pool, const char *sealed,
                           const char *site, const char *company_uuid, const char *column,
                           const char **plain)
{
    const char *id = sealed + strlen(VERSION);
    const sealing_key_t *key;
    unsigned char *bytes;
    unsigned char *opened;
    const char *encoded;
    size_t id_length;
    size_t length;
    size_t size;

    if (*sealed == '\0') {
        *plain = "";
        return APR_SUCCESS;
    }
    if (strncmp(sealed, VERSION, strlen(VERSION)) != 0) {
        return APR_EINVAL;
    }
    id_length = strspn(id, KEY_ID_CHARACTERS);
    if (id_length == 0 || id[id_length] != '.') {
        return APR_EINVAL;
    }
    encoded = id + id_length + 1;
    length = strlen(encoded);
    if (length > PLAIN_LIMIT * 2) {
        return APR_EINVAL;
    }
    bytes = apr_palloc(pool, length / 4 * 3 + 1);
    if (afp_base64_decode(encoded, length, bytes, length / 4 * 3, &size) != 0 ||
        size <= NONCE_BYTES + TAG_BYTES) {
        return APR_EINVAL;
    }
    key = find_key(keyring, id, id_length);
    if (key == NULL) {
        return APR_NOTFOUND;
    }
    length = size - NONCE_BYTES - TAG_BYTES;
    opened = apr_palloc(pool, length + 1);
    if (decrypt(key, bytes, length, site, company_uuid, column, opened) != 0) {
        OPENSSL_cleanse(opened, length); /* the cipher writes before it has seen the tag */
        return APR_EINVAL;
    }
    opened[length] = '\0';
    *plain = (const char *)opened;
    return APR_SUCCESS;
}

static int derive(const sealing_key_t *key, const char *purpose, unsigned char derived[KEY_BYTES])
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    char digest[] = "SHA256";
    unsigned char material[KEY_BYTES];
    char *label = OPENSSL_strdup(purpose);
    int result = -1;

    memcpy(material, key->bytes, sizeof(material)); /* OSSL_PARAM takes no const */
    if (context != NULL && label != NULL) {
        OSSL_PARAM parameters[] = {
            OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, sizeof(digest) - 1),
            OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, material, sizeof(material)),
            OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, label, strlen(label)),
            OSSL_PARAM_END,
        };

        result = EVP_KDF_derive(context, derived, KEY_BYTES, parameters) == 1 ? 0 : -1;
    }
    OPENSSL_cleanse(material, sizeof(material));
    OPENSSL_free(label);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return result;
}

int afp_keyring_mac(const afp_keyring_t *keyring, int index, const char *purpose, const char *text,
                    unsigned char mac[32])
{
    unsigned char derived[KEY_BYTES];
    size_t size = 0;
    int result = -1;

    if (index < 0 || index >= keyring->count) {
        return -1;
    }
    if (derive(&keyring->keys[index], purpose, derived) == 0 &&
        EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, derived, sizeof(derived),
                  (const unsigned char *)text, strlen(text), mac, 32, &size) != NULL &&
        size == 32) {
        result = 0;
    }
    OPENSSL_cleanse(derived, sizeof(derived));
    return result;
}
