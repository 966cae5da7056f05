#include "unit_keys.h"

#include "core/results_token.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

#define UUID "0123456789abcdef0123456789abcdef"

static const afp_keyring_t *keyring(apr_pool_t *pool)
{
    return unit_keyring(pool, "k1:" KEY_COUNTING);
}

static const char *make(apr_pool_t *pool)
{
    const char *token = afp_results_token_make(keyring(pool), pool, UUID);

    assert_non_null(token);
    return token;
}

static void a_token_is_64_hexadecimal_digits_and_always_the_same(void **state)
{
    /* HKDF-SHA-256 of the key with info "results location", then HMAC-SHA-256 of the company_uuid:
     * computed with Python's hmac. */
    assert_string_equal(make(*state),
                        "63f9593db8b2db2d9245cda3de37ded2bb6d5b688a6577aea1817c6f2e16b03c");
    assert_string_equal(make(*state), make(*state));
}

static void a_token_is_good_for_its_tenant_only(void **state)
{
    const char *token = make(*state);

    assert_int_equal(afp_results_token_is_good(keyring(*state), UUID, token), 1);
    assert_int_equal(
        afp_results_token_is_good(keyring(*state), "1123456789abcdef0123456789abcdef", token), 0);
    assert_int_equal(afp_results_token_is_good(keyring(*state), "", token), 0);
}

static void a_token_with_any_digit_changed_is_bad(void **state)
{
    const char *token = make(*state);

    for (size_t i = 0; token[i] != '\0'; i++) {
        char *changed = apr_pstrdup(*state, token);

        changed[i] = changed[i] == '0' ? '1' : '0';
        assert_int_equal(afp_results_token_is_good(keyring(*state), UUID, changed), 0);
    }
}

static void what_is_no_token_is_bad(void **state)
{
    const char *token = make(*state);
    char *upper = apr_pstrdup(*state, token);
    const char *const bad[] = {
        "",
        "0",
        "0000000000000000000000000000000000000000000000000000000000000000",
        apr_pstrcat(*state, token, "0", NULL),
        apr_pstrcat(*state, token, "/", NULL),
        apr_pstrcat(*state, " ", token, NULL),
        apr_pstrndup(*state, token, 63),
        upper,
    };

    for (char *c = upper; *c != '\0'; c++) {
        *c = (char)apr_toupper(*c);
    }
    assert_string_not_equal(upper, token);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(afp_results_token_is_good(keyring(*state), UUID, bad[i]), 0);
    }
}

static void after_a_rotation_tokens_of_the_old_key_are_still_good(void **state)
{
    const afp_keyring_t *after = unit_keyring(*state, "k2:" KEY_LETTERS "\nk1:" KEY_COUNTING "\n");
    const afp_keyring_t *without = unit_keyring(*state, "k2:" KEY_LETTERS);
    const char *token = make(*state);
    const char *renewed = afp_results_token_make(after, *state, UUID);

    assert_string_not_equal(renewed, token);
    assert_int_equal(afp_results_token_is_good(after, UUID, token), 1);
    assert_int_equal(afp_results_token_is_good(after, UUID, renewed), 1);
    assert_int_equal(afp_results_token_is_good(without, UUID, token), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_token_is_64_hexadecimal_digits_and_always_the_same),
        UNIT_TEST(a_token_is_good_for_its_tenant_only),
        UNIT_TEST(a_token_with_any_digit_changed_is_bad),
        UNIT_TEST(what_is_no_token_is_bad),
        UNIT_TEST(after_a_rotation_tokens_of_the_old_key_are_still_good),
    };

    return UNIT_RUN(tests);
}
