#ifndef AFP_CORE_SEAL_H
#define AFP_CORE_SEAL_H

#include <apr_errno.h>
#include <apr_pools.h>

/* Encryption at rest: AES-256-GCM with a random 96-bit nonce. A sealed value reads
 * "v1.<key id>.<base64 of nonce, ciphertext and tag>". Several keys may be listed: the first seals,
 * all open. A keyring is read-only once made and may be used by any thread. */

#define AFP_SEAL_KEYS 8

typedef struct afp_keyring_t afp_keyring_t;

/* Reads the text of a key file: one `id:base64` per line (id 1 to 32 of A-Z a-z 0-9 _ -; base64 of
 * exactly 32 bytes), blank lines and lines beginning with # ignored. Returns NULL and *why (with
 * the line's number, never its content) if it is empty, malformed, has a repeated id or more than
 * AFP_SEAL_KEYS keys. Key bytes live in `pool` and are cleansed with it. */
afp_keyring_t *afp_keyring_parse(apr_pool_t *pool, const char *text, const char **why);

/* The id of the key that seals. */
const char *afp_keyring_first_id(const afp_keyring_t *keyring);

/* Seals `plain` for one place: site, tenant and column are authenticated data, so that a value
 * cannot be moved to another row or column. "" seals to "". NULL if OpenSSL fails or `plain` has
 * more than 1 MiB. */
const char *afp_seal(const afp_keyring_t *keyring, apr_pool_t *pool, const char *plain,
                     const char *site, const char *company_uuid, const char *column);

/* Opens what afp_seal made. APR_SUCCESS and *plain; APR_NOTFOUND if the key is not listed;
 * APR_EINVAL if the value is damaged or belongs elsewhere. "" opens to "". */
apr_status_t afp_seal_open(const afp_keyring_t *keyring, apr_pool_t *pool, const char *sealed,
                           const char *site, const char *company_uuid, const char *column,
                           const char **plain);

/* Number of keys, and an HMAC-SHA-256 of `text` under a key derived (HKDF with SHA-256, RFC 5869,
 * no salt, info `purpose`) from the `index`-th one, from 0. 0, or -1 if OpenSSL fails or there is
 * no such key. */
int afp_keyring_count(const afp_keyring_t *keyring);
int afp_keyring_mac(const afp_keyring_t *keyring, int index, const char *purpose, const char *text,
                    unsigned char mac[32]);

#endif
