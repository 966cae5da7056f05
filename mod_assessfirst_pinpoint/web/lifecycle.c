#include "web/lifecycle.h"

#include "web/config.h"

#include <ap_mpm.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <util_mutex.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

/* Type name for httpd's Mutex directive. */
#define MUTEX_TYPE "assessfirst-pinpoint"

/* Set in post_config, for the children of this generation. */
static afp_shared_t *shared;

/* Set in child_init. */
static afp_child_t *this_child;

afp_child_t *afp_web_child(void)
{
    return this_child;
}

int afp_lifecycle_pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    return ap_mutex_register(pconf, MUTEX_TYPE, NULL, APR_LOCK_PROC_PTHREAD, 0) == APR_SUCCESS
               ? OK
               : HTTP_INTERNAL_SERVER_ERROR;
}

/* ---- the parent ---- */

static int is_safe_mechanism(const char *name)
{
    return !strcmp(name, "pthread") || !strcmp(name, "fcntl");
}

/* One mutex per database file. It lives in the process's pool, where the next generation finds it
 * again: during a graceful restart both write to the same file. */
static apr_status_t find_mutex(server_rec *server, afp_database_t *database)
{
    apr_pool_t *process_pool = server->process->pool;
    const char *file = afp_database_file(database);
    const char *key;
    const char *lock_file;
    char *full = NULL;
    void *found = NULL;
    apr_global_mutex_t *mutex;
    apr_status_t rv;

    if (!file || database->mutex) {
        return APR_SUCCESS;
    }
    if (apr_filepath_merge(&full, NULL, file, APR_FILEPATH_NOTRELATIVE, process_pool) !=
        APR_SUCCESS) {
        full = apr_pstrdup(process_pool, file);
    }
    key = apr_pstrcat(process_pool, "afp-mutex:", full, NULL);
    apr_pool_userdata_get(&found, key, process_pool);
    if (!found) {
        rv = ap_global_mutex_create(&mutex, &lock_file, MUTEX_TYPE, NULL, server, process_pool, 0);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        if (!is_safe_mechanism(apr_global_mutex_name(mutex))) {
            ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server,
                         AFPNO(0410) "Mutex %s: %s is too slow and not robust here; use "
                                     "\"Mutex pthread " MUTEX_TYPE "\" or leave the directive out",
                         MUTEX_TYPE, apr_global_mutex_name(mutex));
            return APR_ENOTIMPL;
        }
        apr_pool_userdata_setn(mutex, key, NULL, process_pool);
        found = mutex;
    }
    database->mutex = found;
    return APR_SUCCESS;
}

static apr_status_t share_memory(apr_pool_t *pconf)
{
    apr_shm_t *segment;
    apr_status_t rv = apr_shm_create(&segment, sizeof(afp_shared_t), NULL, pconf);

    if (rv == APR_SUCCESS) {
        shared = apr_shm_baseaddr_get(segment);
        memset(shared, 0, sizeof(*shared));
    }
    return rv;
}

int afp_lifecycle_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                              server_rec *server)
{
    const apr_array_header_t *sites = afp_config_sites();
    apr_status_t rv = APR_SUCCESS;
    int i;

    (void)plog;
    (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG || !sites->nelts) {
        return OK;
    }
    for (i = 0; i < sites->nelts && rv == APR_SUCCESS; i++) {
        rv = find_mutex(server, APR_ARRAY_IDX(sites, i, afp_site_t *)->database);
    }
    if (rv == APR_SUCCESS) {
        rv = share_memory(pconf);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, server,
                     AFPNO(0411) "the module's mutex or shared memory cannot be made");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

/* ---- a child ---- */

static apr_status_t stop_child(void *data)
{
    this_child = NULL;
    afp_child_stop(data);
    return APR_SUCCESS;
}

static int request_threads(void)
{
    int threads = 0;

    return ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads) == APR_SUCCESS && threads > 0 ? threads : 1;
}

static int is_threaded(void)
{
    int threaded = 0;

    return ap_mpm_query(AP_MPMQ_IS_THREADED, &threaded) == APR_SUCCESS &&
           threaded != AP_MPMQ_NOT_SUPPORTED;
}

static void attach_mutexes(apr_pool_t *pchild, const apr_array_header_t *sites)
{
    int i;

    for (i = 0; i < sites->nelts; i++) {
        afp_database_t *database = APR_ARRAY_IDX(sites, i, afp_site_t *)->database;

        if (database->mutex) {
            apr_global_mutex_child_init(&database->mutex,
                                        apr_global_mutex_lockfile(database->mutex), pchild);
        }
    }
}

void afp_lifecycle_child_init(apr_pool_t *pchild, server_rec *server)
{
    const apr_array_header_t *sites = afp_config_sites();
    const afp_child_config_t config = {
        .sites = (afp_site_t **)sites->elts,
        .site_count = sites->nelts,
        .workers = afp_config_workers(),
        .worker_children = afp_config_worker_children(),
        .request_threads = request_threads(),
        .mode = is_threaded() ? AFP_INBOX_THREADS : AFP_INBOX_CALLER,
        .shared = shared,
        .logger = sites->nelts ? APR_ARRAY_IDX(sites, 0, afp_site_t *)->logger : NULL,
    };

    (void)server;
    if (!sites->nelts) {
        return;
    }
    attach_mutexes(pchild, sites);
    this_child = afp_child_start(pchild, &config);
    if (this_child) {
        /* Before any sub-pool of the child goes, and so before the threads' memory. */
        apr_pool_pre_cleanup_register(pchild, this_child, stop_child);
    }
}

void afp_lifecycle_child_stopping(apr_pool_t *pchild, int graceful)
{
    (void)pchild;
    if (this_child) {
        afp_child_stopping(this_child, graceful);
    }
}
