#include "remote/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    uint32_t network;
    uint32_t mask;
} range4_t;

#define RANGE4(a, b, c, d, bits)                                                                   \
    {                                                                                              \
        ((uint32_t)(a) << 24) | ((uint32_t)(b) << 16) | ((uint32_t)(c) << 8) | (uint32_t)(d),      \
            UINT32_MAX << (32 - (bits))                                                            \
    }

/* IANA's IPv4 special-purpose registry, multicast and the reserved block. */
static const range4_t refused4[] = {
    RANGE4(0, 0, 0, 0, 8),       /* this network */
    RANGE4(10, 0, 0, 0, 8),      /* private */
    RANGE4(100, 64, 0, 0, 10),   /* CGNAT */
    RANGE4(127, 0, 0, 0, 8),     /* loopback */
    RANGE4(169, 254, 0, 0, 16),  /* link-local, clouds' metadata services */
    RANGE4(172, 16, 0, 0, 12),   /* private */
    RANGE4(192, 0, 0, 0, 24),    /* IETF protocol assignments */
    RANGE4(192, 0, 2, 0, 24),    /* documentation */
    RANGE4(192, 88, 99, 0, 24),  /* 6to4 relays */
    RANGE4(192, 168, 0, 0, 16),  /* private */
    RANGE4(198, 18, 0, 0, 15),   /* benchmarking */
    RANGE4(198, 51, 100, 0, 24), /* documentation */
    RANGE4(203, 0, 113, 0, 24),  /* documentation */
    RANGE4(224, 0, 0, 0, 4),     /* multicast */
    RANGE4(240, 0, 0, 0, 4),     /* reserved, broadcast */
};

typedef struct {
    unsigned char network[4];
    int bits; /* at most 32 */
} range6_t;

/* Within 2000::/3, the only block of global unicast addresses. Everything outside it (::, ::1,
 * 64:ff9b::/96, 100::/64, 5f00::/16, fc00::/7, fe80::/10, ff00::/8 and what is not allocated) is
 * refused without a table. */
static const range6_t refused6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* IETF protocol assignments: Teredo, benchmarking, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4 embeds any IPv4 address */
    {{0x3f, 0xff, 0x00, 0x00}, 20}, /* documentation */
};

static uint32_t big_endian32(const unsigned char *bytes)
{
    return ((uint32_t)bytes[0] << 24) | ((uint32_t)bytes[1] << 16) | ((uint32_t)bytes[2] << 8) |
           (uint32_t)bytes[3];
}

static int is_public4(uint32_t address)
{
    for (size_t i = 0; i < sizeof(refused4) / sizeof(refused4[0]); i++) {
        if ((address & refused4[i].mask) == refused4[i].network)
            return 0;
    }
    return 1;
}

static int is_public6(const unsigned char address[16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    uint32_t first = big_endian32(address);

    if (!memcmp(address, mapped, sizeof(mapped)))
        return is_public4(big_endian32(address + 12));
    if ((address[0] & 0xe0) != 0x20)
        return 0;
    for (size_t i = 0; i < sizeof(refused6) / sizeof(refused6[0]); i++) {
        uint32_t mask = UINT32_MAX << (32 - refused6[i].bits);

        if ((first & mask) == big_endian32(refused6[i].network))
            return 0;
    }
    return 1;
}

int afp_address_is_public(const struct sockaddr *address, socklen_t length)
{
    if (address == NULL || length < sizeof(*address))
        return 0;
    if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof(in));
        return is_public4(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 in6;

        memcpy(&in6, address, sizeof(in6));
        return is_public6(in6.sin6_addr.s6_addr);
    }
    return 0;
}
