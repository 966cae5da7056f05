#include "store_fixture.h"

#include "core/results.h"
#include "store/invitation_list.h"

#include <apr_strings.h>
#include <string.h>

static void add(store_t *store, const char *company_uuid, int application_id, int occurrence,
                int sending_at)
{
    store_sql(store,
              "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state,"
              " lease, model_uuid, model_name, candidate_id, resent, delivery_id, sending_at,"
              " updated_at) VALUES ('%s', '%d', %d, '7', 'invited', '', 'm', 'Sales', 'c', 0, '',"
              " %d, 1)",
              company_uuid, application_id, occurrence, sending_at);
}

static afp_invitation_list_t read_list(store_t *store, const char *application_id, int limit,
                                       const afp_invitation_entry_t *before)
{
    afp_invitation_list_t list = {
        .company_uuid = ACME, .application_id = application_id, .limit = limit};

    if (before) {
        list.before.sending_at = before->sending_at;
        list.before.occurrence = before->occurrence;
        apr_cpystrn(list.before.application_id, before->application_id,
                    sizeof(list.before.application_id));
    }
    assert_int_equal(afp_invitation_list_read(store->session, &list, store->pool), APR_SUCCESS);
    return list;
}

static const afp_invitation_entry_t *entry(const afp_invitation_list_t *list, int index)
{
    assert_true(index < list->entries->nelts);
    return &APR_ARRAY_IDX(list->entries, index, afp_invitation_entry_t);
}

/* "21.1 12.2", by application and occurrence. */
static const char *listed(store_t *store, const afp_invitation_list_t *list)
{
    const char *text = "";

    for (int i = 0; i < list->entries->nelts; i++) {
        text = apr_psprintf(store->pool, "%s%s%s.%d", text, i > 0 ? " " : "",
                            entry(list, i)->application_id, entry(list, i)->occurrence);
    }
    return text;
}

static void the_latest_sent_is_first(void **state)
{
    store_t *store = *state;
    afp_invitation_list_t list;

    add(store, ACME, 11, 1, 10);
    add(store, ACME, 12, 1, 30);
    add(store, ACME, 11, 2, 20);
    add(store, BETA, 13, 1, 40);
    list = read_list(store, "", 10, NULL);
    assert_string_equal(listed(store, &list), "12.1 11.2 11.1");
    assert_false(list.older);
    assert_string_equal(entry(&list, 0)->model_name, "Sales");
    assert_string_equal(entry(&list, 0)->job_id, "7");
    assert_int_equal(entry(&list, 0)->sending_at, 30);
    list = read_list(store, "11", 10, NULL);
    assert_string_equal(listed(store, &list), "11.2 11.1");
}

static void an_assessment_is_told_if_there_is_one(void **state)
{
    store_t *store = *state;
    afp_invitation_list_t list;

    add(store, ACME, 11, 1, 10);
    add(store, ACME, 12, 1, 20);
    store_sql(store, "INSERT INTO afp_assessment (company_uuid, application_id, occurrence,"
                     " progress, finished, wanted, swipe, drive, brain, voice, score, link, polls,"
                     " read_at, failure, closed) VALUES ('" ACME "', '11', 1, 'completed', 7, 7,"
                     " 1, 2, 3, -1, 80, '', 1, 5, '', 'done')");
    list = read_list(store, "", 10, NULL);
    assert_string_equal(entry(&list, 0)->progress, "");
    assert_int_equal(entry(&list, 0)->score, AFP_SCORE_NONE);
    assert_string_equal(entry(&list, 1)->progress, "completed");
    assert_int_equal(entry(&list, 1)->score, 80);
    assert_int_equal(entry(&list, 1)->read_at, 5);
    assert_string_equal(entry(&list, 1)->closed, "done");
}

static void pages_follow_each_other_also_among_equal_moments(void **state)
{
    store_t *store = *state;
    afp_invitation_list_t list;
    const char *seen = "";
    const afp_invitation_entry_t *last = NULL;

    for (int i = 0; i < 7; i++) {
        add(store, ACME, 11 + i, 1, i < 4 ? 10 : 20);
    }
    add(store, ACME, 12, 2, 10);
    do {
        list = read_list(store, "", 3, last);
        seen = apr_pstrcat(store->pool, seen, listed(store, &list), " | ", NULL);
        last = entry(&list, list.entries->nelts - 1);
    } while (list.older);
    assert_string_equal(seen, "17.1 16.1 15.1 | 14.1 13.1 12.2 | 12.1 11.1 | ");
    list = read_list(store, "12", 1, NULL);
    assert_string_equal(listed(store, &list), "12.2");
    assert_true(list.older);
    list = read_list(store, "12", 1, entry(&list, 0));
    assert_string_equal(listed(store, &list), "12.1");
    assert_false(list.older);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(the_latest_sent_is_first),
        STORE_TEST(an_assessment_is_told_if_there_is_one),
        STORE_TEST(pages_follow_each_other_also_among_equal_moments),
    };

    return STORE_RUN(tests);
}
