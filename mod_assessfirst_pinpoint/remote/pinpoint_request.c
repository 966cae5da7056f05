#include "remote/pinpoint_request.h"

#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>

#include <string.h>

#define MEDIA_TYPE      "application/vnd.api+json"
#define SUBDOMAIN       "{subdomain}"
#define SUBDOMAIN_LIMIT 63

/* --- one request ------------------------------------------------------------------------------ */

static int is_label(const char *text)
{
    size_t length = strlen(text);

    return length >= 1 && length <= SUBDOMAIN_LIMIT && text[0] != '-' && text[length - 1] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* The address of `path` at the tenant's Pinpoint, or NULL if the subdomain is none. */
static const char *address(const afp_pinpoint_t *pinpoint, const char *path)
{
    const char *base = pinpoint->api->base;
    const char *place = strstr(base, SUBDOMAIN);

    if (place == NULL)
        return apr_pstrcat(pinpoint->pool, base, path, NULL);
    if (!is_label(pinpoint->subdomain))
        return NULL;
    return apr_pstrcat(pinpoint->pool,
                       apr_pstrmemdup(pinpoint->pool, base, (apr_size_t)(place - base)),
                       pinpoint->subdomain, place + strlen(SUBDOMAIN), path, NULL);
}

void afp_pinpoint_add_words(apr_pool_t *pool, const char *hint, afp_outcome_t *outcome)
{
    size_t room = sizeof(outcome->words) - strlen(hint) - 1;

    apr_cpystrn(outcome->words,
                apr_pstrcat(pool, afp_text_shorten(pool, outcome->words, room), hint, NULL),
                sizeof(outcome->words));
}

void afp_pinpoint_name_permission(apr_pool_t *pool, const char *permission, afp_outcome_t *outcome)
{
    afp_pinpoint_add_words(pool, apr_psprintf(pool, AFP_SENTENCE_NEEDS, "", permission), outcome);
}

/* The body as text in `pool`; releases it. */
static const char *take_text(apr_pool_t *pool, struct json_object *body)
{
    const char *text =
        apr_pstrdup(pool, json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN |
                                                                   JSON_C_TO_STRING_NOSLASHESCAPE));

    json_object_put(body);
    return text;
}

void afp_pinpoint_request(const afp_pinpoint_t *pinpoint, const afp_pinpoint_request_t *request,
                          afp_http_response_t *response, afp_outcome_t *outcome)
{
    apr_pool_t *pool = pinpoint->pool;
    const char *const hidden[] = {pinpoint->api_key, NULL};
    afp_http_request_t call = {.method = request->method, .repeat = request->repeat};

    memset(response, 0, sizeof(*response));
    call.headers = apr_table_make(pool, 3);
    apr_table_setn(call.headers, "X-API-KEY", pinpoint->api_key);
    apr_table_setn(call.headers, "Accept", MEDIA_TYPE);
    if (request->body != NULL) {
        apr_table_setn(call.headers, "Content-Type", MEDIA_TYPE);
        call.body = take_text(pool, request->body);
        call.body_length = strlen(call.body);
    }
    call.url = address(pinpoint, request->path);
    if (call.url == NULL) {
        afp_http_refuse(outcome, pinpoint->api->name,
                        "the Pinpoint subdomain in the settings is not one");
        return;
    }
    afp_http_call(pinpoint->client, pinpoint->api, &call, pool, response, outcome);
    if (outcome->kind == AFP_OUTCOME_DONE)
        return;
    afp_http_words(response, hidden, pool, outcome);
    if (request->permission != NULL &&
        (outcome->kind == AFP_OUTCOME_UNAUTHORIZED || outcome->kind == AFP_OUTCOME_FORBIDDEN))
        afp_pinpoint_name_permission(pool, request->permission, outcome);
}

struct json_object *afp_pinpoint_get(const afp_pinpoint_t *pinpoint, const char *path,
                                     const char *permission, afp_outcome_t *outcome)
{
    const afp_pinpoint_request_t request = {.method = AFP_HTTP_GET,
                                            .repeat = AFP_HTTP_REPEATABLE,
                                            .path = path,
                                            .permission = permission};
    afp_http_response_t response;

    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    if (outcome->kind != AFP_OUTCOME_DONE)
        return NULL;
    return afp_http_json(&response, pinpoint->pool, outcome);
}

/* --- lists ------------------------------------------------------------------------------------ */

/* A page's document, with a list in it, or NULL and *outcome. */
static struct json_object *get_page(const afp_pinpoint_t *pinpoint, const afp_pinpoint_list_t *list,
                                    int page, afp_outcome_t *outcome)
{
    const char *number =
        page > 1 ? apr_psprintf(pinpoint->pool, "&page%%5Bnumber%%5D=%d", page) : "";
    const char *path =
        apr_psprintf(pinpoint->pool, "%s%spage%%5Bsize%%5D=%d%s", list->path,
                     strchr(list->path, '?') != NULL ? "&" : "?", list->size, number);
    struct json_object *document = afp_pinpoint_get(pinpoint, path, list->permission, outcome);

    if (document == NULL)
        return NULL;
    if (!json_object_is_type(afp_json_at(document, "data"), json_type_array)) {
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_LIST);
        return NULL;
    }
    return document;
}

/* Hands over each row of a list; returns their number, 0 if it is none. */
static size_t take_rows(struct json_object *rows, afp_pinpoint_take_t *take, void *baton)
{
    size_t count = json_object_is_type(rows, json_type_array) ? json_object_array_length(rows) : 0;

    for (size_t i = 0; i < count; i++)
        take(baton, json_object_array_get_idx(rows, i));
    return count;
}

/* Reads one page. 1 if there may be another one, 0 if not, -1 and *outcome. *first is the id of the
 * page's first row: a server that does not know the number answers the same page for ever. */
static int take_page(const afp_pinpoint_t *pinpoint, const afp_pinpoint_list_t *list, int page,
                     afp_pinpoint_take_t *take, void *baton, char first[24], afp_outcome_t *outcome)
{
    struct json_object *document = get_page(pinpoint, list, page, outcome);
    const char *id = afp_json_id_at(pinpoint->pool, document, "data.0.id");

    if (document == NULL)
        return -1;
    if (id != NULL && !strcmp(id, first))
        return 0;
    apr_cpystrn(first, id != NULL ? id : "", 24);
    if (list->take_included != NULL)
        take_rows(afp_json_at(document, "included"), list->take_included, baton);
    return take_rows(afp_json_at(document, "data"), take, baton) >= (size_t)list->size;
}

int afp_pinpoint_pages(const afp_pinpoint_t *pinpoint, const afp_pinpoint_list_t *list,
                       afp_pinpoint_take_t *take, void *baton, afp_outcome_t *outcome)
{
    afp_pinpoint_t with_own_pool = *pinpoint;
    char first[24] = "";
    int more = 1;

    apr_pool_create(&with_own_pool.pool, pinpoint->pool);
    for (int page = 1; more > 0 && page <= list->pages; page++) {
        apr_pool_clear(with_own_pool.pool);
        more = take_page(&with_own_pool, list, page, take, baton, first, outcome);
    }
    if (more > 0 && !list->cut) {
        afp_http_unexpected(outcome, apr_psprintf(with_own_pool.pool, AFP_SENTENCE_BUT_LONG_LIST,
                                                  list->size * list->pages));
        more = -1;
    }
    apr_pool_destroy(with_own_pool.pool);
    return more < 0 ? -1 : 0;
}

/* --- documents -------------------------------------------------------------------------------- */

struct json_object *afp_pinpoint_document(const char *type, const char *id,
                                          struct json_object *attributes)
{
    struct json_object *document = json_object_new_object();
    struct json_object *data = json_object_new_object();

    if (*id != '\0')
        json_object_object_add(data, "id", json_object_new_string(id));
    json_object_object_add(data, "type", json_object_new_string(type));
    json_object_object_add(data, "attributes", attributes);
    json_object_object_add(document, "data", data);
    return document;
}

void afp_pinpoint_relate(struct json_object *document, const char *relationship, const char *type,
                         const char *id)
{
    struct json_object *data = afp_json_at(document, "data");
    struct json_object *relationships = afp_json_at(data, "relationships");
    struct json_object *identifier = json_object_new_object();
    struct json_object *link = json_object_new_object();

    if (relationships == NULL) {
        relationships = json_object_new_object();
        json_object_object_add(data, "relationships", relationships);
    }
    json_object_object_add(identifier, "type", json_object_new_string(type));
    json_object_object_add(identifier, "id", json_object_new_string(id));
    json_object_object_add(link, "data", identifier);
    json_object_object_add(relationships, relationship, link);
}

const char *afp_pinpoint_text(apr_pool_t *pool, struct json_object *row, const char *path)
{
    const char *text = afp_json_text_at(row, path);

    return text != NULL ? afp_text_trim(pool, text) : "";
}

const char *afp_pinpoint_field_id(apr_pool_t *pool, struct json_object *attribute)
{
    const char *id = afp_json_id_at(pool, attribute, "relationships.custom_field.data.id");

    if (id == NULL)
        id = afp_json_id_at(pool, attribute, "relationships.custom_fields.data.id");
    return id != NULL ? id : "";
}
