#include "store/session.h"

#include "store/schema.h"

#include <apr_allocator.h>
#include <apr_atomic.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define LOCK_PATIENCE apr_time_from_sec(3)
#define CLOSE_PATIENCE                                                                             \
    apr_time_from_msec(200) /* a child that ends closes several one after another */
#define CLOCK_AGE          apr_time_from_sec(60)
#define CHECK_POINT_WRITES 500

struct afp_session_t {
    const afp_database_t *database;
    apr_pool_t *pool;       /* the session's */
    apr_pool_t *connection; /* the connection's; NULL while there is none */
    apr_pool_t *scratch;    /* one run of a work function */
    apr_dbd_t *handle;
    apr_hash_t *prepared; /* afp_statement_t * -> apr_dbd_prepared_t * */
    int for_pages;        /* it has the dialect's further settings */
    int failed;           /* a statement of this connection failed */
    int locked;           /* this thread holds the database's mutex */
    apr_time_t clock_offset;
    apr_time_t clock_measured; /* local time */
};

struct afp_rows_t {
    afp_session_t *session;
    const afp_statement_t *statement;
    apr_dbd_results_t *results;
    apr_dbd_row_t *row;
    int number;
};

static apr_status_t session_cleanup(void *data)
{
    afp_session_close(data);
    return APR_SUCCESS;
}

afp_session_t *afp_session_make(apr_pool_t *pool, const afp_database_t *database)
{
    afp_session_t *session = apr_pcalloc(pool, sizeof(*session));

    session->database = database;
    session->pool = pool;
    apr_pool_cleanup_register(pool, session, session_cleanup, apr_pool_cleanup_null);
    return session;
}

afp_session_t *afp_session_make_for_pages(apr_pool_t *pool, const afp_database_t *database)
{
    afp_session_t *session = afp_session_make(pool, database);

    session->for_pages = 1;
    return session;
}

const afp_database_t *afp_session_database(const afp_session_t *session)
{
    return session->database;
}

apr_pool_t *afp_session_scratch(afp_session_t *session)
{
    return session->scratch;
}

/* ---- the mutex of one-writer databases ---- */

static apr_status_t lock_database(afp_session_t *session, apr_interval_time_t patience)
{
    const afp_database_t *database = session->database;
    apr_status_t rv;

    if (!database->mutex || session->locked) {
        return APR_SUCCESS;
    }
    rv = apr_global_mutex_timedlock(database->mutex, patience);
    session->locked = rv == APR_SUCCESS;
    return rv;
}

static void unlock_database(afp_session_t *session)
{
    if (!session->locked) {
        return;
    }
    apr_global_mutex_unlock(session->database->mutex);
    session->locked = 0;
}

/* A database file is put away with its last connection, and that locks out whoever opens it just
 * then: closing takes the mutex like a write. It closes all the same if that cannot be had. */
void afp_session_close(afp_session_t *session)
{
    int was_locked = session->locked;

    if (session->connection) {
        (void)lock_database(session, CLOSE_PATIENCE);
        /* Results hold on to the handle: they go first. */
        apr_pool_destroy(session->scratch);
        if (session->handle) {
            apr_dbd_close(session->database->driver, session->handle);
        }
        apr_pool_destroy(session->connection);
    }
    session->connection = NULL;
    session->scratch = NULL;
    session->handle = NULL;
    session->prepared = NULL;
    session->failed = 0;
    if (!was_locked) {
        unlock_database(session);
    }
}

/* ---- statements ---- */

/* Driver texts may hold row values: they are not logged. */
static apr_status_t statement_failed(afp_session_t *session, const afp_statement_t *statement,
                                     const char *doing, int code)
{
    session->failed = 1;
    afp_log(session->database->logger, AFP_LOG_DEBUG,
            AFPNO(0101) "database statement %s could not be %s (driver code %d)", statement->name,
            doing, code);
    return APR_EGENERAL;
}

static apr_dbd_prepared_t *prepared_statement(afp_session_t *session,
                                              const afp_statement_t *statement)
{
    apr_dbd_prepared_t *prepared = apr_hash_get(session->prepared, &statement, sizeof(statement));

    if (!prepared && !session->failed) {
        int code = apr_dbd_prepare(session->database->driver, session->connection, session->handle,
                                   statement->sql, NULL, &prepared);

        if (code) {
            statement_failed(session, statement, "prepared", code);
            return NULL;
        }
        apr_hash_set(session->prepared,
                     apr_pmemdup(session->connection, &statement, sizeof(statement)),
                     sizeof(statement), prepared);
    }
    return prepared;
}

static int count_values(const afp_statement_t *statement)
{
    const char *sql = statement->sql;
    int count = 0;

    while ((sql = strstr(sql, "%s"))) {
        count++;
        sql += 2;
    }
    return count;
}

apr_status_t afp_sql_execute(afp_session_t *session, const afp_statement_t *statement,
                             const char *const *values, int *rows)
{
    apr_dbd_prepared_t *prepared = prepared_statement(session, statement);
    int changed = 0;
    int code;

    if (!prepared || session->failed) {
        return APR_EGENERAL;
    }
    /* APR declares the array without const but only reads it. */
    code = apr_dbd_pquery(session->database->driver, session->scratch, session->handle, &changed,
                          prepared, count_values(statement), (const char **)(apr_uintptr_t)values);
    if (code) {
        return statement_failed(session, statement, "executed", code);
    }
    if (rows) {
        *rows = changed;
    }
    return APR_SUCCESS;
}

apr_status_t afp_sql_select(afp_session_t *session, const afp_statement_t *statement,
                            const char *const *values, afp_rows_t **rows)
{
    apr_dbd_prepared_t *prepared = prepared_statement(session, statement);
    afp_rows_t *result;
    int code;

    if (!prepared || session->failed) {
        return APR_EGENERAL;
    }
    result = apr_pcalloc(session->scratch, sizeof(*result));
    result->session = session;
    result->statement = statement;
    code = apr_dbd_pselect(session->database->driver, session->scratch, session->handle,
                           &result->results, prepared, 1, count_values(statement),
                           (const char **)(apr_uintptr_t)values);
    if (code) {
        return statement_failed(session, statement, "selected", code);
    }
    *rows = result;
    return APR_SUCCESS;
}

int afp_rows_next(afp_rows_t *rows)
{
    afp_session_t *session = rows->session;
    int code;

    rows->number++;
    code = apr_dbd_get_row(session->database->driver, session->scratch, rows->results, &rows->row,
                           rows->number);
    if (code > 0) {
        statement_failed(session, rows->statement, "read", code);
    }
    return code == 0;
}

const char *afp_rows_text(afp_rows_t *rows, int column)
{
    const char *text = apr_dbd_get_entry(rows->session->database->driver, rows->row, column);

    return text ? apr_pstrdup(rows->session->scratch, text) : "";
}

apr_int64_t afp_rows_number(afp_rows_t *rows, int column)
{
    const char *text = apr_dbd_get_entry(rows->session->database->driver, rows->row, column);

    return text ? apr_atoi64(text) : 0;
}

const char *afp_sql_number(afp_session_t *session, apr_int64_t number)
{
    return apr_psprintf(session->scratch, "%" APR_INT64_T_FMT, number);
}

/* ---- connecting ---- */

static apr_status_t plain_text(afp_session_t *session, const char *sql, const char **text)
{
    const apr_dbd_driver_t *driver = session->database->driver;
    apr_dbd_results_t *results = NULL;
    apr_dbd_row_t *row = NULL;
    int number;

    *text = NULL;
    if (apr_dbd_select(driver, session->scratch, session->handle, &results, sql, 1)) {
        return APR_EGENERAL;
    }
    for (number = 1; apr_dbd_get_row(driver, session->scratch, results, &row, number) == 0;
         number++) {
        const char *entry = apr_dbd_get_entry(driver, row, 0);

        *text = entry ? apr_pstrdup(session->scratch, entry) : NULL;
    }
    return APR_SUCCESS;
}

apr_status_t afp_sql_plain(afp_session_t *session, const char *sql)
{
    const afp_statement_t statement = {"of the schema", sql};
    int changed;
    int code = apr_dbd_query(session->database->driver, session->handle, &changed, sql);

    return code ? statement_failed(session, &statement, "executed", code) : APR_SUCCESS;
}

apr_status_t afp_sql_probe(afp_session_t *session, const char *sql, apr_int64_t *number)
{
    const char *text;
    apr_status_t rv = plain_text(session, sql, &text);

    if (rv == APR_SUCCESS && !text) {
        rv = APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        *number = apr_atoi64(text);
    }
    return rv;
}

#define BUSY_TRIES 20
#define BUSY_PAUSE apr_time_from_msec(25)

/* What a setting gives. A file that another program opens or puts away just now, outside our mutex,
 * gives nothing for a moment. */
static const char *setting_text(afp_session_t *session, const char *sql)
{
    const char *text = NULL;
    int tries;

    for (tries = 0; tries < BUSY_TRIES && !text; tries++) {
        if (tries) {
            apr_sleep(BUSY_PAUSE);
        }
        if (plain_text(session, sql, &text) != APR_SUCCESS) {
            text = NULL;
        }
        if (!session->database->dialect->one_writer) {
            break;
        }
    }
    return text;
}

/* Applies the dialect's session settings and reads back those that durability depends on. */
static apr_status_t apply_settings(afp_session_t *session, const char *const *setting)
{
    const afp_database_t *database = session->database;
    int changed;

    for (; *setting; setting += 2) {
        const char *text = setting[1] ? setting_text(session, *setting) : NULL;

        if (!setting[1]) {
            if (apr_dbd_query(database->driver, session->handle, &changed, *setting)) {
                if (afp_database_may_complain(database)) {
                    afp_log(database->logger, AFP_LOG_ERROR,
                            AFPNO(0102) "the database refuses \"%s\": the user in DBDParams may "
                                        "need a right, or the server is not supported",
                            *setting);
                }
                return APR_EGENERAL;
            }
        } else if (!text || strcmp(text, setting[1])) {
            if (afp_database_may_complain(database)) {
                afp_log(database->logger, AFP_LOG_ERROR,
                        AFPNO(0103) "\"%s\" gives %s instead of %s: acknowledged deliveries would "
                                    "not be safe; change the database's configuration",
                        *setting, text ? text : "nothing", setting[1]);
            }
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t measure_clock(afp_session_t *session)
{
    const char *sql = session->database->dialect->clock;
    const char *text;

    if (sql) {
        apr_time_t before = apr_time_now();

        if (plain_text(session, sql, &text) != APR_SUCCESS || !text) {
            session->failed = 1;
            return APR_EGENERAL;
        }
        session->clock_offset = apr_atoi64(text) - (before + apr_time_now()) / 2;
    }
    session->clock_measured = apr_time_now();
    return APR_SUCCESS;
}

apr_time_t afp_session_now(afp_session_t *session)
{
    return apr_time_now() + session->clock_offset;
}

/* Each connection has memory of its own, given back when it is closed. */
static apr_status_t make_connection_pool(afp_session_t *session)
{
    apr_allocator_t *allocator;
    apr_status_t rv = apr_allocator_create(&allocator);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_allocator_max_free_set(allocator, 64 * 1024);
    rv = apr_pool_create_ex(&session->connection, NULL, NULL, allocator);
    if (rv != APR_SUCCESS) {
        apr_allocator_destroy(allocator);
        return rv;
    }
    apr_allocator_owner_set(allocator, session->connection);
    apr_pool_tag(session->connection, "afp_connection");
    rv = apr_pool_create(&session->scratch, session->connection);
    if (rv != APR_SUCCESS) {
        apr_pool_destroy(session->connection);
        session->connection = NULL;
    }
    return rv;
}

static apr_status_t open_connection(afp_session_t *session)
{
    const afp_database_t *database = session->database;
    const char *error = NULL;
    apr_status_t rv = make_connection_pool(session);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_dbd_open_ex(database->driver, session->connection, database->params, &session->handle,
                         &error);
    if (rv != APR_SUCCESS) {
        session->handle = NULL;
        afp_log(database->logger,
                apr_atomic_xchg32(database->unreached, 1) ? AFP_LOG_DEBUG : AFP_LOG_ERROR,
                AFPNO(0104) "cannot connect to the database (DBDriver %s): until it can be reached "
                            "everything is answered with 503; check DBDParams, and that the "
                            "database is there for the user of httpd's children",
                database->driver_name);
        goto cleanup;
    }
    apr_atomic_set32(database->unreached, 0);
    session->prepared = apr_hash_make(session->connection);
    rv = apply_settings(session, database->dialect->session);
    if (rv == APR_SUCCESS && session->for_pages && database->dialect->pages) {
        rv = apply_settings(session, database->dialect->pages);
    }
    if (rv == APR_SUCCESS) {
        rv = measure_clock(session);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_schema_migrate(session);
    }

cleanup:
    if (rv == APR_SUCCESS) {
        afp_database_works(database);
    } else {
        afp_session_close(session);
    }
    return rv;
}

/* Under the mutex: a new database file is set up, and a new connection may have to migrate. */
static apr_status_t open_if_closed(afp_session_t *session)
{
    int was_locked = session->locked;
    apr_status_t rv;

    if (session->handle) {
        return APR_SUCCESS;
    }
    rv = lock_database(session, LOCK_PATIENCE);
    if (rv == APR_SUCCESS) {
        rv = open_connection(session);
    }
    if (!was_locked) {
        unlock_database(session);
    }
    return rv;
}

/* ---- running work ---- */

typedef enum { ACCESS_READ, ACCESS_WRITE } access_t;

/* By plain statements where the engine is known: APR's pgsql driver crashes when the connection is
 * found lost as a transaction starts, and its mysql driver needs twice the round trips. */
static int begin(afp_session_t *session, apr_dbd_transaction_t **transaction)
{
    const afp_database_t *database = session->database;
    int changed;

    *transaction = NULL;
    return database->dialect->begin ? apr_dbd_query(database->driver, session->handle, &changed,
                                                    database->dialect->begin)
                                    : apr_dbd_transaction_start(database->driver, session->scratch,
                                                                session->handle, transaction);
}

static int end(afp_session_t *session, apr_dbd_transaction_t *transaction, int commit)
{
    const afp_database_t *database = session->database;
    int changed;

    if (database->dialect->begin) {
        return apr_dbd_query(database->driver, session->handle, &changed,
                             commit ? "COMMIT" : "ROLLBACK");
    }
    if (!commit) {
        apr_dbd_transaction_mode_set(database->driver, transaction, APR_DBD_TRANSACTION_ROLLBACK);
    }
    return apr_dbd_transaction_end(database->driver, session->scratch, transaction);
}

apr_status_t afp_session_transaction(afp_session_t *session, afp_work_t *work, void *baton)
{
    static const afp_statement_t begin_statement = {"begin", ""};
    static const afp_statement_t commit_statement = {"commit", ""};
    apr_dbd_transaction_t *transaction;
    apr_status_t rv;
    int code = begin(session, &transaction);

    if (code) {
        return statement_failed(session, &begin_statement, "executed", code);
    }
    rv = work(session, baton);
    if (session->failed) {
        rv = APR_EGENERAL;
    }
    /* The answer is a success after a roll-back too: only our own flag says what was asked for. */
    code = end(session, transaction, rv == APR_SUCCESS);
    if (code) {
        rv = statement_failed(session, &commit_statement, "executed", code);
    }
    return rv;
}

static apr_status_t run_once(afp_session_t *session, afp_work_t *work, void *baton, access_t access)
{
    apr_status_t rv = open_if_closed(session);
    apr_interval_time_t clock_age;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_clear(session->scratch);
    clock_age = apr_time_now() - session->clock_measured;
    if (clock_age < 0 || clock_age > CLOCK_AGE) { /* below 0 the clock was set back */
        rv = measure_clock(session);
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    rv = access == ACCESS_WRITE ? afp_session_transaction(session, work, baton)
                                : work(session, baton);
    return session->failed ? APR_EGENERAL : rv;
}

/* Any statement error destroys the connection; the work is repeated once on a fresh one. */
static apr_status_t run_with_one_repeat(afp_session_t *session, afp_work_t *work, void *baton,
                                        access_t access)
{
    apr_status_t rv = run_once(session, work, baton, access);

    if (session->failed) {
        afp_session_close(session);
        rv = run_once(session, work, baton, access);
        if (session->failed) {
            afp_session_close(session);
            afp_log(session->database->logger, AFP_LOG_DEBUG,
                    AFPNO(0105) "the database failed twice in a row (DBDriver %s)",
                    session->database->driver_name);
        }
    }
    return rv;
}

apr_status_t afp_session_write(afp_session_t *session, afp_work_t *work, void *baton)
{
    apr_status_t rv = lock_database(session, LOCK_PATIENCE);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = run_with_one_repeat(session, work, baton, ACCESS_WRITE);
    unlock_database(session);
    apr_atomic_inc32(session->database->written);
    return rv;
}

apr_status_t afp_session_read(afp_session_t *session, afp_work_t *work, void *baton)
{
    return run_with_one_repeat(session, work, baton, ACCESS_READ);
}

/* Others write meanwhile; only what they wrote is left to be done under the mutex, and then the log
 * begins anew. */
void afp_session_check_point(afp_session_t *session)
{
    const afp_database_t *database = session->database;
    const char *sql = database->dialect->check_point;
    apr_int64_t busy = 1;

    if (!sql || !session->handle || apr_atomic_read32(database->written) < CHECK_POINT_WRITES) {
        return;
    }
    apr_atomic_set32(database->written, 0);
    apr_pool_clear(session->scratch);
    if (afp_sql_probe(session, sql, &busy) == APR_SUCCESS && !busy &&
        lock_database(session, LOCK_PATIENCE) == APR_SUCCESS) {
        (void)afp_sql_probe(session, sql, &busy);
        unlock_database(session);
    }
}
