#include "store/delivery.h"

#include "store/erase.h"
#include "store/follow_up.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define DELIVERY_VALUES  10
#define FOLLOW_UP_VALUES 8
#define IGNORED_VALUES   3
#define MOST_ROWS        32

/* INSERTs of 1, 8 and 32 rows: a batch is cut into the largest that fit. */
static const int sizes[] = {MOST_ROWS, 8, 1};
#define SIZES 3

struct afp_delivery_store_t {
    afp_session_t *session;
    afp_insert_t insert;
    int most_rows;
    afp_statement_t deliveries[SIZES];
    afp_statement_t follow_ups[SIZES];
    afp_statement_t ignored[SIZES];
};

static const afp_statement_t select_first = {
    "select-first-delivery", "SELECT id FROM afp_delivery WHERE company_uuid = %s AND digest = %s"};

static const afp_statement_t select_follow_up = {"select-follow-up-of-delivery",
                                                 "SELECT id FROM afp_follow_up WHERE id = %s"};

static const afp_statement_t select_ignored = {"select-ignored-delivery",
                                               "SELECT id FROM afp_ignored WHERE id = %s"};

static const char *insert_of_rows(apr_pool_t *pool, const char *head, const char *row,
                                  const char *tail, int rows)
{
    const char *sql = apr_pstrcat(pool, head, " VALUES ", row, NULL);

    for (; rows > 1; rows--) {
        sql = apr_pstrcat(pool, sql, ", ", row, NULL);
    }
    return apr_pstrcat(pool, sql, tail, NULL);
}

static const char *clause_if_absent(afp_insert_t insert)
{
    switch (insert) {
    case AFP_INSERT_ON_CONFLICT:
        return " ON CONFLICT DO NOTHING";
    case AFP_INSERT_ON_DUPLICATE:
        return " ON DUPLICATE KEY UPDATE id = id";
    case AFP_INSERT_LOOK_FIRST:
        break;
    }
    return "";
}

afp_delivery_store_t *afp_delivery_store_make(apr_pool_t *pool, afp_session_t *session)
{
    afp_delivery_store_t *store = apr_pcalloc(pool, sizeof(*store));
    const afp_dialect_t *dialect = afp_session_database(session)->dialect;
    const char *if_absent = clause_if_absent(dialect->insert);
    int i;

    store->session = session;
    store->insert = dialect->insert;
    store->most_rows = dialect->rows_per_insert;
    for (i = 0; i < SIZES; i++) {
        store->deliveries[i].name = "insert-deliveries";
        store->deliveries[i].sql = insert_of_rows(
            pool,
            "INSERT INTO afp_delivery (id, company_uuid, digest, event, application_id, job_id,"
            " triggered_at, received_at, length, ignored, guards)",
            "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1)", if_absent, sizes[i]);
        store->follow_ups[i].name = "insert-follow-ups";
        store->follow_ups[i].sql = insert_of_rows(
            pool,
            "INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease, delivery_id,"
            " application_id, job_id, occurrence, anyway, attempts, missing, tried_for,"
            " created_at, reason)",
            "(%s, %s, %s, 'ready', %s, '', %s, %s, %s, 1, 0, 0, 0, 0, %s, '')", if_absent,
            sizes[i]);
        store->ignored[i].name = "insert-ignored-deliveries";
        store->ignored[i].sql =
            insert_of_rows(pool, "INSERT INTO afp_ignored (id, company_uuid, received_at)",
                           "(%s, %s, %s)", if_absent, sizes[i]);
    }
    return store;
}

static void delivery_values(afp_session_t *session, const afp_delivery_t *delivery,
                            const char **values)
{
    values[0] = delivery->id;
    values[1] = delivery->company_uuid;
    values[2] = delivery->digest;
    values[3] = delivery->event;
    values[4] = delivery->application_id;
    values[5] = delivery->job_id;
    values[6] = afp_sql_number(session, delivery->triggered_at);
    values[7] = afp_sql_number(session, delivery->received_at);
    values[8] = afp_sql_number(session, delivery->length);
    values[9] = delivery->ignored;
}

static void follow_up_values(afp_session_t *session, const afp_delivery_t *delivery,
                             const char **values)
{
    apr_time_t now = afp_session_now(session);

    values[0] = delivery->id;
    values[1] = delivery->company_uuid;
    values[2] = AFP_FOLLOW_UP_INVITE;
    /* Due at once, also where this machine's clock is ahead of the database's. */
    values[3] = afp_sql_number(session, delivery->received_at < now ? delivery->received_at : now);
    values[4] = delivery->id;
    values[5] = delivery->application_id;
    values[6] = delivery->job_id;
    values[7] = values[3];
}

static void ignored_values(afp_session_t *session, const afp_delivery_t *delivery,
                           const char **values)
{
    values[0] = delivery->id;
    values[1] = delivery->company_uuid;
    values[2] = afp_sql_number(session, delivery->received_at);
}

typedef void values_of_t(afp_session_t *session, const afp_delivery_t *delivery,
                         const char **values);

/* Inserts a row for each of the deliveries, where there is none yet: *inserted in all. */
static apr_status_t insert_rows(afp_delivery_store_t *store, const afp_statement_t *statements,
                                values_of_t *values_of, int width, afp_delivery_t **deliveries,
                                int count, int *inserted)
{
    const char *values[MOST_ROWS * DELIVERY_VALUES];
    apr_status_t rv = APR_SUCCESS;
    int done = 0;

    *inserted = 0;
    while (done < count && rv == APR_SUCCESS) {
        int size = 0;
        int changed = 0;
        int i;

        while (sizes[size] > count - done || sizes[size] > store->most_rows) {
            size++;
        }
        for (i = 0; i < sizes[size]; i++) {
            values_of(store->session, deliveries[done + i], &values[i * width]);
        }
        rv = afp_sql_execute(store->session, &statements[size], values, &changed);
        *inserted += changed;
        done += sizes[size];
    }
    return rv;
}

static apr_status_t find(afp_session_t *session, const afp_statement_t *statement,
                         const char *const *key, char *id)
{
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, statement, key, &rows);

    *id = '\0';
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        apr_cpystrn(id, afp_rows_text(rows, 0), AFP_ID_LENGTH + 1);
    }
    return rv;
}

static apr_status_t find_first(afp_session_t *session, void *baton)
{
    afp_delivery_t *delivery = baton;
    const char *key[] = {delivery->company_uuid, delivery->digest};

    return find(session, &select_first, key, delivery->first_id);
}

apr_status_t afp_delivery_find_first(afp_session_t *session, afp_delivery_t *delivery)
{
    return afp_session_read(session, find_first, delivery);
}

typedef struct {
    afp_delivery_store_t *store;
    afp_delivery_t **deliveries;
    int count;
} batch_t;

/* Drivers without insert-if-absent: what is there already is taken out of the batch beforehand. */
static apr_status_t store_one_by_one(batch_t *batch)
{
    afp_session_t *session = batch->store->session;
    apr_status_t rv = APR_SUCCESS;
    int i, inserted;

    for (i = 0; i < batch->count && rv == APR_SUCCESS; i++) {
        rv = find_first(session, batch->deliveries[i]);
        if (rv == APR_SUCCESS && !*batch->deliveries[i]->first_id) {
            rv = insert_rows(batch->store, batch->store->deliveries, delivery_values,
                             DELIVERY_VALUES, &batch->deliveries[i], 1, &inserted);
            apr_cpystrn(batch->deliveries[i]->first_id, batch->deliveries[i]->id,
                        AFP_ID_LENGTH + 1);
        }
    }
    return rv;
}

static apr_status_t store_deliveries(batch_t *batch)
{
    apr_status_t rv;
    int i, inserted;

    if (batch->store->insert == AFP_INSERT_LOOK_FIRST) {
        return store_one_by_one(batch);
    }
    rv = insert_rows(batch->store, batch->store->deliveries, delivery_values, DELIVERY_VALUES,
                     batch->deliveries, batch->count, &inserted);
    for (i = 0; i < batch->count && rv == APR_SUCCESS; i++) {
        afp_delivery_t *delivery = batch->deliveries[i];

        if (inserted == batch->count) {
            apr_cpystrn(delivery->first_id, delivery->id, AFP_ID_LENGTH + 1);
        } else {
            rv = find_first(batch->store->session, delivery);
        }
    }
    return rv;
}

/* Those of the new deliveries that are ignored, or those that are not: *count of them, without what
 * was erased, and without what `select` finds already where the driver has no insert-if-absent. */
static apr_status_t pick(batch_t *batch, int ignored, const afp_statement_t *select,
                         afp_delivery_t **picked, int *count)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    *count = 0;
    for (i = 0; i < batch->count && rv == APR_SUCCESS; i++) {
        afp_delivery_t *delivery = batch->deliveries[i];
        char stored[AFP_ID_LENGTH + 1] = "";
        const char *key[] = {delivery->id};

        if ((*delivery->ignored != '\0') != ignored || strcmp(delivery->first_id, delivery->id) ||
            !strcmp(delivery->ignored, AFP_DELIVERY_ERASED)) {
            continue;
        }
        if (batch->store->insert == AFP_INSERT_LOOK_FIRST) {
            rv = find(batch->store->session, select, key, stored);
        }
        if (!*stored) {
            picked[(*count)++] = delivery;
        }
    }
    return rv;
}

/* Follow-ups of the new triggers, and the list of what is ignored. After a repeated transaction
 * they may be there already; a delivery whose follow-up is finished meanwhile cannot be among them:
 * nobody acknowledged it. */
static apr_status_t store_what_follows(batch_t *batch)
{
    afp_delivery_store_t *store = batch->store;
    afp_delivery_t **picked =
        apr_palloc(afp_session_scratch(store->session), sizeof(*picked) * (size_t)batch->count);
    int count, inserted;
    apr_status_t rv = pick(batch, 0, &select_follow_up, picked, &count);

    if (rv == APR_SUCCESS) {
        rv = insert_rows(store, store->follow_ups, follow_up_values, FOLLOW_UP_VALUES, picked,
                         count, &inserted);
    }
    if (rv == APR_SUCCESS) {
        rv = pick(batch, 1, &select_ignored, picked, &count);
    }
    return rv == APR_SUCCESS ? insert_rows(store, store->ignored, ignored_values, IGNORED_VALUES,
                                           picked, count, &inserted)
                             : rv;
}

/* Takes out what must not come back. Only tenants that have erased somebody have tombstones. */
static apr_status_t leave_out_erased(afp_session_t *session, const batch_t *batch)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < batch->count && rv == APR_SUCCESS; i++) {
        afp_delivery_t *delivery = batch->deliveries[i];
        int erased = 0;

        if (*delivery->tombstone) {
            rv = afp_erase_find_tombstone(session, delivery->company_uuid, delivery->tombstone,
                                          &erased);
        }
        if (erased) {
            *delivery->application_id = *delivery->job_id = '\0';
            delivery->triggered_at = 0;
            apr_cpystrn(delivery->ignored, AFP_DELIVERY_ERASED, sizeof(delivery->ignored));
        }
    }
    return rv;
}

static apr_status_t store_batch(afp_session_t *session, void *baton)
{
    apr_status_t rv = leave_out_erased(session, baton);

    if (rv == APR_SUCCESS) {
        rv = store_deliveries(baton);
    }
    return rv == APR_SUCCESS ? store_what_follows(baton) : rv;
}

typedef struct {
    batch_t batch;
    afp_delivery_take_t *take; /* NULL: it is taken */
    void *baton;
} late_t;

static int by_key(const void *left, const void *right)
{
    const afp_delivery_t *a = *(afp_delivery_t *const *)left;
    const afp_delivery_t *b = *(afp_delivery_t *const *)right;
    int order = strcmp(a->company_uuid, b->company_uuid);

    return order ? order : strcmp(a->digest, b->digest);
}

/* One order for all committers: two batches with the same bodies cannot wait for each other. */
static void sort_batch(batch_t *batch)
{
    qsort(batch->deliveries, (size_t)batch->count, sizeof(*batch->deliveries), by_key);
}

apr_status_t afp_delivery_store(afp_delivery_store_t *store, afp_delivery_t **deliveries, int count)
{
    batch_t batch = {store, deliveries, count};

    sort_batch(&batch);
    return afp_session_write(store->session, store_batch, &batch);
}

static apr_status_t take_and_store(afp_session_t *session, void *baton)
{
    late_t *late = baton;

    if (late->take) {
        late->batch.count = late->take(late->baton, late->batch.deliveries);
        late->take = NULL;
        sort_batch(&late->batch);
    }
    return store_batch(session, &late->batch);
}

apr_status_t afp_delivery_store_late(afp_delivery_store_t *store, afp_delivery_take_t *take,
                                     void *baton)
{
    afp_delivery_t *deliveries[AFP_DELIVERY_BATCH];
    late_t late = {{store, deliveries, 0}, take, baton};

    return afp_session_write(store->session, take_and_store, &late);
}
