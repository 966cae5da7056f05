#include "remote/http.h"

#include "core/backoff.h"
#include "core/reason.h"
#include "core/text.h"
#include "remote/http_exchange.h"

#include <apr_strings.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One libcurl handle for each API: it owns the kept connections, so that none made under one API's
 * rules (trust anchors, proxy, allowed addresses) is used under another's. */
typedef struct handle_t {
    const afp_http_api_t *api;
    CURL *easy; /* NULL after a failure, until the next call */
    struct handle_t *next;
} handle_t;

struct afp_http_client_t {
    apr_pool_t *pool;
    volatile apr_uint32_t *abort;
    afp_anchors_t *anchors;
    handle_t *handles; /* as many as APIs */
};

apr_status_t afp_http_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? APR_SUCCESS : APR_EGENERAL;
}

void afp_http_stop(void)
{
    curl_global_cleanup();
}

/* --- client ----------------------------------------------------------------------------------- */

static apr_status_t close_handles(void *baton)
{
    afp_http_client_t *client = baton;

    for (handle_t *handle = client->handles; handle != NULL; handle = handle->next) {
        curl_easy_cleanup(handle->easy);
        handle->easy = NULL;
    }
    return APR_SUCCESS;
}

afp_http_client_t *afp_http_client_make(apr_pool_t *pool, volatile apr_uint32_t *abort)
{
    afp_http_client_t *client = apr_pcalloc(pool, sizeof(*client));

    client->pool = pool;
    client->abort = abort;
    client->anchors = afp_anchors_make(pool);
    apr_pool_cleanup_register(pool, client, close_handles, apr_pool_cleanup_null);
    return client;
}

/* The API's handle with a living easy handle, or NULL if libcurl has no memory. */
static handle_t *handle_for(afp_http_client_t *client, const afp_http_api_t *api)
{
    handle_t *handle = client->handles;

    while (handle != NULL && handle->api != api)
        handle = handle->next;
    if (handle == NULL) {
        handle = apr_pcalloc(client->pool, sizeof(*handle));
        handle->api = api;
        handle->next = client->handles;
        client->handles = handle;
    }
    if (handle->easy == NULL)
        handle->easy = curl_easy_init();
    return handle->easy != NULL ? handle : NULL;
}

/* --- what is checked before anything is sent -------------------------------------------------- */

static int header_is_clean(const char *name, const char *value)
{
    if (*name == '\0')
        return 0;
    for (const char *c = name; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", *c) != NULL)
            return 0;
    }
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return 0;
    }
    return 1;
}

/* NULL, or the name of the first header that must not be sent. */
static const char *refused_header(const apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);

    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);

        if (!header_is_clean(entry->key, entry->val))
            return entry->key;
    }
    return NULL;
}

/* 1 if the URL names no port or 443. */
static int port_is_https(const char *url)
{
    CURLU *parsed = curl_url();
    char *port = NULL;
    int right = 0;

    if (parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        right = !strcmp(port, "443");
    curl_free(port);
    curl_url_cleanup(parsed);
    return right;
}

/* NULL, or why the call must not be made. */
static const char *breach(const afp_http_api_t *api, const afp_http_request_t *request,
                          apr_pool_t *pool)
{
    const char *header = request->headers != NULL ? refused_header(request->headers) : NULL;
    const char *why;

    if (header != NULL)
        return apr_psprintf(pool, "the header %s for %s holds characters that cannot be sent",
                            afp_text_log(pool, header, 64), api->name);
    if (afp_http_is_plain(api) && !afp_http_base_is_acceptable(pool, api->base, &why))
        return apr_psprintf(pool, "the address in %sAPI is not accepted: %s", api->name, why);
    if (api->proxy != NULL && !afp_http_proxy_is_acceptable(api->proxy, &why))
        return apr_psprintf(pool, "the address in PinpointProxy is not accepted: %s", why);
    if (api->public_addresses_only && !port_is_https(request->url))
        return apr_psprintf(pool, "%sAPI must use port 443", api->name);
    return NULL;
}

void afp_http_refuse(afp_outcome_t *outcome, const char *api, const char *words)
{
    memset(outcome, 0, sizeof(*outcome));
    outcome->kind = AFP_OUTCOME_REFUSED;
    outcome->sent = AFP_SENT_NOTHING;
    outcome->retry_after = -1;
    outcome->api = api;
    apr_cpystrn(outcome->words, words, sizeof(outcome->words));
}

/* --- the call --------------------------------------------------------------------------------- */

static int append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer == NULL)
        return -1;
    *list = longer;
    return 0;
}

/* The request's headers as libcurl takes them, for the caller to free. "Expect:" keeps libcurl from
 * asking for 100-continue: after a 417 it would send the request again. NULL without memory. */
static struct curl_slist *header_list(const apr_table_t *headers, apr_pool_t *pool)
{
    struct curl_slist *list = NULL;
    int failed = append(&list, "Expect:");

    if (headers != NULL) {
        const apr_array_header_t *entries = apr_table_elts(headers);

        for (int i = 0; i < entries->nelts && !failed; i++) {
            const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);

            /* libcurl writes "Name;" for a header with an empty value. */
            failed = append(&list, entry->val[0] != '\0'
                                       ? apr_pstrcat(pool, entry->key, ": ", entry->val, NULL)
                                       : apr_pstrcat(pool, entry->key, ";", NULL));
        }
    }
    if (failed) {
        curl_slist_free_all(list);
        return NULL;
    }
    return list;
}

static afp_outcome_kind_t kind_of_status(int status)
{
    switch (status) {
    case 401:
        return AFP_OUTCOME_UNAUTHORIZED;
    case 403:
        return AFP_OUTCOME_FORBIDDEN;
    case 404:
        return AFP_OUTCOME_MISSING;
    case 408: /* the remote's own time-out */
        return AFP_OUTCOME_BROKEN;
    case 429:
        return AFP_OUTCOME_LIMITED;
    default:
        break;
    }
    if (status >= 200 && status <= 299)
        return AFP_OUTCOME_DONE;
    return status >= 300 && status <= 499 ? AFP_OUTCOME_REFUSED : AFP_OUTCOME_BROKEN;
}

static void judge_answer(const afp_http_exchange_t *exchange, apr_pool_t *pool,
                         afp_http_response_t *response, afp_outcome_t *outcome)
{
    const char *name = exchange->api->name;

    outcome->kind = kind_of_status(outcome->status);
    outcome->sent = AFP_SENT_ANSWERED;
    if ((outcome->status == 429 || outcome->status == 503) && exchange->retry_after[0] != '\0')
        outcome->retry_after = afp_backoff_retry_after(exchange->retry_after, apr_time_now());
    if (outcome->status >= 300 && outcome->status <= 399)
        apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_ANSWERED_REDIRECT, name,
                     outcome->status, name);
    else
        apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_ANSWERED, name,
                     outcome->status);
    response->status = outcome->status;
    response->body = exchange->body_length > 0
                         ? apr_pstrmemdup(pool, exchange->body, exchange->body_length)
                         : "";
    response->body_length = exchange->body_length;
}

/* The path alone: a query may hold an e-mail. */
static const char *path_of(const char *url, apr_pool_t *pool)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? host + 3 + strcspn(host + 3, "/?#") : "";

    if (*path != '/')
        return "/";
    return afp_text_log(pool, apr_pstrndup(pool, path, strcspn(path, "?#")), 256);
}

static void log_call(const afp_http_api_t *api, const afp_http_request_t *request, CURL *easy,
                     const afp_outcome_t *outcome, apr_pool_t *pool)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    curl_off_t microseconds = 0;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    afp_log(api->logger, AFP_LOG_DEBUG,
            AFPNO(0201) "%s %s %s: status %d, %" CURL_FORMAT_CURL_OFF_T " ms%s%s", api->name,
            methods[request->method], path_of(request->url, pool), outcome->status,
            microseconds / 1000, outcome->sent == AFP_SENT_ANSWERED ? "" : ", ",
            outcome->sent == AFP_SENT_ANSWERED ? "" : outcome->words);
}

/* Performs the exchange on `handle`, which afterwards points to nothing of it. After a failure the
 * handle is made anew: a kept connection may be in any state then. */
static void perform(afp_http_exchange_t *exchange, handle_t *handle, struct curl_slist *headers,
                    apr_pool_t *pool, afp_http_response_t *response, afp_outcome_t *outcome)
{
    CURLcode code = CURLE_FAILED_INIT;
    long status = 0;

    if (afp_http_exchange_prepare(exchange, handle->easy, headers) == 0)
        code = curl_easy_perform(handle->easy);
    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &status);
    if (exchange->answer_begun && status >= 200)
        outcome->status = (int)status;
    /* libcurl is content with half a head before the connection's end. */
    if (code == CURLE_OK && exchange->headers_ended && outcome->status != 0)
        judge_answer(exchange, pool, response, outcome);
    else
        afp_http_exchange_failed(exchange, handle->easy, code, pool, outcome);
    log_call(exchange->api, exchange->request, handle->easy, outcome, pool);
    if (outcome->sent == AFP_SENT_ANSWERED) {
        curl_easy_reset(handle->easy);
    } else {
        curl_easy_cleanup(handle->easy);
        handle->easy = NULL;
    }
}

void afp_http_call(afp_http_client_t *client, const afp_http_api_t *api,
                   const afp_http_request_t *request, apr_pool_t *pool,
                   afp_http_response_t *response, afp_outcome_t *outcome)
{
    afp_http_exchange_t exchange = {
        .api = api, .request = request, .abort = client->abort, .anchors = client->anchors};
    const char *words = breach(api, request, pool);
    struct curl_slist *headers;
    handle_t *handle;

    memset(response, 0, sizeof(*response));
    response->body = "";
    afp_http_refuse(outcome, api->name, words != NULL ? words : "this server has no memory left");
    if (words != NULL)
        return;
    outcome->kind = AFP_OUTCOME_BROKEN;
    handle = handle_for(client, api);
    headers = header_list(request->headers, pool);
    if (handle != NULL && headers != NULL)
        perform(&exchange, handle, headers, pool, response, outcome);
    curl_slist_free_all(headers);
    free(exchange.body);
}
