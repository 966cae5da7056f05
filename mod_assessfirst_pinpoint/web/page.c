/* The page from top to bottom; the settings and the activity have files of their own. */

#include "web/page.h"

#include "core/settings.h"
#include "web/html.h"
#include "web/page_frame.h"

#include <http_protocol.h>
#include <string.h>

#define TITLE "AssessFirst for Pinpoint"

static const char *const said_words[AFP_SAID_COUNT] = {
    [AFP_SAID_NOTHING] = "",
    [AFP_SAID_GENERATED] = "A token was generated.",
    [AFP_SAID_SAVED] = "Saved.",
    [AFP_SAID_PAUSED] = "Paused: webhooks are stored, nothing is sent.",
    [AFP_SAID_RESUMED] = "Resumed: what waited is worked off now.",
    [AFP_SAID_DISCONNECTED] = "Disconnected. The API key and all secrets were erased.",
    [AFP_SAID_DELETING] = "Disconnected. The custom fields are being deleted in Pinpoint; the API "
                          "key is erased when that has ended, all other secrets were.",
    [AFP_SAID_CHECKING] = "The connection is being checked. Reload this page in a moment.",
    [AFP_SAID_INVITING] = "The candidate is being invited. Reload this page in a moment.",
    [AFP_SAID_SENDING_AGAIN] = "The invitation is being sent again. Reload this page in a moment.",
    [AFP_SAID_TRYING_AGAIN] = "It is being tried again. Reload this page in a moment.",
    [AFP_SAID_SYNCHRONISING] = "The models are being synchronised. Reload this page in a moment.",
    [AFP_SAID_REFRESHING] = "Results are being read now. Reload this page in a moment.",
    [AFP_SAID_GONE] = "Nothing was done: what you saw has changed meanwhile. This is it now.",
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
                           const char *label)
{
    afp_page_begin_form(page, "inline");
    afp_html_write(page->r,
                   "<button type=\"submit\" name=\"action\" value=\"%s\" class=\"%s\">%s</button>\n"
                   "</form>\n",
                   action, css_class, label);
}

static void write_head(const afp_page_t *page)
{
    afp_html_write(page->r,
                   "<h1>" TITLE "</h1>\n<p class=\"who\">Company %s, signed in as %s</p>\n",
                   page->company, page->r->user);
}

static void write_said(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (page->said == AFP_SAID_NOTHING) {
        return;
    }
    afp_html_write(r, "<div class=\"said good\" role=\"status\">\n<p><strong>%s</strong></p>\n",
                   said_words[page->said]);
    if (page->api_token != NULL) {
        afp_html_write(r,
                       "<p>Your API token. Copy it now: it is shown this one time only, and stored "
                       "here only as a hash. Keep it like a password.</p>\n"
                       "<p><code class=\"copy\" id=\"api_token\">%s</code></p>\n",
                       page->api_token);
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
                   "<h2 id=\"errors\">Nothing was saved</h2>\n<p>%s</p>\n<ul>\n",
                   page->not_saved);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        afp_setting_t field = (afp_setting_t)i;

        if (page->settings.errors[field] != NULL) {
            afp_html_write(r, "<li><a href=\"#%s\">%s: %s</a></li>\n",
                           afp_settings_form_name(field), afp_settings_form_label(field),
                           page->settings.errors[field]);
        }
    }
    ap_rputs("</ul>\n</div>\n", r);
}

/* ---- the state ---- */

const char *afp_page_state(const afp_page_t *page, int *attention)
{
    *attention = 0;
    if (!page->has_tenant || page->tenant.state == AFP_TENANT_CREATED) {
        return "Not connected";
    }
    switch (page->tenant.state) {
    case AFP_TENANT_PAUSED:
        return "Paused";
    case AFP_TENANT_DISCONNECTED:
        return "Disconnected";
    case AFP_TENANT_CREATED:
    case AFP_TENANT_CONNECTED:
        break;
    }
    *attention = page->tenant.unreadable || page->parkings->nelts > 0;
    return *attention ? "Needs attention" : "Connected";
}

static const char *name_of_api(const char *api)
{
    return strcmp(api, AFP_API_PINPOINT) == 0 ? "Pinpoint" : "AssessFirst";
}

static void write_attention(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (page->tenant.unreadable) {
        ap_rputs("<p>The stored secrets can no longer be read here, because the site's encryption "
                 "key has changed. Enter the API key and the secrets once more, or ask the site's "
                 "operator to list the former key again.</p>\n",
                 r);
    }
    for (int i = 0; i < page->parkings->nelts; i++) {
        const afp_parking_t *parking = &APR_ARRAY_IDX(page->parkings, i, afp_parking_t);

        afp_html_write(r, "<p><strong>%s:</strong> %s (since ", name_of_api(parking->api),
                       parking->words);
        afp_html_time(r, parking->since);
        ap_rputs(").</p>\n", r);
    }
    if (page->parkings->nelts > 0) {
        ap_rputs("<p>Nothing is lost: what waits is sent as soon as the connection works again. It "
                 "is checked by itself; if a key is wrong, replace it below.</p>\n",
                 r);
    }
}

static void write_connected(const afp_page_t *page)
{
    const char *status = page->tenant.status;

    if (*status == '\0') {
        ap_rputs("<p>Candidates are invited when they apply (<em>New application</em>).</p>\n",
                 page->r);
    } else {
        afp_html_write(page->r,
                       "<p>Candidates are invited when they reach the stage <strong>%s</strong> "
                       "(<em>Application stage changed</em>).</p>\n",
                       status);
    }
}

static void write_state_words(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (!page->has_tenant) {
        ap_rputs("<p>AssessFirst can invite your candidates to their assessment as they move "
                 "through Pinpoint. Generate a token to begin.</p>\n",
                 r);
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", "Generate a token");
        return;
    }
    switch (page->tenant.state) {
    case AFP_TENANT_CREATED:
        ap_rputs("<p>The settings are still missing: follow the four steps.</p>\n", r);
        break;
    case AFP_TENANT_CONNECTED:
        write_connected(page);
        break;
    case AFP_TENANT_PAUSED:
        ap_rputs("<p>Webhooks are received and stored, but nothing is sent until you resume.</p>\n",
                 r);
        break;
    case AFP_TENANT_DISCONNECTED:
        ap_rputs("<p>Webhooks are refused and nothing is sent. Remove the webhook and the API key "
                 "in Pinpoint as well. To connect again, generate a token.</p>\n",
                 r);
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", "Generate a token");
        break;
    }
}

/* What was sent that we could not make sense of, and the like. */
static void write_notices(const afp_page_t *page)
{
    request_rec *r = page->r;

    for (int i = 0; i < page->notices->nelts; i++) {
        const afp_notice_t *notice = &APR_ARRAY_IDX(page->notices, i, afp_notice_t);

        if (strcmp(notice->code, AFP_NOTICE_UNKNOWN_EVENT) == 0) {
            afp_html_write(r,
                           "<p><strong>Notice:</strong> Pinpoint sent the event <q>%s</q>, which "
                           "is not known here as a trigger. If it is the event that you ticked, "
                           "tell the site's operator (directive PinpointEvent). Last seen ",
                           notice->words);
        } else {
            afp_html_write(r, "<p><strong>Notice:</strong> %s Last seen ", notice->words);
        }
        afp_html_time(r, notice->last_at);
        ap_rputs(".</p>\n", r);
    }
}

static void write_state(const afp_page_t *page)
{
    request_rec *r = page->r;
    int attention;
    const char *state = afp_page_state(page, &attention);
    int is_good = !attention && page->has_tenant && page->tenant.state == AFP_TENANT_CONNECTED;

    afp_html_write(r,
                   "<section class=\"state %s\" aria-labelledby=\"state\">\n"
                   "<h2 id=\"state\">State: %s</h2>\n",
                   attention ? "bad"
                   : is_good ? "good"
                             : "wait",
                   state);
    if (attention) {
        write_attention(page);
    }
    write_state_words(page);
    if (page->has_tenant && page->tenant.state != AFP_TENANT_DISCONNECTED) {
        write_notices(page);
        afp_html_write(r, "<p><a href=\"%s\">Reload this page</a></p>\n", page->path);
    }
    ap_rputs("</section>\n", r);
}

/* ---- token and end of the connection ---- */

static void write_token(const afp_page_t *page)
{
    afp_html_write(page->r,
                   "<section aria-labelledby=\"token\">\n<h2 id=\"token\">API token</h2>\n"
                   "<p>The token opens this connection's API to your own programs. It was shown "
                   "when it was generated and cannot be shown again. The company's identifier "
                   "(<code>company_uuid</code>) is <code>%s</code>.</p>\n",
                   page->tenant.company_uuid);
    afp_page_write_button(page, AFP_ACTION_GENERATE, "", "Generate a new token");
    ap_rputs("</section>\n", page->r);
}

static void write_disconnect(const afp_page_t *page)
{
    ap_rputs("<section aria-labelledby=\"end\">\n<h2 id=\"end\">Disconnect</h2>\n"
             "<p>Refuses Pinpoint's webhooks and erases the API key and all secrets here. You are "
             "asked once more before.</p>\n",
             page->r);
    afp_page_write_button(page, AFP_ACTION_DISCONNECT, "risky", "Disconnect");
    ap_rputs("</section>\n", page->r);
}

/* ---- whole pages ---- */

void afp_page_write(const afp_page_t *page, int status)
{
    int has_settings = page->has_tenant && (page->tenant.state == AFP_TENANT_CONNECTED ||
                                            page->tenant.state == AFP_TENANT_PAUSED);
    int has_form = has_settings || (page->has_tenant && page->tenant.state == AFP_TENANT_CREATED);

    afp_page_begin(page->r, status, page->not_saved != NULL ? "Not saved: " TITLE : TITLE);
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
    afp_page_end(page->r);
}

void afp_page_ask(const afp_page_t *page, const afp_question_t *question)
{
    request_rec *r = page->r;

    afp_page_begin(r, HTTP_OK, question->title);
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
                   "</button>\n</form>\n<p><a href=\"%s\">No, back to the page</a></p>\n"
                   "</section>\n",
                   question->action, question->title, page->path);
    afp_page_end(r);
}
