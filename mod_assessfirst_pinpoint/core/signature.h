#ifndef AFP_CORE_SIGNATURE_H
#define AFP_CORE_SIGNATURE_H

#include <stddef.h>

/* Pinpoint's signature of a webhook: header PINPOINT-HMAC-SHA256, standard base64 of HMAC-SHA-256
 * over the raw body under the secret's characters (contract pinpoint.md 4.4). Any thread. */

#define AFP_SIGNATURE_HEADER "PINPOINT-HMAC-SHA256"
#define AFP_SIGNATURE_BYTES  32

/* Secrets that may be active at once: one, or two during a rotation. */
#define AFP_SIGNATURE_SECRETS 2

/* Reads the header's value: blanks around it are ignored, otherwise exactly 44 characters of
 * strict base64 (no line breaks, canonical last character). 0, or -1 if it is anything else. */
int afp_signature_decode(const char *value, unsigned char mac[AFP_SIGNATURE_BYTES]);

/* Compares `mac` with that of the body under each of the AFP_SIGNATURE_SECRETS secrets. A NULL or
 * empty secret never matches but costs the same. Constant time in the comparison; all secrets are
 * tried. Returns the index of the secret that matched, or -1 (also on a failure of OpenSSL). */
int afp_signature_verify(const unsigned char mac[AFP_SIGNATURE_BYTES],
                         const char *const secrets[AFP_SIGNATURE_SECRETS], const void *body,
                         size_t length);

/* The SHA-256 of the body as 64 lower-case hexadecimal digits and a NUL. 0 or -1. */
int afp_signature_digest(const void *body, size_t length, char digest[65]);

#endif
