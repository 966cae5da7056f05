/* What the buttons do that are for all that match, and deciding again. */

#include "web/actions_parts.h"

#include "core/text.h"
#include "web/page_parts.h"
#include "web/say.h"

#include <apr_strings.h>
#include <string.h>

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
        count < AFP_OPERATION_LIMIT ? digits : afp_say_plain_with(page, AFP_WORDS_OR_MORE, digits));
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
    afp_repeat_t all = afp_operation_all_dead(&action->operation, page->asked.application_id);

    if (!afp_page_has_settings(page)) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    if (!afp_action_is_confirmed(action)) {
        return ask_try_all(action, &all);
    }
    if (confirmed_until(action, &all.until) != 0) {
        return afp_action_done(action, AFP_SAID_GONE);
    }
    return afp_action_after(action, afp_operation_try_all(&action->operation, &all),
                            AFP_SAID_TRYING_ALL);
}

/* ---- what was ignored ---- */

static afp_action_end_t decide(afp_action_t *action, afp_ignored_t *ignored)
{
    apr_status_t rv = afp_operation_decide(&action->operation, ignored);

    return afp_action_after(action, rv,
                            ignored->triggers > 0 ? AFP_SAID_DECIDED : AFP_SAID_STILL_IGNORED);
}

afp_action_end_t afp_action_decide(afp_action_t *action)
{
    afp_ignored_t ignored = afp_operation_all_ignored(&action->operation, "");

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
    afp_ignored_t ignored =
        afp_operation_all_ignored(&action->operation, action->page->asked.application_id);

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
