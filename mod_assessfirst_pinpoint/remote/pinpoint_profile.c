#include "remote/pinpoint_profile.h"

#include "core/json.h"
#include "core/text.h"
#include "remote/pinpoint_request.h"

#include <apr_strings.h>

#include <string.h>

#define ATTRIBUTE_PAGES 5 /* of 1000 */
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
    static const char type[] = "custom_attributes";
    apr_pool_t *pool = pinpoint->pool;
    struct json_object *attributes = json_object_new_object();
    afp_pinpoint_request_t request = {.permission = "Custom Attributes: Write"};
    afp_http_response_t response;

    if (add_value(attributes, value_key, value)) {
        json_object_put(attributes);
        afp_http_refuse(outcome, pinpoint->api->name, "a value for Pinpoint is not a number");
        return;
    }
    request.body = afp_pinpoint_document(type, attribute_id, attributes);
    if (*attribute_id != '\0') {
        request.method = AFP_HTTP_PUT;
        request.repeat = AFP_HTTP_REPEATABLE;
        request.path = apr_pstrcat(pool, "/", type, "/", afp_text_url(pool, attribute_id), NULL);
    } else {
        request.method = AFP_HTTP_POST;
        request.repeat = AFP_HTTP_ONCE;
        request.path = apr_pstrcat(pool, "/", type, NULL);
        afp_pinpoint_relate(request.body, "custom_field", "custom_fields", field_id);
        afp_pinpoint_relate(request.body, "custom_attributable", "applications", application_id);
    }
    afp_pinpoint_request(pinpoint, &request, &response, outcome);
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
