#ifndef AFP_CORE_UTF8_H
#define AFP_CORE_UTF8_H

#include <stddef.h>

/* One UTF-8 character at a time, for the files of core that walk over text. Any thread. */

#define AFP_UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define AFP_UTF8_ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

/* Decodes the character at `at`, of which `left` bytes (at least one) may be read. Returns its
 * length and *code, or 0 if no valid character begins there (RFC 3629 section 4). */
size_t afp_utf8_decode(const char *at, size_t left, unsigned int *code);

/* The length of the longest beginning of `text` that has at most `limit` bytes and does not end
 * inside a character. */
size_t afp_utf8_cut(const char *text, size_t length, size_t limit);

/* 1 for the controls of ASCII and of Latin-1 (U+0000 - U+001F, U+007F - U+009F). */
int afp_utf8_is_control(unsigned int code);

/* 1 for what embeds, overrides or isolates a direction of writing (U+202A - U+202E, U+2066 -
 * U+2069): what stands behind the text is turned as well. */
int afp_utf8_is_direction(unsigned int code);

/* 1 for the marks of a direction (U+061C, U+200E, U+200F): letters that are not seen. */
int afp_utf8_is_direction_mark(unsigned int code);

/* 1 for what separates words and lines: blank, U+00A0, U+2028, U+2029 and the controls. */
int afp_utf8_is_blank(unsigned int code);

/* The lower-case form of a letter of the Latin (up to U+017E), Greek (without accents) and Cyrillic
 * alphabets; any other character as it is. */
unsigned int afp_utf8_lower(unsigned int code);

#endif
