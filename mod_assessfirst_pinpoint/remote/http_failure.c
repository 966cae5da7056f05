#include "remote/http_exchange.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>

#include <errno.h>
#include <string.h>

static const char *seconds(apr_pool_t *pool, apr_interval_time_t time)
{
    if (time % APR_USEC_PER_SEC == 0)
        return apr_psprintf(pool, "%" APR_TIME_T_FMT " s", apr_time_sec(time));
    return apr_psprintf(pool, "%.1f s", (double)time / APR_USEC_PER_SEC);
}

static const char *host_of(apr_pool_t *pool, const char *url)
{
    const char *host = strstr(url, "://");

    host = host != NULL ? host + 3 : url;
    return apr_pstrndup(pool, host, strcspn(host, "/?#"));
}

static const char *why_no_connection(CURL *easy)
{
    long system_error = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
    switch (system_error) {
    case ECONNREFUSED:
        return AFP_SENTENCE_REFUSED;
    case EHOSTUNREACH:
    case ENETUNREACH:
        return AFP_SENTENCE_NO_ROUTE;
    case ETIMEDOUT:
        return AFP_SENTENCE_TIMED_OUT;
    case ECONNRESET:
        return AFP_SENTENCE_RESET;
    case EMFILE:
    case ENFILE:
        return AFP_SENTENCE_NO_DESCRIPTOR;
    default:
        return AFP_SENTENCE_NO_CONNECTION;
    }
}

/* libcurl's words for a failure of TLS; "" if it has none. */
static const char *tls_words(const afp_http_exchange_t *exchange, apr_pool_t *pool)
{
    return afp_text_remote_words(pool, exchange->error, strlen(exchange->error), NULL, 200);
}

/* Why the connection never became ready. */
static const char *why_unreachable(const afp_http_exchange_t *exchange, CURL *easy, CURLcode code,
                                   apr_pool_t *pool)
{
    const afp_http_api_t *api = exchange->api;
    const char *host = host_of(pool, exchange->request->url);
    long connect_status = 0;
    const char *words;

    if (exchange->addresses_refused > 0 && exchange->sockets_opened == 0)
        return apr_psprintf(pool, AFP_SENTENCE_NOT_PUBLIC, host);
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return apr_psprintf(pool, AFP_SENTENCE_NO_NAME, host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return AFP_SENTENCE_NO_PROXY_NAME;
    case CURLE_COULDNT_CONNECT:
        return why_no_connection(easy);
    case CURLE_OPERATION_TIMEDOUT:
        return apr_psprintf(pool, AFP_SENTENCE_NOT_WITHIN,
                            seconds(pool, api->connect_timeout < api->total_timeout
                                              ? api->connect_timeout
                                              : api->total_timeout));
    case CURLE_PEER_FAILED_VERIFICATION:
        words = tls_words(exchange, pool);
        return *words != '\0' ? apr_psprintf(pool, AFP_SENTENCE_CERTIFICATE_WHY, words)
                              : AFP_SENTENCE_CERTIFICATE;
    case CURLE_SSL_CACERT_BADFILE:
        if (exchange->ca_file_refused)
            return apr_psprintf(pool, AFP_SENTENCE_CA_FILE, api->name);
        return AFP_SENTENCE_CA_LIST;
    case CURLE_SSL_CONNECT_ERROR:
        words = tls_words(exchange, pool);
        return *words != '\0' ? apr_psprintf(pool, AFP_SENTENCE_NO_TLS_WHY, words)
                              : AFP_SENTENCE_NO_TLS;
    default:
        break;
    }
    if (api->proxy != NULL &&
        curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &connect_status) == CURLE_OK &&
        connect_status / 100 != 2 && connect_status != 0)
        return apr_psprintf(pool, AFP_SENTENCE_PROXY_ANSWERED, connect_status);
    return api->proxy != NULL ? AFP_SENTENCE_NO_PROXY : curl_easy_strerror(code);
}

/* What ended the call after the request may have gone out. */
static const char *why_unanswered(const afp_http_exchange_t *exchange, CURLcode code,
                                  apr_pool_t *pool)
{
    const char *name = exchange->api->name;
    const char *time;

    if (exchange->out_of_memory || code == CURLE_OUT_OF_MEMORY)
        return apr_psprintf(pool, AFP_SENTENCE_NO_MEMORY, name);
    if (exchange->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return apr_psprintf(pool, AFP_SENTENCE_TOO_LARGE, name);
    if (exchange->stalled)
        return apr_psprintf(pool, AFP_SENTENCE_STALLED, name);
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT:
        time = seconds(pool, exchange->api->total_timeout);
        return exchange->answer_begun ? apr_psprintf(pool, AFP_SENTENCE_NO_WHOLE_ANSWER, name, time)
                                      : apr_psprintf(pool, AFP_SENTENCE_NO_ANSWER, name, time);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return apr_psprintf(pool, AFP_SENTENCE_NO_HTTP, name);
    default:
        return exchange->answer_begun ? apr_psprintf(pool, AFP_SENTENCE_BROKEN_OFF, name)
                                      : apr_psprintf(pool, AFP_SENTENCE_CLOSED, name);
    }
}

void afp_http_exchange_failed(const afp_http_exchange_t *exchange, CURL *easy, CURLcode code,
                              apr_pool_t *pool, afp_outcome_t *outcome)
{
    const char *name = exchange->api->name;

    outcome->kind = exchange->aborted ? AFP_OUTCOME_ABORTED : AFP_OUTCOME_BROKEN;
    outcome->sent = exchange->times_ready > 0 ? AFP_SENT_UNCERTAIN : AFP_SENT_NOTHING;
    if (exchange->aborted)
        apr_snprintf(outcome->words, sizeof(outcome->words),
                     "the call to %s was ended because this server is stopping", name);
    else if (exchange->times_ready > 0)
        apr_cpystrn(outcome->words, why_unanswered(exchange, code, pool), sizeof(outcome->words));
    else
        apr_snprintf(outcome->words, sizeof(outcome->words), AFP_SENTENCE_UNREACHABLE, name,
                     why_unreachable(exchange, easy, code, pool));
}
