#include "core/settings.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define PLACEHOLDER      "{subdomain}"
#define MASK             "****"
#define MASK_SHOWN       4
#define MASK_SHOWS_ABOVE 12

/* 1 if the bytes are one DNS label (RFC 1123 2.1) in lower case. */
static int is_label(const char *text, size_t length)
{
    if (length == 0 || length > AFP_SUBDOMAIN_LIMIT || text[0] == '-' || text[length - 1] == '-') {
        return 0;
    }
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") >= length;
}

static int is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Cuts scheme, port, path, query and a trailing dot off `entered`, in lower case. NULL if what
 * remains cannot be a host's name: user information, a backslash or blanks would let a browser and
 * us disagree on which host is meant. */
static const char *host_of(apr_pool_t *pool, const char *entered)
{
    char *host = apr_pstrdup(pool, entered);
    char *scheme_end;
    size_t length;

    for (char *c = host; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z') {
            *c = (char)(*c - 'A' + 'a');
        }
        if ((unsigned char)*c <= 0x20 || *c == 0x7f || *c == '\\') {
            return NULL;
        }
    }
    scheme_end = strstr(host, "://");
    if (scheme_end != NULL && scheme_end == host + strcspn(host, ":/?#")) {
        if (strncmp(host, "https://", 8) != 0 && strncmp(host, "http://", 7) != 0) {
            return NULL;
        }
        host = scheme_end + 3;
    }
    host[strcspn(host, "/?#")] = '\0';
    length = strcspn(host, ":");
    if (strchr(host, '@') != NULL || (host[length] == ':' && !is_number(host + length + 1))) {
        return NULL;
    }
    host[length] = '\0';
    if (length > 0 && host[length - 1] == '.') {
        host[length - 1] = '\0';
    }
    return host;
}

/* 1 if all labels of `host` are labels; *numeric if they consist of digits, as in an IP address. */
static int is_host(const char *host, int *numeric)
{
    *numeric = 1;
    for (;;) {
        size_t length = strcspn(host, ".");

        if (!is_label(host, length)) {
            return 0;
        }
        if (strspn(host, "0123456789") < length) {
            *numeric = 0;
        }
        if (host[length] == '\0') {
            return 1;
        }
        host += length + 1;
    }
}

const char *afp_settings_subdomain(apr_pool_t *pool, const char *entered, const char *domain,
                                   afp_settings_fault_t *fault)
{
    const char *host = host_of(pool, afp_text_trim(pool, entered));
    size_t label;
    int numeric;

    if (host == NULL || !is_host(host, &numeric)) {
        *fault = AFP_FAULT_NO_ADDRESS;
        return NULL;
    }
    label = strcspn(host, ".");
    if (host[label] == '\0') {
        return host;
    }
    if (numeric) {
        *fault = AFP_FAULT_IP_ADDRESS;
        return NULL;
    }
    if (domain != NULL && !afp_text_equal_but_case(host + label + 1, domain)) {
        *fault = AFP_FAULT_OTHER_DOMAIN;
        return NULL;
    }
    return apr_pstrmemdup(pool, host, label);
}

const char *afp_settings_secret(apr_pool_t *pool, const char *entered, afp_settings_fault_t *fault)
{
    const char *secret = afp_text_trim(pool, entered);
    size_t length = strlen(secret);

    if (length == 0) {
        *fault = AFP_FAULT_EMPTY;
        return NULL;
    }
    if (length > AFP_SECRET_LIMIT) {
        *fault = AFP_FAULT_TOO_LONG;
        return NULL;
    }
    for (const char *c = secret; *c != '\0'; c++) {
        if (*c <= 0x20 || *c >= 0x7f) {
            *fault = AFP_FAULT_CHARACTERS;
            return NULL;
        }
    }
    return secret;
}

const char *afp_settings_status(apr_pool_t *pool, const char *entered, afp_settings_fault_t *fault)
{
    const char *status = afp_text_trim(pool, entered);

    if (strlen(status) > AFP_STATUS_LIMIT) {
        *fault = AFP_FAULT_TOO_LONG;
        return NULL;
    }
    if (!afp_text_is_printable(status)) {
        *fault = AFP_FAULT_CHARACTERS;
        return NULL;
    }
    return status;
}

const char *afp_settings_api_domain(apr_pool_t *pool, const char *api)
{
    const char *scheme_end = strstr(api, "://");
    const char *host = scheme_end != NULL ? scheme_end + 3 : api;
    const char *end = host + strcspn(host, ":/?#");
    const char *placeholder = strstr(host, PLACEHOLDER);

    if (placeholder == NULL || placeholder >= end) {
        return NULL;
    }
    placeholder += strlen(PLACEHOLDER);
    return *placeholder == '.' && placeholder + 1 < end
               ? apr_pstrmemdup(pool, placeholder + 1, (apr_size_t)(end - placeholder - 1))
               : NULL;
}

const char *afp_settings_trigger(apr_pool_t *pool, const char *status, const afp_event_t *event)
{
    if (event->kind == AFP_EVENT_NEW_APPLICATION) {
        return *status == '\0' ? NULL : apr_psprintf(pool, AFP_SENTENCE_STATUS_SET, status);
    }
    if (event->kind == AFP_EVENT_STAGE_CHANGED) {
        return *status != '\0' ? NULL : AFP_SENTENCE_STATUS_EMPTY;
    }
    if (event->kind == AFP_EVENT_APPLICATION_UNKNOWN) {
        return apr_psprintf(pool, AFP_SENTENCE_EVENT_UNKNOWN, event->name);
    }
    return apr_psprintf(pool, AFP_SENTENCE_EVENT_NEVER, event->name);
}

afp_advice_t afp_settings_advise(apr_pool_t *pool, const char *status, const char *const *events,
                                 int count, const afp_event_names_t *names)
{
    afp_event_kind_t trigger =
        *status == '\0' ? AFP_EVENT_NEW_APPLICATION : AFP_EVENT_STAGE_CHANGED;
    int others = 0;

    for (int i = 0; i < count; i++) {
        afp_event_kind_t kind = afp_event_classify(afp_event_normalise(pool, events[i]), names);

        if (kind == trigger) {
            return AFP_ADVICE_NONE;
        }
        others += kind == AFP_EVENT_NEW_APPLICATION || kind == AFP_EVENT_STAGE_CHANGED;
    }
    if (others == 0) {
        return AFP_ADVICE_NONE;
    }
    return *status == '\0' ? AFP_ADVICE_TICK_NEW_APPLICATION : AFP_ADVICE_TICK_STAGE_CHANGED;
}

const char *afp_settings_mask(apr_pool_t *pool, const char *secret)
{
    size_t length = strlen(secret);

    if (length <= MASK_SHOWS_ABOVE) {
        return MASK;
    }
    return apr_pstrcat(pool, MASK, secret + length - MASK_SHOWN, NULL);
}
