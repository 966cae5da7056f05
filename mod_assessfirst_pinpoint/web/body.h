#ifndef AFP_WEB_BODY_H
#define AFP_WEB_BODY_H

#include <httpd.h>

typedef struct {
    const char *bytes; /* in r->pool, with a NUL behind the last byte */
    apr_size_t length;
} afp_body_t;

/* For register_hooks. */
void afp_body_register(void);

/* Reads the raw body of a request, at most `limit` bytes, until `deadline`. OK, or the status to
 * answer: 413 over the limit (by Content-Length or counted), 408 not received in time, 400 or
 * another error of httpd's own: broken; AP_FILTER_ERROR if a filter answered already: the handler
 * returns it and writes nothing. */
int afp_body_read(request_rec *r, apr_off_t limit, apr_time_t deadline, afp_body_t *body);

#endif
