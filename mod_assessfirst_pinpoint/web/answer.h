#ifndef AFP_WEB_ANSWER_H
#define AFP_WEB_ANSWER_H

#include <httpd.h>

/* Answers that the module writes itself, so that a site's ErrorDocument does not replace them. */

/* application/problem+json (RFC 9457): `title` and `detail` are our words, never the client's
 * bytes. Sets the status and returns OK. Errors that leave a body unread close the connection. */
int afp_answer_problem(request_rec *r, int status, const char *title, const char *detail);

/* application/json: `json` is a finished document. Returns OK. */
int afp_answer_json(request_rec *r, int status, const char *json);

/* 204 without a body. Returns OK. */
int afp_answer_nothing(request_rec *r);

#endif
