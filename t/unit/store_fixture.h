#ifndef AFP_UNIT_STORE_FIXTURE_H
#define AFP_UNIT_STORE_FIXTURE_H

#include "unit.h"

#include "core/seal.h"
#include "store/delivery.h"
#include "store/follow_up.h"
#include "store/session.h"
#include "store/tenant.h"

/* What every test of the store starts with: an empty database of the kind that AFP_TEST_DRIVER and
 * AFP_TEST_PARAMS name (DBDriver and DBDParams; default: SQLite in a temporary directory), a
 * session under test, and a second one that looks and meddles from outside. */

#define STORE_LOG_SIZE 8192
#define STORE_SITE     "careers.example.test"

/* Tenants of the tests. */
#define ACME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BETA "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define CORE "cccccccccccccccccccccccccccccccc"

#define TOKEN_DIGEST "1111111111111111111111111111111111111111111111111111111111111111"

typedef struct {
    apr_pool_t *pool;
    afp_logger_t logger;
    char log[STORE_LOG_SIZE]; /* every line that was logged */
    afp_database_t *database;
    afp_session_t *session;
    afp_session_t *witness;
    afp_tenants_place_t place;
} store_t;

/* STORE_TEST: the schema is there and empty. STORE_BARE_TEST: there are no tables. */
#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, store_setup, store_teardown)
#define STORE_BARE_TEST(function)                                                                  \
    cmocka_unit_test_setup_teardown(function, store_setup_bare, store_teardown)
#define STORE_RUN(tests) cmocka_run_group_tests(tests, store_start, store_stop)

int store_start(void **state);
int store_stop(void **state);
int store_setup(void **state);
int store_setup_bare(void **state);
int store_teardown(void **state);

int store_is(const store_t *store, const char *driver);

/* One more session, with a dialect that the test may change; also with parameters of its own, if
 * `database` is not NULL. */
afp_session_t *store_other_session(store_t *store, afp_dialect_t **dialect,
                                   afp_database_t **database);

/* Through the witness; the test fails if the database does. store_text gives the first column of
 * the first row, "" if there is none. */
void store_sql(store_t *store, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *store_text(store_t *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
apr_int64_t store_number(store_t *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Now by the database's clock. Sessions know it to some milliseconds: tests must leave it a
 * CLOCK_SLACK either way. */
#define CLOCK_SLACK (APR_USEC_PER_SEC / 2)
apr_time_t store_now(store_t *store);

/* A tenant of STORE_SITE in `state`, without settings or checks. */
void store_add_tenant(store_t *store, const char *company_uuid, const char *state);

/* A ready invite follow-up, due `ago` seconds ago. The id is `number` in hex, the application
 * `application_id`. Returns the id. */
const char *store_add_follow_up(store_t *store, const char *company_uuid, int number,
                                const char *application_id, int ago);

/* The same of any kind; `ago` below 0: not due yet. */
const char *store_add_kind(store_t *store, const char *company_uuid, int number, const char *kind,
                           const char *application_id, int priority, int ago);

/* A ready check that is due. */
const char *store_add_check(store_t *store, const char *company_uuid, int number, const char *kind);

/* A finished follow-up of job 7 that ended at `at`, with the reason "because"; of application 11 if
 * it is an invitation or "" otherwise, unless the test changes that. */
const char *store_add_finished(store_t *store, const char *company_uuid, int number,
                               const char *kind, const char *result, apr_time_t at);

/* Stores a delivery that is ignored, received at `received_at`, as store_delivery makes it. */
afp_delivery_t *store_add_ignored(store_t *store, const char *company_uuid, int body,
                                  apr_time_t received_at, const char *reason);

/* The generation of a tenant's settings. */
apr_int64_t store_generation(store_t *store, const char *company_uuid);

/* Claims for a tenant with its own token. The result is in the claim that is returned. */
afp_claim_t store_claim(store_t *store, const char *company_uuid);
/* The same, which must be given one. */
afp_follow_up_t store_take(store_t *store, const char *company_uuid);

/* What afp_follow_up_end must do. */
void store_end(store_t *store, const afp_follow_up_t *follow_up, const afp_end_t *end);

/* How many follow-ups are in a state. */
apr_int64_t store_in_state(store_t *store, const char *state);

/* A delivery of a new application that is not stored yet: its digest is `body` in hex. */
afp_delivery_t *store_delivery(store_t *store, const char *company_uuid, int body);

/* One of several threads that start at once, each with an open session of its own. It must not
 * assert: what it returns is asserted to be APR_SUCCESS. */
typedef struct {
    store_t *store;
    afp_session_t *session;
    apr_pool_t *pool;
    int number; /* from 0 */
    void *baton;
} racer_t;

typedef apr_status_t racer_run_t(racer_t *racer);

void store_race(store_t *store, int racers, racer_run_t *run, void *baton);

/* Runs `run` in `count` processes at once; each must return 0. The sessions of this process are
 * closed before. */
typedef int process_run_t(store_t *store, int number);

void store_fork(store_t *store, int count, process_run_t *run);

#endif
