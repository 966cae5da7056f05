/* The guided way: what to do in Pinpoint and here, in this order, and how far it is. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/notices.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>

/* ---- how far ---- */

static afp_step_state_t done_if(int condition)
{
    return condition ? AFP_STEP_DONE : AFP_STEP_TO_DO;
}

/* Secrets that can no longer be opened are empty here; it is the form that needs attention then. */
afp_step_state_t afp_page_step(const afp_page_t *page, int step)
{
    const afp_tenant_t *tenant = &page->tenant;

    switch (step) {
    case 1:
        return afp_page_parking(page, AFP_API_PINPOINT) != NULL
                   ? AFP_STEP_ATTENTION
                   : done_if(*tenant->api_key != '\0' || tenant->unreadable);
    case 2:
        return afp_notices_refused_at(page->notices) > 0
                   ? AFP_STEP_ATTENTION
                   : done_if(*tenant->signing_secret != '\0' || tenant->unreadable);
    case 3:
        return tenant->unreadable || afp_page_parking(page, AFP_API_ASSESSFIRST) != NULL
                   ? AFP_STEP_ATTENTION
                   : done_if(afp_page_has_settings(page));
    default:
        return done_if(afp_page_has_settings(page) && page->summary.last_received_at > 0);
    }
}

int afp_page_next_step(const afp_page_t *page)
{
    for (int step = 1; step <= AFP_STEPS; step++) {
        if (afp_page_step(page, step) != AFP_STEP_DONE) {
            return step;
        }
    }
    return 0;
}

static int count_done(const afp_page_t *page)
{
    int count = 0;

    for (int step = 1; step <= AFP_STEPS; step++) {
        count += afp_page_step(page, step) == AFP_STEP_DONE;
    }
    return count;
}

/* ---- what to do ---- */

/* As Pinpoint calls them (contract pinpoint.md 12). */
static void write_permissions(const afp_page_t *page)
{
    static const char *const names[] = {"Application",       "Candidate", "Comment",
                                        "Custom Attributes", "Job",       "User"};
    const char *read_and_write = afp_say_plain(page, AFP_WORDS_READ_AND_WRITE);

    ap_rputs("<ul class=\"permissions\">\n", page->r);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        afp_html_write(page->r, "<li><strong lang=\"en\">%s</strong> <span>%s</span></li>\n",
                       names[i], read_and_write);
    }
    afp_html_write(page->r, "<li><strong lang=\"en\">%s</strong> <span>%s</span></li>\n</ul>\n",
                   "Custom Field", afp_say_plain(page, AFP_WORDS_READ_WRITE_DELETE));
}

static void write_api_key(const afp_page_t *page)
{
    afp_page_write_paragraph(page, AFP_WORDS_STEP_API_KEY_WHERE);
    afp_page_write_paragraph(page, AFP_WORDS_STEP_API_KEY_TICK);
    write_permissions(page);
    afp_page_write_paragraph(page, AFP_WORDS_STEP_API_KEY_COPY);
    afp_page_write_pinpoint_link(page, "");
}

static void write_webhook(const afp_page_t *page)
{
    afp_page_write_paragraph(page, AFP_WORDS_STEP_WEBHOOK_WHERE);
    afp_page_write_copy(page, "first_url", page->vhost->webhook_url);
    afp_page_write_paragraph(page, AFP_WORDS_STEP_WEBHOOK_TICK);
    afp_page_write_paragraph(page, AFP_WORDS_STEP_WEBHOOK_COPY);
    afp_page_write_pinpoint_link(page, "");
}

/* Until the company is connected the form stands below the steps. */
static const char *settings_address(const afp_page_t *page)
{
    return afp_page_has_settings(page) ? afp_page_address(page, AFP_VIEW_SETTINGS) : "";
}

static void write_form(const afp_page_t *page)
{
    afp_page_write_paragraph(page, AFP_WORDS_STEP_SETTINGS_WORDS);
    if (page->has_tenant) {
        afp_html_write(page->r, "<p><a href=\"%s#settings\">%s</a></p>\n", settings_address(page),
                       afp_say_plain(page, AFP_WORDS_GO_SETTINGS));
    }
}

static void write_url(const afp_page_t *page)
{
    if (!afp_page_has_settings(page)) {
        afp_page_write_paragraph(page, AFP_WORDS_STEP_URL_LATER);
        return;
    }
    afp_page_write_paragraph(page, AFP_WORDS_STEP_URL_PASTE);
    afp_page_write_copy(page, "webhook_url",
                        apr_pstrcat(page->r->pool, page->vhost->webhook_url,
                                    "?company_uuid=", page->tenant.company_uuid, NULL));
    afp_page_write_paragraph(page, AFP_WORDS_STEP_URL_TEST);
    afp_page_write_paragraph(page, AFP_WORDS_STEP_URL_MODEL);
    afp_page_write_pinpoint_link(page, "");
}

static const struct {
    afp_words_t title;
    void (*write)(const afp_page_t *page);
} steps[AFP_STEPS] = {
    {AFP_WORDS_STEP_API_KEY, write_api_key},
    {AFP_WORDS_STEP_WEBHOOK, write_webhook},
    {AFP_WORDS_STEP_SETTINGS, write_form},
    {AFP_WORDS_STEP_URL, write_url},
};

/* ---- the list ---- */

static void write_tag(const afp_page_t *page, int step, afp_step_state_t state)
{
    switch (state) {
    case AFP_STEP_TO_DO:
        afp_page_write_tag(page, "plain", AFP_ICON_TODO, afp_say_plain(page, AFP_WORDS_STEP_TO_DO));
        break;
    case AFP_STEP_ATTENTION:
        afp_page_write_tag(page, "bad", AFP_ICON_BAD,
                           afp_say_plain(page, AFP_WORDS_STATE_ATTENTION));
        break;
    case AFP_STEP_DONE:
        afp_page_write_tag(
            page, "good", AFP_ICON_GOOD,
            step == AFP_STEPS
                ? afp_say_plain_with(page, AFP_WORDS_STEP_RECEIVED,
                                     afp_say_moment(page, page->summary.last_received_at))
                : afp_say_plain(page, AFP_WORDS_DONE));
        break;
    }
}

/* What is to be done now is open; the last step cannot be done before the settings are saved. */
static int is_open(const afp_page_t *page, int step, afp_step_state_t state)
{
    return page->has_tenant && state != AFP_STEP_DONE &&
           (step < AFP_STEPS || afp_page_has_settings(page));
}

static void write_step(const afp_page_t *page, int step)
{
    request_rec *r = page->r;
    afp_step_state_t state = afp_page_step(page, step);

    afp_html_write(r,
                   "<li id=\"step-%d\"><details%s>\n<summary><span class=\"badge %s\" "
                   "aria-hidden=\"true\">%d</span><h3>%s</h3>",
                   step, is_open(page, step, state) ? " open" : "",
                   state == AFP_STEP_DONE        ? "good"
                   : state == AFP_STEP_ATTENTION ? "bad"
                                                 : "plain",
                   step, afp_say_plain(page, steps[step - 1].title));
    write_tag(page, step, state);
    ap_rputs("</summary>\n<div class=\"body\">\n", r);
    steps[step - 1].write(page);
    ap_rputs("</div>\n</details></li>\n", r);
}

void afp_page_write_steps(const afp_page_t *page)
{
    apr_pool_t *pool = page->r->pool;

    afp_page_begin_live_section(page, "steps", AFP_WORDS_STEPS);
    afp_html_write(page->r, "<p class=\"hint\">%s</p>\n<ol class=\"steps\">\n",
                   afp_say_plain_with(page, AFP_WORDS_STEPS_DONE, apr_itoa(pool, count_done(page)),
                                      apr_itoa(pool, AFP_STEPS)));
    for (int step = 1; step <= AFP_STEPS; step++) {
        write_step(page, step);
    }
    ap_rputs("</ol>\n</section>\n", page->r);
}
