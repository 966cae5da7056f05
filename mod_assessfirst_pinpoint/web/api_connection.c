/* How the connection is, what its checks found, and pausing it. */

#include "web/api_parts.h"

#include "core/json.h"
#include "store/checked.h"
#include "store/secret.h"
#include "web/notices.h"
#include "web/page.h"

#include <apr_strings.h>
#include <string.h>

static const char *const no_members[] = {NULL};

/* ---- status ---- */

static struct json_object *parkings_json(apr_pool_t *pool, const apr_array_header_t *parkings)
{
    struct json_object *json = json_object_new_array();

    for (int i = 0; i < parkings->nelts; i++) {
        const afp_parking_t *parking = &APR_ARRAY_IDX(parkings, i, afp_parking_t);
        struct json_object *problem = json_object_new_object();

        afp_json_add_text(pool, problem, "api", parking->api);
        afp_json_add_text(pool, problem, "kind", parking->kind);
        afp_json_add_text(pool, problem, "words", parking->words);
        afp_json_add_time(pool, problem, "since", parking->since);
        json_object_array_add(json, problem);
    }
    return json;
}

static struct json_object *notices_json(apr_pool_t *pool, const apr_array_header_t *notices)
{
    struct json_object *json = json_object_new_array();

    for (int i = 0; i < notices->nelts; i++) {
        const afp_notice_t *notice = &APR_ARRAY_IDX(notices, i, afp_notice_t);
        struct json_object *told = json_object_new_object();

        afp_json_add_text(pool, told, "code", notice->code);
        afp_json_add_text(pool, told, "words", notice->words);
        afp_json_add_time(pool, told, "first_at", notice->first_at);
        afp_json_add_time(pool, told, "last_at", notice->last_at);
        json_object_array_add(json, told);
    }
    return json;
}

static struct json_object *summary_json(apr_pool_t *pool, const afp_activity_summary_t *summary)
{
    struct json_object *json = json_object_new_object();

    json_object_object_add(json, "waiting", json_object_new_int(summary->waiting));
    json_object_object_add(json, "held", json_object_new_int(summary->held));
    json_object_object_add(json, "failed", json_object_new_int(summary->dead));
    json_object_object_add(json, "uncertain", json_object_new_int(summary->uncertain));
    json_object_object_add(json, "counted_to", json_object_new_int(AFP_ACTIVITY_COUNTED_TO));
    afp_json_add_time(pool, json, "oldest_at", summary->oldest_at);
    afp_json_add_time(pool, json, "next_retry_at", summary->next_retry_at);
    return json;
}

static struct json_object *used_json(apr_pool_t *pool, const afp_secret_note_t notes[AFP_SECRETS])
{
    struct json_object *json = json_object_new_object();

    afp_json_add_time(pool, json, "api_key", notes[AFP_SECRET_API_KEY].used_at);
    afp_json_add_time(pool, json, "signing_secret", notes[AFP_SECRET_SIGNING].used_at);
    afp_json_add_time(pool, json, "former_secret", notes[AFP_SECRET_FORMER].used_at);
    afp_json_add_time(pool, json, "assessfirst_token", notes[AFP_SECRET_ASSESSFIRST_TOKEN].used_at);
    afp_json_add_time(pool, json, "api_token", notes[AFP_SECRET_API_TOKEN].used_at);
    return json;
}

static const char *state_name(const afp_api_call_t *call, const apr_array_header_t *parkings,
                              const apr_array_header_t *notices, apr_time_t last_received_at)
{
    static const char *const names[] = {
        [AFP_STATE_NOT_CONNECTED] = "not-connected",
        [AFP_STATE_FIRST_EVENT] = "waiting-for-first-event",
        [AFP_STATE_CONNECTED] = "connected",
        [AFP_STATE_ATTENTION] = "needs-attention",
        [AFP_STATE_PAUSED] = "paused",
        [AFP_STATE_DISCONNECTED] = "disconnected",
    };

    return names[afp_state_of(&call->tenant, parkings, notices, last_received_at)];
}

apr_status_t afp_api_get_status(afp_api_call_t *call)
{
    apr_pool_t *pool = call->r->pool;
    const char *company_uuid = call->tenant.company_uuid;
    struct json_object *json = afp_json_object(pool);
    afp_secret_note_t notes[AFP_SECRETS];
    afp_activity_summary_t summary;
    apr_array_header_t *parkings = NULL;
    apr_array_header_t *notices = NULL;
    apr_status_t rv = afp_activity_summarise(call->session, company_uuid, &summary);

    if (rv == APR_SUCCESS) {
        rv = afp_activity_parkings(call->session, company_uuid,
                                   afp_site_token_owner(call->vhost->site, &call->tenant), pool,
                                   &parkings);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_notices(call->session, company_uuid, pool, &notices);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_secret_notes(call->session, &call->tenant, notes);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    afp_notices_keep(notices, call->vhost->site, &call->tenant, summary.last_received_at, pool);
    afp_json_add_text(pool, json, "state",
                      state_name(call, parkings, notices, summary.last_received_at));
    json_object_object_add(json, "problems", parkings_json(pool, parkings));
    json_object_object_add(json, "notices", notices_json(pool, notices));
    json_object_object_add(json, "follow_ups", summary_json(pool, &summary));
    afp_json_add_time(pool, json, "last_received_at", summary.last_received_at);
    json_object_object_add(json, "secrets_used_at", used_json(pool, notes));
    return afp_api_answer(call, HTTP_OK, json);
}

/* ---- test ---- */

/* How the latest check of a subject ended. */
static apr_status_t add_checked(afp_api_call_t *call, struct json_object *json, const char *subject)
{
    apr_pool_t *pool = call->r->pool;
    struct json_object *found = json_object_new_object();
    afp_checked_t checked;
    apr_status_t rv = afp_checked_read(call->session, call->tenant.company_uuid, subject, &checked);

    json_object_object_add(json, subject, found);
    if (rv == APR_SUCCESS) {
        afp_json_add_text(pool, found, "result", afp_checked_result_name(checked.result));
        afp_json_add_text(pool, found, "words", checked.words);
        afp_json_add_time(pool, found, "at", checked.at);
    }
    return rv;
}

static apr_status_t add_permissions(afp_api_call_t *call, struct json_object *json)
{
    apr_pool_t *pool = call->r->pool;
    struct json_object *permissions = json_object_new_array();
    apr_array_header_t *grants;
    apr_status_t rv = afp_checked_grants(call->session, call->tenant.company_uuid, pool, &grants);

    for (int i = 0; rv == APR_SUCCESS && i < grants->nelts; i++) {
        const afp_permission_grant_t *grant = &APR_ARRAY_IDX(grants, i, afp_permission_grant_t);
        struct json_object *permission = json_object_new_object();

        afp_json_add_text(pool, permission, "permission", grant->permission);
        afp_json_add_text(pool, permission, "granted", afp_granted_name(grant->granted));
        json_object_array_add(permissions, permission);
    }
    json_object_object_add(json, "permissions", permissions);
    return rv;
}

static apr_status_t add_stage_names(afp_api_call_t *call, struct json_object *json)
{
    apr_pool_t *pool = call->r->pool;
    struct json_object *list = json_object_new_array();
    apr_array_header_t *names;
    apr_status_t rv = afp_checked_stages(call->session, call->tenant.company_uuid, pool, &names);

    for (int i = 0; rv == APR_SUCCESS && i < names->nelts; i++) {
        afp_json_append_text(pool, list, APR_ARRAY_IDX(names, i, const char *));
    }
    json_object_object_add(json, "stage_names", list);
    return rv;
}

static apr_status_t answer_test(afp_api_call_t *call, int status)
{
    struct json_object *json = afp_json_object(call->r->pool);
    int is_pending = 0;
    apr_status_t rv = afp_checked_is_pending(call->session, call->tenant.company_uuid, &is_pending);

    json_object_object_add(json, "pending", json_object_new_boolean(is_pending));
    if (rv == APR_SUCCESS) {
        rv = add_checked(call, json, AFP_API_PINPOINT);
    }
    if (rv == APR_SUCCESS) {
        rv = add_checked(call, json, AFP_API_ASSESSFIRST);
    }
    if (rv == APR_SUCCESS) {
        rv = add_checked(call, json, AFP_CHECKED_STAGES);
    }
    if (rv == APR_SUCCESS) {
        rv = add_permissions(call, json);
    }
    if (rv == APR_SUCCESS) {
        rv = add_stage_names(call, json);
    }
    return rv == APR_SUCCESS ? afp_api_answer(call, status, json) : rv;
}

apr_status_t afp_api_get_test(afp_api_call_t *call)
{
    return answer_test(call, HTTP_OK);
}

apr_status_t afp_api_start_test(afp_api_call_t *call)
{
    apr_status_t rv;

    afp_api_check_members(call, no_members);
    if (call->errors != NULL) {
        return afp_api_invalid(call);
    }
    rv = afp_operation_test(&call->operation);
    if (rv == APR_NOTFOUND) {
        return afp_api_conflict(call, "Only a connected company's connection is tested");
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    afp_api_set_location(call, "test");
    return answer_test(call, HTTP_ACCEPTED);
}

/* ---- pause and resume ---- */

/* `change` leads to `wanted`, where the tenant may be already: who asks twice gets the same. */
static apr_status_t change_state(afp_api_call_t *call, afp_tenant_state_t wanted,
                                 apr_status_t (*change)(const afp_operation_t *operation))
{
    afp_tenant_t *tenant = &call->tenant;
    apr_status_t rv;

    afp_api_check_members(call, no_members);
    if (call->errors != NULL) {
        return afp_api_invalid(call);
    }
    if (tenant->state == wanted) {
        return afp_api_get_settings(call);
    }
    if (tenant->state != AFP_TENANT_CONNECTED && tenant->state != AFP_TENANT_PAUSED) {
        return afp_api_conflict(call, "The company is not connected");
    }
    if (tenant->unreadable) {
        return afp_api_conflict(call, "A secret cannot be opened; enter the secrets again");
    }
    rv = change(&call->operation);
    if (rv == APR_NOTFOUND) {
        return afp_api_conflict(call, "Somebody else changed the settings at this moment");
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_by_uuid(call->session, &call->vhost->site->place, call->company_uuid,
                                tenant);
    }
    return rv == APR_SUCCESS ? afp_api_get_settings(call) : rv;
}

apr_status_t afp_api_pause(afp_api_call_t *call)
{
    return change_state(call, AFP_TENANT_PAUSED, afp_operation_pause);
}

apr_status_t afp_api_resume(afp_api_call_t *call)
{
    return change_state(call, AFP_TENANT_CONNECTED, afp_operation_resume);
}
