#include "core/profile.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

const afp_profile_entry_t afp_profile[AFP_PROFILE_FIELDS] = {
    [AFP_FIELD_STATUS] = {"AssessFirst status", "varchar", "varchar_value", "In progress 1/3",
                          "How far the candidate's AssessFirst assessment is. Kept up to date by "
                          "the integration.",
                          "status"},
    [AFP_FIELD_SCORE] = {"AssessFirst score", "integer", "integer_value", "74",
                         "How well the candidate fits the job's predictive model, 0 to 100.",
                         "score"},
    [AFP_FIELD_SWIPE] = {"AssessFirst SWIPE", "integer", "integer_value", "71",
                         "Personality: fit with the job's predictive model, 0 to 100.", "swipe"},
    [AFP_FIELD_DRIVE] = {"AssessFirst DRIVE", "integer", "integer_value", "64",
                         "Motivation: fit with the job's predictive model, 0 to 100.", "drive"},
    [AFP_FIELD_BRAIN] = {"AssessFirst BRAIN", "integer", "integer_value", "88",
                         "Reasoning: fit with the job's predictive model, 0 to 100.", "brain"},
    [AFP_FIELD_VOICE] = {"AssessFirst VOICE", "integer", "integer_value", "69",
                         "Spoken test: fit with the job's predictive model, 0 to 100.", "voice"},
    [AFP_FIELD_RESULTS] = {"AssessFirst results", "text", "text_value",
                           "https://app.assessfirst.com/",
                           "The link to the candidate's complete results in AssessFirst.",
                           "results"},
};

static const char *score_text(apr_pool_t *pool, int score)
{
    return score != AFP_SCORE_NONE ? apr_itoa(pool, score) : "";
}

static void take_results(apr_pool_t *pool, const afp_results_t *results, const char **values)
{
    values[AFP_FIELD_STATUS] = afp_results_status(pool, results);
    values[AFP_FIELD_SCORE] = score_text(pool, results->global);
    values[AFP_FIELD_SWIPE] = score_text(pool, results->scores[AFP_SWIPE]);
    values[AFP_FIELD_DRIVE] = score_text(pool, results->scores[AFP_DRIVE]);
    values[AFP_FIELD_BRAIN] = score_text(pool, results->scores[AFP_BRAIN]);
    values[AFP_FIELD_VOICE] = score_text(pool, results->scores[AFP_VOICE]);
    values[AFP_FIELD_RESULTS] = apr_pstrdup(pool, results->link);
}

/* Without a blank at the end, which would not be read back. */
static const char *failed(apr_pool_t *pool, const char *failure)
{
    size_t room = AFP_PROFILE_STATUS_LIMIT - (sizeof(AFP_SENTENCE_FAILED) - sizeof("%s"));

    failure = afp_text_remote_words(pool, failure, strlen(failure), NULL, room);
    return *failure != '\0' ? apr_psprintf(pool, AFP_SENTENCE_FAILED, failure) : "Failed";
}

void afp_profile_values(apr_pool_t *pool, const afp_results_t *results, const char *failure,
                        const char *values[AFP_PROFILE_FIELDS])
{
    for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
        values[i] = "";
    }
    if (results != NULL) {
        take_results(pool, results, values);
    }
    if (failure != NULL) {
        values[AFP_FIELD_STATUS] = failed(pool, failure);
    }
}
