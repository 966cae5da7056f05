/* The settings form. */

#include "web/page_parts.h"

#include "core/settings.h"
#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

/* ---- fields ---- */

const char *afp_page_fault(const afp_page_t *page, afp_setting_t field)
{
    const char *domain =
        page->vhost->pinpoint_domain != NULL ? page->vhost->pinpoint_domain : "pinpointhq.com";
    int is_status = field == AFP_SETTING_STATUS;

    switch (page->settings.faults[field]) {
    case AFP_FAULT_NONE:
        break;
    case AFP_FAULT_NO_ADDRESS:
        return afp_say_plain_with(page, AFP_WORDS_FAULT_NO_ADDRESS, domain);
    case AFP_FAULT_IP_ADDRESS:
        return afp_say_plain_with(page, AFP_WORDS_FAULT_IP_ADDRESS, domain);
    case AFP_FAULT_OTHER_DOMAIN:
        return afp_say_plain_with(page, AFP_WORDS_FAULT_OTHER_DOMAIN, domain);
    case AFP_FAULT_EMPTY:
        return afp_say_plain(page, AFP_WORDS_FAULT_EMPTY);
    case AFP_FAULT_TOO_LONG:
        return afp_say_plain_with(
            page, AFP_WORDS_FAULT_TOO_LONG,
            apr_itoa(page->r->pool, is_status ? AFP_STATUS_LIMIT : AFP_SECRET_LIMIT));
    case AFP_FAULT_CHARACTERS:
        return afp_say_plain(page, is_status ? AFP_WORDS_FAULT_STATUS : AFP_WORDS_FAULT_SECRET);
    case AFP_FAULT_NOT_OFFERED:
        return afp_say_plain(page, AFP_WORDS_FAULT_LOCALE);
    }
    return "";
}

/* What stands at a field beside its name. */
typedef struct {
    afp_setting_t field;
    afp_words_t hint;
    const char *stored;     /* a secret, "" if none is stored; NULL for other fields */
    afp_secret_t secret;    /* with it: which one */
    afp_words_t understood; /* how a value was understood, AFP_WORDS_NONE if there is none */
    const char *values[2];  /* with it: what is filled in */
} look_t;

/* What somebody else entered, or what a value was. Secrets are told by their fingerprint. */
static const char *note_of(const afp_page_t *page, const look_t *look)
{
    const char *note = page->settings.notes[look->field];

    if (look->stored != NULL) {
        return afp_say_plain_with(page, AFP_WORDS_FINGERPRINT,
                                  page->secrets[look->secret].fingerprint);
    }
    return *note != '\0' ? note : afp_say_plain(page, AFP_WORDS_EMPTY);
}

/* What somebody else changed. */
static void write_meanwhile(const afp_page_t *page, const look_t *look)
{
    afp_setting_t field = look->field;
    afp_meanwhile_t meanwhile = page->settings.meanwhile[field];
    const char *note;

    if (meanwhile == AFP_MEANWHILE_NOTHING) {
        return;
    }
    note = note_of(page, look);
    afp_html_write(page->r, "<p class=\"note wait\" id=\"%s-note\">",
                   afp_settings_form_name(field));
    afp_page_write_icon(page, AFP_ICON_INFO);
    ap_rputs("<span>", page->r);
    if (meanwhile == AFP_MEANWHILE_THEIRS) {
        afp_say_with(page, AFP_WORDS_CHANGED_BY_OTHERS, note);
    } else {
        afp_say_with(page, AFP_WORDS_CHANGED_BY_BOTH, note);
    }
    ap_rputs("</span></p>\n", page->r);
}

static void write_fault(const afp_page_t *page, afp_setting_t field)
{
    if (page->settings.faults[field] != AFP_FAULT_NONE) {
        afp_html_write(page->r, "<p class=\"error\" id=\"%s-error\">",
                       afp_settings_form_name(field));
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_html_write(page->r, "%s</p>\n",
                       afp_say_plain_with(page, AFP_WORDS_ERROR, afp_page_fault(page, field)));
    }
}

/* 1 if there is something to say of a secret: what is stored, or what became of one that was
 * entered. */
static int has_secret_state(const afp_page_t *page, const look_t *look)
{
    return look->stored != NULL &&
           (*look->stored != '\0' || *page->settings.secrets[look->field] != '\0' ||
            page->settings.dropped[look->field]);
}

static void write_secret_state(const afp_page_t *page, const look_t *look)
{
    request_rec *r = page->r;

    if (!has_secret_state(page, look)) {
        return;
    }
    afp_html_write(r, "<div id=\"%s-stored\">\n", afp_settings_form_name(look->field));
    if (*look->stored != '\0') {
        ap_rputs("<p>", r);
        afp_page_write_secret_note(page, look->secret);
        ap_rputc(' ', r);
        afp_say(page, AFP_WORDS_STORED);
        ap_rputs("</p>\n", r);
    }
    if (*page->settings.secrets[look->field] != '\0') {
        afp_page_write_paragraph(page, AFP_WORDS_KEPT);
    } else if (page->settings.dropped[look->field]) {
        afp_page_write_paragraph(page, AFP_WORDS_ENTER_AGAIN);
    }
    ap_rputs("</div>\n", r);
}

/* The opening of a field up to its control, whose attributes are still open for more. */
static void begin_field(const afp_page_t *page, const look_t *look)
{
    request_rec *r = page->r;
    const char *name = afp_settings_form_name(look->field);

    afp_html_write(r,
                   "<div class=\"field%s%s\">\n<label for=\"%s\">%s</label>\n"
                   "<p class=\"hint\" id=\"%s-hint\">",
                   page->settings.faults[look->field] != AFP_FAULT_NONE ? " wrong" : "",
                   page->settings.meanwhile[look->field] != AFP_MEANWHILE_NOTHING ? " changed" : "",
                   name, afp_say_plain(page, afp_settings_form_label(look->field)), name);
    afp_say(page, look->hint);
    if (look->understood != AFP_WORDS_NONE) {
        ap_rputs(" <strong>", r);
        afp_say_texts(page, look->understood, look->values, 2);
        ap_rputs("</strong>", r);
    }
    ap_rputs("</p>\n", r);
    write_secret_state(page, look);
    write_meanwhile(page, look);
    write_fault(page, look->field);
}

/* The attributes that every control has. */
static void write_attributes(const afp_page_t *page, const look_t *look)
{
    afp_setting_t field = look->field;
    const char *name = afp_settings_form_name(field);

    afp_html_write(page->r, " id=\"%s\" name=\"%s\" aria-describedby=\"%s-hint", name, name, name);
    if (has_secret_state(page, look)) {
        afp_html_write(page->r, " %s-stored", name);
    }
    if (page->settings.meanwhile[field] != AFP_MEANWHILE_NOTHING) {
        afp_html_write(page->r, " %s-note", name);
    }
    if (field == AFP_SETTING_STATUS && afp_page_has_stage_note(page)) {
        afp_html_write(page->r, " %s", AFP_STAGE_NOTE);
    }
    if (page->settings.faults[field] != AFP_FAULT_NONE) {
        afp_html_write(page->r, " %s-error\" aria-invalid=\"true\"", name);
    } else {
        ap_rputs("\"", page->r);
    }
}

static void write_text_value(const afp_page_t *page, afp_setting_t field)
{
    afp_html_write_value(page->r, page->settings.values[field]);
    ap_rputs(" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" size=\"40\" "
             "maxlength=\"255\">\n",
             page->r);
}

static void write_text_field(const afp_page_t *page, const look_t *look)
{
    begin_field(page, look);
    ap_rputs("<input type=\"text\"", page->r);
    write_attributes(page, look);
    write_text_value(page, look->field);
    ap_rputs("</div>\n", page->r);
}

/* The stages that exist are suggested; any other name may be entered as well. */
static void write_status_field(const afp_page_t *page, const look_t *look)
{
    const apr_array_header_t *names = page->found.stage_names;
    request_rec *r = page->r;

    begin_field(page, look);
    ap_rputs(names->nelts > 0 ? "<input type=\"text\" list=\"stages\"" : "<input type=\"text\"", r);
    write_attributes(page, look);
    write_text_value(page, look->field);
    if (names->nelts > 0) {
        ap_rputs("<datalist id=\"stages\">\n", r);
        for (int i = 0; i < names->nelts; i++) {
            ap_rputs("<option", r);
            afp_html_write_value(r, APR_ARRAY_IDX(names, i, const char *));
            ap_rputs(">\n", r);
        }
        ap_rputs("</datalist>\n", r);
    }
    afp_page_write_stage_note(page);
    ap_rputs("</div>\n", r);
}

static void write_secret_field(const afp_page_t *page, const look_t *look)
{
    begin_field(page, look);
    ap_rputs("<input type=\"password\"", page->r);
    write_attributes(page, look);
    ap_rputs(" value=\"\" size=\"40\" autocomplete=\"new-password\">\n</div>\n", page->r);
}

static void write_locale_field(const afp_page_t *page)
{
    static const look_t look = {.field = AFP_SETTING_LOCALE, .hint = AFP_WORDS_HINT_LOCALE};
    request_rec *r = page->r;
    const char *chosen = page->settings.values[AFP_SETTING_LOCALE];

    begin_field(page, &look);
    ap_rputs("<select", r);
    write_attributes(page, &look);
    ap_rputs(">\n", r);
    for (const afp_settings_locale_t *offered = afp_settings_form_locales; offered->locale != NULL;
         offered++) {
        afp_html_write(r, "<option value=\"%s\"%s>%s (%s)</option>\n", offered->locale,
                       strcmp(offered->locale, chosen) == 0 ? " selected" : "",
                       afp_say_plain(page, offered->name), offered->locale);
    }
    ap_rputs("</select>\n</div>\n", r);
}

static afp_words_t understood_subdomain(const afp_page_t *page)
{
    if (*page->settings.subdomain == '\0') {
        return AFP_WORDS_NONE;
    }
    return page->vhost->pinpoint_domain != NULL ? AFP_WORDS_UNDERSTOOD_AS
                                                : AFP_WORDS_UNDERSTOOD_TENANT;
}

static afp_words_t understood_status(const afp_page_t *page)
{
    if (!afp_page_has_settings(page)) {
        return AFP_WORDS_NONE;
    }
    return *page->tenant.status == '\0' ? AFP_WORDS_NOW_NEW_APPLICATION : AFP_WORDS_NOW_STAGE;
}

/* Offered only where there is a secret to replace. */
static void write_keep_former(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (*page->tenant.signing_secret == '\0') {
        return;
    }
    afp_html_write(
        r,
        "<p class=\"choice\"><input type=\"checkbox\" id=\"keep_former\" "
        "name=\"keep_former\" value=\"yes\"%s> <label for=\"keep_former\">%s</label></p>\n",
        page->settings.keep_former ? " checked" : "", afp_say_plain(page, AFP_WORDS_KEEP_FORMER));
    if (*page->tenant.former_secret != '\0') {
        afp_page_write_paragraph(page, AFP_WORDS_FORMER_THERE);
    }
}

/* ---- the form ---- */

static void begin_fieldset(const afp_page_t *page, afp_words_t legend)
{
    afp_html_write(page->r, "<fieldset>\n<legend>%s</legend>\n", afp_say_plain(page, legend));
}

static void write_pinpoint_fields(const afp_page_t *page)
{
    const look_t subdomain = {.field = AFP_SETTING_SUBDOMAIN,
                              .hint = AFP_WORDS_HINT_SUBDOMAIN,
                              .understood = understood_subdomain(page),
                              .values = {page->settings.subdomain, page->vhost->pinpoint_domain}};
    const look_t api_key = {.field = AFP_SETTING_API_KEY,
                            .hint = AFP_WORDS_HINT_API_KEY,
                            .stored = page->tenant.api_key,
                            .secret = AFP_SECRET_API_KEY};
    const look_t secret = {.field = AFP_SETTING_SIGNING_SECRET,
                           .hint = AFP_WORDS_HINT_SIGNING_SECRET,
                           .stored = page->tenant.signing_secret,
                           .secret = AFP_SECRET_SIGNING};

    begin_fieldset(page, AFP_WORDS_LEGEND_PINPOINT);
    write_text_field(page, &subdomain);
    write_secret_field(page, &api_key);
    write_secret_field(page, &secret);
    write_keep_former(page);
    ap_rputs("</fieldset>\n", page->r);
}

static void write_invitation_fields(const afp_page_t *page)
{
    const look_t status = {.field = AFP_SETTING_STATUS,
                           .hint = AFP_WORDS_HINT_STATUS,
                           .understood = understood_status(page),
                           .values = {page->tenant.status}};

    begin_fieldset(page, AFP_WORDS_LEGEND_INVITATIONS);
    write_status_field(page, &status);
    write_locale_field(page);
    ap_rputs("</fieldset>\n", page->r);
}

static void write_assessfirst_fields(const afp_page_t *page)
{
    const look_t token = {.field = AFP_SETTING_ASSESSFIRST_TOKEN,
                          .hint = AFP_WORDS_HINT_ASSESSFIRST_TOKEN,
                          .stored = page->tenant.assessfirst_token,
                          .secret = AFP_SECRET_ASSESSFIRST_TOKEN};

    if (page->vhost->site->assessfirst_token != NULL) {
        return; /* the site has one for everybody */
    }
    begin_fieldset(page, AFP_WORDS_LEGEND_ASSESSFIRST);
    write_secret_field(page, &token);
    ap_rputs("</fieldset>\n", page->r);
}

static void write_memory(const afp_page_t *page, const char *name, const char *value)
{
    if (*value != '\0') {
        afp_html_write(page->r, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n", name, value);
    }
}

void afp_page_write_settings(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_page_begin_section(page, "settings", AFP_WORDS_SETTINGS_FORM);
    afp_page_begin_form(page, "settings");
    write_memory(page, AFP_SETTINGS_SEEN, afp_settings_seen(page->vhost, &page->tenant, r->pool));
    write_memory(page, AFP_SETTINGS_KEPT,
                 afp_settings_kept(&page->settings, page->vhost, &page->tenant, r->pool));
    write_pinpoint_fields(page);
    write_invitation_fields(page);
    write_assessfirst_fields(page);
    afp_page_write_choices(page);
    afp_html_write(r,
                   "<div class=\"actions\">\n<button type=\"submit\" name=\"action\" "
                   "value=\"" AFP_ACTION_SAVE "\" class=\"main\">%s</button>\n",
                   afp_say_plain(page, AFP_WORDS_SAVE));
    if (page->tenant.state == AFP_TENANT_CREATED) {
        afp_html_write(r,
                       "<button type=\"submit\" name=\"action\" "
                       "value=\"" AFP_ACTION_SAVE_DRAFT "\">%s</button>\n",
                       afp_say_plain(page, AFP_WORDS_SAVE_DRAFT));
    }
    ap_rputs("</div>\n</form>\n</section>\n", r);
}
