#ifndef AFP_STORE_INVITATION_LIST_H
#define AFP_STORE_INVITATION_LIST_H

#include "store/invitation.h"

/* A tenant's invitations, the latest sent first, a page at a time: a page costs the same with a
 * million of them. */

typedef struct {
    const char *application_id;
    const char *job_id;
    int occurrence;
    const char *state;
    const char *model_uuid; /* "" = no model */
    const char *model_name;
    const char *candidate_id; /* "" = it is not known */
    apr_time_t sending_at;

    /* of its assessment, as it was last read */
    const char *progress; /* "" = nothing is known yet */
    int score;            /* AFP_SCORE_NONE: there is none */
    apr_time_t read_at;
    const char *closed;
} afp_invitation_entry_t;

/* A place in the list, which is ordered by these three. */
typedef struct {
    apr_time_t sending_at;
    char application_id[21]; /* "" = nowhere */
    int occurrence;
} afp_invitation_place_t;

#define AFP_INVITATION_LIST_LIMIT 100

typedef struct {
    const char *company_uuid;
    const char *application_id;    /* only this one's; "" = all */
    int limit;                     /* rows, at most AFP_INVITATION_LIST_LIMIT */
    afp_invitation_place_t before; /* older than this; nowhere: the newest */

    apr_array_header_t *entries; /* out: afp_invitation_entry_t in the pool given */
    int older;                   /* out: 1 if there are older ones than these */
} afp_invitation_list_t;

apr_status_t afp_invitation_list_read(afp_session_t *session, afp_invitation_list_t *list,
                                      apr_pool_t *pool);

/* For the test that proves that it follows its index. Values: company_uuid; of the place
 * sending_at, sending_at, application_id, application_id and occurrence; the limit. */
extern const afp_statement_t afp_invitation_list_select;

#endif
