#include "web/operations.h"

#include "core/text.h"
#include "store/activity.h"
#include "store/erase.h"
#include "store/invitation.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

/* Who did what: the operator's trail. */
static void note(const afp_operation_t *operation, const char *what)
{
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, operation->r, AFPNO(0512) "tenant %s: %s, by %s",
                  operation->tenant->company_uuid, what,
                  afp_text_log(operation->r->pool, operation->who, AFP_AUDIT_LIMIT));
}

static void wake(const afp_operation_t *operation, const char *follow_up_id)
{
    afp_child_wake(afp_web_child(), operation->vhost->site, operation->tenant->company_uuid,
                   follow_up_id);
}

/* Adds a deed to the audit trail that was done `count` times. */
static apr_status_t note_count(const afp_operation_t *operation, const char *action, int count)
{
    const afp_deed_t deed = {action, "", "", apr_itoa(operation->r->pool, count)};

    return afp_audit_note(operation->session, operation->tenant->company_uuid, operation->who,
                          &deed);
}

/* ---- the connection ---- */

void afp_operation_changed(const afp_operation_t *operation, const char *what)
{
    (void)afp_tenants_reread(operation->vhost->site->tenants, operation->session,
                             operation->tenant->company_uuid);
    note(operation, what);
}

apr_status_t afp_operation_save(const afp_operation_t *operation, const char *what)
{
    apr_status_t rv = afp_tenant_save(operation->session, &operation->vhost->site->place,
                                      operation->tenant, operation->who);

    if (rv == APR_SUCCESS) {
        afp_operation_changed(operation, what);
    }
    return rv;
}

apr_status_t afp_operation_add_checks(const afp_operation_t *operation)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_CHECK_PINPOINT,
                                        AFP_FOLLOW_UP_CHECK_ASSESSFIRST};
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; i < 2 && rv == APR_SUCCESS; i++) {
        afp_follow_up_t check;

        memset(&check, 0, sizeof(check));
        apr_cpystrn(check.kind, kinds[i], sizeof(check.kind));
        rv = afp_operation_add_follow_up(operation, &check);
    }
    return rv;
}

apr_status_t afp_operation_test(const afp_operation_t *operation)
{
    static const afp_deed_t tested = {AFP_AUDIT_TESTED, "", "", ""};
    apr_status_t rv = operation->tenant->state == AFP_TENANT_CONNECTED
                          ? afp_operation_add_checks(operation)
                          : APR_NOTFOUND;

    return rv == APR_SUCCESS ? afp_audit_note(operation->session, operation->tenant->company_uuid,
                                              operation->who, &tested)
                             : rv;
}

apr_status_t afp_operation_pause(const afp_operation_t *operation)
{
    if (operation->tenant->state != AFP_TENANT_CONNECTED) {
        return APR_NOTFOUND;
    }
    operation->tenant->state = AFP_TENANT_PAUSED;
    return afp_operation_save(operation, "paused");
}

apr_status_t afp_operation_resume(const afp_operation_t *operation)
{
    apr_status_t rv;

    if (operation->tenant->state != AFP_TENANT_PAUSED) {
        return APR_NOTFOUND;
    }
    operation->tenant->state = AFP_TENANT_CONNECTED;
    rv = afp_operation_save(operation, "resumed");
    return rv == APR_SUCCESS ? afp_operation_add_checks(operation) : rv;
}

/* ---- the work ---- */

apr_status_t afp_operation_add_follow_up(const afp_operation_t *operation,
                                         afp_follow_up_t *follow_up)
{
    apr_status_t rv;

    apr_cpystrn(follow_up->company_uuid, operation->tenant->company_uuid,
                sizeof(follow_up->company_uuid));
    rv = afp_follow_up_add(operation->session, follow_up);
    if (rv == APR_SUCCESS) {
        wake(operation, follow_up->id);
    }
    return rv;
}

/* What is done with one application: in the log with its id, in the trail without. */
static apr_status_t note_one(const afp_operation_t *operation, const afp_follow_up_t *follow_up,
                             const char *what, const char *action)
{
    note(operation,
         apr_psprintf(operation->r->pool, "application %s: %s", follow_up->application_id, what));
    return note_count(operation, action, 1);
}

/* What did not do what it was for: the store knows what can be repeated, and how. */
static apr_status_t repeat(const afp_operation_t *operation, const char *id, const char *result,
                           int anyway, afp_follow_up_t *follow_up)
{
    apr_status_t rv = afp_id_is_valid(id) ? afp_follow_up_repeat(operation->session,
                                                                 operation->tenant->company_uuid,
                                                                 id, result, anyway, follow_up)
                                          : APR_NOTFOUND;

    if (rv == APR_SUCCESS) {
        wake(operation, follow_up->id);
    }
    return rv;
}

apr_status_t afp_operation_try_again(const afp_operation_t *operation, const char *id,
                                     afp_follow_up_t *follow_up)
{
    apr_status_t rv = repeat(operation, id, AFP_ACTIVITY_DEAD, 0, follow_up);

    return rv == APR_SUCCESS ? note_one(operation, follow_up, "try again", AFP_AUDIT_RETRIED) : rv;
}

apr_status_t afp_operation_invite_anyway(const afp_operation_t *operation, const char *id,
                                         afp_follow_up_t *follow_up)
{
    apr_status_t rv = repeat(operation, id, AFP_ACTIVITY_SKIPPED, 1, follow_up);

    return rv == APR_SUCCESS
               ? note_one(operation, follow_up, "invite anyway", AFP_AUDIT_INVITED_ANYWAY)
               : rv;
}

apr_status_t afp_operation_find_invite(const afp_operation_t *operation, const char *id,
                                       const char *other, afp_follow_up_t *follow_up)
{
    const afp_tenant_t *tenant = operation->tenant;
    char result[17];
    apr_status_t rv;

    if (!afp_id_is_valid(id) ||
        (tenant->state != AFP_TENANT_CONNECTED && tenant->state != AFP_TENANT_PAUSED)) {
        return APR_NOTFOUND;
    }
    rv = afp_activity_finished(operation->session, tenant->company_uuid, id, follow_up, result);
    if (rv == APR_SUCCESS &&
        (strcmp(follow_up->kind, AFP_FOLLOW_UP_INVITE) != 0 ||
         (strcmp(result, AFP_ACTIVITY_INVITED) != 0 && strcmp(result, other) != 0))) {
        rv = APR_NOTFOUND;
    }
    return rv;
}

apr_status_t afp_operation_latest(const afp_operation_t *operation,
                                  const afp_follow_up_t *follow_up, int *occurrence)
{
    afp_invitation_t latest;
    apr_status_t rv = afp_invitation_latest(operation->session, operation->tenant->company_uuid,
                                            follow_up->application_id, &latest);

    *occurrence = latest.occurrence;
    return rv;
}

apr_status_t afp_operation_send_again(const afp_operation_t *operation, afp_follow_up_t *follow_up,
                                      int latest)
{
    apr_status_t rv;

    follow_up->anyway = 1;
    /* By number: two clicks, or a repeated transaction, name the same. */
    follow_up->occurrence = latest + 1;
    rv = afp_operation_add_follow_up(operation, follow_up);
    return rv == APR_SUCCESS ? note_one(operation, follow_up, "send again", AFP_AUDIT_SENT_AGAIN)
                             : rv;
}

/* ---- all that match ---- */

afp_repeat_t afp_operation_all_dead(const afp_operation_t *operation, const char *application_id)
{
    return (afp_repeat_t){
        .company_uuid = operation->tenant->company_uuid,
        .application_id = application_id,
        .limit = AFP_OPERATION_LIMIT,
    };
}

apr_status_t afp_operation_try_all(const afp_operation_t *operation, afp_repeat_t *all)
{
    apr_status_t rv = afp_follow_up_repeat_dead(operation->session, all);

    if (rv != APR_SUCCESS || all->count == 0) {
        return rv == APR_SUCCESS ? APR_NOTFOUND : rv;
    }
    wake(operation, NULL);
    note(operation, apr_psprintf(operation->r->pool, "%d failed ones: try again", all->count));
    return note_count(operation, AFP_AUDIT_RETRIED, all->count);
}

afp_ignored_t afp_operation_all_ignored(const afp_operation_t *operation,
                                        const char *application_id)
{
    const afp_tenant_t *tenant = operation->tenant;

    return (afp_ignored_t){
        .company_uuid = tenant->company_uuid,
        .id = "",
        .application_id = application_id,
        .limit = AFP_OPERATION_LIMIT,
        .generation = tenant->generation,
        .status = tenant->status,
        .names = &operation->vhost->site->event_names,
    };
}

apr_status_t afp_operation_decide(const afp_operation_t *operation, afp_ignored_t *ignored)
{
    afp_tenant_state_t state = operation->tenant->state;
    apr_status_t rv = state == AFP_TENANT_CONNECTED || state == AFP_TENANT_PAUSED
                          ? afp_ignored_decide(operation->session, ignored)
                          : APR_NOTFOUND;

    if (rv != APR_SUCCESS || ignored->looked_at == 0) {
        return rv == APR_SUCCESS ? APR_NOTFOUND : rv;
    }
    note(operation, apr_psprintf(operation->r->pool, "%d ignored ones: decide again, %d triggers",
                                 ignored->looked_at, ignored->triggers));
    if (ignored->triggers > 0) {
        wake(operation, NULL);
    }
    return note_count(operation, AFP_AUDIT_DECIDED, ignored->looked_at);
}

/* ---- erasing ---- */

int afp_operation_is_candidate_id(const char *text)
{
    return *text != '\0' && strlen(text) <= 64 && afp_text_is_printable(text);
}

/* The first time, until every child knows the company as one that has erased somebody's data. */
static apr_status_t prepare_to_erase(const afp_operation_t *operation, const char *application_id,
                                     const char *candidate_id)
{
    const char *company_uuid = operation->tenant->company_uuid;
    apr_array_header_t *ids;
    apr_status_t rv = afp_erase_find(operation->session, company_uuid, application_id, candidate_id,
                                     operation->r->pool, &ids);

    if (rv == APR_SUCCESS && ids->nelts == 0 && *application_id == '\0') {
        rv = APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS && *operation->tenant->erasure_key == '\0') {
        rv = afp_erase_prepare(operation->session, &operation->vhost->site->place, company_uuid);
        if (rv == APR_SUCCESS) {
            apr_sleep(AFP_TENANTS_AGE);
        }
    }
    return rv;
}

apr_status_t afp_operation_erase(const afp_operation_t *operation, const char *application_id,
                                 const char *candidate_id, int *applications)
{
    afp_erasure_t erasure = {
        .company_uuid = operation->tenant->company_uuid,
        .application_id = application_id,
        .candidate_id = candidate_id,
        .who = operation->who,
    };
    apr_status_t rv = prepare_to_erase(operation, application_id, candidate_id);

    if (rv == APR_SUCCESS) {
        rv = afp_erase(operation->session, &operation->vhost->site->place, &erasure);
    }
    *applications = erasure.applications;
    if (rv == APR_SUCCESS) {
        afp_operation_changed(operation, "a candidate's data was erased");
    }
    return rv;
}
