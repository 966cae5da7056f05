#include "core/text.h"

#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

#define HIDDEN        "[hidden]"
#define HIDDEN_LENGTH (sizeof(HIDDEN) - 1)

/* A text on the way: what remains of it. */
typedef struct {
    const char *at;
    const char *end;
} rest_t;

/* Takes one character; a run of blanks and controls counts as one ' ', a byte that belongs to no
 * character as U+FFFD. Call only while something remains. */
static unsigned int take(rest_t *rest)
{
    unsigned int code = 0xfffd;
    size_t length = afp_utf8_decode(rest->at, (size_t)(rest->end - rest->at), &code);

    rest->at += length > 0 ? length : 1;
    if (!afp_utf8_is_blank(code)) {
        return code;
    }
    while (rest->at < rest->end) {
        length = afp_utf8_decode(rest->at, (size_t)(rest->end - rest->at), &code);
        if (length == 0 || !afp_utf8_is_blank(code)) {
            break;
        }
        rest->at += length;
    }
    return ' ';
}

/* Where the text goes on behind `secret` if it begins with it, otherwise NULL. */
static const char *behind_secret(rest_t rest, const char *secret)
{
    rest_t expected = {secret, secret + strlen(secret)};

    while (expected.at < expected.end) {
        if (rest.at == rest.end || afp_utf8_lower(take(&rest)) != afp_utf8_lower(take(&expected))) {
            return NULL;
        }
    }
    return rest.at;
}

/* Behind the longest of the secrets that the text begins with, or NULL. */
static const char *behind_secrets(rest_t rest, const char *const *secrets)
{
    const char *longest = NULL;

    for (; secrets != NULL && *secrets != NULL; secrets++) {
        const char *behind = behind_secret(rest, *secrets);

        if (behind != NULL && behind > rest.at && (longest == NULL || behind > longest)) {
            longest = behind;
        }
    }
    return longest;
}

static int is_alphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* What an address may have before its @. The characters that delimit a URL's query (/ ? & =) are
 * allowed there by RFC 5322 and left out all the same: "email=ada@example.test" is far likelier. */
static int is_local(char c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("!#$%'*+-^_`{|}~.", c) != NULL);
}

static int is_domain(char c)
{
    return is_alphanumeric(c) || c == '.' || c == '-' || c == '[' || c == ']';
}

static const char *behind_run(rest_t rest, int (*belongs)(char))
{
    while (rest.at < rest.end && belongs(*rest.at)) {
        rest.at++;
    }
    return rest.at;
}

/* 1 if the bytes hold an @ in URL encoding with something on both sides. */
static int has_encoded_at(const char *at, const char *end)
{
    for (const char *c = at + 1; end - c > 3; c++) {
        if (memcmp(c, "%40", 3) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Where the text goes on behind an e-mail address if it begins with one, otherwise NULL. *checked
 * is moved to where the next search is worth while, so that no byte is looked at twice. */
static const char *behind_email(rest_t rest, const char **checked)
{
    const char *start = rest.at;
    const char *at = behind_run(rest, is_local);
    const char *end;

    *checked = at;
    if (has_encoded_at(start, at)) {
        return at;
    }
    if (at == start || at == rest.end || *at != '@') {
        return NULL;
    }
    rest.at = at + 1;
    end = behind_run(rest, is_domain);
    while (end > rest.at && end[-1] == '.') {
        end--;
    }
    return end > rest.at ? end : NULL;
}

static const char *const *trimmed(apr_pool_t *pool, const char *const *hidden)
{
    const char **result;
    size_t count = 0;

    while (hidden != NULL && hidden[count] != NULL) {
        count++;
    }
    result = apr_palloc(pool, (count + 1) * sizeof(*result));
    for (size_t i = 0; i < count; i++) {
        result[i] = afp_text_trim(pool, hidden[i]);
    }
    result[count] = NULL;
    return result;
}

const char *afp_text_remote_words(apr_pool_t *pool, const char *bytes, size_t length,
                                  const char *const *hidden, size_t limit)
{
    const char *const *secrets = trimmed(pool, hidden);
    rest_t rest = {bytes, bytes + length};
    const char *checked = bytes;
    /* The longest step behind the limit is one HIDDEN; no byte yields more than that either. */
    size_t most = limit / HIDDEN_LENGTH < length ? limit : length * HIDDEN_LENGTH;
    char *words = apr_palloc(pool, most + HIDDEN_LENGTH + 1);
    size_t used = 0;
    size_t behind_mark = 0; /* length up to the last HIDDEN, to write no two in a row */

    while (rest.at < rest.end && used <= limit) {
        const char *start = rest.at;
        const char *behind = behind_secrets(rest, secrets);
        const char *address = start >= checked ? behind_email(rest, &checked) : NULL;
        unsigned int code;

        if (address != NULL && (behind == NULL || address > behind)) {
            behind = address;
        }
        if (behind != NULL) {
            if (used == 0 || used != behind_mark) {
                memcpy(words + used, HIDDEN, HIDDEN_LENGTH);
                used += HIDDEN_LENGTH;
                behind_mark = used;
            }
            rest.at = behind;
            continue;
        }
        code = take(&rest);
        if (code == ' ') {
            if (used > 0) {
                words[used++] = ' ';
            }
        } else if (code == 0xfffd) {
            memcpy(words + used, AFP_UTF8_REPLACEMENT, 3);
            used += 3;
        } else {
            memcpy(words + used, start, (size_t)(rest.at - start));
            used += (size_t)(rest.at - start);
        }
    }
    if (rest.at == rest.end && used > 0 && words[used - 1] == ' ') {
        used--;
    }
    words[used] = '\0';
    return afp_text_shorten(pool, words, limit);
}
