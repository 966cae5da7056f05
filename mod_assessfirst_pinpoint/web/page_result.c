#include "web/page_result.h"

#include "store/attempt.h"
#include "web/html.h"
#include "web/page_parts.h"
#include "web/say.h"

#include <http_protocol.h>
#include <string.h>

/* ---- states ---- */

/* A state in the page's words, and how it looks. */
static const struct {
    const char *state;
    afp_words_t words;
    const char *tone;
    const char *icon;
} states[] = {
    {AFP_ACTIVITY_WAITING, AFP_WORDS_RESULT_WAITING, "plain", AFP_ICON_WAIT},
    {AFP_ACTIVITY_RUNNING, AFP_WORDS_RESULT_RUNNING, "plain", AFP_ICON_WAIT},
    {AFP_ACTIVITY_HELD, AFP_WORDS_RESULT_HELD, "wait", AFP_ICON_PAUSE},
    {AFP_ACTIVITY_IGNORED, AFP_WORDS_RESULT_IGNORED, "plain", AFP_ICON_OFF},
    {AFP_ACTIVITY_INVITED, AFP_WORDS_RESULT_INVITED, "good", AFP_ICON_GOOD},
    {AFP_ACTIVITY_SKIPPED, AFP_WORDS_RESULT_SKIPPED, "plain", AFP_ICON_OFF},
    {AFP_ACTIVITY_UNCERTAIN, AFP_WORDS_RESULT_UNCERTAIN, "wait", AFP_ICON_BAD},
    {AFP_ACTIVITY_DEAD, AFP_WORDS_RESULT_FAILED, "bad", AFP_ICON_BAD},
    {AFP_ACTIVITY_REPEATED, AFP_WORDS_RESULT_REPEATED, "plain", AFP_ICON_INFO},
    {AFP_ACTIVITY_DONE, AFP_WORDS_RESULT_DONE, "good", AFP_ICON_GOOD},
    /* Of a history only. */
    {AFP_ATTEMPT_AGAIN, AFP_WORDS_RESULT_AGAIN, "plain", AFP_ICON_WAIT},
    {"", AFP_WORDS_RESULT_RECEIVED, "plain", AFP_ICON_INFO},
};

#define STATES ((int)(sizeof(states) / sizeof(states[0])))

static int find_state(const char *state)
{
    for (int i = 0; i < STATES; i++) {
        if (strcmp(states[i].state, state) == 0) {
            return i;
        }
    }
    return -1;
}

void afp_page_write_result(const afp_page_t *page, const char *state)
{
    int found = find_state(state);

    if (found >= 0) {
        afp_page_write_tag(page, states[found].tone, states[found].icon,
                           afp_say_plain(page, states[found].words));
    } else {
        afp_html_write(page->r, "%s", state); /* a newer module's */
    }
}

const char *afp_page_result_name(const afp_page_t *page, const char *state)
{
    int found = find_state(state);

    return found >= 0 ? afp_say_plain(page, states[found].words) : state;
}

/* ---- when, what it is about, and why ---- */

void afp_page_write_when(const afp_page_t *page, const afp_page_result_t *result)
{
    if (strcmp(result->state, AFP_ACTIVITY_RUNNING) == 0) {
        afp_say(page, AFP_WORDS_NOW);
    } else {
        afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, result->at));
    }
}

const char *afp_page_result_subject(const afp_page_t *page, const afp_page_result_t *result)
{
    static const struct {
        const char *kind;
        afp_words_t words;
    } kinds[] = {
        {AFP_FOLLOW_UP_INVITE, AFP_WORDS_ABOUT_INVITATION},
        {AFP_FOLLOW_UP_WRITE_BACK, AFP_WORDS_ABOUT_WRITE_BACK},
        {AFP_FOLLOW_UP_READ_RESULTS, AFP_WORDS_ABOUT_RESULTS},
        {AFP_FOLLOW_UP_DELETE_FIELDS, AFP_WORDS_ABOUT_FIELDS},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, result->kind) == 0) {
            return afp_say_plain(page, kinds[i].words);
        }
    }
    return afp_say_plain(page, AFP_WORDS_ABOUT_WEBHOOK);
}

/* What nothing holds any more is being released, which takes a while if it is much. */
static afp_words_t held_words(const afp_page_t *page)
{
    return page->tenant.state == AFP_TENANT_PAUSED ? AFP_WORDS_HELD_PAUSED
           : page->tenant.state == AFP_TENANT_CONNECTED && page->parkings->nelts == 0
               ? AFP_WORDS_HELD_RELEASED
               : AFP_WORDS_HELD_PARKED;
}

void afp_page_write_why(const afp_page_t *page, const afp_page_result_t *result)
{
    request_rec *r = page->r;

    if (*result->reason != '\0') {
        afp_say_with(page, AFP_WORDS_REASON, result->reason);
    } else if (strcmp(result->state, AFP_ACTIVITY_HELD) == 0) {
        afp_say(page, held_words(page));
    }
    if (result->attempts > 1) {
        afp_html_write(r, " %s", afp_say_number_of(page, AFP_WORDS_TRIED, result->attempts));
    }
    if (strcmp(result->state, AFP_ACTIVITY_WAITING) == 0 && result->at > r->request_time) {
        ap_rputc(' ', r);
        afp_say_with(page, AFP_WORDS_NEXT_TRY, afp_say_moment(page, result->at));
    }
}

/* ---- what can be done ---- */

/* All rows of a list share one form: a button says what to do, and with which activity. */
static void write_button(const afp_page_t *page, const afp_page_result_t *result,
                         const char *action, afp_words_t label)
{
    const char *text = afp_say_plain(page, label);

    afp_html_write(
        page->r,
        "<button type=\"submit\" name=\"action\" value=\"%s:%s\" class=\"small\" "
        "aria-label=\"%s\">%s</button>\n",
        action, result->id,
        afp_say_plain_with(page, AFP_WORDS_ACTION_APPLICATION, text, result->application_id), text);
}

/* NULL: nothing. */
static const char *find_action(const afp_page_t *page, const afp_page_result_t *result,
                               afp_words_t *label)
{
    static const struct {
        const char *action;
        afp_words_t label;
    } buttons[] = {
        [AFP_MAY_NOTHING] = {NULL, AFP_WORDS_NONE},
        [AFP_MAY_DECIDE_AGAIN] = {AFP_ACTION_DECIDE, AFP_WORDS_DECIDE_AGAIN},
        [AFP_MAY_TRY_AGAIN] = {AFP_ACTION_TRY_AGAIN, AFP_WORDS_TRY_AGAIN},
        [AFP_MAY_INVITE_ANYWAY] = {AFP_ACTION_INVITE, AFP_WORDS_INVITE_ANYWAY},
        [AFP_MAY_SEND_AGAIN] = {AFP_ACTION_SEND_AGAIN, AFP_WORDS_SEND_AGAIN},
    };
    afp_activity_may_t may =
        afp_page_has_settings(page)
            ? afp_activity_may(result->kind, result->state, result->application_id)
            : AFP_MAY_NOTHING;

    *label = buttons[may].label;
    return buttons[may].action;
}

int afp_page_result_has_buttons(const afp_page_t *page, const afp_page_result_t *result)
{
    afp_words_t label;

    return find_action(page, result, &label) != NULL;
}

void afp_page_write_result_buttons(const afp_page_t *page, const afp_page_result_t *result)
{
    afp_words_t label = AFP_WORDS_NONE;
    const char *action = find_action(page, result, &label);

    if (action != NULL) {
        write_button(page, result, action, label);
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED &&
        strcmp(result->state, AFP_ACTIVITY_INVITED) == 0) {
        write_button(page, result, AFP_ACTION_REFRESH, AFP_WORDS_REFRESH);
    }
}

void afp_page_write_application_link(const afp_page_t *page, const char *application_id,
                                     const char *job_id)
{
    const char *domain = page->vhost->pinpoint_domain;

    if (domain == NULL || *page->tenant.subdomain == '\0' || *job_id == '\0') {
        return;
    }
    afp_html_write(page->r,
                   "<a href=\"https://%s.%s/admin/jobs/%s/applications/%s\" target=\"_blank\" "
                   "rel=\"noopener noreferrer\">%s ",
                   page->tenant.subdomain, domain, job_id, application_id,
                   afp_say_plain(page, AFP_WORDS_OPEN_PINPOINT));
    afp_page_write_icon(page, AFP_ICON_OUT);
    afp_html_write(page->r, "<span class=\"hidden\">%s</span></a>\n",
                   afp_say_plain(page, AFP_WORDS_NEW_TAB));
}
