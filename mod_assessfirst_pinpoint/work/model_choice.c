#include "work/model_choice.h"

#include "core/options.h"
#include "core/results.h"
#include "core/text.h"
#include "store/field.h"

#include <apr_strings.h>
#include <string.h>

#define NAME_LIMIT 240 /* bytes; a reason names the model */

/* The map and the jobs' field are written by the synchronisation alone. A loss of this hint only
 * costs time. */
static void hurry_synchronisation(const afp_job_t *job)
{
    afp_follow_up_t synchronisation = {.kind = AFP_FOLLOW_UP_SYNCHRONISE};

    apr_cpystrn(synchronisation.company_uuid, job->tenant->company_uuid,
                sizeof(synchronisation.company_uuid));
    (void)afp_follow_up_want(job->session, &synchronisation, AFP_PRIORITY_WORK);
}

static const apr_array_header_t *get_models(const afp_job_t *job, afp_models_age_t age, int *fresh,
                                            afp_outcome_t *outcome)
{
    const afp_assessfirst_t assessfirst = afp_job_assessfirst(job);
    const apr_array_header_t *models =
        afp_models_get(job->models, &assessfirst, job->token_digest, job->tenant->locale,
                       job->session, age, fresh, outcome);

    *job->calls += *fresh;
    return models;
}

/* Finds the model in AssessFirst's list. A text that the map knows is looked for in a list that is
 * at most minutes old; the list is read anew before anybody is told that there is no such model. */
static int find(const afp_job_t *job, const apr_array_header_t *stored, const char *text,
                afp_choice_t *choice, const afp_option_t **option, afp_end_t *end)
{
    afp_choice_t former = *choice;
    afp_models_age_t age = former == AFP_CHOICE_MODEL ? AFP_MODELS_CACHED : AFP_MODELS_FRESH;
    int fresh = 0;

    do {
        afp_outcome_t outcome;
        const apr_array_header_t *models = get_models(job, age, &fresh, &outcome);

        if (!models) {
            afp_job_fail(job, &outcome, end);
            return 0;
        }
        *choice = afp_options_choose(job->pool, afp_options_join(job->pool, models, stored), text,
                                     option);
        age = AFP_MODELS_FRESH;
    } while (*choice != AFP_CHOICE_MODEL && !fresh);
    if (*choice != former) {
        hurry_synchronisation(job);
    }
    return 1;
}

int afp_model_choose(const afp_job_t *job, const char *text, afp_choice_t *choice,
                     afp_chosen_model_t *model, afp_end_t *end)
{
    const afp_option_t *option = NULL;
    apr_array_header_t *stored;

    if (afp_option_list(job->session, job->tenant->company_uuid, job->pool, &stored) !=
        APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    *choice = afp_options_choose(job->pool, stored, text, &option);
    if ((*choice == AFP_CHOICE_MODEL || *choice == AFP_CHOICE_UNKNOWN) &&
        !find(job, stored, text, choice, &option, end)) {
        return 0;
    }
    *model = (afp_chosen_model_t){"", AFP_MODEL_NONE, afp_results_wanted(NULL)};
    if (*choice == AFP_CHOICE_MODEL) {
        model->uuid = option->uuid;
        model->name = afp_text_shorten(job->pool, option->name, NAME_LIMIT);
        model->wanted = option->wanted;
    }
    return 1;
}

int afp_model_has_vanished(const afp_job_t *job, const char *model_uuid)
{
    const apr_array_header_t *models;
    afp_outcome_t outcome;
    int fresh, i;

    /* A list that this run has read itself is new enough, and its calls are used up. */
    if (!*model_uuid || *job->calls >= afp_follow_up_calls(job->follow_up->kind)) {
        return 0;
    }
    models = get_models(job, AFP_MODELS_FRESH, &fresh, &outcome);
    for (i = 0; models && i < models->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(models, i, afp_model_t).uuid, model_uuid)) {
            return 0;
        }
    }
    if (models) {
        hurry_synchronisation(job);
    }
    return models != NULL;
}

unsigned int afp_model_wanted(const afp_job_t *job, const char *model_uuid)
{
    apr_array_header_t *stored;
    int i;

    if (afp_option_list(job->session, job->tenant->company_uuid, job->pool, &stored) ==
        APR_SUCCESS) {
        for (i = 0; i < stored->nelts; i++) {
            const afp_option_t *option = &APR_ARRAY_IDX(stored, i, afp_option_t);

            if (!strcmp(option->uuid, model_uuid)) {
                return option->wanted;
            }
        }
    }
    return afp_results_wanted(NULL);
}
