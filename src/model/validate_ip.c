/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_ip.c - the addresses of the host on the network, and their subnets. */
#include "model/validate_ip.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/validate_address.h"
#include "model/validate_dhcp.h"
#include "util/mem.h"

#define IPS_MAX 256	/* every route and range is compared with every one of them */
#define SLAAC_LEN 64	/* RFC 4862 5.5.3 with the identifiers of RFC 2464: no other prefix will do */

static int version(const struct vnm_ip *ip)
{
	return ip->address.family == AF_INET ? 4 : 6;
}

static bool is_link_local(const struct vnm_addr *addr)
{
	return addr->family == AF_INET6 && addr->b[0] == 0xfe && (addr->b[1] & 0xc0) == 0x80;
}

static int check_family(struct vnm_check *check, const struct vnm_ip *ip)
{
	const char *name = check->net->name;
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&ip->address, text);
	if (ip->family == VNM_FAMILY_ABSENT && ip->address.family != AF_INET)
		return vnm_check_fail(check, &ip->at,
				      "no family specified for non-IPv4 address '%s' in network "
				      "'%s'", text, name);
	if (ip->family == VNM_FAMILY_IPV4 && ip->address.family != AF_INET)
		return vnm_check_fail(check, &ip->at,
				      "Family 'ipv4' specified for non-IPv4 address '%s' in "
				      "network '%s'", text, name);
	if (ip->family == VNM_FAMILY_IPV6 && ip->address.family != AF_INET6)
		return vnm_check_fail(check, &ip->at,
				      "Family 'ipv6' specified for non-IPv6 address '%s' in "
				      "network '%s'", text, name);
	return vnm_check_unicast(check, &ip->at, &ip->address);
}

static int check_netmask(struct vnm_check *check, const struct vnm_ip *ip)
{
	const char *name = check->net->name;
	char mask[VNM_ADDR_STRLEN], text[VNM_ADDR_STRLEN];
	unsigned len;

	if (ip->netmask.family == AF_UNSPEC)
		return 0;
	vnm_addr_format(&ip->netmask, mask);
	vnm_addr_format(&ip->address, text);
	if (ip->prefix.set)
		return vnm_check_fail(check, &ip->at,
				      "Network '%s' IP address cannot have both a prefix and a "
				      "netmask", name);
	if (ip->address.family == AF_INET6)
		return vnm_check_fail(check, &ip->at,
				      "netmask not allowed for IPv6 address '%s' in network '%s'",
				      text, name);
	if (ip->netmask.family != AF_INET)
		return vnm_check_fail(check, &ip->at,
				      "network '%s' has invalid netmask '%s' for address '%s' "
				      "(both must be IPv4)", name, mask, text);
	if (vnm_netmask_to_len(&ip->netmask, &len) < 0)
		return vnm_check_fail(check, &ip->at,
				      "invalid netmask '%s' in network '%s': it must be ones, then "
				      "zeros, such as 255.255.255.0", mask, name);
	if (len == 0)
		return vnm_check_fail(check, &ip->at,
				      "netmask '%s' in network '%s' makes all addresses one subnet",
				      mask, name);
	return 0;
}

static int check_prefix(struct vnm_check *check, const struct vnm_ip *ip)
{
	int r = check_netmask(check, ip);

	if (r < 0 || !ip->prefix.set || ip->prefix.v <= vnm_addr_bits(ip->address.family))
		return r;
	return vnm_check_fail(check, &ip->at, "Invalid IPv%d prefix '%u' in network '%s'",
			      version(ip), ip->prefix.v, check->net->name);
}

static int check_host_part(struct vnm_check *check, const struct vnm_ip *ip)
{
	struct vnm_prefix subnet = vnm_ip_prefix(ip);
	const char *special = vnm_prefix_special(&subnet, &ip->address);
	char text[VNM_PREFIX_STRLEN];

	if (!special)
		return 0;
	return vnm_check_fail(check, &ip->at,
			      "address %s in network '%s' is the %s address of its subnet; give "
			      "the host another", vnm_prefix_format(&subnet, text),
			      check->net->name, special);
}

/* The zone of a subnet can be named where its prefix ends with a label: RFC 1035 3.5, RFC 3596 2.5. */
static int check_local_ptr(struct vnm_check *check, const struct vnm_ip *ip)
{
	unsigned len = vnm_ip_prefix(ip).len, label = ip->address.family == AF_INET ? 8 : 4;

	if (ip->local_ptr != VNM_TRI_YES)
		return 0;
	if (len < vnm_addr_bits(ip->address.family) && len % label == 0)
		return 0;
	return vnm_check_fail(check, &ip->at,
			      "PTR domain for IPv%d network with prefix %u cannot be automatically "
			      "created", version(ip), len);
}

static int check_tftp(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_tftp *tftp = &ip->tftp;
	const char *name = check->net->name;

	if (!tftp->at.present)
		return 0;
	if (ip->address.family == AF_INET6)
		return vnm_check_fail(check, &tftp->at,
				      "Unsupported <tftp> element in an IPv6 element in network "
				      "'%s'", name);
	/* dnsmasq strips blanks at the end of a line. */
	if (!vnm_path_valid(tftp->root) || tftp->root[strlen(tftp->root) - 1] == ' ')
		return vnm_check_fail(check, &tftp->at,
				      "invalid tftp root '%.80s' in network '%s': it must be an "
				      "absolute path without control characters, \" \\ , #, and "
				      "without a blank at its end", tftp->root ? tftp->root : "",
				      name);
	return 0;
}

/* Without DHCPv6 guests use SLAAC, which takes 64 bits. */
static void warn_autoconf(struct vnm_check *check, const struct vnm_ip *ip)
{
	struct vnm_prefix subnet = vnm_ip_prefix(ip);
	char text[VNM_PREFIX_STRLEN];

	if (ip->address.family != AF_INET6 || subnet.len == SLAAC_LEN ||
	    is_link_local(&ip->address))
		return;
	if (vnm_dhcp_serves(&ip->dhcp) || !vnm_network_wants_dnsmasq(check->net))
		return;
	vnm_check_warn(check, &ip->at,
		       "guests of network '%s' get no address in %s: autoconfiguration needs "
		       "prefix %d, another one needs <dhcp>", check->net->name,
		       vnm_prefix_format(&subnet, text), SLAAC_LEN);
}

static int check_ip(struct vnm_check *check, const struct vnm_ip *ip)
{
	static int (*const checks[])(struct vnm_check *check, const struct vnm_ip *ip) = {
		check_family,	 check_prefix, check_host_part,
		check_local_ptr, check_tftp,   vnm_check_dhcp,
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(checks); i++) {
		int r = checks[i](check, ip);

		if (r < 0)
			return r;
	}
	warn_autoconf(check, ip);
	return 0;
}

/* By family and first address; then the larger subnet first, then by address. */
static int order_ips(const void *a, const void *b)
{
	struct vnm_prefix pa = vnm_ip_prefix(a), pb = vnm_ip_prefix(b);
	struct vnm_addr fa = vnm_prefix_first(&pa), fb = vnm_prefix_first(&pb);
	int r = vnm_addr_cmp(&fa, &fb);

	if (r == 0)
		r = (pa.len > pb.len) - (pa.len < pb.len);
	return r ? r : vnm_addr_cmp(&pa.addr, &pb.addr);
}

/* Two addresses may share a subnet, but two subnets may not overlap. */
static bool ips_clash(const void *a, const void *b)
{
	struct vnm_prefix pa = vnm_ip_prefix(a), pb = vnm_ip_prefix(b);

	if (vnm_prefix_equal(&pa, &pb))
		return vnm_addr_equal(&pa.addr, &pb.addr);
	return vnm_prefix_overlaps(&pa, &pb);
}

static int check_subnets(struct vnm_check *check)
{
	static const struct vnm_clash_rule rule = { order_ips, ips_clash };
	char a[VNM_PREFIX_STRLEN], b[VNM_PREFIX_STRLEN], place[VNM_CHECK_PLACE];
	const struct vnm_network *net = check->net;
	struct vnm_prefix first_subnet, second_subnet;
	const struct vnm_ip *first, *second;
	struct vnm_clash clash;

	if (!vnm_check_clash(net->ips, net->n_ips, sizeof(*net->ips), &rule, &clash))
		return 0;
	first = clash.first;
	second = clash.second;
	first_subnet = vnm_ip_prefix(first);
	second_subnet = vnm_ip_prefix(second);
	vnm_prefix_format(&first_subnet, a);
	vnm_prefix_format(&second_subnet, b);
	if (vnm_addr_equal(&first->address, &second->address))
		return vnm_check_fail(check, &second->at,
				      "address %s in network '%s' is given twice%s",
				      vnm_addr_format(&second->address, b), net->name,
				      vnm_check_place(check, "first at line", &first->at, place));
	return vnm_check_fail(check, &second->at,
			      "the subnet of %s in network '%s' overlaps with that of %s%s", b,
			      net->name, a, vnm_check_place(check, "line", &first->at, place));
}

/* A dnsmasq has one set of ranges for each family, and one TFTP directory. */
static int check_services(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct vnm_ip *dhcp4 = NULL, *dhcp6 = NULL, *tftp = NULL;
	char place[VNM_CHECK_PLACE];

	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_ip *ip = &net->ips[i];
		const struct vnm_ip **dhcp = ip->address.family == AF_INET ? &dhcp4 : &dhcp6;

		if (vnm_dhcp_serves(&ip->dhcp) && *dhcp)
			return vnm_check_fail(check, &ip->dhcp.at,
					      "Multiple IPv%d dhcp sections found -- dhcp is "
					      "supported only for a single IPv%d address on each "
					      "network", version(ip), version(ip));
		if (ip->tftp.at.present && tftp)
			return vnm_check_fail(check, &ip->tftp.at,
					      "a second <tftp> element in network '%s'%s: only "
					      "one is supported",
					      net->name,
					      vnm_check_place(check, "first at line",
							      &tftp->tftp.at, place));
		if (vnm_dhcp_serves(&ip->dhcp))
			*dhcp = ip;
		if (ip->tftp.at.present)
			tftp = ip;
	}
	return 0;
}

/**
 * vnm_check_ips() - every <ip> and its services
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_ips(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r = 0;

	if (net->n_ips > IPS_MAX)
		return vnm_check_fail(check, &net->ips[IPS_MAX].at,
				      "network '%s' has more than %d <ip> elements", net->name,
				      IPS_MAX);
	for (size_t i = 0; i < net->n_ips && r == 0; i++)
		r = check_ip(check, &net->ips[i]);
	if (r == 0)
		r = check_subnets(check);
	return r < 0 ? r : check_services(check);
}
