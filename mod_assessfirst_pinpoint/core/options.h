#ifndef AFP_CORE_OPTIONS_H
#define AFP_CORE_OPTIONS_H

#include "core/model.h"

/* The options of the jobs' model field, kept equal to the tenant's models (contract assessfirst.md
 * 6, pinpoint.md 15.12, 15.16). Jobs hold option *texts*: a text that a job may still hold never
 * changes its meaning. Pure functions, any thread. */

typedef struct {
    const char *option; /* the text as it stands in Pinpoint; unique in the map */
    const char *uuid;
    const char *name;    /* AssessFirst's name of the model when it was last seen */
    unsigned int wanted; /* questionnaires of the model (core/results.h) */
    int stale;           /* the model vanished at AssessFirst, or goes by another text now */
    int vanished;        /* the model itself is not in AssessFirst's list any more */
} afp_option_t;

/* Joins AssessFirst's list (array of afp_model_t) with the stored map (array of afp_option_t, in
 * which of equal texts the first counts). Returns an array of afp_option_t, copied into `pool`:
 * first the stored texts in their order, then the new ones.
 * - Each model of the list has exactly one option that is not stale. It keeps its text as long as
 * it keeps its name, whatever other models come and go; a renamed one takes a new text, or one of
 * its own of before, and its former text stays, stale but with the same uuid.
 * - The texts of a model that vanished stay, stale and vanished; when it returns one is live again.
 * - A new text never equals a text of another uuid or the no-model choice: suffixes as in
 *   core/model.h. */
apr_array_header_t *afp_options_join(apr_pool_t *pool, const apr_array_header_t *models,
                                     const apr_array_header_t *stored);

/* The texts for Pinpoint's field (array of const char *, which belong to `options`):
 * AFP_MODEL_NONE, then the live ones, then the stale ones that are in `in_use` (array of const char
 * *, the values that jobs hold, compared trimmed). Both groups in the order of their bytes. */
apr_array_header_t *afp_options_texts(apr_pool_t *pool, const apr_array_header_t *options,
                                      const apr_array_header_t *in_use);

/* 1 if both arrays of const char * hold the same texts in the same order. */
int afp_options_equal(const apr_array_header_t *left, const apr_array_header_t *right);

/* What a job's value means by the stored map, compared as in afp_models_choose. AFP_CHOICE_MODEL
 * and *option (which belongs to `options`) also for a stale text whose model lives;
 * AFP_CHOICE_UNKNOWN with *option set if the model vanished, with *option NULL if nobody, or more
 * than one model, may be meant. *option is NULL for the other two. */
afp_choice_t afp_options_choose(apr_pool_t *pool, const apr_array_header_t *options,
                                const char *value, const afp_option_t **option);

#endif
