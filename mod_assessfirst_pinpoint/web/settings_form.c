#include "web/settings_form.h"

#include "core/profile.h"
#include "core/settings.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define KEEP_FORMER "keep_former"

static const struct {
    const char *name;
    afp_words_t label;
    int is_secret;
} fields[AFP_SETTINGS] = {
    [AFP_SETTING_SUBDOMAIN] = {"subdomain", AFP_WORDS_LABEL_SUBDOMAIN, 0},
    [AFP_SETTING_API_KEY] = {"api_key", AFP_WORDS_LABEL_API_KEY, 1},
    [AFP_SETTING_SIGNING_SECRET] = {"signing_secret", AFP_WORDS_LABEL_SIGNING_SECRET, 1},
    [AFP_SETTING_STATUS] = {"status", AFP_WORDS_LABEL_STATUS, 0},
    [AFP_SETTING_LOCALE] = {"locale", AFP_WORDS_LABEL_LOCALE, 0},
    [AFP_SETTING_ASSESSFIRST_TOKEN] = {"assessfirst_token", AFP_WORDS_LABEL_ASSESSFIRST_TOKEN, 1},
};

const afp_settings_locale_t afp_settings_form_locales[] = {
    {"de-DE", AFP_WORDS_LOCALE_DE}, {"en-US", AFP_WORDS_LOCALE_EN},
    {"es-ES", AFP_WORDS_LOCALE_ES}, {"fr-FR", AFP_WORDS_LOCALE_FR},
    {"pt-PT", AFP_WORDS_LOCALE_PT}, {"pt-BR", AFP_WORDS_LOCALE_PT_BR},
    {NULL, AFP_WORDS_NONE},
};

const char *afp_settings_form_name(afp_setting_t field)
{
    return fields[field].name;
}

afp_words_t afp_settings_form_label(afp_setting_t field)
{
    return fields[field].label;
}

const char *afp_settings_form_choice(apr_pool_t *pool, int choice)
{
    return apr_pstrcat(pool, "write_",
                       choice < AFP_PROFILE_FIELDS ? afp_profile[choice].choice : "comment", NULL);
}

int afp_settings_form_is_secret(afp_setting_t field)
{
    return fields[field].is_secret;
}

void afp_settings_form_start(afp_settings_form_t *settings, const afp_tenant_t *tenant)
{
    memset(settings, 0, sizeof(*settings));
    for (int i = 0; i < AFP_SETTINGS; i++) {
        settings->values[i] = "";
        settings->secrets[i] = "";
    }
    settings->values[AFP_SETTING_SUBDOMAIN] = tenant->subdomain;
    settings->values[AFP_SETTING_STATUS] = tenant->status;
    settings->values[AFP_SETTING_LOCALE] = tenant->locale;
    settings->subdomain = tenant->subdomain;
    settings->choices = tenant->choices;
    settings->keep_former = 1;
}

static unsigned int choices_of(const afp_form_t *form, apr_pool_t *pool)
{
    unsigned int choices = 0;

    for (int i = 0; i <= AFP_PROFILE_FIELDS; i++) {
        if (*afp_form_value(form, afp_settings_form_choice(pool, i)) != '\0') {
            choices |= 1u << i;
        }
    }
    return choices;
}

void afp_settings_form_enter(afp_settings_form_t *settings, const afp_form_t *form,
                             const afp_vhost_t *vhost, const afp_tenant_t *tenant, apr_pool_t *pool)
{
    afp_settings_recall(form, vhost, tenant, pool, settings->secrets);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        const char *value = afp_form_value(form, fields[i].name);

        settings->values[i] = fields[i].is_secret ? "" : value;
        if (fields[i].is_secret && *value != '\0') {
            settings->secrets[i] = value;
        }
        settings->faults[i] = AFP_FAULT_NONE;
    }
    settings->subdomain = "";
    settings->choices = choices_of(form, pool);
    settings->keep_former = *afp_form_value(form, KEEP_FORMER) != '\0';
}

void afp_settings_form_drop_secrets(afp_settings_form_t *settings)
{
    for (int i = 0; i < AFP_SETTINGS; i++) {
        settings->dropped[i] = *settings->secrets[i] != '\0';
        settings->secrets[i] = "";
    }
}

/* ---- into a tenant ---- */

/* The secret that holds after this form: the entered one, or with an empty field the stored one. */
static const char *secret_of(afp_settings_form_t *settings, apr_pool_t *pool, afp_setting_t field,
                             int is_draft, const char *stored)
{
    const char *entered = settings->secrets[field];
    const char *secret;

    if (*entered == '\0' && (*stored != '\0' || is_draft)) {
        return stored;
    }
    secret = afp_settings_secret(pool, entered, &settings->faults[field]);
    if (secret == NULL) {
        settings->dropped[field] = *entered != '\0';
        settings->secrets[field] = ""; /* not worth keeping */
        secret = "";
    }
    return secret;
}

static const char *subdomain_of(afp_settings_form_t *settings, const afp_vhost_t *vhost,
                                apr_pool_t *pool, int is_draft)
{
    const char *entered = settings->values[AFP_SETTING_SUBDOMAIN];
    const char *subdomain;

    if (is_draft && *afp_text_trim(pool, entered) == '\0') {
        return "";
    }
    subdomain = afp_settings_subdomain(pool, entered, vhost->pinpoint_domain,
                                       &settings->faults[AFP_SETTING_SUBDOMAIN]);
    return subdomain != NULL ? subdomain : "";
}

/* The offered locale that was chosen, or NULL. */
static const char *locale_of(const char *entered)
{
    for (const afp_settings_locale_t *offered = afp_settings_form_locales; offered->locale != NULL;
         offered++) {
        if (strcmp(offered->locale, entered) == 0) {
            return offered->locale;
        }
    }
    return NULL;
}

/* The former one is accepted until it is removed: Pinpoint tries a delivery again for 24 hours,
 * signed with the secret of its first try, and a company may have two webhooks. */
static void replace_signing_secret(afp_tenant_t *tenant, const char *secret, int keep_former)
{
    int kept = keep_former && *tenant->signing_secret != '\0';

    if (strcmp(tenant->signing_secret, secret) == 0) {
        return;
    }
    apr_cpystrn(tenant->former_secret, kept ? tenant->signing_secret : "",
                sizeof(tenant->former_secret));
    tenant->former_until = 0;
    apr_cpystrn(tenant->signing_secret, secret, sizeof(tenant->signing_secret));
}

static int count_faults(const afp_settings_form_t *settings)
{
    int count = 0;

    for (int i = 0; i < AFP_SETTINGS; i++) {
        count += settings->faults[i] != AFP_FAULT_NONE;
    }
    return count;
}

/* What may have come out of the tenant itself is not copied onto itself. */
static void set_secret(char *stored, size_t size, const char *secret)
{
    if (secret != stored) {
        apr_cpystrn(stored, secret, size);
    }
}

int afp_settings_form_apply(afp_settings_form_t *settings, const afp_vhost_t *vhost,
                            apr_pool_t *pool, int is_draft, afp_tenant_t *tenant)
{
    int has_site_token = vhost->site->assessfirst_token != NULL;
    const char *subdomain = subdomain_of(settings, vhost, pool, is_draft);
    const char *status = afp_settings_status(pool, settings->values[AFP_SETTING_STATUS],
                                             &settings->faults[AFP_SETTING_STATUS]);
    const char *locale = locale_of(settings->values[AFP_SETTING_LOCALE]);
    const char *api_key = secret_of(settings, pool, AFP_SETTING_API_KEY, is_draft, tenant->api_key);
    const char *signing_secret =
        secret_of(settings, pool, AFP_SETTING_SIGNING_SECRET, is_draft, tenant->signing_secret);
    const char *token = has_site_token ? tenant->assessfirst_token
                                       : secret_of(settings, pool, AFP_SETTING_ASSESSFIRST_TOKEN,
                                                   is_draft, tenant->assessfirst_token);
    int faults;

    if (locale == NULL) {
        settings->faults[AFP_SETTING_LOCALE] = AFP_FAULT_NOT_OFFERED;
    }
    settings->subdomain = subdomain;
    faults = count_faults(settings);
    if (faults > 0) {
        return faults;
    }
    apr_cpystrn(tenant->subdomain, subdomain, sizeof(tenant->subdomain));
    apr_cpystrn(tenant->status, status, sizeof(tenant->status));
    apr_cpystrn(tenant->locale, locale, sizeof(tenant->locale));
    tenant->choices = settings->choices;
    replace_signing_secret(tenant, signing_secret, settings->keep_former);
    set_secret(tenant->api_key, sizeof(tenant->api_key), api_key);
    set_secret(tenant->assessfirst_token, sizeof(tenant->assessfirst_token), token);
    if (tenant->state == AFP_TENANT_CREATED && !is_draft) {
        tenant->state = AFP_TENANT_CONNECTED;
    }
    return 0;
}
