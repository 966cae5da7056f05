#ifndef AFP_WORK_CHILD_H
#define AFP_WORK_CHILD_H

#include "store/delivery.h"
#include "work/inbox.h"
#include "work/site.h"

/* What one child of httpd runs: an inbox per distinct database, snapshots of the tenants, a
 * bounded set of sessions for pages, and - in a few children - worker pool and ticker. */

typedef struct afp_child_t afp_child_t;

#define AFP_WORKER_SLOTS 64 /* most worker children of one machine */

/* Shared by the parent and all children of one generation; anonymous memory, zero at first. */
typedef struct {
    volatile apr_uint32_t worker_children[AFP_WORKER_SLOTS]; /* process ids, 0 = free */
} afp_shared_t;

typedef struct {
    afp_site_t **sites;
    int site_count;
    int workers;         /* threads of the pool */
    int worker_children; /* children with a pool, per machine */
    int request_threads; /* of this child */
    afp_inbox_mode_t mode;
    afp_shared_t *shared;
    const afp_logger_t *logger;
} afp_child_config_t;

/* In child_init, signals blocked by the MPM. NULL on a failure that is logged. */
afp_child_t *afp_child_start(apr_pool_t *pool, const afp_child_config_t *config);

/* From child_stopping: only sets flags and wakes. `graceful`: running follow-ups get 20 s,
 * otherwise 3 s and calls are aborted at once. Callable from a signal handler's context on prefork.
 */
void afp_child_stopping(afp_child_t *child, int graceful);

/* From the pre-cleanup of the child's pool: joins everything. A thread that is still inside a
 * database driver then ends the child with _exit(0). */
void afp_child_stop(afp_child_t *child);

/* The inbox of a site's database. */
afp_inbox_t *afp_child_inbox(afp_child_t *child, const afp_site_t *site);

/* Borrows a session for a page or a re-read, waiting at most `patience`; NULL if all are busy. Give
 * it back on the same thread. */
afp_session_t *afp_child_borrow_session(afp_child_t *child, const afp_site_t *site,
                                        apr_interval_time_t patience);
void afp_child_return_session(afp_child_t *child, afp_session_t *session);

/* There is new work of a tenant (a button on the page): wakes a worker of this child, if it has
 * any. */
void afp_child_wake(afp_child_t *child, afp_site_t *site, const char *company_uuid,
                    const char *follow_up_id);

#endif
