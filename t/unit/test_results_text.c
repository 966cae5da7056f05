#include "unit_results.h"

#include <limits.h>

/* --- texts ------------------------------------------------------------------------------------ */

static void the_status_field_says_the_progress_in_words(void **state)
{
    static const struct {
        const char *document;
        const char *text;
    } statuses[] = {
        {"{\"status\":\"pending\"}", "Invited"},
        {"{\"status\":\"started\"}", "In progress 0/3"},
        {"{\"uuid\":\"u\",\"assessments\":{\"swipe\":true}}", "In progress 1/3"},
        {"{\"uuid\":\"u\",\"assessments\":{\"swipe\":true,\"brain\":true,\"voice\":true}}",
         "In progress 2/3"},
        {"{\"status\":\"completed\"}", "Completed"},
        {"{\"status\":\"declined\"}", "Declined"},
        {"{\"status\":\"expired\"}", "Expired"},
    };
    afp_results_t results;

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        results = unit_results(*state, statuses[i].document);
        assert_string_equal(afp_results_status(*state, &results), statuses[i].text);
    }
    results = unit_results_for(*state, UNIT_OURS, UNIT_THREE | 1u << AFP_VOICE,
                               "{\"uuid\":\"u\",\"assessments\":{\"swipe\":true}}");
    assert_string_equal(afp_results_status(*state, &results), "In progress 1/4");
}

static void the_comment_holds_what_there_is(void **state)
{
    afp_results_t results = unit_results_with(
        *state, "\"first_name\":\"Ada\",\"last_name\":\"Example\",\"adequacy\":{\"swipe\":71,"
                "\"drive\":64,\"brain\":88,\"global\":74},\"url\":\"" UNIT_LINK "\"");

    assert_string_equal(afp_results_comment(*state, &results, "Sales"),
                        "AssessFirst assessment completed.\nModel: Sales\nScore: 74\n"
                        "SWIPE 71, DRIVE 64, BRAIN 88\nResults: " UNIT_LINK);
    results = unit_results_with(*state, "\"adequacy\":{\"drive\":0,\"voice\":100}");
    assert_string_equal(afp_results_comment(*state, &results, NULL),
                        "AssessFirst assessment completed.\nDRIVE 0, VOICE 100");
    results = unit_results_with(*state, "\"status\":\"completed\"");
    assert_string_equal(afp_results_comment(*state, &results, ""),
                        "AssessFirst assessment completed.");
    assert_string_equal(afp_results_comment(*state, &results, " Sales\r\nTeam\t "),
                        "AssessFirst assessment completed.\nModel: Sales Team");
    assert_string_equal(afp_results_comment(*state, &results, "\n"),
                        "AssessFirst assessment completed.");
}

static void a_comment_has_at_most_1000_bytes_and_never_half_a_link(void **state)
{
    char *name = apr_pcalloc(*state, 3001);
    afp_results_t results = unit_results_for(
        *state, UNIT_OURS, UNIT_THREE,
        "{\"uuid\":\"u\",\"adequacy\":{\"swipe\":100,\"drive\":100,\"brain\":100,\"voice\":100,"
        "\"global\":100}}");
    const char *comment;
    size_t without_link;

    memset(name, 'x', 3000);
    comment = afp_results_comment(*state, &results, name);
    without_link = strlen(comment);
    assert_true(without_link > 300 && without_link < 400);
    for (size_t length = 600; length <= AFP_LINK_LIMIT; length++) {
        int fits = without_link + strlen("\nResults: ") + length <= 1000;

        apr_cpystrn(results.link, unit_long_link(*state, length), sizeof(results.link));
        comment = afp_results_comment(*state, &results, name);
        assert_int_equal(strlen(comment),
                         fits ? without_link + strlen("\nResults: ") + length : without_link);
    }
}

/* --- the schedule ----------------------------------------------------------------------------- */

#define MINUTE apr_time_from_sec(60)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static void readings_become_rarer_with_their_number_and_the_age(void **state)
{
    static const struct {
        apr_interval_time_t age;
        int polls;
        apr_interval_time_t wait;
    } schedule[] = {
        {0, 0, 5 * MINUTE},
        {5 * MINUTE, 1, 10 * MINUTE},
        {15 * MINUTE, 2, 20 * MINUTE},
        {35 * MINUTE, 3, 40 * MINUTE},
        {75 * MINUTE, 4, HOUR},
        {0, 1000, HOUR},
        {3 * DAY - 1, 70, HOUR},
        {3 * DAY - 1, 0, 5 * MINUTE},
        {3 * DAY, 0, 6 * HOUR},
        {30 * DAY - 1, 200, 6 * HOUR},
        {30 * DAY, 200, DAY},
        {90 * DAY - 1, 300, DAY},
        {90 * DAY, 0, 0},
        {90 * DAY, 300, 0},
        {APR_INT64_MAX, INT_MAX, 0},
        {-1, 0, 5 * MINUTE},
        {APR_INT64_MIN, INT_MIN, 5 * MINUTE},
        {0, INT_MAX, HOUR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(schedule); i++) {
        assert_int_equal(afp_results_next_poll(schedule[i].age, schedule[i].polls, 100),
                         schedule[i].wait);
    }
}

static void the_scale_stretches_the_intervals_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(afp_results_next_poll(0, 0, 200), 10 * MINUTE);
    assert_int_equal(afp_results_next_poll(0, 9, 50), 30 * MINUTE);
    assert_int_equal(afp_results_next_poll(0, 0, 1), apr_time_from_sec(3));
    assert_int_equal(afp_results_next_poll(80 * DAY, 9, 100000), 1000 * DAY);
    assert_int_equal(afp_results_next_poll(90 * DAY, 9, 100000), 0);
    assert_int_equal(afp_results_next_poll(3 * DAY, 9, 1), apr_time_from_sec(216));
    /* Beyond its limits it counts as the limit. */
    assert_int_equal(afp_results_next_poll(0, 0, 0), apr_time_from_sec(3));
    assert_int_equal(afp_results_next_poll(0, 0, INT_MIN), apr_time_from_sec(3));
    assert_int_equal(afp_results_next_poll(80 * DAY, 9, INT_MAX), 1000 * DAY);
}

static void the_rank_grows_by_one_as_the_age_doubles(void **state)
{
    static const struct {
        apr_interval_time_t age;
        int rank;
    } ranks[] = {
        {0, 0},
        {5 * MINUTE, 0},
        {5 * MINUTE + 1, 1},
        {10 * MINUTE, 1},
        {20 * MINUTE, 2},
        {20 * MINUTE + 1, 3},
        {DAY, 9},
        {56 * DAY, 14},
        {60 * DAY, 15},
        {90 * DAY, 15},
        {APR_INT64_MAX, 15},
        {-DAY, 0},
        {APR_INT64_MIN, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ranks); i++) {
        assert_int_equal(afp_results_rank(ranks[i].age), ranks[i].rank);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_status_field_says_the_progress_in_words),
        UNIT_TEST(the_comment_holds_what_there_is),
        UNIT_TEST(a_comment_has_at_most_1000_bytes_and_never_half_a_link),
        UNIT_TEST(readings_become_rarer_with_their_number_and_the_age),
        UNIT_TEST(the_scale_stretches_the_intervals_and_nothing_else),
        UNIT_TEST(the_rank_grows_by_one_as_the_age_doubles),
    };

    return UNIT_RUN(tests);
}
