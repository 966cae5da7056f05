#include "remote_fixture.h"
#include "unit.h"

#include "remote/pinpoint_profile.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define ERROR(status, text)  ANSWER(status, "{\"errors\":[{\"detail\":\"" text "\"}]}")

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

/* --- attributes ------------------------------------------------------------------------------- */

static void the_attributes_of_an_application_are_read(void **state)
{
    static const char answer[] = ANSWER(
        "200 OK",
        "{\"data\":["
        "{\"id\":\"455\",\"type\":\"custom_attributes\",\"attributes\":{\"value\":\"85\","
        "\"field_name\":\" AssessFirst score \"},\"relationships\":{\"custom_field\":{\"data\":"
        "{\"type\":\"custom_fields\",\"id\":\"1000111\"}}}},"
        "{\"id\":\"456\",\"attributes\":{\"value\":null,\"field_name\":\"Other\"},"
        "\"relationships\":{\"custom_fields\":{\"data\":{\"type\":\"custom_fields\",\"id\":7}}}},"
        "{\"id\":457,\"relationships\":{\"custom_fields\":{\"meta\":{\"included\":false}}}},"
        "{\"attributes\":{\"value\":\"without an id\"}},null],\"included\":[],\"meta\":{}}");
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, answer);
    afp_outcome_t outcome;
    const afp_pinpoint_attribute_t *attribute;
    apr_array_header_t *attributes = afp_pinpoint_attributes(pinpoint, "1000050", &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(attributes->nelts, 3);
    attribute = &APR_ARRAY_IDX(attributes, 0, afp_pinpoint_attribute_t);
    assert_string_equal(attribute->id, "455");
    assert_string_equal(attribute->field_id, "1000111");
    assert_string_equal(attribute->field_name, "AssessFirst score");
    assert_string_equal(attribute->value, "85");
    attribute++;
    assert_string_equal(attribute->field_id, "7");
    assert_string_equal(attribute->value, "");
    attribute++;
    assert_string_equal(attribute->id, "457");
    assert_string_equal(attribute->field_id, "");
    assert_string_equal(attribute->field_name, "");
    fixture_expect(fixture, 0,
                   "GET /v1/custom_attributes?filter%5Bcustom_attributable_type%5D=Application"
                   "&filter%5Bcustom_attributable_id%5D=1000050&include=custom_field"
                   "&page%5Bsize%5D=1000 HTTP/1.1\r\n");
}

static void attributes_that_cannot_be_read_are_a_failure(void **state)
{
    afp_outcome_t outcome;

    assert_null(afp_pinpoint_attributes(pinpoint_with_answer(*state, ANSWER("200 OK", "{}")), "1",
                                        &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_null(afp_pinpoint_attributes(pinpoint_with_answer(*state, ERROR("401 No", "the-key")),
                                        "1", &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_UNAUTHORIZED);
    assert_null(strstr(outcome.words, "the-key"));
}

static const char *set_and_get_body(fixture_t *fixture, const char *attribute_id, const char *key,
                                    const char *value)
{
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, ANSWER("200 OK", "{}"));
    afp_outcome_t outcome;

    afp_pinpoint_attribute_set(pinpoint, attribute_id, "1000111", "1000050", key, value, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    return fixture_body(fixture, 0);
}

static void an_attribute_without_an_id_is_made(void **state)
{
    fixture_t *fixture = *state;
    const char *body = set_and_get_body(fixture, "", "integer_value", "85");

    fixture_expect(fixture, 0, "POST /v1/custom_attributes HTTP/1.1\r\n");
    assert_string_equal(
        body, "{\"data\":{\"type\":\"custom_attributes\",\"attributes\":{\"integer_value\":85},"
              "\"relationships\":{\"custom_field\":{\"data\":{\"type\":\"custom_fields\",\"id\":"
              "\"1000111\"}},\"custom_attributable\":{\"data\":{\"type\":\"applications\",\"id\":"
              "\"1000050\"}}}}}");
}

static void an_attribute_with_an_id_is_changed(void **state)
{
    fixture_t *fixture = *state;
    const char *body =
        set_and_get_body(fixture, "455", "text_value", "https://a.example.test/?x=\"ü\"");

    fixture_expect(fixture, 0, "PUT /v1/custom_attributes/455 HTTP/1.1\r\n");
    assert_string_equal(body,
                        "{\"data\":{\"id\":\"455\",\"type\":\"custom_attributes\",\"attributes\":{"
                        "\"text_value\":\"https://a.example.test/?x=\\\"ü\\\"\"}}}");
}

static void only_integers_are_numbers_and_nothing_is_null(void **state)
{
    assert_non_null(strstr(set_and_get_body(*state, "1", "varchar_value", "85"), ":\"85\"}"));
    assert_non_null(strstr(set_and_get_body(*state, "1", "integer_value", "0"), ":0}"));
    assert_non_null(strstr(set_and_get_body(*state, "1", "integer_value", ""), ":null}"));
    assert_non_null(strstr(set_and_get_body(*state, "1", "varchar_value", ""), ":null}"));
}

static void what_is_no_number_is_never_sent_as_one(void **state)
{
    static const char *const values[] = {"x", "8 5", "-1", "8.5", "0x5", NULL};
    static const server_step_t steps[] = {{NULL, SERVER_CLOSE}};
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;

    for (int i = 0; values[i] != NULL; i++) {
        afp_pinpoint_attribute_set(pinpoint, "", "1", "2", "integer_value", values[i], &outcome);
        assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
        assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    }
    assert_int_equal(server_requests(fixture->server), 0);
}

static void each_failure_to_set_an_attribute_is_reported(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        int status;
        const char *words;
    } verdicts[] = {
        {ERROR("422 No", "Custom field has already been taken"), AFP_OUTCOME_REFUSED, 422,
         "Pinpoint answered 422: Custom field has already been taken"},
        {ERROR("409 No", "data/id does not match"), AFP_OUTCOME_REFUSED, 409, "does not match"},
        {ERROR("400 No", "unknown attribute"), AFP_OUTCOME_REFUSED, 400, "unknown attribute"},
        {ERROR("404 No", "Record not found"), AFP_OUTCOME_MISSING, 404, "Record not found"},
        {ERROR("403 No", "No"), AFP_OUTCOME_FORBIDDEN, 403,
         "(the API key needs Custom Attributes: Write)"},
        {"HTTP/1.1 429 No\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", AFP_OUTCOME_LIMITED, 429,
         ""},
        {ERROR("500 No", "x"), AFP_OUTCOME_BROKEN, 500, ""},
        {"", AFP_OUTCOME_BROKEN, 0, ""},
    };
    static const char *const ids[] = {"", "455"};
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts) * COUNT_OF(ids); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i / 2].answer);
        afp_outcome_t outcome;

        afp_pinpoint_attribute_set(pinpoint, ids[i % 2], "1", "2", "integer_value", "3", &outcome);
        assert_int_equal(outcome.kind, verdicts[i / 2].kind);
        assert_int_equal(outcome.status, verdicts[i / 2].status);
        assert_non_null(strstr(outcome.words, verdicts[i / 2].words));
        assert_int_equal(server_requests(fixture->server), 1);
    }
}

/* --- where an application stands, and several values at a time ---------------------------------
 */

#define SPARSE                                                                                     \
    "?fields%5Bapplications%5D=hired_at,rejected_at,concealed&filter%5Bjob_visibility%5D="         \
    "external,internal,confidential HTTP/1.1\r\n"
#define STANDING(attributes)                                                                       \
    ANSWER("200 OK", "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\",\"attributes\":"     \
                     "{" attributes "}},\"meta\":{}}")

static void where_an_application_stands_is_read_without_personal_data(void **state)
{
    static const struct {
        const char *answer;
        const char *left;
        int concealed;
    } verdicts[] = {
        {STANDING("\"hired_at\":null,\"rejected_at\":null,\"concealed\":false"), "", 0},
        {STANDING(""), "", 0},
        {STANDING("\"hired_at\":\"2025-01-01T09:00:00+00:00\""), "the candidate is hired already",
         0},
        {STANDING("\"rejected_at\":\"2025-01-01T09:00:00+00:00\""), "the application is rejected",
         0},
        {STANDING("\"hired_at\":null,\"concealed\":true"),
         "Pinpoint conceals who the candidate is (blind screening)", 1},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i].answer);
        afp_pinpoint_standing_t standing;
        afp_outcome_t outcome;

        afp_pinpoint_standing(pinpoint, "1000050", &standing, &outcome);
        assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
        assert_string_equal(standing.left, verdicts[i].left);
        assert_int_equal(standing.concealed, verdicts[i].concealed);
        fixture_expect(fixture, 0, "GET /v1/applications/1000050" SPARSE);
    }
}

static void each_failure_to_learn_where_it_stands_is_reported(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        const char *words;
    } verdicts[] = {
        {ERROR("404 Not Found", "Record not found"), AFP_OUTCOME_MISSING, "Record not found"},
        {ERROR("403 No", "No"), AFP_OUTCOME_FORBIDDEN, "(the API key needs Application: Read)"},
        {ERROR("429 No", "No"), AFP_OUTCOME_LIMITED, ""},
        {ANSWER("200 OK", "<html>"), AFP_OUTCOME_BROKEN, "not with JSON"},
        {ANSWER("200 OK", "{\"data\":{\"id\":\"2\",\"type\":\"applications\"}}"),
         AFP_OUTCOME_BROKEN, "not with the application that was asked for"},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i].answer);
        afp_pinpoint_standing_t standing;
        afp_outcome_t outcome;

        afp_pinpoint_standing(pinpoint, "1000050", &standing, &outcome);
        assert_int_equal(outcome.kind, verdicts[i].kind);
        assert_non_null(strstr(outcome.words, verdicts[i].words));
        assert_string_equal(standing.left, "");
    }
}

static const afp_pinpoint_value_t known_and_new[] = {
    {"455", "1000111", "integer_value", "85"},
    {"", "1000112", "varchar_value", "Completed"},
    {"457", "1000113", "text_value", ""},
};

static void several_values_go_out_in_one_call(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        fixture, STANDING("\"hired_at\":null,\"rejected_at\":\"2025-01-01T09:00:00+00:00\","
                          "\"concealed\":true"));
    afp_pinpoint_standing_t standing;
    afp_outcome_t outcome;

    afp_pinpoint_attributes_set(pinpoint, "1000050", known_and_new, 3, &standing, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(standing.left, "the application is rejected");
    assert_int_equal(standing.concealed, 1);
    assert_int_equal(server_requests(fixture->server), 1);
    fixture_expect(fixture, 0, "PUT /v1/applications/1000050" SPARSE);
    assert_string_equal(
        fixture_body(fixture, 0),
        "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\",\"attributes\":{},"
        "\"relationships\":{\"custom_attributes\":{\"data\":["
        "{\"type\":\"custom_attributes\",\"id\":\"455\",\"method\":\"update\"},"
        "{\"type\":\"custom_attributes\",\"temp-id\":\"new-2\",\"method\":\"create\"},"
        "{\"type\":\"custom_attributes\",\"id\":\"457\",\"method\":\"update\"}]}}},"
        "\"included\":["
        "{\"type\":\"custom_attributes\",\"attributes\":{\"integer_value\":85},\"id\":\"455\"},"
        "{\"type\":\"custom_attributes\",\"attributes\":{\"varchar_value\":\"Completed\"},"
        "\"relationships\":{\"custom_field\":{\"data\":{\"type\":\"custom_fields\",\"id\":"
        "\"1000112\"}}},\"temp-id\":\"new-2\"},"
        "{\"type\":\"custom_attributes\",\"attributes\":{\"text_value\":null},\"id\":\"457\"}]}");
}

static void whatever_pinpoint_turns_down_asks_for_one_by_one(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
        int status;
        const char *words;
    } verdicts[] = {
        {ERROR("400 No", "custom_attributes cannot be written"), AFP_OUTCOME_REFUSED, 400,
         "Pinpoint answered 400: custom_attributes cannot be written"},
        {ERROR("404 No", "Record not found"), AFP_OUTCOME_REFUSED, 404, "Record not found"},
        {ERROR("405 No", "No"), AFP_OUTCOME_REFUSED, 405, ""},
        {ERROR("409 No", "No"), AFP_OUTCOME_REFUSED, 409, ""},
        {ERROR("422 No", "is not included in the list"), AFP_OUTCOME_REFUSED, 422, ""},
        {ERROR("403 No", "No"), AFP_OUTCOME_REFUSED, 403, "(the API key needs Application: Write"},
        {ERROR("401 No", "No"), AFP_OUTCOME_REFUSED, 401, "(the API key needs Application: Write"},
        {ERROR("429 No", "No"), AFP_OUTCOME_LIMITED, 429, ""},
        {ERROR("500 No", "No"), AFP_OUTCOME_BROKEN, 500, ""},
        {ANSWER("200 OK", "<html>"), AFP_OUTCOME_BROKEN, 200, "not with JSON"},
        {ANSWER("200 OK", "{\"data\":{}}"), AFP_OUTCOME_BROKEN, 200, "not with the application"},
        {"", AFP_OUTCOME_BROKEN, 0, ""},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, verdicts[i].answer);
        afp_pinpoint_standing_t standing;
        afp_outcome_t outcome;

        afp_pinpoint_attributes_set(pinpoint, "1000050", known_and_new, 3, &standing, &outcome);
        if (outcome.kind != verdicts[i].kind || outcome.status != verdicts[i].status ||
            strstr(outcome.words, verdicts[i].words) == NULL)
            fail_msg("answer %d: kind %d: %s", (int)i, outcome.kind, outcome.words);
        assert_string_equal(standing.left, "");
        assert_int_equal(server_requests(fixture->server), 1);
    }
}

static void one_value_that_is_no_number_keeps_all_back(void **state)
{
    static const afp_pinpoint_value_t values[] = {{"455", "1", "varchar_value", "x"},
                                                  {"456", "2", "integer_value", "8.5"}};
    static const server_step_t steps[] = {{NULL, SERVER_CLOSE}};
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_pinpoint_standing_t standing;
    afp_outcome_t outcome;

    afp_pinpoint_attributes_set(pinpoint, "1000050", values, 2, &standing, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(server_requests(fixture->server), 0);
}

/* Number of requests beside a kept connection that dies when it is used. */
static int requests_beside_a_dead_connection(fixture_t *fixture, const afp_pinpoint_value_t *value)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}", SERVER_KEEP},
        {"", SERVER_CLOSE},
        {STANDING(""), SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_pinpoint_standing_t standing;
    afp_outcome_t outcome;

    assert_non_null(afp_pinpoint_comments(pinpoint, "1", &outcome));
    afp_pinpoint_attributes_set(pinpoint, "1000050", value, 1, &standing, &outcome);
    return server_requests(fixture->server);
}

static void only_known_attributes_may_be_sent_twice(void **state)
{
    assert_int_equal(requests_beside_a_dead_connection(*state, &known_and_new[0]), 3);
    assert_int_equal(requests_beside_a_dead_connection(*state, &known_and_new[1]), 2);
}

/* --- comments --------------------------------------------------------------------------------- */

static void the_comments_of_an_application_are_read(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        fixture, ANSWER("200 OK", "{\"data\":[{\"id\":\"2\",\"attributes\":{\"body_text\":"
                                  "\"AssessFirst: done\\nhttps://a.example.test/ \"}},{\"id\":"
                                  "\"1\",\"attributes\":{\"body_text\":null}},{},null]}"));
    afp_outcome_t outcome;
    apr_array_header_t *texts = afp_pinpoint_comments(pinpoint, "1000050", &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(texts->nelts, 1);
    assert_string_equal(APR_ARRAY_IDX(texts, 0, const char *),
                        "AssessFirst: done\nhttps://a.example.test/");
    fixture_expect(fixture, 0,
                   "GET /v1/comments?filter%5Bcommentable_type%5D=Application&filter"
                   "%5Bcommentable_id%5D=1000050&sort=-id&page%5Bsize%5D=100 HTTP/1.1\r\n");
}

static const char *page_of_comments(apr_pool_t *pool, int first)
{
    const char *rows = "";

    for (int i = 0; i < 100; i++)
        rows = apr_psprintf(pool, "%s%s{\"id\":\"%d\",\"attributes\":{\"body_text\":\"Text %d\"}}",
                            rows, i > 0 ? "," : "", first - i, first - i);
    return apr_pstrcat(pool, ANSWER("200 OK", "{\"data\":["), rows, "]}", NULL);
}

static void of_very_many_comments_the_newest_thousand_are_read(void **state)
{
    fixture_t *fixture = *state;
    server_step_t steps[12] = {{NULL, SERVER_CLOSE}};
    afp_outcome_t outcome;
    apr_array_header_t *texts;

    for (int i = 0; i < 11; i++)
        steps[i] = (server_step_t){page_of_comments(fixture->pool, 5000 - 100 * i), SERVER_CLOSE};
    texts = afp_pinpoint_comments(pinpoint_with(fixture, steps), "1", &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(texts->nelts, 1000);
    assert_string_equal(APR_ARRAY_IDX(texts, 999, const char *), "Text 4001");
    assert_int_equal(server_requests(fixture->server), 10);
}

static void comments_that_cannot_be_read_are_a_failure(void **state)
{
    fixture_t *fixture = *state;
    const server_step_t steps[] = {{page_of_comments(fixture->pool, 500), SERVER_CLOSE},
                                   {ERROR("403 No", "x"), SERVER_CLOSE},
                                   {NULL, SERVER_CLOSE}};
    afp_outcome_t outcome;

    assert_null(afp_pinpoint_comments(pinpoint_with(fixture, steps), "1", &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
    assert_non_null(strstr(outcome.words, "(the API key needs Comment: Read)"));
}

static void a_comment_is_added(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(
        fixture, ANSWER("201 Created", "{\"data\":{\"id\":\"1000104\",\"type\":\"comments\"}}"));
    afp_outcome_t outcome;

    afp_pinpoint_comment_add(pinpoint, "1000050", "Résultats\n\"74\"", &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(outcome.sent, AFP_SENT_ANSWERED);
    fixture_expect(fixture, 0, "POST /v1/comments HTTP/1.1\r\n");
    assert_string_equal(
        fixture_body(fixture, 0),
        "{\"data\":{\"type\":\"comments\",\"attributes\":{\"body_text\":\"Résultats\\n\\\"74\\\"\"}"
        ",\"relationships\":{\"commentable\":{\"data\":{\"type\":\"applications\",\"id\":"
        "\"1000050\"}}}}}");
}

static void a_very_long_comment_is_shortened(void **state)
{
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with_answer(fixture, ANSWER("201 Created", "{}"));
    char *text = apr_palloc(fixture->pool, 6001);
    afp_outcome_t outcome;
    const char *body;

    memset(text, 'x', 6000);
    text[6000] = '\0';
    afp_pinpoint_comment_add(pinpoint, "1", text, &outcome);
    body = strstr(server_request(fixture->server, 0), "\"xxx");
    assert_non_null(body);
    assert_int_equal(strcspn(body + 1, "\""), AFP_PINPOINT_COMMENT_LIMIT);
}

static void each_end_of_a_comment_tells_whether_it_was_sent(void **state)
{
    static const struct {
        const char *answer;
        server_then_t then;
        afp_outcome_kind_t kind;
        afp_sent_t sent;
    } verdicts[] = {
        {ANSWER("200 OK", "<html>"), SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED},
        {"HTTP/1.1 204 No Content\r\n\r\n", SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED},
        {ERROR("422 No", "x"), SERVER_CLOSE, AFP_OUTCOME_REFUSED, AFP_SENT_ANSWERED},
        {ERROR("409 No", "x"), SERVER_CLOSE, AFP_OUTCOME_REFUSED, AFP_SENT_ANSWERED},
        {ERROR("401 No", "x"), SERVER_CLOSE, AFP_OUTCOME_UNAUTHORIZED, AFP_SENT_ANSWERED},
        {ERROR("403 No", "x"), SERVER_CLOSE, AFP_OUTCOME_FORBIDDEN, AFP_SENT_ANSWERED},
        {ERROR("404 No", "x"), SERVER_CLOSE, AFP_OUTCOME_MISSING, AFP_SENT_ANSWERED},
        {ERROR("429 No", "x"), SERVER_CLOSE, AFP_OUTCOME_LIMITED, AFP_SENT_NOTHING},
        {ERROR("408 No", "x"), SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN},
        {ERROR("500 No", "x"), SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN},
        {ERROR("503 No", "x"), SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN},
        {"", SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN},
        {"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN},
        {"HTTP/1.1 429 No\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        server_step_t steps[] = {{verdicts[i].answer, verdicts[i].then}, {NULL, SERVER_CLOSE}};
        const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
        afp_outcome_t outcome;

        afp_pinpoint_comment_add(pinpoint, "1000050", "Text", &outcome);
        if (outcome.kind != verdicts[i].kind || outcome.sent != verdicts[i].sent)
            fail_msg("answer %d: kind %d, sent %d: %s", (int)i, outcome.kind, outcome.sent,
                     outcome.words);
        assert_int_equal(server_requests(fixture->server), 1);
    }
}

static void a_comment_to_nowhere_was_not_sent(void **state)
{
    static const server_step_t steps[] = {{NULL, SERVER_CLOSE}};
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;

    server_stop(fixture->server);
    afp_pinpoint_comment_add(pinpoint, "1000050", "Text", &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
}

static void a_comment_goes_out_once_beside_a_dead_kept_connection(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}", SERVER_KEEP},
        {"", SERVER_CLOSE},
        {ANSWER("201 Created", "{}"), SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    fixture_t *fixture = *state;
    const afp_pinpoint_t *pinpoint = pinpoint_with(fixture, steps);
    afp_outcome_t outcome;

    assert_non_null(afp_pinpoint_comments(pinpoint, "1", &outcome));
    afp_pinpoint_comment_add(pinpoint, "1", "Text", &outcome);
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_int_equal(server_requests(fixture->server), 2);
    assert_int_equal(server_connection_of(fixture->server, 1), 1);
}

static void a_subdomain_that_is_no_label_is_never_written_to(void **state)
{
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = {.api = &fixture->api,
                               .client = fixture->client,
                               .subdomain = "evil.test/?x=",
                               .api_key = "the-key",
                               .pool = fixture->pool};
    afp_outcome_t outcome;

    fixture->api.base = "https://{subdomain}.example.test/api/v1";
    afp_pinpoint_comment_add(&pinpoint, "1", "Text", &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(fixture->log, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_attributes_of_an_application_are_read),
        FIXTURE_TEST(attributes_that_cannot_be_read_are_a_failure),
        FIXTURE_TEST(an_attribute_without_an_id_is_made),
        FIXTURE_TEST(an_attribute_with_an_id_is_changed),
        FIXTURE_TEST(only_integers_are_numbers_and_nothing_is_null),
        FIXTURE_TEST(what_is_no_number_is_never_sent_as_one),
        FIXTURE_TEST(each_failure_to_set_an_attribute_is_reported),
        FIXTURE_TEST(where_an_application_stands_is_read_without_personal_data),
        FIXTURE_TEST(each_failure_to_learn_where_it_stands_is_reported),
        FIXTURE_TEST(several_values_go_out_in_one_call),
        FIXTURE_TEST(whatever_pinpoint_turns_down_asks_for_one_by_one),
        FIXTURE_TEST(one_value_that_is_no_number_keeps_all_back),
        FIXTURE_TEST(only_known_attributes_may_be_sent_twice),
        FIXTURE_TEST(the_comments_of_an_application_are_read),
        FIXTURE_TEST(of_very_many_comments_the_newest_thousand_are_read),
        FIXTURE_TEST(comments_that_cannot_be_read_are_a_failure),
        FIXTURE_TEST(a_comment_is_added),
        FIXTURE_TEST(a_very_long_comment_is_shortened),
        FIXTURE_TEST(each_end_of_a_comment_tells_whether_it_was_sent),
        FIXTURE_TEST(a_comment_to_nowhere_was_not_sent),
        FIXTURE_TEST(a_comment_goes_out_once_beside_a_dead_kept_connection),
        FIXTURE_TEST(a_subdomain_that_is_no_label_is_never_written_to),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
