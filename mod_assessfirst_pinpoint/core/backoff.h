#ifndef AFP_CORE_BACKOFF_H
#define AFP_CORE_BACKOFF_H

#include <apr_time.h>

/* When to try again. Pure functions, any thread. */

/* Exponential back-off with full jitter: attempt 1 waits up to `first`, each further one up to
 * twice as long, clamped to `cap`; never less than a quarter of `first` (nor more than `cap`),
 * never 0. `attempt` may be any number (no overflow; below 1 counts as 1); `random` is any number
 * and decides the jitter. Durations in microseconds. */
apr_interval_time_t afp_backoff_delay(int attempt, apr_interval_time_t first,
                                      apr_interval_time_t cap, unsigned int random);

/* Reads a Retry-After value, seconds or an HTTP-date (RFC 9110 10.2.3), relative to `now`.
 * Returns the time to wait, clamped to 0 .. 24 hours; -1 if absent (NULL) or unreadable. */
apr_interval_time_t afp_backoff_retry_after(const char *value, apr_time_t now);

/* A random number for jitter; never fails. */
unsigned int afp_backoff_random(void);

#endif
