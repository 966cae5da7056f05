#include "remote/pinpoint_profile.h"

#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"
#include "remote/pinpoint_request.h"

#include <apr_strings.h>

#include <string.h>

#define ATTRIBUTE_PAGES 5 /* of 1000 */
#define ATTRIBUTE_TYPE  "custom_attributes"
#define COMMENT_PAGES   10
#define COMMENT_PAGE    100 /* comments of the longest kind still fit an answer's limit */

typedef struct {
    apr_pool_t *pool;
    apr_array_header_t *array;
} rows_t;

/* --- attributes ------------------------------------------------------------------------------- */

static void take_attribute(void *baton, struct json_object *row)
{
    const rows_t *rows = baton;
    const char *id = afp_json_id_at(rows->pool, row, "id");
    afp_pinpoint_attribute_t *attribute;

    if (id == NULL)
        return;
    attribute = apr_array_push(rows->array);
    attribute->id = id;
    attribute->field_id = afp_pinpoint_field_id(rows->pool, row);
    attribute->field_name = afp_pinpoint_text(rows->pool, row, "attributes.field_name");
    attribute->value = afp_pinpoint_text(rows->pool, row, "attributes.value");
}

apr_array_header_t *afp_pinpoint_attributes(const afp_pinpoint_t *pinpoint,
                                            const char *application_id, afp_outcome_t *outcome)
{
    const afp_pinpoint_list_t list = {
        .path = apr_pstrcat(pinpoint->pool,
                            "/custom_attributes"
                            "?filter%5Bcustom_attributable_type%5D=Application"
                            "&filter%5Bcustom_attributable_id%5D=",
                            afp_text_url(pinpoint->pool, application_id), "&include=custom_field",
                            NULL),
        .permission = "Custom Attributes: Read and Custom Field: Read",
        .size = AFP_PINPOINT_PAGE,
        .pages = ATTRIBUTE_PAGES};
    rows_t rows = {pinpoint->pool,
                   apr_array_make(pinpoint->pool, 16, sizeof(afp_pinpoint_attribute_t))};

    if (afp_pinpoint_pages(pinpoint, &list, take_attribute, &rows, outcome))
        return NULL;
    return rows.array;
}

/* Adds the value as its key wants it. 0, or -1 if the text is no such value. */
static int add_value(struct json_object *attributes, const char *key, const char *value)
{
    struct json_object *json = NULL;
    long long number;

    if (*value != '\0' && !strcmp(key, "integer_value")) {
        if (afp_text_int64(value, &number))
            return -1;
        json = json_object_new_int64(number);
    } else if (*value != '\0') {
        json = json_object_new_string(value);
    }
    json_object_object_add(attributes, key, json);
    return 0;
}

void afp_pinpoint_attribute_set(const afp_pinpoint_t *pinpoint, const char *attribute_id,
                                const char *field_id, const char *application_id,
                                const char *value_key, const char *value, afp_outcome_t *outcome)
{
    apr_pool_t *pool = pinpoint->pool;
    struct json_object *attributes = json_object_new_object();
    afp_pinpoint_request_t request = {.permission = "Custom Attributes: Write"};
    afp_http_response_t response;

    if (add_value(attributes, value_key, value)) {
        json_object_put(attributes);
        afp_http_refuse(outcome, pinpoint->api->name, "a value for Pinpoint is not a number");
        return;
    }
    request.body = afp_pinpoint_document(ATTRIBUTE_TYPE, attribute_id, attributes);
    if (*attribute_id != '\0') {
        request.method = AFP_HTTP_PUT;
        request.repeat = AFP_HTTP_REPEATABLE;
        request.path =
            apr_pstrcat(pool, "/" ATTRIBUTE_TYPE "/", afp_text_url(pool, attribute_id), NULL);
    } else {
        request.method = AFP_HTTP_POST;
        request.repeat = AFP_HTTP_ONCE;
        request.path = "/" ATTRIBUTE_TYPE;
        afp_pinpoint_relate(request.body, "custom_field", "custom_fields", field_id);
        afp_pinpoint_relate(request.body, "custom_attributable", "applications", application_id);
    }
    afp_pinpoint_request(pinpoint, &request, &response, outcome);
}

/* --- the application itself ------------------------------------------------------------------- */

/* The application's path; what is read there is where it stands, and nothing personal. */
static const char *application_path(apr_pool_t *pool, const char *application_id)
{
    return apr_pstrcat(pool, "/applications/", afp_text_url(pool, application_id),
                       "?fields%5Bapplications%5D=hired_at,rejected_at,concealed"
                       "&" AFP_PINPOINT_ALL_VISIBILITIES,
                       NULL);
}

static void read_standing(struct json_object *document, const char *application_id,
                          afp_pinpoint_standing_t *standing, afp_outcome_t *outcome)
{
    const char *left = afp_application_left(document, application_id);

    if (left == NULL) {
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_OTHER_APPLICATION);
        return;
    }
    standing->left = left;
    standing->concealed = afp_application_is_concealed(document);
}

void afp_pinpoint_standing(const afp_pinpoint_t *pinpoint, const char *application_id,
                           afp_pinpoint_standing_t *standing, afp_outcome_t *outcome)
{
    struct json_object *document = afp_pinpoint_get(
        pinpoint, application_path(pinpoint->pool, application_id), "Application: Read", outcome);

    *standing = (afp_pinpoint_standing_t){.left = ""};
    if (document != NULL)
        read_standing(document, application_id, standing, outcome);
}

/* A resource without the document around it, which is released. */
static struct json_object *resource_of(struct json_object *document)
{
    struct json_object *resource = json_object_get(afp_json_at(document, "data"));

    json_object_put(document);
    return resource;
}

/* Names the attribute in what belongs to the application: by its id, or by the `place` of what is
 * to be made. Used for both ends, `resource` and the link to it. */
static void identify(apr_pool_t *pool, struct json_object *resource,
                     const afp_pinpoint_value_t *value, int place)
{
    if (*value->attribute_id != '\0')
        json_object_object_add(resource, "id", json_object_new_string(value->attribute_id));
    else
        json_object_object_add(resource, "temp-id",
                               json_object_new_string(apr_psprintf(pool, "new-%d", place)));
}

/* The link from the application to the attribute, with what is to become of it. */
static struct json_object *attribute_link(apr_pool_t *pool, const afp_pinpoint_value_t *value,
                                          int place)
{
    struct json_object *link = json_object_new_object();

    json_object_object_add(link, "type", json_object_new_string(ATTRIBUTE_TYPE));
    identify(pool, link, value, place);
    json_object_object_add(
        link, "method", json_object_new_string(*value->attribute_id != '\0' ? "update" : "create"));
    return link;
}

/* The attribute with its value; NULL if that is no number but has to be. */
static struct json_object *attribute_resource(apr_pool_t *pool, const afp_pinpoint_value_t *value,
                                              int place)
{
    struct json_object *attributes = json_object_new_object();
    struct json_object *document = afp_pinpoint_document(ATTRIBUTE_TYPE, "", attributes);
    struct json_object *resource;

    if (add_value(attributes, value->value_key, value->value)) {
        json_object_put(document);
        return NULL;
    }
    if (*value->attribute_id == '\0')
        afp_pinpoint_relate(document, "custom_field", "custom_fields", value->field_id);
    resource = resource_of(document);
    identify(pool, resource, value, place);
    return resource;
}

/* The application with these attributes beside it (contract 7, "side-posting"); NULL if one of the
 * values is no number but has to be. */
static struct json_object *side_posting(apr_pool_t *pool, const char *application_id,
                                        const afp_pinpoint_value_t *values, int count)
{
    struct json_object *document =
        afp_pinpoint_document("applications", application_id, json_object_new_object());
    struct json_object *relationships = json_object_new_object();
    struct json_object *relationship = json_object_new_object();
    struct json_object *links = json_object_new_array();
    struct json_object *included = json_object_new_array();

    json_object_object_add(relationship, "data", links);
    json_object_object_add(relationships, ATTRIBUTE_TYPE, relationship);
    json_object_object_add(afp_json_at(document, "data"), "relationships", relationships);
    json_object_object_add(document, "included", included);
    for (int i = 0; i < count; i++) {
        struct json_object *resource = attribute_resource(pool, &values[i], i + 1);

        if (resource == NULL) {
            json_object_put(document);
            return NULL;
        }
        json_object_array_add(included, resource);
        json_object_array_add(links, attribute_link(pool, &values[i], i + 1));
    }
    return document;
}

static int any_is_new(const afp_pinpoint_value_t *values, int count)
{
    for (int i = 0; i < count; i++) {
        if (*values[i].attribute_id == '\0')
            return 1;
    }
    return 0;
}

/* 1 if Pinpoint read the request and turned it down, for whatever reason: what the call asks of the
 * API key or of Pinpoint, the plain calls may not ask. */
static int is_turned_down(const afp_outcome_t *outcome)
{
    return outcome->kind == AFP_OUTCOME_MISSING || outcome->kind == AFP_OUTCOME_FORBIDDEN ||
           outcome->kind == AFP_OUTCOME_UNAUTHORIZED;
}

void afp_pinpoint_attributes_set(const afp_pinpoint_t *pinpoint, const char *application_id,
                                 const afp_pinpoint_value_t *values, int count,
                                 afp_pinpoint_standing_t *standing, afp_outcome_t *outcome)
{
    const afp_pinpoint_request_t request = {
        .method = AFP_HTTP_PUT,
        .repeat = any_is_new(values, count) ? AFP_HTTP_ONCE : AFP_HTTP_REPEATABLE,
        .path = application_path(pinpoint->pool, application_id),
        .body = side_posting(pinpoint->pool, application_id, values, count),
        .permission = "Application: Write and Custom Attributes: Write"};
    afp_http_response_t response;
    struct json_object *document;

    *standing = (afp_pinpoint_standing_t){.left = ""};
    if (request.body == NULL) {
        afp_http_refuse(outcome, pinpoint->api->name, "a value for Pinpoint is not a number");
        return;
    }
    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    if (is_turned_down(outcome))
        outcome->kind = AFP_OUTCOME_REFUSED;
    if (outcome->kind != AFP_OUTCOME_DONE)
        return;
    document = afp_http_json(&response, pinpoint->pool, outcome);
    if (document != NULL)
        read_standing(document, application_id, standing, outcome);
}

/* --- comments --------------------------------------------------------------------------------- */

static void take_comment(void *baton, struct json_object *row)
{
    const rows_t *rows = baton;
    const char *text = afp_pinpoint_text(rows->pool, row, "attributes.body_text");

    if (*text != '\0')
        APR_ARRAY_PUSH(rows->array, const char *) = text;
}

apr_array_header_t *afp_pinpoint_comments(const afp_pinpoint_t *pinpoint,
                                          const char *application_id, afp_outcome_t *outcome)
{
    const afp_pinpoint_list_t list = {
        .path = apr_pstrcat(pinpoint->pool,
                            "/comments"
                            "?filter%5Bcommentable_type%5D=Application"
                            "&filter%5Bcommentable_id%5D=",
                            afp_text_url(pinpoint->pool, application_id), "&sort=-id", NULL),
        .permission = "Comment: Read",
        .size = COMMENT_PAGE,
        .pages = COMMENT_PAGES,
        .cut = 1};
    rows_t rows = {pinpoint->pool, apr_array_make(pinpoint->pool, 16, sizeof(const char *))};

    if (afp_pinpoint_pages(pinpoint, &list, take_comment, &rows, outcome))
        return NULL;
    return rows.array;
}

void afp_pinpoint_comment_add(const afp_pinpoint_t *pinpoint, const char *application_id,
                              const char *text, afp_outcome_t *outcome)
{
    struct json_object *attributes = json_object_new_object();
    afp_pinpoint_request_t request = {.method = AFP_HTTP_POST,
                                      .repeat = AFP_HTTP_ONCE,
                                      .path = "/comments",
                                      .permission = "Comment: Write"};
    afp_http_response_t response;

    text = afp_text_shorten(pinpoint->pool, text, AFP_PINPOINT_COMMENT_LIMIT);
    json_object_object_add(attributes, "body_text", json_object_new_string(text));
    request.body = afp_pinpoint_document("comments", "", attributes);
    afp_pinpoint_relate(request.body, "commentable", "applications", application_id);
    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    if (outcome->kind == AFP_OUTCOME_LIMITED)
        outcome->sent = AFP_SENT_NOTHING;
    else if (outcome->kind == AFP_OUTCOME_BROKEN && outcome->sent == AFP_SENT_ANSWERED)
        outcome->sent = AFP_SENT_UNCERTAIN;
}
