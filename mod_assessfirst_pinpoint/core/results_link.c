#include "core/results_parts.h"

#include "core/json.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define SCHEME      "https://"
#define HOST_LIMIT  253 /* RFC 1035 2.3.4, without the root's dot */
#define LABEL_LIMIT 63
#define PORT_DIGITS 5
#define PORT_LIMIT  65535

/* --- the rule --------------------------------------------------------------------------------- */

/* 1 if every byte may stand in a URL (RFC 3986 2, and the brackets that queries have in practice):
 * no control, no blank, nothing beyond ASCII, no backslash, which browsers take for a slash. */
static int has_only_url_characters(const char *link)
{
    for (; *link != '\0'; link++) {
        if (*link <= 0x20 || *link >= 0x7f || strchr("\"<>\\^`{|}", *link) != NULL) {
            return 0;
        }
    }
    return 1;
}

int afp_results_is_host(const char *host)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

    if (strlen(host) > HOST_LIMIT) {
        return 0;
    }
    for (;;) {
        size_t length = strspn(host, characters);

        if (length == 0 || length > LABEL_LIMIT || host[0] == '-' || host[length - 1] == '-') {
            return 0;
        }
        if (host[length] != '.') {
            return host[length] == '\0';
        }
        host += length + 1;
    }
}

static int is_port(const char *port)
{
    long long number;

    return strlen(port) <= PORT_DIGITS && afp_text_int64(port, &number) == 0 && number > 0 &&
           number <= PORT_LIMIT;
}

/* The host of a link, in lower case; NULL if the link is no https link whose host everybody reads
 * alike. User information is no part of such a link. */
static const char *host_of(apr_pool_t *pool, const char *link)
{
    size_t scheme = sizeof(SCHEME) - 1;
    char *host;
    char *port;

    if (strlen(link) > AFP_LINK_LIMIT || !has_only_url_characters(link)) {
        return NULL;
    }
    host = apr_pstrdup(pool, link);
    for (char *c = host; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z') {
            *c = (char)(*c - 'A' + 'a');
        }
    }
    if (strncmp(host, SCHEME, scheme) != 0) {
        return NULL;
    }
    host += scheme;
    host[strcspn(host, "/?#")] = '\0';
    port = strchr(host, ':');
    if (port != NULL) {
        *port++ = '\0';
    }
    return afp_results_is_host(host) && (port == NULL || is_port(port)) ? host : NULL;
}

static int equals_or_is_below(const char *host, const char *allowed)
{
    size_t length = strlen(host);
    size_t allowed_length = strlen(allowed);

    if (allowed_length == 0 || length < allowed_length ||
        strcmp(host + length - allowed_length, allowed) != 0) {
        return 0;
    }
    return length == allowed_length || host[length - allowed_length - 1] == '.';
}

int afp_results_link_is_allowed(apr_pool_t *pool, const char *link, const apr_array_header_t *hosts)
{
    const char *host = host_of(pool, link);

    for (int i = 0; host != NULL && i < hosts->nelts; i++) {
        if (equals_or_is_below(host, APR_ARRAY_IDX(hosts, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

/* --- the places ------------------------------------------------------------------------------- */

typedef struct {
    apr_pool_t *pool;
    const apr_array_header_t *hosts;
} search_t;

/* The first allowed link at one of `places` (ended by NULL), or NULL. */
static const char *link_at(const search_t *search, struct json_object *object,
                           const char *const *places)
{
    for (; *places != NULL; places++) {
        const char *link = afp_json_text_at(object, *places);

        if (link != NULL && afp_results_link_is_allowed(search->pool, link, search->hosts)) {
            return link;
        }
    }
    return NULL;
}

/* The first allowed link of an array's objects, or NULL. */
static const char *link_of_reports(const search_t *search, struct json_object *reports)
{
    static const char *const places[] = {"web_link", "url", "link", NULL};
    const char *link = NULL;
    size_t count = 0;

    if (json_object_is_type(reports, json_type_array)) {
        count = json_object_array_length(reports);
    }
    for (size_t i = 0; i < count && link == NULL; i++) {
        link = link_at(search, json_object_array_get_idx(reports, i), places);
    }
    return link;
}

const char *afp_results_find_link(apr_pool_t *pool, struct json_object *candidate,
                                  const apr_array_header_t *hosts)
{
    static const char *const places[] = {"url",         "web_url",       "link",
                                         "profile_url", "links.profile", NULL};
    const search_t search = {pool, hosts};
    struct json_object_iterator member = json_object_iter_begin(candidate);
    struct json_object_iterator end = json_object_iter_end(candidate);
    const char *link = link_at(&search, candidate, places);

    if (link == NULL) {
        link = link_of_reports(&search, afp_json_at(candidate, "reports"));
    }
    for (; link == NULL && !json_object_iter_equal(&member, &end); json_object_iter_next(&member)) {
        link = link_of_reports(&search, json_object_iter_peek_value(&member));
    }
    return link != NULL ? link : "";
}
