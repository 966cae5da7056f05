#include "remote_fixture.h"
#include "unit.h"

#include "core/version.h"

#include <apr_atomic.h>
#include <apr_strings.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK      OK_HEAD "Content-Length: 2\r\n\r\n{}"

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
    server_stop(fixture->server);
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
    assert_in_range(apr_time_now() - start, apr_time_from_msec(250), apr_time_from_msec(2000));
    assert_non_null(strstr(fixture->log, "Pinpoint did not answer in 0.3 s"));
}

static void a_body_that_takes_too_long_ends_after_the_total_timeout(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(1200);
    outcome = call_with_answer(fixture, OK_HEAD "Content-Length: 2000\r\n\r\n{", SERVER_DRIP);
    assert_string_equal(outcome.words, "Pinpoint did not finish its answer in 1.2 s");
}

static void an_answer_that_stalls_ends_after_a_third_of_the_timeout(void **state)
{
    fixture_t *fixture = *state;
    apr_time_t start = apr_time_now();
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(3600);
    outcome = call_with_answer(fixture, OK_HEAD "Content-Length: 20\r\n\r\n{", SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint did not finish its answer (it stalled)");
    assert_in_range(apr_time_now() - start, apr_time_from_msec(1100), apr_time_from_msec(3500));
}

static void a_slow_start_of_the_answer_is_no_stall(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture->api.total_timeout = apr_time_from_msec(1500);
    outcome = call_with_answer(fixture, "", SERVER_HOLD);
    assert_string_equal(outcome.words, "Pinpoint did not answer in 1.5 s");
}

static void *abort_when_sent(void *data)
{
    fixture_t *fixture = data;

    server_await_request(fixture->server);
    return fixture_abort_soon(fixture);
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
    pthread_create(&thread, NULL, abort_when_sent, fixture);
    outcome = fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
    pthread_join(thread, NULL);
    assert_int_equal(outcome.kind, AFP_OUTCOME_ABORTED);
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_in_range(apr_time_now() - start, apr_time_from_msec(150), apr_time_from_msec(2500));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_success_is_read_completely),
        FIXTURE_TEST(each_call_leaves_one_line_in_the_log_without_its_query),
        FIXTURE_TEST(the_status_decides_the_kind),
        FIXTURE_TEST(a_redirect_is_not_followed_and_says_what_to_check),
        FIXTURE_TEST(the_last_retry_after_counts_in_both_forms),
        FIXTURE_TEST(an_endless_body_ends_at_the_limit),
        FIXTURE_TEST(a_body_announced_as_too_large_is_not_read),
        FIXTURE_TEST(a_body_at_the_limit_is_read),
        FIXTURE_TEST(endless_headers_end_at_the_limit),
        FIXTURE_TEST(a_line_of_header_without_end_ends_as_well),
        FIXTURE_TEST(half_a_body_is_no_answer),
        FIXTURE_TEST(half_a_chunked_body_is_no_answer),
        FIXTURE_TEST(half_a_head_is_no_answer),
        FIXTURE_TEST(a_switch_to_another_protocol_is_no_answer),
        FIXTURE_TEST(an_interim_answer_alone_is_no_answer),
        FIXTURE_TEST(a_connection_closed_without_an_answer_is_uncertain),
        FIXTURE_TEST(an_answer_that_is_not_http_is_uncertain),
        FIXTURE_TEST(silence_ends_after_the_total_timeout),
        FIXTURE_TEST(a_body_that_takes_too_long_ends_after_the_total_timeout),
        FIXTURE_TEST(an_answer_that_stalls_ends_after_a_third_of_the_timeout),
        FIXTURE_TEST(a_slow_start_of_the_answer_is_no_stall),
        FIXTURE_TEST(a_call_ends_soon_after_the_abort_flag),
        FIXTURE_TEST(nothing_is_sent_once_the_abort_flag_is_up),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
