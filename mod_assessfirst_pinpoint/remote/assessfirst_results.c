#include "remote/assessfirst_results.h"

#include "core/json.h"
#include "core/reason.h"
#include "remote/assessfirst_request.h"

#include <string.h>
#include <strings.h>

/* What one reading is about: the arguments of afp_assessfirst_results. */
typedef struct {
    const afp_assessfirst_t *assessfirst;
    const char *candidate_id;
    const char *model_uuid;
    const char *locale;
    const apr_array_header_t *link_hosts;
    unsigned int wanted;
    afp_assessfirst_more_t *more;
    void *baton;
} reading_t;

/* GETs a route with the candidate's id or token in place of `name`. */
static struct json_object *get(const reading_t *reading, const char *path, const char *name,
                               const char *value, afp_outcome_t *outcome)
{
    const afp_assessfirst_t *assessfirst = reading->assessfirst;

    path = afp_assessfirst_fill(assessfirst->pool, path, AFP_ROUTE_MODEL, reading->model_uuid);
    path = afp_assessfirst_fill(assessfirst->pool, path, name, value);
    return afp_assessfirst_get(assessfirst,
                               afp_assessfirst_address(assessfirst, path, reading->locale, 1), "",
                               NULL, outcome);
}

static int may_go_on(const reading_t *reading, afp_outcome_t *outcome)
{
    return afp_assessfirst_may_go_on(reading->more, reading->baton, "a candidate's results",
                                     outcome);
}

/* 1 if the document says whose it is, and that is somebody else. */
static int is_of_another(apr_pool_t *pool, struct json_object *document, const char *candidate_id)
{
    static const char *const places[] = {"uuid",    "id",          "data.uuid",
                                         "data.id", "data.0.uuid", "data.0.id"};
    int named = 0;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *id = afp_json_text_at(document, places[i]);

        if (id == NULL)
            id = afp_json_id_at(pool, document, places[i]);
        if (id != NULL && !strcasecmp(id, candidate_id))
            return 0;
        named |= id != NULL;
    }
    return named;
}

/* 0, or -1 and *outcome. */
static int read_candidate(const reading_t *reading, struct json_object *document,
                          afp_results_t *results, afp_outcome_t *outcome)
{
    apr_pool_t *pool = reading->assessfirst->pool;

    if (is_of_another(pool, document, reading->candidate_id) ||
        afp_results_read(pool, document, reading->model_uuid, reading->wanted, reading->link_hosts,
                         results) != APR_SUCCESS) {
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_OTHER_CANDIDATE);
        return -1;
    }
    return 0;
}

/* The first version keeps the scores apart, below the candidate's public token. */
static void read_adequacies(const reading_t *reading, afp_results_t *results,
                            afp_outcome_t *outcome)
{
    struct json_object *document;

    if (!may_go_on(reading, outcome))
        return;
    document = get(reading, reading->assessfirst->routes->adequacies_v1_path, AFP_ROUTE_TOKEN,
                   results->token, outcome);
    if (outcome->kind == AFP_OUTCOME_MISSING)
        outcome->kind = AFP_OUTCOME_DONE;
    if (document != NULL)
        afp_results_add_adequacies(document, reading->model_uuid, results);
}

static void read_first_version(const reading_t *reading, afp_results_t *results,
                               afp_outcome_t *outcome)
{
    struct json_object *document;

    if (!may_go_on(reading, outcome))
        return;
    document = get(reading, reading->assessfirst->routes->candidate_v1_path, AFP_ROUTE_UUID,
                   reading->candidate_id, outcome);
    if (document == NULL || read_candidate(reading, document, results, outcome))
        return;
    if (*reading->model_uuid != '\0' && results->token[0] != '\0' &&
        results->progress != AFP_PROGRESS_DECLINED && results->progress != AFP_PROGRESS_EXPIRED)
        read_adequacies(reading, results, outcome);
}

void afp_assessfirst_results(const afp_assessfirst_t *assessfirst, const char *candidate_id,
                             const char *model_uuid, const char *locale,
                             const apr_array_header_t *link_hosts, unsigned int wanted,
                             afp_assessfirst_more_t *more, void *baton, afp_results_t *results,
                             afp_outcome_t *outcome)
{
    const reading_t reading = {assessfirst, candidate_id, model_uuid, locale,
                               link_hosts,  wanted,       more,       baton};
    struct json_object *document;

    memset(results, 0, sizeof(*results));
    if (*candidate_id == '\0') {
        afp_http_refuse(outcome, assessfirst->api->name, "the candidate's id is not known");
        return;
    }
    document =
        get(&reading, assessfirst->routes->candidate_path, AFP_ROUTE_UUID, candidate_id, outcome);
    if (document != NULL)
        read_candidate(&reading, document, results, outcome);
    else if (outcome->kind == AFP_OUTCOME_MISSING)
        read_first_version(&reading, results, outcome);
}
