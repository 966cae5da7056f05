#include "remote/http_exchange.h"

#include "core/version.h"
#include "remote/address.h"

#include <apr_atomic.h>

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#define FIRST_BODY_CAPACITY  16384
#define KEPT_CONNECTIONS     5L
#define KEPT_ANCHORS_SECONDS 3600L

static apr_interval_time_t monotonic_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

/* --- callbacks; each returns what makes libcurl end the transfer when it must ----------------- */

static curl_socket_t on_open_socket(void *baton, curlsocktype purpose,
                                    struct curl_sockaddr *address)
{
    afp_http_exchange_t *exchange = baton;
    curl_socket_t fd;

    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    if (exchange->api->public_addresses_only && exchange->api->proxy == NULL &&
        !afp_address_is_public(&address->addr, (socklen_t)address->addrlen)) {
        exchange->addresses_refused++;
        return CURL_SOCKET_BAD;
    }
    fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0)
        exchange->sockets_opened++;
    return fd;
}

static int is_aborted(afp_http_exchange_t *exchange)
{
    if (exchange->abort != NULL && apr_atomic_read32(exchange->abort) != 0)
        exchange->aborted = 1;
    return exchange->aborted;
}

/* Called when the connection is ready, TLS and a proxy's CONNECT included, and nothing of the
 * request was written yet. A second time means that libcurl repeats the request. */
static int on_ready(void *baton, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    afp_http_exchange_t *exchange = baton;

    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    if (is_aborted(exchange))
        return CURL_PREREQFUNC_ABORT;
    if (exchange->request->repeat == AFP_HTTP_ONCE && exchange->times_ready > 0)
        return CURL_PREREQFUNC_ABORT;
    exchange->times_ready++;
    return CURL_PREREQFUNC_OK;
}

static void begin_answer(afp_http_exchange_t *exchange)
{
    exchange->answer_begun = 1;
    exchange->headers_ended = 0;
    exchange->retry_after[0] = '\0';
}

/* The value of a repeated Retry-After is the last one's; one too long to be meant is none. */
static void keep_retry_after(afp_http_exchange_t *exchange, const char *value, size_t length)
{
    while (length > 0 && (*value == ' ' || *value == '\t')) {
        value++;
        length--;
    }
    while (length > 0 && strchr(" \t\r\n", value[length - 1]) != NULL)
        length--;
    if (length >= sizeof(exchange->retry_after))
        length = 0;
    memcpy(exchange->retry_after, value, length);
    exchange->retry_after[length] = '\0';
}

static size_t on_header(char *bytes, size_t size, size_t count, void *baton)
{
    static const char retry_after[] = "retry-after:";
    const size_t name_length = sizeof(retry_after) - 1;
    afp_http_exchange_t *exchange = baton;
    size_t length = size * count;

    exchange->header_bytes += length;
    if (exchange->header_bytes > AFP_HTTP_HEADER_LIMIT) {
        exchange->too_large = 1;
        return 0;
    }
    exchange->last_progress = monotonic_now();
    if (length >= 5 && !memcmp(bytes, "HTTP/", 5))
        begin_answer(exchange);
    else if (exchange->headers_ended)
        return length; /* a trailer */
    else if (length > 0 && (bytes[0] == '\r' || bytes[0] == '\n'))
        exchange->headers_ended = 1;
    else if (length > name_length && !strncasecmp(bytes, retry_after, name_length))
        keep_retry_after(exchange, bytes + name_length, length - name_length);
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *baton)
{
    afp_http_exchange_t *exchange = baton;
    size_t length = size * count;

    if (length > AFP_HTTP_BODY_LIMIT - exchange->body_length) {
        exchange->too_large = 1;
        return 0;
    }
    if (length > exchange->body_capacity - exchange->body_length) {
        size_t capacity = exchange->body_capacity ? exchange->body_capacity : FIRST_BODY_CAPACITY;
        char *larger;

        while (capacity < exchange->body_length + length)
            capacity *= 2;
        larger = realloc(exchange->body, capacity);
        if (larger == NULL) {
            exchange->out_of_memory = 1;
            return 0;
        }
        exchange->body = larger;
        exchange->body_capacity = capacity;
    }
    memcpy(exchange->body + exchange->body_length, bytes, length);
    exchange->body_length += length;
    exchange->last_progress = monotonic_now();
    return length;
}

/* libcurl calls this at least once a second, also when nothing moves. The time until the answer
 * begins is the remote's time to think and only bounded by the total: AssessFirst may take a
 * minute (contract assessfirst.md 3). From its first byte on a stall ends the call. */
static int on_progress(void *baton, curl_off_t download_total, curl_off_t downloaded,
                       curl_off_t upload_total, curl_off_t uploaded)
{
    afp_http_exchange_t *exchange = baton;

    (void)download_total;
    (void)downloaded;
    (void)upload_total;
    (void)uploaded;
    if (is_aborted(exchange))
        return 1;
    if (exchange->answer_begun &&
        monotonic_now() - exchange->last_progress > exchange->api->total_timeout / 3) {
        exchange->stalled = 1;
        return 1;
    }
    return 0;
}

/* The file of the system's trust anchors, or NULL if libcurl knows no file. */
static const char *system_anchors(void)
{
    return curl_version_info(CURLVERSION_NOW)->cainfo;
}

/* Fills the store of a connection, which libcurl leaves empty then, with the system's trust anchors
 * and the operator's. */
static CURLcode on_tls_context(CURL *easy, void *context, void *baton)
{
    afp_http_exchange_t *exchange = baton;
    X509_STORE *store = SSL_CTX_get_cert_store(context);

    (void)easy;
    exchange->ca_file_refused =
        afp_anchors_add(exchange->anchors, exchange->api->ca_file, store) != 0;
    if (exchange->ca_file_refused ||
        (system_anchors() != NULL &&
         afp_anchors_add(exchange->anchors, system_anchors(), store) != 0))
        return CURLE_SSL_CACERT_BADFILE;
    return CURLE_OK;
}

/* --- options ---------------------------------------------------------------------------------- */

int afp_http_is_plain(const afp_http_api_t *api)
{
    return !strncasecmp(api->base, "http://", 7);
}

static long milliseconds(apr_interval_time_t time)
{
    apr_interval_time_t ms = apr_time_as_msec(time);

    return ms < 1 ? 1L : (long)ms; /* libcurl takes 0 for "no limit" */
}

static int set_request(const afp_http_exchange_t *exchange, CURL *easy, struct curl_slist *headers)
{
    const afp_http_request_t *request = exchange->request;
    int failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_URL, request->url) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "mod_assessfirst_pinpoint/" AFP_VERSION) !=
              CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) != CURLE_OK;
    if (request->method == AFP_HTTP_POST || request->method == AFP_HTTP_PUT ||
        request->body != NULL) {
        const char *body = request->body != NULL ? request->body : "";

        failed |= curl_easy_setopt(easy, CURLOPT_POST, 1L) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body) != CURLE_OK;
        failed |=
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             (curl_off_t)(request->body ? request->body_length : 0)) != CURLE_OK;
    }
    if (request->method == AFP_HTTP_PUT)
        failed |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT") != CURLE_OK;
    if (request->method == AFP_HTTP_DELETE)
        failed |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE") != CURLE_OK;
    if (request->repeat == AFP_HTTP_ONCE) {
        failed |= curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) != CURLE_OK;
    }
    return failed;
}

/* The environment, .netrc and the like decide nothing: what libcurl would look up is set. */
static int set_network(const afp_http_exchange_t *exchange, CURL *easy)
{
    const afp_http_api_t *api = exchange->api;
    const char *protocol = afp_http_is_plain(api) ? "http" : "https";
    int failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocol) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PROXY, api->proxy ? api->proxy : "") != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "") != CURLE_OK;
    if (api->proxy != NULL) {
        failed |= curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) != CURLE_OK;
    }
    /* One request at a time on a connection: HTTP/2 would gain nothing, and libcurl repeats what
     * an HTTP/2 server refused. */
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, KEPT_CONNECTIONS) != CURLE_OK;
    return failed;
}

/* Parsing the system's trust anchors costs 20 ms of CPU time for each connection, so that a handle
 * keeps them for a while. libcurl does so only if it need not look into a directory besides the
 * file, and not together with anchors that a callback adds: then the client keeps them all. */
static int set_tls(afp_http_exchange_t *exchange, CURL *easy)
{
    int failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) != CURLE_OK;
    if (system_anchors() != NULL)
        failed |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) != CURLE_OK;
    if (exchange->api->ca_file == NULL) {
        failed |=
            curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, KEPT_ANCHORS_SECONDS) != CURLE_OK;
    } else {
        failed |= curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_CAINFO, NULL) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls_context) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, exchange) != CURLE_OK;
    }
    return failed;
}

static int set_limits(afp_http_exchange_t *exchange, CURL *easy)
{
    const afp_http_api_t *api = exchange->api;
    int failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) != CURLE_OK;
    /* A time-out or an abort does not wait for a resolver that hangs in getaddrinfo. */
    failed |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                               milliseconds(api->connect_timeout)) != CURLE_OK;
    failed |=
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(api->total_timeout)) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)AFP_HTTP_BODY_LIMIT) !=
              CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error) != CURLE_OK;
    return failed;
}

static int set_callbacks(afp_http_exchange_t *exchange, CURL *easy)
{
    int failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_XFERINFODATA, exchange) != CURLE_OK;
    return failed;
}

int afp_http_exchange_prepare(afp_http_exchange_t *exchange, CURL *easy, struct curl_slist *headers)
{
    if (set_request(exchange, easy, headers) || set_network(exchange, easy) ||
        set_tls(exchange, easy) || set_limits(exchange, easy) || set_callbacks(exchange, easy))
        return -1;
    return 0;
}
