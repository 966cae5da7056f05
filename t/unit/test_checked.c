#include "store_fixture.h"

#include "store/checked.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <stdarg.h>
#include <string.h>

/* A check of ACME that runs. */
static afp_follow_up_t running(store_t *store)
{
    store_add_tenant(store, ACME, "connected");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT);
    return store_take(store, ACME);
}

static apr_status_t note(store_t *store, const afp_follow_up_t *follow_up,
                         const afp_finding_t *finding)
{
    return afp_checked_note(store->session, follow_up, finding);
}

static afp_checked_t checked(store_t *store, const char *subject)
{
    afp_checked_t checked;

    assert_int_equal(afp_checked_read(store->session, ACME, subject, &checked), APR_SUCCESS);
    return checked;
}

static apr_array_header_t *stages(store_t *store)
{
    apr_array_header_t *names;

    assert_int_equal(afp_checked_stages(store->session, ACME, store->pool, &names), APR_SUCCESS);
    return names;
}

static apr_array_header_t *names_of(store_t *store, const char *first, ...)
    __attribute__((sentinel));

static apr_array_header_t *names_of(store_t *store, const char *first, ...)
{
    apr_array_header_t *names = apr_array_make(store->pool, 4, sizeof(const char *));
    const char *name;
    va_list more;

    va_start(more, first);
    for (name = first; name; name = va_arg(more, const char *)) {
        APR_ARRAY_PUSH(names, const char *) = name;
    }
    va_end(more);
    return names;
}

static const char *joined(store_t *store)
{
    return apr_array_pstrcat(store->pool, stages(store), '|');
}

static void what_a_check_found_is_read_again(void **state)
{
    store_t *store = *state;
    apr_time_t before = store_now(store);
    afp_follow_up_t follow_up = running(store);
    const afp_finding_t refused = {AFP_API_PINPOINT,
                                   AFP_CHECKED_REFUSED,
                                   "Pinpoint answered 401: Invalid API key",
                                   "",
                                   NULL,
                                   NULL};
    const afp_finding_t works = {AFP_API_PINPOINT, AFP_CHECKED_WORKS, "", "", NULL, NULL};
    afp_checked_t read;

    assert_int_equal(checked(store, AFP_API_PINPOINT).at, 0);
    assert_int_equal(note(store, &follow_up, &refused), APR_SUCCESS);
    read = checked(store, AFP_API_PINPOINT);
    assert_int_equal(read.result, AFP_CHECKED_REFUSED);
    assert_string_equal(read.words, "Pinpoint answered 401: Invalid API key");
    assert_true(read.at > before - CLOCK_SLACK);
    assert_int_equal(note(store, &follow_up, &works), APR_SUCCESS);
    assert_int_equal(checked(store, AFP_API_PINPOINT).result, AFP_CHECKED_WORKS);
    assert_string_equal(checked(store, AFP_API_PINPOINT).words, "");
    assert_int_equal(checked(store, AFP_API_ASSESSFIRST).at, 0);
}

static void grants_keep_their_order_and_are_replaced_together(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = running(store);
    apr_array_header_t *grants = apr_array_make(store->pool, 3, sizeof(afp_permission_grant_t));
    const afp_finding_t found = {AFP_API_PINPOINT, AFP_CHECKED_LACKING, "", "", grants, NULL};
    const afp_finding_t nothing_tried = {AFP_API_PINPOINT, AFP_CHECKED_UNKNOWN, "", "", NULL, NULL};
    apr_array_header_t *read;

    APR_ARRAY_PUSH(grants, afp_permission_grant_t) =
        (afp_permission_grant_t){"Job: Read", AFP_GRANTED_GIVEN};
    APR_ARRAY_PUSH(grants, afp_permission_grant_t) =
        (afp_permission_grant_t){"Comment: Write", AFP_GRANTED_MISSING};
    APR_ARRAY_PUSH(grants, afp_permission_grant_t) =
        (afp_permission_grant_t){"Application: Read", AFP_GRANTED_UNKNOWN};
    assert_int_equal(note(store, &follow_up, &found), APR_SUCCESS);
    assert_int_equal(note(store, &follow_up, &nothing_tried), APR_SUCCESS);
    assert_int_equal(afp_checked_grants(store->session, ACME, store->pool, &read), APR_SUCCESS);
    assert_int_equal(read->nelts, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(APR_ARRAY_IDX(read, i, afp_permission_grant_t).permission,
                            APR_ARRAY_IDX(grants, i, afp_permission_grant_t).permission);
        assert_int_equal(APR_ARRAY_IDX(read, i, afp_permission_grant_t).granted,
                         APR_ARRAY_IDX(grants, i, afp_permission_grant_t).granted);
    }
    grants->nelts = 1;
    assert_int_equal(note(store, &follow_up, &found), APR_SUCCESS);
    assert_int_equal(afp_checked_grants(store->session, ACME, store->pool, &read), APR_SUCCESS);
    assert_int_equal(read->nelts, 1);
}

/* The number of grants that are left after the tenant was saved. */
static int grants_after(store_t *store, afp_tenant_t *tenant)
{
    apr_array_header_t *grants;

    assert_int_equal(afp_tenant_save(store->session, &store->place, tenant, "ada"), APR_SUCCESS);
    assert_int_equal(afp_checked_grants(store->session, ACME, store->pool, &grants), APR_SUCCESS);
    return grants->nelts;
}

static void find_one_grant(store_t *store, afp_tenant_t *tenant)
{
    afp_follow_up_t follow_up;
    apr_array_header_t *grants = apr_array_make(store->pool, 1, sizeof(afp_permission_grant_t));
    const afp_finding_t found = {AFP_API_PINPOINT, AFP_CHECKED_WORKS, "", "", grants, NULL};

    APR_ARRAY_PUSH(grants, afp_permission_grant_t) =
        (afp_permission_grant_t){"Job: Read", AFP_GRANTED_GIVEN};
    store_sql(store, "DELETE FROM afp_follow_up");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_CHECK_PINPOINT);
    follow_up = store_take(store, ACME);
    assert_int_equal(note(store, &follow_up, &found), APR_SUCCESS);
    assert_int_equal(afp_tenant_by_uuid(store->session, &store->place, ACME, tenant), APR_SUCCESS);
}

static void what_was_found_is_of_the_key_that_is_stored(void **state)
{
    store_t *store = *state;
    afp_tenant_t tenant;

    store_add_tenant(store, ACME, "connected");
    find_one_grant(store, &tenant);
    apr_cpystrn(tenant.status, "Another Stage", sizeof(tenant.status));
    assert_int_equal(grants_after(store, &tenant), 1);
    tenant.state = AFP_TENANT_PAUSED;
    assert_int_equal(grants_after(store, &tenant), 1);
    tenant.state = AFP_TENANT_CONNECTED;
    assert_int_equal(grants_after(store, &tenant), 1);
    assert_int_equal(checked(store, AFP_API_PINPOINT).result, AFP_CHECKED_WORKS);
    apr_cpystrn(tenant.api_key, "another-key", sizeof(tenant.api_key));
    assert_int_equal(grants_after(store, &tenant), 0);
    assert_int_equal(checked(store, AFP_API_PINPOINT).at, 0);
    find_one_grant(store, &tenant);
    apr_cpystrn(tenant.subdomain, "elsewhere", sizeof(tenant.subdomain));
    assert_int_equal(grants_after(store, &tenant), 0);
}

static void stages_are_kept_in_their_order_byte_by_byte(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = running(store);
    afp_finding_t finding = {
        AFP_CHECKED_STAGES,
        AFP_CHECKED_WORKS,
        "",
        "",
        NULL,
        names_of(store, "Phone Screen", "phone screen", "\xc3\x89valuation", "a'b\"<c>%s", NULL)};
    const afp_finding_t failed = {
        AFP_CHECKED_STAGES, AFP_CHECKED_UNKNOWN, "No answer", "", NULL, NULL};

    assert_int_equal(stages(store)->nelts, 0);
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    assert_string_equal(joined(store), "Phone Screen|phone screen|\xc3\x89valuation|a'b\"<c>%s");
    finding.stages = names_of(store, "Phone Screen", "Offer", NULL);
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    assert_string_equal(joined(store), "Phone Screen|Offer");
    /* Names that were known stay when Pinpoint cannot be asked. */
    assert_int_equal(note(store, &follow_up, &failed), APR_SUCCESS);
    assert_string_equal(joined(store), "Phone Screen|Offer");
    assert_int_equal(checked(store, AFP_CHECKED_STAGES).result, AFP_CHECKED_UNKNOWN);
    finding.stages = apr_array_make(store->pool, 1, sizeof(const char *));
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    assert_int_equal(stages(store)->nelts, 0);
}

static void no_more_stages_are_kept_than_fit(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = running(store);
    apr_array_header_t *names = apr_array_make(store->pool, AFP_STAGES + 1, sizeof(const char *));
    const afp_finding_t finding = {AFP_CHECKED_STAGES, AFP_CHECKED_WORKS, "", "", NULL, names};
    char *longest = apr_pcalloc(store->pool, AFP_STAGE_LIMIT + 1);

    memset(longest, 'x', AFP_STAGE_LIMIT);
    APR_ARRAY_PUSH(names, const char *) = longest;
    while (names->nelts <= AFP_STAGES) {
        APR_ARRAY_PUSH(names, const char *) = apr_itoa(store->pool, names->nelts);
    }
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    assert_int_equal(stages(store)->nelts, AFP_STAGES);
    assert_string_equal(APR_ARRAY_IDX(stages(store), 0, const char *), longest);
}

static void what_was_checked_are_the_settings_of_now_or_nothing_is_noted(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = running(store);
    const afp_finding_t finding = {
        AFP_API_PINPOINT, AFP_CHECKED_WORKS, "", "", NULL, names_of(store, "Offer", NULL)};

    store_sql(store, "UPDATE afp_tenant SET generation = generation + 1");
    assert_int_equal(note(store, &follow_up, &finding), APR_NOTFOUND);
    store_sql(store, "UPDATE afp_tenant SET generation = generation - 1");
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    store_sql(store, "UPDATE afp_follow_up SET lease = 'another'");
    store_sql(store, "DELETE FROM afp_checked");
    assert_int_equal(note(store, &follow_up, &finding), APR_NOTFOUND);
    assert_int_equal(checked(store, AFP_API_PINPOINT).at, 0);
}

static void a_key_that_was_accepted_was_used(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = running(store);
    const afp_finding_t finding = {AFP_API_PINPOINT, AFP_CHECKED_WORKS, "", "the-key", NULL, NULL};
    afp_secret_note_t notes[AFP_SECRETS];
    afp_tenant_t tenant;

    memset(&tenant, 0, sizeof(tenant));
    apr_cpystrn(tenant.company_uuid, ACME, sizeof(tenant.company_uuid));
    apr_cpystrn(tenant.api_key, "the-key", sizeof(tenant.api_key));
    assert_int_equal(note(store, &follow_up, &finding), APR_SUCCESS);
    assert_int_equal(afp_secret_notes(store->session, &tenant, notes), APR_SUCCESS);
    assert_true(notes[AFP_SECRET_API_KEY].used_at > store_now(store) - apr_time_from_sec(60));
}

static int is_pending(store_t *store)
{
    int pending = -1;

    assert_int_equal(afp_checked_is_pending(store->session, ACME, &pending), APR_SUCCESS);
    return pending;
}

static void a_check_is_pending_until_it_has_ended(void **state)
{
    const afp_end_t again = {
        .kind = AFP_END_AGAIN, .delay = apr_time_from_sec(60), .reason = "No answer"};
    store_t *store = *state;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_SYNCHRONISE);
    assert_false(is_pending(store));
    store_sql(store, "DELETE FROM afp_follow_up");
    store_add_check(store, ACME, 2, AFP_FOLLOW_UP_CHECK_ASSESSFIRST);
    assert_int_equal(is_pending(store), AFP_PENDING_ASSESSFIRST);
    follow_up = store_take(store, ACME);
    assert_int_equal(is_pending(store), AFP_PENDING_ASSESSFIRST);
    store_add_check(store, ACME, 3, AFP_FOLLOW_UP_CHECK_PINPOINT);
    assert_int_equal(is_pending(store), AFP_PENDING_ASSESSFIRST | AFP_PENDING_PINPOINT);
    assert_int_equal(afp_follow_up_end(store->session, &follow_up, &again), APR_SUCCESS);
    assert_int_equal(is_pending(store), AFP_PENDING_PINPOINT);
    store_sql(store, "DELETE FROM afp_follow_up");
    assert_int_equal(is_pending(store), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_a_check_found_is_read_again),
        STORE_TEST(grants_keep_their_order_and_are_replaced_together),
        STORE_TEST(what_was_found_is_of_the_key_that_is_stored),
        STORE_TEST(stages_are_kept_in_their_order_byte_by_byte),
        STORE_TEST(no_more_stages_are_kept_than_fit),
        STORE_TEST(what_was_checked_are_the_settings_of_now_or_nothing_is_noted),
        STORE_TEST(a_key_that_was_accepted_was_used),
        STORE_TEST(a_check_is_pending_until_it_has_ended),
    };

    return STORE_RUN(tests);
}
