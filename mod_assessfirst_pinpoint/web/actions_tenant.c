/* What the buttons of the connection do. */

#include "web/actions_parts.h"

#include "core/api_token.h"
#include "core/text.h"
#include "store/field.h"
#include "web/page_parts.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

#define FIRST_LOCALE "en-US"

static afp_action_end_t ask_generate(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    int has_token = *page->tenant.api_token_hash != '\0';

    (void)afp_action_ask_token(action, AFP_ACTION_GENERATE, AFP_WORDS_GENERATE_NEW,
                               has_token ? AFP_WORDS_ASK_GENERATE : AFP_WORDS_ASK_GENERATE_FIRST);
    action->question.is_harmless = !has_token;
    return AFP_ACTION_ASK;
}

afp_action_end_t afp_action_generate(afp_action_t *action)
{
    afp_page_t *page = action->page;
    afp_tenant_t tenant;
    afp_id_t company_uuid;
    apr_status_t rv;

    if (page->has_tenant && page->tenant.state != AFP_TENANT_DISCONNECTED) {
        if (!afp_action_is_confirmed(action)) {
            return ask_generate(action);
        }
        if (!afp_action_is_of_token(action)) {
            return afp_action_done(action, AFP_SAID_GONE);
        }
    }
    memset(&tenant, 0, sizeof(tenant));
    action->api_token = afp_api_token_make(page->r->pool, tenant.api_token_hash);
    if (action->api_token == NULL || afp_id_random(&company_uuid) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    apr_cpystrn(tenant.company_uuid, company_uuid.text, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, page->company, sizeof(tenant.company));
    apr_cpystrn(tenant.locale, FIRST_LOCALE, sizeof(tenant.locale));
    rv = afp_tenant_create(action->session, &page->vhost->site->place, &tenant,
                           page->has_tenant ? page->tenant.api_token_hash : "",
                           action->operation.who);
    if (rv != APR_SUCCESS) {
        action->api_token = ""; /* it is none */
        return afp_action_after(action, rv, AFP_SAID_GENERATED);
    }
    page->tenant = tenant;
    page->has_tenant = 1;
    return afp_action_after_save(action, APR_SUCCESS, AFP_SAID_GENERATED,
                                 "an API token was generated");
}

/* ---- the settings ---- */

/* Somebody else may save between our reading and our writing; then it is all compared anew. */
#define SAVE_TRIES 3

/* Brings what was entered into the tenant. 1, or 0 if the page is to be shown again. */
static int take_settings(afp_action_t *action, int is_draft)
{
    afp_page_t *page = action->page;
    apr_pool_t *pool = page->r->pool;

    afp_settings_form_enter(&page->settings, action->form, page->vhost, &page->tenant, pool);
    if (afp_settings_compare(&page->settings, action->form, page->vhost, &page->tenant, pool) > 0) {
        page->wrong = AFP_WORDS_SAVED_MEANWHILE;
        page->not_saved = afp_say_plain(page, AFP_WORDS_SAVED_MEANWHILE_WORDS);
        return 0;
    }
    if (afp_settings_form_apply(&page->settings, page->vhost, pool, is_draft, &page->tenant) > 0) {
        page->wrong = AFP_WORDS_NOTHING_SAVED;
        page->not_saved = afp_say_plain(page, AFP_WORDS_CORRECT_THESE);
        return 0;
    }
    return 1;
}

/* Shows the form again, with what was typed. */
static afp_action_end_t show_again(afp_action_t *action, afp_words_t wrong, afp_words_t words)
{
    afp_page_t *page = action->page;

    afp_settings_form_enter(&page->settings, action->form, page->vhost, &page->tenant,
                            page->r->pool);
    page->wrong = wrong;
    page->not_saved = afp_say_plain(page, words);
    return AFP_ACTION_WRONG;
}

static afp_action_end_t save_settings(afp_action_t *action, int is_draft)
{
    afp_page_t *page = action->page;
    const afp_tenants_place_t *place = &page->vhost->site->place;
    apr_status_t rv = APR_NOTFOUND;
    afp_action_end_t end;

    for (int tries = 0; rv == APR_NOTFOUND; tries++) {
        if (tries > 0 && afp_tenant_by_company(action->session, place, page->company,
                                               &page->tenant) != APR_SUCCESS) {
            return AFP_ACTION_FAILED;
        }
        if (page->tenant.state == AFP_TENANT_DISCONNECTED) {
            page->view = AFP_VIEW_OVERVIEW; /* there is nothing else any more */
            return show_again(action, AFP_WORDS_DISCONNECTED_MEANWHILE,
                              AFP_WORDS_DISCONNECTED_MEANWHILE_WORDS);
        }
        if (tries == SAVE_TRIES) {
            return show_again(action, AFP_WORDS_NOTHING_SAVED, AFP_WORDS_SAVE_ONCE_MORE);
        }
        if (!take_settings(action, is_draft && page->tenant.state == AFP_TENANT_CREATED)) {
            return AFP_ACTION_WRONG;
        }
        rv = afp_tenant_save(action->session, place, &page->tenant, action->operation.who);
    }
    end = afp_action_after_save(
        action, rv, page->tenant.state == AFP_TENANT_CREATED ? AFP_SAID_DRAFT : AFP_SAID_SAVED,
        "the settings were saved");
    if (end == AFP_ACTION_DONE && action->said == AFP_SAID_SAVED &&
        page->tenant.state == AFP_TENANT_CONNECTED &&
        afp_operation_add_checks(&action->operation) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    return end;
}

afp_action_end_t afp_action_save(afp_action_t *action)
{
    return save_settings(action, 0);
}

afp_action_end_t afp_action_save_draft(afp_action_t *action)
{
    return save_settings(action, 1);
}

/* ---- pause, resume, disconnect ---- */

/* What cannot be opened would be stored as empty. */
static int secrets_are_lost(afp_action_t *action)
{
    if (action->page->tenant.unreadable) {
        action->page->wrong = AFP_WORDS_NOTHING_SAVED;
        action->page->not_saved = afp_say_plain(action->page, AFP_WORDS_SECRETS_LOST);
    }
    return action->page->tenant.unreadable;
}

/* Asks with how many invitations wait, which is what the answer is about. */
static afp_action_end_t ask_with_waiting(afp_action_t *action, const char *name, afp_words_t title,
                                         afp_words_t words, afp_words_t waiting)
{
    const afp_page_t *page = action->page;
    int count;

    if (afp_activity_invitations(action->session, page->tenant.company_uuid, &count) !=
        APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_action_ask(action, name, title, afp_say_plain(page, words));
    action->question.is_harmless = 1;
    if (count > 0) {
        action->question.more = afp_page_counted(page, waiting, count);
    }
    return AFP_ACTION_ASK;
}

afp_action_end_t afp_action_pause(afp_action_t *action)
{
    if (secrets_are_lost(action)) {
        return AFP_ACTION_WRONG;
    }
    if (action->page->tenant.state != AFP_TENANT_CONNECTED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_with_waiting(action, AFP_ACTION_PAUSE, AFP_WORDS_PAUSE, AFP_WORDS_ASK_PAUSE,
                                AFP_WORDS_WAITING_FOR_RESUME);
    }
    return afp_action_after(action, afp_operation_pause(&action->operation), AFP_SAID_PAUSED);
}

afp_action_end_t afp_action_resume(afp_action_t *action)
{
    if (secrets_are_lost(action)) {
        return AFP_ACTION_WRONG;
    }
    if (action->page->tenant.state != AFP_TENANT_PAUSED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_with_waiting(action, AFP_ACTION_RESUME, AFP_WORDS_RESUME, AFP_WORDS_ASK_RESUME,
                                AFP_WORDS_WAITING_FOR_RESUME);
    }
    return afp_action_after(action, afp_operation_resume(&action->operation), AFP_SAID_RESUMED);
}

/* The custom fields that were made in the company's Pinpoint, in one line; "" if there are none. */
static apr_status_t name_own_fields(const afp_action_t *action, const char **names)
{
    const afp_page_t *page = action->page;
    apr_pool_t *pool = page->r->pool;
    apr_array_header_t *fields;
    apr_status_t rv = afp_field_list(action->session, page->tenant.company_uuid, pool, &fields);

    *names = "";
    for (int i = 0; rv == APR_SUCCESS && i < fields->nelts; i++) {
        const afp_field_t *field = &APR_ARRAY_IDX(fields, i, afp_field_t);

        if (field->created) {
            const char *name = strcmp(field->resource_type, "job") == 0
                                   ? afp_say_plain_with(page, AFP_WORDS_FIELD_ON_JOBS, field->name)
                                   : field->name;

            *names = apr_pstrcat(pool, *names, **names != '\0' ? ", " : "", name, NULL);
        }
    }
    return rv;
}

static afp_action_end_t ask_disconnect(afp_action_t *action)
{
    const char *names;

    if (name_own_fields(action, &names) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_action_ask(action, AFP_ACTION_DISCONNECT, AFP_WORDS_DISCONNECT,
                   afp_say_plain(action->page, AFP_WORDS_ASK_DISCONNECT));
    action->question.more = afp_page_data_stays(action->page);
    if (*names != '\0') {
        action->question.option = afp_say_plain_with(action->page, AFP_WORDS_ALSO_DELETE, names);
    }
    return AFP_ACTION_ASK;
}

afp_action_end_t afp_action_disconnect(afp_action_t *action)
{
    afp_page_t *page = action->page;
    int delete_fields = *afp_form_value(action->form, AFP_QUESTION_OPTION) != '\0';
    afp_action_end_t end;
    apr_status_t rv;

    if (page->tenant.state == AFP_TENANT_DISCONNECTED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_disconnect(action);
    }
    rv = afp_tenant_disconnect(action->session, &page->vhost->site->place, &page->tenant,
                               delete_fields, action->operation.who);
    end = afp_action_after_save(
        action, rv, delete_fields ? AFP_SAID_DELETING : AFP_SAID_DISCONNECTED,
        delete_fields ? "disconnected, and its custom fields are to be deleted" : "disconnected");
    if (delete_fields && end == AFP_ACTION_DONE && rv == APR_SUCCESS) {
        afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    }
    return end;
}

afp_action_end_t afp_action_check(afp_action_t *action)
{
    return afp_action_after(action, afp_operation_test(&action->operation), AFP_SAID_CHECKING);
}

/* ---- models and results ---- */

afp_action_end_t afp_action_synchronise(afp_action_t *action)
{
    afp_follow_up_t follow_up;

    if (action->page->tenant.state != AFP_TENANT_CONNECTED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    memset(&follow_up, 0, sizeof(follow_up));
    apr_cpystrn(follow_up.kind, AFP_FOLLOW_UP_SYNCHRONISE, sizeof(follow_up.kind));
    return afp_operation_add_follow_up(&action->operation, &follow_up) == APR_SUCCESS
               ? afp_action_done(action, AFP_SAID_SYNCHRONISING)
               : AFP_ACTION_FAILED;
}

afp_action_end_t afp_action_refresh_all(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    int count;

    if (page->tenant.state != AFP_TENANT_CONNECTED) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (afp_follow_up_hurry_readings(action->session, page->tenant.company_uuid, &count) !=
        APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    return afp_action_done(action, AFP_SAID_REFRESHING);
}
