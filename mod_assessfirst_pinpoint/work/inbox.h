#ifndef AFP_WORK_INBOX_H
#define AFP_WORK_INBOX_H

#include "store/delivery.h"
#include "work/site.h"

/* The inbox: joins the rows of concurrent requests into one commit (group commit). No request is
 * answered before its own row is committed. One inbox per distinct database and child. */

typedef struct afp_inbox_t afp_inbox_t;

/* Told after a commit for each stored delivery that has a follow-up, from the committer's thread,
 * whether or not its request still waits. */
typedef void afp_inbox_stored_t(void *baton, afp_site_t *site, const afp_delivery_t *delivery);

typedef enum {
    AFP_INBOX_THREADS, /* committer threads of the dialect's number */
    AFP_INBOX_CALLER   /* prefork: the request's thread commits its own row */
} afp_inbox_mode_t;

typedef struct {
    afp_database_t *database;
    afp_site_t **sites; /* that use this database */
    int site_count;
    afp_inbox_mode_t mode;
    int waiters; /* requests that may wait at a time */
    afp_inbox_stored_t *stored;
    void *baton;
} afp_inbox_config_t;

/* Made in child_init, with its threads started. NULL if the system has no threads left. `config` is
 * copied. */
afp_inbox_t *afp_inbox_make(apr_pool_t *pool, const afp_inbox_config_t *config);

typedef enum {
    AFP_INBOX_STORED,
    AFP_INBOX_REPEAT, /* first_id names the first delivery */
    AFP_INBOX_FULL,   /* too many requests wait here, or a commit failed within the last second */
    AFP_INBOX_FAILED, /* the commit failed */
    AFP_INBOX_LATE    /* not committed by the deadline; it may still be stored */
} afp_inbox_result_t;

/* Stores a delivery and waits for its commit, at most until `deadline`. The delivery is copied;
 * first_id is filled in. */
afp_inbox_result_t afp_inbox_put(afp_inbox_t *inbox, afp_site_t *site, afp_delivery_t *delivery,
                                 apr_time_t deadline);

/* By a request before it trusts the snapshots. On prefork it refreshes them if that was last done
 * more than a second ago; elsewhere the committers do it, and a request waits a second at most for
 * the first time. */
void afp_inbox_freshen(afp_inbox_t *inbox);

/* For the ticker, on prefork only (elsewhere the committers do it): where workers run
 * (`works_here`), refreshes the snapshots and writes "last received" once a second at most; other
 * children do that only while they use their connection, which is closed when it was idle for 5 s.
 */
void afp_inbox_tend(afp_inbox_t *inbox, int works_here);

/* Commits what is queued, then ends and joins the threads. After the last request. 0 if a thread is
 * still busy after `patience`. */
int afp_inbox_stop(afp_inbox_t *inbox, apr_interval_time_t patience);

#endif
