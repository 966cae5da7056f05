/* The connection's health and what happened lately. */

#include "web/page.h"

#include "web/html.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define COUNTED_TO 1000 /* by afp_activity_summarise */

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
        afp_html_write(r, "Refused: %s (since ", parking->words);
        afp_html_time(r, parking->since);
        ap_rputs("). It is checked again by itself.", r);
    } else if (page->tenant.state == AFP_TENANT_PAUSED) {
        ap_rputs("Not checked while paused", r);
    } else if (check->open && *check->reason != '\0') {
        afp_html_write(r, "Does not work: %s. It is checked again by itself.", check->reason);
    } else if (check->open) {
        ap_rputs("Checking...", r);
    } else if (strcmp(check->result, "done") == 0) {
        ap_rputs("Works since ", r);
        afp_html_time(r, check->finished_at);
    } else if (*check->result != '\0') {
        afp_html_write(r, "Does not work: %s (", check->reason);
        afp_html_time(r, check->finished_at);
        ap_rputs(")", r);
    } else {
        ap_rputs("Not checked yet", r);
    }
    ap_rputs("</dd>\n", r);
}

static void write_count(const afp_page_t *page, const char *name, int count)
{
    afp_html_write(page->r, "<dt>%s</dt>\n<dd>%d%s</dd>\n", name,
                   count < COUNTED_TO ? count : COUNTED_TO, count < COUNTED_TO ? "" : " or more");
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

    afp_html_write(
        r,
        "<section aria-labelledby=\"connection\">\n"
        "<h2 id=\"connection\">Connection</h2>\n"
        "<h3 id=\"webhook\">Webhook URL</h3>\n"
        "<p>Paste this address into Pinpoint's webhook, in place of the one it has:</p>\n"
        "<p><code class=\"copy\" id=\"webhook_url\">%s</code></p>\n<dl>\n"
        "<dt>Last webhook received</dt>\n<dd>",
        webhook_url(page));
    if (page->summary.last_received_at > 0) {
        afp_html_time(r, page->summary.last_received_at);
    } else {
        ap_rputs("None yet. Pinpoint can send a test event from the webhook's page.", r);
    }
    ap_rputs("</dd>\n", r);
    write_check(page, "Pinpoint", AFP_API_PINPOINT, &page->pinpoint_check);
    write_check(page, "AssessFirst", AFP_API_ASSESSFIRST, &page->assessfirst_check);
    write_count(page, "Waiting", page->summary.waiting);
    write_count(page, "Held back", page->summary.held);
    write_count(page, "Uncertain", page->summary.uncertain);
    write_count(page, "Failed", page->summary.dead);
    ap_rputs("</dl>\n", r);
    if (is_paused) {
        afp_page_write_button(page, AFP_ACTION_RESUME, "main", "Resume");
    } else {
        afp_page_write_button(page, AFP_ACTION_CHECK, "", "Check the connection now");
        afp_page_write_button(page, AFP_ACTION_PAUSE, "", "Pause");
    }
    ap_rputs("</section>\n", r);
}

/* ---- activity ---- */

/* A state in the page's words, and what the administrator can do about it. */
static const struct {
    const char *state;
    const char *words;
    const char *action; /* NULL: none */
    const char *label;
} states[] = {
    {"waiting", "Waiting", NULL, NULL},
    {"running", "Running", NULL, NULL},
    {"held", "Held back", NULL, NULL},
    {"ignored", "Ignored", NULL, NULL},
    {"invited", "Invited", AFP_ACTION_SEND_AGAIN, "Send again"},
    {"skipped", "Skipped", AFP_ACTION_INVITE, "Invite anyway"},
    {"uncertain", "Uncertain", AFP_ACTION_SEND_AGAIN, "Send again"},
    {"dead", "Failed", AFP_ACTION_TRY_AGAIN, "Try again"},
    {"repeated", "Tried again", NULL, NULL},
    {"done", "Done", NULL, NULL},
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
        ap_rputs("none", page->r);
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
                             const char *action, const char *label)
{
    afp_page_begin_form(page, "inline");
    afp_html_write(page->r,
                   "<input type=\"hidden\" name=\"id\" value=\"%s\">\n"
                   "<button type=\"submit\" name=\"action\" value=\"%s\" "
                   "aria-label=\"%s: application %s\">%s</button>\n</form>\n",
                   activity->id, action, label, activity->application_id, label);
}

static void write_row(const afp_page_t *page, const afp_activity_t *activity)
{
    request_rec *r = page->r;
    int state = find_state(activity->state);
    int may_act =
        page->tenant.state == AFP_TENANT_CONNECTED || page->tenant.state == AFP_TENANT_PAUSED;

    ap_rputs("<tr>\n<td class=\"time\">", r);
    afp_html_time(r, activity->at);
    ap_rputs("</td>\n<th scope=\"row\">", r);
    write_application(page, activity);
    afp_html_write(r, "</th>\n<td class=\"result\">%s</td>\n<td class=\"words\">%s",
                   state >= 0 ? states[state].words : activity->state, activity->reason);
    if (activity->attempts > 1) {
        afp_html_write(r, " (tried %d times)", activity->attempts);
    }
    ap_rputs("</td>\n<td>", r);
    if (may_act && state >= 0 && states[state].action != NULL &&
        *activity->application_id != '\0') {
        write_row_button(page, activity, states[state].action, states[state].label);
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED && strcmp(activity->state, "invited") == 0) {
        write_row_button(page, activity, AFP_ACTION_REFRESH, "Refresh now");
    }
    ap_rputs("</td>\n</tr>\n", r);
}

void afp_page_write_activity(const afp_page_t *page)
{
    request_rec *r = page->r;

    ap_rputs("<section aria-labelledby=\"activity\">\n"
             "<h2 id=\"activity\">Recent activity</h2>\n",
             r);
    if (page->activities->nelts == 0) {
        ap_rputs(
            "<p>Nothing yet. Webhooks from Pinpoint appear here with what became of them.</p>\n"
            "</section>\n",
            r);
        return;
    }
    ap_rputs("<div class=\"scroll\" role=\"region\" aria-labelledby=\"activity\" tabindex=\"0\">\n"
             "<table>\n<caption>The latest webhooks and invitations, newest first</caption>\n"
             "<thead>\n<tr><th scope=\"col\">Time</th><th scope=\"col\">Application</th>"
             "<th scope=\"col\">Result</th><th scope=\"col\">Why</th>"
             "<th scope=\"col\">Action</th></tr>\n</thead>\n<tbody>\n",
             r);
    for (int i = 0; i < page->activities->nelts; i++) {
        write_row(page, &APR_ARRAY_IDX(page->activities, i, afp_activity_t));
    }
    ap_rputs("</tbody>\n</table>\n</div>\n</section>\n", r);
}
