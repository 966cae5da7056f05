#ifndef AFP_REMOTE_HTTP_EXCHANGE_H
#define AFP_REMOTE_HTTP_EXCHANGE_H

#include "remote/anchors.h"
#include "remote/http.h"

#include <curl/curl.h>

/* One request and its answer while libcurl works on it: libcurl's options and callbacks. Private
 * to the HTTP client. Lives on the stack of one call. */

typedef struct {
    const afp_http_api_t *api;
    const afp_http_request_t *request;
    volatile apr_uint32_t *abort;
    afp_anchors_t *anchors; /* the client's */

    int addresses_refused; /* by public_addresses_only */
    int sockets_opened;
    int times_ready; /* how often a connection was ready for the request: > 0 means that the
                      * request may have been sent */

    int answer_begun;  /* a status line was read */
    int headers_ended; /* what follows is body or trailers */
    size_t header_bytes;
    char retry_after[64]; /* of the last answer; "" if absent */
    char *body;           /* malloc */
    size_t body_length;
    size_t body_capacity;
    apr_interval_time_t last_progress; /* monotonic */

    int aborted; /* why a callback ended the transfer */
    int stalled;
    int too_large;
    int out_of_memory;
    int ca_file_refused;

    char error[CURL_ERROR_SIZE];
} afp_http_exchange_t;

/* 1 if the api is configured with plain http. */
int afp_http_is_plain(const afp_http_api_t *api);

/* Sets every option for the exchange on `easy`, which is new or reset. The exchange and `headers`
 * must live until it is reset again. 0, or -1 if libcurl refuses an option: the call must not be
 * made then. */
int afp_http_exchange_prepare(afp_http_exchange_t *exchange, CURL *easy,
                              struct curl_slist *headers);

/* Fills kind, sent and words of a transfer that ended with `code` and without a complete answer.
 * Call before the handle is used again. */
void afp_http_exchange_failed(const afp_http_exchange_t *exchange, CURL *easy, CURLcode code,
                              apr_pool_t *pool, afp_outcome_t *outcome);

#endif
