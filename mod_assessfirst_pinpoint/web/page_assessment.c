/* Predictive models, results, and what of them is written to Pinpoint. */

#include "web/page_parts.h"

#include "core/profile.h"
#include "core/results_token.h"
#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

/* ---- what is written to Pinpoint: a part of the settings form ---- */

/* The fields' names are those that Pinpoint shows, in every language. */
static void write_choice(const afp_page_t *page, int choice, const char *label)
{
    const char *name = afp_settings_form_choice(page->r->pool, choice);
    int is_on = (page->settings.choices & 1u << choice) != 0;

    afp_html_write(page->r,
                   "<p class=\"choice\"><input type=\"checkbox\" id=\"%s\" name=\"%s\" "
                   "value=\"yes\"%s> <label for=\"%s\"%s>%s</label></p>\n",
                   name, name, is_on ? " checked" : "", name,
                   choice < AFP_PROFILE_FIELDS ? " lang=en" : "", label);
}

/* The names of what is ticked, in one line. */
static const char *names_of(const afp_page_t *page, unsigned int choices)
{
    const char *names = "";

    for (int i = 0; i <= AFP_PROFILE_FIELDS; i++) {
        if ((choices & 1u << i) != 0) {
            names =
                apr_pstrcat(page->r->pool, names, *names != '\0' ? ", " : "",
                            i < AFP_PROFILE_FIELDS ? afp_profile[i].name
                                                   : afp_say_plain(page, AFP_WORDS_WRITE_COMMENT),
                            NULL);
        }
    }
    return *names != '\0' ? names : afp_say_plain(page, AFP_WORDS_EMPTY);
}

/* What somebody else ticked. */
static void write_choices_meanwhile(const afp_page_t *page)
{
    const char *names = names_of(page, page->settings.choices_note);

    if (page->settings.choices_meanwhile == AFP_MEANWHILE_NOTHING) {
        return;
    }
    ap_rputs("<p class=\"note wait\">", page->r);
    afp_page_write_icon(page, AFP_ICON_INFO);
    ap_rputs("<span>", page->r);
    if (page->settings.choices_meanwhile == AFP_MEANWHILE_THEIRS) {
        afp_say_with(page, AFP_WORDS_CHANGED_BY_OTHERS, names);
    } else {
        afp_say_with(page, AFP_WORDS_CHANGED_BY_BOTH, names);
    }
    ap_rputs("</span></p>\n", page->r);
}

void afp_page_write_choices(const afp_page_t *page)
{
    afp_html_write(page->r, "<fieldset>\n<legend>%s</legend>\n<p class=\"hint\">%s</p>\n",
                   afp_say_plain(page, AFP_WORDS_LEGEND_PROFILE),
                   afp_say_plain(page, AFP_WORDS_HINT_PROFILE));
    write_choices_meanwhile(page);
    ap_rputs("<div class=\"choices\">\n", page->r);
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        write_choice(page, i, afp_profile[i].name);
    }
    write_choice(page, AFP_PROFILE_FIELDS, afp_say_plain(page, AFP_WORDS_WRITE_COMMENT));
    ap_rputs("</div>\n</fieldset>\n", page->r);
}

/* ---- predictive models ---- */

/* What Pinpoint refused, a reason on each line. */
static void write_refused(const afp_page_t *page)
{
    char *reasons = apr_pstrdup(page->r->pool, page->synchronised.refused);
    char *reason;

    afp_html_write(page->r, "<p class=\"error\">%s</p>\n<ul>\n",
                   afp_say_plain(page, AFP_WORDS_OPTIONS_REFUSED));
    while ((reason = apr_strtok(reasons, "\n", &reasons)) != NULL) {
        ap_rputs("<li>", page->r);
        afp_say_with(page, AFP_WORDS_REASON, reason);
        ap_rputs("</li>\n", page->r);
    }
    ap_rputs("</ul>\n", page->r);
    afp_page_write_paragraph(page, AFP_WORDS_OPTIONS_STAY);
}

void afp_page_write_models(const afp_page_t *page)
{
    request_rec *r = page->r;
    const afp_synchronised_t *synchronised = &page->synchronised;

    afp_page_begin_section(page, "models", AFP_WORDS_MODELS);
    ap_rputs("<p>", r);
    afp_say_with(page, AFP_WORDS_MODELS_WORDS, page->vhost->site->model_field);
    afp_html_write(r, "</p>\n<dl class=\"facts\">\n<div><dt>%s</dt>\n<dd>",
                   afp_say_plain(page, AFP_WORDS_SYNCHRONISED));
    if (synchronised->at > 0) {
        afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, synchronised->at));
        afp_html_write(r, "</dd></div>\n<div><dt>%s</dt>\n<dd>%d",
                       afp_say_plain(page, AFP_WORDS_MODELS_FOUND), synchronised->models);
    } else {
        afp_say(page, AFP_WORDS_NOT_YET);
    }
    ap_rputs("</dd></div>\n</dl>\n", r);
    if (*synchronised->refused != '\0') {
        write_refused(page);
    }
    if (page->tenant.state == AFP_TENANT_CONNECTED) {
        ap_rputs("<div class=\"actions\">\n", r);
        afp_page_write_button(page, AFP_ACTION_SYNCHRONISE, "", AFP_WORDS_SYNCHRONISE);
        ap_rputs("</div>\n", r);
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

    afp_page_begin_section(page, "results", AFP_WORDS_RESULTS);
    afp_page_write_paragraph(page, AFP_WORDS_RESULTS_WORDS);
    ap_rputs("<dl class=\"tiles\">\n", r);
    afp_page_write_count(page, AFP_WORDS_COUNT_OPEN, page->assessments.open, "plain");
    afp_page_write_count(page, AFP_WORDS_COUNT_COMPLETED, page->assessments.completed, "plain");
    ap_rputs("</dl>\n", r);
    if (page->tenant.state == AFP_TENANT_CONNECTED && page->assessments.open > 0) {
        ap_rputs("<div class=\"actions\">\n", r);
        afp_page_write_button(page, AFP_ACTION_REFRESH_ALL, "", AFP_WORDS_REFRESH_ALL);
        ap_rputs("</div>\n", r);
    }
    if (url != NULL) {
        afp_html_write(r, "<h3>%s</h3>\n<p class=\"hint\">%s</p>\n",
                       afp_say_plain(page, AFP_WORDS_RESULTS_ADDRESS),
                       afp_say_plain(page, AFP_WORDS_RESULTS_ADDRESS_WORDS));
        afp_page_write_copy(page, "results_url", url);
    }
    ap_rputs("</section>\n", r);
}
