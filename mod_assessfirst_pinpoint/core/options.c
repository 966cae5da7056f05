#include "core/options.h"

#include "core/text.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* The forms of a text (afp_model_option) that a person would recognise. */
#define FORMS 3

/* --- joining ---------------------------------------------------------------------------------- */

typedef struct {
    apr_pool_t *pool;
    apr_array_header_t *options; /* made large enough: entries never move */
    apr_hash_t *by_text;         /* option text -> afp_option_t * */
    apr_hash_t *live;            /* uuid -> afp_option_t *: the one that is not stale */
} join_t;

static afp_option_t *add(join_t *join, const char *text, const char *uuid)
{
    afp_option_t *option = apr_array_push(join->options);

    memset(option, 0, sizeof(*option));
    option->option = apr_pstrdup(join->pool, text);
    option->uuid = apr_pstrdup(join->pool, uuid);
    apr_hash_set(join->by_text, option->option, APR_HASH_KEY_STRING, option);
    return option;
}

static afp_option_t *option_with(const join_t *join, const char *text)
{
    return apr_hash_get(join->by_text, text, APR_HASH_KEY_STRING);
}

/* Copies the stored map; what the list of models does not tell of stays vanished. */
static void take_stored(join_t *join, const apr_array_header_t *stored)
{
    for (int i = 0; i < stored->nelts; i++) {
        const afp_option_t *former = &APR_ARRAY_IDX(stored, i, afp_option_t);
        afp_option_t *option;

        if (option_with(join, former->option) != NULL || afp_model_is_none(former->option)) {
            continue;
        }
        option = add(join, former->option, former->uuid);
        option->name = apr_pstrdup(join->pool, former->name);
        option->wanted = former->wanted;
        option->stale = 1;
        option->vanished = 1;
        if (!former->stale && apr_hash_get(join->live, option->uuid, APR_HASH_KEY_STRING) == NULL) {
            apr_hash_set(join->live, option->uuid, APR_HASH_KEY_STRING, option);
        }
    }
}

/* The stored option that goes on standing for the model, or stands for it again; NULL if it needs
 * a new text. */
static afp_option_t *own_option(const join_t *join, const afp_model_t *model)
{
    afp_option_t *option = apr_hash_get(join->live, model->uuid, APR_HASH_KEY_STRING);

    if (option != NULL && strcmp(option->name, model->name) == 0) {
        return option;
    }
    for (int form = 0; form < FORMS; form++) {
        option = option_with(join, afp_model_option(join->pool, model->name, model->uuid, form));
        if (option != NULL && strcmp(option->uuid, model->uuid) == 0) {
            return option;
        }
    }
    return NULL;
}

/* The text of the list, where equal names carry a suffix already, unless it is taken. */
static afp_option_t *new_option(join_t *join, const afp_model_t *model)
{
    const char *text = model->option;

    for (int form = 0; afp_model_is_none(text) || option_with(join, text) != NULL; form++) {
        text = afp_model_option(join->pool, model->name, model->uuid, form);
    }
    return add(join, text, model->uuid);
}

apr_array_header_t *afp_options_join(apr_pool_t *pool, const apr_array_header_t *models,
                                     const apr_array_header_t *stored)
{
    join_t join = {pool, apr_array_make(pool, models->nelts + stored->nelts, sizeof(afp_option_t)),
                   apr_hash_make(pool), apr_hash_make(pool)};
    apr_hash_t *by_uuid = apr_hash_make(pool);

    take_stored(&join, stored);
    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);
        afp_option_t *option = own_option(&join, model);

        if (option == NULL) {
            option = new_option(&join, model);
        }
        apr_hash_set(join.live, option->uuid, APR_HASH_KEY_STRING, option);
        apr_hash_set(by_uuid, model->uuid, APR_HASH_KEY_STRING, model);
    }
    for (int i = 0; i < join.options->nelts; i++) {
        afp_option_t *option = &APR_ARRAY_IDX(join.options, i, afp_option_t);
        const afp_model_t *model = apr_hash_get(by_uuid, option->uuid, APR_HASH_KEY_STRING);

        if (model != NULL) {
            option->name = apr_pstrdup(pool, model->name);
            option->wanted = model->wanted;
            option->stale = apr_hash_get(join.live, option->uuid, APR_HASH_KEY_STRING) != option;
            option->vanished = 0;
        }
    }
    return join.options;
}

/* --- the field's texts ------------------------------------------------------------------------ */

static int compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Appends the texts that are, or are not, stale; of stale ones those in `in_use`. */
static void append_sorted(apr_array_header_t *texts, const apr_array_header_t *options, int stale,
                          apr_hash_t *in_use)
{
    int first = texts->nelts;

    for (int i = 0; i < options->nelts; i++) {
        const afp_option_t *option = &APR_ARRAY_IDX(options, i, afp_option_t);

        if (!option->stale != !stale) {
            continue;
        }
        if (!stale || apr_hash_get(in_use, option->option, APR_HASH_KEY_STRING) != NULL) {
            APR_ARRAY_PUSH(texts, const char *) = option->option;
        }
    }
    qsort(texts->elts + (size_t)first * sizeof(const char *), (size_t)(texts->nelts - first),
          sizeof(const char *), compare);
}

apr_array_header_t *afp_options_texts(apr_pool_t *pool, const apr_array_header_t *options,
                                      const apr_array_header_t *in_use)
{
    apr_array_header_t *texts = apr_array_make(pool, options->nelts + 1, sizeof(const char *));
    apr_hash_t *used = apr_hash_make(pool);

    for (int i = 0; i < in_use->nelts; i++) {
        const char *text = afp_text_trim(pool, APR_ARRAY_IDX(in_use, i, const char *));

        apr_hash_set(used, text, APR_HASH_KEY_STRING, text);
    }
    APR_ARRAY_PUSH(texts, const char *) = AFP_MODEL_NONE;
    append_sorted(texts, options, 0, NULL);
    append_sorted(texts, options, 1, used);
    return texts;
}

int afp_options_equal(const apr_array_header_t *left, const apr_array_header_t *right)
{
    if (left->nelts != right->nelts) {
        return 0;
    }
    for (int i = 0; i < left->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(left, i, const char *), APR_ARRAY_IDX(right, i, const char *)) !=
            0) {
            return 0;
        }
    }
    return 1;
}

/* --- a job's choice --------------------------------------------------------------------------- */

/* The options as models, index by index. Where a model has several texts only the first bears its
 * name: otherwise the name would seem to be that of several models. */
static apr_array_header_t *as_models(apr_pool_t *pool, const apr_array_header_t *options)
{
    apr_array_header_t *models = apr_array_make(pool, options->nelts, sizeof(afp_model_t));
    apr_hash_t *named = apr_hash_make(pool);

    for (int i = 0; i < options->nelts; i++) {
        const afp_option_t *option = &APR_ARRAY_IDX(options, i, afp_option_t);
        afp_model_t *model = apr_array_push(models);

        model->uuid = option->uuid;
        model->option = option->option;
        model->wanted = option->wanted;
        model->name = "";
        if (apr_hash_get(named, option->uuid, APR_HASH_KEY_STRING) == NULL) {
            model->name = option->name;
            apr_hash_set(named, option->uuid, APR_HASH_KEY_STRING, model->uuid);
        }
    }
    return models;
}

afp_choice_t afp_options_choose(apr_pool_t *pool, const apr_array_header_t *options,
                                const char *value, const afp_option_t **option)
{
    const apr_array_header_t *models = as_models(pool, options);
    const afp_model_t *model = NULL;
    afp_choice_t choice = afp_models_choose(pool, models, value, &model);

    *option = NULL;
    if (choice != AFP_CHOICE_MODEL) {
        return choice;
    }
    *option = &APR_ARRAY_IDX(options, model - (const afp_model_t *)(const void *)models->elts,
                             afp_option_t);
    return (*option)->vanished ? AFP_CHOICE_UNKNOWN : AFP_CHOICE_MODEL;
}
