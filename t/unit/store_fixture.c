#include "store_fixture.h"

#include "unit_keys.h"

#include <apr_dbd.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const tables[] = {
    "afp_tenant",     "afp_received", "afp_delivery", "afp_follow_up", "afp_finished",
    "afp_invitation", "afp_parking",  "afp_notice",   "afp_budget",    "afp_assessment",
    "afp_written",    "afp_comment",  "afp_field",    "afp_option",    "afp_synchronised",
    "afp_ignored",    "afp_attempt",  "afp_day",      "afp_audit",     "afp_secret",
    "afp_erased",     "afp_checked",  "afp_grant",    "afp_stage",     "afp_meta",
};

static apr_pool_t *program_pool;
static apr_global_mutex_t *mutex;
static char *directory;
static int databases_made;

/* ---- the log ---- */

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static void keep_line(void *baton, afp_log_level_t level, const char *line)
{
    store_t *store = baton;
    size_t used;

    (void)level;
    pthread_mutex_lock(&log_lock);
    used = strlen(store->log);
    apr_snprintf(store->log + used, sizeof(store->log) - used, "%s\n", line);
    pthread_mutex_unlock(&log_lock);
}

/* ---- once for a program ---- */

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

int store_start(void **state)
{
    const char *temporary;
    char *name;

    if (unit_start(state) != 0 || apr_pool_create(&program_pool, NULL) != APR_SUCCESS ||
        apr_temp_dir_get(&temporary, program_pool) != APR_SUCCESS) {
        return -1;
    }
    name = apr_pstrcat(program_pool, temporary, "/afp-store-XXXXXX", NULL);
    directory = mkdtemp(name);
    if (directory == NULL) {
        return -1;
    }
    return apr_global_mutex_create(&mutex, apr_pstrcat(program_pool, directory, "/lock", NULL),
                                   APR_LOCK_PROC_PTHREAD, program_pool) == APR_SUCCESS
               ? 0
               : -1;
}

static void remove_directory(void)
{
    apr_dir_t *dir;
    apr_finfo_t info;

    if (apr_dir_open(&dir, directory, program_pool) != APR_SUCCESS) {
        return;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (info.name[0] != '.') {
            apr_file_remove(apr_pstrcat(program_pool, directory, "/", info.name, NULL),
                            program_pool);
        }
    }
    apr_dir_close(dir);
    apr_dir_remove(directory, program_pool);
}

int store_stop(void **state)
{
    remove_directory();
    apr_pool_destroy(program_pool);
    return unit_end(state);
}

/* ---- before and after each test ---- */

/* Empties a server's database, which all tests of a program share: without its tables, or, if they
 * are there and stay, without their rows. */
static int empty_database(const store_t *store, int bare)
{
    const apr_dbd_driver_t *driver = store->database->driver;
    apr_pool_t *pool;
    apr_dbd_t *handle;
    size_t i;
    int changed;
    int ok;

    apr_pool_create(&pool, store->pool);
    ok = apr_dbd_open_ex(driver, pool, store->database->params, &handle, NULL) == APR_SUCCESS;
    for (i = 0; ok && !bare && i < COUNT_OF(tables) - 1; i++) {
        bare = apr_dbd_query(driver, handle, &changed,
                             apr_pstrcat(pool, "DELETE FROM ", tables[i], NULL)) != 0;
    }
    if (ok && !bare) {
        bare = apr_dbd_query(driver, handle, &changed,
                             "DELETE FROM afp_meta WHERE name NOT IN"
                             " ('version', 'oldest_module', 'generation')") != 0 ||
               apr_dbd_query(driver, handle, &changed,
                             "UPDATE afp_meta SET value = 1 WHERE name = 'generation'") != 0;
    }
    for (i = 0; ok && bare && i < COUNT_OF(tables); i++) {
        ok = apr_dbd_query(driver, handle, &changed,
                           apr_pstrcat(pool, "DROP TABLE IF EXISTS ", tables[i], NULL)) == 0;
    }
    if (ok) {
        apr_dbd_close(driver, handle);
    }
    apr_pool_destroy(pool);
    return ok ? 0 : -1;
}

static int set_up(void **state, int bare)
{
    const char *driver = environment("AFP_TEST_DRIVER");
    const char *params = environment("AFP_TEST_PARAMS");
    const char *why = "";
    apr_pool_t *pool = NULL;
    store_t *store;

    if (apr_pool_create(&pool, program_pool) != APR_SUCCESS) {
        return -1;
    }
    store = apr_pcalloc(pool, sizeof(*store));
    store->pool = pool;
    store->logger = (afp_logger_t){keep_line, store, AFP_LOG_DEBUG};
    if (driver == NULL) {
        driver = "sqlite3";
        params = apr_psprintf(pool, "%s/%d.sqlite", directory, ++databases_made);
    }
    store->database =
        afp_database_make(pool, driver, params != NULL ? params : "", &store->logger, &why);
    if (store->database == NULL) {
        print_error("%s\n", why);
        return -1;
    }
    if (!store->database->dialect->one_writer) {
        /* An earlier program may have left the tables of another schema. */
        if (empty_database(store, bare || databases_made++ == 0) != 0) {
            print_error("the database of AFP_TEST_PARAMS cannot be emptied\n");
            return -1;
        }
    } else {
        store->database->mutex = mutex;
    }
    store->session = afp_session_make(pool, store->database);
    store->witness = afp_session_make(pool, store->database);
    store->place = (afp_tenants_place_t){STORE_SITE, unit_keyring(pool, "one:" KEY_COUNTING)};
    *state = store;
    if (!bare) {
        apr_int64_t generation;

        return afp_tenant_generation(store->session, &generation) == APR_SUCCESS ? 0 : -1;
    }
    return 0;
}

int store_setup(void **state)
{
    return set_up(state, 0);
}

int store_setup_bare(void **state)
{
    return set_up(state, 1);
}

int store_teardown(void **state)
{
    store_t *store = *state;

    apr_pool_destroy(store->pool);
    return 0;
}

afp_session_t *store_other_session(store_t *store, afp_dialect_t **dialect,
                                   afp_database_t **database)
{
    afp_database_t *other = apr_pmemdup(store->pool, store->database, sizeof(*other));

    *dialect = apr_pmemdup(store->pool, other->dialect, sizeof(**dialect));
    other->dialect = *dialect;
    if (database != NULL) {
        *database = other;
    }
    return afp_session_make(store->pool, other);
}

int store_is(const store_t *store, const char *driver)
{
    return strcmp(store->database->driver_name, driver) == 0;
}

/* ---- the witness ---- */

typedef struct {
    store_t *store;
    const char *sql;
    const char *text;
} seen_t;

static apr_status_t execute(afp_session_t *session, void *baton)
{
    seen_t *seen = baton;

    return afp_sql_plain(session, seen->sql);
}

static apr_status_t look(afp_session_t *session, void *baton)
{
    seen_t *seen = baton;
    afp_statement_t *statement = apr_pcalloc(seen->store->pool, sizeof(*statement));
    afp_rows_t *rows;
    apr_status_t rv;
    int first = 1;

    statement->name = "of the witness";
    statement->sql = seen->sql;
    rv = afp_sql_select(session, statement, NULL, &rows);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        if (first) {
            seen->text = apr_pstrdup(seen->store->pool, afp_rows_text(rows, 0));
        }
        first = 0;
    }
    return rv;
}

void store_sql(store_t *store, const char *format, ...)
{
    seen_t seen = {store, NULL, NULL};
    va_list values;

    va_start(values, format);
    seen.sql = apr_pvsprintf(store->pool, format, values);
    va_end(values);
    if (afp_session_write(store->witness, execute, &seen) != APR_SUCCESS) {
        fail_msg("%s", seen.sql);
    }
}

static const char *look_at(store_t *store, const char *format, va_list values)
{
    seen_t seen = {store, apr_pvsprintf(store->pool, format, values), ""};

    if (afp_session_read(store->witness, look, &seen) != APR_SUCCESS) {
        fail_msg("%s", seen.sql);
    }
    return seen.text;
}

const char *store_text(store_t *store, const char *format, ...)
{
    va_list values;
    const char *text;

    va_start(values, format);
    text = look_at(store, format, values);
    va_end(values);
    return text;
}

apr_int64_t store_number(store_t *store, const char *format, ...)
{
    va_list values;
    const char *text;

    va_start(values, format);
    text = look_at(store, format, values);
    va_end(values);
    return apr_atoi64(text);
}

apr_time_t store_now(store_t *store)
{
    apr_int64_t generation;

    if (afp_tenant_generation(store->witness, &generation) != APR_SUCCESS) {
        fail_msg("the database does not answer");
    }
    return afp_session_now(store->witness);
}

/* ---- rows ---- */

void store_add_tenant(store_t *store, const char *company_uuid, const char *state)
{
    store_sql(store,
              "INSERT INTO afp_tenant (company_uuid, site, company, state, subdomain, api_key,"
              " signing_secret, former_secret, former_until, status, assessfirst_token, locale,"
              " api_token_hash, generation, created_at, updated_at, claimed_at)"
              " VALUES ('%s', '" STORE_SITE "', '%s', '%s', '', '', '', '', 0, '', '', '', '', 1,"
              " 0, 0, 0)",
              company_uuid, company_uuid, state);
}

const char *store_add_kind(store_t *store, const char *company_uuid, int number, const char *kind,
                           const char *application_id, int priority, int ago)
{
    const char *id = apr_psprintf(store->pool, "%032x", (unsigned)number);

    store_sql(store,
              "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease,"
              " delivery_id, application_id, job_id, occurrence, anyway, attempts, missing,"
              " tried_for, created_at, reason, priority) VALUES ('%s', '%s', '%s', 'ready',"
              " %" APR_INT64_T_FMT ", '', '', '%s', '', 1, 0, 0, 0, 0, 0, '', %d)",
              id, company_uuid, kind, store_now(store) - apr_time_from_sec(ago), application_id,
              priority);
    return id;
}

const char *store_add_follow_up(store_t *store, const char *company_uuid, int number,
                                const char *application_id, int ago)
{
    return store_add_kind(store, company_uuid, number, AFP_FOLLOW_UP_INVITE, application_id,
                          AFP_PRIORITY_WORK, ago);
}

const char *store_add_check(store_t *store, const char *company_uuid, int number, const char *kind)
{
    return store_add_kind(store, company_uuid, number, kind, "", AFP_PRIORITY_WORK, 1);
}

const char *store_add_finished(store_t *store, const char *company_uuid, int number,
                               const char *kind, const char *result, apr_time_t at)
{
    const char *id = apr_psprintf(store->pool, "%032x", (unsigned)number);

    store_sql(store,
              "INSERT INTO afp_finished (id, company_uuid, kind, result, delivery_id,"
              " application_id, job_id, occurrence, anyway, attempts, created_at, finished_at,"
              " reason) VALUES ('%s', '%s', '%s', '%s', 'd', '%s', '7', 1, 0, 3, 1,"
              " %" APR_INT64_T_FMT ", 'because')",
              id, company_uuid, kind, result, strcmp(kind, AFP_FOLLOW_UP_INVITE) ? "" : "11", at);
    return id;
}

afp_delivery_t *store_add_ignored(store_t *store, const char *company_uuid, int body,
                                  apr_time_t received_at, const char *reason)
{
    afp_delivery_t *delivery = store_delivery(store, company_uuid, body);

    delivery->received_at = received_at;
    apr_cpystrn(delivery->ignored, reason, sizeof(delivery->ignored));
    assert_int_equal(
        afp_delivery_store(afp_delivery_store_make(store->pool, store->session), &delivery, 1),
        APR_SUCCESS);
    return delivery;
}

apr_int64_t store_generation(store_t *store, const char *company_uuid)
{
    return store_number(store, "SELECT generation FROM afp_tenant WHERE company_uuid = '%s'",
                        company_uuid);
}

afp_claim_t store_claim(store_t *store, const char *company_uuid)
{
    afp_claim_t claim = {
        .company_uuid = company_uuid,
        .generation = store_generation(store, company_uuid),
        .token_digest = "",
        .token_owner = company_uuid,
        .lease_time = apr_time_from_sec(90),
    };

    assert_int_equal(afp_follow_up_claim(store->session, &claim), APR_SUCCESS);
    return claim;
}

afp_follow_up_t store_take(store_t *store, const char *company_uuid)
{
    afp_claim_t claim = store_claim(store, company_uuid);

    assert_int_equal(claim.result, AFP_CLAIM_TAKEN);
    return claim.follow_up;
}

void store_end(store_t *store, const afp_follow_up_t *follow_up, const afp_end_t *end)
{
    assert_int_equal(afp_follow_up_end(store->session, follow_up, end), APR_SUCCESS);
}

apr_int64_t store_in_state(store_t *store, const char *state)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE state = '%s'", state);
}

afp_delivery_t *store_delivery(store_t *store, const char *company_uuid, int body)
{
    afp_delivery_t *delivery = apr_pcalloc(store->pool, sizeof(*delivery));
    afp_id_t id;

    assert_int_equal(afp_id_ordered(&id, apr_time_now()), APR_SUCCESS);
    apr_cpystrn(delivery->id, id.text, sizeof(delivery->id));
    apr_cpystrn(delivery->company_uuid, company_uuid, sizeof(delivery->company_uuid));
    apr_snprintf(delivery->digest, sizeof(delivery->digest), "%064x", (unsigned)body);
    apr_cpystrn(delivery->event, "application_created", sizeof(delivery->event));
    apr_snprintf(delivery->application_id, sizeof(delivery->application_id), "%d", body);
    apr_cpystrn(delivery->job_id, "7", sizeof(delivery->job_id));
    delivery->triggered_at = 1;
    delivery->received_at = apr_time_now();
    delivery->length = 100;
    return delivery;
}

/* ---- at once ---- */

typedef struct {
    racer_t racer;
    racer_run_t *run;
    pthread_barrier_t *start;
    pthread_t thread;
    apr_status_t rv;
} runner_t;

static void *run_racer(void *data)
{
    runner_t *runner = data;
    apr_int64_t generation;

    runner->rv = afp_tenant_generation(runner->racer.session, &generation);
    pthread_barrier_wait(runner->start);
    if (runner->rv == APR_SUCCESS) {
        runner->rv = runner->run(&runner->racer);
    }
    afp_session_close(runner->racer.session);
    return NULL;
}

void store_race(store_t *store, int racers, racer_run_t *run, void *baton)
{
    runner_t *runners = apr_pcalloc(store->pool, sizeof(*runners) * (size_t)racers);
    pthread_barrier_t start;
    int i;

    pthread_barrier_init(&start, NULL, (unsigned)racers);
    for (i = 0; i < racers; i++) {
        runner_t *runner = &runners[i];

        apr_pool_create(&runner->racer.pool, NULL);
        runner->racer.store = store;
        runner->racer.session = afp_session_make(runner->racer.pool, store->database);
        runner->racer.number = i;
        runner->racer.baton = baton;
        runner->run = run;
        runner->start = &start;
        if (pthread_create(&runner->thread, NULL, run_racer, runner) != 0) {
            fail_msg("thread %d could not be started", i);
        }
    }
    for (i = 0; i < racers; i++) {
        pthread_join(runners[i].thread, NULL);
    }
    pthread_barrier_destroy(&start);
    for (i = 0; i < racers; i++) {
        apr_pool_destroy(runners[i].racer.pool);
        if (runners[i].rv != APR_SUCCESS) {
            fail_msg("thread %d ended with %d; log:\n%s", i, runners[i].rv, store->log);
        }
    }
}

void store_fork(store_t *store, int count, process_run_t *run)
{
    pid_t *processes = apr_pcalloc(store->pool, sizeof(*processes) * (size_t)count);
    int gate[2];
    int i;

    afp_session_close(store->session);
    afp_session_close(store->witness);
    assert_int_equal(pipe(gate), 0);
    for (i = 0; i < count; i++) {
        processes[i] = fork();
        assert_int_not_equal(processes[i], -1);
        if (processes[i] == 0) {
            char byte;

            close(gate[1]);
            /* The gate opens when its last writer closes it. */
            _exit(read(gate[0], &byte, 1) == 0 ? run(store, i) : 99);
        }
    }
    close(gate[0]);
    close(gate[1]);
    for (i = 0; i < count; i++) {
        int status = -1;

        assert_int_equal(waitpid(processes[i], &status, 0), processes[i]);
        if (status != 0) {
            fail_msg("process %d ended with wait status %d", i, status);
        }
    }
}
