#ifndef AFP_STORE_HISTORY_H
#define AFP_STORE_HISTORY_H

#include "store/assessment.h"
#include "store/invitation.h"

/* Everything that is known of one application, in the order of time, and what it comes to: the
 * answer to "Why was this candidate not invited?". */

typedef enum {
    AFP_HISTORY_DELIVERY, /* received: `state` is "", or ignored with its reason */
    AFP_HISTORY_ATTEMPT,  /* a run that was not the last: `state` is again or held */
    AFP_HISTORY_FINISHED, /* a follow-up ended: `state` is its result */
    AFP_HISTORY_OPEN,     /* one that has not: `state` is waiting (until `at`), running or held */
    AFP_HISTORY_INVITED   /* an invitation went out, whose follow-up is forgotten: `reason` is the
                           * model's name, "" for none */
} afp_history_what_t;

typedef struct {
    afp_history_what_t what;
    apr_time_t at;
    const char *id;    /* of the delivery or follow-up */
    const char *kind;  /* of the follow-up; the event's name; "" */
    const char *state; /* as in the list of activity, where nothing else is said */
    const char *reason;
    int attempts; /* this was the attempt of this number, or there were so many */
    int occurrence;
} afp_history_entry_t;

/* Why, or why not. */
typedef enum {
    AFP_VERDICT_UNKNOWN,   /* nothing is known that would say */
    AFP_VERDICT_INVITED,   /* there is an invitation that went out: whatever else happened */
    AFP_VERDICT_OPEN,      /* not yet */
    AFP_VERDICT_UNCERTAIN, /* nobody knows */
    AFP_VERDICT_SKIPPED,   /* the latest follow-up said no, or */
    AFP_VERDICT_DEAD,      /* failed */
    AFP_VERDICT_IGNORED    /* there was no trigger */
} afp_verdict_t;

typedef struct {
    apr_array_header_t *entries; /* afp_history_entry_t, the oldest first */
    int is_cut;                  /* 1: there may be older ones */
    afp_verdict_t verdict;
    const afp_history_entry_t *decisive; /* the entry that says so; NULL for unknown */
    const char *job_id;                  /* as far as it is known, else "" */
    afp_invitation_t invitation;         /* the latest that went out; occurrence 0: none */
    afp_assessment_t assessment;         /* of that one */
} afp_history_t;

#define AFP_HISTORY_LIMIT 100 /* entries, the latest; 50 of each kind at most */

/* Reads the history of an application of the tenant, in `pool`. */
apr_status_t afp_history_read(afp_session_t *session, const char *company_uuid,
                              const char *application_id, apr_pool_t *pool, afp_history_t *history);

#endif
