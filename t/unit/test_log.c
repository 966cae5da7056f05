#include "unit.h"

#include "core/log.h"

#include <string.h>

typedef struct {
    int lines;
    afp_log_level_t level;
    char last[2048];
} record_t;

static void write_record(void *baton, afp_log_level_t level, const char *line)
{
    record_t *record = baton;

    record->lines++;
    record->level = level;
    strncpy(record->last, line, sizeof(record->last) - 1);
}

static void a_line_is_formatted_and_handed_over_with_its_level(void **state)
{
    record_t record = {0};
    afp_logger_t logger = {write_record, &record, AFP_LOG_INFO};

    (void)state;
    afp_log(&logger, AFP_LOG_WARNING, AFPNO(0301) "%s waits %d s", "abc", 5);
    assert_int_equal(record.lines, 1);
    assert_int_equal(record.level, AFP_LOG_WARNING);
    assert_string_equal(record.last, "AFP0301: abc waits 5 s");
}

static void a_line_at_the_level_is_written_and_one_beyond_it_is_not(void **state)
{
    record_t record = {0};
    afp_logger_t logger = {write_record, &record, AFP_LOG_INFO};

    (void)state;
    afp_log(&logger, AFP_LOG_INFO, "written");
    afp_log(&logger, AFP_LOG_DEBUG, "not written");
    assert_int_equal(record.lines, 1);
    assert_string_equal(record.last, "written");
}

static void without_a_logger_nothing_happens(void **state)
{
    afp_logger_t silent = {NULL, NULL, AFP_LOG_DEBUG};

    (void)state;
    afp_log(NULL, AFP_LOG_ERROR, "lost");
    afp_log(&silent, AFP_LOG_ERROR, "lost");
}

static void a_long_line_is_cut_to_1023_bytes(void **state)
{
    record_t record = {0};
    afp_logger_t logger = {write_record, &record, AFP_LOG_DEBUG};
    char text[1500];

    (void)state;
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    afp_log(&logger, AFP_LOG_DEBUG, "%s", text);
    assert_int_equal(record.lines, 1);
    assert_int_equal(strlen(record.last), 1023);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_is_formatted_and_handed_over_with_its_level),
        UNIT_TEST(a_line_at_the_level_is_written_and_one_beyond_it_is_not),
        UNIT_TEST(without_a_logger_nothing_happens),
        UNIT_TEST(a_long_line_is_cut_to_1023_bytes),
    };

    return UNIT_RUN(tests);
}
