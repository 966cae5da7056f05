#include "unit.h"

#include "core/utf8.h"

#include <string.h>

static void assert_decodes(const char *bytes, unsigned int code)
{
    size_t length = strlen(bytes);
    char *copy = unit_exact_copy(bytes, length);
    unsigned int found = 0;

    assert_int_equal(afp_utf8_decode(copy, length, &found), length);
    assert_int_equal(found, code);
    free(copy);
}

static void assert_refused(const char *bytes)
{
    size_t length = strlen(bytes);
    char *copy = unit_exact_copy(bytes, length);
    unsigned int found = 0;

    assert_int_equal(afp_utf8_decode(copy, length, &found), 0);
    free(copy);
}

static void the_first_and_last_character_of_each_length_are_decoded(void **state)
{
    (void)state;
    assert_decodes("\x01", 1);
    assert_decodes("\x7f", 0x7f);
    assert_decodes("\xc2\x80", 0x80);
    assert_decodes("\xdf\xbf", 0x7ff);
    assert_decodes("\xe0\xa0\x80", 0x800);
    assert_decodes("\xed\x9f\xbf", 0xd7ff);
    assert_decodes("\xee\x80\x80", 0xe000);
    assert_decodes("\xef\xbf\xbf", 0xffff);
    assert_decodes("\xf0\x90\x80\x80", 0x10000);
    assert_decodes("\xf4\x8f\xbf\xbf", 0x10ffff);
}

static void a_form_that_is_not_the_shortest_is_refused(void **state)
{
    (void)state;
    assert_refused("\xc0\x80");
    assert_refused("\xc1\xbf");
    assert_refused("\xe0\x80\xaf");
    assert_refused("\xe0\x9f\xbf");
    assert_refused("\xf0\x80\x80\xaf");
    assert_refused("\xf0\x8f\xbf\xbf");
}

static void surrogates_are_refused(void **state)
{
    (void)state;
    assert_refused("\xed\xa0\x80");
    assert_refused("\xed\xbf\xbf");
}

static void code_points_beyond_unicode_are_refused(void **state)
{
    (void)state;
    assert_refused("\xf4\x90\x80\x80");
    assert_refused("\xf5\x80\x80\x80");
    assert_refused("\xf8\x88\x80\x80\x80");
    assert_refused("\xfe");
    assert_refused("\xff");
}

static void a_lonely_continuation_byte_is_refused(void **state)
{
    (void)state;
    assert_refused("\x80");
    assert_refused("\xbf");
}

static void a_character_that_breaks_off_is_refused(void **state)
{
    (void)state;
    assert_refused("\xc3");
    assert_refused("\xe2\x82");
    assert_refused("\xf0\x9f\x98");
    assert_refused("\xc3(");
    assert_refused("\xe2(\xa1");
    assert_refused("\xe2\x82(");
    assert_refused("\xf0\x9f\x98(");
}

static void a_cut_falls_between_characters(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"; /* 1, 2, 3 and 4 bytes */
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

    (void)state;
    for (size_t limit = 0; limit < COUNT_OF(expected); limit++) {
        char *copy = unit_exact_copy(text, 10);

        assert_int_equal(afp_utf8_cut(copy, 10, limit), expected[limit]);
        free(copy);
    }
}

static void a_cut_through_bytes_that_are_no_characters_keeps_to_the_limit(void **state)
{
    (void)state;
    assert_int_equal(afp_utf8_cut("\x80\x80\x80\x80\x80\x80\x80\x80", 8, 6), 6);
    assert_int_equal(afp_utf8_cut("\x80\x80\x80", 3, 1), 1);
}

static void controls_are_those_of_ascii_and_latin_1(void **state)
{
    (void)state;
    assert_true(afp_utf8_is_control(0));
    assert_true(afp_utf8_is_control(0x1f));
    assert_false(afp_utf8_is_control(' '));
    assert_false(afp_utf8_is_control('~'));
    assert_true(afp_utf8_is_control(0x7f));
    assert_true(afp_utf8_is_control(0x9f));
    assert_false(afp_utf8_is_control(0xa0));
}

static void directions_of_writing_are_known_by_what_they_reach(void **state)
{
    static const struct {
        unsigned int code;
        int is_direction, is_mark;
    } codes[] = {
        {0x202a, 1, 0}, {0x202e, 1, 0}, {0x2066, 1, 0}, {0x2069, 1, 0}, {0x061c, 0, 1},
        {0x200e, 0, 1}, {0x200f, 0, 1}, {0x2029, 0, 0}, {0x202f, 0, 0}, {0x2065, 0, 0},
        {0x206a, 0, 0}, {0x200d, 0, 0}, {0x2010, 0, 0}, {0x061b, 0, 0}, {0x05d0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        assert_int_equal(afp_utf8_is_direction(codes[i].code), codes[i].is_direction);
        assert_int_equal(afp_utf8_is_direction_mark(codes[i].code), codes[i].is_mark);
    }
}

static void blanks_are_what_separates_words_and_lines(void **state)
{
    (void)state;
    assert_true(afp_utf8_is_blank(' '));
    assert_true(afp_utf8_is_blank('\n'));
    assert_true(afp_utf8_is_blank(0x85));
    assert_true(afp_utf8_is_blank(0xa0));
    assert_true(afp_utf8_is_blank(0x2028));
    assert_true(afp_utf8_is_blank(0x2029));
    assert_false(afp_utf8_is_blank('x'));
    assert_false(afp_utf8_is_blank(0xa1));
}

static void capitals_have_their_small_letters(void **state)
{
    static const struct {
        unsigned int capital, small;
    } pairs[] = {
        {'A', 'a'},     {'Z', 'z'},     {0xc9, 0xe9},   {0xde, 0xfe},   {0x100, 0x101},
        {0x139, 0x13a}, {0x141, 0x142}, {0x160, 0x161}, {0x178, 0xff},  {0x17d, 0x17e},
        {0x391, 0x3b1}, {0x3a9, 0x3c9}, {0x401, 0x451}, {0x410, 0x430}, {0x42f, 0x44f},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_int_equal(afp_utf8_lower(pairs[i].capital), pairs[i].small);
        assert_int_equal(afp_utf8_lower(pairs[i].small), pairs[i].small);
    }
}

static void what_is_no_letter_stays_as_it_is(void **state)
{
    static const unsigned int codes[] = {'@', '[', '0', 0xd7, 0xf7, 0xdf, 0x138, 0x3a2, 0x1f600};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        assert_int_equal(afp_utf8_lower(codes[i]), codes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_first_and_last_character_of_each_length_are_decoded),
        UNIT_TEST(a_form_that_is_not_the_shortest_is_refused),
        UNIT_TEST(surrogates_are_refused),
        UNIT_TEST(code_points_beyond_unicode_are_refused),
        UNIT_TEST(a_lonely_continuation_byte_is_refused),
        UNIT_TEST(a_character_that_breaks_off_is_refused),
        UNIT_TEST(a_cut_falls_between_characters),
        UNIT_TEST(a_cut_through_bytes_that_are_no_characters_keeps_to_the_limit),
        UNIT_TEST(controls_are_those_of_ascii_and_latin_1),
        UNIT_TEST(directions_of_writing_are_known_by_what_they_reach),
        UNIT_TEST(blanks_are_what_separates_words_and_lines),
        UNIT_TEST(capitals_have_their_small_letters),
        UNIT_TEST(what_is_no_letter_stays_as_it_is),
    };

    return UNIT_RUN(tests);
}
