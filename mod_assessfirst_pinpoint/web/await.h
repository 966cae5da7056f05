#ifndef AFP_WEB_AWAIT_H
#define AFP_WEB_AWAIT_H

#include "web/page.h"

/* What the checks say that were asked for just now. */
typedef enum {
    AFP_AWAIT_PENDING, /* they did not end in time */
    AFP_AWAIT_GOOD,
    AFP_AWAIT_REFUSED, /* Pinpoint does not accept the API key */
    AFP_AWAIT_BAD      /* something else is not as it should be */
} afp_await_t;

/* Waits for the end of the tenant's checks, some 2.5 s at most, so that the page that is shown next
 * knows what they found; if Pinpoint's finds something, no longer than for that one. Without a
 * session: it borrows one for each look. */
afp_await_t afp_await_checks(const afp_page_t *page);

#endif
