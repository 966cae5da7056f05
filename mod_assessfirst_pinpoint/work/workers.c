#include "work/workers.h"

#include "core/reason.h"
#include "core/signature.h"
#include "core/text.h"
#include "work/job.h"
#include "work/tenants.h"

#include <apr_atomic.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_pool.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define TENANTS_A_LOOK 32
#define LONGEST_PAUSE  apr_time_from_sec(5)
#define MORE_IN_A_ROW  2

/* What one worker owns; used by one task at a time. */
typedef struct {
    afp_workers_t *workers;
    int busy; /* under the workers' mutex, as are the next five */
    char hinted_tenant[AFP_ID_LENGTH + 1];
    char hinted_id[AFP_ID_LENGTH + 1];
    char holding[AFP_ID_LENGTH + 1]; /* the tenant whose backlog it holds, or "" */
    int running;                     /* `follow_up` is leased to this worker */
    afp_follow_up_t follow_up;
    const afp_database_t *running_on;
    apr_pool_t *pool; /* the worker's own, with its own allocator */
    apr_pool_t *run;  /* one follow-up */
    afp_http_client_t *client;
    afp_session_t **sessions; /* one per database, in the order of `databases` */
} worker_t;

/* A tenant without budget is left alone until then; not for long, since its token may change. */
typedef struct {
    char company_uuid[AFP_ID_LENGTH + 1];
    apr_time_t until;
} pause_t;

#define PAUSES      256
#define CLAIM_PAUSE APR_USEC_PER_SEC /* the ticker's interval */

struct afp_workers_t {
    afp_workers_config_t config;
    const afp_database_t **databases;
    int database_count;
    apr_thread_pool_t *threads;
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *idle;
    worker_t *worker;
    int busy;
    int stopping;
    volatile apr_uint32_t abort;
    char cursor[AFP_ID_LENGTH + 1]; /* the tenant served last, for the round */
    pause_t pauses[PAUSES];
    int next_pause;
    afp_models_t *models;
};

/* ---- tenants ---- */

static afp_site_t *find_site(const afp_workers_t *workers, const char *company_uuid,
                             afp_tenant_t *tenant)
{
    int i;

    for (i = 0; i < workers->config.site_count; i++) {
        if (afp_tenants_get(workers->config.sites[i]->tenants, company_uuid, tenant)) {
            return workers->config.sites[i];
        }
    }
    return NULL;
}

/* Under the mutex: the tenant's pause that is not over, or NULL. */
static pause_t *find_pause(afp_workers_t *workers, const char *company_uuid)
{
    apr_time_t now = apr_time_now();
    int i;

    for (i = 0; i < PAUSES; i++) {
        apr_interval_time_t left = workers->pauses[i].until - now;

        /* Further away than the longest the clock was set back. */
        if (left > 0 && left <= LONGEST_PAUSE &&
            !strcmp(workers->pauses[i].company_uuid, company_uuid)) {
            return &workers->pauses[i];
        }
    }
    return NULL;
}

/* Under the mutex: another worker holds the tenant's backlog, one batch after the other. */
static int is_held_by_another(const worker_t *worker, const char *company_uuid)
{
    const afp_workers_t *workers = worker->workers;
    int i;

    for (i = 0; i < workers->config.threads; i++) {
        if (&workers->worker[i] != worker && !strcmp(workers->worker[i].holding, company_uuid)) {
            return 1;
        }
    }
    return 0;
}

/* Whether this worker had better not look at a tenant now. */
static int is_paused(worker_t *worker, const char *company_uuid)
{
    afp_workers_t *workers = worker->workers;
    int paused;

    apr_thread_mutex_lock(workers->mutex);
    paused = find_pause(workers, company_uuid) || is_held_by_another(worker, company_uuid);
    apr_thread_mutex_unlock(workers->mutex);
    return paused;
}

/* One worker is enough for a backlog that is to be held: all of them would wait for each other. 1
 * if it is this one. */
static int go_on_holding(worker_t *worker, const char *company_uuid)
{
    int is_ours;

    apr_thread_mutex_lock(worker->workers->mutex);
    is_ours = !is_held_by_another(worker, company_uuid);
    if (is_ours) {
        apr_cpystrn(worker->holding, company_uuid, sizeof(worker->holding));
    }
    apr_thread_mutex_unlock(worker->workers->mutex);
    return is_ours;
}

static void end_holding(worker_t *worker, const char *company_uuid)
{
    apr_thread_mutex_lock(worker->workers->mutex);
    if (!strcmp(worker->holding, company_uuid)) {
        *worker->holding = '\0';
    }
    apr_thread_mutex_unlock(worker->workers->mutex);
}

static void pause_tenant(afp_workers_t *workers, const char *company_uuid,
                         apr_interval_time_t delay)
{
    pause_t *pause;

    apr_thread_mutex_lock(workers->mutex);
    pause = find_pause(workers, company_uuid);
    if (!pause) {
        pause = &workers->pauses[workers->next_pause];
        workers->next_pause = (workers->next_pause + 1) % PAUSES;
    }
    apr_cpystrn(pause->company_uuid, company_uuid, sizeof(pause->company_uuid));
    pause->until = apr_time_now() + (delay < LONGEST_PAUSE ? delay : LONGEST_PAUSE);
    apr_thread_mutex_unlock(workers->mutex);
}

/* Under the mutex: how many follow-ups of a tenant run here. */
static int count_running(const afp_workers_t *workers, const char *company_uuid)
{
    int count = 0;
    int i;

    for (i = 0; i < workers->config.threads; i++) {
        count += workers->worker[i].running &&
                 !strcmp(workers->worker[i].follow_up.company_uuid, company_uuid);
    }
    return count;
}

/* ---- one follow-up ---- */

/* What ends makes room for another one of the tenant. */
static void note_running(worker_t *worker, const afp_follow_up_t *follow_up,
                         const afp_database_t *database)
{
    pause_t *pause;

    apr_thread_mutex_lock(worker->workers->mutex);
    worker->running = follow_up != NULL;
    if (follow_up) {
        worker->follow_up = *follow_up;
        worker->running_on = database;
        /* Which may take long. */
        *worker->holding = '\0';
    } else {
        pause = find_pause(worker->workers, worker->follow_up.company_uuid);
        if (pause) {
            pause->until = 0;
        }
    }
    apr_thread_mutex_unlock(worker->workers->mutex);
}

static void log_end(const afp_job_t *job, const afp_end_t *end, apr_status_t rv)
{
    const afp_follow_up_t *follow_up = job->follow_up;
    const char *what = end->kind == AFP_END_FINISH ? end->result
                       : end->kind == AFP_END_PARK ? "held: an API refused us"
                                                   : "due again";

    if (rv == APR_NOTFOUND) {
        afp_log(job->site->logger, AFP_LOG_INFO,
                AFPNO(0310) "tenant %s: follow-up %s (%s) lost its lease to another worker; "
                            "nothing was changed",
                follow_up->company_uuid, follow_up->id, follow_up->kind);
    } else if (rv != APR_SUCCESS) {
        afp_log(job->site->logger, AFP_LOG_INFO,
                AFPNO(0311) "tenant %s: the end of follow-up %s (%s: %s) could not be stored; its "
                            "lease will run out and it is tried again",
                follow_up->company_uuid, follow_up->id, follow_up->kind, what);
    } else {
        afp_log(job->site->logger, AFP_LOG_INFO,
                AFPNO(0312) "tenant %s: follow-up %s (%s) of application %s, delivery %s, try %d: "
                            "%s",
                follow_up->company_uuid, follow_up->id, follow_up->kind,
                *follow_up->application_id ? follow_up->application_id : "-",
                *follow_up->delivery_id ? follow_up->delivery_id : "-", follow_up->attempts, what);
    }
    if (rv == APR_SUCCESS && end->park_api) {
        afp_log(job->site->logger, AFP_LOG_NOTICE,
                AFPNO(0313) "tenant %s needs attention: %s refused us; its work waits until a "
                            "check succeeds, the administrator sees why on the marketplace page",
                follow_up->company_uuid, end->park_api);
    }
}

/* 1 if the end asks for something that is due now. */
static int asks_for_more(const afp_end_t *end)
{
    int i;

    for (i = 0; i < AFP_END_NEXT; i++) {
        if (end->next[i].kind && !end->next[i].delay) {
            return 1;
        }
    }
    return 0;
}

/* 1 if the tenant has more to be done at once because of it. */
static int run(worker_t *worker, afp_session_t *session, const afp_site_t *site,
               const afp_tenant_t *tenant, const afp_follow_up_t *follow_up,
               const char *token_digest)
{
    int calls = 0;
    const afp_job_t job = {
        .site = site,
        .tenant = tenant,
        .follow_up = follow_up,
        .token = afp_site_token(site, tenant),
        .token_digest = token_digest,
        .token_owner = afp_site_token_owner(site, tenant),
        .session = session,
        .client = worker->client,
        .models = worker->workers->models,
        .calls = &calls,
        .pool = worker->run,
    };
    afp_end_t end;
    apr_status_t rv;

    note_running(worker, follow_up, site->database);
    afp_job_run(&job, &end);
    if (!end.reason) {
        end.reason = "";
    }
    end.reason = afp_text_shorten(worker->run, end.reason, AFP_REASON_LIMIT);
    if (*token_digest) {
        end.token_digest = token_digest;
        end.unused_calls = afp_follow_up_calls(follow_up->kind) - calls;
    }
    rv = afp_follow_up_end(session, follow_up, &end);
    note_running(worker, NULL, NULL);
    log_end(&job, &end, rv);
    return rv == APR_SUCCESS && asks_for_more(&end);
}

/* Claims one follow-up with the settings at hand; they may be older than the database's. */
static apr_status_t claim_with(afp_session_t *session, const afp_site_t *site,
                               const afp_tenant_t *tenant, afp_claim_t *claim,
                               char token_digest[65])
{
    const char *token = afp_site_token(site, tenant);

    *token_digest = '\0';
    if (*token) {
        afp_signature_digest(token, strlen(token), token_digest);
    }
    claim->generation = tenant->generation;
    claim->token_digest = token_digest;
    claim->token_owner = afp_site_token_owner(site, tenant);
    return afp_follow_up_claim(session, claim);
}

/* Claims and runs one follow-up of a tenant, or holds a batch of many; 1 if there was one, and
 * *more if that asked for something that should not wait for the other tenants' turns. */
static int serve_once(worker_t *worker, int database, const char *company_uuid,
                      const char *wanted_id, int *more)
{
    afp_workers_t *workers = worker->workers;
    afp_session_t *session = worker->sessions[database];
    char token_digest[65];
    afp_tenant_t tenant;
    afp_claim_t claim = {
        .company_uuid = company_uuid,
        .wanted_id = wanted_id,
        .lease_time = AFP_LEASE_TIME,
    };
    afp_site_t *site = find_site(workers, company_uuid, &tenant);
    int served = 0;
    int holding = 0;
    apr_status_t rv;

    *more = 0;
    if (!site || site->database != workers->databases[database]) {
        return 0;
    }
    rv = claim_with(session, site, &tenant, &claim, token_digest);
    if (rv == APR_SUCCESS && claim.result == AFP_CLAIM_STALE &&
        afp_tenants_reread(site->tenants, session, company_uuid) == APR_SUCCESS &&
        afp_tenants_get(site->tenants, company_uuid, &tenant)) {
        rv = claim_with(session, site, &tenant, &claim, token_digest);
    }
    if (rv == APR_SUCCESS && claim.result == AFP_CLAIM_TAKEN) {
        *more = run(worker, session, site, &tenant, &claim.follow_up, token_digest);
        served = 1;
    } else if (rv == APR_SUCCESS && claim.result == AFP_CLAIM_HELD && claim.more) {
        /* The other tenants have their turn before the next batch. */
        holding = go_on_holding(worker, company_uuid);
        served = holding;
    } else if (rv == APR_SUCCESS && claim.result == AFP_CLAIM_BUDGET) {
        pause_tenant(workers, company_uuid, claim.until - afp_session_now(session));
    } else if (rv == APR_SUCCESS &&
               (claim.result == AFP_CLAIM_ENOUGH || claim.result == AFP_CLAIM_HELD)) {
        pause_tenant(workers, company_uuid, CLAIM_PAUSE);
    }
    if (!holding) {
        end_holding(worker, company_uuid);
    }
    OPENSSL_cleanse(&tenant, sizeof(tenant));
    return served;
}

static int is_stopping(afp_workers_t *workers)
{
    int stopping;

    apr_thread_mutex_lock(workers->mutex);
    stopping = workers->stopping;
    apr_thread_mutex_unlock(workers->mutex);
    return stopping;
}

/* Whoever waits for a result waits for the write-back as well. At most a few in a row: the tenant
 * may have a backlog, and the other tenants their turns. */
static int serve_tenant(worker_t *worker, int database, const char *company_uuid,
                        const char *wanted_id)
{
    int more;
    int served = serve_once(worker, database, company_uuid, wanted_id, &more);
    int i;

    for (i = 0; more && i < MORE_IN_A_ROW && !is_stopping(worker->workers); i++) {
        serve_once(worker, database, company_uuid, NULL, &more);
    }
    return served;
}

/* ---- fair choice ---- */

static int compare_ids(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void move_cursor(afp_workers_t *workers, const char *company_uuid)
{
    apr_thread_mutex_lock(workers->mutex);
    apr_cpystrn(workers->cursor, company_uuid, sizeof(workers->cursor));
    apr_thread_mutex_unlock(workers->mutex);
}

/* Serves one follow-up of the next tenant in the round that has due work; 1 if there was one. */
static int serve_next(worker_t *worker, int database)
{
    afp_workers_t *workers = worker->workers;
    char cursor[AFP_ID_LENGTH + 1];
    apr_array_header_t *due;
    const char **tenants;
    int start = 0;
    int i;

    apr_thread_mutex_lock(workers->mutex);
    apr_cpystrn(cursor, workers->cursor, sizeof(cursor));
    apr_thread_mutex_unlock(workers->mutex);
    if (afp_follow_up_due(worker->sessions[database], cursor, TENANTS_A_LOOK, worker->run, &due) !=
        APR_SUCCESS) {
        return 0;
    }
    tenants = (const char **)due->elts;
    qsort(tenants, (size_t)due->nelts, sizeof(*tenants), compare_ids);
    while (start < due->nelts && strcmp(tenants[start], cursor) <= 0) {
        start++;
    }
    for (i = 0; i < due->nelts; i++) {
        const char *company_uuid = tenants[(start + i) % due->nelts];

        move_cursor(workers, company_uuid);
        if (!is_paused(worker, company_uuid) &&
            serve_tenant(worker, database, company_uuid, NULL)) {
            return 1;
        }
    }
    return 0;
}

/* ---- tasks ---- */

/* A tenant that the page has just made may not be in the snapshot yet. */
static void learn_tenant(worker_t *worker, int database, const char *company_uuid)
{
    const afp_workers_config_t *config = &worker->workers->config;
    afp_tenant_t tenant;
    int i;

    for (i = 0; i < config->site_count && !find_site(worker->workers, company_uuid, &tenant); i++) {
        if (config->sites[i]->database == worker->workers->databases[database]) {
            (void)afp_tenants_reread(config->sites[i]->tenants, worker->sessions[database],
                                     company_uuid);
        }
    }
    OPENSSL_cleanse(&tenant, sizeof(tenant));
}

/* Works off the hint, then whatever is due, until there is nothing more. */
static void *APR_THREAD_FUNC worker_task(apr_thread_t *thread, void *data)
{
    worker_t *worker = data;
    afp_workers_t *workers = worker->workers;
    int served;
    int i;

    (void)thread;
    for (i = 0; *worker->hinted_tenant && i < workers->database_count && !is_stopping(workers);
         i++) {
        apr_pool_clear(worker->run);
        if (!is_paused(worker, worker->hinted_tenant)) {
            learn_tenant(worker, i, worker->hinted_tenant);
            serve_tenant(worker, i, worker->hinted_tenant,
                         *worker->hinted_id ? worker->hinted_id : NULL);
        }
    }
    do {
        served = 0;
        for (i = 0; i < workers->database_count && !is_stopping(workers); i++) {
            apr_pool_clear(worker->run);
            served += serve_next(worker, i);
        }
    } while (served && !is_stopping(workers));
    apr_pool_clear(worker->run);
    apr_thread_mutex_lock(workers->mutex);
    *worker->holding = '\0';
    worker->busy = 0;
    workers->busy--;
    apr_thread_cond_broadcast(workers->idle);
    apr_thread_mutex_unlock(workers->mutex);
    return NULL;
}

/* Under the mutex: a worker that could claim something of this tenant (NULL: of any) now. Whoever
 * runs its follow-ups looks for the next one by himself. */
static worker_t *find_worker(afp_workers_t *workers, const char *company_uuid)
{
    worker_t *worker = NULL;
    int i;

    if (company_uuid && (find_pause(workers, company_uuid) ||
                         count_running(workers, company_uuid) >= AFP_IN_FLIGHT_CAP)) {
        return NULL;
    }
    for (i = 0; i < workers->config.threads && !workers->stopping && !worker; i++) {
        if (!workers->worker[i].busy) {
            worker = &workers->worker[i];
        }
    }
    return worker;
}

void afp_workers_hint(afp_workers_t *workers, const char *company_uuid, const char *follow_up_id)
{
    worker_t *worker;

    apr_thread_mutex_lock(workers->mutex);
    worker = find_worker(workers, company_uuid);
    if (worker) {
        worker->busy = 1;
        workers->busy++;
        apr_cpystrn(worker->hinted_tenant, company_uuid ? company_uuid : "",
                    sizeof(worker->hinted_tenant));
        apr_cpystrn(worker->hinted_id, follow_up_id ? follow_up_id : "", sizeof(worker->hinted_id));
        if (apr_thread_pool_push(workers->threads, worker_task, worker,
                                 APR_THREAD_TASK_PRIORITY_NORMAL, workers) != APR_SUCCESS) {
            worker->busy = 0;
            workers->busy--;
        }
    }
    apr_thread_mutex_unlock(workers->mutex);
}

int afp_workers_free(afp_workers_t *workers)
{
    int count;

    apr_thread_mutex_lock(workers->mutex);
    count = workers->stopping ? 0 : workers->config.threads - workers->busy;
    apr_thread_mutex_unlock(workers->mutex);
    return count;
}

void afp_workers_renew(afp_workers_t *workers, afp_session_t *session)
{
    afp_follow_up_t *follow_ups = calloc((size_t)workers->config.threads, sizeof(*follow_ups));
    int count = 0;
    int i;

    if (!follow_ups) {
        return;
    }
    apr_thread_mutex_lock(workers->mutex);
    for (i = 0; i < workers->config.threads; i++) {
        worker_t *worker = &workers->worker[i];

        if (worker->running && worker->running_on == afp_session_database(session)) {
            follow_ups[count++] = worker->follow_up;
        }
    }
    apr_thread_mutex_unlock(workers->mutex);
    (void)afp_follow_up_renew(session, follow_ups, count, AFP_LEASE_TIME);
    free(follow_ups);
}

/* ---- life ---- */

static void list_databases(afp_workers_t *workers, apr_pool_t *pool)
{
    int i, j;

    workers->databases =
        apr_palloc(pool, sizeof(*workers->databases) * (size_t)workers->config.site_count);
    for (i = 0; i < workers->config.site_count; i++) {
        const afp_database_t *database = workers->config.sites[i]->database;

        for (j = 0; j < workers->database_count && workers->databases[j] != database; j++) {
        }
        if (j == workers->database_count) {
            workers->databases[workers->database_count++] = database;
        }
    }
}

static apr_status_t make_worker(afp_workers_t *workers, worker_t *worker)
{
    apr_allocator_t *allocator;
    apr_status_t rv = apr_allocator_create(&allocator);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_allocator_max_free_set(allocator, 64 * 1024);
    rv = apr_pool_create_ex(&worker->pool, NULL, NULL, allocator);
    if (rv != APR_SUCCESS) {
        apr_allocator_destroy(allocator);
        return rv;
    }
    apr_allocator_owner_set(allocator, worker->pool);
    apr_pool_tag(worker->pool, "afp_worker");
    worker->workers = workers;
    worker->client = afp_http_client_make(worker->pool, &workers->abort);
    worker->sessions =
        apr_palloc(worker->pool, sizeof(*worker->sessions) * (size_t)workers->database_count);
    for (i = 0; i < workers->database_count; i++) {
        worker->sessions[i] = afp_session_make(worker->pool, workers->databases[i]);
    }
    rv = apr_pool_create(&worker->run, worker->pool);
    return worker->client ? rv : APR_ENOMEM;
}

/* Of workers that could not all be started. */
static void discard(afp_workers_t *workers, apr_pool_t *own)
{
    int i;

    for (i = 0; i < workers->config.threads; i++) {
        if (workers->worker[i].pool) {
            apr_pool_destroy(workers->worker[i].pool);
        }
    }
    apr_pool_destroy(own);
}

afp_workers_t *afp_workers_make(apr_pool_t *pool, const afp_workers_config_t *config)
{
    afp_workers_t *workers;
    apr_pool_t *own;
    apr_status_t rv = apr_pool_create(&own, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return NULL;
    }
    workers = apr_pcalloc(own, sizeof(*workers));
    workers->config = *config;
    list_databases(workers, own);
    workers->worker = apr_pcalloc(own, sizeof(worker_t) * (size_t)config->threads);
    workers->models = afp_models_make(own);
    rv = workers->models ? apr_thread_mutex_create(&workers->mutex, APR_THREAD_MUTEX_DEFAULT, own)
                         : APR_ENOMEM;
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&workers->idle, own);
    }
    for (i = 0; i < config->threads && rv == APR_SUCCESS; i++) {
        rv = make_worker(workers, &workers->worker[i]);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_thread_pool_create(&workers->threads, (apr_size_t)config->threads,
                                    (apr_size_t)config->threads, own);
    }
    if (rv != APR_SUCCESS) {
        afp_log(config->logger, AFP_LOG_ERROR,
                AFPNO(0314) "the worker threads could not be started (%d); deliveries are stored, "
                            "another child or machine works them off",
                rv);
        discard(workers, own);
        return NULL;
    }
    apr_thread_pool_threshold_set(workers->threads, 0);
    return workers;
}

void afp_workers_stopping(afp_workers_t *workers, int abort)
{
    apr_thread_mutex_lock(workers->mutex);
    workers->stopping = 1;
    apr_thread_mutex_unlock(workers->mutex);
    if (abort) {
        apr_atomic_set32(&workers->abort, 1);
    }
}

int afp_workers_wait(afp_workers_t *workers, apr_interval_time_t patience)
{
    apr_time_t deadline = apr_time_now() + patience;
    int busy;

    apr_thread_mutex_lock(workers->mutex);
    while (workers->busy && (patience = deadline - apr_time_now()) > 0) {
        apr_thread_cond_timedwait(workers->idle, workers->mutex, patience);
    }
    busy = workers->busy;
    apr_thread_mutex_unlock(workers->mutex);
    return !busy;
}

void afp_workers_stop(afp_workers_t *workers)
{
    int i;

    apr_thread_pool_destroy(workers->threads);
    for (i = 0; i < workers->config.threads; i++) {
        apr_pool_destroy(workers->worker[i].pool);
    }
}
