#include "work/child.h"

#include "remote/http.h"
#include "work/signals.h"
#include "work/tenants.h"
#include "work/ticker.h"

#include <apr_allocator.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <unistd.h>

/* For everything together: requests may have waited for 4 s before, and httpd kills after 9 s. */
#define STOP_PATIENCE apr_time_from_sec(3)
#define PAGE_SESSIONS 3 /* per database: pages and re-reads at the same time */

typedef struct {
    const afp_database_t *database;
    afp_inbox_t *inbox;
    afp_session_t *sessions[PAGE_SESSIONS];
    int borrowed[PAGE_SESSIONS];
} lane_t;

struct afp_child_t {
    afp_child_config_t config;
    apr_pool_t *pool;
    lane_t *lanes; /* one per distinct database */
    int lane_count;
    apr_thread_mutex_t *mutex; /* guards `borrowed` */
    apr_thread_cond_t *returned;
    sigset_t signals; /* prefork: of its one request thread, while it has a session */
    afp_ticker_t *ticker;
};

static lane_t *find_lane(const afp_child_t *child, const afp_site_t *site)
{
    int i = 0;

    while (child->lanes[i].database != site->database) {
        i++;
    }
    return &child->lanes[i];
}

/* An afp_inbox_stored_t: the committer's hint. */
static void hint_workers(void *baton, afp_site_t *site, const afp_delivery_t *delivery)
{
    afp_child_wake(baton, site, delivery->company_uuid, delivery->id);
}

void afp_child_wake(afp_child_t *child, afp_site_t *site, const char *company_uuid,
                    const char *follow_up_id)
{
    afp_workers_t *workers;
    sigset_t signals;

    (void)site;
    if (child->config.mode == AFP_INBOX_CALLER) {
        afp_signals_hold(&signals);
    }
    workers = child->ticker ? afp_ticker_workers(child->ticker) : NULL;
    if (workers) {
        afp_workers_hint(workers, company_uuid, follow_up_id);
    }
    if (child->config.mode == AFP_INBOX_CALLER) {
        afp_signals_release(&signals);
    }
}

static void make_lanes(afp_child_t *child)
{
    int i, j;

    child->lanes = apr_pcalloc(child->pool, sizeof(lane_t) * (size_t)child->config.site_count);
    for (i = 0; i < child->config.site_count; i++) {
        const afp_database_t *database = child->config.sites[i]->database;

        for (j = 0; j < child->lane_count && child->lanes[j].database != database; j++) {
        }
        if (j == child->lane_count) {
            child->lanes[child->lane_count++].database = database;
        }
    }
}

static apr_status_t open_lane(afp_child_t *child, lane_t *lane)
{
    int waiters = child->config.request_threads / 4;
    afp_inbox_config_t config = {
        .sites = apr_palloc(child->pool, sizeof(afp_site_t *) * (size_t)child->config.site_count),
        .mode = child->config.mode,
        .waiters = waiters > 0 ? waiters : 1,
        .stored = hint_workers,
        .baton = child,
    };
    int i;

    for (i = 0; i < child->config.site_count; i++) {
        afp_site_t *site = child->config.sites[i];

        if (site->database == lane->database) {
            config.sites[config.site_count++] = site;
            config.database = site->database;
        }
    }
    for (i = 0; i < PAGE_SESSIONS; i++) {
        lane->sessions[i] = afp_session_make_for_pages(child->pool, lane->database);
    }
    lane->inbox = afp_inbox_make(child->pool, &config);
    return lane->inbox ? APR_SUCCESS : APR_EGENERAL;
}

/* 1 if the threads of all of them ended in time. */
static int stop_inboxes(afp_child_t *child, apr_time_t deadline)
{
    int stopped = 1;
    int i;

    for (i = 0; i < child->lane_count; i++) {
        if (child->lanes[i].inbox) {
            stopped &= afp_inbox_stop(child->lanes[i].inbox, deadline - apr_time_now());
        }
    }
    return stopped;
}

/* Our threads make and clear pools below this one at any time. The MPM's allocator has no mutex
 * where the MPM itself needs none, and the requests of prefork use it as well. */
static apr_status_t make_pool(apr_pool_t **pool, apr_pool_t *parent)
{
    apr_allocator_t *allocator;
    apr_thread_mutex_t *mutex;
    apr_status_t rv = apr_allocator_create(&allocator);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_pool_create_ex(pool, parent, NULL, allocator);
    if (rv != APR_SUCCESS) {
        apr_allocator_destroy(allocator);
        return rv;
    }
    apr_allocator_owner_set(allocator, *pool);
    apr_pool_tag(*pool, "afp_child");
    rv = apr_thread_mutex_create(&mutex, APR_THREAD_MUTEX_DEFAULT, *pool);
    if (rv == APR_SUCCESS) {
        apr_allocator_mutex_set(allocator, mutex);
    }
    return rv;
}

afp_child_t *afp_child_start(apr_pool_t *pool, const afp_child_config_t *config)
{
    afp_child_t *child = apr_pcalloc(pool, sizeof(*child));
    afp_ticker_config_t ticker = {.child = *config};
    apr_status_t rv;
    int i;

    child->config = *config;
    rv = make_pool(&child->pool, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&child->mutex, APR_THREAD_MUTEX_DEFAULT, child->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&child->returned, child->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_http_start();
    }
    for (i = 0; i < config->site_count && rv == APR_SUCCESS; i++) {
        config->sites[i]->tenants = afp_tenants_make(child->pool, config->sites[i]);
        rv = config->sites[i]->tenants ? APR_SUCCESS : APR_ENOMEM;
    }
    if (rv == APR_SUCCESS) {
        make_lanes(child);
    }
    ticker.inboxes = apr_pcalloc(child->pool, sizeof(afp_inbox_t *) * (size_t)config->site_count);
    for (i = 0; i < child->lane_count && rv == APR_SUCCESS; i++) {
        rv = open_lane(child, &child->lanes[i]);
        ticker.inboxes[ticker.inbox_count++] = child->lanes[i].inbox;
    }
    if (rv == APR_SUCCESS) {
        child->ticker = afp_ticker_make(child->pool, &ticker);
        rv = child->ticker ? APR_SUCCESS : APR_EGENERAL;
    }
    if (rv != APR_SUCCESS) {
        afp_log(config->logger, AFP_LOG_ERROR,
                AFPNO(0330) "process %d could not start its threads (%d): it answers 503",
                (int)getpid(), rv);
        stop_inboxes(child, apr_time_now() + STOP_PATIENCE);
        return NULL;
    }
    return child;
}

void afp_child_stopping(afp_child_t *child, int graceful)
{
    afp_ticker_stopping(child->ticker, graceful);
    /* Neither of these from the signal handler of prefork. */
    if (child->config.mode == AFP_INBOX_THREADS) {
        afp_log(child->config.logger, AFP_LOG_DEBUG, AFPNO(0329) "process %d is told to end %s",
                (int)getpid(), graceful ? "gracefully" : "at once");
        afp_ticker_tell_workers(child->ticker);
    }
}

void afp_child_stop(afp_child_t *child)
{
    apr_time_t deadline = apr_time_now() + STOP_PATIENCE;
    int stopped;
    int i;

    afp_ticker_tell_workers(child->ticker);
    stopped = stop_inboxes(child, deadline) && afp_ticker_stop(child->ticker, deadline);
    if (!stopped) {
        afp_log(child->config.logger, AFP_LOG_ERROR,
                AFPNO(0331) "process %d ends although a thread is still inside the database "
                            "driver; what it held is tried again when its lease has run out",
                (int)getpid());
        _exit(0);
    }
    for (i = 0; i < child->lane_count; i++) {
        int j;

        for (j = 0; j < PAGE_SESSIONS; j++) {
            afp_session_close(child->lanes[i].sessions[j]);
        }
    }
    afp_http_stop();
}

afp_inbox_t *afp_child_inbox(afp_child_t *child, const afp_site_t *site)
{
    return find_lane(child, site)->inbox;
}

afp_session_t *afp_child_borrow_session(afp_child_t *child, const afp_site_t *site,
                                        apr_interval_time_t patience)
{
    lane_t *lane = find_lane(child, site);
    apr_time_t deadline = apr_time_now() + patience;
    afp_session_t *session = NULL;
    int i;

    if (child->config.mode == AFP_INBOX_CALLER) {
        afp_signals_hold(&child->signals);
    }
    apr_thread_mutex_lock(child->mutex);
    for (;;) {
        for (i = 0; i < PAGE_SESSIONS && !session; i++) {
            if (!lane->borrowed[i]) {
                lane->borrowed[i] = 1;
                session = lane->sessions[i];
            }
        }
        patience = deadline - apr_time_now();
        if (session || patience <= 0) {
            break;
        }
        apr_thread_cond_timedwait(child->returned, child->mutex, patience);
    }
    apr_thread_mutex_unlock(child->mutex);
    if (!session && child->config.mode == AFP_INBOX_CALLER) {
        afp_signals_release(&child->signals);
    }
    return session;
}

void afp_child_return_session(afp_child_t *child, afp_session_t *session)
{
    int i, j;

    if (child->config.mode == AFP_INBOX_CALLER) {
        /* Hundreds of children would keep a connection each for a rare page. */
        afp_session_close(session);
    }
    apr_thread_mutex_lock(child->mutex);
    for (i = 0; i < child->lane_count; i++) {
        for (j = 0; j < PAGE_SESSIONS; j++) {
            if (child->lanes[i].sessions[j] == session) {
                child->lanes[i].borrowed[j] = 0;
            }
        }
    }
    apr_thread_cond_signal(child->returned);
    apr_thread_mutex_unlock(child->mutex);
    if (child->config.mode == AFP_INBOX_CALLER) {
        afp_signals_release(&child->signals);
    }
}
