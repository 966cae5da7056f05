#include "core/timestamp.h"

#include <string.h>

typedef struct {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
    int microsecond;
} fields_t;

/* A reader that has failed stays failed, so that a form can be read in one go and judged once. */
typedef struct {
    const char *at;
    int failed;
} reader_t;

static int digit(char c)
{
    return c >= '0' && c <= '9';
}

static int number(reader_t *reader, int digits)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        if (!digit(*reader->at)) {
            reader->failed = 1;
            return 0;
        }
        value = value * 10 + (*reader->at++ - '0');
    }
    return value;
}

static int skip(reader_t *reader, char c)
{
    if (*reader->at != c) {
        return 0;
    }
    reader->at++;
    return 1;
}

static void expect(reader_t *reader, const char *text)
{
    size_t length = strlen(text);

    if (reader->failed || strncmp(reader->at, text, length) != 0) {
        reader->failed = 1;
        return;
    }
    reader->at += length;
}

static void blanks(reader_t *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t') {
        reader->at++;
    }
}

static int finished(reader_t *reader)
{
    blanks(reader);
    return !reader->failed && *reader->at == '\0';
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static int to_time(const fields_t *fields, int offset_seconds, apr_time_t *time)
{
    apr_time_exp_t exploded = {0};
    apr_time_t result;

    if (fields->month < 1 || fields->month > 12 || fields->day < 1 ||
        fields->day > days_of_month(fields->year, fields->month) || fields->hour > 23 ||
        fields->minute > 59 || fields->second > 60) {
        return -1;
    }
    exploded.tm_year = fields->year - 1900;
    exploded.tm_mon = fields->month - 1;
    exploded.tm_mday = fields->day;
    exploded.tm_hour = fields->hour;
    exploded.tm_min = fields->minute;
    exploded.tm_sec = fields->second == 60 ? 59 : fields->second;
    exploded.tm_usec = fields->microsecond;
    if (fields->year < 1970 || apr_time_exp_get(&result, &exploded) != APR_SUCCESS) {
        return -1;
    }
    result -= apr_time_from_sec(offset_seconds);
    if (result < 0) {
        return -1;
    }
    *time = result;
    return 0;
}

static int fraction(reader_t *reader)
{
    int microsecond = 0;
    int unit = 100000;

    if (!digit(*reader->at)) {
        reader->failed = 1;
    }
    for (; digit(*reader->at); reader->at++) {
        microsecond += unit * (*reader->at - '0');
        unit /= 10;
    }
    return microsecond;
}

static int offset(reader_t *reader)
{
    int sign;
    int hours;
    int minutes = 0;

    if (skip(reader, 'Z') || skip(reader, 'z')) {
        return 0;
    }
    if (skip(reader, '+')) {
        sign = 1;
    } else if (skip(reader, '-')) {
        sign = -1;
    } else {
        return 0;
    }
    hours = number(reader, 2);
    if (skip(reader, ':') || digit(*reader->at)) {
        minutes = number(reader, 2);
    }
    if (hours > 23 || minutes > 59) {
        reader->failed = 1;
    }
    return sign * (hours * 3600 + minutes * 60);
}

int afp_timestamp_read(const char *text, apr_time_t *time)
{
    reader_t reader = {text, 0};
    fields_t fields = {0};
    int seconds_east;

    if (text == NULL) {
        return -1;
    }
    blanks(&reader);
    fields.year = number(&reader, 4);
    expect(&reader, "-");
    fields.month = number(&reader, 2);
    expect(&reader, "-");
    fields.day = number(&reader, 2);
    if (!skip(&reader, 'T') && !skip(&reader, 't')) {
        expect(&reader, " ");
    }
    fields.hour = number(&reader, 2);
    expect(&reader, ":");
    fields.minute = number(&reader, 2);
    if (skip(&reader, ':')) {
        fields.second = number(&reader, 2);
        if (skip(&reader, '.') || skip(&reader, ',')) {
            fields.microsecond = fraction(&reader);
        }
    }
    seconds_east = offset(&reader);
    return finished(&reader) ? to_time(&fields, seconds_east, time) : -1;
}

/* The index of the name that the text begins with, skipped; -1 fails the reader. */
static int name(reader_t *reader, const char *const *names, int count)
{
    for (int i = 0; i < count && !reader->failed; i++) {
        size_t length = strlen(names[i]);

        if (strncmp(reader->at, names[i], length) == 0) {
            reader->at += length;
            return i;
        }
    }
    reader->failed = 1;
    return -1;
}

static int month(reader_t *reader)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    return name(reader, names, 12) + 1;
}

static void time_of_day(reader_t *reader, fields_t *fields)
{
    fields->hour = number(reader, 2);
    expect(reader, ":");
    fields->minute = number(reader, 2);
    expect(reader, ":");
    fields->second = number(reader, 2);
}

/* "06-Nov-94 08:49:37 GMT", the obsolete form of RFC 850 behind its day's name. */
static void date_rfc850(reader_t *reader, fields_t *fields, int this_year)
{
    fields->day = number(reader, 2);
    expect(reader, "-");
    fields->month = month(reader);
    expect(reader, "-");
    fields->year = this_year / 100 * 100 + number(reader, 2);
    if (fields->year > this_year + 50) {
        fields->year -= 100;
    }
    expect(reader, " ");
    time_of_day(reader, fields);
    expect(reader, " GMT");
}

/* "06 Nov 1994 08:49:37 GMT", behind the day's name. */
static void date_fixed(reader_t *reader, fields_t *fields)
{
    fields->day = number(reader, 2);
    expect(reader, " ");
    fields->month = month(reader);
    expect(reader, " ");
    fields->year = number(reader, 4);
    expect(reader, " ");
    time_of_day(reader, fields);
    expect(reader, " GMT");
}

/* "Nov  6 08:49:37 1994", the form of C's asctime() behind its day's name. */
static void date_asctime(reader_t *reader, fields_t *fields)
{
    fields->month = month(reader);
    expect(reader, " ");
    fields->day = skip(reader, ' ') ? number(reader, 1) : number(reader, 2);
    expect(reader, " ");
    time_of_day(reader, fields);
    expect(reader, " ");
    fields->year = number(reader, 4);
}

int afp_timestamp_read_http(const char *text, apr_time_t now, apr_time_t *time)
{
    /* The long names of RFC 850 first, of which the short ones are the beginning. */
    enum { LONG_NAMES = 7, NAMES = 14 };
    static const char *const days[NAMES] = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        "Mon",    "Tue",     "Wed",       "Thu",      "Fri",    "Sat",      "Sun",
    };
    reader_t reader = {text, 0};
    fields_t fields = {0};
    apr_time_exp_t today;
    int day;

    if (text == NULL || apr_time_exp_gmt(&today, now) != APR_SUCCESS) {
        return -1;
    }
    blanks(&reader);
    day = name(&reader, days, NAMES);
    if (!skip(&reader, ',')) {
        expect(&reader, " ");
        date_asctime(&reader, &fields);
    } else {
        expect(&reader, " ");
        if (day < LONG_NAMES) {
            date_rfc850(&reader, &fields, today.tm_year + 1900);
        } else {
            date_fixed(&reader, &fields);
        }
    }
    return finished(&reader) ? to_time(&fields, 0, time) : -1;
}
