#ifndef AFP_UNIT_H
#define AFP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <stdlib.h>

/* What every unit test needs: APR, and a pool of its own for each test, which is its *state. */

#define UNIT_TEST(function)                                                                        \
    cmocka_unit_test_setup_teardown(function, unit_create_pool, unit_destroy_pool)

/* Ends main(). */
#define UNIT_RUN(tests) cmocka_run_group_tests(tests, unit_start, unit_end)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline int unit_start(void **state)
{
    (void)state;
    return apr_initialize() == APR_SUCCESS ? 0 : -1;
}

static inline int unit_end(void **state)
{
    (void)state;
    apr_terminate();
    return 0;
}

static inline int unit_create_pool(void **state)
{
    apr_pool_t *pool = NULL;

    if (apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return -1;
    }
    *state = pool;
    return 0;
}

static inline int unit_destroy_pool(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

/* A copy of `length` bytes with nothing behind them, so that a sanitizer sees a read too far. The
 * caller frees it. */
static inline char *unit_exact_copy(const char *bytes, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);

    assert_non_null(copy);
    for (size_t i = 0; i < length; i++) {
        copy[i] = bytes[i];
    }
    return copy;
}

#endif
