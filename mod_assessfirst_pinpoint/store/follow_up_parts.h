#ifndef AFP_STORE_FOLLOW_UP_PARTS_H
#define AFP_STORE_FOLLOW_UP_PARTS_H

#include "store/follow_up.h"

/* What the files about follow-ups and tenants share; nobody else includes it. All of it is for work
 * functions that hold the tenant's lock. */

/* Columns of afp_follow_up that its finished row has as well. */
#define AFP_FOLLOW_UP_KEPT                                                                         \
    "id, company_uuid, kind, delivery_id, application_id, job_id, occurrence, anyway, attempts, "  \
    "created_at"

/* Gives a follow-up its id and stores it, ready and due at `due_at`. */
apr_status_t afp_follow_up_insert(afp_session_t *session, afp_follow_up_t *follow_up,
                                  apr_time_t due_at);

/* A finished follow-up is repeated: dead or uncertain no longer. */
apr_status_t afp_follow_up_set_repeated(afp_session_t *session, const char *company_uuid,
                                        const char *id);

/* Sees to it that the tenant has a follow-up of this kind that is the whole tenant's. One that
 * exists and does not run becomes due at `due_at` if `hurry` is 1. */
apr_status_t afp_follow_up_add_once(afp_session_t *session, const char *company_uuid,
                                    const char *kind, apr_time_t due_at, int hurry);

/* afp_follow_up_want, due no later than `due_at`. */
apr_status_t afp_follow_up_add_wanted(afp_session_t *session, afp_follow_up_t *follow_up,
                                      apr_time_t due_at, int priority);

/* A release that is under way begins again: something that is held has come before what it has
 * reached. */
apr_status_t afp_follow_up_release_again(afp_session_t *session, const char *company_uuid);

/* The kind of follow-up that checks an API. */
const char *afp_follow_up_check_kind(const char *api);

#endif
