#ifndef AFP_STORE_FIELD_H
#define AFP_STORE_FIELD_H

#include "core/options.h"
#include "store/follow_up.h"

/* What a tenant's Pinpoint holds for us: custom fields with their ids, and what the options of the
 * jobs' model field mean. */

typedef struct {
    const char *resource_type; /* "job" or "application" */
    const char *name;
    const char *field_id;
    int created; /* 1: we made it, and may delete it */
} afp_field_t;

/* The tenant's fields: array of afp_field_t in `pool`. */
apr_status_t afp_field_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                            apr_array_header_t **fields);

/* Remembers a field, new or with another id. Once `created` it stays so as long as the id is the
 * same. With another id it is another field: what was written to the former one is forgotten as by
 * afp_field_forget. APR_NOTFOUND if the follow-up's lease is lost. */
apr_status_t afp_field_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                            const afp_field_t *field);

/* Forgets a field that is not in Pinpoint any more, and every attribute of it that was written if
 * `resource_type` is "application". APR_NOTFOUND if the lease is lost. */
apr_status_t afp_field_forget(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const char *resource_type, const char *name);

/* The map from option texts to models: array of afp_option_t in `pool`, in its order. */
apr_status_t afp_option_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                             apr_array_header_t **options);

/* How a synchronisation ended. */
typedef struct {
    apr_time_t at;      /* 0: there was none yet */
    int models;         /* that AssessFirst offers */
    char refused[1025]; /* why Pinpoint did not take the options; "" */
} afp_synchronised_t;

apr_status_t afp_synchronised_read(afp_session_t *session, const char *company_uuid,
                                   afp_synchronised_t *synchronised);

/* Stores the map (NULL: unchanged; texts are at most 255 bytes each) and how the synchronisation
 * ended, in one transaction. `synchronised->at` is set. APR_NOTFOUND if the lease is lost. */
apr_status_t afp_option_store(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const apr_array_header_t *options, afp_synchronised_t *synchronised);

#endif
