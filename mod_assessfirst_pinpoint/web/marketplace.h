#ifndef AFP_WEB_MARKETPLACE_H
#define AFP_WEB_MARKETPLACE_H

#include <httpd.h>

#define AFP_MARKETPLACE_HANDLER "assessfirst-pinpoint-marketplace"

/* The marketplace page: where a company's administrator connects Pinpoint. DECLINED unless the
 * request is for this handler in a vhost with the engine on; otherwise OK with an answer of our
 * own, errors included. */
int afp_marketplace_handler(request_rec *r);

#endif
