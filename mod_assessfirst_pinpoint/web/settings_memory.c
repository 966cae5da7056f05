/* What the settings form remembers between two views, so that two administrators who save at the
 * same time lose nothing, and nobody enters a secret twice. */

#include "web/settings_form.h"

#include "core/settings.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

/* Stand where a sealed column has its name. */
#define PURPOSE_SEEN "page-settings-seen"
#define PURPOSE_KEPT "page-settings-kept"

#define VALUES (AFP_SETTINGS + 1) /* the choices as well, as a number */

static const char *choices_text(apr_pool_t *pool, unsigned int choices)
{
    return apr_psprintf(pool, "%u", choices);
}

static void stored_values(const afp_tenant_t *tenant, apr_pool_t *pool, const char *values[VALUES])
{
    values[AFP_SETTING_SUBDOMAIN] = tenant->subdomain;
    values[AFP_SETTING_API_KEY] = tenant->api_key;
    values[AFP_SETTING_SIGNING_SECRET] = tenant->signing_secret;
    values[AFP_SETTING_STATUS] = tenant->status;
    values[AFP_SETTING_LOCALE] = tenant->locale;
    values[AFP_SETTING_ASSESSFIRST_TOKEN] = tenant->assessfirst_token;
    values[AFP_SETTINGS] = choices_text(pool, tenant->choices);
}

/* One value a line: none of them holds a line break. */
static const char *seal_values(const afp_vhost_t *vhost, const afp_tenant_t *tenant,
                               apr_pool_t *pool, const char *const *values, int count,
                               const char *purpose)
{
    const char *lines = "";
    const char *sealed;

    for (int i = 0; i < count; i++) {
        lines = apr_pstrcat(pool, lines, values[i], "\n", NULL);
    }
    sealed = afp_seal(vhost->site->place.keyring, pool, lines, vhost->site->name,
                      tenant->company_uuid, purpose);
    return sealed != NULL ? sealed : "";
}

/* 1 and the values if `sealed` was made so for this tenant, otherwise 0. */
static int open_values(const afp_vhost_t *vhost, const afp_tenant_t *tenant, apr_pool_t *pool,
                       const char *sealed, const char **values, int count, const char *purpose)
{
    const char *lines;

    if (*sealed == '\0' ||
        afp_seal_open(vhost->site->place.keyring, pool, sealed, vhost->site->name,
                      tenant->company_uuid, purpose, &lines) != APR_SUCCESS) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        const char *end = strchr(lines, '\n');

        if (end == NULL) {
            return 0;
        }
        values[i] = apr_pstrmemdup(pool, lines, (apr_size_t)(end - lines));
        lines = end + 1;
    }
    return 1;
}

const char *afp_settings_seen(const afp_vhost_t *vhost, const afp_tenant_t *tenant,
                              apr_pool_t *pool)
{
    const char *values[VALUES];

    stored_values(tenant, pool, values);
    return seal_values(vhost, tenant, pool, values, VALUES, PURPOSE_SEEN);
}

const char *afp_settings_kept(const afp_settings_form_t *settings, const afp_vhost_t *vhost,
                              const afp_tenant_t *tenant, apr_pool_t *pool)
{
    int count = 0;

    for (int i = 0; i < AFP_SETTINGS; i++) {
        count += *settings->secrets[i] != '\0';
    }
    return count > 0
               ? seal_values(vhost, tenant, pool, settings->secrets, AFP_SETTINGS, PURPOSE_KEPT)
               : "";
}

void afp_settings_recall(const afp_form_t *form, const afp_vhost_t *vhost,
                         const afp_tenant_t *tenant, apr_pool_t *pool,
                         const char *secrets[AFP_SETTINGS])
{
    if (!open_values(vhost, tenant, pool, afp_form_value(form, AFP_SETTINGS_KEPT), secrets,
                     AFP_SETTINGS, PURPOSE_KEPT)) {
        for (int i = 0; i < AFP_SETTINGS; i++) {
            secrets[i] = "";
        }
    }
}

/* ---- what somebody else changed ---- */

/* `seen`, `stored` and `entered` are one setting's values; `seen` is NULL if it is not known. */
static afp_meanwhile_t meanwhile(const char *seen, const char *stored, const char *entered)
{
    if (strcmp(entered, stored) == 0 || (seen != NULL && strcmp(seen, stored) == 0)) {
        return AFP_MEANWHILE_NOTHING;
    }
    return seen != NULL && strcmp(entered, seen) == 0 ? AFP_MEANWHILE_THEIRS : AFP_MEANWHILE_BOTH;
}

static int compare_text(afp_settings_form_t *settings, afp_setting_t field, const char *seen,
                        const char *stored, apr_pool_t *pool)
{
    const char *entered = afp_text_trim(pool, settings->values[field]);

    settings->meanwhile[field] = meanwhile(seen, stored, entered);
    switch (settings->meanwhile[field]) {
    case AFP_MEANWHILE_NOTHING:
        return 0;
    case AFP_MEANWHILE_THEIRS:
        settings->notes[field] = seen;
        settings->values[field] = stored;
        return 1;
    case AFP_MEANWHILE_BOTH:
        break;
    }
    settings->notes[field] = stored;
    return 1;
}

/* A secret that was left empty stays what it is by now: nothing is lost. */
static int compare_secret(afp_settings_form_t *settings, afp_setting_t field, const char *seen,
                          const char *stored)
{
    const char *entered = settings->secrets[field];

    if (*entered == '\0' || *stored == '\0' ||
        meanwhile(seen, stored, entered) == AFP_MEANWHILE_NOTHING) {
        return 0;
    }
    settings->meanwhile[field] = AFP_MEANWHILE_BOTH;
    return 1;
}

static int compare_choices(afp_settings_form_t *settings, const char *seen,
                           const afp_tenant_t *tenant, apr_pool_t *pool)
{
    settings->choices_meanwhile =
        meanwhile(seen, choices_text(pool, tenant->choices), choices_text(pool, settings->choices));
    settings->choices_note = tenant->choices;
    if (settings->choices_meanwhile == AFP_MEANWHILE_THEIRS) {
        settings->choices_note = settings->choices;
        settings->choices = tenant->choices;
    }
    return settings->choices_meanwhile != AFP_MEANWHILE_NOTHING;
}

int afp_settings_compare(afp_settings_form_t *settings, const afp_form_t *form,
                         const afp_vhost_t *vhost, const afp_tenant_t *tenant, apr_pool_t *pool)
{
    const char *seen[VALUES] = {NULL};
    const char *stored[VALUES];
    int is_known = open_values(vhost, tenant, pool, afp_form_value(form, AFP_SETTINGS_SEEN), seen,
                               VALUES, PURPOSE_SEEN);
    int count;

    stored_values(tenant, pool, stored);
    count = compare_choices(settings, is_known ? seen[AFP_SETTINGS] : NULL, tenant, pool);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        afp_setting_t field = (afp_setting_t)i;
        const char *former = is_known ? seen[i] : NULL;

        count += afp_settings_form_is_secret(field)
                     ? compare_secret(settings, field, former, stored[i])
                     : compare_text(settings, field, former, stored[i], pool);
    }
    return count;
}
