#ifndef AFP_STORE_ACTIVITY_H
#define AFP_STORE_ACTIVITY_H

#include "store/follow_up.h"

/* What the marketplace page shows of a tenant's work. Whatever is asked here costs the same with a
 * million rows: every statement follows an index and ends at a limit. */

/* ---- the list ---- */

/* The states of the list. Open follow-ups are waiting, running or held, deliveries may be ignored,
 * all others are results. */
#define AFP_ACTIVITY_WAITING   "waiting"
#define AFP_ACTIVITY_RUNNING   "running"
#define AFP_ACTIVITY_HELD      "held"
#define AFP_ACTIVITY_IGNORED   "ignored"
#define AFP_ACTIVITY_INVITED   "invited"
#define AFP_ACTIVITY_SKIPPED   "skipped"
#define AFP_ACTIVITY_UNCERTAIN "uncertain"
#define AFP_ACTIVITY_DEAD      "dead"
#define AFP_ACTIVITY_REPEATED  "repeated" /* was dead or uncertain */
#define AFP_ACTIVITY_DONE      "done"

typedef struct {
    const char *id; /* of the follow-up, or of the ignored delivery */
    const char *kind;
    const char *state;
    const char *application_id;
    const char *job_id;
    const char *delivery_id;
    const char *reason;
    apr_time_t at; /* finished, else due, else received */
    int attempts;
} afp_activity_t;

/* A place in the list, which is ordered by (at, id), newest first. */
typedef struct {
    apr_time_t at;
    char id[AFP_ID_LENGTH + 1]; /* "" = nowhere */
} afp_activity_place_t;

/* One page of the list: what is asked for, and what there is. */
typedef struct {
    const char *company_uuid;
    const char *state;           /* only these; "" = all */
    const char *application_id;  /* only this one's, the latest 200 of a kind; "" = all */
    int limit;                   /* rows, at most AFP_ACTIVITY_LIMIT */
    afp_activity_place_t before; /* older than this, the newest of them; or */
    afp_activity_place_t after;  /* newer than this, the oldest of them; nowhere: the newest */

    apr_array_header_t *activities; /* out: afp_activity_t in the pool given, newest first */
    int older;                      /* out: 1 if there are older ones than these */
    int newer;                      /* out: 1 if there are newer ones */
} afp_activity_page_t;

#define AFP_ACTIVITY_LIMIT 100

/* Reads a page of the tenant's activity: deliveries that were ignored; follow-ups that are open or
 * finished, without readings that are as they should be (they would hide everything else), checks
 * and synchronisations. */
apr_status_t afp_activity_read(afp_session_t *session, afp_activity_page_t *page, apr_pool_t *pool);

/* One of that list by its id; or, by the id of a delivery, the latest that came of it.
 * APR_NOTFOUND if the tenant has none of this id. */
apr_status_t afp_activity_find(afp_session_t *session, const char *company_uuid, const char *id,
                               apr_pool_t *pool, afp_activity_t *activity);

/* 1 if a state of the list has this name. */
int afp_activity_is_state(const char *state);

/* ---- numbers ---- */

/* Counts end here: one of so many is told as "or more". */
#define AFP_ACTIVITY_COUNTED_TO 500

typedef struct {
    int waiting;          /* ready or leased follow-ups of applications, not: readings */
    int held;             /* likewise */
    int dead;             /* dead letters */
    int uncertain;        /* uncertain invitations */
    apr_time_t oldest_at; /* when the oldest of what is waiting or held was made: of the 100 in each
                           * state that were due first; 0: nothing is */
    apr_time_t next_retry_at; /* when the next of them that waits for its time is due; 0: there is
                               * none */
    apr_time_t last_received_at;
} afp_activity_summary_t;

apr_status_t afp_activity_summarise(afp_session_t *session, const char *company_uuid,
                                    afp_activity_summary_t *summary);

/* Open invite follow-ups, whatever they wait for: at most 200 in each state; 200 are told as "or
 * more". */
#define AFP_ACTIVITY_INVITATIONS 200

apr_status_t afp_activity_invitations(afp_session_t *session, const char *company_uuid, int *count);

/* ---- the connection ---- */

typedef struct {
    const char *api;
    const char *kind;
    const char *words;
    apr_time_t since;
} afp_parking_t;

/* What is parked for the owners (company_uuid and, where the site has its token, the site): array
 * of afp_parking_t. */
apr_status_t afp_activity_parkings(afp_session_t *session, const char *company_uuid,
                                   const char *token_owner, apr_pool_t *pool,
                                   apr_array_header_t **parkings);

/* A finished follow-up of the tenant, to be repeated. APR_NOTFOUND if there is none of this id. */
apr_status_t afp_activity_finished(afp_session_t *session, const char *company_uuid, const char *id,
                                   afp_follow_up_t *follow_up, char result[17]);

/* The result and time of the latest finished check of a kind; result "" if there is none; open = 1
 * if one is waiting or running. */
typedef struct {
    char result[17];
    char reason[1025];
    apr_time_t finished_at;
    int open;
} afp_check_state_t;
apr_status_t afp_activity_check(afp_session_t *session, const char *company_uuid, const char *kind,
                                afp_check_state_t *state);

#endif
