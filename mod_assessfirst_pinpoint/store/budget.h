#ifndef AFP_STORE_BUDGET_H
#define AFP_STORE_BUDGET_H

#include "store/session.h"

/* The calls that one AssessFirst token may make, across all machines: 90 in any minute (contract
 * assessfirst.md 3 allows 100). A row per token keeps `next_at`, the moment at which a steady
 * rate of one call a second would reach the calls already taken; it may run ahead of now by the
 * burst of 30 seconds, so that no 60 s ever hold more than 30 + 60 calls. */

#define AFP_BUDGET_BURST    30
#define AFP_BUDGET_INTERVAL APR_USEC_PER_SEC

/* What readings leave of the burst, so that an invitation never waits for them. */
#define AFP_BUDGET_RESERVE 8

/* Takes `calls` from the budget and leaves `reserve` of the burst, inside a transaction that
 * writes. APR_SUCCESS; APR_EAGAIN and *until if there are not so many now; or the database's
 * failure. */
apr_status_t afp_budget_take(afp_session_t *session, const char *token_digest, int calls,
                             int reserve, apr_time_t *until);

/* Gives back calls that were taken but not made. Inside a transaction that writes. */
apr_status_t afp_budget_give_back(afp_session_t *session, const char *token_digest, int calls);

/* Takes one call in a transaction of its own. */
apr_status_t afp_budget_take_one(afp_session_t *session, const char *token_digest);

/* AssessFirst answered 429: no call before `until`. Inside a transaction that writes. */
apr_status_t afp_budget_block(afp_session_t *session, const char *token_digest, apr_time_t until);

#endif
