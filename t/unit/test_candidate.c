#include "unit_json.h"

#include "core/candidate.h"

#include <apr_strings.h>

#define EMAIL  "ada.example@example.test"
#define RECORD "{\"uuid\":\"abc\",\"email\":\"" EMAIL "\"}"
#define OTHER  "{\"uuid\":\"xyz\",\"email\":\"other@example.test\"}"

static apr_status_t look_up(apr_pool_t *pool, const char *text, afp_candidate_t *candidate)
{
    return afp_candidate_read_lookup(pool, unit_json(pool, text), EMAIL, candidate);
}

/* The candidate of an answer that must be readable. */
static afp_candidate_t found(apr_pool_t *pool, const char *text)
{
    afp_candidate_t candidate;

    if (look_up(pool, text, &candidate) != APR_SUCCESS) {
        fail_msg("not readable: %s", text);
    }
    return candidate;
}

static void assert_lookup_ends(apr_pool_t *pool, const char *text, apr_status_t expected)
{
    afp_candidate_t candidate;
    apr_status_t status = look_up(pool, text, &candidate);

    if (status != expected) {
        fail_msg("%d instead of %d: %s", status, expected, text);
    }
    assert_string_equal(candidate.id, "");
}

static void the_id_is_extracted_at_each_place_of_the_contract(void **state)
{
    static const char *const answers[] = {
        "{\"uuid\":\"abc\",\"notification\":\"sent\"}",
        "{\"data\":{\"uuid\":\"abc\"}}",
        "{\"candidate\":{\"uuid\":\"abc\"}}",
        "{\"data\":{\"candidate\":{\"uuid\":\"abc\"}}}",
        "{\"user\":{\"uuid\":\"abc\"}}",
        "{\"data\":{\"user\":{\"uuid\":\"abc\"}}}",
        "{\"id\":\"abc\"}",
        "{\"data\":{\"id\":\"abc\"}}",
        "{\"candidate\":{\"id\":\"abc\"}}",
        "{\"data\":{\"candidate\":{\"id\":\"abc\"}}}",
        "{\"user\":{\"id\":\"abc\"}}",
        "{\"data\":{\"user\":{\"id\":\"abc\"}}}",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_string_equal(afp_candidate_id(*state, unit_json(*state, answers[i])), "abc");
    }
}

static void the_places_come_in_their_order(void **state)
{
    static const char *const answers[][2] = {
        {"{\"id\":1,\"data\":{\"uuid\":\"b\"},\"uuid\":\"a\"}", "a"},
        {"{\"id\":1,\"candidate\":{\"uuid\":\"c\"},\"data\":{\"id\":2,\"uuid\":\"b\"}}", "b"},
        {"{\"data\":{\"candidate\":{\"uuid\":\"d\"}},\"candidate\":{\"uuid\":\"c\"}}", "c"},
        {"{\"user\":{\"uuid\":\"e\"},\"data\":{\"candidate\":{\"uuid\":\"d\"}}}", "d"},
        {"{\"user\":{\"uuid\":\"e\"},\"data\":{\"user\":{\"uuid\":\"f\"}}}", "e"},
        {"{\"id\":1,\"data\":{\"user\":{\"uuid\":\"f\"}}}", "f"},
        {"{\"data\":{\"id\":2},\"id\":1}", "1"},
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_string_equal(afp_candidate_id(*state, unit_json(*state, answers[i][0])),
                            answers[i][1]);
    }
}

static void an_id_may_be_a_number(void **state)
{
    assert_string_equal(afp_candidate_id(*state, unit_json(*state, "{\"id\":42}")), "42");
    assert_string_equal(afp_candidate_id(*state, unit_json(*state, "{\"uuid\":7}")), "7");
    assert_string_equal(afp_candidate_id(*state, unit_json(*state, "{\"id\":0}")), "0");
}

static void an_id_has_1_to_64_characters(void **state)
{
    static const char sixty_four[] =
        "1234567890123456789012345678901234567890123456789012345678901234";
    const char *answer = apr_psprintf(*state, "{\"uuid\":\"%s\"}", sixty_four);

    assert_string_equal(afp_candidate_id(*state, unit_json(*state, answer)), sixty_four);
    assert_string_equal(afp_candidate_id(*state, unit_json(*state, "{\"uuid\":\"a\"}")), "a");
}

static void what_cannot_be_an_id_is_passed_over(void **state)
{
    static const char *const answers[] = {
        "{}",
        "[]",
        "5",
        "{\"uuid\":\"\"}",
        "{\"uuid\":null}",
        "{\"uuid\":\"a b\"}",
        "{\"uuid\":\" a\"}",
        "{\"uuid\":\"a\x7f\"}",
        "{\"uuid\":\"a\\nb\"}",
        "{\"uuid\":\"\xc3\xa9\"}",
        "{\"uuid\":\"12345678901234567890123456789012345678901234567890123456789012345\"}",
        "{\"id\":-1}",
        "{\"id\":1.5}",
        "{\"id\":true}",
        "{\"uuid\":{\"uuid\":\"x\"}}",
        "{\"message\":\"sent\"}",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_string_equal(afp_candidate_id(*state, unit_json(*state, answers[i])), "");
    }
    assert_string_equal(afp_candidate_id(*state, NULL), "");
    assert_string_equal(
        afp_candidate_id(*state, unit_json(*state, "{\"uuid\":\"\",\"data\":{\"uuid\":\"abc\"}}")),
        "abc");
}

static void an_error_without_an_identifier_is_a_failure(void **state)
{
    static const char *const errors[] = {
        "{\"error\":\"model not found\"}", "{\"error\":true}", "{\"error\":{\"code\":5}}",
        "{\"error\":1,\"data\":{}}",       "{\"error\":[]}",   "{\"error\":\"x\"}",
    };
    static const char *const none[] = {
        "{}",
        "[]",
        "{\"error\":null}",
        "{\"error\":false}",
        "{\"error\":\"\"}",
        "{\"error\":\"mail delayed\",\"uuid\":\"abc\"}",
        "{\"error\":\"x\",\"data\":{\"id\":5}}",
        "{\"data\":{\"error\":\"x\"}}",
        "[{\"error\":\"x\"}]",
        "{\"errors\":[\"x\"]}",
    };

    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        assert_true(afp_candidate_is_error(unit_json(*state, errors[i])));
    }
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_false(afp_candidate_is_error(unit_json(*state, none[i])));
    }
    assert_false(afp_candidate_is_error(NULL));
}

static void a_candidate_is_found_in_each_shape(void **state)
{
    static const char *const answers[] = {
        "{\"data\":[" RECORD "]}",
        "{\"data\":[" RECORD "],\"meta\":{\"last_page\":\"3\"}}",
        "{\"data\":[" OTHER "," RECORD "]}",
        "[" RECORD "]",
        "[" OTHER ",{\"uuid\":\"nobody\"}," RECORD "]",
        "{\"data\":" RECORD "}",
        RECORD,
        "[{\"uuid\":\"abc\"}]",
        "{\"data\":[{\"uuid\":\"abc\",\"email\":null}]}",
        "{\"data\":{\"uuid\":\"abc\"}}",
        "{\"uuid\":\"abc\"}",
        "[{\"email\":\"ADA.Example@EXAMPLE.test\",\"user\":{\"uuid\":\"abc\"}}]",
        "[{\"email\":\"" EMAIL "\",\"id\":\"abc\"}]",
        "[" RECORD ",{\"uuid\":\"second\",\"email\":\"" EMAIL "\"}]",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_string_equal(found(*state, answers[i]).id, "abc");
    }
}

static void a_numeric_id_is_found_too(void **state)
{
    assert_string_equal(found(*state, "[{\"email\":\"" EMAIL "\",\"id\":17}]").id, "17");
}

static void nobody_is_found_where_nobody_is(void **state)
{
    static const char *const answers[] = {
        "[]",
        "{\"data\":[]}",
        "{\"data\":[],\"meta\":{\"last_page\":1},\"links\":{\"next\":null}}",
        "[" OTHER "]",
        "{\"data\":" OTHER "}",
        OTHER,
        "[" OTHER "," OTHER "]",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        afp_candidate_t candidate = found(*state, answers[i]);

        assert_string_equal(candidate.id, "");
        assert_string_equal(candidate.model_uuid, "");
        assert_true(candidate.invited_at == 0);
    }
}

static void absence_from_one_of_several_pages_proves_nothing(void **state)
{
    static const char *const answers[] = {
        "{\"data\":[" OTHER "],\"meta\":{\"last_page\":2}}",
        "{\"data\":[" OTHER "],\"meta\":{\"last_page\":\"2\"}}",
        "{\"data\":[" OTHER "],\"links\":{\"next\":\"https://example.test/?page=2\"}}",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_lookup_ends(*state, answers[i], APR_INCOMPLETE);
    }
}

static void an_entry_that_may_be_anybody_is_nobody_s(void **state)
{
    static const char *const answers[] = {
        "[{\"uuid\":\"abc\"},{\"uuid\":\"xyz\"}]",        "[{\"uuid\":\"abc\"}," OTHER "]",
        "[{\"uuid\":\"abc\",\"email\":[\"" EMAIL "\"]}]", "[" OTHER ",null]",
        "{\"uuid\":\"abc\",\"email\":[\"" EMAIL "\"]}",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_lookup_ends(*state, answers[i], APR_EINVAL);
    }
}

static void an_unreadable_answer_does_not_say_that_nobody_is_there(void **state)
{
    static const char *const answers[] = {
        "{}",
        "5",
        "\"text\"",
        "{\"data\":null}",
        "{\"data\":\"none\"}",
        "{\"data\":5}",
        "[null]",
        "[5]",
        "{\"message\":\"maintenance\"}",
        "{\"error\":\"maintenance\"}",
        "{\"error\":\"maintenance\",\"data\":[]}",
        "[{\"email\":\"" EMAIL "\"}]",
        "[{\"email\":\"" EMAIL "\",\"uuid\":\"\"}]",
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        assert_lookup_ends(*state, answers[i], APR_EINVAL);
    }
}

static void the_model_is_found_at_each_place(void **state)
{
    static const char *const members[] = {
        "\"predictive_model\":{\"uuid\":\"m1\"}",
        "\"predictive_model_uuid\":\"m1\"",
        "\"model\":{\"uuid\":\"m1\"}",
        "\"target\":\"m1\"",
        "\"target\":\"m2\",\"predictive_model\":{\"uuid\":\"m1\"}",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const char *text = apr_psprintf(*state, "[{\"uuid\":\"abc\",%s}]", members[i]);

        assert_string_equal(found(*state, text).model_uuid, "m1");
    }
    assert_string_equal(
        found(*state, "[{\"uuid\":\"abc\",\"predictive_model\":null,\"target\":\"\"}]").model_uuid,
        "");
}

static void the_date_of_the_invitation_is_found_at_each_place(void **state)
{
    static const char *const members[] = {
        "\"invited_at\":\"2021-03-02 12:14:38\"",
        "\"invited_at\":\"2021-03-02T13:14:38+01:00\"",
        "\"invitation_date\":\"2021-03-02T12:14:38Z\"",
        "\"invitation\":{\"created_at\":\"2021-03-02 12:14:38\"}",
        "\"invitation\":{\"sent_at\":\"2021-03-02 12:14:38\"}",
        "\"invited_at\":\"unknown\",\"invitation_date\":\"2021-03-02 12:14:38\"",
        "\"invited_at\":\"2021-03-02 12:14:38\",\"invitation_date\":\"2022-03-02 12:14:38\"",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const char *text = apr_psprintf(*state, "[{\"uuid\":\"abc\",%s}]", members[i]);

        assert_true(found(*state, text).invited_at == apr_time_from_sec(1614687278));
    }
    assert_true(
        found(*state, "[{\"uuid\":\"abc\",\"created_at\":\"2021-03-02 12:14:38\"}]").invited_at ==
        0);
    assert_true(found(*state, "[{\"uuid\":\"abc\",\"invited_at\":1614687278}]").invited_at == 0);
}

static void a_candidate_outlives_his_document(void **state)
{
    afp_candidate_t candidate;
    apr_pool_t *document_pool;
    const char *id;

    assert_int_equal(apr_pool_create(&document_pool, *state), APR_SUCCESS);
    id = afp_candidate_id(*state, unit_json(document_pool, RECORD));
    assert_int_equal(afp_candidate_read_lookup(
                         *state, unit_json(document_pool, "[{\"uuid\":\"abc\",\"target\":\"m1\"}]"),
                         EMAIL, &candidate),
                     APR_SUCCESS);
    apr_pool_destroy(document_pool);
    assert_string_equal(id, "abc");
    assert_string_equal(candidate.id, "abc");
    assert_string_equal(candidate.model_uuid, "m1");
}

static void the_model_proves_its_invitation(void **state)
{
    afp_candidate_t candidate = {"abc", "m1", 0};

    (void)state;
    assert_true(afp_candidate_proves(&candidate, "m1", apr_time_now()));
    assert_false(afp_candidate_proves(&candidate, "m2", apr_time_now()));
    assert_false(afp_candidate_proves(&candidate, "m", apr_time_now()));
}

static void no_model_on_either_side_proves_nothing(void **state)
{
    afp_candidate_t candidate = {"abc", "", 0};

    (void)state;
    assert_false(afp_candidate_proves(&candidate, "", apr_time_now()));
    assert_false(afp_candidate_proves(&candidate, "m1", apr_time_now()));
}

static void an_invitation_dated_since_sending_proves_it(void **state)
{
    apr_time_t sending_at = apr_time_from_sec(1614687278) + 999999;
    afp_candidate_t candidate = {"abc", "", apr_time_from_sec(1614687278)};

    (void)state;
    /* AssessFirst's dates have whole seconds: the same second counts. */
    assert_true(afp_candidate_proves(&candidate, "m1", sending_at));
    assert_true(afp_candidate_proves(&candidate, "", sending_at));
    candidate.invited_at += apr_time_from_sec(60);
    assert_true(afp_candidate_proves(&candidate, "", sending_at));
    candidate.invited_at = apr_time_from_sec(1614687277);
    assert_false(afp_candidate_proves(&candidate, "", sending_at));
}

static void nobody_proves_nothing(void **state)
{
    afp_candidate_t candidate = {"", "m1", apr_time_now()};

    (void)state;
    assert_false(afp_candidate_proves(&candidate, "m1", apr_time_from_sec(1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_id_is_extracted_at_each_place_of_the_contract),
        UNIT_TEST(the_places_come_in_their_order),
        UNIT_TEST(an_id_may_be_a_number),
        UNIT_TEST(an_id_has_1_to_64_characters),
        UNIT_TEST(what_cannot_be_an_id_is_passed_over),
        UNIT_TEST(an_error_without_an_identifier_is_a_failure),
        UNIT_TEST(a_candidate_is_found_in_each_shape),
        UNIT_TEST(a_numeric_id_is_found_too),
        UNIT_TEST(nobody_is_found_where_nobody_is),
        UNIT_TEST(absence_from_one_of_several_pages_proves_nothing),
        UNIT_TEST(an_entry_that_may_be_anybody_is_nobody_s),
        UNIT_TEST(an_unreadable_answer_does_not_say_that_nobody_is_there),
        UNIT_TEST(the_model_is_found_at_each_place),
        UNIT_TEST(the_date_of_the_invitation_is_found_at_each_place),
        UNIT_TEST(a_candidate_outlives_his_document),
        UNIT_TEST(the_model_proves_its_invitation),
        UNIT_TEST(no_model_on_either_side_proves_nothing),
        UNIT_TEST(an_invitation_dated_since_sending_proves_it),
        UNIT_TEST(nobody_proves_nothing),
    };

    return UNIT_RUN(tests);
}
