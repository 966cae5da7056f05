#include "store_fixture.h"

#include "schema_version_1.h"

#include "core/profile.h"
#include "store/schema.h"

#include <apr_strings.h>
#include <string.h>

static apr_status_t open_it(afp_session_t *session)
{
    apr_int64_t generation;

    return afp_tenant_generation(session, &generation);
}

static apr_int64_t meta(store_t *store, const char *name)
{
    return store_number(store, "SELECT value FROM afp_meta WHERE name = '%s'", name);
}

static int times_logged(const store_t *store, const char *tag)
{
    const char *line = store->log;
    int times = 0;

    while ((line = strstr(line, tag))) {
        times++;
        line++;
    }
    return times;
}

static void the_first_connection_makes_the_schema(void **state)
{
    store_t *store = *state;

    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(meta(store, "oldest_module"), 1);
    assert_int_equal(meta(store, "generation"), 1);
    assert_int_equal(times_logged(store, "AFP0106"), 1);
}

static void later_connections_change_nothing(void **state)
{
    store_t *store = *state;

    assert_int_equal(open_it(store->session), APR_SUCCESS);
    store_sql(store, "UPDATE afp_meta SET value = 77 WHERE name = 'generation'");
    afp_session_close(store->session);
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "generation"), 77);
    assert_int_equal(times_logged(store, "AFP0106"), 1);
}

/* Other rows than its own would show that a migration began anew. */
static int migrate_in_a_process(store_t *store, int expected)
{
    apr_int64_t generation = 0;

    if (store->database->mutex &&
        apr_global_mutex_child_init(&store->database->mutex, NULL, store->pool) != APR_SUCCESS) {
        return 1;
    }
    if (afp_tenant_generation(store->session, &generation) != APR_SUCCESS) {
        print_error("%s\n", store->log);
        return 2;
    }
    return generation == expected ? 0 : 3;
}

static int make_in_a_process(store_t *store, int number)
{
    (void)number;
    return migrate_in_a_process(store, 1);
}

static int migrate_version_1_in_a_process(store_t *store, int number)
{
    (void)number;
    return migrate_in_a_process(store, 5);
}

static void several_processes_may_make_it_at_once(void **state)
{
    store_t *store = *state;

    store_fork(store, 4, make_in_a_process);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_meta"), 3);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(times_logged(store, "AFP0106"), 0);
}

static void a_migration_that_broke_off_is_completed(void **state)
{
    store_t *store = *state;

    assert_int_equal(open_it(store->session), APR_SUCCESS);
    store_sql(store, "UPDATE afp_meta SET value = 77 WHERE name = 'generation'");
    store_sql(store, "DELETE FROM afp_meta WHERE name = 'version'");
    store_sql(store, "DROP TABLE afp_invitation");
    afp_session_close(store->session);
    afp_session_close(store->witness);
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_invitation"), 0);
    /* The counter that everybody compares with must not fall. */
    assert_int_equal(meta(store, "generation"), 77);
}

/* Executes statements without a session, which would migrate at once. */
static void execute_raw(store_t *store, const char *const *statements, size_t count)
{
    const afp_database_t *database = store->database;
    apr_dbd_t *handle;
    int changed;

    assert_int_equal(
        apr_dbd_open_ex(database->driver, store->pool, database->params, &handle, NULL),
        APR_SUCCESS);
    for (size_t i = 0; i < count; i++) {
        const char *sql = statements[i];

        if (strncmp(sql, "CREATE TABLE", 12) == 0) {
            sql = apr_pstrcat(store->pool, sql, database->dialect->table_suffix, NULL);
        }
        if (apr_dbd_query(database->driver, handle, &changed, sql) != 0) {
            fail_msg("%s", sql);
        }
    }
    apr_dbd_close(database->driver, handle);
}

/* Rows as a module of version 1 inserts them. */
#define TENANT_1(company_uuid, state)                                                              \
    "INSERT INTO afp_tenant (company_uuid, site, company, state, subdomain, api_key,"              \
    " signing_secret, former_secret, former_until, status, assessfirst_token, locale,"             \
    " api_token_hash, generation, created_at, updated_at, claimed_at) VALUES ('" company_uuid      \
    "', '" STORE_SITE "', '" company_uuid "', '" state                                             \
    "', 'acme', '', '', '', 0, 'Phone Screen', '', 'en-US', '', 5, 1, 1, 3)"
#define FOLLOW_UP_1(id, state, due_at, application_id)                                             \
    "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease, delivery_id,"        \
    " application_id, job_id, occurrence, anyway, attempts, missing, tried_for, created_at,"       \
    " reason) VALUES ('" id "', '" ACME "', 'invite', '" state "', " due_at                        \
    ", '', '', '" application_id "', '7', 1, 0, 2, 0, 0, 9, 'before')"

static const char *const rows_of_version_1[] = {
    TENANT_1(ACME, "connected"),
    FOLLOW_UP_1("00000000000000000000000000000001", "ready", "1", "11"),
    FOLLOW_UP_1("00000000000000000000000000000002", "ready", "2", "22"),
    FOLLOW_UP_1("00000000000000000000000000000003", "held", "3", "33"),
    "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state, lease,"
    " model_uuid, model_name, candidate_id, resent, delivery_id, sending_at, updated_at)"
    " VALUES ('" ACME "', '44', 1, '7', 'invited', '', '', '', 'c-9', 0, '', 1, 1)",
    "INSERT INTO afp_finished (id, company_uuid, kind, delivery_id, application_id, job_id,"
    " occurrence, anyway, attempts, created_at, result, finished_at, reason)"
    " VALUES ('00000000000000000000000000000004', '" ACME "', 'invite', '', '44', '7', 1, 0, 1, 1,"
    " 'invited', 1, '')",
};

static void a_database_of_version_1_keeps_its_rows(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up;
    afp_tenant_t tenant;

    execute_raw(store, schema_version_1, COUNT_OF(schema_version_1));
    execute_raw(store, rows_of_version_1, COUNT_OF(rows_of_version_1));
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(meta(store, "oldest_module"), 1);
    assert_int_equal(meta(store, "generation"), 5);
    assert_int_equal(times_logged(store, "AFP0106"), 1);

    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    assert_string_equal(tenant.status, "Phone Screen");
    assert_int_equal(tenant.choices, AFP_WRITE_ALL);
    follow_up = store_take(store, ACME);
    assert_string_equal(follow_up.application_id, "11");
    assert_int_equal(follow_up.priority, AFP_PRIORITY_WORK);
    assert_int_equal(follow_up.attempts, 3);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"), 3);
    assert_int_equal(store_number(store, "SELECT SUM(priority) FROM afp_follow_up"), 0);
    assert_string_equal(store_text(store, "SELECT candidate_id FROM afp_invitation"), "c-9");
    assert_string_equal(store_text(store, "SELECT result FROM afp_finished"), "invited");
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_assessment"), 0);
}

static void a_module_of_version_1_may_go_on_inserting(void **state)
{
    static const char *const rows[] = {
        TENANT_1(BETA, "paused"),
        FOLLOW_UP_1("00000000000000000000000000000005", "ready", "5", "55"),
    };
    store_t *store = *state;
    afp_tenant_t tenant;

    execute_raw(store, schema_version_1, COUNT_OF(schema_version_1));
    execute_raw(store, rows_of_version_1, 1);
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    execute_raw(store, rows, COUNT_OF(rows));
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, BETA, &tenant), APR_SUCCESS);
    assert_int_equal(tenant.choices, AFP_WRITE_ALL);
    assert_int_equal(store_take(store, ACME).priority, AFP_PRIORITY_WORK);
}

static void a_column_that_a_broken_migration_left_is_not_added_twice(void **state)
{
    static const char *const left[] = {
        "ALTER TABLE afp_tenant ADD COLUMN choices BIGINT NOT NULL DEFAULT 255",
        "UPDATE afp_tenant SET choices = 3",
    };
    store_t *store = *state;
    afp_tenant_t tenant;

    execute_raw(store, schema_version_1, COUNT_OF(schema_version_1));
    execute_raw(store, rows_of_version_1, COUNT_OF(rows_of_version_1));
    execute_raw(store, left, COUNT_OF(left));
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    assert_int_equal(tenant.choices, 3);
    assert_int_equal(store_take(store, ACME).priority, AFP_PRIORITY_WORK);
}

static void several_processes_may_migrate_version_1_at_once(void **state)
{
    store_t *store = *state;

    execute_raw(store, schema_version_1, COUNT_OF(schema_version_1));
    execute_raw(store, rows_of_version_1, COUNT_OF(rows_of_version_1));
    store_fork(store, 4, migrate_version_1_in_a_process);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_meta"), 3);
    assert_int_equal(store_number(store, "SELECT SUM(priority) FROM afp_follow_up"), 0);
}

static void a_newer_schema_that_we_may_use_is_used(void **state)
{
    store_t *store = *state;

    assert_int_equal(open_it(store->session), APR_SUCCESS);
    store_sql(store, "UPDATE afp_meta SET value = %d WHERE name = 'version'",
              AFP_SCHEMA_VERSION + 1);
    afp_session_close(store->session);
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION + 1);
}

static void a_newer_schema_that_needs_a_newer_module_is_refused_and_said_once(void **state)
{
    store_t *store = *state;

    assert_int_equal(open_it(store->session), APR_SUCCESS);
    store_sql(store, "UPDATE afp_meta SET value = %d WHERE name <> 'generation'",
              AFP_SCHEMA_VERSION + 1);
    afp_session_close(store->session);
    assert_int_equal(open_it(store->session), APR_ENOTIMPL);
    assert_int_equal(open_it(store->session), APR_ENOTIMPL);
    assert_int_equal(times_logged(store, "AFP0108"), 1);
    /* Upgraded, or taken back: the next attempt sees it. */
    store_sql(store, "UPDATE afp_meta SET value = 1 WHERE name = 'oldest_module'");
    assert_int_equal(open_it(store->session), APR_SUCCESS);
}

static void a_lock_that_is_not_given_is_not_ignored(void **state)
{
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);

    dialect->migration_lock = "SELECT 0";
    assert_int_equal(open_it(session), APR_EGENERAL);
    assert_int_equal(open_it(session), APR_EGENERAL);
    assert_int_equal(times_logged(store, "AFP0107"), 1);
    dialect->migration_lock = store->database->dialect->migration_lock;
    assert_int_equal(open_it(session), APR_SUCCESS);
}

static apr_status_t read_time_out(afp_session_t *session, void *baton)
{
    const store_t *store = baton;
    apr_int64_t seconds = 0;
    apr_status_t rv = afp_sql_probe(session,
                                    store_is(store, "pgsql") ? "SHOW statement_timeout"
                                                             : "SELECT @@max_statement_time",
                                    &seconds);

    return rv == APR_SUCCESS && seconds != 10 ? APR_EGENERAL : rv;
}

/* An index over all that a site has stored may take minutes. */
static void a_migration_has_no_time_out(void **state)
{
    static const char *const hasty[] = {"SET statement_timeout TO '300ms'", NULL, NULL};
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);

    if (store_is(store, "sqlite3")) {
        return; /* it has none */
    }
    assert_int_equal(open_it(store->session), APR_SUCCESS);
    store_sql(store, "UPDATE afp_meta SET value = %d WHERE name = 'version'",
              AFP_SCHEMA_VERSION - 1);
    if (store_is(store, "pgsql")) {
        dialect->session = hasty;
        dialect->table_suffix = "; SELECT pg_sleep(0.6)";
    }
    assert_int_equal(open_it(session), APR_SUCCESS);
    assert_int_equal(meta(store, "version"), AFP_SCHEMA_VERSION);
    assert_int_equal(afp_session_read(session, read_time_out, store), APR_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_BARE_TEST(the_first_connection_makes_the_schema),
        STORE_BARE_TEST(later_connections_change_nothing),
        STORE_BARE_TEST(several_processes_may_make_it_at_once),
        STORE_BARE_TEST(a_migration_that_broke_off_is_completed),
        STORE_BARE_TEST(a_database_of_version_1_keeps_its_rows),
        STORE_BARE_TEST(a_module_of_version_1_may_go_on_inserting),
        STORE_BARE_TEST(a_column_that_a_broken_migration_left_is_not_added_twice),
        STORE_BARE_TEST(several_processes_may_migrate_version_1_at_once),
        STORE_BARE_TEST(a_newer_schema_that_we_may_use_is_used),
        STORE_BARE_TEST(a_newer_schema_that_needs_a_newer_module_is_refused_and_said_once),
        STORE_BARE_TEST(a_lock_that_is_not_given_is_not_ignored),
        STORE_BARE_TEST(a_migration_has_no_time_out),
    };

    return STORE_RUN(tests);
}
