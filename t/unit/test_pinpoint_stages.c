#include "remote_fixture.h"
#include "unit.h"

#include "core/settings.h"
#include "remote/pinpoint_stages.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

#define STAGE(id, name) "{\"id\":\"" id "\",\"type\":\"stages\",\"attributes\":{\"name\":" name "}}"
#define JOB(id)         "{\"id\":\"" id "\",\"type\":\"jobs\",\"attributes\":{}}"

#define PATH                                                                                       \
    "GET /v1/jobs?include=stages&filter%5Bvisibility%5D=external,internal,confidential"            \
    "&sort=-created_at&page%5Bsize%5D=25"

static const char *names_of(fixture_t *fixture, afp_outcome_t *outcome)
{
    apr_array_header_t *names = afp_pinpoint_stage_names(fixture_pinpoint(fixture), outcome);

    return names != NULL ? apr_array_pstrcat(fixture->pool, names, '|') : NULL;
}

static void each_name_is_found_once_in_the_order_of_the_answer(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture_serve_one(
        fixture,
        ANSWER(
            "200 OK",
            "{\"data\":[" JOB("1") "," JOB("2") "],\"included\":[" STAGE("11", "\"Applied\"") "," STAGE(
                "12",
                "\" Phone Screen\\n\"") "," STAGE("21",
                                                  "\"Applied\"") "," STAGE("22",
                                                                           "\"phone screen\"") ",{"
                                                                                               "\"i"
                                                                                               "d\""
                                                                                               ":\""
                                                                                               "9\""
                                                                                               ",\""
                                                                                               "typ"
                                                                                               "e\""
                                                                                               ":\""
                                                                                               "use"
                                                                                               "rs"
                                                                                               "\","
                                                                                               "\"a"
                                                                                               "ttr"
                                                                                               "ibu"
                                                                                               "tes"
                                                                                               "\":"
                                                                                               "{\""
                                                                                               "nam"
                                                                                               "e\""
                                                                                               ":\""
                                                                                               "Ada"
                                                                                               "\"}"
                                                                                               "}]"
                                                                                               "}"));
    assert_string_equal(names_of(fixture, &outcome), "Applied|Phone Screen|phone screen");
    fixture_expect(fixture, 0, PATH " HTTP/1.1\r\n");
    assert_int_equal(server_requests(fixture->server), 1);
}

static void a_company_without_jobs_has_none(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture_serve_one(fixture, ANSWER("200 OK", "{\"data\":[],\"meta\":{}}"));
    assert_string_equal(names_of(fixture, &outcome), "");
}

static void what_is_missing_odd_or_too_long_does_no_harm(void **state)
{
    fixture_t *fixture = *state;
    char *longest = apr_pcalloc(fixture->pool, AFP_STATUS_LIMIT + 2);
    afp_outcome_t outcome;

    memset(longest, 'x', AFP_STATUS_LIMIT + 1);
    fixture_serve_one(
        fixture,
        apr_pstrcat(
            fixture->pool,
            ANSWER(
                "200 OK",
                "{\"data\":[" JOB(
                    "1") "],\"included\":[null,7,{},"
                         "{\"type\":\"stages\"}," STAGE("1", "null") "," STAGE("2", "7") "," STAGE(
                             "3", "\"  \"") ","
                                            "{\"id\":\"4\",\"type\":\"stages\",\"attributes\":"
                                            "{\"name\":\""),
            longest, "\"}},", STAGE("5", "\"Offer\"") "]}", NULL));
    assert_string_equal(names_of(fixture, &outcome), "Offer");
    fixture_serve_one(fixture, ANSWER("200 OK", "{\"data\":[" JOB("1") "],\"included\":{}}"));
    assert_string_equal(names_of(fixture, &outcome), "");
}

/* `count` jobs from `first` on, with one stage each. */
static const char *page(apr_pool_t *pool, int first, int count)
{
    apr_array_header_t *jobs = apr_array_make(pool, count, sizeof(char *));
    apr_array_header_t *stages = apr_array_make(pool, count, sizeof(char *));

    for (int i = 0; i < count; i++) {
        APR_ARRAY_PUSH(jobs, const char *) = apr_psprintf(pool, JOB("%d"), first + i);
        APR_ARRAY_PUSH(stages, const char *) =
            apr_psprintf(pool, STAGE("%d", "\"Stage %d\""), first + i, first + i);
    }
    return apr_pstrcat(pool, ANSWER("200 OK", "{\"data\":["), apr_array_pstrcat(pool, jobs, ','),
                       "],\"included\":[", apr_array_pstrcat(pool, stages, ','), "]}", NULL);
}

static void further_pages_are_read_and_ten_are_enough(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[12] = {{NULL, SERVER_CLOSE}};
    apr_array_header_t *names;
    afp_outcome_t outcome;

    for (int i = 0; i < 11; i++) {
        steps[i] = (server_step_t){page(fixture->pool, 25 * i + 1, 25), SERVER_CLOSE};
    }
    steps[11] = (server_step_t){NULL, SERVER_CLOSE};
    fixture_serve(fixture, steps);
    names = afp_pinpoint_stage_names(fixture_pinpoint(fixture), &outcome);
    assert_non_null(names);
    assert_int_equal(names->nelts, 250);
    assert_string_equal(APR_ARRAY_IDX(names, 249, const char *), "Stage 250");
    assert_int_equal(server_requests(fixture->server), 10);
    fixture_expect(fixture, 1, PATH "&page%5Bnumber%5D=2 HTTP/1.1\r\n");
}

static void a_refusal_names_the_permission(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture_serve_one(fixture,
                      ANSWER("403 Forbidden", "{\"errors\":[{\"detail\":\"Not permitted\"}]}"));
    assert_null(names_of(fixture, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
    assert_non_null(strstr(outcome.words, "Job: Read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(each_name_is_found_once_in_the_order_of_the_answer),
        FIXTURE_TEST(a_company_without_jobs_has_none),
        FIXTURE_TEST(what_is_missing_odd_or_too_long_does_no_harm),
        FIXTURE_TEST(further_pages_are_read_and_ten_are_enough),
        FIXTURE_TEST(a_refusal_names_the_permission),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
