#include "store/field.h"
#include "store/profile.h"
#include "work/fields.h"
#include "work/write_back.h"

#include <apr_strings.h>
#include <string.h>

/* The values on a candidate's profile. What was written is remembered after each success, so that a
 * run that breaks off anywhere is just repeated. */

/* As the id of an attribute: Pinpoint was asked and has none. It becomes unknown ("") again before
 * one is made, so that after a crash in between Pinpoint is asked again. */
#define NO_ATTRIBUTE "-"

#define BIT(field) (1u << (field))
#define ALL        (BIT(AFP_PROFILE_FIELDS) - 1)

typedef struct {
    const afp_job_t *job;
    afp_pinpoint_t pinpoint;
    const char *application_id;
    const char *const *values;                 /* what the profile should say */
    afp_written_t written[AFP_PROFILE_FIELDS]; /* what it says */
    const char *field_ids[AFP_PROFILE_FIELDS]; /* "" = not known */
    unsigned int changed;                      /* what is to be written */
    int anew;     /* ids that are remembered turned out to be wrong: Pinpoint is asked for all */
    int together; /* one call, if Pinpoint takes it */
    afp_standing_t *standing;
} writing_t;

/* 1, or 0 and *end. */
static int find_changes(writing_t *writing, afp_end_t *end)
{
    const afp_job_t *job = writing->job;
    int field;

    if (afp_profile_written(job->session, job->tenant->company_uuid, writing->application_id,
                            writing->written) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    writing->changed = 0;
    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        if ((job->tenant->choices & BIT(field)) &&
            strcmp(writing->values[field], writing->written[field].value) != 0) {
            writing->changed |= BIT(field);
        }
    }
    return 1;
}

/* The link may name the candidate (contract assessfirst.md 8): one that is new or changed is not
 * written while Pinpoint conceals who that is. 1, or 0 and *end. */
static int leave_out_concealed(writing_t *writing, afp_end_t *end)
{
    if (!(writing->changed & BIT(AFP_FIELD_RESULTS)) || !*writing->values[AFP_FIELD_RESULTS]) {
        return 1;
    }
    if (!afp_standing_ask(writing->job, writing->standing, end)) {
        return 0;
    }
    if (!writing->standing->deleted && writing->standing->last.concealed) {
        writing->changed &= ~BIT(AFP_FIELD_RESULTS);
    }
    return 1;
}

/* ---- fields ---- */

static const char *recall_field(const apr_array_header_t *fields, int field)
{
    int i;

    for (i = 0; i < fields->nelts; i++) {
        const afp_field_t *known = &APR_ARRAY_IDX(fields, i, afp_field_t);

        if (!strcmp(known->resource_type, "application") &&
            !strcmp(known->name, afp_profile[field].name)) {
            return known->field_id;
        }
    }
    return "";
}

/* Finds or makes in Pinpoint the fields in `mask`. What cannot be used is not written: the
 * synchronisation reports it. */
static int ensure_fields(writing_t *writing, unsigned int mask, afp_end_t *end)
{
    afp_pinpoint_field_t wanted[AFP_PROFILE_FIELDS];
    const afp_pinpoint_field_t *found[AFP_PROFILE_FIELDS];
    int field_of[AFP_PROFILE_FIELDS];
    afp_fields_t fields;
    int count = 0;
    int field, i;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        if (mask & BIT(field)) {
            field_of[count] = field;
            wanted[count++] = afp_fields_of_profile((afp_profile_field_t)field);
        }
    }
    if (!afp_fields_open(&fields, writing->job, end) ||
        !afp_fields_ensure(&fields, wanted, count, found, end)) {
        return 0;
    }
    for (i = 0; i < count; i++) {
        if (found[i]) {
            writing->field_ids[field_of[i]] = found[i]->id;
        } else {
            writing->changed &= ~BIT(field_of[i]);
        }
    }
    return 1;
}

static int find_fields(writing_t *writing, afp_end_t *end)
{
    const afp_job_t *job = writing->job;
    apr_array_header_t *fields;
    unsigned int unknown = 0;
    int field;

    if (afp_field_list(job->session, job->tenant->company_uuid, job->pool, &fields) !=
        APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        writing->field_ids[field] = writing->anew ? "" : recall_field(fields, field);
        if ((writing->changed & BIT(field)) && !*writing->field_ids[field]) {
            unknown |= BIT(field);
        }
    }
    return !unknown || ensure_fields(writing, unknown, end);
}

/* ---- attributes ---- */

static int is_made(const afp_written_t *written)
{
    return strcmp(written->attribute_id, NO_ATTRIBUTE) != 0;
}

static const char *attribute_of(const writing_t *writing, const apr_array_header_t *attributes,
                                int field)
{
    const char *field_id = writing->field_ids[field];
    int i;

    for (i = 0; i < attributes->nelts; i++) {
        const afp_pinpoint_attribute_t *attribute =
            &APR_ARRAY_IDX(attributes, i, afp_pinpoint_attribute_t);

        if (*attribute->field_id && *field_id
                ? !strcmp(attribute->field_id, field_id)
                : !strcmp(attribute->field_name, afp_profile[field].name)) {
            return attribute->id;
        }
    }
    return NO_ATTRIBUTE;
}

/* Asks Pinpoint which of the profile's attributes there are. */
static int list_attributes(writing_t *writing, afp_end_t *end)
{
    afp_outcome_t outcome;
    const apr_array_header_t *attributes =
        afp_pinpoint_attributes(&writing->pinpoint, writing->application_id, &outcome);
    int field;

    if (!attributes) {
        afp_job_fail(writing->job, &outcome, end);
        return 0;
    }
    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        afp_written_t *written = &writing->written[field];

        apr_cpystrn(written->attribute_id, attribute_of(writing, attributes, field),
                    sizeof(written->attribute_id));
    }
    return 1;
}

static int note(const writing_t *writing, unsigned int fields, const afp_written_t *written,
                afp_end_t *end)
{
    const afp_job_t *job = writing->job;

    return !fields ||
           afp_job_has_written(job, afp_profile_note(job->session, job->follow_up, fields, written),
                               end);
}

/* The ids of what is to be changed; what is going to be made is noted down as unknown. */
static int find_attributes(writing_t *writing, afp_end_t *end)
{
    afp_written_t noted[AFP_PROFILE_FIELDS];
    unsigned int to_note = 0;
    int unknown = writing->anew;
    int field;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        unknown |= (writing->changed & BIT(field)) && !*writing->written[field].attribute_id;
    }
    if (unknown) {
        to_note = ALL;
        if (!list_attributes(writing, end)) {
            return 0;
        }
    }
    memcpy(noted, writing->written, sizeof(noted));
    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        if ((writing->changed & BIT(field)) && !is_made(&noted[field])) {
            noted[field].attribute_id[0] = '\0';
            to_note |= BIT(field);
        }
    }
    return note(writing, to_note, noted, end);
}

/* ---- writing ---- */

static const char *id_to_write(const writing_t *writing, int field)
{
    const afp_written_t *written = &writing->written[field];

    return is_made(written) ? written->attribute_id : "";
}

/* Remembers that these fields are written. The ids of new attributes are not told. */
static int have_written(writing_t *writing, unsigned int fields, afp_end_t *end)
{
    int field;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        afp_written_t *written = &writing->written[field];

        if (fields & BIT(field)) {
            apr_cpystrn(written->value, writing->values[field], sizeof(written->value));
            if (!is_made(written)) {
                written->attribute_id[0] = '\0';
            }
        }
    }
    writing->changed &= ~fields;
    return note(writing, fields, writing->written, end);
}

static int is_refusal(const afp_outcome_t *outcome)
{
    return outcome->kind == AFP_OUTCOME_MISSING ||
           (outcome->kind == AFP_OUTCOME_REFUSED && outcome->status != 409);
}

/* All of them with one call; what Pinpoint does not take so is still to be written. */
static int write_together(writing_t *writing, afp_end_t *end)
{
    afp_pinpoint_value_t values[AFP_PROFILE_FIELDS];
    afp_pinpoint_standing_t told;
    afp_outcome_t outcome;
    int count = 0;
    int field;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        if (writing->changed & BIT(field)) {
            values[count++] =
                (afp_pinpoint_value_t){id_to_write(writing, field), writing->field_ids[field],
                                       afp_profile[field].value_key, writing->values[field]};
        }
    }
    afp_pinpoint_attributes_set(&writing->pinpoint, writing->application_id, values, count, &told,
                                &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE) {
        writing->standing->last = told;
        writing->standing->told = 1;
        return have_written(writing, writing->changed, end);
    }
    if (is_refusal(&outcome)) {
        return 1;
    }
    afp_job_fail(writing->job, &outcome, end);
    return 0;
}

/* Each with a call of its own; one that is refused does not stop the others. *refused is the first
 * of them, if one is. */
static int write_apart(writing_t *writing, afp_outcome_t *refused, afp_end_t *end)
{
    int field;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        afp_outcome_t outcome;

        if (!(writing->changed & BIT(field))) {
            continue;
        }
        afp_pinpoint_attribute_set(&writing->pinpoint, id_to_write(writing, field),
                                   writing->field_ids[field], writing->application_id,
                                   afp_profile[field].value_key, writing->values[field], &outcome);
        if (outcome.kind == AFP_OUTCOME_DONE) {
            if (!have_written(writing, BIT(field), end)) {
                return 0;
            }
        } else if (!is_refusal(&outcome)) {
            afp_job_fail(writing->job, &outcome, end);
            return 0;
        } else if (refused->kind == AFP_OUTCOME_DONE) {
            *refused = outcome;
        }
    }
    return 1;
}

static int write_changes(writing_t *writing, afp_outcome_t *refused, afp_end_t *end)
{
    unsigned int changed;

    refused->kind = AFP_OUTCOME_DONE;
    if (!find_changes(writing, end) || !leave_out_concealed(writing, end)) {
        return 0;
    }
    if (!writing->changed || writing->standing->deleted) {
        return 1;
    }
    if (!find_fields(writing, end)) {
        return 0;
    }
    changed = writing->changed;
    if (!changed) {
        return 1; /* what is left cannot be written */
    }
    if (!find_attributes(writing, end)) {
        return 0;
    }
    if (writing->together || (changed & (changed - 1))) {
        if (!writing->anew && !write_together(writing, end)) {
            return 0;
        }
    }
    return write_apart(writing, refused, end);
}

int afp_write_values(const afp_job_t *job, const char *const values[AFP_PROFILE_FIELDS],
                     int wants_standing, afp_standing_t *standing, afp_end_t *end)
{
    writing_t writing = {
        .job = job,
        .pinpoint = afp_job_pinpoint(job),
        .application_id = job->follow_up->application_id,
        .values = values,
        .together = wants_standing,
        .standing = standing,
    };
    afp_outcome_t refused;

    for (writing.anew = 0; writing.anew < 2; writing.anew++) {
        if (!write_changes(&writing, &refused, end)) {
            return 0;
        }
        if (refused.kind == AFP_OUTCOME_DONE) {
            return 1;
        }
        /* Somebody may have taken away, or made, an attribute or a field, or the application. */
        if (!afp_standing_ask(job, standing, end)) {
            return 0;
        }
        if (standing->deleted) {
            return 1;
        }
    }
    afp_job_fail(job, &refused, end);
    return 0;
}
