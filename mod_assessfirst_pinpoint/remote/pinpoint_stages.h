#ifndef AFP_REMOTE_PINPOINT_STAGES_H
#define AFP_REMOTE_PINPOINT_STAGES_H

#include "remote/pinpoint.h"

/* The stages that a company's jobs have (contract pinpoint.md 5.4, 6, 10). */

#define AFP_PINPOINT_STAGES 500 /* names, at most */

/* Their names, trimmed and each once, those of the newest jobs first, of at most 250 jobs, the
 * confidential ones among them: array of const char * in the pool. Names of more than
 * AFP_STATUS_LIMIT bytes are left out: nobody can enter them. NULL and *outcome on a failure. Needs
 * Job: Read. */
apr_array_header_t *afp_pinpoint_stage_names(const afp_pinpoint_t *pinpoint,
                                             afp_outcome_t *outcome);

#endif
