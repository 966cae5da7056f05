#include "web/origin.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_uri.h>
#include <string.h>

#define URL_LIMIT 512

/* 1 if the bytes can be part of a URL that is shown and compared as it is written. */
static int is_url_text(const char *url)
{
    for (const char *c = url; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}", *c) != NULL) {
            return 0;
        }
    }
    return strlen(url) <= URL_LIMIT;
}

static const char *parse(apr_pool_t *pool, const char *url, apr_uri_t *uri)
{
    if (!is_url_text(url)) {
        return "it holds a character that no address may hold, or more than 512 characters";
    }
    if (apr_uri_parse(pool, url, uri) != APR_SUCCESS || uri->scheme == NULL ||
        uri->hostname == NULL || *uri->hostname == '\0' ||
        (strcasecmp(uri->scheme, "https") != 0 && strcasecmp(uri->scheme, "http") != 0)) {
        return "it is not an absolute address such as https://www.example.com/path";
    }
    if (uri->user != NULL || uri->password != NULL || uri->hostinfo == NULL ||
        strchr(uri->hostinfo, '@') != NULL) {
        return "it must not hold a user or a password";
    }
    return NULL;
}

const char *afp_origin_of(apr_pool_t *pool, const char *url, const char **why)
{
    apr_uri_t uri;
    apr_port_t usual;
    const char *brackets;
    char *origin;

    *why = parse(pool, url, &uri);
    if (*why != NULL) {
        return NULL;
    }
    usual = strcasecmp(uri.scheme, "https") == 0 ? 443 : 80;
    brackets = strchr(uri.hostname, ':') != NULL ? "[" : "";
    origin =
        apr_pstrcat(pool, uri.scheme, "://", brackets, uri.hostname, *brackets ? "]" : "", NULL);
    if (uri.port_str != NULL && uri.port != 0 && uri.port != usual) {
        origin = apr_psprintf(pool, "%s:%u", origin, (unsigned int)uri.port);
    }
    for (char *c = origin; *c != '\0'; c++) {
        *c = (char)apr_tolower(*c);
    }
    return origin;
}

const char *afp_origin_check_url(apr_pool_t *pool, const char *url)
{
    apr_uri_t uri;
    const char *why = parse(pool, url, &uri);

    if (why != NULL) {
        return why;
    }
    if (uri.query != NULL || uri.fragment != NULL) {
        return "it must not hold a query or a fragment";
    }
    return uri.path == NULL ? "it needs the path of the handler's <Location>" : NULL;
}
