#ifndef AFP_CORE_MODEL_H
#define AFP_CORE_MODEL_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <json.h>

/* AssessFirst's predictive models, and the option texts that stand for them on a Pinpoint job
 * (contract assessfirst.md 6, pinpoint.md 15.12, 15.16). */

#define AFP_MODEL_NONE         "Don't use a predictive model"
#define AFP_MODEL_OPTION_LIMIT 255 /* bytes of an option text */

typedef struct {
    const char *uuid;
    const char *name;    /* as AssessFirst says */
    const char *option;  /* unique within the list: the name on one line, shortened, and where equal
                            to another or to AFP_MODEL_NONE followed by " (<first 8 of uuid>)", if
                            that is not enough by the whole uuid; whatever the list's order */
    unsigned int wanted; /* its questionnaires, as afp_results_wanted says */
} afp_model_t;

/* Reads a list of models: a bare array or {"data": [...]}; entries without name or
 * without uuid (1 to 64 printable ASCII characters) are left out, a repeated uuid is kept once.
 * Returns an array of afp_model_t (copied into `pool`), or NULL if the document is no such list
 * (also: an object with a top-level `error`). */
apr_array_header_t *afp_models_read(apr_pool_t *pool, struct json_object *document);

typedef enum {
    AFP_CHOICE_NOTHING, /* nothing selected on the job: no invitation */
    AFP_CHOICE_NONE,    /* "Don't use a predictive model": invitation without a model */
    AFP_CHOICE_MODEL,
    AFP_CHOICE_UNKNOWN /* a text that stands for no model of the list */
} afp_choice_t;

/* What the value of the job's field means (compared trimmed; U+2019 counts as an apostrophe in the
 * no-model choice; a plain name also finds a model whose option carries a suffix, if only one bears
 * it, and an option finds its model when the list no longer needs the suffix). *model is set for
 * AFP_CHOICE_MODEL and belongs to `models`. */
afp_choice_t afp_models_choose(apr_pool_t *pool, const apr_array_header_t *models,
                               const char *value, const afp_model_t **model);

/* The option text number `form` of a model of this name: 0 the name on one line, 1 with the first 8
 * bytes of the uuid, 2 with the whole uuid, from 3 on also with that number, so that there is
 * always another one. At most AFP_MODEL_OPTION_LIMIT bytes, for a uuid as in afp_models_read. */
const char *afp_model_option(apr_pool_t *pool, const char *name, const char *uuid, int form);

/* 1 if `text`, which is trimmed, is the no-model choice with either apostrophe. */
int afp_model_is_none(const char *text);

#endif
