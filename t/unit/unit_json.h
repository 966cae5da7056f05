#ifndef AFP_UNIT_JSON_H
#define AFP_UNIT_JSON_H

#include "unit.h"

#include "core/json.h"

#include <string.h>

/* The value that `text`, which must be JSON, stands for; lives as long as the test's pool. */
static inline struct json_object *unit_json(apr_pool_t *pool, const char *text)
{
    const char *why = "";
    struct json_object *value = afp_json_parse(pool, text, strlen(text), &why);

    if (value == NULL) {
        fail_msg("%s: %s", why, text);
    }
    return value;
}

#endif
