#include "core/event.h"

#include "core/json.h"
#include "core/text.h"
#include "core/timestamp.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

/* Integers above it count milliseconds (contract pinpoint.md 15.3). */
#define LARGEST_SECONDS      100000000000LL
#define LARGEST_MILLISECONDS 253402300799999LL /* the end of the year 9999 */

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

const char *afp_event_normalise(apr_pool_t *pool, const char *name)
{
    char *normalised = apr_palloc(pool, 2 * strlen(name) + 1);
    char *end = normalised;

    for (const char *c = name; *c != '\0'; c++) {
        /* One word of "applicationCreated" ends before the capital. */
        if (is_upper(*c) && c > name && c[-1] >= 'a' && c[-1] <= 'z') {
            *end++ = '_';
        }
        if (is_upper(*c)) {
            *end++ = (char)(*c - 'A' + 'a');
        } else {
            *end++ = *c == '-' || *c == '.' || *c == ' ' ? '_' : *c;
        }
    }
    *end = '\0';
    return normalised;
}

static int is_listed(const apr_array_header_t *names, const char *name)
{
    for (int i = 0; names != NULL && i < names->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(names, i, const char *), name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* 1 if one part of `name` between underscores is one of `words` (ended by NULL). */
static int has_word(const char *name, const char *const *words)
{
    while (*name != '\0') {
        size_t length = strcspn(name, "_");

        for (const char *const *word = words; *word != NULL; word++) {
            if (strlen(*word) == length && strncmp(name, *word, length) == 0) {
                return 1;
            }
        }
        name += length;
        name += *name == '_';
    }
    return 0;
}

afp_event_kind_t afp_event_classify(const char *normalised, const afp_event_names_t *names)
{
    static const char *const other_subjects[] = {"onboarding",  "offer",   "interview",
                                                 "requisition", "comment", "background",
                                                 "assessment",  NULL};
    static const char *const stage[] = {"stage", NULL};
    static const char *const created[] = {"created", "new", "received", "submitted", NULL};
    static const char *const changed[] = {"moved", "move", "changed", "updated", NULL};
    static const char *const endings[] = {"hired",     "rejected", "unrejected", "deleted",
                                          "withdrawn", "archived", NULL};

    if (names != NULL && is_listed(names->new_application, normalised)) {
        return AFP_EVENT_NEW_APPLICATION;
    }
    if (names != NULL && is_listed(names->stage_changed, normalised)) {
        return AFP_EVENT_STAGE_CHANGED;
    }
    if (strstr(normalised, "application") == NULL || has_word(normalised, other_subjects)) {
        return AFP_EVENT_OTHER;
    }
    if (has_word(normalised, stage)) {
        return AFP_EVENT_STAGE_CHANGED;
    }
    if (has_word(normalised, created)) {
        return AFP_EVENT_NEW_APPLICATION;
    }
    if (has_word(normalised, changed)) {
        return AFP_EVENT_STAGE_CHANGED;
    }
    return has_word(normalised, endings) ? AFP_EVENT_OTHER : AFP_EVENT_APPLICATION_UNKNOWN;
}

/* Copies what of `name` may be stored and shown, at most AFP_EVENT_NAME_LIMIT bytes of it. */
static void store_name(char *stored, const char *name)
{
    size_t left = strlen(name);
    size_t used = 0;

    while (left > 0) {
        unsigned int code = 0;
        size_t length = afp_utf8_decode(name, left, &code);
        size_t step = length > 0 ? length : 1;

        if (length > 0 && !afp_utf8_is_control(code)) {
            if (used + length > AFP_EVENT_NAME_LIMIT) {
                break;
            }
            memcpy(stored + used, name, length);
            used += length;
        }
        name += step;
        left -= step;
    }
    stored[used] = '\0';
}

static void store_id(char stored[21], const char *id)
{
    apr_cpystrn(stored, id != NULL ? id : "", 21);
}

static apr_time_t time_at(struct json_object *root, const char *path)
{
    struct json_object *value = afp_json_at(root, path);
    apr_time_t time;

    if (json_object_is_type(value, json_type_int)) {
        int64_t number = json_object_get_int64(value);

        if (number < 0 || number > LARGEST_MILLISECONDS) {
            return 0;
        }
        return number > LARGEST_SECONDS ? apr_time_from_msec(number) : apr_time_from_sec(number);
    }
    return afp_timestamp_read(afp_json_text_at(root, path), &time) == 0 ? time : 0;
}

/* The first id found at one of `paths` (ended by NULL), or NULL. */
static const char *first_id(apr_pool_t *pool, struct json_object *root, const char *const *paths)
{
    const char *id = NULL;

    for (; id == NULL && *paths != NULL; paths++) {
        id = afp_json_id_at(pool, root, *paths);
    }
    return id;
}

static const char *application_id(apr_pool_t *pool, struct json_object *root)
{
    static const char *const places[] = {"data.application.id", "data.application_id", NULL};
    const char *id = first_id(pool, root, places);
    const char *type = afp_json_text_at(root, "data.type");

    if (id == NULL && type != NULL && strcmp(type, "applications") == 0) {
        id = afp_json_id_at(pool, root, "data.id");
    }
    return id;
}

apr_status_t afp_event_parse(afp_event_t *event, const char *body, size_t length,
                             const afp_event_names_t *names, apr_pool_t *pool, const char **why)
{
    static const char *const job_places[] = {"data.job.id", "data.job_id",
                                             "data.application.job_id", NULL};
    struct json_object *root = afp_json_parse(pool, body, length, why);
    const char *name;

    memset(event, 0, sizeof(*event));
    if (root == NULL) {
        return APR_EINVAL;
    }
    if (!json_object_is_type(root, json_type_object)) {
        *why = "not a JSON object";
        return APR_EINVAL;
    }
    name = afp_json_text_at(root, "event");
    if (name == NULL) {
        *why = "without a text in \"event\"";
        return APR_EINVAL;
    }
    name = afp_text_trim(pool, name);
    store_name(event->name, name);
    event->kind = afp_event_classify(afp_event_normalise(pool, name), names);
    store_id(event->application_id, application_id(pool, root));
    store_id(event->job_id, first_id(pool, root, job_places));
    event->triggered_at = time_at(root, "triggeredAt");
    if (event->triggered_at == 0) {
        event->triggered_at = time_at(root, "triggered_at");
    }
    return APR_SUCCESS;
}
