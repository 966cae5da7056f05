#ifndef AFP_WEB_COOKIE_H
#define AFP_WEB_COOKIE_H

#include "web/page.h"

/* The page's own cookies: for its path only, and not for scripts. */

/* The value of the request's cookie `name`, at most `limit` bytes; NULL if there is none. */
const char *afp_cookie_find(request_rec *r, const char *name, size_t limit);

/* Sets a cookie for `seconds` (0: expires it); `same_site` is "Strict" or "Lax". It is Secure where
 * browsers see the page under https. */
void afp_cookie_set(const afp_page_t *page, const char *name, const char *value, int seconds,
                    const char *same_site);

#endif
