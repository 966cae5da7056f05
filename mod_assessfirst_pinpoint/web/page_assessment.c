/* Predictive models, results, and what of them is written to Pinpoint. */

#include "web/page.h"

#include "core/profile.h"
#include "core/results_token.h"
#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

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
    afp_html_write(page->r, "<fieldset>\n<legend>%s</legend>\n<p class=\"hint\">%s</p>\n",
                   afp_say_plain(page, AFP_WORDS_LEGEND_PROFILE),
                   afp_say_plain(page, AFP_WORDS_HINT_PROFILE));
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        write_choice(page, i, afp_profile[i].name);
    }
    write_choice(page, AFP_PROFILE_FIELDS, afp_say_plain(page, AFP_WORDS_WRITE_COMMENT));
    ap_rputs("</fieldset>\n", page->r);
}

/* ---- predictive models ---- */

void afp_page_write_models(const afp_page_t *page)
{
    request_rec *r = page->r;
    const afp_synchronised_t *synchronised = &page->synchronised;

    afp_html_write(r, "<section aria-labelledby=\"models\">\n<h2 id=\"models\">%s</h2>\n<p>",
                   afp_say_plain(page, AFP_WORDS_MODELS));
    afp_say_with(page, AFP_WORDS_MODELS_WORDS, page->vhost->site->model_field);
    afp_html_write(r, "</p>\n<dl>\n<dt>%s</dt>\n<dd>", afp_say_plain(page, AFP_WORDS_SYNCHRONISED));
    if (synchronised->at > 0) {
        afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, synchronised->at));
        afp_html_write(r, "</dd>\n<dt>%s</dt>\n<dd>%d", afp_say_plain(page, AFP_WORDS_MODELS_FOUND),
                       synchronised->models);
    } else {
        afp_say(page, AFP_WORDS_NOT_YET);
    }
    ap_rputs("</dd>\n</dl>\n", r);
    if (*synchronised->refused != '\0') {
        afp_html_write(r, "<p class=\"error\">%s</p>\n<p>%s</p>\n",
                       afp_say_plain_with(page, AFP_WORDS_OPTIONS_REFUSED, synchronised->refused),
                       afp_say_plain(page, AFP_WORDS_OPTIONS_STAY));
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED) {
        afp_page_write_button(page, AFP_ACTION_SYNCHRONISE, "", AFP_WORDS_SYNCHRONISE);
    }
    ap_rputs("</section>\n", r);
}

/* ---- results ---- */

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

    afp_html_write(
        r, "<section aria-labelledby=\"results\">\n<h2 id=\"results\">%s</h2>\n<p>%s</p>\n<dl>\n",
        afp_say_plain(page, AFP_WORDS_RESULTS), afp_say_plain(page, AFP_WORDS_RESULTS_WORDS));
    afp_page_write_count(page, AFP_WORDS_COUNT_OPEN, page->assessments.open);
    afp_page_write_count(page, AFP_WORDS_COUNT_COMPLETED, page->assessments.completed);
    ap_rputs("</dl>\n", r);
    if (page->tenant.state == AFP_TENANT_CONNECTED && page->assessments.open > 0) {
        afp_page_write_button(page, AFP_ACTION_REFRESH_ALL, "", AFP_WORDS_REFRESH);
    }
    if (url != NULL) {
        afp_html_write(r,
                       "<h3 id=\"results_address\">%s</h3>\n<p>%s</p>\n"
                       "<p><code class=\"copy\" id=\"results_url\">%s</code></p>\n",
                       afp_say_plain(page, AFP_WORDS_RESULTS_ADDRESS),
                       afp_say_plain(page, AFP_WORDS_RESULTS_ADDRESS_WORDS), url);
    }
    ap_rputs("</section>\n", r);
}
