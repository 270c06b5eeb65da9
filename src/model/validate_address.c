/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_address.c - addresses and ranges of them, whatever element they are in. */
#include "model/validate_address.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#define SPAN_MAX 65536 /* addresses in one range */

/* 0/8 and 127/8, multicast and the reserved class E. */
static bool is_unicast4(const struct vnm_addr *addr)
{
	return addr->b[0] != 0 && addr->b[0] != 127 && addr->b[0] < 224;
}

/* Neither ::/96, in which the unspecified and the loopback address are, nor ::ffff:0:0/96, nor multicast. */
static bool is_unicast6(const struct vnm_addr *addr)
{
	static const uint8_t compatible[12], mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(addr->b, compatible, sizeof(compatible)) != 0 &&
	       memcmp(addr->b, mapped, sizeof(mapped)) != 0 && addr->b[0] != 0xff;
}

/**
 * vnm_check_unicast() - can a host have the address? (RFC 6890; RFC 4291 2.5)
 * @check: the validation
 * @at:    the element
 * @addr:  its address
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_unicast(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	if (addr->family == AF_INET ? is_unicast4(addr) : is_unicast6(addr))
		return 0;
	return vnm_check_fail(check, at,
			      "address '%s' in network '%s' cannot be that of a host: it is "
			      "reserved, loopback or multicast",
			      vnm_addr_format(addr, text), check->net->name);
}

/**
 * vnm_check_own_address() - find an address of the host in a range
 * @net:   the definition
 * @start: the range's first address
 * @end:   its last one
 *
 * Return: the <ip>, or NULL.
 */
const struct vnm_ip *vnm_check_own_address(const struct vnm_network *net,
					   const struct vnm_addr *start, const struct vnm_addr *end)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_addr *own = &net->ips[i].address;

		if (own->family == start->family && vnm_addr_cmp(start, own) <= 0 &&
		    vnm_addr_cmp(own, end) <= 0)
			return &net->ips[i];
	}
	return NULL;
}

/**
 * vnm_check_span() - check a range: not reversed, not too large
 * @check: the validation
 * @at:    the element
 * @start: its first address
 * @end:   its last one, of the same family
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_span(struct vnm_check *check, const struct vnm_at *at, const struct vnm_addr *start,
		   const struct vnm_addr *end)
{
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN];
	uint64_t span = vnm_addr_span(start, end);

	vnm_addr_format(start, a);
	vnm_addr_format(end, b);
	if (span == 0)
		return vnm_check_fail(check, at, "range %s - %s is reversed", a, b);
	if (span > SPAN_MAX)
		return vnm_check_fail(check, at,
				      "range %s - %s is too large: it has %s%" PRIu64
				      " addresses, and at most %d are allowed",
				      a, b, span == UINT64_MAX ? "at least " : "", span, SPAN_MAX);
	return 0;
}
