#ifndef AFP_CORE_TEXT_H
#define AFP_CORE_TEXT_H

#include <apr_pools.h>
#include <stddef.h>

/* Text from outside: checks, trimming, and one escaping function per output language. All
 * functions are pure and may be called from any thread; results are allocated in `pool`, texts end
 * with NUL and are never NULL. */

/* 1 if the bytes are UTF-8 (RFC 3629: shortest forms, no surrogates, at most U+10FFFF). */
int afp_text_is_utf8(const char *bytes, size_t length);

/* 1 if the text is UTF-8 without controls. */
int afp_text_is_printable(const char *text);

/* `text` without leading and trailing white space (ASCII blanks and controls, U+00A0). */
const char *afp_text_trim(apr_pool_t *pool, const char *text);

/* `text` if it has at most `limit` bytes. Otherwise its beginning, cut between characters, and
 * U+2026: together at most `limit` bytes (without U+2026 if `limit` is below its 3 bytes). */
const char *afp_text_shorten(apr_pool_t *pool, const char *text, size_t limit);

/* `text` safe inside HTML elements and quoted attributes. Controls (line breaks and tabs too),
 * invalid UTF-8, and what would turn the direction of the text behind it (afp_utf8_is_direction)
 * become U+FFFD. */
const char *afp_text_html(apr_pool_t *pool, const char *text);

/* The same as the value of a form's control, where nobody writes behind it: directions stay, since
 * the text comes back as it is. */
const char *afp_text_html_value(apr_pool_t *pool, const char *text);

/* `text` as UTF-8, for JSON, which json-c escapes: what is invalid becomes U+FFFD. */
const char *afp_text_utf8(apr_pool_t *pool, const char *text);

/* `text` for one log line: printable ASCII and UTF-8 stay, everything else (controls, directions
 * of writing and their marks, invalid bytes) becomes \xHH; at most `limit` bytes of `text` are
 * used. */
const char *afp_text_log(apr_pool_t *pool, const char *text, size_t limit);

/* `text` as one URL path segment or query value: everything but RFC 3986 unreserved is %HH. */
const char *afp_text_url(apr_pool_t *pool, const char *text);

/* A remote's own words, fit to be stored and shown: valid UTF-8, controls and line breaks folded to
 * one blank, every occurrence (whatever the case) of a non-empty string of `hidden` (array ended by
 * NULL, itself may be NULL) replaced by "[hidden]", anything that looks like an e-mail address as
 * well (with %40 for its @ too), at most `limit` bytes as in afp_text_shorten. Case is that of
 * afp_text_equal_but_case; a run of blanks in `hidden` fits any run of blanks. */
const char *afp_text_remote_words(apr_pool_t *pool, const char *bytes, size_t length,
                                  const char *const *hidden, size_t limit);

/* 1 if the texts are equal apart from the case of Latin, Greek and Cyrillic letters. */
int afp_text_equal_but_case(const char *one, const char *other);

/* Lower-case hexadecimal of `length` bytes into `hex` (2 * length + 1 bytes). */
void afp_text_hex(char *hex, const unsigned char *bytes, size_t length);

/* 1 if `text` is exactly `length` characters of 0-9a-f. */
int afp_text_is_hex(const char *text, size_t length);

/* Reads a decimal number: 1 to 18 digits and nothing else, no sign. 0 and *value, or -1. */
int afp_text_int64(const char *text, long long *value);

#endif
