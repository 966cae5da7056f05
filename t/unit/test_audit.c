#include "store_fixture.h"

#include "core/profile.h"
#include "store/audit.h"

#include <apr_strings.h>
#include <string.h>

static const afp_deed_t tested = {AFP_AUDIT_TESTED, "", "", ""};

static apr_array_header_t *list(store_t *store, const char *company_uuid, const char *before,
                                int limit)
{
    apr_array_header_t *entries;

    assert_int_equal(
        afp_audit_list(store->session, company_uuid, before, limit, store->pool, &entries),
        APR_SUCCESS);
    return entries;
}

static const afp_audit_entry_t *entry(const apr_array_header_t *entries, int i)
{
    assert_in_range(i, 0, entries->nelts - 1);
    return &APR_ARRAY_IDX(entries, i, afp_audit_entry_t);
}

/* What the trail says, sorted, since entries of one moment are in no order: "action what
 * [former>present]". */
static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *told(store_t *store)
{
    apr_array_header_t *entries = list(store, ACME, "", 100);
    const char **lines = apr_palloc(store->pool, sizeof(*lines) * 100);
    const char *text = "";
    int i;

    for (i = 0; i < entries->nelts; i++) {
        const afp_deed_t *deed = &entry(entries, i)->deed;

        assert_string_equal(entry(entries, i)->who, "ada");
        lines[i] = apr_pstrcat(store->pool, deed->action, *deed->what ? " " : "", deed->what, NULL);
        if (*deed->former || *deed->present) {
            lines[i] =
                apr_pstrcat(store->pool, lines[i], " ", deed->former, ">", deed->present, NULL);
        }
    }
    qsort(lines, (size_t)entries->nelts, sizeof(*lines), by_text);
    for (i = 0; i < entries->nelts; i++) {
        text = apr_pstrcat(store->pool, text, i ? ", " : "", lines[i], NULL);
    }
    store_sql(store, "DELETE FROM afp_audit");
    return text;
}

static afp_tenant_t create(store_t *store, const char *former, const char *hash)
{
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, ACME, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.company, "Acme", sizeof(tenant.company));
    apr_cpystrn(tenant.locale, "en-US", sizeof(tenant.locale));
    apr_cpystrn(tenant.api_token_hash, hash, sizeof(tenant.api_token_hash));
    assert_int_equal(afp_tenant_create(store->session, &store->place, &tenant, former, "ada"),
                     APR_SUCCESS);
    return tenant;
}

static void save(store_t *store, afp_tenant_t *tenant)
{
    assert_int_equal(afp_tenant_save(store->session, &store->place, tenant, "ada"), APR_SUCCESS);
}

static afp_tenant_t connected(store_t *store)
{
    afp_tenant_t tenant = create(store, "", "hash");

    tenant.state = AFP_TENANT_CONNECTED;
    apr_cpystrn(tenant.subdomain, "acme", sizeof(tenant.subdomain));
    apr_cpystrn(tenant.api_key, "the-api-key", sizeof(tenant.api_key));
    apr_cpystrn(tenant.signing_secret, "the-signing-secret", sizeof(tenant.signing_secret));
    save(store, &tenant);
    return tenant;
}

static void connecting_tells_what_was_entered_and_no_secret(void **state)
{
    store_t *store = *state;

    connected(store);
    assert_string_equal(told(store), "changed subdomain >acme, connected, set api_key, "
                                     "set signing_secret, token");
}

static void a_change_tells_each_setting_with_before_and_after(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store);

    told(store);
    apr_cpystrn(tenant.status, "Phone Screen", sizeof(tenant.status));
    apr_cpystrn(tenant.locale, "fr-FR", sizeof(tenant.locale));
    apr_cpystrn(tenant.api_key, "another-key", sizeof(tenant.api_key));
    tenant.choices = 1u << AFP_FIELD_SCORE | AFP_WRITE_COMMENT;
    save(store, &tenant);
    assert_string_equal(told(store),
                        "changed choices status score swipe drive brain voice results comment>"
                        "score comment, changed locale en-US>fr-FR, changed status >Phone Screen, "
                        "replaced api_key");
}

static void a_save_that_changes_nothing_tells_nothing(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store);

    told(store);
    save(store, &tenant);
    assert_string_equal(told(store), "");
}

static void rotating_the_signing_secret_tells_both(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store);

    told(store);
    apr_cpystrn(tenant.former_secret, tenant.signing_secret, sizeof(tenant.former_secret));
    apr_cpystrn(tenant.signing_secret, "the-new-one", sizeof(tenant.signing_secret));
    save(store, &tenant);
    assert_string_equal(told(store), "replaced signing_secret, set former_secret");
    *tenant.former_secret = '\0';
    save(store, &tenant);
    assert_string_equal(told(store), "removed former_secret");
}

static void a_state_is_told_in_a_word(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = connected(store);

    told(store);
    tenant.state = AFP_TENANT_PAUSED;
    save(store, &tenant);
    assert_string_equal(told(store), "paused");
    tenant.state = AFP_TENANT_CONNECTED;
    save(store, &tenant);
    assert_string_equal(told(store), "resumed");
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 0, "ada"),
                     APR_SUCCESS);
    assert_string_equal(told(store), "disconnected");
    tenant = connected(store);
    told(store);
    assert_int_equal(afp_tenant_disconnect(store->session, &store->place, &tenant, 1, "ada"),
                     APR_SUCCESS);
    assert_string_equal(told(store), "disconnected fields");
}

static void tokens_are_told(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant = create(store, "", "hash");

    tenant = create(store, "hash", "another hash");
    assert_string_equal(told(store), "token, token");
    assert_int_equal(afp_tenant_revoke_token(store->session, &store->place, &tenant, "ada"),
                     APR_SUCCESS);
    assert_string_equal(tenant.api_token_hash, "");
    assert_string_equal(told(store), "token-revoked");
    assert_int_equal(afp_tenant_revoke_token(store->session, &store->place, &tenant, "ada"),
                     APR_SUCCESS);
    assert_string_equal(told(store), "");
}

static void a_change_that_is_refused_tells_nothing(void **state)
{
    store_t *store = *state;
    afp_tenant_t early = connected(store);
    afp_tenant_t late = early;

    early.state = AFP_TENANT_PAUSED;
    save(store, &early);
    told(store);
    apr_cpystrn(late.status, "Late", sizeof(late.status));
    assert_int_equal(afp_tenant_save(store->session, &store->place, &late, "ada"), APR_NOTFOUND);
    assert_string_equal(told(store), "");
}

static void the_trail_is_read_page_by_page_newest_first(void **state)
{
    store_t *store = *state;
    apr_array_header_t *page;
    int i;

    for (i = 1; i <= 5; i++) {
        store_sql(store,
                  "INSERT INTO afp_audit (id, company_uuid, at, who, action, what, former, present)"
                  " VALUES ('%032x', '%s', %d, 'ada', 'tested', '', '', '%d')",
                  (unsigned)i, ACME, 10 * i, i);
    }
    store_sql(store,
              "INSERT INTO afp_audit (id, company_uuid, at, who, action, what, former, present)"
              " VALUES ('%032x', '%s', 99, 'bob', 'tested', '', '', '')",
              6u, BETA);
    page = list(store, ACME, "", 2);
    assert_int_equal(page->nelts, 2);
    assert_string_equal(entry(page, 0)->deed.present, "5");
    assert_int_equal(entry(page, 0)->at, 50);
    assert_string_equal(entry(page, 1)->deed.present, "4");
    page = list(store, ACME, entry(page, 1)->id, 2);
    assert_string_equal(entry(page, 0)->deed.present, "3");
    page = list(store, ACME, entry(page, 1)->id, 2);
    assert_int_equal(page->nelts, 1);
    assert_string_equal(entry(page, 0)->deed.present, "1");
    assert_int_equal(list(store, CORE, "", 2)->nelts, 0);
}

static void what_changes_no_setting_can_be_noted_too(void **state)
{
    store_t *store = *state;
    apr_array_header_t *entries;
    char longest[AFP_AUDIT_LIMIT + 1];
    afp_deed_t deed = {AFP_AUDIT_RETRIED, "", longest, longest};

    memset(longest, 'x', AFP_AUDIT_LIMIT);
    longest[AFP_AUDIT_LIMIT] = '\0';
    assert_int_equal(afp_audit_note(store->session, ACME, longest, &deed), APR_SUCCESS);
    assert_int_equal(afp_audit_note(store->session, ACME, "\xc3\x89lo\xc3\xafse", &tested),
                     APR_SUCCESS);
    entries = list(store, ACME, "", 10);
    assert_int_equal(entries->nelts, 2);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_audit WHERE who = '%s'"
                                  " AND former = '%s' AND present = '%s'",
                                  longest, longest, longest),
                     1);
    assert_int_equal(
        store_number(store, "SELECT COUNT(*) FROM afp_audit WHERE who = '\xc3\x89lo\xc3\xafse'"),
        1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(connecting_tells_what_was_entered_and_no_secret),
        STORE_TEST(a_change_tells_each_setting_with_before_and_after),
        STORE_TEST(a_save_that_changes_nothing_tells_nothing),
        STORE_TEST(rotating_the_signing_secret_tells_both),
        STORE_TEST(a_state_is_told_in_a_word),
        STORE_TEST(tokens_are_told),
        STORE_TEST(a_change_that_is_refused_tells_nothing),
        STORE_TEST(the_trail_is_read_page_by_page_newest_first),
        STORE_TEST(what_changes_no_setting_can_be_noted_too),
    };

    return STORE_RUN(tests);
}
