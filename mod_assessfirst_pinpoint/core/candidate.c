#include "core/candidate.h"

#include "core/json.h"
#include "core/text.h"
#include "core/timestamp.h"

#include <apr_strings.h>
#include <string.h>

#define ID_LIMIT 64

/* 1 if `value` can be stored and sent as an id: a number, or 1 to ID_LIMIT printable ASCII
 * characters. */
static int is_id(struct json_object *value)
{
    const char *text = afp_json_text_at(value, "");
    size_t length = text != NULL ? strlen(text) : 0;

    if (json_object_is_type(value, json_type_int)) {
        return json_object_get_int64(value) >= 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f) {
            return 0;
        }
    }
    return length > 0 && length <= ID_LIMIT;
}

/* The first value at one of `paths` (ended by NULL) that is an id, or NULL. */
static struct json_object *find_id(struct json_object *root, const char *const *paths)
{
    for (; *paths != NULL; paths++) {
        struct json_object *value = afp_json_at(root, *paths);

        if (is_id(value)) {
            return value;
        }
    }
    return NULL;
}

/* What find_id found as text; "" for NULL. */
static const char *id_text(apr_pool_t *pool, struct json_object *value)
{
    const char *text = afp_json_text_at(value, "");

    if (text != NULL) {
        return apr_pstrdup(pool, text);
    }
    text = afp_json_id_at(pool, value, "");
    return text != NULL ? text : "";
}

static const char *const places_of_answer[] = {
    "uuid", "data.uuid", "candidate.uuid", "data.candidate.uuid", "user.uuid", "data.user.uuid",
    "id",   "data.id",   "candidate.id",   "data.candidate.id",   "user.id",   "data.user.id",
    NULL,
};

const char *afp_candidate_id(apr_pool_t *pool, struct json_object *document)
{
    return id_text(pool, find_id(document, places_of_answer));
}

/* 1 if there is a top-level `error`; null, false and "" say that there was none. */
static int says_error(struct json_object *document)
{
    struct json_object *error = NULL;

    if (json_object_is_type(document, json_type_object)) {
        error = afp_json_at(document, "error");
    }
    if (json_object_is_type(error, json_type_boolean)) {
        return json_object_get_boolean(error);
    }
    if (json_object_is_type(error, json_type_string)) {
        return json_object_get_string_len(error) > 0;
    }
    return error != NULL;
}

int afp_candidate_is_error(struct json_object *document)
{
    return says_error(document) && find_id(document, places_of_answer) == NULL;
}

/* 1 if a list says that it goes on on another page (contract assessfirst.md 6 and 8). */
static int has_more_pages(struct json_object *document)
{
    struct json_object *last_page = afp_json_at(document, "meta.last_page");

    /* json-c reads "2" as 2, which v1 sends. */
    return json_object_get_int64(last_page) > 1 || afp_json_at(document, "links.next") != NULL;
}

/* What holds the records in the answer to a look-up: an array, or one record itself. NULL if there
 * is neither. */
static struct json_object *records_of(struct json_object *document)
{
    struct json_object *data = NULL;

    if (!json_object_is_type(document, json_type_object) ||
        !json_object_object_get_ex(document, "data", &data)) {
        data = document;
    }
    return json_object_is_type(data, json_type_array) || json_object_is_type(data, json_type_object)
               ? data
               : NULL;
}

/* Finds the record of `email`: APR_SUCCESS and *found, NULL if it is not among them. APR_EINVAL if
 * that cannot be decided: a record that does not say its address may be anybody's, unless it is the
 * only one. */
static apr_status_t find_record(struct json_object *records, const char *email,
                                struct json_object **found)
{
    int is_list = json_object_is_type(records, json_type_array);
    size_t count = is_list ? json_object_array_length(records) : 1;
    int silent = 0;

    *found = NULL;
    for (size_t i = 0; i < count; i++) {
        struct json_object *record = is_list ? json_object_array_get_idx(records, i) : records;
        const char *its_email = afp_json_text_at(record, "email");

        if (!json_object_is_type(record, json_type_object)) {
            return APR_EINVAL;
        }
        if (its_email != NULL && afp_text_equal_but_case(its_email, email)) {
            *found = record;
            return APR_SUCCESS;
        }
        if (its_email == NULL) {
            silent = 1;
            *found = count == 1 && afp_json_at(record, "email") == NULL ? record : NULL;
        }
    }
    return silent && *found == NULL ? APR_EINVAL : APR_SUCCESS;
}

static void read_record(apr_pool_t *pool, struct json_object *record, afp_candidate_t *candidate)
{
    static const char *const ids[] = {"uuid",         "candidate.uuid", "user.uuid", "id",
                                      "candidate.id", "user.id",        NULL};
    static const char *const models[] = {"predictive_model.uuid", "predictive_model_uuid",
                                         "model.uuid", "target", NULL};
    static const char *const dates[] = {"invited_at", "invitation_date", "invitation.created_at",
                                        "invitation.sent_at", NULL};

    candidate->id = id_text(pool, find_id(record, ids));
    candidate->model_uuid = id_text(pool, find_id(record, models));
    for (const char *const *date = dates; *date != NULL; date++) {
        if (afp_timestamp_read(afp_json_text_at(record, *date), &candidate->invited_at) == 0) {
            break;
        }
    }
}

apr_status_t afp_candidate_read_lookup(apr_pool_t *pool, struct json_object *document,
                                       const char *email, afp_candidate_t *candidate)
{
    struct json_object *records = records_of(document);
    struct json_object *record;
    apr_status_t status;

    candidate->id = "";
    candidate->model_uuid = "";
    candidate->invited_at = 0;
    if (records == NULL || afp_candidate_is_error(document)) {
        return APR_EINVAL;
    }
    status = find_record(records, email, &record);
    if (status != APR_SUCCESS) {
        return status;
    }
    if (record == NULL) {
        return has_more_pages(document) ? APR_INCOMPLETE : APR_SUCCESS;
    }
    read_record(pool, record, candidate);
    return *candidate->id != '\0' ? APR_SUCCESS : APR_EINVAL;
}

int afp_candidate_proves(const afp_candidate_t *candidate, const char *model_uuid,
                         apr_time_t sending_at)
{
    if (*candidate->id == '\0') {
        return 0;
    }
    if (*model_uuid != '\0' && strcmp(candidate->model_uuid, model_uuid) == 0) {
        return 1;
    }
    return candidate->invited_at != 0 &&
           apr_time_sec(candidate->invited_at) >= apr_time_sec(sending_at);
}
