/* What happened: deliveries and what became of them, an application's story, invitations. */

#include "web/api_parts.h"

#include "core/json.h"
#include "core/text.h"
#include "store/erase.h"
#include "store/history.h"
#include "store/invitation_list.h"
#include "web/activity_query.h"

#include <apr_strings.h>
#include <string.h>

/* ---- deliveries ---- */

/* The last part of the address that does it; "" for nothing. */
static const char *action_of(const afp_api_call_t *call, const afp_activity_t *activity)
{
    static const char *const names[] = {
        [AFP_MAY_NOTHING] = "",
        [AFP_MAY_DECIDE_AGAIN] = "decide-again",
        [AFP_MAY_TRY_AGAIN] = "retry",
        [AFP_MAY_INVITE_ANYWAY] = "invite-anyway",
        [AFP_MAY_SEND_AGAIN] = "send-again",
    };
    afp_tenant_state_t state = call->tenant.state;

    return state == AFP_TENANT_CONNECTED || state == AFP_TENANT_PAUSED
               ? names[afp_activity_may(activity->kind, activity->state, activity->application_id)]
               : "";
}

static void add_activity(const afp_api_call_t *call, struct json_object *json,
                         const afp_activity_t *activity)
{
    apr_pool_t *pool = call->r->pool;
    int is_ignored = strcmp(activity->state, AFP_ACTIVITY_IGNORED) == 0;

    afp_json_add_text(pool, json, "id", activity->id);
    afp_json_add_text_or_null(pool, json, "delivery_id", activity->delivery_id);
    afp_json_add_text(pool, json, "kind", is_ignored ? "delivery" : activity->kind);
    afp_json_add_text_or_null(pool, json, "event", is_ignored ? activity->kind : "");
    afp_json_add_text(pool, json, "state", afp_activity_state_name(activity->state));
    afp_json_add_text_or_null(pool, json, "application_id", activity->application_id);
    afp_json_add_text_or_null(pool, json, "job_id", activity->job_id);
    afp_json_add_text_or_null(pool, json, "reason", activity->reason);
    afp_json_add_time(pool, json, "at", activity->at);
    json_object_object_add(json, "attempts", json_object_new_int(activity->attempts));
    afp_json_add_text_or_null(pool, json, "action", action_of(call, activity));
}

static const char *place_text(apr_pool_t *pool, const afp_activity_page_t *page, int index)
{
    const afp_activity_t *activity = &APR_ARRAY_IDX(page->activities, index, afp_activity_t);

    return apr_psprintf(pool, "%" APR_TIME_T_FMT "-%s", activity->at, activity->id);
}

/* The query of the page beside this one. */
static const char *page_query(const afp_api_call_t *call, const afp_activity_page_t *page,
                              const char *direction, const char *place)
{
    apr_pool_t *pool = call->r->pool;
    const char *query = apr_psprintf(pool, "?limit=%d", page->limit);

    if (*page->state != '\0') {
        query = apr_pstrcat(pool, query, "&state=", afp_activity_state_name(page->state), NULL);
    }
    if (*page->application_id != '\0') {
        query = apr_pstrcat(pool, query, "&application_id=", page->application_id, NULL);
    }
    return apr_pstrcat(pool, query, "&", direction, "=", place, NULL);
}

static int read_place(afp_api_call_t *call, const char *name, afp_activity_place_t *place)
{
    const char *text = afp_form_value(call->query, name);

    return *text == '\0' || afp_activity_place_read(call->r->pool, text, place) == 0
               ? 1
               : afp_api_bad_query(call, apr_pstrcat(call->r->pool, name,
                                                     " is a place as the list gives it", NULL));
}

/* Reads what the list is asked for. 1, or 0 and the answer is set. */
static int read_list_query(afp_api_call_t *call, afp_activity_page_t *page)
{
    static const char *const names[] = {
        "state", "application_id", "limit", AFP_ACTIVITY_BEFORE, AFP_ACTIVITY_AFTER, NULL};
    const char *state;

    if (!afp_api_check_query(call, names) ||
        !afp_api_read_limit(call, AFP_ACTIVITY_LIMIT, &page->limit) ||
        !afp_api_read_application(call, &page->application_id) ||
        !read_place(call, AFP_ACTIVITY_BEFORE, &page->before) ||
        !read_place(call, AFP_ACTIVITY_AFTER, &page->after)) {
        return 0;
    }
    state = afp_form_value(call->query, "state");
    page->state = *state != '\0' ? afp_activity_state_named(state) : "";
    if (page->state == NULL) {
        return afp_api_bad_query(call, "There is no such state");
    }
    return *page->before.id == '\0' || *page->after.id == '\0'
               ? 1
               : afp_api_bad_query(call, "Either before or after");
}

apr_status_t afp_api_list_deliveries(afp_api_call_t *call)
{
    apr_pool_t *pool = call->r->pool;
    afp_activity_page_t page = {.company_uuid = call->tenant.company_uuid};
    struct json_object *json = afp_json_object(pool);
    struct json_object *list = json_object_new_array();
    int count;
    apr_status_t rv;

    json_object_object_add(json, "deliveries", list);
    if (!read_list_query(call, &page)) {
        return APR_SUCCESS;
    }
    rv = afp_activity_read(call->session, &page, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    count = page.activities->nelts;
    for (int i = 0; i < count; i++) {
        struct json_object *item = json_object_new_object();

        add_activity(call, item, &APR_ARRAY_IDX(page.activities, i, afp_activity_t));
        json_object_array_add(list, item);
    }
    afp_api_add_page(call, json, "next", "next",
                     page.older && count > 0 ? page_query(call, &page, AFP_ACTIVITY_BEFORE,
                                                          place_text(pool, &page, count - 1))
                                             : "");
    /* Also when there is nothing newer yet: whoever keeps this address learns what comes. */
    afp_api_add_page(
        call, json, "newer", "prev",
        count > 0 ? page_query(call, &page, AFP_ACTIVITY_AFTER, place_text(pool, &page, 0))
        : *page.after.id != '\0' ? page_query(call, &page, AFP_ACTIVITY_AFTER,
                                              afp_form_value(call->query, AFP_ACTIVITY_AFTER))
                                 : "");
    return afp_api_answer(call, HTTP_OK, json);
}

/* ---- timelines ---- */

static struct json_object *entry_json(apr_pool_t *pool, const afp_history_entry_t *entry)
{
    static const char *const names[] = {
        [AFP_HISTORY_DELIVERY] = "received", [AFP_HISTORY_ATTEMPT] = "attempt",
        [AFP_HISTORY_FINISHED] = "finished", [AFP_HISTORY_OPEN] = "open",
        [AFP_HISTORY_INVITED] = "invited",
    };
    int is_delivery = entry->what == AFP_HISTORY_DELIVERY;
    struct json_object *json = json_object_new_object();

    afp_json_add_text(pool, json, "what", names[entry->what]);
    afp_json_add_time(pool, json, "at", entry->at);
    afp_json_add_text_or_null(pool, json, "id", entry->id);
    afp_json_add_text_or_null(pool, json, "kind", is_delivery ? "" : entry->kind);
    afp_json_add_text_or_null(pool, json, "event", is_delivery ? entry->kind : "");
    afp_json_add_text_or_null(pool, json, "state", afp_activity_state_name(entry->state));
    afp_json_add_text_or_null(pool, json, "reason",
                              entry->what == AFP_HISTORY_INVITED ? "" : entry->reason);
    json_object_object_add(json, "attempts", json_object_new_int(entry->attempts));
    return json;
}

static void add_timeline(apr_pool_t *pool, struct json_object *json, const afp_history_t *history)
{
    struct json_object *timeline = json_object_new_array();

    for (int i = 0; i < history->entries->nelts; i++) {
        json_object_array_add(
            timeline, entry_json(pool, &APR_ARRAY_IDX(history->entries, i, afp_history_entry_t)));
    }
    json_object_object_add(json, "timeline", timeline);
    json_object_object_add(json, "timeline_is_cut", json_object_new_boolean(history->is_cut));
}

/* ---- one delivery ---- */

apr_status_t afp_api_find_delivery(afp_api_call_t *call, const char *id, afp_activity_t *activity)
{
    return afp_id_is_valid(id) ? afp_activity_find(call->session, call->tenant.company_uuid, id,
                                                   call->r->pool, activity)
                               : APR_NOTFOUND;
}

apr_status_t afp_api_no_delivery(afp_api_call_t *call)
{
    return afp_api_problem(call, HTTP_NOT_FOUND, "Not found", "There is no delivery of this id");
}

apr_status_t afp_api_answer_delivery(afp_api_call_t *call, int status,
                                     const afp_activity_t *activity)
{
    apr_pool_t *pool = call->r->pool;
    struct json_object *json = afp_json_object(pool);
    afp_history_t history = {.entries = apr_array_make(pool, 1, sizeof(afp_history_entry_t))};
    apr_status_t rv = APR_SUCCESS;

    if (*activity->application_id != '\0') {
        rv = afp_history_read(call->session, call->tenant.company_uuid, activity->application_id,
                              pool, &history);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    add_activity(call, json, activity);
    add_timeline(pool, json, &history);
    return afp_api_answer(call, status, json);
}

apr_status_t afp_api_get_delivery(afp_api_call_t *call)
{
    afp_activity_t activity;
    apr_status_t rv = afp_api_find_delivery(call, call->value, &activity);

    return rv == APR_SUCCESS    ? afp_api_answer_delivery(call, HTTP_OK, &activity)
           : rv == APR_NOTFOUND ? afp_api_no_delivery(call)
                                : rv;
}

/* ---- invitations ---- */

static struct json_object *assessment_json(apr_pool_t *pool, const afp_invitation_entry_t *entry)
{
    struct json_object *json;

    if (*entry->progress == '\0') {
        return NULL;
    }
    json = json_object_new_object();
    afp_json_add_text(pool, json, "progress", entry->progress);
    json_object_object_add(
        json, "score", entry->score != AFP_SCORE_NONE ? json_object_new_int(entry->score) : NULL);
    afp_json_add_time(pool, json, "read_at", entry->read_at);
    afp_json_add_text_or_null(pool, json, "closed", entry->closed);
    return json;
}

static struct json_object *model_json(apr_pool_t *pool, const afp_invitation_entry_t *entry)
{
    struct json_object *json;

    if (*entry->model_uuid == '\0') {
        return NULL;
    }
    json = json_object_new_object();
    afp_json_add_text(pool, json, "uuid", entry->model_uuid);
    afp_json_add_text(pool, json, "name", entry->model_name);
    return json;
}

static struct json_object *invitation_json(apr_pool_t *pool, const afp_invitation_entry_t *entry)
{
    struct json_object *json = json_object_new_object();

    afp_json_add_text(pool, json, "application_id", entry->application_id);
    json_object_object_add(json, "occurrence", json_object_new_int(entry->occurrence));
    afp_json_add_text(pool, json, "state", entry->state);
    afp_json_add_text_or_null(pool, json, "job_id", entry->job_id);
    json_object_object_add(json, "model", model_json(pool, entry));
    afp_json_add_text_or_null(pool, json, "candidate_id", entry->candidate_id);
    afp_json_add_time(pool, json, "sending_at", entry->sending_at);
    json_object_object_add(json, "assessment", assessment_json(pool, entry));
    return json;
}

static struct json_object *invitations_json(apr_pool_t *pool, const afp_invitation_list_t *list)
{
    struct json_object *json = json_object_new_array();

    for (int i = 0; i < list->entries->nelts; i++) {
        json_object_array_add(
            json, invitation_json(pool, &APR_ARRAY_IDX(list->entries, i, afp_invitation_entry_t)));
    }
    return json;
}

/* "<microseconds>-<application_id>-<occurrence>" */
static int read_invitation_place(afp_api_call_t *call, afp_invitation_place_t *place)
{
    char *rest = apr_pstrdup(call->r->pool, afp_form_value(call->query, AFP_ACTIVITY_BEFORE));
    const char *at = apr_strtok(rest, "-", &rest);
    const char *application_id = at != NULL ? apr_strtok(NULL, "-", &rest) : NULL;
    long long sending_at;
    long long occurrence;

    if (at == NULL) {
        return 1;
    }
    if (application_id == NULL || !afp_activity_is_application_id(application_id) ||
        afp_text_int64(at, &sending_at) != 0 || afp_text_int64(rest, &occurrence) != 0 ||
        occurrence > APR_INT32_MAX) {
        return afp_api_bad_query(call, "before is a place as the list gives it");
    }
    place->sending_at = sending_at;
    place->occurrence = (int)occurrence;
    apr_cpystrn(place->application_id, application_id, sizeof(place->application_id));
    return 1;
}

static const char *older_query(const afp_api_call_t *call, const afp_invitation_list_t *list)
{
    const afp_invitation_entry_t *last =
        &APR_ARRAY_IDX(list->entries, list->entries->nelts - 1, afp_invitation_entry_t);
    const char *application =
        *list->application_id != '\0'
            ? apr_pstrcat(call->r->pool, "&application_id=", list->application_id, NULL)
            : "";

    return apr_psprintf(call->r->pool, "?limit=%d%s&before=%" APR_TIME_T_FMT "-%s-%d", list->limit,
                        application, last->sending_at, last->application_id, last->occurrence);
}

apr_status_t afp_api_list_invitations(afp_api_call_t *call)
{
    static const char *const names[] = {"application_id", "limit", AFP_ACTIVITY_BEFORE, NULL};
    apr_pool_t *pool = call->r->pool;
    afp_invitation_list_t list = {.company_uuid = call->tenant.company_uuid};
    struct json_object *json = afp_json_object(pool);
    apr_status_t rv;

    if (!afp_api_check_query(call, names) ||
        !afp_api_read_limit(call, AFP_INVITATION_LIST_LIMIT, &list.limit) ||
        !afp_api_read_application(call, &list.application_id) ||
        !read_invitation_place(call, &list.before)) {
        return APR_SUCCESS;
    }
    rv = afp_invitation_list_read(call->session, &list, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    json_object_object_add(json, "invitations", invitations_json(pool, &list));
    afp_api_add_page(call, json, "next", "next", list.older ? older_query(call, &list) : "");
    return afp_api_answer(call, HTTP_OK, json);
}

/* ---- one application ---- */

static const char *verdict_name(afp_verdict_t verdict)
{
    static const char *const names[] = {
        [AFP_VERDICT_UNKNOWN] = "unknown", [AFP_VERDICT_INVITED] = "invited",
        [AFP_VERDICT_OPEN] = "open",       [AFP_VERDICT_UNCERTAIN] = "uncertain",
        [AFP_VERDICT_SKIPPED] = "skipped", [AFP_VERDICT_DEAD] = "failed",
        [AFP_VERDICT_IGNORED] = "ignored",
    };

    return names[verdict];
}

static apr_status_t answer_application(afp_api_call_t *call, const afp_history_t *history)
{
    apr_pool_t *pool = call->r->pool;
    const afp_history_entry_t *decisive = history->decisive;
    struct json_object *json = afp_json_object(pool);
    afp_invitation_list_t list = {
        .company_uuid = call->tenant.company_uuid,
        .application_id = call->value,
        .limit = AFP_INVITATION_LIST_LIMIT,
    };
    apr_status_t rv = afp_invitation_list_read(call->session, &list, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    afp_json_add_text(pool, json, "application_id", call->value);
    afp_json_add_text_or_null(pool, json, "job_id", history->job_id);
    afp_json_add_text(pool, json, "verdict", verdict_name(history->verdict));
    afp_json_add_text_or_null(
        pool, json, "reason",
        decisive != NULL && decisive->what != AFP_HISTORY_INVITED ? decisive->reason : "");
    json_object_object_add(json, "invitations", invitations_json(pool, &list));
    add_timeline(pool, json, history);
    return afp_api_answer(call, HTTP_OK, json);
}

apr_status_t afp_api_get_application(afp_api_call_t *call)
{
    afp_history_t history;
    const char *application_id;
    int is_erased = 0;
    apr_status_t rv;

    if (!afp_activity_is_application_id(call->value)) {
        return afp_api_problem(call, HTTP_NOT_FOUND, "Not found",
                               "An application's id has 1 to 20 digits");
    }
    application_id = afp_activity_plain_id(call->value);
    rv = afp_history_read(call->session, call->tenant.company_uuid, application_id, call->r->pool,
                          &history);
    if (rv == APR_SUCCESS && (history.entries->nelts > 0 || history.invitation.occurrence > 0)) {
        return answer_application(call, &history);
    }
    if (rv == APR_SUCCESS && !call->tenant.erasure_key_lost) {
        rv = afp_erase_is_done(call->session, &call->tenant, application_id, &is_erased);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return is_erased ? afp_api_problem(call, HTTP_GONE, "Erased",
                                       "The data of this application was erased")
                     : afp_api_problem(call, HTTP_NOT_FOUND, "Not found",
                                       "Nothing is known of this application");
}
