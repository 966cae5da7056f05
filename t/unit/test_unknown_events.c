#include "unit.h"

#include "work/unknown_events.h"

#include <apr_strings.h>
#include <string.h>

#define START  apr_time_from_sec(1800000000)
#define MINUTE AFP_UNKNOWN_EVENTS_INTERVAL

/* What is taken at `now`, or NULL. */
static const char *take(afp_unknown_events_t *events, apr_time_t now)
{
    static char name[AFP_EVENT_NAME_LIMIT + 1];
    apr_time_t at;

    return afp_unknown_events_take(events, now, name, &at) ? name : NULL;
}

static void a_name_is_told_once_a_minute(void **state)
{
    afp_unknown_events_t events = {0};

    (void)state;
    assert_true(afp_unknown_events_note(&events, "application_a", START));
    assert_false(afp_unknown_events_note(&events, "application_a", START + MINUTE - 1));
    assert_true(afp_unknown_events_note(&events, "application_a", START + MINUTE));
    assert_false(afp_unknown_events_note(&events, "application_a", START + MINUTE + 1));
}

static void another_name_is_told_besides_it(void **state)
{
    afp_unknown_events_t events = {0};

    (void)state;
    assert_true(afp_unknown_events_note(&events, "application_a", START));
    assert_true(afp_unknown_events_note(&events, "application_b", START + 1));
    assert_false(afp_unknown_events_note(&events, "application_a", START + 2));
    assert_false(afp_unknown_events_note(&events, "application_b", START + 2));
}

static void four_names_are_told_in_a_minute(void **state)
{
    afp_unknown_events_t events = {0};
    char name[AFP_EVENT_NAME_LIMIT + 1];
    int told = 0;
    int i;

    (void)state;
    for (i = 0; i < 1000; i++) {
        apr_snprintf(name, sizeof(name), "application_%d", i);
        told += afp_unknown_events_note(&events, name, START + i);
    }
    assert_int_equal(told, 4);
    assert_true(afp_unknown_events_note(&events, "application_1000", START + MINUTE));
}

static void requests_do_not_begin_in_the_order_in_which_they_are_noted(void **state)
{
    afp_unknown_events_t events = {0};

    (void)state;
    assert_true(afp_unknown_events_note(&events, "application_a", START));
    assert_false(afp_unknown_events_note(&events, "application_a", START - 1000));
}

static void a_clock_that_is_set_back_silences_nobody(void **state)
{
    afp_unknown_events_t events = {0};

    (void)state;
    assert_true(afp_unknown_events_note(&events, "application_a", START));
    assert_string_equal(take(&events, START), "application_a");
    assert_true(afp_unknown_events_note(&events, "application_a", START - 2 * MINUTE));
    assert_string_equal(take(&events, START - 2 * MINUTE), "application_a");
    assert_false(afp_unknown_events_note(&events, "application_a", START - 2 * MINUTE));
    assert_null(take(&events, START - 2 * MINUTE));
}

static void what_is_told_is_written_at_once_and_the_rest_once_a_minute(void **state)
{
    afp_unknown_events_t events = {0};
    char name[AFP_EVENT_NAME_LIMIT + 1];
    apr_time_t at;

    (void)state;
    assert_null(take(&events, START));
    (void)afp_unknown_events_note(&events, "application_a", START);
    assert_string_equal(take(&events, START), "application_a");
    assert_null(take(&events, START + 2 * MINUTE));
    (void)afp_unknown_events_note(&events, "application_b", START + 1);
    (void)afp_unknown_events_note(&events, "application_a", START + 2);
    assert_true(afp_unknown_events_take(&events, START + 3, name, &at));
    assert_string_equal(name, "application_a");
    assert_int_equal(at, START + 2);

    (void)afp_unknown_events_note(&events, "application_b", START + 4);
    (void)afp_unknown_events_note(&events, "application_a", START + 5);
    assert_null(take(&events, START + 3 + MINUTE - 1));
    assert_true(afp_unknown_events_take(&events, START + 3 + MINUTE, name, &at));
    assert_string_equal(name, "application_a");
    assert_int_equal(at, START + 5);
}

static void what_could_not_be_written_is_taken_again(void **state)
{
    afp_unknown_events_t events = {0};

    (void)state;
    (void)afp_unknown_events_note(&events, "application_a", START);
    assert_string_equal(take(&events, START), "application_a");
    afp_unknown_events_put_back(&events);
    assert_string_equal(take(&events, START), "application_a");
    (void)afp_unknown_events_note(&events, "application_a", START + 1);
    afp_unknown_events_put_back(&events);
    assert_string_equal(take(&events, START + 1), "application_a");
    assert_null(take(&events, START + 1));
}

static void a_name_is_cut_where_its_room_ends(void **state)
{
    afp_unknown_events_t events = {0};
    char name[1000];

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    (void)afp_unknown_events_note(&events, name, START);
    assert_int_equal(strlen(take(&events, START)), AFP_EVENT_NAME_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_told_once_a_minute),
        cmocka_unit_test(another_name_is_told_besides_it),
        cmocka_unit_test(four_names_are_told_in_a_minute),
        cmocka_unit_test(requests_do_not_begin_in_the_order_in_which_they_are_noted),
        cmocka_unit_test(a_clock_that_is_set_back_silences_nobody),
        cmocka_unit_test(what_is_told_is_written_at_once_and_the_rest_once_a_minute),
        cmocka_unit_test(what_could_not_be_written_is_taken_again),
        cmocka_unit_test(a_name_is_cut_where_its_room_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
