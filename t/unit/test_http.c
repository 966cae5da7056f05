#include "remote_fixture.h"
#include "unit.h"

#include "remote/assessfirst.h"

#include <apr_strings.h>

#include <string.h>

/* --- the address of an API -------------------------------------------------------------------- */

static void an_address_with_https_or_loopback_is_accepted(void **state)
{
    static const char *const accepted[] = {"https://app.assessfirst.com/betty",
                                           "https://app.assessfirst.com",
                                           "HTTPS://app.assessfirst.com/betty",
                                           "https://app.assessfirst.com:8443/betty/v2",
                                           "https://{subdomain}.pinpointhq.com/api/v1",
                                           "https://{subdomain}.eu.pinpointhq.com:443/api/v1",
                                           "https://10.0.0.1/v1",
                                           "https://[2001:db8::1]/v1",
                                           "http://127.0.0.1:8080/v1",
                                           "http://127.255.0.3/v1",
                                           "http://[::1]:8080/v1",
                                           "http://localhost:8080/v1",
                                           NULL};
    fixture_t *fixture = *state;
    const char *why = NULL;

    for (int i = 0; accepted[i] != NULL; i++) {
        if (!afp_http_base_is_acceptable(fixture->pool, accepted[i], &why))
            fail_msg("%s was refused: %s", accepted[i], why);
    }
}

static void any_other_address_is_refused_with_a_reason(void **state)
{
    static const char *const refused[][2] = {
        {"", "not an address"},
        {"app.assessfirst.com/betty", "not an address"},
        {"ftp://app.assessfirst.com", "https://"},
        {"file:///etc/passwd", ""},
        {"https://", ""},
        {"https:///betty", "host"},
        {"https:/app.example.com", "not an address"},
        {"http://app.assessfirst.com/betty", "plain http"},
        {"http://10.0.0.1/v1", "plain http"},
        {"http://127.0.0.1.example.com/v1", "plain http"},
        {"http://localhost.example.com/v1", "plain http"},
        {"http://[::2]/v1", "plain http"},
        {"http://{subdomain}.localhost/v1", "plain http"},
        {"https://user@app.assessfirst.com/betty", "user"},
        {"https://user:word@app.assessfirst.com/betty", "user"},
        {"https://app.assessfirst.com/betty?x=1", "query"},
        {"https://app.assessfirst.com/betty#x", "fragment"},
        {"https://app.assessfirst.com/betty?", "query"},
        {"https://app.assessfirst.com/betty/", "slash"},
        {"https://app.assessfirst.com/", "slash"},
        {"https://app.assessfirst.com/bet ty", "character"},
        {"https://app.assessfirst.com/bet\nty", "character"},
        {"https://app.assessfirst.com\\betty", "character"},
        {"https://app.assessfirst.com/\xc3\xa9", "character"},
        {"https://[fe80::1%25eth0]/v1", "host"},
        {"https://app.assessfirst.com:99999/v1", "not an address"},
        {"https://{subdomain}/v1", "first label"},
        {"https://{subdomain}./v1", "domain"},
        {"https://{subdomain}:443/v1", "first label"},
        {"https://x{subdomain}.example.com/v1", "first label"},
        {"https://x.{subdomain}.example.com/v1", "first label"},
        {"https://example.com/{subdomain}/v1", "first label"},
        {"https://{subdomain}.{subdomain}.com/v1", "once"},
        {"https://{company}.example.com/v1", "{subdomain}"},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const char *why = NULL;

        if (afp_http_base_is_acceptable(fixture->pool, refused[i][0], &why))
            fail_msg("%s was accepted", refused[i][0]);
        if (why == NULL || strstr(why, refused[i][1]) == NULL)
            fail_msg("%s was refused with: %s", refused[i][0], why);
    }
}

static void only_an_http_proxy_is_accepted(void **state)
{
    static const char *const accepted[] = {"http://proxy.example.com:3128",
                                           "https://user:word@proxy.example.com",
                                           "http://10.0.0.1/", NULL};
    static const char *const refused[] = {
        "", "proxy.example.com:3128", "socks5://proxy.example.com", "http://", "http:///x", NULL};
    fixture_t *fixture = *state;
    afp_http_response_t response;
    const char *why = NULL;

    for (int i = 0; accepted[i] != NULL; i++)
        assert_true(afp_http_proxy_is_acceptable(accepted[i], &why));
    for (int i = 0; refused[i] != NULL; i++) {
        assert_false(afp_http_proxy_is_acceptable(refused[i], &why));
        assert_non_null(why);
    }
    fixture->api.proxy = "socks5://127.0.0.1:9";
    assert_int_equal(fixture_get(fixture, "/x", &response).kind, AFP_OUTCOME_REFUSED);
}

/* --- what is refused before anything is sent -------------------------------------------------- */

static afp_outcome_t call_with_header(fixture_t *fixture, const char *name, const char *value)
{
    afp_http_request_t request = {.url = "https://127.0.0.1:9/v1"};
    afp_http_response_t response;
    afp_outcome_t outcome;

    request.headers = apr_table_make(fixture->pool, 1);
    apr_table_setn(request.headers, name, value);
    afp_http_call(fixture->client, &fixture->api, &request, fixture->pool, &response, &outcome);
    return outcome;
}

static void a_header_with_controls_is_refused_and_not_repeated_in_words(void **state)
{
    static const char *const headers[][2] = {
        {"X-API-KEY", "secret\r\nX-Injected: 1"},
        {"X-API-KEY", "secret\n"},
        {"X-API-KEY", "secret\r"},
        {"X-API-KEY", "secret\t"},
        {"X-API-KEY", "secret\x7f"},
        {"X-API-KEY", "\x01secret"},
        {"X-API KEY", "secret"},
        {"X-API-KEY:", "secret"},
        {"", "secret"},
        {"X-API\r\nKEY", "secret"},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        afp_outcome_t outcome = call_with_header(fixture, headers[i][0], headers[i][1]);

        assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
        assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
        assert_int_equal(outcome.status, 0);
        assert_int_equal(outcome.retry_after, -1);
        assert_string_equal(outcome.api, "Pinpoint");
        assert_non_null(strstr(outcome.words, "header"));
        assert_null(strstr(outcome.words, "secret"));
    }
    assert_string_equal(fixture->log, "");
}

static void plain_http_elsewhere_is_refused_whatever_configtest_said(void **state)
{
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture->api.base = "http://pinpoint.example.test/v1";
    outcome = fixture_get(fixture, "/jobs", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_non_null(strstr(outcome.words, "plain http"));
}

static void only_port_443_is_used_for_a_tenants_host(void **state)
{
    fixture_t *fixture = *state;
    afp_http_response_t response;
    afp_outcome_t outcome;

    fixture->api.public_addresses_only = 1;
    fixture->api.base = "https://acme.example.test:8443/v1";
    outcome = fixture_get(fixture, "/jobs", &response);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "PinpointAPI must use port 443");
}

/* --- the remote's own words ------------------------------------------------------------------- */

static const char *words_for(fixture_t *fixture, int status, const char *body,
                             const char *const *hidden)
{
    afp_http_response_t response = {.status = status, .body = body, .body_length = strlen(body)};
    afp_outcome_t *outcome = apr_pcalloc(fixture->pool, sizeof(*outcome));

    outcome->api = "Pinpoint";
    outcome->sent = AFP_SENT_ANSWERED;
    outcome->status = status;
    afp_http_words(&response, hidden, fixture->pool, outcome);
    return outcome->words;
}

static void words_are_found_wherever_the_remote_puts_them(void **state)
{
    static const char *const answers[][2] = {
        {"{\"errors\":[{\"title\":\"Unauthorized\",\"detail\":\"Invalid API key\"}]}",
         "Invalid API key"},
        {"{\"errors\":[{\"title\":\"Unauthorized\"}]}", "Unauthorized"},
        {"{\"message\":\"Model unknown\",\"errors\":{\"model\":[\"x\"]}}", "Model unknown"},
        {"{\"error\":\"No licence\"}", "No licence"},
        {"{\"error\":{\"message\":\"No licence\"}}", "No licence"},
        {"{\"errors\":{\"email\":[\"is invalid\"]}}", "is invalid"},
        {"{\"errors\":{\"email\":\"is invalid\"}}", "is invalid"},
        {"Too busy\r\nright now", "Too busy right now"},
        {"\n<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>a{}</style></head>"
         "<body>nginx</body></html>",
         "502 Bad Gateway"},
        {"\"Just a text\"", "\"Just a text\""},
    };
    fixture_t *fixture = *state;

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const char *words = words_for(fixture, 422, answers[i][0], NULL);

        assert_string_equal(
            words, apr_pstrcat(fixture->pool, "Pinpoint answered 422: ", answers[i][1], NULL));
    }
}

static void words_without_a_text_end_at_the_status(void **state)
{
    static const char *const bodies[] = {"",
                                         " \n",
                                         "{}",
                                         "[]",
                                         "{\"errors\":[]}",
                                         "<html><body>x</body></html>",
                                         "<title",
                                         "{\"message\":\"cut o",
                                         NULL};
    fixture_t *fixture = *state;

    for (int i = 0; bodies[i] != NULL; i++)
        assert_string_equal(words_for(fixture, 500, bodies[i], NULL), "Pinpoint answered 500");
}

static void words_hide_what_must_be_hidden_and_stay_bounded(void **state)
{
    static const char *const hidden[] = {"the-key", "Ada", NULL};
    fixture_t *fixture = *state;
    char *body = apr_palloc(fixture->pool, 100001);
    const char *words;

    words =
        words_for(fixture, 422, "{\"message\":\"ADA may not use THE-KEY: a@b.example\"}", hidden);
    assert_non_null(strstr(words, "may not use"));
    assert_null(strstr(words, "ADA"));
    assert_null(strstr(words, "KEY"));
    assert_null(strstr(words, "@"));
    memset(body, 'x', 100000);
    body[100000] = '\0';
    words = words_for(fixture, 500, body, NULL);
    assert_in_range(strlen(words), 300, AFP_OUTCOME_WORDS - 1);
}

static void words_of_a_call_without_an_answer_stay_as_they_are(void **state)
{
    fixture_t *fixture = *state;
    afp_http_response_t response = {.body = ""};
    afp_outcome_t outcome = {.sent = AFP_SENT_NOTHING, .words = "Pinpoint could not be reached"};

    afp_http_words(&response, NULL, fixture->pool, &outcome);
    assert_string_equal(outcome.words, "Pinpoint could not be reached");
}

/* --- AssessFirstInvitation and AssessFirstRoutes ---------------------------------------------- */

static void each_part_of_the_invitation_can_be_set(void **state)
{
    fixture_t *fixture = *state;
    afp_assessfirst_routes_t routes;

    afp_assessfirst_defaults(&routes);
    assert_int_equal(routes.format, AFP_BODY_JSON);
    assert_string_equal(routes.email_key, "email");
    assert_string_equal(routes.model_key, "predictive_model_uuid");
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "format=multipart"));
    assert_int_equal(routes.format, AFP_BODY_MULTIPART);
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "format=form"));
    assert_int_equal(routes.format, AFP_BODY_FORM);
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "email=candidate[email]"));
    assert_string_equal(routes.email_key, "candidate[email]");
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "model=target"));
    assert_string_equal(routes.model_key, "target");
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "first_name="));
    assert_string_equal(routes.first_name_key, "");
    assert_null(afp_assessfirst_invitation_set(&routes, fixture->pool, "last_name=surname"));
    assert_string_equal(routes.last_name_key, "surname");
}

static void each_route_can_be_set(void **state)
{
    fixture_t *fixture = *state;
    afp_assessfirst_routes_t routes;

    afp_assessfirst_defaults(&routes);
    assert_string_equal(routes.models_path, "/predictive-models");
    assert_string_equal(routes.invitation_path, "/candidate/send-invitation");
    assert_string_equal(routes.lookup_path, "/candidates?email={email}");
    assert_null(afp_assessfirst_route_set(&routes, fixture->pool, "models=/targets"));
    assert_string_equal(routes.models_path, "/targets");
    assert_null(
        afp_assessfirst_route_set(&routes, fixture->pool, "invitation=/user/send-invitation?v=1"));
    assert_string_equal(routes.invitation_path, "/user/send-invitation?v=1");
    assert_null(
        afp_assessfirst_route_set(&routes, fixture->pool, "lookup=/users?email={email}&page=1"));
    assert_string_equal(routes.lookup_path, "/users?email={email}&page=1");
}

static void settings_that_make_no_sense_are_refused(void **state)
{
    static const char *const invitations[] = {
        "format",       "format=xml",  "email=", "model=", "email=a b",    "email=a\"b",
        "first_name=ü", "colour=blue", "",       "=",      "model=a\r\nb", NULL};
    static const char *const paths[] = {"models",
                                        "models=targets",
                                        "models=",
                                        "models=/a b",
                                        "models=/a#b",
                                        "models=/a\r\nb",
                                        "models=/{email}",
                                        "invitation=/a?e={email}",
                                        "lookup=/candidates",
                                        "lookup=/candidates/{email}",
                                        "lookup=/c/{email}?x=1",
                                        "lookup=/c?a={email}&b={email}",
                                        "lookup=/c?a={Email}",
                                        "results=/x",
                                        "",
                                        NULL};
    fixture_t *fixture = *state;
    afp_assessfirst_routes_t routes, before;

    memset(&routes, 0, sizeof(routes));
    afp_assessfirst_defaults(&routes);
    memcpy(&before, &routes, sizeof(routes));
    for (int i = 0; invitations[i] != NULL; i++) {
        if (afp_assessfirst_invitation_set(&routes, fixture->pool, invitations[i]) == NULL)
            fail_msg("AssessFirstInvitation %s was accepted", invitations[i]);
    }
    for (int i = 0; paths[i] != NULL; i++) {
        if (afp_assessfirst_route_set(&routes, fixture->pool, paths[i]) == NULL)
            fail_msg("AssessFirstRoutes %s was accepted", paths[i]);
    }
    assert_memory_equal(&routes, &before, sizeof(routes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_address_with_https_or_loopback_is_accepted),
        FIXTURE_TEST(any_other_address_is_refused_with_a_reason),
        FIXTURE_TEST(only_an_http_proxy_is_accepted),
        FIXTURE_TEST(a_header_with_controls_is_refused_and_not_repeated_in_words),
        FIXTURE_TEST(plain_http_elsewhere_is_refused_whatever_configtest_said),
        FIXTURE_TEST(only_port_443_is_used_for_a_tenants_host),
        FIXTURE_TEST(words_are_found_wherever_the_remote_puts_them),
        FIXTURE_TEST(words_without_a_text_end_at_the_status),
        FIXTURE_TEST(words_hide_what_must_be_hidden_and_stay_bounded),
        FIXTURE_TEST(words_of_a_call_without_an_answer_stay_as_they_are),
        FIXTURE_TEST(each_part_of_the_invitation_can_be_set),
        FIXTURE_TEST(each_route_can_be_set),
        FIXTURE_TEST(settings_that_make_no_sense_are_refused),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
