#include "remote/assessfirst_invitation.h"

#include "core/id.h"
#include "core/json.h"
#include "core/text.h"

#include <apr_strings.h>

typedef struct {
    const char *key;
    const char *value;
} field_t;

#define FIELDS 4

static int is_sent(const field_t *field)
{
    return field->key[0] != '\0' && field->value != NULL && field->value[0] != '\0';
}

static const char *write_json(const field_t *fields, apr_pool_t *pool)
{
    struct json_object *body = afp_json_object(pool);

    for (int i = 0; i < FIELDS; i++) {
        if (is_sent(&fields[i]))
            afp_json_add_text(pool, body, fields[i].key, fields[i].value);
    }
    return afp_json_print(pool, body);
}

static const char *write_form(const field_t *fields, apr_pool_t *pool)
{
    const char *text = "";

    for (int i = 0; i < FIELDS; i++) {
        if (is_sent(&fields[i]))
            text = apr_pstrcat(pool, text, text[0] != '\0' ? "&" : "",
                               afp_text_url(pool, fields[i].key), "=",
                               afp_text_url(pool, fields[i].value), NULL);
    }
    return text;
}

/* RFC 7578. A random boundary of 128 bits does not occur in a value. */
static const char *write_multipart(const field_t *fields, const char *boundary, apr_pool_t *pool)
{
    const char *text = "";

    for (int i = 0; i < FIELDS; i++) {
        if (is_sent(&fields[i]))
            text = apr_pstrcat(pool, text, "--", boundary,
                               "\r\nContent-Disposition: form-data; name=\"", fields[i].key,
                               "\"\r\n\r\n", fields[i].value, "\r\n", NULL);
    }
    return apr_pstrcat(pool, text, "--", boundary, "--\r\n", NULL);
}

int afp_assessfirst_body(const afp_assessfirst_routes_t *routes,
                         const afp_assessfirst_person_t *person, apr_pool_t *pool,
                         afp_assessfirst_body_t *body)
{
    const field_t fields[FIELDS] = {
        {routes->email_key, person->email},
        {routes->model_key, person->model_uuid},
        {routes->first_name_key, person->first_name},
        {routes->last_name_key, person->last_name},
    };
    afp_id_t boundary;

    switch (routes->format) {
    case AFP_BODY_JSON:
        body->content_type = "application/json";
        body->text = write_json(fields, pool);
        return 0;
    case AFP_BODY_FORM:
        body->content_type = "application/x-www-form-urlencoded";
        body->text = write_form(fields, pool);
        return 0;
    case AFP_BODY_MULTIPART:
        if (afp_id_random(&boundary) != APR_SUCCESS)
            return -1;
        body->content_type =
            apr_pstrcat(pool, "multipart/form-data; boundary=", boundary.text, NULL);
        body->text = write_multipart(fields, boundary.text, pool);
        return 0;
    }
    return -1;
}
