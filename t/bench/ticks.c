#include "store/activity.h"
#include "store/follow_up.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the ticker and a claim cost, for scripts/bench-ticks, which fills the database:
 *
 *     ticks DBDriver DBDParams 20      the lower quartile of 20 calls of each step, in microseconds
 *     ticks DBDriver DBDParams 0       makes the schema
 *     ticks DBDriver DBDParams plans   the statements of each step with their values
 */

#define DUE     "00000000000000000000000000000001" /* a tenant with due readings and no budget */
#define PAUSED  "00000000000000000000000000000002"
#define NOT_DUE "00000000000000000000000000000003" /* one that has nothing due */

#define WORKERS 4 /* the default of PinpointWorkers */

#define TOKEN_DIGEST "1111111111111111111111111111111111111111111111111111111111111111"

static const char *step_name;
static int printing;

/* ---- the statements, seen on their way (the linker's --wrap) ---- */

static void print_statement(const afp_statement_t *statement, const char *const *values)
{
    const char *sql = statement->sql;
    const char *next;

    printf("%s\t%s\t", step_name, statement->name);
    for (; (next = strstr(sql, "%s")) != NULL; sql = next + 2) {
        printf("%.*s'%s'", (int)(next - sql), sql, *values++);
    }
    printf("%s\n", sql);
}

apr_status_t __real_afp_sql_select(afp_session_t *session, const afp_statement_t *statement,
                                   const char *const *values, afp_rows_t **rows);
apr_status_t __real_afp_sql_execute(afp_session_t *session, const afp_statement_t *statement,
                                    const char *const *values, int *rows);
apr_status_t __wrap_afp_sql_select(afp_session_t *session, const afp_statement_t *statement,
                                   const char *const *values, afp_rows_t **rows);
apr_status_t __wrap_afp_sql_execute(afp_session_t *session, const afp_statement_t *statement,
                                    const char *const *values, int *rows);

apr_status_t __wrap_afp_sql_select(afp_session_t *session, const afp_statement_t *statement,
                                   const char *const *values, afp_rows_t **rows)
{
    if (printing) {
        print_statement(statement, values);
    }
    return __real_afp_sql_select(session, statement, values, rows);
}

apr_status_t __wrap_afp_sql_execute(afp_session_t *session, const afp_statement_t *statement,
                                    const char *const *values, int *rows)
{
    if (printing) {
        print_statement(statement, values);
    }
    return __real_afp_sql_execute(session, statement, values, rows);
}

/* ---- the steps: each fails if it finds something else than it was made for ---- */

static apr_status_t expire(afp_session_t *session, apr_pool_t *pool)
{
    int count = -1;
    apr_status_t rv = afp_follow_up_expire(session, &count);

    (void)pool;
    return rv == APR_SUCCESS && count ? APR_EGENERAL : rv;
}

/* As many tenants as the ticker asks for when all workers are free. */
static apr_status_t due(afp_session_t *session, apr_pool_t *pool)
{
    apr_array_header_t *tenants;
    apr_status_t rv = afp_follow_up_due(session, "", WORKERS, pool, &tenants);

    return rv == APR_SUCCESS && tenants->nelts != WORKERS ? APR_EGENERAL : rv;
}

static apr_status_t claim(afp_session_t *session, const char *company_uuid,
                          afp_claim_result_t expected)
{
    afp_claim_t wanted = {
        .company_uuid = company_uuid,
        .generation = 1,
        .token_digest = TOKEN_DIGEST,
        .token_owner = company_uuid,
        .lease_time = apr_time_from_sec(90),
    };
    apr_status_t rv = afp_follow_up_claim(session, &wanted);

    return rv == APR_SUCCESS && wanted.result != expected ? APR_EGENERAL : rv;
}

static apr_status_t claim_nothing(afp_session_t *session, apr_pool_t *pool)
{
    (void)pool;
    return claim(session, NOT_DUE, AFP_CLAIM_NOTHING);
}

static apr_status_t claim_without_budget(afp_session_t *session, apr_pool_t *pool)
{
    (void)pool;
    return claim(session, DUE, AFP_CLAIM_BUDGET);
}

static apr_status_t claim_paused(afp_session_t *session, apr_pool_t *pool)
{
    (void)pool;
    return claim(session, PAUSED, AFP_CLAIM_HELD);
}

static apr_status_t count(afp_session_t *session, apr_pool_t *pool)
{
    int number = -1;
    apr_status_t rv = afp_follow_up_count(session, NOT_DUE, 100000, &number);

    (void)pool;
    return rv == APR_SUCCESS && number != 0 ? APR_EGENERAL : rv;
}

static apr_status_t summarise(afp_session_t *session, apr_pool_t *pool)
{
    afp_activity_summary_t summary;

    (void)pool;
    return afp_activity_summarise(session, NOT_DUE, &summary);
}

static const struct {
    const char *name;
    apr_status_t (*run)(afp_session_t *session, apr_pool_t *pool);
} steps[] = {
    {"expire", expire},
    {"due", due},
    {"claim", claim_nothing},
    {"claim-without-budget", claim_without_budget},
    {"claim-paused", claim_paused},
    {"count", count},
    {"summarise", summarise},
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* ---- measuring ---- */

static int by_size(const void *left, const void *right)
{
    const apr_time_t *a = left;
    const apr_time_t *b = right;

    return *a < *b ? -1 : *a > *b;
}

static apr_status_t measure(afp_session_t *session, apr_pool_t *pool, size_t step, int rounds)
{
    apr_time_t *taken = apr_pcalloc(pool, sizeof(*taken) * (size_t)rounds);
    apr_pool_t *scratch;
    apr_status_t rv = apr_pool_create(&scratch, pool);
    int i;

    for (i = 0; i < rounds && rv == APR_SUCCESS; i++) {
        apr_time_t before = apr_time_now();

        rv = steps[step].run(session, scratch);
        taken[i] = apr_time_now() - before;
        apr_pool_clear(scratch);
    }
    if (rv == APR_SUCCESS) {
        qsort(taken, (size_t)rounds, sizeof(*taken), by_size);
        printf("%s\t%" APR_TIME_T_FMT "\n", steps[step].name, taken[rounds / 4]);
    }
    return rv;
}

static void print_line(void *baton, afp_log_level_t level, const char *line)
{
    (void)baton;
    (void)level;
    fprintf(stderr, "%s\n", line);
}

int main(int argc, char **argv)
{
    const afp_logger_t logger = {print_line, NULL, AFP_LOG_ERROR};
    const char *why = "usage: ticks DBDriver DBDParams rounds|plans";
    afp_database_t *database = NULL;
    afp_session_t *session;
    apr_int64_t generation;
    apr_pool_t *pool = NULL;
    apr_status_t rv;
    int rounds;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (argc == 4) {
        database = afp_database_make(pool, argv[1], argv[2], &logger, &why);
    }
    if (!database) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    session = afp_session_make(pool, database);
    rv = afp_tenant_generation(session, &generation);
    rounds = atoi(argv[3]);
    for (size_t i = 0; i < STEPS && rv == APR_SUCCESS; i++) {
        step_name = steps[i].name;
        if (rounds) {
            rv = measure(session, pool, i, rounds);
        } else if (!strcmp(argv[3], "plans")) {
            printing = 1;
            rv = steps[i].run(session, pool);
        }
        if (rv != APR_SUCCESS) {
            fprintf(stderr, "%s failed: %d\n", step_name, rv);
        }
    }
    afp_session_close(session);
    return rv == APR_SUCCESS ? 0 : 1;
}
