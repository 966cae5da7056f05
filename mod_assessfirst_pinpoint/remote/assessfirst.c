#include "remote/assessfirst.h"

#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"
#include "remote/assessfirst_invitation.h"
#include "remote/assessfirst_request.h"

#include <apr_strings.h>

#include <string.h>

/* As many pages as contract 6 lets us follow, of 50 entries as in AssessFirst's other list (8),
 * which take a quarter of the bytes. All pages are kept until the last one is read, and the models
 * are compared one by one with what stands at Pinpoint: neither may grow with what is answered. */
#define MODEL_PAGES 200
#define MODELS      10000
#define MODEL_BYTES (4 * AFP_HTTP_BODY_LIMIT)

/* --- predictive models ------------------------------------------------------------------------ */

/* The entries of a bare array or of {"data": [...]}; NULL if the document is neither, or an error
 * in a 2xx (contract 5). */
static struct json_object *entries_of(struct json_object *document)
{
    struct json_object *entries = document;

    if (json_object_is_type(document, json_type_object))
        entries = afp_json_at(document, "error") == NULL ? afp_json_at(document, "data") : NULL;
    return json_object_is_type(entries, json_type_array) ? entries : NULL;
}

static void append_entries(struct json_object *all, struct json_object *entries)
{
    for (size_t i = 0; i < json_object_array_length(entries); i++)
        json_object_array_add(all, json_object_get(json_object_array_get_idx(entries, i)));
}

/* 1 if a page behind `page` exists. `last_page` may be a number or a text (contract 6). */
static int has_next(apr_pool_t *pool, struct json_object *document, int page)
{
    const char *last = afp_json_id_at(pool, document, "meta.last_page");
    long long number;

    if (last != NULL && afp_text_int64(last, &number) == 0)
        return number > page;
    return afp_json_at(document, "links.next") != NULL;
}

/* A server that does not know `page` answers the same list for ever. */
static int is_repetition(struct json_object *entries, struct json_object *previous)
{
    return previous != NULL && json_object_equal(entries, previous);
}

static int too_long(const afp_assessfirst_t *assessfirst, size_t rows, afp_outcome_t *outcome)
{
    afp_http_unexpected(outcome,
                        apr_psprintf(assessfirst->pool, AFP_SENTENCE_BUT_LONG_LIST, (int)rows));
    return -1;
}

/* Collects the pages' entries in `all`. 0, or -1 and *outcome. */
static int read_pages(const afp_assessfirst_t *assessfirst, const char *locale,
                      afp_assessfirst_more_t *more, void *baton, struct json_object *all,
                      afp_outcome_t *outcome)
{
    struct json_object *previous = NULL;
    apr_size_t bytes = 0;

    for (int page = 1; page <= MODEL_PAGES; page++) {
        struct json_object *document, *entries;
        apr_size_t length;

        if (page > 1 && !afp_assessfirst_may_go_on(more, baton, "the list of models", outcome))
            return -1;
        document = afp_assessfirst_get(
            assessfirst,
            afp_assessfirst_address(assessfirst, assessfirst->routes->models_path, locale, page),
            "", &length, outcome);
        if (document == NULL)
            return -1;
        entries = entries_of(document);
        if (entries == NULL) {
            afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_MODELS);
            return -1;
        }
        if (is_repetition(entries, previous))
            return 0;
        append_entries(all, entries);
        if (json_object_array_length(all) > MODELS)
            return too_long(assessfirst, MODELS, outcome);
        if (json_object_array_length(entries) == 0 || !has_next(assessfirst->pool, document, page))
            return 0;
        previous = entries;
        bytes += length;
        if (bytes > MODEL_BYTES)
            break;
    }
    return too_long(assessfirst, json_object_array_length(all), outcome);
}

apr_array_header_t *afp_assessfirst_models(const afp_assessfirst_t *assessfirst, const char *locale,
                                           afp_assessfirst_more_t *more, void *baton,
                                           afp_outcome_t *outcome)
{
    struct json_object *all = json_object_new_array();
    apr_array_header_t *models = NULL;

    if (read_pages(assessfirst, locale, more, baton, all, outcome) == 0) {
        models = afp_models_read(assessfirst->pool, all);
        if (models == NULL)
            afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_MODELS);
    }
    json_object_put(all);
    return models;
}

/* --- invitation ------------------------------------------------------------------------------- */

/* Turns the answer into what it means for "was the invitation sent?" and returns the candidate's
 * id, or NULL. A 2xx whose body cannot be read was sent: the id is looked up later, the invitation
 * never repeated for its sake (contract 7). */
static const char *judge(const afp_http_response_t *response, const char *const *hidden,
                         apr_pool_t *pool, afp_outcome_t *outcome)
{
    struct json_object *document;
    const char *why;

    if (outcome->sent != AFP_SENT_ANSWERED)
        return NULL;
    afp_http_words(response, hidden, pool, outcome);
    if (response->status == 409) {
        outcome->kind = AFP_OUTCOME_DONE;
    } else if (outcome->kind == AFP_OUTCOME_LIMITED) {
        outcome->sent = AFP_SENT_NOTHING;
    } else if (outcome->kind == AFP_OUTCOME_BROKEN ||
               (response->status >= 300 && response->status <= 399)) {
        /* Who has taken a form may well answer with a redirect to what shows it. */
        outcome->sent = AFP_SENT_UNCERTAIN;
    }
    if (outcome->kind != AFP_OUTCOME_DONE)
        return NULL;
    document = afp_json_parse(pool, response->body, response->body_length, &why);
    if (document == NULL)
        return "";
    if (response->status != 409 && afp_candidate_is_error(document)) {
        outcome->kind = AFP_OUTCOME_REFUSED;
        return NULL;
    }
    return afp_candidate_id(pool, document);
}

const char *afp_assessfirst_invite(const afp_assessfirst_t *assessfirst,
                                   const afp_assessfirst_person_t *person, afp_outcome_t *outcome)
{
    apr_pool_t *pool = assessfirst->pool;
    const char *first_name = person->first_name != NULL ? person->first_name : "";
    const char *last_name = person->last_name != NULL ? person->last_name : "";
    const char *const hidden[] = {assessfirst->token,
                                  person->email,
                                  first_name,
                                  last_name,
                                  afp_text_url(pool, person->email),
                                  afp_text_url(pool, first_name),
                                  afp_text_url(pool, last_name),
                                  NULL};
    afp_http_request_t request = {.method = AFP_HTTP_POST, .repeat = AFP_HTTP_ONCE};
    afp_http_response_t response;
    afp_assessfirst_body_t body;

    if (afp_assessfirst_body(assessfirst->routes, person, pool, &body)) {
        afp_http_refuse(outcome, assessfirst->api->name, "this server gives no random numbers");
        outcome->kind = AFP_OUTCOME_BROKEN;
        return NULL;
    }
    request.url = afp_assessfirst_address(assessfirst, assessfirst->routes->invitation_path,
                                          person->locale, 1);
    request.headers = afp_assessfirst_headers(assessfirst);
    apr_table_setn(request.headers, "Content-Type", body.content_type);
    request.body = body.text;
    request.body_length = strlen(body.text);
    afp_http_call(assessfirst->client, assessfirst->api, &request, pool, &response, outcome);
    return judge(&response, hidden, pool, outcome);
}

/* --- look-up ---------------------------------------------------------------------------------- */

void afp_assessfirst_find(const afp_assessfirst_t *assessfirst, const char *email,
                          const char *locale, afp_candidate_t *candidate, afp_outcome_t *outcome)
{
    const char *path = afp_assessfirst_fill(assessfirst->pool, assessfirst->routes->lookup_path,
                                            AFP_ROUTE_EMAIL, email);
    struct json_object *document;
    struct json_object *entries;

    memset(candidate, 0, sizeof(*candidate));
    candidate->id = "";
    candidate->model_uuid = "";
    document = afp_assessfirst_get(
        assessfirst, afp_assessfirst_address(assessfirst, path, locale, 1), email, NULL, outcome);
    if (document == NULL)
        return;
    if (afp_candidate_read_lookup(assessfirst->pool, document, email, candidate) != APR_SUCCESS) {
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_CANDIDATES);
        return;
    }
    entries = entries_of(document);
    if (candidate->id[0] == '\0' && (entries == NULL || json_object_array_length(entries) > 0))
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_CANDIDATE);
}
