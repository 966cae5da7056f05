#include "remote/pinpoint_stages.h"

#include "core/json.h"
#include "core/settings.h"
#include "remote/pinpoint_request.h"

#include <apr_hash.h>
#include <apr_strings.h>

#include <string.h>

typedef struct {
    apr_pool_t *pool;
    apr_hash_t *seen;
    apr_array_header_t *names;
} stages_t;

static void take_job(void *baton, struct json_object *row)
{
    (void)baton;
    (void)row;
}

static void take_stage(void *baton, struct json_object *row)
{
    const stages_t *stages = baton;
    const char *type = afp_json_text_at(row, "type");
    const char *name;

    if (type == NULL || strcmp(type, "stages") != 0 || stages->names->nelts == AFP_PINPOINT_STAGES)
        return;
    name = afp_pinpoint_text(stages->pool, row, "attributes.name");
    if (*name == '\0' || strlen(name) > AFP_STATUS_LIMIT ||
        apr_hash_get(stages->seen, name, APR_HASH_KEY_STRING) != NULL)
        return;
    APR_ARRAY_PUSH(stages->names, const char *) = name;
    apr_hash_set(stages->seen, name, APR_HASH_KEY_STRING, name);
}

apr_array_header_t *afp_pinpoint_stage_names(const afp_pinpoint_t *pinpoint, afp_outcome_t *outcome)
{
    /* Whole jobs, descriptions and all: to leave out a job's attributes might leave out its stages
     * as well. */
    static const afp_pinpoint_list_t list = {
        .path = "/jobs?include=stages&filter%5Bvisibility%5D=external,internal,confidential"
                "&sort=-created_at",
        .permission = "Job: Read",
        .size = 25,
        .pages = 10,
        .cut = 1,
        .take_included = take_stage,
    };
    stages_t stages = {pinpoint->pool, apr_hash_make(pinpoint->pool),
                       apr_array_make(pinpoint->pool, 16, sizeof(const char *))};

    if (afp_pinpoint_pages(pinpoint, &list, take_job, &stages, outcome))
        return NULL;
    return stages.names;
}
