#include "remote_fixture.h"
#include "unit.h"

#include "remote/pinpoint_fields.h"

#include <apr_strings.h>

#include <pthread.h>
#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define ERROR(status, text)  ANSWER(status, "{\"errors\":[{\"detail\":\"" text "\"}]}")

#define MODEL_FIELD_NAME "AssessFirst predictive model"

#define FIELD(id, type, name, more)                                                                \
    "{\"id\":\"" id "\",\"type\":\"custom_fields\",\"attributes\":{\"name\":\"" name "\","         \
    "\"resource_type\":\"" type "\"" more "}}"

#define MODEL_FIELD                                                                                \
    FIELD("1000110", "job", MODEL_FIELD_NAME,                                                      \
          ",\"field_type\":\"single_select\",\"options\":[\"Sales Executive\",\"Développeur\"],"  \
          "\"sample_value\":\"Sales Executive\",\"description\":null,\"position\":0")

static const afp_pinpoint_t *pinpoint_with(fixture_t *fixture, const server_step_t *steps)
{
    fixture_serve(fixture, steps);
    return fixture_pinpoint(fixture);
}

static const afp_pinpoint_t *pinpoint_with_answer(fixture_t *fixture, const char *answer)
{
    fixture_serve_one(fixture, answer);
    return fixture_pinpoint(fixture);
}

/* A page of `count` rows, the n-th made by `row` with the number first + n. */
static const char *page(apr_pool_t *pool, const char *row, int first, int count)
{
    apr_array_header_t *texts = apr_array_make(pool, count, sizeof(char *));

    for (int i = 0; i < count; i++) {
        const char *number = apr_itoa(pool, first + i);
        const char *place = strstr(row, "#");

        APR_ARRAY_PUSH(texts, const char *) = apr_pstrcat(
            pool, apr_pstrmemdup(pool, row, (apr_size_t)(place - row)), number, place + 1, NULL);
    }
    return apr_pstrcat(pool, ANSWER("200 OK", "{\"data\":["), apr_array_pstrcat(pool, texts, ','),
                       "],\"meta\":{}}", NULL);
}

/* --- finding ---------------------------------------------------------------------------------- */

static void a_field_is_found_by_resource_type_and_name(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        fixture,
        ANSWER("200 OK", "{\"data\":[" FIELD("7", "application", MODEL_FIELD_NAME, "") "," FIELD(
                             "8", "job", "Other", "") "," MODEL_FIELD "],\"meta\":{}}"));
    afp_pinpoint_field_t field;
    afp_outcome_t outcome;

    afp_pinpoint_field_find(pinpoint, "job", " " MODEL_FIELD_NAME "\n", &field, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(field.id, "1000110");
    assert_string_equal(field.name, MODEL_FIELD_NAME);
    assert_string_equal(field.resource_type, "job");
    assert_string_equal(field.field_type, "single_select");
    assert_string_equal(field.sample, "Sales Executive");
    assert_string_equal(field.description, "");
    assert_int_equal(field.options->nelts, 2);
    assert_string_equal(APR_ARRAY_IDX(field.options, 1, const char *), "Développeur");
    fixture_expect(fixture, 0, "GET /v1/custom_fields?page%5Bsize%5D=1000 HTTP/1.1\r\n");
    assert_int_equal(server_requests(fixture->server), 1);
}

static void a_field_that_is_not_there_is_no_failure(void **state)
{
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        *state,
        ANSWER("200 OK", "{\"data\":[" FIELD("7", "application", MODEL_FIELD_NAME, "") "," FIELD(
                             "8", "job", "assessfirst predictive model", "") "]}"));
    afp_pinpoint_field_t field;
    afp_outcome_t outcome;

    afp_pinpoint_field_find(pinpoint, "job", MODEL_FIELD_NAME, &field, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(field.id, "");
    assert_int_equal(field.options->nelts, 0);
}

static void of_namesakes_the_oldest_is_taken_wherever_it_stands(void **state)
{
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        *state,
        ANSWER("200 OK", "{\"data\":[" FIELD("100", "job", " Model ", "") "," FIELD(
                             "99", "job", "Model", "") "," FIELD("101", "job", "Model", "") "]}"));
    afp_pinpoint_field_t field;
    afp_outcome_t outcome;

    afp_pinpoint_field_find(pinpoint, "job", "Model", &field, &outcome);
    assert_string_equal(field.id, "99");
}

static void what_is_missing_or_odd_in_a_field_does_no_harm(void **state)
{
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        *state, ANSWER("200 OK", "{\"data\":[null,1,\"x\",{},{\"id\":\"x\"},{\"id\":5},"
                                 "{\"id\":\"6\",\"attributes\":{\"name\":3,\"options\":[\"a\",1,"
                                 "null,{},\"b\"]}},{\"id\":\"7\",\"attributes\":{\"options\":"
                                 "{}}}]}"));
    afp_outcome_t outcome;
    apr_array_header_t *fields = afp_pinpoint_field_list(pinpoint, &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(fields->nelts, 3);
    assert_string_equal(APR_ARRAY_IDX(fields, 0, afp_pinpoint_field_t).id, "5");
    assert_string_equal(APR_ARRAY_IDX(fields, 1, afp_pinpoint_field_t).name, "");
    assert_int_equal(APR_ARRAY_IDX(fields, 1, afp_pinpoint_field_t).options->nelts, 2);
    assert_int_equal(APR_ARRAY_IDX(fields, 2, afp_pinpoint_field_t).options->nelts, 0);
}

static const char field_row[] =
    "{\"id\":\"#\",\"type\":\"custom_fields\",\"attributes\":{\"name\":\"Field\","
    "\"resource_type\":\"job\"}}";

static void every_page_is_read_until_one_is_short(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[] = {{page(fixture->pool, field_row, 1, 1000), SERVER_CLOSE},
                             {page(fixture->pool, field_row, 1001, 1000), SERVER_CLOSE},
                             {ANSWER("200 OK", "{\"data\":[" MODEL_FIELD "]}"), SERVER_CLOSE},
                             {NULL, SERVER_CLOSE}};
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;
    apr_array_header_t *fields = afp_pinpoint_field_list(pinpoint, &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(fields->nelts, 2001);
    assert_string_equal(afp_pinpoint_field_of(fields, "job", MODEL_FIELD_NAME)->id, "1000110");
    assert_string_equal(afp_pinpoint_field_of(fields, "job", "Field")->id, "1");
    assert_null(afp_pinpoint_field_of(fields, "offer", "Field"));
    assert_int_equal(server_requests(fixture->server), 3);
    fixture_expect(fixture, 1,
                   "GET /v1/custom_fields?page%5Bsize%5D=1000&page%5Bnumber%5D=2 HTTP/1.1\r\n");
    fixture_expect(fixture, 2,
                   "GET /v1/custom_fields?page%5Bsize%5D=1000&page%5Bnumber%5D=3 HTTP/1.1\r\n");
}

static void a_page_that_fails_fails_the_list(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        const char *words;
    } verdicts[] = {
        {"HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", AFP_OUTCOME_LIMITED,
         "Pinpoint answered 429"},
        {ERROR("500 No", "Oops"), AFP_OUTCOME_BROKEN, "Pinpoint answered 500: Oops"},
        {ANSWER("200 OK", "{\"data\":{}}"), AFP_OUTCOME_BROKEN, "not with a list"},
        {ANSWER("200 OK", "<html>"), AFP_OUTCOME_BROKEN, "not with JSON"},
        {ERROR("403 No", "Not permitted"), AFP_OUTCOME_FORBIDDEN,
         "Not permitted (the API key needs Custom Field: Read)"},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        server_step_t steps[] = {{page(fixture->pool, field_row, 1, 1000), SERVER_CLOSE},
                                 {verdicts[i].answer, SERVER_CLOSE},
                                 {NULL, SERVER_CLOSE}};
        const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
        afp_outcome_t outcome;

        assert_null(afp_pinpoint_field_list(pinpoint, &outcome));
        assert_int_equal(outcome.kind, verdicts[i].kind);
        assert_non_null(strstr(outcome.words, verdicts[i].words));
        if (outcome.kind == AFP_OUTCOME_LIMITED)
            assert_int_equal(outcome.retry_after, apr_time_from_sec(7));
    }
}

static void a_server_that_repeats_its_page_is_asked_twice_only(void **state)
{
    fixture_t *fixture = *state;
    const char *same = page(fixture->pool, field_row, 1, 1000);
    server_step_t steps[] = {
        {same, SERVER_CLOSE}, {same, SERVER_CLOSE}, {same, SERVER_CLOSE}, {NULL, SERVER_CLOSE}};
    afp_outcome_t outcome;

    assert_int_equal(afp_pinpoint_field_list(pinpoint_with(fixture, steps), &outcome)->nelts, 1000);
    assert_int_equal(server_requests(fixture->server), 2);
}

static void a_list_without_end_is_a_failure_and_not_a_part_of_it(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[AFP_PINPOINT_FIELD_PAGES + 2] = {{NULL, SERVER_CLOSE}};
    afp_outcome_t outcome;

    for (int i = 0; i <= AFP_PINPOINT_FIELD_PAGES; i++)
        steps[i] =
            (server_step_t){page(fixture->pool, field_row, 1 + 1000 * i, 1000), SERVER_CLOSE};
    assert_null(afp_pinpoint_field_list(pinpoint_with(fixture, steps), &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_non_null(strstr(outcome.words, "with a list of more than 20000 rows"));
    assert_int_equal(server_requests(fixture->server), AFP_PINPOINT_FIELD_PAGES);
}

/* --- writing ---------------------------------------------------------------------------------- */

static apr_array_header_t *two_options(apr_pool_t *pool)
{
    apr_array_header_t *options = apr_array_make(pool, 2, sizeof(const char *));

    APR_ARRAY_PUSH(options, const char *) = "Don't use a predictive model";
    APR_ARRAY_PUSH(options, const char *) = "Vente \"B2B\" / Genève";
    return options;
}

static void a_select_field_is_made_with_its_options_and_sample(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint =
        pinpoint_with_answer(fixture, ANSWER("201 Created", "{\"data\":" MODEL_FIELD "}"));
    const afp_pinpoint_field_t wanted = {.name = MODEL_FIELD_NAME,
                                         .resource_type = "job",
                                         .field_type = "single_select",
                                         .options = two_options(fixture->pool),
                                         .sample = "Don't use a predictive model",
                                         .description = "Scores candidates"};
    afp_outcome_t outcome;

    assert_string_equal(afp_pinpoint_field_create(pinpoint, &wanted, &outcome), "1000110");
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    fixture_expect(fixture, 0, "POST /v1/custom_fields HTTP/1.1\r\n");
    assert_non_null(strstr(server_request(fixture->server, 0),
                           "\r\nContent-Type: application/vnd.api+json\r\n"));
    assert_non_null(
        strstr(server_request(fixture->server, 0), "\r\nAccept: application/vnd.api+json\r\n"));
    assert_string_equal(
        fixture_body(fixture, 0),
        "{\"data\":{\"type\":\"custom_fields\",\"attributes\":{\"name\":\"" MODEL_FIELD_NAME
        "\",\"resource_type\":\"job\",\"field_type\":\"single_select\",\"sample_value\":\"Don't "
        "use a predictive model\",\"options\":[\"Don't use a predictive model\",\"Vente \\\"B2B\\\""
        " / Genève\"],\"description\":\"Scores candidates\"}}}");
}

static void a_plain_field_is_made_without_options(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint =
        pinpoint_with_answer(fixture, ANSWER("201 Created", "{\"data\":[{\"id\":12}]}"));
    const afp_pinpoint_field_t wanted = {.name = "AssessFirst score",
                                         .resource_type = "application",
                                         .field_type = "integer",
                                         .sample = "85"};
    afp_outcome_t outcome;

    assert_string_equal(afp_pinpoint_field_create(pinpoint, &wanted, &outcome), "12");
    assert_string_equal(fixture_body(fixture, 0),
                        "{\"data\":{\"type\":\"custom_fields\",\"attributes\":{\"name\":"
                        "\"AssessFirst score\",\"resource_type\":\"application\",\"field_type\":"
                        "\"integer\",\"sample_value\":\"85\"}}}");
}

static void each_end_of_a_creation_is_reported(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        int status;
        const char *words;
    } verdicts[] = {
        {ERROR("422 No", "Name has already been taken"), AFP_OUTCOME_REFUSED, 422,
         "Pinpoint answered 422: Name has already been taken"},
        {ERROR("409 No", "does not match the server endpoint"), AFP_OUTCOME_REFUSED, 409,
         "does not match"},
        {ERROR("403 No", "Not permitted"), AFP_OUTCOME_FORBIDDEN, 403,
         "(the API key needs Custom Field: Write)"},
        {"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", AFP_OUTCOME_LIMITED, 429, ""},
        {ANSWER("201 Created", "{\"data\":{}}"), AFP_OUTCOME_BROKEN, 201,
         "not with the custom field that was made"},
        {ANSWER("201 Created", ""), AFP_OUTCOME_BROKEN, 201, "not with JSON"},
        {"", AFP_OUTCOME_BROKEN, 0, "without an answer"},
    };
    const afp_pinpoint_field_t wanted = {
        .name = "n", .resource_type = "job", .field_type = "varchar", .sample = "s"};
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i].answer);
        afp_outcome_t outcome;

        assert_null(afp_pinpoint_field_create(pinpoint, &wanted, &outcome));
        assert_int_equal(outcome.kind, verdicts[i].kind);
        assert_int_equal(outcome.status, verdicts[i].status);
        assert_non_null(strstr(outcome.words, verdicts[i].words));
        assert_int_equal(server_requests(fixture->server), 1);
    }
}

static void a_creation_does_not_use_a_kept_connection(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}", SERVER_KEEP},
        {"", SERVER_CLOSE},
        {ANSWER("201 Created", "{\"data\":{\"id\":\"1\"}}"), SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    const afp_pinpoint_field_t wanted = {
        .name = "n", .resource_type = "job", .field_type = "varchar", .sample = "s"};
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;

    assert_non_null(afp_pinpoint_field_list(pinpoint, &outcome));
    assert_null(afp_pinpoint_field_create(pinpoint, &wanted, &outcome));
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_int_equal(server_requests(fixture->server), 2);
    assert_int_equal(server_connection_of(fixture->server, 1), 1);
}

static void options_are_replaced_as_a_whole(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, ANSWER("200 OK", ""));
    afp_outcome_t outcome;

    afp_pinpoint_field_set_options(pinpoint, "1000110", two_options(fixture->pool), &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    fixture_expect(fixture, 0, "PUT /v1/custom_fields/1000110 HTTP/1.1\r\n");
    assert_string_equal(
        fixture_body(fixture, 0),
        "{\"data\":{\"id\":\"1000110\",\"type\":\"custom_fields\",\"attributes\":{\"options\":["
        "\"Don't use a predictive model\",\"Vente \\\"B2B\\\" / Genève\"]}}}");
}

static void options_that_pinpoint_refuses_are_reported(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    afp_pinpoint_field_set_options(
        pinpoint_with_answer(fixture, ERROR("422 No", "Options are in use")), "1",
        two_options(fixture->pool), &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_string_equal(outcome.words, "Pinpoint answered 422: Options are in use");
    afp_pinpoint_field_set_options(pinpoint_with_answer(fixture, ERROR("404 No", "Record gone")),
                                   "../x", two_options(fixture->pool), &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_MISSING);
    fixture_expect(fixture, 0, "PUT /v1/custom_fields/..%2Fx HTTP/1.1\r\n");
}

static void a_deletion_ends_with_the_field_gone_or_kept(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        int gone;
        const char *words;
    } verdicts[] = {
        {ANSWER("200 OK", "{\"meta\":null}"), AFP_OUTCOME_DONE, 1, ""},
        {ANSWER("200 OK", "{\"meta\":{}}"), AFP_OUTCOME_DONE, 1, ""},
        {ANSWER("200 OK", ""), AFP_OUTCOME_DONE, 1, ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", AFP_OUTCOME_DONE, 1, ""},
        {ERROR("404 Not Found", "Record not found"), AFP_OUTCOME_MISSING, 1, ""},
        {ERROR("409 Conflict", "Record is in use"), AFP_OUTCOME_REFUSED, 0,
         "Pinpoint answered 409: Record is in use"},
        {ERROR("422 No", "no"), AFP_OUTCOME_REFUSED, 0, "Pinpoint answered 422: no"},
        {ERROR("403 No", "no"), AFP_OUTCOME_FORBIDDEN, 0,
         "(the API key needs Custom Field: Delete)"},
        {"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", AFP_OUTCOME_LIMITED, 0, ""},
        {ERROR("500 No", ""), AFP_OUTCOME_BROKEN, 0, ""},
        {"", AFP_OUTCOME_BROKEN, 0, ""},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i].answer);
        afp_outcome_t outcome;
        int gone = afp_pinpoint_field_delete(pinpoint, "1000110", &outcome);

        if (gone != verdicts[i].gone || outcome.kind != verdicts[i].kind ||
            strstr(outcome.words, verdicts[i].words) == NULL)
            fail_msg("answer %d: gone %d, kind %d: %s", (int)i, gone, outcome.kind, outcome.words);
        fixture_expect(fixture, 0, "DELETE /v1/custom_fields/1000110 HTTP/1.1\r\n");
    }
}

/* --- values in use ---------------------------------------------------------------------------- */

#define VALUE(id, relationship, field, value)                                                      \
    "{\"id\":\"" id "\",\"type\":\"custom_attributes\",\"attributes\":{\"value\":" value "},"      \
    "\"relationships\":{\"" relationship "\":" field "}}"
#define OF(field) "{\"data\":{\"type\":\"custom_fields\",\"id\":\"" field "\"}}"

static void the_distinct_values_of_jobs_are_read(void **state)
{
    static const char *const rows[] = {
        VALUE("1", "custom_field", OF("9"), "\"Sales\""),
        VALUE("2", "custom_field", OF("8"), "\"of another field\""),
        VALUE("3", "custom_fields", OF("9"), "\" Dev \""),
        VALUE("4", "custom_field", OF("9"), "\"Sales\""),
        VALUE("5", "custom_field", OF("9"), "null"),
        VALUE("6", "custom_field", "{\"meta\":{\"included\":false}}", "\"Unknown\""),
    };
    fixture_t *fixture = *state;
    const char *answer = ANSWER("200 OK", "{\"data\":[");
    const afp_pinpoint_t *pinpoint;
    afp_outcome_t outcome;
    apr_array_header_t *values;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        answer = apr_pstrcat(fixture->pool, answer, i > 0 ? "," : "", rows[i], NULL);
    pinpoint = pinpoint_with_answer(fixture, apr_pstrcat(fixture->pool, answer, "]}", NULL));
    values = afp_pinpoint_job_values(pinpoint, "9", &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(apr_array_pstrcat(fixture->pool, values, '|'), "Sales|Dev|Unknown");
    fixture_expect(fixture, 0,
                   "GET /v1/custom_attributes?filter%5Bcustom_attributable_type%5D=Job"
                   "&include=custom_field&sort=id&page%5Bsize%5D=1000 HTTP/1.1\r\n");
}

static void values_on_every_page_count(void **state)
{
    static const char row[] = VALUE("#", "custom_field", OF("9"), "\"Sales\"");
    fixture_t *fixture = *state;
    server_step_t steps[] = {
        {page(fixture->pool, row, 1, 1000), SERVER_CLOSE},
        {ANSWER("200 OK", "{\"data\":[" VALUE("1001", "custom_field", OF("9"), "\"Dev\"") "]}"),
         SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    afp_outcome_t outcome;
    apr_array_header_t *values =
        afp_pinpoint_job_values(pinpoint_with(fixture, steps), "9", &outcome);

    assert_string_equal(apr_array_pstrcat(fixture->pool, values, '|'), "Sales|Dev");
    assert_non_null(strstr(server_request(fixture->server, 1), "&page%5Bnumber%5D=2 HTTP"));
}

static void without_an_answer_nobody_knows_the_values(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    assert_null(afp_pinpoint_job_values(pinpoint_with_answer(fixture, ERROR("500 No", "x")), "9",
                                        &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_null(afp_pinpoint_job_values(pinpoint_with_answer(fixture, ERROR("403 No", "x")), "9",
                                        &outcome));
    assert_non_null(strstr(outcome.words, "Custom Attributes: Read and Custom Field: Read"));
}

static void a_stop_ends_a_list_between_its_pages(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[] = {{page(fixture->pool, field_row, 1, 1000), SERVER_CLOSE},
                             {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", SERVER_HOLD},
                             {NULL, SERVER_CLOSE}};
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, fixture_abort_soon, fixture), 0);
    assert_null(afp_pinpoint_field_list(pinpoint, &outcome));
    pthread_join(thread, NULL);
    assert_int_equal(outcome.kind, AFP_OUTCOME_ABORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_field_is_found_by_resource_type_and_name),
        FIXTURE_TEST(a_field_that_is_not_there_is_no_failure),
        FIXTURE_TEST(of_namesakes_the_oldest_is_taken_wherever_it_stands),
        FIXTURE_TEST(what_is_missing_or_odd_in_a_field_does_no_harm),
        FIXTURE_TEST(every_page_is_read_until_one_is_short),
        FIXTURE_TEST(a_page_that_fails_fails_the_list),
        FIXTURE_TEST(a_server_that_repeats_its_page_is_asked_twice_only),
        FIXTURE_TEST(a_list_without_end_is_a_failure_and_not_a_part_of_it),
        FIXTURE_TEST(a_select_field_is_made_with_its_options_and_sample),
        FIXTURE_TEST(a_plain_field_is_made_without_options),
        FIXTURE_TEST(each_end_of_a_creation_is_reported),
        FIXTURE_TEST(a_creation_does_not_use_a_kept_connection),
        FIXTURE_TEST(options_are_replaced_as_a_whole),
        FIXTURE_TEST(options_that_pinpoint_refuses_are_reported),
        FIXTURE_TEST(a_deletion_ends_with_the_field_gone_or_kept),
        FIXTURE_TEST(the_distinct_values_of_jobs_are_read),
        FIXTURE_TEST(values_on_every_page_count),
        FIXTURE_TEST(without_an_answer_nobody_knows_the_values),
        FIXTURE_TEST(a_stop_ends_a_list_between_its_pages),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
