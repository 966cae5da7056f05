#include "core/results.h"

#define MINUTES(n) ((n)*APR_INT64_C(60) * APR_USEC_PER_SEC)
#define HOURS(n)   ((n)*MINUTES(60))
#define DAYS(n)    ((n)*HOURS(24))

#define SCALE_LIMIT 100000 /* percent; a day times this is far from overflowing */

/* The interval at 100 percent; 0 for no more. */
static apr_interval_time_t interval_of(apr_interval_time_t age, int polls)
{
    static const apr_interval_time_t first[] = {MINUTES(5), MINUTES(10), MINUTES(20), MINUTES(40)};

    if (age >= DAYS(90)) {
        return 0;
    }
    if (age >= DAYS(30)) {
        return DAYS(1);
    }
    if (age >= DAYS(3)) {
        return HOURS(6);
    }
    if (polls < (int)(sizeof(first) / sizeof(first[0]))) {
        return first[polls > 0 ? polls : 0];
    }
    return HOURS(1);
}

apr_interval_time_t afp_results_next_poll(apr_interval_time_t age, int polls, int scale)
{
    apr_interval_time_t interval = interval_of(age, polls);

    if (interval == 0) {
        return 0;
    }
    if (scale < 1) {
        scale = 1;
    } else if (scale > SCALE_LIMIT) {
        scale = SCALE_LIMIT;
    }
    interval = interval * scale / 100;
    return interval > APR_USEC_PER_SEC ? interval : APR_USEC_PER_SEC;
}

#define RANKS 16

int afp_results_rank(apr_interval_time_t age)
{
    apr_interval_time_t limit = MINUTES(5);
    int rank = 0;

    while (age > limit && rank < RANKS - 1) {
        limit *= 2;
        rank++;
    }
    return rank;
}
