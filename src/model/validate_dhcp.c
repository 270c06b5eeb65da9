/* validate_dhcp.c - what is handed out on an <ip>: ranges, hosts, leases, boot files. */
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "model/validate_internal.h"

#define LEASE_MIN_SECONDS 120	/* dnsmasq takes no less */
#define BOOTP_FILE_MAX 127	/* bytes: the field of the packet holds 128 with its NUL (RFC 2131) */

static int check_lease(struct vnm_check *check, const struct vnm_lease *lease)
{
	uint64_t seconds = lease->at.present ? vnm_lease_seconds(lease) : 0;

	if (seconds > 0 && seconds < LEASE_MIN_SECONDS)
		return vnm_check_fail(check, &lease->at, "The minimum lease time should be greater than 2 minutes");
	if (seconds > UINT32_MAX)
		return vnm_check_fail(check, &lease->at, "the lease time is too long: at most %u seconds; 0 never ends",
				      UINT32_MAX);
	return 0;
}

static int check_range_place(struct vnm_check *check, const struct vnm_ip *ip, const struct vnm_dhcp_range *range)
{
	struct vnm_prefix prefix = vnm_ip_prefix(ip);
	struct vnm_addr first = vnm_prefix_first(&prefix), last = vnm_prefix_last(&prefix);
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN], subnet[VNM_PREFIX_STRLEN];

	vnm_addr_format(&range->start, a);
	vnm_addr_format(&range->end, b);
	vnm_prefix_format(&prefix, subnet);
	if (range->start.family != ip->address.family || range->end.family != ip->address.family)
		return vnm_check_fail(check, &range->at, "mismatch of address family in range %s - %s for network %s", a,
				      b, subnet);
	if (!vnm_prefix_contains(&prefix, &range->start) || !vnm_prefix_contains(&prefix, &range->end))
		return vnm_check_fail(check, &range->at, "range %s - %s is not entirely within network %s", a, b, subnet);
	if (prefix.len + 1 < vnm_addr_bits(ip->address.family) && vnm_addr_equal(&range->start, &first))
		return vnm_check_fail(check, &range->at, "start of range %s - %s in network %s is the network address", a,
				      b, subnet);
	if (ip->address.family == AF_INET && prefix.len + 1 < 32 && vnm_addr_equal(&range->end, &last))
		return vnm_check_fail(check, &range->at, "end of range %s - %s in network %s is the broadcast address", a,
				      b, subnet);
	return 0;
}

static bool in_range(const struct vnm_dhcp_range *range, const struct vnm_addr *a)
{
	return range->start.family == a->family && vnm_addr_cmp(&range->start, a) <= 0 &&
	       vnm_addr_cmp(a, &range->end) <= 0;
}

static int check_range(struct vnm_check *check, const struct vnm_ip *ip, size_t i)
{
	const struct vnm_dhcp_range *range = &ip->dhcp.ranges[i];
	char a[VNM_ADDR_STRLEN], b[VNM_ADDR_STRLEN];
	int r = check_range_place(check, ip, range);

	if (r == 0)
		r = vnm_check_range(check, &range->at, &range->start, &range->end);
	for (size_t k = 0; k < i && r == 0; k++) {
		const struct vnm_dhcp_range *other = &ip->dhcp.ranges[k];

		if (in_range(other, &range->start) || in_range(range, &other->start))
			return vnm_check_fail(check, &range->at, "range %s - %s overlaps with the range at line %d",
					      vnm_addr_format(&range->start, a), vnm_addr_format(&range->end, b),
					      other->at.line);
	}
	if (r == 0 && in_range(range, &ip->address))
		vnm_check_warn(check, &range->at, "range %s - %s contains the host's own address %s, which is never "
			       "handed out", vnm_addr_format(&range->start, a), vnm_addr_format(&range->end, b),
			       vnm_addr_format(&ip->address, (char[VNM_ADDR_STRLEN]){ "" }));
	return r < 0 ? r : check_lease(check, &range->lease);
}

static int check_host4(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	char text[VNM_MAC_STRLEN];

	if (!host->mac.set && !host->name)
		return vnm_check_fail(check, &host->at, "Static host definition in IPv4 network '%s' must have mac or name "
				      "attribute", check->net->name);
	if (host->mac.set && vnm_mac_is_multicast(&host->mac))
		return vnm_check_fail(check, &host->at, "expected unicast mac address, found multicast '%s' in network '%s'",
				      vnm_mac_format(&host->mac, text), check->net->name);
	if (host->id)
		return vnm_check_fail(check, &host->at, "attribute 'id' in IPv4 network '%s' is not supported: a DUID names "
				      "a DHCPv6 client", check->net->name);
	return 0;
}

static int check_host6(struct vnm_check *check, const struct vnm_dhcp_host *host)
{
	char text[VNM_MAC_STRLEN];

	if (host->mac.set)
		return vnm_check_fail(check, &host->at, "Invalid to specify MAC address '%s' in network '%s' IPv6 static "
				      "host definition", vnm_mac_format(&host->mac, text), check->net->name);
	if (!host->id && !host->name)
		return vnm_check_fail(check, &host->at, "Static host definition in IPv6 network '%s' must have id or name "
				      "attribute", check->net->name);
	if (host->id && !vnm_duid_valid(host->id))
		return vnm_check_fail(check, &host->at, "Invalid id '%.60s' in network '%s': a DUID is hexadecimal octets "
				      "joined by colons", host->id, check->net->name);
	return 0;
}

static int check_host_place(struct vnm_check *check, const struct vnm_ip *ip, const struct vnm_dhcp_host *host)
{
	struct vnm_prefix prefix = vnm_ip_prefix(ip);
	struct vnm_addr first = vnm_prefix_first(&prefix), last = vnm_prefix_last(&prefix);
	char text[VNM_ADDR_STRLEN], subnet[VNM_PREFIX_STRLEN];
	const char *taken = NULL;

	vnm_addr_format(&host->ip, text);
	if (!vnm_prefix_contains(&prefix, &host->ip))
		return vnm_check_fail(check, &host->at, "host address %s is not within network %s", text,
				      vnm_prefix_format(&prefix, subnet));
	if (vnm_addr_equal(&host->ip, &ip->address))
		taken = "the host's own";
	else if (prefix.len + 1 < vnm_addr_bits(ip->address.family) && vnm_addr_equal(&host->ip, &first))
		taken = "the network";
	else if (ip->address.family == AF_INET && prefix.len + 1 < 32 && vnm_addr_equal(&host->ip, &last))
		taken = "the broadcast";
	if (taken)
		return vnm_check_fail(check, &host->at, "host address %s in network %s is %s address", text,
				      vnm_prefix_format(&prefix, subnet), taken);
	return 0;
}

static int check_host_twins(struct vnm_check *check, const struct vnm_dhcp_host *a, const struct vnm_dhcp_host *b)
{
	char mac[VNM_MAC_STRLEN], ip[VNM_ADDR_STRLEN];

	if (a->mac.set && b->mac.set && vnm_mac_equal(&a->mac, &b->mac))
		return vnm_check_fail(check, &b->at, "MAC address %s has a static host already (line %d)",
				      vnm_mac_format(&b->mac, mac), a->at.line);
	if (vnm_addr_equal(&a->ip, &b->ip))
		return vnm_check_fail(check, &b->at, "address %s has a static host already (line %d)",
				      vnm_addr_format(&b->ip, ip), a->at.line);
	if (a->name && b->name && !strcasecmp(a->name, b->name))
		return vnm_check_fail(check, &b->at, "name '%s' has a static host already (line %d)", b->name, a->at.line);
	if (a->id && b->id && !strcasecmp(a->id, b->id))
		return vnm_check_fail(check, &b->at, "id '%s' has a static host already (line %d)", b->id, a->at.line);
	return 0;
}

static int check_host(struct vnm_check *check, const struct vnm_ip *ip, size_t i)
{
	const struct vnm_dhcp_host *host = &ip->dhcp.hosts[i];
	int r;

	if (host->ip.family != ip->address.family)
		return vnm_check_fail(check, &host->at, "the address family of a host entry IP must match the address "
				      "family of the dhcp element's parent");
	r = ip->address.family == AF_INET ? check_host4(check, host) : check_host6(check, host);
	if (r == 0 && host->name && !vnm_hostname_valid(host->name))
		return vnm_check_fail(check, &host->at, "Cannot use host name '%.80s' in network '%s'", host->name,
				      check->net->name);
	if (r == 0)
		r = check_host_place(check, ip, host);
	for (size_t k = 0; k < i && r == 0; k++)
		r = check_host_twins(check, &ip->dhcp.hosts[k], host);
	return r < 0 ? r : check_lease(check, &host->lease);
}

static bool file_valid(const char *file)
{
	return *file && strlen(file) <= BOOTP_FILE_MAX && !strpbrk(file, " ,\"\\#");
}

static int check_bootp(struct vnm_check *check, const struct vnm_ip *ip)
{
	const struct vnm_bootp *bootp = &ip->dhcp.bootp;

	if (!bootp->at.present)
		return 0;
	if (ip->address.family != AF_INET)
		return vnm_check_fail(check, &bootp->at, "Unsupported <bootp> element in an IPv6 element in network '%s'",
				      check->net->name);
	if (!file_valid(bootp->file))
		return vnm_check_fail(check, &bootp->at, "invalid bootp file '%.80s' in network '%s': at most %d bytes "
				      "without blanks, commas, quotes, backslashes and #", bootp->file,
				      check->net->name, BOOTP_FILE_MAX);
	if (bootp->server.family && bootp->server.family != AF_INET)
		return vnm_check_fail(check, &bootp->at, "the bootp server of network '%s' must have an IPv4 address",
				      check->net->name);
	if (!vnm_dhcp_serves(&ip->dhcp))
		vnm_check_warn(check, &bootp->at, "<bootp> without a <range> or a <host> has no effect");
	return 0;
}

/** vnm_check_dhcp() - the <dhcp> of an <ip>. Return: 0 or -EINVAL. */
int vnm_check_dhcp(struct vnm_check *check, const struct vnm_ip *ip)
{
	int r = 0;

	for (size_t i = 0; i < ip->dhcp.n_ranges && r == 0; i++)
		r = check_range(check, ip, i);
	for (size_t i = 0; i < ip->dhcp.n_hosts && r == 0; i++)
		r = check_host(check, ip, i);
	return r < 0 ? r : check_bootp(check, ip);
}
