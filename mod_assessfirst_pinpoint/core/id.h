#ifndef AFP_CORE_ID_H
#define AFP_CORE_ID_H

#include <apr_errno.h>
#include <apr_time.h>

/* Keys made by us: 32 lower-case hexadecimal digits. Callable from any thread. */

#define AFP_ID_LENGTH 32

typedef struct {
    char text[AFP_ID_LENGTH + 1];
} afp_id_t;

/* 128 random bits. APR_EGENERAL if the system gives no randomness. */
apr_status_t afp_id_random(afp_id_t *id);

/* 48 bits of milliseconds of `now` before 80 random bits: sorts by time. */
apr_status_t afp_id_ordered(afp_id_t *id, apr_time_t now);

/* 1 if `text` has the form of an id (exactly 32 lower-case hexadecimal digits); 0 for NULL. */
int afp_id_is_valid(const char *text);

#endif
