#include "remote_fixture.h"

#include "core/version.h"

#include <apr_atomic.h>
#include <apr_strings.h>

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK      OK_HEAD "Content-Length: 2\r\n\r\n{}"

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

static apr_interval_time_t elapsed_since(apr_time_t start)
{
    return apr_time_now() - start;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void a_success_is_read_completely(void **state)
{
    static const server_step_t steps[] = {
        {OK_HEAD "Content-Length: 13\r\n\r\n{\"data\": \"x\"}", SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;
    const char *request;

    fixture_serve(fixture, steps);
    outcome = fixture_get(fixture, "/jobs?page%5Bsize%5D=1", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(outcome.sent, AFP_SENT_ANSWERED);
    assert_int_equal(outcome.status, 200);
    assert_int_equal(outcome.retry_after, -1);
    assert_string_equal(outcome.words, "Pinpoint answered 200");
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, "{\"data\": \"x\"}");
    assert_int_equal(response.body_length, 13);
    request = server_request(fixture->server, 0);
    assert_memory_equal(request, "GET /v1/jobs?page%5Bsize%5D=1 HTTP/1.1\r\n", 40);
    assert_non_null(strstr(request, "\r\nX-API-KEY: the-key\r\n"));
    assert_non_null(
        strstr(request, "\r\nUser-Agent: mod_assessfirst_pinpoint/" AFP_VERSION "\r\n"));
    assert_null(strstr(request, "Accept-Encoding"));
    assert_null(strstr(request, "Cookie"));
    assert_null(strstr(request, "Expect"));
}

static void each_call_leaves_one_line_in_the_log_without_its_query(void **state)
{
    static const server_step_t steps[] = {{OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    fixture_get(fixture, "/candidates?email=ada.example%40example.test", &response);
    assert_memory_equal(fixture->log, "AFP0201: Pinpoint GET /v1/candidates: status 200, ", 50);
    assert_ptr_equal(strchr(fixture->log, '\n'), fixture->log + strlen(fixture->log) - 1);
    assert_null(strstr(fixture->log, "ada"));
    assert_null(strstr(fixture->log, "the-key"));
}

static void the_status_decides_the_kind(void **state)
{
    static const struct {
        int status;
        afp_outcome_kind_t kind;
    } expected[] = {
        {200, AFP_OUTCOME_DONE},    {201, AFP_OUTCOME_DONE},         {202, AFP_OUTCOME_DONE},
        {400, AFP_OUTCOME_REFUSED}, {401, AFP_OUTCOME_UNAUTHORIZED}, {403, AFP_OUTCOME_FORBIDDEN},
        {404, AFP_OUTCOME_MISSING}, {407, AFP_OUTCOME_REFUSED},      {408, AFP_OUTCOME_BROKEN},
        {409, AFP_OUTCOME_REFUSED}, {410, AFP_OUTCOME_REFUSED},      {417, AFP_OUTCOME_REFUSED},
        {422, AFP_OUTCOME_REFUSED}, {429, AFP_OUTCOME_LIMITED},      {500, AFP_OUTCOME_BROKEN},
        {503, AFP_OUTCOME_BROKEN},  {599, AFP_OUTCOME_BROKEN},       {301, AFP_OUTCOME_REFUSED},
        {600, AFP_OUTCOME_BROKEN},  {999, AFP_OUTCOME_BROKEN},
    };
    static server_step_t steps[sizeof(expected) / sizeof(expected[0]) + 1];
    const size_t count = sizeof(expected) / sizeof(expected[0]);
    fixture_t *fixture = *state;
    afp_http_response_t response;

    memset(steps, 0, sizeof(steps));
    for (size_t i = 0; i < count; i++)
        steps[i].answer = apr_psprintf(
            fixture->pool, "HTTP/1.1 %d Word\r\nContent-Length: 2\r\n\r\n{}", expected[i].status);
    fixture_serve(fixture, steps);
    for (size_t i = 0; i < count; i++) {
        afp_outcome_t outcome =
            fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_REPEATABLE, "/x", "body", &response);

        if (outcome.kind != expected[i].kind || outcome.sent != AFP_SENT_ANSWERED ||
            outcome.status != expected[i].status || response.status != expected[i].status)
            fail_msg("%d became kind %d, sent %d, status %d: %s", expected[i].status, outcome.kind,
                     outcome.sent, outcome.status, outcome.words);
    }
    assert_int_equal(server_requests(fixture->server), count);
}

static void a_redirect_is_not_followed_and_says_what_to_check(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {OK, SERVER_KEEP},
        {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    outcome = fixture_get(fixture, "/jobs", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_string_equal(outcome.words, "Pinpoint answered 302, a redirect, which is not followed: "
                                       "check PinpointAPI");
    afp_http_words(&response, NULL, fixture->pool, &outcome);
    assert_non_null(strstr(outcome.words, "check PinpointAPI"));
    assert_int_equal(server_requests(fixture->server), 1);
}

static void the_last_retry_after_counts_in_both_forms(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nretry-after: 7\r\nRETRY-AFTER:\t 9 \r\nContent-Length: 0\r\n\r\n",
         SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\nContent-Length: 0\r\n"
         "\r\n",
         SERVER_KEEP},
        {"HTTP/1.1 503 No\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 200 OK\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP},
        {"HTTP/1.1 103 Early\r\nRetry-After: 5\r\n\r\nHTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n",
         SERVER_KEEP},
        {"HTTP/1.1 429 No\r\nRetry-After: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\n{}\r\n0\r\nRetry-After: 99\r\n\r\n",
         SERVER_KEEP},
        {NULL, SERVER_KEEP}};
    static const apr_interval_time_t expected[] = {7, 9, 24 * 3600, 3, -1, -1, -1, -1, 5};
    fixture_t *fixture = *state;
    afp_http_response_t response;

    fixture_serve(fixture, steps);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        afp_outcome_t outcome = fixture_get(fixture, "/jobs", &response);
        apr_interval_time_t wait = expected[i] < 0 ? -1 : apr_time_from_sec(expected[i]);

        if (outcome.retry_after != wait)
            fail_msg("answer %d: %ld", (int)i, (long)outcome.retry_after);
    }
}

/* --- answers that are none -------------------------------------------------------------------- */

static afp_outcome_t call_with_answer(fixture_t *fixture, const char *answer, server_then_t then)
{
    server_step_t *steps = apr_pcalloc(fixture->pool, 2 * sizeof(*steps));
    afp_http_response_t response;
    afp_outcome_t outcome;

    steps[0] = (server_step_t){answer, then};
    fixture_serve(fixture, steps);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(response.status, 0);
    assert_string_equal(response.body, "");
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_int_equal(server_requests(fixture->server), 1);
    return outcome;
}

static void an_endless_body_ends_at_the_limit(void **state)
{
    afp_outcome_t outcome = call_with_answer(*state, OK_HEAD "\r\n", SERVER_FLOOD);

    assert_int_equal(outcome.status, 200);
    assert_string_equal(outcome.words, "Pinpoint sent an answer that is too large");
}

static void a_body_announced_as_too_large_is_not_read(void **state)
{
    afp_outcome_t outcome =
        call_with_answer(*state, OK_HEAD "Content-Length: 2097153\r\n\r\n", SERVER_HOLD);

    assert_string_equal(outcome.words, "Pinpoint sent an answer that is too large");
}

static void a_body_at_the_limit_is_read(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[] = {{NULL, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    afp_http_response_t response;
    char *answer = malloc(AFP_HTTP_BODY_LIMIT + 100);
    int head = apr_snprintf(answer, 100, OK_HEAD "Content-Length: %d\r\n\r\n", AFP_HTTP_BODY_LIMIT);

    memset(answer + head, 'x', AFP_HTTP_BODY_LIMIT);
    answer[head + AFP_HTTP_BODY_LIMIT] = '\0';
    steps[0].answer = answer;
    fixture_serve(fixture, steps);
    assert_int_equal(fixture_get(fixture, "/x", &response).sent, AFP_SENT_ANSWERED);
    assert_int_equal(response.body_length, AFP_HTTP_BODY_LIMIT);
    assert_int_equal(response.body[AFP_HTTP_BODY_LIMIT], 0);
    free(answer);
}

static void endless_headers_end_at_the_limit(void **state)
{
    fixture_t *fixture = *state;
    const char *line = "X-Padding: 0123456789012345678901234567890123456789\r\n";
    char *headers = apr_palloc(fixture->pool, 100000);
    size_t used = strlen(OK_HEAD);
    afp_outcome_t outcome;

    memcpy(headers, OK_HEAD, used + 1);
    for (; used + 100 < 100000; used += strlen(line))
        memcpy(headers + used, line, strlen(line) + 1);
    outcome = call_with_answer(fixture, headers, SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint sent an answer that is too large");
}

static void a_line_of_header_without_end_ends_as_well(void **state)
{
    call_with_answer(*state, "HTTP/1.1 200 OK\r\nX: ", SERVER_FLOOD);
}

static void half_a_body_is_no_answer(void **state)
{
    afp_outcome_t outcome =
        call_with_answer(*state, OK_HEAD "Content-Length: 20\r\n\r\n{\"data\":", SERVER_CLOSE);

    assert_int_equal(outcome.status, 200);
    assert_string_equal(outcome.words, "Pinpoint broke its answer off");
}

static void half_a_chunked_body_is_no_answer(void **state)
{
    afp_outcome_t outcome = call_with_answer(
        *state, "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"data\"",
        SERVER_CLOSE);

    assert_int_equal(outcome.status, 404);
    assert_string_equal(outcome.words, "Pinpoint broke its answer off");
}

static void half_a_head_is_no_answer(void **state)
{
    static const char *const heads[] = {"HTTP/1.1 200 OK\r\nContent-Le",
                                        "HTTP/1.1 404 No\r\n",
                                        "HTTP/1.1 404",
                                        "HTTP/1.1 4",
                                        "HTTP/1.",
                                        NULL};

    for (int i = 0; heads[i] != NULL; i++)
        call_with_answer(*state, heads[i], SERVER_CLOSE);
}

static void a_switch_to_another_protocol_is_no_answer(void **state)
{
    call_with_answer(*state, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes",
                     SERVER_CLOSE);
}

static void an_interim_answer_alone_is_no_answer(void **state)
{
    afp_outcome_t outcome = call_with_answer(*state, "HTTP/1.1 100 Continue\r\n\r\n", SERVER_CLOSE);

    assert_int_equal(outcome.status, 0);
}

static void a_connection_closed_without_an_answer_is_uncertain(void **state)
{
    afp_outcome_t outcome = call_with_answer(*state, "", SERVER_CLOSE);

    assert_int_equal(outcome.status, 0);
    assert_string_equal(outcome.words, "Pinpoint closed the connection without an answer");
}

static void an_answer_that_is_not_http_is_uncertain(void **state)
{
    afp_outcome_t outcome =
        call_with_answer(*state, "220 mail.example.test ESMTP\r\n", SERVER_HOLD);

    assert_int_equal(outcome.status, 0);
    assert_string_equal(outcome.words, "Pinpoint did not answer in HTTP");
}

/* --- time ------------------------------------------------------------------------------------- */

static void silence_ends_after_the_total_timeout(void **state)
{
    fixture_t *fixture = *state;
    apr_time_t start = apr_time_now();
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(300);
    outcome = call_with_answer(fixture, "", SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint did not answer in 0.3 s");
    assert_in_range(elapsed_since(start), apr_time_from_msec(250), apr_time_from_msec(2000));
    assert_non_null(strstr(fixture->log, "Pinpoint did not answer in 0.3 s"));
}

static void a_body_that_takes_too_long_ends_after_the_total_timeout(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(300);
    outcome = call_with_answer(fixture, OK_HEAD "Content-Length: 2000\r\n\r\n{", SERVER_DRIP);
    assert_string_equal(outcome.words, "Pinpoint did not finish its answer in 0.3 s");
}

static void an_answer_that_stalls_ends_after_a_third_of_the_timeout(void **state)
{
    fixture_t *fixture = *state;
    apr_time_t start = apr_time_now();
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(3600);
    outcome = call_with_answer(fixture, OK_HEAD "Content-Length: 20\r\n\r\n{", SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint did not finish its answer (it stalled)");
    assert_in_range(elapsed_since(start), apr_time_from_msec(1100), apr_time_from_msec(3500));
}

static void a_slow_start_of_the_answer_is_no_stall(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(1500);
    outcome = call_with_answer(fixture, "", SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint did not answer in 1.5 s");
}

static void *raise_abort(void *baton)
{
    fixture_t *fixture = baton;

    usleep(200000);
    apr_atomic_set32(&fixture->abort, 1);
    return NULL;
}

static void a_call_ends_soon_after_the_abort_flag(void **state)
{
    static const server_step_t steps[] = {{"", SERVER_HOLD}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    apr_time_t start = apr_time_now();
    afp_http_response_t response;
    afp_outcome_t outcome;
    pthread_t thread;

    fixture_serve(fixture, steps);
    pthread_create(&thread, NULL, raise_abort, fixture);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    pthread_join(thread, NULL);
    assert_int_equal(outcome.kind, AFP_OUTCOME_ABORTED);
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_in_range(elapsed_since(start), apr_time_from_msec(150), apr_time_from_msec(2500));
}

static void nothing_is_sent_once_the_abort_flag_is_up(void **state)
{
    static const server_step_t steps[] = {{OK, SERVER_KEEP}, {NULL, SERVER_KEEP}};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    apr_atomic_set32(&fixture->abort, 1);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_ABORTED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(server_requests(fixture->server), 0);
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
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture->api.base = "https://slow.example.test/v1";
    fixture->api.connect_timeout = apr_time_from_msec(200);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "Pinpoint could not be reached: no connection within 0.2 s");
    assert_in_range(elapsed_since(start), 0, apr_time_from_msec(1500));
    sleep(2); /* the resolver's thread ends before the program does */
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
    static const server_step_t steps[] = {{OK, SERVER_KEEP},
                                          {OK_HEAD "Content-Length: 9\r\n\r\n{", SERVER_CLOSE},
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_success_is_read_completely),
        TEST(each_call_leaves_one_line_in_the_log_without_its_query),
        TEST(the_status_decides_the_kind),
        TEST(a_redirect_is_not_followed_and_says_what_to_check),
        TEST(the_last_retry_after_counts_in_both_forms),
        TEST(an_endless_body_ends_at_the_limit),
        TEST(a_body_announced_as_too_large_is_not_read),
        TEST(a_body_at_the_limit_is_read),
        TEST(endless_headers_end_at_the_limit),
        TEST(a_line_of_header_without_end_ends_as_well),
        TEST(half_a_body_is_no_answer),
        TEST(half_a_chunked_body_is_no_answer),
        TEST(half_a_head_is_no_answer),
        TEST(a_switch_to_another_protocol_is_no_answer),
        TEST(an_interim_answer_alone_is_no_answer),
        TEST(a_connection_closed_without_an_answer_is_uncertain),
        TEST(an_answer_that_is_not_http_is_uncertain),
        TEST(silence_ends_after_the_total_timeout),
        TEST(a_body_that_takes_too_long_ends_after_the_total_timeout),
        TEST(an_answer_that_stalls_ends_after_a_third_of_the_timeout),
        TEST(a_slow_start_of_the_answer_is_no_stall),
        TEST(a_call_ends_soon_after_the_abort_flag),
        TEST(nothing_is_sent_once_the_abort_flag_is_up),
        TEST(a_refused_connection_sends_nothing),
        TEST(a_name_that_cannot_be_resolved_sends_nothing),
        TEST(a_resolver_that_hangs_does_not_hold_the_call),
        TEST(gets_share_a_kept_connection),
        TEST(a_get_is_repeated_when_its_kept_connection_was_dead),
        TEST(a_call_that_must_go_out_once_has_a_connection_of_its_own),
        TEST(a_call_that_must_go_out_once_is_never_repeated),
        TEST(a_417_does_not_make_libcurl_send_again),
        TEST(a_client_works_again_after_a_failure),
        TEST(two_apis_never_share_a_connection),
        TEST(each_method_sends_its_body_as_it_is),
        TEST(a_private_address_is_refused_before_a_connection),
        TEST(the_environment_names_no_proxy),
        TEST(a_proxy_that_refuses_sends_nothing),
        TEST(a_proxy_that_closes_or_hangs_sends_nothing),
        TEST(every_call_tunnels_through_the_proxy),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
