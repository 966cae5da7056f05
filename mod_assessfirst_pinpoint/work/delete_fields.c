#include "core/text.h"
#include "remote/pinpoint_fields.h"
#include "store/field.h"
#include "work/job.h"

#include <apr_strings.h>
#include <string.h>

/* The delete-fields follow-up, when a company disconnects and wishes so: takes away the custom
 * fields that we made, with all their values, and never others. */

#define WORDS_KEPT 80 /* bytes of Pinpoint's reason, for each field */

typedef struct {
    const afp_job_t *job;
    afp_pinpoint_t pinpoint;
    int deleted;
    const char *kept; /* names of fields that Pinpoint keeps, with its reasons */
} deletion_t;

static int delete_one(deletion_t *deletion, const afp_field_t *field, afp_end_t *end)
{
    const afp_job_t *job = deletion->job;
    afp_outcome_t outcome;

    if (afp_pinpoint_field_delete(&deletion->pinpoint, field->field_id, &outcome)) {
        deletion->deleted++;
        return afp_job_has_written(
            job, afp_field_forget(job->session, job->follow_up, field->resource_type, field->name),
            end);
    }
    if (outcome.kind != AFP_OUTCOME_REFUSED) {
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    deletion->kept =
        apr_psprintf(job->pool, "%s%s\"%s\" (%s)", deletion->kept, *deletion->kept ? ", " : "",
                     field->name, afp_text_shorten(job->pool, outcome.words, WORDS_KEPT));
    return 1;
}

void afp_delete_fields_run(const afp_job_t *job, afp_end_t *end)
{
    deletion_t deletion = {.job = job, .pinpoint = afp_job_pinpoint(job), .kept = ""};
    apr_array_header_t *fields;
    int i;

    if (afp_field_list(job->session, job->tenant->company_uuid, job->pool, &fields) !=
        APR_SUCCESS) {
        afp_job_no_database(job, end);
        return;
    }
    for (i = 0; i < fields->nelts; i++) {
        const afp_field_t *field = &APR_ARRAY_IDX(fields, i, afp_field_t);

        if (field->created && !delete_one(&deletion, field, end)) {
            return;
        }
    }
    afp_job_finish(end, "done",
                   apr_psprintf(job->pool, "%d custom fields were deleted in Pinpoint%s%s",
                                deletion.deleted, *deletion.kept ? "; it keeps: " : "",
                                deletion.kept));
}
