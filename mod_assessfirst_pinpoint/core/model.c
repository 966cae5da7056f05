#include "core/model.h"

#include "core/json.h"
#include "core/results.h"
#include "core/text.h"
#include "core/utf8.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define UUID_LIMIT 64
#define UUID_SHOWN 8

/* Forms of afp_model_option. */
#define FORM_PLAIN 0
#define FORM_SHORT 1
#define FORM_WHOLE 2

/* U+2019, which word processors and browsers put in place of the apostrophe. */
#define CURLY_APOSTROPHE "\xe2\x80\x99"

int afp_model_is_none(const char *text)
{
    static const char before[] = "Don";
    static const char after[] = "t use a predictive model";

    if (strncmp(text, before, sizeof(before) - 1) != 0) {
        return 0;
    }
    text += sizeof(before) - 1;
    if (strncmp(text, CURLY_APOSTROPHE, 3) == 0) {
        return strcmp(text + 3, after) == 0;
    }
    return *text == '\'' && strcmp(text + 1, after) == 0;
}

/* `name` with each run of blanks, controls and line breaks as one blank, and none around it. */
static const char *on_one_line(apr_pool_t *pool, const char *name)
{
    size_t left = strlen(name);
    char *line = apr_palloc(pool, left + 1);
    char *to = line;

    while (left > 0) {
        unsigned int code = 0;
        size_t length = afp_utf8_decode(name, left, &code);
        int blank = length > 0 && afp_utf8_is_blank(code);

        if (!blank && length > 0) {
            memcpy(to, name, length);
            to += length;
        } else if (blank && to > line && to[-1] != ' ') {
            *to++ = ' ';
        }
        length = length > 0 ? length : 1;
        name += length;
        left -= length;
    }
    while (to > line && to[-1] == ' ') {
        to--;
    }
    *to = '\0';
    return line;
}

const char *afp_model_option(apr_pool_t *pool, const char *name, const char *uuid, int form)
{
    const char *line = on_one_line(pool, name);
    const char *suffix;

    switch (form) {
    case FORM_PLAIN:
        return afp_text_shorten(pool, line, AFP_MODEL_OPTION_LIMIT);
    case FORM_SHORT:
        suffix = apr_psprintf(pool, " (%.*s)", UUID_SHOWN, uuid);
        break;
    case FORM_WHOLE:
        suffix = apr_pstrcat(pool, " (", uuid, ")", NULL);
        break;
    default:
        suffix = apr_psprintf(pool, " (%s, %d)", uuid, form);
        break;
    }
    return apr_pstrcat(pool, afp_text_shorten(pool, line, AFP_MODEL_OPTION_LIMIT - strlen(suffix)),
                       suffix, NULL);
}

/* Gives every option that occurs twice, or that reads like the no-model choice, a longer suffix of
 * its uuid: none, 8 bytes, all. Returns how many were lengthened. Depends on the set of the models,
 * never on their order. */
static int lengthen_equal(apr_pool_t *pool, apr_array_header_t *models, int *forms)
{
    apr_hash_t *first_with = apr_hash_make(pool);
    char *equal = apr_pcalloc(pool, (apr_size_t)models->nelts + 1);
    int lengthened = 0;

    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);
        const int *first = apr_hash_get(first_with, model->option, APR_HASH_KEY_STRING);

        if (first != NULL) {
            equal[first - forms] = 1;
            equal[i] = 1;
        } else {
            apr_hash_set(first_with, model->option, APR_HASH_KEY_STRING, &forms[i]);
        }
        if (afp_model_is_none(model->option)) {
            equal[i] = 1;
        }
    }
    for (int i = 0; i < models->nelts; i++) {
        afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);

        if (equal[i] && forms[i] < FORM_WHOLE) {
            model->option = afp_model_option(pool, model->name, model->uuid, ++forms[i]);
            lengthened++;
        }
    }
    return lengthened;
}

/* 1 if `uuid` can be stored, sent and shown: 1 to UUID_LIMIT printable ASCII characters. */
static int uuid_is_usable(const char *uuid)
{
    size_t length = uuid != NULL ? strlen(uuid) : 0;

    for (size_t i = 0; i < length; i++) {
        if (uuid[i] <= 0x20 || uuid[i] >= 0x7f) {
            return 0;
        }
    }
    return length > 0 && length <= UUID_LIMIT;
}

apr_array_header_t *afp_models_read(apr_pool_t *pool, struct json_object *document)
{
    struct json_object *list = document;
    apr_array_header_t *models;
    apr_hash_t *seen;
    size_t count;

    if (json_object_is_type(document, json_type_object)) {
        list = afp_json_at(document, "error") == NULL ? afp_json_at(document, "data") : NULL;
    }
    if (!json_object_is_type(list, json_type_array)) {
        return NULL;
    }
    count = json_object_array_length(list);
    models = apr_array_make(pool, (int)count, sizeof(afp_model_t));
    seen = apr_hash_make(pool);
    for (size_t i = 0; i < count; i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        const char *uuid = afp_json_text_at(entry, "uuid");
        const char *name = afp_json_text_at(entry, "name");
        const char *line = name != NULL ? on_one_line(pool, name) : "";
        afp_model_t *model;

        if (!uuid_is_usable(uuid) || *line == '\0' ||
            apr_hash_get(seen, uuid, APR_HASH_KEY_STRING) != NULL) {
            continue;
        }
        model = apr_array_push(models);
        model->uuid = apr_pstrdup(pool, uuid);
        model->name = apr_pstrdup(pool, name);
        model->option = afp_model_option(pool, name, uuid, FORM_PLAIN);
        model->wanted = afp_results_wanted(entry);
        apr_hash_set(seen, model->uuid, APR_HASH_KEY_STRING, model->uuid);
    }
    if (models->nelts > 0) {
        int *forms = apr_pcalloc(pool, (apr_size_t)models->nelts * sizeof(*forms));

        /* A suffix may make an option equal to a third one, so until none is left. */
        while (lengthen_equal(pool, models, forms) > 0) {
        }
    }
    return models;
}

/* 1 if `value` is how the option of `model` reads, or once read, with or without a suffix. */
static int is_former_option(apr_pool_t *pool, const afp_model_t *model, const char *value)
{
    for (int form = FORM_PLAIN; form < FORM_WHOLE; form++) {
        if (strcmp(value, afp_model_option(pool, model->name, model->uuid, form)) == 0) {
            return 1;
        }
    }
    return strcmp(value, on_one_line(pool, model->name)) == 0;
}

afp_choice_t afp_models_choose(apr_pool_t *pool, const apr_array_header_t *models,
                               const char *value, const afp_model_t **model)
{
    const afp_model_t *found = NULL;
    int bearers = 0;

    value = afp_text_trim(pool, value);
    if (*value == '\0') {
        return AFP_CHOICE_NOTHING;
    }
    if (afp_model_is_none(value)) {
        return AFP_CHOICE_NONE;
    }
    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *candidate = &APR_ARRAY_IDX(models, i, afp_model_t);

        if (strcmp(candidate->option, value) == 0) {
            *model = candidate;
            return AFP_CHOICE_MODEL;
        }
        if (is_former_option(pool, candidate, value)) {
            found = candidate;
            bearers++;
        }
    }
    if (bearers != 1) {
        return AFP_CHOICE_UNKNOWN;
    }
    *model = found;
    return AFP_CHOICE_MODEL;
}
