#include "work/inbox.h"

#include "work/signals.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <string.h>

#define GATHER          1000 /* microseconds */
#define TEND_INTERVAL   APR_USEC_PER_SEC
#define FIRST_PATIENCE  APR_USEC_PER_SEC
#define FAILURE_PAUSE   APR_USEC_PER_SEC
#define IDLE_CONNECTION apr_time_from_sec(5)
#define STOP_PATIENCE   apr_time_from_sec(3) /* of what could not be started altogether */

typedef enum { ENTRY_WAITING, ENTRY_DONE, ENTRY_FAILED, ENTRY_ABANDONED } entry_state_t;

/* One delivery on its way to a commit. Fixed in number: one per request that may wait. The request
 * puts it back on the free list; the committer does if the request could not wait that long. */
typedef struct entry_t {
    struct entry_t *next; /* in the queue or the free list */
    afp_site_t *site;
    afp_delivery_t delivery;   /* the committer's until the state says that it is finished */
    apr_thread_mutex_t *mutex; /* guards state */
    apr_thread_cond_t *finished;
    entry_state_t state;
} entry_t;

typedef struct {
    afp_inbox_t *inbox;
    afp_session_t *session;
    afp_delivery_store_t *store;
    apr_thread_t *thread;
    entry_t *batch[AFP_DELIVERY_BATCH]; /* being committed, or the last one */
    int count;
} committer_t;

struct afp_inbox_t {
    afp_inbox_config_t config;
    apr_thread_mutex_t *mutex; /* guards the queue and the flags below */
    apr_thread_cond_t *arrived;
    entry_t *first, **last; /* the queue */
    entry_t *free;          /* atomic: taken from under the mutex only, put back at any time */
    int queued;
    int wanted; /* a gathering committer is woken at this many queued */
    int idle;   /* committers that wait for anything to come */
    int stopping;
    apr_time_t failed_until;
    apr_thread_mutex_t *tending; /* one at a time tends, and on prefork commits */
    apr_time_t tended_at;        /* 0: not yet */
    apr_thread_cond_t *tended;   /* signalled after the first time */
    apr_time_t freshened_at;     /* prefork: snapshots refreshed for a request */
    apr_time_t used_at;          /* prefork: last commit or refresh */
    committer_t *committers;
    int committer_count;
    int running; /* committer threads that have not ended */
    apr_thread_cond_t *ended;
};

/* ---- entries ---- */

/* Under the mutex. The first entry stays on the list meanwhile, whatever is put before it. */
static entry_t *take_entry(afp_inbox_t *inbox)
{
    entry_t *entry = __atomic_load_n(&inbox->free, __ATOMIC_ACQUIRE);

    while (entry && !__atomic_compare_exchange_n(&inbox->free, &entry, entry->next, 0,
                                                 __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
    }
    if (entry) {
        entry->next = NULL;
        entry->state = ENTRY_WAITING;
    }
    return entry;
}

static void give_back(afp_inbox_t *inbox, entry_t *entry)
{
    entry->next = __atomic_load_n(&inbox->free, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&inbox->free, &entry->next, entry, 0, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
    }
}

/* ---- tending ---- */

static void tend(afp_inbox_t *inbox, afp_session_t *session)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < inbox->config.site_count && rv == APR_SUCCESS; i++) {
        afp_tenants_t *tenants = inbox->config.sites[i]->tenants;

        rv = afp_tenants_refresh(tenants, session);
        if (rv == APR_SUCCESS) {
            rv = afp_tenants_flush_received(tenants, session);
        }
        if (rv == APR_SUCCESS) {
            rv = afp_tenants_count_backlogs(tenants, session);
        }
    }
}

static int is_recent(const apr_time_t *at)
{
    apr_interval_time_t age = apr_time_now() - __atomic_load_n(at, __ATOMIC_RELAXED);

    /* Below 0 the clock was set back. */
    return age >= 0 && age < TEND_INTERVAL;
}

/* Under the tending mutex. */
static void tend_unless_done(afp_inbox_t *inbox, afp_session_t *session)
{
    if (!is_recent(&inbox->tended_at)) {
        tend(inbox, session);
        __atomic_store_n(&inbox->tended_at, apr_time_now(), __ATOMIC_RELAXED);
    }
}

/* At most once a second, by one thread at a time; others pass. */
static void tend_if_due(afp_inbox_t *inbox, afp_session_t *session)
{
    if (is_recent(&inbox->tended_at) || apr_thread_mutex_trylock(inbox->tending) != APR_SUCCESS) {
        return;
    }
    tend_unless_done(inbox, session);
    apr_thread_mutex_unlock(inbox->tending);
}

/* A child that has just started knows no tenant yet. */
static void await_first_tending(afp_inbox_t *inbox)
{
    apr_time_t deadline = apr_time_now() + FIRST_PATIENCE;
    apr_interval_time_t patience;

    apr_thread_mutex_lock(inbox->mutex);
    while (!__atomic_load_n(&inbox->tended_at, __ATOMIC_RELAXED) && !inbox->stopping &&
           (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(inbox->tended, inbox->mutex, patience);
    }
    apr_thread_mutex_unlock(inbox->mutex);
}

void afp_inbox_freshen(afp_inbox_t *inbox)
{
    sigset_t signals;
    int i;

    if (inbox->config.mode == AFP_INBOX_THREADS) {
        if (!__atomic_load_n(&inbox->tended_at, __ATOMIC_RELAXED)) {
            await_first_tending(inbox);
        }
        return;
    }
    if (is_recent(&inbox->freshened_at)) {
        return;
    }
    /* Reading only: the request has no time to wait for the turn to write twice. */
    afp_signals_hold(&signals);
    apr_thread_mutex_lock(inbox->tending);
    for (i = 0; i < inbox->config.site_count; i++) {
        (void)afp_tenants_refresh(inbox->config.sites[i]->tenants, inbox->committers[0].session);
    }
    __atomic_store_n(&inbox->freshened_at, apr_time_now(), __ATOMIC_RELAXED);
    inbox->used_at = apr_time_now();
    apr_thread_mutex_unlock(inbox->tending);
    afp_signals_release(&signals);
}

void afp_inbox_tend(afp_inbox_t *inbox, int works_here)
{
    afp_session_t *session = inbox->committers[0].session;

    if (inbox->config.mode != AFP_INBOX_CALLER) {
        return;
    }
    if (apr_thread_mutex_trylock(inbox->tending) == APR_SUCCESS) {
        if (works_here || apr_time_now() - inbox->used_at < IDLE_CONNECTION) {
            tend_unless_done(inbox, session);
            afp_session_check_point(session);
        } else {
            afp_session_close(session);
        }
        apr_thread_mutex_unlock(inbox->tending);
    }
}

/* ---- committing ---- */

static void tell_stored(afp_inbox_t *inbox, const entry_t *entry)
{
    const afp_delivery_t *delivery = &entry->delivery;

    if (!*delivery->ignored && !delivery->held && !strcmp(delivery->first_id, delivery->id)) {
        inbox->config.stored(inbox->config.baton, entry->site, delivery);
    }
}

/* The entry belongs to its request from then on, which may be gone before the signal: an entry's
 * condition lives as long as the inbox. */
static void finish_entry(afp_inbox_t *inbox, entry_t *entry, apr_status_t rv)
{
    int is_abandoned;

    apr_thread_mutex_lock(entry->mutex);
    is_abandoned = entry->state == ENTRY_ABANDONED;
    entry->state = rv == APR_SUCCESS ? ENTRY_DONE : ENTRY_FAILED;
    apr_thread_mutex_unlock(entry->mutex);
    if (is_abandoned) {
        give_back(inbox, entry);
    } else {
        apr_thread_cond_signal(entry->finished);
    }
}

/* An afp_delivery_take_t: the batch is what is queued. */
static int take_batch(void *baton, afp_delivery_t **deliveries)
{
    committer_t *committer = baton;
    afp_inbox_t *inbox = committer->inbox;
    int count = 0;

    apr_thread_mutex_lock(inbox->mutex);
    while (inbox->first && count < AFP_DELIVERY_BATCH) {
        committer->batch[count] = inbox->first;
        deliveries[count++] = &inbox->first->delivery;
        inbox->first = inbox->first->next;
        inbox->queued--;
    }
    if (!inbox->first) {
        inbox->last = &inbox->first;
    }
    apr_thread_mutex_unlock(inbox->mutex);
    committer->count = count;
    return count;
}

/* With one writer for all children the batch is taken when it is this child's turn, so that it has
 * grown while others wrote; elsewhere at once, so that the next one is another committer's. */
static apr_status_t store_batch(committer_t *committer)
{
    afp_delivery_t *deliveries[AFP_DELIVERY_BATCH];
    apr_status_t rv;

    committer->count = 0;
    if (committer->inbox->config.database->dialect->one_writer) {
        rv = afp_delivery_store_late(committer->store, take_batch, committer);
        if (rv != APR_SUCCESS && !committer->count) {
            take_batch(committer, deliveries);
        }
        return rv;
    }
    return take_batch(committer, deliveries)
               ? afp_delivery_store(committer->store, deliveries, committer->count)
               : APR_SUCCESS;
}

static void commit_batch(committer_t *committer)
{
    afp_inbox_t *inbox = committer->inbox;
    apr_status_t rv = store_batch(committer);
    int i;

    for (i = 0; i < committer->count && rv == APR_SUCCESS; i++) {
        tell_stored(inbox, committer->batch[i]);
    }
    if (rv != APR_SUCCESS) {
        apr_thread_mutex_lock(inbox->mutex);
        inbox->failed_until = apr_time_now() + FAILURE_PAUSE;
        apr_thread_mutex_unlock(inbox->mutex);
    }
    for (i = 0; i < committer->count; i++) {
        finish_entry(inbox, committer->batch[i], rv);
    }
    if (rv != APR_SUCCESS) {
        afp_log(inbox->config.database->logger, AFP_LOG_ERROR,
                AFPNO(0301) "%d deliveries could not be stored and were answered with 503, "
                            "Pinpoint sends them again: check the database of DBDParams (%s)",
                committer->count, inbox->config.database->driver_name);
    }
}

/* Under the inbox's mutex. A lone request is not kept waiting; several are given up to a
 * millisecond for as many to join as the last batch had. */
static void gather(afp_inbox_t *inbox, int last_count)
{
    if (inbox->queued > 1 && inbox->queued < last_count && !inbox->stopping) {
        inbox->wanted = last_count;
        apr_thread_cond_timedwait(inbox->arrived, inbox->mutex, GATHER);
        inbox->wanted = 0;
    }
}

static void *APR_THREAD_FUNC committer_main(apr_thread_t *thread, void *data)
{
    committer_t *committer = data;
    afp_inbox_t *inbox = committer->inbox;

    (void)thread;
    tend_if_due(inbox, committer->session);
    apr_thread_mutex_lock(inbox->mutex);
    apr_thread_cond_broadcast(inbox->tended);
    while (inbox->first || !inbox->stopping) {
        if (!inbox->first) {
            inbox->idle++;
            apr_thread_cond_timedwait(inbox->arrived, inbox->mutex, TEND_INTERVAL);
            inbox->idle--;
        }
        if (inbox->first) {
            gather(inbox, committer->count);
            apr_thread_mutex_unlock(inbox->mutex);
            commit_batch(committer);
        } else {
            apr_thread_mutex_unlock(inbox->mutex);
        }
        afp_session_check_point(committer->session);
        tend_if_due(inbox, committer->session);
        apr_thread_mutex_lock(inbox->mutex);
    }
    apr_thread_mutex_unlock(inbox->mutex);
    if (committer == inbox->committers) {
        apr_thread_mutex_lock(inbox->tending);
        tend(inbox, committer->session);
        apr_thread_mutex_unlock(inbox->tending);
    }
    afp_session_close(committer->session);
    apr_thread_mutex_lock(inbox->mutex);
    inbox->running--;
    apr_thread_cond_signal(inbox->ended);
    apr_thread_mutex_unlock(inbox->mutex);
    return NULL;
}

/* ---- the request's side ---- */

static int has_just_failed(const afp_inbox_t *inbox)
{
    apr_interval_time_t left = inbox->failed_until - apr_time_now();

    return left > 0 && left <= FAILURE_PAUSE;
}

static afp_inbox_result_t result_of(const entry_t *entry)
{
    /* No first_id: neither this row nor that of which it would be a repeat is there. */
    if (entry->state == ENTRY_FAILED || !*entry->delivery.first_id) {
        return AFP_INBOX_FAILED;
    }
    return strcmp(entry->delivery.first_id, entry->delivery.id) ? AFP_INBOX_REPEAT
                                                                : AFP_INBOX_STORED;
}

static afp_inbox_result_t wait_for_commit(entry_t *entry, apr_time_t deadline)
{
    afp_inbox_result_t result = AFP_INBOX_LATE;
    apr_interval_time_t patience;

    apr_thread_mutex_lock(entry->mutex);
    while (entry->state == ENTRY_WAITING && (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(entry->finished, entry->mutex, patience);
    }
    if (entry->state == ENTRY_WAITING) {
        entry->state = ENTRY_ABANDONED;
    } else {
        result = result_of(entry);
    }
    apr_thread_mutex_unlock(entry->mutex);
    return result;
}

static afp_inbox_result_t put_and_wait(afp_inbox_t *inbox, afp_site_t *site,
                                       afp_delivery_t *delivery, apr_time_t deadline)
{
    afp_inbox_result_t result;
    entry_t *entry;
    int awaited;

    apr_thread_mutex_lock(inbox->mutex);
    entry = inbox->stopping || has_just_failed(inbox) ? NULL : take_entry(inbox);
    if (!entry) {
        apr_thread_mutex_unlock(inbox->mutex);
        return AFP_INBOX_FULL;
    }
    entry->site = site;
    entry->delivery = *delivery;
    *inbox->last = entry;
    inbox->last = &entry->next;
    inbox->queued++;
    awaited = inbox->idle || (inbox->wanted && inbox->queued >= inbox->wanted);
    apr_thread_mutex_unlock(inbox->mutex);
    if (awaited) {
        apr_thread_cond_signal(inbox->arrived);
    }

    result = wait_for_commit(entry, deadline);
    if (result != AFP_INBOX_LATE) {
        apr_cpystrn(delivery->first_id, entry->delivery.first_id, sizeof(delivery->first_id));
        give_back(inbox, entry);
    }
    return result;
}

/* Prefork: one request at a time lives in this process, besides the ticker. */
static afp_inbox_result_t commit_own(afp_inbox_t *inbox, afp_site_t *site, afp_delivery_t *delivery)
{
    committer_t *committer = &inbox->committers[0];
    afp_delivery_t *deliveries[] = {delivery};
    entry_t entry = {.site = site};
    sigset_t signals;
    apr_status_t rv;

    if (inbox->stopping || has_just_failed(inbox)) {
        return AFP_INBOX_FULL;
    }
    afp_signals_hold(&signals);
    apr_thread_mutex_lock(inbox->tending);
    rv = afp_delivery_store(committer->store, deliveries, 1);
    inbox->used_at = apr_time_now();
    if (rv != APR_SUCCESS) {
        inbox->failed_until = inbox->used_at + FAILURE_PAUSE;
    }
    apr_thread_mutex_unlock(inbox->tending);
    entry.delivery = *delivery;
    entry.state = rv == APR_SUCCESS ? ENTRY_DONE : ENTRY_FAILED;
    if (rv == APR_SUCCESS) {
        tell_stored(inbox, &entry);
    } else {
        afp_log(inbox->config.database->logger, AFP_LOG_ERROR,
                AFPNO(0302) "a delivery could not be stored and was answered with 503, Pinpoint "
                            "sends it again: check the database of DBDParams (%s)",
                inbox->config.database->driver_name);
    }
    if (rv == APR_SUCCESS) {
        tend_if_due(inbox, committer->session);
    }
    afp_signals_release(&signals);
    return result_of(&entry);
}

afp_inbox_result_t afp_inbox_put(afp_inbox_t *inbox, afp_site_t *site, afp_delivery_t *delivery,
                                 apr_time_t deadline)
{
    return inbox->config.mode == AFP_INBOX_CALLER ? commit_own(inbox, site, delivery)
                                                  : put_and_wait(inbox, site, delivery, deadline);
}

/* ---- life ---- */

static apr_status_t make_entries(afp_inbox_t *inbox, apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < inbox->config.waiters && rv == APR_SUCCESS; i++) {
        entry_t *entry = apr_pcalloc(pool, sizeof(*entry));

        rv = apr_thread_mutex_create(&entry->mutex, APR_THREAD_MUTEX_DEFAULT, pool);
        if (rv == APR_SUCCESS) {
            rv = apr_thread_cond_create(&entry->finished, pool);
        }
        entry->next = inbox->free;
        inbox->free = entry;
    }
    return rv;
}

int afp_inbox_stop(afp_inbox_t *inbox, apr_interval_time_t patience)
{
    apr_time_t deadline = apr_time_now() + patience;
    apr_status_t ignored;
    int running;
    int i;

    apr_thread_mutex_lock(inbox->mutex);
    inbox->stopping = 1;
    apr_thread_cond_broadcast(inbox->arrived);
    while (inbox->running && (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(inbox->ended, inbox->mutex, patience);
    }
    running = inbox->running;
    apr_thread_mutex_unlock(inbox->mutex);
    for (i = 0; i < inbox->committer_count && !running; i++) {
        if (inbox->committers[i].thread) {
            apr_thread_join(&ignored, inbox->committers[i].thread);
        }
    }
    return !running;
}

static apr_status_t start_committer(committer_t *committer, apr_pool_t *pool)
{
    afp_inbox_t *inbox = committer->inbox;
    apr_status_t rv;

    apr_thread_mutex_lock(inbox->mutex);
    rv = apr_thread_create(&committer->thread, NULL, committer_main, committer, pool);
    if (rv == APR_SUCCESS) {
        inbox->running++;
    } else {
        committer->thread = NULL;
    }
    apr_thread_mutex_unlock(inbox->mutex);
    return rv;
}

afp_inbox_t *afp_inbox_make(apr_pool_t *pool, const afp_inbox_config_t *config)
{
    afp_inbox_t *inbox = apr_pcalloc(pool, sizeof(*inbox));
    apr_status_t rv;
    int i;

    inbox->config = *config;
    inbox->last = &inbox->first;
    inbox->committer_count =
        config->mode == AFP_INBOX_CALLER ? 1 : config->database->dialect->committers;
    inbox->committers = apr_pcalloc(pool, sizeof(committer_t) * (size_t)inbox->committer_count);
    rv = apr_thread_mutex_create(&inbox->mutex, APR_THREAD_MUTEX_DEFAULT, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&inbox->tending, APR_THREAD_MUTEX_DEFAULT, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&inbox->arrived, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&inbox->ended, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&inbox->tended, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = make_entries(inbox, pool);
    }
    for (i = 0; i < inbox->committer_count && rv == APR_SUCCESS; i++) {
        committer_t *committer = &inbox->committers[i];
        apr_pool_t *own;

        committer->inbox = inbox;
        rv = apr_pool_create(&own, pool);
        if (rv == APR_SUCCESS) {
            committer->session = afp_session_make(own, config->database);
            committer->store = afp_delivery_store_make(own, committer->session);
        }
        if (rv == APR_SUCCESS && config->mode == AFP_INBOX_THREADS) {
            rv = start_committer(committer, own);
        }
    }
    if (rv != APR_SUCCESS) {
        if (inbox->running) {
            (void)afp_inbox_stop(inbox, STOP_PATIENCE);
        }
        return NULL;
    }
    return inbox;
}
