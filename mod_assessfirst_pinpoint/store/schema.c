#include "store/schema.h"

#include <apr_strings.h>
#include <string.h>

/* Times are UTC microseconds. No column is ever NULL: '' and 0 stand for "none". Texts are bounded
 * by the code that writes them. Keys are made by us (core/id.h). */

/* Numbers: the schema's version, the oldest module that may use it, the generation counter. */
static const char meta_table[] = "CREATE TABLE IF NOT EXISTS afp_meta ("
                                 " name VARCHAR(32) NOT NULL PRIMARY KEY,"
                                 " value BIGINT NOT NULL)";

static const char *const version_1[] = {
    /* One connection of one company on one site. Secrets are sealed (core/seal.h). `generation` is
     * the counter's value at the last change. `claimed_at` counts the claims and so serves as the
     * tenant's lock. */
    "CREATE TABLE IF NOT EXISTS afp_tenant ("
    " company_uuid CHAR(32) NOT NULL PRIMARY KEY,"
    " site VARCHAR(255) NOT NULL,"
    " company VARCHAR(255) NOT NULL,"
    " state VARCHAR(16) NOT NULL,"
    " subdomain VARCHAR(63) NOT NULL,"
    " api_key VARCHAR(1024) NOT NULL,"
    " signing_secret VARCHAR(1024) NOT NULL,"
    " former_secret VARCHAR(1024) NOT NULL,"
    " former_until BIGINT NOT NULL,"
    " status VARCHAR(255) NOT NULL,"
    " assessfirst_token VARCHAR(1024) NOT NULL,"
    " locale VARCHAR(16) NOT NULL,"
    " api_token_hash VARCHAR(64) NOT NULL,"
    " generation BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " updated_at BIGINT NOT NULL,"
    " claimed_at BIGINT NOT NULL,"
    " UNIQUE (site, company))",

    /* When the last authentic request of a tenant came, repeats included. Apart from afp_tenant,
     * which claims lock. */
    "CREATE TABLE IF NOT EXISTS afp_received ("
    " company_uuid CHAR(32) NOT NULL PRIMARY KEY,"
    " last_received_at BIGINT NOT NULL)",

    /* `digest` tells bodies apart while it guards against repeats (guards 1): when it was
     * triggered, in hexadecimal, then the beginning of its SHA-256. Later it is the row's own id.
     */
    "CREATE TABLE IF NOT EXISTS afp_delivery ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " digest VARCHAR(64) NOT NULL,"
    " event VARCHAR(64) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " triggered_at BIGINT NOT NULL,"
    " received_at BIGINT NOT NULL,"
    " length BIGINT NOT NULL,"
    " ignored VARCHAR(255) NOT NULL,"
    " guards INT NOT NULL,"
    " UNIQUE (company_uuid, digest))",
    "CREATE INDEX IF NOT EXISTS afp_delivery_age ON afp_delivery (guards, received_at)",
    "CREATE INDEX IF NOT EXISTS afp_delivery_application"
    " ON afp_delivery (company_uuid, application_id)",
    "CREATE INDEX IF NOT EXISTS afp_delivery_tenant_received"
    " ON afp_delivery (company_uuid, received_at)",

    /* Work to do: the hot table. state is ready, leased or held (paused or parked); `due_at` is
     * when the row next needs somebody: its due time while it is ready, the end of its lease while
     * it is leased. */
    "CREATE TABLE IF NOT EXISTS afp_follow_up ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " state VARCHAR(8) NOT NULL,"
    " due_at BIGINT NOT NULL,"
    " lease VARCHAR(32) NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " anyway INT NOT NULL,"
    " attempts INT NOT NULL,"
    " missing INT NOT NULL,"
    " tried_for BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " reason VARCHAR(1024) NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_due ON afp_follow_up (state, due_at)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_tenant"
    " ON afp_follow_up (state, company_uuid, due_at, id)",
    "CREATE INDEX IF NOT EXISTS afp_follow_up_application"
    " ON afp_follow_up (company_uuid, application_id)",

    /* Finished follow-ups; result is invited, skipped, uncertain, dead or done. */
    "CREATE TABLE IF NOT EXISTS afp_finished ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " result VARCHAR(16) NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " anyway INT NOT NULL,"
    " attempts INT NOT NULL,"
    " created_at BIGINT NOT NULL,"
    " finished_at BIGINT NOT NULL,"
    " reason VARCHAR(1024) NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_finished_tenant ON afp_finished (company_uuid, finished_at)",
    "CREATE INDEX IF NOT EXISTS afp_finished_result ON afp_finished (company_uuid, result)",
    "CREATE INDEX IF NOT EXISTS afp_finished_application"
    " ON afp_finished (company_uuid, application_id, finished_at)",
    "CREATE INDEX IF NOT EXISTS afp_finished_time ON afp_finished (finished_at)",

    /* At most one invitation: the key is the promise, the row is kept as long as the tenant.
     * state is planned, sending, invited, uncertain or refused. */
    "CREATE TABLE IF NOT EXISTS afp_invitation ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " job_id VARCHAR(20) NOT NULL,"
    " state VARCHAR(16) NOT NULL,"
    " lease VARCHAR(32) NOT NULL,"
    " model_uuid VARCHAR(64) NOT NULL,"
    " model_name VARCHAR(255) NOT NULL,"
    " candidate_id VARCHAR(64) NOT NULL,"
    " resent INT NOT NULL,"
    " delivery_id VARCHAR(32) NOT NULL,"
    " sending_at BIGINT NOT NULL,"
    " updated_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, occurrence))",

    /* An API refused us: its work waits until a check succeeds. `owner` is the company_uuid, or
     * the site for a token that belongs to the site; kind '*' means all kinds. A row of kind '' and
     * api 'release' parks nothing: it notes that work of the owner is still to be released. */
    "CREATE TABLE IF NOT EXISTS afp_parking ("
    " owner VARCHAR(255) NOT NULL,"
    " api VARCHAR(16) NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " company_uuid CHAR(32) NOT NULL,"
    " since BIGINT NOT NULL,"
    " words VARCHAR(1024) NOT NULL,"
    " PRIMARY KEY (owner, api, kind))",

    /* What the administrator should know, counted. */
    "CREATE TABLE IF NOT EXISTS afp_notice ("
    " company_uuid CHAR(32) NOT NULL,"
    " code VARCHAR(32) NOT NULL,"
    " words VARCHAR(255) NOT NULL,"
    " first_at BIGINT NOT NULL,"
    " last_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, code))",

    /* Calls that an AssessFirst token may still make: see store/budget.h. */
    "CREATE TABLE IF NOT EXISTS afp_budget ("
    " token_digest CHAR(64) NOT NULL PRIMARY KEY,"
    " next_at BIGINT NOT NULL,"
    " blocked_until BIGINT NOT NULL)",
    NULL,
};

/* Predictive models on the jobs, results on the candidate's profile. */
static const char *const version_2[] = {
    /* The order in which a tenant's follow-ups are claimed, and what is needed to find the kinds
     * that need no budget. */
    "CREATE INDEX IF NOT EXISTS afp_follow_up_priority"
    " ON afp_follow_up (state, company_uuid, priority, due_at, id, kind)",

    /* Whose invitation a call from AssessFirst is about. */
    "CREATE INDEX IF NOT EXISTS afp_invitation_candidate"
    " ON afp_invitation (company_uuid, candidate_id)",

    /* How far an invitation's assessment is. progress is invited, started, completed, declined or
     * expired; finished and wanted are bits of questionnaires, a score of -1 is none. `failure` is
     * why nobody was invited, `closed` why it is not read any more; both '' otherwise. */
    "CREATE TABLE IF NOT EXISTS afp_assessment ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " progress VARCHAR(16) NOT NULL,"
    " finished INT NOT NULL,"
    " wanted INT NOT NULL,"
    " swipe INT NOT NULL,"
    " drive INT NOT NULL,"
    " brain INT NOT NULL,"
    " voice INT NOT NULL,"
    " score INT NOT NULL,"
    " link VARCHAR(1000) NOT NULL,"
    " polls INT NOT NULL,"
    " read_at BIGINT NOT NULL,"
    " failure VARCHAR(255) NOT NULL,"
    " closed VARCHAR(255) NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, occurrence))",
    "CREATE INDEX IF NOT EXISTS afp_assessment_progress ON afp_assessment (company_uuid, progress)",

    /* What was last written to a field of an application's profile, and the id of Pinpoint's custom
     * attribute that holds it ('' if it is not known). */
    "CREATE TABLE IF NOT EXISTS afp_written ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " field VARCHAR(16) NOT NULL,"
    " attribute_id VARCHAR(20) NOT NULL,"
    " value VARCHAR(1000) NOT NULL,"
    " written_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, field))",

    /* Comments, each at most once. purpose is completed or no-model; state is adding (outcome
     * unknown) or added. */
    "CREATE TABLE IF NOT EXISTS afp_comment ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " occurrence INT NOT NULL,"
    " purpose VARCHAR(16) NOT NULL,"
    " state VARCHAR(8) NOT NULL,"
    " lease VARCHAR(32) NOT NULL,"
    " updated_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, occurrence, purpose))",

    /* Custom fields of a tenant's Pinpoint that we use. created 1: we made it, and may delete it.
     */
    "CREATE TABLE IF NOT EXISTS afp_field ("
    " company_uuid CHAR(32) NOT NULL,"
    " resource_type VARCHAR(16) NOT NULL,"
    " name VARCHAR(255) NOT NULL,"
    " field_id VARCHAR(20) NOT NULL,"
    " created INT NOT NULL,"
    " PRIMARY KEY (company_uuid, resource_type, name))",

    /* What the option texts of the jobs' model field mean (core/options.h), in their order. */
    "CREATE TABLE IF NOT EXISTS afp_option ("
    " company_uuid CHAR(32) NOT NULL,"
    " position INT NOT NULL,"
    " option_text VARCHAR(255) NOT NULL,"
    " model_uuid VARCHAR(64) NOT NULL,"
    " model_name VARCHAR(255) NOT NULL,"
    " wanted INT NOT NULL,"
    " stale INT NOT NULL,"
    " vanished INT NOT NULL,"
    " PRIMARY KEY (company_uuid, position))",

    /* How the latest synchronisation of the models ended; `refused` is why Pinpoint did not take
     * the options, '' if it did. */
    "CREATE TABLE IF NOT EXISTS afp_synchronised ("
    " company_uuid CHAR(32) NOT NULL PRIMARY KEY,"
    " at BIGINT NOT NULL,"
    " models INT NOT NULL,"
    " refused VARCHAR(1024) NOT NULL)",
    NULL,
};

/* A page that tells the truth: what happened, who changed what, what is known of the secrets, what
 * Pinpoint allows, and whose data was erased. What is copied from older tables is what a page of
 * before would have shown, at most; a migration that broke off copies again. */
static const char *const version_3[] = {
    /* Finished follow-ups, and those of one result, a page at a time: with all that is needed to
     * know which ones belong to it. */
    "CREATE INDEX IF NOT EXISTS afp_finished_page"
    " ON afp_finished (company_uuid, finished_at, id, kind)",
    "CREATE INDEX IF NOT EXISTS afp_finished_result_page"
    " ON afp_finished (company_uuid, result, finished_at, id, kind)",

    /* The deliveries that are ignored, apart, so that neither finding them nor storing the others
     * costs anything. id and received_at are the delivery's. */
    "CREATE TABLE IF NOT EXISTS afp_ignored ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " received_at BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_ignored_page ON afp_ignored (company_uuid, received_at, id)",
    "DELETE FROM afp_ignored",
    "INSERT INTO afp_ignored (id, company_uuid, received_at)"
    " SELECT id, company_uuid, received_at FROM afp_delivery WHERE guards = 1 AND ignored <> ''"
    " ORDER BY received_at DESC LIMIT 100000",

    /* Runs of a follow-up after which it was not over, the latest ones. happened is again or
     * held. */
    "CREATE TABLE IF NOT EXISTS afp_attempt ("
    " company_uuid CHAR(32) NOT NULL,"
    " application_id VARCHAR(20) NOT NULL,"
    " follow_up_id CHAR(32) NOT NULL,"
    " at BIGINT NOT NULL,"
    " kind VARCHAR(24) NOT NULL,"
    " attempt INT NOT NULL,"
    " happened VARCHAR(8) NOT NULL,"
    " reason VARCHAR(1024) NOT NULL,"
    " PRIMARY KEY (company_uuid, application_id, follow_up_id, at))",
    "CREATE INDEX IF NOT EXISTS afp_attempt_age ON afp_attempt (at)",

    /* How many invite follow-ups of a tenant ended with a result on a day (its beginning, UTC). */
    "CREATE TABLE IF NOT EXISTS afp_day ("
    " company_uuid CHAR(32) NOT NULL,"
    " day BIGINT NOT NULL,"
    " result VARCHAR(16) NOT NULL,"
    " number INT NOT NULL,"
    " PRIMARY KEY (company_uuid, day, result))",
    "CREATE INDEX IF NOT EXISTS afp_day_age ON afp_day (day)",
    "DELETE FROM afp_day",
    "INSERT INTO afp_day (company_uuid, day, result, number)"
    " SELECT company_uuid, finished_at - finished_at % 86400000000, result, COUNT(*)"
    " FROM afp_finished WHERE kind = 'invite'"
    " GROUP BY company_uuid, finished_at - finished_at % 86400000000, result",

    /* Who did what: one row per setting that changed, or per deed. Ids are in the order of time.
     * Never a secret. */
    "CREATE TABLE IF NOT EXISTS afp_audit ("
    " id CHAR(32) NOT NULL PRIMARY KEY,"
    " company_uuid CHAR(32) NOT NULL,"
    " at BIGINT NOT NULL,"
    " who VARCHAR(255) NOT NULL,"
    " action VARCHAR(24) NOT NULL,"
    " what VARCHAR(32) NOT NULL,"
    " former VARCHAR(255) NOT NULL,"
    " present VARCHAR(255) NOT NULL)",
    "CREATE INDEX IF NOT EXISTS afp_audit_tenant ON afp_audit (company_uuid, id)",
    "CREATE INDEX IF NOT EXISTS afp_audit_age ON afp_audit (at)",

    /* What is known of a tenant's secrets; `fingerprint` is the beginning of the secret's SHA-256.
     */
    "CREATE TABLE IF NOT EXISTS afp_secret ("
    " company_uuid CHAR(32) NOT NULL,"
    " fingerprint VARCHAR(16) NOT NULL,"
    " set_at BIGINT NOT NULL,"
    " set_by VARCHAR(255) NOT NULL,"
    " used_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, fingerprint))",

    /* Applications whose data was erased, as core/tombstone.h hides them. Kept as long as the
     * tenant. */
    "CREATE TABLE IF NOT EXISTS afp_erased ("
    " company_uuid CHAR(32) NOT NULL,"
    " tombstone CHAR(64) NOT NULL,"
    " erased_at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, tombstone))",

    /* How the latest check of something ended: subject is pinpoint, assessfirst or stages; result
     * is works, lacking (a permission is missing), refused, or unknown (nobody could tell). */
    "CREATE TABLE IF NOT EXISTS afp_checked ("
    " company_uuid CHAR(32) NOT NULL,"
    " subject VARCHAR(16) NOT NULL,"
    " result VARCHAR(16) NOT NULL,"
    " words VARCHAR(1024) NOT NULL,"
    " at BIGINT NOT NULL,"
    " PRIMARY KEY (company_uuid, subject))",

    /* What a tenant's key of Pinpoint may do: permissions in Pinpoint's words; granted is given,
     * missing or unknown. */
    "CREATE TABLE IF NOT EXISTS afp_grant ("
    " company_uuid CHAR(32) NOT NULL,"
    " position INT NOT NULL,"
    " permission VARCHAR(64) NOT NULL,"
    " granted VARCHAR(8) NOT NULL,"
    " PRIMARY KEY (company_uuid, position))",

    /* The names of the stages that a tenant's jobs have. */
    "CREATE TABLE IF NOT EXISTS afp_stage ("
    " company_uuid CHAR(32) NOT NULL,"
    " position INT NOT NULL,"
    " name VARCHAR(255) NOT NULL,"
    " PRIMARY KEY (company_uuid, position))",
    NULL,
};

/* The JSON API: whose token it is, and a tenant's invitations a page at a time. */
static const char *const version_4[] = {
    "CREATE INDEX IF NOT EXISTS afp_tenant_api_token ON afp_tenant (api_token_hash)",
    "CREATE INDEX IF NOT EXISTS afp_invitation_page"
    " ON afp_invitation (company_uuid, sending_at, application_id, occurrence)",
    NULL,
};

static const char *const *const versions[AFP_SCHEMA_VERSION] = {version_1, version_2, version_3,
                                                                version_4};

/* What a version adds to tables of former ones, before its own statements. The default is what a
 * module of before means when it inserts a row. */
typedef struct {
    int version;
    const char *table;
    const char *column;
    const char *type;
} column_t;

static const column_t columns[] = {
    /* What is written to the profiles: a mask (core/profile.h). */
    {2, "afp_tenant", "choices", "BIGINT NOT NULL DEFAULT 255"},
    /* Which of a tenant's due follow-ups comes first (store/follow_up.h). */
    {2, "afp_follow_up", "priority", "INT NOT NULL DEFAULT 0"},
    /* Sealed; what the tombstones of erased applications are made with, "" if there are none. */
    {3, "afp_tenant", "erasure_key", "VARCHAR(255) NOT NULL DEFAULT ''"},
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* The oldest module (by the schema version it writes) that may use the newest schema. */
#define OLDEST_MODULE 1

/* A number of afp_meta, 0 if it is not there. Fails if the table is not. */
static apr_status_t read_meta(afp_session_t *session, const char *name, apr_int64_t *value)
{
    const char *sql = apr_pstrcat(afp_session_scratch(session),
                                  "SELECT value FROM afp_meta WHERE name = '", name, "'", NULL);
    apr_status_t rv = afp_sql_probe(session, sql, value);

    if (rv == APR_NOTFOUND) {
        *value = 0;
        rv = APR_SUCCESS;
    }
    return rv;
}

static apr_status_t write_meta(afp_session_t *session, const char *name, int value)
{
    apr_pool_t *scratch = afp_session_scratch(session);
    apr_status_t rv = afp_sql_plain(
        session, apr_pstrcat(scratch, "DELETE FROM afp_meta WHERE name = '", name, "'", NULL));

    return rv == APR_SUCCESS
               ? afp_sql_plain(session,
                               apr_psprintf(scratch,
                                            "INSERT INTO afp_meta (name, value) VALUES ('%s', %d)",
                                            name, value))
               : rv;
}

static apr_status_t create_table(afp_session_t *session, const char *sql)
{
    const char *suffix = afp_session_database(session)->dialect->table_suffix;

    return afp_sql_plain(session, apr_pstrcat(afp_session_scratch(session), sql, suffix, NULL));
}

typedef struct {
    apr_int64_t version;
    int is_there[COLUMNS];
} migration_t;

/* Not every engine adds a column only if it is not there, and where DDL ends the transaction a
 * migration that broke off has left some. Outside the transaction, which a failed statement may
 * spoil; the migration's lock, or the mutex, is held. */
static void find_columns(afp_session_t *session, migration_t *migration)
{
    apr_pool_t *scratch = afp_session_scratch(session);
    size_t i;

    for (i = 0; i < COLUMNS; i++) {
        const char *sql = apr_psprintf(scratch, "SELECT COUNT(%s) FROM %s WHERE 1 = 0",
                                       columns[i].column, columns[i].table);
        apr_int64_t none;

        migration->is_there[i] = afp_sql_probe(session, sql, &none) == APR_SUCCESS;
    }
}

static apr_status_t add_columns(afp_session_t *session, const migration_t *migration, int version)
{
    apr_pool_t *scratch = afp_session_scratch(session);
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    for (i = 0; i < COLUMNS && rv == APR_SUCCESS; i++) {
        if (columns[i].version == version && !migration->is_there[i]) {
            rv = afp_sql_plain(session, apr_pstrcat(scratch, "ALTER TABLE ", columns[i].table,
                                                    " ADD COLUMN ", columns[i].column, " ",
                                                    columns[i].type, NULL));
        }
    }
    return rv;
}

static apr_status_t apply_version(afp_session_t *session, const migration_t *migration, int version)
{
    const char *const *sql;
    apr_status_t rv = add_columns(session, migration, version);

    for (sql = versions[version - 1]; *sql && rv == APR_SUCCESS; sql++) {
        rv = !strncmp(*sql, "CREATE TABLE", 12) ? create_table(session, *sql)
                                                : afp_sql_plain(session, *sql);
    }
    return rv;
}

static apr_status_t apply(afp_session_t *session, const migration_t *migration)
{
    apr_int64_t generation = 0;
    apr_status_t rv = APR_SUCCESS;
    int version;

    for (version = (int)migration->version + 1; version <= AFP_SCHEMA_VERSION && rv == APR_SUCCESS;
         version++) {
        rv = apply_version(session, migration, version);
    }
    if (rv == APR_SUCCESS) {
        rv = read_meta(session, "generation", &generation);
    }
    if (rv == APR_SUCCESS && !generation) {
        rv = write_meta(session, "generation", 1);
    }
    if (rv == APR_SUCCESS) {
        rv = write_meta(session, "oldest_module", OLDEST_MODULE);
    }
    return rv == APR_SUCCESS ? write_meta(session, "version", AFP_SCHEMA_VERSION) : rv;
}

/* Under the lock the version is read again: somebody else may have been faster. A version that
 * cannot be read is a failure, not a new database: only a table that is not there is made. */
static apr_status_t migrate(afp_session_t *session, void *baton)
{
    migration_t *migration = baton;
    apr_status_t rv = create_table(session, meta_table);

    if (rv == APR_SUCCESS) {
        rv = read_meta(session, "version", &migration->version);
    }
    if (rv == APR_SUCCESS && migration->version < AFP_SCHEMA_VERSION) {
        rv = apply(session, migration);
    }
    return rv;
}

static apr_status_t set(afp_session_t *session, const char *sql)
{
    return sql ? afp_sql_plain(session, sql) : APR_SUCCESS;
}

/* As long as it takes, which depends on how much is there. */
static apr_status_t migrate_without_haste(afp_session_t *session, migration_t *migration)
{
    const afp_dialect_t *dialect = afp_session_database(session)->dialect;
    apr_status_t rv = set(session, dialect->migration_begin);

    find_columns(session, migration);
    if (rv == APR_SUCCESS) {
        rv = afp_session_transaction(session, migrate, migration);
    }
    return rv == APR_SUCCESS ? set(session, dialect->migration_end) : rv;
}

static apr_status_t migrate_locked(afp_session_t *session, apr_int64_t *version)
{
    const afp_database_t *database = afp_session_database(session);
    const afp_dialect_t *dialect = database->dialect;
    migration_t migration = {.version = 0};
    apr_int64_t locked = 1;
    apr_status_t rv = APR_SUCCESS;

    if (dialect->migration_lock) {
        rv = afp_sql_probe(session, dialect->migration_lock, &locked);
    }
    if (rv == APR_SUCCESS) {
        rv = locked == 1 ? APR_SUCCESS : APR_EGENERAL;
    }
    if (rv == APR_SUCCESS) {
        rv = migrate_without_haste(session, &migration);
        *version = migration.version;
    }
    if (dialect->migration_unlock) {
        (void)afp_sql_probe(session, dialect->migration_unlock, &locked);
    }
    if (rv == APR_SUCCESS && *version < AFP_SCHEMA_VERSION) {
        *version = AFP_SCHEMA_VERSION;
        afp_log(database->logger, AFP_LOG_NOTICE,
                AFPNO(0106) "the database's schema is now at version %d (DBDriver %s)",
                AFP_SCHEMA_VERSION, database->driver_name);
    } else if (rv != APR_SUCCESS && afp_database_may_complain(database)) {
        afp_log(database->logger, AFP_LOG_ERROR,
                AFPNO(0107) "the database's schema could not be brought to version %d: another "
                            "process is still at it, or the user in DBDParams needs the right to "
                            "create tables (DBDriver %s)",
                AFP_SCHEMA_VERSION, database->driver_name);
    }
    return rv;
}

apr_status_t afp_schema_migrate(afp_session_t *session)
{
    const afp_database_t *database = afp_session_database(session);
    apr_int64_t version = 0;
    apr_int64_t oldest_module = 0;
    apr_status_t rv = read_meta(session, "version", &version);

    if (rv != APR_SUCCESS || version < AFP_SCHEMA_VERSION) {
        rv = migrate_locked(session, &version);
    }
    if (rv == APR_SUCCESS && version > AFP_SCHEMA_VERSION) {
        rv = read_meta(session, "oldest_module", &oldest_module);
    }
    if (rv == APR_SUCCESS && oldest_module > AFP_SCHEMA_VERSION) {
        if (afp_database_may_complain(database)) {
            afp_log(database->logger, AFP_LOG_ERROR,
                    AFPNO(0108) "the database's schema (version %" APR_INT64_T_FMT ") needs a "
                                "newer module: upgrade this machine",
                    version);
        }
        rv = APR_ENOTIMPL;
    }
    return rv;
}
