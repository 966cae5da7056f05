/* The page from top to bottom; its sections have files of their own. */

#include "web/page_parts.h"

#include "web/api.h"
#include "web/html.h"
#include "web/notices.h"
#include "web/page_frame.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define REFRESH_SECONDS "5" /* while something is pending */

static const afp_words_t said_words[AFP_SAID_COUNT] = {
    [AFP_SAID_NOTHING] = AFP_WORDS_NONE,
    [AFP_SAID_GENERATED] = AFP_WORDS_SAID_GENERATED,
    [AFP_SAID_SAVED] = AFP_WORDS_SAID_SAVED,
    [AFP_SAID_SAVED_CHECKING] = AFP_WORDS_SAID_SAVED_CHECKING,
    [AFP_SAID_DRAFT] = AFP_WORDS_SAID_DRAFT,
    [AFP_SAID_PAUSED] = AFP_WORDS_SAID_PAUSED,
    [AFP_SAID_RESUMED] = AFP_WORDS_SAID_RESUMED,
    [AFP_SAID_DISCONNECTED] = AFP_WORDS_SAID_DISCONNECTED,
    [AFP_SAID_DELETING] = AFP_WORDS_SAID_DELETING,
    [AFP_SAID_CHECKING] = AFP_WORDS_SAID_CHECKING,
    [AFP_SAID_KEY_REFUSED] = AFP_WORDS_SAID_KEY_REFUSED,
    [AFP_SAID_WORKS] = AFP_WORDS_SAID_WORKS,
    [AFP_SAID_LACKS] = AFP_WORDS_SAID_LACKS,
    [AFP_SAID_FORMER_REMOVED] = AFP_WORDS_SAID_FORMER_REMOVED,
    [AFP_SAID_REVOKED] = AFP_WORDS_SAID_REVOKED,
    [AFP_SAID_ERASED] = AFP_WORDS_SAID_ERASED,
    [AFP_SAID_NOTHING_HELD] = AFP_WORDS_SAID_NOTHING_HELD,
    [AFP_SAID_NOBODY_ERASED] = AFP_WORDS_SAID_NOBODY_ERASED,
    [AFP_SAID_INVITING] = AFP_WORDS_SAID_INVITING,
    [AFP_SAID_SENDING_AGAIN] = AFP_WORDS_SAID_SENDING_AGAIN,
    [AFP_SAID_TRYING_AGAIN] = AFP_WORDS_SAID_TRYING_AGAIN,
    [AFP_SAID_TRYING_ALL] = AFP_WORDS_SAID_TRYING_ALL,
    [AFP_SAID_DECIDED] = AFP_WORDS_SAID_DECIDED,
    [AFP_SAID_STILL_IGNORED] = AFP_WORDS_SAID_STILL_IGNORED,
    [AFP_SAID_SYNCHRONISING] = AFP_WORDS_SAID_SYNCHRONISING,
    [AFP_SAID_REFRESHING] = AFP_WORDS_SAID_REFRESHING,
    [AFP_SAID_GONE] = AFP_WORDS_SAID_GONE,
};

/* ---- on top ---- */

static void write_said(const afp_page_t *page)
{
    request_rec *r = page->r;
    int is_doubtful = page->said == AFP_SAID_GONE || page->said == AFP_SAID_STILL_IGNORED ||
                      page->said == AFP_SAID_KEY_REFUSED || page->said == AFP_SAID_LACKS ||
                      page->said == AFP_SAID_NOTHING_HELD || page->said == AFP_SAID_NOBODY_ERASED ||
                      page->said == AFP_SAID_SAVED_CHECKING;

    if (page->said == AFP_SAID_NOTHING) {
        return;
    }
    afp_html_write(r, "<div class=\"card said %s\" role=\"status\">\n<p><strong>%s</strong></p>\n",
                   is_doubtful ? "wait" : "good", afp_say_plain(page, said_words[page->said]));
    if (page->api_token != NULL) {
        afp_page_write_paragraph(page, AFP_WORDS_API_TOKEN_ONCE);
        afp_page_write_copy(page, "api_token", page->api_token);
    }
    ap_rputs("</div>\n", r);
}

static void write_error(const afp_page_t *page, const char *id, const char *words)
{
    afp_html_write(page->r, "<li><a href=\"#%s\">%s</a></li>\n", id, words);
}

static int is_wrong_search(const afp_page_t *page)
{
    return page->view == AFP_VIEW_ACTIVITY && page->asked.is_wrong;
}

/* Focused, and read aloud. The caller ends it with "</div>". */
static void begin_errors(const afp_page_t *page, afp_words_t heading)
{
    afp_html_write(page->r,
                   "<div class=\"card said bad\" role=\"alert\" aria-labelledby=\"errors\" "
                   "tabindex=\"-1\" autofocus>\n<h2 id=\"errors\">%s</h2>\n",
                   afp_say_plain(page, heading));
}

/* One mistake, where nothing is saved. */
static void write_mistake(const afp_page_t *page, const char *id, const char *words)
{
    begin_errors(page, AFP_WORDS_MISTAKE);
    ap_rputs("<ul>\n", page->r);
    write_error(page, id, words);
    ap_rputs("</ul>\n</div>\n", page->r);
}

/* Everything that is wrong, with links to the fields (in the order of the form). */
static void write_errors(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (page->not_saved == NULL) {
        if (is_wrong_search(page)) {
            write_mistake(page, "application", afp_say_plain(page, AFP_WORDS_FILTER_WRONG));
        }
        return;
    }
    begin_errors(page, page->wrong);
    afp_html_write(r, "<p>%s</p>\n<ul>\n", page->not_saved);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        afp_setting_t field = (afp_setting_t)i;
        const char *label = afp_say_plain(page, afp_settings_form_label(field));

        if (page->settings.faults[field] != AFP_FAULT_NONE) {
            write_error(page, afp_settings_form_name(field),
                        afp_say_plain_with(page, AFP_WORDS_LABEL_AND_ERROR, label,
                                           afp_page_fault(page, field)));
        } else if (page->settings.meanwhile[field] != AFP_MEANWHILE_NOTHING) {
            write_error(page, afp_settings_form_name(field), label);
        }
    }
    if (page->erase_fault != AFP_WORDS_NONE) {
        write_error(page, AFP_ERASE_APPLICATION, afp_say_plain(page, page->erase_fault));
    }
    if (page->settings.choices_meanwhile != AFP_MEANWHILE_NOTHING) {
        write_error(page, afp_settings_form_choice(r->pool, 0),
                    afp_say_plain(page, AFP_WORDS_LEGEND_PROFILE));
    }
    ap_rputs("</ul>\n</div>\n", r);
}

/* ---- the last sections ---- */

static void write_token(const afp_page_t *page)
{
    afp_page_begin_section(page, "token", AFP_WORDS_API_TOKEN);
    ap_rputs("<p>", page->r);
    afp_say_with(page, AFP_WORDS_API_TOKEN_WORDS, page->tenant.company_uuid);
    ap_rputs("</p>\n<p>", page->r);
    if (page->vhost->api_url != NULL) {
        afp_say_with(page, AFP_WORDS_API_ADDRESS, page->vhost->api_url, AFP_API_DESCRIPTION);
        ap_rputs("</p>\n<p>", page->r);
    }
    if (*page->tenant.api_token_hash != '\0') {
        afp_page_write_secret_note(page, AFP_SECRET_API_TOKEN);
    } else {
        afp_say(page, AFP_WORDS_NO_API_TOKEN);
    }
    ap_rputs("</p>\n<div class=\"actions\">\n", page->r);
    afp_page_write_button(page, AFP_ACTION_GENERATE, "", AFP_WORDS_GENERATE_NEW);
    if (*page->tenant.api_token_hash != '\0') {
        afp_page_write_button(page, AFP_ACTION_REVOKE, "risky", AFP_WORDS_REVOKE);
    }
    ap_rputs("</div>\n</section>\n", page->r);
}

static void write_end(const afp_page_t *page)
{
    int is_connected = page->tenant.state == AFP_TENANT_CONNECTED;

    afp_page_begin_section(page, "end", AFP_WORDS_END);
    if (is_connected) {
        afp_page_write_paragraph(page, AFP_WORDS_PAUSE_WORDS);
    }
    afp_page_write_paragraph(page, AFP_WORDS_DISCONNECT_WORDS);
    ap_rputs("<div class=\"actions\">\n", page->r);
    if (is_connected) {
        afp_page_write_button(page, AFP_ACTION_PAUSE, "", AFP_WORDS_PAUSE);
    }
    afp_page_write_button(page, AFP_ACTION_DISCONNECT, "risky", AFP_WORDS_DISCONNECT);
    ap_rputs("</div>\n</section>\n", page->r);
}

/* ---- whole pages ---- */

/* Whether something on the page is going to change by itself soon. */
static int is_pending(const afp_page_t *page)
{
    int may_work = page->has_tenant && page->tenant.state == AFP_TENANT_CONNECTED;

    return may_work && (page->summary.last_received_at == 0 || page->summary.waiting > 0 ||
                        page->pinpoint_check.open || page->assessfirst_check.open ||
                        page->parkings->nelts > 0 || afp_notices_refused_at(page->notices) > 0);
}

static const char *refresh_of(const afp_page_t *page)
{
    return is_pending(page) ? REFRESH_SECONDS : "0";
}

int afp_page_has_settings(const afp_page_t *page)
{
    return page->has_tenant &&
           (page->tenant.state == AFP_TENANT_CONNECTED || page->tenant.state == AFP_TENANT_PAUSED);
}

/* The sections that may change by themselves. When a last step is done, a page that still shows the
 * steps is told. */
static void write_live(const afp_page_t *page, int is_renewal)
{
    afp_page_write_state(page);
    if (page->tenant.state != AFP_TENANT_DISCONNECTED &&
        (is_renewal || afp_page_next_step(page) > 0)) {
        afp_page_write_steps(page);
    }
    if (afp_page_has_settings(page)) {
        afp_page_write_connection(page);
        afp_page_write_permissions(page);
    }
    if (afp_page_has_settings(page) || page->list.activities->nelts > 0) {
        afp_page_write_recent(page);
    }
}

static void write_overview(const afp_page_t *page)
{
    write_live(page, 0);
    if (afp_page_has_settings(page)) {
        ap_rputs("<div class=\"pair\">\n", page->r);
        afp_page_write_models(page);
        afp_page_write_results(page);
        ap_rputs("</div>\n", page->r);
    } else if (page->has_tenant && page->tenant.state == AFP_TENANT_CREATED) {
        afp_page_write_settings(page);
        write_token(page);
        afp_page_write_erase(page);
        write_end(page);
    } else if (page->wrong == AFP_WORDS_DISCONNECTED_MEANWHILE) {
        afp_page_write_settings(page);
    } else if (page->has_tenant) {
        afp_page_write_erase(page);
    }
}

static void write_settings(const afp_page_t *page)
{
    if (afp_page_state(page) == AFP_STATE_ATTENTION) {
        afp_page_write_state(page);
    }
    afp_page_write_settings(page);
    afp_page_write_former(page);
    afp_page_write_permissions(page);
    afp_page_write_steps(page);
    write_token(page);
    afp_page_write_erase(page);
    write_end(page);
}

static void write_view(const afp_page_t *page)
{
    switch (page->view) {
    case AFP_VIEW_ACTIVITY:
        afp_page_write_activity(page);
        break;
    case AFP_VIEW_APPLICATION:
        afp_page_write_detail(page);
        break;
    case AFP_VIEW_SETTINGS:
        write_settings(page);
        break;
    case AFP_VIEW_CHANGES:
        afp_page_write_changes(page);
        break;
    case AFP_VIEW_OVERVIEW:
    case AFP_VIEWS:
        write_overview(page);
        break;
    }
}

static const char *title_of(const afp_page_t *page)
{
    if (page->not_saved != NULL) {
        return afp_say_plain(page, AFP_WORDS_TITLE_NOT_SAVED);
    }
    return is_wrong_search(page) ? afp_say_plain_with(page, AFP_WORDS_ERROR, afp_page_title(page))
                                 : afp_page_title(page);
}

void afp_page_write(const afp_page_t *page, int status)
{
    afp_page_begin(page, status, title_of(page),
                   page->view == AFP_VIEW_OVERVIEW ? refresh_of(page) : "0");
    if (page->has_tenant) {
        afp_page_write_tabs(page);
    }
    afp_html_write(page->r, "<h1>%s</h1>\n", afp_page_heading(page));
    write_said(page);
    write_errors(page);
    write_view(page);
    afp_page_end(page);
}

void afp_page_write_live(const afp_page_t *page)
{
    afp_page_begin_bare(page, HTTP_OK, refresh_of(page));
    write_live(page, 1);
    afp_page_end_bare(page);
}

/* What cannot be undone is confirmed by typing what it is about. */
static void write_typed(const afp_page_t *page, const afp_question_t *question)
{
    request_rec *r = page->r;

    if (question->typed == NULL) {
        return;
    }
    afp_html_write(r, "<div class=\"field%s\">\n<label for=\"typed\">%s</label>\n",
                   question->is_mistyped ? " wrong" : "",
                   afp_say_plain_with(page, AFP_WORDS_LABEL_TYPED, question->typed));
    if (question->is_mistyped) {
        ap_rputs("<p class=\"error\" id=\"typed-error\">", r);
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_html_write(
            r, "%s</p>\n",
            afp_say_plain_with(page, AFP_WORDS_ERROR, afp_say_plain(page, AFP_WORDS_FAULT_TYPED)));
    }
    afp_html_write(r,
                   "<input type=\"text\" id=\"typed\" name=\"" AFP_QUESTION_TYPED
                   "\" value=\"\" autocomplete=\"off\" autocapitalize=\"none\" "
                   "spellcheck=\"false\" size=\"40\"%s>\n</div>\n",
                   question->is_mistyped ? " aria-invalid=true aria-describedby=typed-error" : "");
}

void afp_page_ask(const afp_page_t *page, const afp_question_t *question)
{
    request_rec *r = page->r;

    if (question->is_mistyped) {
        afp_page_begin(page, HTTP_UNPROCESSABLE_ENTITY,
                       afp_say_plain_with(page, AFP_WORDS_ERROR, question->title), "0");
    } else {
        afp_page_begin(page, HTTP_OK, question->title, "0");
    }
    afp_html_write(r, "<h1>%s</h1>\n", question->title);
    if (question->is_mistyped) {
        write_mistake(
            page, "typed",
            afp_say_plain_with(page, AFP_WORDS_LABEL_AND_ERROR,
                               afp_say_plain_with(page, AFP_WORDS_LABEL_TYPED, question->typed),
                               afp_say_plain(page, AFP_WORDS_FAULT_TYPED)));
    }
    afp_html_write(r, "<section class=\"card said plain\">\n<p>%s</p>\n", question->words);
    if (question->more != NULL) {
        afp_html_write(r, "<p>%s</p>\n", question->more);
    }
    afp_page_begin_form(page, "");
    afp_html_write(r,
                   "<input type=\"hidden\" name=\"id\" value=\"%s\">\n"
                   "<input type=\"hidden\" name=\"occurrence\" value=\"%d\">\n"
                   "<input type=\"hidden\" name=\"confirmed\" value=\"yes\">\n",
                   question->id, question->occurrence);
    if (question->until != NULL) {
        afp_html_write(r, "<input type=\"hidden\" name=\"" AFP_QUESTION_UNTIL "\" value=\"%s\">\n",
                       question->until);
    }
    if (question->option != NULL) {
        afp_html_write(r,
                       "<p class=\"choice\"><input type=\"checkbox\" id=\"option\" name=\"%s\" "
                       "value=\"yes\"> <label for=\"option\">%s</label></p>\n",
                       AFP_QUESTION_OPTION, question->option);
    }
    write_typed(page, question);
    afp_html_write(r,
                   "<div class=\"actions\">\n"
                   "<button type=\"submit\" name=\"action\" value=\"%s\" class=\"%s\">%s</button>\n"
                   "<a class=\"button quiet\" href=\"%s\">%s</a>\n</div>\n</form>\n</section>\n",
                   question->action, question->is_harmless ? "main" : "risky", question->title,
                   afp_page_here(page), afp_say_plain(page, AFP_WORDS_NO_BACK));
    afp_page_end(page);
}
