#include "store_fixture.h"

#include "store/activity.h"
#include "store/activity_parts.h"
#include "store/invitation_list.h"

#include <apr_strings.h>
#include <string.h>

/* That a page costs the same whatever there is: every statement of the list follows its index, by
 * the plan that the database itself tells, with so many rows that other plans would have a point.
 */

#define MANY 20000

/* The tenant of a row: the older half is of ACME. */
#define TENANT                                                                                     \
    "CASE WHEN n <= 10000 THEN '" ACME "' WHEN n % 2 = 0 THEN '" BETA "' ELSE '" CORE "' END"

static void add_many(store_t *store, const char *table, const char *columns, const char *values)
{
    if (store_is(store, "mysql")) {
        store_sql(store, "SET SESSION max_recursive_iterations = %d", MANY + 1);
    }
    store_sql(store,
              "INSERT INTO %s (%s) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL"
              " SELECT n + 1 FROM numbers WHERE n < %d) SELECT %s FROM numbers",
              table, columns, MANY, values);
}

static void fill(store_t *store)
{
    add_many(store, "afp_finished",
             "id, company_uuid, kind, result, delivery_id, application_id, job_id, occurrence,"
             " anyway, attempts, created_at, finished_at, reason",
             "CAST(n AS CHAR(32)), " TENANT ", 'invite',"
             " CASE WHEN n % 4 = 0 THEN 'dead' ELSE 'skipped' END, '', CAST(n AS CHAR(20)), '',"
             " 1, 0, 1, 1, n, ''");
    add_many(store, "afp_follow_up",
             "id, company_uuid, kind, state, due_at, lease, delivery_id, application_id, job_id,"
             " occurrence, anyway, attempts, missing, tried_for, created_at, reason, priority",
             "CAST(n AS CHAR(32)), " TENANT ", 'invite', 'ready', n, '', '', CAST(n AS CHAR(20)),"
             " '', 1, 0, 1, 0, 0, 1, '', CASE WHEN n % 4 = 0 THEN 0 ELSE 1 END");
    add_many(store, "afp_delivery",
             "id, company_uuid, digest, event, application_id, job_id, triggered_at, received_at,"
             " length, ignored, guards",
             "CAST(n AS CHAR(32)), " TENANT ", CAST(n AS CHAR(32)), 'application_created',"
             " CAST(n AS CHAR(20)), '', 1, n, 1, CASE WHEN n % 2 = 0 THEN 'No' ELSE '' END, 1");
    store_sql(store, "INSERT INTO afp_ignored (id, company_uuid, received_at)"
                     " SELECT id, company_uuid, received_at FROM afp_delivery WHERE ignored <> ''");
    if (store_is(store, "mysql")) {
        store_text(store, "ANALYZE TABLE afp_finished, afp_follow_up, afp_delivery, afp_ignored");
    } else if (store_is(store, "pgsql")) {
        store_sql(store, "ANALYZE");
    } /* SQLite is never analysed. */
}

/* ---- plans ---- */

static const char *with_values(store_t *store, const char *sql, const char *const *values)
{
    const char *filled = "";
    const char *place;

    while ((place = strstr(sql, "%s"))) {
        filled = apr_pstrcat(store->pool, filled,
                             apr_pstrmemdup(store->pool, sql, (apr_size_t)(place - sql)), *values++,
                             NULL);
        sql = place + 2;
    }
    return apr_pstrcat(store->pool, filled, sql, NULL);
}

typedef struct {
    store_t *store;
    const char *sql;
    const char *plan;
} explained_t;

/* The columns of each row that name an index or say how it is used. */
static apr_status_t explain(afp_session_t *session, void *baton)
{
    explained_t *explained = baton;
    store_t *store = explained->store;
    int is_sqlite = store_is(store, "sqlite3");
    int is_mysql = store_is(store, "mysql");
    afp_statement_t *statement = apr_pcalloc(store->pool, sizeof(*statement));
    afp_rows_t *rows;
    apr_status_t rv;

    statement->name = "explain";
    statement->sql = apr_pstrcat(store->pool, is_sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ",
                                 explained->sql, NULL);
    explained->plan = "";
    rv = afp_sql_select(session, statement, NULL, &rows);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *line = afp_rows_text(rows, is_sqlite ? 3 : 0);

        if (is_mysql) {
            line = apr_pstrcat(store->pool, afp_rows_text(rows, 5), " by ", afp_rows_text(rows, 3),
                               ": ", afp_rows_text(rows, 9), NULL);
        }
        explained->plan = apr_pstrcat(store->pool, explained->plan, line, "\n", NULL);
    }
    return rv;
}

/* How an engine says that it does not follow an index. */
static const char *const bad_words[] = {"SCAN afp_", "SCAN r", "Seq Scan"};
static const char *const sorting_words[] = {"FOR ORDER BY", "Sort Key: due_at",
                                            "Sort Key: received_at", "filesort"};

static const char *word_in(const char *plan, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(plan, words[i])) {
            return words[i];
        }
    }
    return NULL;
}

/* On MariaDB the range must begin at the place, not at the beginning of the tenant's rows. */
static void check(store_t *store, const char *sql, const char *const *values, const char *index,
                  int may_sort)
{
    explained_t explained = {store, with_values(store, sql, values), ""};
    const char *wanted = store_is(store, "mysql") && !may_sort
                             ? apr_pstrcat(store->pool, index, " by range", NULL)
                             : index;

    assert_int_equal(afp_session_read(store->witness, explain, &explained), APR_SUCCESS);
    if (!strstr(explained.plan, wanted) ||
        word_in(explained.plan, bad_words, COUNT_OF(bad_words)) ||
        (!may_sort && word_in(explained.plan, sorting_words, COUNT_OF(sorting_words)))) {
        fail_msg("%s\n%s", explained.sql, explained.plan);
    }
}

static void every_statement_of_the_list_follows_its_index(void **state)
{
    static const struct {
        const char *index;
        const char *values[3];
    } sources[AFP_SOURCES] = {
        [AFP_SOURCE_OPEN] = {"afp_follow_up_priority", {"'ready'", "'" ACME "'"}},
        [AFP_SOURCE_FINISHED] = {"afp_finished_page", {"'" ACME "'"}},
        [AFP_SOURCE_RESULT] = {"afp_finished_result_page", {"'" ACME "'", "'dead'"}},
        [AFP_SOURCE_IGNORED] = {"afp_ignored_page", {"'" ACME "'"}},
    };
    static const char *const place[] = {"9000", "9000", "'9000'", "51"};
    store_t *store = *state;

    fill(store);
    for (int i = 0; i < AFP_SOURCES; i++) {
        const char *values[8];
        int count = 0;

        while (sources[i].values[count]) {
            values[count] = sources[i].values[count];
            count++;
        }
        memcpy(values + count, place, sizeof(place));
        check(store, afp_activity_selects[i].older.sql, values, sources[i].index, 0);
        check(store, afp_activity_selects[i].newer.sql, values, sources[i].index, 0);
    }
}

static void so_does_every_statement_about_an_application(void **state)
{
    static const char *const indexes[AFP_OWN_SELECTS] = {
        "afp_follow_up_application", "afp_finished_application", "afp_delivery_application"};
    static const char *const values[] = {"'" ACME "'", "'12'"};
    store_t *store = *state;

    fill(store);
    for (int i = 0; i < AFP_OWN_SELECTS; i++) {
        check(store, afp_activity_own_selects[i].sql, values, indexes[i], 1);
    }
}

static void so_does_the_list_of_invitations(void **state)
{
    static const char *const values[] = {"'" ACME "'", "9000", "9000", "'9000'",
                                         "'9000'",     "1",    "51"};
    store_t *store = *state;

    add_many(store, "afp_invitation",
             "company_uuid, application_id, occurrence, job_id, state, lease, model_uuid,"
             " model_name, candidate_id, resent, delivery_id, sending_at, updated_at",
             TENANT ", CAST(n AS CHAR(20)), 1, '', 'invited', '', '', '', '', 0, '', n, n");
    add_many(store, "afp_assessment",
             "company_uuid, application_id, occurrence, progress, finished, wanted, swipe, drive,"
             " brain, voice, score, link, polls, read_at, failure, closed",
             TENANT ", CAST(n AS CHAR(20)), 1, 'invited', 0, 7, -1, -1, -1, -1, -1, '', 1, n, '',"
                    " ''");
    if (store_is(store, "mysql")) {
        store_text(store, "ANALYZE TABLE afp_invitation, afp_assessment");
    } else if (store_is(store, "pgsql")) {
        store_sql(store, "ANALYZE");
    }
    check(store, afp_invitation_list_select.sql, values, "afp_invitation_page", 0);
}

static void a_page_of_many_rows_has_the_right_ones(void **state)
{
    static const struct {
        const char *state;
        apr_time_t at; /* of the third row */
    } pages[] = {{"", 10000}, {"waiting", 10000 - 8}, {"dead", 10000 - 8}, {"ignored", 10000 - 4}};
    store_t *store = *state;

    fill(store);
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        afp_activity_page_t page = {
            .company_uuid = ACME, .state = pages[i].state, .application_id = "", .limit = 3};

        assert_int_equal(afp_activity_read(store->session, &page, store->pool), APR_SUCCESS);
        assert_int_equal(page.activities->nelts, 3);
        assert_int_equal(APR_ARRAY_IDX(page.activities, 2, afp_activity_t).at, pages[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(every_statement_of_the_list_follows_its_index),
        STORE_TEST(so_does_every_statement_about_an_application),
        STORE_TEST(so_does_the_list_of_invitations),
        STORE_TEST(a_page_of_many_rows_has_the_right_ones),
    };

    return STORE_RUN(tests);
}
