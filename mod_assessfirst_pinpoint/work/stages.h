#ifndef AFP_WORK_STAGES_H
#define AFP_WORK_STAGES_H

#include "work/job.h"

/* Reads the names of the stages at the tenant's Pinpoint and keeps them for the settings form. A
 * failure is noted too; it is none of the follow-up that asked. */
void afp_stages_refresh(const afp_job_t *job);

/* The same if they were last read more than a day ago; after settings were saved the check reads
 * them. */
void afp_stages_keep_fresh(const afp_job_t *job);

#endif
