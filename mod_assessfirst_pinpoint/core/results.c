#include "core/results_parts.h"

#include "core/candidate.h"
#include "core/json.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define ALL (AFP_BIT(AFP_QUESTIONNAIRES) - 1)

int afp_results_word(struct json_object *status)
{
    static const struct {
        const char *word;
        afp_progress_t progress;
    } words[] = {
        {"pending", AFP_PROGRESS_INVITED},     {"accepted", AFP_PROGRESS_INVITED},
        {"invited", AFP_PROGRESS_INVITED},     {"in_progress", AFP_PROGRESS_STARTED},
        {"in-progress", AFP_PROGRESS_STARTED}, {"in progress", AFP_PROGRESS_STARTED},
        {"started", AFP_PROGRESS_STARTED},     {"finish", AFP_PROGRESS_COMPLETED},
        {"finished", AFP_PROGRESS_COMPLETED},  {"complete", AFP_PROGRESS_COMPLETED},
        {"completed", AFP_PROGRESS_COMPLETED}, {"done", AFP_PROGRESS_COMPLETED},
        {"declined", AFP_PROGRESS_DECLINED},   {"refused", AFP_PROGRESS_DECLINED},
        {"rejected", AFP_PROGRESS_DECLINED},   {"expired", AFP_PROGRESS_EXPIRED},
    };
    const char *text = afp_json_text_at(status, "");

    for (size_t i = 0; text != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (afp_text_equal_but_case(text, words[i].word)) {
            return (int)words[i].progress;
        }
    }
    return -1;
}

static int is_pending(struct json_object *root)
{
    const char *status = afp_json_text_at(root, "status");

    return status != NULL && afp_text_equal_but_case(status, "pending");
}

/* `said` is what AssessFirst says itself, or -1. */
static void settle_progress(int said, afp_results_t *results)
{
    unsigned int done = results->finished & results->wanted;

    if (results->pending) {
        results->progress = AFP_PROGRESS_INVITED;
    } else if (said == AFP_PROGRESS_DECLINED || said == AFP_PROGRESS_EXPIRED) {
        results->progress = (afp_progress_t)said;
    } else if (said == AFP_PROGRESS_COMPLETED || done == results->wanted) {
        results->progress = AFP_PROGRESS_COMPLETED;
    } else if (said == AFP_PROGRESS_STARTED || done != 0) {
        results->progress = AFP_PROGRESS_STARTED;
    } else {
        results->progress = AFP_PROGRESS_INVITED;
    }
}

/* The object that is the candidate, or NULL. */
static struct json_object *root_of(struct json_object *document)
{
    struct json_object *data = NULL;

    if (!json_object_is_type(document, json_type_object) || afp_candidate_is_error(document)) {
        return NULL;
    }
    data = afp_json_at(document, "data");
    if (json_object_is_type(data, json_type_array)) {
        data = json_object_array_length(data) == 1 ? json_object_array_get_idx(data, 0) : NULL;
        return json_object_is_type(data, json_type_object) ? data : NULL;
    }
    return json_object_is_type(data, json_type_object) ? data : document;
}

/* 1 if there is anything that only a candidate has: missing members are no error, but an answer
 * without all of them is not the candidate who has not begun yet. */
static int is_candidate(struct json_object *root)
{
    static const char *const members[] = {"uuid",   "id",          "token",
                                          "email",  "assessments", "adequacies",
                                          "scores", "reports",     "adequacy"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (afp_json_at(root, members[i]) != NULL) {
            return 1;
        }
    }
    return afp_results_word(afp_json_at(root, "status")) >= 0;
}

/* Only what can be one: the token becomes a part of a path. */
static void read_token(struct json_object *root, afp_results_t *results)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *token = afp_json_text_at(root, "token");

    if (token != NULL && strlen(token) < sizeof(results->token) &&
        token[strspn(token, characters)] == '\0') {
        apr_cpystrn(results->token, token, sizeof(results->token));
    }
}

void afp_results_start(unsigned int wanted, afp_results_t *results)
{
    memset(results, 0, sizeof(*results));
    results->wanted = (wanted & ALL) != 0 ? wanted & ALL : afp_results_wanted(NULL);
    results->global = AFP_SCORE_NONE;
    for (int i = 0; i < AFP_QUESTIONNAIRES; i++) {
        results->scores[i] = AFP_SCORE_NONE;
    }
}

apr_status_t afp_results_read(apr_pool_t *pool, struct json_object *document,
                              const char *model_uuid, unsigned int wanted,
                              const apr_array_header_t *link_hosts, afp_results_t *results)
{
    struct json_object *root = root_of(document);
    int said;

    afp_results_start(wanted, results);
    if (!is_candidate(root)) {
        return APR_EINVAL;
    }
    said = afp_results_word(afp_json_at(root, "status"));
    afp_results_take_scores(root, said == AFP_PROGRESS_DECLINED ? "" : model_uuid, results);
    results->pending = is_pending(root);
    settle_progress(said, results);
    apr_cpystrn(results->link, afp_results_find_link(pool, root, link_hosts),
                sizeof(results->link));
    read_token(root, results);
    return APR_SUCCESS;
}

int afp_results_score_is_due(const afp_results_t *results, const char *model_uuid)
{
    return results->progress == AFP_PROGRESS_COMPLETED && *model_uuid != '\0' &&
           results->global == AFP_SCORE_NONE;
}

void afp_results_add_adequacies(struct json_object *document, const char *model_uuid,
                                afp_results_t *results)
{
    struct json_object *root = root_of(document);

    if (results->progress == AFP_PROGRESS_DECLINED) {
        return;
    }
    afp_results_take_adequacies(root, model_uuid, results);
    settle_progress((int)results->progress, results);
}
