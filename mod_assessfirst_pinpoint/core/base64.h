#ifndef AFP_CORE_BASE64_H
#define AFP_CORE_BASE64_H

#include <stddef.h>

/* Strict base64 (RFC 4648 section 4): padded, no line breaks, no blanks, unused bits zero, so that
 * every byte string has exactly one text. Any thread. */

/* Decodes `length` characters into `bytes`, which has room for `room` bytes. 0 and *decoded, or -1
 * if the text is anything else or does not fit; `bytes` may then hold a part of it. */
int afp_base64_decode(const char *text, size_t length, unsigned char *bytes, size_t room,
                      size_t *decoded);

#endif
