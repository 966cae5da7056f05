#include "unit_results.h"

/* --- the document ----------------------------------------------------------------------------- */

static void a_whole_document_of_the_second_version_is_read(void **state)
{
    afp_results_t results = unit_results(
        *state,
        "{\"data\":{\"uuid\":\"u\",\"token\":\"ab12cd34\",\"email\":\"ada.example@example.test\","
        "\"status\":\"in_progress\",\"predictive_model\":{\"uuid\":\"" UNIT_OURS
        "\",\"name\":\"X\"},"
        "\"assessments\":[{\"name\":\"swipe\",\"status\":\"finish\",\"finished_at\":\"2025-06-02 "
        "10:00:00\"},{\"name\":\"drive\",\"status\":\"pending\",\"finished_at\":null}],"
        "\"adequacy\":{\"swipe\":71,\"drive\":null,\"brain\":null,\"voice\":null,\"global\":null},"
        "\"reports\":[],\"url\":\"" UNIT_LINK "\"}}");

    assert_int_equal(results.progress, AFP_PROGRESS_STARTED);
    assert_int_equal(results.finished, 1u << AFP_SWIPE);
    assert_int_equal(results.wanted, UNIT_THREE);
    assert_scores(&results, 71, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE);
    assert_string_equal(results.link, UNIT_LINK);
    assert_string_equal(results.token, "ab12cd34");
    assert_int_equal(results.rescaled_suspect, 0);
}

static void a_whole_document_of_the_first_version_is_read(void **state)
{
    afp_results_t results = unit_results(
        *state,
        "{\"uuid\":\"u\",\"token\":\"ab12cd34\",\"campaign\":null,\"results\":[],"
        "\"assessments\":[" UNIT_FINISHED("SHAPE") "," UNIT_FINISHED("DRIVE") "," UNIT_FINISHED(
            "BRAIN") "],"
                     "\"reports\":[{\"assessment\":\"Personnalit\xc3\xa9\",\"name\":\"x\","
                     "\"web_link\":\"" UNIT_LINK "\"}]}");

    assert_int_equal(results.progress, AFP_PROGRESS_COMPLETED);
    assert_no_scores(&results);
    assert_string_equal(results.link, UNIT_LINK);
    assert_string_equal(results.token, "ab12cd34");
}

static void the_candidate_is_found_at_each_root_of_the_contract(void **state)
{
    static const char *const documents[] = {
        "{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}}",
        "{\"data\":{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}},\"status\":\"success\"}",
        "{\"data\":[{\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}}]}",
        "{\"data\":null,\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}}",
        "{\"data\":\"x\",\"uuid\":\"u\",\"adequacy\":{\"swipe\":71}}",
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        afp_results_t results = unit_results(*state, documents[i]);

        assert_int_equal(results.scores[AFP_SWIPE], 71);
    }
}

static void what_is_no_candidate_is_refused(void **state)
{
    static const char *const documents[] = {
        "5",
        "\"x\"",
        "[]",
        "[{\"uuid\":\"u\"}]",
        "{}",
        "{\"data\":{}}",
        "{\"data\":[]}",
        "{\"data\":[[]]}",
        "{\"data\":[5],\"uuid\":\"u\"}",
        "{\"data\":[{\"uuid\":\"u\"},{\"uuid\":\"v\"}]}",
        "{\"error\":\"x\"}",
        "{\"error\":\"x\",\"status\":\"pending\"}",
        "{\"message\":\"welcome\"}",
        "{\"status\":\"error\",\"message\":\"x\"}",
        "{\"status\":\"success\",\"data\":null}",
        "{\"uuid\":null}",
    };
    afp_results_t results;

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        if (afp_results_read(*state, unit_json(*state, documents[i]), UNIT_OURS, UNIT_THREE,
                             unit_hosts(*state), &results) != APR_EINVAL) {
            fail_msg("readable: %s", documents[i]);
        }
        assert_no_scores(&results);
        assert_int_equal(results.progress, AFP_PROGRESS_INVITED);
        assert_int_equal(results.wanted, UNIT_THREE);
        assert_string_equal(results.link, "");
    }
    assert_int_equal(
        afp_results_read(*state, NULL, UNIT_OURS, UNIT_THREE, unit_hosts(*state), &results),
        APR_EINVAL);
}

static void missing_and_unknown_members_are_no_errors(void **state)
{
    static const char *const documents[] = {
        "{\"uuid\":\"u\"}",
        "{\"id\":7}",
        "{\"token\":\"t\"}",
        "{\"status\":\"pending\"}",
        "{\"email\":\"ada.example@example.test\"}",
        "{\"assessments\":[]}",
        "{\"adequacy\":[]}",
        "{\"uuid\":\"u\",\"assessments\":5,\"adequacy\":true,\"adequacies\":\"x\",\"scores\":[1],"
        "\"reports\":{\"web_link\":\"" UNIT_LINK "\"},\"links\":[],\"global\":[],\"url\":7}",
        "{\"uuid\":\"u\",\"assessments\":[null,5,\"swipe\",[],{},{\"name\":5},{\"name\":\"x\","
        "\"status\":\"finish\"}],\"adequacy\":{\"x\":5,\"affinity\":80}}",
        "{\"uuid\":\"u\",\"adequacies\":{\"" UNIT_OURS "\":null}}",
        "{\"uuid\":\"u\",\"adequacies\":{\"" UNIT_OURS "\":[]}}",
        "{\"uuid\":\"u\",\"error\":null}",
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        afp_results_t results = unit_results(*state, documents[i]);

        assert_int_equal(results.progress, AFP_PROGRESS_INVITED);
        assert_int_equal(results.finished, 0);
        assert_no_scores(&results);
        assert_string_equal(results.link, "");
    }
}

static void only_a_token_that_fits_a_path_is_one(void **state)
{
    static const char *const members[] = {
        "\"token\":5",       "\"token\":\"\"",         "\"token\":\"..\"",
        "\"token\":\"a b\"", "\"token\":\"a/b\"",      "\"token\":\"a\\u0000b\"",
        "\"token\":null",    "\"token\":\"\xc3\xa9\"",
    };
    char *token = apr_pcalloc(*state, 66);

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        assert_string_equal(unit_results_with(*state, members[i]).token, "");
    }
    memset(token, 'a', 64);
    assert_string_equal(
        unit_results_with(*state, apr_pstrcat(*state, "\"token\":\"", token, "\"", NULL)).token,
        token);
    token[64] = 'a';
    assert_string_equal(
        unit_results_with(*state, apr_pstrcat(*state, "\"token\":\"", token, "\"", NULL)).token,
        "");
    assert_string_equal(unit_results_with(*state, "\"token\":\"aB3-_\"").token, "aB3-_");
}

/* --- progress --------------------------------------------------------------------------------- */

static void the_status_says_how_far_the_candidate_is(void **state)
{
    static const struct {
        const char *status;
        afp_progress_t progress;
    } words[] = {
        {"\"pending\"", AFP_PROGRESS_INVITED},
        {"\"accepted\"", AFP_PROGRESS_INVITED},
        {"\"in_progress\"", AFP_PROGRESS_STARTED},
        {"\"In_Progress\"", AFP_PROGRESS_STARTED},
        {"\"in progress\"", AFP_PROGRESS_STARTED},
        {"\"started\"", AFP_PROGRESS_STARTED},
        {"\"completed\"", AFP_PROGRESS_COMPLETED},
        {"\"DONE\"", AFP_PROGRESS_COMPLETED},
        {"\"finished\"", AFP_PROGRESS_COMPLETED},
        {"\"declined\"", AFP_PROGRESS_DECLINED},
        {"\"Refused\"", AFP_PROGRESS_DECLINED},
        {"\"rejected\"", AFP_PROGRESS_DECLINED},
        {"\"expired\"", AFP_PROGRESS_EXPIRED},
        {"\"whatever\"", AFP_PROGRESS_INVITED},
        {"\"\"", AFP_PROGRESS_INVITED},
        {"null", AFP_PROGRESS_INVITED},
        {"true", AFP_PROGRESS_INVITED},
        {"7", AFP_PROGRESS_INVITED},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        afp_results_t results =
            unit_results_with(*state, apr_pstrcat(*state, "\"status\":", words[i].status, NULL));

        if (results.progress != words[i].progress) {
            fail_msg("%s is %d", words[i].status, (int)results.progress);
        }
        assert_int_equal(results.finished, 0);
    }
}

static void finished_questionnaires_count_more_than_a_status_that_lags(void **state)
{
    static const char *const lagging[] = {"accepted", "in_progress", "whatever"};

    for (size_t i = 0; i < COUNT_OF(lagging); i++) {
        afp_results_t results = unit_results_with(
            *state,
            apr_psprintf(*state,
                         "\"status\":\"%s\",\"assessments\":[" UNIT_FINISHED(
                             "swipe") "," UNIT_FINISHED("drive") "," UNIT_FINISHED("brain") "]",
                         lagging[i]));

        assert_int_equal(results.progress, AFP_PROGRESS_COMPLETED);
        results = unit_results_with(
            *state,
            apr_psprintf(*state, "\"status\":\"%s\",\"adequacy\":{\"brain\":88}", lagging[i]));
        assert_int_equal(results.progress, AFP_PROGRESS_STARTED);
    }
}

static void nothing_counts_as_done_while_the_candidate_has_not_agreed_to_share(void **state)
{
    afp_results_t results = unit_results_with(
        *state, "\"status\":\"Pending\",\"assessments\":[" UNIT_FINISHED("swipe") "," UNIT_FINISHED(
                    "drive") "," UNIT_FINISHED("brain") "]");

    assert_int_equal(results.finished, UNIT_THREE);
    assert_int_equal(results.progress, AFP_PROGRESS_INVITED);
    afp_results_add_adequacies(
        unit_json(*state, "{\"" UNIT_OURS "\":{\"SHAPE\":{\"adequacy\":71}}}"), UNIT_OURS,
        &results);
    assert_int_equal(results.progress, AFP_PROGRESS_INVITED);
}

static void complete_is_what_the_model_wants(void **state)
{
    static const char one[] = "{\"uuid\":\"u\",\"assessments\":{\"voice\":\"finish\"}}";
    static const char three[] =
        "{\"uuid\":\"u\",\"assessments\":{\"swipe\":true,\"drive\":true,\"brain\":true}}";

    assert_int_equal(unit_results_for(*state, UNIT_OURS, 1u << AFP_VOICE, one).progress,
                     AFP_PROGRESS_COMPLETED);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, UNIT_THREE, one).progress,
                     AFP_PROGRESS_INVITED);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, UNIT_THREE, three).progress,
                     AFP_PROGRESS_COMPLETED);
    assert_int_equal(
        unit_results_for(*state, UNIT_OURS, UNIT_THREE | 1u << AFP_VOICE, three).progress,
        AFP_PROGRESS_STARTED);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, 0, three).progress,
                     AFP_PROGRESS_COMPLETED);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, 0, three).wanted, UNIT_THREE);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, 0xfff0, three).wanted, UNIT_THREE);
    assert_int_equal(unit_results_for(*state, UNIT_OURS, 0xfff1, three).wanted, 1);
}

static void a_refusal_hides_the_scores(void **state)
{
    afp_results_t results = unit_results_with(
        *state, "\"status\":\"declined\",\"adequacy\":{\"swipe\":71,\"drive\":64,\"brain\":88,"
                "\"global\":74},\"adequacies\":{\"" UNIT_OURS "\":{\"global\":{\"adequacy\":74}}}");

    assert_int_equal(results.progress, AFP_PROGRESS_DECLINED);
    assert_no_scores(&results);
    afp_results_add_adequacies(
        unit_json(*state, "{\"" UNIT_OURS "\":{\"SHAPE\":{\"adequacy\":71}}}"), UNIT_OURS,
        &results);
    assert_no_scores(&results);
    assert_int_equal(results.progress, AFP_PROGRESS_DECLINED);
}

static void an_expired_invitation_keeps_the_scores_that_there_are(void **state)
{
    afp_results_t results =
        unit_results_with(*state, "\"status\":\"expired\",\"adequacy\":{\"swipe\":71}");

    assert_int_equal(results.progress, AFP_PROGRESS_EXPIRED);
    assert_int_equal(results.scores[AFP_SWIPE], 71);
}

/* --- wanted ----------------------------------------------------------------------------------- */

static void a_model_wants_the_questionnaires_of_its_flags(void **state)
{
    static const struct {
        const char *entry;
        unsigned int wanted;
    } entries[] = {
        {"{\"assessments\":{\"swipe\":true,\"drive\":true,\"brain\":true,\"voice\":false}}",
         UNIT_THREE},
        {"{\"assessments\":{\"swipe\":false,\"drive\":true}}", 1u << AFP_DRIVE},
        {"{\"assessments\":{\"voice\":1,\"brain\":0,\"drive\":null}}", 1u << AFP_VOICE},
        {"{\"assessments\":{\"SHAPE\":\"true\",\"BRAIN\":\"1\",\"drive\":\"false\",\"voice\":\"0\"}"
         "}",
         1u << AFP_SWIPE | 1u << AFP_BRAIN},
        {"{\"assessments\":{\"swipe\":false}}", UNIT_THREE},
        {"{\"assessments\":{\"other\":true}}", UNIT_THREE},
        {"{\"assessments\":[\"voice\"]}", UNIT_THREE},
        {"{\"assessments\":null}", UNIT_THREE},
        {"{}", UNIT_THREE},
        {"5", UNIT_THREE},
    };

    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        assert_int_equal(afp_results_wanted(unit_json(*state, entries[i].entry)),
                         entries[i].wanted);
    }
    assert_int_equal(afp_results_wanted(NULL), UNIT_THREE);
}

/* --- the first version's adequacies ----------------------------------------------------------- */

static void adequacies_fill_what_is_empty_and_move_the_progress(void **state)
{
    afp_results_t results = unit_results_with(*state, "\"scores\":{\"swipe\":71}");

    afp_results_add_adequacies(
        unit_json(*state, "{\"" UNIT_OTHERS "\":{\"BRAIN\":{\"adequacy\":1}},\"" UNIT_OURS
                          "\":{\"SHAPE\":{\"adequacy\":1},\"DRIVE\":{\"adequacy\":\"64\"},"
                          "\"VOICE\":null,\"x\":{\"adequacy\":5},\"global\":{\"adequacy\":74}}}"),
        UNIT_OURS, &results);
    assert_scores(&results, 71, 64, AFP_SCORE_NONE, AFP_SCORE_NONE, 74);
    assert_int_equal(results.finished, 1u << AFP_SWIPE | 1u << AFP_DRIVE);
    assert_int_equal(results.progress, AFP_PROGRESS_STARTED);

    afp_results_add_adequacies(
        unit_json(*state, "{\"data\":{\"" UNIT_OURS "\":{\"BRAIN\":{\"adequacy\":88}}}}"),
        UNIT_OURS, &results);
    assert_scores(&results, 71, 64, 88, AFP_SCORE_NONE, 74);
    assert_int_equal(results.progress, AFP_PROGRESS_COMPLETED);
}

static void adequacies_that_are_not_there_change_nothing(void **state)
{
    static const char *const documents[] = {
        "{}",
        "[]",
        "5",
        "{\"" UNIT_OTHERS "\":{\"SHAPE\":{\"adequacy\":71}}}",
        "{\"" UNIT_OURS "\":null}",
        "{\"" UNIT_OURS "\":[]}",
        "{\"" UNIT_OURS "\":{}}",
        "{\"error\":\"x\"}",
        "{\"" UNIT_OURS "\":{\"SHAPE\":{\"adequacy\":101}}}",
        "{\"SHAPE\":{\"adequacy\":71}}",
        "{\"\":{\"SHAPE\":{\"adequacy\":71}}}",
    };
    afp_results_t before = unit_results_with(*state, "\"status\":\"in_progress\"");

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        afp_results_t results = before;

        afp_results_add_adequacies(unit_json(*state, documents[i]), UNIT_OURS, &results);
        assert_memory_equal(&results, &before, sizeof(before));
        afp_results_add_adequacies(unit_json(*state, documents[i]), "", &results);
        assert_memory_equal(&results, &before, sizeof(before));
    }
    afp_results_add_adequacies(NULL, UNIT_OURS, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_whole_document_of_the_second_version_is_read),
        UNIT_TEST(a_whole_document_of_the_first_version_is_read),
        UNIT_TEST(the_candidate_is_found_at_each_root_of_the_contract),
        UNIT_TEST(what_is_no_candidate_is_refused),
        UNIT_TEST(missing_and_unknown_members_are_no_errors),
        UNIT_TEST(only_a_token_that_fits_a_path_is_one),
        UNIT_TEST(the_status_says_how_far_the_candidate_is),
        UNIT_TEST(finished_questionnaires_count_more_than_a_status_that_lags),
        UNIT_TEST(nothing_counts_as_done_while_the_candidate_has_not_agreed_to_share),
        UNIT_TEST(complete_is_what_the_model_wants),
        UNIT_TEST(a_refusal_hides_the_scores),
        UNIT_TEST(an_expired_invitation_keeps_the_scores_that_there_are),
        UNIT_TEST(a_model_wants_the_questionnaires_of_its_flags),
        UNIT_TEST(adequacies_fill_what_is_empty_and_move_the_progress),
        UNIT_TEST(adequacies_that_are_not_there_change_nothing),
    };

    return UNIT_RUN(tests);
}
