#include "work/fields.h"

#include "core/reason.h"
#include "store/field.h"

#include <apr_strings.h>
#include <string.h>

static int read_list(afp_fields_t *fields, afp_end_t *end)
{
    afp_outcome_t outcome;

    fields->list = afp_pinpoint_field_list(&fields->pinpoint, &outcome);
    if (!fields->list) {
        afp_job_fail(fields->job, &outcome, end);
    }
    return fields->list != NULL;
}

int afp_fields_open(afp_fields_t *fields, const afp_job_t *job, afp_end_t *end)
{
    *fields = (afp_fields_t){.job = job, .pinpoint = afp_job_pinpoint(job), .refused = ""};
    if (afp_field_list(job->session, job->tenant->company_uuid, job->pool, &fields->known) !=
        APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    return read_list(fields, end);
}

void afp_fields_refuse(afp_fields_t *fields, const char *words)
{
    fields->refused =
        apr_pstrcat(fields->job->pool, fields->refused, *fields->refused ? "\n" : "", words, NULL);
}

afp_pinpoint_field_t afp_fields_of_profile(afp_profile_field_t field)
{
    const afp_profile_entry_t *entry = &afp_profile[field];

    return (afp_pinpoint_field_t){.id = "",
                                  .name = entry->name,
                                  .resource_type = "application",
                                  .field_type = entry->field_type,
                                  .sample = entry->sample,
                                  .description = entry->description};
}

static int is_known(const afp_fields_t *fields, const afp_pinpoint_field_t *field)
{
    int i;

    for (i = 0; i < fields->known->nelts; i++) {
        const afp_field_t *known = &APR_ARRAY_IDX(fields->known, i, afp_field_t);

        if (!strcmp(known->resource_type, field->resource_type) &&
            !strcmp(known->name, field->name)) {
            return !strcmp(known->field_id, field->id);
        }
    }
    return 0;
}

/* 1, or 0 and *end. `name` is ours: Pinpoint's may have blanks around it. */
static int remember(afp_fields_t *fields, const char *id, const afp_pinpoint_field_t *wanted,
                    int created, afp_end_t *end)
{
    const afp_job_t *job = fields->job;
    afp_pinpoint_field_t as_wanted = *wanted;
    const afp_field_t field = {wanted->resource_type, wanted->name, id, created};

    as_wanted.id = id;
    if (!created && is_known(fields, &as_wanted)) {
        return 1;
    }
    return afp_job_has_written(job, afp_field_note(job->session, job->follow_up, &field), end);
}

/* Makes a field that is not there. *id is NULL if Pinpoint refused it, perhaps because somebody
 * else has just made it. 1, or 0 and *end. */
static int make(afp_fields_t *fields, const afp_pinpoint_field_t *wanted, const char **id,
                const char **words, afp_end_t *end)
{
    const afp_job_t *job = fields->job;
    afp_outcome_t outcome;

    *id = afp_pinpoint_field_create(&fields->pinpoint, wanted, &outcome);
    if (*id) {
        afp_log(job->site->logger, AFP_LOG_INFO,
                AFPNO(0332) "tenant %s: custom field \"%s\" was made in Pinpoint",
                job->tenant->company_uuid, wanted->name);
        return remember(fields, *id, wanted, 1, end);
    }
    if (outcome.kind != AFP_OUTCOME_REFUSED || outcome.status == 409) {
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    *words = apr_psprintf(job->pool, AFP_SENTENCE_FIELD_REFUSED, wanted->name, outcome.words);
    return 1;
}

/* The field of that name that a run which broke off made, if it is still there; or NULL. */
static const char *made_before(const afp_fields_t *fields, const afp_pinpoint_field_t *wanted)
{
    int i, j;

    for (i = 0; i < fields->known->nelts; i++) {
        const afp_field_t *known = &APR_ARRAY_IDX(fields->known, i, afp_field_t);

        if (!known->created || strcmp(known->resource_type, wanted->resource_type) != 0 ||
            strcmp(known->name, wanted->name) != 0) {
            continue;
        }
        for (j = 0; j < fields->list->nelts; j++) {
            const afp_pinpoint_field_t *field =
                &APR_ARRAY_IDX(fields->list, j, afp_pinpoint_field_t);

            if (!strcmp(field->id, known->field_id) && !strcmp(field->name, wanted->name)) {
                return known->field_id;
            }
        }
    }
    return NULL;
}

/* Takes away one that we made although somebody else did. If Pinpoint does not allow that, it
 * stays. 1, or 0 and *end. */
static int delete_double(const afp_fields_t *fields, const char *id, afp_end_t *end)
{
    afp_outcome_t outcome;

    if (afp_pinpoint_field_delete(&fields->pinpoint, id, &outcome) ||
        outcome.kind == AFP_OUTCOME_REFUSED || outcome.kind == AFP_OUTCOME_FORBIDDEN) {
        return 1;
    }
    afp_job_fail(fields->job, &outcome, end);
    return 0;
}

/* The field that counts, after all were made: the oldest one of its name. */
static int settle(afp_fields_t *fields, const afp_pinpoint_field_t *wanted, const char *made,
                  const char *words, const afp_pinpoint_field_t **found, afp_end_t *end)
{
    const afp_job_t *job = fields->job;
    const afp_pinpoint_field_t *field =
        afp_pinpoint_field_of(fields->list, wanted->resource_type, wanted->name);
    const int is_ours = made && field && !strcmp(made, field->id);
    const char *own = made ? made : made_before(fields, wanted);

    *found = NULL;
    if (!field) {
        /* Made, but not listed: found by the next one who looks. */
        if (words) {
            afp_fields_refuse(fields, words);
        }
        return 1;
    }
    if (own && strcmp(own, field->id) != 0 && !delete_double(fields, own, end)) {
        return 0;
    }
    if (strcmp(field->field_type, wanted->field_type) != 0) {
        afp_fields_refuse(fields,
                          apr_psprintf(job->pool, AFP_SENTENCE_FIELD_OTHER_TYPE, wanted->name,
                                       field->field_type, wanted->field_type));
        return 1;
    }
    *found = field;
    /* Another run of the tenant may have noted down its own in the meantime. */
    return remember(fields, field->id, wanted, is_ours, end);
}

int afp_fields_ensure(afp_fields_t *fields, const afp_pinpoint_field_t *wanted, int count,
                      const afp_pinpoint_field_t **found, afp_end_t *end)
{
    const char *made[AFP_FIELDS_MOST] = {NULL};
    const char *words[AFP_FIELDS_MOST] = {NULL};
    int missing = 0;
    int i;

    for (i = 0; i < count; i++) {
        if (!afp_pinpoint_field_of(fields->list, wanted[i].resource_type, wanted[i].name)) {
            missing = 1;
            if (!make(fields, &wanted[i], &made[i], &words[i], end)) {
                return 0;
            }
        }
    }
    if (missing && !read_list(fields, end)) {
        return 0;
    }
    for (i = 0; i < count; i++) {
        if (!settle(fields, &wanted[i], made[i], words[i], &found[i], end)) {
            return 0;
        }
    }
    return 1;
}
