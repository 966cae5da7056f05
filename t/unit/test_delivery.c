#include "store_fixture.h"

#include <apr_strings.h>
#include <string.h>

/* Stores `count` deliveries of the bodies `from`, `from` + 1, ... of one tenant. */
static afp_delivery_t **batch_of(store_t *store, const char *company_uuid, int from, int count)
{
    afp_delivery_t **batch = apr_palloc(store->pool, sizeof(*batch) * (size_t)count);
    int i;

    for (i = 0; i < count; i++) {
        batch[i] = store_delivery(store, company_uuid, from + i);
    }
    return batch;
}

static void store_batch(store_t *store, afp_session_t *session, afp_delivery_t **batch, int count)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, session);

    assert_int_equal(afp_delivery_store(deliveries, batch, count), APR_SUCCESS);
}

static apr_int64_t count_rows(store_t *store, const char *table)
{
    return store_number(store, "SELECT COUNT(*) FROM %s", table);
}

/* Every delivery that is not ignored has exactly its follow-up, and nothing else has one. */
static void assert_consistent(store_t *store)
{
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_delivery d WHERE ignored = ''"
                                         " AND NOT EXISTS (SELECT 1 FROM afp_follow_up f WHERE"
                                         " f.id = d.id AND f.delivery_id = d.id AND"
                                         " f.company_uuid = d.company_uuid AND"
                                         " f.application_id = d.application_id AND"
                                         " f.job_id = d.job_id AND f.state = 'ready' AND"
                                         " f.kind = 'invite')"),
                     0);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up"),
                     store_number(store, "SELECT COUNT(*) FROM afp_delivery WHERE ignored = ''"));
}

static void a_batch_of(store_t *store, afp_session_t *session, int from, int count)
{
    afp_delivery_t **batch = batch_of(store, ACME, from, count);
    apr_int64_t before = count_rows(store, "afp_delivery");
    int i;

    store_batch(store, session, batch, count);
    for (i = 0; i < count; i++) {
        assert_string_equal(batch[i]->first_id, batch[i]->id);
    }
    assert_int_equal(count_rows(store, "afp_delivery") - before, count);
    assert_consistent(store);
}

static const int counts[] = {1, 7, 8, 9, 32, 33, 40, 128};

static void batches_of_every_size_are_stored_with_their_follow_ups(void **state)
{
    store_t *store = *state;

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        a_batch_of(store, store->session, 1000 * (int)i, counts[i]);
    }
}

static void a_driver_that_we_do_not_know_stores_the_same(void **state)
{
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);
    afp_delivery_t **batch = batch_of(store, ACME, 5, 2);

    if (!store_is(store, "sqlite3")) {
        return;
    }
    *dialect = *afp_dialect_for("unknown");
    assert_int_equal(dialect->insert, AFP_INSERT_LOOK_FIRST);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        a_batch_of(store, session, 1000 * (int)(i + 1), counts[i]);
    }
    apr_cpystrn(batch[1]->digest, batch[0]->digest, sizeof(batch[1]->digest));
    store_batch(store, session, batch, 2);
    assert_string_equal(batch[1]->first_id, batch[0]->first_id);
    store_batch(store, session, batch, 2);
    assert_consistent(store);
}

static void a_delivery_is_stored_as_it_came(void **state)
{
    store_t *store = *state;
    afp_delivery_t *delivery = store_delivery(store, ACME, 9);
    static const char *const columns[] = {
        "id", "company_uuid", "digest", "event", "application_id", "job_id", "ignored"};
    const char *values[] = {delivery->id,     delivery->company_uuid,   delivery->digest,
                            delivery->event,  delivery->application_id, delivery->job_id,
                            delivery->ignored};

    /* Clearly before now, also by a clock of the database that is a little behind. */
    delivery->received_at -= apr_time_from_sec(5);
    apr_cpystrn(delivery->event, "\xc3\x89tape \xf0\x9f\x8e\x93 ", sizeof(delivery->event));
    store_batch(store, store->session, &delivery, 1);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        assert_string_equal(store_text(store, "SELECT %s FROM afp_delivery", columns[i]),
                            values[i]);
    }
    assert_int_equal(store_number(store, "SELECT triggered_at FROM afp_delivery"), 1);
    assert_int_equal(store_number(store, "SELECT length FROM afp_delivery"), 100);
    assert_int_equal(store_number(store, "SELECT received_at FROM afp_delivery"),
                     delivery->received_at);
    assert_int_equal(store_number(store, "SELECT due_at FROM afp_follow_up"),
                     delivery->received_at);
}

static void a_repeat_inside_a_batch_is_stored_once(void **state)
{
    store_t *store = *state;
    afp_delivery_t **batch = batch_of(store, ACME, 0, 40);
    int i;

    for (i = 20; i < 40; i++) {
        apr_cpystrn(batch[i]->digest, batch[i - 20]->digest, sizeof(batch[i]->digest));
    }
    store_batch(store, store->session, batch, 40);
    assert_int_equal(count_rows(store, "afp_delivery"), 20);
    assert_consistent(store);
    for (i = 0; i < 40; i++) {
        assert_string_equal(
            batch[i]->first_id,
            store_text(store, "SELECT id FROM afp_delivery WHERE digest = '%s'", batch[i]->digest));
    }
}

static void a_repeat_of_a_stored_delivery_names_the_first(void **state)
{
    store_t *store = *state;
    afp_delivery_t **first = batch_of(store, ACME, 0, 9);
    afp_delivery_t **second = batch_of(store, ACME, 0, 40);
    int repeats = 0;
    int i;

    store_batch(store, store->session, first, 9);
    store_batch(store, store->session, second, 40);
    assert_int_equal(count_rows(store, "afp_delivery"), 40);
    assert_consistent(store);
    for (i = 0; i < 40; i++) {
        repeats += strcmp(second[i]->first_id, second[i]->id) != 0;
        assert_string_equal(second[i]->first_id,
                            store_text(store, "SELECT id FROM afp_delivery WHERE digest = '%s'",
                                       second[i]->digest));
    }
    assert_int_equal(repeats, 9);
}

static void the_same_body_for_another_tenant_is_no_repeat(void **state)
{
    store_t *store = *state;
    afp_delivery_t *batch[] = {store_delivery(store, ACME, 1), store_delivery(store, BETA, 1),
                               store_delivery(store, CORE, 1)};

    store_batch(store, store->session, batch, 3);
    assert_int_equal(count_rows(store, "afp_delivery"), 3);
    assert_consistent(store);
}

static void an_ignored_delivery_has_no_follow_up(void **state)
{
    store_t *store = *state;
    afp_delivery_t **batch = batch_of(store, ACME, 0, 10);

    apr_cpystrn(batch[3]->ignored, "Not the trigger", sizeof(batch[3]->ignored));
    apr_cpystrn(batch[7]->ignored, "Not the trigger", sizeof(batch[7]->ignored));
    store_batch(store, store->session, batch, 10);
    assert_int_equal(count_rows(store, "afp_delivery"), 10);
    assert_int_equal(count_rows(store, "afp_follow_up"), 8);
    assert_consistent(store);
}

/* Deliveries of tenants that are paused as far as their receiver knows. */
static afp_delivery_t **held_batch_of(store_t *store, const char *company_uuid, int from, int count)
{
    afp_delivery_t **batch = batch_of(store, company_uuid, from, count);
    int i;

    for (i = 0; i < count; i++) {
        batch[i]->held = 1;
    }
    return batch;
}

static void follow_ups_of_a_paused_tenant_are_held(void **state)
{
    store_t *store = *state;
    afp_delivery_t *batch[] = {held_batch_of(store, ACME, 1, 1)[0], batch_of(store, BETA, 1, 1)[0],
                               held_batch_of(store, ACME, 2, 1)[0]};
    int held = 0;
    int i;

    store_add_tenant(store, ACME, "paused");
    store_add_tenant(store, BETA, "connected");
    store_batch(store, store->session, batch, 3);
    for (i = 0; i < 3; i++) {
        held += batch[i]->held;
    }
    assert_int_equal(held, 2);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE state = 'held'"
                                         " AND company_uuid = '" ACME "' AND kind = 'invite'"),
                     2);
    assert_int_equal(store_in_state(store, "ready"), 1);
}

static void follow_ups_of_a_tenant_that_was_resumed_meanwhile_are_not_held(void **state)
{
    store_t *store = *state;
    afp_delivery_t *batch[] = {held_batch_of(store, ACME, 1, 1)[0],
                               held_batch_of(store, ACME, 2, 1)[0],
                               held_batch_of(store, BETA, 1, 1)[0]};

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "paused");
    store_batch(store, store->session, batch, 3);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE state = 'ready'"
                                         " AND company_uuid = '" ACME "'"),
                     2);
    assert_int_equal(store_in_state(store, "held"), 1);
    assert_int_equal(batch[0]->held + batch[1]->held + batch[2]->held, 1);
}

static void a_batch_whose_commit_was_repeated_is_no_repeat_of_itself(void **state)
{
    store_t *store = *state;
    afp_delivery_t **batch = batch_of(store, ACME, 0, 40);
    int i;

    store_batch(store, store->session, batch, 40);
    for (i = 0; i < 40; i++) {
        batch[i]->first_id[0] = '\0';
    }
    store_batch(store, store->session, batch, 40);
    for (i = 0; i < 40; i++) {
        assert_string_equal(batch[i]->first_id, batch[i]->id);
    }
    assert_int_equal(count_rows(store, "afp_delivery"), 40);
    assert_consistent(store);
}

static void a_batch_that_cannot_be_stored_leaves_nothing(void **state)
{
    store_t *store = *state;
    afp_delivery_t **batch = batch_of(store, ACME, 0, 9);
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);

    store_sql(store, "ALTER TABLE afp_follow_up RENAME TO afp_elsewhere");
    assert_int_equal(afp_delivery_store(deliveries, batch, 9), APR_EGENERAL);
    assert_int_equal(count_rows(store, "afp_delivery"), 0);
    store_sql(store, "ALTER TABLE afp_elsewhere RENAME TO afp_follow_up");
    assert_int_equal(afp_delivery_store(deliveries, batch, 9), APR_SUCCESS);
    assert_int_equal(count_rows(store, "afp_delivery"), 9);
    assert_consistent(store);
}

/* ---- what is taken late ---- */

typedef struct {
    afp_delivery_t **batch;
    int count;
    int calls;
} late_t;

static int take_late(void *baton, afp_delivery_t **deliveries)
{
    late_t *late = baton;
    int i;

    late->calls++;
    for (i = 0; i < late->count; i++) {
        deliveries[i] = late->batch[i];
    }
    return late->count;
}

static void what_is_taken_inside_the_transaction_is_stored(void **state)
{
    store_t *store = *state;
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    late_t late = {batch_of(store, ACME, 0, AFP_DELIVERY_BATCH), AFP_DELIVERY_BATCH, 0};
    late_t nothing = {NULL, 0, 0};
    int i;

    assert_int_equal(afp_delivery_store_late(deliveries, take_late, &late), APR_SUCCESS);
    assert_int_equal(late.calls, 1);
    for (i = 0; i < late.count; i++) {
        assert_string_equal(late.batch[i]->first_id, late.batch[i]->id);
    }
    assert_int_equal(count_rows(store, "afp_delivery"), AFP_DELIVERY_BATCH);
    assert_consistent(store);
    assert_int_equal(afp_delivery_store_late(deliveries, take_late, &nothing), APR_SUCCESS);
    assert_int_equal(nothing.calls, 1);
}

static void what_was_taken_is_not_taken_again_when_the_work_is_repeated(void **state)
{
    store_t *store = *state;
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);
    late_t late = {batch_of(store, ACME, 0, 9), 9, 0};

    store_sql(store, "ALTER TABLE afp_follow_up RENAME TO afp_elsewhere");
    assert_int_equal(afp_delivery_store_late(deliveries, take_late, &late), APR_EGENERAL);
    assert_int_equal(late.calls, 1);
    store_sql(store, "ALTER TABLE afp_elsewhere RENAME TO afp_follow_up");
    assert_int_equal(count_rows(store, "afp_delivery"), 0);
}

static void nothing_is_taken_if_no_transaction_can_begin(void **state)
{
    store_t *store = *state;
    afp_dialect_t *dialect;
    afp_session_t *session = store_other_session(store, &dialect, NULL);
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, session);
    late_t late = {batch_of(store, ACME, 0, 1), 1, 0};

    dialect->begin = "NO SUCH STATEMENT";
    assert_int_equal(afp_delivery_store_late(deliveries, take_late, &late), APR_EGENERAL);
    assert_int_equal(late.calls, 0);
}

/* ---- many at once ---- */

#define RACERS 4
#define ROUNDS 30
#define BATCH  40
#define BODIES (ROUNDS * BATCH)

/* Every thread stores the same new bodies in each round, every other one the other way round. */
static apr_status_t store_overlapping(racer_t *racer)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(racer->pool, racer->session);
    afp_delivery_t *batch[BATCH];
    afp_delivery_t *all = racer->baton;
    apr_status_t rv = APR_SUCCESS;
    int round, i;

    for (round = 0; round < ROUNDS && rv == APR_SUCCESS; round++) {
        for (i = 0; i < BATCH; i++) {
            afp_delivery_t *delivery = &all[(racer->number * ROUNDS + round) * BATCH + i];

            apr_snprintf(delivery->digest, sizeof(delivery->digest), "%064d",
                         round * BATCH + (racer->number % 2 ? BATCH - 1 - i : i));
            batch[i] = delivery;
        }
        rv = afp_delivery_store(deliveries, batch, BATCH);
        for (i = 0; i < BATCH; i++) {
            if (!batch[i]->first_id[0]) {
                rv = APR_EGENERAL;
            }
        }
    }
    return rv;
}

static void committers_with_the_same_bodies_store_each_once(void **state)
{
    store_t *store = *state;
    afp_delivery_t *all =
        apr_pcalloc(store->pool, sizeof(afp_delivery_t) * RACERS * ROUNDS * BATCH);
    int i;

    for (i = 0; i < RACERS * ROUNDS * BATCH; i++) {
        all[i] = *store_delivery(store, ACME, i);
    }
    store_race(store, RACERS, store_overlapping, all);
    assert_int_equal(count_rows(store, "afp_delivery"), BODIES);
    assert_consistent(store);
    for (i = 0; i < RACERS * ROUNDS * BATCH; i++) {
        if (i % 97 == 0) {
            assert_string_equal(all[i].first_id,
                                store_text(store, "SELECT id FROM afp_delivery WHERE digest = '%s'",
                                           all[i].digest));
        }
    }
    /* A deadlock would show as a statement that failed and was repeated. */
    if (strstr(store->log, "AFP0101")) {
        fail_msg("%s", store->log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(batches_of_every_size_are_stored_with_their_follow_ups),
        STORE_TEST(a_driver_that_we_do_not_know_stores_the_same),
        STORE_TEST(a_delivery_is_stored_as_it_came),
        STORE_TEST(a_repeat_inside_a_batch_is_stored_once),
        STORE_TEST(a_repeat_of_a_stored_delivery_names_the_first),
        STORE_TEST(the_same_body_for_another_tenant_is_no_repeat),
        STORE_TEST(an_ignored_delivery_has_no_follow_up),
        STORE_TEST(follow_ups_of_a_paused_tenant_are_held),
        STORE_TEST(follow_ups_of_a_tenant_that_was_resumed_meanwhile_are_not_held),
        STORE_TEST(a_batch_whose_commit_was_repeated_is_no_repeat_of_itself),
        STORE_TEST(a_batch_that_cannot_be_stored_leaves_nothing),
        STORE_TEST(what_is_taken_inside_the_transaction_is_stored),
        STORE_TEST(what_was_taken_is_not_taken_again_when_the_work_is_repeated),
        STORE_TEST(nothing_is_taken_if_no_transaction_can_begin),
        STORE_TEST(committers_with_the_same_bodies_store_each_once),
    };

    return STORE_RUN(tests);
}
