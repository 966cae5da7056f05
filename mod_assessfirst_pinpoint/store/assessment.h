#ifndef AFP_STORE_ASSESSMENT_H
#define AFP_STORE_ASSESSMENT_H

#include "core/results.h"
#include "store/follow_up.h"

/* How far the assessment of an invitation is, as it was last read at AssessFirst. Written with the
 * end of the follow-up that read it (afp_end_t), so that no change is known but not acted upon. */

typedef struct afp_assessment_t {
    int occurrence;        /* of the invitation; 0: nothing is known yet */
    afp_results_t results; /* without its token */
    int polls;             /* readings that AssessFirst answered, or, while a complete assessment
                              lacks its overall score, those by the schedule since it was found
                              complete */
    apr_time_t read_at;    /* the latest of them; 0: none yet */
    char failure[256];     /* why nobody was invited, for the profile; "" */
    char closed[256];      /* why it is not read any more; "" while it is */
} afp_assessment_t;

/* The assessment of an invitation; occurrence 0 if there is none. */
apr_status_t afp_assessment_read(afp_session_t *session, const char *company_uuid,
                                 const char *application_id, int occurrence,
                                 afp_assessment_t *assessment);

/* For work functions of store/: stores it, new or anew, for the follow-up's application. */
apr_status_t afp_assessment_store(afp_session_t *session, const afp_follow_up_t *follow_up,
                                  const afp_assessment_t *assessment);

/* 1 if the two would look different on a profile or are closed for another reason. */
int afp_assessment_differs(const afp_assessment_t *one, const afp_assessment_t *other);

/* The tenant's applications whose invitation bears one of these ids of AssessFirst's candidates (at
 * most `count`, each at most 64 bytes): array of const char * in `pool`, each once. */
apr_status_t afp_assessment_find(afp_session_t *session, const char *company_uuid,
                                 const char *const *candidate_ids, int count, apr_pool_t *pool,
                                 apr_array_header_t **application_ids);

/* What the page says about a tenant's assessments. */
typedef struct {
    int open;      /* invitations that are read from time to time, counted up to 1,000 */
    int completed; /* counted up to 1,000 */
} afp_assessment_count_t;
apr_status_t afp_assessment_count(afp_session_t *session, const char *company_uuid,
                                  afp_assessment_count_t *count);

#endif
