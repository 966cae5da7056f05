/* Predictive models, results, and what of them is written to Pinpoint. */

#include "web/page.h"

#include "core/profile.h"
#include "core/results_token.h"
#include "web/html.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define COUNTED_TO 1000 /* by afp_assessment_count */

/* ---- what is written to Pinpoint: a part of the settings form ---- */

static void write_choice(const afp_page_t *page, int choice, const char *label)
{
    const char *name = afp_settings_form_choice(page->r->pool, choice);
    int is_on = (page->settings.choices & 1u << choice) != 0;

    afp_html_write(page->r,
                   "<p class=\"choice\"><input type=\"checkbox\" id=\"%s\" name=\"%s\" "
                   "value=\"yes\"%s> <label for=\"%s\">%s</label></p>\n",
                   name, name, is_on ? " checked" : "", name, label);
}

void afp_page_write_choices(const afp_page_t *page)
{
    ap_rputs(
        "<fieldset>\n<legend>What is written to Pinpoint</legend>\n"
        "<p class=\"hint\">Custom fields of the candidate's application, made in Pinpoint when "
        "they are first needed. What is not ticked is not written any more; what was written "
        "before stays.</p>\n",
        page->r);
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        write_choice(page, i, afp_profile[i].name);
    }
    write_choice(page, AFP_PROFILE_FIELDS, "A comment when the assessment is complete");
    ap_rputs("</fieldset>\n", page->r);
}

/* ---- predictive models ---- */

void afp_page_write_models(const afp_page_t *page)
{
    request_rec *r = page->r;
    const afp_synchronised_t *synchronised = &page->synchronised;

    afp_html_write(
        r,
        "<section aria-labelledby=\"models\">\n"
        "<h2 id=\"models\">Predictive models</h2>\n"
        "<p>Recruiters select a model on each job in Pinpoint, in the field <em>%s</em>. "
        "Its options follow your models at AssessFirst.</p>\n"
        "<dl>\n<dt>Last synchronised</dt>\n<dd>",
        page->vhost->site->model_field);
    if (synchronised->at > 0) {
        afp_html_time(r, synchronised->at);
        afp_html_write(r, "</dd>\n<dt>Models at AssessFirst</dt>\n<dd>%d", synchronised->models);
    } else {
        ap_rputs("Not yet", r);
    }
    ap_rputs("</dd>\n</dl>\n", r);
    if (*synchronised->refused != '\0') {
        afp_html_write(
            r,
            "<p class=\"error\">The custom fields in Pinpoint are not as they should be. "
            "%s</p>\n<p>It is tried again by itself.</p>\n",
            synchronised->refused);
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED) {
        afp_page_write_button(page, AFP_ACTION_SYNCHRONISE, "", "Synchronise now");
    }
    ap_rputs("</section>\n", r);
}

/* ---- results ---- */

static void write_count(const afp_page_t *page, const char *name, int count)
{
    afp_html_write(page->r, "<dt>%s</dt>\n<dd>%d%s</dd>\n", name,
                   count < COUNTED_TO ? count : COUNTED_TO, count < COUNTED_TO ? "" : " or more");
}

/* The address that AssessFirst may call; NULL if the site has none. */
static const char *results_url(const afp_page_t *page)
{
    const char *url = page->vhost->site->results_url;
    const char *token;
    size_t length;

    if (url == NULL) {
        return NULL;
    }
    token = afp_results_token_make(page->vhost->site->place.keyring, page->r->pool,
                                   page->tenant.company_uuid);
    if (token == NULL) {
        return NULL;
    }
    length = strlen(url);
    return apr_psprintf(page->r->pool, "%.*s/%s/%s", (int)(length - (url[length - 1] == '/')), url,
                        page->tenant.company_uuid, token);
}

void afp_page_write_results(const afp_page_t *page)
{
    request_rec *r = page->r;
    const char *url = results_url(page);

    ap_rputs(
        "<section aria-labelledby=\"results\">\n<h2 id=\"results\">Results</h2>\n"
        "<p>Candidates' results are read at AssessFirst from time to time, more often while an "
        "invitation is new, and written to their applications in Pinpoint.</p>\n<dl>\n",
        r);
    write_count(page, "Open assessments", page->assessments.open);
    write_count(page, "Completed", page->assessments.completed);
    ap_rputs("</dl>\n", r);
    if (page->tenant.state == AFP_TENANT_CONNECTED && page->assessments.open > 0) {
        afp_page_write_button(page, AFP_ACTION_REFRESH_ALL, "", "Refresh now");
    }
    if (url != NULL) {
        afp_html_write(r,
                       "<h3 id=\"results_address\">Results address</h3>\n"
                       "<p>If AssessFirst can call an address when a candidate has finished a "
                       "questionnaire, give it this one; results then appear at once. Keep it like "
                       "a password.</p>\n"
                       "<p><code class=\"copy\" id=\"results_url\">%s</code></p>\n",
                       url);
    }
    ap_rputs("</section>\n", r);
}
