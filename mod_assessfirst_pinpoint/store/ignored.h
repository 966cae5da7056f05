#ifndef AFP_STORE_IGNORED_H
#define AFP_STORE_IGNORED_H

#include "core/event.h"
#include "core/id.h"
#include "store/session.h"

/* Deliveries that were ignored, and deciding them again by other settings than those they met. */

typedef struct {
    const char *company_uuid;
    const char *id;             /* only this delivery; "" = all */
    const char *application_id; /* only this one's, the oldest 500; "" = all */
    apr_time_t until;           /* only those received no later */
    int limit;                  /* counted, or made follow-ups of: at most so many */

    int count;            /* out of afp_ignored_count */
    apr_time_t oldest_at; /* out: when the oldest of them was received */

    apr_int64_t generation;         /* for afp_ignored_decide: of the tenant's settings, */
    const char *status;             /* of which this is one, */
    const afp_event_names_t *names; /* and the site's names of events */
    int looked_at;                  /* out: deliveries that there were to decide */
    int triggers;                   /* out: those that are triggers now: they have follow-ups */
} afp_ignored_t;

/* Counts them; `until` becomes now. */
apr_status_t afp_ignored_count(afp_session_t *session, afp_ignored_t *ignored);

/* Decides each of them again as if it came now: it gets a follow-up, due at once, or the reason
 * why it is still ignored. In several transactions, for some seconds at most, the oldest first.
 * APR_NOTFOUND if the tenant is neither connected nor paused, or its settings are not those of
 * `generation` any more; after a failure some may have been decided. */
apr_status_t afp_ignored_decide(afp_session_t *session, afp_ignored_t *ignored);

#endif
