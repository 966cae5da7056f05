#include "store_fixture.h"

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
static int migrate_in_a_process(store_t *store, int number)
{
    apr_int64_t generation = 0;

    (void)number;
    if (store->database->mutex &&
        apr_global_mutex_child_init(&store->database->mutex, NULL, store->pool) != APR_SUCCESS) {
        return 1;
    }
    if (afp_tenant_generation(store->session, &generation) != APR_SUCCESS) {
        print_error("%s\n", store->log);
        return 2;
    }
    return generation == 1 ? 0 : 3;
}

static void several_processes_may_make_it_at_once(void **state)
{
    store_t *store = *state;

    store_fork(store, 4, migrate_in_a_process);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_BARE_TEST(the_first_connection_makes_the_schema),
        STORE_BARE_TEST(later_connections_change_nothing),
        STORE_BARE_TEST(several_processes_may_make_it_at_once),
        STORE_BARE_TEST(a_migration_that_broke_off_is_completed),
        STORE_BARE_TEST(a_newer_schema_that_we_may_use_is_used),
        STORE_BARE_TEST(a_newer_schema_that_needs_a_newer_module_is_refused_and_said_once),
        STORE_BARE_TEST(a_lock_that_is_not_given_is_not_ignored),
    };

    return STORE_RUN(tests);
}
