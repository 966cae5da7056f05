#include "remote/assessfirst_request.h"

#include <apr_strings.h>

#include <stddef.h>
#include <string.h>

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
    routes->lookup_path = "/candidates?email=" AFP_ROUTE_EMAIL;
    routes->candidate_path = "/candidate/" AFP_ROUTE_UUID "?predictive_model_uuid=" AFP_ROUTE_MODEL;
    routes->candidate_v1_path = "/user/" AFP_ROUTE_UUID;
    routes->adequacies_v1_path = "/adequacies/" AFP_ROUTE_TOKEN "?targets=" AFP_ROUTE_MODEL;
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

typedef struct {
    const char *key;
    size_t member;      /* of afp_assessfirst_routes_t */
    const char *needs;  /* the placeholder without which the route makes no sense, or NULL */
    int may_name_model; /* {model} may stand in it as well */
} route_t;

#define MEMBER(name) offsetof(afp_assessfirst_routes_t, name)

static const route_t routes_known[] = {
    {"models", MEMBER(models_path), NULL, 0},
    {"invitation", MEMBER(invitation_path), NULL, 0},
    {"lookup", MEMBER(lookup_path), AFP_ROUTE_EMAIL, 0},
    {"candidate", MEMBER(candidate_path), AFP_ROUTE_UUID, 1},
    {"candidate_v1", MEMBER(candidate_v1_path), AFP_ROUTE_UUID, 1},
    {"adequacies_v1", MEMBER(adequacies_v1_path), AFP_ROUTE_TOKEN, 1},
};

static const route_t *find_route(const char *key)
{
    for (size_t i = 0; i < sizeof(routes_known) / sizeof(routes_known[0]); i++) {
        if (!strcmp(routes_known[i].key, key))
            return &routes_known[i];
    }
    return NULL;
}

/* The length of the placeholder that begins at `place`, 0 if none does there. */
static size_t placeholder_at(const char *place, const char *name)
{
    return name != NULL && !strncmp(place, name, strlen(name)) ? strlen(name) : 0;
}

/* NULL, or why `path` holds something that no URL may hold, or a placeholder that it may not. */
static const char *check_characters(const char *path, const route_t *route)
{
    const char *model = route->may_name_model ? AFP_ROUTE_MODEL : NULL;
    int needed = 0;
    int models = 0;

    for (const char *c = path; *c != '\0'; c++) {
        size_t length = placeholder_at(c, route->needs);

        needed += length > 0;
        if (length == 0) {
            length = placeholder_at(c, model);
            models += length > 0;
        }
        if (length > 0)
            c += length - 1;
        else if (*c <= ' ' || *c >= 0x7f || strchr("\"#<>\\^`{|}", *c) != NULL)
            return "a path holds only characters of a URL, and {email} only for lookup, {uuid} "
                   "for candidate and candidate_v1, {token} for adequacies_v1, {model} for these "
                   "three";
    }
    return needed > 1 || models > 1 ? "a path holds each placeholder only once" : NULL;
}

/* NULL, or why the placeholders stand in the wrong place. */
static const char *check_places(const char *path)
{
    const char *query = strchr(path, '?');
    const char *email = strstr(path, AFP_ROUTE_EMAIL);
    const char *model = strstr(path, AFP_ROUTE_MODEL);
    char behind = model != NULL ? model[strlen(AFP_ROUTE_MODEL)] : '\0';

    if (email != NULL && (query == NULL || email < query))
        return "{email} may stand only behind the ? (paths are logged)";
    if (model != NULL &&
        (query == NULL || model < query || model[-1] != '=' || (behind != '\0' && behind != '&')))
        return "{model} must be the value of a parameter behind the ?, as in ?model={model}";
    return NULL;
}

/* NULL, or why `path` cannot follow the address of AssessFirstAPI. */
static const char *check_path(apr_pool_t *pool, const char *path, const route_t *route)
{
    const char *wrong;

    if (route->needs != NULL && strstr(path, route->needs) == NULL)
        return apr_psprintf(pool, "the path for %s must hold %s", route->key, route->needs);
    if (path[0] != '/' || strlen(path) > PATH_LIMIT)
        return "a path begins with / and has at most 512 characters";
    wrong = check_characters(path, route);
    return wrong != NULL ? wrong : check_places(path);
}

const char *afp_assessfirst_route_set(afp_assessfirst_routes_t *routes, apr_pool_t *pool,
                                      const char *pair)
{
    const char *key, *value, *wrong;
    const route_t *route;

    if (split(pool, pair, &key, &value))
        return "expected key=value";
    route = find_route(key);
    if (route == NULL)
        return "the keys are models, invitation, lookup, candidate, candidate_v1 and adequacies_v1";
    wrong = check_path(pool, value, route);
    if (wrong == NULL)
        memcpy((char *)routes + route->member, &value, sizeof(value));
    return wrong;
}
