#include "core/json.h"
#include "core/reason.h"
#include "core/text.h"
#include "remote/http.h"

#include <apr_strings.h>

#include <string.h>
#include <strings.h>

#define REMOTE_WORDS_LIMIT 400  /* leaves room for ours in AFP_OUTCOME_WORDS */
#define REMOTE_TEXT_LIMIT  1024 /* of a body that is not JSON */

/* The first text among the places where the two APIs, and what stands before them, put one
 * (contracts pinpoint.md 2.1, assessfirst.md 5). */
static const char *text_of_document(struct json_object *document)
{
    static const char *const places[] = {"errors.0.detail", "errors.0.title", "message",
                                         "error.message",   "error",          "detail"};
    struct json_object *errors = afp_json_at(document, "errors");

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *text = afp_json_text_at(document, places[i]);

        if (text != NULL && *text != '\0')
            return text;
    }
    if (json_object_is_type(errors, json_type_object)) {
        json_object_object_foreach(errors, field, messages)
        {
            (void)field;
            if (json_object_is_type(messages, json_type_string))
                return json_object_get_string(messages);
            if (afp_json_text_at(messages, "0") != NULL)
                return afp_json_text_at(messages, "0");
        }
    }
    return NULL;
}

/* A gateway's page says what matters in its title; the rest is not for an administrator. */
static const char *title_of_page(const char *page, apr_pool_t *pool)
{
    const char *title = strcasestr(page, "<title");
    const char *end;

    title = title != NULL ? strchr(title, '>') : NULL;
    end = title != NULL ? strchr(title, '<') : NULL;
    return end != NULL ? apr_pstrmemdup(pool, title + 1, (apr_size_t)(end - title - 1)) : "";
}

/* Broken JSON is no text for people, and what must be hidden could stand in it as \u escapes. */
static const char *text_of_body(const afp_http_response_t *response, apr_pool_t *pool)
{
    apr_size_t length =
        response->body_length < REMOTE_TEXT_LIMIT ? response->body_length : REMOTE_TEXT_LIMIT;
    const char *text = apr_pstrmemdup(pool, response->body, length);

    text += strspn(text, " \t\r\n");
    if (*text == '<')
        return title_of_page(text, pool);
    return *text == '{' || *text == '[' ? "" : text;
}

static const char *remote_text(const afp_http_response_t *response, apr_pool_t *pool)
{
    const char *why;
    struct json_object *document =
        afp_json_parse(pool, response->body, response->body_length, &why);
    const char *text = document != NULL ? text_of_document(document) : NULL;

    if (text != NULL)
        return text;
    if (json_object_is_type(document, json_type_object) ||
        json_object_is_type(document, json_type_array))
        return "";
    return text_of_body(response, pool);
}

void afp_http_words(const afp_http_response_t *response, const char *const *hidden,
                    apr_pool_t *pool, afp_outcome_t *outcome)
{
    const char *text;

    if (outcome->sent != AFP_SENT_ANSWERED || (response->status >= 300 && response->status <= 399))
        return;
    text = remote_text(response, pool);
    text = afp_text_remote_words(pool, text, strlen(text), hidden, REMOTE_WORDS_LIMIT);
    if (*text != '\0')
        apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_ANSWERED_WORDS,
                     outcome->api, response->status, text);
    else
        apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_ANSWERED, outcome->api,
                     response->status);
}

void afp_http_unexpected(afp_outcome_t *outcome, const char *what)
{
    outcome->kind = AFP_OUTCOME_BROKEN;
    apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_ANSWERED_BUT, outcome->api,
                 outcome->status, what);
}

struct json_object *afp_http_json(const afp_http_response_t *response, apr_pool_t *pool,
                                  afp_outcome_t *outcome)
{
    const char *why = "";
    struct json_object *document =
        afp_json_parse(pool, response->body, response->body_length, &why);

    if (document == NULL)
        afp_http_unexpected(outcome, apr_psprintf(pool, AFP_SENTENCE_BUT_NO_JSON, why));
    return document;
}
