#ifndef AFP_STORE_FOLLOW_UP_MOVE_H
#define AFP_STORE_FOLLOW_UP_MOVE_H

#include "store/follow_up.h"

/* Holding a tenant's backlog, releasing it, and hurrying its readings, a batch in each transaction,
 * which takes as long whatever the backlog's size. For work functions of store/ that hold the
 * tenant's lock: nobody else changes what is ready or held meanwhile. */

#define AFP_MOVE_BATCH 1000 /* rows that are looked at, and moved at most, in one transaction */

/* A place in the order in which a tenant's follow-ups are claimed. */
typedef struct {
    int priority;
    apr_time_t due_at;
    char id[AFP_ID_LENGTH + 1]; /* "": behind all that are due then */
} afp_position_t;

/* 1 if follow-ups of this kind are to be held. */
typedef int afp_holds_t(const void *baton, const char *kind);

typedef struct {
    const char *company_uuid;
    afp_holds_t *holds;
    const void *baton;
    int more; /* out: 1 if there may be more to be held */
} afp_hold_t;

/* Holds what is ready: all work, the latest due first, so that something is due, and the tenant is
 * looked at again, until all of it is held; then the readings that are due. */
apr_status_t afp_follow_up_hold_all(afp_session_t *session, afp_hold_t *hold);

/* Holds what is to be held of what comes behind `from`: of its priority, then, if that is not a
 * whole batch, of what else is due. The follow-up at `from` itself, which is due, comes last, so
 * that the tenant is looked at again until then. */
apr_status_t afp_follow_up_hold_from(afp_session_t *session, afp_hold_t *hold,
                                     const afp_position_t *from);

/* Makes held work ready, due at `since`, and held readings, which keep their time: a batch of what
 * is behind *position in the order of claims, which becomes the place of the last one; *more is 1
 * if there may be more. What is due at `since` already is passed over: if it is held, it was
 * released and held again. */
apr_status_t afp_follow_up_release_from(afp_session_t *session, const char *company_uuid,
                                        afp_position_t *position, apr_time_t since, int *more);

/* Makes readings due at `now` that wait for a later time, the next ones first: *count of them,
 * which is AFP_MOVE_BATCH if there may be more. */
apr_status_t afp_follow_up_hurry_batch(afp_session_t *session, const char *company_uuid,
                                       apr_time_t now, int *count);

#endif
