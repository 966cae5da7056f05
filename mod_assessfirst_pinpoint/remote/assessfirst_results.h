#ifndef AFP_REMOTE_ASSESSFIRST_RESULTS_H
#define AFP_REMOTE_ASSESSFIRST_RESULTS_H

#include "core/results.h"
#include "remote/assessfirst.h"

/* Reads how far the candidate is and what the scores are (contract assessfirst.md 8): the route
 * `candidate`, and where AssessFirst does not know it (404) the first version's `candidate_v1`, and
 * `adequacies_v1` if there is a model and the answer names the candidate's token. Each call but the
 * first is made only if `more` allows it, otherwise the outcome is AFP_OUTCOME_LIMITED.
 *
 * `candidate_id` must not be "" (AFP_OUTCOME_REFUSED); `model_uuid` is "" for no model; `wanted`
 * and `link_hosts` as in core/results.h; `locale` as in the person of remote/assessfirst.h.
 *
 * *results is set with AFP_OUTCOME_DONE only. AFP_OUTCOME_MISSING if neither version knows the
 * candidate: it was deleted, or both routes are wrong. A 404 for the adequacies means that there
 * are none yet. An answer that names another candidate is AFP_OUTCOME_BROKEN: its scores must not
 * reach this one's profile. */
void afp_assessfirst_results(const afp_assessfirst_t *assessfirst, const char *candidate_id,
                             const char *model_uuid, const char *locale,
                             const apr_array_header_t *link_hosts, unsigned int wanted,
                             afp_assessfirst_more_t *more, void *baton, afp_results_t *results,
                             afp_outcome_t *outcome);

#endif
