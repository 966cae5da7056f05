#include "web/once.h"

#include "web/cookie.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define COOKIE       "afp_once"
#define PURPOSE      "page-once" /* stands where a sealed column has its name */
#define LIFE_SECONDS 60
#define COOKIE_LIMIT 1024

void afp_once_say(const afp_page_t *page, afp_said_t said, const char *api_token)
{
    const char *plain =
        apr_psprintf(page->r->pool, "%" APR_INT64_T_FMT " %d %s",
                     (apr_int64_t)apr_time_sec(apr_time_now()), (int)said, api_token);
    const char *sealed = afp_seal(page->vhost->site->place.keyring, page->r->pool, plain,
                                  page->vhost->site->name, page->tenant.company_uuid, PURPOSE);

    if (sealed != NULL) {
        afp_cookie_set(page, COOKIE, sealed, LIFE_SECONDS, "Strict");
    } else {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, page->r,
                      AFPNO(0511) "tenant %s: OpenSSL could not seal the page's message",
                      page->tenant.company_uuid);
    }
}

/* Reads "<seconds> <said> <API token>" if it is no older than the cookie may be. */
static void understand(afp_page_t *page, const char *plain)
{
    char *rest;
    apr_int64_t age = apr_time_sec(apr_time_now()) - apr_strtoi64(plain, &rest, 10);
    apr_int64_t said;

    if (*rest != ' ' || age < -LIFE_SECONDS || age > LIFE_SECONDS) {
        return;
    }
    said = apr_strtoi64(rest + 1, &rest, 10);
    if (*rest != ' ' || said <= AFP_SAID_NOTHING || said >= AFP_SAID_COUNT) {
        return;
    }
    page->said = (afp_said_t)said;
    page->api_token = rest[1] != '\0' ? rest + 1 : NULL;
}

void afp_once_hear(afp_page_t *page)
{
    const char *sealed = afp_cookie_find(page->r, COOKIE, COOKIE_LIMIT);
    const char *plain;

    if (sealed == NULL || *sealed == '\0') {
        return;
    }
    afp_cookie_set(page, COOKIE, "", 0, "Strict");
    if (page->has_tenant && afp_seal_open(page->vhost->site->place.keyring, page->r->pool, sealed,
                                          page->vhost->site->name, page->tenant.company_uuid,
                                          PURPOSE, &plain) == APR_SUCCESS) {
        understand(page, plain);
    }
}
