#ifndef AFP_STORE_DELIVERY_H
#define AFP_STORE_DELIVERY_H

#include "core/event.h"
#include "core/id.h"
#include "core/tombstone.h"
#include "store/session.h"

/* Deliveries: authentic webhooks, stored with their follow-up before they are acknowledged. */

/* `ignored` of a delivery whose application's data was erased: it names no application. */
#define AFP_DELIVERY_ERASED "The data of this candidate was erased"

typedef struct {
    char id[AFP_ID_LENGTH + 1]; /* its invite follow-up bears the same id */
    char company_uuid[AFP_ID_LENGTH + 1];
    char digest[65]; /* the same for the same raw body only; in the order of triggered_at where
                      * that can be, since an index of them grows at one end then */
    char event[AFP_EVENT_NAME_LIMIT + 1];
    char application_id[21];
    char job_id[21];
    apr_time_t triggered_at;
    apr_time_t received_at;
    apr_int64_t length;
    char ignored[256]; /* why it is not the trigger; "" = it has a follow-up */
    int held; /* 1: its follow-up is held unless the tenant is not paused any more, when this
               * becomes 0 */
    char tombstone[AFP_TOMBSTONE_LENGTH + 1]; /* of the application; "" if the tenant has erased
                                               * nobody */
    char first_id[AFP_ID_LENGTH + 1];         /* out: the delivery that is stored: `id`, or that of
                                               * which this is a repeat */
} afp_delivery_t;

/* Stores deliveries in batches; made once per session (prepares statements of several rows). */
typedef struct afp_delivery_store_t afp_delivery_store_t;
afp_delivery_store_t *afp_delivery_store_make(apr_pool_t *pool, afp_session_t *session);

/* Stores all of them, with their follow-ups or listed as ignored, in one transaction, each only if
 * the tenant has no delivery of the same digest. Of what has a tombstone that is there nothing is
 * stored that names the application: the delivery becomes one that is ignored
 * (AFP_DELIVERY_ERASED). When this returns APR_SUCCESS the commit succeeded and each first_id is
 * set. Sorts the array. */
apr_status_t afp_delivery_store(afp_delivery_store_t *store, afp_delivery_t **deliveries,
                                int count);

/* Puts what is to be stored into `deliveries`, AFP_DELIVERY_BATCH of them at most; returns their
 * number. */
#define AFP_DELIVERY_BATCH 128
typedef int afp_delivery_take_t(void *baton, afp_delivery_t **deliveries);

/* The same, for what `take` gives once the transaction has begun: what comes while it waits for
 * other writers is stored with it. `take` is called once, or never if no transaction could begin.
 */
apr_status_t afp_delivery_store_late(afp_delivery_store_t *store, afp_delivery_take_t *take,
                                     void *baton);

/* The delivery that the tenant has of this digest already: sets delivery->first_id, "" if there is
 * none. */
apr_status_t afp_delivery_find_first(afp_session_t *session, afp_delivery_t *delivery);

#endif
