#ifndef AFP_WEB_ONCE_H
#define AFP_WEB_ONCE_H

#include "web/page.h"

/* What the next view of the page says once, after a redirect: what was done and, after
 * *Generate a token*, the API token. It travels in a cookie that only we can read, lives for a
 * minute and is expired when it is shown, so that any child of any machine can show it. */

/* Sets the cookie. `api_token` is "" unless one was generated. */
void afp_once_say(const afp_page_t *page, afp_said_t said, const char *api_token);

/* Reads the cookie into page->said and page->api_token, and expires it. Anything but a fresh
 * cookie of this tenant is nothing said. */
void afp_once_hear(afp_page_t *page);

#endif
