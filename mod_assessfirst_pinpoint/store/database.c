#include "store/database.h"

#include <apr_atomic.h>
#include <apr_strings.h>
#include <string.h>

/* Statements of a new connection, each followed by the text that it must give, or by NULL if it
 * gives none. */
static const char *const sqlite_session[] = {
    "PRAGMA journal_mode=WAL",
    "wal",
    "PRAGMA synchronous=FULL",
    NULL,
    "PRAGMA synchronous",
    "2",
    /* Check-points wait for the disk, these under the mutex: only if the log has become 128 MB long
     * in spite of afp_session_check_point. */
    "PRAGMA wal_autocheckpoint=32000",
    "32000",
    /* KiB for each connection: the commits of other processes empty it all the time. */
    "PRAGMA cache_size=-500",
    NULL,
    NULL,
};

static const char *const sqlite_pages[] = {"PRAGMA cache_size=-4000", NULL, NULL};

/* Of one statement; a migration has none. */
#define PGSQL_TIME_OUT    "SET statement_timeout TO '10s'"
#define PGSQL_NO_TIME_OUT "SET statement_timeout TO 0"
#define MYSQL_TIME_OUT    "SET SESSION max_statement_time=10"
#define MYSQL_NO_TIME_OUT "SET SESSION max_statement_time=0"

static const char *const pgsql_session[] = {
    "SET client_encoding TO 'UTF8'",
    NULL,
    "SET default_transaction_isolation TO 'read committed'",
    NULL,
    "SET synchronous_commit TO on",
    NULL,
    "SHOW synchronous_commit",
    "on",
    PGSQL_TIME_OUT,
    NULL,
    "SET lock_timeout TO '5s'",
    NULL,
    "SET idle_in_transaction_session_timeout TO '30s'",
    NULL,
    "SET client_min_messages TO warning",
    NULL,
    /* Pages are read in the whole order of an index. Sorting the rest of a shorter one seems
     * cheaper to this planner, and then all tenants' rows are read to find one's. */
    "SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'enable_incremental_sort'",
    NULL,
    NULL,
};

static const char *const mysql_session[] = {
    "SET NAMES utf8mb4",
    NULL,
    /* Local time runs twice through the hour in which summer ends, and the clock below with it. */
    "SET SESSION time_zone='+00:00'",
    NULL,
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    NULL,
    "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
    NULL,
    "SET SESSION innodb_lock_wait_timeout=5",
    NULL,
    MYSQL_TIME_OUT,
    NULL,
    "SELECT @@innodb_flush_log_at_trx_commit",
    "1",
    NULL,
};

static const char *const no_session[] = {NULL};

#define NEEDS_ANOTHER "set DBDriver to sqlite3, pgsql or mysql"

static const afp_dialect_t dialects[] = {
    {
        .driver = "sqlite3",
        .insert = AFP_INSERT_ON_CONFLICT,
        .rows_per_insert = 1,
        .committers = 1,
        .one_writer = 1,
        .begin = "BEGIN IMMEDIATE",
        .check_point = "PRAGMA wal_checkpoint(PASSIVE)",
        .table_suffix = "",
        .session = sqlite_session,
        .pages = sqlite_pages,
    },
    {
        .driver = "pgsql",
        .insert = AFP_INSERT_ON_CONFLICT,
        .rows_per_insert = 32,
        .committers = 2,
        .begin = "BEGIN",
        .extra_params = " connect_timeout=3",
        .table_suffix = "",
        .clock = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        .migration_lock = "SELECT 1 FROM pg_advisory_lock(724169031)",
        .migration_unlock = "SELECT pg_advisory_unlock(724169031)",
        .migration_begin = PGSQL_NO_TIME_OUT,
        .migration_end = PGSQL_TIME_OUT,
        .session = pgsql_session,
    },
    {
        .driver = "mysql",
        .insert = AFP_INSERT_ON_DUPLICATE,
        .rows_per_insert = 32,
        .committers = 2,
        .begin = "START TRANSACTION",
        .extra_params = ",reconnect=0",
        .table_suffix = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
        .clock = "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)",
        .migration_lock = "SELECT GET_LOCK('assessfirst_pinpoint', 10)",
        .migration_unlock = "SELECT RELEASE_LOCK('assessfirst_pinpoint')",
        .migration_begin = MYSQL_NO_TIME_OUT,
        .migration_end = MYSQL_TIME_OUT,
        .session = mysql_session,
    },
    {.driver = "sqlite2", .refused = "it has no prepared statements; " NEEDS_ANOTHER},
    {.driver = "freetds", .refused = "it does not bind values; " NEEDS_ANOTHER},
    {
        .driver = NULL,
        .insert = AFP_INSERT_LOOK_FIRST,
        .rows_per_insert = 1,
        .committers = 1,
        .table_suffix = "",
        .session = no_session,
    },
};

const afp_dialect_t *afp_dialect_for(const char *driver)
{
    const afp_dialect_t *dialect = dialects;

    while (dialect->driver && strcmp(dialect->driver, driver)) {
        dialect++;
    }
    return dialect;
}

/* What stands before one more parameter: libpq takes an address as well as pairs. */
static const char *separator_of(apr_pool_t *pool, const char *params, const char *extra)
{
    if (!strncmp(params, "postgresql://", 13) || !strncmp(params, "postgres://", 11)) {
        return strchr(params, '?') ? "&" : "?";
    }
    return apr_pstrndup(pool, extra, 1);
}

/* `params` with the dialect's own parameter, unless the operator has set that one. */
static const char *with_extra_params(apr_pool_t *pool, const char *params,
                                     const afp_dialect_t *dialect)
{
    const char *extra = dialect->extra_params;
    const char *key;

    if (!extra) {
        return params;
    }
    key = apr_pstrndup(pool, extra + 1, strcspn(extra + 1, "=") + 1);
    return strstr(params, key)
               ? params
               : apr_pstrcat(pool, params, separator_of(pool, params, extra), extra + 1, NULL);
}

afp_database_t *afp_database_make(apr_pool_t *pool, const char *driver_name, const char *params,
                                  const afp_logger_t *logger, const char **why)
{
    afp_database_t *database = apr_pcalloc(pool, sizeof(*database));
    apr_status_t rv;

    database->dialect = afp_dialect_for(driver_name);
    if (database->dialect->refused) {
        *why = apr_psprintf(pool, "DBDriver %s cannot be used: %s", driver_name,
                            database->dialect->refused);
        return NULL;
    }
    if (database->dialect->insert == AFP_INSERT_ON_DUPLICATE && strstr(params, "FOUND_ROWS")) {
        *why = "DBDParams must not set flags=CLIENT_FOUND_ROWS: repeated webhooks would not be "
               "recognised";
        return NULL;
    }
    rv = apr_dbd_init(pool);
    if (rv == APR_SUCCESS) {
        rv = apr_dbd_get_driver(pool, driver_name, &database->driver);
    }
    if (rv != APR_SUCCESS) {
        *why = apr_psprintf(pool,
                            "DBDriver %s cannot be loaded: install APR-util's driver for it "
                            "(Debian: libaprutil1-dbd-%s) or choose another",
                            driver_name, driver_name);
        return NULL;
    }
    database->unreached = apr_pcalloc(pool, sizeof(*database->unreached));
    database->complained = apr_pcalloc(pool, sizeof(*database->complained));
    database->written = apr_pcalloc(pool, sizeof(*database->written));
    database->driver_name = apr_pstrdup(pool, driver_name);
    database->params = with_extra_params(pool, params, database->dialect);
    database->logger = logger;
    if (database->dialect->one_writer && !afp_database_file(database)) {
        *why = "DBDParams must name a file: an in-memory database would lose deliveries and is not "
               "shared by the children";
        return NULL;
    }
    return database;
}

int afp_database_may_complain(const afp_database_t *database)
{
    return apr_atomic_xchg32(database->complained, 1) == 0;
}

void afp_database_works(const afp_database_t *database)
{
    apr_atomic_set32(database->complained, 0);
}

const char *afp_database_file(const afp_database_t *database)
{
    if (!database->dialect->one_writer || !*database->params ||
        !strcmp(database->params, ":memory:")) {
        return NULL;
    }
    return database->params;
}
