#include "web/once.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define COOKIE       "afp_once"
#define PURPOSE      "page-once" /* stands where a sealed column has its name */
#define LIFE_SECONDS 60
#define COOKIE_LIMIT 1024

static void set_cookie(const afp_page_t *page, const char *value, int seconds, int secure)
{
    apr_table_addn(page->r->headers_out, "Set-Cookie",
                   apr_psprintf(page->r->pool,
                                COOKIE "=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Strict%s",
                                value, page->path, seconds, secure ? "; Secure" : ""));
}

void afp_once_say(const afp_page_t *page, afp_said_t said, const char *api_token, int secure)
{
    const char *plain =
        apr_psprintf(page->r->pool, "%" APR_INT64_T_FMT " %d %s",
                     (apr_int64_t)apr_time_sec(apr_time_now()), (int)said, api_token);
    const char *sealed = afp_seal(page->vhost->site->place.keyring, page->r->pool, plain,
                                  page->vhost->site->name, page->tenant.company_uuid, PURPOSE);

    if (sealed != NULL) {
        set_cookie(page, sealed, LIFE_SECONDS, secure);
    } else {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, page->r,
                      AFPNO(0511) "tenant %s: OpenSSL could not seal the page's message",
                      page->tenant.company_uuid);
    }
}

/* The cookie's value in one Cookie header, or NULL. */
static const char *find_cookie(apr_pool_t *pool, const char *header)
{
    size_t name = sizeof(COOKIE "=") - 1;

    while (*header != '\0') {
        size_t length;

        header += strspn(header, "; \t");
        length = strcspn(header, "; \t");
        if (strncmp(header, COOKIE "=", name) == 0 && length - name <= COOKIE_LIMIT) {
            return apr_pstrmemdup(pool, header + name, length - name);
        }
        header += length;
    }
    return NULL;
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
    const char *header = apr_table_get(page->r->headers_in, "Cookie");
    const char *sealed = header != NULL ? find_cookie(page->r->pool, header) : NULL;
    const char *plain;

    if (sealed == NULL || *sealed == '\0') {
        return;
    }
    set_cookie(page, "", 0, 0);
    if (page->has_tenant && afp_seal_open(page->vhost->site->place.keyring, page->r->pool, sealed,
                                          page->vhost->site->name, page->tenant.company_uuid,
                                          PURPOSE, &plain) == APR_SUCCESS) {
        understand(page, plain);
    }
}
