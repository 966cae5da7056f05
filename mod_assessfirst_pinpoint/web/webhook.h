#ifndef AFP_WEB_WEBHOOK_H
#define AFP_WEB_WEBHOOK_H

#include <httpd.h>

#define AFP_WEBHOOK_HANDLER "assessfirst-pinpoint-webhook"

/* The handler of the webhook location (design section 4). Declines requests of other handlers and
 * of vhosts whose engine is off. */
int afp_webhook_handler(request_rec *r);

#endif
