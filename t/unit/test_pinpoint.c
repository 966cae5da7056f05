#include "remote_fixture.h"
#include "unit.h"

#include "remote/pinpoint.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

#define APPLICATION                                                                                \
    "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\",\"attributes\":{\"job_id\":"          \
    "\"1000044\",\"locale\":\"fr\",\"stage_id\":\"1000045\",\"first_name\":\"Ada\","               \
    "\"last_name\":\"Example\",\"email\":\"ada.example@example.test\",\"is_demo\":false,"          \
    "\"concealed\":false,\"rejected_at\":null,\"hired_at\":null},\"relationships\":{\"job\":"      \
    "{\"data\":{\"type\":\"jobs\",\"id\":\"1000044\"}},\"stage\":{\"data\":{\"type\":\"stages\","  \
    "\"id\":\"1000045\"}}}},\"included\":[{\"id\":\"1000045\",\"type\":\"stages\",\"attributes\":" \
    "{\"name\":\"Phone Screen\"}}],\"meta\":{}}"

#define ATTRIBUTES                                                                                 \
    "{\"data\":[{\"id\":\"455\",\"type\":\"custom_attributes\",\"attributes\":{\"value\":"         \
    "\"Sales Executive\",\"field_name\":\"AssessFirst predictive model\"}}],\"meta\":{}}"

static afp_pinpoint_t pinpoint_for(fixture_t *fixture)
{
    return (afp_pinpoint_t){.api = &fixture->api,
                            .client = fixture->client,
                            .subdomain = "acme",
                            .api_key = "the-key",
                            .pool = fixture->pool};
}

static const afp_application_t *read_application(fixture_t *fixture, const char *answer,
                                                 afp_outcome_t *outcome)
{
    server_step_t *steps = apr_pcalloc(fixture->pool, 2 * sizeof(*steps));
    afp_pinpoint_t pinpoint = pinpoint_for(fixture);

    steps[0] = (server_step_t){answer, SERVER_CLOSE};
    fixture_serve(fixture, steps);
    pinpoint.api = &fixture->api;
    return afp_pinpoint_application(&pinpoint, "1000050", outcome);
}

static void an_application_is_read_with_job_stage_and_all_visibilities(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;
    const afp_application_t *application =
        read_application(fixture, ANSWER("200 OK", APPLICATION), &outcome);
    const char *request = server_request(fixture->server, 0);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_non_null(application);
    assert_string_equal(application->id, "1000050");
    assert_string_equal(application->job_id, "1000044");
    assert_string_equal(application->stage_name, "Phone Screen");
    assert_string_equal(application->email, "ada.example@example.test");
    assert_ptr_equal(strstr(request,
                            "GET /v1/applications/1000050?include=job,stage&filter%5B"
                            "job_visibility%5D=external,internal,confidential HTTP/1.1\r\n"),
                     request);
    assert_non_null(strstr(request, "\r\nX-API-KEY: the-key\r\n"));
    assert_non_null(strstr(request, "\r\nAccept: application/vnd.api+json\r\n"));
    assert_null(strstr(fixture->log, "include"));
}

static void an_unknown_application_is_missing(void **state)
{
    afp_outcome_t outcome;
    const afp_application_t *application = read_application(
        *state,
        ANSWER("404 Not Found", "{\"errors\":[{\"title\":\"Not Found\",\"code\":\"not_found\","
                                "\"status\":\"404\",\"detail\":\"Record not found\"}]}"),
        &outcome);

    assert_null(application);
    assert_int_equal(outcome.kind, AFP_OUTCOME_MISSING);
    assert_string_equal(outcome.words, "Pinpoint answered 404: Record not found");
}

static void a_refusal_carries_pinpoints_words_without_the_key(void **state)
{
    afp_outcome_t outcome;
    const afp_application_t *application = read_application(
        *state,
        ANSWER("401 Unauthorized", "{\"errors\":[{\"detail\":\"Invalid API key THE-KEY\"}]}"),
        &outcome);

    assert_null(application);
    assert_int_equal(outcome.kind, AFP_OUTCOME_UNAUTHORIZED);
    assert_non_null(strstr(outcome.words, "Pinpoint answered 401: Invalid API key"));
    assert_null(strstr(outcome.words, "THE-KEY"));
}

static void a_success_that_is_no_application_is_broken(void **state)
{
    static const char *const answers[][2] = {
        {ANSWER("200 OK", "<html>hello</html>"), "Pinpoint answered 200, but not with JSON"},
        {ANSWER("200 OK", ""), "Pinpoint answered 200, but not with JSON"},
        {ANSWER("200 OK", "{\"data\":{\"id\":"), "Pinpoint answered 200, but not with JSON"},
        {ANSWER("200 OK", "{\"data\":[]}"), "not with the application that was asked for"},
        {ANSWER("200 OK", "{\"data\":{\"id\":\"2\",\"type\":\"applications\",\"attributes\":{}}}"),
         "not with the application that was asked for"},
    };

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        afp_outcome_t outcome;

        assert_null(read_application(*state, answers[i][0], &outcome));
        assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
        assert_int_equal(outcome.status, 200);
        assert_non_null(strstr(outcome.words, answers[i][1]));
    }
}

static void a_gateways_page_is_broken_and_quoted_by_its_title(void **state)
{
    afp_outcome_t outcome;

    assert_null(read_application(
        *state,
        ANSWER("502 Bad Gateway", "<html><head><title>502 Bad Gateway</title></head></html>"),
        &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_string_equal(outcome.words, "Pinpoint answered 502: 502 Bad Gateway");
}

static void ids_cannot_leave_their_place_in_the_url(void **state)
{
    static const server_step_t steps[] = {{ANSWER("404 No", ""), SERVER_CLOSE}, {NULL, 0}};
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = pinpoint_for(fixture);
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    afp_pinpoint_application(&pinpoint, "../x?y#z a", &outcome);
    assert_non_null(
        strstr(server_request(fixture->server, 0), "GET /v1/applications/..%2Fx%3Fy%23z%20a?"));
}

static void the_value_of_a_jobs_field_is_read(void **state)
{
    static const server_step_t steps[] = {{ANSWER("200 OK", ATTRIBUTES), SERVER_CLOSE},
                                          {ANSWER("200 OK", "{\"data\":[]}"), SERVER_CLOSE},
                                          {ANSWER("200 OK", "{\"data\":{}}"), SERVER_CLOSE},
                                          {NULL, 0}};
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = pinpoint_for(fixture);
    const char *field = "AssessFirst predictive model";
    afp_outcome_t outcome;
    const char *request;

    fixture_serve(fixture, steps);
    assert_string_equal(afp_pinpoint_job_attribute(&pinpoint, "1000044", field, &outcome),
                        "Sales Executive");
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(afp_pinpoint_job_attribute(&pinpoint, "1000044", field, &outcome), "");
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_null(afp_pinpoint_job_attribute(&pinpoint, "1000044", field, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    request = server_request(fixture->server, 0);
    assert_ptr_equal(
        strstr(request, "GET /v1/custom_attributes?filter%5Bcustom_attributable_type%5D=Job&filter"
                        "%5Bcustom_attributable_id%5D=1000044&include=custom_field&page%5Bsize%5D="
                        "1000 HTTP/1.1\r\n"),
        request);
}

static void the_subdomain_is_put_into_the_address(void **state)
{
    static const server_step_t steps[] = {{"HTTP/1.1 403 No\r\n\r\n", SERVER_CLOSE}, {NULL, 0}};
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = pinpoint_for(fixture);
    afp_outcome_t outcome;

    fixture_serve(fixture, steps);
    fixture->api.proxy = fixture->api.base;
    fixture->api.base = "https://{subdomain}.example.test/api/v1";
    fixture->api.public_addresses_only = 1;
    afp_pinpoint_application(&pinpoint, "1", &outcome);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_non_null(
        strstr(server_request(fixture->server, 0), "CONNECT acme.example.test:443 HTTP/1.1\r\n"));
}

static void a_subdomain_that_is_no_label_is_never_called(void **state)
{
    static const char *const wrong[] = {"",      "-acme",         "acme-",     "Acme",
                                        "a.b",   "a/b",           "acme@evil", "a b",
                                        "a:443", "evil.test/?x=", NULL};
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = pinpoint_for(fixture);
    afp_outcome_t outcome;

    fixture->api.base = "https://{subdomain}.example.test/api/v1";
    for (int i = 0; wrong[i] != NULL; i++) {
        pinpoint.subdomain = wrong[i];
        afp_pinpoint_application(&pinpoint, "1", &outcome);
        assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
        assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    }
    assert_string_equal(fixture->log, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_application_is_read_with_job_stage_and_all_visibilities),
        FIXTURE_TEST(an_unknown_application_is_missing),
        FIXTURE_TEST(a_refusal_carries_pinpoints_words_without_the_key),
        FIXTURE_TEST(a_success_that_is_no_application_is_broken),
        FIXTURE_TEST(a_gateways_page_is_broken_and_quoted_by_its_title),
        FIXTURE_TEST(ids_cannot_leave_their_place_in_the_url),
        FIXTURE_TEST(the_value_of_a_jobs_field_is_read),
        FIXTURE_TEST(the_subdomain_is_put_into_the_address),
        FIXTURE_TEST(a_subdomain_that_is_no_label_is_never_called),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
