/* What the buttons of one activity do. */

#include "web/actions_parts.h"

#include "core/text.h"
#include "store/invitation.h"
#include "web/reading.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

/* Reads the finished follow-up that a button named. 1 if it is there and ended with `result` or the
 * other one; otherwise 0, and *end is how the action ends. */
static int find_finished(afp_action_t *action, const char *result, const char *other,
                         afp_follow_up_t *follow_up, afp_action_end_t *end)
{
    const char *id = action->id;
    const afp_tenant_t *tenant = &action->page->tenant;
    char found[17];
    apr_status_t rv = APR_NOTFOUND;

    if (afp_id_is_valid(id) &&
        (tenant->state == AFP_TENANT_CONNECTED || tenant->state == AFP_TENANT_PAUSED)) {
        rv = afp_activity_finished(action->session, tenant->company_uuid, id, follow_up, found);
    }
    if (rv == APR_SUCCESS && strcmp(follow_up->kind, AFP_FOLLOW_UP_INVITE) == 0 &&
        (strcmp(found, result) == 0 || strcmp(found, other) == 0)) {
        return 1;
    }
    *end = rv == APR_SUCCESS || rv == APR_NOTFOUND ? afp_action_done(action, AFP_SAID_GONE)
                                                   : AFP_ACTION_FAILED;
    return 0;
}

static afp_action_end_t repeat(afp_action_t *action, afp_follow_up_t *follow_up, afp_said_t said,
                               const char *what)
{
    if (afp_action_add_follow_up(action, follow_up) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_action_note(action, apr_psprintf(action->page->r->pool, "application %s: %s",
                                         follow_up->application_id, what));
    return afp_action_done(action, said);
}

/* What did not do what it was for: the store knows what can be repeated, and how. */
static afp_action_end_t repeat_finished(afp_action_t *action, const char *result, int anyway,
                                        afp_said_t said, const char *what)
{
    const afp_page_t *page = action->page;
    afp_follow_up_t follow_up;
    apr_status_t rv = APR_NOTFOUND;

    if (afp_id_is_valid(action->id)) {
        rv = afp_follow_up_repeat(action->session, page->tenant.company_uuid, action->id, result,
                                  anyway, &follow_up);
    }
    if (rv != APR_SUCCESS) {
        return rv == APR_NOTFOUND ? afp_action_done(action, AFP_SAID_GONE) : AFP_ACTION_FAILED;
    }
    afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, follow_up.id);
    afp_action_note(
        action, apr_psprintf(page->r->pool, "application %s: %s", follow_up.application_id, what));
    return afp_action_done(action, said);
}

afp_action_end_t afp_action_invite_anyway(afp_action_t *action)
{
    return repeat_finished(action, AFP_ACTIVITY_SKIPPED, 1, AFP_SAID_INVITING, "invite anyway");
}

afp_action_end_t afp_action_try_again(afp_action_t *action)
{
    return repeat_finished(action, AFP_ACTIVITY_DEAD, 0, AFP_SAID_TRYING_AGAIN, "try again");
}

static afp_action_end_t ask_send_again(afp_action_t *action, const afp_follow_up_t *follow_up,
                                       int occurrence)
{
    apr_pool_t *pool = action->page->r->pool;

    afp_action_ask(
        action, AFP_ACTION_SEND_AGAIN, AFP_WORDS_SEND_AGAIN,
        afp_say_plain_with(action->page, AFP_WORDS_ASK_SEND_AGAIN, follow_up->application_id));
    action->question.id = apr_pstrdup(pool, follow_up->id);
    action->question.occurrence = occurrence;
    return AFP_ACTION_ASK;
}

afp_action_end_t afp_action_send_again(afp_action_t *action)
{
    afp_follow_up_t follow_up;
    afp_invitation_t latest;
    long long occurrence;
    afp_action_end_t end;

    if (!find_finished(action, "invited", "uncertain", &follow_up, &end)) {
        return end;
    }
    if (afp_invitation_latest(action->session, follow_up.company_uuid, follow_up.application_id,
                              &latest) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_send_again(action, &follow_up, latest.occurrence);
    }
    if (afp_text_int64(afp_form_value(action->form, "occurrence"), &occurrence) != 0 ||
        occurrence != latest.occurrence) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    follow_up.anyway = 1;
    /* The one that was confirmed, by number: two clicks, or a repeated transaction, name the same.
     */
    follow_up.occurrence = latest.occurrence + 1;
    return repeat(action, &follow_up, AFP_SAID_SENDING_AGAIN, "send again");
}

afp_action_end_t afp_action_refresh(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    afp_follow_up_t follow_up;
    afp_action_end_t end;
    apr_status_t rv;

    if (!find_finished(action, "invited", "invited", &follow_up, &end)) {
        return end;
    }
    if (page->tenant.state != AFP_TENANT_CONNECTED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    rv = afp_reading_hurry(afp_web_child(), page->vhost->site, action->session,
                           follow_up.company_uuid, follow_up.application_id);
    return rv == APR_SUCCESS    ? afp_action_done(action, AFP_SAID_REFRESHING)
           : rv == APR_NOTFOUND ? afp_action_done(action, AFP_SAID_GONE)
                                : AFP_ACTION_FAILED;
}
