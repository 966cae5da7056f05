#include "unit.h"

#include "core/nearest.h"

#include <string.h>

static const char *const stages[] = {"Applied", "Phone Screen",      "Interview", "Assessment",
                                     "Offer",   "\xc3\x89valuation", "HR 1",      "HR 2"};

static const char *of_stages(const char *name)
{
    return afp_nearest(name, stages, COUNT_OF(stages));
}

static void assert_nearest(const char *name, const char *expected)
{
    const char *found = of_stages(name);

    if (found == NULL || strcmp(found, expected) != 0) {
        fail_msg("\"%s\" is nearest to \"%s\", not to \"%s\"", name, found ? found : "nothing",
                 expected);
    }
}

static void a_missing_character_is_forgiven(void **state)
{
    (void)state;
    assert_nearest("Phone Scren", "Phone Screen");
    assert_nearest("Intervew", "Interview");
}

static void so_are_one_too_many_another_one_and_two_that_are_swapped(void **state)
{
    (void)state;
    assert_nearest("Interrview", "Interview");
    assert_nearest("Intermiew", "Interview");
    assert_nearest("Assesmsent", "Assessment");
    assert_nearest("Ofefr", "Offer");
}

static void case_and_blanks_do_not_count(void **state)
{
    (void)state;
    assert_nearest("phone screen", "Phone Screen");
    assert_nearest("  PHONE \t  SCREEN ", "Phone Screen");
    assert_nearest("Phone\xc2\xa0Screen", "Phone Screen");
    assert_nearest("PhoneScreen", "Phone Screen");
}

static void characters_count_not_bytes(void **state)
{
    static const char *const russian[] = {"\xd0\x9e\xd1\x84\xd1\x84\xd0\xb5\xd1\x80"};

    (void)state;
    assert_nearest("\xc3\xa9VALUATION", "\xc3\x89valuation");
    assert_nearest("Evaluation", "\xc3\x89valuation");
    /* One of five letters, two of ten bytes. */
    assert_ptr_equal(
        afp_nearest("\xd0\x9e\xd1\x84\xd1\x84\xd0\xb8\xd1\x80", russian, COUNT_OF(russian)),
        russian[0]);
}

static void what_is_far_from_all_is_near_to_none(void **state)
{
    (void)state;
    assert_null(of_stages("Reference check"));
    assert_null(of_stages("Offline"));
    assert_null(of_stages("O"));
    assert_null(of_stages(""));
    assert_null(of_stages("   "));
    assert_null(afp_nearest("Offer", stages, 0));
}

static void a_name_is_the_nearest_to_itself(void **state)
{
    static const char *const twins[] = {"hr 2", "HR 2", "HR 2 "};

    (void)state;
    assert_string_equal(afp_nearest("HR 2", twins, COUNT_OF(twins)), "HR 2");
    assert_string_equal(afp_nearest("HR 2 ", twins, COUNT_OF(twins)), "HR 2 ");
}

static void of_equally_near_ones_the_first_is_taken(void **state)
{
    (void)state;
    assert_nearest("HR 3", "HR 1");
    assert_nearest("hr 2", "HR 2");
}

static void names_that_are_too_long_or_no_text_are_passed_over(void **state)
{
    char longest[AFP_NEAREST_LENGTH + 2];
    const char *names[] = {"bad\xff", longest, ""};

    (void)state;
    memset(longest, 'x', sizeof(longest));
    longest[AFP_NEAREST_LENGTH + 1] = '\0';
    assert_null(afp_nearest("bad", names, COUNT_OF(names)));
    assert_null(afp_nearest("bad\xff", stages, COUNT_OF(stages)));
    longest[AFP_NEAREST_LENGTH] = '\0';
    longest[0] = 'y';
    assert_ptr_equal(afp_nearest(longest + 1, names, COUNT_OF(names)), longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_character_is_forgiven),
        cmocka_unit_test(so_are_one_too_many_another_one_and_two_that_are_swapped),
        cmocka_unit_test(case_and_blanks_do_not_count),
        cmocka_unit_test(characters_count_not_bytes),
        cmocka_unit_test(what_is_far_from_all_is_near_to_none),
        cmocka_unit_test(a_name_is_the_nearest_to_itself),
        cmocka_unit_test(of_equally_near_ones_the_first_is_taken),
        cmocka_unit_test(names_that_are_too_long_or_no_text_are_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
