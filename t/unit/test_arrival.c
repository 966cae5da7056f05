#include "store_fixture.h"

#include "store/arrival.h"

#include <apr_strings.h>
#include <string.h>

static void arrive(store_t *store, const char *company_uuid, int number, const char *event)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    afp_delivery_t *delivery = store_delivery(store, company_uuid, number);

    apr_cpystrn(delivery->event, event, sizeof(delivery->event));
    delivery->received_at = number;
    assert_int_equal(afp_delivery_store(deliveries, &delivery, 1), APR_SUCCESS);
}

static apr_array_header_t *list(store_t *store)
{
    apr_array_header_t *arrivals;

    assert_int_equal(afp_arrival_list(store->session, ACME, store->pool, &arrivals), APR_SUCCESS);
    return arrivals;
}

static void each_event_is_told_once_the_latest_first(void **state)
{
    store_t *store = *state;
    apr_array_header_t *arrivals;

    assert_int_equal(list(store)->nelts, 0);
    arrive(store, ACME, 1, "application_created");
    arrive(store, ACME, 2, "application_moved");
    arrive(store, ACME, 3, "application_created");
    arrive(store, BETA, 4, "application_hired");
    arrivals = list(store);
    assert_int_equal(arrivals->nelts, 2);
    assert_string_equal(APR_ARRAY_IDX(arrivals, 0, afp_arrival_t).event, "application_created");
    assert_int_equal(APR_ARRAY_IDX(arrivals, 0, afp_arrival_t).last_at, 3);
    assert_string_equal(APR_ARRAY_IDX(arrivals, 1, afp_arrival_t).event, "application_moved");
    assert_int_equal(APR_ARRAY_IDX(arrivals, 1, afp_arrival_t).last_at, 2);
}

static void what_arrived_long_ago_does_not_count(void **state)
{
    store_t *store = *state;

    arrive(store, ACME, 1, "application_created");
    for (int i = 2; i < 2 + AFP_ARRIVALS; i++) {
        arrive(store, ACME, i, "application_moved");
    }
    assert_int_equal(list(store)->nelts, 1);
    assert_string_equal(APR_ARRAY_IDX(list(store), 0, afp_arrival_t).event, "application_moved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(each_event_is_told_once_the_latest_first),
        STORE_TEST(what_arrived_long_ago_does_not_count),
    };

    return STORE_RUN(tests);
}
