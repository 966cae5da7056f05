#include "core/backoff.h"

#include "core/timestamp.h"

#include <openssl/rand.h>

#define LONGEST_WAIT apr_time_from_sec(24 * 3600)

/* Twice as long for each further attempt; doubling stops at `cap`, so that it cannot overflow. */
static apr_interval_time_t ceiling_of(int attempt, apr_interval_time_t first,
                                      apr_interval_time_t cap)
{
    apr_interval_time_t ceiling = first;

    for (int i = 1; i < attempt; i++) {
        if (ceiling > cap / 2) {
            return cap;
        }
        ceiling *= 2;
    }
    return ceiling < cap ? ceiling : cap;
}

/* `length` times `random` / 2^32, in two parts because the product does not fit. */
static apr_interval_time_t share_of(apr_interval_time_t length, unsigned int random)
{
    apr_uint64_t whole = (apr_uint64_t)length;

    return (apr_interval_time_t)((whole >> 32) * random + ((whole & 0xffffffffU) * random >> 32));
}

apr_interval_time_t afp_backoff_delay(int attempt, apr_interval_time_t first,
                                      apr_interval_time_t cap, unsigned int random)
{
    apr_interval_time_t ceiling;
    apr_interval_time_t least;
    apr_interval_time_t delay;

    first = first > 0 ? first : 1;
    cap = cap > 0 ? cap : 1;
    ceiling = ceiling_of(attempt, first, cap);
    least = first / 4 < ceiling ? first / 4 : ceiling;
    delay = share_of(ceiling, random);
    if (delay < least) {
        delay = least;
    }
    return delay > 0 ? delay : 1;
}

/* Decimal seconds with blanks around; a number too large to matter stops at LONGEST_WAIT. */
static int read_seconds(const char *value, apr_interval_time_t *wait)
{
    apr_interval_time_t seconds = 0;

    while (*value == ' ' || *value == '\t') {
        value++;
    }
    if (*value < '0' || *value > '9') {
        return -1;
    }
    for (; *value >= '0' && *value <= '9'; value++) {
        seconds = seconds * 10 + (*value - '0');
        if (seconds > apr_time_sec(LONGEST_WAIT)) {
            seconds = apr_time_sec(LONGEST_WAIT);
        }
    }
    while (*value == ' ' || *value == '\t') {
        value++;
    }
    *wait = apr_time_from_sec(seconds);
    return *value == '\0' ? 0 : -1;
}

apr_interval_time_t afp_backoff_retry_after(const char *value, apr_time_t now)
{
    apr_interval_time_t wait;
    apr_time_t date;

    if (value == NULL) {
        return -1;
    }
    if (read_seconds(value, &wait) == 0) {
        return wait;
    }
    if (afp_timestamp_read_http(value, now, &date) != 0) {
        return -1;
    }
    if (date <= now) {
        return 0;
    }
    return date - now < LONGEST_WAIT ? date - now : LONGEST_WAIT;
}

unsigned int afp_backoff_random(void)
{
    unsigned int random;

    /* Jitter needs no secrecy: without randomness the clock's microseconds spread well enough. */
    if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1) {
        random = (unsigned int)apr_time_now() * 2654435761U;
    }
    return random;
}
