#include "unit_keys.h"

#include "core/form_token.h"

#include <apr_strings.h>
#include <string.h>

#define NOW      apr_time_from_sec(1700000000)
#define LIFETIME apr_time_from_sec(12 * 3600)

static const afp_keyring_t *keyring(apr_pool_t *pool)
{
    return unit_keyring(pool, "k1:" KEY_COUNTING);
}

static afp_form_token_state_t check(apr_pool_t *pool, const char *token, apr_time_t now)
{
    return afp_form_token_check(keyring(pool), pool, token, "user", "company", now);
}

static const char *make(apr_pool_t *pool)
{
    const char *token = afp_form_token_make(keyring(pool), pool, "user", "company", NOW);

    assert_non_null(token);
    return token;
}

static void a_token_has_seconds_and_mac_in_hexadecimal(void **state)
{
    const char *token = make(*state);

    assert_memory_equal(token, "6553f100.", 9);
    assert_int_equal(strlen(token), 9 + 64);
    assert_int_equal(strspn(token + 9, "0123456789abcdef"), 64);
}

static void a_token_is_good_for_twelve_hours(void **state)
{
    const char *token = make(*state);

    assert_int_equal(check(*state, token, NOW), AFP_FORM_TOKEN_GOOD);
    assert_int_equal(check(*state, token, NOW + LIFETIME), AFP_FORM_TOKEN_GOOD);
    assert_int_equal(check(*state, token, NOW + LIFETIME + apr_time_from_sec(1)),
                     AFP_FORM_TOKEN_EXPIRED);
}

static void a_token_may_come_from_a_clock_60_seconds_ahead(void **state)
{
    const char *token = make(*state);

    assert_int_equal(check(*state, token, NOW - apr_time_from_sec(60)), AFP_FORM_TOKEN_GOOD);
    assert_int_equal(check(*state, token, NOW - apr_time_from_sec(61)), AFP_FORM_TOKEN_BAD);
}

static void a_token_belongs_to_one_user_and_company(void **state)
{
    static const char *const others[][2] = {
        {"user2", "company"}, {"user", "company2"}, {"company", "user"}, {"", "usercompany"},
        {"userc", "ompany"},  {"user", ""},         {"use", "rcompany"}, {"User", "company"},
    };
    const char *token = make(*state);

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_int_equal(
            afp_form_token_check(keyring(*state), *state, token, others[i][0], others[i][1], NOW),
            AFP_FORM_TOKEN_BAD);
    }
}

static void a_user_named_like_another_s_fields_gets_no_token_for_him(void **state)
{
    /* Without lengths the signed texts of these two would be one. */
    const char *token = afp_form_token_make(keyring(*state), *state, "u", "1:c7:company", NOW);

    assert_int_equal(afp_form_token_check(keyring(*state), *state, token, "u1:c", "company", NOW),
                     AFP_FORM_TOKEN_BAD);
}

static void a_token_with_another_time_is_bad(void **state)
{
    char *token = apr_pstrdup(*state, make(*state));

    token[7] = '1';
    assert_int_equal(check(*state, token, NOW), AFP_FORM_TOKEN_BAD);
    assert_int_equal(check(*state, apr_pstrcat(*state, "0", make(*state), NULL), NOW),
                     AFP_FORM_TOKEN_BAD);
}

static void a_token_with_any_digit_of_the_mac_changed_is_bad(void **state)
{
    const char *token = make(*state);

    for (size_t i = 9; token[i] != '\0'; i++) {
        char *changed = apr_pstrdup(*state, token);

        changed[i] = changed[i] == '0' ? '1' : '0';
        assert_int_equal(check(*state, changed, NOW), AFP_FORM_TOKEN_BAD);
    }
}

static void what_is_no_token_is_bad(void **state)
{
    static const char *const bad[] = {
        "",
        ".",
        "6553f100",
        "6553f100.",
        ".1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83",
        "6553f100.1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d8",
        "6553F100.1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83",
        "-1.1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83",
        "ffffffffffffffff.1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83",
    };
    const char *upper = make(*state);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(check(*state, bad[i], NOW), AFP_FORM_TOKEN_BAD);
    }
    assert_int_equal(check(*state, NULL, NOW), AFP_FORM_TOKEN_BAD);
    assert_int_equal(check(*state, apr_pstrcat(*state, upper, "0", NULL), NOW), AFP_FORM_TOKEN_BAD);
    assert_int_equal(check(*state, apr_pstrcat(*state, " ", upper, NULL), NOW), AFP_FORM_TOKEN_BAD);
}

static void a_forged_token_of_any_age_is_bad_and_never_expired(void **state)
{
    const char *forged = "1.1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83";

    assert_int_equal(check(*state, forged, NOW), AFP_FORM_TOKEN_BAD);
}

static void after_a_rotation_tokens_of_the_old_key_are_still_good(void **state)
{
    const afp_keyring_t *after = unit_keyring(*state, "k2:" KEY_LETTERS "\nk1:" KEY_COUNTING "\n");
    const afp_keyring_t *without = unit_keyring(*state, "k2:" KEY_LETTERS);
    const char *token = make(*state);

    assert_int_equal(afp_form_token_check(after, *state, token, "user", "company", NOW),
                     AFP_FORM_TOKEN_GOOD);
    assert_int_equal(afp_form_token_check(without, *state, token, "user", "company", NOW),
                     AFP_FORM_TOKEN_BAD);
    assert_string_not_equal(afp_form_token_make(after, *state, "user", "company", NOW), token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_token_has_seconds_and_mac_in_hexadecimal),
        UNIT_TEST(a_token_is_good_for_twelve_hours),
        UNIT_TEST(a_token_may_come_from_a_clock_60_seconds_ahead),
        UNIT_TEST(a_token_belongs_to_one_user_and_company),
        UNIT_TEST(a_user_named_like_another_s_fields_gets_no_token_for_him),
        UNIT_TEST(a_token_with_another_time_is_bad),
        UNIT_TEST(a_token_with_any_digit_of_the_mac_changed_is_bad),
        UNIT_TEST(what_is_no_token_is_bad),
        UNIT_TEST(a_forged_token_of_any_age_is_bad_and_never_expired),
        UNIT_TEST(after_a_rotation_tokens_of_the_old_key_are_still_good),
    };

    return UNIT_RUN(tests);
}
