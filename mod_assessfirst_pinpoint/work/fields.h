#ifndef AFP_WORK_FIELDS_H
#define AFP_WORK_FIELDS_H

#include "core/profile.h"
#include "remote/pinpoint_fields.h"
#include "work/job.h"

/* The custom fields that we use in a tenant's Pinpoint: found again by name and resource type, made
 * once, remembered with their ids. Several machines, or sites with databases of their own, may do
 * that at once: the oldest field of a name wins, and whoever made another one takes it away
 * again. */

#define AFP_FIELDS_MOST (AFP_PROFILE_FIELDS + 1)

typedef struct {
    const afp_job_t *job;
    afp_pinpoint_t pinpoint;
    apr_array_header_t *list;  /* Pinpoint's fields, afp_pinpoint_field_t */
    apr_array_header_t *known; /* what is remembered, afp_field_t */
    const char *refused;       /* which fields cannot be used, and why; "" */
} afp_fields_t;

/* Reads Pinpoint's fields and what is remembered of them. 0 and *end on a failure. */
int afp_fields_open(afp_fields_t *fields, const afp_job_t *job, afp_end_t *end);

/* Finds or makes `count` (at most AFP_FIELDS_MOST) fields, and remembers them. found[i] is the
 * field as it is in Pinpoint, or NULL where there is none that can be used: of another type, which
 * is left alone, or refused by Pinpoint. `wanted` as for afp_pinpoint_field_create. 0 and *end on a
 * failure. */
int afp_fields_ensure(afp_fields_t *fields, const afp_pinpoint_field_t *wanted, int count,
                      const afp_pinpoint_field_t **found, afp_end_t *end);

/* The definition of a profile's field. */
afp_pinpoint_field_t afp_fields_of_profile(afp_profile_field_t field);

/* Adds a sentence to what cannot be used. */
void afp_fields_refuse(afp_fields_t *fields, const char *words);

#endif
