#ifndef AFP_CORE_ROUTE_H
#define AFP_CORE_ROUTE_H

#include <stddef.h>

/* Paths of the JSON API against their patterns. Pure, any thread. */

#define AFP_ROUTE_VALUE_LIMIT 64 /* bytes */

/* 1 if the path below the API's location ("deliveries/0123.../retry", decoded) fits the pattern
 * ("deliveries/{delivery_id}/retry"), whose one place in braces takes 1 to AFP_ROUTE_VALUE_LIMIT
 * bytes without a slash. What it took is in `value`, "" if there is no such place. */
int afp_route_fits(const char *pattern, const char *path, char value[AFP_ROUTE_VALUE_LIMIT + 1]);

/* What is behind `base`, a path without a slash at its end, and the slash behind it: "" for the
 * base itself, NULL if `path` is not below it. */
const char *afp_route_below(const char *base, const char *path);

#endif
