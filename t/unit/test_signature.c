#include "unit.h"

#include "core/signature.h"

#include <string.h>

#define SECRET "pp_test_signing_secret_0123456789abcdef"
#define BODY_1                                                                                     \
    "{\"event\":\"application_hired\",\"triggeredAt\":1614687278,\"data\":{\"application\":"       \
    "{\"id\":8863880},\"job\":{\"id\":1}}}"
#define MAC_1 "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSw="

/* The vectors of contract pinpoint.md 4.4; "neg" is the last one. */
static const struct {
    const char *body;
    size_t length;
    const char *header;
} vectors[] = {
    {BODY_1, 107, MAC_1},
    {"{\"event\":\"application_stage_changed\",\"triggeredAt\":1614687278,\"data\":{"
     "\"application\":"
     "{\"id\":1000050},\"job\":{\"id\":1000044}}}",
     121, "GE8YzAakVeur2KgrfKDY8bAz3C480heS9jK05CBVHmM="},
    {"{\"event\":\"application_created\",\"triggeredAt\":1700000000,\"data\":{\"application\":"
     "{\"id\":1000051},\"job\":{\"id\":1000044}}}",
     115, "HeW5h1Um7G6+yDtYM8XR8odGy1iYsKAt5HzFz5olBn4="},
    {"", 0, "irXnutLlzp6jR70DN/9cIHDchxIoZgWgA0ZsrhaSYAo="},
    {BODY_1 "\n", 108, "rpRT/8i0gMWAXm9UO8yb2ZIiBbPn4ZMh67IHPNbuBdU="},
};

/* Decodes the header's value, which must be well-formed, and verifies. */
static int verify(const char *header, const char *first, const char *second, const void *body,
                  size_t length)
{
    const char *secrets[AFP_SIGNATURE_SECRETS] = {first, second};
    unsigned char mac[AFP_SIGNATURE_BYTES];

    assert_int_equal(afp_signature_decode(header, mac), 0);
    return afp_signature_verify(mac, secrets, body, length);
}

static void the_vectors_of_the_contract_verify(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        assert_int_equal(strlen(vectors[i].body), vectors[i].length);
        assert_int_equal(
            verify(vectors[i].header, SECRET, NULL, vectors[i].body, vectors[i].length), 0);
    }
}

static void a_signature_belongs_to_one_body_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        for (size_t other = 0; other < COUNT_OF(vectors); other++) {
            assert_int_equal(
                verify(vectors[i].header, SECRET, NULL, vectors[other].body, vectors[other].length),
                i == other ? 0 : -1);
        }
    }
}

static void a_signature_over_one_more_newline_is_refused(void **state)
{
    (void)state;
    assert_int_equal(verify(MAC_1, SECRET, NULL, BODY_1 "\n", strlen(BODY_1) + 1), -1);
}

static void an_empty_body_may_come_without_an_address(void **state)
{
    (void)state;
    assert_int_equal(verify(vectors[3].header, SECRET, NULL, NULL, 0), 0);
}

static void bytes_behind_a_nul_are_signed_too(void **state)
{
    static const char body[] = "{}\0x";

    (void)state;
    /* HMAC of "{}" alone would verify if the body were taken for a C string. */
    assert_int_equal(verify("xkm3aANnwVKL1uT7oYEsc8DABPb41hnTbAsMNhcsF4M=", SECRET, NULL, body, 4),
                     -1);
    assert_int_equal(verify(MAC_1, SECRET, NULL, BODY_1 "\0", strlen(BODY_1) + 1), -1);
}

static void during_a_rotation_either_secret_verifies_and_tells_which(void **state)
{
    (void)state;
    assert_int_equal(verify(MAC_1, SECRET, "another", BODY_1, strlen(BODY_1)), 0);
    assert_int_equal(verify(MAC_1, "another", SECRET, BODY_1, strlen(BODY_1)), 1);
    assert_int_equal(verify(MAC_1, NULL, SECRET, BODY_1, strlen(BODY_1)), 1);
    assert_int_equal(verify(MAC_1, SECRET, SECRET, BODY_1, strlen(BODY_1)), 0);
}

static void a_secret_of_one_character_is_a_secret(void **state)
{
    (void)state;
    assert_int_equal(verify("nCA9kkHjatotWeoPZjqd1Dly6ANm8PDAkwYkK2YSA74=", "x", NULL, "{}", 2), 0);
}

static void a_wrong_secret_is_refused(void **state)
{
    (void)state;
    assert_int_equal(verify(MAC_1, "another", "", BODY_1, strlen(BODY_1)), -1);
    assert_int_equal(verify(MAC_1, SECRET " ", NULL, BODY_1, strlen(BODY_1)), -1);
}

static void a_missing_secret_matches_nothing_not_even_the_dummy(void **state)
{
    static const char dummy[] = "a secret that nobody has been given";
    static const char by_dummy[] = "NdIdjLX3ot7hSWGvKUZxseo528hFJFP08DJKoP2KQyE=";
    static const char by_empty[] = "IvjuqQlACvmK3zaBqfMZI+9rf8ukq7VT2Sgjo+nVwl4=";

    (void)state;
    assert_int_equal(verify(by_dummy, dummy, NULL, "{}", 2), 0);
    assert_int_equal(verify(by_dummy, NULL, NULL, "{}", 2), -1);
    assert_int_equal(verify(by_dummy, "", "", "{}", 2), -1);
    assert_int_equal(verify(by_empty, "", NULL, "{}", 2), -1);
}

static void each_changed_bit_of_the_signature_is_noticed(void **state)
{
    const char *secrets[AFP_SIGNATURE_SECRETS] = {SECRET, NULL};
    unsigned char mac[AFP_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(afp_signature_decode(MAC_1, mac), 0);
    for (int bit = 0; bit < AFP_SIGNATURE_BYTES * 8; bit++) {
        mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(afp_signature_verify(mac, secrets, BODY_1, strlen(BODY_1)), -1);
        mac[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(afp_signature_verify(mac, secrets, BODY_1, strlen(BODY_1)), 0);
}

static void the_value_decodes_to_the_bytes_of_the_contract(void **state)
{
    static const unsigned char expected[] = {
        0x39, 0x91, 0xb6, 0xc3, 0xa5, 0x80, 0xcc, 0x99, 0x89, 0x92, 0x25,
        0x4d, 0x66, 0xc8, 0x0e, 0x53, 0x9f, 0xe8, 0x76, 0xc7, 0x43, 0xc6,
        0xf4, 0x13, 0x8a, 0x2a, 0xff, 0x78, 0x42, 0x61, 0x95, 0x2c,
    };
    unsigned char mac[AFP_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(afp_signature_decode(MAC_1, mac), 0);
    assert_memory_equal(mac, expected, sizeof(mac));
}

static void blanks_around_the_value_are_ignored(void **state)
{
    (void)state;
    assert_int_equal(verify(" \t" MAC_1 "\t ", SECRET, NULL, BODY_1, strlen(BODY_1)), 0);
}

static void any_other_form_of_the_value_is_refused(void **state)
{
    static const char *const refused[] = {
        "",
        " ",
        "3991b6c3a580cc998992254d66c80e539fe876c743c6f4138a2aff784261952c",
        "sha256=" MAC_1,
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSw",
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSw==",
        "OZG2w6WAzJmJkiVNZsgOU5_odsdDxvQTiir_eEJhlSw=",
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSx=",
        "OZG2w6WAzJmJkiVNZsgO U5/odsdDxvQTiir/eEJhlSw=",
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSw=\n",
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSwA",
        "OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlA==",
        MAC_1 ", " MAC_1,
        MAC_1 MAC_1,
    };
    unsigned char mac[AFP_SIGNATURE_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(afp_signature_decode(refused[i], mac), -1);
    }
    assert_int_equal(afp_signature_decode(NULL, mac), -1);
}

static void the_digest_is_sha_256_in_hexadecimal(void **state)
{
    char digest[65];

    (void)state;
    assert_int_equal(afp_signature_digest("abc", 3, digest), 0);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(afp_signature_digest(NULL, 0, digest), 0);
    assert_string_equal(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_vectors_of_the_contract_verify),
        UNIT_TEST(a_signature_belongs_to_one_body_only),
        UNIT_TEST(a_signature_over_one_more_newline_is_refused),
        UNIT_TEST(an_empty_body_may_come_without_an_address),
        UNIT_TEST(bytes_behind_a_nul_are_signed_too),
        UNIT_TEST(during_a_rotation_either_secret_verifies_and_tells_which),
        UNIT_TEST(a_secret_of_one_character_is_a_secret),
        UNIT_TEST(a_wrong_secret_is_refused),
        UNIT_TEST(a_missing_secret_matches_nothing_not_even_the_dummy),
        UNIT_TEST(each_changed_bit_of_the_signature_is_noticed),
        UNIT_TEST(the_value_decodes_to_the_bytes_of_the_contract),
        UNIT_TEST(blanks_around_the_value_are_ignored),
        UNIT_TEST(any_other_form_of_the_value_is_refused),
        UNIT_TEST(the_digest_is_sha_256_in_hexadecimal),
    };

    return UNIT_RUN(tests);
}
