#include "work/models.h"

#include "core/text.h"
#include "store/budget.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>

#define KEPT_FOR apr_time_from_sec(300)

typedef struct {
    apr_pool_t *pool;
    apr_array_header_t *models;
    apr_time_t read_at;
} list_t;

struct afp_models_t {
    apr_pool_t *pool;
    apr_thread_mutex_t *mutex;
    apr_hash_t *lists; /* token digest -> list_t * */
};

afp_models_t *afp_models_make(apr_pool_t *pool)
{
    afp_models_t *models = apr_pcalloc(pool, sizeof(*models));

    models->pool = pool;
    models->lists = apr_hash_make(pool);
    if (apr_thread_mutex_create(&models->mutex, APR_THREAD_MUTEX_DEFAULT, pool) != APR_SUCCESS) {
        return NULL;
    }
    return models;
}

static apr_array_header_t *copy(apr_pool_t *pool, const apr_array_header_t *models)
{
    apr_array_header_t *copied = apr_array_make(pool, models->nelts, sizeof(afp_model_t));
    int i;

    for (i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);
        afp_model_t *twin = apr_array_push(copied);

        twin->uuid = apr_pstrdup(pool, model->uuid);
        twin->name = apr_pstrdup(pool, model->name);
        twin->option = apr_pstrdup(pool, model->option);
        twin->wanted = model->wanted;
    }
    return copied;
}

static void shorten_names(apr_pool_t *pool, apr_array_header_t *models)
{
    int i;

    for (i = 0; i < models->nelts; i++) {
        afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);

        model->name = afp_text_shorten(pool, model->name, AFP_MODEL_NAME_LIMIT);
    }
}

static apr_array_header_t *recall(afp_models_t *models, const char *token_digest, apr_pool_t *pool)
{
    apr_array_header_t *found = NULL;
    list_t *list;

    apr_thread_mutex_lock(models->mutex);
    list = apr_hash_get(models->lists, token_digest, APR_HASH_KEY_STRING);
    if (list && list->models && apr_time_now() - list->read_at < KEPT_FOR) {
        found = copy(pool, list->models);
    }
    apr_thread_mutex_unlock(models->mutex);
    return found;
}

static void remember(afp_models_t *models, const char *token_digest, const apr_array_header_t *read)
{
    list_t *list;

    apr_thread_mutex_lock(models->mutex);
    list = apr_hash_get(models->lists, token_digest, APR_HASH_KEY_STRING);
    if (!list) {
        list = apr_pcalloc(models->pool, sizeof(*list));
        if (apr_pool_create(&list->pool, models->pool) == APR_SUCCESS) {
            apr_hash_set(models->lists, apr_pstrdup(models->pool, token_digest),
                         APR_HASH_KEY_STRING, list);
        }
    }
    if (list->pool) {
        apr_pool_clear(list->pool);
        list->models = copy(list->pool, read);
        list->read_at = apr_time_now();
    }
    apr_thread_mutex_unlock(models->mutex);
}

typedef struct {
    afp_session_t *session;
    const char *token_digest;
} pages_t;

static int another_page(void *baton)
{
    pages_t *pages = baton;

    return afp_budget_take_one(pages->session, pages->token_digest) == APR_SUCCESS;
}

apr_array_header_t *afp_models_get(afp_models_t *models, const afp_assessfirst_t *assessfirst,
                                   const char *token_digest, const char *locale,
                                   afp_session_t *session, afp_models_age_t age, int *fresh,
                                   afp_outcome_t *outcome)
{
    pages_t pages = {session, token_digest};
    apr_array_header_t *list = NULL;

    *fresh = 0;
    if (age == AFP_MODELS_CACHED) {
        list = recall(models, token_digest, assessfirst->pool);
    }
    if (!list) {
        *fresh = 1;
        list = afp_assessfirst_models(assessfirst, locale, another_page, &pages, outcome);
        if (list) {
            shorten_names(assessfirst->pool, list);
            remember(models, token_digest, list);
        }
    }
    return list;
}
