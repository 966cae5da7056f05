#ifndef AFP_REMOTE_PINPOINT_REQUEST_H
#define AFP_REMOTE_PINPOINT_REQUEST_H

#include "remote/pinpoint.h"

/* Requests to Pinpoint as one tenant (contract pinpoint.md 1 to 3): what the files of the Pinpoint
 * client share, private to them. One thread at a time, as the client. */

/* Rows of Pinpoint's largest page (contract 3). */
#define AFP_PINPOINT_PAGE 1000

/* Confidential jobs, and the applications to them, are left out unless named (contract 5.2). */
#define AFP_PINPOINT_ALL_VISIBILITIES "filter%5Bjob_visibility%5D=external,internal,confidential"

typedef struct {
    afp_http_method_t method;
    afp_http_repeat_t repeat;
    const char *path;         /* below the API's base, with its query, percent-encoded */
    struct json_object *body; /* given away to the call; NULL for none */
    const char *permission;   /* of the API key, named in the words of a 401 or 403; may be NULL */
} afp_pinpoint_request_t;

/* Carries the request out. Fills *outcome, with Pinpoint's own words after a failure; *response is
 * zeros unless there was an answer. A subdomain that is no DNS label is REFUSED unsent. */
void afp_pinpoint_request(const afp_pinpoint_t *pinpoint, const afp_pinpoint_request_t *request,
                          afp_http_response_t *response, afp_outcome_t *outcome);

/* Adds our own words (less than half of AFP_OUTCOME_WORDS) behind Pinpoint's, however many those
 * are. */
void afp_pinpoint_add_words(apr_pool_t *pool, const char *hint, afp_outcome_t *outcome);

/* Names the permission in the words of a refusal: " (the API key needs Comment: Write)". A key
 * without it is answered with 403, maybe 401 (contract 2.1, 15.9). */
void afp_pinpoint_name_permission(apr_pool_t *pool, const char *permission, afp_outcome_t *outcome);

/* GETs a document. NULL unless it is a 2xx with JSON. `permission` may be NULL. */
struct json_object *afp_pinpoint_get(const afp_pinpoint_t *pinpoint, const char *path,
                                     const char *permission, afp_outcome_t *outcome);

/* Takes one row of a list; `row` lives until it returns. */
typedef void afp_pinpoint_take_t(void *baton, struct json_object *row);

typedef struct {
    const char *path; /* as above, without page parameters */
    const char *permission;
    int size;  /* rows of a page, at most AFP_PINPOINT_PAGE; so that a page fits the body limit */
    int pages; /* at most so many are read */
    int cut;   /* 1: what is behind them does not matter; 0: a longer list is a failure */
    afp_pinpoint_take_t *take_included; /* takes what a page includes; NULL: nobody */
} afp_pinpoint_list_t;

/* GETs a list page by page until one has fewer rows than asked for, and hands each row to `take`;
 * no more than one page is kept in memory. 0, or -1 and *outcome of the page that failed: `take`
 * may have seen rows before it. */
int afp_pinpoint_pages(const afp_pinpoint_t *pinpoint, const afp_pinpoint_list_t *list,
                       afp_pinpoint_take_t *take, void *baton, afp_outcome_t *outcome);

/* {"data":{"type":...,"id":...,"attributes":...}}, for the caller to put into a request. `id` ""
 * leaves it out (a resource that is to be made); `attributes` is given away. */
struct json_object *afp_pinpoint_document(const char *type, const char *id,
                                          struct json_object *attributes);

/* Adds to such a document a relationship to the resource `type` `id`. */
void afp_pinpoint_relate(struct json_object *document, const char *relationship, const char *type,
                         const char *id);

/* The text at `path`, trimmed and copied into `pool`; "" if there is none. */
const char *afp_pinpoint_text(apr_pool_t *pool, struct json_object *row, const char *path);

/* The id of a custom attribute's field, in either spelling of the relationship (contract 9.2);
 * "" if Pinpoint does not say. */
const char *afp_pinpoint_field_id(apr_pool_t *pool, struct json_object *attribute);

#endif
