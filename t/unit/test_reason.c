#include "unit.h"

#include "core/application.h"
#include "core/reason.h"
#include "core/settings.h"

#include <apr_strings.h>
#include <string.h>

static void assert_read(apr_pool_t *pool, const char *sentence, afp_reason_t reason,
                        const char *first, const char *second, const char *third)
{
    const char *const expected[AFP_REASON_PLACES] = {first, second, third};
    const char *parts[AFP_REASON_PLACES];
    afp_reason_t found = afp_reason_read(pool, sentence, parts);

    if (found != reason) {
        fail_msg("\"%s\" is read as %d, not %d", sentence, (int)found, (int)reason);
    }
    for (int i = 0; i < AFP_REASON_PLACES; i++) {
        if (expected[i] == NULL) {
            assert_null(parts[i]);
        } else {
            assert_non_null(parts[i]);
            assert_string_equal(parts[i], expected[i]);
        }
    }
}

static void what_was_written_is_read(void **state)
{
    apr_pool_t *pool = *state;

    assert_read(pool, AFP_SENTENCE_HIRED, AFP_REASON_HIRED, NULL, NULL, NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_INVITED, "Sales Executive"),
                AFP_REASON_INVITED, "Sales Executive", NULL, NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_STAGE_OTHER, "Applied", "Phone Screen"),
                AFP_REASON_STAGE_OTHER, "Applied", "Phone Screen", NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_GIVEN_UP, 12, "Pinpoint answered 500"),
                AFP_REASON_GIVEN_UP, "12", "Pinpoint answered 500", NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_ANSWERED_WORDS, "AssessFirst", 422, "No: no"),
                AFP_REASON_ANSWERED_WORDS, "AssessFirst", "422", "No: no");
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_PROXY_ANSWERED, 407L),
                AFP_REASON_PROXY_ANSWERED, "407", NULL, NULL);
    assert_read(pool,
                apr_psprintf(pool, AFP_SENTENCE_FIELD_OTHER_TYPE, "AssessFirst score", "varchar",
                             "integer"),
                AFP_REASON_FIELD_OTHER_TYPE, "AssessFirst score", "varchar", "integer");
}

static void what_the_core_says_is_read(void **state)
{
    const afp_event_t event = {.name = "application_created", .kind = AFP_EVENT_NEW_APPLICATION};
    const afp_application_t application = {.stage_name = "phone screen", .email = "a@b.example"};
    const char *reason = "";

    assert_read(*state, afp_settings_trigger(*state, "Phone Screen", &event), AFP_REASON_STATUS_SET,
                "Phone Screen", NULL, NULL);
    assert_int_equal(afp_application_check(*state, &application, "Phone Screen", 0, &reason),
                     AFP_CHECK_SKIP);
    assert_read(*state, reason, AFP_REASON_STAGE_CASE, "phone screen", "Phone Screen", NULL);
}

static void of_formats_that_fit_the_one_with_most_words_counts(void **state)
{
    apr_pool_t *pool = *state;
    const char *answer = "Pinpoint answered 403: Forbidden";

    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_UNKNOWN, "7"), AFP_REASON_UNKNOWN, "7", NULL,
                NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_UNKNOWN_YET, "7"), AFP_REASON_UNKNOWN_YET,
                "7", NULL, NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_TEST_EVENT, "1"), AFP_REASON_TEST_EVENT, "1",
                NULL, NULL);
    assert_read(pool, "Pinpoint answered 401", AFP_REASON_ANSWERED, "Pinpoint", "401", NULL);
    assert_read(pool, "Pinpoint answered 200, but not with a list", AFP_REASON_ANSWERED_BUT,
                "Pinpoint", "200", "not with a list");
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_NEEDS, answer, "Job: Read and Comment: Read"),
                AFP_REASON_NEEDS, answer, "Job: Read and Comment: Read", NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_NOT_LOOKED_UP, answer),
                AFP_REASON_NOT_LOOKED_UP, answer, NULL, NULL);
}

static void what_was_filled_in_may_be_anything(void **state)
{
    apr_pool_t *pool = *state;
    const char *hostile = "%s%n \"<b>\" answered 1: 2";

    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_STATUS_SET, hostile), AFP_REASON_STATUS_SET,
                hostile, NULL, NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_INVITED, ""), AFP_REASON_INVITED, "", NULL,
                NULL);
    assert_read(pool, apr_psprintf(pool, AFP_SENTENCE_UNCERTAIN, "x. Ask AssessFirst or"),
                AFP_REASON_UNCERTAIN, "x. Ask AssessFirst or", NULL, NULL);
}

static void other_sentences_are_no_reason(void **state)
{
    static const char *const sentences[] = {
        "",
        "A sentence of a newer version",
        "the candidate is hired already.",
        "The candidate is hired already",
        "Invited wit",
        "the application is in the stage \"Applied",
    };
    const char *parts[AFP_REASON_PLACES];

    for (size_t i = 0; i < COUNT_OF(sentences); i++) {
        assert_int_equal(afp_reason_read(*state, sentences[i], parts), AFP_REASONS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_was_written_is_read),
        UNIT_TEST(what_the_core_says_is_read),
        UNIT_TEST(of_formats_that_fit_the_one_with_most_words_counts),
        UNIT_TEST(what_was_filled_in_may_be_anything),
        UNIT_TEST(other_sentences_are_no_reason),
    };

    return UNIT_RUN(tests);
}
