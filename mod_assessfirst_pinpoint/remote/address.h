#ifndef AFP_REMOTE_ADDRESS_H
#define AFP_REMOTE_ADDRESS_H

#include <sys/socket.h>

/* 1 if a connection to the address may be made for a tenant: a public unicast address. Refused:
 * private, loopback, link-local, CGNAT, documentation, benchmarking, multicast, reserved, and the
 * IPv6 forms that embed or translate them (IANA's special-purpose address registries). IPv4 mapped
 * into IPv6 is judged as IPv4. Anything but IPv4 and IPv6 is refused. Any thread. */
int afp_address_is_public(const struct sockaddr *address, socklen_t length);

#endif
