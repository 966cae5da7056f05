#include "remote/assessfirst.h"

#include <apr_strings.h>

#include <string.h>

#define EMAIL      "{email}"
#define KEY_LIMIT  64
#define PATH_LIMIT 512

void afp_assessfirst_defaults(afp_assessfirst_routes_t *routes)
{
    routes->format = AFP_BODY_JSON;
    routes->email_key = "email";
    routes->model_key = "predictive_model_uuid";
    routes->first_name_key = "first_name";
    routes->last_name_key = "last_name";
    routes->models_path = "/predictive-models";
    routes->invitation_path = "/candidate/send-invitation";
    routes->lookup_path = "/candidates?email=" EMAIL;
}

/* Splits "key=value" at its first "=". 0, or -1 if there is none. */
static int split(apr_pool_t *pool, const char *pair, const char **key, const char **value)
{
    const char *equals = strchr(pair, '=');

    if (equals == NULL)
        return -1;
    *key = apr_pstrmemdup(pool, pair, (apr_size_t)(equals - pair));
    *value = apr_pstrdup(pool, equals + 1);
    return 0;
}

/* A field's name is written as it is into JSON, a form and a multipart header. */
static int is_field_name(const char *name)
{
    size_t length = strlen(name);

    return length <= KEY_LIMIT &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_-.[]") == length;
}

static const char *set_format(afp_assessfirst_routes_t *routes, const char *value)
{
    if (!strcmp(value, "json"))
        routes->format = AFP_BODY_JSON;
    else if (!strcmp(value, "form"))
        routes->format = AFP_BODY_FORM;
    else if (!strcmp(value, "multipart"))
        routes->format = AFP_BODY_MULTIPART;
    else
        return "format must be json, form or multipart";
    return NULL;
}

const char *afp_assessfirst_invitation_set(afp_assessfirst_routes_t *routes, apr_pool_t *pool,
                                           const char *pair)
{
    const char *key, *value;

    if (split(pool, pair, &key, &value))
        return "expected key=value";
    if (!strcmp(key, "format"))
        return set_format(routes, value);
    if (!is_field_name(value))
        return "a field name holds at most 64 of the characters A-Z a-z 0-9 _ - . [ ]";
    if (!strcmp(key, "email") || !strcmp(key, "model")) {
        if (*value == '\0')
            return "the e-mail and the model need a field name";
        *(key[0] == 'e' ? &routes->email_key : &routes->model_key) = value;
    } else if (!strcmp(key, "first_name")) {
        routes->first_name_key = value;
    } else if (!strcmp(key, "last_name")) {
        routes->last_name_key = value;
    } else {
        return "the keys are format, email, model, first_name and last_name";
    }
    return NULL;
}

/* NULL, or why `path` cannot follow the address of AssessFirstAPI. `email` is where {email} begins,
 * or NULL. */
static const char *check_path(const char *path, const char *email)
{
    const char *query = strchr(path, '?');
    size_t length = strlen(path);

    if (path[0] != '/' || length > PATH_LIMIT)
        return "a path begins with / and has at most 512 characters";
    for (const char *c = path; *c != '\0'; c++) {
        if (email != NULL && c == email)
            c += strlen(EMAIL) - 1;
        else if (*c <= ' ' || *c >= 0x7f || strchr("\"#<>\\^`{|}", *c) != NULL)
            return "a path holds only characters of a URL, and {email} only once and for lookup";
    }
    if (email != NULL && (query == NULL || email < query))
        return "{email} may stand only behind the ? (paths are logged)";
    return NULL;
}

const char *afp_assessfirst_route_set(afp_assessfirst_routes_t *routes, apr_pool_t *pool,
                                      const char *pair)
{
    const char *key, *value, *wrong;

    if (split(pool, pair, &key, &value))
        return "expected key=value";
    if (!strcmp(key, "lookup")) {
        const char *email = strstr(value, EMAIL);

        if (email == NULL)
            return "the path for lookup must hold {email}";
        wrong = check_path(value, email);
        if (wrong == NULL)
            routes->lookup_path = value;
        return wrong;
    }
    wrong = check_path(value, NULL);
    if (!strcmp(key, "models")) {
        if (wrong == NULL)
            routes->models_path = value;
    } else if (!strcmp(key, "invitation")) {
        if (wrong == NULL)
            routes->invitation_path = value;
    } else {
        return "the keys are models, invitation and lookup";
    }
    return wrong;
}
