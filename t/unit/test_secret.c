#include "store_fixture.h"

#include "store/secret.h"
#include "unit_keys.h"

#include <apr_strings.h>
#include <string.h>

static void set(char *secret, const char *value)
{
    apr_cpystrn(secret, value, AFP_SECRET_LIMIT + 1);
}

static afp_tenant_t connected(store_t *store, const char *who)
{
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, ACME, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, "Acme", sizeof(tenant.company));
    apr_cpystrn(tenant.api_token_hash, "0123456789abcdef", sizeof(tenant.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, "", who),
                     APR_SUCCESS);
    tenant.state = AFP_TENANT_CONNECTED;
    set(tenant.api_key, "the-api-key");
    set(tenant.signing_secret, "one");
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, who), APR_SUCCESS);
    return tenant;
}

static void save(store_t *store, afp_tenant_t *tenant, const char *who)
{
    assert_int_equal(afp_tenant_save(store->session, &store->place, tenant, who), APR_SUCCESS);
}

static afp_secret_note_t note_of(store_t *store, const afp_tenant_t *tenant, afp_secret_t which)
{
    afp_secret_note_t notes[AFP_SECRETS];

    assert_int_equal(afp_secret_notes(store->session, tenant, notes), APR_SUCCESS);
    return notes[which];
}

static void received(store_t *store, const char *secret, apr_time_t at)
{
    afp_matched_t matched[AFP_SIGNATURE_SECRETS] = {{"", 0}, {"", at}};

    set(matched[1].secret, secret);
    assert_int_equal(afp_tenant_received(store->session, ACME, at, matched), APR_SUCCESS);
}

static apr_int64_t count_notes(store_t *store)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_secret");
}

static void a_secret_has_a_fingerprint_a_time_and_somebody_who_set_it(void **state)
{
    store_t *store = *state;
    apr_time_t before = store_now(store);
    afp_tenant_t tenant = connected(store, "ada");
    afp_secret_note_t note = note_of(store, &tenant, AFP_SECRET_SIGNING);

    /* printf one | sha256sum */
    assert_string_equal(note.fingerprint, "7692c3ad");
    assert_string_equal(note.set_by, "ada");
    assert_true(note.set_at > before - CLOCK_SLACK);
    assert_int_equal(note.used_at, 0);
    note = note_of(store, &tenant, AFP_SECRET_API_TOKEN);
    assert_string_equal(note.fingerprint, "01234567");
    assert_string_equal(note.set_by, "ada");
    note = note_of(store, &tenant, AFP_SECRET_FORMER);
    assert_string_equal(note.fingerprint, "");
    assert_int_equal(note.set_at, 0);
}

static void who_saves_what_is_there_has_not_set_it(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");

    set(tenant.api_key, "another-key");
    save(store, &tenant, "bob");
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_API_KEY).set_by, "bob");
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_SIGNING).set_by, "ada");
}

static void a_secret_that_moves_takes_its_note_along(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");
    afp_secret_note_t note;

    received(store, "one", 5000);
    set(tenant.former_secret, "one");
    set(tenant.signing_secret, "two");
    save(store, &tenant, "bob");
    note = note_of(store, &tenant, AFP_SECRET_FORMER);
    assert_string_equal(note.set_by, "ada");
    assert_int_equal(note.used_at, 5000);
    note = note_of(store, &tenant, AFP_SECRET_SIGNING);
    assert_string_equal(note.set_by, "bob");
    assert_int_equal(note.used_at, 0);
}

static void the_last_match_never_goes_back(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");

    received(store, "one", 5000);
    received(store, "one", 4000);
    assert_int_equal(note_of(store, &tenant, AFP_SECRET_SIGNING).used_at, 5000);
    received(store, "one", 6000);
    assert_int_equal(note_of(store, &tenant, AFP_SECRET_SIGNING).used_at, 6000);
}

static void a_secret_of_before_is_noted_when_it_matches(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");
    afp_secret_note_t note;

    store_sql(store, "DELETE FROM afp_secret");
    received(store, "one", 5000);
    received(store, "one", 6000);
    note = note_of(store, &tenant, AFP_SECRET_SIGNING);
    assert_int_equal(note.set_at, 0);
    assert_string_equal(note.set_by, "");
    assert_int_equal(note.used_at, 6000);
}

static void what_is_gone_is_forgotten(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");

    assert_int_equal(count_notes(store), 3);
    set(tenant.signing_secret, "two");
    save(store, &tenant, "ada");
    assert_int_equal(count_notes(store), 3);
    assert_int_equal(afp_tenant_revoke_token(store->session, &store->place, &tenant, "ada"),
                     APR_SUCCESS);
    assert_int_equal(count_notes(store), 2);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_int_equal(count_notes(store), 0);
}

static void an_api_key_that_is_kept_for_the_deletion_goes_with_it(void **state)
{
    const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");
    afp_follow_up_t follow_up;

    store_sql(store, "DELETE FROM afp_follow_up");
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_API_KEY).set_by, "ada");
    follow_up = store_take(store, ACME);
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &done), APR_SUCCESS);
    assert_int_equal(count_notes(store), 0);
}

static void one_secret_in_two_places_has_one_note(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store, "ada");

    set(tenant.assessfirst_token, tenant.api_key);
    save(store, &tenant, "bob");
    assert_int_equal(count_notes(store), 3);
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_ASSESSFIRST_TOKEN).set_by, "ada");
}

static void notes_of_secrets_that_cannot_be_read_stay(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t other = {STORE_SITE, unit_keyring(store->pool, "two:" KEY_LETTERS)};
    afp_tenant_t tenant = connected(store, "ada");

    apr_cpystrn(tenant.api_token_hash, "fedcba98", sizeof(tenant.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &other, &tenant, "0123456789abcdef", "bob"),
                     APR_SUCCESS);
    assert_true(tenant.unreadable);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &tenant), APR_SUCCESS);
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_API_KEY).set_by, "ada");
    assert_string_equal(note_of(store, &tenant, AFP_SECRET_API_TOKEN).set_by, "bob");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_secret_has_a_fingerprint_a_time_and_somebody_who_set_it),
        STORE_TEST(who_saves_what_is_there_has_not_set_it),
        STORE_TEST(a_secret_that_moves_takes_its_note_along),
        STORE_TEST(the_last_match_never_goes_back),
        STORE_TEST(a_secret_of_before_is_noted_when_it_matches),
        STORE_TEST(what_is_gone_is_forgotten),
        STORE_TEST(an_api_key_that_is_kept_for_the_deletion_goes_with_it),
        STORE_TEST(one_secret_in_two_places_has_one_note),
        STORE_TEST(notes_of_secrets_that_cannot_be_read_stay),
    };

    return STORE_RUN(tests);
}
