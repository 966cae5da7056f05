#include "core/profile.h"
#include "store/audit.h"
#include "store/secret.h"
#include "store/tenant_parts.h"

#include <apr_strings.h>
#include <stddef.h>
#include <string.h>

/* What a change of settings did, for the audit trail. */

typedef struct {
    const char *name;
    size_t offset; /* of its text in afp_tenant_t */
} setting_t;

static const setting_t texts[] = {
    {"subdomain", offsetof(afp_tenant_t, subdomain)},
    {"status", offsetof(afp_tenant_t, status)},
    {"locale", offsetof(afp_tenant_t, locale)},
};

static const setting_t secrets[] = {
    {"api_key", offsetof(afp_tenant_t, api_key)},
    {"signing_secret", offsetof(afp_tenant_t, signing_secret)},
    {"former_secret", offsetof(afp_tenant_t, former_secret)},
    {"assessfirst_token", offsetof(afp_tenant_t, assessfirst_token)},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef struct {
    const afp_tenant_t *former;
    const afp_tenant_t *present;
    const char *who;
    int delete_fields;
} difference_t;

static apr_status_t add(afp_session_t *session, const difference_t *difference,
                        const afp_deed_t *deed)
{
    return afp_audit_add(session, difference->present->company_uuid, difference->who, deed);
}

static const char *text_of(const afp_tenant_t *tenant, const setting_t *setting)
{
    return (const char *)tenant + setting->offset;
}

/* ---- the state ---- */

static const char *action_of(const difference_t *difference)
{
    switch (difference->present->state) {
    case AFP_TENANT_CONNECTED:
        return difference->former->state == AFP_TENANT_PAUSED ? AFP_AUDIT_RESUMED
                                                              : AFP_AUDIT_CONNECTED;
    case AFP_TENANT_PAUSED:
        return AFP_AUDIT_PAUSED;
    case AFP_TENANT_CREATED:
    case AFP_TENANT_DISCONNECTED:
        break;
    }
    return AFP_AUDIT_DISCONNECTED;
}

static apr_status_t note_state(afp_session_t *session, const difference_t *difference)
{
    const afp_deed_t deed = {action_of(difference), difference->delete_fields ? "fields" : "", "",
                             ""};

    return difference->former->state != difference->present->state ? add(session, difference, &deed)
                                                                   : APR_SUCCESS;
}

/* ---- settings ---- */

static apr_status_t note_setting(afp_session_t *session, const difference_t *difference,
                                 const char *name, const char *former, const char *present)
{
    const afp_deed_t deed = {AFP_AUDIT_CHANGED, name, former, present};

    return strcmp(former, present) ? add(session, difference, &deed) : APR_SUCCESS;
}

static const char *choices_text(apr_pool_t *pool, unsigned int choices)
{
    const char *text = "";
    int i;

    for (i = 0; i <= AFP_PROFILE_FIELDS; i++) {
        const char *name = i < AFP_PROFILE_FIELDS ? afp_profile[i].choice : "comment";

        if (choices & 1u << i) {
            text = apr_pstrcat(pool, text, *text ? " " : "", name, NULL);
        }
    }
    return text;
}

static apr_status_t note_settings(afp_session_t *session, const difference_t *difference)
{
    apr_pool_t *scratch = afp_session_scratch(session);
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    for (i = 0; i < COUNT_OF(texts) && rv == APR_SUCCESS; i++) {
        rv =
            note_setting(session, difference, texts[i].name, text_of(difference->former, &texts[i]),
                         text_of(difference->present, &texts[i]));
    }
    return rv == APR_SUCCESS ? note_setting(session, difference, "choices",
                                            choices_text(scratch, difference->former->choices),
                                            choices_text(scratch, difference->present->choices))
                             : rv;
}

/* ---- secrets ---- */

static apr_status_t note_secret(afp_session_t *session, const difference_t *difference,
                                const setting_t *setting)
{
    const char *former = text_of(difference->former, setting);
    const char *present = text_of(difference->present, setting);
    const afp_deed_t deed = {!*former    ? AFP_AUDIT_SET
                             : !*present ? AFP_AUDIT_REMOVED
                                         : AFP_AUDIT_REPLACED,
                             setting->name, "", ""};

    return strcmp(former, present) ? add(session, difference, &deed) : APR_SUCCESS;
}

static apr_status_t note_secrets(afp_session_t *session, const difference_t *difference)
{
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    for (i = 0; i < COUNT_OF(secrets) && rv == APR_SUCCESS; i++) {
        rv = note_secret(session, difference, &secrets[i]);
    }
    return rv;
}

/* ---- all of it ---- */

apr_status_t afp_tenant_note_change(afp_session_t *session, const afp_tenant_t *former,
                                    const afp_tenant_t *present, int delete_fields, const char *who)
{
    const difference_t difference = {former, present, who, delete_fields};
    apr_status_t rv = note_state(session, &difference);

    if (rv == APR_SUCCESS) {
        rv = note_settings(session, &difference);
    }
    /* That the secrets of a disconnected company are erased goes without saying. */
    if (rv == APR_SUCCESS && present->state != AFP_TENANT_DISCONNECTED) {
        rv = note_secrets(session, &difference);
    }
    return rv == APR_SUCCESS ? afp_secret_settle(session, present, who) : rv;
}
