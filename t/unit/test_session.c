#include "store_fixture.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The work of these tests: writes rows of afp_meta, and goes wrong in the way that is asked for. */

static const afp_statement_t insert_row = {"insert-row",
                                           "INSERT INTO afp_meta (name, value) VALUES (%s, %s)"};
static const afp_statement_t select_row = {"select-row",
                                           "SELECT value FROM afp_meta WHERE name = %s"};
static const afp_statement_t bad_statement = {"bad", "SELECT nothing FROM afp_nowhere"};

typedef struct {
    store_t *store;
    int runs;
    int bad_runs; /* so many first runs execute a statement that fails */
    int forgives; /* and say that nothing happened */
    int kills;    /* so many first runs lose their connection before the commit */
    apr_status_t result;
    apr_int64_t seen;
} work_t;

/* Ends the session's connection from outside; SQLite has none that could be lost. */
static const char *kill_statement(afp_session_t *session, const work_t *work)
{
    apr_int64_t number = 0;
    const char *own =
        store_is(work->store, "pgsql") ? "SELECT pg_backend_pid()" : "SELECT CONNECTION_ID()";

    if (afp_sql_probe(session, own, &number) != APR_SUCCESS) {
        return NULL;
    }
    return apr_psprintf(work->store->pool,
                        store_is(work->store, "pgsql")
                            ? "SELECT CAST(pg_terminate_backend(%" APR_INT64_T_FMT ") AS INT)"
                            : "KILL %" APR_INT64_T_FMT,
                        number);
}

static void kill_connection(afp_session_t *session, const work_t *work)
{
    const char *statement = kill_statement(session, work);

    assert_non_null(statement);
    if (store_is(work->store, "pgsql")) {
        assert_int_equal(store_number(work->store, "%s", statement), 1);
        /* The backend goes a moment later: until then it would still answer. */
        while (store_number(work->store, "SELECT COUNT(*) FROM pg_stat_activity WHERE pid = %d",
                            atoi(strpbrk(statement, "0123456789"))) > 0) {
        }
    } else {
        store_sql(work->store, "%s", statement);
    }
}

static apr_status_t write_row(afp_session_t *session, void *baton)
{
    work_t *work = baton;
    const char *values[] = {"written", afp_sql_number(session, ++work->runs)};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &insert_row, values, &rows);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    assert_int_equal(rows, 1);
    if (work->runs <= work->bad_runs) {
        afp_rows_t *nothing;

        rv = afp_sql_select(session, &bad_statement, NULL, &nothing);
        assert_int_equal(rv, APR_EGENERAL);
        return work->forgives ? APR_SUCCESS : rv;
    }
    if (work->runs <= work->kills) {
        kill_connection(session, work);
    }
    return work->result;
}

static apr_status_t read_row(afp_session_t *session, void *baton)
{
    work_t *work = baton;
    const char *values[] = {"written"};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_row, values, &rows);

    work->runs++;
    work->seen = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        work->seen = afp_rows_number(rows, 0);
    }
    return rv == APR_SUCCESS ? work->result : rv;
}

static apr_int64_t written(store_t *store)
{
    return store_number(store, "SELECT value FROM afp_meta WHERE name = 'written'");
}

static void a_write_is_committed(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(written(store), 1);
    assert_int_equal(afp_session_read(store->session, read_row, &work), APR_SUCCESS);
    assert_int_equal(work.seen, 1);
}

static void work_that_says_no_leaves_nothing_and_is_not_repeated(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store, .result = APR_NOTFOUND};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_NOTFOUND);
    assert_int_equal(work.runs, 1);
    assert_int_equal(written(store), 0);
    /* Nor does the next transaction of that connection bring it back. */
    work.result = APR_SUCCESS;
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(written(store), 2);
}

static void a_failed_statement_is_repeated_once_on_a_fresh_connection(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store, .bad_runs = 1};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(work.runs, 2);
    assert_int_equal(written(store), 2);
}

static void a_database_that_fails_twice_is_an_error_and_leaves_nothing(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store, .bad_runs = 99};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_EGENERAL);
    assert_int_equal(work.runs, 2);
    assert_int_equal(written(store), 0);
    work.bad_runs = 0;
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(written(store), 3);
}

static void work_that_overlooks_a_failure_is_not_committed(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store, .bad_runs = 99, .forgives = 1};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_EGENERAL);
    assert_int_equal(work.runs, 2);
    assert_int_equal(written(store), 0);
}

static void a_failed_read_is_repeated_once(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};

    store_sql(store, "INSERT INTO afp_meta (name, value) VALUES ('written', 5)");
    assert_int_equal(afp_session_read(store->session, read_row, &work), APR_SUCCESS);
    assert_int_equal(work.seen, 5);
    /* The table under it is replaced by another of the same name. */
    store_sql(store, "ALTER TABLE afp_meta RENAME TO afp_former");
    store_sql(store, "CREATE TABLE afp_meta (name VARCHAR(32) NOT NULL PRIMARY KEY,"
                     " value BIGINT NOT NULL)");
    store_sql(store, "INSERT INTO afp_meta SELECT * FROM afp_former");
    store_sql(store, "UPDATE afp_meta SET value = 6 WHERE name = 'written'");
    store_sql(store, "DROP TABLE afp_former");
    assert_int_equal(afp_session_read(store->session, read_row, &work), APR_SUCCESS);
    assert_int_equal(work.seen, 6);
}

static apr_status_t kill_own(afp_session_t *session, void *baton)
{
    kill_connection(session, baton);
    return APR_SUCCESS;
}

static void a_connection_that_was_lost_meanwhile_is_made_again(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};

    if (!store_is(store, "sqlite3")) {
        assert_int_equal(afp_session_read(store->session, kill_own, &work), APR_SUCCESS);
        assert_int_equal(afp_session_read(store->session, read_row, &work), APR_SUCCESS);
        assert_int_equal(afp_session_read(store->session, kill_own, &work), APR_SUCCESS);
    }
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_true(written(store) > 0);
}

static void work_whose_connection_is_lost_before_the_commit_is_done_once(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store, .kills = store_is(store, "sqlite3") ? 0 : 1};

    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(work.runs, 1 + work.kills);
    assert_int_equal(written(store), work.runs);
}

static void a_closed_session_opens_again(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};

    afp_session_close(store->session);
    afp_session_close(store->session);
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(written(store), 1);
}

static void the_text_of_a_driver_is_not_logged(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};

    store_sql(store, "INSERT INTO afp_meta (name, value) VALUES ('written', 5)");
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_EGENERAL);
    assert_non_null(strstr(store->log, "AFP0101"));
    assert_null(strstr(store->log, "written"));
}

static const afp_statement_t select_nothing = {"select-nothing",
                                               "SELECT MIN(value) FROM afp_meta WHERE name = %s"};

static apr_status_t read_nothing(afp_session_t *session, void *baton)
{
    const char *values[] = {"nobody"};
    afp_rows_t *rows;

    (void)baton;
    assert_int_equal(afp_sql_select(session, &select_nothing, values, &rows), APR_SUCCESS);
    assert_true(afp_rows_next(rows));
    assert_string_equal(afp_rows_text(rows, 0), "");
    assert_int_equal(afp_rows_number(rows, 0), 0);
    assert_false(afp_rows_next(rows));
    return APR_SUCCESS;
}

static void null_reads_as_nothing(void **state)
{
    store_t *store = *state;

    assert_int_equal(afp_session_read(store->session, read_nothing, NULL), APR_SUCCESS);
}

static void the_clock_is_that_of_the_database(void **state)
{
    store_t *store = *state;
    apr_time_t off = afp_session_now(store->session) - apr_time_now();

    assert_true(off > -apr_time_from_sec(5) && off < apr_time_from_sec(5));
}

static void the_clock_of_a_server_is_believed_rather_than_ours(void **state)
{
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);
    apr_int64_t generation;

    dialect->clock = "SELECT 5000000";
    assert_int_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    assert_true(afp_session_now(session) >= 5000000);
    assert_true(afp_session_now(session) < 5000000 + apr_time_from_sec(60));
}

static void a_setting_that_durability_needs_is_read_back(void **state)
{
    static const char *const unsafe[] = {"SELECT 1", "2", NULL};
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);
    apr_int64_t generation;
    char *first;

    dialect->session = unsafe;
    assert_int_equal(afp_tenant_generation(session, &generation), APR_EGENERAL);
    first = strstr(store->log, "AFP0103");
    assert_non_null(first);
    /* Said once, until it works again. */
    assert_int_equal(afp_tenant_generation(session, &generation), APR_EGENERAL);
    assert_null(strstr(first + 1, "AFP0103"));
    dialect->session = store->database->dialect->session;
    assert_int_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    afp_session_close(session);
    dialect->session = unsafe;
    assert_int_equal(afp_tenant_generation(session, &generation), APR_EGENERAL);
    assert_non_null(strstr(first + 1, "AFP0103"));
}

static void a_database_that_is_not_there_is_an_error_told_once(void **state)
{
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_database_t *database;
    afp_session_t *session = store_other_session(store, &dialect, &database);
    apr_int64_t generation;
    const char *first, *params;

    store->logger.level = AFP_LOG_ERROR;
    database->params = store_is(store, "sqlite3") ? "/nowhere/at/all.sqlite"
                       : store_is(store, "pgsql") ? "host=127.0.0.1 port=1 connect_timeout=3"
                                                  : "host=127.0.0.1,port=1,user=a,reconnect=0";
    assert_int_not_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    first = strstr(store->log, "AFP0104");
    assert_non_null(first);
    assert_int_not_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    assert_null(strstr(first + 1, "AFP0104"));
    /* Anew after it was there. */
    params = database->params;
    database->params = store->database->params;
    assert_int_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    afp_session_close(session);
    database->params = params;
    assert_int_not_equal(afp_tenant_generation(session, &generation), APR_SUCCESS);
    assert_non_null(strstr(first + 1, "AFP0104"));
}

/* ---- the mutex of one-writer databases ---- */

static int leave_locked(store_t *store)
{
    if (apr_global_mutex_child_init(&store->database->mutex, NULL, store->pool) != APR_SUCCESS) {
        return 1;
    }
    return apr_global_mutex_lock(store->database->mutex) != APR_SUCCESS;
}

static void a_process_that_dies_with_the_mutex_does_not_lock_the_others_out(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};
    pid_t process;
    int status = -1;

    if (!store->database->mutex) {
        return;
    }
    process = fork();
    if (process == 0) {
        _exit(leave_locked(store));
    }
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    assert_int_equal(written(store), 1);
}

static void a_writer_waits_for_the_mutex_three_seconds_and_no_longer(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};
    int gate[2], done[2];
    apr_time_t start;
    pid_t process;
    char byte;

    if (!store->database->mutex) {
        return;
    }
    assert_int_equal(pipe(gate), 0);
    assert_int_equal(pipe(done), 0);
    process = fork();
    if (process == 0) {
        close(done[1]);
        _exit(leave_locked(store) || write(gate[1], "x", 1) != 1 || read(done[0], &byte, 1) != 0);
    }
    close(done[0]);
    assert_int_equal(read(gate[0], &byte, 1), 1);
    start = apr_time_now();
    assert_true(APR_STATUS_IS_TIMEUP(afp_session_write(store->session, write_row, &work)));
    assert_true(apr_time_now() - start > apr_time_from_sec(2));
    assert_int_equal(work.runs, 0);
    close(done[1]);
    close(gate[0]);
    close(gate[1]);
    assert_int_equal(waitpid(process, NULL, 0), process);
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
}

/* 1 if what write_row wrote is in the database's own file, not only in its log. */
static int is_written_back(store_t *store)
{
    FILE *file = fopen(afp_database_file(store->database), "rb");
    size_t size = 4 * 1024 * 1024;
    char *bytes = apr_palloc(store->pool, size);
    size_t length;
    int found;

    assert_non_null(file);
    length = fread(bytes, 1, size, file);
    found = memmem(bytes, length, "written", strlen("written")) != NULL;
    fclose(file);
    return found;
}

static void the_log_is_written_back_after_many_transactions(void **state)
{
    store_t *store = *state;
    work_t work = {.store = store};
    int i;

    if (!store->database->mutex) {
        return;
    }
    assert_int_equal(afp_session_write(store->session, write_row, &work), APR_SUCCESS);
    afp_session_check_point(store->session);
    assert_false(is_written_back(store));
    work.result = APR_EOF;
    for (i = 0; i < 500; i++) {
        assert_int_equal(afp_session_write(store->session, read_row, &work), APR_EOF);
    }
    assert_false(is_written_back(store));
    afp_session_check_point(store->session);
    assert_true(is_written_back(store));
    work.result = APR_SUCCESS;
    assert_int_equal(afp_session_write(store->session, read_row, &work), APR_SUCCESS);
    assert_int_equal(work.seen, 1);
}

/* ---- the description ---- */

static void drivers_that_cannot_work_are_refused_with_a_remedy(void **state)
{
    store_t *store = *state;
    static const struct {
        const char *driver;
        const char *params;
        const char *words;
    } refused[] = {
        {"sqlite2", "x", "prepared statements"},
        {"freetds", "x", "does not bind"},
        {"nosuchdriver", "x", "install"},
        {"sqlite3", "", "must name a file"},
        {"sqlite3", ":memory:", "must name a file"},
    };

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const char *why = "";

        assert_null(
            afp_database_make(store->pool, refused[i].driver, refused[i].params, NULL, &why));
        assert_non_null(strstr(why, refused[i].words));
    }
}

static void time_outs_are_added_to_the_parameters_unless_they_are_there(void **state)
{
    store_t *store = *state;
    const char *why = "";
    afp_database_t *database =
        afp_database_make(store->pool, "pgsql", "host=db dbname=afp", NULL, &why);

    assert_non_null(database);
    assert_string_equal(database->params, "host=db dbname=afp connect_timeout=3");
    database = afp_database_make(store->pool, "pgsql", "connect_timeout=9", NULL, &why);
    assert_string_equal(database->params, "connect_timeout=9");
    database = afp_database_make(store->pool, "pgsql", "postgresql://afp@db/afp", NULL, &why);
    assert_string_equal(database->params, "postgresql://afp@db/afp?connect_timeout=3");
    database =
        afp_database_make(store->pool, "pgsql", "postgres://db/afp?sslmode=require", NULL, &why);
    assert_string_equal(database->params, "postgres://db/afp?sslmode=require&connect_timeout=3");
    database = afp_database_make(store->pool, "mysql", "host=db", NULL, &why);
    assert_string_equal(database->params, "host=db,reconnect=0");
    assert_null(afp_database_file(database));
    database = afp_database_make(store->pool, "sqlite3", "/a/b.sqlite", NULL, &why);
    assert_string_equal(afp_database_file(database), "/a/b.sqlite");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_write_is_committed),
        STORE_TEST(work_that_says_no_leaves_nothing_and_is_not_repeated),
        STORE_TEST(a_failed_statement_is_repeated_once_on_a_fresh_connection),
        STORE_TEST(a_database_that_fails_twice_is_an_error_and_leaves_nothing),
        STORE_TEST(work_that_overlooks_a_failure_is_not_committed),
        STORE_TEST(a_failed_read_is_repeated_once),
        STORE_TEST(a_connection_that_was_lost_meanwhile_is_made_again),
        STORE_TEST(work_whose_connection_is_lost_before_the_commit_is_done_once),
        STORE_TEST(a_closed_session_opens_again),
        STORE_TEST(the_text_of_a_driver_is_not_logged),
        STORE_TEST(null_reads_as_nothing),
        STORE_TEST(the_clock_is_that_of_the_database),
        STORE_TEST(the_clock_of_a_server_is_believed_rather_than_ours),
        STORE_TEST(a_setting_that_durability_needs_is_read_back),
        STORE_TEST(a_database_that_is_not_there_is_an_error_told_once),
        STORE_TEST(a_process_that_dies_with_the_mutex_does_not_lock_the_others_out),
        STORE_TEST(a_writer_waits_for_the_mutex_three_seconds_and_no_longer),
        STORE_TEST(the_log_is_written_back_after_many_transactions),
        STORE_TEST(drivers_that_cannot_work_are_refused_with_a_remedy),
        STORE_TEST(time_outs_are_added_to_the_parameters_unless_they_are_there),
    };

    return STORE_RUN(tests);
}
