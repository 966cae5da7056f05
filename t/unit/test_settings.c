#include "unit.h"

#include "core/settings.h"

#include <apr_strings.h>
#include <string.h>

#define PINPOINT "pinpointhq.com"

/* `count` times `c`. */
static char *repeated(apr_pool_t *pool, char c, size_t count)
{
    char *text = apr_palloc(pool, count + 1);

    memset(text, c, count);
    text[count] = '\0';
    return text;
}

static void assert_subdomain(apr_pool_t *pool, const char *entered, const char *domain,
                             const char *expected)
{
    afp_settings_fault_t fault = AFP_FAULT_NONE;
    const char *subdomain = afp_settings_subdomain(pool, entered, domain, &fault);

    if (subdomain == NULL) {
        fail_msg("%s: fault %d", entered, (int)fault);
        return;
    }
    assert_string_equal(subdomain, expected);
}

static void assert_no_subdomain(apr_pool_t *pool, const char *entered, const char *domain)
{
    afp_settings_fault_t fault = AFP_FAULT_NONE;
    const char *subdomain = afp_settings_subdomain(pool, entered, domain, &fault);

    if (subdomain != NULL) {
        fail_msg("%s was read as %s", entered, subdomain);
    }
    assert_int_not_equal(fault, AFP_FAULT_NONE);
}

static void a_subdomain_is_found_in_whatever_the_administrator_pastes(void **state)
{
    static const char *const entered[] = {
        "acme",
        " acme\t",
        "ACME",
        "acme.",
        "acme/admin",
        "acme.pinpointhq.com",
        "Acme.PinpointHQ.com",
        "acme.pinpointhq.com.",
        "acme.pinpointhq.com/admin",
        "acme.pinpointhq.com:443",
        "https://acme.pinpointhq.com",
        "https://acme.pinpointhq.com/",
        "https://acme.pinpointhq.com/admin",
        "HTTPS://ACME.PINPOINTHQ.COM/admin",
        "http://acme.pinpointhq.com:8080/admin/jobs/1?x=y#z",
        "https://acme.pinpointhq.com?x=1",
        "https://acme.pinpointhq.com#top",
        "https://acme.pinpointhq.com/@foo:bar",
        "\xc2\xa0https://acme.pinpointhq.com/admin\r\n",
    };

    for (size_t i = 0; i < COUNT_OF(entered); i++) {
        assert_subdomain(*state, entered[i], PINPOINT, "acme");
    }
    assert_subdomain(*state, "https://assess-first-sandbox.pinpointhq.com/admin", PINPOINT,
                     "assess-first-sandbox");
    assert_subdomain(*state, "acme:8", PINPOINT, "acme");
    assert_subdomain(*state, "Z.", PINPOINT, "z");
    assert_subdomain(*state, "acme", "PinpointHQ.com", "acme");
    assert_subdomain(*state, "acme.pinpointhq.com", "PinpointHQ.com", "acme");
}

static void an_address_that_means_another_host_is_refused(void **state)
{
    static const char *const entered[] = {
        "https://evil.test@acme.pinpointhq.com",
        "https://acme.pinpointhq.com@evil.test",
        "https://acme.pinpointhq.com:pass@evil.test/",
        "https://user@acme.pinpointhq.com",
        "https://user:pass@acme.pinpointhq.com",
        "acme@pinpointhq.com",
        "https://evil.test\\@acme.pinpointhq.com",
        "https://evil.test\\.pinpointhq.com",
        "https:\\\\acme.pinpointhq.com",
        "acme.pinpointhq.com\\admin",
        "https://evil.test/acme.pinpointhq.com",
        "https://evil.test/@acme.pinpointhq.com",
        "https://evil.test?.pinpointhq.com",
        "https://evil.test#.pinpointhq.com",
        "https://acme.pinpointhq.com.evil.test",
        "https://acmepinpointhq.com",
        "https://acme.pinpointhq.co",
        "https://acme.notpinpointhq.com",
    };

    for (size_t i = 0; i < COUNT_OF(entered); i++) {
        assert_no_subdomain(*state, entered[i], PINPOINT);
    }
}

static void what_is_no_host_is_refused(void **state)
{
    static const char *const entered[] = {
        "",
        " ",
        ".",
        "..",
        "-",
        "-acme",
        "acme-",
        "ac me",
        "ac\tme",
        "ac_me",
        "ac%6de",
        "acme..pinpointhq.com",
        ".pinpointhq.com",
        "acme.pinpointhq.com..",
        "a.b.pinpointhq.com",
        "pinpointhq.com",
        "https://pinpointhq.com",
        "https://",
        "https:///acme",
        "https:/acme.pinpointhq.com",
        "https:acme.pinpointhq.com",
        "://acme",
        "//acme.pinpointhq.com",
        "ftp://acme.pinpointhq.com",
        "javascript:alert(1)",
        "javascript://acme.pinpointhq.com",
        "https://https://acme.pinpointhq.com",
        "acme:",
        "acme:x",
        "acme:80x",
        "acme.pinpointhq.com:443:443",
        "acm\xc3\xa9",
        "https://acm\xc3\xa9.pinpointhq.com",
        "https://acme\xe3\x80\x82pinpointhq.com",
        "https://\xef\xbd\x81\xef\xbd\x83me.pinpointhq.com",
        "acme.pinpointhq.com\xff",
        "acme,other",
        "{subdomain}",
        "<acme>",
        "https://acme.pinpointhq.com/admin https://other.pinpointhq.com/admin",
        "https://acme.pinpointhq.com/admin\nhttps://other.pinpointhq.com/admin",
        "https://acme.pinpointhq.com/\\evil.test",
        "https://acme.pinpointhq.com/\x7fx",
    };

    for (size_t i = 0; i < COUNT_OF(entered); i++) {
        assert_no_subdomain(*state, entered[i], PINPOINT);
    }
    assert_no_subdomain(*state, "https://acme.pinpointhq.com\n.evil.test", PINPOINT);
}

static void an_ip_address_is_refused(void **state)
{
    static const char *const entered[] = {
        "127.0.0.1",
        "https://127.0.0.1/admin",
        "10.0.0.1:8080",
        "[::1]",
        "https://[::1]:443/",
        "::1",
        "1.2",
        "127.0.0.1.",
    };
    afp_settings_fault_t fault = AFP_FAULT_NONE;

    for (size_t i = 0; i < COUNT_OF(entered); i++) {
        assert_no_subdomain(*state, entered[i], PINPOINT);
        assert_no_subdomain(*state, entered[i], NULL);
    }
    assert_null(afp_settings_subdomain(*state, "127.0.0.1", PINPOINT, &fault));
    assert_int_equal(fault, AFP_FAULT_IP_ADDRESS);
}

static void a_label_has_at_most_63_characters(void **state)
{
    const char *longest = repeated(*state, 'a', 63);

    assert_subdomain(*state, longest, PINPOINT, longest);
    assert_subdomain(*state, apr_pstrcat(*state, longest, "." PINPOINT, NULL), PINPOINT, longest);
    assert_no_subdomain(*state, repeated(*state, 'a', 64), PINPOINT);
    assert_no_subdomain(*state, apr_pstrcat(*state, longest, "a." PINPOINT, NULL), PINPOINT);
}

static void without_a_domain_the_first_label_of_any_name_counts(void **state)
{
    assert_subdomain(*state, "acme", NULL, "acme");
    assert_subdomain(*state, "https://acme.sandbox.test:8443/admin", NULL, "acme");
    assert_subdomain(*state, "localhost", NULL, "localhost");
    assert_subdomain(*state, "12345", NULL, "12345");
    assert_no_subdomain(*state, "https://user@acme.sandbox.test", NULL);
    assert_no_subdomain(*state, "acme..test", NULL);
}

static void a_host_of_another_domain_is_told_from_no_host(void **state)
{
    afp_settings_fault_t fault = AFP_FAULT_NONE;

    assert_null(afp_settings_subdomain(*state, "acme.evil.test", PINPOINT, &fault));
    assert_int_equal(fault, AFP_FAULT_OTHER_DOMAIN);
    assert_null(afp_settings_subdomain(*state, "", "sandbox.test", &fault));
    assert_int_equal(fault, AFP_FAULT_NO_ADDRESS);
}

static void a_secret_is_trimmed_and_of_printable_ascii(void **state)
{
    afp_settings_fault_t fault = AFP_FAULT_NONE;

    assert_string_equal(afp_settings_secret(*state, " \tkey-!~\r\n\xc2\xa0", &fault), "key-!~");
    assert_string_equal(afp_settings_secret(*state, repeated(*state, 'x', 512), &fault),
                        repeated(*state, 'x', 512));
    assert_int_equal(fault, AFP_FAULT_NONE);
}

static void what_cannot_be_a_secret_is_refused(void **state)
{
    const char *refused[] = {
        "",
        "  ",
        "two words",
        "tab\tinside",
        "line\nbreak",
        "caf\xc3\xa9",
        "a\x7f"
        "b",
        "\xff",
        repeated(*state, 'x', 513),
    };

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        afp_settings_fault_t fault = AFP_FAULT_NONE;

        assert_null(afp_settings_secret(*state, refused[i], &fault));
        assert_int_equal(fault, i < 2                      ? AFP_FAULT_EMPTY
                                : strlen(refused[i]) > 512 ? AFP_FAULT_TOO_LONG
                                                           : AFP_FAULT_CHARACTERS);
    }
}

static void a_status_is_trimmed_and_may_be_empty(void **state)
{
    afp_settings_fault_t fault = AFP_FAULT_NONE;

    assert_string_equal(afp_settings_status(*state, "  ", &fault), "");
    assert_string_equal(afp_settings_status(*state, " Phone Screen\xc2\xa0\n", &fault),
                        "Phone Screen");
    assert_string_equal(afp_settings_status(*state, "\xc3\x89valuation <1>", &fault),
                        "\xc3\x89valuation <1>");
    assert_string_equal(afp_settings_status(*state, repeated(*state, 'x', 255), &fault),
                        repeated(*state, 'x', 255));
    assert_int_equal(fault, AFP_FAULT_NONE);
}

static void what_cannot_be_a_stage_s_name_is_refused(void **state)
{
    const char *refused[] = {"a\nb",    "a\x01z",       "a\xc2\x85z",
                             "caf\xe9", "\xed\xa0\x80", repeated(*state, 'x', 256)};

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        afp_settings_fault_t fault = AFP_FAULT_NONE;

        assert_null(afp_settings_status(*state, refused[i], &fault));
        assert_int_equal(fault,
                         strlen(refused[i]) > 255 ? AFP_FAULT_TOO_LONG : AFP_FAULT_CHARACTERS);
    }
}

static void the_domain_of_an_api_address_is_what_follows_the_subdomain(void **state)
{
    assert_string_equal(
        afp_settings_api_domain(*state, "https://{subdomain}.pinpointhq.com/api/v1"), PINPOINT);
    assert_string_equal(
        afp_settings_api_domain(*state, "http://{subdomain}.sandbox.test:8443/pinpoint/api/v1"),
        "sandbox.test");
    assert_string_equal(afp_settings_api_domain(*state, "https://{subdomain}.t"), "t");
}

static void an_api_address_without_a_subdomain_in_its_host_has_no_domain(void **state)
{
    static const char *const addresses[] = {
        "https://127.0.0.1:8443/api/v1",       "https://api.test/{subdomain}.x/v1",
        "https://api.test?x={subdomain}.test", "https://{subdomain}/api",
        "https://{subdomain}:443/api",         "https://{subdomain}./api",
        "https://{Subdomain}.test/",           "",
    };

    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        assert_null(afp_settings_api_domain(*state, addresses[i]));
    }
}

static const char *trigger(apr_pool_t *pool, const char *status, afp_event_kind_t kind)
{
    afp_event_t event = {.name = "some_event", .kind = kind};

    return afp_settings_trigger(pool, status, &event);
}

static afp_advice_t advice(apr_pool_t *pool, const char *status, const char *first,
                           const char *second)
{
    const char *const events[] = {first, second};

    return afp_settings_advise(pool, status, events, second != NULL ? 2 : first != NULL, NULL);
}

static void the_box_to_tick_is_known_from_what_arrives(void **state)
{
    assert_int_equal(advice(*state, "Offer", "application_created", NULL),
                     AFP_ADVICE_TICK_STAGE_CHANGED);
    assert_int_equal(advice(*state, "", "Application Moved", "job_created"),
                     AFP_ADVICE_TICK_NEW_APPLICATION);
}

static void nothing_is_advised_while_the_trigger_arrives_or_nothing_does(void **state)
{
    assert_int_equal(advice(*state, "Offer", NULL, NULL), AFP_ADVICE_NONE);
    assert_int_equal(advice(*state, "Offer", "application_created", "application_moved"),
                     AFP_ADVICE_NONE);
    assert_int_equal(advice(*state, "", "application_created", "application_moved"),
                     AFP_ADVICE_NONE);
    assert_int_equal(advice(*state, "Offer", "application_hired", "application_vaporised"),
                     AFP_ADVICE_NONE);
}

static void names_of_the_site_count_in_the_advice(void **state)
{
    const char *const events[] = {"candidate_arrived"};
    apr_array_header_t *added = apr_array_make(*state, 1, sizeof(const char *));
    const afp_event_names_t names = {added, NULL};

    APR_ARRAY_PUSH(added, const char *) = "candidate_arrived";
    assert_int_equal(afp_settings_advise(*state, "Offer", events, 1, &names),
                     AFP_ADVICE_TICK_STAGE_CHANGED);
    assert_int_equal(afp_settings_advise(*state, "", events, 1, &names), AFP_ADVICE_NONE);
    assert_int_equal(afp_settings_advise(*state, "Offer", events, 1, NULL), AFP_ADVICE_NONE);
}

static void an_empty_status_is_triggered_by_new_applications_only(void **state)
{
    assert_null(trigger(*state, "", AFP_EVENT_NEW_APPLICATION));
    assert_non_null(strstr(trigger(*state, "", AFP_EVENT_STAGE_CHANGED), "status is empty"));
    assert_non_null(strstr(trigger(*state, "", AFP_EVENT_APPLICATION_UNKNOWN), "\"some_event\""));
    assert_non_null(strstr(trigger(*state, "", AFP_EVENT_OTHER), "\"some_event\""));
}

static void a_status_is_triggered_by_changed_stages_only(void **state)
{
    assert_null(trigger(*state, "Phone Screen", AFP_EVENT_STAGE_CHANGED));
    assert_non_null(
        strstr(trigger(*state, "Phone Screen", AFP_EVENT_NEW_APPLICATION), "\"Phone Screen\""));
    assert_non_null(
        strstr(trigger(*state, "Phone Screen", AFP_EVENT_APPLICATION_UNKNOWN), "not known"));
    assert_non_null(strstr(trigger(*state, "Phone Screen", AFP_EVENT_OTHER), "never"));
}

static void only_a_long_secret_shows_its_end(void **state)
{
    assert_string_equal(afp_settings_mask(*state, ""), "****");
    assert_string_equal(afp_settings_mask(*state, "123456789012"), "****");
    assert_string_equal(afp_settings_mask(*state, "1234567890123"), "****0123");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_subdomain_is_found_in_whatever_the_administrator_pastes),
        UNIT_TEST(an_address_that_means_another_host_is_refused),
        UNIT_TEST(what_is_no_host_is_refused),
        UNIT_TEST(an_ip_address_is_refused),
        UNIT_TEST(a_label_has_at_most_63_characters),
        UNIT_TEST(without_a_domain_the_first_label_of_any_name_counts),
        UNIT_TEST(a_host_of_another_domain_is_told_from_no_host),
        UNIT_TEST(a_secret_is_trimmed_and_of_printable_ascii),
        UNIT_TEST(what_cannot_be_a_secret_is_refused),
        UNIT_TEST(a_status_is_trimmed_and_may_be_empty),
        UNIT_TEST(what_cannot_be_a_stage_s_name_is_refused),
        UNIT_TEST(the_domain_of_an_api_address_is_what_follows_the_subdomain),
        UNIT_TEST(an_api_address_without_a_subdomain_in_its_host_has_no_domain),
        UNIT_TEST(the_box_to_tick_is_known_from_what_arrives),
        UNIT_TEST(nothing_is_advised_while_the_trigger_arrives_or_nothing_does),
        UNIT_TEST(names_of_the_site_count_in_the_advice),
        UNIT_TEST(an_empty_status_is_triggered_by_new_applications_only),
        UNIT_TEST(a_status_is_triggered_by_changed_stages_only),
        UNIT_TEST(only_a_long_secret_shows_its_end),
    };

    return UNIT_RUN(tests);
}
