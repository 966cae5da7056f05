#include "unit.h"

#include "core/backoff.h"

#include <limits.h>

#define FIRST apr_time_from_sec(5)
#define CAP   apr_time_from_sec(3600)
#define NOW   apr_time_from_sec(784111777) /* Sun, 06 Nov 1994 08:49:37 GMT */

/* Within one part in a thousand below `ceiling`, which the largest random number leads to. */
static void assert_just_below(apr_interval_time_t delay, apr_interval_time_t ceiling)
{
    assert_true(delay <= ceiling);
    assert_true(delay >= ceiling - ceiling / 1000 - 1);
}

static void each_attempt_waits_up_to_twice_as_long(void **state)
{
    apr_interval_time_t ceiling = FIRST;

    (void)state;
    for (int attempt = 1; ceiling < CAP; attempt++) {
        assert_just_below(afp_backoff_delay(attempt, FIRST, CAP, UINT_MAX), ceiling);
        ceiling *= 2;
    }
}

static void no_attempt_waits_longer_than_the_cap(void **state)
{
    (void)state;
    for (int attempt = 11; attempt <= 1000; attempt++) {
        assert_just_below(afp_backoff_delay(attempt, FIRST, CAP, UINT_MAX), CAP);
    }
    assert_just_below(afp_backoff_delay(INT_MAX, FIRST, CAP, UINT_MAX), CAP);
}

static void every_delay_of_every_attempt_lies_within_its_bounds(void **state)
{
    static const unsigned int randoms[] = {0, 1, 12345, UINT_MAX / 2, UINT_MAX - 1, UINT_MAX};

    (void)state;
    for (int attempt = 1; attempt <= 1000; attempt++) {
        for (size_t i = 0; i < COUNT_OF(randoms); i++) {
            apr_interval_time_t delay = afp_backoff_delay(attempt, FIRST, CAP, randoms[i]);

            assert_true(delay >= FIRST / 4);
            assert_true(delay <= CAP);
        }
    }
}

static void the_jitter_covers_the_whole_range(void **state)
{
    (void)state;
    assert_true(afp_backoff_delay(10, FIRST, CAP, 0) == FIRST / 4);
    assert_just_below(afp_backoff_delay(10, FIRST, CAP, UINT_MAX / 2), FIRST * 512 / 2);
    assert_just_below(afp_backoff_delay(10, FIRST, CAP, UINT_MAX / 4 * 3), FIRST * 512 / 4 * 3);
}

static void attempts_below_one_count_as_the_first(void **state)
{
    (void)state;
    assert_just_below(afp_backoff_delay(0, FIRST, CAP, UINT_MAX), FIRST);
    assert_just_below(afp_backoff_delay(-1, FIRST, CAP, UINT_MAX), FIRST);
    assert_just_below(afp_backoff_delay(INT_MIN, FIRST, CAP, UINT_MAX), FIRST);
}

static void extreme_durations_neither_overflow_nor_vanish(void **state)
{
    apr_interval_time_t longest = INT64_MAX;

    (void)state;
    for (int attempt = 1; attempt <= 1000; attempt++) {
        assert_true(afp_backoff_delay(attempt, 1, longest, UINT_MAX) >= 1);
        assert_true(afp_backoff_delay(attempt, longest, longest, UINT_MAX) > longest / 2);
        assert_true(afp_backoff_delay(attempt, 1, 1, 0) == 1);
        assert_true(afp_backoff_delay(attempt, 0, 0, 0) == 1);
        assert_true(afp_backoff_delay(attempt, -5, -5, UINT_MAX) == 1);
    }
    assert_just_below(afp_backoff_delay(INT_MAX, 1, longest, UINT_MAX), longest);
}

static void a_cap_below_the_first_delay_wins(void **state)
{
    (void)state;
    assert_just_below(afp_backoff_delay(1, CAP, FIRST, UINT_MAX), FIRST);
    assert_true(afp_backoff_delay(7, CAP, FIRST, 0) == FIRST);
}

static void retry_after_is_read_in_seconds(void **state)
{
    (void)state;
    assert_true(afp_backoff_retry_after("120", NOW) == apr_time_from_sec(120));
    assert_true(afp_backoff_retry_after(" 007\t", NOW) == apr_time_from_sec(7));
    assert_true(afp_backoff_retry_after("0", NOW) == 0);
}

static void retry_after_is_read_as_a_date(void **state)
{
    (void)state;
    assert_true(afp_backoff_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", NOW) ==
                apr_time_from_sec(60));
    assert_true(afp_backoff_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", NOW) ==
                apr_time_from_sec(60));
    assert_true(afp_backoff_retry_after("Sun Nov  6 08:50:37 1994", NOW) == apr_time_from_sec(60));
}

static void retry_after_is_clamped_to_a_day(void **state)
{
    apr_interval_time_t day = apr_time_from_sec(24 * 3600);

    (void)state;
    assert_true(afp_backoff_retry_after("86400", NOW) == day);
    assert_true(afp_backoff_retry_after("86401", NOW) == day);
    assert_true(afp_backoff_retry_after("99999999999999999999999999", NOW) == day);
    assert_true(afp_backoff_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", NOW) == day);
    assert_true(afp_backoff_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", NOW) == 0);
    assert_true(afp_backoff_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", NOW) == 0);
}

static void an_unreadable_retry_after_says_nothing(void **state)
{
    static const char *const unreadable[] = {"",
                                             " ",
                                             "soon",
                                             "-1",
                                             "+5",
                                             "1.5",
                                             "60s",
                                             "0x10",
                                             "1 2",
                                             "1994-11-06T08:50:37Z",
                                             "Sun, 06 Nov 1994 08:50:37"};

    (void)state;
    assert_true(afp_backoff_retry_after(NULL, NOW) == -1);
    for (size_t i = 0; i < COUNT_OF(unreadable); i++) {
        assert_true(afp_backoff_retry_after(unreadable[i], NOW) == -1);
    }
}

static void random_numbers_differ(void **state)
{
    unsigned int first = afp_backoff_random();
    int different = 0;

    (void)state;
    for (int i = 0; i < 20; i++) {
        different += afp_backoff_random() != first;
    }
    assert_true(different >= 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_attempt_waits_up_to_twice_as_long),
        UNIT_TEST(no_attempt_waits_longer_than_the_cap),
        UNIT_TEST(every_delay_of_every_attempt_lies_within_its_bounds),
        UNIT_TEST(the_jitter_covers_the_whole_range),
        UNIT_TEST(attempts_below_one_count_as_the_first),
        UNIT_TEST(extreme_durations_neither_overflow_nor_vanish),
        UNIT_TEST(a_cap_below_the_first_delay_wins),
        UNIT_TEST(retry_after_is_read_in_seconds),
        UNIT_TEST(retry_after_is_read_as_a_date),
        UNIT_TEST(retry_after_is_clamped_to_a_day),
        UNIT_TEST(an_unreadable_retry_after_says_nothing),
        UNIT_TEST(random_numbers_differ),
    };

    return UNIT_RUN(tests);
}
