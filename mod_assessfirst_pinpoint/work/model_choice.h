#ifndef AFP_WORK_MODEL_CHOICE_H
#define AFP_WORK_MODEL_CHOICE_H

#include "core/model.h"
#include "work/job.h"

/* Which predictive model the option text of a job stands for: by the stored map from texts to
 * models first, which keeps its meaning when models are renamed, and by AssessFirst's list. */

typedef struct {
    const char *uuid;    /* "" = no model */
    const char *name;    /* for the page, at most 240 bytes */
    unsigned int wanted; /* questionnaires (core/results.h) */
} afp_chosen_model_t;

/* What `option` means. AFP_CHOICE_NONE and AFP_CHOICE_MODEL set *model. A model has to be in
 * AssessFirst's list, and AFP_CHOICE_UNKNOWN is only said after a look into a list that was read
 * for it; what such a list taught is stored by a synchronisation that this asks for. Returns 0 and
 * *end if the database or AssessFirst failed, otherwise 1 and *choice. */
int afp_model_choose(const afp_job_t *job, const char *option, afp_choice_t *choice,
                     afp_chosen_model_t *model, afp_end_t *end);

/* After AssessFirst refused an invitation with this model: 1 if it turns out that the model has
 * vanished since the list was read that it was chosen by. */
int afp_model_has_vanished(const afp_job_t *job, const char *model_uuid);

/* The questionnaires of a model by the stored map; those of no model if it does not know it. */
unsigned int afp_model_wanted(const afp_job_t *job, const char *model_uuid);

#endif
