#include "work/stages.h"

#include "remote/pinpoint_stages.h"
#include "store/checked.h"

#define AGE apr_time_from_sec(24 * 3600)

void afp_stages_refresh(const afp_job_t *job)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);
    afp_finding_t finding = {.subject = AFP_CHECKED_STAGES, .words = "", .accepted = ""};
    afp_outcome_t outcome;

    finding.stages = afp_pinpoint_stage_names(&pinpoint, &outcome);
    if (finding.stages) {
        finding.result = AFP_CHECKED_WORKS;
    } else if (outcome.kind == AFP_OUTCOME_ABORTED) {
        return;
    } else {
        finding.words = outcome.words;
    }
    (void)afp_checked_note(job->session, job->follow_up, &finding);
}

void afp_stages_keep_fresh(const afp_job_t *job)
{
    apr_time_t old = afp_session_now(job->session) - AGE;
    afp_checked_t checked;

    if (job->tenant->updated_at < old &&
        afp_checked_read(job->session, job->tenant->company_uuid, AFP_CHECKED_STAGES, &checked) ==
            APR_SUCCESS &&
        checked.at < old) {
        afp_stages_refresh(job);
    }
}
