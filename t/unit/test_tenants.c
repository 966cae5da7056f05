#include "store_fixture.h"
#include "unit_keys.h"

#include "store/secret.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <string.h>

#define LIMIT 10

/* A snapshot of the test's site. */
static afp_tenants_t *make(store_t *store)
{
    afp_site_t *site = apr_pcalloc(store->pool, sizeof(*site));
    afp_tenants_t *tenants;

    site->name = STORE_SITE;
    site->logger = &store->logger;
    site->database = store->database;
    site->place = store->place;
    site->backlog_limit = LIMIT;
    tenants = afp_tenants_make(store->pool, site);
    assert_non_null(tenants);
    return tenants;
}

static afp_tenant_t save(store_t *store, const char *company_uuid, const char *secret)
{
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, company_uuid, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, company_uuid, sizeof(tenant.company));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, "", "ada"),
                     APR_SUCCESS);
    tenant.state = AFP_TENANT_CONNECTED;
    apr_cpystrn(tenant.signing_secret, secret, sizeof(tenant.signing_secret));
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    return tenant;
}

static const char *secret_of(afp_tenants_t *tenants, const char *company_uuid)
{
    static afp_tenant_t tenant;

    return afp_tenants_get(tenants, company_uuid, &tenant) ? tenant.signing_secret : NULL;
}

static const char *uuid_of(store_t *store, int number)
{
    return apr_psprintf(store->pool, "%032x", (unsigned int)number);
}

static void a_snapshot_is_empty_until_it_is_refreshed(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    save(store, ACME, "one");
    assert_false(afp_tenants_are_loaded(tenants));
    assert_null(secret_of(tenants, ACME));
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_are_loaded(tenants));
    assert_string_equal(secret_of(tenants, ACME), "one");
    assert_null(secret_of(tenants, BETA));
}

static void a_site_without_tenants_is_loaded_too(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_are_loaded(tenants));
}

static void a_refresh_brings_what_changed(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    save(store, ACME, "two");
    save(store, BETA, "three");
    assert_string_equal(secret_of(tenants, ACME), "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_string_equal(secret_of(tenants, ACME), "two");
    assert_string_equal(secret_of(tenants, BETA), "three");
}

static void a_tenant_can_be_read_again_alone(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_reread(tenants, store->session, ACME), APR_SUCCESS);
    assert_string_equal(secret_of(tenants, ACME), "one");
    save(store, ACME, "two");
    assert_int_equal(afp_tenants_reread(tenants, store->session, ACME), APR_SUCCESS);
    assert_string_equal(secret_of(tenants, ACME), "two");
    assert_int_equal(afp_tenants_reread(tenants, store->session, BETA), APR_NOTFOUND);
    assert_false(afp_tenants_are_loaded(tenants));
}

/* How many lines of the log say that this tenant's secrets cannot be opened. */
static int told(const store_t *store, const char *company_uuid)
{
    const char *line = apr_pstrcat(store->pool, "AFP0110: tenant ", company_uuid, NULL);
    const char *place = store->log;
    int count = 0;

    while ((place = strstr(place, line)) != NULL) {
        place++;
        count++;
    }
    return count;
}

static void a_lost_key_is_told_once_for_each_generation_and_child(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants, *of_another_child;
    int i;

    save(store, ACME, "one");
    save(store, BETA, "two");
    store->place.keyring = unit_keyring(store->pool, "two:" KEY_LETTERS);
    tenants = make(store);
    assert_int_equal(afp_tenants_reread(tenants, store->session, ACME), APR_SUCCESS);
    assert_int_equal(told(store, ACME), 1);
    for (i = 0; i < 3; i++) {
        assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
        assert_int_equal(afp_tenants_reread(tenants, store->session, ACME), APR_SUCCESS);
    }
    assert_int_equal(told(store, ACME), 1);
    assert_int_equal(told(store, BETA), 1);

    store_sql(store, "UPDATE afp_meta SET value = value + 1 WHERE name = 'generation'");
    store_sql(store,
              "UPDATE afp_tenant SET generation ="
              " (SELECT value FROM afp_meta WHERE name = 'generation') WHERE company_uuid = '%s'",
              ACME);
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(told(store, ACME), 2);
    assert_int_equal(told(store, BETA), 1);

    of_another_child = make(store);
    assert_int_equal(afp_tenants_refresh(of_another_child, store->session), APR_SUCCESS);
    assert_int_equal(told(store, ACME), 3);
    assert_int_equal(told(store, BETA), 2);
}

/* The hash of a token, of one digit. */
static const char *hash_of(store_t *store, char digit)
{
    char *hash = apr_pcalloc(store->pool, 65);

    memset(hash, digit, 64);
    return hash;
}

static void give_token(store_t *store, const char *company_uuid, const char *former,
                       const char *hash)
{
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, company_uuid, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, company_uuid, sizeof(tenant.company));
    apr_cpystrn(tenant.api_token_hash, hash, sizeof(tenant.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, former, "ada"),
                     APR_SUCCESS);
}

static void a_token_says_whose_it_is(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    char company_uuid[AFP_ID_LENGTH + 1] = "";

    give_token(store, ACME, "", hash_of(store, 'a'));
    give_token(store, BETA, "", hash_of(store, 'b'));
    save(store, CORE, "without a token");
    assert_false(afp_tenants_find_token(tenants, hash_of(store, 'a'), company_uuid));
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_find_token(tenants, hash_of(store, 'a'), company_uuid));
    assert_string_equal(company_uuid, ACME);
    assert_true(afp_tenants_find_token(tenants, hash_of(store, 'b'), company_uuid));
    assert_string_equal(company_uuid, BETA);
    assert_false(afp_tenants_find_token(tenants, hash_of(store, 'c'), company_uuid));
}

static void a_token_can_be_looked_for_in_the_database(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    char company_uuid[AFP_ID_LENGTH + 1] = "";

    give_token(store, ACME, "", hash_of(store, 'a'));
    assert_int_equal(afp_tenants_reread_token(tenants, store->session, hash_of(store, 'b')),
                     APR_NOTFOUND);
    assert_int_equal(afp_tenants_reread_token(tenants, store->session, hash_of(store, 'a')),
                     APR_SUCCESS);
    assert_true(afp_tenants_find_token(tenants, hash_of(store, 'a'), company_uuid));
    give_token(store, ACME, hash_of(store, 'a'), hash_of(store, 'c'));
    assert_int_equal(afp_tenants_reread_token(tenants, store->session, hash_of(store, 'c')),
                     APR_SUCCESS);
    assert_false(afp_tenants_find_token(tenants, hash_of(store, 'a'), company_uuid));
    store_sql(store, "UPDATE afp_tenant SET site = 'another.example'");
    assert_int_equal(afp_tenants_reread_token(tenants, store->session, hash_of(store, 'c')),
                     APR_NOTFOUND);
}

static void the_use_of_a_token_is_noted_once_a_minute(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    apr_time_t now = apr_time_now();
    afp_tenant_t tenant;
    afp_secret_note_t notes[AFP_SECRETS];

    give_token(store, ACME, "", hash_of(store, 'a'));
    assert_false(afp_tenants_token_used(tenants, ACME, now));
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_token_used(tenants, ACME, now));
    assert_false(afp_tenants_token_used(tenants, ACME, now + apr_time_from_sec(59)));
    assert_true(afp_tenants_token_used(tenants, ACME, now + apr_time_from_sec(60)));
    assert_true(afp_tenants_token_used(tenants, ACME, now));
    give_token(store, ACME, hash_of(store, 'a'), hash_of(store, 'b'));
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_token_used(tenants, ACME, now));

    assert_int_equal(afp_secret_token_used(store->session, ACME, hash_of(store, 'b')), APR_SUCCESS);
    assert_true(afp_tenants_get(tenants, ACME, &tenant));
    assert_int_equal(afp_secret_notes(store->session, &tenant, notes), APR_SUCCESS);
    assert_true(notes[AFP_SECRET_API_TOKEN].used_at > 0);
    assert_string_equal(notes[AFP_SECRET_API_TOKEN].set_by, "ada");
}

#define PATIENCE apr_time_from_sec(5)

/* Begins to read a tenant again and ends at once. */
static afp_reread_t reread(afp_tenants_t *tenants, const char *company_uuid, int succeeded)
{
    afp_reread_t result = afp_tenants_begin_reread(tenants, company_uuid, PATIENCE);

    if (result == AFP_REREAD_BEGUN) {
        afp_tenants_end_reread(tenants, company_uuid, succeeded);
    }
    return result;
}

static void a_tenant_is_read_again_once_a_second(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(reread(tenants, ACME, 1), AFP_REREAD_BEGUN);
    assert_int_equal(reread(tenants, ACME, 1), AFP_REREAD_RECENT);
    assert_int_equal(reread(tenants, BETA, 1), AFP_REREAD_BEGUN);
    apr_sleep(apr_time_from_msec(1100));
    assert_int_equal(reread(tenants, ACME, 1), AFP_REREAD_BEGUN);
}

static void what_could_not_be_read_again_is_not_known(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    assert_int_equal(reread(tenants, BETA, 1), AFP_REREAD_BEGUN);
    assert_int_equal(reread(tenants, BETA, 1), AFP_REREAD_FAILED); /* the snapshot was never read */
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(reread(tenants, BETA, 1), AFP_REREAD_RECENT);
    assert_int_equal(reread(tenants, ACME, 0), AFP_REREAD_BEGUN);
    assert_int_equal(reread(tenants, ACME, 0), AFP_REREAD_FAILED);
}

typedef struct {
    store_t *store;
    afp_tenants_t *tenants;
} reader_t;

/* Takes its time to read a tenant that it has begun with. */
static void *APR_THREAD_FUNC read_slowly(apr_thread_t *thread, void *data)
{
    reader_t *reader = data;

    (void)thread;
    apr_sleep(apr_time_from_msec(1200));
    (void)afp_tenants_reread(reader->tenants, reader->store->session, ACME);
    afp_tenants_end_reread(reader->tenants, ACME, 1);
    return NULL;
}

static void who_comes_meanwhile_waits_for_the_reader(void **state)
{
    store_t *store = *state;
    reader_t reader = {store, make(store)};
    apr_thread_t *thread;
    apr_status_t ignored;

    assert_int_equal(afp_tenants_refresh(reader.tenants, store->session), APR_SUCCESS);
    save(store, ACME, "one");
    assert_int_equal(afp_tenants_begin_reread(reader.tenants, ACME, PATIENCE), AFP_REREAD_BEGUN);
    assert_int_equal(afp_tenants_begin_reread(reader.tenants, ACME, 1000), AFP_REREAD_FAILED);
    assert_null(secret_of(reader.tenants, ACME));
    assert_int_equal(apr_thread_create(&thread, NULL, read_slowly, &reader, store->pool),
                     APR_SUCCESS);
    /* More than a second after the reader began: a second one begins only then. */
    assert_int_equal(afp_tenants_begin_reread(reader.tenants, ACME, PATIENCE), AFP_REREAD_BEGUN);
    assert_string_equal(secret_of(reader.tenants, ACME), "one");
    apr_thread_join(&ignored, thread);
}

static void a_flood_reads_twenty_tenants_a_second(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    apr_time_t start = apr_time_now();
    int allowed = 0;
    int number = 0;

    while (apr_time_now() - start < apr_time_from_msec(2500)) {
        allowed += reread(tenants, uuid_of(store, ++number), 1) == AFP_REREAD_BEGUN;
        apr_sleep(500);
    }
    assert_true(number > 100);
    assert_in_range(allowed, 20, 20 * (1 + apr_time_sec(apr_time_now() - start)));
}

/* How many of `count` hints at once may be followed. */
static int hint(afp_tenants_t *tenants, const char *company_uuid, int count)
{
    int allowed = 0;

    while (count-- > 0) {
        allowed += afp_tenants_may_hint(tenants, company_uuid);
    }
    return allowed;
}

static void ten_hints_a_second_of_one_tenant_are_followed(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    assert_int_equal(hint(tenants, ACME, 100), 10);
    assert_int_equal(hint(tenants, BETA, 100), 10);
    assert_int_equal(afp_tenants_begin_reread(tenants, ACME, 1000), AFP_REREAD_BEGUN);
    apr_sleep(apr_time_from_msec(1100));
    assert_int_equal(hint(tenants, ACME, 100), 10);
}

static void fifty_hints_a_second_of_all_tenants_are_followed(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    apr_time_t start = apr_time_now();
    int allowed = 0;

    for (int number = 1; number <= 100; number++) {
        allowed += hint(tenants, uuid_of(store, number), 2);
    }
    assert_in_range(allowed, 50, 50 * (1 + apr_time_sec(apr_time_now() - start)));
}

static void what_was_received_last_is_written_once(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    apr_time_t at;

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
    afp_tenants_received(tenants, ACME, "one", 1000);
    afp_tenants_received(tenants, ACME, "one", 2000);
    afp_tenants_received(tenants, BETA, "one", 3000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(afp_tenant_last_received(store->session, ACME, &at), APR_SUCCESS);
    assert_int_equal(at, 2000);
    store_sql(store, "DELETE FROM afp_received");
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
}

static void what_came_before_a_disconnection_is_not_written_after_it(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    afp_tenant_t tenant = save(store, ACME, "one");

    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    afp_tenants_received(tenants, ACME, "one", 1000);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    /* A request that began before it. */
    afp_tenants_received(tenants, ACME, "one", 2000);
    (void)save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
    afp_tenants_received(tenants, ACME, "one", 3000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT last_received_at FROM afp_received"), 3000);
}

static apr_time_t used_at(store_t *store, const afp_tenant_t *tenant, afp_secret_t which)
{
    afp_secret_note_t notes[AFP_SECRETS];

    assert_int_equal(afp_secret_notes(store->session, tenant, notes), APR_SUCCESS);
    return notes[which].used_at;
}

static void rotate(store_t *store, afp_tenant_t *tenant, const char *secret)
{
    apr_cpystrn(tenant->former_secret, tenant->signing_secret, sizeof(tenant->former_secret));
    apr_cpystrn(tenant->signing_secret, secret, sizeof(tenant->signing_secret));
    assert_int_equal(afp_tenant_save(store->session, &store->place, tenant, "ada"), APR_SUCCESS);
}

static void the_secret_that_matched_is_written_with_it(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    afp_tenant_t tenant = save(store, ACME, "one");

    rotate(store, &tenant, "two");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    afp_tenants_received(tenants, ACME, "one", 1000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_FORMER), 1000);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_SIGNING), 0);
    afp_tenants_received(tenants, ACME, "one", 2000);
    afp_tenants_received(tenants, ACME, "two", 3000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_FORMER), 2000);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_SIGNING), 3000);
}

static void a_match_belongs_to_the_secret_wherever_it_stands_now(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    afp_tenant_t tenant = save(store, ACME, "one");

    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    afp_tenants_received(tenants, ACME, "one", 1000);
    rotate(store, &tenant, "two");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_FORMER), 1000);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_SIGNING), 0);
    /* A request that began with the former settings. */
    afp_tenants_received(tenants, ACME, "three", 2000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_FORMER), 1000);
    assert_int_equal(used_at(store, &tenant, AFP_SECRET_SIGNING), 0);
}

static int refused_at(store_t *store)
{
    return (int)store_number(store, "SELECT COALESCE(SUM(last_at), 0) FROM afp_notice"
                                    " WHERE code = 'signature'");
}

static void that_signatures_are_refused_is_written_once_a_minute(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    afp_tenants_refused(tenants, ACME, 1000);
    afp_tenants_refused(tenants, ACME, 2000);
    afp_tenants_refused(tenants, BETA, 3000);
    assert_int_equal(refused_at(store), 0);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(refused_at(store), 2000);
    afp_tenants_refused(tenants, ACME, 4000);
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(refused_at(store), 2000);
}

static const char *unknown_event(store_t *store)
{
    return store_text(store, "SELECT words FROM afp_notice WHERE code = 'unknown-event'");
}

static void an_unknown_event_is_written_by_the_next_flush_and_then_once_a_minute(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    apr_time_t now = apr_time_now();

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_false(afp_tenants_unknown_event(tenants, BETA, "application_a", now));
    assert_true(afp_tenants_unknown_event(tenants, ACME, "application_a", now));
    assert_false(afp_tenants_unknown_event(tenants, ACME, "application_a", now + 1));
    assert_string_equal(unknown_event(store), "");
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_string_equal(unknown_event(store), "application_a");
    assert_int_equal(store_number(store, "SELECT last_at FROM afp_notice"), now + 1);

    assert_true(afp_tenants_unknown_event(tenants, ACME, "application_b", now + 2));
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_string_equal(unknown_event(store), "application_b");
    assert_false(afp_tenants_unknown_event(tenants, ACME, "application_a", now + 3));
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_string_equal(unknown_event(store), "application_b");
    assert_int_equal(store_number(store, "SELECT last_at FROM afp_notice"), now + 2);
}

static void an_unknown_event_that_cannot_be_written_is_not_forgotten(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_unknown_event(tenants, ACME, "application_a", apr_time_now()));
    store_sql(store, "ALTER TABLE afp_notice RENAME TO afp_hidden");
    assert_int_not_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    store_sql(store, "ALTER TABLE afp_hidden RENAME TO afp_notice");
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_string_equal(unknown_event(store), "application_a");
}

static void nothing_is_noted_of_who_takes_no_webhooks(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    afp_tenant_t tenant = save(store, ACME, "one");

    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    afp_tenants_refused(tenants, ACME, 1000);
    assert_false(afp_tenants_unknown_event(tenants, ACME, "application_a", 1000));
    assert_int_equal(afp_tenants_flush_received(tenants, store->session), APR_SUCCESS);
    assert_int_equal(refused_at(store), 0);
    assert_string_equal(unknown_event(store), "");
}

static void a_backlog_has_room_up_to_the_limit(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    int i;

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    for (i = 0; i < LIMIT; i++) {
        assert_true(afp_tenants_has_room(tenants, ACME));
    }
    assert_false(afp_tenants_has_room(tenants, ACME));
    assert_true(afp_tenants_has_room(tenants, BETA));
}

static void a_count_brings_what_others_stored(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    int i;

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    for (i = 1; i <= LIMIT; i++) {
        store_add_follow_up(store, ACME, i, "1", 1);
    }
    assert_true(afp_tenants_has_room(tenants, ACME));
    assert_int_equal(afp_tenants_count_backlogs(tenants, store->session), APR_SUCCESS);
    assert_false(afp_tenants_has_room(tenants, ACME));
}

static void refused_deliveries_do_not_fill_a_backlog(void **state)
{
    store_t *store = *state;
    afp_tenants_t *tenants = make(store);
    int i;

    save(store, ACME, "one");
    assert_int_equal(afp_tenants_refresh(tenants, store->session), APR_SUCCESS);
    for (i = 0; i < 3 * LIMIT; i++) {
        (void)afp_tenants_has_room(tenants, ACME);
    }
    assert_false(afp_tenants_has_room(tenants, ACME));
    assert_int_equal(afp_tenants_count_backlogs(tenants, store->session), APR_SUCCESS);
    assert_true(afp_tenants_has_room(tenants, ACME));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_snapshot_is_empty_until_it_is_refreshed),
        STORE_TEST(a_site_without_tenants_is_loaded_too),
        STORE_TEST(a_refresh_brings_what_changed),
        STORE_TEST(a_tenant_can_be_read_again_alone),
        STORE_TEST(a_lost_key_is_told_once_for_each_generation_and_child),
        STORE_TEST(a_token_says_whose_it_is),
        STORE_TEST(a_token_can_be_looked_for_in_the_database),
        STORE_TEST(the_use_of_a_token_is_noted_once_a_minute),
        STORE_TEST(a_tenant_is_read_again_once_a_second),
        STORE_TEST(what_could_not_be_read_again_is_not_known),
        STORE_TEST(who_comes_meanwhile_waits_for_the_reader),
        STORE_TEST(a_flood_reads_twenty_tenants_a_second),
        STORE_TEST(ten_hints_a_second_of_one_tenant_are_followed),
        STORE_TEST(fifty_hints_a_second_of_all_tenants_are_followed),
        STORE_TEST(what_was_received_last_is_written_once),
        STORE_TEST(what_came_before_a_disconnection_is_not_written_after_it),
        STORE_TEST(the_secret_that_matched_is_written_with_it),
        STORE_TEST(a_match_belongs_to_the_secret_wherever_it_stands_now),
        STORE_TEST(that_signatures_are_refused_is_written_once_a_minute),
        STORE_TEST(an_unknown_event_is_written_by_the_next_flush_and_then_once_a_minute),
        STORE_TEST(an_unknown_event_that_cannot_be_written_is_not_forgotten),
        STORE_TEST(nothing_is_noted_of_who_takes_no_webhooks),
        STORE_TEST(a_backlog_has_room_up_to_the_limit),
        STORE_TEST(a_count_brings_what_others_stored),
        STORE_TEST(refused_deliveries_do_not_fill_a_backlog),
    };

    return STORE_RUN(tests);
}
