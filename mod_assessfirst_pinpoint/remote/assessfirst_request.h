#ifndef AFP_REMOTE_ASSESSFIRST_REQUEST_H
#define AFP_REMOTE_ASSESSFIRST_REQUEST_H

#include "remote/assessfirst.h"

/* Requests to AssessFirst with one token: what the files of the AssessFirst client share, private
 * to them. One thread at a time, as the client. */

/* What a route's path may hold. */
#define AFP_ROUTE_EMAIL "{email}"
#define AFP_ROUTE_UUID  "{uuid}"
#define AFP_ROUTE_MODEL "{model}"
#define AFP_ROUTE_TOKEN "{token}"

/* `path` with `value`, percent-encoded, in place of `name` if that stands in it. "" takes the whole
 * query parameter away, where `name` is the value of one. */
const char *afp_assessfirst_fill(apr_pool_t *pool, const char *path, const char *name,
                                 const char *value);

/* The address of a filled path. `locale` "" or NULL and `page` 1 are left out. */
const char *afp_assessfirst_address(const afp_assessfirst_t *assessfirst, const char *path,
                                    const char *locale, int page);

/* The headers of every request: the token, and that JSON is expected. */
apr_table_t *afp_assessfirst_headers(const afp_assessfirst_t *assessfirst);

/* GETs a document. NULL unless it is a 2xx with JSON. `email` ("" = none) is kept out of the words,
 * also as it stands in the URL: a gateway's page may quote that. *length (may be NULL) is how many
 * bytes were answered. */
struct json_object *afp_assessfirst_get(const afp_assessfirst_t *assessfirst, const char *url,
                                        const char *email, apr_size_t *length,
                                        afp_outcome_t *outcome);

/* 1 if a function may make a further call. Otherwise *outcome becomes AFP_OUTCOME_LIMITED; its
 * words say that the budget ended within `what`. */
int afp_assessfirst_may_go_on(afp_assessfirst_more_t *more, void *baton, const char *what,
                              afp_outcome_t *outcome);

#endif
