#ifndef AFP_WEB_RESULTS_H
#define AFP_WEB_RESULTS_H

#include <httpd.h>

#define AFP_RESULTS_HANDLER "assessfirst-pinpoint-results"

/* The handler of the results location, which AssessFirst may call when a candidate has moved on:
 * POST <location>/<company_uuid>/<token>. Its callback is not published (contract assessfirst.md
 * 9), so whatever comes is a hint only: the readings of the candidates that it may be about become
 * due at once. Declines requests of other handlers and of vhosts whose engine is off. */
int afp_results_handler(request_rec *r);

#endif
