#ifndef AFP_UNIT_REMOTE_FIXTURE_H
#define AFP_UNIT_REMOTE_FIXTURE_H

#include "http_server.h"
#include "remote/assessfirst.h"
#include "remote/pinpoint.h"

/* What every test of a remote API starts with: a pool, a client that nothing aborts, and an API at
 * a server of the test's own with time-outs short enough for a test. */

#define FIXTURE_LOG_SIZE 4096

typedef struct {
    apr_pool_t *pool;
    apr_uint32_t abort;
    afp_logger_t logger;
    char log[FIXTURE_LOG_SIZE]; /* every line that was logged */
    afp_http_api_t api;
    afp_http_client_t *client;
    server_t *server;
} fixture_t;

/* For cmocka: once for a program, and before and after each test. */
int fixture_start(void **state);
int fixture_stop(void **state);
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Starts a server that answers with a copy of `steps` (but of the pointers only), in the place of
 * an earlier one, and lets the API's base point to it. */
void fixture_serve(fixture_t *fixture, const server_step_t *steps);

/* The same with one answer, behind which the connection is closed. */
void fixture_serve_one(fixture_t *fixture, const char *answer);

/* The tenant "acme" with the key "the-key" at the fixture's server, and an AssessFirst account with
 * the token "the-token" there. */
const afp_pinpoint_t *fixture_pinpoint(fixture_t *fixture);
const afp_assessfirst_t *fixture_assessfirst(fixture_t *fixture,
                                             const afp_assessfirst_routes_t *routes);

/* Fails the test unless the n-th request begins with `line`. */
void fixture_expect(fixture_t *fixture, int n, const char *line);

/* The body of the n-th request. */
const char *fixture_body(fixture_t *fixture, int n);

/* Calls `path` of the API. */
afp_outcome_t fixture_call(fixture_t *fixture, afp_http_method_t method, afp_http_repeat_t repeat,
                           const char *path, const char *body, afp_http_response_t *response);
afp_outcome_t fixture_get(fixture_t *fixture, const char *path, afp_http_response_t *response);

/* A thread's function that raises the abort flag of the fixture, its argument, after 200 ms. */
void *fixture_abort_soon(void *fixture);

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
