#include "unit.h"

#include "core/route.h"

#include <string.h>

static char value[AFP_ROUTE_VALUE_LIMIT + 1];

static void a_path_of_words_fits_itself_only(void **state)
{
    (void)state;
    assert_true(afp_route_fits("deliveries/retry", "deliveries/retry", value));
    assert_string_equal(value, "");
    assert_false(afp_route_fits("deliveries/retry", "deliveries/retr", value));
    assert_false(afp_route_fits("deliveries/retry", "deliveries/retry/", value));
    assert_false(afp_route_fits("deliveries/retry", "Deliveries/retry", value));
    assert_false(afp_route_fits("deliveries", "", value));
}

static void a_place_takes_what_is_between_slashes(void **state)
{
    (void)state;
    assert_true(afp_route_fits("deliveries/{id}", "deliveries/11", value));
    assert_string_equal(value, "11");
    assert_true(afp_route_fits("deliveries/{id}/retry", "deliveries/a b/retry", value));
    assert_string_equal(value, "a b");
    assert_false(afp_route_fits("deliveries/{id}", "deliveries/", value));
    assert_false(afp_route_fits("deliveries/{id}", "deliveries", value));
    assert_false(afp_route_fits("deliveries/{id}", "deliveries/11/retry", value));
    assert_false(afp_route_fits("deliveries/{id}/retry", "deliveries/11", value));
    assert_false(afp_route_fits("deliveries/{id}/retry", "deliveries/11/retry/", value));
    assert_false(afp_route_fits("deliveries/{id}/retry", "deliveries//retry", value));
}

static void a_place_is_bounded(void **state)
{
    char path[2 + AFP_ROUTE_VALUE_LIMIT + 2];

    (void)state;
    memset(path, 'x', sizeof(path));
    memcpy(path, "c/", 2);
    path[2 + AFP_ROUTE_VALUE_LIMIT] = '\0';
    assert_true(afp_route_fits("c/{id}", path, value));
    assert_int_equal(strlen(value), AFP_ROUTE_VALUE_LIMIT);
    path[2 + AFP_ROUTE_VALUE_LIMIT] = 'x';
    path[3 + AFP_ROUTE_VALUE_LIMIT] = '\0';
    assert_false(afp_route_fits("c/{id}", path, value));
}

static void what_is_below_a_base_is_found(void **state)
{
    (void)state;
    assert_string_equal(afp_route_below("/api", "/api/settings"), "settings");
    assert_string_equal(afp_route_below("/api", "/api/"), "");
    assert_string_equal(afp_route_below("/api", "/api"), "");
    assert_string_equal(afp_route_below("", "/settings"), "settings");
    assert_null(afp_route_below("/api", "/apis/settings"));
    assert_null(afp_route_below("/api", "/other/api/settings"));
    assert_null(afp_route_below("/api", "/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_path_of_words_fits_itself_only),
        UNIT_TEST(a_place_takes_what_is_between_slashes),
        UNIT_TEST(a_place_is_bounded),
        UNIT_TEST(what_is_below_a_base_is_found),
    };

    return UNIT_RUN(tests);
}
