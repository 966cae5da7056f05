#include "core/application.h"

#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

#define EMAIL_SHORTEST 6
#define EMAIL_LONGEST  254

static const char rejected[] = AFP_SENTENCE_REJECTED;
static const char hired[] = AFP_SENTENCE_HIRED;
static const char concealed[] = AFP_SENTENCE_CONCEALED;

static int text_is(struct json_object *root, const char *path, const char *expected)
{
    const char *text = afp_json_text_at(root, path);

    return text != NULL && strcmp(text, expected) == 0;
}

/* A copy of the text at `path`, trimmed; "" if there is none. */
static const char *copy_text(apr_pool_t *pool, struct json_object *root, const char *path)
{
    const char *text = afp_json_text_at(root, path);

    return text != NULL ? afp_text_trim(pool, text) : "";
}

/* The resource of `included` with this type and id (JSON:API 1.0, compound documents), or NULL. */
static struct json_object *find_included(apr_pool_t *pool, struct json_object *document,
                                         const char *type, const char *id)
{
    struct json_object *included = afp_json_at(document, "included");
    size_t count;

    if (id == NULL || !json_object_is_type(included, json_type_array)) {
        return NULL;
    }
    count = json_object_array_length(included);
    for (size_t i = 0; i < count; i++) {
        struct json_object *resource = json_object_array_get_idx(included, i);
        const char *its_id =
            text_is(resource, "type", type) ? afp_json_id_at(pool, resource, "id") : NULL;

        if (its_id != NULL && strcmp(its_id, id) == 0) {
            return resource;
        }
    }
    return NULL;
}

/* The id of a resource that `resource` refers to: in a relationship, or in an attribute. */
static const char *related_id(apr_pool_t *pool, struct json_object *resource,
                              const char *relationship, const char *attribute)
{
    const char *id = afp_json_id_at(pool, resource, relationship);

    return id != NULL ? id : afp_json_id_at(pool, resource, attribute);
}

/* The object at `path`, or the only element of an array there (contract pinpoint.md 15.11). */
static struct json_object *single(struct json_object *root, const char *path)
{
    struct json_object *value = afp_json_at(root, path);

    if (json_object_is_type(value, json_type_array) && json_object_array_length(value) == 1) {
        value = json_object_array_get_idx(value, 0);
    }
    return json_object_is_type(value, json_type_object) ? value : NULL;
}

static int is_rejected(struct json_object *data)
{
    return afp_json_at(data, "attributes.rejected_at") != NULL;
}

static int is_hired(struct json_object *data)
{
    return afp_json_at(data, "attributes.hired_at") != NULL;
}

static int is_concealed(struct json_object *data)
{
    return afp_json_true_at(data, "attributes.concealed");
}

/* The application `id` of a document, or NULL. */
static struct json_object *find_application(struct json_object *document, const char *id)
{
    struct json_object *data = single(document, "data");

    return afp_json_id_is(data, "id", id) && text_is(data, "type", "applications") ? data : NULL;
}

const afp_application_t *afp_application_read(apr_pool_t *pool, struct json_object *document,
                                              const char *id)
{
    struct json_object *data = find_application(document, id);
    afp_application_t *application;
    struct json_object *stage;
    const char *job_id;

    if (data == NULL) {
        return NULL;
    }
    stage =
        find_included(pool, document, "stages",
                      related_id(pool, data, "relationships.stage.data.id", "attributes.stage_id"));
    job_id = related_id(pool, data, "relationships.job.data.id", "attributes.job_id");

    application = apr_pcalloc(pool, sizeof(*application));
    application->id = apr_pstrdup(pool, id);
    application->job_id = job_id != NULL ? job_id : "";
    application->stage_name = copy_text(pool, stage, "attributes.name");
    application->email = copy_text(pool, data, "attributes.email");
    if (!afp_application_email_is_usable(application->email)) {
        application->email = "";
    }
    application->first_name = copy_text(pool, data, "attributes.first_name");
    application->last_name = copy_text(pool, data, "attributes.last_name");
    application->locale = copy_text(pool, data, "attributes.locale");
    application->rejected = is_rejected(data);
    application->hired = is_hired(data);
    application->demo = afp_json_true_at(data, "attributes.is_demo");
    application->concealed = is_concealed(data);
    return application;
}

/* 1 if the attribute `row` is a value of the field named `field`. */
static int is_of_field(apr_pool_t *pool, struct json_object *document, struct json_object *row,
                       const char *field)
{
    struct json_object *definition;

    if (strcmp(copy_text(pool, row, "attributes.field_name"), field) == 0) {
        return 1;
    }
    definition = find_included(pool, document, "custom_fields",
                               related_id(pool, row, "relationships.custom_field.data.id",
                                          "relationships.custom_fields.data.id"));
    return strcmp(copy_text(pool, definition, "attributes.name"), field) == 0;
}

const char *afp_application_attribute(apr_pool_t *pool, struct json_object *document,
                                      const char *field)
{
    struct json_object *list = afp_json_at(document, "data");
    const char *value = "";
    size_t count;

    if (!json_object_is_type(list, json_type_array)) {
        return NULL;
    }
    field = afp_text_trim(pool, field);
    count = json_object_array_length(list);
    for (size_t i = 0; i < count && *value == '\0'; i++) {
        struct json_object *row = json_object_array_get_idx(list, i);

        if (is_of_field(pool, document, row, field)) {
            value = copy_text(pool, row, "attributes.value");
        }
    }
    return value;
}

const char *afp_application_locale(const char *locale, const char *fallback)
{
    static const struct {
        const char *pinpoint;
        const char *assessfirst;
    } locales[] = {
        {"de", "de-DE"}, {"en", "en-US"}, {"es", "es-ES"},
        {"fr", "fr-FR"}, {"pt", "pt-PT"}, {"pt-BR", "pt-BR"},
    };

    for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
        if (afp_text_equal_but_case(locale, locales[i].pinpoint)) {
            return locales[i].assessfirst;
        }
    }
    return fallback;
}

/* 1 if no blank, control or character that separates addresses is in the valid UTF-8 `text`. */
static int has_only_address_characters(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned int code = 0;
        size_t step = afp_utf8_decode(text + at, length - at, &code);

        if (step == 0 || afp_utf8_is_control(code) || code == ' ' || code == 0xa0 ||
            (code < 0x80 && strchr("<>()[],;:\\\"", (int)code) != NULL)) {
            return 0;
        }
        at += step;
    }
    return 1;
}

/* 1 if `domain` has at least two labels, none of them empty. */
static int is_dotted_domain(const char *domain)
{
    int dots = 0;

    for (;; dots++) {
        size_t label = strcspn(domain, ".");

        if (label == 0) {
            return 0;
        }
        if (domain[label] == '\0') {
            return dots > 0;
        }
        domain += label + 1;
    }
}

int afp_application_email_is_usable(const char *email)
{
    const char *at = strchr(email, '@');
    size_t length = strlen(email);

    return length >= EMAIL_SHORTEST && length <= EMAIL_LONGEST && at != NULL && at != email &&
           strchr(at + 1, '@') == NULL && has_only_address_characters(email, length) &&
           is_dotted_domain(at + 1);
}

const char *afp_application_left(struct json_object *document, const char *id)
{
    struct json_object *data = find_application(document, id);

    if (data == NULL) {
        return NULL;
    }
    if (is_hired(data)) {
        return hired;
    }
    if (is_rejected(data)) {
        return rejected;
    }
    return is_concealed(data) ? concealed : "";
}

int afp_application_is_concealed(struct json_object *document)
{
    return is_concealed(single(document, "data"));
}

/* NULL if the application is in the stage `status`, otherwise why not. */
static const char *wrong_stage(apr_pool_t *pool, const char *stage, const char *status)
{
    stage = afp_text_trim(pool, stage);
    if (strcmp(stage, status) == 0) {
        return NULL;
    }
    if (*stage == '\0') {
        return apr_psprintf(pool, AFP_SENTENCE_STAGE_UNTOLD, status);
    }
    if (afp_text_equal_but_case(stage, status)) {
        return apr_psprintf(pool, AFP_SENTENCE_STAGE_CASE, stage, status);
    }
    return apr_psprintf(pool, AFP_SENTENCE_STAGE_OTHER, stage, status);
}

afp_check_t afp_application_check(apr_pool_t *pool, const afp_application_t *application,
                                  const char *status, int anyway, const char **reason)
{
    const char *found = NULL;

    status = afp_text_trim(pool, status);
    if (!anyway) {
        found = *status != '\0' ? wrong_stage(pool, application->stage_name, status) : NULL;
        if (found == NULL && application->rejected) {
            found = rejected;
        }
        if (found == NULL && application->hired) {
            found = hired;
        }
        if (found == NULL && application->demo) {
            found = AFP_SENTENCE_DEMO;
        }
    }
    if (found == NULL && application->concealed) {
        found = concealed;
    }
    if (found == NULL && *application->email == '\0') {
        found = AFP_SENTENCE_NO_EMAIL;
    }
    if (found == NULL) {
        return AFP_CHECK_INVITE;
    }
    *reason = found;
    return AFP_CHECK_SKIP;
}
