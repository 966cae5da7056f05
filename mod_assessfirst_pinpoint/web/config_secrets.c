#include "web/config_secrets.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <apr_time.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <string.h>

#define TEXT_LIMIT    65536
#define EXEC_PATIENCE apr_time_from_sec(10)
#define EXEC_STEP     apr_time_from_msec(10)

/* Room for the text, one byte more to notice that there is too much, and its NUL. */
typedef struct {
    apr_size_t length;
    char text[TEXT_LIMIT + 2];
} content_t;

static apr_status_t cleanse(void *content)
{
    OPENSSL_cleanse(content, sizeof(content_t));
    return APR_SUCCESS;
}

static content_t *make_content(apr_pool_t *pool)
{
    content_t *content = apr_palloc(pool, sizeof(*content));

    content->length = 0;
    apr_pool_cleanup_register(pool, content, cleanse, apr_pool_cleanup_null);
    return content;
}

static const char *words_of(apr_pool_t *pool, apr_status_t rv)
{
    char words[120];

    return apr_pstrdup(pool, apr_strerror(rv, words, sizeof(words)));
}

static int is_command(const char *source)
{
    return strncmp(source, AFP_SECRETS_EXEC, strlen(AFP_SECRETS_EXEC)) == 0;
}

/* The words of the command; NULL if it has none, or the first is no absolute path. */
static char **arguments_of(apr_pool_t *pool, const char *source)
{
    char **arguments = NULL;

    if (apr_tokenize_to_argv(source + strlen(AFP_SECRETS_EXEC), &arguments, pool) != APR_SUCCESS ||
        arguments[0] == NULL || arguments[0][0] != '/') {
        return NULL;
    }
    return arguments;
}

const char *afp_secrets_check_source(apr_pool_t *pool, const char *source)
{
    if (is_command(source) && arguments_of(pool, source) == NULL) {
        return "give the absolute path of a program behind exec:";
    }
    return *source == '\0' ? "give a file or exec:<command>" : NULL;
}

/* Reads until the end, or until there is too much. With a time limit the file is a pipe. */
static apr_status_t read_all(apr_file_t *file, content_t *content, apr_time_t deadline)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && content->length <= TEXT_LIMIT) {
        apr_size_t count = TEXT_LIMIT + 1 - content->length;
        apr_interval_time_t left = deadline - apr_time_now();

        if (deadline != 0) {
            if (left <= 0) {
                return APR_TIMEUP;
            }
            apr_file_pipe_timeout_set(file, left);
        }
        rv = apr_file_read(file, content->text + content->length, &count);
        if (rv == APR_SUCCESS) {
            content->length += count;
        }
    }
    return APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
}

/* NULL, or why the text cannot be used. */
static const char *finish(apr_pool_t *pool, const char *source, content_t *content)
{
    const char *place = afp_secrets_place(pool, source);

    content->text[content->length] = '\0';
    if (content->length > TEXT_LIMIT) {
        return apr_pstrcat(pool, place, " gives more than 64 KiB; is it the right one?", NULL);
    }
    return strlen(content->text) != content->length
               ? apr_pstrcat(pool, place, " gives a NUL byte; it must be text", NULL)
               : NULL;
}

static const char *read_file(apr_pool_t *pool, const char *path, content_t *content)
{
    apr_file_t *file;
    apr_finfo_t info;
    const char *why = NULL;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ, APR_OS_DEFAULT, pool);

    if (rv != APR_SUCCESS) {
        return apr_psprintf(pool,
                            "%s cannot be opened (%s); create it, readable by the user that "
                            "starts httpd",
                            path, words_of(pool, rv));
    }
    rv = apr_file_info_get(&info, APR_FINFO_TYPE | APR_FINFO_PROT, file);
    if (rv != APR_SUCCESS) {
        why = apr_psprintf(pool, "%s cannot be examined (%s)", path, words_of(pool, rv));
    } else if (info.filetype != APR_REG) {
        why = apr_psprintf(pool, "%s is not a regular file", path);
    } else if (info.protection & (APR_FPROT_WREAD | APR_FPROT_WWRITE)) {
        why = apr_psprintf(pool,
                           "every user of this machine can read or change %s; run: "
                           "chmod 600 %s",
                           path, path);
    } else {
        rv = read_all(file, content, 0);
        if (rv != APR_SUCCESS) {
            why = apr_psprintf(pool, "%s cannot be read (%s)", path, words_of(pool, rv));
        }
    }
    apr_file_close(file);
    return why;
}

/* Waits for the end of the command; kills it when its time is over. */
static const char *wait_for(apr_pool_t *pool, apr_proc_t *process, apr_time_t deadline, int kill_it)
{
    apr_exit_why_e reason = APR_PROC_EXIT;
    int status = 0;

    while (!kill_it && apr_proc_wait(process, &status, &reason, APR_NOWAIT) == APR_CHILD_NOTDONE) {
        if (apr_time_now() > deadline) {
            kill_it = 1;
        } else {
            apr_sleep(EXEC_STEP);
        }
    }
    if (kill_it) {
        apr_proc_kill(process, SIGKILL);
        apr_proc_wait(process, &status, &reason, APR_WAIT);
        return "the command did not end within 10 seconds; run it by hand, with its input from "
               "/dev/null";
    }
    if (!APR_PROC_CHECK_EXIT(reason) || status != 0) {
        return apr_psprintf(pool,
                            "the command ended with %s %d; run it by hand as the user that "
                            "starts httpd",
                            APR_PROC_CHECK_EXIT(reason) ? "status" : "signal", status);
    }
    return NULL;
}

/* Without a shell, and without a terminal to ask questions at. */
static apr_status_t start(apr_pool_t *pool, char **arguments, apr_proc_t *process)
{
    apr_procattr_t *attributes;
    apr_file_t *nothing;
    apr_status_t rv = apr_procattr_create(&attributes, pool);

    if (rv == APR_SUCCESS) {
        rv = apr_procattr_io_set(attributes, APR_NO_PIPE, APR_CHILD_BLOCK, APR_NO_PIPE);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_file_open(&nothing, "/dev/null", APR_FOPEN_READ, APR_OS_DEFAULT, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_procattr_child_in_set(attributes, nothing, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_procattr_cmdtype_set(attributes, APR_PROGRAM_ENV);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_procattr_error_check_set(attributes, 1);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_proc_create(process, arguments[0], (const char *const *)arguments, NULL,
                             attributes, pool);
    }
    return rv;
}

static const char *read_command(apr_pool_t *pool, const char *source, content_t *content)
{
    char **arguments = arguments_of(pool, source);
    apr_time_t deadline = apr_time_now() + EXEC_PATIENCE;
    apr_proc_t process;
    apr_status_t rv;
    const char *why;

    if (arguments == NULL) {
        return afp_secrets_check_source(pool, source);
    }
    rv = start(pool, arguments, &process);
    if (rv != APR_SUCCESS) {
        return apr_psprintf(pool, "%s cannot be run (%s)", arguments[0], words_of(pool, rv));
    }
    rv = read_all(process.out, content, deadline);
    apr_file_close(process.out); /* a command that writes more gets SIGPIPE */
    why = wait_for(pool, &process, deadline, APR_STATUS_IS_TIMEUP(rv));
    if (content->length > TEXT_LIMIT) {
        return NULL; /* that is the reason to report, however the command ended */
    }
    if (why == NULL && rv != APR_SUCCESS) {
        why = apr_psprintf(pool, "the command's output cannot be read (%s)", words_of(pool, rv));
    }
    return why;
}

const char *afp_secrets_read(apr_pool_t *pool, const char *source, const char **why)
{
    content_t *content = make_content(pool);

    *why =
        is_command(source) ? read_command(pool, source, content) : read_file(pool, source, content);
    if (*why == NULL) {
        *why = finish(pool, source, content);
    }
    return *why == NULL ? content->text : NULL;
}

const char *afp_secrets_place(apr_pool_t *pool, const char *source)
{
    return is_command(source) ? apr_pstrndup(pool, source, strcspn(source, " ")) : source;
}
