#ifndef AFP_STORE_ACTIVITY_H
#define AFP_STORE_ACTIVITY_H

#include "store/follow_up.h"

/* What the marketplace page shows of a tenant's work. */

typedef struct {
    const char *id; /* of the follow-up, or of the ignored delivery */
    const char *kind;
    const char *state; /* waiting, running, held, ignored, or the result: invited, skipped,
                        * uncertain, dead, done */
    const char *application_id;
    const char *job_id;
    const char *delivery_id;
    const char *reason;
    apr_time_t at; /* finished, else due, else received */
    int attempts;
} afp_activity_t;

/* The latest `limit` of each: open follow-ups, finished ones, ignored deliveries; newest first:
 * array of afp_activity_t in `pool`, at most `limit` in all. Of the follow-ups: invitations;
 * write-backs and delete-fields that are held or dead; readings that are dead. */
apr_status_t afp_activity_recent(afp_session_t *session, const char *company_uuid, int limit,
                                 apr_pool_t *pool, apr_array_header_t **activities);

typedef struct {
    int waiting;     /* ready or leased follow-ups of applications, counted up to 1,000 each; not:
                      * readings */
    int held;        /* likewise */
    int invitations; /* open invite follow-ups, whatever they wait for, counted up to 1,000 each */
    int dead;        /* dead letters */
    int uncertain;   /* uncertain invitations */
    apr_time_t last_received_at;
} afp_activity_summary_t;

apr_status_t afp_activity_summarise(afp_session_t *session, const char *company_uuid,
                                    afp_activity_summary_t *summary);

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
