/* The four steps and the settings form. */

#include "web/page.h"

#include "core/settings.h"
#include "web/html.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

/* ---- the steps ---- */

void afp_page_write_steps(const afp_page_t *page)
{
    request_rec *r = page->r;
    int is_done = page->tenant.state != AFP_TENANT_CREATED;

    ap_rputs("<section aria-labelledby=\"steps\">\n<h2 id=\"steps\">Set up in four steps</h2>\n",
             r);
    if (is_done) {
        ap_rputs("<details>\n<summary>Show the steps</summary>\n", r);
    }
    ap_rputs("<ol>\n<li><strong>API key.</strong> In Pinpoint, open <em>Settings &gt; API &amp; "
             "Webhooks</em> (older: <em>Company &gt; Profile</em>) and create an API key named "
             "AssessFirst. Give it read and write on <em>Application, Candidate, Comment, Custom "
             "Attributes, Job</em> and <em>User</em>, and read, write and delete on <em>Custom "
             "Field</em>. Pinpoint shows the key once: keep it for step 3.</li>\n",
             r);
    afp_html_write(r,
                   "<li><strong>Webhook.</strong> In Pinpoint, create a webhook with the address "
                   "<code>%s</code> for now. Tick exactly one event: <em>New application</em>, or "
                   "<em>Application stage changed</em>. Copy its signing secret.</li>\n",
                   page->vhost->webhook_url);
    ap_rputs("<li><strong>Settings.</strong> Fill in the form below and save it.</li>\n"
             "<li><strong>Webhook URL.</strong> Edit the webhook in Pinpoint and replace its "
             "address by the webhook URL that this page shows after saving. On each job, select "
             "the predictive model.</li>\n</ol>\n",
             r);
    if (is_done) {
        ap_rputs("</details>\n", r);
    }
    ap_rputs("</section>\n", r);
}

/* ---- fields ---- */

/* What stands at a field beside its name. */
typedef struct {
    afp_setting_t field;
    const char *hint;
    const char *stored;     /* a secret's mask; NULL for other fields, "" if none is stored */
    const char *understood; /* a sentence, or NULL */
} look_t;

/* The opening of a field up to its control, whose attributes are still open for more. */
static void begin_field(const afp_page_t *page, const look_t *look)
{
    request_rec *r = page->r;
    const char *name = afp_settings_form_name(look->field);
    const char *error = page->settings.errors[look->field];

    afp_html_write(r,
                   "<div class=\"field%s\">\n<label for=\"%s\">%s</label>\n"
                   "<p class=\"hint\" id=\"%s-hint\">%s",
                   error != NULL ? " wrong" : "", name, afp_settings_form_label(look->field), name,
                   look->hint);
    if (look->stored != NULL && *look->stored != '\0') {
        afp_html_write(r,
                       " <strong>Stored: <code>%s</code></strong>. Leave the field empty to keep "
                       "it, or enter a new value to replace it.",
                       look->stored);
    }
    if (look->understood != NULL) {
        afp_html_write(r, " <strong>%s</strong>", look->understood);
    }
    ap_rputs("</p>\n", r);
    if (page->settings.entered[look->field]) {
        ap_rputs("<p class=\"hint\">What you entered here is not shown again: enter it once more."
                 "</p>\n",
                 r);
    }
    if (error != NULL) {
        afp_html_write(r, "<p class=\"error\" id=\"%s-error\">Error: %s</p>\n", name, error);
    }
}

/* The attributes that every control has. */
static void write_attributes(const afp_page_t *page, afp_setting_t field)
{
    const char *name = afp_settings_form_name(field);
    int is_wrong = page->settings.errors[field] != NULL;

    afp_html_write(page->r, " id=\"%s\" name=\"%s\" aria-describedby=\"%s-hint", name, name, name);
    if (is_wrong) {
        afp_html_write(page->r, " %s-error\" aria-invalid=\"true\"", name);
    } else {
        ap_rputs("\"", page->r);
    }
}

static void write_text_field(const afp_page_t *page, const look_t *look)
{
    begin_field(page, look);
    ap_rputs("<input type=\"text\"", page->r);
    write_attributes(page, look->field);
    afp_html_write(page->r,
                   " value=\"%s\" autocomplete=\"off\" autocapitalize=\"none\" "
                   "spellcheck=\"false\" size=\"40\" maxlength=\"255\">\n</div>\n",
                   page->settings.values[look->field]);
}

static void write_secret_field(const afp_page_t *page, const look_t *look)
{
    begin_field(page, look);
    ap_rputs("<input type=\"password\"", page->r);
    write_attributes(page, look->field);
    ap_rputs(" value=\"\" size=\"40\" autocomplete=\"new-password\">\n</div>\n", page->r);
}

static void write_locale_field(const afp_page_t *page)
{
    static const look_t look = {AFP_SETTING_LOCALE,
                                "Used when Pinpoint does not say which language the candidate "
                                "applied in.",
                                NULL, NULL};
    request_rec *r = page->r;
    const char *chosen = page->settings.values[AFP_SETTING_LOCALE];

    begin_field(page, &look);
    ap_rputs("<select", r);
    write_attributes(page, AFP_SETTING_LOCALE);
    ap_rputs(">\n", r);
    for (const char *const *locale = afp_settings_form_locales; *locale != NULL; locale += 2) {
        afp_html_write(r, "<option value=\"%s\"%s>%s (%s)</option>\n", locale[0],
                       strcmp(locale[0], chosen) == 0 ? " selected" : "", locale[1], locale[0]);
    }
    ap_rputs("</select>\n</div>\n", r);
}

/* "" without a stored secret, so that no mask is shown. */
static const char *mask(const afp_page_t *page, const char *secret)
{
    return *secret != '\0' ? afp_settings_mask(page->r->pool, secret) : "";
}

static const char *understood_subdomain(const afp_page_t *page)
{
    const char *subdomain = page->settings.subdomain;
    const char *domain = page->vhost->pinpoint_domain;

    if (*subdomain == '\0') {
        return NULL;
    }
    return domain != NULL
               ? apr_psprintf(page->r->pool, "Understood as https://%s.%s.", subdomain, domain)
               : apr_psprintf(page->r->pool, "Understood as the tenant %s.", subdomain);
}

static const char *understood_status(const afp_page_t *page)
{
    if (page->tenant.state == AFP_TENANT_CREATED) {
        return NULL;
    }
    return *page->tenant.status == '\0'
               ? "Now: New application."
               : apr_psprintf(page->r->pool, "Now: Application stage changed to \"%s\".",
                              page->tenant.status);
}

/* Offered only where there is a secret to replace. */
static void write_keep_former(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (*page->tenant.signing_secret == '\0') {
        return;
    }
    afp_html_write(r,
                   "<p class=\"choice\"><input type=\"checkbox\" id=\"keep_former\" "
                   "name=\"keep_former\" value=\"yes\"%s> <label for=\"keep_former\">When it is "
                   "replaced, keep accepting the former secret for 24 hours</label></p>\n",
                   page->settings.keep_former ? " checked" : "");
    if (*page->tenant.former_secret != '\0' && page->tenant.former_until > r->request_time) {
        ap_rputs("<p class=\"hint\">The former secret is accepted until ", r);
        afp_html_time(r, page->tenant.former_until);
        ap_rputs(".</p>\n", r);
    }
}

/* ---- the form ---- */

static void write_pinpoint_fields(const afp_page_t *page)
{
    const look_t subdomain = {
        AFP_SETTING_SUBDOMAIN,
        "The address of your Pinpoint, such as https://assess-first-sandbox.pinpointhq.com/admin; "
        "the host or the subdomain alone will do.",
        NULL, understood_subdomain(page)};
    const look_t api_key = {AFP_SETTING_API_KEY, "From step 1.", mask(page, page->tenant.api_key),
                            NULL};
    const look_t secret = {AFP_SETTING_SIGNING_SECRET, "The webhook's signing secret, from step 2.",
                           mask(page, page->tenant.signing_secret), NULL};

    ap_rputs("<fieldset>\n<legend>Pinpoint</legend>\n", page->r);
    write_text_field(page, &subdomain);
    write_secret_field(page, &api_key);
    write_secret_field(page, &secret);
    write_keep_former(page);
    ap_rputs("</fieldset>\n", page->r);
}

static void write_invitation_fields(const afp_page_t *page)
{
    const look_t status = {
        AFP_SETTING_STATUS,
        "Leave it empty if you ticked New application. If you ticked Application stage changed, "
        "enter the stage's exact name, such as Phone Screen.",
        NULL, understood_status(page)};

    ap_rputs("<fieldset>\n<legend>Invitations</legend>\n", page->r);
    write_text_field(page, &status);
    write_locale_field(page);
    ap_rputs("</fieldset>\n", page->r);
}

static void write_assessfirst_fields(const afp_page_t *page)
{
    const look_t token = {AFP_SETTING_ASSESSFIRST_TOKEN,
                          "The token of your AssessFirst account's API.",
                          mask(page, page->tenant.assessfirst_token), NULL};

    if (page->vhost->site->assessfirst_token != NULL) {
        return; /* the site has one for everybody */
    }
    ap_rputs("<fieldset>\n<legend>AssessFirst</legend>\n", page->r);
    write_secret_field(page, &token);
    ap_rputs("</fieldset>\n", page->r);
}

void afp_page_write_settings(const afp_page_t *page)
{
    request_rec *r = page->r;

    ap_rputs("<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">Settings</h2>\n", r);
    afp_page_begin_form(page, "settings");
    write_pinpoint_fields(page);
    write_invitation_fields(page);
    write_assessfirst_fields(page);
    afp_page_write_choices(page);
    ap_rputs("<p><button type=\"submit\" name=\"action\" value=\"" AFP_ACTION_SAVE
             "\" class=\"main\">Save</button></p>\n</form>\n</section>\n",
             r);
}
