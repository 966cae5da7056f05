#ifndef AFP_WEB_API_H
#define AFP_WEB_API_H

#include <httpd.h>

#define AFP_API_HANDLER "assessfirst-pinpoint-api"

/* The name, below the API's address, of its description: web/openapi.json. */
#define AFP_API_DESCRIPTION "openapi.json"

/* The handler of the JSON API, whose callers have a tenant's API token instead of the site's
 * authentication. Declines requests of other handlers and of vhosts whose engine is off. */
int afp_api_handler(request_rec *r);

#endif
