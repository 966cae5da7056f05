#include "unit_results.h"

/* --- the link --------------------------------------------------------------------------------- */

static void links_to_the_allowed_hosts_and_below_are_allowed(void **state)
{
    static const char *const links[] = {
        "https://assessfirst.com",
        "https://assessfirst.com/",
        "https://app.assessfirst.com/_/candidate/1?x=1&y=%C3%A9#top",
        "https://app.assessfirst.com?x[]=https://evil.example",
        "https://app.assessfirst.com#@evil.example",
        "https://app.assessfirst.com/@evil.example",
        "https://a.b.c-d.assessfirst.com/x",
        "https://xn--prsident-b1a.assessfirst.com/x",
        "HTTPS://AZ.AssessFirst.COM/X",
        "https://app.assessfirst.com:443/x",
        "https://app.assessfirst.com:65535",
        "https://sandbox.example.test:8443/x",
    };

    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (!afp_results_link_is_allowed(*state, links[i], unit_hosts(*state))) {
            fail_msg("refused: %s", links[i]);
        }
    }
}

static void every_other_link_is_refused(void **state)
{
    static const char *const links[] = {
        "",
        "x",
        "/x",
        "//assessfirst.com/x",
        "https:",
        "https:/assessfirst.com/x",
        "https:assessfirst.com/x",
        "https://",
        "https:///assessfirst.com/x",
        "https:////assessfirst.com/x",
        "http://assessfirst.com/x",
        "ftp://assessfirst.com/x",
        "javascript:https://assessfirst.com/x",
        "https ://assessfirst.com/x",
        " https://assessfirst.com/x",
        "https://assessfirst.com/x ",
        "https://assessfirst.com/a b",
        "https://evil.example/assessfirst.com",
        "https://evil.example/https://assessfirst.com/",
        "https://evil.example?assessfirst.com",
        "https://evil.example?.assessfirst.com",
        "https://evil.example#.assessfirst.com",
        "https://evilassessfirst.com/x",
        "https://evil-assessfirst.com/x",
        "https://assessfirst.com.evil.example/x",
        "https://assessfirst.comevil.example/x",
        "https://assessfirst.co/x",
        "https://com/x",
        "https://example.test/x",
        /* user information */
        "https://user@assessfirst.com/x",
        "https://user:password@assessfirst.com/x",
        "https://@assessfirst.com/x",
        "https://assessfirst.com@evil.example/x",
        "https://assessfirst.com:443@evil.example/x",
        "https://evil.example:1@assessfirst.com/x",
        "https://assessfirst.com%40evil.example/x",
        /* backslashes and other characters that parsers disagree on */
        "https:\\\\assessfirst.com\\x",
        "https://evil.example\\.assessfirst.com/x",
        "https://evil.example\\@assessfirst.com/x",
        "https://assessfirst.com\\@evil.example/x",
        "https://assessfirst.com/a\\b",
        "https://evil.example%2f.assessfirst.com/x",
        "https://evil.example%00.assessfirst.com/x",
        "https://evil.example;.assessfirst.com/x",
        "https://evil.example,.assessfirst.com/x",
        "https://a_b.assessfirst.com/x",
        "https://*.assessfirst.com/x",
        "https://assessfirst.com/\"onclick=x",
        "https://assessfirst.com/<x>",
        "https://assessfirst.com/`x`",
        "https://assessfirst.com/{x}",
        "https://assessfirst.com/a|b",
        "https://assessfirst.com/a^b",
        /* controls and everything beyond ASCII */
        "https://assessfirst.com/a\nb",
        "https://assessfirst.com/a\r\nb",
        "https://assess\tfirst.com/x",
        "https://assessfirst.com/\x01",
        "https://assessfirst.com/\x7f",
        "https://assessfirst.com/\xc3\xa9",
        "https://assessf\xc4\xb1rst.com/x",
        "https://evil.example\xef\xbc\x8f.assessfirst.com/x",
        "https://www\xe3\x80\x82.assessfirst.com/x",
        /* ports */
        "https://assessfirst.com:/x",
        "https://assessfirst.com:0/x",
        "https://assessfirst.com:65536/x",
        "https://assessfirst.com:000443/x",
        "https://assessfirst.com:+443/x",
        "https://assessfirst.com:-1/x",
        "https://assessfirst.com:4x/x",
        "https://assessfirst.com:443:443/x",
        "https://assessfirst.com:.evil.example/x",
        "https://:443/x",
        /* labels */
        "https://assessfirst.com./x",
        "https://assessfirst.com.:443/x",
        "https://assessfirst.com../x",
        "https://.assessfirst.com/x",
        "https://a..assessfirst.com/x",
        "https://./x",
        "https://-a.assessfirst.com/x",
        "https://a-.assessfirst.com/x",
        "https://[::1]/x",
        "https://[assessfirst.com]/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
    };

    for (size_t i = 0; i < COUNT_OF(links); i++) {
        char *exact = unit_exact_copy(links[i], strlen(links[i]) + 1);
        int allowed = afp_results_link_is_allowed(*state, exact, unit_hosts(*state));

        free(exact);
        if (allowed) {
            fail_msg("allowed: %s", links[i]);
        }
    }
}

static void a_link_has_at_most_1000_bytes(void **state)
{
    const char *fits = unit_long_link(*state, AFP_LINK_LIMIT);
    const char *too_long = unit_long_link(*state, AFP_LINK_LIMIT + 1);
    afp_results_t results;

    assert_int_equal(AFP_LINK_LIMIT, 1000);
    assert_true(afp_results_link_is_allowed(*state, fits, unit_hosts(*state)));
    assert_false(afp_results_link_is_allowed(*state, too_long, unit_hosts(*state)));
    results = unit_results_with(
        *state, apr_psprintf(*state, "\"url\":\"%s\",\"link\":\"%s\"", too_long, fits));
    assert_string_equal(results.link, fits);
}

static void labels_and_hosts_have_the_lengths_of_the_dns(void **state)
{
    char label[65] = "";
    const char *host = "assessfirst.com";

    memset(label, 'a', 63);
    assert_true(afp_results_link_is_allowed(
        *state, apr_pstrcat(*state, "https://", label, ".", host, NULL), unit_hosts(*state)));
    label[63] = 'a';
    assert_false(afp_results_link_is_allowed(
        *state, apr_pstrcat(*state, "https://", label, ".", host, NULL), unit_hosts(*state)));
    while (strlen(host) < 251) {
        host = apr_pstrcat(*state, "a.", host, NULL);
    }
    assert_int_equal(strlen(host), 251);
    assert_true(afp_results_link_is_allowed(*state, apr_pstrcat(*state, "https://a.", host, NULL),
                                            unit_hosts(*state)));
    assert_false(afp_results_link_is_allowed(*state, apr_pstrcat(*state, "https://aa.", host, NULL),
                                             unit_hosts(*state)));
}

static void without_allowed_hosts_there_is_no_link(void **state)
{
    apr_array_header_t *hosts = apr_array_make(*state, 1, sizeof(const char *));

    assert_false(afp_results_link_is_allowed(*state, UNIT_LINK, hosts));
    APR_ARRAY_PUSH(hosts, const char *) = "";
    assert_false(afp_results_link_is_allowed(*state, UNIT_LINK, hosts));
    APR_ARRAY_PUSH(hosts, const char *) = "127.0.0.1";
    assert_true(afp_results_link_is_allowed(*state, "https://127.0.0.1:8443/x", hosts));
    assert_false(afp_results_link_is_allowed(*state, "https://127.0.0.11/x", hosts));
}

static void the_first_allowed_link_wins_in_the_order_of_the_contract(void **state)
{
    static const char *const members[] = {
        "\"url\":\"https://assessfirst.com/1\",\"web_url\":\"https://assessfirst.com/2\"",
        "\"web_url\":\"https://assessfirst.com/1\",\"link\":\"https://assessfirst.com/2\"",
        "\"profile_url\":\"https://assessfirst.com/2\",\"link\":\"https://assessfirst.com/1\"",
        "\"links\":{\"profile\":\"https://assessfirst.com/2\"},\"profile_url\":\"https://"
        "assessfirst.com/1\"",
        "\"reports\":[{\"url\":\"https://assessfirst.com/2\"}],\"links\":{\"profile\":\"https://"
        "assessfirst.com/1\"}",
        "\"url\":\"https://evil.example/\",\"web_url\":7,\"link\":\"https://assessfirst.com/1\"",
        "\"url\":null,\"reports\":[null,5,{\"web_link\":\"https://evil.example/\"},{\"name\":\"x\","
        "\"web_link\":\"https://assessfirst.com/1\"}]",
        "\"reports\":[{\"link\":\"https://assessfirst.com/3\",\"url\":\"https://assessfirst.com/"
        "2\",\"web_link\":\"https://assessfirst.com/1\"}]",
        "\"reports\":[{\"link\":\"https://assessfirst.com/1\"}]",
        "\"documents\":[{\"url\":\"https://assessfirst.com/2\"}],\"reports\":[{\"url\":\"https://"
        "assessfirst.com/1\"}]",
        "\"documents\":[{\"url\":\"https://assessfirst.com/1\"}],\"reports\":[]",
    };

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        afp_results_t results = unit_results_with(*state, members[i]);

        if (strcmp(results.link, "https://assessfirst.com/1") != 0) {
            fail_msg("%s: %s", results.link, members[i]);
        }
    }
}

static void no_link_is_built_from_the_token(void **state)
{
    assert_string_equal(unit_results_with(*state, "\"token\":\"ab12cd34\"").link, "");
    assert_string_equal(
        unit_results_with(*state,
                          "\"url\":\"https://evil.example/\",\"reports\":[{\"web_link\":\"http://"
                          "assessfirst.com/\"}],\"links\":{\"profile\":\"https://assessfirst."
                          "com\\u0000.evil.example/\"}")
            .link,
        "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(links_to_the_allowed_hosts_and_below_are_allowed),
        UNIT_TEST(every_other_link_is_refused),
        UNIT_TEST(a_link_has_at_most_1000_bytes),
        UNIT_TEST(labels_and_hosts_have_the_lengths_of_the_dns),
        UNIT_TEST(without_allowed_hosts_there_is_no_link),
        UNIT_TEST(the_first_allowed_link_wins_in_the_order_of_the_contract),
        UNIT_TEST(no_link_is_built_from_the_token),
    };

    return UNIT_RUN(tests);
}
