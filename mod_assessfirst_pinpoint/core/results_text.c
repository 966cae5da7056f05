#include "core/results.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define NAME_LIMIT 255 /* bytes of the model's name in a comment */

static int count_of(unsigned int questionnaires)
{
    int count = 0;

    for (; questionnaires != 0; questionnaires &= questionnaires - 1) {
        count++;
    }
    return count;
}

const char *afp_results_status(apr_pool_t *pool, const afp_results_t *results)
{
    switch (results->progress) {
    case AFP_PROGRESS_STARTED:
        return apr_psprintf(pool, AFP_SENTENCE_STARTED,
                            count_of(results->finished & results->wanted),
                            count_of(results->wanted));
    case AFP_PROGRESS_COMPLETED:
        return AFP_SENTENCE_COMPLETED;
    case AFP_PROGRESS_DECLINED:
        return AFP_SENTENCE_DECLINED;
    case AFP_PROGRESS_EXPIRED:
        return AFP_SENTENCE_EXPIRED;
    case AFP_PROGRESS_INVITED:
    default:
        return AFP_SENTENCE_WAITS;
    }
}

/* "\nSWIPE 71, DRIVE 64" of the scores that there are; "" of none. */
static const char *scores_line(apr_pool_t *pool, const afp_results_t *results)
{
    static const char *const names[AFP_QUESTIONNAIRES] = {"SWIPE", "DRIVE", "BRAIN", "VOICE"};
    const char *line = "";

    for (int i = 0; i < AFP_QUESTIONNAIRES; i++) {
        if (results->scores[i] != AFP_SCORE_NONE) {
            line = apr_psprintf(pool, "%s%s%s %d", line, *line != '\0' ? ", " : "\n", names[i],
                                results->scores[i]);
        }
    }
    return line;
}

/* "\nModel: Sales"; "" without a model. */
static const char *model_line(apr_pool_t *pool, const char *name)
{
    name = name != NULL ? afp_text_remote_words(pool, name, strlen(name), NULL, NAME_LIMIT) : "";
    return *name != '\0' ? apr_pstrcat(pool, "\nModel: ", name, NULL) : "";
}

const char *afp_results_comment(apr_pool_t *pool, const afp_results_t *results,
                                const char *model_name)
{
    const char *score = "";
    const char *link = "";
    const char *text;

    if (results->global != AFP_SCORE_NONE) {
        score = apr_psprintf(pool, "\nScore: %d", results->global);
    }
    if (results->link[0] != '\0') {
        link = apr_pstrcat(pool, "\nResults: ", results->link, NULL);
    }
    text = apr_pstrcat(pool, "AssessFirst assessment completed.", model_line(pool, model_name),
                       score, scores_line(pool, results), NULL);
    /* Half a link leads nowhere. */
    if (strlen(text) + strlen(link) > AFP_RESULTS_COMMENT_LIMIT) {
        return text;
    }
    return apr_pstrcat(pool, text, link, NULL);
}
