#include "unit.h"

#include "core/event.h"

#include <apr_strings.h>
#include <string.h>

static afp_event_kind_t classify(apr_pool_t *pool, const char *name, const afp_event_names_t *names)
{
    return afp_event_classify(afp_event_normalise(pool, name), names);
}

static void assert_kind(apr_pool_t *pool, const char *const *names, size_t count,
                        afp_event_kind_t kind)
{
    for (size_t i = 0; i < count; i++) {
        if (classify(pool, names[i], NULL) != kind) {
            fail_msg("%s is of kind %d, not %d", names[i], classify(pool, names[i], NULL), kind);
        }
    }
}

static void names_are_normalised(void **state)
{
    assert_string_equal(afp_event_normalise(*state, "APPLICATION Stage-Changed.XYZ_y"),
                        "application_stage_changed_xyz_y");
    assert_string_equal(afp_event_normalise(*state, ""), "");
}

static void new_applications_are_recognised_under_many_names(void **state)
{
    static const char *const names[] = {
        "application_created",  "New application",         "new_application",
        "application.created",  "application-received",    "APPLICATION_SUBMITTED",
        "applications.created", "job_application_created", "applicationCreated",
    };

    assert_kind(*state, names, COUNT_OF(names), AFP_EVENT_NEW_APPLICATION);
}

static void changed_stages_are_recognised_under_many_names(void **state)
{
    static const char *const names[] = {
        "application_stage_changed", "application_stage_updated", "application_moved",
        "Application stage changed", "application.stage.changed", "application-move",
        "application_updated",       "application_changed",       "application_stage_created",
        "application_new_stage",     "stage_changed_application",
    };

    assert_kind(*state, names, COUNT_OF(names), AFP_EVENT_STAGE_CHANGED);
}

static void events_about_something_else_are_other(void **state)
{
    static const char *const names[] = {
        "",
        "job_created",
        "job_stage_changed",
        "application_hired",
        "application_rejected",
        "application_deleted",
        "application_comment_created",
        "application_interview_scheduled",
        "application_offer_created",
        "onboarding_application_created",
        "onboarding_application_stage_changed",
        "offer_accepted",
        "candidate_created",
    };

    assert_kind(*state, names, COUNT_OF(names), AFP_EVENT_OTHER);
}

static void other_names_with_application_are_unknown(void **state)
{
    static const char *const names[] = {
        "application",           "application_transitioned", "applicationcreated",
        "candidate_application", "application_renewed",      "application_staged",
    };

    assert_kind(*state, names, COUNT_OF(names), AFP_EVENT_APPLICATION_UNKNOWN);
}

static void the_names_of_the_site_come_first(void **state)
{
    apr_array_header_t *new_application = apr_array_make(*state, 2, sizeof(const char *));
    apr_array_header_t *stage_changed = apr_array_make(*state, 1, sizeof(const char *));
    afp_event_names_t names = {new_application, stage_changed};
    afp_event_names_t none = {NULL, NULL};

    APR_ARRAY_PUSH(new_application, const char *) = "candidate_applied";
    APR_ARRAY_PUSH(new_application, const char *) = "application_stage_changed";
    APR_ARRAY_PUSH(stage_changed, const char *) = "application_hired";
    assert_int_equal(classify(*state, "Candidate applied", &names), AFP_EVENT_NEW_APPLICATION);
    assert_int_equal(classify(*state, "application_stage_changed", &names),
                     AFP_EVENT_NEW_APPLICATION);
    assert_int_equal(classify(*state, "application_hired", &names), AFP_EVENT_STAGE_CHANGED);
    assert_int_equal(classify(*state, "candidate_applied_", &names), AFP_EVENT_OTHER);
    assert_int_equal(classify(*state, "application_created", &none), AFP_EVENT_NEW_APPLICATION);
}

static afp_event_t parse(apr_pool_t *pool, const char *body)
{
    afp_event_t event;
    const char *why = NULL;

    if (afp_event_parse(&event, body, strlen(body), NULL, pool, &why) != APR_SUCCESS) {
        fail_msg("%s: %s", why, body);
    }
    return event;
}

static void the_body_of_the_contract_is_read(void **state)
{
    afp_event_t event = parse(
        *state, "{\"event\":\"application_stage_changed\",\"triggeredAt\":1614687278,\"data\":"
                "{\"application\":{\"id\":1000050},\"job\":{\"id\":1000044}}}");

    assert_string_equal(event.name, "application_stage_changed");
    assert_int_equal(event.kind, AFP_EVENT_STAGE_CHANGED);
    assert_string_equal(event.application_id, "1000050");
    assert_string_equal(event.job_id, "1000044");
    assert_true(event.triggered_at == apr_time_from_sec(1614687278));
}

static void the_site_s_names_decide_about_a_body_too(void **state)
{
    apr_array_header_t *list = apr_array_make(*state, 1, sizeof(const char *));
    afp_event_names_t names = {list, NULL};
    static const char body[] = "{\"event\":\"Candidate-Applied \"}";
    afp_event_t event;
    const char *why;

    APR_ARRAY_PUSH(list, const char *) = "candidate_applied";
    assert_int_equal(afp_event_parse(&event, body, strlen(body), &names, *state, &why),
                     APR_SUCCESS);
    assert_int_equal(event.kind, AFP_EVENT_NEW_APPLICATION);
}

static void an_event_without_ids_and_time_has_none(void **state)
{
    static const char *const bodies[] = {
        "{\"event\":\"application_created\"}",
        "{\"event\":\"application_created\",\"data\":null}",
        "{\"event\":\"application_created\",\"data\":[]}",
        "{\"event\":\"application_created\",\"data\":{\"application\":{\"id\":-1},\"job\":{\"id\":"
        "1.5}}}",
        "{\"event\":\"application_created\",\"data\":{\"application\":{\"id\":\"\"},\"job\":\"1\"}"
        "}",
        "{\"event\":\"application_created\",\"data\":{\"id\":5}}",
        "{\"event\":\"application_created\",\"data\":{\"id\":5,\"type\":\"jobs\"}}",
    };

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        afp_event_t event = parse(*state, bodies[i]);

        assert_string_equal(event.application_id, "");
        assert_string_equal(event.job_id, "");
        assert_true(event.triggered_at == 0);
    }
}

static void the_application_s_id_is_found_at_each_place(void **state)
{
    static const char *const data[] = {
        "{\"application\":{\"id\":42}}",
        "{\"application\":{\"id\":\"42\"}}",
        "{\"application_id\":42}",
        "{\"application\":{\"id\":null},\"application_id\":\"42\"}",
        "{\"type\":\"applications\",\"id\":\"42\"}",
        "{\"application\":{\"id\":42},\"application_id\":43,\"type\":\"applications\",\"id\":44}",
    };

    for (size_t i = 0; i < COUNT_OF(data); i++) {
        const char *body = apr_psprintf(*state, "{\"event\":\"x\",\"data\":%s}", data[i]);

        assert_string_equal(parse(*state, body).application_id, "42");
    }
}

static void the_job_s_id_is_found_at_each_place(void **state)
{
    static const char *const data[] = {
        "{\"job\":{\"id\":7}}",
        "{\"job_id\":\"7\"}",
        "{\"application\":{\"id\":1,\"job_id\":7}}",
        "{\"job\":{\"id\":7},\"job_id\":8,\"application\":{\"job_id\":9}}",
    };

    for (size_t i = 0; i < COUNT_OF(data); i++) {
        const char *body = apr_psprintf(*state, "{\"event\":\"x\",\"data\":%s}", data[i]);

        assert_string_equal(parse(*state, body).job_id, "7");
    }
}

static void an_id_of_twenty_digits_is_kept_whole(void **state)
{
    afp_event_t event =
        parse(*state, "{\"event\":\"x\",\"data\":{\"application_id\":\"12345678901234567890\"}}");

    assert_string_equal(event.application_id, "12345678901234567890");
}

static void the_time_is_read_in_seconds_milliseconds_and_iso_8601(void **state)
{
    static const struct {
        const char *member;
        apr_time_t expected;
    } cases[] = {
        {"\"triggeredAt\":1614687278", APR_TIME_C(1614687278000000)},
        {"\"triggered_at\":1614687278", APR_TIME_C(1614687278000000)},
        {"\"triggeredAt\":1614687278123", APR_TIME_C(1614687278123000)},
        {"\"triggeredAt\":100000000000", APR_TIME_C(100000000000000000)},
        {"\"triggeredAt\":100000000001", APR_TIME_C(100000000001000)},
        {"\"triggeredAt\":\"2021-03-02T12:14:38Z\"", APR_TIME_C(1614687278000000)},
        {"\"triggeredAt\":\"2021-03-02T13:14:38+01:00\"", APR_TIME_C(1614687278000000)},
        {"\"triggeredAt\":\"soon\",\"triggered_at\":1614687278", APR_TIME_C(1614687278000000)},
        {"\"triggeredAt\":\"soon\"", 0},
        {"\"triggeredAt\":null", 0},
        {"\"triggeredAt\":253402300799999", APR_TIME_C(253402300799999000)},
        {"\"triggeredAt\":253402300800000", 0},
        {"\"triggeredAt\":-5", 0},
        {"\"triggeredAt\":1614687278.5", 0},
        {"\"triggeredAt\":{}", 0},
        {"\"triggeredAt\":9223372036854775807", 0},
        {"\"triggeredAt\":99999999999999999999999", 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *body = apr_psprintf(*state, "{\"event\":\"x\",%s}", cases[i].member);

        assert_true(parse(*state, body).triggered_at == cases[i].expected);
    }
}

static void the_stored_name_is_cleaned_and_cut_between_characters(void **state)
{
    const char *sixty_three = "123456789012345678901234567890123456789012345678901234567890123";
    const char *body;

    assert_string_equal(parse(*state, "{\"event\":\" a\\nb\\u007f\\u0085c\\u00e9 \"}").name,
                        "abc\xc3\xa9");
    body = apr_psprintf(*state, "{\"event\":\"%sx\"}", sixty_three);
    assert_string_equal(parse(*state, body).name, apr_pstrcat(*state, sixty_three, "x", NULL));
    body = apr_psprintf(*state, "{\"event\":\"%s\xc3\xa9\"}", sixty_three);
    assert_string_equal(parse(*state, body).name, sixty_three);
    body = apr_psprintf(*state, "{\"event\":\"%sxyz\"}", sixty_three);
    assert_int_equal(strlen(parse(*state, body).name), AFP_EVENT_NAME_LIMIT);
}

static void the_kind_is_that_of_the_whole_name(void **state)
{
    afp_event_t event =
        parse(*state, "{\"event\":\"application_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                      "aaaaaaaaaaaaaa_stage_changed\"}");

    assert_int_equal(strlen(event.name), AFP_EVENT_NAME_LIMIT);
    assert_int_equal(event.kind, AFP_EVENT_STAGE_CHANGED);
}

static void a_body_that_is_no_event_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *body;
        const char *why;
    } cases[] = {
        {"", "not JSON"},
        {"event=x", "not JSON"},
        {"[]", "not a JSON object"},
        {"\"application_created\"", "not a JSON object"},
        {"{}", "without a text in \"event\""},
        {"{\"event\":null}", "without a text in \"event\""},
        {"{\"event\":5}", "without a text in \"event\""},
        {"{\"event\":\"a\\u0000b\"}", "without a text in \"event\""},
        {"{\"event\":\"x\"} {}", "not JSON"},
        {"{\"event\":\"\xff\"}", "not UTF-8"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        afp_event_t event;
        const char *why = NULL;

        assert_int_equal(
            afp_event_parse(&event, cases[i].body, strlen(cases[i].body), NULL, *state, &why),
            APR_EINVAL);
        assert_string_equal(why, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(names_are_normalised),
        UNIT_TEST(new_applications_are_recognised_under_many_names),
        UNIT_TEST(changed_stages_are_recognised_under_many_names),
        UNIT_TEST(events_about_something_else_are_other),
        UNIT_TEST(other_names_with_application_are_unknown),
        UNIT_TEST(the_names_of_the_site_come_first),
        UNIT_TEST(the_body_of_the_contract_is_read),
        UNIT_TEST(the_site_s_names_decide_about_a_body_too),
        UNIT_TEST(an_event_without_ids_and_time_has_none),
        UNIT_TEST(the_application_s_id_is_found_at_each_place),
        UNIT_TEST(the_job_s_id_is_found_at_each_place),
        UNIT_TEST(an_id_of_twenty_digits_is_kept_whole),
        UNIT_TEST(the_time_is_read_in_seconds_milliseconds_and_iso_8601),
        UNIT_TEST(the_stored_name_is_cleaned_and_cut_between_characters),
        UNIT_TEST(the_kind_is_that_of_the_whole_name),
        UNIT_TEST(a_body_that_is_no_event_is_refused_with_a_reason),
    };

    return UNIT_RUN(tests);
}
