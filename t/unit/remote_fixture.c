#include "remote_fixture.h"
#include "unit.h"

#include <apr_atomic.h>
#include <apr_general.h>
#include <apr_strings.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int fixture_start(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return apr_initialize() || afp_http_start();
}

int fixture_stop(void **state)
{
    (void)state;
    afp_http_stop();
    apr_terminate();
    return 0;
}

static void write_log(void *baton, afp_log_level_t level, const char *line)
{
    fixture_t *fixture = baton;
    size_t used = strlen(fixture->log);

    (void)level;
    apr_snprintf(fixture->log + used, sizeof(fixture->log) - used, "%s\n", line);
}

int fixture_setup(void **state)
{
    fixture_t *fixture = calloc(1, sizeof(*fixture));

    if (fixture == NULL || apr_pool_create(&fixture->pool, NULL))
        return -1;
    fixture->logger = (afp_logger_t){.write = write_log, .baton = fixture, .level = AFP_LOG_DEBUG};
    fixture->api = (afp_http_api_t){.name = "Pinpoint",
                                    .base = "https://127.0.0.1:9/v1",
                                    .connect_timeout = apr_time_from_sec(20),
                                    .total_timeout = apr_time_from_sec(30),
                                    .logger = &fixture->logger};
    fixture->client = afp_http_client_make(fixture->pool, &fixture->abort);
    *state = fixture;
    return 0;
}

int fixture_teardown(void **state)
{
    fixture_t *fixture = *state;

    /* The server reads its steps, which are in the pool, until it is stopped. */
    if (fixture->server != NULL)
        server_stop(fixture->server);
    apr_pool_destroy(fixture->pool);
    if (fixture->server != NULL)
        server_free(fixture->server);
    free(fixture);
    return 0;
}

void fixture_serve(fixture_t *fixture, const server_step_t *steps)
{
    size_t count = 1;

    while (steps[count - 1].answer != NULL)
        count++;
    if (fixture->server != NULL)
        server_free(fixture->server);
    steps = apr_pmemdup(fixture->pool, steps, count * sizeof(*steps));
    fixture->server = server_start(steps, NULL);
    fixture->api.base =
        apr_psprintf(fixture->pool, "http://127.0.0.1:%d/v1", server_port(fixture->server));
}

void fixture_serve_one(fixture_t *fixture, const char *answer)
{
    const server_step_t steps[] = {{answer, SERVER_CLOSE}, {NULL, SERVER_CLOSE}};

    fixture_serve(fixture, steps);
}

const afp_pinpoint_t *fixture_pinpoint(fixture_t *fixture)
{
    afp_pinpoint_t *pinpoint = apr_pcalloc(fixture->pool, sizeof(*pinpoint));

    *pinpoint = (afp_pinpoint_t){.api = &fixture->api,
                                 .client = fixture->client,
                                 .subdomain = "acme",
                                 .api_key = "the-key",
                                 .pool = fixture->pool};
    return pinpoint;
}

const afp_assessfirst_t *fixture_assessfirst(fixture_t *fixture,
                                             const afp_assessfirst_routes_t *routes)
{
    afp_assessfirst_t *assessfirst = apr_pcalloc(fixture->pool, sizeof(*assessfirst));

    fixture->api.name = "AssessFirst";
    *assessfirst = (afp_assessfirst_t){.api = &fixture->api,
                                       .routes = routes,
                                       .client = fixture->client,
                                       .token = "the-token",
                                       .pool = fixture->pool};
    return assessfirst;
}

void fixture_expect(fixture_t *fixture, int n, const char *line)
{
    const char *request = server_request(fixture->server, n);

    if (strncmp(request, line, strlen(line)) != 0)
        fail_msg("request %d is %.*s", n, (int)strcspn(request, "\r"), request);
}

const char *fixture_body(fixture_t *fixture, int n)
{
    const char *end = strstr(server_request(fixture->server, n), "\r\n\r\n");

    return end != NULL ? end + 4 : "";
}

afp_outcome_t fixture_call(fixture_t *fixture, afp_http_method_t method, afp_http_repeat_t repeat,
                           const char *path, const char *body, afp_http_response_t *response)
{
    afp_http_request_t request = {.method = method, .repeat = repeat, .body = body};
    afp_outcome_t outcome;

    request.url = apr_pstrcat(fixture->pool, fixture->api.base, path, NULL);
    request.body_length = body != NULL ? strlen(body) : 0;
    request.headers = apr_table_make(fixture->pool, 1);
    apr_table_setn(request.headers, "X-API-KEY", "the-key");
    afp_http_call(fixture->client, &fixture->api, &request, fixture->pool, response, &outcome);
    return outcome;
}

afp_outcome_t fixture_get(fixture_t *fixture, const char *path, afp_http_response_t *response)
{
    return fixture_call(fixture, AFP_HTTP_GET, AFP_HTTP_REPEATABLE, path, NULL, response);
}

void *fixture_abort_soon(void *fixture)
{
    usleep(200000);
    apr_atomic_set32(&((fixture_t *)fixture)->abort, 1);
    return NULL;
}
