#ifndef AFP_CORE_JSON_H
#define AFP_CORE_JSON_H

#include <apr_pools.h>
#include <apr_time.h>
#include <json.h>

/* JSON from outside, read tolerantly but never without limits. Any thread. */

#define AFP_JSON_DEPTH 32

/* Parses `length` bytes as one JSON value and nothing behind it but white space. Refuses NUL bytes,
 * invalid UTF-8 and nesting deeper than AFP_JSON_DEPTH. The value belongs to `pool` (released with
 * it). On failure, and for the value null, NULL, and *why is a constant English phrase such as
 * "not UTF-8". Of equal names in an object the last one counts. */
struct json_object *afp_json_parse(apr_pool_t *pool, const char *bytes, size_t length,
                                   const char **why);

/* Member at a dotted path ("data.application.id"; a number selects an array's element, "" is `root`
 * itself). NULL if any step is missing, of another type, JSON null, or longer than 127 bytes; also
 * if `root` is NULL. Borrowed from `root`. */
struct json_object *afp_json_at(struct json_object *root, const char *path);

/* The string at `path`, or NULL if there is none or it holds a NUL byte. Borrowed from `root`. */
const char *afp_json_text_at(struct json_object *root, const char *path);

/* An id at `path`: a non-negative integer number or a string of 1 to 20 digits, as decimal text
 * without leading zeros. NULL if it is absent or anything else (a fraction, 2^64 - 1 or more). */
const char *afp_json_id_at(apr_pool_t *pool, struct json_object *root, const char *path);

/* 1 if afp_json_id_at would give `id`. */
int afp_json_id_is(struct json_object *root, const char *path, const char *id);

/* 1 if the member at `path` is JSON true, otherwise 0. */
int afp_json_true_at(struct json_object *root, const char *path);

/* ---- writing ---- */

/* A new object, released with the pool; members that are added belong to it. */
struct json_object *afp_json_object(apr_pool_t *pool);

/* Adds a text; invalid UTF-8 in it becomes U+FFFD. With `_or_null`, "" becomes null. */
void afp_json_add_text(apr_pool_t *pool, struct json_object *object, const char *name,
                       const char *text);
void afp_json_add_text_or_null(apr_pool_t *pool, struct json_object *object, const char *name,
                               const char *text);

/* The same at the end of an array. */
void afp_json_append_text(apr_pool_t *pool, struct json_object *array, const char *text);

/* Adds a moment as RFC 3339 writes it, in UTC with microseconds; null for 0. */
void afp_json_add_time(apr_pool_t *pool, struct json_object *object, const char *name,
                       apr_time_t time);

/* The value as one line of text in `pool`. */
const char *afp_json_print(apr_pool_t *pool, struct json_object *value);

#endif
