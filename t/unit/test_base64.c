#include "unit.h"

#include "core/base64.h"

#include <openssl/evp.h>
#include <string.h>

static int decode(const char *text, unsigned char *bytes, size_t room, size_t *decoded)
{
    size_t length = strlen(text);
    char *copy = unit_exact_copy(text, length);
    int result = afp_base64_decode(copy, length, bytes, room, decoded);

    free(copy);
    return result;
}

static void the_vectors_of_rfc_4648_are_decoded(void **state)
{
    static const struct {
        const char *text;
        const char *bytes;
    } vectors[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
    };
    unsigned char bytes[8];
    size_t decoded;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        assert_int_equal(decode(vectors[i].text, bytes, sizeof(bytes), &decoded), 0);
        assert_int_equal(decoded, strlen(vectors[i].bytes));
        assert_memory_equal(bytes, vectors[i].bytes, decoded);
    }
}

static void what_openssl_encodes_is_decoded_to_the_same_bytes(void **state)
{
    unsigned char bytes[256];
    unsigned char found[256];
    char text[400];
    size_t decoded;

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (unsigned char)(i * 7);
    }
    for (int length = 0; length <= (int)sizeof(bytes); length++) {
        EVP_EncodeBlock((unsigned char *)text, bytes, length);
        assert_int_equal(decode(text, found, sizeof(found), &decoded), 0);
        assert_int_equal(decoded, length);
        assert_memory_equal(found, bytes, decoded);
    }
}

static void anything_but_strict_base64_is_refused(void **state)
{
    static const char *const refused[] = {
        "Z",    "Zg",       "Zg=",        "Zm9",   "=",      "==",           "====",
        "Z===", "Zg==Zg==", "Zg=v",       "Zm 9v", "Zm9v\n", "Zm9v\n\n\n\n", " Zm9v   ",
        "Zm-_", "Zm9.",     "Z\xc3\xa9=", "=m9v",
    };
    unsigned char bytes[16];
    size_t decoded;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(decode(refused[i], bytes, sizeof(bytes), &decoded), -1);
    }
}

static void bits_that_belong_to_no_byte_must_be_zero(void **state)
{
    unsigned char bytes[4];
    size_t decoded;

    (void)state;
    assert_int_equal(decode("Zh==", bytes, sizeof(bytes), &decoded), -1);
    assert_int_equal(decode("Zm9=", bytes, sizeof(bytes), &decoded), -1);
}

static void a_text_that_does_not_fit_is_refused_without_writing_too_far(void **state)
{
    unsigned char *bytes = (unsigned char *)unit_exact_copy("xx", 2);
    size_t decoded;

    (void)state;
    assert_int_equal(decode("Zm9v", bytes, 2, &decoded), -1);
    assert_int_equal(decode("Zm8=", bytes, 2, &decoded), 0);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_vectors_of_rfc_4648_are_decoded),
        UNIT_TEST(what_openssl_encodes_is_decoded_to_the_same_bytes),
        UNIT_TEST(anything_but_strict_base64_is_refused),
        UNIT_TEST(bits_that_belong_to_no_byte_must_be_zero),
        UNIT_TEST(a_text_that_does_not_fit_is_refused_without_writing_too_far),
    };

    return UNIT_RUN(tests);
}
