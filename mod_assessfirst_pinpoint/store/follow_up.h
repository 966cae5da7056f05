#ifndef AFP_STORE_FOLLOW_UP_H
#define AFP_STORE_FOLLOW_UP_H

#include "core/id.h"
#include "store/session.h"
#include "store/tenant.h"

#include <apr_tables.h>

/* Follow-ups: units of background work, claimed under a lease. Who lost his lease changes
 * nothing. */

#define AFP_FOLLOW_UP_INVITE            "invite"
#define AFP_FOLLOW_UP_CHECK_PINPOINT    "check-pinpoint"
#define AFP_FOLLOW_UP_CHECK_ASSESSFIRST "check-assessfirst"

#define AFP_FOLLOW_UP_SYNCHRONISE   "synchronise"
#define AFP_FOLLOW_UP_READ_RESULTS  "read-results"
#define AFP_FOLLOW_UP_WRITE_BACK    "write-back"
#define AFP_FOLLOW_UP_DELETE_FIELDS "delete-fields"

/* Which of a tenant's due follow-ups comes first: 0 before 1 and so on; of equals the longest due.
 * Readings come behind everything else, newer invitations before older ones. */
#define AFP_PRIORITY_WORK    0
#define AFP_PRIORITY_HINTED  1 /* a reading that somebody waits for */
#define AFP_PRIORITY_READING 2 /* this and what core/results.h adds for the invitation's age */

#define AFP_API_PINPOINT    "pinpoint"
#define AFP_API_ASSESSFIRST "assessfirst"

#define AFP_REASON_LIMIT  1000 /* bytes */
#define AFP_IN_FLIGHT_CAP 2    /* leased follow-ups of one tenant, all machines together */

typedef struct {
    char id[AFP_ID_LENGTH + 1];
    char company_uuid[AFP_ID_LENGTH + 1];
    char kind[25];
    char lease[AFP_ID_LENGTH + 1];
    char delivery_id[AFP_ID_LENGTH + 1]; /* "" if no delivery caused it */
    char application_id[21];
    char job_id[21];
    int priority;
    int occurrence;                /* of the invitation: 1, raised by "Send again" */
    int anyway;                    /* "Invite anyway": 1 */
    int attempts;                  /* claims so far, this one included */
    int missing;                   /* times that Pinpoint did not know the application */
    apr_interval_time_t tried_for; /* time spent waiting between tries; not: parked, paused,
                                    * budget */
    apr_time_t created_at;
    apr_int64_t generation; /* of the tenant's settings when it was claimed */
} afp_follow_up_t;

/* ---- claiming ---- */

/* The tenants that have due work, the longest waiting first, at most `limit`: array of char * in
 * `pool`. When there are more, or one tenant's backlog hides the others, those after `cursor` (a
 * company_uuid or "") are listed in order instead, and then from the first on, so that a caller who
 * moves its cursor reaches all. The cost does not grow with a backlog. */
apr_status_t afp_follow_up_due(afp_session_t *session, const char *cursor, int limit,
                               apr_pool_t *pool, apr_array_header_t **company_uuids);

typedef enum {
    AFP_CLAIM_TAKEN,
    AFP_CLAIM_STALE,   /* the tenant's settings are not those of `generation`: read it again */
    AFP_CLAIM_NOTHING, /* nothing due, or what is due waits for another of the same application */
    AFP_CLAIM_ENOUGH,  /* the tenant has enough in flight */
    AFP_CLAIM_BUDGET,  /* the AssessFirst budget is spent until `until` */
    AFP_CLAIM_HELD     /* the tenant is paused, disconnected or its API is parked: a batch of its
                        * rows is held now, readings as they become due */
} afp_claim_result_t;

typedef struct {
    const char *company_uuid;
    apr_int64_t generation;   /* of the settings that the caller would work with */
    const char *wanted_id;    /* this follow-up first, if it is due; or NULL */
    const char *token_digest; /* SHA-256 of the AssessFirst token, in hex; "" if there is
                               * none */
    const char *token_owner;  /* whom parking of AssessFirst belongs to: the company_uuid or
                               * the site */
    apr_interval_time_t lease_time;
    afp_claim_result_t result; /* out */
    apr_time_t until;          /* out, for AFP_CLAIM_BUDGET */
    int more;                  /* out, for AFP_CLAIM_HELD: 1 if there are more rows than a batch:
                                * claim again, which holds the next ones */
    afp_follow_up_t follow_up; /* out, for AFP_CLAIM_TAKEN */
} afp_claim_t;

/* Calls to AssessFirst that a kind of follow-up may make, taken from the budget with the claim. */
int afp_follow_up_calls(const char *kind);

/* Claims one due follow-up of a tenant, together with its share of the budget: the wanted one, else
 * the first of the lowest priority; what needs no call does not wait for what finds no budget. The
 * cost does not grow with what is not due. A tenant that is not connected has nothing claimed, with
 * one exception: delete-fields runs when it is disconnected, parked or not, as soon as nothing else
 * is leased. */
apr_status_t afp_follow_up_claim(afp_session_t *session, afp_claim_t *claim);

/* ---- while it runs ---- */

/* Extends the leases of `count` follow-ups to now + lease_time; lost ones are passed over. */
apr_status_t afp_follow_up_renew(afp_session_t *session, const afp_follow_up_t *follow_ups,
                                 int count, apr_interval_time_t lease_time);

/* For work functions of store/: extends the lease by compare-and-set. APR_NOTFOUND if it is
 * lost. */
apr_status_t afp_follow_up_hold_lease(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      apr_interval_time_t lease_time);

/* For work functions of store/: takes the tenant's lock. APR_NOTFOUND if the lease is lost;
 * otherwise nobody else is given the follow-up before the transaction ends. */
apr_status_t afp_follow_up_lock(afp_session_t *session, const afp_follow_up_t *follow_up);

/* ---- ending a run ---- */

/* A follow-up of the same application, invitation and delivery that the end of this one asks for.
 * If one of its kind is open already, that one is made due no later than this. */
typedef struct {
    const char *kind;
    apr_interval_time_t delay; /* from now */
    int priority;
} afp_next_t;

#define AFP_END_NEXT 2

struct afp_assessment_t;

typedef enum {
    AFP_END_FINISH, /* the follow-up is over: `result`, `reason` */
    AFP_END_AGAIN,  /* due again after `delay` */
    AFP_END_PARK    /* its API refused us: held until a check succeeds */
} afp_end_kind_t;

typedef struct {
    afp_end_kind_t kind;
    const char *result;           /* FINISH: invited, skipped, uncertain, dead or done */
    const char *reason;           /* plain words, at most AFP_REASON_LIMIT bytes; "" for none */
    apr_interval_time_t delay;    /* AGAIN: from now */
    apr_interval_time_t tried;    /* AGAIN: added to tried_for */
    int erased;                   /* FINISH: the application's data was erased before: nothing that
                                   * names it is kept, nor `result` and `reason` */
    int missing;                  /* AGAIN: 1 if the remote did not know the application, or the
                                   * candidate */
    int fresh;                    /* AGAIN: 1 if this run did its work: tries, time of trying and
                                   * `missing` start from 0 */
    int priority;                 /* AGAIN with fresh: from now on */
    const char *park_api;         /* PARK, or AGAIN of a check that was refused; otherwise NULL */
    const char *park_kind;        /* with park_api: "*" for all kinds */
    const char *park_owner;       /* with park_api: company_uuid, or the site for its token */
    const char *invitation_state; /* the invitation's new state, or NULL: unchanged */
    const char *candidate_id;     /* with invitation_state: stored if not "" */
    const struct afp_assessment_t *assessment; /* stored for the application; NULL: unchanged */
    afp_next_t next[AFP_END_NEXT];             /* what is to follow; kind NULL: nothing */
    const char *token_digest;                  /* of the AssessFirst token; with the next two */
    int unused_calls;                 /* claimed with the follow-up but not made: given back */
    apr_interval_time_t budget_delay; /* AssessFirst's 429: no call of this token for so long; 0:
                                       * none */
} afp_end_t;

/* Ends a run in one transaction. APR_NOTFOUND if the lease is lost (nothing changed).
 * - Readings and write-backs that end *done* are not kept among the finished ones: what they did is
 *   in afp_assessment and afp_written.
 * - A fresh end gives way to another open follow-up of its kind for the application: somebody
 *   wanted it while this one ran (afp_follow_up_want).
 * - delete-fields is not parked but ends *dead*: nobody would resume it. Its end, however it comes
 *   about, erases the API key that was kept for it (afp_tenant_disconnect). */
apr_status_t afp_follow_up_end(afp_session_t *session, const afp_follow_up_t *follow_up,
                               const afp_end_t *end);

/* Gives leases back at a stop: due at once for everybody. */
apr_status_t afp_follow_up_release(afp_session_t *session, const afp_follow_up_t *follow_ups,
                                   int count);

/* ---- the ticker's care ---- */

/* Leases that ran out become ready. *count of them. */
apr_status_t afp_follow_up_expire(afp_session_t *session, int *count);

/* What was held is made ready in batches: the first one of a tenant at once, by whoever resumes it,
 * and the others by this, one batch of one tenant in a call. What is to be released is noted in the
 * transaction that resumes, so that whoever calls this finishes what another process began; a
 * tenant that is not connected any more keeps the rest. `cursor` is "" at first, then the tenant
 * that had its turn, so that all have one. *more is 0 if there was nothing to release. */
apr_status_t afp_follow_up_release_more(afp_session_t *session, char cursor[AFP_ID_LENGTH + 1],
                                        int *more);

/* An API answered again: ends its parking and makes what was held ready, as above. */
apr_status_t afp_follow_up_resume_api(afp_session_t *session, const char *owner, const char *api);

/* An API takes some calls again, and others not: ends the parking of these kinds (park_kind, so "*"
 * may be among them) and makes what was held ready. What stays parked is held again as soon as
 * somebody would claim it. */
apr_status_t afp_follow_up_resume_kinds(afp_session_t *session, const char *owner, const char *api,
                                        const char *const *kinds, int count);

/* For work functions of store/: a tenant's settings changed; ends its parking (not the site's),
 * makes everything held ready as above, sees to it that its checks and its synchronisation are due
 * now, and drops the deletion of its fields. */
apr_status_t afp_follow_up_resume_in_transaction(afp_session_t *session, const char *company_uuid);

/* Sees to it that every parking has its check and every connected tenant its synchronisation,
 * adding those that are missing (of the latter some in each call), and that nothing is held without
 * a parking. */
apr_status_t afp_follow_up_repair(afp_session_t *session);

/* ---- what the page asks for ---- */

/* Adds a follow-up, due at once. `follow_up` needs company_uuid, kind, application_id, job_id,
 * delivery_id, anyway; gets its id. If it comes with the id of a finished one, it repeats that one,
 * which is dead or uncertain no longer. Its occurrence stays, at least 1. Without an application it
 * is the whole tenant's, which has one of each kind: one that exists already is made due instead.
 */
apr_status_t afp_follow_up_add(afp_session_t *session, afp_follow_up_t *follow_up);

/* Repeats a finished follow-up of an application that ended with `result`: adds one like it, due at
 * once, which `follow_up` becomes; a dead or uncertain one is that no longer. With `anyway` 1 it
 * invites whatever the checks say. An invitation is repeated under its own occurrence; of others
 * there is only one open of a kind. APR_NOTFOUND, and nothing is done, if there is none of this id
 * that ended so, another invitation has taken its place, or the tenant is neither connected nor
 * paused. */
apr_status_t afp_follow_up_repeat(afp_session_t *session, const char *company_uuid, const char *id,
                                  const char *result, int anyway, afp_follow_up_t *follow_up);

/* Repeating all that are dead. */
typedef struct {
    const char *company_uuid;
    const char *application_id; /* only this one's; "" = all */
    apr_time_t until;           /* only those that ended no later */
    int limit;                  /* at most so many */
    int count;                  /* out */
} afp_repeat_t;

/* Counts them, up to the limit; `until` becomes now. */
apr_status_t afp_follow_up_count_dead(afp_session_t *session, afp_repeat_t *repeat);

/* Repeats them, the longest dead first, in several transactions, for some seconds at most: `count`
 * becomes the number of follow-ups that this added. APR_NOTFOUND as above; after another failure
 * some may have been repeated. */
apr_status_t afp_follow_up_repeat_dead(afp_session_t *session, afp_repeat_t *repeat);

/* Sees to it that an open follow-up of this kind for this application is due at once with this
 * priority: the one that exists, or a new one like `follow_up` (as for afp_follow_up_add; needs
 * its occurrence), also while one runs, which may be past what it is wanted for. `follow_up` gets
 * the id of what is due. APR_NOTFOUND if there is no such tenant. */
apr_status_t afp_follow_up_want(afp_session_t *session, afp_follow_up_t *follow_up, int priority);

/* Makes all readings of a tenant that wait for their time due at once, with the priority that they
 * have: in several transactions, the next ones first, for some seconds at most. *count of them.
 * APR_NOTFOUND if there is no such tenant; after another failure some may be due. */
apr_status_t afp_follow_up_hurry_readings(afp_session_t *session, const char *company_uuid,
                                          int *count);

/* Open follow-ups of a tenant without its readings, counted up to `limit`. */
apr_status_t afp_follow_up_count(afp_session_t *session, const char *company_uuid, int limit,
                                 int *count);

#endif
