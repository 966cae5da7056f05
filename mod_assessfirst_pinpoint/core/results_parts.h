#ifndef AFP_CORE_RESULTS_PARTS_H
#define AFP_CORE_RESULTS_PARTS_H

#include "core/results.h"

/* What results.c, results_scores.c and results_link.c share; nobody else includes it. */

#define AFP_BIT(questionnaire) (1u << (questionnaire))

/* What a status says, of a candidate or of one questionnaire: an afp_progress_t, or -1 if nothing
 * that we know. */
int afp_results_word(struct json_object *status);

/* Takes the scores and the finished questionnaires of a candidate's object (contract 8.2 to 8.5)
 * into *results, where nothing is replaced. `model_uuid` as in afp_results_read. */
void afp_results_take_scores(struct json_object *candidate, const char *model_uuid,
                             afp_results_t *results);

/* The same for a map of adequacies by model. */
void afp_results_take_adequacies(struct json_object *map, const char *model_uuid,
                                 afp_results_t *results);

/* The first allowed link of a candidate's object, in the contract's order (8.6, 8.7): the
 * candidate's own, then the reports', then those of any other array of objects. Borrowed from
 * `candidate`; "" if there is none. */
const char *afp_results_find_link(apr_pool_t *pool, struct json_object *candidate,
                                  const apr_array_header_t *hosts);

#endif
