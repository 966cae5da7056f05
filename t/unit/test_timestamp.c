#include "unit.h"

#include "core/timestamp.h"

#include <apr_strings.h>

#define NOW apr_time_from_sec(1700000000) /* 2023-11-14 22:13:20 UTC */

static void assert_reads(const char *text, apr_time_t expected)
{
    apr_time_t time = -1;

    assert_int_equal(afp_timestamp_read(text, &time), 0);
    assert_true(time == expected);
}

static void assert_reads_http(const char *text, apr_time_t expected)
{
    apr_time_t time = -1;

    assert_int_equal(afp_timestamp_read_http(text, NOW, &time), 0);
    assert_true(time == expected);
}

static void dates_with_blank_or_t_are_utc(void **state)
{
    apr_time_t expected = apr_time_from_sec(1614687278);

    (void)state;
    assert_reads("2021-03-02 12:14:38", expected);
    assert_reads("2021-03-02T12:14:38", expected);
    assert_reads("2021-03-02T12:14:38Z", expected);
    assert_reads("  2021-03-02t12:14:38z ", expected);
    assert_reads("2021-03-02T12:14", expected - apr_time_from_sec(38));
    assert_reads("2021-03-01T23:59:59", expected - apr_time_from_sec(12 * 3600 + 14 * 60 + 39));
    assert_reads("1970-01-01T00:00:00Z", 0);
}

static void offsets_are_taken_into_account(void **state)
{
    apr_time_t expected = apr_time_from_sec(1614687278);

    (void)state;
    assert_reads("2021-03-02T13:14:38+01:00", expected);
    assert_reads("2021-03-02T13:14:38+0100", expected);
    assert_reads("2021-03-02T13:14:38+01", expected);
    assert_reads("2021-03-01T23:44:38-12:30", expected);
    assert_reads("2021-03-03T12:13:38+23:59", expected);
    assert_reads("2021-03-02T12:14:38+00:00", expected);
    assert_reads("2021-03-02T12:14:38-00:00", expected);
}

static void fractions_count_down_to_microseconds(void **state)
{
    apr_time_t expected = apr_time_from_sec(1614687278);

    (void)state;
    assert_reads("2021-03-02T12:14:38.5Z", expected + 500000);
    assert_reads("2021-03-02T12:14:38,000001Z", expected + 1);
    assert_reads("2021-03-02T12:14:38.1234567891234+00:00", expected + 123456);
}

static void every_month_has_its_days(void **state)
{
    static const int last_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    apr_time_t time;

    for (int month = 1; month <= 12; month++) {
        for (int day = 0; day <= 32; day++) {
            const char *text = apr_psprintf(*state, "2021-%02d-%02dT00:00:00Z", month, day);

            assert_int_equal(afp_timestamp_read(text, &time),
                             day >= 1 && day <= last_days[month - 1] ? 0 : -1);
        }
    }
}

static void leap_days_and_leap_seconds_exist(void **state)
{
    (void)state;
    assert_reads("2020-02-29 00:00:00", apr_time_from_sec(1582934400));
    assert_reads("2024-02-29 00:00:00", apr_time_from_sec(1709164800));
    assert_reads("2000-02-29 00:00:00", apr_time_from_sec(951782400));
    assert_reads("2016-12-31T23:59:60Z", apr_time_from_sec(1483228799));
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const refused[] = {
        "",
        "soon",
        "2021-03-02",
        "2021-3-2 12:14:38",
        "2021-00-02 12:14:38",
        "2021-13-02 12:14:38",
        "2021-03-00 12:14:38",
        "2021-04-31 12:14:38",
        "2021-02-29 12:14:38",
        "2020-02-30 12:14:38",
        "1900-02-29 12:14:38",
        "2021-03-02 24:14:38",
        "2021-03-02 12:60:38",
        "2021-03-02 12:14:61",
        "2021-03-02 12",
        "2021-03-02  12:14:38",
        "2021-03-02T12:14:38.",
        "2021-03-02T12:14:38.Z",
        "2021-03-02T12:14:38+1",
        "2021-03-02T12:14:38+01:0",
        "2021-03-02T12:14:38+24:00",
        "2021-03-02T12:14:38+00:60",
        "2021-03-02T12:14:38 UTC",
        "2021-03-02T12:14:38ZZ",
        "-021-03-02T12:14:38Z",
        "20210302T121438Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
    };
    apr_time_t time = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(afp_timestamp_read(refused[i], &time), -1);
    }
    assert_int_equal(afp_timestamp_read(NULL, &time), -1);
    assert_true(time == 7);
}

static void all_three_forms_of_an_http_date_are_read(void **state)
{
    apr_time_t expected = apr_time_from_sec(784111777);

    (void)state;
    assert_reads_http("Sun, 06 Nov 1994 08:49:37 GMT", expected);
    assert_reads_http("Mon, 07 Nov 1994 08:49:37 GMT", expected + apr_time_from_sec(86400));
    assert_reads_http("Sunday, 06-Nov-94 08:49:37 GMT", expected);
    assert_reads_http("Sun Nov  6 08:49:37 1994", expected);
    assert_reads_http(" Sun Nov 16 08:49:37 1994 ", expected + apr_time_from_sec(864000));
}

static void a_two_digit_year_is_at_most_50_years_ahead(void **state)
{
    (void)state;
    assert_reads_http("Saturday, 01-Jan-73 00:00:00 GMT", apr_time_from_sec(3250454400)); /* 2073 */
    assert_reads_http("Tuesday, 01-Jan-74 00:00:00 GMT", apr_time_from_sec(126230400));   /* 1974 */
}

static void what_is_no_http_date_is_refused(void **state)
{
    static const char *const refused[] = {
        "",
        "now",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Mon, 07-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Jun 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT.",
        "Sun, 06 Nov 1960 08:49:37 GMT",
        "Sunday Nov  6 08:49:37 1994 GMT",
    };
    apr_time_t time = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(afp_timestamp_read_http(refused[i], NOW, &time), -1);
    }
    assert_int_equal(afp_timestamp_read_http(NULL, NOW, &time), -1);
    assert_true(time == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(dates_with_blank_or_t_are_utc),
        UNIT_TEST(offsets_are_taken_into_account),
        UNIT_TEST(fractions_count_down_to_microseconds),
        UNIT_TEST(every_month_has_its_days),
        UNIT_TEST(leap_days_and_leap_seconds_exist),
        UNIT_TEST(what_is_no_date_is_refused),
        UNIT_TEST(all_three_forms_of_an_http_date_are_read),
        UNIT_TEST(a_two_digit_year_is_at_most_50_years_ahead),
        UNIT_TEST(what_is_no_http_date_is_refused),
    };

    return UNIT_RUN(tests);
}
