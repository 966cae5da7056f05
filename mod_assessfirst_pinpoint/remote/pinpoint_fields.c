#include "remote/pinpoint_fields.h"

#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"
#include "remote/pinpoint_request.h"

#include <apr_hash.h>
#include <apr_strings.h>

#include <string.h>

#define TYPE  "custom_fields"
#define PATH  "/custom_fields"
#define WRITE "Custom Field: Write"

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct {
    apr_pool_t *pool;
    apr_array_header_t *fields;
} fields_t;

static const apr_array_header_t *read_options(apr_pool_t *pool, struct json_object *row)
{
    struct json_object *list = afp_json_at(row, "attributes.options");
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    apr_array_header_t *options = apr_array_make(pool, (int)count, sizeof(const char *));

    for (size_t i = 0; i < count; i++) {
        const char *option = afp_json_text_at(json_object_array_get_idx(list, i), "");

        if (option != NULL)
            APR_ARRAY_PUSH(options, const char *) = apr_pstrdup(pool, option);
    }
    return options;
}

static void take_field(void *baton, struct json_object *row)
{
    const fields_t *fields = baton;
    apr_pool_t *pool = fields->pool;
    const char *id = afp_json_id_at(pool, row, "id");
    afp_pinpoint_field_t *field;

    if (id == NULL)
        return;
    field = apr_array_push(fields->fields);
    field->id = id;
    field->name = afp_pinpoint_text(pool, row, "attributes.name");
    field->resource_type = afp_pinpoint_text(pool, row, "attributes.resource_type");
    field->field_type = afp_pinpoint_text(pool, row, "attributes.field_type");
    field->options = read_options(pool, row);
    field->sample = afp_pinpoint_text(pool, row, "attributes.sample_value");
    field->description = afp_pinpoint_text(pool, row, "attributes.description");
}

apr_array_header_t *afp_pinpoint_field_list(const afp_pinpoint_t *pinpoint, afp_outcome_t *outcome)
{
    static const afp_pinpoint_list_t list = {.path = PATH,
                                             .permission = "Custom Field: Read",
                                             .size = AFP_PINPOINT_PAGE,
                                             .pages = AFP_PINPOINT_FIELD_PAGES};
    fields_t fields = {pinpoint->pool,
                       apr_array_make(pinpoint->pool, 16, sizeof(afp_pinpoint_field_t))};

    if (afp_pinpoint_pages(pinpoint, &list, take_field, &fields, outcome))
        return NULL;
    return fields.fields;
}

/* Ids are decimal numbers without leading zeros. */
static int is_lower(const char *id, const char *other)
{
    size_t length = strlen(id);
    size_t other_length = strlen(other);

    return length != other_length ? length < other_length : strcmp(id, other) < 0;
}

const afp_pinpoint_field_t *afp_pinpoint_field_of(const apr_array_header_t *fields,
                                                  const char *resource_type, const char *name)
{
    const afp_pinpoint_field_t *found = NULL;

    name = afp_text_trim(fields->pool, name);
    for (int i = 0; i < fields->nelts; i++) {
        const afp_pinpoint_field_t *field = &APR_ARRAY_IDX(fields, i, afp_pinpoint_field_t);

        if (!strcmp(field->resource_type, resource_type) && !strcmp(field->name, name) &&
            (found == NULL || is_lower(field->id, found->id)))
            found = field;
    }
    return found;
}

void afp_pinpoint_field_find(const afp_pinpoint_t *pinpoint, const char *resource_type,
                             const char *name, afp_pinpoint_field_t *field, afp_outcome_t *outcome)
{
    const apr_array_header_t *fields = afp_pinpoint_field_list(pinpoint, outcome);
    const afp_pinpoint_field_t *found =
        fields != NULL ? afp_pinpoint_field_of(fields, resource_type, name) : NULL;

    *field =
        (afp_pinpoint_field_t){.id = "",
                               .name = "",
                               .resource_type = "",
                               .field_type = "",
                               .options = apr_array_make(pinpoint->pool, 0, sizeof(const char *)),
                               .sample = "",
                               .description = ""};
    if (found != NULL)
        *field = *found;
}

/* --- writing ---------------------------------------------------------------------------------- */

static struct json_object *json_texts(const apr_array_header_t *texts)
{
    struct json_object *list = json_object_new_array();

    for (int i = 0; i < texts->nelts; i++)
        json_object_array_add(list, json_object_new_string(APR_ARRAY_IDX(texts, i, const char *)));
    return list;
}

static struct json_object *attributes_of(const afp_pinpoint_field_t *field)
{
    struct json_object *attributes = json_object_new_object();

    json_object_object_add(attributes, "name", json_object_new_string(field->name));
    json_object_object_add(attributes, "resource_type",
                           json_object_new_string(field->resource_type));
    json_object_object_add(attributes, "field_type", json_object_new_string(field->field_type));
    json_object_object_add(attributes, "sample_value", json_object_new_string(field->sample));
    if (field->options != NULL && field->options->nelts > 0)
        json_object_object_add(attributes, "options", json_texts(field->options));
    if (field->description != NULL && *field->description != '\0')
        json_object_object_add(attributes, "description",
                               json_object_new_string(field->description));
    return attributes;
}

static const char *path_of(const afp_pinpoint_t *pinpoint, const char *id)
{
    return apr_pstrcat(pinpoint->pool, PATH "/", afp_text_url(pinpoint->pool, id), NULL);
}

const char *afp_pinpoint_field_create(const afp_pinpoint_t *pinpoint,
                                      const afp_pinpoint_field_t *wanted, afp_outcome_t *outcome)
{
    const afp_pinpoint_request_t request = {
        .method = AFP_HTTP_POST,
        .repeat = AFP_HTTP_ONCE,
        .path = PATH,
        .body = afp_pinpoint_document(TYPE, "", attributes_of(wanted)),
        .permission = WRITE};
    afp_http_response_t response;
    struct json_object *document;
    const char *id;

    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    if (outcome->kind != AFP_OUTCOME_DONE)
        return NULL;
    document = afp_http_json(&response, pinpoint->pool, outcome);
    if (document == NULL)
        return NULL;
    id = afp_json_id_at(pinpoint->pool, document, "data.id");
    if (id == NULL)
        id = afp_json_id_at(pinpoint->pool, document, "data.0.id");
    if (id == NULL)
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_FIELD);
    return id;
}

void afp_pinpoint_field_set_options(const afp_pinpoint_t *pinpoint, const char *id,
                                    const apr_array_header_t *options, afp_outcome_t *outcome)
{
    struct json_object *attributes = json_object_new_object();
    afp_pinpoint_request_t request = {.method = AFP_HTTP_PUT,
                                      .repeat = AFP_HTTP_REPEATABLE,
                                      .path = path_of(pinpoint, id),
                                      .permission = WRITE};
    afp_http_response_t response;

    json_object_object_add(attributes, "options", json_texts(options));
    request.body = afp_pinpoint_document(TYPE, id, attributes);
    afp_pinpoint_request(pinpoint, &request, &response, outcome);
}

int afp_pinpoint_field_delete(const afp_pinpoint_t *pinpoint, const char *id,
                              afp_outcome_t *outcome)
{
    const afp_pinpoint_request_t request = {.method = AFP_HTTP_DELETE,
                                            .repeat = AFP_HTTP_REPEATABLE,
                                            .path = path_of(pinpoint, id),
                                            .permission = "Custom Field: Delete"};
    afp_http_response_t response;

    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    return outcome->kind == AFP_OUTCOME_DONE || outcome->kind == AFP_OUTCOME_MISSING;
}

/* --- values in use ---------------------------------------------------------------------------- */

typedef struct {
    apr_pool_t *pool;
    const char *field_id;
    apr_hash_t *seen;
    apr_array_header_t *values;
} values_t;

static void take_value(void *baton, struct json_object *row)
{
    const values_t *values = baton;
    const char *field_id = afp_pinpoint_field_id(values->pool, row);
    const char *value = afp_pinpoint_text(values->pool, row, "attributes.value");

    if (*value == '\0' || (*field_id != '\0' && strcmp(field_id, values->field_id) != 0) ||
        apr_hash_get(values->seen, value, APR_HASH_KEY_STRING) != NULL)
        return;
    apr_hash_set(values->seen, value, APR_HASH_KEY_STRING, value);
    APR_ARRAY_PUSH(values->values, const char *) = value;
}

apr_array_header_t *afp_pinpoint_job_values(const afp_pinpoint_t *pinpoint, const char *field_id,
                                            afp_outcome_t *outcome)
{
    static const afp_pinpoint_list_t list = {
        .path = "/custom_attributes?filter%5Bcustom_attributable_type%5D=Job&include=custom_field"
                "&sort=id",
        .permission = "Custom Attributes: Read and Custom Field: Read",
        .size = AFP_PINPOINT_PAGE,
        .pages = AFP_PINPOINT_VALUE_PAGES};
    values_t values = {pinpoint->pool, field_id, apr_hash_make(pinpoint->pool),
                       apr_array_make(pinpoint->pool, 16, sizeof(const char *))};

    if (afp_pinpoint_pages(pinpoint, &list, take_value, &values, outcome))
        return NULL;
    return values.values;
}
