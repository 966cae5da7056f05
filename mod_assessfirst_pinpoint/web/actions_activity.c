/* What the buttons of one activity do. */

#include "web/actions_parts.h"

#include "core/text.h"
#include "web/reading.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

afp_action_end_t afp_action_invite_anyway(afp_action_t *action)
{
    afp_follow_up_t follow_up;

    return afp_action_after(action,
                            afp_operation_invite_anyway(&action->operation, action->id, &follow_up),
                            AFP_SAID_INVITING);
}

afp_action_end_t afp_action_try_again(afp_action_t *action)
{
    afp_follow_up_t follow_up;

    return afp_action_after(action,
                            afp_operation_try_again(&action->operation, action->id, &follow_up),
                            AFP_SAID_TRYING_AGAIN);
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
    const afp_operation_t *operation = &action->operation;
    afp_follow_up_t follow_up;
    int latest = 0;
    long long occurrence;
    apr_status_t rv =
        afp_operation_find_invite(operation, action->id, AFP_ACTIVITY_UNCERTAIN, &follow_up);

    if (rv == APR_SUCCESS) {
        rv = afp_operation_latest(operation, &follow_up, &latest);
    }
    if (rv != APR_SUCCESS) {
        return afp_action_after(action, rv, AFP_SAID_SENDING_AGAIN);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_send_again(action, &follow_up, latest);
    }
    /* The one that was confirmed. */
    if (afp_text_int64(afp_form_value(action->form, "occurrence"), &occurrence) != 0 ||
        occurrence != latest) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    return afp_action_after(action, afp_operation_send_again(operation, &follow_up, latest),
                            AFP_SAID_SENDING_AGAIN);
}

afp_action_end_t afp_action_refresh(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    afp_follow_up_t follow_up;
    apr_status_t rv = page->tenant.state == AFP_TENANT_CONNECTED
                          ? afp_operation_find_invite(&action->operation, action->id,
                                                      AFP_ACTIVITY_INVITED, &follow_up)
                          : APR_NOTFOUND;

    if (rv == APR_SUCCESS) {
        rv = afp_reading_hurry(afp_web_child(), page->vhost->site, action->session,
                               follow_up.company_uuid, follow_up.application_id);
    }
    return afp_action_after(action, rv, AFP_SAID_REFRESHING);
}
