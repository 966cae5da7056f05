#include "web/actions.h"

#include "core/signature.h"
#include "core/text.h"
#include "store/audit.h"
#include "store/field.h"
#include "store/invitation.h"
#include "web/reading.h"
#include "web/say.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define API_TOKEN_PREFIX "afp_" /* lets secret scanners recognise it */
#define FIRST_LOCALE     "en-US"

static int is_confirmed(const afp_action_t *action)
{
    return *afp_form_value(action->form, "confirmed") != '\0';
}

static afp_action_end_t ask(afp_action_t *action, const char *name, afp_words_t title,
                            const char *words)
{
    action->question.action = name;
    action->question.id = "";
    action->question.title = afp_say_plain(action->page, title);
    action->question.words = words;
    return AFP_ACTION_ASK;
}

static afp_action_end_t done(afp_action_t *action, afp_said_t said)
{
    action->said = said;
    return AFP_ACTION_DONE;
}

/* Who did what: the operator's trail. */
static void note(const afp_action_t *action, const char *what)
{
    const afp_page_t *page = action->page;

    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, page->r, AFPNO(0512) "tenant %s: %s, by user %s",
                  page->tenant.company_uuid, what, afp_text_log(page->r->pool, page->r->user, 100));
}

/* The same for the audit trail. */
static const char *who(const afp_action_t *action)
{
    apr_pool_t *pool = action->page->r->pool;

    return afp_text_shorten(pool, afp_text_log(pool, action->page->r->user, AFP_AUDIT_LIMIT),
                            AFP_AUDIT_LIMIT);
}

/* What follows when the tenant was stored, or not. */
static afp_action_end_t after_save(afp_action_t *action, apr_status_t rv, afp_said_t said,
                                   const char *what)
{
    afp_page_t *page = action->page;

    if (rv == APR_NOTFOUND) {
        return done(action, AFP_SAID_GONE);
    }
    if (rv != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    /* What this child does next already goes by the new settings. */
    (void)afp_tenants_reread(page->vhost->site->tenants, action->session,
                             page->tenant.company_uuid);
    note(action, what);
    return done(action, said);
}

/* Stores the tenant, and says what was done. */
static afp_action_end_t save_tenant(afp_action_t *action, afp_said_t said, const char *what)
{
    afp_page_t *page = action->page;
    apr_status_t rv =
        afp_tenant_save(action->session, &page->vhost->site->place, &page->tenant, who(action));

    return after_save(action, rv, said, what);
}

/* Adds a follow-up and wakes a worker for it. */
static apr_status_t add_follow_up(const afp_action_t *action, afp_follow_up_t *follow_up)
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

static apr_status_t add_checks(const afp_action_t *action)
{
    static const char *const kinds[] = {AFP_FOLLOW_UP_CHECK_PINPOINT,
                                        AFP_FOLLOW_UP_CHECK_ASSESSFIRST};
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; i < 2 && rv == APR_SUCCESS; i++) {
        afp_follow_up_t check;

        memset(&check, 0, sizeof(check));
        apr_cpystrn(check.kind, kinds[i], sizeof(check.kind));
        rv = add_follow_up(action, &check);
    }
    return rv;
}

/* ---- the tenant ---- */

/* 256 random bits as text, and its SHA-256. NULL if the system gives no randomness. */
static const char *make_api_token(apr_pool_t *pool, char hash[65])
{
    afp_id_t halves[2];
    const char *token;

    if (afp_id_random(&halves[0]) != APR_SUCCESS || afp_id_random(&halves[1]) != APR_SUCCESS) {
        return NULL;
    }
    token = apr_pstrcat(pool, API_TOKEN_PREFIX, halves[0].text, halves[1].text, NULL);
    return afp_signature_digest(token, strlen(token), hash) == 0 ? token : NULL;
}

static afp_action_end_t generate(afp_action_t *action)
{
    afp_page_t *page = action->page;
    afp_tenant_t tenant;
    afp_id_t company_uuid;

    if (page->has_tenant && page->tenant.state != AFP_TENANT_DISCONNECTED &&
        !is_confirmed(action)) {
        return ask(action, AFP_ACTION_GENERATE, AFP_WORDS_GENERATE_NEW,
                   afp_say_plain(page, AFP_WORDS_ASK_GENERATE));
    }
    memset(&tenant, 0, sizeof(tenant));
    action->api_token = make_api_token(page->r->pool, tenant.api_token_hash);
    if (action->api_token == NULL || afp_id_random(&company_uuid) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    apr_cpystrn(tenant.company_uuid, company_uuid.text, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, page->company, sizeof(tenant.company));
    apr_cpystrn(tenant.locale, FIRST_LOCALE, sizeof(tenant.locale));
    if (afp_tenant_create(action->session, &page->vhost->site->place, &tenant, who(action)) !=
        APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    page->tenant = tenant;
    page->has_tenant = 1;
    note(action, "an API token was generated");
    return done(action, AFP_SAID_GENERATED);
}

static afp_action_end_t save(afp_action_t *action)
{
    afp_page_t *page = action->page;
    afp_action_end_t end;

    if (page->tenant.state == AFP_TENANT_DISCONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    afp_settings_form_enter(&page->settings, action->form, page->r->pool);
    if (afp_settings_form_apply(&page->settings, action->form, page->vhost, page->r->pool,
                                page->r->request_time, &page->tenant) > 0) {
        page->not_saved = afp_say_plain(page, AFP_WORDS_CORRECT_THESE);
        return AFP_ACTION_WRONG;
    }
    end = save_tenant(action, AFP_SAID_SAVED, "the settings were saved");
    if (end == AFP_ACTION_DONE && action->said == AFP_SAID_SAVED &&
        page->tenant.state == AFP_TENANT_CONNECTED && add_checks(action) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    return end;
}

/* What cannot be opened would be stored as empty. */
static int secrets_are_lost(afp_action_t *action)
{
    if (action->page->tenant.unreadable) {
        action->page->not_saved = afp_say_plain(action->page, AFP_WORDS_SECRETS_LOST);
    }
    return action->page->tenant.unreadable;
}

static afp_action_end_t pause_tenant(afp_action_t *action)
{
    if (secrets_are_lost(action)) {
        return AFP_ACTION_WRONG;
    }
    if (action->page->tenant.state != AFP_TENANT_CONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    action->page->tenant.state = AFP_TENANT_PAUSED;
    return save_tenant(action, AFP_SAID_PAUSED, "paused");
}

static afp_action_end_t resume_tenant(afp_action_t *action)
{
    afp_page_t *page = action->page;
    afp_action_end_t end;

    if (secrets_are_lost(action)) {
        return AFP_ACTION_WRONG;
    }
    if (page->tenant.state != AFP_TENANT_PAUSED) {
        return done(action, AFP_SAID_GONE);
    }
    page->tenant.state = AFP_TENANT_CONNECTED;
    end = save_tenant(action, AFP_SAID_RESUMED, "resumed");
    if (end == AFP_ACTION_DONE && add_checks(action) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    return end;
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
    ask(action, AFP_ACTION_DISCONNECT, AFP_WORDS_DISCONNECT,
        afp_say_plain(action->page, AFP_WORDS_ASK_DISCONNECT));
    if (*names != '\0') {
        action->question.option = afp_say_plain_with(action->page, AFP_WORDS_ALSO_DELETE, names);
    }
    return AFP_ACTION_ASK;
}

static afp_action_end_t disconnect(afp_action_t *action)
{
    afp_page_t *page = action->page;
    int delete_fields = *afp_form_value(action->form, AFP_QUESTION_OPTION) != '\0';
    afp_action_end_t end;
    apr_status_t rv;

    if (page->tenant.state == AFP_TENANT_DISCONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    if (!is_confirmed(action)) {
        return ask_disconnect(action);
    }
    rv = afp_tenant_disconnect(action->session, &page->vhost->site->place, &page->tenant,
                               delete_fields, who(action));
    end = after_save(action, rv, delete_fields ? AFP_SAID_DELETING : AFP_SAID_DISCONNECTED,
                     delete_fields ? "disconnected, and its custom fields are to be deleted"
                                   : "disconnected");
    if (delete_fields && end == AFP_ACTION_DONE && rv == APR_SUCCESS) {
        afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    }
    return end;
}

static afp_action_end_t check(afp_action_t *action)
{
    if (action->page->tenant.state != AFP_TENANT_CONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    return add_checks(action) == APR_SUCCESS ? done(action, AFP_SAID_CHECKING) : AFP_ACTION_FAILED;
}

/* ---- models and results ---- */

static afp_action_end_t synchronise(afp_action_t *action)
{
    afp_follow_up_t follow_up;

    if (action->page->tenant.state != AFP_TENANT_CONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    memset(&follow_up, 0, sizeof(follow_up));
    apr_cpystrn(follow_up.kind, AFP_FOLLOW_UP_SYNCHRONISE, sizeof(follow_up.kind));
    return add_follow_up(action, &follow_up) == APR_SUCCESS ? done(action, AFP_SAID_SYNCHRONISING)
                                                            : AFP_ACTION_FAILED;
}

static afp_action_end_t refresh_all(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    int count;

    if (page->tenant.state != AFP_TENANT_CONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    if (afp_follow_up_hurry_readings(action->session, page->tenant.company_uuid, &count) !=
        APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    return done(action, AFP_SAID_REFRESHING);
}

/* ---- one activity ---- */

/* Reads the finished follow-up of an application that a button named. 1 if it is there and ended
 * with `result` or the other one; otherwise 0, and *end is how the action ends. Only invitations
 * end with anything but done and dead. */
static int find_finished(afp_action_t *action, const char *result, const char *other,
                         afp_follow_up_t *follow_up, afp_action_end_t *end)
{
    const char *id = afp_form_value(action->form, "id");
    const afp_tenant_t *tenant = &action->page->tenant;
    char found[17];
    apr_status_t rv = APR_NOTFOUND;

    if (afp_id_is_valid(id) &&
        (tenant->state == AFP_TENANT_CONNECTED || tenant->state == AFP_TENANT_PAUSED)) {
        rv = afp_activity_finished(action->session, tenant->company_uuid, id, follow_up, found);
    }
    if (rv == APR_SUCCESS && *follow_up->application_id != '\0' &&
        (strcmp(found, result) == 0 || strcmp(found, other) == 0)) {
        return 1;
    }
    *end =
        rv == APR_SUCCESS || rv == APR_NOTFOUND ? done(action, AFP_SAID_GONE) : AFP_ACTION_FAILED;
    return 0;
}

static afp_action_end_t repeat(afp_action_t *action, afp_follow_up_t *follow_up, afp_said_t said,
                               const char *what)
{
    if (add_follow_up(action, follow_up) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    note(action, apr_psprintf(action->page->r->pool, "application %s: %s",
                              follow_up->application_id, what));
    return done(action, said);
}

/* Repeats what did not lead to an invitation, under its own occurrence, which cannot be sent twice
 * however often it is repeated. A later one than the first is taken up where the latest invitation
 * stands, and only while that has not gone out. */
static afp_action_end_t repeat_unsent(afp_action_t *action, afp_follow_up_t *follow_up,
                                      afp_said_t said, const char *what)
{
    afp_invitation_t latest;

    if (follow_up->occurrence > 1) {
        if (afp_invitation_latest(action->session, follow_up->company_uuid,
                                  follow_up->application_id, &latest) != APR_SUCCESS) {
            return AFP_ACTION_FAILED;
        }
        if (latest.occurrence >= follow_up->occurrence &&
            strcmp(latest.state, AFP_INVITATION_PLANNED) != 0 &&
            strcmp(latest.state, AFP_INVITATION_REFUSED) != 0) {
            return done(action, AFP_SAID_GONE);
        }
        if (latest.occurrence > follow_up->occurrence) {
            follow_up->occurrence = latest.occurrence;
        }
    }
    return repeat(action, follow_up, said, what);
}

static afp_action_end_t invite_anyway(afp_action_t *action)
{
    afp_follow_up_t follow_up;
    afp_action_end_t end;

    if (!find_finished(action, "skipped", "skipped", &follow_up, &end)) {
        return end;
    }
    follow_up.anyway = 1;
    return repeat_unsent(action, &follow_up, AFP_SAID_INVITING, "invite anyway");
}

static afp_action_end_t ask_send_again(afp_action_t *action, const afp_follow_up_t *follow_up,
                                       int occurrence)
{
    apr_pool_t *pool = action->page->r->pool;

    ask(action, AFP_ACTION_SEND_AGAIN, AFP_WORDS_SEND_AGAIN,
        afp_say_plain_with(action->page, AFP_WORDS_ASK_SEND_AGAIN, follow_up->application_id));
    action->question.id = apr_pstrdup(pool, follow_up->id);
    action->question.occurrence = occurrence;
    return AFP_ACTION_ASK;
}

static afp_action_end_t send_again(afp_action_t *action)
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
    if (!is_confirmed(action)) {
        return ask_send_again(action, &follow_up, latest.occurrence);
    }
    if (afp_text_int64(afp_form_value(action->form, "occurrence"), &occurrence) != 0 ||
        occurrence != latest.occurrence) {
        return done(action, AFP_SAID_GONE);
    }
    follow_up.anyway = 1;
    /* The one that was confirmed, by number: two clicks, or a repeated transaction, name the same.
     */
    follow_up.occurrence = latest.occurrence + 1;
    return repeat(action, &follow_up, AFP_SAID_SENDING_AGAIN, "send again");
}

static afp_action_end_t refresh(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    afp_follow_up_t follow_up;
    afp_action_end_t end;
    apr_status_t rv;

    if (!find_finished(action, "invited", "invited", &follow_up, &end)) {
        return end;
    }
    if (page->tenant.state != AFP_TENANT_CONNECTED) {
        return done(action, AFP_SAID_GONE);
    }
    rv = afp_reading_hurry(afp_web_child(), page->vhost->site, action->session,
                           follow_up.company_uuid, follow_up.application_id);
    return rv == APR_SUCCESS    ? done(action, AFP_SAID_REFRESHING)
           : rv == APR_NOTFOUND ? done(action, AFP_SAID_GONE)
                                : AFP_ACTION_FAILED;
}

static afp_action_end_t try_again(afp_action_t *action)
{
    afp_follow_up_t follow_up;
    afp_action_end_t end;

    if (!find_finished(action, "dead", "dead", &follow_up, &end)) {
        return end;
    }
    /* A reading and a write-back can be repeated whatever became of the invitation. */
    return strcmp(follow_up.kind, AFP_FOLLOW_UP_INVITE) == 0
               ? repeat_unsent(action, &follow_up, AFP_SAID_TRYING_AGAIN, "try again")
               : repeat(action, &follow_up, AFP_SAID_TRYING_AGAIN, "try again");
}

/* ---- which one ---- */

static const struct {
    const char *name;
    afp_action_end_t (*run)(afp_action_t *action);
} actions[] = {
    {AFP_ACTION_GENERATE, generate},       {AFP_ACTION_SAVE, save},
    {AFP_ACTION_PAUSE, pause_tenant},      {AFP_ACTION_RESUME, resume_tenant},
    {AFP_ACTION_DISCONNECT, disconnect},   {AFP_ACTION_CHECK, check},
    {AFP_ACTION_SYNCHRONISE, synchronise}, {AFP_ACTION_REFRESH, refresh},
    {AFP_ACTION_REFRESH_ALL, refresh_all}, {AFP_ACTION_INVITE, invite_anyway},
    {AFP_ACTION_SEND_AGAIN, send_again},   {AFP_ACTION_TRY_AGAIN, try_again},
};

afp_action_end_t afp_action_run(afp_action_t *action)
{
    const char *name = afp_form_value(action->form, "action");

    action->said = AFP_SAID_NOTHING;
    action->api_token = "";
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(actions[i].name, name) != 0) {
            continue;
        }
        if (!action->page->has_tenant && actions[i].run != generate) {
            return done(action, AFP_SAID_GONE);
        }
        return actions[i].run(action);
    }
    return AFP_ACTION_UNKNOWN;
}
