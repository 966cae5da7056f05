#ifndef AFP_STORE_INVITATION_H
#define AFP_STORE_INVITATION_H

#include "store/follow_up.h"

/* At most one invitation per (tenant, application, occurrence): a row that is written before the
 * first byte goes out, and kept as long as the tenant. */

#define AFP_INVITATION_PLANNED                                                                     \
    "planned"                              /* not sent: nothing went out, or AssessFirst said      \
                                            * 429 */
#define AFP_INVITATION_SENDING   "sending" /* written down, outcome unknown yet */
#define AFP_INVITATION_INVITED   "invited"
#define AFP_INVITATION_UNCERTAIN "uncertain" /* may or may not have gone out */
#define AFP_INVITATION_REFUSED   "refused"   /* AssessFirst refused it: nothing was sent */

typedef struct {
    int occurrence; /* 0: there is none yet */
    char state[17];
    char model_uuid[65]; /* "" = no model */
    char model_name[256];
    char candidate_id[65];
    int resent;            /* it was sent once more after a look-up said "absent" */
    apr_time_t sending_at; /* when *sending* was last written */
} afp_invitation_t;

/* The latest invitation of an application: the highest occurrence; occurrence 0 if there is
 * none. */
apr_status_t afp_invitation_latest(afp_session_t *session, const char *company_uuid,
                                   const char *application_id, afp_invitation_t *invitation);

/* The same for work functions of store/. */
apr_status_t afp_invitation_latest_in_transaction(afp_session_t *session, const char *company_uuid,
                                                  const char *application_id,
                                                  afp_invitation_t *invitation);

/* The latest invitation of an application that went out (state invited); occurrence 0 if there is
 * none. */
apr_status_t afp_invitation_sent(afp_session_t *session, const char *company_uuid,
                                 const char *application_id, afp_invitation_t *invitation);

/* Stores AssessFirst's id of the candidate, which was looked up, with this invitation of the
 * follow-up's application. APR_NOTFOUND if the follow-up's lease is lost (nothing changed). */
apr_status_t afp_invitation_note_candidate(afp_session_t *session, const afp_follow_up_t *follow_up,
                                           int occurrence, const char *candidate_id);

typedef enum {
    AFP_BEGIN_GO,     /* *sending* is committed with this lease: send now */
    AFP_BEGIN_LOST,   /* the lease is lost: do nothing */
    AFP_BEGIN_ALREADY /* this occurrence, or a later one, is sending, sent or uncertain already */
} afp_begin_t;

typedef struct {
    const afp_follow_up_t *follow_up;
    const char *job_id;
    const char *model_uuid;
    const char *model_name;
    int resend; /* after a look-up: the state must be uncertain, or sending by a
                 * dead sender, and resent 0; becomes 1 */
    apr_interval_time_t lease_time;
    afp_begin_t result;    /* out */
    apr_time_t sending_at; /* out */
} afp_invitation_begin_t;

/* Writes *sending* down, with the lease token in its condition, in a transaction of its own: when
 * this returns APR_SUCCESS and AFP_BEGIN_GO, the commit succeeded. */
apr_status_t afp_invitation_begin(afp_session_t *session, afp_invitation_begin_t *begin);

/* For work functions of store/: sets the state of the follow-up's invitation; `candidate_id` unless
 * "". */
apr_status_t afp_invitation_set_state(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      const char *state, const char *candidate_id);

#endif
