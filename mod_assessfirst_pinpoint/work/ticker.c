#include "work/ticker.h"

#include "store/follow_up.h"
#include "store/retention.h"
#include "work/job.h"

#include <apr_atomic.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define TICK               APR_USEC_PER_SEC
#define RENEW_INTERVAL     apr_time_from_sec(30)
#define REPAIR_INTERVAL    apr_time_from_sec(60)
#define RETENTION_INTERVAL apr_time_from_sec(3600)
#define RELEASE_PATIENCE   APR_USEC_PER_SEC
#define RELEASE_PAUSE      apr_time_from_msec(10)
#define GRACEFUL_PATIENCE  apr_time_from_sec(20)
#define ABORT_PATIENCE     apr_time_from_sec(3)

struct afp_ticker_t {
    afp_ticker_config_t config;
    apr_pool_t *pool;
    apr_thread_t *thread;
    apr_thread_mutex_t *mutex; /* guards `workers`, `leaving`, `ended` and `wake` */
    int leaving;               /* the thread is to end */
    int ended;                 /* the thread is past its last statement */
    apr_thread_cond_t *wake;
    volatile apr_uint32_t stopping; /* 1 graceful, 2 at once */
    volatile apr_uint32_t *slot;    /* ours, or NULL */
    afp_workers_t *workers;
    const afp_database_t **databases;
    afp_site_t **site_of; /* the first site of each database: its retention rules */
    afp_session_t **sessions;
    int database_count;
    char (*releasing)[AFP_ID_LENGTH + 1]; /* of each database: the tenant that was released last,
                                           * for the round */
    apr_time_t renewed_at;
    apr_time_t repaired_at;
    apr_time_t forgot_at;
};

/* ---- the slot ---- */

/* A process that does not exist any more left its slot behind. */
static int is_dead(apr_uint32_t pid)
{
    return kill((pid_t)pid, 0) && errno == ESRCH;
}

static void take_slot(afp_ticker_t *ticker)
{
    afp_shared_t *shared = ticker->config.child.shared;
    apr_uint32_t own = (apr_uint32_t)getpid();
    int i;

    for (i = 0; i < ticker->config.child.worker_children && !ticker->slot; i++) {
        volatile apr_uint32_t *slot = &shared->worker_children[i];
        apr_uint32_t holder = apr_atomic_read32(slot);

        /* Our own number was that of a former process. */
        if ((!holder || holder == own || is_dead(holder)) &&
            apr_atomic_cas32(slot, own, holder) == holder) {
            ticker->slot = slot;
        }
    }
}

static void give_slot_up(afp_ticker_t *ticker)
{
    if (ticker->slot) {
        apr_atomic_set32(ticker->slot, 0);
        ticker->slot = NULL;
    }
}

static void start_workers(afp_ticker_t *ticker)
{
    const afp_child_config_t *child = &ticker->config.child;
    const afp_workers_config_t config = {
        .sites = child->sites,
        .site_count = child->site_count,
        .threads = child->workers,
        .logger = child->logger,
    };
    afp_workers_t *workers;

    take_slot(ticker);
    if (!ticker->slot) {
        return;
    }
    workers = afp_workers_make(ticker->pool, &config);
    if (!workers) {
        give_slot_up(ticker);
        return;
    }
    apr_thread_mutex_lock(ticker->mutex);
    ticker->workers = workers;
    apr_thread_mutex_unlock(ticker->mutex);
    afp_log(child->logger, AFP_LOG_INFO,
            AFPNO(0320) "process %d works follow-ups off with %d "
                        "threads",
            (int)getpid(), child->workers);
}

/* ---- one tick ---- */

static int is_due(apr_time_t *last, apr_interval_time_t interval, apr_time_t now)
{
    /* Below 0 the clock was set back. */
    if (now >= *last && now - *last < interval) {
        return 0;
    }
    *last = now;
    return 1;
}

/* Wakes as many workers as there are tenants with due work, twice over: two may be in flight. */
static void wake_workers(afp_ticker_t *ticker, afp_session_t *session, apr_pool_t *scratch)
{
    int free_workers = afp_workers_free(ticker->workers);
    apr_array_header_t *due;
    int i;

    if (!free_workers ||
        afp_follow_up_due(session, "", free_workers, scratch, &due) != APR_SUCCESS) {
        return;
    }
    for (i = 0; i < due->nelts * AFP_IN_FLIGHT_CAP && i < free_workers; i++) {
        afp_workers_hint(ticker->workers, NULL, NULL);
    }
}

/* 1 if there is more to forget: at the next tick, because leases have to be renewed meanwhile. */
static int forget_old(afp_ticker_t *ticker, int database)
{
    const afp_retention_t *retention = &ticker->site_of[database]->retention;
    int more = 0;

    return afp_retention_run(ticker->sessions[database], retention->digests, retention->finished,
                             &more) == APR_SUCCESS &&
           more;
}

/* For a second at most, since leases have to be renewed meanwhile. Between two batches whoever
 * waits for a database with one writer has his turn. */
static void release_more(afp_ticker_t *ticker, int database)
{
    apr_time_t started = apr_time_now();
    apr_interval_time_t spent = 0;
    int more;

    while (afp_follow_up_release_more(ticker->sessions[database], ticker->releasing[database],
                                      &more) == APR_SUCCESS &&
           more && spent >= 0 && spent < RELEASE_PATIENCE &&
           !apr_atomic_read32(&ticker->stopping)) {
        apr_sleep(RELEASE_PAUSE);
        spent = apr_time_now() - started;
    }
}

static void tick(afp_ticker_t *ticker, apr_pool_t *scratch)
{
    apr_time_t now = apr_time_now();
    int renew = is_due(&ticker->renewed_at, RENEW_INTERVAL, now);
    int repair = is_due(&ticker->repaired_at, REPAIR_INTERVAL, now);
    int forget = is_due(&ticker->forgot_at, RETENTION_INTERVAL, now);
    int i, expired;

    for (i = 0; i < ticker->database_count; i++) {
        afp_session_t *session = ticker->sessions[i];

        if (renew) {
            afp_workers_renew(ticker->workers, session);
        }
        if (afp_follow_up_expire(session, &expired) != APR_SUCCESS) {
            continue;
        }
        if (expired) {
            afp_log(ticker->config.child.logger, AFP_LOG_INFO,
                    AFPNO(0321) "%d follow-ups of a child or machine that went away are tried "
                                "again",
                    expired);
        }
        if (repair) {
            (void)afp_follow_up_repair(session);
        }
        release_more(ticker, i);
        wake_workers(ticker, session, scratch);
        if (forget && forget_old(ticker, i)) {
            ticker->forgot_at = now - RETENTION_INTERVAL;
        }
    }
}

/* 0 if the thread is to end. */
static int wait_a_tick(afp_ticker_t *ticker)
{
    int leaving;

    apr_thread_mutex_lock(ticker->mutex);
    if (!ticker->leaving) {
        apr_thread_cond_timedwait(ticker->wake, ticker->mutex, TICK);
    }
    leaving = ticker->leaving;
    apr_thread_mutex_unlock(ticker->mutex);
    return !leaving;
}

/* A child that leaves gracefully stays as long as somebody reads from it, which may be hours:
 * another one works from now on. What still runs here keeps its leases. */
static void hand_over(afp_ticker_t *ticker)
{
    int i;

    afp_ticker_tell_workers(ticker);
    give_slot_up(ticker);
    do {
        if (is_due(&ticker->renewed_at, RENEW_INTERVAL, apr_time_now())) {
            for (i = 0; i < ticker->database_count; i++) {
                afp_workers_renew(ticker->workers, ticker->sessions[i]);
            }
        }
    } while (wait_a_tick(ticker));
}

static void *APR_THREAD_FUNC ticker_main(apr_thread_t *thread, void *data)
{
    afp_ticker_t *ticker = data;
    apr_pool_t *scratch;
    int i;

    (void)thread;
    if (apr_pool_create(&scratch, ticker->pool) != APR_SUCCESS) {
        return NULL;
    }
    while (!apr_atomic_read32(&ticker->stopping)) {
        if (!ticker->slot) {
            start_workers(ticker);
        }
        if (ticker->workers) {
            tick(ticker, scratch);
        }
        for (i = 0; i < ticker->config.inbox_count; i++) {
            afp_inbox_tend(ticker->config.inboxes[i], ticker->workers != NULL);
        }
        apr_pool_clear(scratch);
        (void)wait_a_tick(ticker);
    }
    if (ticker->workers && apr_atomic_read32(&ticker->stopping) == 1) {
        hand_over(ticker);
    }
    for (i = 0; i < ticker->database_count; i++) {
        afp_session_close(ticker->sessions[i]);
    }
    apr_thread_mutex_lock(ticker->mutex);
    ticker->ended = 1;
    apr_thread_cond_broadcast(ticker->wake);
    apr_thread_mutex_unlock(ticker->mutex);
    return NULL;
}

/* ---- life ---- */

static void open_sessions(afp_ticker_t *ticker, apr_pool_t *pool)
{
    const afp_child_config_t *child = &ticker->config.child;
    int i, j;

    ticker->databases = apr_palloc(pool, sizeof(*ticker->databases) * (size_t)child->site_count);
    ticker->site_of = apr_palloc(pool, sizeof(*ticker->site_of) * (size_t)child->site_count);
    ticker->sessions = apr_palloc(pool, sizeof(*ticker->sessions) * (size_t)child->site_count);
    ticker->releasing = apr_pcalloc(pool, sizeof(*ticker->releasing) * (size_t)child->site_count);
    for (i = 0; i < child->site_count; i++) {
        const afp_database_t *database = child->sites[i]->database;

        for (j = 0; j < ticker->database_count && ticker->databases[j] != database; j++) {
        }
        if (j == ticker->database_count) {
            ticker->databases[j] = database;
            ticker->site_of[j] = child->sites[i];
            ticker->sessions[j] = afp_session_make(pool, database);
            ticker->database_count++;
        }
    }
}

afp_ticker_t *afp_ticker_make(apr_pool_t *pool, const afp_ticker_config_t *config)
{
    afp_ticker_t *ticker = apr_pcalloc(pool, sizeof(*ticker));
    apr_status_t rv;

    ticker->config = *config;
    ticker->renewed_at = ticker->repaired_at = apr_time_now();
    /* The first hour's forgetting comes a minute after the start, when the server is up. */
    ticker->forgot_at = apr_time_now() - RETENTION_INTERVAL + apr_time_from_sec(60);
    rv = apr_pool_create(&ticker->pool, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&ticker->mutex, APR_THREAD_MUTEX_DEFAULT, ticker->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&ticker->wake, ticker->pool);
    }
    if (rv != APR_SUCCESS) {
        return NULL;
    }
    open_sessions(ticker, ticker->pool);
    rv = apr_thread_create(&ticker->thread, NULL, ticker_main, ticker, ticker->pool);
    return rv == APR_SUCCESS ? ticker : NULL;
}

afp_workers_t *afp_ticker_workers(afp_ticker_t *ticker)
{
    afp_workers_t *workers;

    apr_thread_mutex_lock(ticker->mutex);
    workers = ticker->workers;
    apr_thread_mutex_unlock(ticker->mutex);
    return workers;
}

void afp_ticker_stopping(afp_ticker_t *ticker, int graceful)
{
    if (graceful) {
        /* The worker MPM may say so even of a child that it has told to end at once, when the
         * listener meets an error or MaxConnectionsPerChild meanwhile: that takes nothing back. */
        apr_atomic_cas32(&ticker->stopping, 1, 0);
    } else {
        apr_atomic_set32(&ticker->stopping, 2);
    }
}

void afp_ticker_tell_workers(afp_ticker_t *ticker)
{
    afp_workers_t *workers = afp_ticker_workers(ticker);

    if (workers) {
        afp_workers_stopping(workers, apr_atomic_read32(&ticker->stopping) != 1);
    }
}

/* Waits for the thread, which may be inside a database driver; joins it if it ended in time. */
static int join_thread(afp_ticker_t *ticker, apr_time_t deadline)
{
    apr_interval_time_t patience;
    apr_status_t ignored;
    int ended;

    apr_thread_mutex_lock(ticker->mutex);
    ticker->leaving = 1;
    apr_thread_cond_broadcast(ticker->wake);
    while (!ticker->ended && (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(ticker->wake, ticker->mutex, patience);
    }
    ended = ticker->ended;
    apr_thread_mutex_unlock(ticker->mutex);
    if (ended) {
        apr_thread_join(&ignored, ticker->thread);
    }
    return ended;
}

static int stop_workers(afp_workers_t *workers, int graceful, apr_time_t deadline)
{
    if (graceful && !afp_workers_wait(workers, GRACEFUL_PATIENCE)) {
        afp_workers_stopping(workers, 1);
        deadline = apr_time_now() + ABORT_PATIENCE;
    }
    if (!afp_workers_wait(workers, deadline - apr_time_now())) {
        return 0;
    }
    afp_workers_stop(workers);
    return 1;
}

int afp_ticker_stop(afp_ticker_t *ticker, apr_time_t deadline)
{
    int graceful = apr_atomic_read32(&ticker->stopping) == 1;
    int stopped;

    if (!graceful) {
        afp_ticker_stopping(ticker, 0);
    }
    afp_ticker_tell_workers(ticker);
    stopped = join_thread(ticker, deadline);
    if (stopped && ticker->workers) {
        /* It may have started them meanwhile. */
        afp_ticker_tell_workers(ticker);
        stopped = stop_workers(ticker->workers, graceful, deadline);
    }
    give_slot_up(ticker);
    return stopped;
}
