#include "remote/http.h"

#include <apr_strings.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#define SUBDOMAIN "{subdomain}"

/* A loopback host in letters: nothing that a resolver could lead elsewhere. */
static int is_loopback(const char *host)
{
    struct in_addr address;

    if (!strcmp(host, "localhost") || !strcmp(host, "[::1]"))
        return 1;
    return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* NULL, or what is wrong with the characters and the place of {subdomain}. *plain becomes the
 * address with a sample in its place. */
static const char *fill_subdomain(apr_pool_t *pool, const char *base, const char **plain)
{
    const char *place = strstr(base, SUBDOMAIN);
    const char *behind = place != NULL ? place + strlen(SUBDOMAIN) : NULL;

    *plain = base;
    for (const char *c = base; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`|", *c) != NULL)
            return "it holds a character that no address may hold";
    }
    if (place == NULL)
        return strpbrk(base, "{}") != NULL ? "only {subdomain} may stand in braces" : NULL;
    if (place - base < 3 || strncmp(place - 3, "://", 3) || *behind != '.')
        return "{subdomain} must be the first label of the host, as in "
               "https://{subdomain}.example.com";
    if (strpbrk(behind, "{}") != NULL)
        return "{subdomain} may stand in it only once";
    *plain = apr_pstrcat(pool, apr_pstrmemdup(pool, base, (apr_size_t)(place - base)), "subdomain",
                         behind, NULL);
    return NULL;
}

/* One part of the address as libcurl reads it, in `pool`; NULL if it has none. */
static const char *part(apr_pool_t *pool, CURLU *address, CURLUPart which)
{
    char *text = NULL;
    const char *copy = NULL;

    if (curl_url_get(address, which, &text, 0) == CURLUE_OK)
        copy = apr_pstrdup(pool, text);
    curl_free(text);
    return copy;
}

static const char *check_parts(apr_pool_t *pool, CURLU *address, int has_subdomain)
{
    const char *scheme = part(pool, address, CURLUPART_SCHEME);
    const char *host = part(pool, address, CURLUPART_HOST);

    if (part(pool, address, CURLUPART_USER) != NULL ||
        part(pool, address, CURLUPART_PASSWORD) != NULL)
        return "it must not hold a user or a password";
    if (part(pool, address, CURLUPART_QUERY) != NULL ||
        part(pool, address, CURLUPART_FRAGMENT) != NULL)
        return "it must not hold a query or a fragment";
    if (host == NULL || *host == '\0' || part(pool, address, CURLUPART_ZONEID) != NULL)
        return "it needs a host";
    if (has_subdomain && (strchr(host, '.') == NULL || strchr(host, '.')[1] == '\0'))
        return "a domain must follow {subdomain}";
    if (scheme == NULL || (strcmp(scheme, "https") && strcmp(scheme, "http")))
        return "it must begin with https://";
    if (!strcmp(scheme, "http") && !is_loopback(host))
        return "plain http is accepted only for 127.0.0.1, [::1] and localhost; use https://";
    return NULL;
}

int afp_http_proxy_is_acceptable(const char *proxy, const char **why)
{
    CURLU *address = curl_url();
    int is_http = !strncasecmp(proxy, "http://", 7) || !strncasecmp(proxy, "https://", 8);

    *why = NULL;
    if (!is_http || strstr(proxy, ":///") != NULL || address == NULL ||
        curl_url_set(address, CURLUPART_URL, proxy, 0) != CURLUE_OK)
        *why = "it is not an address such as http://proxy.example.com:3128";
    curl_url_cleanup(address);
    return *why == NULL;
}

int afp_http_base_is_acceptable(apr_pool_t *pool, const char *base, const char **why)
{
    CURLU *address = curl_url();
    const char *plain;
    size_t length = strlen(base);

    *why = fill_subdomain(pool, base, &plain);
    if (*why == NULL && strpbrk(plain, "?#") != NULL)
        *why = "it must not hold a query or a fragment";
    if (*why == NULL && length > 0 && base[length - 1] == '/')
        *why = "it must not end with a slash";
    /* libcurl reads "https:///path" as if "path" were the host. */
    if (*why == NULL && strstr(plain, ":///") != NULL)
        *why = "it needs a host";
    if (*why == NULL && strstr(plain, "://") == NULL)
        *why = "it is not an address such as https://app.example.com/path";
    if (*why == NULL && address == NULL)
        *why = "there is no memory to check it";
    if (*why == NULL && curl_url_set(address, CURLUPART_URL, plain, 0) != CURLUE_OK)
        *why = "it is not an address such as https://app.example.com/path";
    if (*why == NULL)
        *why = check_parts(pool, address, plain != base);
    curl_url_cleanup(address);
    return *why == NULL;
}
