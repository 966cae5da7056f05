#include "store_fixture.h"

#include "store/assessment.h"
#include "store/audit.h"
#include "store/erase.h"
#include "store/invitation.h"
#include "store/profile.h"
#include "unit_keys.h"

#include <apr_strings.h>
#include <string.h>

static const char *const holding[] = {
    "afp_delivery",   "afp_follow_up", "afp_finished", "afp_invitation",
    "afp_assessment", "afp_written",   "afp_comment",
};

/* Rows that name the application, in all tables together. */
static apr_int64_t held(store_t *store, const char *application_id)
{
    apr_int64_t rows = 0;

    for (size_t i = 0; i < COUNT_OF(holding); i++) {
        rows += store_number(store, "SELECT COUNT(*) FROM %s WHERE application_id = '%s'",
                             holding[i], application_id);
    }
    return rows;
}

static apr_int64_t count_rows(store_t *store, const char *table)
{
    return store_number(store, "SELECT COUNT(*) FROM %s", table);
}

static void store_it(store_t *store, afp_delivery_t *delivery)
{
    afp_delivery_store_t *deliveries = afp_delivery_store_make(store->pool, store->session);

    assert_int_equal(afp_delivery_store(deliveries, &delivery, 1), APR_SUCCESS);
}

/* Everything that can be held of an application: its delivery is that of body `number`, its
 * application bears the number. */
static void hold(store_t *store, const char *company_uuid, int number, const char *candidate_id)
{
    const char *key = apr_psprintf(store->pool, "'%s', '%d'", company_uuid, number);

    store_it(store, store_delivery(store, company_uuid, number));
    store_sql(store,
              "INSERT INTO afp_finished (company_uuid, application_id, id, kind, result,"
              " delivery_id, job_id, occurrence, anyway, attempts, created_at, finished_at, reason)"
              " VALUES (%s, '%031xf', 'invite', 'invited', '', '7', 1, 0, 1, 1, 1, '')",
              key, (unsigned)number);
    store_sql(store,
              "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state,"
              " lease, model_uuid, model_name, candidate_id, resent, delivery_id, sending_at,"
              " updated_at) VALUES (%s, 1, '7', 'invited', '', '', '', '%s', 0, '', 1, 1)",
              key, candidate_id);
    store_sql(store,
              "INSERT INTO afp_assessment (company_uuid, application_id, occurrence, progress,"
              " finished, wanted, swipe, drive, brain, voice, score, link, polls, read_at, failure,"
              " closed) VALUES (%s, 1, 'completed', 7, 7, 1, 2, 3, 4, 5, '', 1, 1, '', '')",
              key);
    store_sql(store,
              "INSERT INTO afp_written (company_uuid, application_id, field, attribute_id, value,"
              " written_at) VALUES (%s, 'score', '9', '74', 1)",
              key);
    store_sql(store,
              "INSERT INTO afp_comment (company_uuid, application_id, occurrence, purpose, state,"
              " lease, updated_at) VALUES (%s, 1, 'completed', 'added', '', 1)",
              key);
    assert_int_equal(held(store, apr_itoa(store->pool, number)), COUNT_OF(holding));
}

static apr_status_t try_to_erase(store_t *store, const char *application_id,
                                 const char *candidate_id, int *applications)
{
    afp_erasure_t erasure = {ACME, application_id, candidate_id, "ada", -1};
    apr_status_t rv = afp_erase(store->session, &store->place, &erasure);

    *applications = erasure.applications;
    return rv;
}

static int erase(store_t *store, const char *application_id, const char *candidate_id)
{
    int applications;

    assert_int_equal(try_to_erase(store, application_id, candidate_id, &applications), APR_SUCCESS);
    return applications;
}

static afp_tenant_t acme(store_t *store)
{
    afp_tenant_t tenant;

    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    return tenant;
}

static int is_erased(store_t *store, const char *application_id)
{
    afp_tenant_t tenant = acme(store);
    int erased = -1;

    assert_int_equal(afp_erase_is_done(store->session, &tenant, application_id, &erased),
                     APR_SUCCESS);
    return erased;
}

/* As the webhook handler makes it. */
static afp_delivery_t *delivery_of(store_t *store, int body, const char *application_id)
{
    afp_delivery_t *delivery = store_delivery(store, ACME, body);
    afp_tenant_t tenant = acme(store);

    apr_cpystrn(delivery->application_id, application_id, sizeof(delivery->application_id));
    if (*tenant.erasure_key) {
        assert_int_equal(
            afp_tombstone_make(tenant.erasure_key, application_id, delivery->tombstone), 0);
    }
    return delivery;
}

/* ---- what goes ---- */

static void everything_of_an_application_goes_and_nothing_else(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    hold(store, ACME, 11, "c-1");
    hold(store, ACME, 12, "c-2");
    hold(store, BETA, 13, "c-1");
    store_sql(store, "UPDATE afp_finished SET application_id = '11' WHERE company_uuid = '%s'",
              BETA);
    assert_int_equal(erase(store, "11", ""), 1);
    assert_int_equal(held(store, "11"), 1); /* the other company's */
    assert_int_equal(held(store, "12"), COUNT_OF(holding));
    assert_int_equal(count_rows(store, "afp_delivery"), 3);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_delivery WHERE application_id = ''"
                                  " AND job_id = '' AND triggered_at = 0"
                                  " AND ignored = '" AFP_DELIVERY_ERASED "'"),
                     1);
}

static void a_candidate_is_erased_in_all_applications(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "paused");
    hold(store, ACME, 11, "c-1");
    hold(store, ACME, 12, "c-1");
    hold(store, ACME, 13, "c-2");
    hold(store, ACME, 14, "");
    assert_int_equal(erase(store, "", "c-1"), 2);
    assert_int_equal(held(store, "11") + held(store, "12"), 0);
    assert_int_equal(held(store, "13"), COUNT_OF(holding));
    assert_int_equal(held(store, "14"), COUNT_OF(holding));
    assert_true(is_erased(store, "11") && is_erased(store, "12"));
    assert_false(is_erased(store, "13"));
}

static void an_application_takes_its_candidates_others_along(void **state)
{
    store_t *store = *state;
    apr_array_header_t *found;

    store_add_tenant(store, ACME, "connected");
    hold(store, ACME, 11, "c-1");
    hold(store, ACME, 12, "c-1");
    hold(store, ACME, 13, "");
    assert_int_equal(afp_erase_find(store->session, ACME, "11", "", store->pool, &found),
                     APR_SUCCESS);
    assert_int_equal(found->nelts, 2);
    assert_string_equal(APR_ARRAY_IDX(found, 0, const char *), "11");
    assert_string_equal(APR_ARRAY_IDX(found, 1, const char *), "12");
    assert_int_equal(held(store, "11"), COUNT_OF(holding));
    assert_int_equal(erase(store, "11", ""), 2);
    assert_int_equal(held(store, "12"), 0);
    /* Whose candidate is not known stands alone. */
    assert_int_equal(erase(store, "13", ""), 1);
}

static void only_what_was_held_is_counted(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    hold(store, ACME, 11, "c-1");
    assert_int_equal(erase(store, "1", ""), 0);
    assert_int_equal(held(store, "11"), COUNT_OF(holding));
    assert_int_equal(erase(store, "11", ""), 1);
    assert_int_equal(erase(store, "11", ""), 0);
    /* Something is enough. */
    store_sql(store,
              "INSERT INTO afp_comment (company_uuid, application_id, occurrence, purpose, state,"
              " lease, updated_at) VALUES ('%s', '12', 1, 'completed', 'added', '', 1)",
              ACME);
    assert_int_equal(erase(store, "12", ""), 1);
}

static void nobody_is_nobody(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t other = {"other.example.test", store->place.keyring};
    afp_erasure_t elsewhere = {ACME, "11", "", "ada", 0};
    int applications;

    store_add_tenant(store, ACME, "connected");
    hold(store, ACME, 11, "");
    assert_int_equal(try_to_erase(store, "", "c-1", &applications), APR_NOTFOUND);
    assert_int_equal(afp_erase(store->session, &other, &elsewhere), APR_NOTFOUND);
    assert_int_equal(held(store, "11"), COUNT_OF(holding));
    assert_int_equal(count_rows(store, "afp_erased"), 0);
    assert_int_equal(count_rows(store, "afp_audit"), 0);
    assert_string_equal(acme(store).erasure_key, "");
}

static void the_trail_tells_that_somebody_was_erased_but_not_who(void **state)
{
    store_t *store = *state;
    apr_array_header_t *entries;
    const afp_audit_entry_t *entry;

    store_add_tenant(store, ACME, "connected");
    hold(store, ACME, 11, "c-1");
    hold(store, ACME, 12, "c-1");
    erase(store, "", "c-1");
    assert_int_equal(afp_audit_list(store->session, ACME, "", 9, store->pool, &entries),
                     APR_SUCCESS);
    assert_int_equal(entries->nelts, 1);
    entry = &APR_ARRAY_IDX(entries, 0, afp_audit_entry_t);
    assert_string_equal(entry->who, "ada");
    assert_string_equal(entry->deed.action, AFP_AUDIT_ERASED);
    assert_string_equal(entry->deed.what, "candidate");
    assert_string_equal(entry->deed.former, "");
    assert_string_equal(entry->deed.present, "2");
}

/* ---- what stays away ---- */

static void an_application_of_which_nothing_is_held_gets_its_tombstone(void **state)
{
    store_t *store = *state;

    store_add_tenant(store, ACME, "connected");
    assert_false(is_erased(store, "11"));
    assert_int_equal(erase(store, "11", ""), 0);
    assert_true(is_erased(store, "11"));
    assert_int_equal(erase(store, "11", ""), 0);
    assert_int_equal(count_rows(store, "afp_erased"), 1);
}

static void a_tombstone_does_not_tell_the_id(void **state)
{
    store_t *store = *state;
    char plain[65];

    store_add_tenant(store, ACME, "connected");
    erase(store, "11", "");
    assert_int_equal(afp_signature_digest("11", 2, plain), 0);
    assert_string_not_equal(store_text(store, "SELECT tombstone FROM afp_erased"), plain);
    assert_int_equal(strncmp(store_text(store, "SELECT erasure_key FROM afp_tenant"), "v1.one.", 7),
                     0);
    assert_int_equal(strlen(acme(store).erasure_key), AFP_ID_LENGTH);
}

static void a_webhook_that_comes_again_is_a_repeat(void **state)
{
    store_t *store = *state;
    afp_delivery_t *first, *again;

    store_add_tenant(store, ACME, "connected");
    first = delivery_of(store, 1, "11");
    store_it(store, first);
    erase(store, "11", "");
    again = delivery_of(store, 1, "11");
    store_it(store, again);
    assert_string_equal(again->first_id, first->id);
    assert_int_equal(held(store, "11"), 0);
    assert_int_equal(count_rows(store, "afp_follow_up"), 0);
}

static void another_event_of_an_erased_application_names_it_no_more(void **state)
{
    store_t *store = *state;
    afp_delivery_t *erased, *ignored, *other;

    store_add_tenant(store, ACME, "connected");
    erase(store, "11", "");
    erased = delivery_of(store, 1, "11");
    ignored = delivery_of(store, 2, "11");
    other = delivery_of(store, 3, "12");
    apr_cpystrn(ignored->ignored, "Another event", sizeof(ignored->ignored));
    store_it(store, erased);
    store_it(store, ignored);
    store_it(store, other);
    assert_int_equal(held(store, "11"), 0);
    assert_string_equal(erased->first_id, erased->id);
    assert_string_equal(erased->ignored, AFP_DELIVERY_ERASED);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_delivery WHERE job_id = ''"
                                         " AND ignored = '" AFP_DELIVERY_ERASED "'"),
                     2);
    assert_int_equal(held(store, "12"), 2);
    assert_int_equal(count_rows(store, "afp_follow_up"), 1);
}

/* Stored by a child that did not know yet. */
static void a_follow_up_that_slipped_in_goes_with_its_end(void **state)
{
    const afp_end_t erased = {.kind = AFP_END_FINISH, .result = "skipped", .erased = 1};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    erase(store, "11", "");
    store_it(store, store_delivery(store, ACME, 11));
    assert_int_equal(held(store, "11"), 2);
    follow_up = store_take(store, ACME);
    assert_true(is_erased(store, follow_up.application_id));
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &erased), APR_SUCCESS);
    assert_int_equal(held(store, "11"), 0);
    assert_int_equal(count_rows(store, "afp_finished"), 0);
    assert_int_equal(count_rows(store, "afp_delivery"), 1);
}

/* ---- what runs meanwhile ---- */

static void whatever_runs_meanwhile_writes_nothing_back(void **state)
{
    store_t *store = *state;
    afp_assessment_t assessment = {.occurrence = 1};
    const afp_end_t end = {.kind = AFP_END_FINISH,
                           .result = "invited",
                           .reason = "",
                           .invitation_state = AFP_INVITATION_INVITED,
                           .candidate_id = "c-1",
                           .assessment = &assessment,
                           .next = {{AFP_FOLLOW_UP_WRITE_BACK, 0, 0}}};
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = ""};
    afp_written_t written[AFP_PROFILE_FIELDS];
    afp_invitation_begin_t begin = {.job_id = "7", .model_uuid = "", .model_name = ""};
    afp_comment_begin_t comment;
    afp_follow_up_t follow_up;

    memset(written, 0, sizeof(written));
    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    begin.follow_up = &follow_up;
    begin.lease_time = apr_time_from_sec(90);
    assert_int_equal(afp_invitation_begin(store->session, &begin), APR_SUCCESS);
    assert_int_equal(begin.result, AFP_BEGIN_GO);
    erase(store, "11", "");
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &end), APR_NOTFOUND);
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &again), APR_NOTFOUND);
    assert_int_equal(afp_invitation_begin(store->session, &begin), APR_SUCCESS);
    assert_int_equal(begin.result, AFP_BEGIN_LOST);
    assert_int_equal(afp_invitation_note_candidate(store->session, &follow_up, 1, "c-1"),
                     APR_NOTFOUND);
    assert_int_equal(afp_profile_note(store->session, &follow_up, 1, written), APR_NOTFOUND);
    assert_int_equal(afp_comment_begin(store->session, &follow_up, AFP_COMMENT_COMPLETED, &comment),
                     APR_SUCCESS);
    assert_int_equal(comment, AFP_COMMENT_LOST);
    assert_int_equal(held(store, "11"), 0);
    assert_int_equal(count_rows(store, "afp_follow_up"), 0);
}

typedef struct {
    afp_follow_up_t follow_up;
} running_t;

static apr_status_t erase_and_end(racer_t *racer)
{
    const afp_end_t end = {.kind = AFP_END_FINISH, .result = "invited", .reason = ""};
    const running_t *running = racer->baton;
    afp_erasure_t erasure = {ACME, "11", "", "ada", 0};
    apr_status_t rv = racer->number ? afp_follow_up_end(racer->session, &running->follow_up, &end)
                                    : afp_erase(racer->session, &racer->store->place, &erasure);

    return rv == APR_NOTFOUND ? APR_SUCCESS : rv;
}

static void an_end_at_the_same_moment_leaves_nothing_either(void **state)
{
    store_t *store = *state;
    running_t running;
    int i;

    store_add_tenant(store, ACME, "connected");
    for (i = 0; i < 10; i++) {
        store_add_follow_up(store, ACME, i + 1, "11", 1);
        running.follow_up = store_take(store, ACME);
        store_race(store, 2, erase_and_end, &running);
        assert_int_equal(held(store, "11"), 0);
    }
}

/* ---- its key ---- */

static void settings_that_are_saved_keep_the_tombstones(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant;
    apr_int64_t before;

    store_add_tenant(store, ACME, "connected");
    before = store_generation(store, ACME);
    erase(store, "11", "");
    /* Whoever goes by the former settings would look for no tombstone. */
    assert_true(store_generation(store, ACME) > before);
    tenant = acme(store);
    *tenant.erasure_key = '\0';
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_true(is_erased(store, "11"));
    before = store_generation(store, ACME);
    erase(store, "12", "");
    assert_int_equal(store_generation(store, ACME), before);
}

/* `tenant` was read with the keys of `lost`. */
static void assert_nothing_is_told_or_erased_without_the_key(store_t *store,
                                                             const afp_tenants_place_t *lost,
                                                             const afp_tenant_t *tenant)
{
    const char *sealed = store_text(store, "SELECT erasure_key FROM afp_tenant");
    afp_erasure_t erasure = {
        .company_uuid = ACME, .application_id = "12", .candidate_id = "", .who = "ada"};
    int erased;

    assert_int_equal(afp_erase_is_done(store->session, tenant, "11", &erased), APR_EACCES);
    assert_int_equal(afp_erase_is_done(store->session, tenant, "", &erased), APR_SUCCESS);
    assert_int_equal(afp_erase_prepare(store->session, lost, ACME), APR_EACCES);
    assert_int_equal(afp_erase(store->session, lost, &erasure), APR_EACCES);
    assert_string_equal(store_text(store, "SELECT erasure_key FROM afp_tenant"), sealed);
    assert_false(is_erased(store, "12"));
}

static void the_key_follows_the_other_secrets_to_a_new_one(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t both = {
        STORE_SITE, unit_keyring(store->pool, "two:" KEY_LETTERS "\none:" KEY_COUNTING)};
    const afp_tenants_place_t lost = {STORE_SITE, unit_keyring(store->pool, "two:" KEY_LETTERS)};
    afp_tenant_t tenant;

    store_add_tenant(store, ACME, "connected");
    erase(store, "11", "");
    assert_int_equal(afp_tenant_by_uuid(store->session, &lost, ACME, &tenant), APR_SUCCESS);
    assert_string_equal(tenant.erasure_key, "");
    assert_false(tenant.unreadable);
    afp_tenant_log_unreadable(&tenant, &store->logger);
    assert_non_null(strstr(store->log, "AFP0170: tenant " ACME));
    assert_null(strstr(store->log, "AFP0110"));
    assert_nothing_is_told_or_erased_without_the_key(store, &lost, &tenant);
    tenant = acme(store);
    assert_int_equal(afp_tenant_save(store->session, &both, &tenant, "ada"), APR_SUCCESS);
    store->place = lost;
    assert_int_equal(afp_tenant_by_uuid(store->session, &lost, ACME, &tenant), APR_SUCCESS);
    assert_int_equal(strlen(tenant.erasure_key), AFP_ID_LENGTH);
    assert_true(is_erased(store, "11"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(everything_of_an_application_goes_and_nothing_else),
        STORE_TEST(a_candidate_is_erased_in_all_applications),
        STORE_TEST(an_application_takes_its_candidates_others_along),
        STORE_TEST(only_what_was_held_is_counted),
        STORE_TEST(nobody_is_nobody),
        STORE_TEST(the_trail_tells_that_somebody_was_erased_but_not_who),
        STORE_TEST(an_application_of_which_nothing_is_held_gets_its_tombstone),
        STORE_TEST(a_tombstone_does_not_tell_the_id),
        STORE_TEST(a_webhook_that_comes_again_is_a_repeat),
        STORE_TEST(another_event_of_an_erased_application_names_it_no_more),
        STORE_TEST(a_follow_up_that_slipped_in_goes_with_its_end),
        STORE_TEST(whatever_runs_meanwhile_writes_nothing_back),
        STORE_TEST(an_end_at_the_same_moment_leaves_nothing_either),
        STORE_TEST(settings_that_are_saved_keep_the_tombstones),
        STORE_TEST(the_key_follows_the_other_secrets_to_a_new_one),
    };

    return STORE_RUN(tests);
}
