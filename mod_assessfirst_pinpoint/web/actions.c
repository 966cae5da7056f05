#include "web/actions_parts.h"

#include "core/text.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

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

/* The fingerprint of the API token; "" if there is none. */
static const char *token_of(const afp_page_t *page)
{
    return apr_pstrndup(page->r->pool, page->tenant.api_token_hash, AFP_FINGERPRINT_LENGTH);
}

afp_action_end_t afp_action_ask_token(afp_action_t *action, const char *name, afp_words_t title,
                                      afp_words_t words)
{
    (void)afp_action_ask(action, name, title, afp_say_plain(action->page, words));
    action->question.id = token_of(action->page);
    return AFP_ACTION_ASK;
}

int afp_action_is_of_token(const afp_action_t *action)
{
    return strcmp(action->id, token_of(action->page)) == 0;
}

afp_action_end_t afp_action_done(afp_action_t *action, afp_said_t said)
{
    action->said = said;
    return AFP_ACTION_DONE;
}

/* What follows when something was done with the tenant, or not. */
afp_action_end_t afp_action_after(afp_action_t *action, apr_status_t rv, afp_said_t said)
{
    return rv == APR_SUCCESS    ? afp_action_done(action, said)
           : rv == APR_NOTFOUND ? afp_action_done(action, AFP_SAID_GONE)
                                : AFP_ACTION_FAILED;
}

afp_action_end_t afp_action_after_save(afp_action_t *action, apr_status_t rv, afp_said_t said,
                                       const char *what)
{
    if (rv == APR_SUCCESS) {
        afp_operation_changed(&action->operation, what);
    }
    return afp_action_after(action, rv, said);
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

/* The user's name, for the audit trail. */
static const char *who(const afp_page_t *page)
{
    return afp_text_shorten(page->r->pool,
                            afp_text_log(page->r->pool, page->r->user, AFP_AUDIT_LIMIT),
                            AFP_AUDIT_LIMIT);
}

afp_action_end_t afp_action_run(afp_action_t *action)
{
    const char *button = afp_form_value(action->form, "action");
    size_t length = strcspn(button, ":");
    afp_page_t *page = action->page;

    action->said = AFP_SAID_NOTHING;
    action->api_token = "";
    action->operation = (afp_operation_t){
        .r = page->r,
        .vhost = page->vhost,
        .session = action->session,
        .tenant = &page->tenant,
        .who = who(page),
    };
    action->id = button[length] == ':' ? button + length + 1 : afp_form_value(action->form, "id");
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strlen(actions[i].name) != length || strncmp(actions[i].name, button, length) != 0) {
            continue;
        }
        if (!page->has_tenant && actions[i].run != afp_action_generate) {
            return afp_action_done(action, AFP_SAID_GONE);
        }
        return actions[i].run(action);
    }
    return AFP_ACTION_UNKNOWN;
}
