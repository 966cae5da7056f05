#include "unit_results.h"

/* --- finished --------------------------------------------------------------------------------- */

static void a_questionnaire_goes_by_many_names(void **state)
{
    static const struct {
        const char *name;
        afp_questionnaire_t questionnaire;
    } names[] = {
        {"swipe", AFP_SWIPE},
        {"SWIPE", AFP_SWIPE},
        {"Shape", AFP_SWIPE},
        {"personality", AFP_SWIPE},
        {"drive", AFP_DRIVE},
        {"Motivation", AFP_DRIVE},
        {"Brain", AFP_BRAIN},
        {"REASONING", AFP_BRAIN},
        {"aptitude", AFP_BRAIN},
        {"Aptitudes", AFP_BRAIN},
        {"voice", AFP_VOICE},
        {"VOICE", AFP_VOICE},
        {"Personnalit\xc3\xa9", AFP_SWIPE},
    };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        afp_results_t listed = unit_results_with(
            *state,
            apr_psprintf(*state, "\"assessments\":[" UNIT_FINISHED("%s") "]", names[i].name));
        afp_results_t keyed = unit_results_with(
            *state, apr_psprintf(*state, "\"assessments\":{\"%s\":true}", names[i].name));
        afp_results_t scored = unit_results_with(
            *state, apr_psprintf(*state, "\"adequacy\":{\"%s\":71}", names[i].name));

        assert_int_equal(listed.finished, 1u << names[i].questionnaire);
        assert_int_equal(keyed.finished, 1u << names[i].questionnaire);
        assert_int_equal(scored.finished, 1u << names[i].questionnaire);
        assert_int_equal(scored.scores[names[i].questionnaire], 71);
    }
}

static void the_name_of_a_listed_questionnaire_stands_at_one_of_three_places(void **state)
{
    static const char *const members[] = {
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"finish\"}]",
        "\"assessments\":[{\"code\":\"swipe\",\"status\":\"finish\"}]",
        "\"assessments\":[{\"type\":\"swipe\",\"status\":\"finish\"}]",
        "\"assessments\":[{\"name\":\"Mein Test\",\"code\":\"SHAPE\",\"status\":\"finish\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"type\":\"drive\",\"status\":\"finish\"}]",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        assert_int_equal(unit_results_with(*state, members[i]).finished, 1u << AFP_SWIPE);
    }
}

static void a_finished_questionnaire_is_said_in_many_ways(void **state)
{
    static const char *const members[] = {
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"finish\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"Finished\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"COMPLETE\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"completed\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"done\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":true}]",
        "\"assessments\":[{\"name\":\"swipe\",\"finished_at\":\"2025-06-02 10:00:00\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"x\",\"completed_at\":\"yesterday\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"completed_at\":1748858400}]",
        "\"assessments\":[{\"name\":\"swipe\",\"score\":0}]",
        "\"assessments\":[{\"name\":\"swipe\",\"adequacy\":\"71\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"pending\"}," UNIT_FINISHED("shape") "]",
        "\"assessments\":{\"swipe\":{\"status\":\"finish\"}}",
        "\"assessments\":{\"swipe\":{\"status\":true}}",
        "\"assessments\":{\"SHAPE\":true}",
        "\"assessments\":{\"swipe\":\"finish\",\"drive\":false,\"brain\":\"pending\",\"x\":true}",
        "\"adequacy\":{\"swipe\":71}",
        "\"adequacy\":{\"swipe\":{\"adequacy\":71}}",
        "\"scores\":{\"swipe\":71}",
        "\"adequacies\":{\"" UNIT_OURS "\":{\"SHAPE\":{\"adequacy\":71}}}",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        afp_results_t results = unit_results_with(*state, members[i]);

        if (results.finished != 1u << AFP_SWIPE) {
            fail_msg("%x: %s", results.finished, members[i]);
        }
        assert_int_equal(results.progress, AFP_PROGRESS_STARTED);
    }
}

static void anything_else_is_not_finished(void **state)
{
    static const char *const members[] = {
        "\"assessments\":[{\"name\":\"swipe\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"started\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"unfinished\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":false}]",
        "\"assessments\":[{\"name\":\"swipe\",\"status\":1}]",
        "\"assessments\":[{\"name\":\"swipe\",\"finished_at\":null}]",
        "\"assessments\":[{\"name\":\"swipe\",\"finished_at\":\"\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"finished_at\":\"0000-00-00 00:00:00\"}]",
        "\"assessments\":[{\"name\":\"swipe\",\"finished_at\":false,\"completed_at\":0}]",
        "\"assessments\":[{\"name\":\"swipe\",\"score\":101}]",
        "\"assessments\":{\"swipe\":71}",
        "\"assessments\":{\"swipe\":[\"finish\"]}",
        "\"adequacy\":{\"swipe\":\"finish\"}",
        "\"adequacy\":{\"swipe\":true}",
        "\"adequacies\":{\"" UNIT_OTHERS "\":{\"SHAPE\":{\"adequacy\":71}}}",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        afp_results_t results = unit_results_with(*state, members[i]);

        if (results.finished != 0 || results.progress != AFP_PROGRESS_INVITED) {
            fail_msg("finished: %s", members[i]);
        }
    }
}

/* --- scores ----------------------------------------------------------------------------------- */

static void a_score_is_read_at_each_place_of_the_contract(void **state)
{
    static const char *const members[] = {
        "\"adequacy\":{\"drive\":64}",
        "\"adequacy\":{\"drive\":{\"adequacy\":64}}",
        "\"adequacies\":{\"" UNIT_OURS "\":{\"DRIVE\":{\"adequacy\":64}}}",
        "\"adequacies\":{\"" UNIT_OURS "\":{\"drive\":64}}",
        "\"scores\":{\"drive\":64}",
        "\"assessments\":[{\"name\":\"drive\",\"score\":64}]",
        "\"assessments\":[{\"name\":\"drive\",\"adequacy\":64}]",
        "\"assessments\":{\"drive\":{\"score\":64}}",
        "\"assessments\":{\"motivation\":{\"score\":null,\"adequacy\":64}}",
        /* The order, and what is no score gives way to the next place. */
        "\"assessments\":{\"drive\":{\"score\":1}},\"scores\":{\"drive\":2},\"adequacies\":{"
        "\"" UNIT_OURS "\":{\"drive\":3}},\"adequacy\":{\"drive\":64}",
        "\"assessments\":{\"drive\":{\"score\":1}},\"scores\":{\"drive\":2},\"adequacies\":{"
        "\"" UNIT_OURS "\":{\"drive\":64}},\"adequacy\":{\"drive\":null}",
        "\"scores\":{\"drive\":64},\"adequacy\":{\"drive\":\"-\"}",
        "\"assessments\":[{\"name\":\"drive\",\"score\":64,\"adequacy\":1}]",
        "\"adequacy\":{\"drive\":null,\"motivation\":64}",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        afp_results_t results = unit_results_with(*state, members[i]);

        if (results.scores[AFP_DRIVE] != 64) {
            fail_msg("%d: %s", results.scores[AFP_DRIVE], members[i]);
        }
        assert_scores(&results, AFP_SCORE_NONE, 64, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE);
    }
}

static void the_global_score_is_read_at_each_place_of_the_contract(void **state)
{
    static const char *const members[] = {
        "\"adequacy\":{\"global\":74}",
        "\"adequacy\":{\"GLOBAL\":{\"adequacy\":\"74\"}}",
        "\"adequacies\":{\"" UNIT_OURS "\":{\"global\":{\"adequacy\":74}}}",
        "\"global\":{\"adequacy\":74}",
        "\"scores\":{\"global\":74}",
        "\"global_score\":74",
        "\"score\":\"74\"",
        "\"score\":1,\"global_score\":2,\"scores\":{\"global\":3},\"global\":{\"adequacy\":4},"
        "\"adequacy\":{\"global\":74}",
        "\"score\":1,\"global_score\":2,\"scores\":{\"global\":3},\"global\":{\"adequacy\":74},"
        "\"adequacy\":{\"global\":null}",
        "\"score\":1,\"global_score\":2,\"scores\":{\"global\":74},\"global\":{}",
        "\"score\":1,\"global_score\":74,\"scores\":{}",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        afp_results_t results = unit_results_with(*state, members[i]);

        if (results.global != 74) {
            fail_msg("%d: %s", results.global, members[i]);
        }
        assert_int_equal(results.finished, 0);
        assert_int_equal(results.progress, AFP_PROGRESS_INVITED);
    }
}

static void the_global_score_is_never_computed(void **state)
{
    afp_results_t results =
        unit_results_with(*state, "\"adequacy\":{\"swipe\":71,\"drive\":64,\"brain\":88}");

    assert_scores(&results, 71, 64, 88, AFP_SCORE_NONE, AFP_SCORE_NONE);
    assert_int_equal(results.progress, AFP_PROGRESS_COMPLETED);
}

static void numbers_may_be_texts_and_are_rounded(void **state)
{
    static const struct {
        const char *value;
        int score;
    } values[] = {
        {"0", 0},           {"100", 100},       {"71", 71},       {"71.4", 71},    {"71.5", 72},
        {"99.6", 100},      {"-0.0", 0},        {"7.1e1", 71},    {"\"71\"", 71},  {"\"0\"", 0},
        {"\"100\"", 100},   {"\" 71\\t\"", 71}, {"\"71.5\"", 72}, {"\"071\"", 71}, {"\"71.0\"", 71},
        {"\"100.0\"", 100}, {"\"89.99\"", 90},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        afp_results_t results = unit_results_with(
            *state, apr_psprintf(*state, "\"adequacy\":{\"swipe\":%s}", values[i].value));

        if (results.scores[AFP_SWIPE] != values[i].score) {
            fail_msg("%s became %d", values[i].value, results.scores[AFP_SWIPE]);
        }
        assert_int_equal(results.rescaled_suspect, 0);
    }
}

static void what_is_no_number_from_0_to_100_is_no_score(void **state)
{
    static const char *const values[] = {
        "-1",
        "101",
        "-0.1",
        "100.1",
        "1e300",
        "9223372036854775807",
        "18446744073709551615",
        "-9223372036854775808",
        "99999999999999999999999999",
        "null",
        "true",
        "[]",
        "[71]",
        "{}",
        "{\"score\":71}",
        "{\"adequacy\":{\"adequacy\":71}}",
        "\"\"",
        "\" \"",
        "\"-1\"",
        "\"+71\"",
        "\"101\"",
        "\"100.01\"",
        "\"7e1\"",
        "\"0x10\"",
        "\"nan\"",
        "\"NaN\"",
        "\"inf\"",
        "\"Infinity\"",
        "\".5\"",
        "\"71.\"",
        "\".\"",
        "\"71,5\"",
        "\"71 %\"",
        "\"71%\"",
        "\"7 1\"",
        "\"71\\u0000\"",
        "\"340282366920938463463374607431768211456\"",
    };

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        afp_results_t results = unit_results_with(
            *state, apr_psprintf(*state, "\"adequacy\":{\"swipe\":%s,\"global\":%s}", values[i],
                                 values[i]));

        if (results.scores[AFP_SWIPE] != AFP_SCORE_NONE || results.global != AFP_SCORE_NONE) {
            fail_msg("%s became %d", values[i], results.scores[AFP_SWIPE]);
        }
        assert_int_equal(results.finished, 0);
    }
}

static void numbers_that_json_does_not_know_are_no_scores(void **state)
{
    struct json_object *document = unit_json(*state, "{\"uuid\":\"u\",\"adequacy\":{}}");
    struct json_object *adequacy = json_object_object_get(document, "adequacy");
    afp_results_t results;

    json_object_object_add(adequacy, "swipe", json_object_new_double((double)__builtin_nanf("")));
    json_object_object_add(adequacy, "drive", json_object_new_double(__builtin_inf()));
    json_object_object_add(adequacy, "brain", json_object_new_double(-__builtin_inf()));
    assert_int_equal(
        afp_results_read(*state, document, UNIT_OURS, UNIT_THREE, unit_hosts(*state), &results),
        APR_SUCCESS);
    assert_no_scores(&results);
    assert_int_equal(results.finished, 0);
}

static void a_share_of_one_is_suspected_and_never_rescaled(void **state)
{
    static const struct {
        const char *value;
        int score;
    } values[] = {{"0.74", 1}, {"0.3", 0}, {"1.0", 1}, {"\"0.74\"", 1}, {"\"1.0\"", 1}};
    static const char *const innocent[] = {"0", "1", "0.0", "\"0\"", "\"1\"", "\"0.0\"", "1.01"};

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        afp_results_t results = unit_results_with(
            *state, apr_psprintf(*state, "\"adequacy\":{\"global\":%s}", values[i].value));

        assert_int_equal(results.global, values[i].score);
        assert_int_equal(results.rescaled_suspect, 1);
    }
    for (size_t i = 0; i < COUNT_OF(innocent); i++) {
        assert_int_equal(
            unit_results_with(*state,
                              apr_psprintf(*state, "\"adequacy\":{\"brain\":%s}", innocent[i]))
                .rescaled_suspect,
            0);
    }
}

static void without_a_model_scores_tell_only_what_is_finished(void **state)
{
    afp_results_t results = unit_results_for(
        *state, "", 0,
        "{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71,\"drive\":0.5,\"global\":74},"
        "\"predictive_model\":null,\"score\":74,\"assessments\":[{\"name\":\"brain\","
        "\"score\":88}],\"adequacies\":{\"\":{\"VOICE\":{\"adequacy\":50}}}}");

    assert_no_scores(&results);
    assert_int_equal(results.rescaled_suspect, 0);
    assert_int_equal(results.finished, UNIT_THREE);
    assert_int_equal(results.progress, AFP_PROGRESS_COMPLETED);
}

static void the_scores_of_another_model_are_not_ours(void **state)
{
    static const char *const others[] = {
        "\"predictive_model\":{\"uuid\":\"" UNIT_OTHERS "\"}",
        "\"predictive_model_uuid\":\"" UNIT_OTHERS "\"",
        "\"model\":{\"uuid\":\"" UNIT_OTHERS "\"}",
        "\"target\":\"" UNIT_OTHERS "\"",
    };
    static const char *const ours[] = {
        "\"predictive_model\":{\"uuid\":\"" UNIT_OURS "\"},\"target\":\"" UNIT_OTHERS "\"",
        "\"predictive_model_uuid\":\"" UNIT_OURS "\"",
        "\"predictive_model\":null",
        "\"predictive_model\":{\"uuid\":null,\"name\":\"Sales\"}",
        "\"predictive_model_uuid\":\"\",\"target\":\"" UNIT_OURS "\"",
        "\"target\":[]",
    };
    static const char scores[] =
        ",\"adequacy\":{\"swipe\":71,\"global\":74},\"scores\":{\"drive\":64},\"score\":74,"
        "\"assessments\":[{\"name\":\"brain\",\"score\":88}],\"global\":{\"adequacy\":74}";
    afp_results_t results;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        results = unit_results_with(*state, apr_pstrcat(*state, others[i], scores, NULL));
        assert_no_scores(&results);
        assert_int_equal(results.finished, UNIT_THREE);
        results =
            unit_results_with(*state, apr_pstrcat(*state, others[i], scores,
                                                  ",\"adequacies\":{\"" UNIT_OTHERS
                                                  "\":{\"SHAPE\":{\"adequacy\":1}},\"" UNIT_OURS
                                                  "\":{\"SHAPE\":{\"adequacy\":70},\"global\":{"
                                                  "\"adequacy\":75}}}",
                                                  NULL));
        assert_scores(&results, 70, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE, 75);
    }
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        results = unit_results_with(*state, apr_pstrcat(*state, ours[i], scores, NULL));
        assert_scores(&results, 71, 64, 88, AFP_SCORE_NONE, 74);
    }
}

static void a_uuid_is_never_read_as_a_path(void **state)
{
    afp_results_t results =
        unit_results_for(*state, "a.b", UNIT_THREE,
                         "{\"uuid\":\"u\",\"adequacies\":{\"a\":{\"b\":{\"swipe\":1}},"
                         "\"a.b\":{\"swipe\":71}}}");

    assert_int_equal(results.scores[AFP_SWIPE], 71);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_questionnaire_goes_by_many_names),
        UNIT_TEST(the_name_of_a_listed_questionnaire_stands_at_one_of_three_places),
        UNIT_TEST(a_finished_questionnaire_is_said_in_many_ways),
        UNIT_TEST(anything_else_is_not_finished),
        UNIT_TEST(a_score_is_read_at_each_place_of_the_contract),
        UNIT_TEST(the_global_score_is_read_at_each_place_of_the_contract),
        UNIT_TEST(the_global_score_is_never_computed),
        UNIT_TEST(numbers_may_be_texts_and_are_rounded),
        UNIT_TEST(what_is_no_number_from_0_to_100_is_no_score),
        UNIT_TEST(numbers_that_json_does_not_know_are_no_scores),
        UNIT_TEST(a_share_of_one_is_suspected_and_never_rescaled),
        UNIT_TEST(without_a_model_scores_tell_only_what_is_finished),
        UNIT_TEST(the_scores_of_another_model_are_not_ours),
        UNIT_TEST(a_uuid_is_never_read_as_a_path),
    };

    return UNIT_RUN(tests);
}
