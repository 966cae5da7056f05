#ifndef AFP_WEB_SETTINGS_FORM_H
#define AFP_WEB_SETTINGS_FORM_H

#include "store/tenant.h"
#include "web/config.h"
#include "web/form.h"

/* The settings as a form: what stands in its fields, what is wrong with them, what somebody else
 * changed meanwhile, and the way into a tenant. */

typedef enum {
    AFP_SETTING_SUBDOMAIN,
    AFP_SETTING_API_KEY,
    AFP_SETTING_SIGNING_SECRET,
    AFP_SETTING_STATUS,
    AFP_SETTING_LOCALE,
    AFP_SETTING_ASSESSFIRST_TOKEN,
    AFP_SETTINGS
} afp_setting_t;

/* What became of a setting between two views of the form. */
typedef enum {
    AFP_MEANWHILE_NOTHING,
    AFP_MEANWHILE_THEIRS, /* somebody else changed it, this administrator did not: the field shows
                           * theirs, the note what it was */
    AFP_MEANWHILE_BOTH    /* both did: the field shows this administrator's, the note theirs */
} afp_meanwhile_t;

typedef struct {
    const char *values[AFP_SETTINGS];  /* to show; "" for secrets, which are never shown again */
    const char *secrets[AFP_SETTINGS]; /* as they were entered; "" elsewhere. Never on the page */
    int dropped[AFP_SETTINGS];         /* a secret was entered, and has to be entered once more */
    afp_settings_fault_t faults[AFP_SETTINGS];
    afp_meanwhile_t meanwhile[AFP_SETTINGS];
    const char *notes[AFP_SETTINGS]; /* with it: a value; nothing of secrets */
    unsigned int choices;            /* what is written to profiles: core/profile.h */
    afp_meanwhile_t choices_meanwhile;
    unsigned int choices_note;
    int keep_former;       /* go on accepting the former signing secret */
    const char *subdomain; /* what was understood of the field; "" if nothing */
} afp_settings_form_t;

/* A field's name in forms, the words that stand at it, and whether it is a secret. */
const char *afp_settings_form_name(afp_setting_t field);
afp_words_t afp_settings_form_label(afp_setting_t field);
int afp_settings_form_is_secret(afp_setting_t field);

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

/* Takes what was entered, checks nothing. `tenant` is the one that the page is about. */
void afp_settings_form_enter(afp_settings_form_t *settings, const afp_form_t *form,
                             const afp_vhost_t *vhost, const afp_tenant_t *tenant,
                             apr_pool_t *pool);

/* Forgets the secrets that were entered: they have to be entered once more. */
void afp_settings_form_drop_secrets(afp_settings_form_t *settings);

/* Checks what was entered and, if nothing is wrong, changes `tenant` accordingly: a secret left
 * empty stays. A draft may leave settings out, and does not connect. Returns the number of faults.
 */
int afp_settings_form_apply(afp_settings_form_t *settings, const afp_vhost_t *vhost,
                            apr_pool_t *pool, int is_draft, afp_tenant_t *tenant);

/* ---- what the form remembers: web/settings_memory.c ---- */

/* Two hidden fields. Both are sealed for the tenant, since they hold its secrets. */
#define AFP_SETTINGS_SEEN "seen" /* the settings as they were when the form was made */
#define AFP_SETTINGS_KEPT "kept" /* secrets that were entered and not saved */

/* The values of these fields, "" if there is nothing to remember (or OpenSSL fails). */
const char *afp_settings_seen(const afp_vhost_t *vhost, const afp_tenant_t *tenant,
                              apr_pool_t *pool);
const char *afp_settings_kept(const afp_settings_form_t *settings, const afp_vhost_t *vhost,
                              const afp_tenant_t *tenant, apr_pool_t *pool);

/* Fills `secrets` with what a form remembers of them; "" where that is nothing. */
void afp_settings_recall(const afp_form_t *form, const afp_vhost_t *vhost,
                         const afp_tenant_t *tenant, apr_pool_t *pool,
                         const char *secrets[AFP_SETTINGS]);

/* Compares what the form's maker saw with what is stored now, and with what was entered: the number
 * of settings that somebody else changed meanwhile and that saving would change back. They are
 * marked in `settings`, and their fields hold what saving once more would store. A form that does
 * not tell what its maker saw counts as if all had been something else. */
int afp_settings_compare(afp_settings_form_t *settings, const afp_form_t *form,
                         const afp_vhost_t *vhost, const afp_tenant_t *tenant, apr_pool_t *pool);

#endif
