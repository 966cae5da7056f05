#include "unit.h"

#include "core/id.h"

#include <string.h>

static void a_random_id_is_valid_and_never_the_same_twice(void **state)
{
    afp_id_t one;
    afp_id_t other;

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(afp_id_random(&one), APR_SUCCESS);
        assert_int_equal(afp_id_random(&other), APR_SUCCESS);
        assert_true(afp_id_is_valid(one.text));
        assert_string_not_equal(one.text, other.text);
    }
}

static void an_ordered_id_begins_with_its_milliseconds(void **state)
{
    afp_id_t id;

    (void)state;
    assert_int_equal(afp_id_ordered(&id, apr_time_from_msec(0x0123456789ab) + 999), APR_SUCCESS);
    assert_true(afp_id_is_valid(id.text));
    assert_memory_equal(id.text, "0123456789ab", 12);
}

static void ordered_ids_sort_by_time_and_differ_within_a_millisecond(void **state)
{
    apr_time_t now = apr_time_from_sec(1700000000);
    afp_id_t earlier;
    afp_id_t later;

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(afp_id_ordered(&earlier, now), APR_SUCCESS);
        assert_int_equal(afp_id_ordered(&later, now), APR_SUCCESS);
        assert_string_not_equal(earlier.text, later.text);
        now += apr_time_from_msec(1);
        assert_int_equal(afp_id_ordered(&later, now), APR_SUCCESS);
        assert_true(strcmp(earlier.text, later.text) < 0);
    }
}

static void only_32_lower_case_hexadecimal_digits_are_an_id(void **state)
{
    (void)state;
    assert_true(afp_id_is_valid("0123456789abcdef0123456789abcdef"));
    assert_false(afp_id_is_valid("0123456789abcdef0123456789abcde"));
    assert_false(afp_id_is_valid("0123456789abcdef0123456789abcdef0"));
    assert_false(afp_id_is_valid("0123456789ABCDEF0123456789abcdef"));
    assert_false(afp_id_is_valid("01234567-89ab-cdef-0123-456789ab"));
    assert_false(afp_id_is_valid(""));
    assert_false(afp_id_is_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_random_id_is_valid_and_never_the_same_twice),
        UNIT_TEST(an_ordered_id_begins_with_its_milliseconds),
        UNIT_TEST(ordered_ids_sort_by_time_and_differ_within_a_millisecond),
        UNIT_TEST(only_32_lower_case_hexadecimal_digits_are_an_id),
    };

    return UNIT_RUN(tests);
}
