#include "core/text.h"

#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

/* Room for what one character becomes: at most four bytes of \xHH. */
#define ESCAPED_SIZE 17

/* Writes what one character of `length` bytes becomes into `to` and returns how many bytes that
 * are. A byte that begins no character comes alone, with `length` 0. */
typedef size_t escape_t(const char *at, size_t length, unsigned int code, char *to);

/* Two passes over the text, the first one to learn the size: the result is one exact allocation. */
static char *escape_all(apr_pool_t *pool, const char *text, size_t size, escape_t *escape)
{
    size_t total = 0;
    char *result = NULL;
    char *to = NULL;

    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            result = apr_palloc(pool, total + 1);
            to = result;
        }
        for (size_t at = 0; at < size;) {
            char scratch[ESCAPED_SIZE];
            unsigned int code = 0;
            size_t length = afp_utf8_decode(text + at, size - at, &code);
            size_t written = escape(text + at, length, code, scratch);

            if (to != NULL) {
                memcpy(to, scratch, written);
                to += written;
            } else {
                total += written;
            }
            at += length > 0 ? length : 1;
        }
    }
    *to = '\0';
    return result;
}

static size_t put(char *to, const char *bytes, size_t length)
{
    memcpy(to, bytes, length);
    return length;
}

static size_t put_hex(char *to, const char *prefix, const char *digits, unsigned char byte)
{
    size_t length = put(to, prefix, strlen(prefix));

    to[length] = digits[byte >> 4];
    to[length + 1] = digits[byte & 0x0f];
    return length + 2;
}

int afp_text_is_utf8(const char *bytes, size_t length)
{
    unsigned int code;

    for (size_t at = 0; at < length;) {
        size_t step = afp_utf8_decode(bytes + at, length - at, &code);

        if (step == 0) {
            return 0;
        }
        at += step;
    }
    return 1;
}

int afp_text_is_printable(const char *text)
{
    size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        unsigned int code = 0;
        size_t step = afp_utf8_decode(text + at, length - at, &code);

        if (step == 0 || afp_utf8_is_control(code)) {
            return 0;
        }
        at += step;
    }
    return 1;
}

static int is_ascii_blank(char c)
{
    return (unsigned char)c <= 0x20 || c == 0x7f;
}

const char *afp_text_trim(apr_pool_t *pool, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end) {
        if (is_ascii_blank(*text)) {
            text++;
        } else if (strncmp(text, "\xc2\xa0", 2) == 0) {
            text += 2;
        } else {
            break;
        }
    }
    while (end > text) {
        if (is_ascii_blank(end[-1])) {
            end--;
        } else if (end - text >= 2 && end[-2] == '\xc2' && end[-1] == '\xa0') {
            end -= 2;
        } else {
            break;
        }
    }
    return apr_pstrmemdup(pool, text, (apr_size_t)(end - text));
}

const char *afp_text_shorten(apr_pool_t *pool, const char *text, size_t limit)
{
    static const size_t mark = sizeof(AFP_UTF8_ELLIPSIS) - 1;
    size_t length = strlen(text);
    char *result;
    size_t cut;

    if (length <= limit) {
        return apr_pstrmemdup(pool, text, length);
    }
    if (limit < mark) {
        return apr_pstrmemdup(pool, text, afp_utf8_cut(text, length, limit));
    }
    cut = afp_utf8_cut(text, length, limit - mark);
    result = apr_palloc(pool, cut + mark + 1);
    memcpy(result, text, cut);
    memcpy(result + cut, AFP_UTF8_ELLIPSIS, mark + 1);
    return result;
}

static size_t escape_html_value(const char *at, size_t length, unsigned int code, char *to)
{
    if (length == 0 || afp_utf8_is_control(code)) {
        return put(to, AFP_UTF8_REPLACEMENT, 3);
    }
    switch (code) {
    case '&':
        return put(to, "&amp;", 5);
    case '<':
        return put(to, "&lt;", 4);
    case '>':
        return put(to, "&gt;", 4);
    case '"':
        return put(to, "&quot;", 6);
    case '\'':
        return put(to, "&#39;", 5);
    default:
        return put(to, at, length);
    }
}

static size_t escape_html(const char *at, size_t length, unsigned int code, char *to)
{
    return afp_utf8_is_direction(code) ? put(to, AFP_UTF8_REPLACEMENT, 3)
                                       : escape_html_value(at, length, code, to);
}

const char *afp_text_html(apr_pool_t *pool, const char *text)
{
    return escape_all(pool, text, strlen(text), escape_html);
}

const char *afp_text_html_value(apr_pool_t *pool, const char *text)
{
    return escape_all(pool, text, strlen(text), escape_html_value);
}

static size_t escape_invalid(const char *at, size_t length, unsigned int code, char *to)
{
    (void)code;
    return length > 0 ? put(to, at, length) : put(to, AFP_UTF8_REPLACEMENT, 3);
}

const char *afp_text_utf8(apr_pool_t *pool, const char *text)
{
    return escape_all(pool, text, strlen(text), escape_invalid);
}

static size_t escape_log(const char *at, size_t length, unsigned int code, char *to)
{
    size_t written = 0;

    if (length > 0 && !afp_utf8_is_control(code) && !afp_utf8_is_direction(code) &&
        !afp_utf8_is_direction_mark(code)) {
        return put(to, at, length);
    }
    for (size_t i = 0; i < (length > 0 ? length : 1); i++) {
        written += put_hex(to + written, "\\x", "0123456789abcdef", (unsigned char)at[i]);
    }
    return written;
}

const char *afp_text_log(apr_pool_t *pool, const char *text, size_t limit)
{
    return escape_all(pool, text, afp_utf8_cut(text, strlen(text), limit), escape_log);
}

static int is_unreserved(unsigned int code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           (code >= '0' && code <= '9') || code == '-' || code == '.' || code == '_' || code == '~';
}

static size_t escape_url(const char *at, size_t length, unsigned int code, char *to)
{
    size_t written = 0;

    if (length == 1 && is_unreserved(code)) {
        return put(to, at, 1);
    }
    for (size_t i = 0; i < (length > 0 ? length : 1); i++) {
        written += put_hex(to + written, "%", "0123456789ABCDEF", (unsigned char)at[i]);
    }
    return written;
}

const char *afp_text_url(apr_pool_t *pool, const char *text)
{
    return escape_all(pool, text, strlen(text), escape_url);
}

int afp_text_equal_but_case(const char *one, const char *other)
{
    size_t left = strlen(one);
    size_t other_left = strlen(other);

    while (left > 0 && other_left > 0) {
        unsigned int code = (unsigned char)*one;
        unsigned int other_code = (unsigned char)*other;
        size_t length = afp_utf8_decode(one, left, &code);
        size_t other_length = afp_utf8_decode(other, other_left, &other_code);

        if ((length == 0) != (other_length == 0) ||
            afp_utf8_lower(code) != afp_utf8_lower(other_code)) {
            return 0;
        }
        length = length > 0 ? length : 1;
        other_length = other_length > 0 ? other_length : 1;
        one += length;
        left -= length;
        other += other_length;
        other_left -= other_length;
    }
    return left == 0 && other_left == 0;
}

void afp_text_hex(char *hex, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        *hex++ = digits[bytes[i] >> 4];
        *hex++ = digits[bytes[i] & 0x0f];
    }
    *hex = '\0';
}

int afp_text_is_hex(const char *text, size_t length)
{
    return strspn(text, "0123456789abcdef") == length && text[length] == '\0';
}

int afp_text_int64(const char *text, long long *value)
{
    size_t length = strspn(text, "0123456789");
    long long result = 0;

    if (length == 0 || length > 18 || text[length] != '\0') {
        return -1;
    }
    for (size_t i = 0; i < length; i++) {
        result = result * 10 + (text[i] - '0');
    }
    *value = result;
    return 0;
}
