#ifndef AFP_WORK_MODELS_H
#define AFP_WORK_MODELS_H

#include "remote/assessfirst.h"
#include "store/session.h"

/* AssessFirst's lists of models, kept for 5 minutes per token by the workers of a child. Any
 * thread. */

typedef struct afp_models_t afp_models_t;

afp_models_t *afp_models_make(apr_pool_t *pool);

typedef enum { AFP_MODELS_CACHED, AFP_MODELS_FRESH } afp_models_age_t;

#define AFP_MODEL_NAME_LIMIT 255 /* bytes: what can be stored of a name */

/* The token's models, copied into assessfirst->pool, over-long names shortened: from memory if
 * AFP_MODELS_CACHED and read within 5 minutes, otherwise from AssessFirst. *fresh tells which. NULL
 * and *outcome on a failure.
 */
apr_array_header_t *afp_models_get(afp_models_t *models, const afp_assessfirst_t *assessfirst,
                                   const char *token_digest, const char *locale,
                                   afp_session_t *session, afp_models_age_t age, int *fresh,
                                   afp_outcome_t *outcome);

#endif
