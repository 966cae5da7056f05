#include "unit_json.h"

#include "core/hint.h"

#include <apr_strings.h>

static apr_array_header_t *ids_of(apr_pool_t *pool, const char *bytes, size_t length)
{
    char *copy = unit_exact_copy(bytes, length);
    apr_array_header_t *ids = afp_hint_ids(pool, copy, length);

    free(copy);
    return ids;
}

/* Asserts that a document gives these ids (joined by blanks) in this order. */
static void assert_ids(apr_pool_t *pool, const char *document, const char *expected)
{
    apr_array_header_t *ids = ids_of(pool, document, strlen(document));

    assert_string_equal(apr_array_pstrcat(pool, ids, ' '), expected);
}

static void ids_are_found_wherever_they_stand(void **state)
{
    assert_ids(*state, "{\"uuid\":\"a1\"}", "a1");
    assert_ids(*state, "{\"data\":{\"candidate\":{\"id\":4711}}}", "4711");
    assert_ids(*state, "[[[\"x\"]],{\"a\":[{\"b\":\"y\"}]}]", "x y");
    assert_ids(*state, "\"alone\"", "alone");
    assert_ids(*state, "12", "12");
}

static void what_is_less_deep_comes_first(void **state)
{
    assert_ids(
        *state,
        "{\"reports\":[{\"name\":\"r\",\"more\":[\"m\"]}],\"user\":{\"uuid\":\"u\"},\"id\":1}",
        "1 u r m");
}

static void an_id_is_taken_once(void **state)
{
    assert_ids(*state, "[\"a\",\"b\",\"a\",[\"b\",1,\"1\"]]", "a b 1");
}

static void what_cannot_be_an_id_is_not_taken(void **state)
{
    assert_ids(
        *state,
        "[\"\",\"two words\",\"caf\\u00e9\",\"line\\nbreak\",\"\\u007f\",\"nul\\u0000byte\",-1,"
        "1.5,true,false,null,{},[],18446744073709551616]",
        "");
    assert_ids(*state, "{\"name of a member\":null,\"uuid\":[]}", "");
}

static void an_id_has_at_most_64_bytes(void **state)
{
    char document[80];

    memset(document, 'x', sizeof(document));
    document[0] = '"';
    document[65] = '"';
    assert_int_equal(ids_of(*state, document, 66)->nelts, 1);
    document[65] = 'x';
    document[66] = '"';
    assert_int_equal(ids_of(*state, document, 67)->nelts, 0);
}

static void at_most_64_ids_are_taken(void **state)
{
    const char *document = "[[\"deep\"]";
    apr_array_header_t *ids;

    for (int i = 0; i < 100; i++) {
        document = apr_psprintf(*state, "%s,{\"id\":%d},\"id%d\"", document, i, i);
    }
    document = apr_pstrcat(*state, document, "]", NULL);
    ids = ids_of(*state, document, strlen(document));
    assert_int_equal(ids->nelts, 64);
    assert_string_equal(APR_ARRAY_IDX(ids, 0, const char *), "id0");
    assert_string_equal(APR_ARRAY_IDX(ids, 63, const char *), "id63");
}

static void what_is_no_json_holds_no_ids(void **state)
{
    static const char *const garbage[] = {
        "",           " ",      "uuid=a1", "{\"uuid\":\"a1\"", "{\"uuid\":\"a1\"} more", "\xff\xfe",
        "[\"\xc3\"]", "<xml/>", "null",    "[\"a\"]]",
    };

    for (size_t i = 0; i < COUNT_OF(garbage); i++) {
        assert_ids(*state, garbage[i], "");
    }
    assert_int_equal(ids_of(*state, "[\"a\"]\0", 6)->nelts, 0);
}

static void a_document_may_be_nested_32_deep(void **state)
{
    static const char opening[] = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";
    static const char closing[] = "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";

    assert_ids(*state, apr_pstrcat(*state, opening + 1, "7", closing + 1, NULL), "7");
    assert_ids(*state, apr_pstrcat(*state, opening, "7", closing, NULL), "");
}

/* Every beginning of a document, and every byte of it replaced: nothing is read too far, and what
 * is found fits. */
static void damaged_documents_do_no_harm(void **state)
{
    static const char document[] =
        "{\"data\":[{\"uuid\":\"ab12\",\"id\":12,\"n\":-1.5e3,\"t\":true},"
        "[\"\\u00e9\\\"\\\\\",null,{\"deep\":[[\"x\"]]}]],\"id\":\"z\"}";
    size_t length = sizeof(document) - 1;

    for (size_t i = 0; i < length; i++) {
        assert_int_equal(ids_of(*state, document, i)->nelts, 0);
    }
    for (size_t i = 0; i < length; i++) {
        for (int byte = 0; byte < 256; byte += 3) {
            char *damaged = apr_pstrmemdup(*state, document, length);
            apr_array_header_t *ids;

            damaged[i] = (char)byte;
            ids = ids_of(*state, damaged, length);
            assert_true(ids->nelts <= 8);
            for (int k = 0; k < ids->nelts; k++) {
                assert_in_range(strlen(APR_ARRAY_IDX(ids, k, const char *)), 1, 64);
            }
        }
    }
}

/* As many arrays as 64 KiB can hold. */
static void a_large_document_is_walked_to_its_end(void **state)
{
    size_t length = 65535;
    char *document = apr_palloc(*state, length);

    document[0] = '[';
    for (size_t i = 1; i + 2 < length; i += 3) {
        memcpy(document + i, "[],", 3);
    }
    document[length - 1] = ']';
    document[length - 2] = '1';
    assert_int_equal(ids_of(*state, document, length)->nelts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(ids_are_found_wherever_they_stand),
        UNIT_TEST(what_is_less_deep_comes_first),
        UNIT_TEST(an_id_is_taken_once),
        UNIT_TEST(what_cannot_be_an_id_is_not_taken),
        UNIT_TEST(an_id_has_at_most_64_bytes),
        UNIT_TEST(at_most_64_ids_are_taken),
        UNIT_TEST(what_is_no_json_holds_no_ids),
        UNIT_TEST(a_document_may_be_nested_32_deep),
        UNIT_TEST(damaged_documents_do_no_harm),
        UNIT_TEST(a_large_document_is_walked_to_its_end),
    };

    return UNIT_RUN(tests);
}
