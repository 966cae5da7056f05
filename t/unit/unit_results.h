#ifndef AFP_UNIT_RESULTS_H
#define AFP_UNIT_RESULTS_H

#include "unit_json.h"

#include "core/results.h"

#include <apr_strings.h>

/* Candidates' documents and what is read of them, for the tests of core/results.h. */

#define UNIT_OURS   "aaaaaaaa00000000000000000000000a"
#define UNIT_OTHERS "bbbbbbbb00000000000000000000000b"
#define UNIT_THREE  (1u << AFP_SWIPE | 1u << AFP_DRIVE | 1u << AFP_BRAIN)
#define UNIT_LINK   "https://app.assessfirst.com/_/candidate/1"

/* One entry of a candidate's `assessments`. */
#define UNIT_FINISHED(name) "{\"name\":\"" name "\",\"status\":\"finish\"}"

/* The hosts that a results link may point to. */
static inline const apr_array_header_t *unit_hosts(apr_pool_t *pool)
{
    apr_array_header_t *hosts = apr_array_make(pool, 2, sizeof(const char *));

    APR_ARRAY_PUSH(hosts, const char *) = "assessfirst.com";
    APR_ARRAY_PUSH(hosts, const char *) = "sandbox.example.test";
    return hosts;
}

/* What a document says about a candidate of the model `model`, which must be readable. */
static inline afp_results_t unit_results_for(apr_pool_t *pool, const char *model,
                                             unsigned int wanted, const char *text)
{
    afp_results_t results;

    if (afp_results_read(pool, unit_json(pool, text), model, wanted, unit_hosts(pool), &results) !=
        APR_SUCCESS) {
        fail_msg("not readable: %s", text);
    }
    return results;
}

/* The same for a model that wants three questionnaires. */
static inline afp_results_t unit_results(apr_pool_t *pool, const char *text)
{
    return unit_results_for(pool, UNIT_OURS, UNIT_THREE, text);
}

/* A candidate whose only member besides the uuid is written in `member`. */
static inline afp_results_t unit_results_with(apr_pool_t *pool, const char *member)
{
    return unit_results(pool, apr_pstrcat(pool, "{\"uuid\":\"u\",", member, "}", NULL));
}

static inline void assert_scores(const afp_results_t *results, int swipe, int drive, int brain,
                                 int voice, int global)
{
    assert_int_equal(results->scores[AFP_SWIPE], swipe);
    assert_int_equal(results->scores[AFP_DRIVE], drive);
    assert_int_equal(results->scores[AFP_BRAIN], brain);
    assert_int_equal(results->scores[AFP_VOICE], voice);
    assert_int_equal(results->global, global);
}

static inline void assert_no_scores(const afp_results_t *results)
{
    assert_scores(results, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE, AFP_SCORE_NONE,
                  AFP_SCORE_NONE);
}

/* UNIT_LINK and as many x as make it `length` bytes long. */
static inline const char *unit_long_link(apr_pool_t *pool, size_t length)
{
    char *link = apr_pcalloc(pool, length + 1);

    memset(link, 'x', length);
    memcpy(link, UNIT_LINK, strlen(UNIT_LINK));
    return link;
}

#endif
