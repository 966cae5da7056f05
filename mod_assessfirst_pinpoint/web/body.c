#include "web/body.h"

#include <apr_buckets.h>
#include <apr_poll.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

/* The macros of APR's rings cast qualifiers away. */
#pragma GCC diagnostic ignored "-Wcast-qual"

#define READ_SIZE    16384
#define SLICE        APR_USEC_PER_SEC      /* mod_reqtimeout judges at each read */
#define STREAM_SLICE apr_time_from_msec(5) /* streams of HTTP/2 have no socket to wait for */

/* ---- what httpd would answer itself ---- */

/* A body that is not framed as HTTP describes it has httpd's filter send an error page in the
 * middle of the read. */
static ap_filter_rec_t *catcher;

/* Takes the error out of the answer; its status is for the reader, in `ctx`. */
static apr_status_t catch_error(ap_filter_t *filter, apr_bucket_brigade *brigade)
{
    int *status = filter->ctx;
    apr_bucket *bucket;

    for (bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
         bucket = APR_BUCKET_NEXT(bucket)) {
        if (AP_BUCKET_IS_ERROR(bucket)) {
            *status = ((ap_bucket_error *)bucket->data)->status;
            apr_brigade_cleanup(brigade);
            filter->r->eos_sent = 0; /* the end came with it */
            return AP_FILTER_ERROR;
        }
    }
    return ap_pass_brigade(filter->next, brigade);
}

void afp_body_register(void)
{
    catcher = ap_register_output_filter("AFP_BODY_ERROR", catch_error, NULL, AP_FTYPE_RESOURCE);
}

/* ---- reading ---- */

/* What a failed read means. AP_FILTER_ERROR: a filter has answered already. */
static int status_of_failure(apr_status_t rv)
{
    return APR_STATUS_IS_TIMEUP(rv) ? HTTP_REQUEST_TIME_OUT
                                    : ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
}

/* Waits until there may be something to read, at most until `deadline`. OK or 408. */
static int wait_for_more(request_rec *r, apr_time_t deadline)
{
    apr_interval_time_t left = deadline - apr_time_now();
    apr_pollfd_t source = {.p = r->pool, .desc_type = APR_POLL_SOCKET, .reqevents = APR_POLLIN};
    apr_int32_t ready;

    if (left <= 0) {
        return HTTP_REQUEST_TIME_OUT;
    }
    source.desc.s = r->connection->master ? NULL : ap_get_conn_socket(r->connection);
    if (source.desc.s) {
        (void)apr_poll(&source, 1, &ready, left < SLICE ? left : SLICE);
    } else {
        apr_sleep(left < STREAM_SLICE ? left : STREAM_SLICE);
    }
    return OK;
}

/* The first read tells who asked with "Expect: 100-continue" to go on only if it may block. */
static void tell_to_go_on(request_rec *r)
{
    int status = r->status;

    if (r->expecting_100) {
        r->status = HTTP_CONTINUE;
        ap_send_interim_response(r, 0);
        r->status = status;
    }
}

/* Reads without blocking and waits in between: a blocking read may wait for each byte anew. */
static int read_all(request_rec *r, apr_off_t limit, apr_time_t deadline, char **bytes,
                    apr_size_t *length)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_size_t size = READ_SIZE;
    char *buffer = apr_palloc(r->pool, size);
    apr_size_t used = 0;
    int ended = 0;

    tell_to_go_on(r);
    while (!ended) {
        apr_status_t rv = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES,
                                         APR_NONBLOCK_READ, READ_SIZE);
        apr_bucket *bucket;

        if (APR_STATUS_IS_EAGAIN(rv) || (rv == APR_SUCCESS && APR_BRIGADE_EMPTY(brigade))) {
            int status = wait_for_more(r, deadline);

            if (status != OK) {
                return status;
            }
            continue;
        }
        if (rv != APR_SUCCESS) {
            return status_of_failure(rv);
        }
        for (bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
             bucket = APR_BUCKET_NEXT(bucket)) {
            const char *data;
            apr_size_t data_length;

            if (APR_BUCKET_IS_EOS(bucket)) {
                ended = 1;
                break;
            }
            if (APR_BUCKET_IS_METADATA(bucket)) {
                continue;
            }
            rv = apr_bucket_read(bucket, &data, &data_length, APR_BLOCK_READ);
            if (rv != APR_SUCCESS) {
                return status_of_failure(rv);
            }
            if ((apr_off_t)(used + data_length) > limit) {
                return HTTP_REQUEST_ENTITY_TOO_LARGE;
            }
            if (used + data_length >= size) {
                char *larger;

                size = 2 * (used + data_length) + 1;
                larger = apr_palloc(r->pool, size);
                memcpy(larger, buffer, used);
                buffer = larger;
            }
            memcpy(buffer + used, data, data_length);
            used += data_length;
        }
        apr_brigade_cleanup(brigade);
        if (!ended && apr_time_now() > deadline) {
            return HTTP_REQUEST_TIME_OUT;
        }
    }
    buffer[used] = '\0';
    *bytes = buffer;
    *length = used;
    return OK;
}

/* 1 and *value if the client announced a length that can be read. */
static int announced_length(request_rec *r, apr_off_t *value)
{
    const char *text = apr_table_get(r->headers_in, "Content-Length");
    char *end;

    return text && apr_strtoff(value, text, &end, 10) == APR_SUCCESS && !*end;
}

int afp_body_read(request_rec *r, apr_off_t limit, apr_time_t deadline, afp_body_t *body)
{
    apr_off_t announced;
    char *bytes = NULL;
    int caught = OK;
    ap_filter_t *filter;
    int status;

    if (announced_length(r, &announced) && announced > limit) {
        return HTTP_REQUEST_ENTITY_TOO_LARGE;
    }
    filter = ap_add_output_filter_handle(catcher, &caught, r, r->connection);
    status = read_all(r, limit, deadline, &bytes, &body->length);
    ap_remove_output_filter(filter);
    body->bytes = bytes;
    return caught != OK ? caught : status;
}
