#ifndef AFP_WEB_ANSWER_H
#define AFP_WEB_ANSWER_H

#include <httpd.h>
#include <json.h>

/* Answers that the module writes itself, so that a site's ErrorDocument does not replace them. */

/* application/problem+json (RFC 9457): `title` and `detail` are our words, never the client's
 * bytes. Sets the status and returns OK. Errors that leave a body unread close the connection. */
int afp_answer_problem(request_rec *r, int status, const char *title, const char *detail);

/* The problem of a body that afp_body_read did not read: `status` is what that said, neither OK nor
 * AP_FILTER_ERROR, `limit` the most bytes of it; the time is that of all these handlers. */
int afp_answer_unread(request_rec *r, int status, apr_off_t limit);

/* afp_answer_problem with a further member `errors`, which the problem takes over; NULL: without.
 */
int afp_answer_problem_with(request_rec *r, int status, const char *title, const char *detail,
                            struct json_object *errors);

/* application/json. `json` stays the caller's. Returns OK. */
int afp_answer_json(request_rec *r, int status, struct json_object *json);

/* A document that is finished already. Returns OK. */
int afp_answer_bytes(request_rec *r, const char *type, const void *bytes, apr_size_t size);

/* 204 without a body. Returns OK. */
int afp_answer_nothing(request_rec *r);

#endif
