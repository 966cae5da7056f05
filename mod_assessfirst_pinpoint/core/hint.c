#include "core/hint.h"

#include "core/json.h"

#include <apr_strings.h>
#include <string.h>

static int is_id(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f) {
            return 0;
        }
    }
    return length > 0 && length <= AFP_HINT_ID_LIMIT;
}

/* The id that a text or a number could be, or NULL. */
static const char *id_of(apr_pool_t *pool, struct json_object *value)
{
    const char *text = afp_json_text_at(value, "");

    if (text == NULL) {
        return afp_json_id_at(pool, value, "");
    }
    return is_id(text) ? apr_pstrdup(pool, text) : NULL;
}

static void add_id(apr_array_header_t *ids, const char *id)
{
    for (int i = 0; i < ids->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(ids, i, const char *), id) == 0) {
            return;
        }
    }
    APR_ARRAY_PUSH(ids, const char *) = id;
}

/* One value on the way through the document. What holds others comes to the end of the queue, so
 * that whatever is less deep has its turn before. */
static void visit(apr_pool_t *pool, struct json_object *value, apr_array_header_t *queue,
                  apr_array_header_t *ids)
{
    const char *id;

    if (json_object_is_type(value, json_type_array) ||
        json_object_is_type(value, json_type_object)) {
        APR_ARRAY_PUSH(queue, struct json_object *) = value;
        return;
    }
    id = id_of(pool, value);
    if (id != NULL) {
        add_id(ids, id);
    }
}

static void visit_members(apr_pool_t *pool, struct json_object *holder, apr_array_header_t *queue,
                          apr_array_header_t *ids)
{
    if (json_object_is_type(holder, json_type_array)) {
        size_t count = json_object_array_length(holder);

        for (size_t i = 0; i < count && ids->nelts < AFP_HINT_IDS; i++) {
            visit(pool, json_object_array_get_idx(holder, i), queue, ids);
        }
    } else {
        struct json_object_iterator member = json_object_iter_begin(holder);
        struct json_object_iterator end = json_object_iter_end(holder);

        for (; !json_object_iter_equal(&member, &end) && ids->nelts < AFP_HINT_IDS;
             json_object_iter_next(&member)) {
            visit(pool, json_object_iter_peek_value(&member), queue, ids);
        }
    }
}

apr_array_header_t *afp_hint_ids(apr_pool_t *pool, const char *bytes, size_t length)
{
    apr_array_header_t *ids = apr_array_make(pool, 4, sizeof(const char *));
    apr_array_header_t *queue = apr_array_make(pool, 16, sizeof(struct json_object *));
    const char *why;
    struct json_object *document = afp_json_parse(pool, bytes, length, &why);

    if (document != NULL) {
        visit(pool, document, queue, ids);
    }
    for (int i = 0; i < queue->nelts && ids->nelts < AFP_HINT_IDS; i++) {
        visit_members(pool, APR_ARRAY_IDX(queue, i, struct json_object *), queue, ids);
    }
    return ids;
}
