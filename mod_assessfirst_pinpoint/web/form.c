#include "web/form.h"

#include "core/text.h"
#include "web/body.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

#define TYPE     "application/x-www-form-urlencoded"
#define PATIENCE apr_time_from_sec(30)

typedef struct {
    const char *name;
    const char *value;
} field_t;

struct afp_form_t {
    int count;
    field_t fields[AFP_FORM_FIELDS];
};

/* 1 if the media type is that of a form, whatever its parameters. */
static int is_form(const char *type)
{
    size_t length = sizeof(TYPE) - 1;

    return type != NULL && strncasecmp(type, TYPE, length) == 0 &&
           (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)apr_tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes '+' and %hh of `length` bytes. NULL if that gives a NUL byte, invalid UTF-8, or if a
 * percent sign begins nothing. */
static const char *decode(apr_pool_t *pool, const char *from, size_t length)
{
    char *text = apr_palloc(pool, length + 1);
    char *to = text;

    for (size_t at = 0; at < length; at++) {
        char c = from[at];

        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (length - at < 3 || digit_of(from[at + 1]) < 0 || digit_of(from[at + 2]) < 0) {
                return NULL;
            }
            c = (char)(digit_of(from[at + 1]) * 16 + digit_of(from[at + 2]));
            at += 2;
        }
        if (c == '\0') {
            return NULL;
        }
        *to++ = c;
    }
    *to = '\0';
    return afp_text_is_utf8(text, (size_t)(to - text)) ? text : NULL;
}

static const field_t *find(const afp_form_t *form, const char *name)
{
    for (int i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, name) == 0) {
            return &form->fields[i];
        }
    }
    return NULL;
}

/* AFP_WORDS_NONE, or what is wrong with one name=value. */
static afp_words_t add(apr_pool_t *pool, afp_form_t *form, const char *pair, size_t length)
{
    const char *equals = memchr(pair, '=', length);
    size_t name_length = equals != NULL ? (size_t)(equals - pair) : length;
    const char *name = decode(pool, pair, name_length);
    const char *value = equals != NULL ? decode(pool, equals + 1, length - name_length - 1) : "";

    if (name == NULL || value == NULL) {
        return AFP_WORDS_BAD_FORM_BYTES;
    }
    if (find(form, name) != NULL) {
        return AFP_WORDS_BAD_FORM_TWICE;
    }
    if (form->count == AFP_FORM_FIELDS) {
        return AFP_WORDS_BAD_FORM_MANY;
    }
    form->fields[form->count].name = name;
    form->fields[form->count].value = value;
    form->count++;
    return AFP_WORDS_NONE;
}

static afp_words_t parse(apr_pool_t *pool, afp_form_t *form, const char *text)
{
    afp_words_t why = AFP_WORDS_NONE;

    while (why == AFP_WORDS_NONE && *text != '\0') {
        size_t length = strcspn(text, "&");

        if (length > 0) {
            why = add(pool, form, text, length);
        }
        text += length;
        text += *text == '&';
    }
    return why;
}

int afp_form_read(request_rec *r, afp_form_t **form, afp_words_t *why)
{
    afp_body_t body = {NULL, 0};
    int status;

    if (!is_form(apr_table_get(r->headers_in, "Content-Type")) ||
        apr_table_get(r->headers_in, "Content-Encoding") != NULL) {
        *why = AFP_WORDS_BAD_FORM_TYPE;
        return HTTP_UNSUPPORTED_MEDIA_TYPE;
    }
    status = afp_body_read(r, AFP_FORM_LIMIT, apr_time_now() + PATIENCE, &body);
    if (status != OK) {
        *why = status == HTTP_REQUEST_ENTITY_TOO_LARGE ? AFP_WORDS_BAD_FORM_SIZE
               : status == HTTP_REQUEST_TIME_OUT       ? AFP_WORDS_BAD_FORM_SLOW
                                                       : AFP_WORDS_BAD_FORM_UNREADABLE;
        return status;
    }
    *form = apr_pcalloc(r->pool, sizeof(**form));
    *why = memchr(body.bytes, '\0', body.length) != NULL ? AFP_WORDS_BAD_FORM_BYTES
                                                         : parse(r->pool, *form, body.bytes);
    return *why == AFP_WORDS_NONE ? OK : HTTP_BAD_REQUEST;
}

const afp_form_t *afp_form_query(request_rec *r)
{
    afp_form_t *form = apr_pcalloc(r->pool, sizeof(*form));

    return r->args == NULL || parse(r->pool, form, r->args) == AFP_WORDS_NONE ? form : NULL;
}

const afp_form_t *afp_form_of_query(request_rec *r)
{
    const afp_form_t *form = afp_form_query(r);

    return form != NULL ? form : apr_pcalloc(r->pool, sizeof(*form));
}

int afp_form_has_other(const afp_form_t *form, const char *const *names)
{
    for (int i = 0; i < form->count; i++) {
        int j = 0;

        while (names[j] != NULL && strcmp(names[j], form->fields[i].name) != 0) {
            j++;
        }
        if (names[j] == NULL) {
            return 1;
        }
    }
    return 0;
}

const char *afp_form_value(const afp_form_t *form, const char *name)
{
    const field_t *field = find(form, name);

    return field != NULL ? field->value : "";
}

const char *afp_form_encode(apr_pool_t *pool, const afp_form_t *form, const char *except)
{
    const char *query = "";

    for (int i = 0; i < form->count; i++) {
        const field_t *field = &form->fields[i];

        if (strcmp(field->name, except) != 0) {
            query =
                apr_pstrcat(pool, query, *query != '\0' ? "&" : "", afp_text_url(pool, field->name),
                            "=", afp_text_url(pool, field->value), NULL);
        }
    }
    return query;
}
