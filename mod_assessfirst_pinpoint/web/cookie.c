#include "web/cookie.h"

#include <apr_strings.h>
#include <string.h>

/* The cookie's value in one Cookie header, or NULL. */
const char *afp_cookie_find(request_rec *r, const char *name, size_t limit)
{
    const char *header = apr_table_get(r->headers_in, "Cookie");
    size_t name_length = strlen(name);

    if (header == NULL) {
        return NULL;
    }
    while (*header != '\0') {
        size_t length;

        header += strspn(header, "; \t");
        length = strcspn(header, "; \t");
        if (strncmp(header, name, name_length) == 0 && header[name_length] == '=' &&
            length - name_length - 1 <= limit) {
            return apr_pstrmemdup(r->pool, header + name_length + 1, length - name_length - 1);
        }
        header += length;
    }
    return NULL;
}

/* Whether browsers see the page under https: behind a TLS proxy the request does not tell. */
static int is_secure(const afp_page_t *page)
{
    const char *origin = apr_table_get(page->r->headers_in, "Origin");

    if (origin == NULL) {
        origin = APR_ARRAY_IDX(page->vhost->page_origins, 0, const char *);
    }
    return strncasecmp(origin, "https:", 6) == 0;
}

void afp_cookie_set(const afp_page_t *page, const char *name, const char *value, int seconds,
                    const char *same_site)
{
    apr_table_addn(page->r->headers_out, "Set-Cookie",
                   apr_psprintf(page->r->pool,
                                "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=%s%s", name, value,
                                page->path, seconds, same_site, is_secure(page) ? "; Secure" : ""));
}
