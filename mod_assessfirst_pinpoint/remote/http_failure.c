#include "remote/http_exchange.h"

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
        return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
        return "no route to the host";
    case ETIMEDOUT:
        return "the connection timed out";
    case ECONNRESET:
        return "connection reset";
    case EMFILE:
    case ENFILE:
        return "this server has no file descriptor left";
    default:
        return "no connection";
    }
}

static const char *tls_failure(const afp_http_exchange_t *exchange, apr_pool_t *pool,
                               const char *what)
{
    if (exchange->error[0] == '\0')
        return what;
    return apr_pstrcat(
        pool, what, " (",
        afp_text_remote_words(pool, exchange->error, strlen(exchange->error), NULL, 200), ")",
        NULL);
}

/* Why the connection never became ready. */
static const char *why_unreachable(const afp_http_exchange_t *exchange, CURL *easy, CURLcode code,
                                   apr_pool_t *pool)
{
    const afp_http_api_t *api = exchange->api;
    const char *host = host_of(pool, exchange->request->url);
    long connect_status = 0;

    if (exchange->addresses_refused > 0 && exchange->sockets_opened == 0)
        return apr_psprintf(pool, "the address of %s is not public", host);
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return apr_psprintf(pool, "the name %s cannot be resolved", host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "the name of the proxy cannot be resolved";
    case CURLE_COULDNT_CONNECT:
        return why_no_connection(easy);
    case CURLE_OPERATION_TIMEDOUT:
        return apr_psprintf(pool, "no connection within %s",
                            seconds(pool, api->connect_timeout < api->total_timeout
                                              ? api->connect_timeout
                                              : api->total_timeout));
    case CURLE_PEER_FAILED_VERIFICATION:
        return tls_failure(exchange, pool, "its certificate is not accepted");
    case CURLE_SSL_CACERT_BADFILE:
        if (exchange->ca_file_refused)
            return apr_psprintf(pool, "the file of %sCACertificateFile cannot be used", api->name);
        return "this server's own list of certification authorities cannot be read";
    case CURLE_SSL_CONNECT_ERROR:
        return tls_failure(exchange, pool, "no TLS connection");
    default:
        break;
    }
    if (api->proxy != NULL &&
        curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &connect_status) == CURLE_OK &&
        connect_status / 100 != 2 && connect_status != 0)
        return apr_psprintf(pool, "the proxy answered %ld", connect_status);
    return api->proxy != NULL ? "no connection through the proxy" : curl_easy_strerror(code);
}

/* What ended the call after the request may have gone out. */
static const char *why_unanswered(const afp_http_exchange_t *exchange, CURLcode code,
                                  apr_pool_t *pool)
{
    const char *time;

    if (exchange->out_of_memory || code == CURLE_OUT_OF_MEMORY)
        return "sent an answer for which this server has no memory";
    if (exchange->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return "sent an answer that is too large";
    if (exchange->stalled)
        return "did not finish its answer (it stalled)";
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT:
        time = seconds(pool, exchange->api->total_timeout);
        return apr_pstrcat(
            pool, exchange->answer_begun ? "did not finish its answer in " : "did not answer in ",
            time, NULL);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return "did not answer in HTTP";
    default:
        return exchange->answer_begun ? "broke its answer off"
                                      : "closed the connection without an answer";
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
        apr_snprintf(outcome->words, sizeof(outcome->words), "%s %s", name,
                     why_unanswered(exchange, code, pool));
    else
        apr_snprintf(outcome->words, sizeof(outcome->words), "%s could not be reached: %s", name,
                     why_unreachable(exchange, easy, code, pool));
}
