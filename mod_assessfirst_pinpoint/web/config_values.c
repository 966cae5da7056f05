#include "web/config_values.h"

#include "core/text.h"
#include "web/config_secrets.h"
#include "web/origin.h"

#include <apr_strings.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static const char *check_name(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length > 255 || !afp_text_is_utf8(name, length)) {
        return "give a text of 1 to 255 bytes of UTF-8";
    }
    for (const char *c = name; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            return "control characters cannot be part of it";
        }
    }
    return NULL;
}

static const char *check_api(apr_pool_t *pool, const char *api, afp_text_field_t field)
{
    const char *why;

    if (!afp_http_base_is_acceptable(pool, api, &why)) {
        return why;
    }
    if (strchr(api, '{') == NULL) {
        return NULL;
    }
    if (field == AFP_TEXT_ASSESSFIRST_API) {
        return "{subdomain} may stand in PinpointAPI only";
    }
    /* The host is partly a tenant's: the client connects to nothing but port 443. */
    if (strncmp(api, "https://", 8) != 0) {
        return "with {subdomain} it must begin with https://";
    }
    api += strcspn(api, "}");
    api += strcspn(api, ":/");
    return *api == ':' && strncmp(api, ":443/", 5) != 0 && strcmp(api, ":443") != 0
               ? "with {subdomain} only port 443 is used; leave the port out"
               : NULL;
}

static const char *check_proxy(apr_pool_t *pool, const char *proxy)
{
    const char *why = NULL;

    /* Configuration dumps (mod_info, -D DUMP_CONFIG) show directives to others. */
    if (strchr(proxy, '@') != NULL) {
        return "it must not hold a user or a password, because configuration dumps show them; let "
               "the proxy know this server by its address";
    }
    /* The client would refuse it at each call. */
    return afp_origin_of(pool, proxy, &why) == NULL || !afp_http_proxy_is_acceptable(proxy, &why)
               ? why
               : NULL;
}

static const char *check_ca_file(apr_pool_t *pool, const char *path)
{
    BIO *file = BIO_new_file(path, "r");
    X509 *certificate = file != NULL ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    const char *why = NULL;

    if (file == NULL) {
        why = apr_psprintf(pool,
                           "%s cannot be opened; give the file of a certificate authority in "
                           "PEM",
                           path);
    } else if (certificate == NULL) {
        why = apr_psprintf(pool, "%s holds no certificate in PEM", path);
    }
    X509_free(certificate);
    BIO_free(file);
    return why;
}

const char *afp_config_check_text(apr_pool_t *pool, afp_text_field_t field, const char *text)
{
    switch (field) {
    case AFP_TEXT_SITE:
    case AFP_TEXT_MODEL_FIELD:
        return check_name(text);
    case AFP_TEXT_WEBHOOK_URL:
    case AFP_TEXT_RESULTS_URL:
    case AFP_TEXT_AUTOMATION_URL:
        return afp_origin_check_url(pool, text);
    case AFP_TEXT_SECRET_KEYS:
    case AFP_TEXT_ASSESSFIRST_TOKEN:
        return afp_secrets_check_source(pool, text);
    case AFP_TEXT_PINPOINT_API:
    case AFP_TEXT_ASSESSFIRST_API:
        return check_api(pool, text, field);
    case AFP_TEXT_PINPOINT_CA:
    case AFP_TEXT_ASSESSFIRST_CA:
        return check_ca_file(pool, text);
    case AFP_TEXT_PROXY:
        return check_proxy(pool, text);
    case AFP_TEXT_DATABASE_DRIVER:
    case AFP_TEXT_DATABASE_PARAMS:
    case AFP_TEXTS:
        return NULL; /* checked with the whole configuration */
    }
    return NULL;
}
