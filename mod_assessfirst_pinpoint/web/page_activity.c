/* What happened lately. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

/* A state in the page's words, how it looks, and what the administrator can do about it. */
typedef struct {
    const char *state;
    afp_words_t words;
    const char *tone;
    const char *icon;
    const char *action; /* NULL: none */
    afp_words_t label;
} look_t;

static const look_t looks[] = {
    {"waiting", AFP_WORDS_RESULT_WAITING, "plain", AFP_ICON_WAIT, NULL, AFP_WORDS_NONE},
    {"running", AFP_WORDS_RESULT_RUNNING, "plain", AFP_ICON_WAIT, NULL, AFP_WORDS_NONE},
    {"held", AFP_WORDS_RESULT_HELD, "wait", AFP_ICON_PAUSE, NULL, AFP_WORDS_NONE},
    {"ignored", AFP_WORDS_RESULT_IGNORED, "plain", AFP_ICON_OFF, NULL, AFP_WORDS_NONE},
    {"invited", AFP_WORDS_RESULT_INVITED, "good", AFP_ICON_GOOD, AFP_ACTION_SEND_AGAIN,
     AFP_WORDS_SEND_AGAIN},
    {"skipped", AFP_WORDS_RESULT_SKIPPED, "plain", AFP_ICON_OFF, AFP_ACTION_INVITE,
     AFP_WORDS_INVITE_ANYWAY},
    {"uncertain", AFP_WORDS_RESULT_UNCERTAIN, "wait", AFP_ICON_BAD, AFP_ACTION_SEND_AGAIN,
     AFP_WORDS_SEND_AGAIN},
    {"dead", AFP_WORDS_RESULT_FAILED, "bad", AFP_ICON_BAD, AFP_ACTION_TRY_AGAIN,
     AFP_WORDS_TRY_AGAIN},
    {"repeated", AFP_WORDS_RESULT_REPEATED, "plain", AFP_ICON_INFO, NULL, AFP_WORDS_NONE},
    {"done", AFP_WORDS_RESULT_DONE, "good", AFP_ICON_GOOD, NULL, AFP_WORDS_NONE},
};

/* NULL for a state that this page has no words for. */
static const look_t *look_of(const afp_activity_t *activity)
{
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        if (strcmp(looks[i].state, activity->state) == 0) {
            return &looks[i];
        }
    }
    return NULL;
}

static int has_button(const afp_page_t *page, const afp_activity_t *activity)
{
    const look_t *look = look_of(activity);

    return afp_page_has_settings(page) && *activity->application_id != '\0' && look != NULL &&
           look->action != NULL;
}

static void write_application(const afp_page_t *page, const afp_activity_t *activity)
{
    const char *domain = page->vhost->pinpoint_domain;
    const char *subdomain = page->tenant.subdomain;

    if (*activity->application_id == '\0') {
        afp_say(page, AFP_WORDS_NO_APPLICATION);
    } else if (domain != NULL && *subdomain != '\0' && *activity->job_id != '\0') {
        afp_html_write(page->r,
                       "<a href=\"https://%s.%s/admin/jobs/%s/applications/%s\" rel=\"noreferrer\">"
                       "%s</a>",
                       subdomain, domain, activity->job_id, activity->application_id,
                       activity->application_id);
    } else {
        afp_html_write(page->r, "%s", activity->application_id);
    }
}

/* All rows share one form: a button says what to do, and with which activity. */
static void write_row_button(const afp_page_t *page, const afp_activity_t *activity,
                             const char *action, afp_words_t label)
{
    const char *text = afp_say_plain(page, label);

    afp_html_write(
        page->r,
        "<button type=\"submit\" name=\"action\" value=\"%s:%s\" class=\"small\" "
        "aria-label=\"%s\">%s</button>\n",
        action, activity->id,
        afp_say_plain_with(page, AFP_WORDS_ACTION_APPLICATION, text, activity->application_id),
        text);
}

static void write_row(const afp_page_t *page, const afp_activity_t *activity)
{
    request_rec *r = page->r;
    const look_t *look = look_of(activity);

    ap_rputs("<tr>\n<td class=\"time\">", r);
    afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, activity->at));
    ap_rputs("</td>\n<th scope=\"row\">", r);
    write_application(page, activity);
    ap_rputs("</th>\n<td class=\"result\">", r);
    if (look != NULL) {
        afp_page_write_tag(page, look->tone, look->icon, afp_say_plain(page, look->words));
    } else {
        afp_html_write(r, "%s", activity->state);
    }
    afp_html_write(r, "</td>\n<td class=\"words\">%s", activity->reason);
    if (activity->attempts > 1) {
        afp_html_write(r, " %s", afp_say_number_of(page, AFP_WORDS_TRIED, activity->attempts));
    }
    ap_rputs("</td>\n<td class=\"does\">", r);
    if (has_button(page, activity)) {
        write_row_button(page, activity, look->action, look->label);
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED && strcmp(activity->state, "invited") == 0) {
        write_row_button(page, activity, AFP_ACTION_REFRESH, AFP_WORDS_REFRESH);
    }
    ap_rputs("</td>\n</tr>\n", r);
}

static void write_column(const afp_page_t *page, afp_words_t name)
{
    afp_html_write(page->r, "<th scope=\"col\">%s</th>", afp_say_plain(page, name));
}

/* The table scrolls by itself where it is too wide, by keyboard as well. */
static void write_table(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_html_write(r,
                   "<section class=\"scroll\" aria-labelledby=\"activity-list\" "
                   "tabindex=\"0\">\n<table>\n<caption id=\"activity-list\">%s</caption>\n"
                   "<thead>\n<tr>",
                   afp_say_plain(page, AFP_WORDS_ACTIVITY_CAPTION));
    write_column(page, AFP_WORDS_COLUMN_TIME);
    write_column(page, AFP_WORDS_COLUMN_APPLICATION);
    write_column(page, AFP_WORDS_COLUMN_RESULT);
    write_column(page, AFP_WORDS_COLUMN_WHY);
    write_column(page, AFP_WORDS_COLUMN_ACTION);
    ap_rputs("</tr>\n</thead>\n<tbody>\n", r);
    for (int i = 0; i < page->activities->nelts; i++) {
        write_row(page, &APR_ARRAY_IDX(page->activities, i, afp_activity_t));
    }
    ap_rputs("</tbody>\n</table>\n</section>\n", r);
}

void afp_page_write_activity(const afp_page_t *page)
{
    int buttons = 0;

    for (int i = 0; i < page->activities->nelts; i++) {
        buttons += has_button(page, &APR_ARRAY_IDX(page->activities, i, afp_activity_t));
    }
    afp_page_begin_live_section(page, "activity", AFP_WORDS_ACTIVITY);
    if (page->activities->nelts == 0) {
        afp_page_write_paragraph(page, AFP_WORDS_ACTIVITY_EMPTY);
    } else if (buttons > 0) {
        afp_page_begin_form(page, "list");
        write_table(page);
        ap_rputs("</form>\n", page->r);
    } else {
        write_table(page);
    }
    ap_rputs("</section>\n", page->r);
}
