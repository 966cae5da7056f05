#include "store_fixture.h"

#include "core/profile.h"
#include "core/results.h"
#include "store/field.h"

#include <apr_strings.h>
#include <string.h>

static afp_follow_up_t take(store_t *store)
{
    store_add_tenant(store, ACME, "connected");
    store_add_tenant(store, BETA, "connected");
    store_add_check(store, ACME, 1, AFP_FOLLOW_UP_SYNCHRONISE);
    return store_take(store, ACME);
}

static void lose_lease(store_t *store)
{
    store_sql(store, "UPDATE afp_follow_up SET state = 'ready', lease = ''");
}

/* ---- fields ---- */

static void note(store_t *store, const afp_follow_up_t *follow_up, const char *resource_type,
                 const char *name, const char *field_id, int created)
{
    const afp_field_t field = {resource_type, name, field_id, created};

    assert_int_equal(afp_field_note(store->session, follow_up, &field), APR_SUCCESS);
}

static apr_array_header_t *list(store_t *store, const char *company_uuid)
{
    apr_array_header_t *fields;

    assert_int_equal(afp_field_list(store->session, company_uuid, store->pool, &fields),
                     APR_SUCCESS);
    return fields;
}

static const afp_field_t *find(store_t *store, const char *resource_type, const char *name)
{
    apr_array_header_t *fields = list(store, ACME);

    for (int i = 0; i < fields->nelts; i++) {
        const afp_field_t *field = &APR_ARRAY_IDX(fields, i, afp_field_t);

        if (strcmp(field->resource_type, resource_type) == 0 && strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static void fields_are_told_apart_by_resource_and_name(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    assert_int_equal(list(store, ACME)->nelts, 0);
    note(store, &follow_up, "job", "AssessFirst score", "1", 1);
    note(store, &follow_up, "application", "AssessFirst score", "2", 0);
    note(store, &follow_up, "application", "assessfirst SCORE", "3", 1);
    assert_int_equal(list(store, ACME)->nelts, 3);
    assert_int_equal(list(store, BETA)->nelts, 0);
    assert_string_equal(find(store, "job", "AssessFirst score")->field_id, "1");
    assert_int_equal(find(store, "job", "AssessFirst score")->created, 1);
    assert_string_equal(find(store, "application", "AssessFirst score")->field_id, "2");
    assert_int_equal(find(store, "application", "AssessFirst score")->created, 0);
}

static void what_we_made_stays_ours_as_long_as_it_is_the_same(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);

    note(store, &follow_up, "job", "Model", "1", 1);
    note(store, &follow_up, "job", "Model", "1", 0);
    assert_int_equal(find(store, "job", "Model")->created, 1);
    /* Somebody deleted ours and made one of the same name. */
    note(store, &follow_up, "job", "Model", "9", 0);
    assert_int_equal(find(store, "job", "Model")->created, 0);
    assert_string_equal(find(store, "job", "Model")->field_id, "9");
    assert_int_equal(list(store, ACME)->nelts, 1);
    note(store, &follow_up, "job", "Model", "9", 1);
    assert_int_equal(find(store, "job", "Model")->created, 1);
}

static void the_longest_name_fits(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    char name[255 + 1] = "";

    for (int i = 0; i < 127; i++) {
        memcpy(name + 2 * i, "\xc3\xa9", 2);
    }
    note(store, &follow_up, "application", name, "18446744073709551615", 1);
    assert_string_equal(find(store, "application", name)->field_id, "18446744073709551615");
}

static void add_written(store_t *store, const char *company_uuid, const char *application_id,
                        afp_profile_field_t field)
{
    store_sql(store,
              "INSERT INTO afp_written (company_uuid, application_id, field, attribute_id, value,"
              " written_at) VALUES ('%s', '%s', '%s', '5', 'v', 1)",
              company_uuid, application_id, afp_profile[field].choice);
}

static void a_field_is_forgotten_with_what_was_written_to_it(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    const char *name = afp_profile[AFP_FIELD_SCORE].name;

    note(store, &follow_up, "application", name, "1", 1);
    note(store, &follow_up, "job", name, "2", 1);
    add_written(store, ACME, "11", AFP_FIELD_SCORE);
    add_written(store, ACME, "12", AFP_FIELD_SCORE);
    add_written(store, ACME, "11", AFP_FIELD_STATUS);
    add_written(store, BETA, "11", AFP_FIELD_SCORE);

    assert_int_equal(afp_field_forget(store->session, &follow_up, "job", name), APR_SUCCESS);
    assert_null(find(store, "job", name));
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 4);
    assert_int_equal(afp_field_forget(store->session, &follow_up, "application", name),
                     APR_SUCCESS);
    assert_int_equal(list(store, ACME)->nelts, 0);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 2);
    assert_int_equal(
        store_number(store, "SELECT COUNT(*) FROM afp_written WHERE company_uuid = '" BETA "'"), 1);
    /* What is not there may be forgotten. */
    assert_int_equal(afp_field_forget(store->session, &follow_up, "application", "Unknown"),
                     APR_SUCCESS);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 2);
}

static void another_field_of_the_same_name_has_nothing_written_to_it(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    const char *name = afp_profile[AFP_FIELD_SCORE].name;

    note(store, &follow_up, "application", name, "1", 1);
    note(store, &follow_up, "job", name, "2", 1);
    add_written(store, ACME, "11", AFP_FIELD_SCORE);
    add_written(store, ACME, "12", AFP_FIELD_SCORE);
    add_written(store, ACME, "11", AFP_FIELD_STATUS);
    add_written(store, BETA, "11", AFP_FIELD_SCORE);

    note(store, &follow_up, "application", name, "1", 0);
    note(store, &follow_up, "job", name, "8", 1);
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 4);
    note(store, &follow_up, "application", name, "9", 0);
    assert_string_equal(find(store, "application", name)->field_id, "9");
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_written"), 2);
    assert_int_equal(store_number(store,
                                  "SELECT COUNT(*) FROM afp_written WHERE company_uuid = '" ACME
                                  "' AND field = '%s'",
                                  afp_profile[AFP_FIELD_STATUS].choice),
                     1);
}

/* ---- options ---- */

static void push(apr_array_header_t *options, const char *text, const char *uuid, int stale)
{
    const afp_option_t option = {
        .option = text,
        .uuid = uuid,
        .name = "Name",
        .wanted = 1u << AFP_SWIPE | 1u << AFP_VOICE,
        .stale = stale,
        .vanished = stale,
    };

    APR_ARRAY_PUSH(options, afp_option_t) = option;
}

static apr_array_header_t *options(store_t *store)
{
    apr_array_header_t *listed;

    assert_int_equal(afp_option_list(store->session, ACME, store->pool, &listed), APR_SUCCESS);
    return listed;
}

static const afp_option_t *option(const apr_array_header_t *listed, int index)
{
    return &APR_ARRAY_IDX(listed, index, afp_option_t);
}

static afp_synchronised_t read_synchronised(store_t *store)
{
    afp_synchronised_t synchronised;

    assert_int_equal(afp_synchronised_read(store->session, ACME, &synchronised), APR_SUCCESS);
    return synchronised;
}

static void the_map_is_read_as_it_was_stored(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    apr_array_header_t *stored = apr_array_make(store->pool, 12, sizeof(afp_option_t));
    afp_synchronised_t synchronised = {.models = 11};
    apr_array_header_t *listed;

    assert_int_equal(options(store)->nelts, 0);
    for (int i = 0; i < 12; i++) {
        push(stored, apr_psprintf(store->pool, "Model %d", 20 - i), "u-1", i == 11);
    }
    assert_int_equal(afp_option_store(store->session, &follow_up, stored, &synchronised),
                     APR_SUCCESS);
    listed = options(store);
    assert_int_equal(listed->nelts, 12);
    for (int i = 0; i < 12; i++) {
        assert_string_equal(option(listed, i)->option, option(stored, i)->option);
        assert_string_equal(option(listed, i)->uuid, "u-1");
        assert_string_equal(option(listed, i)->name, "Name");
        assert_int_equal(option(listed, i)->wanted, option(stored, i)->wanted);
        assert_int_equal(option(listed, i)->stale, i == 11);
        assert_int_equal(option(listed, i)->vanished, i == 11);
    }
    /* The next one replaces it. */
    stored->nelts = 1;
    push(stored, "\xc3\x89quipe \xf0\x9f\x8e\x93", "u-2", 0);
    assert_int_equal(afp_option_store(store->session, &follow_up, stored, &synchronised),
                     APR_SUCCESS);
    listed = options(store);
    assert_int_equal(listed->nelts, 2);
    assert_string_equal(option(listed, 1)->option, "\xc3\x89quipe \xf0\x9f\x8e\x93");
}

static void how_a_synchronisation_ended_is_remembered(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    afp_synchronised_t synchronised = {.models = 3};
    apr_time_t before = store_now(store) - CLOCK_SLACK;

    assert_int_equal(read_synchronised(store).at, 0);
    assert_string_equal(read_synchronised(store).refused, "");
    memset(synchronised.refused, 'r', sizeof(synchronised.refused) - 1);
    assert_int_equal(afp_option_store(store->session, &follow_up, NULL, &synchronised),
                     APR_SUCCESS);
    assert_true(synchronised.at > before);
    assert_int_equal(read_synchronised(store).at, synchronised.at);
    assert_int_equal(read_synchronised(store).models, 3);
    assert_string_equal(read_synchronised(store).refused, synchronised.refused);
    synchronised.refused[0] = '\0';
    assert_int_equal(afp_option_store(store->session, &follow_up, NULL, &synchronised),
                     APR_SUCCESS);
    assert_string_equal(read_synchronised(store).refused, "");
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_synchronised"), 1);
}

static void a_refused_synchronisation_leaves_the_map_as_it_was(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    apr_array_header_t *stored = apr_array_make(store->pool, 1, sizeof(afp_option_t));
    afp_synchronised_t synchronised = {.models = 1};

    push(stored, "Sales", "u-1", 0);
    assert_int_equal(afp_option_store(store->session, &follow_up, stored, &synchronised),
                     APR_SUCCESS);
    apr_cpystrn(synchronised.refused, "is too long", sizeof(synchronised.refused));
    assert_int_equal(afp_option_store(store->session, &follow_up, NULL, &synchronised),
                     APR_SUCCESS);
    assert_int_equal(options(store)->nelts, 1);
    assert_string_equal(read_synchronised(store).refused, "is too long");
}

static void the_map_and_its_synchronisation_are_stored_together(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    apr_array_header_t *stored = apr_array_make(store->pool, 1, sizeof(afp_option_t));
    afp_synchronised_t synchronised = {.models = 1};

    push(stored, "Sales", "u-1", 0);
    store_sql(store, "ALTER TABLE afp_synchronised RENAME TO afp_elsewhere");
    assert_int_equal(afp_option_store(store->session, &follow_up, stored, &synchronised),
                     APR_EGENERAL);
    store_sql(store, "ALTER TABLE afp_elsewhere RENAME TO afp_synchronised");
    assert_int_equal(options(store)->nelts, 0);
}

static void who_lost_his_lease_stores_nothing(void **state)
{
    store_t *store = *state;
    afp_follow_up_t follow_up = take(store);
    apr_array_header_t *stored = apr_array_make(store->pool, 1, sizeof(afp_option_t));
    afp_synchronised_t synchronised = {.models = 1};
    const afp_field_t field = {"job", "Late", "1", 1};

    push(stored, "Late", "u-1", 0);
    note(store, &follow_up, "job", "Model", "1", 1);
    lose_lease(store);
    assert_int_equal(afp_field_note(store->session, &follow_up, &field), APR_NOTFOUND);
    assert_int_equal(afp_field_forget(store->session, &follow_up, "job", "Model"), APR_NOTFOUND);
    assert_int_equal(afp_option_store(store->session, &follow_up, stored, &synchronised),
                     APR_NOTFOUND);
    assert_int_equal(list(store, ACME)->nelts, 1);
    assert_int_equal(options(store)->nelts, 0);
    assert_int_equal(read_synchronised(store).at, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(fields_are_told_apart_by_resource_and_name),
        STORE_TEST(what_we_made_stays_ours_as_long_as_it_is_the_same),
        STORE_TEST(the_longest_name_fits),
        STORE_TEST(a_field_is_forgotten_with_what_was_written_to_it),
        STORE_TEST(another_field_of_the_same_name_has_nothing_written_to_it),
        STORE_TEST(the_map_is_read_as_it_was_stored),
        STORE_TEST(how_a_synchronisation_ended_is_remembered),
        STORE_TEST(a_refused_synchronisation_leaves_the_map_as_it_was),
        STORE_TEST(the_map_and_its_synchronisation_are_stored_together),
        STORE_TEST(who_lost_his_lease_stores_nothing),
    };

    return STORE_RUN(tests);
}
