#ifndef AFP_WORK_TICKER_H
#define AFP_WORK_TICKER_H

#include "work/child.h"
#include "work/workers.h"

/* The ticker: one thread in each child that wakes once a second. In the children that hold a
 * worker slot it makes expired leases ready, renews running ones, goes on with the release of what
 * was held, wakes workers for due work, and forgets what is old; in the others it waits for a slot
 * to become free. A child that leaves gracefully gives its slot up at once and only renews the
 * leases of what still runs. */

typedef struct afp_ticker_t afp_ticker_t;

typedef struct {
    afp_child_config_t child;
    afp_inbox_t **inboxes; /* tended once a second on prefork */
    int inbox_count;
} afp_ticker_config_t;

/* Starts the thread. Takes a worker slot at once if one is free. NULL if the system has no thread
 * left. */
afp_ticker_t *afp_ticker_make(apr_pool_t *pool, const afp_ticker_config_t *config);

/* The workers, or NULL while this child has no slot. */
afp_workers_t *afp_ticker_workers(afp_ticker_t *ticker);

/* Sets a flag, which the thread sees within a second; wakes and joins nobody. */
void afp_ticker_stopping(afp_ticker_t *ticker, int graceful);

/* Passes that on to the workers: they take no new work, and their calls end unless it is graceful.
 * Waits for no thread. Not from a signal handler. */
void afp_ticker_tell_workers(afp_ticker_t *ticker);

/* Ends and joins the ticker and the workers, and frees the slot. Running follow-ups get 20 s if it
 * is graceful; otherwise waits until `deadline`. 0 if a thread is stuck. */
int afp_ticker_stop(afp_ticker_t *ticker, apr_time_t deadline);

#endif
