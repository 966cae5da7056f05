#include "web/body.h"

#include <apr_buckets.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

#define READ_SIZE 16384

/* What a failed read means. Time-outs of mod_reqtimeout and of the socket look alike here. */
static int status_of_failure(request_rec *r, apr_status_t rv)
{
    int status;

    if (APR_STATUS_IS_TIMEUP(rv) || APR_STATUS_IS_EAGAIN(rv)) {
        return HTTP_REQUEST_TIME_OUT;
    }
    status = ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
    (void)r;
    return status == AP_FILTER_ERROR ? HTTP_BAD_REQUEST : status;
}

/* Reads on, as long as the deadline allows; the socket's own time-out bounds one read. */
static int read_all(request_rec *r, apr_off_t limit, apr_time_t deadline, char **bytes,
                    apr_size_t *length)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_size_t size = READ_SIZE;
    char *buffer = apr_palloc(r->pool, size);
    apr_size_t used = 0;
    int ended = 0;

    while (!ended) {
        apr_bucket *bucket;
        apr_status_t rv;

        if (apr_time_now() > deadline) {
            return HTTP_REQUEST_TIME_OUT;
        }
        rv = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ,
                            READ_SIZE);
        if (rv != APR_SUCCESS) {
            return status_of_failure(r, rv);
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
                return status_of_failure(r, rv);
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
    apr_socket_t *socket = r->connection->master ? NULL : ap_get_conn_socket(r->connection);
    apr_interval_time_t former = -1;
    apr_off_t announced;
    char *bytes = NULL;
    int status;

    if (announced_length(r, &announced) && announced > limit) {
        return HTTP_REQUEST_ENTITY_TOO_LARGE;
    }
    if (socket && apr_socket_timeout_get(socket, &former) == APR_SUCCESS) {
        apr_interval_time_t left = deadline - apr_time_now();

        apr_socket_timeout_set(socket, left > 0 ? left : 1);
    }
    status = read_all(r, limit, deadline, &bytes, &body->length);
    if (former >= 0) {
        apr_socket_timeout_set(socket, former);
    }
    body->bytes = bytes;
    return status;
}
