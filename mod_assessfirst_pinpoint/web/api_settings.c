/* The settings: read with their secrets masked, and changed under the rules of the page's form. */

#include "web/api_parts.h"

#include "core/json.h"
#include "core/profile.h"
#include "store/secret.h"
#include "web/page.h"
#include "web/settings_form.h"

#include <apr_strings.h>
#include <openssl/crypto.h>
#include <string.h>

#define CHOICES     "choices"
#define KEEP_FORMER "keep_former"
#define FORMER      "former_secret"

/* What a representation holds that is not entered: it may come back, and changes nothing. */
static const char *const members[] = {
    "subdomain",  "api_key",   "signing_secret", "status",       "locale", "assessfirst_token",
    CHOICES,      KEEP_FORMER, FORMER,           "company_uuid", "state",  "webhook_url",
    "unreadable", "secrets",   "created_at",     "updated_at",   NULL,
};

/* ---- what they look like ---- */

static const char *choice_name(int choice)
{
    return choice < AFP_PROFILE_FIELDS ? afp_profile[choice].choice : "comment";
}

static struct json_object *choices_json(unsigned int choices)
{
    struct json_object *json = json_object_new_object();

    for (int i = 0; i <= AFP_PROFILE_FIELDS; i++) {
        json_object_object_add(json, choice_name(i),
                               json_object_new_boolean((choices & 1u << i) != 0));
    }
    return json;
}

/* `secret` is NULL if only its fingerprint is known. Without when it was used, of which the tag
 * knows nothing. */
static void add_secret(apr_pool_t *pool, struct json_object *json, const char *name,
                       const char *secret, const afp_secret_note_t *note)
{
    struct json_object *about = NULL;

    if (*note->fingerprint != '\0') {
        about = json_object_new_object();
        if (secret != NULL) {
            afp_json_add_text(pool, about, "masked", afp_settings_mask(pool, secret));
        }
        afp_json_add_text(pool, about, "fingerprint", note->fingerprint);
        afp_json_add_time(pool, about, "set_at", note->set_at);
        afp_json_add_text_or_null(pool, about, "set_by", note->set_by);
    }
    json_object_object_add(json, name, about);
}

static struct json_object *secrets_json(apr_pool_t *pool, const afp_tenant_t *tenant,
                                        const afp_secret_note_t notes[AFP_SECRETS])
{
    struct json_object *json = json_object_new_object();

    add_secret(pool, json, "api_key", tenant->api_key, &notes[AFP_SECRET_API_KEY]);
    add_secret(pool, json, "signing_secret", tenant->signing_secret, &notes[AFP_SECRET_SIGNING]);
    add_secret(pool, json, FORMER, tenant->former_secret, &notes[AFP_SECRET_FORMER]);
    add_secret(pool, json, "assessfirst_token", tenant->assessfirst_token,
               &notes[AFP_SECRET_ASSESSFIRST_TOKEN]);
    add_secret(pool, json, "api_token", NULL, &notes[AFP_SECRET_API_TOKEN]);
    return json;
}

apr_status_t afp_api_get_settings(afp_api_call_t *call)
{
    apr_pool_t *pool = call->r->pool;
    const afp_tenant_t *tenant = &call->tenant;
    struct json_object *json = afp_json_object(pool);
    afp_secret_note_t notes[AFP_SECRETS];
    apr_status_t rv = afp_secret_notes(call->session, tenant, notes);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    afp_json_add_text(pool, json, "company_uuid", tenant->company_uuid);
    afp_json_add_text(pool, json, "state", afp_tenant_state_name(tenant->state));
    afp_json_add_text(
        pool, json, "webhook_url",
        apr_pstrcat(pool, call->vhost->webhook_url, "?company_uuid=", tenant->company_uuid, NULL));
    afp_json_add_text(pool, json, "subdomain", tenant->subdomain);
    afp_json_add_text(pool, json, "status", tenant->status);
    afp_json_add_text(pool, json, "locale", tenant->locale);
    json_object_object_add(json, CHOICES, choices_json(tenant->choices));
    json_object_object_add(json, "secrets", secrets_json(pool, tenant, notes));
    json_object_object_add(json, "unreadable", json_object_new_boolean(tenant->unreadable));
    afp_json_add_time(pool, json, "created_at", tenant->created_at);
    afp_json_add_time(pool, json, "updated_at", tenant->updated_at);
    afp_api_set_tag(call);
    return afp_api_answer(call, HTTP_OK, json);
}

/* ---- what is entered ---- */

/* 1 if the body has this member. *value is NULL for null. */
static int has(const afp_api_call_t *call, const char *name, struct json_object **value)
{
    return json_object_object_get_ex(call->body, name, value);
}

static void take_secret(afp_api_call_t *call, afp_settings_form_t *settings, afp_setting_t field,
                        const char *text)
{
    const char *name = afp_settings_form_name(field);

    if (field == AFP_SETTING_ASSESSFIRST_TOKEN && call->vhost->site->assessfirst_token != NULL) {
        afp_api_fault(call, name, "The site has one token for all companies");
    } else if (text == NULL || *text == '\0') {
        afp_api_fault(call, name,
                      "Must be a text that is not empty; what is stored stays if it is "
                      "left out");
    } else {
        settings->secrets[field] = text;
    }
}

/* What is left out stays, or with `is_whole` becomes empty, but for a secret. */
static void take_setting(afp_api_call_t *call, afp_settings_form_t *settings, afp_setting_t field,
                         int is_whole)
{
    const char *name = afp_settings_form_name(field);
    const char *text = afp_json_text_at(call->body, name);
    struct json_object *value = NULL;
    int is_there = has(call, name, &value);

    if (afp_settings_form_is_secret(field)) {
        if (is_there) {
            take_secret(call, settings, field, text);
        }
    } else if (value != NULL && text == NULL) {
        afp_api_fault(call, name, "Must be a text");
    } else if (is_there || is_whole) {
        settings->values[field] = text != NULL ? text : "";
    }
}

static void take_choice(afp_api_call_t *call, afp_settings_form_t *settings, const char *name,
                        struct json_object *value)
{
    const char *member =
        apr_pstrcat(call->r->pool, CHOICES "/", afp_api_pointer(call->r->pool, name), NULL);
    int choice = 0;

    while (choice <= AFP_PROFILE_FIELDS && strcmp(choice_name(choice), name) != 0) {
        choice++;
    }
    if (choice > AFP_PROFILE_FIELDS) {
        afp_api_fault(call, member, "There is no such member");
    } else if (value != NULL && !json_object_is_type(value, json_type_boolean)) {
        afp_api_fault(call, member, "Must be true or false");
    } else if (value == NULL || json_object_get_boolean(value)) {
        settings->choices |= 1u << choice;
    } else {
        settings->choices &= ~(1u << choice);
    }
}

/* Everything is written unless it is said otherwise. */
static void take_choices(afp_api_call_t *call, afp_settings_form_t *settings, int is_whole)
{
    struct json_object *value = NULL;
    int is_there = has(call, CHOICES, &value);

    if (is_whole || (is_there && value == NULL)) {
        settings->choices = AFP_WRITE_ALL;
    }
    if (value != NULL && !json_object_is_type(value, json_type_object)) {
        afp_api_fault(call, CHOICES, "Must be an object");
    } else if (value != NULL) {
        json_object_object_foreach(value, name, choice)
        {
            take_choice(call, settings, name, choice);
        }
    }
}

static void take_former(afp_api_call_t *call, afp_settings_form_t *settings)
{
    struct json_object *value = NULL;

    if (has(call, KEEP_FORMER, &value)) {
        if (json_object_is_type(value, json_type_boolean)) {
            settings->keep_former = json_object_get_boolean(value);
        } else {
            afp_api_fault(call, KEEP_FORMER, "Must be true or false");
        }
    }
    value = NULL;
    if (has(call, FORMER, &value) && value != NULL) {
        afp_api_fault(call, FORMER, "Can only be removed, with null");
    }
}

/* What the page says of the same fault, in English. */
static void add_faults(afp_api_call_t *call, const afp_settings_form_t *settings)
{
    afp_page_t *page = apr_pcalloc(call->r->pool, sizeof(*page));

    page->r = call->r;
    page->vhost = call->vhost;
    page->settings = *settings;
    for (int i = 0; i < AFP_SETTINGS; i++) {
        if (settings->faults[i] != AFP_FAULT_NONE) {
            afp_api_fault(call, afp_settings_form_name((afp_setting_t)i),
                          afp_page_fault(page, (afp_setting_t)i));
        }
    }
}

/* Brings what was entered into the tenant. 1, or 0 and the answer is set. */
static int take_settings(afp_api_call_t *call, int is_whole)
{
    apr_pool_t *pool = call->r->pool;
    afp_tenant_t *tenant = &call->tenant;
    struct json_object *former = NULL;
    afp_settings_form_t settings;

    afp_settings_form_start(&settings, tenant);
    afp_api_check_members(call, members);
    for (int i = 0; i < AFP_SETTINGS; i++) {
        take_setting(call, &settings, (afp_setting_t)i, is_whole);
    }
    take_choices(call, &settings, is_whole);
    take_former(call, &settings);
    if (call->errors == NULL &&
        afp_settings_form_apply(&settings, call->vhost, pool, 0, tenant) > 0) {
        add_faults(call, &settings);
    }
    if (call->errors != NULL) {
        (void)afp_api_invalid(call);
        return 0;
    }
    if (has(call, FORMER, &former)) {
        OPENSSL_cleanse(tenant->former_secret, sizeof(tenant->former_secret));
        tenant->former_until = 0;
    }
    return 1;
}

static apr_status_t save(afp_api_call_t *call, int is_whole)
{
    apr_status_t rv;

    if (call->tenant.state == AFP_TENANT_DISCONNECTED) {
        return afp_api_conflict(call, "The company is disconnected; generate a token on the "
                                      "marketplace page to begin anew");
    }
    if (!take_settings(call, is_whole)) {
        return APR_SUCCESS;
    }
    rv = afp_operation_save(&call->operation, "the settings were saved");
    if (rv == APR_NOTFOUND) {
        return afp_api_problem(call, HTTP_PRECONDITION_FAILED, "Changed meanwhile",
                               "Somebody else saved at this moment: read the settings again");
    }
    if (rv == APR_SUCCESS && call->tenant.state == AFP_TENANT_CONNECTED) {
        rv = afp_operation_add_checks(&call->operation);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_by_uuid(call->session, &call->vhost->site->place, call->company_uuid,
                                &call->tenant);
    }
    return rv == APR_SUCCESS ? afp_api_get_settings(call) : rv;
}

apr_status_t afp_api_put_settings(afp_api_call_t *call)
{
    return save(call, 1);
}

apr_status_t afp_api_patch_settings(afp_api_call_t *call)
{
    return save(call, 0);
}
