#ifndef AFP_REMOTE_PINPOINT_FIELDS_H
#define AFP_REMOTE_PINPOINT_FIELDS_H

#include "remote/pinpoint.h"

#include <apr_tables.h>

/* Pinpoint's custom fields: the definitions that jobs and applications hold values of (contract
 * pinpoint.md 9.1), and the values that jobs hold. Outcomes, words and threads as in
 * remote/pinpoint.h; the words of a 401 or 403 name the Pinpoint permission concerned. A list in
 * pages is complete or it is a failure. Texts belong to pinpoint->pool and are never NULL. */

#define AFP_PINPOINT_FIELD_PAGES 20 /* of 1000 fields */
#define AFP_PINPOINT_VALUE_PAGES 50 /* of 1000 values */

typedef struct {
    const char *id;                    /* "" = there is none */
    const char *name;                  /* trimmed */
    const char *resource_type;         /* "job", "application", ... */
    const char *field_type;            /* "single_select", "varchar", "integer", "text", ... */
    const apr_array_header_t *options; /* const char *, as they stand in Pinpoint */
    const char *sample;                /* sample_value */
    const char *description;
} afp_pinpoint_field_t;

/* All custom fields: array of afp_pinpoint_field_t. NULL unless outcome->kind is
 * AFP_OUTCOME_DONE. */
apr_array_header_t *afp_pinpoint_field_list(const afp_pinpoint_t *pinpoint, afp_outcome_t *outcome);

/* The field of such a list with this resource type and name (trimmed, byte by byte), or NULL. Of
 * several, which Pinpoint may allow, always the one with the lowest id: the oldest. */
const afp_pinpoint_field_t *afp_pinpoint_field_of(const apr_array_header_t *fields,
                                                  const char *resource_type, const char *name);

/* Both in one: with AFP_OUTCOME_DONE *field is the field, or its id is "". */
void afp_pinpoint_field_find(const afp_pinpoint_t *pinpoint, const char *resource_type,
                             const char *name, afp_pinpoint_field_t *field, afp_outcome_t *outcome);

/* Makes a field of everything but the id; `sample` must not be "" (contract: sample_value is
 * required), `options` may be NULL and are left out when empty, `description` when NULL or "".
 * Returns the new id, NULL unless outcome->kind is AFP_OUTCOME_DONE. AFP_OUTCOME_REFUSED with
 * status 422 may mean that the name is taken: list again. Never sent twice. */
const char *afp_pinpoint_field_create(const afp_pinpoint_t *pinpoint,
                                      const afp_pinpoint_field_t *wanted, afp_outcome_t *outcome);

/* Replaces the field's options by these (array of const char *), in their order. */
void afp_pinpoint_field_set_options(const afp_pinpoint_t *pinpoint, const char *id,
                                    const apr_array_header_t *options, afp_outcome_t *outcome);

/* Deletes the field with all its values. 1 if it is gone, also if it was gone before. 0 with
 * AFP_OUTCOME_REFUSED if Pinpoint keeps it, for example because it is in use: trying again is no
 * use. 0 with any other outcome. */
int afp_pinpoint_field_delete(const afp_pinpoint_t *pinpoint, const char *id,
                              afp_outcome_t *outcome);

/* The distinct texts that jobs hold for this field, trimmed (array of const char *), or NULL unless
 * outcome->kind is AFP_OUTCOME_DONE. A value whose field Pinpoint does not tell is taken as well:
 * rather too many are in use than too few. */
apr_array_header_t *afp_pinpoint_job_values(const afp_pinpoint_t *pinpoint, const char *field_id,
                                            afp_outcome_t *outcome);

#endif
