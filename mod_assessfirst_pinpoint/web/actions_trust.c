#include "web/actions_parts.h"

#include "core/text.h"
#include "store/erase.h"
#include "store/secret.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

/* Secrets that are taken away, and candidates whose data is erased. */

/* ---- secrets ---- */

afp_action_end_t afp_action_forget_former(afp_action_t *action)
{
    afp_page_t *page = action->page;
    afp_tenant_t *tenant = &page->tenant;
    afp_secret_note_t notes[AFP_SECRETS];

    if (tenant->unreadable || *tenant->former_secret == '\0') {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (afp_secret_notes(action->session, tenant, notes) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    if (!afp_action_is_confirmed(action)) {
        return afp_action_ask(
            action, AFP_ACTION_FORGET, AFP_WORDS_REMOVE_FORMER,
            notes[AFP_SECRET_FORMER].used_at > 0
                ? afp_say_plain_with(page, AFP_WORDS_ASK_REMOVE_USED,
                                     afp_say_moment(page, notes[AFP_SECRET_FORMER].used_at))
                : afp_say_plain(page, AFP_WORDS_ASK_REMOVE_UNUSED));
    }
    memset(tenant->former_secret, 0, sizeof(tenant->former_secret));
    tenant->former_until = 0;
    return afp_action_after(
        action, afp_operation_save(&action->operation, "the former signing secret was removed"),
        AFP_SAID_FORMER_REMOVED);
}

afp_action_end_t afp_action_revoke(afp_action_t *action)
{
    afp_page_t *page = action->page;
    apr_status_t rv;

    if (*page->tenant.api_token_hash == '\0') {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return afp_action_ask_token(action, AFP_ACTION_REVOKE, AFP_WORDS_REVOKE,
                                    AFP_WORDS_ASK_REVOKE);
    }
    if (!afp_action_is_of_token(action)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    rv = afp_tenant_revoke_token(action->session, &page->vhost->site->place, &page->tenant,
                                 action->operation.who);
    return afp_action_after_save(action, rv, AFP_SAID_REVOKED, "the API token was revoked");
}

/* ---- erasing ---- */

/* Whose data. In the question it is one text: "a" or "c" before the id. */
typedef struct {
    const char *application_id; /* or "" */
    const char *candidate_id;   /* or "" */
} subject_t;

#define OF_APPLICATION 'a'
#define OF_CANDIDATE   'c'

static const char *id_of(const subject_t *subject)
{
    return *subject->application_id != '\0' ? subject->application_id : subject->candidate_id;
}

/* Reads it from the form on the page. What is wrong with it, or AFP_WORDS_NONE. */
static afp_words_t read_form(const afp_action_t *action, subject_t *subject)
{
    apr_pool_t *pool = action->page->r->pool;

    subject->application_id =
        afp_text_trim(pool, afp_form_value(action->form, AFP_ERASE_APPLICATION));
    subject->candidate_id = afp_text_trim(pool, afp_form_value(action->form, AFP_ERASE_CANDIDATE));
    if ((*subject->application_id == '\0') == (*subject->candidate_id == '\0')) {
        return AFP_WORDS_FAULT_ERASE_ONE;
    }
    if (*subject->application_id != '\0' &&
        !afp_activity_is_application_id(subject->application_id)) {
        return AFP_WORDS_FAULT_ERASE_APPLICATION;
    }
    if (*subject->candidate_id != '\0' && !afp_operation_is_candidate_id(subject->candidate_id)) {
        return AFP_WORDS_FAULT_ERASE_CANDIDATE;
    }
    subject->application_id = afp_activity_plain_id(subject->application_id);
    return AFP_WORDS_NONE;
}

/* Reads it from the question's answer. 1, or 0 if nobody asked that. */
static int read_answer(const afp_action_t *action, subject_t *subject)
{
    const char *id = afp_form_value(action->form, "id");

    subject->application_id = *id == OF_APPLICATION ? afp_activity_plain_id(id + 1) : "";
    subject->candidate_id = *id == OF_CANDIDATE ? id + 1 : "";
    return afp_activity_is_application_id(subject->application_id) ||
           afp_operation_is_candidate_id(subject->candidate_id);
}

/* "11, 12 and more" */
static const char *list_applications(const afp_page_t *page, const apr_array_header_t *ids)
{
    apr_pool_t *pool = page->r->pool;
    const char *text = "";

    for (int i = 0; i < ids->nelts && i < 10; i++) {
        text =
            apr_pstrcat(pool, text, i > 0 ? ", " : "", APR_ARRAY_IDX(ids, i, const char *), NULL);
    }
    return ids->nelts > 10 ? afp_say_plain_with(page, AFP_WORDS_AND_MORE, text) : text;
}

/* *is_nothing is 1 if nothing is held of the one application that is named: perhaps it is not the
 * one that is meant. */
static apr_status_t is_nothing_held(const afp_action_t *action, const subject_t *subject,
                                    const apr_array_header_t *ids, int *is_nothing)
{
    const afp_page_t *page = action->page;
    afp_history_t history;
    apr_status_t rv;

    *is_nothing = 0;
    if (*subject->application_id == '\0' || ids->nelts > 1) {
        return APR_SUCCESS;
    }
    rv = afp_history_read(action->session, page->tenant.company_uuid, subject->application_id,
                          page->r->pool, &history);
    *is_nothing =
        rv == APR_SUCCESS && history.entries->nelts == 0 && history.invitation.occurrence == 0;
    return rv;
}

static afp_action_end_t ask_erase(afp_action_t *action, const subject_t *subject, int is_mistyped)
{
    const afp_page_t *page = action->page;
    apr_pool_t *pool = page->r->pool;
    apr_array_header_t *ids;
    int is_nothing;

    if (afp_erase_find(action->session, page->tenant.company_uuid, subject->application_id,
                       subject->candidate_id, pool, &ids) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    if (ids->nelts == 0) {
        return afp_action_done(action, AFP_SAID_NOBODY_ERASED);
    }
    if (is_nothing_held(action, subject, ids, &is_nothing) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    afp_action_ask(
        action, AFP_ACTION_ERASE, AFP_WORDS_ERASE,
        afp_say_plain_with(page, is_nothing ? AFP_WORDS_ASK_ERASE_NOTHING : AFP_WORDS_ASK_ERASE,
                           list_applications(page, ids)));
    action->question.more = afp_say_plain(page, AFP_WORDS_ERASE_WORDS);
    action->question.id = apr_psprintf(
        pool, "%c%s", *subject->application_id ? OF_APPLICATION : OF_CANDIDATE, id_of(subject));
    action->question.typed = id_of(subject);
    action->question.is_mistyped = is_mistyped;
    return AFP_ACTION_ASK;
}

static afp_action_end_t erase(afp_action_t *action, const subject_t *subject)
{
    int applications;
    apr_status_t rv = afp_operation_erase(&action->operation, subject->application_id,
                                          subject->candidate_id, &applications);

    return rv == APR_NOTFOUND
               ? afp_action_done(action, AFP_SAID_NOBODY_ERASED)
               : afp_action_after(action, rv,
                                  applications > 0 ? AFP_SAID_ERASED : AFP_SAID_NOTHING_HELD);
}

afp_action_end_t afp_action_erase(afp_action_t *action)
{
    afp_page_t *page = action->page;
    subject_t subject;

    if (page->tenant.erasure_key_lost) {
        page->wrong = AFP_WORDS_NOTHING_ERASED;
        page->not_saved = afp_say_plain(page, AFP_WORDS_ERASURES_LOST);
        return AFP_ACTION_WRONG;
    }
    if (!afp_action_is_confirmed(action)) {
        page->erase_fault = read_form(action, &subject);
        page->erase_application = subject.application_id;
        page->erase_candidate = subject.candidate_id;
        if (page->erase_fault != AFP_WORDS_NONE) {
            page->wrong = AFP_WORDS_NOTHING_ERASED;
            page->not_saved = afp_say_plain(page, AFP_WORDS_CORRECT_ERASE);
            return AFP_ACTION_WRONG;
        }
        return ask_erase(action, &subject, 0);
    }
    if (!read_answer(action, &subject)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (strcmp(afp_text_trim(page->r->pool, afp_form_value(action->form, AFP_QUESTION_TYPED)),
               id_of(&subject)) != 0) {
        return ask_erase(action, &subject, 1);
    }
    return erase(action, &subject);
}
