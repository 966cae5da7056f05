#include "unit.h"

#include "core/api_token.h"
#include "core/signature.h"

#include <apr_strings.h>
#include <string.h>

#define TOKEN "afp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_token_is_made_with_its_hash_and_never_twice(void **state)
{
    apr_pool_t *pool = *state;
    char hash[AFP_API_TOKEN_HASH + 1];
    char digest[65];
    char read[AFP_API_TOKEN_HASH + 1];
    const char *token = afp_api_token_make(pool, hash);

    assert_int_equal(strlen(token), strlen(TOKEN));
    assert_int_equal(afp_signature_digest(token, strlen(token), digest), 0);
    assert_string_equal(hash, digest);
    assert_int_equal(afp_api_token_read(apr_pstrcat(pool, "Bearer ", token, NULL), read),
                     AFP_BEARER_GOOD);
    assert_string_equal(read, hash);
    assert_string_not_equal(afp_api_token_make(pool, hash), token);
}

static void the_scheme_has_any_case_and_blanks_behind_it(void **state)
{
    static const char *const good[] = {"Bearer " TOKEN, "bearer " TOKEN, "BEARER    " TOKEN};
    char hash[AFP_API_TOKEN_HASH + 1];
    char digest[65];

    (void)state;
    assert_int_equal(afp_signature_digest(TOKEN, strlen(TOKEN), digest), 0);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_int_equal(afp_api_token_read(good[i], hash), AFP_BEARER_GOOD);
        assert_string_equal(hash, digest);
    }
}

static void other_credentials_are_none(void **state)
{
    static const char *const none[] = {
        NULL, "", "Bearer", "Basic YWJj", "Bearer" TOKEN, "Bearer\t" TOKEN, TOKEN, " Bearer " TOKEN,
        "Bea"};
    char hash[AFP_API_TOKEN_HASH + 1];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_int_equal(afp_api_token_read(none[i], hash), AFP_BEARER_NONE);
    }
}

static void what_has_not_the_form_of_a_token_is_bad(void **state)
{
    static const char *const bad[] = {
        "Bearer ",
        "Bearer x",
        "Bearer afp_",
        "Bearer " TOKEN "0",
        "Bearer " TOKEN " ",
        "Bearer a" TOKEN,
        "Bearer " TOKEN ", Bearer " TOKEN,
        "Bearer AFP_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "Bearer afp_0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "Bearer afp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
    };
    char hash[AFP_API_TOKEN_HASH + 1];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(afp_api_token_read(bad[i], hash), AFP_BEARER_BAD);
    }
}

static void only_the_same_hash_fits_and_nothing_fits_none(void **state)
{
    char hash[AFP_API_TOKEN_HASH + 1];
    char other[AFP_API_TOKEN_HASH + 1];

    (void)state;
    assert_int_equal(afp_api_token_read("Bearer " TOKEN, hash), AFP_BEARER_GOOD);
    memcpy(other, hash, sizeof(other));
    assert_true(afp_api_token_fits(other, hash));
    other[63] = other[63] == '0' ? '1' : '0';
    assert_false(afp_api_token_fits(other, hash));
    assert_false(afp_api_token_fits("", hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_token_is_made_with_its_hash_and_never_twice),
        UNIT_TEST(the_scheme_has_any_case_and_blanks_behind_it),
        UNIT_TEST(other_credentials_are_none),
        UNIT_TEST(what_has_not_the_form_of_a_token_is_bad),
        UNIT_TEST(only_the_same_hash_fits_and_nothing_fits_none),
    };

    return UNIT_RUN(tests);
}
