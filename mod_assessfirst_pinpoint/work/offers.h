#ifndef AFP_WORK_OFFERS_H
#define AFP_WORK_OFFERS_H

#include "store/delivery.h"

/* Deliveries that the children of one generation offer to each other, in the shared segment: where
 * there is one writer, whoever has the turn stores what all of them have, in one commit. The
 * offering child waits for its own turn all the same, and then finds its deliveries stored; whatever
 * happens to the other child, it can store them itself (again: nothing is stored twice). */

#define AFP_OFFERS 256

typedef struct {
    volatile apr_uint32_t state[AFP_OFFERS];
    volatile apr_uint32_t owner[AFP_OFFERS]; /* process ids */
    afp_delivery_t delivery[AFP_OFFERS];
} afp_offers_t;

/* Frees what an earlier process of this id left behind. Once, when a child starts. */
void afp_offers_start(afp_offers_t *offers);

/* Offers a copy of the delivery. The offer's number, or -1 if there is no room. */
int afp_offers_make(afp_offers_t *offers, const afp_delivery_t *delivery);

/* Ends an offer of this child. 1 if the delivery was stored (first_id is filled in); 0 if it was not,
 * or if another child is storing it just now. */
int afp_offers_end(afp_offers_t *offers, int number, afp_delivery_t *delivery);

/* The following two are for whoever holds the database's mutex. */

/* Takes up to `room` offers of other children; their numbers into `numbers`, their deliveries, in
 * shared memory, into `deliveries`. Returns how many. */
int afp_offers_take(afp_offers_t *offers, int room, int *numbers, afp_delivery_t **deliveries);

/* Tells what became of them. */
void afp_offers_settle(afp_offers_t *offers, const int *numbers, int count, int stored);

#endif
