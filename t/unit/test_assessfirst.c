#include "remote_fixture.h"
#include "unit.h"

#include "remote/assessfirst.h"

#include <apr_strings.h>

#include <string.h>

#define ANSWER(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body
#define MODEL(digit, name)   "{\"uuid\":\"" UUID(digit) "\",\"name\":\"" name "\"}"
#define UUID(digit)          "0123456789abcdef0123456789abcde" digit

typedef struct {
    fixture_t *fixture;
    afp_assessfirst_routes_t routes;
    afp_assessfirst_t assessfirst;
} remote_t;

static remote_t *remote_with(fixture_t *fixture, const server_step_t *steps)
{
    remote_t *remote = apr_pcalloc(fixture->pool, sizeof(*remote));

    remote->fixture = fixture;
    afp_assessfirst_defaults(&remote->routes);
    fixture_serve(fixture, steps);
    fixture->api.name = "AssessFirst";
    remote->assessfirst = (afp_assessfirst_t){.api = &fixture->api,
                                              .routes = &remote->routes,
                                              .client = fixture->client,
                                              .token = "the-token",
                                              .pool = fixture->pool};
    return remote;
}

static remote_t *remote_with_answer(fixture_t *fixture, const char *answer, server_then_t then)
{
    server_step_t *steps = apr_pcalloc(fixture->pool, 2 * sizeof(*steps));

    steps[0] = (server_step_t){answer, then};
    return remote_with(fixture, steps);
}

/* --- predictive models ------------------------------------------------------------------------ */

static void the_models_are_read(void **state)
{
    fixture_t *fixture = *state;
    remote_t *remote = remote_with_answer(
        fixture, ANSWER("200 OK", "{\"data\":[" MODEL("1", "Sales") "," MODEL("2", "Dev") "]}"),
        SERVER_CLOSE);
    afp_outcome_t outcome;
    apr_array_header_t *models =
        afp_assessfirst_models(&remote->assessfirst, "fr-FR", NULL, NULL, &outcome);
    const char *request = server_request(fixture->server, 0);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(models->nelts, 2);
    assert_string_equal(APR_ARRAY_IDX(models, 1, afp_model_t).uuid, UUID("2"));
    assert_string_equal(APR_ARRAY_IDX(models, 1, afp_model_t).option, "Dev");
    assert_ptr_equal(strstr(request, "GET /v1/predictive-models?locale=fr-FR HTTP/1.1\r\n"),
                     request);
    assert_non_null(strstr(request, "\r\nAF-Token: the-token\r\n"));
    assert_non_null(strstr(request, "\r\nAccept: application/json\r\n"));
}

static void a_bare_array_of_models_is_read_without_a_locale(void **state)
{
    fixture_t *fixture = *state;
    remote_t *remote =
        remote_with_answer(fixture, ANSWER("200 OK", "[" MODEL("1", "Sales") "]"), SERVER_CLOSE);
    afp_outcome_t outcome;

    assert_int_equal(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome)->nelts,
                     1);
    assert_memory_equal(server_request(fixture->server, 0),
                        "GET /v1/predictive-models HTTP/1.1\r\n", 36);
}

static void an_empty_list_of_models_is_a_success(void **state)
{
    remote_t *remote = remote_with_answer(*state, ANSWER("200 OK", "{\"data\":[]}"), SERVER_CLOSE);
    afp_outcome_t outcome;
    apr_array_header_t *models =
        afp_assessfirst_models(&remote->assessfirst, NULL, NULL, NULL, &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(models->nelts, 0);
}

static void what_is_no_list_of_models_is_broken(void **state)
{
    static const char *const answers[] = {ANSWER("200 OK", "{}"),
                                          ANSWER("200 OK", "{\"error\":\"x\",\"data\":[]}"),
                                          ANSWER("200 OK", "\"text\""),
                                          ANSWER("200 OK", "<html></html>"),
                                          ANSWER("200 OK", "{\"data\":{}}"),
                                          NULL};

    for (int i = 0; answers[i] != NULL; i++) {
        remote_t *remote = remote_with_answer(*state, answers[i], SERVER_CLOSE);
        afp_outcome_t outcome;

        assert_null(afp_assessfirst_models(&remote->assessfirst, NULL, NULL, NULL, &outcome));
        assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    }
}

static int take_one(void *baton)
{
    int *left = baton;

    return (*left)-- > 0;
}

static const server_step_t three_pages[] = {
    {ANSWER("200 OK", "{\"data\":[" MODEL("1", "Sales") "],\"meta\":{\"last_page\":\"3\"}}"),
     SERVER_CLOSE},
    {ANSWER("200 OK", "{\"data\":[" MODEL("2", "Sales") "],\"meta\":{\"last_page\":3}}"),
     SERVER_CLOSE},
    {ANSWER("200 OK", "{\"data\":[" MODEL("3", "Dev") "],\"meta\":{\"last_page\":3}}"),
     SERVER_CLOSE},
    {NULL, SERVER_CLOSE}};

static void pages_are_followed_and_options_are_unique_across_them(void **state)
{
    remote_t *remote = remote_with(*state, three_pages);
    int left = 2;
    afp_outcome_t outcome;
    apr_array_header_t *models =
        afp_assessfirst_models(&remote->assessfirst, "en-US", take_one, &left, &outcome);

    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(models->nelts, 3);
    assert_int_equal(left, 0);
    assert_string_not_equal(APR_ARRAY_IDX(models, 0, afp_model_t).option,
                            APR_ARRAY_IDX(models, 1, afp_model_t).option);
    assert_non_null(strstr(server_request(remote->fixture->server, 1),
                           "GET /v1/predictive-models?locale=en-US&page=2 HTTP/1.1\r\n"));
    assert_non_null(strstr(server_request(remote->fixture->server, 2), "page=3"));
}

static void a_list_is_never_cut_by_the_budget(void **state)
{
    remote_t *remote = remote_with(*state, three_pages);
    int left = 1;
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_models(&remote->assessfirst, "", take_one, &left, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_LIMITED);
    assert_true(outcome.retry_after > 0);
    assert_int_equal(server_requests(remote->fixture->server), 2);
}

static void a_failure_on_a_later_page_fails_the_list(void **state)
{
    static const server_step_t steps[] = {
        {ANSWER("200 OK", "{\"data\":[" MODEL("1", "Sales") "],\"links\":{\"next\":\"x\"}}"),
         SERVER_CLOSE},
        {ANSWER("500 No", ""), SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    remote_t *remote = remote_with(*state, steps);
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
}

static void a_server_that_repeats_its_page_is_asked_twice_only(void **state)
{
    static const char page[] =
        ANSWER("200 OK", "{\"data\":[" MODEL("1", "Sales") "],\"links\":{\"next\":\"x\"}}");
    static const server_step_t steps[] = {
        {page, SERVER_CLOSE}, {page, SERVER_CLOSE}, {page, SERVER_CLOSE}, {NULL, SERVER_CLOSE}};
    remote_t *remote = remote_with(*state, steps);
    afp_outcome_t outcome;

    assert_int_equal(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome)->nelts,
                     1);
    assert_int_equal(server_requests(remote->fixture->server), 2);
}

/* A list of `pages` pages with `each` models, all different and of `bytes` bytes each page. */
static remote_t *remote_with_list(fixture_t *fixture, int pages, int each, size_t bytes)
{
    server_step_t *steps = apr_pcalloc(fixture->pool, ((size_t)pages + 1) * sizeof(*steps));

    for (int page = 0; page < pages; page++) {
        size_t room = strlen(ANSWER("200 OK", "")) + bytes;
        char *answer = apr_palloc(fixture->pool, room + 1);
        char *end = answer + apr_snprintf(answer, room, ANSWER("200 OK", "{\"data\":["));

        for (int i = 0; i < each; i++)
            end += apr_snprintf(end, room - (size_t)(end - answer),
                                "%s{\"uuid\":\"%032x\",\"name\":\"m%d\"}", i > 0 ? "," : "",
                                (unsigned int)(page * each + i), page * each + i);
        end += apr_snprintf(end, room - (size_t)(end - answer), "],\"meta\":{\"last_page\":%d}}",
                            pages);
        memset(end, ' ', room - (size_t)(end - answer));
        answer[room] = '\0';
        steps[page] = (server_step_t){answer, SERVER_CLOSE};
    }
    return remote_with(fixture, steps);
}

static void assert_too_long(remote_t *remote, const char *words, int requests)
{
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_string_equal(outcome.words, words);
    assert_int_equal(server_requests(remote->fixture->server), requests);
}

static void two_hundred_pages_are_read(void **state)
{
    remote_t *remote = remote_with_list(*state, 200, 1, 200);
    afp_outcome_t outcome;

    assert_int_equal(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome)->nelts,
                     200);
}

static void a_list_of_more_pages_is_a_failure_and_not_a_part_of_it(void **state)
{
    assert_too_long(remote_with_list(*state, 250, 1, 200),
                    "AssessFirst answered 200, but with a list of more than 200 rows", 200);
}

static void ten_thousand_models_are_read_and_no_more(void **state)
{
    remote_t *remote = remote_with_list(*state, 2, 5000, AFP_HTTP_BODY_LIMIT);
    afp_outcome_t outcome;

    assert_int_equal(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome)->nelts,
                     10000);
    assert_too_long(remote_with_list(*state, 2, 5001, AFP_HTTP_BODY_LIMIT),
                    "AssessFirst answered 200, but with a list of more than 10000 rows", 2);
}

static void pages_of_any_size_are_bounded_together(void **state)
{
    remote_t *remote = remote_with_list(*state, 5, 10, AFP_HTTP_BODY_LIMIT);
    afp_outcome_t outcome;

    assert_int_equal(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome)->nelts,
                     50);
    assert_too_long(remote_with_list(*state, 6, 10, AFP_HTTP_BODY_LIMIT),
                    "AssessFirst answered 200, but with a list of more than 50 rows", 5);
}

/* --- the invitation's request ----------------------------------------------------------------- */

static const afp_assessfirst_person_t ada = {.email = "ada.example@example.test",
                                             .first_name = "Ada \"Test\"",
                                             .last_name = "Exämple & Son",
                                             .model_uuid = UUID("1"),
                                             .locale = "fr-FR"};

static const char *body_of(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");

    return end != NULL ? end + 4 : "";
}

static const char *invite_and_get_request(remote_t *remote, const afp_assessfirst_person_t *person)
{
    afp_outcome_t outcome;

    assert_non_null(afp_assessfirst_invite(&remote->assessfirst, person, &outcome));
    return server_request(remote->fixture->server, 0);
}

static void an_invitation_is_json_unless_told_otherwise(void **state)
{
    remote_t *remote = remote_with_answer(*state, ANSWER("200 OK", "{}"), SERVER_CLOSE);
    const char *request = invite_and_get_request(remote, &ada);

    assert_ptr_equal(
        strstr(request, "POST /v1/candidate/send-invitation?locale=fr-FR HTTP/1.1\r\n"), request);
    assert_non_null(strstr(request, "\r\nAF-Token: the-token\r\n"));
    assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
    assert_string_equal(body_of(request),
                        "{\"email\":\"ada.example@example.test\",\"predictive_model_uuid\":\"" UUID(
                            "1") "\",\"first_name\":\"Ada \\\"Test\\\"\",\"last_name\":"
                                 "\"Exämple & Son\"}");
}

static void without_a_model_or_a_name_the_key_is_left_out(void **state)
{
    remote_t *remote = remote_with_answer(*state, ANSWER("200 OK", "{}"), SERVER_CLOSE);
    afp_assessfirst_person_t person = {
        .email = "ada.example@example.test", .first_name = "", .model_uuid = ""};
    const char *request = invite_and_get_request(remote, &person);

    assert_memory_equal(request, "POST /v1/candidate/send-invitation HTTP/1.1\r\n", 45);
    assert_string_equal(body_of(request), "{\"email\":\"ada.example@example.test\"}");
}

static void an_invitation_can_be_a_form(void **state)
{
    remote_t *remote = remote_with_answer(*state, ANSWER("200 OK", "{}"), SERVER_CLOSE);
    const char *request;

    afp_assessfirst_invitation_set(&remote->routes, remote->fixture->pool, "format=form");
    afp_assessfirst_invitation_set(&remote->routes, remote->fixture->pool, "model=model[uuid]");
    request = invite_and_get_request(remote, &ada);
    assert_non_null(strstr(request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_string_equal(body_of(request), "email=ada.example%40example.test&model%5Buuid%5D=" UUID(
                                              "1") "&first_name=Ada%20%22Test%22"
                                                   "&last_name=Ex%C3%A4mple%20%26%20Son");
}

static void an_invitation_can_be_multipart(void **state)
{
    remote_t *remote = remote_with_answer(*state, ANSWER("200 OK", "{}"), SERVER_CLOSE);
    apr_pool_t *pool = remote->fixture->pool;
    const char *request, *boundary, *expected;

    afp_assessfirst_invitation_set(&remote->routes, pool, "format=multipart");
    afp_assessfirst_invitation_set(&remote->routes, pool, "last_name=");
    request = invite_and_get_request(remote, &ada);
    boundary = strstr(request, "\r\nContent-Type: multipart/form-data; boundary=");
    assert_non_null(boundary);
    boundary = apr_pstrndup(
        pool, boundary + strlen("\r\nContent-Type: multipart/form-data; boundary="), 32);
    expected = apr_pstrcat(
        pool, "--", boundary, "\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n",
        "ada.example@example.test\r\n", "--", boundary,
        "\r\nContent-Disposition: form-data; name=\"predictive_model_uuid\"\r\n\r\n" UUID(
            "1") "\r\n",
        "--", boundary, "\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\n",
        "Ada \"Test\"\r\n", "--", boundary, "--\r\n", NULL);
    assert_string_equal(body_of(request), expected);
}

/* --- the invitation's answer ------------------------------------------------------------------ */

typedef struct {
    const char *answer;
    server_then_t then;
    afp_outcome_kind_t kind;
    afp_sent_t sent;
    const char *id; /* NULL unless done */
    const char *words;
} verdict_t;

static void each_answer_to_an_invitation_gets_its_verdict(void **state)
{
    static const verdict_t verdicts[] = {
        {ANSWER("200 OK", "{\"uuid\":\"c1\",\"notification\":\"sent\"}"), SERVER_CLOSE,
         AFP_OUTCOME_DONE, AFP_SENT_ANSWERED, "c1", "answered 200"},
        {ANSWER("201 Created", "{\"data\":{\"uuid\":\"c2\"}}"), SERVER_CLOSE, AFP_OUTCOME_DONE,
         AFP_SENT_ANSWERED, "c2", ""},
        {"HTTP/1.1 204 No Content\r\n\r\n", SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED, "",
         ""},
        {ANSWER("200 OK", "<html>sent</html>"), SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED,
         "", ""},
        {ANSWER("200 OK", "{\"uuid\":"), SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED, "", ""},
        {ANSWER("200 OK", "{\"error\":\"No such model\"}"), SERVER_CLOSE, AFP_OUTCOME_REFUSED,
         AFP_SENT_ANSWERED, NULL, "AssessFirst answered 200: No such model"},
        {ANSWER("409 Conflict", "{\"error\":\"already invited\"}"), SERVER_CLOSE, AFP_OUTCOME_DONE,
         AFP_SENT_ANSWERED, "", ""},
        {ANSWER("409 Conflict", "{\"uuid\":\"c3\"}"), SERVER_CLOSE, AFP_OUTCOME_DONE,
         AFP_SENT_ANSWERED, "c3", ""},
        {ANSWER("409 Conflict", "no JSON"), SERVER_CLOSE, AFP_OUTCOME_DONE, AFP_SENT_ANSWERED, "",
         ""},
        {ANSWER("400 Bad Request", ""), SERVER_CLOSE, AFP_OUTCOME_REFUSED, AFP_SENT_ANSWERED, NULL,
         "AssessFirst answered 400"},
        {ANSWER("401 No", "{\"message\":\"bad the-token\"}"), SERVER_CLOSE,
         AFP_OUTCOME_UNAUTHORIZED, AFP_SENT_ANSWERED, NULL,
         "AssessFirst answered 401: bad [hidden]"},
        {ANSWER("403 No", ""), SERVER_CLOSE, AFP_OUTCOME_FORBIDDEN, AFP_SENT_ANSWERED, NULL, ""},
        {ANSWER("404 No", "<html>"), SERVER_CLOSE, AFP_OUTCOME_MISSING, AFP_SENT_ANSWERED, NULL,
         ""},
        {ANSWER("422 No", "{\"message\":\"email invalid\"}"), SERVER_CLOSE, AFP_OUTCOME_REFUSED,
         AFP_SENT_ANSWERED, NULL, "AssessFirst answered 422: email invalid"},
        {"HTTP/1.1 429 No\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
         AFP_OUTCOME_LIMITED, AFP_SENT_NOTHING, NULL, ""},
        {"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
         AFP_OUTCOME_REFUSED, AFP_SENT_UNCERTAIN, NULL, "check AssessFirstAPI"},
        {"HTTP/1.1 303 See Other\r\nLocation: /done\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
         AFP_OUTCOME_REFUSED, AFP_SENT_UNCERTAIN, NULL, "check AssessFirstAPI"},
        {ANSWER("408 Time-out", ""), SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN, NULL,
         ""},
        {ANSWER("500 Oops", "{\"message\":\"oops\"}"), SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN, NULL, "AssessFirst answered 500: oops"},
        {ANSWER("502 Bad Gateway", "<title>502 Bad Gateway</title>"), SERVER_CLOSE,
         AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN, NULL, "502 Bad Gateway"},
        {"HTTP/1.1 503 No\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
         AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN, NULL, ""},
        {"", SERVER_CLOSE, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN, NULL, "without an answer"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN, NULL, "broke its answer off"},
        {"HTTP/1.1 422 No\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN, NULL, "broke its answer off"},
        {"HTTP/1.1 429 No\r\nContent-Length: 9\r\n\r\n{", SERVER_CLOSE, AFP_OUTCOME_BROKEN,
         AFP_SENT_UNCERTAIN, NULL, "broke its answer off"},
        {"HTTP/1.1 422 No\r\n\r\n", SERVER_FLOOD, AFP_OUTCOME_BROKEN, AFP_SENT_UNCERTAIN, NULL,
         "too large"},
    };

    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        const verdict_t *verdict = &verdicts[i];
        remote_t *remote = remote_with_answer(*state, verdict->answer, verdict->then);
        afp_outcome_t outcome;
        const char *id = afp_assessfirst_invite(&remote->assessfirst, &ada, &outcome);

        if (outcome.kind != verdict->kind || outcome.sent != verdict->sent ||
            (id == NULL) != (verdict->id == NULL) || (id != NULL && strcmp(id, verdict->id) != 0) ||
            strstr(outcome.words, verdict->words) == NULL)
            fail_msg("answer %d: kind %d, sent %d, id %s: %s", (int)i, outcome.kind, outcome.sent,
                     id != NULL ? id : "-", outcome.words);
        assert_int_equal(server_requests(remote->fixture->server), 1);
    }
}

static void a_429_tells_how_long_to_wait(void **state)
{
    remote_t *remote = remote_with_answer(
        *state, "HTTP/1.1 429 No\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE);
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_invite(&remote->assessfirst, &ada, &outcome));
    assert_int_equal(outcome.retry_after, apr_time_from_sec(12));
}

static void an_invitation_to_nowhere_was_not_sent(void **state)
{
    static const server_step_t steps[] = {{NULL, SERVER_CLOSE}};
    remote_t *remote = remote_with(*state, steps);
    afp_outcome_t outcome;

    server_stop(remote->fixture->server);
    assert_null(afp_assessfirst_invite(&remote->assessfirst, &ada, &outcome));
    assert_int_equal(outcome.kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_string_equal(outcome.words, "AssessFirst could not be reached: connection refused");
}

static void an_invitation_goes_out_once_beside_a_dead_kept_connection(void **state)
{
    static const server_step_t steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", SERVER_KEEP},
        {"", SERVER_CLOSE},
        {ANSWER("200 OK", "{\"uuid\":\"c1\"}"), SERVER_CLOSE},
        {NULL, SERVER_CLOSE}};
    remote_t *remote = remote_with(*state, steps);
    afp_outcome_t outcome;

    assert_non_null(afp_assessfirst_models(&remote->assessfirst, "", NULL, NULL, &outcome));
    assert_null(afp_assessfirst_invite(&remote->assessfirst, &ada, &outcome));
    assert_int_equal(outcome.sent, AFP_SENT_UNCERTAIN);
    assert_int_equal(server_requests(remote->fixture->server), 2);
    assert_int_equal(server_connection_of(remote->fixture->server, 1), 1);
}

static void nothing_of_the_person_is_in_words_or_log(void **state)
{
    static const char answer[] = ANSWER(
        "422 No", "{\"message\":\"No invitation for ADA.EXAMPLE@example.test / "
                  "ada.example%40example.test (Ada \\\"Test\\\" Exämple & Son), the-token\"}");
    static const char *const hidden[] = {"ada.example",  "ADA",       "Test", "Exämple",
                                         "example.test", "the-token", NULL};
    remote_t *remote = remote_with_answer(*state, answer, SERVER_CLOSE);
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_invite(&remote->assessfirst, &ada, &outcome));
    assert_non_null(strstr(outcome.words, "No invitation for [hidden]"));
    for (int i = 0; hidden[i] != NULL; i++) {
        assert_null(strstr(outcome.words, hidden[i]));
        assert_null(strstr(remote->fixture->log, hidden[i]));
    }
    assert_non_null(strstr(remote->fixture->log, "POST /v1/candidate/send-invitation: status 422"));
}

static void names_that_are_absent_hide_nothing_and_everything_else_stays_hidden(void **state)
{
    remote_t *remote = remote_with_answer(
        *state, ANSWER("422 No", "{\"message\":\"Example is refused\"}"), SERVER_CLOSE);
    afp_assessfirst_person_t person = {
        .email = "ada.example@example.test", .last_name = "Example", .model_uuid = ""};
    afp_outcome_t outcome;

    assert_null(afp_assessfirst_invite(&remote->assessfirst, &person, &outcome));
    assert_string_equal(outcome.words, "AssessFirst answered 422: [hidden] is refused");
}

/* --- look-up ---------------------------------------------------------------------------------- */

static void a_candidate_is_looked_up_by_email(void **state)
{
    fixture_t *fixture = *state;
    remote_t *remote = remote_with_answer(
        fixture,
        ANSWER("200 OK", "{\"data\":[{\"uuid\":\"c1\",\"email\":\"ADA.example@example.test\","
                         "\"predictive_model\":{\"uuid\":\"" UUID("1") "\"}}]}"),
        SERVER_CLOSE);
    afp_candidate_t candidate;
    afp_outcome_t outcome;

    afp_assessfirst_find(&remote->assessfirst, ada.email, "fr-FR", &candidate, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_string_equal(candidate.id, "c1");
    assert_string_equal(candidate.model_uuid, UUID("1"));
    assert_non_null(strstr(server_request(fixture->server, 0),
                           "GET /v1/candidates?email=ada.example%40example.test&locale=fr-FR "
                           "HTTP/1.1\r\n"));
    assert_null(strstr(fixture->log, "ada"));
    assert_non_null(strstr(fixture->log, "GET /v1/candidates: status 200"));
}

static void only_an_empty_list_says_that_a_candidate_is_unknown(void **state)
{
    static const struct {
        const char *answer;
        afp_outcome_kind_t kind;
    } verdicts[] = {
        {ANSWER("200 OK", "{\"data\":[]}"), AFP_OUTCOME_DONE},
        {ANSWER("200 OK", "[]"), AFP_OUTCOME_DONE},
        {ANSWER("200 OK", "{\"data\":[{\"uuid\":\"c9\",\"email\":\"other@example.test\"}]}"),
         AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "<html></html>"), AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "{\"error\":\"x\"}"), AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "{\"uuid\":\"c9\",\"email\":\"other@example.test\"}"),
         AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "{\"data\":{\"uuid\":\"c9\",\"email\":\"other@example.test\"}}"),
         AFP_OUTCOME_BROKEN},
        {ANSWER("200 OK", "{\"data\":null}"), AFP_OUTCOME_BROKEN},
        {ANSWER("404 No", "{}"), AFP_OUTCOME_MISSING},
        {ANSWER("500 No", "{}"), AFP_OUTCOME_BROKEN},
    };

    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        remote_t *remote = remote_with_answer(*state, verdicts[i].answer, SERVER_CLOSE);
        afp_candidate_t candidate;
        afp_outcome_t outcome;

        afp_assessfirst_find(&remote->assessfirst, ada.email, "", &candidate, &outcome);
        if (outcome.kind != verdicts[i].kind || candidate.id[0] != '\0')
            fail_msg("answer %d: kind %d, id %s: %s", (int)i, outcome.kind, candidate.id,
                     outcome.words);
    }
}

static void a_look_ups_words_do_not_repeat_the_address(void **state)
{
    remote_t *remote = remote_with_answer(
        *state,
        ANSWER("400 Bad Request", "No route for /v1/candidates?email=ada.example%40example.test"),
        SERVER_CLOSE);
    afp_candidate_t candidate;
    afp_outcome_t outcome;

    afp_assessfirst_find(&remote->assessfirst, ada.email, "", &candidate, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_REFUSED);
    assert_non_null(strstr(outcome.words, "No route for"));
    assert_null(strstr(outcome.words, "ada"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_models_are_read),
        FIXTURE_TEST(a_bare_array_of_models_is_read_without_a_locale),
        FIXTURE_TEST(an_empty_list_of_models_is_a_success),
        FIXTURE_TEST(what_is_no_list_of_models_is_broken),
        FIXTURE_TEST(pages_are_followed_and_options_are_unique_across_them),
        FIXTURE_TEST(a_list_is_never_cut_by_the_budget),
        FIXTURE_TEST(a_failure_on_a_later_page_fails_the_list),
        FIXTURE_TEST(a_server_that_repeats_its_page_is_asked_twice_only),
        FIXTURE_TEST(two_hundred_pages_are_read),
        FIXTURE_TEST(a_list_of_more_pages_is_a_failure_and_not_a_part_of_it),
        FIXTURE_TEST(ten_thousand_models_are_read_and_no_more),
        FIXTURE_TEST(pages_of_any_size_are_bounded_together),
        FIXTURE_TEST(an_invitation_is_json_unless_told_otherwise),
        FIXTURE_TEST(without_a_model_or_a_name_the_key_is_left_out),
        FIXTURE_TEST(an_invitation_can_be_a_form),
        FIXTURE_TEST(an_invitation_can_be_multipart),
        FIXTURE_TEST(each_answer_to_an_invitation_gets_its_verdict),
        FIXTURE_TEST(a_429_tells_how_long_to_wait),
        FIXTURE_TEST(an_invitation_to_nowhere_was_not_sent),
        FIXTURE_TEST(an_invitation_goes_out_once_beside_a_dead_kept_connection),
        FIXTURE_TEST(nothing_of_the_person_is_in_words_or_log),
        FIXTURE_TEST(names_that_are_absent_hide_nothing_and_everything_else_stays_hidden),
        FIXTURE_TEST(a_candidate_is_looked_up_by_email),
        FIXTURE_TEST(only_an_empty_list_says_that_a_candidate_is_unknown),
        FIXTURE_TEST(a_look_ups_words_do_not_repeat_the_address),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
