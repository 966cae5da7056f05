#include "unit.h"

#include "core/text.h"

#include <string.h>

static void whole_texts_are_judged_as_utf8(void **state)
{
    static const char with_nul[] = {'a', '\0', 'b'};

    (void)state;
    assert_true(afp_text_is_utf8("", 0));
    assert_true(afp_text_is_utf8("caf\xc3\xa9", 5));
    assert_true(afp_text_is_utf8(with_nul, sizeof(with_nul)));
    assert_false(afp_text_is_utf8("\xff", 1));
    assert_false(afp_text_is_utf8("caf\xc3\xa9", 4));
    assert_false(afp_text_is_utf8("caf\xe9", 4));
    assert_false(afp_text_is_utf8("ok\xed\xa0\x80", 5));
}

static void trimming_takes_blanks_controls_and_no_break_spaces_from_both_ends(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_trim(pool, " \t\r\n\x01\xc2\xa0 Phone Screen \xc2\xa0\x7f\n"),
                        "Phone Screen");
    assert_string_equal(afp_text_trim(pool, ""), "");
    assert_string_equal(afp_text_trim(pool, " \xc2\xa0 "), "");
    assert_string_equal(afp_text_trim(pool, "a b"), "a b");
    assert_string_equal(afp_text_trim(pool, "\xc2\xa0x\xc2\xa0"), "x");
}

static void trimming_does_not_cut_into_other_characters(void **state)
{
    apr_pool_t *pool = *state;

    /* U+00E0 ends, U+0082 begins with a byte of the no-break space. */
    assert_string_equal(afp_text_trim(pool, "\xc3\xa0"), "\xc3\xa0");
    assert_string_equal(afp_text_trim(pool, "\xc2\xa9"), "\xc2\xa9");
    assert_string_equal(afp_text_trim(pool, "\xc2"), "\xc2");
    assert_string_equal(afp_text_trim(pool, "\xa0"), "\xa0");
}

static void a_text_that_fits_is_not_shortened(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_shorten(pool, "hello", 5), "hello");
    assert_string_equal(afp_text_shorten(pool, "", 0), "");
}

static void a_shortened_text_ends_in_an_ellipsis_within_the_limit(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_shorten(pool, "hello world", 8), "hello\xe2\x80\xa6");
    assert_string_equal(afp_text_shorten(pool, "h\xc3\xa9llo", 5), "h\xe2\x80\xa6");
    assert_string_equal(afp_text_shorten(pool, "hello", 3), "\xe2\x80\xa6");
    assert_string_equal(afp_text_shorten(pool, "hello", 2), "he");
    assert_string_equal(afp_text_shorten(pool, "\xc3\xa9\xc3\xa9", 1), "");
}

static void html_loses_everything_that_has_a_meaning_there(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_html(pool, "<a href=\"x\" title='y'>&amp;"),
                        "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
    assert_string_equal(afp_text_html(pool, "Caf\xc3\xa9 \xf0\x9f\x98\x80"),
                        "Caf\xc3\xa9 \xf0\x9f\x98\x80");
}

static void html_shows_controls_and_invalid_bytes_as_replacement_characters(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_html(pool, "a\x01"
                                            "b\n\xc2\x80\xff<"),
                        "a\xef\xbf\xbd"
                        "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&lt;");
    /* A lead byte must not swallow the quote behind it. */
    assert_string_equal(afp_text_html(pool, "\xe2\""), "\xef\xbf\xbd&quot;");
}

static void only_what_is_invalid_is_replaced_in_utf8(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_utf8(pool, ""), "");
    assert_string_equal(afp_text_utf8(pool, "a\"b\\c/<\n\x1f\x7f"), "a\"b\\c/<\n\x1f\x7f");
    assert_string_equal(afp_text_utf8(pool, "\xc3\xa9\xff\xed\xa0\x80"),
                        "\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void a_log_line_stays_one_line_of_printable_text(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_log(pool, "a\nb\x1b[31m\x7f caf\xc3\xa9", 100),
                        "a\\x0ab\\x1b[31m\\x7f caf\xc3\xa9");
    assert_string_equal(afp_text_log(pool, "\xff\xc2\x85", 100), "\\xff\\xc2\\x85");
}

static void printable_is_text_without_controls(void **state)
{
    (void)state;
    assert_true(afp_text_is_printable(""));
    assert_true(afp_text_is_printable("Caf\xc3\xa9 \xd7\x90\xe2\x80\x8f & <Co>"));
    assert_false(afp_text_is_printable("a\nb"));
    assert_false(afp_text_is_printable("a\xc2\x85"));
    assert_false(afp_text_is_printable("a\xff"));
    assert_false(afp_text_is_printable("a\xe2\x80"));
}

/* U+202E and U+2066, which turn what follows; U+200F between two letters does not. */
static void nothing_turns_the_direction_of_what_stands_behind_it(void **state)
{
    apr_pool_t *pool = *state;
    const char *text = "a\xe2\x80\xae<txt\xe2\x81\xa6 \xd7\x90\xe2\x80\x8f!";

    assert_string_equal(afp_text_html(pool, text),
                        "a\xef\xbf\xbd&lt;txt\xef\xbf\xbd \xd7\x90\xe2\x80\x8f!");
    assert_string_equal(afp_text_html_value(pool, text),
                        "a\xe2\x80\xae&lt;txt\xe2\x81\xa6 \xd7\x90\xe2\x80\x8f!");
    assert_string_equal(afp_text_html_value(pool, "a\n\"\xff"), "a\xef\xbf\xbd&quot;\xef\xbf\xbd");
    assert_string_equal(afp_text_log(pool, text, 100),
                        "a\\xe2\\x80\\xae<txt\\xe2\\x81\\xa6 \xd7\x90\\xe2\\x80\\x8f!");
}

static void a_log_text_is_cut_between_characters(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_log(pool, "caf\xc3\xa9s", 4), "caf");
    assert_string_equal(afp_text_log(pool, "caf\xc3\xa9s", 5), "caf\xc3\xa9");
    assert_string_equal(afp_text_log(pool, "abc", 0), "");
}

static void urls_keep_only_unreserved_characters(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(afp_text_url(pool, "AZaz09-._~"), "AZaz09-._~");
    assert_string_equal(afp_text_url(pool, "ada+x@example.test/../?a=b&c#d %"),
                        "ada%2Bx%40example.test%2F..%2F%3Fa%3Db%26c%23d%20%25");
    assert_string_equal(afp_text_url(pool, "\xc3\xa9\xff\n"), "%C3%A9%FF%0A");
}

static void long_texts_are_escaped_within_their_memory(void **state)
{
    apr_pool_t *pool = *state;
    size_t length = 100000;
    char *text = apr_palloc(pool, length + 1);

    /* Larger than any block that the pool keeps: a sanitizer sees a write too far. */
    memset(text, '"', length);
    text[length] = '\0';
    assert_int_equal(strlen(afp_text_html(pool, text)), 6 * length);
    assert_int_equal(strlen(afp_text_url(pool, text)), 3 * length);
    memset(text, '\n', length);
    assert_int_equal(strlen(afp_text_log(pool, text, length)), 4 * length);
    memset(text, '\xff', length);
    assert_int_equal(strlen(afp_text_utf8(pool, text)), 3 * length);
    memset(text, 'x', length);
    assert_int_equal(strlen(afp_text_shorten(pool, text, length - 1)), length - 1);
    assert_int_equal(strlen(afp_text_trim(pool, text)), length);
}

static void texts_are_equal_but_case(void **state)
{
    (void)state;
    assert_true(afp_text_equal_but_case("", ""));
    assert_true(afp_text_equal_but_case("Phone Screen", "PHONE screen"));
    assert_true(afp_text_equal_but_case("\xc3\x89valuation", "\xc3\xa9VALUATION"));
    assert_true(afp_text_equal_but_case("a\xff", "A\xff"));
    assert_false(afp_text_equal_but_case("Phone", "Phone Screen"));
    assert_false(afp_text_equal_but_case("Phone Screen", "Phone"));
    assert_false(afp_text_equal_but_case("\xc3\xa9", "e"));
    assert_false(afp_text_equal_but_case("a\xff", "a\xfe"));
    assert_false(afp_text_equal_but_case("\xff", "\xc3\xbf")); /* a byte is not U+00FF */
}

static void bytes_become_lower_case_hexadecimal(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x0f, 0xa5, 0xff};
    char hex[9];

    (void)state;
    afp_text_hex(hex, bytes, sizeof(bytes));
    assert_string_equal(hex, "000fa5ff");
    afp_text_hex(hex, bytes, 0);
    assert_string_equal(hex, "");
}

static void hexadecimal_is_lower_case_and_of_exact_length(void **state)
{
    (void)state;
    assert_true(afp_text_is_hex("0123456789abcdef", 16));
    assert_false(afp_text_is_hex("0123456789abcdef", 15));
    assert_false(afp_text_is_hex("0123456789abcdef", 17));
    assert_false(afp_text_is_hex("0123456789ABCDEF", 16));
    assert_false(afp_text_is_hex("0123456789abcdeg", 16));
    assert_false(afp_text_is_hex("abcd\n", 4));
}

static void numbers_have_1_to_18_digits_and_nothing_else(void **state)
{
    static const char *const refused[] = {"",    " 1", "1 ", "+1",  "-1",
                                          "0x1", "1.", "1a", "1e3", "1000000000000000000"};
    long long value = -1;

    (void)state;
    assert_int_equal(afp_text_int64("0", &value), 0);
    assert_int_equal(value, 0);
    assert_int_equal(afp_text_int64("007", &value), 0);
    assert_int_equal(value, 7);
    assert_int_equal(afp_text_int64("999999999999999999", &value), 0);
    assert_true(value == 999999999999999999LL);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(afp_text_int64(refused[i], &value), -1);
    }
    assert_true(value == 999999999999999999LL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(whole_texts_are_judged_as_utf8),
        UNIT_TEST(trimming_takes_blanks_controls_and_no_break_spaces_from_both_ends),
        UNIT_TEST(trimming_does_not_cut_into_other_characters),
        UNIT_TEST(a_text_that_fits_is_not_shortened),
        UNIT_TEST(a_shortened_text_ends_in_an_ellipsis_within_the_limit),
        UNIT_TEST(html_loses_everything_that_has_a_meaning_there),
        UNIT_TEST(html_shows_controls_and_invalid_bytes_as_replacement_characters),
        UNIT_TEST(only_what_is_invalid_is_replaced_in_utf8),
        UNIT_TEST(a_log_line_stays_one_line_of_printable_text),
        UNIT_TEST(printable_is_text_without_controls),
        UNIT_TEST(nothing_turns_the_direction_of_what_stands_behind_it),
        UNIT_TEST(a_log_text_is_cut_between_characters),
        UNIT_TEST(urls_keep_only_unreserved_characters),
        UNIT_TEST(long_texts_are_escaped_within_their_memory),
        UNIT_TEST(texts_are_equal_but_case),
        UNIT_TEST(bytes_become_lower_case_hexadecimal),
        UNIT_TEST(hexadecimal_is_lower_case_and_of_exact_length),
        UNIT_TEST(numbers_have_1_to_18_digits_and_nothing_else),
    };

    return UNIT_RUN(tests);
}
