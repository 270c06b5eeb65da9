/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr.h - IP addresses and prefixes of both families behind one type. Pure; no resolver. */
#ifndef VNM_UTIL_ADDR_H
#define VNM_UTIL_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define VNM_ADDR_STRLEN INET6_ADDRSTRLEN
#define VNM_PREFIX_STRLEN (INET6_ADDRSTRLEN + 4)

/** struct vnm_addr - an address; @family AF_UNSPEC (0) means none. Bytes in network order, v4 in the first four. */
struct vnm_addr {
	int family;
	uint8_t b[16];
};

/** struct vnm_prefix - a subnet: @addr with the host bits as given, @len the prefix length. */
struct vnm_prefix {
	struct vnm_addr addr;
	unsigned len;
};

int vnm_addr_parse(const char *s, struct vnm_addr *ret);		/* strict dotted quad or RFC 4291 text */
const char *vnm_addr_format(const struct vnm_addr *a, char buf[static VNM_ADDR_STRLEN]);
int vnm_addr_cmp(const struct vnm_addr *a, const struct vnm_addr *b);	/* by family, then value */
bool vnm_addr_equal(const struct vnm_addr *a, const struct vnm_addr *b);
unsigned vnm_addr_bits(int family);					/* 32 or 128 */
int vnm_netmask_to_len(const struct vnm_addr *mask, unsigned *ret);	/* -EINVAL when it has holes */
struct vnm_addr vnm_netmask_from_len(int family, unsigned len);
unsigned vnm_addr_class_len(const struct vnm_addr *a);		/* class A/B/C: 8, 16, 24; v6: 64 */

int vnm_prefix_parse(const char *s, struct vnm_prefix *ret);		/* "192.0.2.1/24" */
const char *vnm_prefix_format(const struct vnm_prefix *p, char buf[static VNM_PREFIX_STRLEN]);
struct vnm_addr vnm_prefix_first(const struct vnm_prefix *p);		/* the network address */
struct vnm_addr vnm_prefix_last(const struct vnm_prefix *p);		/* v4: the broadcast address */
struct vnm_prefix vnm_prefix_only(const struct vnm_addr *a);	/* one address */
struct vnm_prefix vnm_prefix_network(const struct vnm_prefix *p);	/* host bits cleared */
bool vnm_prefix_contains(const struct vnm_prefix *p, const struct vnm_addr *a);
bool vnm_prefix_overlaps(const struct vnm_prefix *a, const struct vnm_prefix *b);
const char *vnm_prefix_special(const struct vnm_prefix *subnet, const struct vnm_addr *addr);
bool vnm_prefix_equal(const struct vnm_prefix *a, const struct vnm_prefix *b);	/* same network and length */
uint64_t vnm_addr_span(const struct vnm_addr *start, const struct vnm_addr *end);	/* addresses in [start, end], saturating; 0 if reversed */

#endif
