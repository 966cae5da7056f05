#ifndef AFP_WEB_ORIGIN_H
#define AFP_WEB_ORIGIN_H

#include <apr_pools.h>

/* Addresses as a browser compares them. */

/* The origin (RFC 6454) of an absolute http or https URL: scheme, host and port in lower case,
 * without the scheme's default port. NULL and *why if it is no such URL, or has user information.
 */
const char *afp_origin_of(apr_pool_t *pool, const char *url, const char **why);

/* NULL, or why `url` cannot be an address to which a query is appended: an absolute http or https
 * URL with a path, without query and fragment, at most 512 bytes of ASCII. */
const char *afp_origin_check_url(apr_pool_t *pool, const char *url);

#endif
