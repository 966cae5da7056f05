#include "work/offers.h"

#include <apr_atomic.h>
#include <apr_strings.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* Zero is what fresh memory holds. An offer is taken under the database's mutex only: who holds it
 * and finds one taken has met the work of a child that died. */
enum {
    OFFER_FREE,
    OFFER_FILLING,
    OFFER_OPEN,
    OFFER_TAKEN,
    OFFER_STORED,
    OFFER_ABANDONED /* taken, and ended by its owner meanwhile */
};

static apr_uint32_t own_id(void)
{
    return (apr_uint32_t)getpid();
}

static int change(afp_offers_t *offers, int number, apr_uint32_t from, apr_uint32_t to)
{
    return apr_atomic_cas32(&offers->state[number], to, from) == from;
}

void afp_offers_start(afp_offers_t *offers)
{
    int i;

    for (i = 0; i < AFP_OFFERS; i++) {
        if (apr_atomic_read32(&offers->state[i]) != OFFER_FREE
            && apr_atomic_read32(&offers->owner[i]) == own_id()) {
            apr_atomic_set32(&offers->state[i], OFFER_FREE);
        }
    }
}

static int find_free(afp_offers_t *offers)
{
    int i;

    for (i = 0; i < AFP_OFFERS; i++) {
        if (apr_atomic_read32(&offers->state[i]) == OFFER_FREE
            && change(offers, i, OFFER_FREE, OFFER_FILLING)) {
            return i;
        }
    }
    return -1;
}

/* Children that died took their offers with them: nobody was told that those are stored. */
static void clear_the_dead(afp_offers_t *offers)
{
    int i;

    for (i = 0; i < AFP_OFFERS; i++) {
        apr_uint32_t state = apr_atomic_read32(&offers->state[i]);
        pid_t owner = (pid_t)apr_atomic_read32(&offers->owner[i]);

        if ((state == OFFER_OPEN || state == OFFER_STORED) && kill(owner, 0) && errno == ESRCH) {
            (void)change(offers, i, state, OFFER_FREE);
        }
    }
}

int afp_offers_make(afp_offers_t *offers, const afp_delivery_t *delivery)
{
    int number = find_free(offers);

    if (number < 0) {
        clear_the_dead(offers);
        number = find_free(offers);
    }
    if (number >= 0) {
        apr_atomic_set32(&offers->owner[number], own_id());
        offers->delivery[number] = *delivery;
        (void)change(offers, number, OFFER_FILLING, OFFER_OPEN);
    }
    return number;
}

int afp_offers_end(afp_offers_t *offers, int number, afp_delivery_t *delivery)
{
    if (change(offers, number, OFFER_OPEN, OFFER_FREE)
        || change(offers, number, OFFER_TAKEN, OFFER_ABANDONED)) {
        return 0;
    }
    apr_cpystrn(delivery->first_id, offers->delivery[number].first_id, sizeof(delivery->first_id));
    apr_atomic_set32(&offers->state[number], OFFER_FREE);
    return 1;
}

int afp_offers_take(afp_offers_t *offers, int room, int *numbers, afp_delivery_t **deliveries)
{
    int count = 0;
    int i;

    for (i = 0; i < AFP_OFFERS && count < room; i++) {
        if (apr_atomic_read32(&offers->state[i]) == OFFER_ABANDONED) {
            (void)change(offers, i, OFFER_ABANDONED, OFFER_FREE);
        }
        else if (apr_atomic_read32(&offers->owner[i]) != own_id()
                 && (change(offers, i, OFFER_OPEN, OFFER_TAKEN)
                     || apr_atomic_read32(&offers->state[i]) == OFFER_TAKEN)) {
            numbers[count] = i;
            deliveries[count++] = &offers->delivery[i];
        }
    }
    return count;
}

void afp_offers_settle(afp_offers_t *offers, const int *numbers, int count, int stored)
{
    int i;

    for (i = 0; i < count; i++) {
        if (!change(offers, numbers[i], OFFER_TAKEN, stored ? OFFER_STORED : OFFER_OPEN)) {
            (void)change(offers, numbers[i], OFFER_ABANDONED, OFFER_FREE);
        }
    }
}
