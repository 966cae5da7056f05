#ifndef AFP_STORE_CHECKED_H
#define AFP_STORE_CHECKED_H

#include "store/follow_up.h"

/* What the checks of a connection found when they last ran, for the page. */

#define AFP_CHECKED_STAGES                                                                         \
    "stages" /* a subject beside AFP_API_PINPOINT and AFP_API_ASSESSFIRST                          \
              */

typedef enum {
    AFP_CHECKED_UNKNOWN, /* nobody could tell: no answer, or one that says nothing */
    AFP_CHECKED_WORKS,
    AFP_CHECKED_LACKING, /* the key is good, but a permission is missing */
    AFP_CHECKED_REFUSED
} afp_checked_result_t;

typedef enum {
    AFP_GRANTED_UNKNOWN, /* it could not be tried */
    AFP_GRANTED_GIVEN,
    AFP_GRANTED_MISSING
} afp_granted_t;

typedef struct {
    afp_checked_result_t result;
    char words[1025]; /* the remote's own, or ours; "" if there is nothing to say */
    apr_time_t at;    /* 0: it was never checked */
} afp_checked_t;

/* "unknown", "works", "lacking", "refused"; and "unknown", "given", "missing". */
const char *afp_checked_result_name(afp_checked_result_t result);
const char *afp_granted_name(afp_granted_t granted);

/* How the latest check of a subject ended. What Pinpoint said is of the key that is stored; what
 * AssessFirst said may be of a former token. */
apr_status_t afp_checked_read(afp_session_t *session, const char *company_uuid, const char *subject,
                              afp_checked_t *checked);

/* Which of the tenant's two checks run, or are due, as bits in *pending: what they find, and what
 * follows from that, is not written down yet. */
#define AFP_PENDING_PINPOINT    1
#define AFP_PENDING_ASSESSFIRST 2
apr_status_t afp_checked_is_pending(afp_session_t *session, const char *company_uuid, int *pending);

typedef struct {
    const char *permission; /* in Pinpoint's words, at most 64 bytes */
    afp_granted_t granted;
} afp_permission_grant_t;

/* What the tenant's key of Pinpoint may do: array of afp_permission_grant_t in `pool`, in the order
 * in which it was noted. */
apr_status_t afp_checked_grants(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **grants);

#define AFP_STAGES      500 /* names of stages that are kept */
#define AFP_STAGE_LIMIT 255 /* bytes of one */

/* The names of the stages at the tenant's Pinpoint: array of const char * in `pool`. */
apr_status_t afp_checked_stages(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                                apr_array_header_t **names);

/* For work functions of store/ only, with the tenant's lock: forgets the stages, which were those
 * of another Pinpoint. */
apr_status_t afp_checked_forget_stages(afp_session_t *session, const char *company_uuid);

/* What a check found. */
typedef struct {
    const char *subject;
    afp_checked_result_t result;
    const char *words;                /* at most 1024 bytes */
    const char *accepted;             /* the secret that was good (its note says when); "" */
    const apr_array_header_t *grants; /* afp_permission_grant_t; NULL: as before */
    const apr_array_header_t *stages; /* const char *; NULL: as before */
} afp_finding_t;

/* Notes it, at this moment. APR_NOTFOUND, and nothing changed, if the follow-up's lease is lost or
 * the settings are not those that it was claimed with. */
apr_status_t afp_checked_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const afp_finding_t *finding);

/* For work functions of store/: forgets what was found of the key of Pinpoint, which is another one
 * now, or one for another Pinpoint. */
apr_status_t afp_checked_forget_key(afp_session_t *session, const char *company_uuid);

#endif
