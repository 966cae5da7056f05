#include "unit_keys.h"

#include <apr_strings.h>
#include <string.h>

#define SITE   "site"
#define UUID   "0123456789abcdef0123456789abcdef"
#define COLUMN "api_key"

static const char *seal(const afp_keyring_t *keyring, apr_pool_t *pool, const char *plain)
{
    return afp_seal(keyring, pool, plain, SITE, UUID, COLUMN);
}

static apr_status_t open_sealed(const afp_keyring_t *keyring, apr_pool_t *pool, const char *sealed,
                                const char **plain)
{
    return afp_seal_open(keyring, pool, sealed, SITE, UUID, COLUMN, plain);
}

static void assert_not_opened(const afp_keyring_t *keyring, apr_pool_t *pool, const char *sealed)
{
    const char *plain = "untouched";

    if (open_sealed(keyring, pool, sealed, &plain) != APR_EINVAL) {
        fail_msg("opened: %s", sealed);
    }
    assert_string_equal(plain, "untouched");
}

static void a_key_file_may_have_comments_blank_lines_and_several_keys(void **state)
{
    const afp_keyring_t *keyring =
        unit_keyring(*state, "# made on Monday\r\n\r\n  new_Key-1:" KEY_LETTERS "  \r\n"
                             "\n\t# the old one\nold:" KEY_COUNTING);

    assert_int_equal(afp_keyring_count(keyring), 2);
    assert_string_equal(afp_keyring_first_id(keyring), "new_Key-1");
}

static void a_key_file_without_a_key_is_refused(void **state)
{
    static const char *const empty[] = {"", "\n", " \r\n\t\n", "# k1:" KEY_COUNTING "\n"};

    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        const char *why = NULL;

        assert_null(afp_keyring_parse(*state, empty[i], &why));
        assert_string_equal(why, "holds no key");
    }
}

static void a_malformed_key_file_is_refused_with_the_line_and_without_its_content(void **state)
{
    static const char *const malformed[] = {
        "k1",
        "k1:",
        ":" KEY_COUNTING,
        "k 1:" KEY_COUNTING,
        "k.1:" KEY_COUNTING,
        "k\xc3\xa9:" KEY_COUNTING,
        "k1: " KEY_COUNTING,
        "k1:" KEY_COUNTING " x",
        "k1=" KEY_COUNTING,
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
        "k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "123456789012345678901234567890123:" KEY_COUNTING,
    };

    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        const char *why = NULL;
        const char *text =
            apr_pstrcat(*state, "# comment\ngood:" KEY_LETTERS "\n", malformed[i], "\n", NULL);

        if (afp_keyring_parse(*state, text, &why) != NULL) {
            fail_msg("accepted: %s", malformed[i]);
        }
        assert_memory_equal(why, "line 3: ", 8);
        assert_null(strstr(why, "AAEC"));
        assert_null(strstr(why, "k1"));
    }
}

static void an_id_of_32_characters_is_accepted(void **state)
{
    assert_non_null(unit_keyring(*state, "12345678901234567890123456789012:" KEY_COUNTING));
}

static void a_repeated_id_is_refused(void **state)
{
    const char *why = NULL;

    assert_null(afp_keyring_parse(*state, "k1:" KEY_COUNTING "\nk1:" KEY_LETTERS, &why));
    assert_string_equal(why, "line 2: this id was used on an earlier line");
    assert_int_equal(
        afp_keyring_count(unit_keyring(*state, "k1:" KEY_COUNTING "\nk12:" KEY_LETTERS)), 2);
}

static void eight_keys_are_accepted_and_nine_refused(void **state)
{
    const char *text = "";
    const char *why = NULL;

    for (int i = 0; i < AFP_SEAL_KEYS; i++) {
        text = apr_psprintf(*state, "%sk%d:" KEY_COUNTING "\n", text, i);
    }
    assert_int_equal(afp_keyring_count(unit_keyring(*state, text)), AFP_SEAL_KEYS);
    text = apr_pstrcat(*state, text, "k9:" KEY_COUNTING "\n", NULL);
    assert_null(afp_keyring_parse(*state, text, &why));
    assert_string_equal(why, "line 9: more than 8 keys");
}

/* What a keyring says about itself while its pool goes. */
typedef struct {
    const afp_keyring_t *keyring;
    char first_id[33];
    int count;
} last_words_t;

static apr_status_t write_last_words(void *baton)
{
    last_words_t *words = baton;

    apr_cpystrn(words->first_id, afp_keyring_first_id(words->keyring), sizeof(words->first_id));
    words->count = afp_keyring_count(words->keyring);
    return APR_SUCCESS;
}

static void keys_are_cleansed_with_their_pool(void **state)
{
    last_words_t words = {NULL, "none", -1};
    apr_pool_t *pool;

    assert_int_equal(apr_pool_create(&pool, *state), APR_SUCCESS);
    /* Cleanups run in reverse order: this one after the keyring's, with its memory still there. */
    apr_pool_cleanup_register(pool, &words, write_last_words, apr_pool_cleanup_null);
    words.keyring = unit_keyring(pool, "k1:" KEY_COUNTING);
    assert_string_equal(afp_keyring_first_id(words.keyring), "k1");
    apr_pool_destroy(pool);
    assert_string_equal(words.first_id, "");
    assert_int_equal(words.count, 0);
}

static void what_was_sealed_opens_again(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    static const char *const plains[] = {"!", "secret value", "caf\xc3\xa9", " a\nb "};
    const char *plain;

    for (size_t i = 0; i < COUNT_OF(plains); i++) {
        const char *sealed = seal(keyring, *state, plains[i]);

        assert_memory_equal(sealed, "v1.k1.", 6);
        assert_null(strstr(sealed, plains[i]));
        assert_int_equal(open_sealed(keyring, *state, sealed, &plain), APR_SUCCESS);
        assert_string_equal(plain, plains[i]);
    }
}

static void values_of_every_length_open_again(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    char text[601];
    const char *plain;

    for (size_t length = 1; length < sizeof(text); length++) {
        memset(text, 'a', length);
        text[length] = '\0';
        assert_int_equal(open_sealed(keyring, *state, seal(keyring, *state, text), &plain),
                         APR_SUCCESS);
        assert_string_equal(plain, text);
    }
}

static void a_value_sealed_by_another_implementation_opens(void **state)
{
    /* Made with Python's cryptography: AESGCM, nonce 0 to 11, and as authenticated data
     * "v1." NUL SITE NUL UUID NUL COLUMN NUL. */
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    const char *plain;

    assert_int_equal(
        open_sealed(keyring, *state,
                    "v1.k1.AAECAwQFBgcICQoLNGe1aaCR4m3sLeLuQswEyglewLzeNsPjTPTADg==", &plain),
        APR_SUCCESS);
    assert_string_equal(plain, "secret value");
}

static void nothing_seals_to_nothing_and_opens_to_nothing(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    const char *plain = NULL;

    assert_string_equal(seal(keyring, *state, ""), "");
    assert_int_equal(open_sealed(keyring, *state, "", &plain), APR_SUCCESS);
    assert_string_equal(plain, "");
}

static void the_same_value_never_reads_the_same_twice(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);

    assert_string_not_equal(seal(keyring, *state, "x"), seal(keyring, *state, "x"));
}

static void a_value_moved_elsewhere_does_not_open(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    const char *sealed = seal(keyring, *state, "secret value");
    const char *plain = "untouched";
    static const struct {
        const char *site, *uuid, *column;
    } elsewhere[] = {
        {"other", UUID, COLUMN},
        {SITE, "1123456789abcdef0123456789abcdef", COLUMN},
        {SITE, UUID, "assessfirst_token"},
        {SITE UUID, "", COLUMN},
        {"", SITE UUID, COLUMN},
        {SITE, UUID COLUMN, ""},
        {UUID, SITE, COLUMN},
    };

    for (size_t i = 0; i < COUNT_OF(elsewhere); i++) {
        assert_int_equal(afp_seal_open(keyring, *state, sealed, elsewhere[i].site,
                                       elsewhere[i].uuid, elsewhere[i].column, &plain),
                         APR_EINVAL);
    }
    assert_string_equal(plain, "untouched");
}

static void a_value_with_any_character_changed_does_not_open(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    const char *sealed = seal(keyring, *state, "secret value");

    for (size_t i = strlen("v1.k1."); sealed[i] != '\0'; i++) {
        char *damaged = apr_pstrdup(*state, sealed);

        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        assert_not_opened(keyring, *state, damaged);
    }
}

static void a_value_that_breaks_off_does_not_open(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    const char *sealed = seal(keyring, *state, "secret value");

    for (size_t length = 1; length < strlen(sealed); length++) {
        assert_not_opened(keyring, *state, apr_pstrmemdup(*state, sealed, length));
    }
    assert_not_opened(keyring, *state, apr_pstrcat(*state, sealed, "AAAA", NULL));
}

static void what_was_never_sealed_does_not_open(void **state)
{
    static const char *const values[] = {
        "secret value",
        "v1.",
        "v1.k1",
        "v1.k1.",
        "v1..AAAA",
        "v2.k1.AAAA",
        "v1.k1.!",
        "V1.k1.AAAA",
        /* nonce and tag with nothing between them */
        "v1.k1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
    };
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_not_opened(keyring, *state, values[i]);
    }
}

static void after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(void **state)
{
    const afp_keyring_t *before = unit_keyring(*state, "old:" KEY_COUNTING);
    const afp_keyring_t *after =
        unit_keyring(*state, "new:" KEY_LETTERS "\nold:" KEY_COUNTING "\n");
    const char *sealed = seal(before, *state, "secret value");
    const char *plain = NULL;

    assert_int_equal(open_sealed(after, *state, sealed, &plain), APR_SUCCESS);
    assert_string_equal(plain, "secret value");
    assert_memory_equal(seal(after, *state, "x"), "v1.new.", 7);
}

static void a_value_of_a_key_that_is_not_listed_says_so(void **state)
{
    const afp_keyring_t *one = unit_keyring(*state, "k1:" KEY_COUNTING);
    const afp_keyring_t *other = unit_keyring(*state, "k12:" KEY_COUNTING);
    const char *plain = "untouched";

    assert_int_equal(open_sealed(other, *state, seal(one, *state, "x"), &plain), APR_NOTFOUND);
    assert_int_equal(open_sealed(one, *state, seal(other, *state, "x"), &plain), APR_NOTFOUND);
    assert_string_equal(plain, "untouched");
}

static void another_key_under_the_same_id_does_not_open(void **state)
{
    const afp_keyring_t *one = unit_keyring(*state, "k1:" KEY_COUNTING);
    const afp_keyring_t *other = unit_keyring(*state, "k1:" KEY_LETTERS);

    assert_not_opened(other, *state, seal(one, *state, "secret value"));
}

static void the_largest_value_opens_and_one_byte_more_is_not_sealed(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    size_t limit = 1024 * 1024;
    char *text = apr_palloc(*state, limit + 2);
    const char *plain;

    memset(text, 'a', limit + 1);
    text[limit + 1] = '\0';
    assert_null(seal(keyring, *state, text));
    text[limit] = '\0';
    assert_int_equal(open_sealed(keyring, *state, seal(keyring, *state, text), &plain),
                     APR_SUCCESS);
    assert_string_equal(plain, text);
}

static void assert_mac(const afp_keyring_t *keyring, int index, const char *purpose,
                       const char *expected)
{
    unsigned char mac[32];
    char hex[65];

    assert_int_equal(afp_keyring_mac(keyring, index, purpose, "hello", mac), 0);
    for (size_t i = 0; i < sizeof(mac); i++) {
        apr_snprintf(hex + 2 * i, 3, "%02x", mac[i]);
    }
    assert_string_equal(hex, expected);
}

static void macs_are_those_of_hkdf_and_hmac_and_differ_by_purpose(void **state)
{
    const afp_keyring_t *keyring =
        unit_keyring(*state, "k2:" KEY_LETTERS "\nk1:" KEY_COUNTING "\n");

    /* Computed with Python's hmac after RFC 5869. */
    assert_mac(keyring, 1, "form token",
               "1a7c9fc83803e605396d3c06263af32be92f5ea6cb8f11e52539285952737d83");
    assert_mac(keyring, 1, "other purpose",
               "87b5f1a6f4b64bd06e8f922a8ac5be9531da12a3ed16aad6d4595c7974acf228");
}

static void macs_differ_by_key_and_text(void **state)
{
    const afp_keyring_t *keyring =
        unit_keyring(*state, "k2:" KEY_LETTERS "\nk1:" KEY_COUNTING "\n");
    unsigned char one[32];
    unsigned char other[32];

    assert_int_equal(afp_keyring_mac(keyring, 0, "p", "text", one), 0);
    assert_int_equal(afp_keyring_mac(keyring, 1, "p", "text", other), 0);
    assert_memory_not_equal(one, other, sizeof(one));
    assert_int_equal(afp_keyring_mac(keyring, 0, "p", "texu", other), 0);
    assert_memory_not_equal(one, other, sizeof(one));
    assert_int_equal(afp_keyring_mac(keyring, 0, "p", "text", other), 0);
    assert_memory_equal(one, other, sizeof(one));
}

static void there_is_no_mac_of_a_key_that_does_not_exist(void **state)
{
    const afp_keyring_t *keyring = unit_keyring(*state, "k1:" KEY_COUNTING);
    unsigned char mac[32];

    assert_int_equal(afp_keyring_mac(keyring, 1, "p", "text", mac), -1);
    assert_int_equal(afp_keyring_mac(keyring, -1, "p", "text", mac), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_key_file_may_have_comments_blank_lines_and_several_keys),
        UNIT_TEST(a_key_file_without_a_key_is_refused),
        UNIT_TEST(a_malformed_key_file_is_refused_with_the_line_and_without_its_content),
        UNIT_TEST(an_id_of_32_characters_is_accepted),
        UNIT_TEST(a_repeated_id_is_refused),
        UNIT_TEST(eight_keys_are_accepted_and_nine_refused),
        UNIT_TEST(keys_are_cleansed_with_their_pool),
        UNIT_TEST(what_was_sealed_opens_again),
        UNIT_TEST(values_of_every_length_open_again),
        UNIT_TEST(a_value_sealed_by_another_implementation_opens),
        UNIT_TEST(nothing_seals_to_nothing_and_opens_to_nothing),
        UNIT_TEST(the_same_value_never_reads_the_same_twice),
        UNIT_TEST(a_value_moved_elsewhere_does_not_open),
        UNIT_TEST(a_value_with_any_character_changed_does_not_open),
        UNIT_TEST(a_value_that_breaks_off_does_not_open),
        UNIT_TEST(what_was_never_sealed_does_not_open),
        UNIT_TEST(after_a_rotation_the_new_key_seals_and_the_old_one_still_opens),
        UNIT_TEST(a_value_of_a_key_that_is_not_listed_says_so),
        UNIT_TEST(another_key_under_the_same_id_does_not_open),
        UNIT_TEST(the_largest_value_opens_and_one_byte_more_is_not_sealed),
        UNIT_TEST(macs_are_those_of_hkdf_and_hmac_and_differ_by_purpose),
        UNIT_TEST(macs_differ_by_key_and_text),
        UNIT_TEST(there_is_no_mac_of_a_key_that_does_not_exist),
    };

    return UNIT_RUN(tests);
}
