/* What can be done with deliveries, invitations and candidates' data. */

#include "web/api_parts.h"

#include "core/json.h"
#include "core/timestamp.h"
#include "web/activity_query.h"

#include <apr_strings.h>
#include <string.h>

/* ---- one ---- */

static apr_status_t not_that_state(afp_api_call_t *call, const afp_activity_t *activity)
{
    return afp_api_conflict(
        call, apr_psprintf(call->r->pool,
                           "That does not fit what it is: %s; or the company is not connected, or "
                           "somebody else was faster",
                           afp_activity_state_name(activity->state)));
}

/* Answers with what was added; it may have run, and be finished, by now. */
static apr_status_t answer_added(afp_api_call_t *call, const char *id)
{
    afp_activity_t added;
    apr_status_t rv = afp_api_find_delivery(call, id, &added);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    afp_api_set_location(call, apr_pstrcat(call->r->pool, "deliveries/", added.id, NULL));
    return afp_api_answer_delivery(call, HTTP_ACCEPTED, &added);
}

/* Finds the delivery that the path names. 1, or 0 and *rv is how the operation ends. */
static int find(afp_api_call_t *call, const char *const *members, afp_activity_t *activity,
                apr_status_t *rv)
{
    afp_api_check_members(call, members);
    if (call->errors != NULL) {
        *rv = afp_api_invalid(call);
        return 0;
    }
    *rv = afp_api_find_delivery(call, call->value, activity);
    if (*rv == APR_NOTFOUND) {
        *rv = afp_api_no_delivery(call);
        return 0;
    }
    return *rv == APR_SUCCESS;
}

static const char *const no_members[] = {NULL};

typedef apr_status_t repeat_t(const afp_operation_t *operation, const char *id,
                              afp_follow_up_t *follow_up);

static apr_status_t repeat(afp_api_call_t *call, repeat_t *operation)
{
    afp_activity_t activity;
    afp_follow_up_t follow_up;
    apr_status_t rv;

    if (!find(call, no_members, &activity, &rv)) {
        return rv;
    }
    rv = operation(&call->operation, call->value, &follow_up);
    return rv == APR_SUCCESS    ? answer_added(call, follow_up.id)
           : rv == APR_NOTFOUND ? not_that_state(call, &activity)
                                : rv;
}

apr_status_t afp_api_retry(afp_api_call_t *call)
{
    return repeat(call, afp_operation_try_again);
}

apr_status_t afp_api_invite_anyway(afp_api_call_t *call)
{
    return repeat(call, afp_operation_invite_anyway);
}

apr_status_t afp_api_decide(afp_api_call_t *call)
{
    afp_ignored_t ignored = afp_operation_all_ignored(&call->operation, "");
    afp_activity_t activity;
    apr_status_t rv;

    if (!find(call, no_members, &activity, &rv)) {
        return rv;
    }
    ignored.id = call->value;
    rv = afp_operation_decide(&call->operation, &ignored);
    if (rv == APR_NOTFOUND) {
        return not_that_state(call, &activity);
    }
    if (rv == APR_SUCCESS && ignored.triggers > 0) {
        return answer_added(call, call->value);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_api_find_delivery(call, call->value, &activity); /* still ignored */
    }
    return rv == APR_SUCCESS ? afp_api_answer_delivery(call, HTTP_OK, &activity) : rv;
}

/* The number that the body must hold. 1, or 0 and the answer is set. */
static int read_occurrence(afp_api_call_t *call, int *occurrence)
{
    struct json_object *value = afp_json_at(call->body, "occurrence");
    int64_t number = json_object_get_int64(value);

    if (!json_object_is_type(value, json_type_int) || number < 1 || number > APR_INT32_MAX) {
        afp_api_fault(call, "occurrence",
                      "Must be the number of the application's latest invitation");
        (void)afp_api_invalid(call);
        return 0;
    }
    *occurrence = (int)number;
    return 1;
}

apr_status_t afp_api_send_again(afp_api_call_t *call)
{
    static const char *const members[] = {"occurrence", NULL};
    afp_activity_t activity;
    afp_follow_up_t follow_up;
    int seen;
    int latest = 0;
    apr_status_t rv;

    if (!find(call, members, &activity, &rv)) {
        return rv;
    }
    if (!read_occurrence(call, &seen)) {
        return APR_SUCCESS;
    }
    rv = afp_operation_find_invite(&call->operation, call->value, AFP_ACTIVITY_UNCERTAIN,
                                   &follow_up);
    if (rv == APR_SUCCESS) {
        rv = afp_operation_latest(&call->operation, &follow_up, &latest);
    }
    if (rv == APR_SUCCESS && latest != seen) {
        return afp_api_conflict(
            call, apr_psprintf(call->r->pool, "The latest invitation is number %d", latest));
    }
    if (rv == APR_SUCCESS) {
        rv = afp_operation_send_again(&call->operation, &follow_up, latest);
    }
    return rv == APR_SUCCESS    ? answer_added(call, follow_up.id)
           : rv == APR_NOTFOUND ? not_that_state(call, &activity)
                                : rv;
}

/* ---- all that match ---- */

/* What is to be done with them. */
typedef struct {
    const char *application_id; /* "" = all */
    apr_time_t until;           /* 0: now */
    int only_count;
} bulk_t;

static void read_application(afp_api_call_t *call, bulk_t *bulk)
{
    struct json_object *value = afp_json_at(call->body, "application_id");
    const char *text = afp_json_text_at(call->body, "application_id");

    bulk->application_id = text != NULL ? afp_activity_plain_id(text) : "";
    if (value != NULL && (text == NULL || !afp_activity_is_application_id(text))) {
        afp_api_fault(call, "application_id", "Must be a text of 1 to 20 digits");
    }
}

static void read_until(afp_api_call_t *call, bulk_t *bulk)
{
    if (afp_json_at(call->body, "until") != NULL &&
        afp_timestamp_read(afp_json_text_at(call->body, "until"), &bulk->until) != 0) {
        afp_api_fault(call, "until", "Must be a date and time as in RFC 3339");
    }
}

static void read_only_count(afp_api_call_t *call, bulk_t *bulk)
{
    struct json_object *value = afp_json_at(call->body, "only_count");

    bulk->only_count = afp_json_true_at(call->body, "only_count");
    if (value != NULL && !json_object_is_type(value, json_type_boolean)) {
        afp_api_fault(call, "only_count", "Must be true or false");
    } else if (bulk->only_count && bulk->until > 0) {
        afp_api_fault(call, "until", "Is what counting gives: not for counting itself");
    }
}

/* 1, or 0 and the answer is set. */
static int read_bulk(afp_api_call_t *call, bulk_t *bulk)
{
    static const char *const members[] = {"application_id", "until", "only_count", NULL};
    afp_tenant_state_t state = call->tenant.state;

    memset(bulk, 0, sizeof(*bulk));
    afp_api_check_members(call, members);
    read_application(call, bulk);
    read_until(call, bulk);
    read_only_count(call, bulk);
    if (call->errors != NULL) {
        (void)afp_api_invalid(call);
        return 0;
    }
    if (state != AFP_TENANT_CONNECTED && state != AFP_TENANT_PAUSED) {
        (void)afp_api_conflict(call, "The company is not connected");
        return 0;
    }
    return 1;
}

static apr_status_t answer_count(afp_api_call_t *call, struct json_object *json, int count,
                                 apr_time_t until)
{
    json_object_object_add(json, "count", json_object_new_int(count));
    json_object_object_add(json, "counted_to", json_object_new_int(AFP_OPERATION_LIMIT));
    afp_json_add_time(call->r->pool, json, "until", until);
    return afp_api_answer(call, HTTP_OK, json);
}

apr_status_t afp_api_retry_all(afp_api_call_t *call)
{
    bulk_t bulk;
    afp_repeat_t all;
    apr_status_t rv;

    if (!read_bulk(call, &bulk)) {
        return APR_SUCCESS;
    }
    all = afp_operation_all_dead(&call->operation, bulk.application_id);
    rv = afp_follow_up_count_dead(call->session, &all);
    if (rv == APR_SUCCESS && !bulk.only_count) {
        all.until = bulk.until > 0 ? bulk.until : all.until;
        rv = afp_operation_try_all(&call->operation, &all);
    }
    return rv == APR_SUCCESS || rv == APR_NOTFOUND
               ? answer_count(call, afp_json_object(call->r->pool), all.count, all.until)
               : rv;
}

apr_status_t afp_api_decide_all(afp_api_call_t *call)
{
    struct json_object *json = afp_json_object(call->r->pool);
    bulk_t bulk;
    afp_ignored_t ignored;
    apr_status_t rv;

    if (!read_bulk(call, &bulk)) {
        return APR_SUCCESS;
    }
    ignored = afp_operation_all_ignored(&call->operation, bulk.application_id);
    rv = afp_ignored_count(call->session, &ignored);
    if (rv == APR_SUCCESS && !bulk.only_count) {
        ignored.until = bulk.until > 0 ? bulk.until : ignored.until;
        rv = afp_operation_decide(&call->operation, &ignored);
        ignored.count = ignored.looked_at;
        json_object_object_add(json, "triggers", json_object_new_int(ignored.triggers));
    }
    return rv == APR_SUCCESS || rv == APR_NOTFOUND
               ? answer_count(call, json, ignored.count, ignored.until)
               : rv;
}

/* ---- erasing ---- */

static apr_status_t erase(afp_api_call_t *call, const char *application_id,
                          const char *candidate_id)
{
    struct json_object *json = afp_json_object(call->r->pool);
    int applications;
    apr_status_t rv;

    afp_api_check_members(call, no_members);
    if (call->errors != NULL) {
        return afp_api_invalid(call);
    }
    if (call->tenant.erasure_key_lost) {
        return afp_api_problem(call, HTTP_SERVICE_UNAVAILABLE, "Not available now",
                               "Whose data was erased cannot be read: the site's operator must "
                               "list the former key in PinpointSecretKeys again");
    }
    rv = afp_operation_erase(&call->operation, application_id, candidate_id, &applications);
    if (rv == APR_NOTFOUND) {
        return afp_api_problem(call, HTTP_NOT_FOUND, "Not found",
                               "No invitation here bears this candidate's id");
    }
    json_object_object_add(json, "applications", json_object_new_int(applications));
    return rv == APR_SUCCESS ? afp_api_answer(call, HTTP_OK, json) : rv;
}

apr_status_t afp_api_erase_application(afp_api_call_t *call)
{
    return afp_activity_is_application_id(call->value)
               ? erase(call, afp_activity_plain_id(call->value), "")
               : afp_api_problem(call, HTTP_NOT_FOUND, "Not found",
                                 "An application's id has 1 to 20 digits");
}

apr_status_t afp_api_erase_candidate(afp_api_call_t *call)
{
    return afp_operation_is_candidate_id(call->value)
               ? erase(call, "", call->value)
               : afp_api_problem(call, HTTP_NOT_FOUND, "Not found",
                                 "That cannot be a candidate's id");
}
