#ifndef AFP_WEB_SETTINGS_FORM_H
#define AFP_WEB_SETTINGS_FORM_H

#include "store/tenant.h"
#include "web/config.h"
#include "web/form.h"

/* The settings as a form: what stands in its fields, what is wrong with them, and the way into a
 * tenant. */

typedef enum {
    AFP_SETTING_SUBDOMAIN,
    AFP_SETTING_API_KEY,
    AFP_SETTING_SIGNING_SECRET,
    AFP_SETTING_STATUS,
    AFP_SETTING_LOCALE,
    AFP_SETTING_ASSESSFIRST_TOKEN,
    AFP_SETTINGS
} afp_setting_t;

typedef struct {
    const char *values[AFP_SETTINGS]; /* to show; "" for secrets, which are never shown again */
    afp_settings_fault_t faults[AFP_SETTINGS];
    int entered[AFP_SETTINGS]; /* a secret was entered and would have to be entered again */
    unsigned int choices;      /* what is written to profiles: core/profile.h */
    int keep_former;           /* go on accepting the former signing secret for a day */
    const char *subdomain;     /* what was understood of the field; "" if nothing */
} afp_settings_form_t;

/* A field's name in forms, and the words that stand at it. */
const char *afp_settings_form_name(afp_setting_t field);
afp_words_t afp_settings_form_label(afp_setting_t field);

/* The name in forms of a choice of core/profile.h: a field's number, or AFP_PROFILE_FIELDS for the
 * comment. */
const char *afp_settings_form_choice(apr_pool_t *pool, int choice);

/* What is selectable as the default language, ended by a NULL locale. */
typedef struct {
    const char *locale;
    afp_words_t name;
} afp_settings_locale_t;
extern const afp_settings_locale_t afp_settings_form_locales[];

/* The form as it stands before anybody entered something. `tenant` may have no settings yet. */
void afp_settings_form_start(afp_settings_form_t *settings, const afp_tenant_t *tenant);

/* Takes what was entered, checks nothing. */
void afp_settings_form_enter(afp_settings_form_t *settings, const afp_form_t *form,
                             apr_pool_t *pool);

/* Checks what was entered and, if nothing is wrong, changes `tenant` accordingly: a secret left
 * empty stays. Returns the number of errors. */
int afp_settings_form_apply(afp_settings_form_t *settings, const afp_form_t *form,
                            const afp_vhost_t *vhost, apr_pool_t *pool, apr_time_t now,
                            afp_tenant_t *tenant);

#endif
