#ifndef AFP_WEB_SETTINGS_FORM_H
#define AFP_WEB_SETTINGS_FORM_H

#include "store/tenant.h"
#include "web/config.h"
#include "web/form.h"

/* The settings as a form: what stands in its fields, what is wrong with them, and the way into a
 * tenant. */

typedef enum {
    AFP_FIELD_SUBDOMAIN,
    AFP_FIELD_API_KEY,
    AFP_FIELD_SIGNING_SECRET,
    AFP_FIELD_STATUS,
    AFP_FIELD_LOCALE,
    AFP_FIELD_ASSESSFIRST_TOKEN,
    AFP_FIELDS
} afp_field_t;

typedef struct {
    const char *values[AFP_FIELDS]; /* to show; "" for secrets, which are never shown again */
    afp_settings_fault_t faults[AFP_FIELDS];
    int entered[AFP_FIELDS]; /* a secret was entered and would have to be entered again */
    int keep_former;         /* go on accepting the former signing secret for a day */
    const char *subdomain;   /* what was understood of the field; "" if nothing */
} afp_settings_form_t;

/* A field's name in forms, and the words that stand at it. */
const char *afp_settings_form_name(afp_field_t field);
afp_words_t afp_settings_form_label(afp_field_t field);

/* What is selectable as the default language, ended by a NULL locale. */
typedef struct {
    const char *locale;
    afp_words_t name;
} afp_settings_locale_t;
extern const afp_settings_locale_t afp_settings_form_locales[];

/* The form as it stands before anybody entered something. `tenant` may have no settings yet. */
void afp_settings_form_start(afp_settings_form_t *settings, const afp_tenant_t *tenant);

/* Takes what was entered, checks nothing. */
void afp_settings_form_enter(afp_settings_form_t *settings, const afp_form_t *form);

/* Checks what was entered and, if nothing is wrong, changes `tenant` accordingly: a secret left
 * empty stays. Returns the number of errors. */
int afp_settings_form_apply(afp_settings_form_t *settings, const afp_form_t *form,
                            const afp_vhost_t *vhost, apr_pool_t *pool, apr_time_t now,
                            afp_tenant_t *tenant);

#endif
