#include "unit_json.h"

#include "core/application.h"

#include <apr_strings.h>

/* The sample of contract pinpoint.md 5.3, with the members that are read; `data` is inserted. */
#define INCLUDED                                                                                   \
    "\"included\":[{\"id\":\"1000044\",\"type\":\"jobs\",\"attributes\":{\"title\":\"Manager\"}}," \
    "{\"id\":\"1000045\",\"type\":\"jobs\",\"attributes\":{\"name\":\"not a stage\"}},"            \
    "{\"id\":\"1000046\",\"type\":\"stages\",\"attributes\":{\"name\":\"another stage\"}},"        \
    "{\"id\":\"1000045\",\"type\":\"stages\",\"attributes\":{\"name\":\" Assessment \","           \
    "\"basic_type\":\"review\"}}]"
#define RELATIONSHIPS                                                                              \
    "\"relationships\":{\"job\":{\"data\":{\"type\":\"jobs\",\"id\":\"1000044\"}},"                \
    "\"stage\":{\"data\":{\"type\":\"stages\",\"id\":\"1000045\"}},"                               \
    "\"offers\":{\"meta\":{\"included\":false}}}"
#define ATTRIBUTES                                                                                 \
    "\"attributes\":{\"job_id\":\"1000044\",\"stage_id\":\"1000045\",\"locale\":\"en\","           \
    "\"first_name\":\"Ada\",\"last_name\":\"Example\",\"email\":\"ada.example@example.test\","     \
    "\"rejected_at\":null,\"hired_at\":null,\"is_demo\":false,\"concealed\":false}"
#define DATA     "{\"id\":\"1000050\",\"type\":\"applications\"," ATTRIBUTES "," RELATIONSHIPS "}"
#define DOCUMENT "{\"data\":" DATA "," INCLUDED ",\"meta\":{}}"

static const afp_application_t *read_application(apr_pool_t *pool, const char *text)
{
    const afp_application_t *application =
        afp_application_read(pool, unit_json(pool, text), "1000050");

    assert_non_null(application);
    return application;
}

/* An application whose attributes are `attributes`, without relationships. */
static const afp_application_t *with_attributes(apr_pool_t *pool, const char *attributes)
{
    return read_application(pool, apr_psprintf(pool,
                                               "{\"data\":{\"id\":\"1000050\",\"type\":"
                                               "\"applications\",\"attributes\":%s}," INCLUDED "}",
                                               attributes));
}

static void assert_is_the_sample(const afp_application_t *application)
{
    assert_string_equal(application->id, "1000050");
    assert_string_equal(application->job_id, "1000044");
    assert_string_equal(application->stage_name, "Assessment");
    assert_string_equal(application->email, "ada.example@example.test");
    assert_string_equal(application->first_name, "Ada");
    assert_string_equal(application->last_name, "Example");
    assert_string_equal(application->locale, "en");
    assert_false(application->rejected);
    assert_false(application->hired);
    assert_false(application->demo);
    assert_false(application->concealed);
}

static void the_document_of_the_contract_is_read(void **state)
{
    assert_is_the_sample(read_application(*state, DOCUMENT));
}

static void an_array_of_one_is_read_as_well(void **state)
{
    assert_is_the_sample(read_application(*state, "{\"data\":[" DATA "]," INCLUDED "}"));
}

static void job_and_stage_are_found_by_relationship_or_by_attribute(void **state)
{
    assert_is_the_sample(read_application(
        *state, "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\"," ATTRIBUTES
                ",\"relationships\":{\"job\":{\"meta\":{\"included\":false}},"
                "\"stage\":{\"meta\":{\"included\":false}}}}," INCLUDED "}"));
    assert_string_equal(
        read_application(*state,
                         "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\"," RELATIONSHIPS
                         "}," INCLUDED "}")
            ->stage_name,
        "Assessment");
    /* Ids of webhooks are numbers; a document that writes them so is read as well. */
    assert_string_equal(with_attributes(*state, "{\"stage_id\":1000045,\"job_id\":7}")->stage_name,
                        "Assessment");
    assert_string_equal(with_attributes(*state, "{\"stage_id\":1000045,\"job_id\":7}")->job_id,
                        "7");
}

static void what_pinpoint_does_not_say_is_empty(void **state)
{
    const afp_application_t *application =
        read_application(*state, "{\"data\":{\"id\":\"1000050\",\"type\":\"applications\"}}");

    assert_string_equal(application->job_id, "");
    assert_string_equal(application->stage_name, "");
    assert_string_equal(application->email, "");
    assert_string_equal(application->first_name, "");
    assert_string_equal(application->last_name, "");
    assert_string_equal(application->locale, "");
    assert_false(application->rejected || application->hired || application->demo ||
                 application->concealed);
}

static void a_stage_that_is_not_included_has_no_name(void **state)
{
    assert_string_equal(with_attributes(*state, "{\"stage_id\":\"99\"}")->stage_name, "");
    assert_string_equal(with_attributes(*state, "{\"stage_id\":null}")->stage_name, "");
}

static void closed_demo_and_concealed_applications_are_told(void **state)
{
    assert_true(
        with_attributes(*state, "{\"rejected_at\":\"2025-01-01T09:00:00+00:00\"}")->rejected);
    assert_true(with_attributes(*state, "{\"hired_at\":\"2025-01-01T09:00:00+00:00\"}")->hired);
    assert_true(with_attributes(*state, "{\"is_demo\":true}")->demo);
    assert_true(with_attributes(*state, "{\"concealed\":true}")->concealed);
}

static void a_masked_email_counts_as_none(void **state)
{
    static const char *const attributes[] = {
        "{\"email\":null}",
        "{\"email\":\"Hidden due to blind screening\"}",
        "{\"email\":5}",
        "{\"email\":\"ada@@example.test\"}",
    };

    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        assert_string_equal(with_attributes(*state, attributes[i])->email, "");
    }
    assert_string_equal(with_attributes(*state, "{\"email\":\" ada@example.test\\n\"}")->email,
                        "ada@example.test");
}

static void a_document_that_is_not_this_application_is_refused(void **state)
{
    static const char *const documents[] = {
        "{}",
        "[]",
        "[" DATA "]",
        DATA,
        "{\"data\":null}",
        "{\"data\":[]}",
        "{\"data\":[" DATA "," DATA "]}",
        "{\"data\":{\"id\":\"1000051\",\"type\":\"applications\"}}",
        "{\"data\":{\"type\":\"applications\"}}",
        "{\"data\":{\"id\":\"1000050\",\"type\":\"jobs\"}}",
        "{\"data\":{\"id\":\"1000050\"}}",
        "{\"errors\":[{\"status\":\"404\"}]}",
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        assert_null(afp_application_read(*state, unit_json(*state, documents[i]), "1000050"));
    }
    assert_null(afp_application_read(*state, NULL, "1000050"));
}

static void an_application_outlives_its_document(void **state)
{
    const afp_application_t *application;
    apr_pool_t *document_pool;

    assert_int_equal(apr_pool_create(&document_pool, *state), APR_SUCCESS);
    application = afp_application_read(*state, unit_json(document_pool, DOCUMENT), "1000050");
    apr_pool_destroy(document_pool);
    assert_is_the_sample(application);
}

static void a_field_s_value_is_found_by_name_in_either_place(void **state)
{
    static const char *const rows[] = {
        "{\"attributes\":{\"value\":\" Sales \",\"field_name\":\" Model \"}}",
        "{\"attributes\":{\"value\":\"Sales\"},\"relationships\":{\"custom_field\":{\"data\":"
        "{\"type\":\"custom_fields\",\"id\":\"5\"}}}}",
        "{\"attributes\":{\"value\":\"Sales\",\"field_name\":null},\"relationships\":"
        "{\"custom_fields\":{\"data\":{\"type\":\"custom_fields\",\"id\":\"5\"}}}}",
        "{\"attributes\":{\"value\":\"x\",\"field_name\":\"Other\"}},"
        "{\"attributes\":{\"value\":\"Sales\",\"field_name\":\"Model\"}}",
        "{\"attributes\":{\"value\":null,\"field_name\":\"Model\"}},"
        "{\"attributes\":{\"value\":\"Sales\",\"field_name\":\"Model\"}}",
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *text = apr_psprintf(
            *state,
            "{\"data\":[%s],\"included\":[{\"id\":\"4\",\"type\":\"custom_fields\",\"attributes\":"
            "{\"name\":\"Other\"}},{\"id\":\"5\",\"type\":\"custom_fields\",\"attributes\":"
            "{\"name\":\"Model\"}}]}",
            rows[i]);

        assert_string_equal(afp_application_attribute(*state, unit_json(*state, text), " Model"),
                            "Sales");
    }
}

static void a_record_without_the_field_has_an_empty_value(void **state)
{
    static const char *const documents[] = {
        "{\"data\":[]}",
        "{\"data\":[null,5,{}]}",
        "{\"data\":[{\"attributes\":{\"value\":\"Sales\",\"field_name\":\"model\"}}]}",
        "{\"data\":[{\"attributes\":{\"value\":\"Sales\",\"field_name\":\"Model 2\"}}]}",
        "{\"data\":[{\"attributes\":{\"value\":null,\"field_name\":\"Model\"}}]}",
        "{\"data\":[{\"attributes\":{\"value\":5,\"field_name\":\"Model\"}}]}",
        "{\"data\":[{\"attributes\":{\"value\":\"Sales\"},\"relationships\":{\"custom_field\":"
        "{\"data\":{\"id\":\"5\"}}}}],\"included\":[{\"id\":\"5\",\"type\":\"jobs\",\"attributes\":"
        "{\"name\":\"Model\"}}]}",
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        assert_string_equal(
            afp_application_attribute(*state, unit_json(*state, documents[i]), "Model"), "");
    }
}

static void a_document_that_is_no_list_of_attributes_is_refused(void **state)
{
    static const char *const documents[] = {"{}", "[]", "{\"data\":{}}", "{\"data\":null}"};

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        assert_null(afp_application_attribute(*state, unit_json(*state, documents[i]), "Model"));
    }
    assert_null(afp_application_attribute(*state, NULL, "Model"));
}

static void locales_become_those_of_assessfirst(void **state)
{
    static const char *const locales[][2] = {
        {"de", "de-DE"}, {"en", "en-US"},      {"es", "es-ES"},    {"fr", "fr-FR"},
        {"pt", "pt-PT"}, {"pt-BR", "pt-BR"},   {"pt-br", "pt-BR"}, {"", "it-IT"},
        {"nl", "it-IT"}, {"english", "it-IT"}, {"e", "it-IT"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(locales); i++) {
        assert_string_equal(afp_application_locale(locales[i][0], "it-IT"), locales[i][1]);
    }
}

static void usable_addresses_are_accepted(void **state)
{
    static const char *const usable[] = {
        "a@b.cd",
        "ada.example@example.test",
        "ada+tag@mail.example.test",
        "o'hara@x-y.test",
        "\xc3\xa9lodie@example.test",
        "ada@ex\xc3\xa4mple.test",
        "!#$%&*/=?^_`{|}~@example.test",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(usable); i++) {
        assert_true(afp_application_email_is_usable(usable[i]));
    }
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const refused[] = {
        "",
        "ada",
        "a@b.c",
        "@example.test",
        "ada@",
        "ada@example",
        "ada@.test",
        "ada@example.",
        "ada@example..test",
        "ada@@example.test",
        "ada@example@test.com",
        "ada lovelace@example.test",
        "ada@example.test\n",
        "ada@exam\tple.test",
        "ada\xc2\xa0x@example.test",
        "ada\xc2\x85x@example.test",
        "ada\xff@example.test",
        "ada@example.test,bob",
        "Ada<ada@example.test>",
        "ada@example.test;",
        "ada@[127.0.0.1]",
        "\"ada\"@example.test",
        "ada\\@example.test",
        "mailto:ada@example.test",
        "Hidden due to blind screening",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (afp_application_email_is_usable(refused[i])) {
            fail_msg("accepted: %s", refused[i]);
        }
    }
}

static void an_address_has_6_to_254_bytes(void **state)
{
    char *email = apr_palloc(*state, 256);

    memset(email, 'a', 255);
    email[255] = '\0';
    memcpy(email + 255 - 13, "@example.test", 13);
    assert_false(afp_application_email_is_usable(email));
    assert_true(afp_application_email_is_usable(email + 1));
}

static const char *reason_of(apr_pool_t *pool, const afp_application_t *application,
                             const char *status, int anyway)
{
    const char *reason = NULL;

    if (afp_application_check(pool, application, status, anyway, &reason) == AFP_CHECK_INVITE) {
        assert_null(reason);
        return "";
    }
    assert_non_null(reason);
    return reason;
}

static void an_application_in_order_is_invited(void **state)
{
    const afp_application_t *application = read_application(*state, DOCUMENT);

    assert_string_equal(reason_of(*state, application, "", 0), "");
    assert_string_equal(reason_of(*state, application, "Assessment", 0), "");
    assert_string_equal(reason_of(*state, application, " Assessment\xc2\xa0", 0), "");
    assert_string_equal(reason_of(*state, application, "Offer", 1), "");
}

static void another_stage_is_skipped_with_both_names(void **state)
{
    const afp_application_t *application = read_application(*state, DOCUMENT);
    const char *reason = reason_of(*state, application, "Phone Screen", 0);

    assert_non_null(strstr(reason, "\"Assessment\""));
    assert_non_null(strstr(reason, "\"Phone Screen\""));
    assert_null(strstr(reason, "case"));
}

static void a_stage_that_differs_only_in_case_says_so(void **state)
{
    afp_application_t application = *read_application(*state, DOCUMENT);

    assert_non_null(strstr(reason_of(*state, &application, "assessment", 0), "case differ"));
    application.stage_name = "\xc3\x89valuation";
    assert_non_null(strstr(reason_of(*state, &application, "\xc3\xa9valuation", 0), "case differ"));
}

static void an_unknown_stage_is_skipped(void **state)
{
    afp_application_t application = *read_application(*state, DOCUMENT);

    application.stage_name = "";
    assert_non_null(strstr(reason_of(*state, &application, "Assessment", 0), "did not say"));
    assert_string_equal(reason_of(*state, &application, "", 0), "");
}

static void the_checks_come_in_their_order(void **state)
{
    afp_application_t application = *read_application(*state, DOCUMENT);

    application.rejected = application.hired = application.demo = application.concealed = 1;
    application.email = "";
    assert_non_null(strstr(reason_of(*state, &application, "Offer", 0), "stage"));
    assert_non_null(strstr(reason_of(*state, &application, "", 0), "rejected"));
    application.rejected = 0;
    assert_non_null(strstr(reason_of(*state, &application, "", 0), "hired"));
    application.hired = 0;
    assert_non_null(strstr(reason_of(*state, &application, "", 0), "demo"));
    application.demo = 0;
    assert_non_null(strstr(reason_of(*state, &application, "", 0), "conceals"));
    application.concealed = 0;
    assert_non_null(strstr(reason_of(*state, &application, "", 0), "e-mail"));
}

static void invite_anyway_still_needs_a_person_and_an_address(void **state)
{
    afp_application_t application = *read_application(*state, DOCUMENT);

    application.rejected = application.hired = application.demo = 1;
    assert_string_equal(reason_of(*state, &application, "Offer", 1), "");
    application.concealed = 1;
    assert_non_null(strstr(reason_of(*state, &application, "Offer", 1), "conceals"));
    application.concealed = 0;
    application.email = "";
    assert_non_null(strstr(reason_of(*state, &application, "Offer", 1), "e-mail"));
}

static void no_reason_tells_who_the_candidate_is(void **state)
{
    afp_application_t application = *read_application(*state, DOCUMENT);

    for (int flag = 0; flag < 6; flag++) {
        const char *reason;

        application.rejected = flag == 1;
        application.hired = flag == 2;
        application.demo = flag == 3;
        application.concealed = flag == 4;
        application.email = flag == 5 ? "" : "ada.example@example.test";
        reason = reason_of(*state, &application, flag == 0 ? "Offer" : "", 0);
        assert_string_not_equal(reason, "");
        assert_null(strstr(reason, "Ada"));
        assert_null(strstr(reason, "Example"));
        assert_null(strstr(reason, "@"));
    }
}

/* A document that has nothing but what Pinpoint was asked for. */
static struct json_object *sparse(apr_pool_t *pool, const char *attributes)
{
    return unit_json(pool, apr_psprintf(pool,
                                        "{\"data\":{\"id\":1000050,\"type\":\"applications\","
                                        "\"attributes\":{%s}}}",
                                        attributes));
}

static void an_application_that_is_still_of_interest_has_not_left(void **state)
{
    assert_string_equal(afp_application_left(unit_json(*state, DOCUMENT), "1000050"), "");
    assert_string_equal(afp_application_left(sparse(*state, ""), "1000050"), "");
    assert_string_equal(afp_application_left(sparse(*state, "\"hired_at\":null,"
                                                            "\"rejected_at\":null,"
                                                            "\"concealed\":false"),
                                             "1000050"),
                        "");
}

static void who_was_hired_rejected_or_concealed_has_left(void **state)
{
    static const struct {
        const char *attributes;
        const char *word;
    } cases[] = {
        {"\"hired_at\":\"2026-01-02T03:04:05Z\"", "hired"},
        {"\"rejected_at\":\"2026-01-02T03:04:05Z\"", "rejected"},
        {"\"concealed\":true", "conceals"},
        {"\"concealed\":true,\"rejected_at\":\"2026-01-02\"", "rejected"},
        {"\"rejected_at\":\"2026-01-02\",\"hired_at\":\"2026-01-02\"", "hired"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *left = afp_application_left(sparse(*state, cases[i].attributes), "1000050");

        assert_non_null(left);
        assert_non_null(strstr(left, cases[i].word));
    }
}

static void what_is_not_that_application_cannot_have_left(void **state)
{
    static const char *const none[] = {
        "{}",
        "[]",
        "{\"data\":{\"id\":\"1000051\",\"type\":\"applications\",\"attributes\":{}}}",
        "{\"data\":{\"id\":\"1000050\",\"type\":\"jobs\",\"attributes\":{}}}",
        "{\"data\":{\"type\":\"applications\",\"attributes\":{\"hired_at\":\"2026\"}}}",
        "{\"errors\":[{\"status\":\"404\"}]}",
    };

    for (size_t i = 0; i < COUNT_OF(none); i++) {
        assert_null(afp_application_left(unit_json(*state, none[i]), "1000050"));
    }
    assert_null(afp_application_left(NULL, "1000050"));
}

static void only_true_is_concealed(void **state)
{
    assert_true(afp_application_is_concealed(sparse(*state, "\"concealed\":true")));
    assert_false(afp_application_is_concealed(sparse(*state, "\"concealed\":false")));
    assert_false(afp_application_is_concealed(sparse(*state, "\"concealed\":\"true\"")));
    assert_false(afp_application_is_concealed(sparse(*state, "")));
    assert_false(afp_application_is_concealed(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_document_of_the_contract_is_read),
        UNIT_TEST(an_array_of_one_is_read_as_well),
        UNIT_TEST(job_and_stage_are_found_by_relationship_or_by_attribute),
        UNIT_TEST(what_pinpoint_does_not_say_is_empty),
        UNIT_TEST(a_stage_that_is_not_included_has_no_name),
        UNIT_TEST(closed_demo_and_concealed_applications_are_told),
        UNIT_TEST(a_masked_email_counts_as_none),
        UNIT_TEST(a_document_that_is_not_this_application_is_refused),
        UNIT_TEST(an_application_outlives_its_document),
        UNIT_TEST(a_field_s_value_is_found_by_name_in_either_place),
        UNIT_TEST(a_record_without_the_field_has_an_empty_value),
        UNIT_TEST(a_document_that_is_no_list_of_attributes_is_refused),
        UNIT_TEST(locales_become_those_of_assessfirst),
        UNIT_TEST(usable_addresses_are_accepted),
        UNIT_TEST(what_is_no_address_is_refused),
        UNIT_TEST(an_address_has_6_to_254_bytes),
        UNIT_TEST(an_application_in_order_is_invited),
        UNIT_TEST(another_stage_is_skipped_with_both_names),
        UNIT_TEST(a_stage_that_differs_only_in_case_says_so),
        UNIT_TEST(an_unknown_stage_is_skipped),
        UNIT_TEST(the_checks_come_in_their_order),
        UNIT_TEST(invite_anyway_still_needs_a_person_and_an_address),
        UNIT_TEST(no_reason_tells_who_the_candidate_is),
        UNIT_TEST(an_application_that_is_still_of_interest_has_not_left),
        UNIT_TEST(who_was_hired_rejected_or_concealed_has_left),
        UNIT_TEST(what_is_not_that_application_cannot_have_left),
        UNIT_TEST(only_true_is_concealed),
    };

    return UNIT_RUN(tests);
}
