#include "remote_fixture.h"
#include "unit.h"

#include "core/profile.h"
#include "remote/pinpoint_permissions.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define ERROR(status, text)  ANSWER(status, "{\"errors\":[{\"detail\":\"" text "\"}]}")
#define LIST                 ANSWER("200 OK", "{\"data\":[]}")
#define NOT_FOUND            ERROR("404 Not Found", "Record not found")
#define INVALID              ERROR("422 No", "Body text can't be blank")
#define FORBIDDEN            ERROR("403 Forbidden", "Not permitted")

/* What a key with every permission is told, and one answer behind it that nobody asks for. */
static const char *const granted[AFP_PINPOINT_PERMISSIONS] = {
    LIST, LIST, LIST, LIST, LIST, NOT_FOUND, INVALID, NOT_FOUND, NOT_FOUND,
};

static fixture_t *serve(fixture_t *fixture, const char *const answers[AFP_PINPOINT_PERMISSIONS])
{
    server_step_t steps[AFP_PINPOINT_PERMISSIONS + 1] = {{NULL, SERVER_CLOSE}};

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++)
        steps[i] = (server_step_t){answers[i], SERVER_CLOSE};
    fixture_serve(fixture, steps);
    return fixture;
}

/* Tries with the answers of `granted`, but for the permissions in `mask`: theirs is `answer`. */
static afp_outcome_t try_for(fixture_t *fixture, unsigned int choices, unsigned int mask,
                             const char *answer, afp_grant_t grants[AFP_PINPOINT_PERMISSIONS])
{
    const char *answers[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome;

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++)
        answers[i] = mask & (1u << i) ? answer : granted[i];
    serve(fixture, answers);
    afp_pinpoint_permissions_try(fixture_pinpoint(fixture), choices, grants, &outcome);
    return outcome;
}

static afp_outcome_t try_but(fixture_t *fixture, unsigned int mask, const char *answer,
                             afp_grant_t grants[AFP_PINPOINT_PERMISSIONS])
{
    return try_for(fixture, AFP_WRITE_ALL, mask, answer, grants);
}

static void assert_grants(const afp_grant_t *grants, unsigned int mask, afp_grant_t of_mask,
                          afp_grant_t of_others)
{
    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        if (grants[i] != (mask & (1u << i) ? of_mask : of_others))
            fail_msg("%s: %d", afp_pinpoint_permissions[i].permission, grants[i]);
    }
}

static void every_permission_is_tried_with_a_request_that_changes_nothing(void **state)
{
    static const struct {
        const char *line;
        const char *body;
    } requests[AFP_PINPOINT_PERMISSIONS] = {
        {"GET /v1/jobs?page%5Bsize%5D=1 HTTP/1.1\r\n", ""},
        {"GET /v1/applications?fields%5Bapplications%5D=created_at&filter%5Bjob_visibility%5D="
         "external,internal,confidential&page%5Bsize%5D=1&include=job,stage HTTP/1.1\r\n",
         ""},
        {"GET /v1/custom_fields?page%5Bsize%5D=1 HTTP/1.1\r\n", ""},
        {"GET /v1/custom_attributes?filter%5Bcustom_attributable_type%5D=Job&page%5Bsize%5D=1"
         "&include=custom_field HTTP/1.1\r\n",
         ""},
        {"GET /v1/comments?filter%5Bcommentable_type%5D=Application"
         "&filter%5Bcommentable_id%5D=0&page%5Bsize%5D=1 HTTP/1.1\r\n",
         ""},
        {"PUT /v1/custom_attributes/0 HTTP/1.1\r\n",
         "{\"data\":{\"id\":\"0\",\"type\":\"custom_attributes\",\"attributes\":{}}}"},
        {"POST /v1/comments HTTP/1.1\r\n",
         "{\"data\":{\"type\":\"comments\",\"attributes\":{\"body_text\":\"\"},\"relationships\":"
         "{\"commentable\":{\"data\":{\"type\":\"applications\",\"id\":\"0\"}}}}}"},
        {"PUT /v1/custom_fields/0 HTTP/1.1\r\n",
         "{\"data\":{\"id\":\"0\",\"type\":\"custom_fields\",\"attributes\":{}}}"},
        {"DELETE /v1/custom_fields/0 HTTP/1.1\r\n", ""},
    };
    fixture_t *fixture = *state;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome = try_but(fixture, 0, NULL, grants);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(outcome.words, "");
    assert_grants(grants, 0, AFP_GRANT_GIVEN, AFP_GRANT_GIVEN);
    assert_int_equal(server_requests(fixture->server), AFP_PINPOINT_PERMISSIONS);
    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        fixture_expect(fixture, i, requests[i].line);
        assert_string_equal(fixture_body(fixture, i), requests[i].body);
    }
}

static void each_missing_permission_is_named_and_the_others_are_tried_all_the_same(void **state)
{
    fixture_t *fixture = *state;

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
        afp_outcome_t outcome = try_but(fixture, 1u << i, FORBIDDEN, grants);

        if (i == AFP_PERMISSION_FIELD_DELETE) {
            assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
        } else {
            assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
            assert_string_equal(outcome.words,
                                apr_psprintf(fixture->pool,
                                             "Pinpoint answered 403: Not permitted (the "
                                             "API key needs %s)",
                                             afp_pinpoint_permissions[i].permission));
        }
        assert_grants(grants, 1u << i, AFP_GRANT_MISSING, AFP_GRANT_GIVEN);
        assert_int_equal(server_requests(fixture->server), AFP_PINPOINT_PERMISSIONS);
    }
}

static void several_that_are_missing_are_named_together(void **state)
{
    unsigned int mask = 1u << AFP_PERMISSION_COMMENT_READ | 1u << AFP_PERMISSION_ATTRIBUTES_WRITE |
                        1u << AFP_PERMISSION_COMMENT_WRITE;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome = try_but(*state, mask, FORBIDDEN, grants);

    assert_string_equal(outcome.words,
                        "Pinpoint answered 403: Not permitted (the API key needs Comment: Read, "
                        "Custom Attributes: Write and Comment: Write)");
    assert_grants(grants, mask, AFP_GRANT_MISSING, AFP_GRANT_GIVEN);
}

static void what_the_integration_does_without_may_be_missing(void **state)
{
    unsigned int comments = 1u << AFP_PERMISSION_COMMENT_READ | 1u << AFP_PERMISSION_COMMENT_WRITE;
    unsigned int mask = comments | 1u << AFP_PERMISSION_FIELD_DELETE;
    unsigned int no_comment = AFP_WRITE_ALL & ~AFP_WRITE_COMMENT;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome = try_for(*state, no_comment, mask, FORBIDDEN, grants);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(outcome.words, "");
    assert_grants(grants, mask, AFP_GRANT_MISSING, AFP_GRANT_GIVEN);
    outcome = try_for(*state, no_comment, mask | 1u << AFP_PERMISSION_ATTRIBUTES_WRITE, FORBIDDEN,
                      grants);
    assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
    assert_string_equal(outcome.words, "Pinpoint answered 403: Not permitted (the API key needs "
                                       "Custom Attributes: Write)");
    outcome = try_but(*state, mask, FORBIDDEN, grants);
    assert_string_equal(outcome.words, "Pinpoint answered 403: Not permitted (the API key needs "
                                       "Comment: Read and Comment: Write)");
}

static void what_is_included_is_left_out_where_it_would_be_refused_for_itself(void **state)
{
    unsigned int mask = 1u << AFP_PERMISSION_JOB_READ | 1u << AFP_PERMISSION_FIELD_READ;
    fixture_t *fixture = *state;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];

    try_but(fixture, mask, FORBIDDEN, grants);
    assert_null(strstr(server_request(fixture->server, 1), "include="));
    assert_null(strstr(server_request(fixture->server, 3), "include="));
}

static void a_refused_key_ends_the_trying(void **state)
{
    fixture_t *fixture = *state;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome = try_but(fixture, 1, ERROR("401 No", "Invalid API key THE-KEY"), grants);

    assert_int_equal(outcome.kind, AFP_OUTCOME_UNAUTHORIZED);
    assert_string_equal(outcome.words, "Pinpoint answered 401: Invalid API key [hidden]");
    assert_grants(grants, 0, AFP_GRANT_MISSING, AFP_GRANT_UNKNOWN);
    assert_int_equal(server_requests(fixture->server), 1);
}

static void a_401_after_a_success_is_a_missing_permission(void **state)
{
    unsigned int mask = 1u << AFP_PERMISSION_COMMENT_WRITE;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome = try_but(*state, mask, ERROR("401 No", "Not permitted"), grants);

    assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
    assert_string_equal(outcome.words, "Pinpoint answered 401: Not permitted (the API key needs "
                                       "Comment: Write)");
    assert_grants(grants, mask, AFP_GRANT_MISSING, AFP_GRANT_GIVEN);
}

static void where_everything_is_refused_no_list_is_given(void **state)
{
    unsigned int all = (1u << AFP_PINPOINT_PERMISSIONS) - 1;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome =
        try_but(*state, all, ERROR("403 Forbidden", "Integration not enabled"), grants);

    assert_int_equal(outcome.kind, AFP_OUTCOME_FORBIDDEN);
    assert_string_equal(outcome.words,
                        "Pinpoint answered 403: Integration not enabled (every call is refused: is "
                        "the Pinpoint API switched on, and has the API key any permissions?)");
    assert_grants(grants, all, AFP_GRANT_MISSING, AFP_GRANT_MISSING);
}

static void the_permissions_are_named_however_much_pinpoint_says(void **state)
{
    fixture_t *fixture = *state;
    unsigned int all_but_one = (1u << AFP_PINPOINT_PERMISSIONS) - 2;
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    char *text = apr_palloc(fixture->pool, 1001);
    afp_outcome_t outcome;

    memset(text, 'x', 1000);
    text[1000] = '\0';
    outcome = try_but(fixture, all_but_one,
                      apr_pstrcat(fixture->pool, ANSWER("403 Forbidden", ""), text, NULL), grants);
    assert_non_null(strstr(outcome.words, "xxx"));
    assert_non_null(strstr(outcome.words,
                           " (the API key needs Application: Read, Custom Field: Read, Custom "
                           "Attributes: Read, Comment: Read, Custom Attributes: Write, Comment: "
                           "Write and Custom Field: Write)"));
}

static void an_answer_that_does_not_tell_is_no_refusal(void **state)
{
    static const struct {
        const char *answer;
        afp_grant_t grant;
    } verdicts[] = {
        {ERROR("400 No", "x"), AFP_GRANT_GIVEN},   {ERROR("409 No", "x"), AFP_GRANT_GIVEN},
        {ANSWER("200 OK", ""), AFP_GRANT_GIVEN},   {ERROR("405 No", "x"), AFP_GRANT_UNKNOWN},
        {ERROR("415 No", "x"), AFP_GRANT_UNKNOWN}, {ERROR("302 No", "x"), AFP_GRANT_UNKNOWN},
    };

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        unsigned int mask = 1u << AFP_PERMISSION_ATTRIBUTES_WRITE;
        afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
        afp_outcome_t outcome = try_but(*state, mask, verdicts[i].answer, grants);

        assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
        assert_grants(grants, mask, verdicts[i].grant, AFP_GRANT_GIVEN);
    }
}

static void a_failure_that_says_nothing_ends_the_trying(void **state)
{
    static const struct {
        const char *answer;
        afp_permission_t permission;
        afp_outcome_kind_t kind;
    } verdicts[] = {
        {ERROR("500 No", "x"), AFP_PERMISSION_JOB_READ, AFP_OUTCOME_BROKEN},
        {ERROR("404 No", "x"), AFP_PERMISSION_JOB_READ, AFP_OUTCOME_MISSING},
        {ERROR("400 No", "x"), AFP_PERMISSION_APPLICATION_READ, AFP_OUTCOME_REFUSED},
        {ANSWER("200 OK", "{\"hello\":1}"), AFP_PERMISSION_FIELD_READ, AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "<html>"), AFP_PERMISSION_COMMENT_READ, AFP_OUTCOME_BROKEN},
        {ERROR("429 No", "x"), AFP_PERMISSION_ATTRIBUTES_WRITE, AFP_OUTCOME_LIMITED},
        {ERROR("503 No", "x"), AFP_PERMISSION_COMMENT_WRITE, AFP_OUTCOME_BROKEN},
        {"", AFP_PERMISSION_FIELD_DELETE, AFP_OUTCOME_BROKEN},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
        afp_outcome_t outcome =
            try_but(fixture, 1u << verdicts[i].permission, verdicts[i].answer, grants);

        assert_int_equal(outcome.kind, verdicts[i].kind);
        assert_int_equal(grants[verdicts[i].permission], AFP_GRANT_UNKNOWN);
        assert_int_equal(server_requests(fixture->server), verdicts[i].permission + 1);
    }
}

static void a_subdomain_that_is_no_label_is_never_called(void **state)
{
    fixture_t *fixture = *state;
    afp_pinpoint_t pinpoint = *fixture_pinpoint(fixture);
    afp_grant_t grants[AFP_PINPOINT_PERMISSIONS];
    afp_outcome_t outcome;

    fixture->api.base = "https://{subdomain}.example.test/api/v1";
    pinpoint.subdomain = "evil.test/?x=";
    afp_pinpoint_permissions_try(&pinpoint, AFP_WRITE_ALL, grants, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(fixture->log, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(every_permission_is_tried_with_a_request_that_changes_nothing),
        FIXTURE_TEST(each_missing_permission_is_named_and_the_others_are_tried_all_the_same),
        FIXTURE_TEST(several_that_are_missing_are_named_together),
        FIXTURE_TEST(what_the_integration_does_without_may_be_missing),
        FIXTURE_TEST(what_is_included_is_left_out_where_it_would_be_refused_for_itself),
        FIXTURE_TEST(a_refused_key_ends_the_trying),
        FIXTURE_TEST(a_401_after_a_success_is_a_missing_permission),
        FIXTURE_TEST(where_everything_is_refused_no_list_is_given),
        FIXTURE_TEST(the_permissions_are_named_however_much_pinpoint_says),
        FIXTURE_TEST(an_answer_that_does_not_tell_is_no_refusal),
        FIXTURE_TEST(a_failure_that_says_nothing_ends_the_trying),
        FIXTURE_TEST(a_subdomain_that_is_no_label_is_never_called),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
