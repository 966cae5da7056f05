#include "core/json.h"

#include "core/text.h"

#include <apr_strings.h>
#include <limits.h>
#include <string.h>

/* The longest name of one step of a path; longer ones are not found. */
#define STEP_SIZE 128

#define ID_DIGITS 20

/* json-c's strict mode still takes quotes of the wrong kind, bare controls inside strings, NaN and
 * Infinity, and counts levels in its own way. Returns what is wrong, or NULL. */
static const char *find_fault(const char *bytes, size_t length)
{
    int depth = 0;
    int in_string = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (in_string) {
            if (c < 0x20) {
                return "not JSON";
            }
            if (c == '\\') {
                i++;
            }
            in_string = c != '"';
        } else if (c == '"') {
            in_string = 1;
        } else if (c == '\'' || c == 'N' || c == 'I') {
            return "not JSON";
        } else if (c == '{' || c == '[') {
            if (++depth > AFP_JSON_DEPTH) {
                return "nested too deeply";
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return NULL;
}

static apr_status_t release(void *object)
{
    json_object_put(object);
    return APR_SUCCESS;
}

struct json_object *afp_json_parse(apr_pool_t *pool, const char *bytes, size_t length,
                                   const char **why)
{
    struct json_tokener *tokener;
    struct json_object *root;

    if (length >= INT_MAX) {
        *why = "too long";
        return NULL;
    }
    if (length > 0 && memchr(bytes, '\0', length) != NULL) {
        *why = "holds a NUL byte";
        return NULL;
    }
    if (!afp_text_is_utf8(bytes, length)) {
        *why = "not UTF-8";
        return NULL;
    }
    *why = find_fault(bytes, length);
    if (*why != NULL) {
        return NULL;
    }
    tokener = json_tokener_new_ex(AFP_JSON_DEPTH + 1);
    if (tokener == NULL) {
        *why = "not enough memory";
        return NULL;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    root = json_tokener_parse_ex(tokener, bytes, (int)length);
    if (json_tokener_get_error(tokener) == json_tokener_continue) {
        /* A number or literal at the top ends with the text, which the tokener learns from a NUL.
         */
        root = json_tokener_parse_ex(tokener, "", 1);
    }
    json_tokener_free(tokener);
    if (root == NULL) {
        *why = "not JSON";
        return NULL;
    }
    apr_pool_cleanup_register(pool, root, release, apr_pool_cleanup_null);
    return root;
}

/* The index that a step of a path says, or -1 if it is no number. */
static long index_of(const char *step)
{
    long long index;

    return strlen(step) <= 9 && afp_text_int64(step, &index) == 0 ? (long)index : -1;
}

static struct json_object *member(struct json_object *parent, const char *step)
{
    struct json_object *child = NULL;

    if (json_object_is_type(parent, json_type_array)) {
        long index = index_of(step);

        return index >= 0 ? json_object_array_get_idx(parent, (size_t)index) : NULL;
    }
    if (json_object_is_type(parent, json_type_object)) {
        json_object_object_get_ex(parent, step, &child);
    }
    return child;
}

struct json_object *afp_json_at(struct json_object *root, const char *path)
{
    while (root != NULL && *path != '\0') {
        char step[STEP_SIZE];
        size_t length = strcspn(path, ".");

        if (length >= sizeof(step)) {
            return NULL;
        }
        memcpy(step, path, length);
        step[length] = '\0';
        root = member(root, step);
        path += length;
        if (*path == '.') {
            path++;
        }
    }
    return root;
}

const char *afp_json_text_at(struct json_object *root, const char *path)
{
    struct json_object *value = afp_json_at(root, path);
    const char *text;

    if (!json_object_is_type(value, json_type_string)) {
        return NULL;
    }
    text = json_object_get_string(value);
    return text != NULL && strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

/* The id at `path` as decimal text, in `number` or borrowed from `root`; NULL if there is none. */
static const char *id_text(struct json_object *root, const char *path, char number[ID_DIGITS + 1])
{
    struct json_object *value = afp_json_at(root, path);
    const char *text;
    size_t length;

    if (json_object_is_type(value, json_type_int)) {
        uint64_t id = json_object_get_uint64(value);

        /* json-c keeps the largest number in place of any that is larger still. */
        if (json_object_get_int64(value) < 0 || id == UINT64_MAX) {
            return NULL;
        }
        apr_snprintf(number, ID_DIGITS + 1, "%" APR_UINT64_T_FMT, (apr_uint64_t)id);
        return number;
    }
    text = afp_json_text_at(root, path);
    if (text == NULL) {
        return NULL;
    }
    length = strspn(text, "0123456789");
    if (length == 0 || length > ID_DIGITS || text[length] != '\0') {
        return NULL;
    }
    while (text[0] == '0' && text[1] != '\0') {
        text++;
    }
    return text;
}

const char *afp_json_id_at(apr_pool_t *pool, struct json_object *root, const char *path)
{
    char number[ID_DIGITS + 1];
    const char *text = id_text(root, path, number);

    return text != NULL ? apr_pstrdup(pool, text) : NULL;
}

int afp_json_id_is(struct json_object *root, const char *path, const char *id)
{
    char number[ID_DIGITS + 1];
    const char *text = id_text(root, path, number);

    return text != NULL && strcmp(text, id) == 0;
}

int afp_json_true_at(struct json_object *root, const char *path)
{
    struct json_object *value = afp_json_at(root, path);

    return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

/* ---- writing ---- */

struct json_object *afp_json_object(apr_pool_t *pool)
{
    struct json_object *object = json_object_new_object();

    apr_pool_cleanup_register(pool, object, release, apr_pool_cleanup_null);
    return object;
}

void afp_json_add_text(apr_pool_t *pool, struct json_object *object, const char *name,
                       const char *text)
{
    json_object_object_add(object, name, json_object_new_string(afp_text_utf8(pool, text)));
}

void afp_json_add_text_or_null(apr_pool_t *pool, struct json_object *object, const char *name,
                               const char *text)
{
    if (*text != '\0') {
        afp_json_add_text(pool, object, name, text);
    } else {
        json_object_object_add(object, name, NULL);
    }
}

void afp_json_append_text(apr_pool_t *pool, struct json_object *array, const char *text)
{
    json_object_array_add(array, json_object_new_string(afp_text_utf8(pool, text)));
}

void afp_json_add_time(apr_pool_t *pool, struct json_object *object, const char *name,
                       apr_time_t time)
{
    apr_time_exp_t parts;
    const char *text = "";

    if (time > 0 && apr_time_exp_gmt(&parts, time) == APR_SUCCESS) {
        text = apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900,
                            parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                            parts.tm_sec, parts.tm_usec);
    }
    afp_json_add_text_or_null(pool, object, name, text);
}

const char *afp_json_print(apr_pool_t *pool, struct json_object *value)
{
    return apr_pstrdup(pool, json_object_to_json_string_ext(
                                 value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}
