#include "unit_json.h"

#include <apr_strings.h>

/* Parses bytes with nothing behind them. */
static struct json_object *parse(apr_pool_t *pool, const char *bytes, size_t length,
                                 const char **why)
{
    char *copy = unit_exact_copy(bytes, length);
    struct json_object *value = afp_json_parse(pool, copy, length, why);

    free(copy);
    return value;
}

static void assert_refused(apr_pool_t *pool, const char *text, const char *reason)
{
    const char *why = NULL;

    if (parse(pool, text, strlen(text), &why) != NULL) {
        fail_msg("accepted: %s", text);
    }
    assert_string_equal(why, reason);
}

static void every_kind_of_value_is_parsed(void **state)
{
    static const char *const accepted[] = {
        "{}",      "[]", "\"\"", " {\"a\":[1,-2.5e3,true,false,null,\"x\"]}\r\n\t ",
        "12",      "0",  "true", "\"caf\xc3\xa9 \\u00e9 \\\" \\\\ \\/ {[\"",
        "[[],[]]",
    };
    const char *why;

    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        assert_non_null(parse(*state, accepted[i], strlen(accepted[i]), &why));
    }
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const refused[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "{\"a\":1",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "[,]",
        "[TRUE]",
        "[nul]",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "NaN",
        "[01]",
        "[+1]",
        "[.5]",
        "[-]",
        "1e",
        "\"abc",
        "[\"\\x\"]",
        "[\"a\nb\"]",
        "[\"\t\"]",
        "/* c */{}",
        "{}//c",
        "\xef\xbb\xbf{}",
        "event=x",
        "null",
    };

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_refused(*state, refused[i], "not JSON");
    }
}

static void anything_but_white_space_behind_the_value_is_refused(void **state)
{
    const char *why;

    assert_refused(*state, "{} x", "not JSON");
    assert_refused(*state, "{}{}", "not JSON");
    assert_refused(*state, "[1][", "not JSON");
    assert_refused(*state, "12 x", "not JSON");
    assert_refused(*state, "\"a\" \"b\"", "not JSON");
    assert_non_null(parse(*state, "{} \n", 4, &why));
}

static void a_nul_byte_is_refused_wherever_it_stands(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {{"{}\0", 3}, {"\0{}", 3}, {"{\"a\0\":1}", 8}, {"{\"a\":\"x\0y\"}", 11}};
    const char *why;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        why = "";
        assert_null(parse(*state, cases[i].bytes, cases[i].length, &why));
        assert_string_equal(why, "holds a NUL byte");
    }
}

static void invalid_utf8_is_refused(void **state)
{
    assert_refused(*state, "{\"a\":\"caf\xe9\"}", "not UTF-8");
    assert_refused(*state, "{\"a\":\"\xc0\xaf\"}", "not UTF-8");
    assert_refused(*state, "{\"a\":\"\xed\xa0\x80\"}", "not UTF-8");
    assert_refused(*state, "{\"\xff\":1}", "not UTF-8");
    assert_refused(*state, "{}\xff", "not UTF-8");
}

/* `depth` levels of `open`, then `inner`, then as many of `close`. */
static const char *nested(apr_pool_t *pool, int depth, const char *open, const char *inner,
                          const char *close)
{
    const char *text = inner;

    for (int i = 0; i < depth; i++) {
        text = apr_pstrcat(pool, open, text, close, NULL);
    }
    return text;
}

static void thirty_two_levels_are_parsed_and_thirty_three_refused(void **state)
{
    static const char *const inner[] = {"", "1", "\"x\""};

    for (size_t i = 0; i < COUNT_OF(inner); i++) {
        assert_non_null(unit_json(*state, nested(*state, 32, "[", inner[i], "]")));
        assert_refused(*state, nested(*state, 33, "[", inner[i], "]"), "nested too deeply");
    }
    assert_non_null(unit_json(*state, nested(*state, 32, "{\"a\":", "1", "}")));
    assert_refused(*state, nested(*state, 33, "{\"a\":", "1", "}"), "nested too deeply");
    assert_refused(*state, nested(*state, 5000, "[", "", ""), "nested too deeply");
}

static void brackets_inside_strings_are_no_levels(void **state)
{
    const char *many = nested(*state, 40, "[{", "", "");
    const char *text =
        apr_pstrcat(*state, "[\"", many, "\\\"", many, "\\\\\",\"", many, "\"]", NULL);

    assert_non_null(unit_json(*state, text));
}

static void only_levels_inside_one_another_count(void **state)
{
    const char *siblings = nested(*state, 100, "[],{},", "1", "");

    assert_non_null(unit_json(*state, apr_pstrcat(*state, "[", siblings, "]", NULL)));
}

static void a_length_beyond_int_is_refused_before_a_byte_is_read(void **state)
{
    const char *why = NULL;

    assert_null(afp_json_parse(*state, "{}", (size_t)INT32_MAX + 10, &why));
    assert_string_equal(why, "too long");
}

static void of_equal_names_the_last_one_counts(void **state)
{
    struct json_object *root = unit_json(*state, "{\"a\":\"first\",\"a\":\"last\"}");

    assert_string_equal(afp_json_text_at(root, "a"), "last");
}

static void a_path_leads_through_objects_and_arrays(void **state)
{
    struct json_object *root =
        unit_json(*state, "{\"data\":[{\"id\":\"7\"},{\"id\":\"8\",\"0\":\"zero\"}],\"\":\"e\"}");

    assert_string_equal(afp_json_text_at(root, "data.0.id"), "7");
    assert_string_equal(afp_json_text_at(root, "data.1.id"), "8");
    assert_string_equal(afp_json_text_at(root, "data.1.0"), "zero");
    assert_ptr_equal(afp_json_at(root, ""), root);
}

static void a_path_that_leads_nowhere_finds_nothing(void **state)
{
    static const char *const nowhere[] = {
        "x",
        "data.id",
        "data.2",
        "data.2.id",
        "data.-1",
        "data.01x",
        "data.0.id.x",
        "n",
        "n.x",
        "t.x",
        "data..0",
        "dat",
        "data.4294967296",
        "data.9999999999999999999999",
    };
    struct json_object *root =
        unit_json(*state, "{\"data\":[{\"id\":\"7\"},1],\"n\":null,\"t\":\"text\"}");
    char long_step[300];

    for (size_t i = 0; i < COUNT_OF(nowhere); i++) {
        assert_null(afp_json_at(root, nowhere[i]));
    }
    memset(long_step, 'x', sizeof(long_step) - 1);
    long_step[sizeof(long_step) - 1] = '\0';
    assert_null(afp_json_at(root, long_step));
    assert_null(afp_json_at(NULL, "data"));
    assert_null(afp_json_text_at(NULL, "data"));
    assert_null(afp_json_id_at(*state, NULL, "data"));
    assert_false(afp_json_true_at(NULL, "data"));
}

static void a_step_of_127_bytes_is_found_and_one_of_128_is_not(void **state)
{
    const char *name = nested(*state, 127, "x", "", "");
    struct json_object *root = unit_json(
        *state, apr_psprintf(*state, "{\"%s\":\"found\",\"x%s\":\"too long\"}", name, name));

    assert_string_equal(afp_json_text_at(root, name), "found");
    assert_null(afp_json_text_at(root, apr_pstrcat(*state, "x", name, NULL)));
}

static void only_a_string_without_nul_is_a_text(void **state)
{
    struct json_object *root = unit_json(
        *state,
        "{\"s\":\"x\",\"e\":\"\",\"z\":\"a\\u0000b\",\"i\":1,\"b\":true,\"o\":{},\"a\":[\"x\"]}");
    static const char *const none[] = {"z", "i", "b", "o", "a"};

    assert_string_equal(afp_json_text_at(root, "s"), "x");
    assert_string_equal(afp_json_text_at(root, "e"), "");
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_null(afp_json_text_at(root, none[i]));
    }
}

static void numbers_and_strings_of_digits_are_ids(void **state)
{
    static const struct {
        const char *text;
        const char *id;
    } cases[] = {
        {"[8863880]", "8863880"},
        {"[\"8863880\"]", "8863880"},
        {"[0]", "0"},
        {"[\"000\"]", "0"},
        {"[\"0042\"]", "42"},
        {"[9223372036854775808]", "9223372036854775808"},
        {"[18446744073709551614]", "18446744073709551614"},
        {"[\"12345678901234567890\"]", "12345678901234567890"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(afp_json_id_is(unit_json(*state, cases[i].text), "0", cases[i].id));
        assert_false(afp_json_id_is(unit_json(*state, cases[i].text), "0", "4711"));
        assert_string_equal(afp_json_id_at(*state, unit_json(*state, cases[i].text), "0"),
                            cases[i].id);
    }
}

static void nothing_else_is_an_id(void **state)
{
    static const char *const none[] = {
        "[-1]",
        "[1.0]",
        "[1e3]",
        "[true]",
        "[null]",
        "[\"\"]",
        "[\"-1\"]",
        "[\" 1\"]",
        "[\"1x\"]",
        "[\"1.0\"]",
        "[{}]",
        "[[1]]",
        "[]",
        "[18446744073709551616]",
        "[99999999999999999999999]",
        "[\"123456789012345678901\"]",
        "[\"1\\u00002\"]",
    };

    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_null(afp_json_id_at(*state, unit_json(*state, none[i]), "0"));
        assert_false(afp_json_id_is(unit_json(*state, none[i]), "0", ""));
    }
}

static void only_true_is_true(void **state)
{
    struct json_object *root =
        unit_json(*state, "{\"t\":true,\"f\":false,\"i\":1,\"s\":\"true\",\"n\":null,\"o\":{}}");

    assert_true(afp_json_true_at(root, "t"));
    assert_false(afp_json_true_at(root, "f"));
    assert_false(afp_json_true_at(root, "i"));
    assert_false(afp_json_true_at(root, "s"));
    assert_false(afp_json_true_at(root, "n"));
    assert_false(afp_json_true_at(root, "o"));
    assert_false(afp_json_true_at(root, "x"));
}

static void values_are_written_as_json_writes_them(void **state)
{
    apr_pool_t *pool = *state;
    struct json_object *object = afp_json_object(pool);
    struct json_object *array = json_object_new_array();

    afp_json_add_text(pool, object, "a\"", "b\\/<\n\x01\x7f\xc3\xa9\xff");
    afp_json_add_text_or_null(pool, object, "empty", "");
    afp_json_add_text_or_null(pool, object, "full", "x");
    afp_json_append_text(pool, array, "\"");
    json_object_object_add(object, "list", array);
    assert_string_equal(afp_json_print(pool, object),
                        "{\"a\\\"\":\"b\\\\/<\\n\\u0001\x7f\xc3\xa9\xef\xbf\xbd\",\"empty\":null,"
                        "\"full\":\"x\",\"list\":[\"\\\"\"]}");
}

static void a_moment_is_written_in_utc_with_microseconds(void **state)
{
    apr_pool_t *pool = *state;
    struct json_object *object = afp_json_object(pool);

    afp_json_add_time(pool, object, "at", APR_TIME_C(1700000000000042));
    afp_json_add_time(pool, object, "never", 0);
    assert_string_equal(afp_json_print(pool, object),
                        "{\"at\":\"2023-11-14T22:13:20.000042Z\",\"never\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_kind_of_value_is_parsed),
        UNIT_TEST(what_is_no_json_is_refused),
        UNIT_TEST(anything_but_white_space_behind_the_value_is_refused),
        UNIT_TEST(a_nul_byte_is_refused_wherever_it_stands),
        UNIT_TEST(invalid_utf8_is_refused),
        UNIT_TEST(thirty_two_levels_are_parsed_and_thirty_three_refused),
        UNIT_TEST(brackets_inside_strings_are_no_levels),
        UNIT_TEST(only_levels_inside_one_another_count),
        UNIT_TEST(a_length_beyond_int_is_refused_before_a_byte_is_read),
        UNIT_TEST(of_equal_names_the_last_one_counts),
        UNIT_TEST(a_path_leads_through_objects_and_arrays),
        UNIT_TEST(a_path_that_leads_nowhere_finds_nothing),
        UNIT_TEST(a_step_of_127_bytes_is_found_and_one_of_128_is_not),
        UNIT_TEST(only_a_string_without_nul_is_a_text),
        UNIT_TEST(numbers_and_strings_of_digits_are_ids),
        UNIT_TEST(nothing_else_is_an_id),
        UNIT_TEST(only_true_is_true),
        UNIT_TEST(values_are_written_as_json_writes_them),
        UNIT_TEST(a_moment_is_written_in_utc_with_microseconds),
    };

    return UNIT_RUN(tests);
}
