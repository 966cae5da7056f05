#include "unit.h"

#include "remote/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static int is_public(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return afp_address_is_public((const struct sockaddr *)&in, sizeof(in));
    if (inet_pton(AF_INET6, text, &in6.sin6_addr) != 1)
        fail_msg("%s is no address", text);
    return afp_address_is_public((const struct sockaddr *)&in6, sizeof(in6));
}

static void all_are(const char *const *addresses, int expected)
{
    for (; *addresses != NULL; addresses++) {
        if (is_public(*addresses) != expected)
            fail_msg("%s must%s be public", *addresses, expected ? "" : " not");
    }
}

static void first_and_last_address_of_each_ipv4_range_are_refused(void **state)
{
    static const char *const refused[] = {"0.0.0.0",
                                          "0.255.255.255", /* this network */
                                          "10.0.0.0",
                                          "10.255.255.255", /* private */
                                          "100.64.0.0",
                                          "100.127.255.255", /* CGNAT */
                                          "127.0.0.0",
                                          "127.0.0.1",
                                          "127.255.255.255", /* loopback */
                                          "169.254.0.0",
                                          "169.254.169.254",
                                          "169.254.255.255", /* link-local */
                                          "172.16.0.0",
                                          "172.31.255.255", /* private */
                                          "192.0.0.0",
                                          "192.0.0.255", /* IETF protocol assignments */
                                          "192.0.2.0",
                                          "192.0.2.255", /* documentation */
                                          "192.88.99.0",
                                          "192.88.99.255", /* 6to4 relays */
                                          "192.168.0.0",
                                          "192.168.255.255", /* private */
                                          "198.18.0.0",
                                          "198.19.255.255", /* benchmarking */
                                          "198.51.100.0",
                                          "198.51.100.255", /* documentation */
                                          "203.0.113.0",
                                          "203.0.113.255", /* documentation */
                                          "224.0.0.0",
                                          "239.255.255.255", /* multicast */
                                          "240.0.0.0",
                                          "255.255.255.255", /* reserved, broadcast */
                                          NULL};

    (void)state;
    all_are(refused, 0);
}

static void neighbours_of_each_ipv4_range_are_public(void **state)
{
    static const char *const accepted[] = {
        "1.0.0.0",      "9.255.255.255",   "11.0.0.0",     "100.63.255.255",
        "100.128.0.0",  "126.255.255.255", "128.0.0.0",    "169.253.255.255",
        "169.255.0.0",  "172.15.255.255",  "172.32.0.0",   "191.255.255.255",
        "192.0.1.0",    "192.0.1.255",     "192.0.3.0",    "192.88.98.255",
        "192.88.100.0", "192.167.255.255", "192.169.0.0",  "198.17.255.255",
        "198.20.0.0",   "198.51.99.255",   "198.51.101.0", "203.0.112.255",
        "203.0.114.0",  "223.255.255.255", "8.8.8.8",      NULL};

    (void)state;
    all_are(accepted, 1);
}

static void ipv6_outside_global_unicast_is_refused(void **state)
{
    static const char *const refused[] = {"::",
                                          "::1",
                                          "::2",
                                          "::8.8.8.8", /* IPv4-compatible */
                                          "64:ff9b::",
                                          "64:ff9b::808:808",
                                          "64:ff9b::ffff:ffff", /* NAT64 */
                                          "64:ff9b:1::",
                                          "100::",
                                          "100::ffff:ffff:ffff:ffff",
                                          "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "4000::",
                                          "5f00::",
                                          "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "fc00::",
                                          "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "fe80::",
                                          "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "fec0::",
                                          "ff00::",
                                          "ff02::1",
                                          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          NULL};

    (void)state;
    all_are(refused, 0);
}

static void special_ranges_within_global_unicast_are_refused(void **state)
{
    static const char *const refused[] = {"2001::",
                                          "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", /* Teredo */
                                          "2001:2::",
                                          "2001:10::",
                                          "2001:20::",
                                          "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "2001:db8::",
                                          "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "2002::",
                                          "2002:7f00:1::",
                                          "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "3fff::",
                                          "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          NULL};

    (void)state;
    all_are(refused, 0);
}

static void other_global_unicast_ipv6_is_public(void **state)
{
    static const char *const accepted[] = {"2000::",      "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                           "2001:200::",  "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                                           "2001:db9::",  "2001:4860:4860::8888",
                                           "2003::",      "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                           "3fff:1000::", NULL};

    (void)state;
    all_are(accepted, 1);
}

static void mapped_ipv4_is_judged_as_ipv4(void **state)
{
    static const char *const refused[] = {"::ffff:127.0.0.1", "::ffff:10.0.0.1",
                                          "::ffff:169.254.169.254", "::ffff:0.0.0.0", NULL};
    static const char *const accepted[] = {"::ffff:8.8.8.8", NULL};

    (void)state;
    all_are(refused, 0);
    all_are(accepted, 1);
}

static void other_families_and_short_addresses_are_refused(void **state)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    (void)state;
    inet_pton(AF_INET, "8.8.8.8", &in.sin_addr);
    inet_pton(AF_INET6, "2001:4860:4860::8888", &in6.sin6_addr);
    assert_false(afp_address_is_public((const struct sockaddr *)&un, sizeof(un)));
    assert_false(afp_address_is_public((const struct sockaddr *)&in, sizeof(in) - 1));
    assert_false(afp_address_is_public((const struct sockaddr *)&in6, sizeof(in6) - 1));
    assert_false(afp_address_is_public((const struct sockaddr *)&in, 0));
    assert_false(afp_address_is_public(NULL, sizeof(in)));
    assert_true(afp_address_is_public((const struct sockaddr *)&in, sizeof(in)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_and_last_address_of_each_ipv4_range_are_refused),
        cmocka_unit_test(neighbours_of_each_ipv4_range_are_public),
        cmocka_unit_test(ipv6_outside_global_unicast_is_refused),
        cmocka_unit_test(special_ranges_within_global_unicast_are_refused),
        cmocka_unit_test(other_global_unicast_ipv6_is_public),
        cmocka_unit_test(mapped_ipv4_is_judged_as_ipv4),
        cmocka_unit_test(other_families_and_short_addresses_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
