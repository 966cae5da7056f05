/* One application: the answer to "Why was this candidate not invited?", its assessment, and what
 * happened in the order of time. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/page_result.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

static afp_page_result_t result_of(const afp_page_t *page, const afp_history_entry_t *entry)
{
    return (afp_page_result_t){
        .id = entry->id,
        .kind = entry->what == AFP_HISTORY_INVITED ? AFP_FOLLOW_UP_INVITE : entry->kind,
        .state = entry->state,
        .application_id = page->asked.application_id,
        .reason = entry->reason,
        .at = entry->at,
        .attempts = entry->what == AFP_HISTORY_ATTEMPT ? 0 : entry->attempts,
    };
}

/* ---- the answer ---- */

/* What each verdict says; it tells a moment unless it is *unknown*. */
static const struct {
    const char *tone;
    const char *icon;
    afp_words_t heading;
    afp_words_t words;
} verdicts[] = {
    [AFP_VERDICT_UNKNOWN] = {"plain", AFP_ICON_INFO, AFP_WORDS_ANSWER_UNKNOWN,
                             AFP_WORDS_ANSWER_UNKNOWN_WORDS},
    [AFP_VERDICT_INVITED] = {"good", AFP_ICON_GOOD, AFP_WORDS_ANSWER_INVITED,
                             AFP_WORDS_ANSWER_INVITED_WORDS},
    [AFP_VERDICT_OPEN] = {"wait", AFP_ICON_WAIT, AFP_WORDS_ANSWER_OPEN,
                          AFP_WORDS_ANSWER_OPEN_WORDS},
    [AFP_VERDICT_UNCERTAIN] = {"wait", AFP_ICON_BAD, AFP_WORDS_ANSWER_UNCERTAIN,
                               AFP_WORDS_ANSWER_UNCERTAIN_WORDS},
    [AFP_VERDICT_SKIPPED] = {"plain", AFP_ICON_OFF, AFP_WORDS_ANSWER_NOT_INVITED,
                             AFP_WORDS_ANSWER_SKIPPED_WORDS},
    [AFP_VERDICT_DEAD] = {"bad", AFP_ICON_BAD, AFP_WORDS_ANSWER_NOT_INVITED,
                          AFP_WORDS_ANSWER_DEAD_WORDS},
    [AFP_VERDICT_IGNORED] = {"plain", AFP_ICON_OFF, AFP_WORDS_ANSWER_NOT_INVITED,
                             AFP_WORDS_ANSWER_IGNORED_WORDS},
};

/* In which state something open is, as the answer tells it. */
static afp_words_t open_words(const afp_history_entry_t *entry)
{
    return strcmp(entry->state, AFP_ACTIVITY_HELD) == 0      ? AFP_WORDS_ANSWER_HELD_WORDS
           : strcmp(entry->state, AFP_ACTIVITY_RUNNING) == 0 ? AFP_WORDS_ANSWER_RUNNING_WORDS
                                                             : AFP_WORDS_ANSWER_OPEN_WORDS;
}

static void write_reason(const afp_page_t *page, const afp_history_entry_t *entry)
{
    const char *reason = entry->what != AFP_HISTORY_INVITED ? entry->reason : "";

    if (*reason != '\0') {
        ap_rputs("<div class=\"reason\">\n<p>", page->r);
        afp_say_with(page, AFP_WORDS_REASON, reason);
        ap_rputs("</p>\n</div>\n", page->r);
    }
}

/* Attempts, and what is open, have none. */
static int has_buttons(const afp_page_t *page, const afp_history_entry_t *entry)
{
    afp_page_result_t result = result_of(page, entry);

    return (entry->what == AFP_HISTORY_FINISHED || entry->what == AFP_HISTORY_DELIVERY) &&
           afp_page_result_has_buttons(page, &result);
}

static void write_actions(const afp_page_t *page, const afp_history_entry_t *entry)
{
    afp_page_result_t result = result_of(page, entry);

    if (has_buttons(page, entry)) {
        afp_page_begin_form(page, "actions");
        afp_page_write_result_buttons(page, &result);
        ap_rputs("</form>\n", page->r);
    }
}

void afp_page_write_answer(const afp_page_t *page)
{
    const afp_history_t *history = &page->history;
    const afp_history_entry_t *decisive = history->decisive;
    afp_verdict_t verdict = history->verdict;
    request_rec *r = page->r;

    afp_html_write(r,
                   "<section class=\"card state %s\" aria-labelledby=\"answer\">\n"
                   "<header><span class=\"badge\">",
                   verdicts[verdict].tone);
    afp_page_write_icon(page, verdicts[verdict].icon);
    afp_html_write(r, "</span>\n<h2 id=\"answer\">%s</h2></header>\n",
                   afp_say_plain(page, verdicts[verdict].heading));
    if (decisive == NULL) {
        afp_page_write_paragraph(page, page->is_erased ? AFP_WORDS_ANSWER_ERASED
                                                       : AFP_WORDS_ANSWER_UNKNOWN_WORDS);
        ap_rputs("</section>\n", r);
        return;
    }
    ap_rputs("<p>", r);
    afp_say_texts(page,
                  verdict == AFP_VERDICT_OPEN ? open_words(decisive) : verdicts[verdict].words,
                  AFP_SAY_TEXTS(afp_say_moment(page, decisive->at)), 1);
    ap_rputs("</p>\n", r);
    write_reason(page, decisive);
    write_actions(page, decisive);
    ap_rputs("</section>\n", r);
}

/* ---- the assessment ---- */

static void begin_fact(const afp_page_t *page, afp_words_t name)
{
    afp_html_write(page->r, "<div><dt>%s</dt>\n<dd>", afp_say_plain(page, name));
}

static void write_progress(const afp_page_t *page, const afp_assessment_t *assessment)
{
    static const afp_words_t words[] = {
        [AFP_PROGRESS_INVITED] = AFP_WORDS_PROGRESS_INVITED,
        [AFP_PROGRESS_STARTED] = AFP_WORDS_PROGRESS_STARTED,
        [AFP_PROGRESS_COMPLETED] = AFP_WORDS_PROGRESS_COMPLETED,
        [AFP_PROGRESS_DECLINED] = AFP_WORDS_PROGRESS_DECLINED,
        [AFP_PROGRESS_EXPIRED] = AFP_WORDS_PROGRESS_EXPIRED,
    };

    begin_fact(page, AFP_WORDS_PROGRESS);
    afp_html_write(page->r, "%s", afp_say_plain(page, words[assessment->results.progress]));
    if (*assessment->closed != '\0') {
        ap_rputs(" (", page->r);
        afp_say_with(page, AFP_WORDS_REASON, assessment->closed);
        ap_rputs(")", page->r);
    }
    ap_rputs("</dd></div>\n", page->r);
    begin_fact(page, AFP_WORDS_LAST_READ);
    afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, assessment->read_at));
    ap_rputs("</dd></div>\n", page->r);
}

static void write_assessment(const afp_page_t *page)
{
    const afp_invitation_t *invitation = &page->history.invitation;
    request_rec *r = page->r;

    if (invitation->occurrence == 0) {
        return;
    }
    afp_page_begin_section(page, "assessment", AFP_WORDS_ASSESSMENT);
    ap_rputs("<dl class=\"facts\">\n", r);
    begin_fact(page, AFP_WORDS_INVITED_ON);
    afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, invitation->sending_at));
    ap_rputs("</dd></div>\n", r);
    begin_fact(page, AFP_WORDS_MODEL);
    afp_html_write(r, "%s</dd></div>\n",
                   *invitation->model_uuid != '\0' ? invitation->model_name
                                                   : afp_say_plain(page, AFP_WORDS_NO_MODEL));
    if (page->history.assessment.occurrence > 0) {
        write_progress(page, &page->history.assessment);
    }
    ap_rputs("</dl>\n</section>\n", r);
}

/* ---- the timeline ---- */

/* What happened, before the reason. */
static void write_what(const afp_page_t *page, const afp_history_entry_t *entry)
{
    if (entry->what == AFP_HISTORY_DELIVERY) {
        afp_say_with(page, AFP_WORDS_EVENT, entry->kind);
        ap_rputc(' ', page->r);
    } else if (entry->what == AFP_HISTORY_ATTEMPT) {
        afp_say_with(page, AFP_WORDS_ATTEMPT, apr_itoa(page->r->pool, entry->attempts));
        ap_rputc(' ', page->r);
    }
}

static void write_entry(const afp_page_t *page, const afp_history_entry_t *entry)
{
    request_rec *r = page->r;
    afp_page_result_t result = result_of(page, entry);

    ap_rputs("<tr>\n<td class=\"time\">", r);
    afp_page_write_when(page, &result);
    afp_html_write(r, "</td>\n<th scope=\"row\">%s</th>\n<td class=\"result\">",
                   afp_page_result_subject(page, &result));
    afp_page_write_result(page, entry->state);
    ap_rputs("</td>\n<td class=\"words\">", r);
    write_what(page, entry);
    afp_page_write_why(page, &result);
    ap_rputs("</td>\n<td class=\"does\">", r);
    if (has_buttons(page, entry)) {
        afp_page_write_result_buttons(page, &result);
    }
    ap_rputs("</td>\n</tr>\n", r);
}

static void write_table(const afp_page_t *page)
{
    const apr_array_header_t *entries = page->history.entries;

    afp_page_begin_table(page, "timeline", AFP_WORDS_TIMELINE_CAPTION);
    afp_page_write_column(page, AFP_WORDS_COLUMN_TIME);
    afp_page_write_column(page, AFP_WORDS_COLUMN_ABOUT);
    afp_page_write_column(page, AFP_WORDS_COLUMN_RESULT);
    afp_page_write_column(page, AFP_WORDS_COLUMN_WHY);
    afp_page_write_column(page, AFP_WORDS_COLUMN_ACTION);
    ap_rputs("</tr>\n</thead>\n<tbody>\n", page->r);
    for (int i = 0; i < entries->nelts; i++) {
        write_entry(page, &APR_ARRAY_IDX(entries, i, afp_history_entry_t));
    }
    ap_rputs("</tbody>\n</table>\n</section>\n", page->r);
}

static void write_timeline(const afp_page_t *page)
{
    const apr_array_header_t *entries = page->history.entries;
    int buttons = 0;

    if (entries->nelts == 0) {
        return;
    }
    for (int i = 0; i < entries->nelts; i++) {
        buttons += has_buttons(page, &APR_ARRAY_IDX(entries, i, afp_history_entry_t));
    }
    afp_page_begin_section(page, "timeline", AFP_WORDS_TIMELINE);
    if (page->history.is_cut) {
        afp_page_write_paragraph(page, AFP_WORDS_TIMELINE_CUT);
    }
    if (buttons > 0) {
        afp_page_begin_form(page, "list");
        write_table(page);
        ap_rputs("</form>\n", page->r);
    } else {
        write_table(page);
    }
    ap_rputs("</section>\n", page->r);
}

/* ---- the view ---- */

void afp_page_write_detail(const afp_page_t *page)
{
    ap_rputs("<p class=\"lead\">", page->r);
    afp_html_write(page->r, "<a href=\"%s\">%s</a> ",
                   afp_page_list_address(page, "", "", NULL, NULL),
                   afp_say_plain(page, AFP_WORDS_BACK_TO_LIST));
    afp_page_write_application_link(page, page->asked.application_id, page->history.job_id);
    ap_rputs("</p>\n", page->r);
    afp_page_write_answer(page);
    write_assessment(page);
    write_timeline(page);
}
