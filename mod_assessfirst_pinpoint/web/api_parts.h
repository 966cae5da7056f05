#ifndef AFP_WEB_API_PARTS_H
#define AFP_WEB_API_PARTS_H

#include "core/api_token.h"
#include "core/route.h"
#include "store/activity.h"
#include "web/form.h"
#include "web/operations.h"

#include <json.h>

/* What the JSON API is made of; for the files api*.c only. */

/* One call. Made by the handler; the tenant's secrets are cleansed at its end. */
typedef struct {
    request_rec *r;
    const afp_vhost_t *vhost;
    afp_child_t *child;
    char value[AFP_ROUTE_VALUE_LIMIT + 1]; /* what the path names: an id; "" */
    char hash[AFP_API_TOKEN_HASH + 1];     /* of the caller's API token */
    char company_uuid[AFP_ID_LENGTH + 1];  /* whose token that is */
    const afp_form_t *query;
    struct json_object *body; /* an object; NULL: there is none */

    /* while it has a session */
    afp_session_t *session;
    afp_tenant_t tenant;
    afp_operation_t operation;

    /* the answer, which is written without a session: a slow reader must not keep it */
    int status;
    struct json_object *json; /* NULL: a problem */
    const char *title;
    const char *detail;
    struct json_object *errors; /* of the problem; or NULL */
} afp_api_call_t;

/* ---- what the operations share: web/api_call.c ---- */

/* Sets the answer; these return APR_SUCCESS, for the ends of functions. A problem's title and
 * detail are our own words. */
apr_status_t afp_api_answer(afp_api_call_t *call, int status, struct json_object *json);
apr_status_t afp_api_problem(afp_api_call_t *call, int status, const char *title,
                             const char *detail);

/* 409: the tenant, or what is named, is not in a state for that. */
apr_status_t afp_api_conflict(afp_api_call_t *call, const char *detail);

/* Adds what is wrong with a member of the body, for a problem 422 by afp_api_invalid, which returns
 * APR_SUCCESS. `member` is a JSON pointer without its first slash, such as "choices/score": a name
 * of the caller's by afp_api_pointer. */
void afp_api_fault(afp_api_call_t *call, const char *member, const char *detail);
const char *afp_api_pointer(apr_pool_t *pool, const char *name);
apr_status_t afp_api_invalid(afp_api_call_t *call);

/* Adds a fault for each member of the body that is not among `names`, which ends with NULL. */
void afp_api_check_members(afp_api_call_t *call, const char *const *names);

/* 400; returns 0, for the ends of functions that read a part of the query. */
int afp_api_bad_query(afp_api_call_t *call, const char *detail);

/* Reads the query: only these parameters, which end with NULL. 1, or 0 and the answer is set. */
int afp_api_check_query(afp_api_call_t *call, const char *const *names);

/* Reads the parameters limit and application_id of a list. 1, or 0 and the answer is set. */
int afp_api_read_limit(afp_api_call_t *call, int most, int *limit);
int afp_api_read_application(afp_api_call_t *call, const char **application_id);

/* The header ETag of the tenant's settings. */
void afp_api_set_tag(afp_api_call_t *call);

/* The header Location, of a path below the API's address. */
void afp_api_set_location(afp_api_call_t *call, const char *path);

/* The header Link of a list: the page with these parameters. And the text as a member. */
void afp_api_add_page(afp_api_call_t *call, struct json_object *json, const char *name,
                      const char *relation, const char *query);

/* ---- the operations ---- */

/* Each operation sets the answer and returns APR_SUCCESS, or how the database failed. */
apr_status_t afp_api_get_settings(afp_api_call_t *call);
apr_status_t afp_api_put_settings(afp_api_call_t *call);
apr_status_t afp_api_patch_settings(afp_api_call_t *call);

apr_status_t afp_api_get_status(afp_api_call_t *call);
apr_status_t afp_api_get_test(afp_api_call_t *call);
apr_status_t afp_api_start_test(afp_api_call_t *call);
apr_status_t afp_api_pause(afp_api_call_t *call);
apr_status_t afp_api_resume(afp_api_call_t *call);

apr_status_t afp_api_list_deliveries(afp_api_call_t *call);
apr_status_t afp_api_get_delivery(afp_api_call_t *call);
apr_status_t afp_api_get_application(afp_api_call_t *call);
apr_status_t afp_api_list_invitations(afp_api_call_t *call);

apr_status_t afp_api_retry(afp_api_call_t *call);
apr_status_t afp_api_decide(afp_api_call_t *call);
apr_status_t afp_api_invite_anyway(afp_api_call_t *call);
apr_status_t afp_api_send_again(afp_api_call_t *call);
apr_status_t afp_api_retry_all(afp_api_call_t *call);
apr_status_t afp_api_decide_all(afp_api_call_t *call);
apr_status_t afp_api_erase_application(afp_api_call_t *call);
apr_status_t afp_api_erase_candidate(afp_api_call_t *call);

/* ---- one delivery ---- */

/* The delivery, or follow-up, of this id, which may be any text. APR_NOTFOUND if there is none:
 * the answer for that. And its representation, with the timeline of its application. */
apr_status_t afp_api_find_delivery(afp_api_call_t *call, const char *id, afp_activity_t *activity);
apr_status_t afp_api_no_delivery(afp_api_call_t *call);
apr_status_t afp_api_answer_delivery(afp_api_call_t *call, int status,
                                     const afp_activity_t *activity);

#endif
