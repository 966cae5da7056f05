#ifndef AFP_WORK_WORKERS_H
#define AFP_WORK_WORKERS_H

#include "store/database.h"
#include "work/site.h"

/* The worker pool of a child: an APR thread pool whose queue holds only hints. The truth is in the
 * database; a hint that is lost costs a second of waiting for the ticker. */

typedef struct afp_workers_t afp_workers_t;

typedef struct {
    afp_site_t **sites;
    int site_count;
    int threads;
    const afp_logger_t *logger;
} afp_workers_config_t;

/* Starts the threads. NULL if the system has none left. */
afp_workers_t *afp_workers_make(apr_pool_t *pool, const afp_workers_config_t *config);

/* Hands a hint to a free worker: this follow-up (may be NULL) of this tenant (may be NULL: whatever
 * is due) first. Dropped if none is free. Any thread. */
void afp_workers_hint(afp_workers_t *workers, const char *company_uuid, const char *follow_up_id);

/* Workers that are free now. */
int afp_workers_free(afp_workers_t *workers);

/* Renews the leases of everything that runs on this database. By the ticker. */
void afp_workers_renew(afp_workers_t *workers, afp_session_t *session);

/* Takes no new work. `abort` also ends calls to the remote APIs within a second. Any thread. */
void afp_workers_stopping(afp_workers_t *workers, int abort);

/* Waits until nothing runs any more, at most `patience`; 1 if so. */
int afp_workers_wait(afp_workers_t *workers, apr_interval_time_t patience);

/* Joins the threads: after afp_workers_wait said 1. */
void afp_workers_stop(afp_workers_t *workers);

#endif
