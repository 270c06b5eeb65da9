/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr.c - IP addresses and prefixes of both families behind one type. */
#include "util/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/parse.h"

/**
 * vnm_addr_bits() - bits of an address of a family
 * @family: AF_INET or AF_INET6
 *
 * Return: 32 or 128; 0 for anything else.
 */
unsigned vnm_addr_bits(int family)
{
	if (family == AF_INET)
		return 32;
	return family == AF_INET6 ? 128 : 0;
}

static unsigned addr_bytes(int family)
{
	return vnm_addr_bits(family) / 8;
}

/**
 * vnm_addr_parse() - read an address of either family
 * @s:   strict dotted quad (four decimal numbers without leading zeros), or the text forms of RFC 4291 2.2;
 *       no zone, no brackets, no blanks
 * @ret: the address
 *
 * Return: 0, or -EINVAL.
 */
int vnm_addr_parse(const char *s, struct vnm_addr *ret)
{
	struct vnm_addr a = { 0 };

	if (!s)
		return -EINVAL;
	a.family = strchr(s, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(a.family, s, a.b) != 1)
		return -EINVAL;
	*ret = a;
	return 0;
}

/**
 * vnm_addr_format() - write an address; IPv6 in the form of RFC 5952
 * @a:   the address
 * @buf: gets the text, "" when @a is no address
 *
 * Return: @buf.
 */
const char *vnm_addr_format(const struct vnm_addr *a, char buf[static VNM_ADDR_STRLEN])
{
	if (!addr_bytes(a->family) || !inet_ntop(a->family, a->b, buf, VNM_ADDR_STRLEN))
		buf[0] = '\0';
	return buf;
}

/**
 * vnm_addr_cmp() - order two addresses: none, IPv4, IPv6; within a family by value
 * @a: one
 * @b: the other
 *
 * Return: negative, 0, positive.
 */
int vnm_addr_cmp(const struct vnm_addr *a, const struct vnm_addr *b)
{
	if (a->family != b->family)
		return vnm_addr_bits(a->family) < vnm_addr_bits(b->family) ? -1 : 1;
	return memcmp(a->b, b->b, addr_bytes(a->family));
}

/**
 * vnm_addr_equal() - whether two addresses are the same one
 * @a: one
 * @b: the other
 */
bool vnm_addr_equal(const struct vnm_addr *a, const struct vnm_addr *b)
{
	return a->family == b->family && vnm_addr_cmp(a, b) == 0;
}

/**
 * vnm_netmask_from_len() - the netmask of a prefix length
 * @family: AF_INET or AF_INET6
 * @len:    bits; more than the family has count as all
 */
struct vnm_addr vnm_netmask_from_len(int family, unsigned len)
{
	struct vnm_addr mask = { .family = family };

	for (unsigned i = 0; i < addr_bytes(family) && len > 0; i++) {
		unsigned bits = len < 8 ? len : 8;

		mask.b[i] = (uint8_t)(0xff00u >> bits);
		len -= bits;
	}
	return mask;
}

/**
 * vnm_netmask_to_len() - the prefix length of a netmask
 * @mask: the netmask
 * @ret:  the number of leading ones
 *
 * Return: 0, or -EINVAL when a one follows a zero or @mask is no address.
 */
int vnm_netmask_to_len(const struct vnm_addr *mask, unsigned *ret)
{
	unsigned bits = vnm_addr_bits(mask->family), len = 0;
	struct vnm_addr straight;

	if (!bits)
		return -EINVAL;
	while (len < bits && (mask->b[len / 8] & (0x80u >> len % 8)))
		len++;
	straight = vnm_netmask_from_len(mask->family, len);
	if (!vnm_addr_equal(mask, &straight))
		return -EINVAL;
	*ret = len;
	return 0;
}

/**
 * vnm_addr_class_len() - the default prefix length of an address
 * @a: the address
 *
 * Return: for IPv4 that of its class (RFC 791 3.2): A 8, B 16, others 24; for IPv6 64; 0 for none.
 */
unsigned vnm_addr_class_len(const struct vnm_addr *a)
{
	if (a->family == AF_INET6)
		return 64;
	if (a->family != AF_INET)
		return 0;
	if (a->b[0] < 128)
		return 8;
	return a->b[0] < 192 ? 16 : 24;
}

/**
 * vnm_prefix_parse() - read "ADDRESS/LENGTH"
 * @s:   the text; host bits may be set
 * @ret: the prefix, host bits kept
 *
 * Return: 0, or -EINVAL; -ERANGE when the length is more than the family has.
 */
int vnm_prefix_parse(const char *s, struct vnm_prefix *ret)
{
	const char *slash = s ? strchr(s, '/') : NULL;
	char text[VNM_ADDR_STRLEN];
	struct vnm_prefix p;
	uint32_t len;
	int r;

	if (!slash || (size_t)(slash - s) >= sizeof(text))
		return -EINVAL;
	memcpy(text, s, (size_t)(slash - s));
	text[slash - s] = '\0';
	r = vnm_addr_parse(text, &p.addr);
	if (r < 0)
		return r;
	r = vnm_parse_u32(slash + 1, 0, vnm_addr_bits(p.addr.family), &len);
	if (r < 0)
		return r;
	p.len = len;
	*ret = p;
	return 0;
}

/**
 * vnm_prefix_format() - write "ADDRESS/LENGTH" with the host bits as they are
 * @p:   the prefix
 * @buf: gets the text, "" when there is no address
 *
 * Return: @buf.
 */
const char *vnm_prefix_format(const struct vnm_prefix *p, char buf[static VNM_PREFIX_STRLEN])
{
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&p->addr, text);
	if (text[0])
		snprintf(buf, VNM_PREFIX_STRLEN, "%s/%u", text, p->len > 128 ? 128 : p->len);
	else
		buf[0] = '\0';
	return buf;
}

/**
 * vnm_prefix_first() - the first address of a prefix: the network address
 * @p: the prefix
 */
struct vnm_addr vnm_prefix_first(const struct vnm_prefix *p)
{
	struct vnm_addr mask = vnm_netmask_from_len(p->addr.family, p->len);
	struct vnm_addr a = { .family = p->addr.family };

	for (unsigned i = 0; i < addr_bytes(a.family); i++)
		a.b[i] = p->addr.b[i] & mask.b[i];
	return a;
}

/**
 * vnm_prefix_last() - the last address of a prefix; for IPv4 the broadcast address
 * @p: the prefix
 */
struct vnm_addr vnm_prefix_last(const struct vnm_prefix *p)
{
	struct vnm_addr mask = vnm_netmask_from_len(p->addr.family, p->len);
	struct vnm_addr a = { .family = p->addr.family };

	for (unsigned i = 0; i < addr_bytes(a.family); i++)
		a.b[i] = (uint8_t)(p->addr.b[i] | ~mask.b[i]);
	return a;
}

/**
 * vnm_prefix_only() - a prefix that holds one address
 * @a: the address
 */
struct vnm_prefix vnm_prefix_only(const struct vnm_addr *a)
{
	return (struct vnm_prefix){ .addr = *a, .len = vnm_addr_bits(a->family) };
}

/**
 * vnm_prefix_network() - a prefix with its host bits cleared
 * @p: the prefix
 */
struct vnm_prefix vnm_prefix_network(const struct vnm_prefix *p)
{
	return (struct vnm_prefix){ .addr = vnm_prefix_first(p), .len = p->len };
}

/**
 * vnm_prefix_contains() - whether an address lies in a prefix
 * @p: the prefix
 * @a: the address; one of the other family does not
 */
bool vnm_prefix_contains(const struct vnm_prefix *p, const struct vnm_addr *a)
{
	struct vnm_addr first = vnm_prefix_first(p), last = vnm_prefix_last(p);

	return addr_bytes(a->family) && a->family == p->addr.family &&
	       vnm_addr_cmp(&first, a) <= 0 && vnm_addr_cmp(a, &last) <= 0;
}

/**
 * vnm_prefix_overlaps() - whether two prefixes share an address
 * @a: one
 * @b: the other
 */
bool vnm_prefix_overlaps(const struct vnm_prefix *a, const struct vnm_prefix *b)
{
	/* Of two prefixes that share anything, the shorter one contains the other. */
	if (a->len <= b->len)
		return vnm_prefix_contains(a, &b->addr);
	return vnm_prefix_contains(b, &a->addr);
}

/**
 * vnm_prefix_equal() - whether two prefixes are the same network with the same length
 * @a: one
 * @b: the other
 */
bool vnm_prefix_equal(const struct vnm_prefix *a, const struct vnm_prefix *b)
{
	struct vnm_addr na = vnm_prefix_first(a), nb = vnm_prefix_first(b);

	return a->len == b->len && vnm_addr_equal(&na, &nb);
}

/**
 * vnm_addr_span() - how many addresses there are from one to another, both included
 * @start: the first
 * @end:   the last
 *
 * Return: the number, UINT64_MAX when it is larger than that; 0 when @end lies before @start, or when they
 * are not of one family.
 */
uint64_t vnm_addr_span(const struct vnm_addr *start, const struct vnm_addr *end)
{
	unsigned bytes = addr_bytes(start->family);
	unsigned __int128 from = 0, to = 0;

	if (!bytes || start->family != end->family || vnm_addr_cmp(start, end) > 0)
		return 0;
	for (unsigned i = 0; i < bytes; i++) {
		from = from << 8 | start->b[i];
		to = to << 8 | end->b[i];
	}
	/* Compared before the one is added: the whole of IPv6 would wrap to 0. */
	return to - from >= UINT64_MAX ? UINT64_MAX : (uint64_t)(to - from) + 1;
}

/**
 * vnm_prefix_special() - is an address the network or broadcast address of a subnet?
 * @subnet: the subnet; with one or two addresses it has no special ones (RFC 3021, RFC 6164)
 * @addr:   the address
 *
 * Return: "network" or "broadcast", NULL for any other address.
 */
const char *vnm_prefix_special(const struct vnm_prefix *subnet, const struct vnm_addr *addr)
{
	struct vnm_addr first = vnm_prefix_first(subnet), last = vnm_prefix_last(subnet);

	if (subnet->len + 1 >= vnm_addr_bits(subnet->addr.family))
		return NULL;
	if (vnm_addr_equal(addr, &first))
		return "network";
	return addr->family == AF_INET && vnm_addr_equal(addr, &last) ? "broadcast" : NULL;
}
