#include "core/backoff.h"
#include "core/reason.h"
#include "core/text.h"
#include "store/field.h"
#include "work/fields.h"
#include "work/stages.h"

#include <apr_strings.h>
#include <string.h>

/* The synchronise follow-up, one per tenant and for ever: the options of the jobs' model field
 * follow the tenant's models at AssessFirst, and the profile's fields exist. The order matters:
 * what a text means is stored before the text goes to Pinpoint, so that whatever a job holds is
 * known. */

#define DESCRIPTION                                                                                \
    "The AssessFirst predictive model for the candidates of this job. Nobody is invited while "    \
    "nothing is selected. The options are kept up to date by the integration."

#define JITTER 16 /* up to a part of this of the interval, so that tenants do not come together */

typedef struct {
    const afp_job_t *job;
    afp_fields_t fields;
    const apr_array_header_t *options; /* afp_option_t: what each text means */
    afp_synchronised_t synchronised;
} synchronise_t;

/* ---- what the texts mean ---- */

static int store(synchronise_t *run, const apr_array_header_t *options, afp_end_t *end)
{
    const afp_job_t *job = run->job;

    return afp_job_has_written(
        job, afp_option_store(job->session, job->follow_up, options, &run->synchronised), end);
}

/* Reads AssessFirst's models into the map. 1, or 0 and *end. */
static int renew_map(synchronise_t *run, afp_end_t *end)
{
    const afp_job_t *job = run->job;
    const afp_assessfirst_t assessfirst = afp_job_assessfirst(job);
    const char *company_uuid = job->tenant->company_uuid;
    apr_array_header_t *stored;
    const apr_array_header_t *models;
    afp_outcome_t outcome;
    int fresh;

    if (afp_option_list(job->session, company_uuid, job->pool, &stored) != APR_SUCCESS ||
        afp_synchronised_read(job->session, company_uuid, &run->synchronised) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    models = afp_models_get(job->models, &assessfirst, job->token_digest, job->tenant->locale,
                            job->session, AFP_MODELS_FRESH, &fresh, &outcome);
    *job->calls += fresh;
    if (!models) {
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    run->options = afp_options_join(job->pool, models, stored);
    run->synchronised.models = models->nelts;
    return store(run, run->options, end);
}

/* ---- the jobs' field ---- */

static int contains(const apr_array_header_t *texts, const char *text)
{
    int i;

    text = afp_text_trim(texts->pool, text);
    for (i = 0; i < texts->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(texts, i, const char *), text)) {
            return 1;
        }
    }
    return 0;
}

/* 1 if a text of `former` is not in `texts`. */
static int drops_one(const apr_array_header_t *former, const apr_array_header_t *texts)
{
    int i;

    for (i = 0; i < former->nelts; i++) {
        if (!contains(texts, APR_ARRAY_IDX(former, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

/* The options that the field should have. One that would go stays while a job holds it, and while
 * it is not known which ones jobs hold; so do those that somebody entered by hand. */
static const apr_array_header_t *wanted_texts(const synchronise_t *run,
                                              const afp_pinpoint_field_t *field)
{
    apr_pool_t *pool = run->job->pool;
    const apr_array_header_t *none = apr_array_make(pool, 1, sizeof(const char *));
    const apr_array_header_t *in_use;
    apr_array_header_t *texts = afp_options_texts(pool, run->options, none);
    afp_outcome_t outcome;
    int i;

    if (!drops_one(field->options, texts)) {
        return texts;
    }
    in_use = afp_pinpoint_job_values(&run->fields.pinpoint, field->id, &outcome);
    if (in_use) {
        texts = afp_options_texts(pool, run->options, in_use);
    }
    for (i = 0; i < field->options->nelts; i++) {
        const char *text = APR_ARRAY_IDX(field->options, i, const char *);

        if (!contains(texts, text) && (!in_use || contains(in_use, text))) {
            APR_ARRAY_PUSH(texts, const char *) = text;
        }
    }
    return texts;
}

static int set_options(synchronise_t *run, const afp_pinpoint_field_t *field, afp_end_t *end)
{
    const afp_job_t *job = run->job;
    const apr_array_header_t *texts = wanted_texts(run, field);
    afp_outcome_t outcome;

    if (afp_options_equal(field->options, texts)) {
        return 1;
    }
    afp_pinpoint_field_set_options(&run->fields.pinpoint, field->id, texts, &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE) {
        return 1;
    }
    if (outcome.kind == AFP_OUTCOME_REFUSED && outcome.status != 409) {
        afp_fields_refuse(&run->fields, apr_psprintf(job->pool, AFP_SENTENCE_OPTIONS_REFUSED,
                                                     job->site->model_field, outcome.words));
        return 1;
    }
    afp_job_fail(job, &outcome, end);
    return 0;
}

/* ---- the follow-up ---- */

/* The model field first, then the profile's fields that the company wants. */
static int keep_fields(synchronise_t *run, afp_end_t *end)
{
    const afp_job_t *job = run->job;
    const apr_array_header_t *none = apr_array_make(job->pool, 1, sizeof(const char *));
    afp_pinpoint_field_t wanted[AFP_FIELDS_MOST] = {{
        .id = "",
        .name = job->site->model_field,
        .resource_type = "job",
        .field_type = "single_select",
        .options = afp_options_texts(job->pool, run->options, none),
        .sample = AFP_MODEL_NONE,
        .description = DESCRIPTION,
    }};
    const afp_pinpoint_field_t *found[AFP_FIELDS_MOST];
    int count = 1;
    int field;

    for (field = 0; field < AFP_PROFILE_FIELDS; field++) {
        if (job->tenant->choices & (1u << field)) {
            wanted[count++] = afp_fields_of_profile((afp_profile_field_t)field);
        }
    }
    if (!afp_fields_open(&run->fields, job, end) ||
        !afp_fields_ensure(&run->fields, wanted, count, found, end)) {
        return 0;
    }
    return !found[0] || set_options(run, found[0], end);
}

/* What Pinpoint refused stands on the page, and is tried again next time. */
static int store_outcome(synchronise_t *run, afp_end_t *end)
{
    const afp_job_t *job = run->job;
    afp_synchronised_t *synchronised = &run->synchronised;
    const char *refused =
        afp_text_shorten(job->pool, run->fields.refused, sizeof(synchronised->refused) - 1);

    if (*refused && strcmp(refused, synchronised->refused) != 0) {
        afp_log(job->site->logger, AFP_LOG_WARNING,
                AFPNO(0333) "tenant %s: Pinpoint's custom fields are not as they should be: %s",
                job->tenant->company_uuid, afp_text_log(job->pool, refused, 1000));
    }
    apr_cpystrn(synchronised->refused, refused, sizeof(synchronised->refused));
    return store(run, NULL, end);
}

/* It is never over: not even when the time of trying is. */
static void come_again(const afp_job_t *job, const char *reason, afp_end_t *end)
{
    apr_interval_time_t interval = job->site->models_interval;

    afp_job_again(end, interval + afp_backoff_random() % (interval / JITTER + 1), reason);
    end->fresh = 1;
    end->priority = AFP_PRIORITY_WORK;
}

void afp_synchronise_run(const afp_job_t *job, afp_end_t *end)
{
    synchronise_t run = {.job = job};

    if (!*job->token) {
        afp_job_no_token(job, end);
        return;
    }
    if (renew_map(&run, end) && keep_fields(&run, end) && store_outcome(&run, end)) {
        afp_stages_keep_fresh(job);
        come_again(job, "", end);
    } else if (end->kind == AFP_END_FINISH) {
        come_again(job, end->reason, end);
    }
}
