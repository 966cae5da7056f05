#include "remote_fixture.h"
#include "unit.h"

#include <apr_strings.h>

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

/* libcurl's resolver calls this one: the tests need no network, and one name takes its time. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node != NULL && !strcmp(node, "slow.example.test")) {
        sleep(2);
        return EAI_AGAIN;
    }
    if (node != NULL && !strcmp(node, "private.example.test"))
        return real("10.1.2.3", service, hints, result);
    if (node != NULL && strstr(node, ".example.test") != NULL)
        return EAI_NONAME;
    return real(node, service, hints, result);
}

/* --- connections ------------------------------------------------------------------------------ */

static void a_refused_connection_sends_nothing(void **state)
{
    static const server_step_t steps[] = {{NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    server_stop(fixture->server);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "Pinpoint could not be reached: connection refused");
}

static void a_name_that_cannot_be_resolved_sends_nothing(void **state)
{
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture->api.base = "https://nowhere.example.test/v1";
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "Pinpoint could not be reached: the name "
                                       "nowhere.example.test cannot be resolved");
}

static void a_resolver_that_hangs_does_not_hold_the_call(void **state)
{
    fixture_t *fixture = *state;
    apr_time_t start = apr_time_now();
    pthread_t thread;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture->api.base = "https://slow.example.test/v1";
    fixture->api.connect_timeout = apr_time_from_msec(200);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "Pinpoint could not be reached: no connection within 0.2 s");
    assert_in_range(apr_time_now() - start, 0, apr_time_from_msec(1500));
    fixture->api.connect_timeout = apr_time_from_sec(20);
    start = apr_time_now();
    pthread_create(&thread, NULL, fixture_abort_soon, fixture);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    pthread_join(thread, NULL);
    assert_int_equal(outcome.kind, AFP_OUTCOME_ABORTED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_in_range(apr_time_now() - start, 0, apr_time_from_msec(1900));
    sleep(2); /* the resolver's threads end before the program does */
}

static void gets_share_a_kept_connection(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_requests(fixture->server), 3);
    assert_int_equal(server_connections(fixture->server), 1);
}

static void a_get_is_repeated_when_its_kept_connection_was_dead(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {"", SERVER_CLOSE}, {OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_DONE);
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_requests(fixture->server), 3);
    assert_int_equal(server_connections(fixture->server), 2);
}

static void a_call_that_must_go_out_once_has_a_connection_of_its_own(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    fixture_get(fixture, "/x", &response);
    fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    fixture_get(fixture, "/x", &response);
    assert_int_equal(server_connection_of(fixture->server, 0), 0);
    assert_int_equal(server_connection_of(fixture->server, 1), 1);
    assert_int_equal(server_connection_of(fixture->server, 2), 0);
}

static void a_call_that_must_go_out_once_is_never_repeated(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {"", SERVER_CLOSE}, {OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    fixture_get(fixture, "/x", &response);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_int_equal(server_requests(fixture->server), 2);
}

static void a_417_does_not_make_libcurl_send_again(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {OK, SERVER_KEEP},
        {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    char *body = apr_palloc(fixture->pool, 10001);

    memset(body, 'x', 10000);
    body[10000] = '\0';
    fixture_serve(fixture, steps);
    fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", body, &response);
    assert_int_equal(response.status, 417);
    assert_int_equal(server_requests(fixture->server), 1);
}

static void a_client_works_again_after_a_failure(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE},
        {OK, SERVER_KEEP},
        {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_DONE);
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_connections(fixture->server), 2);
}

static void two_apis_never_share_a_connection(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_api_t *other = apr_palloc(fixture->pool, sizeof(*other));
    afp_http_request_t request = {.method = AFP_HTTP_GET};
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    *other = fixture->api;
    request.url = other->base;
    afp_http_call(fixture->client, &fixture->api, &request, fixture->pool, &response, &outcome);
    afp_http_call(fixture->client, other, &request, fixture->pool, &response, &outcome);
    assert_int_equal(server_connections(fixture->server), 2);
}

/* --- what goes out ---------------------------------------------------------------------------- */

static void each_method_sends_its_body_as_it_is(void **state)
{
    static const server_step_t steps[] = {
        {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {NULL, 0}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    const char *request;

    fixture_serve(fixture, steps);
    fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_REPEATABLE, "/a", "{\"a\":1}", &response);
    fixture_call(fixture, AFP_HTTP_PUT, AFP_HTTP_REPEATABLE, "/b/../c", "{\"b\":2}", &response);
    fixture_call(fixture, AFP_HTTP_DELETE, AFP_HTTP_REPEATABLE, "/d", NULL, &response);
    fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_REPEATABLE, "/e", NULL, &response);
    request = server_request(fixture->server, 0);
    assert_memory_equal(request, "POST /v1/a HTTP/1.1\r\n", 21);
    assert_string_equal(strstr(request, "\r\n\r\n"), "\r\n\r\n{\"a\":1}");
    request = server_request(fixture->server, 1);
    assert_memory_equal(request, "PUT /v1/b/../c HTTP/1.1\r\n", 25);
    assert_string_equal(strstr(request, "\r\n\r\n"), "\r\n\r\n{\"b\":2}");
    request = server_request(fixture->server, 2);
    assert_memory_equal(request, "DELETE /v1/d HTTP/1.1\r\n", 23);
    assert_null(strstr(request, "Content-Length"));
    request = server_request(fixture->server, 3);
    assert_memory_equal(request, "POST /v1/e HTTP/1.1\r\n", 21);
    assert_non_null(strstr(request, "\r\nContent-Length: 0\r\n"));
}

/* --- addresses and proxies -------------------------------------------------------------------- */

static void a_private_address_is_refused_before_a_connection(void **state)
{
    static const char *const hosts[] = {"private.example.test", "127.0.0.1", "localhost", "[::1]",
                                        "[::ffff:10.0.0.1]",    "0x7f.1",    NULL};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture->api.public_addresses_only = 1;
    for (int i = 0; hosts[i] != NULL; i++) {
        afp_outcome_t outcome;

        fixture->api.base = apr_psprintf(fixture->pool, "https://%s/v1", hosts[i]);
        outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
        assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
        assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
        assert_string_equal(outcome.words,
                            apr_psprintf(fixture->pool,
                                         "Pinpoint could not be reached: the address of %s is not "
                                         "public",
                                         hosts[i]));
    }
}

static void the_environment_names_no_proxy(void **state)
{
    static const server_step_t steps[] = {{OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    setenv("https_proxy", "http://127.0.0.1:9", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
    outcome = fixture_get(fixture, "/x", &response);
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
}

static void use_proxy(fixture_t *fixture, const server_step_t *steps)
{
    fixture_serve(fixture, steps);
    fixture->api.proxy = fixture->api.base;
    fixture->api.base = "https://pinpoint.example.test/v1";
}

static void a_proxy_that_refuses_sends_nothing(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;
    const char *request;

    use_proxy(fixture, steps);
    fixture->api.public_addresses_only = 1;
    setenv("no_proxy", "*", 1);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    unsetenv("no_proxy");
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(outcome.status, 0);
    assert_string_equal(outcome.words, "Pinpoint could not be reached: the proxy answered 403");
    request = server_request(fixture->server, 0);
    assert_memory_equal(request, "CONNECT pinpoint.example.test:443 HTTP/1.1\r\n", 44);
    assert_null(strstr(request, "the-key"));
}

static void a_proxy_that_closes_or_hangs_sends_nothing(void **state)
{
    static const server_step_t steps[] = {{"", SERVER_CLOSE}, {"", SERVER_HOLD}, {NULL, 0}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    use_proxy(fixture, steps);
    fixture->api.total_timeout = apr_time_from_msec(400);
    for (int i = 0; i < 2; i++) {
        afp_outcome_t outcome =
            fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);

        assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
        assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    }
}

static void every_call_tunnels_through_the_proxy(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 200 Connected\r\nRetry-After: 9\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nContent-Length: 2\r\n\r\n{}", SERVER_KEEP},
        {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    use_proxy(fixture, steps);
    fixture->api.base = "http://127.0.0.1:9/v1";
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.status, 429);
    assert_int_equal(outcome.retry_after, -1);
    assert_string_equal(response.body, "{}");
    assert_memory_equal(server_request(fixture->server, 0), "CONNECT 127.0.0.1:9 HTTP/1.1\r\n", 30);
    assert_memory_equal(server_request(fixture->server, 1), "POST /v1/x HTTP/1.1\r\n", 21);
    assert_null(strstr(server_request(fixture->server, 0), "the-key"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_refused_connection_sends_nothing),
        FIXTURE_TEST(a_name_that_cannot_be_resolved_sends_nothing),
        FIXTURE_TEST(a_resolver_that_hangs_does_not_hold_the_call),
        FIXTURE_TEST(gets_share_a_kept_connection),
        FIXTURE_TEST(a_get_is_repeated_when_its_kept_connection_was_dead),
        FIXTURE_TEST(a_call_that_must_go_out_once_has_a_connection_of_its_own),
        FIXTURE_TEST(a_call_that_must_go_out_once_is_never_repeated),
        FIXTURE_TEST(a_417_does_not_make_libcurl_send_again),
        FIXTURE_TEST(a_client_works_again_after_a_failure),
        FIXTURE_TEST(two_apis_never_share_a_connection),
        FIXTURE_TEST(each_method_sends_its_body_as_it_is),
        FIXTURE_TEST(a_private_address_is_refused_before_a_connection),
        FIXTURE_TEST(the_environment_names_no_proxy),
        FIXTURE_TEST(a_proxy_that_refuses_sends_nothing),
        FIXTURE_TEST(a_proxy_that_closes_or_hangs_sends_nothing),
        FIXTURE_TEST(every_call_tunnels_through_the_proxy),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
