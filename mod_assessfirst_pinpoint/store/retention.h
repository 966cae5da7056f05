#ifndef AFP_STORE_RETENTION_H
#define AFP_STORE_RETENTION_H

#include "store/session.h"

/* Forgets what is old, a bounded number of rows a call: digests stop guarding against repeats after
 * `digest_age`; finished follow-ups go after `finished_age`, and so do attempts, and deliveries
 * that guard no more and whose application has no open follow-up. Days go when they are not shown
 * any more (store/day.h), entries of the audit trail after two years. Invitations and tombstones
 * stay. *more is 1 if there is more to do. */
apr_status_t afp_retention_run(afp_session_t *session, apr_interval_time_t digest_age,
                               apr_interval_time_t finished_age, int *more);

#endif
