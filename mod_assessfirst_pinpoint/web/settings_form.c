#include "web/settings_form.h"

#include "core/profile.h"
#include "core/settings.h"

#include <apr_strings.h>
#include <string.h>

/* Pinpoint tries a delivery again for 24 hours, signed with the secret of its first try. */
#define FORMER_SECRET_TIME apr_time_from_sec(24 * 3600)

#define KEEP_FORMER "keep_former"

static const struct {
    const char *name;
    const char *label;
    int is_secret;
} fields[AFP_SETTINGS] = {
    [AFP_SETTING_SUBDOMAIN] = {"subdomain", "Tenant ID and subdomain", 0},
    [AFP_SETTING_API_KEY] = {"api_key", "API key", 1},
    [AFP_SETTING_SIGNING_SECRET] = {"signing_secret", "Webhook secret signature", 1},
    [AFP_SETTING_STATUS] = {"status", "Status", 0},
    [AFP_SETTING_LOCALE] = {"locale", "Language of invitations", 0},
    [AFP_SETTING_ASSESSFIRST_TOKEN] = {"assessfirst_token", "AssessFirst API token", 1},
};

const char *const afp_settings_form_locales[] = {
    "de-DE", "German",
    "en-US", "English",
    "es-ES", "Spanish",
    "fr-FR", "French",
    "pt-PT", "Portuguese (Portugal)",
    "pt-BR", "Portuguese (Brazil)",
    NULL,
};

const char *afp_settings_form_name(afp_setting_t field)
{
    return fields[field].name;
}

const char *afp_settings_form_label(afp_setting_t field)
{
    return fields[field].label;
}

const char *afp_settings_form_choice(apr_pool_t *pool, int choice)
{
    return apr_pstrcat(pool, "write_",
                       choice < AFP_PROFILE_FIELDS ? afp_profile[choice].choice : "comment", NULL);
}

void afp_settings_form_start(afp_settings_form_t *settings, const afp_tenant_t *tenant)
{
    memset(settings, 0, sizeof(*settings));
    for (int i = 0; i < AFP_SETTINGS; i++) {
        settings->values[i] = "";
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
                             apr_pool_t *pool)
{
    for (int i = 0; i < AFP_SETTINGS; i++) {
        const char *value = afp_form_value(form, fields[i].name);

        settings->values[i] = fields[i].is_secret ? "" : value;
        settings->entered[i] = fields[i].is_secret && *value != '\0';
        settings->errors[i] = NULL;
    }
    settings->subdomain = "";
    settings->choices = choices_of(form, pool);
    settings->keep_former = *afp_form_value(form, KEEP_FORMER) != '\0';
}

/* The secret that holds after this form: the entered one, or with an empty field the stored one. */
static const char *secret_of(afp_settings_form_t *settings, const afp_form_t *form,
                             apr_pool_t *pool, afp_setting_t field, const char *stored)
{
    const char *entered = afp_form_value(form, fields[field].name);
    const char *secret;

    if (*entered == '\0' && *stored != '\0') {
        return stored;
    }
    secret = afp_settings_secret(pool, entered, &settings->errors[field]);
    return secret != NULL ? secret : "";
}

/* The offered locale that was chosen, or NULL. */
static const char *locale_of(const char *entered)
{
    for (int i = 0; afp_settings_form_locales[i] != NULL; i += 2) {
        if (strcmp(afp_settings_form_locales[i], entered) == 0) {
            return afp_settings_form_locales[i];
        }
    }
    return NULL;
}

static void replace_signing_secret(afp_tenant_t *tenant, const char *secret, int keep_former,
                                   apr_time_t now)
{
    int kept = keep_former && *tenant->signing_secret != '\0';

    if (strcmp(tenant->signing_secret, secret) == 0) {
        return;
    }
    apr_cpystrn(tenant->former_secret, kept ? tenant->signing_secret : "",
                sizeof(tenant->former_secret));
    tenant->former_until = kept ? now + FORMER_SECRET_TIME : 0;
    apr_cpystrn(tenant->signing_secret, secret, sizeof(tenant->signing_secret));
}

static int count_errors(const afp_settings_form_t *settings)
{
    int count = 0;

    for (int i = 0; i < AFP_SETTINGS; i++) {
        count += settings->errors[i] != NULL;
    }
    return count;
}

int afp_settings_form_apply(afp_settings_form_t *settings, const afp_form_t *form,
                            const afp_vhost_t *vhost, apr_pool_t *pool, apr_time_t now,
                            afp_tenant_t *tenant)
{
    int has_site_token = vhost->site->assessfirst_token != NULL;
    const char *subdomain =
        afp_settings_subdomain(pool, settings->values[AFP_SETTING_SUBDOMAIN],
                               vhost->pinpoint_domain, &settings->errors[AFP_SETTING_SUBDOMAIN]);
    const char *status = afp_settings_status(pool, settings->values[AFP_SETTING_STATUS],
                                             &settings->errors[AFP_SETTING_STATUS]);
    const char *locale = locale_of(settings->values[AFP_SETTING_LOCALE]);
    const char *api_key = secret_of(settings, form, pool, AFP_SETTING_API_KEY, tenant->api_key);
    const char *signing_secret =
        secret_of(settings, form, pool, AFP_SETTING_SIGNING_SECRET, tenant->signing_secret);
    const char *token = has_site_token
                            ? tenant->assessfirst_token
                            : secret_of(settings, form, pool, AFP_SETTING_ASSESSFIRST_TOKEN,
                                        tenant->assessfirst_token);
    int errors;

    if (locale == NULL) {
        settings->errors[AFP_SETTING_LOCALE] = "Choose one of the languages.";
    }
    settings->subdomain = subdomain != NULL ? subdomain : "";
    errors = count_errors(settings);
    if (errors > 0) {
        return errors;
    }
    apr_cpystrn(tenant->subdomain, subdomain, sizeof(tenant->subdomain));
    apr_cpystrn(tenant->status, status, sizeof(tenant->status));
    apr_cpystrn(tenant->locale, locale, sizeof(tenant->locale));
    tenant->choices = settings->choices;
    replace_signing_secret(tenant, signing_secret, settings->keep_former, now);
    if (api_key != tenant->api_key) {
        apr_cpystrn(tenant->api_key, api_key, sizeof(tenant->api_key));
    }
    if (token != tenant->assessfirst_token) {
        apr_cpystrn(tenant->assessfirst_token, token, sizeof(tenant->assessfirst_token));
    }
    if (tenant->state == AFP_TENANT_CREATED) {
        tenant->state = AFP_TENANT_CONNECTED;
    }
    return 0;
}
