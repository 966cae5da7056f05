#include "remote/assessfirst_request.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>

#include <string.h>

#define LIMIT_WAIT apr_time_from_sec(60) /* contract 3 */

/* `path` without the query parameter that ends before `end`. */
static const char *drop_parameter(apr_pool_t *pool, const char *path, const char *place,
                                  const char *end)
{
    const char *start = place;

    while (start > path && *start != '?' && *start != '&')
        start--;
    if (*start == '?' && *end == '&') {
        start++;
        end++;
    }
    return apr_pstrcat(pool, apr_pstrmemdup(pool, path, (apr_size_t)(start - path)), end, NULL);
}

const char *afp_assessfirst_fill(apr_pool_t *pool, const char *path, const char *name,
                                 const char *value)
{
    const char *place = strstr(path, name);
    const char *end = place != NULL ? place + strlen(name) : NULL;

    if (place == NULL)
        return path;
    if (*value == '\0' && strchr(path, '?') != NULL && strchr(path, '?') < place)
        return drop_parameter(pool, path, place, end);
    return apr_pstrcat(pool, apr_pstrmemdup(pool, path, (apr_size_t)(place - path)),
                       afp_text_url(pool, value), end, NULL);
}

const char *afp_assessfirst_address(const afp_assessfirst_t *assessfirst, const char *path,
                                    const char *locale, int page)
{
    apr_pool_t *pool = assessfirst->pool;
    const char *url = apr_pstrcat(pool, assessfirst->api->base, path, NULL);
    const char *separator = strchr(path, '?') != NULL ? "&" : "?";

    if (locale != NULL && *locale != '\0') {
        url = apr_pstrcat(pool, url, separator, "locale=", afp_text_url(pool, locale), NULL);
        separator = "&";
    }
    return page > 1 ? apr_psprintf(pool, "%s%spage=%d", url, separator, page) : url;
}

apr_table_t *afp_assessfirst_headers(const afp_assessfirst_t *assessfirst)
{
    apr_table_t *headers = apr_table_make(assessfirst->pool, 3);

    apr_table_setn(headers, "AF-Token", assessfirst->token);
    apr_table_setn(headers, "Accept", "application/json");
    return headers;
}

struct json_object *afp_assessfirst_get(const afp_assessfirst_t *assessfirst, const char *url,
                                        const char *email, apr_size_t *length,
                                        afp_outcome_t *outcome)
{
    const char *const hidden[] = {assessfirst->token, email, afp_text_url(assessfirst->pool, email),
                                  NULL};
    afp_http_request_t request = {.method = AFP_HTTP_GET, .repeat = AFP_HTTP_REPEATABLE};
    afp_http_response_t response;

    request.url = url;
    request.headers = afp_assessfirst_headers(assessfirst);
    afp_http_call(assessfirst->client, assessfirst->api, &request, assessfirst->pool, &response,
                  outcome);
    if (length != NULL)
        *length = response.body_length;
    if (outcome->kind == AFP_OUTCOME_DONE)
        return afp_http_json(&response, assessfirst->pool, outcome);
    afp_http_words(&response, hidden, assessfirst->pool, outcome);
    return NULL;
}

int afp_assessfirst_may_go_on(afp_assessfirst_more_t *more, void *baton, const char *what,
                              afp_outcome_t *outcome)
{
    if (more == NULL || more(baton))
        return 1;
    outcome->kind = AFP_OUTCOME_LIMITED;
    outcome->retry_after = LIMIT_WAIT;
    apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_BUDGET, what);
    return 0;
}
