#include "store_fixture.h"

#include "store/budget.h"

#define OTHER_DIGEST "2222222222222222222222222222222222222222222222222222222222222222"

typedef struct {
    const char *digest;
    int calls;
    apr_time_t until;
    int reserve;
} take_t;

static apr_status_t take(afp_session_t *session, void *baton)
{
    take_t *wanted = baton;

    return afp_budget_take(session, wanted->digest, wanted->calls, wanted->reserve, &wanted->until);
}

static apr_status_t take_calls(store_t *store, const char *digest, int calls, apr_time_t *until)
{
    take_t wanted = {.digest = digest, .calls = calls};
    apr_status_t rv = afp_session_write(store->session, take, &wanted);

    if (until != NULL) {
        *until = wanted.until;
    }
    return rv;
}

static apr_status_t block(afp_session_t *session, void *baton)
{
    take_t *wanted = baton;

    return afp_budget_block(session, wanted->digest, wanted->until);
}

static void block_until(store_t *store, apr_time_t until)
{
    take_t wanted = {.digest = TOKEN_DIGEST, .until = until};

    assert_int_equal(afp_session_write(store->session, block, &wanted), APR_SUCCESS);
}

static apr_status_t give_back(afp_session_t *session, void *baton)
{
    take_t *wanted = baton;

    return afp_budget_give_back(session, wanted->digest, wanted->calls);
}

/* A minute and more of the budget's life, without waiting for it: lets everything that the row says
 * lie `by` further back. */
static void let_pass(store_t *store, apr_interval_time_t by)
{
    store_sql(store,
              "UPDATE afp_budget SET next_at = next_at - %" APR_INT64_T_FMT
              ", blocked_until = blocked_until - %" APR_INT64_T_FMT,
              by, by);
}

/* The row says that everything was spent up to now, whatever time the test has taken. */
static void spend_all(store_t *store)
{
    store_sql(store, "UPDATE afp_budget SET next_at = %" APR_INT64_T_FMT,
              store_now(store) + apr_time_from_sec(AFP_BUDGET_BURST + 1000));
}

static void thirty_may_go_at_once(void **state)
{
    store_t *store = *state;
    apr_time_t start = store_now(store);
    int taken = 0;

    while (taken < 200 && take_calls(store, TOKEN_DIGEST, 1, NULL) == APR_SUCCESS) {
        taken++;
    }
    assert_true(taken >= AFP_BUDGET_BURST);
    /* And one more for every second that passed meanwhile. */
    assert_true(taken <= AFP_BUDGET_BURST + apr_time_sec(store_now(store) - start) + 1);
}

static void a_burst_is_refused_with_the_time_at_which_there_is_enough(void **state)
{
    store_t *store = *state;
    apr_time_t now, until;

    assert_int_equal(take_calls(store, TOKEN_DIGEST, AFP_BUDGET_BURST, NULL), APR_SUCCESS);
    spend_all(store);
    now = store_now(store);
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, 2, &until)));
    assert_true(until > now + apr_time_from_sec(990) && until <= now + apr_time_from_sec(1003));
    /* Refused calls cost nothing. */
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, 2, &now)));
    assert_int_equal(now, until);
    /* At that time they are given, and not a second earlier. */
    let_pass(store, until - store_now(store) - apr_time_from_sec(20));
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, 2, NULL)));
    let_pass(store, apr_time_from_sec(20) + CLOCK_SLACK);
    assert_int_equal(take_calls(store, TOKEN_DIGEST, 2, NULL), APR_SUCCESS);
}

static void who_leaves_a_reserve_waits_where_others_do_not(void **state)
{
    store_t *store = *state;
    take_t reading = {.digest = TOKEN_DIGEST, .calls = 3, .reserve = AFP_BUDGET_RESERVE};
    apr_time_t now;

    /* What is left of the burst: the reserve, and two calls. */
    assert_int_equal(take_calls(store, TOKEN_DIGEST, 1, NULL), APR_SUCCESS);
    now = store_now(store);
    store_sql(store, "UPDATE afp_budget SET next_at = %" APR_INT64_T_FMT,
              now + apr_time_from_sec(AFP_BUDGET_BURST - AFP_BUDGET_RESERVE - 2));
    assert_true(APR_STATUS_IS_EAGAIN(afp_session_write(store->session, take, &reading)));
    assert_true(reading.until > now && reading.until <= now + apr_time_from_sec(1) + CLOCK_SLACK);
    assert_int_equal(take_calls(store, TOKEN_DIGEST, 3, NULL), APR_SUCCESS);
    store_sql(store, "UPDATE afp_budget SET next_at = %" APR_INT64_T_FMT,
              store_now(store) + apr_time_from_sec(AFP_BUDGET_BURST - AFP_BUDGET_RESERVE - 3) -
                  CLOCK_SLACK);
    assert_int_equal(afp_session_write(store->session, take, &reading), APR_SUCCESS);
}

#define MOST 2000

static void no_minute_ever_has_more_than_ninety(void **state)
{
    store_t *store = *state;
    apr_time_t *at = apr_pcalloc(store->pool, sizeof(*at) * MOST);
    apr_interval_time_t shifted = 0;
    int taken = 0;
    int first = 0;
    int most = 0;
    int i;

    /* Whoever takes whenever he can, three and a half minutes long. */
    while (shifted < apr_time_from_sec(210)) {
        while (take_calls(store, TOKEN_DIGEST, 1, NULL) == APR_SUCCESS) {
            assert_true(taken < MOST);
            at[taken++] = store_now(store) + shifted;
        }
        let_pass(store, 750000);
        shifted += 750000;
    }
    for (i = 0; i < taken; i++) {
        while (at[i] - at[first] >= apr_time_from_sec(60)) {
            first++;
        }
        if (i - first + 1 > most) {
            most = i - first + 1;
        }
    }
    assert_in_range(most, 85, 90);
    assert_true(taken >= 30 + 205);
}

static void a_long_rest_saves_up_no_more_than_the_burst(void **state)
{
    store_t *store = *state;

    assert_int_equal(take_calls(store, TOKEN_DIGEST, 1, NULL), APR_SUCCESS);
    let_pass(store, apr_time_from_sec(86400));
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, AFP_BUDGET_BURST + 1, NULL)));
    assert_int_equal(take_calls(store, TOKEN_DIGEST, AFP_BUDGET_BURST, NULL), APR_SUCCESS);
}

static void every_token_has_its_own(void **state)
{
    store_t *store = *state;

    assert_int_equal(take_calls(store, TOKEN_DIGEST, AFP_BUDGET_BURST, NULL), APR_SUCCESS);
    assert_int_equal(take_calls(store, OTHER_DIGEST, AFP_BUDGET_BURST, NULL), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_budget"), 2);
}

static void after_a_429_no_call_goes_out_until_the_time_that_was_told(void **state)
{
    store_t *store = *state;
    apr_time_t told = store_now(store) + apr_time_from_sec(500);
    apr_time_t until;

    block_until(store, told);
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, 1, &until)));
    assert_int_equal(until, told);
    /* An earlier time does not shorten it. */
    block_until(store, told - apr_time_from_sec(100));
    take_calls(store, TOKEN_DIGEST, 1, &until);
    assert_int_equal(until, told);
    let_pass(store, apr_time_from_sec(501));
    assert_int_equal(take_calls(store, TOKEN_DIGEST, 1, NULL), APR_SUCCESS);
}

static void calls_that_were_not_made_can_be_given_back(void **state)
{
    store_t *store = *state;

    apr_time_t now, until;
    take_t unused = {.digest = TOKEN_DIGEST, .calls = 500};

    assert_int_equal(afp_budget_take_one(store->session, TOKEN_DIGEST), APR_SUCCESS);
    spend_all(store);
    assert_true(APR_STATUS_IS_EAGAIN(afp_budget_take_one(store->session, TOKEN_DIGEST)));
    now = store_now(store);
    assert_int_equal(afp_session_write(store->session, give_back, &unused), APR_SUCCESS);
    assert_true(APR_STATUS_IS_EAGAIN(take_calls(store, TOKEN_DIGEST, 1, &until)));
    assert_true(until < now + apr_time_from_sec(502) && until > now + apr_time_from_sec(490));
}

static apr_status_t take_greedily(racer_t *racer)
{
    int *taken = racer->baton;
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < 12 && rv == APR_SUCCESS; i++) {
        rv = afp_budget_take_one(racer->session, TOKEN_DIGEST);
        taken[racer->number] += rv == APR_SUCCESS;
        rv = APR_STATUS_IS_EAGAIN(rv) ? APR_SUCCESS : rv;
    }
    return rv;
}

static void eight_at_once_share_one_budget(void **state)
{
    store_t *store = *state;
    apr_time_t start = store_now(store);
    int taken[8] = {0};
    int sum = 0;
    int i;

    store_race(store, 8, take_greedily, taken);
    for (i = 0; i < 8; i++) {
        sum += taken[i];
    }
    assert_true(sum >= AFP_BUDGET_BURST);
    assert_true(sum <= AFP_BUDGET_BURST + apr_time_sec(store_now(store) - start) + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(thirty_may_go_at_once),
        STORE_TEST(a_burst_is_refused_with_the_time_at_which_there_is_enough),
        STORE_TEST(who_leaves_a_reserve_waits_where_others_do_not),
        STORE_TEST(no_minute_ever_has_more_than_ninety),
        STORE_TEST(a_long_rest_saves_up_no_more_than_the_burst),
        STORE_TEST(every_token_has_its_own),
        STORE_TEST(after_a_429_no_call_goes_out_until_the_time_that_was_told),
        STORE_TEST(calls_that_were_not_made_can_be_given_back),
        STORE_TEST(eight_at_once_share_one_budget),
    };

    return STORE_RUN(tests);
}
