#include "unit.h"

#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

static const char *words(apr_pool_t *pool, const char *text, const char *hidden)
{
    const char *list[] = {hidden, NULL};
    size_t length = strlen(text);
    char *copy = unit_exact_copy(text, length);
    const char *result = afp_text_remote_words(pool, copy, length, list, 1000);

    free(copy);
    return result;
}

static void plain_words_stay_as_they_are(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "Name can't be blank (422)", ""), "Name can't be blank (422)");
    assert_string_equal(words(pool, "\xc3\xa9t\xc3\xa9", NULL), "\xc3\xa9t\xc3\xa9");
    assert_string_equal(afp_text_remote_words(pool, "x", 1, NULL, 10), "x");
    assert_string_equal(afp_text_remote_words(pool, "", 0, NULL, 10), "");
}

static void blanks_and_controls_fold_to_one_blank(void **state)
{
    apr_pool_t *pool = *state;
    static const char nul[] = {'a', '\0', '\0', 'b'};

    assert_string_equal(words(pool, " \r\n<html>\n\t\x1b x\xe2\x80\xa8y\xc2\xa0\xc2\x85z \n", NULL),
                        "<html> x y z");
    assert_string_equal(afp_text_remote_words(pool, nul, sizeof(nul), NULL, 10), "a b");
    assert_string_equal(words(pool, " \n ", NULL), "");
}

static void invalid_bytes_become_replacement_characters(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "caf\xe9 \xe2\x82", NULL),
                        "caf\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd");
}

static void a_secret_is_hidden_wherever_it_occurs_and_whatever_its_case(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "key=SeCrEt; got secretX", "sEcReT"),
                        "key=[hidden]; got [hidden]X");
    assert_string_equal(words(pool, "\xc3\x89lodie a \xc3\xa9t\xc3\xa9", "\xc3\xa9lodie"),
                        "[hidden] a \xc3\xa9t\xc3\xa9");
    assert_string_equal(words(pool, "sssecret", "ssecret"), "s[hidden]");
}

static void a_name_is_hidden_across_a_line_break(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "no Ada \r\n Example here", " Ada  Example "),
                        "no [hidden] here");
}

static void the_longest_of_several_secrets_is_hidden(void **state)
{
    apr_pool_t *pool = *state;
    static const char *const hidden[] = {"abc", "", "abcdef", NULL};

    assert_string_equal(afp_text_remote_words(pool, "xabcdefy", 8, hidden, 100), "x[hidden]y");
    assert_string_equal(afp_text_remote_words(pool, "xabcdey", 7, hidden, 100), "x[hidden]dey");
}

static void hidden_parts_side_by_side_are_marked_once(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "aaaa", "a"), "[hidden]");
    assert_string_equal(words(pool, "a a", "a"), "[hidden] [hidden]");
}

static void addresses_are_hidden(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"ada.example@example.test is taken", "[hidden] is taken"},
        {"'ada@example.test' is taken.", "[hidden]' is taken."},
        {"Sorry, ada@example.test.", "Sorry, [hidden]."},
        {"<ada+tag@mail.example.test>", "<[hidden]>"},
        {"/users?email=ada@example.test&page=1", "/users?email=[hidden]&page=1"},
        {"/users?email=ada%40example.test&page=1", "/users?email=[hidden]&page=1"},
        {"mailto:ada@localhost", "mailto:[hidden]"},
        {"\xc3\xa9lodie@ex\xc3\xa9mple.test!", "[hidden]!"},
        {"a@b@c", "[hidden]@c"},
        {"AZaz09@AZ-az.09 x", "[hidden] x"},
        {"Z@z", "[hidden]"},
        {"ada@[10.0.0.1] x", "[hidden] x"},
        {"a%40b", "[hidden]"},
        {"wrong: ada@x.test...", "wrong: [hidden]..."},
        {"two: a@x.test,b@x.test", "two: [hidden],[hidden]"},
    };
    apr_pool_t *pool = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(words(pool, cases[i].text, NULL), cases[i].expected);
    }
}

static void an_at_sign_alone_is_no_address(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "@ a @ b a@ @b a@. 100%40 %40x", NULL),
                        "@ a @ b a@ @b a@. 100%40 %40x");
}

static void a_secret_inside_an_address_does_not_uncover_the_rest(void **state)
{
    apr_pool_t *pool = *state;

    assert_string_equal(words(pool, "Ada.example@example.test", "ada"), "[hidden]");
    assert_string_equal(words(pool, "to ada@example.test now", "ada"), "to [hidden] now");
    assert_string_equal(words(pool, "key ab@cd$ef now", "ab@cd$ef"), "key [hidden] now");
    assert_string_equal(words(pool, "x.ada@example.test y", "ada"), "[hidden] y");
}

static void the_limit_holds_whatever_is_inside(void **state)
{
    apr_pool_t *pool = *state;
    static const char text[] = "caf\xc3\xa9 \xff\xff secret secret a@b.test \n\n\n \xe2\x82\xac x";
    static const char *const hidden[] = {"secret", NULL};

    for (size_t limit = 0; limit < 80; limit++) {
        const char *result = afp_text_remote_words(pool, text, sizeof(text) - 1, hidden, limit);

        assert_true(strlen(result) <= limit);
        assert_true(afp_text_is_utf8(result, strlen(result)));
        assert_null(strstr(result, "secre"));
    }
    assert_string_equal(afp_text_remote_words(pool, "hello world", 11, NULL, 6), "hel\xe2\x80\xa6");
    assert_string_equal(afp_text_remote_words(pool, "hello \n", 7, NULL, 5), "hello");
}

static void a_huge_answer_costs_no_more_than_its_beginning(void **state)
{
    apr_pool_t *pool = *state;
    size_t length = 2 * 1024 * 1024;
    char *text = apr_palloc(pool, length);
    static const char *const hidden[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", NULL};

    memset(text, 'a', length);
    assert_int_equal(strlen(afp_text_remote_words(pool, text, length, hidden, 512)), 512);
    memset(text, ' ', length);
    text[length - 1] = 'x';
    assert_string_equal(afp_text_remote_words(pool, text, length, hidden, 512), "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(plain_words_stay_as_they_are),
        UNIT_TEST(blanks_and_controls_fold_to_one_blank),
        UNIT_TEST(invalid_bytes_become_replacement_characters),
        UNIT_TEST(a_secret_is_hidden_wherever_it_occurs_and_whatever_its_case),
        UNIT_TEST(a_name_is_hidden_across_a_line_break),
        UNIT_TEST(the_longest_of_several_secrets_is_hidden),
        UNIT_TEST(hidden_parts_side_by_side_are_marked_once),
        UNIT_TEST(addresses_are_hidden),
        UNIT_TEST(an_at_sign_alone_is_no_address),
        UNIT_TEST(a_secret_inside_an_address_does_not_uncover_the_rest),
        UNIT_TEST(the_limit_holds_whatever_is_inside),
        UNIT_TEST(a_huge_answer_costs_no_more_than_its_beginning),
    };

    return UNIT_RUN(tests);
}
