/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_dhcp.c - the <dhcp> of an <ip>: ranges, lease times, boot files. */
#include "model/validate_dhcp.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_address.h"
#include "model/validate_dhcp_host.h"
#include "model/validate_lease.h"

#define BOOT_FILE_MAX 127		/* bytes: the field of the packet has 128 with its NUL (RFC 2131 2) */
#define PREFIX6_MIN 64			/* dnsmasq: "prefix length must be at least 64" */

static int check_range_place(struct vnm_check *check, const struct vnm_ip *ip,
			     const struct vnm_dhcp_range *range)
{
	struct vnm_prefix subnet = vnm_ip_prefix(ip);
	const char *start_is = vnm_prefix_special(&subnet, &range->start);
	const char *end_is = vnm_prefix_special(&subnet, &range->end);
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN], text[VNM_PREFIX_STRLEN];

	vnm_addr_format(&range->start, a);
	vnm_addr_format(&range->end, b);
	vnm_prefix_format(&subnet, text);
	if (!vnm_prefix_contains(&subnet, &range->start) ||
	    !vnm_prefix_contains(&subnet, &range->end))
		return vnm_check_fail(check, &range->at,
				      "range %s - %s is not entirely within network %s", a, b,
				      text);
	if (start_is || end_is)
		return vnm_check_fail(check, &range->at,
				      "%s of range %s - %s in network %s is the %s address",
				      start_is ? "start" : "end", a, b, text,
				      start_is ? start_is : end_is);
	return 0;
}

static int check_range_family(struct vnm_check *check, const struct vnm_ip *ip,
			      const struct vnm_dhcp_range *range)
{
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN], own[VNM_ADDR_STRLEN];

	if (range->start.family == ip->address.family && range->end.family == ip->address.family)
		return 0;
	return vnm_check_fail(check, &range->at,
			      "mismatch of address family in range %s - %s for network %s",
			      vnm_addr_format(&range->start, a), vnm_addr_format(&range->end, b),
			      vnm_addr_format(&ip->address, own));
}

/* dnsmasq probes whether an address is in use before it offers it. */
static void warn_own_address(struct vnm_check *check, const struct vnm_dhcp_range *range)
{
	const struct vnm_ip *own = vnm_check_own_address(check->net, &range->start, &range->end);
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN], text[VNM_ADDR_STRLEN];

	if (own)
		vnm_check_warn(check, &range->at,
			       "range %s - %s contains the host's own address %s, which is never "
			       "handed out", vnm_addr_format(&range->start, a),
			       vnm_addr_format(&range->end, b),
			       vnm_addr_format(&own->address, text));
}

static int check_range(struct vnm_check *check, const struct vnm_ip *ip,
		       const struct vnm_dhcp_range *range)
{
	int r = check_range_family(check, ip, range);

	if (r == 0)
		r = vnm_check_span(check, &range->at, &range->start, &range->end);
	if (r == 0)
		r = check_range_place(check, ip, range);
	if (r == 0)
		r = vnm_check_lease(check, &range->lease);
	if (r == 0)
		warn_own_address(check, range);
	return r;
}

static int order_ranges(const void *a, const void *b)
{
	const struct vnm_dhcp_range *ra = a, *rb = b;

	return vnm_addr_cmp(&ra->start, &rb->start);
}

static bool ranges_clash(const void *a, const void *b)
{
	const struct vnm_dhcp_range *ra = a, *rb = b;

	return vnm_addr_cmp(&rb->start, &ra->end) <= 0;
}

static int check_range_twins(struct vnm_check *check, const struct vnm_dhcp *dhcp)
{
	static const struct vnm_clash_rule rule = { order_ranges, ranges_clash };
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN], x[VNM_ADDR_STRLEN], y[VNM_ADDR_STRLEN];
	const struct vnm_dhcp_range *first, *second;
	char place[VNM_CHECK_PLACE];
	struct vnm_clash clash;

	if (!vnm_check_clash(dhcp->ranges, dhcp->n_ranges, sizeof(*dhcp->ranges), &rule, &clash))
		return 0;
	first = clash.first;
	second = clash.second;
	return vnm_check_fail(check, &second->at, "range %s - %s overlaps with range %s - %s%s",
			      vnm_addr_format(&second->start, a), vnm_addr_format(&second->end, b),
			      vnm_addr_format(&first->start, x), vnm_addr_format(&first->end, y),
			      vnm_check_place(check, "line", &first->at, place));
}

/* Characters that neither a value of dnsmasq.conf nor a boot file may contain. A blank inside is allowed. */
static bool boot_file_valid(const char *file)
{
	size_t len = file ? strlen(file) : 0;

	if (len == 0 || len > BOOT_FILE_MAX || *file == ' ' || file[len - 1] == ' ')
		return false;
	for (; *file; file++)
		if ((unsigned char)*file < 0x20 || *file == 0x7f || strchr(",\"\\#", *file))
			return false;
	return true;
}

static int check_bootp(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_bootp *bootp = &ip->dhcp.bootp;
	const char *name = check->net->name;

	if (!bootp->at.present)
		return 0;
	if (ip->address.family != AF_INET)
		return vnm_check_fail(check, &bootp->at,
				      "Unsupported <bootp> element in an IPv6 element in network "
				      "'%s'", name);
	if (!boot_file_valid(bootp->file))
		return vnm_check_fail(check, &bootp->at,
				      "invalid bootp file '%.80s' in network '%s': it must have 1 "
				      "to %d bytes without blanks at its ends, control characters "
				      "and \" \\ , #",
				      bootp->file ? bootp->file : "", name, BOOT_FILE_MAX);
	if (bootp->server.family == AF_INET6)
		return vnm_check_fail(check, &bootp->at,
				      "the bootp server of network '%s' must have an IPv4 address",
				      name);
	if (!vnm_dhcp_serves(&ip->dhcp))
		vnm_check_warn(check, &bootp->at,
			       "<bootp> has no effect without a <range> or a <host>");
	return 0;
}

static int check_prefix6(struct vnm_check *check, const struct vnm_ip *ip)
{
	struct vnm_prefix subnet = vnm_ip_prefix(ip);
	char text[VNM_PREFIX_STRLEN];

	if (ip->address.family != AF_INET6 || !vnm_dhcp_serves(&ip->dhcp) ||
	    subnet.len >= PREFIX6_MIN)
		return 0;
	return vnm_check_fail(check, &ip->dhcp.at,
			      "no dhcp for %s in network '%s': dnsmasq serves IPv6 subnets with "
			      "prefix %d and longer", vnm_prefix_format(&subnet, text),
			      check->net->name, PREFIX6_MIN);
}

/**
 * vnm_check_dhcp() - the <dhcp> of an <ip>
 * @check: the validation
 * @ip:    the <ip>, whose address and prefix are valid
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_dhcp(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_dhcp *dhcp = &ip->dhcp;
	int r = check_prefix6(check, ip);

	for (size_t i = 0; i < dhcp->n_ranges && r == 0; i++)
		r = check_range(check, ip, &dhcp->ranges[i]);
	if (r == 0)
		r = check_range_twins(check, dhcp);
	if (r == 0)
		r = vnm_check_dhcp_hosts(check, ip);
	return r < 0 ? r : check_bootp(check, ip);
}
