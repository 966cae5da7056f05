/* The connection's health and what happened lately. */

#include "web/page.h"

#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define COUNTED_TO 1000 /* by the functions of store/ that count */

/* ---- connection ---- */

static const afp_parking_t *find_parking(const afp_page_t *page, const char *api)
{
    for (int i = 0; i < page->parkings->nelts; i++) {
        const afp_parking_t *parking = &APR_ARRAY_IDX(page->parkings, i, afp_parking_t);

        if (strcmp(parking->api, api) == 0) {
            return parking;
        }
    }
    return NULL;
}

/* One API's line. A parking outlives the checks that probe it. */
static void write_check(const afp_page_t *page, const char *name, const char *api,
                        const afp_check_state_t *check)
{
    request_rec *r = page->r;
    const afp_parking_t *parking = find_parking(page, api);

    afp_html_write(r, "<dt>%s</dt>\n<dd>", name);
    if (parking != NULL) {
        afp_say_with(page, AFP_WORDS_CHECK_REFUSED, parking->words,
                     afp_say_moment(page, parking->since));
    } else if (page->tenant.state == AFP_TENANT_PAUSED) {
        afp_say(page, AFP_WORDS_CHECK_PAUSED);
    } else if (check->open && *check->reason != '\0') {
        afp_say_with(page, AFP_WORDS_CHECK_FAILS, check->reason);
    } else if (check->open) {
        afp_say(page, AFP_WORDS_CHECK_RUNS);
    } else if (strcmp(check->result, "done") == 0) {
        afp_say_with(page, AFP_WORDS_CHECK_WORKS, afp_say_moment(page, check->finished_at));
    } else if (*check->result != '\0') {
        afp_say_with(page, AFP_WORDS_CHECK_FAILED, check->reason,
                     afp_say_moment(page, check->finished_at));
    } else {
        afp_say(page, AFP_WORDS_CHECK_NONE);
    }
    ap_rputs("</dd>\n", r);
}

void afp_page_write_count(const afp_page_t *page, afp_words_t name, int count)
{
    const char *digits = apr_itoa(page->r->pool, count < COUNTED_TO ? count : COUNTED_TO);

    afp_html_write(page->r, "<dt>%s</dt>\n<dd>%s</dd>\n", afp_say_plain(page, name),
                   count < COUNTED_TO ? digits
                                      : afp_say_plain_with(page, AFP_WORDS_OR_MORE, digits));
}

static const char *webhook_url(const afp_page_t *page)
{
    return apr_pstrcat(page->r->pool, page->vhost->webhook_url,
                       "?company_uuid=", page->tenant.company_uuid, NULL);
}

void afp_page_write_connection(const afp_page_t *page)
{
    request_rec *r = page->r;
    int is_paused = page->tenant.state == AFP_TENANT_PAUSED;

    afp_html_write(r,
                   "<section aria-labelledby=\"connection\">\n"
                   "<h2 id=\"connection\">%s</h2>\n<h3 id=\"webhook\">%s</h3>\n<p>%s</p>\n"
                   "<p><code class=\"copy\" id=\"webhook_url\">%s</code></p>\n"
                   "<dl>\n<dt>%s</dt>\n<dd>",
                   afp_say_plain(page, AFP_WORDS_CONNECTION),
                   afp_say_plain(page, AFP_WORDS_WEBHOOK_URL),
                   afp_say_plain(page, AFP_WORDS_PASTE_URL), webhook_url(page),
                   afp_say_plain(page, AFP_WORDS_LAST_RECEIVED));
    if (page->summary.last_received_at > 0) {
        afp_say_with(page, AFP_WORDS_RECEIVED,
                     afp_say_moment(page, page->summary.last_received_at));
    } else {
        afp_say(page, AFP_WORDS_NONE_RECEIVED);
    }
    ap_rputs("</dd>\n", r);
    write_check(page, "Pinpoint", AFP_API_PINPOINT, &page->pinpoint_check);
    write_check(page, "AssessFirst", AFP_API_ASSESSFIRST, &page->assessfirst_check);
    afp_page_write_count(page, AFP_WORDS_COUNT_WAITING, page->summary.waiting);
    afp_page_write_count(page, AFP_WORDS_COUNT_HELD, page->summary.held);
    afp_page_write_count(page, AFP_WORDS_COUNT_UNCERTAIN, page->summary.uncertain);
    afp_page_write_count(page, AFP_WORDS_COUNT_FAILED, page->summary.dead);
    ap_rputs("</dl>\n", r);
    if (is_paused) {
        afp_page_write_button(page, AFP_ACTION_RESUME, "main", AFP_WORDS_RESUME);
    } else {
        afp_page_write_button(page, AFP_ACTION_CHECK, "", AFP_WORDS_CHECK_NOW);
        afp_page_write_button(page, AFP_ACTION_PAUSE, "", AFP_WORDS_PAUSE);
    }
    ap_rputs("</section>\n", r);
}

/* ---- activity ---- */

/* A state in the page's words, and what the administrator can do about it. */
static const struct {
    const char *state;
    afp_words_t words;
    const char *action; /* NULL: none */
    afp_words_t label;
} states[] = {
    {"waiting", AFP_WORDS_RESULT_WAITING, NULL, AFP_WORDS_NONE},
    {"running", AFP_WORDS_RESULT_RUNNING, NULL, AFP_WORDS_NONE},
    {"held", AFP_WORDS_RESULT_HELD, NULL, AFP_WORDS_NONE},
    {"ignored", AFP_WORDS_RESULT_IGNORED, NULL, AFP_WORDS_NONE},
    {"invited", AFP_WORDS_RESULT_INVITED, AFP_ACTION_SEND_AGAIN, AFP_WORDS_SEND_AGAIN},
    {"skipped", AFP_WORDS_RESULT_SKIPPED, AFP_ACTION_INVITE, AFP_WORDS_INVITE_ANYWAY},
    {"uncertain", AFP_WORDS_RESULT_UNCERTAIN, AFP_ACTION_SEND_AGAIN, AFP_WORDS_SEND_AGAIN},
    {"dead", AFP_WORDS_RESULT_FAILED, AFP_ACTION_TRY_AGAIN, AFP_WORDS_TRY_AGAIN},
    {"repeated", AFP_WORDS_RESULT_REPEATED, NULL, AFP_WORDS_NONE},
    {"done", AFP_WORDS_RESULT_DONE, NULL, AFP_WORDS_NONE},
};

static int find_state(const char *state)
{
    int count = (int)(sizeof(states) / sizeof(states[0]));

    for (int i = 0; i < count; i++) {
        if (strcmp(states[i].state, state) == 0) {
            return i;
        }
    }
    return -1;
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

static void write_row_button(const afp_page_t *page, const afp_activity_t *activity,
                             const char *action, afp_words_t label)
{
    const char *text = afp_say_plain(page, label);

    afp_page_begin_form(page, "inline");
    afp_html_write(
        page->r,
        "<input type=\"hidden\" name=\"id\" value=\"%s\">\n"
        "<button type=\"submit\" name=\"action\" value=\"%s\" aria-label=\"%s\">%s</button>\n"
        "</form>\n",
        activity->id, action,
        afp_say_plain_with(page, AFP_WORDS_ACTION_APPLICATION, text, activity->application_id),
        text);
}

static void write_row(const afp_page_t *page, const afp_activity_t *activity)
{
    request_rec *r = page->r;
    int state = find_state(activity->state);
    int may_act =
        page->tenant.state == AFP_TENANT_CONNECTED || page->tenant.state == AFP_TENANT_PAUSED;

    ap_rputs("<tr>\n<td class=\"time\">", r);
    afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, activity->at));
    ap_rputs("</td>\n<th scope=\"row\">", r);
    write_application(page, activity);
    afp_html_write(r, "</th>\n<td class=\"result\">%s</td>\n<td class=\"words\">%s",
                   state >= 0 ? afp_say_plain(page, states[state].words) : activity->state,
                   activity->reason);
    if (activity->attempts > 1) {
        afp_html_write(r, " %s", afp_say_number_of(page, AFP_WORDS_TRIED, activity->attempts));
    }
    ap_rputs("</td>\n<td>", r);
    if (may_act && state >= 0 && states[state].action != NULL &&
        *activity->application_id != '\0') {
        write_row_button(page, activity, states[state].action, states[state].label);
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

void afp_page_write_activity(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_html_write(r,
                   "<section aria-labelledby=\"activity\">\n"
                   "<h2 id=\"activity\">%s</h2>\n",
                   afp_say_plain(page, AFP_WORDS_ACTIVITY));
    if (page->activities->nelts == 0) {
        afp_html_write(r, "<p>%s</p>\n</section>\n", afp_say_plain(page, AFP_WORDS_ACTIVITY_EMPTY));
        return;
    }
    afp_html_write(
        r,
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"activity\" tabindex=\"0\">\n"
        "<table>\n<caption>%s</caption>\n<thead>\n<tr>",
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
    ap_rputs("</tbody>\n</table>\n</div>\n</section>\n", r);
}
