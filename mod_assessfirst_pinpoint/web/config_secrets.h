#ifndef AFP_WEB_CONFIG_SECRETS_H
#define AFP_WEB_CONFIG_SECRETS_H

#include <apr_pools.h>

/* Secrets that the configuration only points to. Read in the parent, before privileges are
 * dropped. */

#define AFP_SECRETS_EXEC "exec:"

/* NULL, or what is wrong with the form of `source`: <file>, or exec:<absolute path> with
 * arguments. */
const char *afp_secrets_check_source(apr_pool_t *pool, const char *source);

/* Reads what a source holds, at most 64 KiB of text: a regular file that is not accessible to
 * everyone, or the output of a command, run without a shell, that ends with status 0 within 10
 * seconds. The text lives in `pool` and is cleansed with it. NULL and *why, reason and remedy,
 * never with content. */
const char *afp_secrets_read(apr_pool_t *pool, const char *source, const char **why);

/* The source for a message: the file, or exec: and the program without its arguments. */
const char *afp_secrets_place(apr_pool_t *pool, const char *source);

#endif
