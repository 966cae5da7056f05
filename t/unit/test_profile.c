#include "unit_json.h"

#include "core/profile.h"
#include "core/text.h"

#include <apr_strings.h>

#define LINK "https://app.assessfirst.com/_/candidate/1"

static afp_results_t read_results(apr_pool_t *pool, const char *text)
{
    apr_array_header_t *hosts = apr_array_make(pool, 1, sizeof(const char *));
    afp_results_t results;

    APR_ARRAY_PUSH(hosts, const char *) = "assessfirst.com";
    assert_int_equal(afp_results_read(pool, unit_json(pool, text), "model", 0, hosts, &results),
                     APR_SUCCESS);
    return results;
}

static void assert_values(const char *const *values, const char *const *expected)
{
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        if (strcmp(values[i], expected[i]) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", afp_profile[i].name, values[i], expected[i]);
        }
    }
}

static void each_field_fits_what_pinpoint_takes(void **state)
{
    (void)state;
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        const afp_profile_entry_t *entry = &afp_profile[i];
        long long number;

        assert_true(strncmp(entry->name, "AssessFirst ", 12) == 0);
        assert_string_equal(entry->value_key,
                            strcmp(entry->field_type, "varchar") == 0   ? "varchar_value"
                            : strcmp(entry->field_type, "integer") == 0 ? "integer_value"
                                                                        : "text_value");
        assert_true(strcmp(entry->value_key, "text_value") != 0 ||
                    strcmp(entry->field_type, "text") == 0);
        assert_int_equal(strcmp(entry->field_type, "integer") == 0,
                         afp_text_int64(entry->sample, &number) == 0);
        assert_true(entry->sample[0] != '\0');
        assert_true(entry->description[0] != '\0');
        assert_int_equal(strspn(entry->choice, "abcdefghijklmnopqrstuvwxyz"),
                         strlen(entry->choice));
    }
}

static void names_and_choices_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(afp_profile[i].name, afp_profile[j].name);
            assert_string_not_equal(afp_profile[i].choice, afp_profile[j].choice);
        }
    }
}

static void the_fields_bear_the_names_that_recruiters_know(void **state)
{
    static const char *const names[AFP_PROFILE_FIELDS] = {
        [AFP_FIELD_STATUS] = "AssessFirst status",  [AFP_FIELD_SCORE] = "AssessFirst score",
        [AFP_FIELD_SWIPE] = "AssessFirst SWIPE",    [AFP_FIELD_DRIVE] = "AssessFirst DRIVE",
        [AFP_FIELD_BRAIN] = "AssessFirst BRAIN",    [AFP_FIELD_VOICE] = "AssessFirst VOICE",
        [AFP_FIELD_RESULTS] = "AssessFirst results"};

    (void)state;
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        assert_string_equal(afp_profile[i].name, names[i]);
    }
    assert_string_equal(afp_profile[AFP_FIELD_STATUS].field_type, "varchar");
    assert_string_equal(afp_profile[AFP_FIELD_SCORE].field_type, "integer");
    assert_string_equal(afp_profile[AFP_FIELD_VOICE].field_type, "integer");
    assert_string_equal(afp_profile[AFP_FIELD_RESULTS].field_type, "text");
}

static void all_that_can_be_chosen_is_chosen_by_default(void **state)
{
    unsigned int all = AFP_WRITE_COMMENT;

    (void)state;
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        assert_int_equal(AFP_WRITE_COMMENT & 1u << i, 0);
        all |= 1u << i;
    }
    assert_int_equal(all, AFP_WRITE_ALL);
}

static void the_values_are_texts_as_pinpoint_reads_them_back(void **state)
{
    static const char *const expected[AFP_PROFILE_FIELDS] = {"Completed", "74", "71", "0",
                                                             "100",       "",   LINK};
    afp_results_t results =
        read_results(*state, "{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71,\"drive\":0,\"brain\":100,"
                             "\"voice\":null,\"global\":74},\"url\":\"" LINK "\"}");
    const char *values[AFP_PROFILE_FIELDS];

    afp_profile_values(*state, &results, NULL, values);
    assert_values(values, expected);
    memset(&results, 0, sizeof(results));
    assert_values(values, expected);
}

static void what_is_not_known_is_not_written(void **state)
{
    static const char *const expected[AFP_PROFILE_FIELDS] = {"Invited", "", "", "", "", "", ""};
    afp_results_t results = read_results(*state, "{\"status\":\"pending\"}");
    const char *values[AFP_PROFILE_FIELDS];

    afp_profile_values(*state, &results, NULL, values);
    assert_values(values, expected);
}

static void a_failure_takes_the_place_of_the_status(void **state)
{
    static const char *const expected[AFP_PROFILE_FIELDS] = {
        "Failed: AssessFirst answered 422: bad e-mail", "", "71", "", "", "", ""};
    static const char *const nothing[AFP_PROFILE_FIELDS] = {
        "Failed: no model", "", "", "", "", "", ""};
    static const char *const empty[AFP_PROFILE_FIELDS] = {"", "", "", "", "", "", ""};
    afp_results_t results = read_results(*state, "{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}}");
    const char *values[AFP_PROFILE_FIELDS];

    afp_profile_values(*state, &results, " AssessFirst answered 422:\r\n bad e-mail\n", values);
    assert_values(values, expected);
    afp_profile_values(*state, NULL, "no model", values);
    assert_values(values, nothing);
    afp_profile_values(*state, NULL, NULL, values);
    assert_values(values, empty);
    afp_profile_values(*state, NULL, " \n", values);
    assert_string_equal(values[AFP_FIELD_STATUS], "Failed");
}

static void a_long_failure_is_shortened_to_what_a_varchar_holds(void **state)
{
    const char *values[AFP_PROFILE_FIELDS];
    char *failure = apr_pcalloc(*state, 602);

    memset(failure, 'x', 247);
    afp_profile_values(*state, NULL, failure, values);
    assert_int_equal(strlen(values[AFP_FIELD_STATUS]), 255);
    assert_null(strstr(values[AFP_FIELD_STATUS], "\xe2\x80\xa6"));
    memset(failure, 'x', 248);
    afp_profile_values(*state, NULL, failure, values);
    assert_int_equal(strlen(values[AFP_FIELD_STATUS]), 255);
    assert_non_null(strstr(values[AFP_FIELD_STATUS], "\xe2\x80\xa6"));
    for (int i = 0; i < 300; i++) {
        memcpy(failure + 2 * i, "\xc3\xa9", 3);
    }
    afp_profile_values(*state, NULL, failure, values);
    assert_true(strlen(values[AFP_FIELD_STATUS]) <= 255);
    assert_true(afp_text_is_utf8(values[AFP_FIELD_STATUS], strlen(values[AFP_FIELD_STATUS])));
    assert_non_null(strstr(values[AFP_FIELD_STATUS], "\xe2\x80\xa6"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_field_fits_what_pinpoint_takes),
        UNIT_TEST(names_and_choices_are_unique),
        UNIT_TEST(the_fields_bear_the_names_that_recruiters_know),
        UNIT_TEST(all_that_can_be_chosen_is_chosen_by_default),
        UNIT_TEST(the_values_are_texts_as_pinpoint_reads_them_back),
        UNIT_TEST(what_is_not_known_is_not_written),
        UNIT_TEST(a_failure_takes_the_place_of_the_status),
        UNIT_TEST(a_long_failure_is_shortened_to_what_a_varchar_holds),
    };

    return UNIT_RUN(tests);
}
