#ifndef AFP_CORE_PROFILE_H
#define AFP_CORE_PROFILE_H

#include "core/results.h"

/* What is written to the candidate's application in Pinpoint: custom fields (contract pinpoint.md
 * 9). The table is constant; any thread. */

typedef enum {
    AFP_FIELD_STATUS, /* as afp_results_status says, or why there is no invitation */
    AFP_FIELD_SCORE,  /* the global score */
    AFP_FIELD_SWIPE,
    AFP_FIELD_DRIVE,
    AFP_FIELD_BRAIN,
    AFP_FIELD_VOICE,
    AFP_FIELD_RESULTS, /* the link */
    AFP_PROFILE_FIELDS
} afp_profile_field_t;

typedef struct {
    const char *name;        /* the custom field's name in Pinpoint */
    const char *field_type;  /* varchar, integer, text */
    const char *value_key;   /* varchar_value, integer_value, text_value */
    const char *sample;      /* sample_value, which Pinpoint requires */
    const char *description; /* shown by Pinpoint beside the field */
    const char *choice;      /* the choice's name, as the page stores and sends it */
} afp_profile_entry_t;

extern const afp_profile_entry_t afp_profile[AFP_PROFILE_FIELDS];

/* A company's choice of what is written: a mask of 1 << field, and this for the comment. All of it
 * unless the company chose otherwise. */
#define AFP_WRITE_COMMENT (1u << AFP_PROFILE_FIELDS)
#define AFP_WRITE_ALL     ((1u << (AFP_PROFILE_FIELDS + 1)) - 1)

#define AFP_PROFILE_STATUS_LIMIT 255 /* bytes; Pinpoint's limit of a varchar is 255 characters */

/* The value of each field as Pinpoint reads it back (numbers as decimal text); "" = nothing to
 * write. `failure`, if not NULL, makes the status "Failed: <failure>" on one line, shortened to
 * AFP_PROFILE_STATUS_LIMIT. `results` is NULL if there are none. */
void afp_profile_values(apr_pool_t *pool, const afp_results_t *results, const char *failure,
                        const char *values[AFP_PROFILE_FIELDS]);

#endif
