/* What the buttons do that are for all that match, and deciding again. */

#include "web/actions_parts.h"

#include "core/text.h"
#include "store/audit.h"
#include "store/ignored.h"
#include "web/page_parts.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

#define MOST_AT_ONCE 10000 /* that are counted, and done in one request */

/* What was counted was counted until then; only that was confirmed. 0, or -1 without a time. */
static int confirmed_until(const afp_action_t *action, apr_time_t *until)
{
    long long number;
    int rv = afp_text_int64(afp_form_value(action->form, AFP_QUESTION_UNTIL), &number);

    *until = rv == 0 ? number : 0;
    return rv;
}

static const char *counted(const afp_page_t *page, afp_words_t words, int count)
{
    const char *digits = apr_itoa(page->r->pool, count);

    return afp_say_number_as(
        page, words, count,
        count < MOST_AT_ONCE ? digits : afp_say_plain_with(page, AFP_WORDS_OR_MORE, digits));
}

static afp_action_end_t ask(afp_action_t *action, const char *name, const char *title,
                            const char *words, apr_time_t until)
{
    (void)afp_action_ask(action, name, AFP_WORDS_NONE, words);
    action->question.title = title;
    action->question.until = apr_psprintf(action->page->r->pool, "%" APR_TIME_T_FMT, until);
    action->question.is_harmless = 1;
    return AFP_ACTION_ASK;
}

/* Who did it to how many: for the log, and for the trail that the page shows. What is done is done,
 * also if that could not be written. */
static void note(const afp_action_t *action, const char *which, int count)
{
    const afp_page_t *page = action->page;
    const afp_deed_t deed = {AFP_AUDIT_RETRIED, which, "", apr_itoa(page->r->pool, count)};

    afp_action_note(action, apr_psprintf(page->r->pool, "%d %s ones again", count, which));
    (void)afp_audit_note(action->session, page->tenant.company_uuid, afp_action_who(action), &deed);
}

/* ---- what failed ---- */

static afp_action_end_t ask_try_all(afp_action_t *action, afp_repeat_t *all)
{
    const afp_page_t *page = action->page;

    if (afp_follow_up_count_dead(action->session, all) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    if (all->count == 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    return ask(action, AFP_ACTION_TRY_ALL, counted(page, AFP_WORDS_TRY_COUNTED, all->count),
               afp_say_plain(page, AFP_WORDS_ASK_TRY_ALL), all->until);
}

afp_action_end_t afp_action_try_all(afp_action_t *action)
{
    const afp_page_t *page = action->page;
    afp_repeat_t all = {
        .company_uuid = page->tenant.company_uuid,
        .application_id = page->asked.application_id,
        .limit = MOST_AT_ONCE,
    };
    apr_status_t rv;

    if (!afp_page_has_settings(page)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_try_all(action, &all);
    }
    if (confirmed_until(action, &all.until) != 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    rv = afp_follow_up_repeat_dead(action->session, &all);
    if (rv != APR_SUCCESS && rv != APR_NOTFOUND) {
        return AFP_ACTION_FAILED;
    }
    if (rv == APR_NOTFOUND || all.count == 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    note(action, "failed", all.count);
    return afp_action_done(action, AFP_SAID_TRYING_ALL);
}

/* ---- what was ignored ---- */

static afp_ignored_t ignored_of(const afp_page_t *page)
{
    return (afp_ignored_t){
        .company_uuid = page->tenant.company_uuid,
        .id = "",
        .application_id = page->asked.application_id,
        .limit = MOST_AT_ONCE,
        .generation = page->tenant.generation,
        .status = page->tenant.status,
        .names = &page->vhost->site->event_names,
    };
}

static afp_action_end_t decide(afp_action_t *action, afp_ignored_t *ignored)
{
    const afp_page_t *page = action->page;
    apr_status_t rv = afp_ignored_decide(action->session, ignored);

    if (rv != APR_SUCCESS && rv != APR_NOTFOUND) {
        return AFP_ACTION_FAILED;
    }
    if (rv == APR_NOTFOUND || ignored->looked_at == 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (ignored->triggers == 0) {
        return afp_action_done(action, AFP_SAID_STILL_IGNORED);
    }
    afp_child_wake(afp_web_child(), page->vhost->site, page->tenant.company_uuid, NULL);
    note(action, "ignored", ignored->triggers);
    return afp_action_done(action, AFP_SAID_DECIDED);
}

afp_action_end_t afp_action_decide(afp_action_t *action)
{
    afp_ignored_t ignored = ignored_of(action->page);

    if (!afp_id_is_valid(action->id)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    ignored.id = action->id;
    return decide(action, &ignored);
}

static afp_action_end_t ask_decide_all(afp_action_t *action, afp_ignored_t *ignored)
{
    const afp_page_t *page = action->page;

    if (afp_ignored_count(action->session, ignored) != APR_SUCCESS) {
        return AFP_ACTION_FAILED;
    }
    if (ignored->count == 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    return ask(action, AFP_ACTION_DECIDE_ALL,
               counted(page, AFP_WORDS_DECIDE_COUNTED, ignored->count),
               afp_say_plain_with(page, AFP_WORDS_ASK_DECIDE_ALL,
                                  afp_say_moment(page, ignored->oldest_at)),
               ignored->until);
}

afp_action_end_t afp_action_decide_all(afp_action_t *action)
{
    afp_ignored_t ignored = ignored_of(action->page);

    if (!afp_page_has_settings(action->page)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_decide_all(action, &ignored);
    }
    if (confirmed_until(action, &ignored.until) != 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    return decide(action, &ignored);
}
