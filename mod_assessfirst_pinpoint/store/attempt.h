#ifndef AFP_STORE_ATTEMPT_H
#define AFP_STORE_ATTEMPT_H

#include "store/follow_up.h"

/* Runs of an invite or write-back follow-up after which it was not over: what the page shows of the
 * way to its end. How it ended is in afp_finished. */

#define AFP_ATTEMPT_AGAIN "again" /* to be tried again */
#define AFP_ATTEMPT_HELD  "held"  /* its API refused us */

#define AFP_ATTEMPTS_KEPT 20 /* of one follow-up, the latest */

/* For work functions of store/, with the tenant's lock: notes that a run ended so. Nothing if the
 * follow-up is of another kind, or without a reason: that was no attempt. */
apr_status_t afp_attempt_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const char *happened, const char *reason);

#endif
