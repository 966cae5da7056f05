#include "remote_fixture.h"
#include "unit.h"

#include "remote/assessfirst_results.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define UNKNOWN              ANSWER("404 Not Found", "{\"message\":\"Candidate not found.\"}")

#define CANDIDATE "0123456789abcdef0123456789abcdef"
#define MODEL     "fedcba9876543210fedcba9876543210"
#define WANTED    (1u << AFP_SWIPE | 1u << AFP_DRIVE | 1u << AFP_BRAIN)

#define V2                                                                                         \
    ANSWER("200 OK", "{\"data\":{\"uuid\":\"" CANDIDATE "\",\"token\":\"ab12cd34\",\"status\":"    \
                     "\"in_progress\",\"assessments\":[{\"name\":\"swipe\",\"status\":"            \
                     "\"finish\"}],\"adequacy\":{\"swipe\":71,\"drive\":null,\"global\":null},"    \
                     "\"url\":\"https://app.assessfirst.com/_/candidate/1\"}}")
#define V1_USER                                                                                    \
    ANSWER("200 OK", "{\"uuid\":\"" CANDIDATE "\",\"token\":\"ab12cd34\",\"assessments\":[{"       \
                     "\"name\":\"SHAPE\",\"status\":\"finish\"}],\"results\":[]}")
#define V1_ADEQUACIES                                                                              \
    ANSWER("200 OK", "{\"" MODEL "\":{\"SHAPE\":{\"adequacy\":71},\"global\":{\"adequacy\":74}}}")

typedef struct {
    fixture_t *fixture;
    afp_assessfirst_routes_t routes;
    const char *candidate;
    const char *model;
    const char *locale;
    int calls_left; /* of the budget, -1 without one */
    afp_results_t results;
    afp_outcome_t outcome;
} reading_t;

static int take_one(void *baton)
{
    reading_t *reading = baton;

    return reading->calls_left-- > 0;
}

static reading_t *reading_of(fixture_t *fixture)
{
    reading_t *reading = apr_pcalloc(fixture->pool, sizeof(*reading));

    reading->fixture = fixture;
    reading->candidate = CANDIDATE;
    reading->model = MODEL;
    reading->locale = "en-US";
    reading->calls_left = -1;
    afp_assessfirst_defaults(&reading->routes);
    return reading;
}

static void carry_out(reading_t *reading, const char *first, const char *second, const char *third)
{
    apr_pool_t *pool = reading->fixture->pool;
    apr_array_header_t *hosts = apr_array_make(pool, 1, sizeof(const char *));
    const server_step_t steps[] = {
        {first, SERVER_CLOSE}, {second, SERVER_CLOSE}, {third, SERVER_CLOSE}, {NULL, SERVER_CLOSE}};

    APR_ARRAY_PUSH(hosts, const char *) = "assessfirst.com";
    fixture_serve(reading->fixture, steps);
    afp_assessfirst_results(fixture_assessfirst(reading->fixture, &reading->routes),
                            reading->candidate, reading->model, reading->locale, hosts, WANTED,
                            reading->calls_left >= 0 ? take_one : NULL, reading, &reading->results,
                            &reading->outcome);
}

/* --- second version --------------------------------------------------------------------------- */

static void results_are_read_in_one_call(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->calls_left = 0;
    carry_out(reading, V2, NULL, NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(reading->results.scores[AFP_SWIPE], 71);
    assert_int_equal(reading->results.scores[AFP_DRIVE], AFP_SCORE_NONE);
    assert_int_equal(reading->results.global, AFP_SCORE_NONE);
    assert_int_equal(server_requests(reading->fixture->server), 1);
    fixture_expect(reading->fixture, 0,
                   "GET /v1/candidate/" CANDIDATE "?predictive_model_uuid=" MODEL
                   "&locale=en-US HTTP/1.1\r\n");
    assert_non_null(
        strstr(server_request(reading->fixture->server, 0), "\r\nAF-Token: the-token\r\n"));
}

static void without_a_model_or_a_locale_nothing_of_them_is_asked(void **state)
{
    static const struct {
        const char *route;
        const char *model;
        const char *locale;
        const char *line;
    } lines[] = {
        {"candidate=/c/{uuid}?m={model}", "", "", "GET /v1/c/" CANDIDATE " HTTP/1.1\r\n"},
        {"candidate=/c/{uuid}?m={model}", "", "fr-FR",
         "GET /v1/c/" CANDIDATE "?locale=fr-FR HTTP/1.1\r\n"},
        {"candidate=/c/{uuid}?m={model}&a=b", "", "", "GET /v1/c/" CANDIDATE "?a=b HTTP/1.1\r\n"},
        {"candidate=/c/{uuid}?a=b&m={model}", "", "", "GET /v1/c/" CANDIDATE "?a=b HTTP/1.1\r\n"},
        {"candidate=/c/{uuid}?a=b&m={model}&c=d", "", NULL,
         "GET /v1/c/" CANDIDATE "?a=b&c=d HTTP/1.1\r\n"},
        {"candidate=/c?m={model}&id={uuid}", "", NULL, "GET /v1/c?id=" CANDIDATE " HTTP/1.1\r\n"},
        {"candidate=/c?m={model}&id={uuid}", "x y&z", NULL,
         "GET /v1/c?m=x%20y%26z&id=" CANDIDATE " HTTP/1.1\r\n"},
        {"candidate=/c/{uuid}", MODEL, NULL, "GET /v1/c/" CANDIDATE " HTTP/1.1\r\n"},
    };

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        reading_t *reading = reading_of(*state);

        assert_null(
            afp_assessfirst_route_set(&reading->routes, reading->fixture->pool, lines[i].route));
        reading->model = lines[i].model;
        reading->locale = lines[i].locale;
        carry_out(reading, V2, NULL, NULL);
        assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
        fixture_expect(reading->fixture, 0, lines[i].line);
    }
}

static void a_failure_other_than_404_is_final_for_this_reading(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        const char *words;
    } verdicts[] = {
        {ANSWER("401 No", "{\"message\":\"bad the-token\"}"), AFP_OUTCOME_UNAUTHORIZED,
         "AssessFirst answered 401: bad [hidden]"},
        {ANSWER("403 No", ""), AFP_OUTCOME_FORBIDDEN, ""},
        {"HTTP/1.1 429 No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n", AFP_OUTCOME_LIMITED, ""},
        {ANSWER("400 No", ""), AFP_OUTCOME_REFUSED, ""},
        {ANSWER("500 No", "{\"message\":\"ada.example@example.test\"}"), AFP_OUTCOME_BROKEN,
         "[hidden]"},
        {ANSWER("200 OK", "<html></html>"), AFP_OUTCOME_BROKEN, "not with JSON"},
        {ANSWER("200 OK", "[]"), AFP_OUTCOME_BROKEN, "not with the candidate"},
        {ANSWER("200 OK", "{\"error\":\"x\"}"), AFP_OUTCOME_BROKEN, "not with the candidate"},
        {"", AFP_OUTCOME_BROKEN, "without an answer"},
    };

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        reading_t *reading = reading_of(*state);

        carry_out(reading, verdicts[i].answer, V1_USER, V1_ADEQUACIES);
        if (reading->outcome.kind != verdicts[i].kind ||
            strstr(reading->outcome.words, verdicts[i].words) == NULL)
            fail_msg("answer %d: kind %d: %s", (int)i, reading->outcome.kind,
                     reading->outcome.words);
        assert_int_equal(server_requests(reading->fixture->server), 1);
    }
}

static void the_results_of_somebody_else_are_refused(void **state)
{
    static const char *const answers[] = {
        ANSWER("200 OK", "{\"data\":{\"uuid\":\"another\",\"token\":\"t\",\"adequacy\":{}}}"),
        ANSWER("200 OK", "{\"data\":[{\"id\":7,\"token\":\"t\",\"assessments\":[]}]}"),
        ANSWER("200 OK", "{\"uuid\":\"another\",\"token\":\"t\",\"assessments\":[]}"),
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        reading_t *reading = reading_of(*state);

        carry_out(reading, answers[i], V1_USER, V1_ADEQUACIES);
        assert_int_equal(reading->outcome.kind, AFP_OUTCOME_BROKEN);
        assert_non_null(
            strstr(reading->outcome.words, "not with the candidate that was asked for"));
        carry_out(reading, UNKNOWN, answers[i], V1_ADEQUACIES);
        assert_int_equal(reading->outcome.kind, AFP_OUTCOME_BROKEN);
    }
}

static void one_fitting_id_among_several_is_enough(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->candidate = "42";
    carry_out(reading,
              ANSWER("200 OK", "{\"data\":{\"uuid\":\"" CANDIDATE "\",\"id\":42,\"token\":\"t\","
                               "\"assessments\":[]}}"),
              NULL, NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
}

static void a_candidate_without_an_id_is_never_asked_for(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->candidate = "";
    carry_out(reading, V2, NULL, NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(reading->outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(server_requests(reading->fixture->server), 0);
}

static void ids_cannot_leave_their_place_in_the_url(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->candidate = "../x?{model}&";
    carry_out(reading, UNKNOWN, UNKNOWN, NULL);
    fixture_expect(reading->fixture, 0,
                   "GET /v1/candidate/..%2Fx%3F%7Bmodel%7D%26?predictive_model_uuid=" MODEL);
    fixture_expect(reading->fixture, 1, "GET /v1/user/..%2Fx%3F%7Bmodel%7D%26?locale=en-US HTTP");
}

/* --- first version ---------------------------------------------------------------------------- */

static void after_a_404_the_first_version_is_read(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->calls_left = 2;
    carry_out(reading, UNKNOWN, V1_USER, V1_ADEQUACIES);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(reading->calls_left, 0);
    assert_int_equal(reading->results.scores[AFP_SWIPE], 71);
    assert_int_equal(reading->results.global, 74);
    fixture_expect(reading->fixture, 1, "GET /v1/user/" CANDIDATE "?locale=en-US HTTP/1.1\r\n");
    fixture_expect(reading->fixture, 2,
                   "GET /v1/adequacies/ab12cd34?targets=" MODEL "&locale=en-US HTTP/1.1\r\n");
}

static void without_a_model_or_a_token_there_are_no_adequacies(void **state)
{
    reading_t *reading = reading_of(*state);

    reading->model = "";
    carry_out(reading, UNKNOWN, V1_USER, V1_ADEQUACIES);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_requests(reading->fixture->server), 2);
    assert_int_equal(reading->results.scores[AFP_SWIPE], AFP_SCORE_NONE);

    reading = reading_of(*state);
    carry_out(reading, UNKNOWN, ANSWER("200 OK", "{\"uuid\":\"" CANDIDATE "\",\"assessments\":[]}"),
              V1_ADEQUACIES);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_requests(reading->fixture->server), 2);
}

static void adequacies_that_are_not_there_yet_are_no_failure(void **state)
{
    static const char *const answers[] = {UNKNOWN, ANSWER("200 OK", "{}"),
                                          ANSWER("200 OK", "{\"another\":{}}")};

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        reading_t *reading = reading_of(*state);

        carry_out(reading, UNKNOWN, V1_USER, answers[i]);
        assert_int_equal(reading->outcome.kind, AFP_OUTCOME_DONE);
        assert_int_equal(reading->results.scores[AFP_SWIPE], AFP_SCORE_NONE);
        assert_int_equal(reading->results.global, AFP_SCORE_NONE);
    }
}

static void a_failure_on_the_way_fails_the_reading(void **state)
{
    reading_t *reading = reading_of(*state);

    carry_out(reading, UNKNOWN, ANSWER("500 No", ""), NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_BROKEN);
    carry_out(reading, UNKNOWN, ANSWER("200 OK", "[]"), NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_BROKEN);
    carry_out(reading, UNKNOWN, V1_USER,
              "HTTP/1.1 429 No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_LIMITED);
    assert_int_equal(reading->outcome.retry_after, apr_time_from_sec(9));
    carry_out(reading, UNKNOWN, V1_USER, ANSWER("200 OK", "<html>"));
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_BROKEN);
}

static void only_who_is_unknown_to_both_versions_is_missing(void **state)
{
    reading_t *reading = reading_of(*state);

    carry_out(reading, UNKNOWN, UNKNOWN, NULL);
    assert_int_equal(reading->outcome.kind, AFP_OUTCOME_MISSING);
    assert_string_equal(reading->outcome.words, "AssessFirst answered 404: Candidate not found.");
    assert_int_equal(server_requests(reading->fixture->server), 2);
}

static void no_further_call_is_made_without_budget(void **state)
{
    for (int calls = 0; calls < 2; calls++) {
        reading_t *reading = reading_of(*state);

        reading->calls_left = calls;
        carry_out(reading, UNKNOWN, V1_USER, V1_ADEQUACIES);
        assert_int_equal(reading->outcome.kind, AFP_OUTCOME_LIMITED);
        assert_true(reading->outcome.retry_after > 0);
        assert_non_null(strstr(reading->outcome.words, "ended within a candidate's results"));
        assert_int_equal(server_requests(reading->fixture->server), 1 + calls);
    }
}

/* --- AssessFirstRoutes ------------------------------------------------------------------------ */

static void each_route_of_the_results_can_be_set(void **state)
{
    fixture_t *fixture = *state;
    afp_assessfirst_routes_t routes;

    afp_assessfirst_defaults(&routes);
    assert_string_equal(routes.candidate_path, "/candidate/{uuid}?predictive_model_uuid={model}");
    assert_string_equal(routes.candidate_v1_path, "/user/{uuid}");
    assert_string_equal(routes.adequacies_v1_path, "/adequacies/{token}?targets={model}");
    assert_null(afp_assessfirst_route_set(&routes, fixture->pool, "candidate=/c?u={uuid}&x"));
    assert_string_equal(routes.candidate_path, "/c?u={uuid}&x");
    assert_null(
        afp_assessfirst_route_set(&routes, fixture->pool, "candidate_v1=/u/{uuid}.json?m={model}"));
    assert_string_equal(routes.candidate_v1_path, "/u/{uuid}.json?m={model}");
    assert_null(afp_assessfirst_route_set(&routes, fixture->pool, "adequacies_v1=/a?t={token}"));
    assert_string_equal(routes.adequacies_v1_path, "/a?t={token}");
}

static void routes_that_make_no_sense_are_refused(void **state)
{
    static const char *const pairs[] = {"candidate",
                                        "candidate=",
                                        "candidate={uuid}",
                                        "candidate=/c",
                                        "candidate=/c?m={model}",
                                        "candidate=/c/{UUID}",
                                        "candidate=/c/{uuid}/{uuid}",
                                        "candidate=/c/{uuid}/{model}",
                                        "candidate=/c/{uuid}?{model}",
                                        "candidate=/c/{uuid}?m={model}x",
                                        "candidate=/c/{uuid}?m=x{model}",
                                        "candidate=/c/{uuid}?m={model}&n={model}",
                                        "candidate=/c/{uuid}?e={email}",
                                        "candidate=/c/{uuid}?t={token}",
                                        "candidate=/c/{uuid} x",
                                        "candidate=/c/{uuid}#x",
                                        "candidate_v1=/u",
                                        "adequacies_v1=/a/{uuid}",
                                        "adequacies_v1=/a/{token}/{uuid}",
                                        "lookup=/c?e={email}&m={model}",
                                        "models=/m?m={model}",
                                        "candidate_v2=/c/{uuid}"};
    fixture_t *fixture = *state;
    afp_assessfirst_routes_t routes, before;

    memset(&routes, 0, sizeof(routes));
    afp_assessfirst_defaults(&routes);
    memcpy(&before, &routes, sizeof(routes));
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (afp_assessfirst_route_set(&routes, fixture->pool, pairs[i]) == NULL)
            fail_msg("AssessFirstRoutes %s was accepted", pairs[i]);
    }
    assert_memory_equal(&routes, &before, sizeof(routes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(results_are_read_in_one_call),
        FIXTURE_TEST(without_a_model_or_a_locale_nothing_of_them_is_asked),
        FIXTURE_TEST(a_failure_other_than_404_is_final_for_this_reading),
        FIXTURE_TEST(the_results_of_somebody_else_are_refused),
        FIXTURE_TEST(one_fitting_id_among_several_is_enough),
        FIXTURE_TEST(a_candidate_without_an_id_is_never_asked_for),
        FIXTURE_TEST(ids_cannot_leave_their_place_in_the_url),
        FIXTURE_TEST(after_a_404_the_first_version_is_read),
        FIXTURE_TEST(without_a_model_or_a_token_there_are_no_adequacies),
        FIXTURE_TEST(adequacies_that_are_not_there_yet_are_no_failure),
        FIXTURE_TEST(a_failure_on_the_way_fails_the_reading),
        FIXTURE_TEST(only_who_is_unknown_to_both_versions_is_missing),
        FIXTURE_TEST(no_further_call_is_made_without_budget),
        FIXTURE_TEST(each_route_of_the_results_can_be_set),
        FIXTURE_TEST(routes_that_make_no_sense_are_refused),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
