/* The page from top to bottom; the settings and the activity have files of their own. */

#include "web/page.h"

#include "core/settings.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/say.h"

#include <http_protocol.h>
#include <string.h>

static const afp_words_t said_words[AFP_SAID_COUNT] = {
    [AFP_SAID_NOTHING] = AFP_WORDS_NONE,
    [AFP_SAID_GENERATED] = AFP_WORDS_SAID_GENERATED,
    [AFP_SAID_SAVED] = AFP_WORDS_SAID_SAVED,
    [AFP_SAID_PAUSED] = AFP_WORDS_SAID_PAUSED,
    [AFP_SAID_RESUMED] = AFP_WORDS_SAID_RESUMED,
    [AFP_SAID_DISCONNECTED] = AFP_WORDS_SAID_DISCONNECTED,
    [AFP_SAID_DELETING] = AFP_WORDS_SAID_DELETING,
    [AFP_SAID_CHECKING] = AFP_WORDS_SAID_CHECKING,
    [AFP_SAID_INVITING] = AFP_WORDS_SAID_INVITING,
    [AFP_SAID_SENDING_AGAIN] = AFP_WORDS_SAID_SENDING_AGAIN,
    [AFP_SAID_TRYING_AGAIN] = AFP_WORDS_SAID_TRYING_AGAIN,
    [AFP_SAID_SYNCHRONISING] = AFP_WORDS_SAID_SYNCHRONISING,
    [AFP_SAID_REFRESHING] = AFP_WORDS_SAID_REFRESHING,
    [AFP_SAID_GONE] = AFP_WORDS_SAID_GONE,
};

/* ---- pieces ---- */

void afp_page_begin_form(const afp_page_t *page, const char *css_class)
{
    afp_html_write(page->r,
                   "<form method=\"post\" action=\"%s\" class=\"%s\" autocomplete=\"off\">\n"
                   "<input type=\"hidden\" name=\"token\" value=\"%s\">\n",
                   page->path, css_class, page->form_token);
}

void afp_page_write_button(const afp_page_t *page, const char *action, const char *css_class,
                           afp_words_t label)
{
    afp_page_begin_form(page, "inline");
    afp_html_write(page->r,
                   "<button type=\"submit\" name=\"action\" value=\"%s\" class=\"%s\">%s</button>\n"
                   "</form>\n",
                   action, css_class, afp_say_plain(page, label));
}

static void write_head(const afp_page_t *page)
{
    afp_html_write(page->r, "<h1>%s</h1>\n<p class=\"who\">%s</p>\n",
                   afp_say_plain(page, AFP_WORDS_TITLE),
                   afp_say_plain_with(page, AFP_WORDS_WHO, page->company, page->r->user));
}

static void write_said(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (page->said == AFP_SAID_NOTHING) {
        return;
    }
    afp_html_write(r, "<div class=\"said good\" role=\"status\">\n<p><strong>%s</strong></p>\n",
                   afp_say_plain(page, said_words[page->said]));
    if (page->api_token != NULL) {
        afp_html_write(r, "<p>%s</p>\n<p><code class=\"copy\" id=\"api_token\">%s</code></p>\n",
                       afp_say_plain(page, AFP_WORDS_API_TOKEN_ONCE), page->api_token);
    }
    ap_rputs("</div>\n", r);
}

/* Everything that is wrong, with links to the fields (in the order of the form). */
static void write_errors(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (page->not_saved == NULL) {
        return;
    }
    afp_html_write(r,
                   "<div class=\"said bad\" role=\"alert\" aria-labelledby=\"errors\">\n"
                   "<h2 id=\"errors\">%s</h2>\n<p>%s</p>\n<ul>\n",
                   afp_say_plain(page, AFP_WORDS_NOTHING_SAVED), page->not_saved);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        afp_setting_t field = (afp_setting_t)i;

        if (page->settings.faults[field] != AFP_FAULT_NONE) {
            afp_html_write(r, "<li><a href=\"#%s\">%s</a></li>\n", afp_settings_form_name(field),
                           afp_say_plain_with(page, AFP_WORDS_LABEL_AND_ERROR,
                                              afp_say_plain(page, afp_settings_form_label(field)),
                                              afp_page_fault(page, field)));
        }
    }
    ap_rputs("</ul>\n</div>\n", r);
}

/* ---- the state ---- */

/* The state in one word or two, and whether something needs the administrator's attention. */
static afp_words_t state_of(const afp_page_t *page, int *attention)
{
    *attention = 0;
    if (!page->has_tenant || page->tenant.state == AFP_TENANT_CREATED) {
        return AFP_WORDS_STATE_NOT_CONNECTED;
    }
    switch (page->tenant.state) {
    case AFP_TENANT_PAUSED:
        return AFP_WORDS_STATE_PAUSED;
    case AFP_TENANT_DISCONNECTED:
        return AFP_WORDS_STATE_DISCONNECTED;
    case AFP_TENANT_CREATED:
    case AFP_TENANT_CONNECTED:
        break;
    }
    *attention = page->tenant.unreadable || page->parkings->nelts > 0;
    return *attention ? AFP_WORDS_STATE_ATTENTION : AFP_WORDS_STATE_CONNECTED;
}

static const char *name_of_api(const char *api)
{
    return strcmp(api, AFP_API_PINPOINT) == 0 ? "Pinpoint" : "AssessFirst";
}

static void write_paragraph(const afp_page_t *page, afp_words_t words)
{
    ap_rputs("<p>", page->r);
    afp_say(page, words);
    ap_rputs("</p>\n", page->r);
}

static void write_attention(const afp_page_t *page)
{
    if (page->tenant.unreadable) {
        write_paragraph(page, AFP_WORDS_UNREADABLE);
    }
    for (int i = 0; i < page->parkings->nelts; i++) {
        const afp_parking_t *parking = &APR_ARRAY_IDX(page->parkings, i, afp_parking_t);

        ap_rputs("<p>", page->r);
        afp_say_with(page, AFP_WORDS_PARKED, name_of_api(parking->api), parking->words,
                     afp_say_moment(page, parking->since));
        ap_rputs("</p>\n", page->r);
    }
    if (page->parkings->nelts > 0) {
        write_paragraph(page, AFP_WORDS_NOTHING_LOST);
    }
}

static void write_connected(const afp_page_t *page)
{
    const char *status = page->tenant.status;

    ap_rputs("<p>", page->r);
    if (*status == '\0') {
        afp_say(page, AFP_WORDS_INVITED_AT_APPLICATION);
    } else {
        afp_say_with(page, AFP_WORDS_INVITED_AT_STAGE, status);
    }
    ap_rputs("</p>\n", page->r);
}

static void write_state_words(const afp_page_t *page)
{
    if (!page->has_tenant) {
        write_paragraph(page, AFP_WORDS_BEGIN);
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", AFP_WORDS_GENERATE);
        return;
    }
    switch (page->tenant.state) {
    case AFP_TENANT_CREATED:
        write_paragraph(page, AFP_WORDS_SETTINGS_MISSING);
        break;
    case AFP_TENANT_CONNECTED:
        write_connected(page);
        break;
    case AFP_TENANT_PAUSED:
        write_paragraph(page, AFP_WORDS_PAUSED);
        break;
    case AFP_TENANT_DISCONNECTED:
        write_paragraph(page, AFP_WORDS_DISCONNECTED);
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", AFP_WORDS_GENERATE);
        break;
    }
}

/* What was sent that we could not make sense of, and the like. */
static void write_notices(const afp_page_t *page)
{
    for (int i = 0; i < page->notices->nelts; i++) {
        const afp_notice_t *notice = &APR_ARRAY_IDX(page->notices, i, afp_notice_t);
        const char *last_at = afp_say_moment(page, notice->last_at);

        ap_rputs("<p>", page->r);
        if (strcmp(notice->code, AFP_NOTICE_UNKNOWN_EVENT) == 0) {
            afp_say_with(page, AFP_WORDS_NOTICE_EVENT, notice->words, last_at);
        } else {
            afp_say_with(page, AFP_WORDS_NOTICE_OTHER, notice->words, last_at);
        }
        ap_rputs("</p>\n", page->r);
    }
}

static void write_state(const afp_page_t *page)
{
    request_rec *r = page->r;
    int attention;
    afp_words_t state = state_of(page, &attention);
    int is_good = !attention && page->has_tenant && page->tenant.state == AFP_TENANT_CONNECTED;

    afp_html_write(r,
                   "<section class=\"state %s\" aria-labelledby=\"state\">\n"
                   "<h2 id=\"state\">%s</h2>\n",
                   attention ? "bad"
                   : is_good ? "good"
                             : "wait",
                   afp_say_plain_with(page, AFP_WORDS_STATE, afp_say_plain(page, state)));
    if (attention) {
        write_attention(page);
    }
    write_state_words(page);
    if (page->has_tenant && page->tenant.state != AFP_TENANT_DISCONNECTED) {
        write_notices(page);
        afp_html_write(r, "<p><a href=\"%s\">%s</a></p>\n", page->path,
                       afp_say_plain(page, AFP_WORDS_RELOAD));
    }
    ap_rputs("</section>\n", r);
}

/* ---- token and end of the connection ---- */

static void begin_section(const afp_page_t *page, const char *id, afp_words_t heading)
{
    afp_html_write(page->r, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id,
                   afp_say_plain(page, heading));
}

static void write_token(const afp_page_t *page)
{
    begin_section(page, "token", AFP_WORDS_API_TOKEN);
    ap_rputs("<p>", page->r);
    afp_say_with(page, AFP_WORDS_API_TOKEN_WORDS, page->tenant.company_uuid);
    ap_rputs("</p>\n", page->r);
    afp_page_write_button(page, AFP_ACTION_GENERATE, "", AFP_WORDS_GENERATE_NEW);
    ap_rputs("</section>\n", page->r);
}

static void write_disconnect(const afp_page_t *page)
{
    begin_section(page, "end", AFP_WORDS_DISCONNECT);
    write_paragraph(page, AFP_WORDS_DISCONNECT_WORDS);
    afp_page_write_button(page, AFP_ACTION_DISCONNECT, "risky", AFP_WORDS_DISCONNECT);
    ap_rputs("</section>\n", page->r);
}

/* ---- whole pages ---- */

void afp_page_write(const afp_page_t *page, int status)
{
    int has_settings = page->has_tenant && (page->tenant.state == AFP_TENANT_CONNECTED ||
                                            page->tenant.state == AFP_TENANT_PAUSED);
    int has_form = has_settings || (page->has_tenant && page->tenant.state == AFP_TENANT_CREATED);

    afp_page_begin(
        page, status,
        afp_say_plain(page, page->not_saved != NULL ? AFP_WORDS_TITLE_NOT_SAVED : AFP_WORDS_TITLE));
    write_head(page);
    write_said(page);
    write_errors(page);
    write_state(page);
    if (has_settings) {
        afp_page_write_connection(page);
        afp_page_write_models(page);
        afp_page_write_results(page);
    }
    if (has_settings || page->activities->nelts > 0) {
        afp_page_write_activity(page);
    }
    if (has_form) {
        afp_page_write_steps(page);
        afp_page_write_settings(page);
        write_token(page);
        write_disconnect(page);
    }
    afp_page_end(page);
}

void afp_page_ask(const afp_page_t *page, const afp_question_t *question)
{
    request_rec *r = page->r;

    afp_page_begin(page, HTTP_OK, question->title);
    write_head(page);
    afp_html_write(r,
                   "<section class=\"state wait\" aria-labelledby=\"ask\">\n"
                   "<h2 id=\"ask\">%s</h2>\n<p>%s</p>\n",
                   question->title, question->words);
    afp_page_begin_form(page, "inline");
    afp_html_write(r,
                   "<input type=\"hidden\" name=\"id\" value=\"%s\">\n"
                   "<input type=\"hidden\" name=\"occurrence\" value=\"%d\">\n"
                   "<input type=\"hidden\" name=\"confirmed\" value=\"yes\">\n",
                   question->id, question->occurrence);
    if (question->option != NULL) {
        afp_html_write(r,
                       "<p class=\"choice\"><input type=\"checkbox\" id=\"option\" name=\"%s\" "
                       "value=\"yes\"> <label for=\"option\">%s</label></p>\n",
                       AFP_QUESTION_OPTION, question->option);
    }
    afp_html_write(r,
                   "<button type=\"submit\" name=\"action\" value=\"%s\" class=\"risky\">%s"
                   "</button>\n</form>\n<p><a href=\"%s\">%s</a></p>\n</section>\n",
                   question->action, question->title, page->path,
                   afp_say_plain(page, AFP_WORDS_NO_BACK));
    afp_page_end(page);
}
