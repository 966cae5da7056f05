#include "store_fixture.h"

#include "unit_keys.h"

#include "core/profile.h"

#include <apr_strings.h>
#include <string.h>

static afp_tenant_t tenant_of(const char *company_uuid, const char *company)
{
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, company_uuid, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, company, sizeof(tenant.company));
    apr_cpystrn(tenant.locale, "fr-FR", sizeof(tenant.locale));
    apr_cpystrn(tenant.api_token_hash, "hash", sizeof(tenant.api_token_hash));
    return tenant;
}

static afp_tenant_t create(store_t *store, const char *company_uuid, const char *company)
{
    afp_tenant_t tenant = tenant_of(company_uuid, company);

    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, "", "ada"),
                     APR_SUCCESS);
    return tenant;
}

static afp_tenant_t connect_tenant(store_t *store, const char *company_uuid, const char *company)
{
    afp_tenant_t tenant = create(store, company_uuid, company);

    tenant.state = AFP_TENANT_CONNECTED;
    apr_cpystrn(tenant.subdomain, "acme", sizeof(tenant.subdomain));
    apr_cpystrn(tenant.api_key, "the-api-key", sizeof(tenant.api_key));
    apr_cpystrn(tenant.signing_secret, "the-signing-secret", sizeof(tenant.signing_secret));
    apr_cpystrn(tenant.former_secret, "the-former-secret", sizeof(tenant.former_secret));
    apr_cpystrn(tenant.assessfirst_token, "the-token", sizeof(tenant.assessfirst_token));
    tenant.former_until = 99;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    return tenant;
}

static afp_tenant_t by_uuid(store_t *store, const char *company_uuid)
{
    afp_tenant_t tenant;

    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, company_uuid, &tenant),
                     APR_SUCCESS);
    return tenant;
}

typedef struct {
    int seen;
    char uuids[4][AFP_ID_LENGTH + 1];
} seen_t;

static void note_seen(void *baton, const afp_tenant_t *tenant)
{
    seen_t *seen = baton;

    apr_cpystrn(seen->uuids[seen->seen++ % 4], tenant->company_uuid, AFP_ID_LENGTH + 1);
}

static void a_new_tenant_has_a_token_and_no_settings(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = create(store, ACME, "Acme");

    assert_string_equal(tenant.company_uuid, ACME);
    assert_string_equal(tenant.site, STORE_SITE);
    assert_string_equal(tenant.company, "Acme");
    assert_int_equal(tenant.state, AFP_TENANT_CREATED);
    assert_int_equal(tenant.choices, AFP_WRITE_ALL);
    assert_string_equal(tenant.api_token_hash, "hash");
    assert_string_equal(tenant.locale, "fr-FR");
    assert_string_equal(tenant.api_key, "");
    assert_true(tenant.created_at > 0);
    assert_int_equal(tenant.generation, 2);
}

static void a_company_has_one_tenant_and_keeps_its_uuid(void **state)
{
    store_t *store = *state;
    afp_tenant_t again = tenant_of(BETA, "Acme");

    connect_tenant(store, ACME, "Acme");
    apr_cpystrn(again.api_token_hash, "another", sizeof(again.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &again, "hash", "ada"),
                     APR_SUCCESS);
    assert_string_equal(again.company_uuid, ACME);
    assert_string_equal(again.api_token_hash, "another");
    assert_int_equal(again.state, AFP_TENANT_CONNECTED);
    assert_string_equal(again.signing_secret, "the-signing-secret");
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_tenant"), 1);
}

static void a_token_that_somebody_else_made_meanwhile_is_not_replaced(void **state)
{
    store_t *store = *state;
    afp_tenant_t seen = connect_tenant(store, ACME, "Acme");
    afp_tenant_t mine = tenant_of(BETA, "Acme");
    afp_tenant_t theirs = tenant_of(BETA, "Acme");
    apr_int64_t generation;

    apr_cpystrn(theirs.api_token_hash, "theirs", sizeof(theirs.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &theirs, "hash", "bob"),
                     APR_SUCCESS);
    generation = by_uuid(store, ACME).generation;
    apr_cpystrn(mine.api_token_hash, "mine", sizeof(mine.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &mine, "hash", "ada"),
                     APR_NOTFOUND);
    assert_int_equal(afp_tenant_create(store->session, &store->place, &mine, "", "ada"),
                     APR_NOTFOUND);
    assert_int_equal(afp_tenant_revoke_token(store->session, &store->place, &seen, "ada"),
                     APR_NOTFOUND);
    assert_string_equal(by_uuid(store, ACME).api_token_hash, "theirs");
    assert_int_equal(by_uuid(store, ACME).generation, generation);
    assert_int_equal(afp_tenant_revoke_token(store->session, &store->place, &theirs, "bob"),
                     APR_SUCCESS);
    assert_int_equal(afp_tenant_create(store->session, &store->place, &mine, "theirs", "ada"),
                     APR_NOTFOUND);
    assert_int_equal(afp_tenant_create(store->session, &store->place, &mine, "", "ada"),
                     APR_SUCCESS);
}

static void a_disconnected_tenant_that_comes_back_begins_anew(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");

    tenant.state = AFP_TENANT_DISCONNECTED;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(by_uuid(store, ACME).state, AFP_TENANT_DISCONNECTED);
    assert_int_equal(create(store, BETA, "Acme").state, AFP_TENANT_CREATED);
}

static void who_comes_back_keeps_his_choices(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");

    tenant.choices = 0;
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_int_equal(create(store, BETA, "Acme").choices, 0);
    assert_int_equal(by_uuid(store, ACME).choices, 0);
}

static apr_int64_t deletions(store_t *store)
{
    return store_number(store, "SELECT COUNT(*) FROM afp_follow_up WHERE kind = 'delete-fields'");
}

static void disconnecting_erases_the_secrets(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");
    apr_int64_t generation = tenant.generation;

    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_string_equal(tenant.api_key, "");
    tenant = by_uuid(store, ACME);
    assert_int_equal(tenant.state, AFP_TENANT_DISCONNECTED);
    assert_true(tenant.generation > generation);
    assert_string_equal(tenant.api_key, "");
    assert_string_equal(tenant.signing_secret, "");
    assert_string_equal(tenant.former_secret, "");
    assert_int_equal(tenant.former_until, 0);
    assert_string_equal(tenant.assessfirst_token, "");
    assert_string_equal(tenant.subdomain, "acme");
    assert_int_equal(deletions(store), 0);
}

static void the_deletion_of_fields_keeps_the_api_key_until_it_ends(void **state)
{
    const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");
    afp_follow_up_t deletion;
    apr_int64_t generation;
    seen_t seen = {0, {""}};

    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    tenant = by_uuid(store, ACME);
    assert_int_equal(tenant.state, AFP_TENANT_DISCONNECTED);
    assert_string_equal(tenant.api_key, "the-api-key");
    assert_string_equal(tenant.signing_secret, "");
    assert_string_equal(tenant.assessfirst_token, "");
    assert_null(strstr(store_text(store, "SELECT api_key FROM afp_tenant"), "the-api-key"));
    generation = tenant.generation;

    deletion = store_take(store, ACME);
    assert_string_equal(deletion.kind, AFP_FOLLOW_UP_DELETE_FIELDS);
    assert_int_equal(afp_follow_up_end(store->session, &deletion, &done), APR_SUCCESS);
    assert_string_equal(store_text(store, "SELECT api_key FROM afp_tenant"), "");
    assert_int_equal(by_uuid(store, ACME).state, AFP_TENANT_DISCONNECTED);
    /* Snapshots take it in. */
    assert_int_equal(
        afp_tenant_changes(store->session, &store->place, generation, note_seen, &seen),
        APR_SUCCESS);
    assert_int_equal(seen.seen, 1);
}

static void without_a_key_there_is_no_deletion(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");

    tenant.api_key[0] = '\0';
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    assert_int_equal(deletions(store), 0);
}

static void who_connects_again_calls_the_deletion_off(void **state)
{
    const afp_end_t done = {.kind = AFP_END_FINISH, .result = "done", .reason = ""};
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");
    afp_follow_up_t deletion;

    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    deletion = store_take(store, ACME);
    tenant = create(store, BETA, "Acme");
    assert_int_equal(deletions(store), 1);
    tenant.state = AFP_TENANT_CONNECTED;
    apr_cpystrn(tenant.api_key, "a-new-key", sizeof(tenant.api_key));
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(deletions(store), 0);
    assert_int_equal(afp_follow_up_end(store->session, &deletion, &done), APR_NOTFOUND);
    assert_string_equal(by_uuid(store, ACME).api_key, "a-new-key");
}

static apr_status_t save_one(racer_t *racer)
{
    afp_tenant_t tenant;
    apr_status_t rv = afp_tenant_by_uuid(racer->session, &racer->store->place, ACME, &tenant);

    if (rv == APR_SUCCESS) {
        rv = afp_tenant_save(racer->session, &racer->store->place, &tenant, "ada");
    }
    /* Another one was faster. */
    return rv == APR_NOTFOUND ? APR_SUCCESS : rv;
}

static apr_status_t try_deletion(racer_t *racer)
{
    const afp_end_t again = {.kind = AFP_END_AGAIN, .reason = ""};
    afp_claim_t claim = {.company_uuid = ACME,
                         .token_digest = "",
                         .token_owner = ACME,
                         .lease_time = apr_time_from_sec(90)};
    afp_tenant_t tenant;
    apr_status_t rv = afp_tenant_by_uuid(racer->session, &racer->store->place, ACME, &tenant);

    claim.generation = tenant.generation;
    if (rv == APR_SUCCESS) {
        rv = afp_follow_up_claim(racer->session, &claim);
    }
    return rv == APR_SUCCESS && claim.result == AFP_CLAIM_TAKEN
               ? afp_follow_up_end(racer->session, &claim.follow_up, &again)
               : rv;
}

static apr_status_t save_or_delete(racer_t *racer)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < 15 && rv == APR_SUCCESS; i++) {
        rv = racer->number % 2 ? save_one(racer) : try_deletion(racer);
    }
    return rv;
}

static void saves_and_ends_of_deletions_do_not_get_into_each_others_way(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");

    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    store_race(store, 8, save_or_delete, NULL);
    assert_int_equal(deletions(store), 1);
    assert_null(strstr(store->log, "AFP0101"));
}

static void a_disconnection_of_what_was_changed_meanwhile_is_refused(void **state)
{
    store_t *store = *state;
    afp_tenant_t early = connect_tenant(store, ACME, "Acme");
    afp_tenant_t late = early;

    assert_int_equal(afp_tenant_save(store->session, &store->place, &early, "ada"), APR_SUCCESS);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &late, 1, "ada"),
                     APR_NOTFOUND);
    assert_int_equal(by_uuid(store, ACME).state, AFP_TENANT_CONNECTED);
    assert_int_equal(deletions(store), 0);
}

static void what_is_saved_is_read_again(void **state)
{
    store_t *store = *state;
    afp_tenant_t saved = connect_tenant(store, ACME, "Acme");
    afp_tenant_t tenant;

    apr_cpystrn(saved.status, " \xc3\x89valuation \xf0\x9f\x8e\x93 ", sizeof(saved.status));
    apr_cpystrn(saved.locale, "pt-BR", sizeof(saved.locale));
    saved.choices = AFP_WRITE_COMMENT | 1u << AFP_FIELD_SCORE;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &saved, "ada"), APR_SUCCESS);
    tenant = by_uuid(store, ACME);
    assert_int_equal(tenant.state, AFP_TENANT_CONNECTED);
    assert_string_equal(tenant.subdomain, "acme");
    assert_string_equal(tenant.api_key, "the-api-key");
    assert_string_equal(tenant.signing_secret, "the-signing-secret");
    assert_string_equal(tenant.former_secret, "the-former-secret");
    assert_int_equal(tenant.former_until, 99);
    assert_string_equal(tenant.assessfirst_token, "the-token");
    assert_string_equal(tenant.status, " \xc3\x89valuation \xf0\x9f\x8e\x93 ");
    assert_string_equal(tenant.locale, "pt-BR");
    assert_int_equal(tenant.choices, AFP_WRITE_COMMENT | 1u << AFP_FIELD_SCORE);
    assert_false(tenant.unreadable);
}

static void the_longest_values_fit(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = tenant_of(ACME, "");
    afp_tenant_t read;

    memset(tenant.company, 'c', sizeof(tenant.company) - 1);
    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, "", "ada"),
                     APR_SUCCESS);
    tenant.state = AFP_TENANT_CONNECTED;
    memset(tenant.subdomain, 's', sizeof(tenant.subdomain) - 1);
    memset(tenant.api_key, 'k', sizeof(tenant.api_key) - 1);
    memset(tenant.signing_secret, 'k', sizeof(tenant.signing_secret) - 1);
    memset(tenant.former_secret, 'k', sizeof(tenant.former_secret) - 1);
    memset(tenant.assessfirst_token, 'k', sizeof(tenant.assessfirst_token) - 1);
    memset(tenant.status, 's', sizeof(tenant.status) - 1);
    memset(tenant.locale, 'l', 16);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(afp_tenant_by_company(store->session, &store->place, tenant.company, &read),
                     APR_SUCCESS);
    assert_int_equal(strlen(read.company), 255);
    assert_string_equal(read.subdomain, tenant.subdomain);
    assert_string_equal(read.api_key, tenant.api_key);
    assert_string_equal(read.assessfirst_token, tenant.assessfirst_token);
    assert_string_equal(read.status, tenant.status);
    assert_string_equal(read.locale, tenant.locale);
}

static void companies_are_told_apart_byte_by_byte(void **state)
{
    store_t *store = *state;
    static const char *const companies[] = {
        "acme",
        "Acme",
        "ACME",
        "acme ",
        " acme",
        "acm\xc3\xa9",
        "acme\xcc\x81",
        "\xf0\x9f\x8e\x93",
        "\xf0\x9f\x8e\x92",
        "a'c\"m\\e%s",
        "ss",
        "\xc3\x9f",
        "",
    };
    afp_tenant_t tenant;
    size_t i;

    for (i = 0; i < COUNT_OF(companies); i++) {
        create(store, apr_psprintf(store->pool, "%032x", (unsigned)i + 1), companies[i]);
    }
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_tenant"), COUNT_OF(companies));
    for (i = 0; i < COUNT_OF(companies); i++) {
        assert_int_equal(
            afp_tenant_by_company(store->session, &store->place, companies[i], &tenant),
            APR_SUCCESS);
        assert_string_equal(tenant.company, companies[i]);
        assert_string_equal(tenant.company_uuid,
                            apr_psprintf(store->pool, "%032x", (unsigned)i + 1));
    }
    assert_int_equal(afp_tenant_by_company(store->session, &store->place, "acmE", &tenant),
                     APR_NOTFOUND);
}

static void a_tenant_belongs_to_its_site(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t other = {"other.example.test", store->place.keyring};
    afp_tenant_t tenant;
    afp_tenant_t twin = tenant_of(BETA, "Acme");

    create(store, ACME, "Acme");
    assert_int_equal(afp_tenant_by_uuid(store->session, &other, ACME, &tenant), APR_NOTFOUND);
    assert_int_equal(afp_tenant_by_company(store->session, &other, "Acme", &tenant), APR_NOTFOUND);
    assert_int_equal(afp_tenant_create(store->session, &other, &twin, "", "ada"), APR_SUCCESS);
    assert_string_equal(twin.company_uuid, BETA);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &twin, "ada"), APR_NOTFOUND);
}

static void saving_a_tenant_that_is_not_there_changes_nothing(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = tenant_of(ACME, "Acme");
    apr_int64_t generation;

    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_NOTFOUND);
    assert_int_equal(afp_tenant_generation(store->session, &generation), APR_SUCCESS);
    assert_int_equal(generation, 1);
}

/* ---- secrets ---- */

static void secrets_are_sealed_in_the_table(void **state)
{
    store_t *store = *state;
    static const char *const columns[] = {"api_key", "signing_secret", "former_secret",
                                          "assessfirst_token"};

    connect_tenant(store, ACME, "Acme");
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        const char *raw = store_text(store, "SELECT %s FROM afp_tenant", columns[i]);

        assert_int_equal(strncmp(raw, "v1.one.", 7), 0);
        assert_null(strstr(raw, "the-"));
    }
}

static void a_secret_that_was_moved_does_not_open(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant;

    connect_tenant(store, ACME, "Acme");
    connect_tenant(store, BETA, "Beta");
    store_sql(store, "UPDATE afp_tenant SET api_key = signing_secret WHERE company_uuid = '%s'",
              ACME);
    store_sql(
        store, "UPDATE afp_tenant SET signing_secret = '%s' WHERE company_uuid = '%s'",
        store_text(store, "SELECT signing_secret FROM afp_tenant WHERE company_uuid = '%s'", ACME),
        BETA);
    *store->log = '\0';
    tenant = by_uuid(store, ACME);
    assert_true(tenant.unreadable);
    assert_string_equal(tenant.api_key, "");
    assert_string_equal(tenant.signing_secret, "the-signing-secret");
    tenant = by_uuid(store, BETA);
    assert_true(tenant.unreadable);
    assert_string_equal(tenant.signing_secret, "");
    assert_string_equal(store->log, "");
    afp_tenant_log_unreadable(&tenant, &store->logger);
    assert_non_null(strstr(store->log, "AFP0110: tenant " BETA));
    assert_null(strstr(store->log, "AFP0170"));
}

static void a_secret_whose_key_is_not_listed_is_said_to_be_unreadable(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t other = {STORE_SITE, unit_keyring(store->pool, "two:" KEY_LETTERS)};
    const afp_tenants_place_t both = {
        STORE_SITE, unit_keyring(store->pool, "two:" KEY_LETTERS "\none:" KEY_COUNTING)};
    afp_tenant_t tenant;

    connect_tenant(store, ACME, "Acme");
    assert_int_equal(afp_tenant_by_uuid(store->session, &other, ACME, &tenant), APR_SUCCESS);
    assert_true(tenant.unreadable);
    assert_string_equal(tenant.api_key, "");
    assert_int_equal(afp_tenant_by_uuid(store->session, &both, ACME, &tenant), APR_SUCCESS);
    assert_false(tenant.unreadable);
    assert_int_equal(afp_tenant_save(store->session, &both, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(strncmp(store_text(store, "SELECT api_key FROM afp_tenant"), "v1.two.", 7), 0);
}

/* ---- the generation ---- */

static void a_change_raises_the_generation_and_is_handed_over(void **state)
{
    store_t *store = *state;
    const afp_tenants_place_t other = {"other.example.test", store->place.keyring};
    apr_int64_t before, after;
    afp_tenant_t tenant;
    seen_t seen = {0, {""}};

    connect_tenant(store, ACME, "Acme");
    tenant = connect_tenant(store, BETA, "Beta");
    assert_int_equal(afp_tenant_generation(store->session, &before), APR_SUCCESS);
    assert_int_equal(before, 5);
    assert_int_equal(afp_tenant_changes(store->session, &store->place, before, note_seen, &seen),
                     APR_SUCCESS);
    assert_int_equal(seen.seen, 0);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &tenant, "ada"), APR_SUCCESS);
    assert_int_equal(afp_tenant_generation(store->session, &after), APR_SUCCESS);
    assert_int_equal(after, before + 1);
    assert_int_equal(afp_tenant_changes(store->session, &store->place, before, note_seen, &seen),
                     APR_SUCCESS);
    assert_int_equal(seen.seen, 1);
    assert_string_equal(seen.uuids[0], BETA);
    seen.seen = 0;
    assert_int_equal(afp_tenant_changes(store->session, &store->place, 0, note_seen, &seen),
                     APR_SUCCESS);
    assert_int_equal(seen.seen, 2);
    assert_int_equal(afp_tenant_changes(store->session, &other, 0, note_seen, &seen), APR_SUCCESS);
    assert_int_equal(seen.seen, 2);
}

static apr_status_t save_often(racer_t *racer)
{
    const char *const *uuids = racer->baton;
    afp_tenant_t tenant;
    apr_status_t rv = APR_SUCCESS;
    int saved = 0;

    while (saved < 10 && rv == APR_SUCCESS) {
        rv = afp_tenant_by_uuid(racer->session, &racer->store->place, uuids[racer->number % 2],
                                &tenant);
        if (rv == APR_SUCCESS) {
            rv = afp_tenant_save(racer->session, &racer->store->place, &tenant, "ada");
            saved += rv == APR_SUCCESS;
            /* Another one was faster: what was read is old. */
            rv = rv == APR_NOTFOUND ? APR_SUCCESS : rv;
        }
    }
    return rv;
}

static void a_change_of_what_was_changed_meanwhile_is_refused(void **state)
{
    store_t *store = *state;
    afp_tenant_t early, late;

    store_add_tenant(store, ACME, "connected");
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &early), APR_SUCCESS);
    late = early;
    early.state = AFP_TENANT_DISCONNECTED;
    assert_int_equal(afp_tenant_save(store->session, &store->place, &early, "ada"), APR_SUCCESS);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &late, "ada"), APR_NOTFOUND);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, &late), APR_SUCCESS);
    assert_int_equal(late.state, AFP_TENANT_DISCONNECTED);
    assert_int_equal(afp_tenant_save(store->session, &store->place, &late, "ada"), APR_SUCCESS);
}

static void no_two_changes_share_a_generation(void **state)
{
    store_t *store = *state;
    const char *uuids[] = {ACME, BETA};
    apr_int64_t generation;

    connect_tenant(store, ACME, "Acme");
    connect_tenant(store, BETA, "Beta");
    store_race(store, 4, save_often, uuids);
    assert_int_equal(afp_tenant_generation(store->session, &generation), APR_SUCCESS);
    assert_int_equal(generation, 5 + 40);
    assert_int_equal(store_number(store, "SELECT MAX(generation) FROM afp_tenant"), 45);
    assert_null(strstr(store->log, "AFP0101"));
}

static apr_status_t create_own(racer_t *racer)
{
    afp_tenant_t tenant =
        tenant_of(apr_psprintf(racer->pool, "%032x", (unsigned)racer->number + 1), "Acme");
    char *uuids = racer->baton;
    apr_status_t rv = afp_tenant_create(racer->session, &racer->store->place, &tenant, "", "ada");

    apr_cpystrn(uuids + racer->number * 33, tenant.company_uuid, 33);
    return rv;
}

static void a_company_that_connects_twice_at_once_gets_one_tenant(void **state)
{
    store_t *store = *state;
    char uuids[8 * 33] = "";
    int i;

    store_race(store, 8, create_own, uuids);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_tenant"), 1);
    for (i = 1; i < 8; i++) {
        assert_string_equal(uuids + i * 33, uuids);
    }
}

/* ---- last received, notices ---- */

static apr_status_t receive(racer_t *racer)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < 10 && rv == APR_SUCCESS; i++) {
        rv = afp_tenant_received(racer->session, ACME, 100 + racer->number + 10 * i, NULL);
    }
    return rv;
}

static void the_last_request_is_remembered_and_never_goes_back(void **state)
{
    store_t *store = *state;
    apr_time_t at = 1;

    (void)connect_tenant(store, ACME, "Acme");
    assert_int_equal(afp_tenant_last_received(store->session, ACME, &at), APR_SUCCESS);
    assert_int_equal(at, 0);
    store_race(store, 8, receive, NULL);
    assert_int_equal(afp_tenant_last_received(store->session, ACME, &at), APR_SUCCESS);
    assert_int_equal(at, 100 + 7 + 90);
    assert_int_equal(afp_tenant_received(store->session, ACME, 5, NULL), APR_SUCCESS);
    assert_int_equal(afp_tenant_last_received(store->session, ACME, &at), APR_SUCCESS);
    assert_int_equal(at, 197);
}

static void a_disconnected_tenant_has_received_nothing(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connect_tenant(store, ACME, "Acme");
    afp_matched_t matched[AFP_SIGNATURE_SECRETS] = {{.secret = "the-signing-secret", .at = 9}};

    assert_int_equal(afp_tenant_received(store->session, ACME, 9, matched), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT last_received_at FROM afp_received"), 9);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
    /* Another child tells what came before that. */
    matched[0].at = 10;
    assert_int_equal(afp_tenant_received(store->session, ACME, 10, matched), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
    (void)create(store, ACME, "Acme");
    assert_int_equal(afp_tenant_received(store->session, ACME, 10, matched), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_received"), 0);
    (void)connect_tenant(store, ACME, "Acme");
    assert_int_equal(afp_tenant_received(store->session, ACME, 11, NULL), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT last_received_at FROM afp_received"), 11);
}

static apr_status_t notice_event(store_t *store, const char *company_uuid, const char *words,
                                 apr_time_t at)
{
    return afp_tenant_notice(store->session, company_uuid, AFP_NOTICE_UNKNOWN_EVENT, words, at);
}

static void a_notice_is_kept_once_with_its_first_and_last_time(void **state)
{
    store_t *store = *state;
    apr_array_header_t *notices;
    afp_notice_t *notice;

    create(store, ACME, "Acme");
    assert_int_equal(notice_event(store, ACME, "one", 5), APR_SUCCESS);
    assert_int_equal(notice_event(store, ACME, "two", 7), APR_SUCCESS);
    assert_int_equal(notice_event(store, BETA, "three", 8), APR_NOTFOUND);
    assert_int_equal(afp_tenant_notices(store->session, ACME, store->pool, &notices), APR_SUCCESS);
    assert_int_equal(notices->nelts, 1);
    notice = &APR_ARRAY_IDX(notices, 0, afp_notice_t);
    assert_string_equal(notice->code, AFP_NOTICE_UNKNOWN_EVENT);
    assert_string_equal(notice->words, "two");
    assert_int_equal(notice->first_at, 5);
    assert_int_equal(notice->last_at, 7);
    /* What another child saw before. */
    assert_int_equal(notice_event(store, ACME, "one", 6), APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT last_at FROM afp_notice"), 7);
    assert_string_equal(store_text(store, "SELECT words FROM afp_notice"), "two");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_new_tenant_has_a_token_and_no_settings),
        STORE_TEST(a_company_has_one_tenant_and_keeps_its_uuid),
        STORE_TEST(a_token_that_somebody_else_made_meanwhile_is_not_replaced),
        STORE_TEST(a_disconnected_tenant_that_comes_back_begins_anew),
        STORE_TEST(who_comes_back_keeps_his_choices),
        STORE_TEST(disconnecting_erases_the_secrets),
        STORE_TEST(the_deletion_of_fields_keeps_the_api_key_until_it_ends),
        STORE_TEST(without_a_key_there_is_no_deletion),
        STORE_TEST(who_connects_again_calls_the_deletion_off),
        STORE_TEST(saves_and_ends_of_deletions_do_not_get_into_each_others_way),
        STORE_TEST(a_disconnection_of_what_was_changed_meanwhile_is_refused),
        STORE_TEST(what_is_saved_is_read_again),
        STORE_TEST(the_longest_values_fit),
        STORE_TEST(companies_are_told_apart_byte_by_byte),
        STORE_TEST(a_tenant_belongs_to_its_site),
        STORE_TEST(saving_a_tenant_that_is_not_there_changes_nothing),
        STORE_TEST(secrets_are_sealed_in_the_table),
        STORE_TEST(a_secret_that_was_moved_does_not_open),
        STORE_TEST(a_secret_whose_key_is_not_listed_is_said_to_be_unreadable),
        STORE_TEST(a_change_raises_the_generation_and_is_handed_over),
        STORE_TEST(a_change_of_what_was_changed_meanwhile_is_refused),
        STORE_TEST(no_two_changes_share_a_generation),
        STORE_TEST(a_company_that_connects_twice_at_once_gets_one_tenant),
        STORE_TEST(the_last_request_is_remembered_and_never_goes_back),
        STORE_TEST(a_disconnected_tenant_has_received_nothing),
        STORE_TEST(a_notice_is_kept_once_with_its_first_and_last_time),
    };

    return STORE_RUN(tests);
}
