#include "remote/anchors.h"

#include <apr_strings.h>

#include <openssl/err.h>
#include <string.h>

#define KEPT apr_time_from_sec(3600)

typedef struct file_t {
    const char *path;
    STACK_OF(X509) * certificates; /* NULL: not read */
    apr_time_t read_at;
    struct file_t *next;
} file_t;

struct afp_anchors_t {
    apr_pool_t *pool;
    file_t *files;
};

static void forget(file_t *file)
{
    sk_X509_pop_free(file->certificates, X509_free);
    file->certificates = NULL;
}

static apr_status_t forget_all(void *baton)
{
    afp_anchors_t *anchors = baton;

    for (file_t *file = anchors->files; file != NULL; file = file->next)
        forget(file);
    return APR_SUCCESS;
}

afp_anchors_t *afp_anchors_make(apr_pool_t *pool)
{
    afp_anchors_t *anchors = apr_pcalloc(pool, sizeof(*anchors));

    anchors->pool = pool;
    apr_pool_cleanup_register(pool, anchors, forget_all, apr_pool_cleanup_null);
    return anchors;
}

static file_t *file_at(afp_anchors_t *anchors, const char *path)
{
    file_t *file = anchors->files;

    while (file != NULL && strcmp(file->path, path))
        file = file->next;
    if (file == NULL) {
        file = apr_pcalloc(anchors->pool, sizeof(*file));
        file->path = apr_pstrdup(anchors->pool, path);
        file->next = anchors->files;
        anchors->files = file;
    }
    return file;
}

static int is_fresh(const file_t *file)
{
    apr_interval_time_t age = apr_time_now() - file->read_at;

    /* Below 0 the clock was set back. */
    return file->certificates != NULL && age >= 0 && age < KEPT;
}

static void read_file(file_t *file)
{
    X509_STORE *store = X509_STORE_new();

    forget(file);
    if (store != NULL && X509_STORE_load_file(store, file->path) == 1)
        file->certificates = X509_STORE_get1_all_certs(store);
    file->read_at = apr_time_now();
    X509_STORE_free(store);
}

int afp_anchors_add(afp_anchors_t *anchors, const char *path, X509_STORE *store)
{
    file_t *file = file_at(anchors, path);
    int failed;

    if (!is_fresh(file))
        read_file(file);
    failed = sk_X509_num(file->certificates) <= 0;
    for (int i = 0; i < sk_X509_num(file->certificates) && !failed; i++)
        failed = X509_STORE_add_cert(store, sk_X509_value(file->certificates, i)) != 1;
    ERR_clear_error();
    return failed ? -1 : 0;
}
