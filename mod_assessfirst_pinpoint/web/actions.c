#include "web/actions_parts.h"

#include "core/text.h"
#include "store/audit.h"
#include "web/say.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

int afp_action_is_confirmed(const afp_action_t *action)
{
    return *afp_form_value(action->form, "confirmed") != '\0';
}

afp_action_end_t afp_action_ask(afp_action_t *action, const char *name, afp_words_t title,
                                const char *words)
{
    action->question.action = name;
    action->question.id = "";
    action->question.title = afp_say_plain(action->page, title);
    action->question.words = words;
    return AFP_ACTION_ASK;
}

afp_action_end_t afp_action_done(afp_action_t *action, afp_said_t said)
{
    action->said = said;
    return AFP_ACTION_DONE;
}

/* Who did what: the operator's trail. */
void afp_action_note(const afp_action_t *action, const char *what)
{
    const afp_page_t *page = action->page;

    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, page->r, AFPNO(0512) "tenant %s: %s, by user %s",
                  page->tenant.company_uuid, what, afp_text_log(page->r->pool, page->r->user, 100));
}

const char *afp_action_who(const afp_action_t *action)
{
    apr_pool_t *pool = action->page->r->pool;

    return afp_text_shorten(pool, afp_text_log(pool, action->page->r->user, AFP_AUDIT_LIMIT),
                            AFP_AUDIT_LIMIT);
}

/* What follows when the tenant was stored, or not. */
afp_action_end_t afp_action_after_save(afp_action_t *action, apr_status_t rv, afp_said_t said,
                                       const char *what)
{
    afp_page_t *page = action->page;

    if (rv == APR_NOTFOUND) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (rv != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    /* What this child does next already goes by the new settings. */
    (void)afp_tenants_reread(page->vhost->site->tenants, action->session,
                             page->tenant.company_uuid);
    afp_action_note(action, what);
    return afp_action_done(action, said);
}

/* Stores the tenant, and says what was done. */
afp_action_end_t afp_action_save_tenant(afp_action_t *action, afp_said_t said, const char *what)
{
    afp_page_t *page = action->page;
    apr_status_t rv = afp_tenant_save(action->session, &page->vhost->site->place, &page->tenant,
                                      afp_action_who(action));

    return afp_action_after_save(action, rv, said, what);
}

/* Adds a follow-up and wakes a worker for it. */
apr_status_t afp_action_add_follow_up(const afp_action_t *action, afp_follow_up_t *follow_up)
{
    const afp_page_t *page = action->page;
    apr_status_t rv;

    apr_cpystrn(follow_up->company_uuid, page->tenant.company_uuid,
                sizeof(follow_up->company_uuid));
    rv = afp_follow_up_add(action->session, follow_up);
    if (rv == APR_SUCCESS) {
        afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid,
                       follow_up->id);
    }
    return rv;
}

apr_status_t afp_action_add_checks(const afp_action_t *action)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_CHECK_PINPOINT,
                                        AFP_FOLLOW_UP_CHECK_ASSESSFIRST};
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; i < 2 && rv == APR_SUCCESS; i++) {
        afp_follow_up_t check;

        memset(&check, 0, sizeof(check));
        apr_cpystrn(check.kind, kinds[i], sizeof(check.kind));
        rv = afp_action_add_follow_up(action, &check);
    }
    return rv;
}

/* ---- which one ---- */

static const struct {
    const char *name;
    afp_action_end_t (*run)(afp_action_t *action);
} actions[] = {
    {AFP_ACTION_GENERATE, afp_action_generate},
    {AFP_ACTION_SAVE, afp_action_save},
    {AFP_ACTION_SAVE_DRAFT, afp_action_save_draft},
    {AFP_ACTION_PAUSE, afp_action_pause},
    {AFP_ACTION_RESUME, afp_action_resume},
    {AFP_ACTION_DISCONNECT, afp_action_disconnect},
    {AFP_ACTION_CHECK, afp_action_check},
    {AFP_ACTION_FORGET, afp_action_forget_former},
    {AFP_ACTION_REVOKE, afp_action_revoke},
    {AFP_ACTION_ERASE, afp_action_erase},
    {AFP_ACTION_SYNCHRONISE, afp_action_synchronise},
    {AFP_ACTION_REFRESH_ALL, afp_action_refresh_all},
    {AFP_ACTION_REFRESH, afp_action_refresh},
    {AFP_ACTION_INVITE, afp_action_invite_anyway},
    {AFP_ACTION_SEND_AGAIN, afp_action_send_again},
    {AFP_ACTION_TRY_AGAIN, afp_action_try_again},
    {AFP_ACTION_TRY_ALL, afp_action_try_all},
    {AFP_ACTION_DECIDE, afp_action_decide},
    {AFP_ACTION_DECIDE_ALL, afp_action_decide_all},
};

afp_action_end_t afp_action_run(afp_action_t *action)
{
    const char *button = afp_form_value(action->form, "action");
    size_t length = strcspn(button, ":");

    action->said = AFP_SAID_NOTHING;
    action->api_token = "";
    action->id = button[length] == ':' ? button + length + 1 : afp_form_value(action->form, "id");
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strlen(actions[i].name) != length || strncmp(actions[i].name, button, length) != 0) {
            continue;
        }
        if (!action->page->has_tenant && actions[i].run != afp_action_generate) {
            return afp_action_done(action, AFP_SAID_GONE);
        }
        return actions[i].run(action);
    }
    return AFP_ACTION_UNKNOWN;
}
