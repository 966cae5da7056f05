#ifndef AFP_WEB_FORM_H
#define AFP_WEB_FORM_H

#include "web/catalogue.h"

#include <httpd.h>

/* The body of a form, application/x-www-form-urlencoded, read strictly: whatever a browser would
 * not send is refused. */

#define AFP_FORM_LIMIT  16384 /* bytes of the body */
#define AFP_FORM_FIELDS 40

typedef struct afp_form_t afp_form_t;

/* Reads the body of a POST. OK and *form in r->pool, or a status and *why, the words for it: 415
 * for another type or an encoded body, 413 over the limit, 408 if it does not come in time, 400 if
 * it is broken, holds a NUL byte, an invalid %zz or invalid UTF-8, names a field twice or has too
 * many. */
int afp_form_read(request_rec *r, afp_form_t **form, afp_words_t *why);

/* The parameters of the request's address, read in the same way; none if they are not as a browser
 * sends them. Never NULL. */
const afp_form_t *afp_form_of_query(request_rec *r);

/* The same, or NULL if they are not. */
const afp_form_t *afp_form_query(request_rec *r);

/* 1 if there is a field whose name is not among `names`, which ends with NULL. */
int afp_form_has_other(const afp_form_t *form, const char *const *names);

/* The value of a field; "" if the form has none of this name. */
const char *afp_form_value(const afp_form_t *form, const char *name);

/* The fields as a query, encoded anew, without the one named `except`; "" for none. */
const char *afp_form_encode(apr_pool_t *pool, const afp_form_t *form, const char *except);

#endif
