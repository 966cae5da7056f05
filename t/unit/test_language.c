#include "unit.h"

#include "core/language.h"

#include <string.h>

static void a_language_is_found_by_its_code(void **state)
{
    afp_language_t language = AFP_LANGUAGE_EN;

    (void)state;
    assert_true(afp_language_find("fr", &language));
    assert_int_equal(language, AFP_LANGUAGE_FR);
    assert_string_equal(afp_language_code(language), "fr");
    assert_false(afp_language_find("", &language));
    assert_false(afp_language_find("FR", &language));
    assert_false(afp_language_find("fr-CA", &language));
    assert_int_equal(language, AFP_LANGUAGE_FR);
}

static void assert_accepted(apr_pool_t *pool, const char *header, const char *expected)
{
    const char *code = afp_language_code(afp_language_accepted(pool, header));

    if (strcmp(code, expected) != 0) {
        fail_msg("\"%s\" gives %s", header != NULL ? header : "(no header)", code);
    }
}

static void the_language_with_the_highest_weight_is_chosen(void **state)
{
    assert_accepted(*state, "fr", "fr");
    assert_accepted(*state, "en", "en");
    assert_accepted(*state, "FR-ca", "fr");
    assert_accepted(*state, "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr");
    assert_accepted(*state, "en-GB,en;q=0.9,fr;q=0.8", "en");
    assert_accepted(*state, "en;q=0.8, fr;q=0.85", "fr");
    assert_accepted(*state, "en;q=0.801, fr;q=0.8", "en");
    assert_accepted(*state, "de, fr ; q=0.1", "fr");
    assert_accepted(*state, "de;q=1.0,es;q=0.9,fr;Q=0.2", "fr");
    assert_accepted(*state, "en;q=1.000,fr;q=0.999", "en");
}

static void of_two_with_one_weight_the_first_is_chosen(void **state)
{
    assert_accepted(*state, "fr, en", "fr");
    assert_accepted(*state, "en, fr", "en");
    assert_accepted(*state, "fr;q=0.5, en;q=0.5", "fr");
}

static void a_star_stands_for_what_is_not_named(void **state)
{
    assert_accepted(*state, "*", "en");
    assert_accepted(*state, "fr, *;q=0.5", "fr");
    assert_accepted(*state, "fr;q=0.5, *;q=0.8", "en");
    assert_accepted(*state, "en;q=0, *", "fr");
    assert_accepted(*state, "fr;q=0, *", "en");
    assert_accepted(*state, "*;q=0", "en");
}

static void without_a_wish_that_can_be_met_it_is_english(void **state)
{
    assert_accepted(*state, NULL, "en");
    assert_accepted(*state, "", "en");
    assert_accepted(*state, ", ,", "en");
    assert_accepted(*state, "de-DE, es;q=0.5", "en");
    assert_accepted(*state, "fr;q=0", "en");
    assert_accepted(*state, "frr", "en");
    assert_accepted(*state, "f", "en");
}

static void what_is_no_weight_counts_as_nothing(void **state)
{
    static const char *const headers[] = {
        "fr;q=", "fr;q=x", "fr;q=2", "fr;q=1.5", "fr;q=-1", "fr;q=.5", "fr;q=0.5x", "fr;level=1",
    };

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        assert_accepted(*state, headers[i], "en");
    }
}

static void zero_is_plural_in_english_and_singular_in_french(void **state)
{
    (void)state;
    assert_true(afp_language_is_plural(AFP_LANGUAGE_EN, 0));
    assert_false(afp_language_is_plural(AFP_LANGUAGE_EN, 1));
    assert_true(afp_language_is_plural(AFP_LANGUAGE_EN, 2));
    assert_false(afp_language_is_plural(AFP_LANGUAGE_FR, 0));
    assert_false(afp_language_is_plural(AFP_LANGUAGE_FR, 1));
    assert_true(afp_language_is_plural(AFP_LANGUAGE_FR, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_language_is_found_by_its_code),
        UNIT_TEST(the_language_with_the_highest_weight_is_chosen),
        UNIT_TEST(of_two_with_one_weight_the_first_is_chosen),
        UNIT_TEST(a_star_stands_for_what_is_not_named),
        UNIT_TEST(without_a_wish_that_can_be_met_it_is_english),
        UNIT_TEST(what_is_no_weight_counts_as_nothing),
        UNIT_TEST(zero_is_plural_in_english_and_singular_in_french),
    };

    return UNIT_RUN(tests);
}
