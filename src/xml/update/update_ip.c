/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update_ip.c - the sections of net-update in <ip>; see update_rows.h. */
#include "xml/update/update_rows.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/mem.h"

static struct vnm_ip *first_of(const struct vnm_network *net, int family)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family)
			return &net->ips[i];
	return NULL;
}

static struct vnm_ip *serving(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_dhcp_serves(&net->ips[i].dhcp))
			return &net->ips[i];
	return NULL;
}

static int find_ip(const struct vnm_change *change, struct vnm_ip **ret)
{
	const struct vnm_network *net = change->net;
	struct vnm_ip *ip = NULL;

	if (change->parent >= 0 && (size_t)change->parent >= net->n_ips)
		return vnm_change_fail(change,
				       "couldn't update dhcp host entry - no <ip> element found at "
				       "index %d in network '%s'",
				       change->parent, net->name);
	if (change->parent >= 0)
		ip = &net->ips[change->parent];
	if (!ip)
		ip = serving(net);
	if (!ip)
		ip = first_of(net, AF_INET);
	if (!ip)
		ip = first_of(net, AF_INET6);
	if (!ip)
		return vnm_change_fail(change,
				       "couldn't update dhcp host entry - no <ip> element "
				       "found in network '%s'",
				       net->name);
	*ret = ip;
	return 0;
}

static int host_list(const struct vnm_change *change, struct vnm_list *ret)
{
	struct vnm_ip *ip;
	int r = find_ip(change, &ip);

	if (r < 0)
		return r;
	ip->dhcp.at.present = true;
	ret->items = (void **)&ip->dhcp.hosts;
	ret->n = &ip->dhcp.n_hosts;
	return 0;
}

static int host_check(const struct vnm_change *change, void *given)
{
	const struct vnm_dhcp_host *host = given;
	struct vnm_ip *ip;
	int r = find_ip(change, &ip);

	if (r == 0 && vnm_change_deletes(change) && !host->mac.set && !host->name && !host->id &&
	    host->ip.family == AF_UNSPEC)
		return vnm_change_bad(
			change,
			"At least one of name, mac, or ip attribute must be specified "
			"for static host definition in network '%s'",
			change->net->name);
	if (r < 0 || host->ip.family == AF_UNSPEC || host->ip.family == ip->address.family)
		return r;
	return vnm_change_fail(change, "the address family of a host entry IP must match the "
				       "address family of the dhcp element's parent");
}

static bool host_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_dhcp_host *a = there, *b = given;
	bool mac = b->mac.set && a->mac.set && vnm_mac_equal(&a->mac, &b->mac);
	bool ip = b->ip.family != AF_UNSPEC && vnm_addr_equal(&a->ip, &b->ip);
	bool name = vnm_change_same(a->name, b->name);

	if (!vnm_change_deletes(change))
		return mac || ip || name;
	return (!b->mac.set || mac) && (b->ip.family == AF_UNSPEC || ip) && (!b->name || name) &&
	       (!b->id || (a->id && !strcasecmp(a->id, b->id)));
}

/* MAC, name and address as libvirt's messages show them. */
struct host_words {
	char mac[VNM_MAC_STRLEN], ip[VNM_ADDR_STRLEN];
	const char *name;
};

static struct host_words host_words(const struct vnm_dhcp_host *host)
{
	struct host_words words = { "unknown", "unknown", host->name ? host->name : "(null)" };

	if (host->mac.set)
		vnm_mac_format(&host->mac, words.mac);
	if (host->ip.family != AF_UNSPEC)
		vnm_addr_format(&host->ip, words.ip);
	return words;
}

static int host_exists(const struct vnm_change *change, const void *given)
{
	struct host_words words = host_words(given);

	return vnm_change_fail(change,
			       "there is an existing dhcp host entry in network '%s' that "
			       "matches \"<host mac='%s' name='%s' ip='%s'/>\"",
			       change->net->name, words.mac, words.name, words.ip);
}

static int host_missing(const struct vnm_change *change, const void *given)
{
	struct host_words words = host_words(given);

	if (vnm_change_deletes(change))
		return vnm_change_fail(change,
				       "couldn't locate a matching dhcp host entry in network '%s'",
				       change->net->name);
	return vnm_change_fail(change,
			       "couldn't locate an existing dhcp host entry with "
			       "\"mac='%s'\" \"name='%s'\" \"ip='%s'\" in network '%s'",
			       words.mac, words.name, words.ip, change->net->name);
}

static int range_list(const struct vnm_change *change, struct vnm_list *ret)
{
	struct vnm_ip *ip;
	int r = find_ip(change, &ip);

	if (r < 0)
		return r;
	ip->dhcp.at.present = true;
	ret->items = (void **)&ip->dhcp.ranges;
	ret->n = &ip->dhcp.n_ranges;
	return 0;
}

static int range_check(const struct vnm_change *change, void *given)
{
	const struct vnm_dhcp_range *range = given;

	if (range->start.family == AF_UNSPEC || range->end.family == AF_UNSPEC)
		return vnm_change_bad(change,
				      "Missing '%s' attribute in dhcp range for network '%s'",
				      range->start.family ? "end" : "start", change->net->name);
	return 0;
}

static bool range_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_dhcp_range *a = there, *b = given;

	(void)change;
	return vnm_addr_equal(&a->start, &b->start) && vnm_addr_equal(&a->end, &b->end);
}

static int range_exists(const struct vnm_change *change, const void *given)
{
	const struct vnm_dhcp_range *range = given;
	char start[VNM_ADDR_STRLEN], end[VNM_ADDR_STRLEN];

	return vnm_change_fail(change,
			       "there is an existing dhcp range entry in network '%s' that "
			       "matches \"<range start='%s' end='%s'/>\"",
			       change->net->name, vnm_addr_format(&range->start, start),
			       vnm_addr_format(&range->end, end));
}

static int range_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change,
			       "couldn't locate a matching dhcp range entry in network '%s'",
			       change->net->name);
}

static int ip_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->ips;
	ret->n = &change->net->n_ips;
	return 0;
}

static int ip_check(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_ip *)given)->address.family != AF_UNSPEC)
		return 0;
	return vnm_change_fail(change, "Missing required address attribute in network '%s'",
			       change->net->name);
}

static bool ip_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_ip *a = there, *b = given;

	(void)change;
	return vnm_addr_equal(&a->address, &b->address);
}

static const char *address_of(const void *given, char buffer[VNM_ADDR_STRLEN])
{
	vnm_addr_format(&((const struct vnm_ip *)given)->address, buffer);
	return buffer;
}

static int ip_exists(const struct vnm_change *change, const void *given)
{
	char address[VNM_ADDR_STRLEN];

	return vnm_change_fail(change,
			       "there is an existing ip entry in network '%s' that matches "
			       "\"<ip address='%s'>\"",
			       change->net->name, address_of(given, address));
}

static int ip_missing(const struct vnm_change *change, const void *given)
{
	char address[VNM_ADDR_STRLEN];

	return vnm_change_fail(change,
			       "couldn't find an ip entry in network '%s' matching <ip "
			       "address='%s'>",
			       change->net->name, address_of(given, address));
}

const struct vnm_section_row vnm_section_ip =
	VNM_LIST_ROW(ip, "ip", "ip", vnm_ip, VNM_HOW_ALL, .check = ip_check);
const struct vnm_section_row vnm_section_dhcp_host = VNM_LIST_ROW(
	host, "ip dhcp host", "ip/dhcp/host", vnm_dhcp_host, VNM_HOW_ALL, .check = host_check);
const struct vnm_section_row vnm_section_dhcp_range =
	VNM_LIST_ROW(range, "ip dhcp range", "ip/dhcp/range", vnm_dhcp_range, VNM_HOW_ADD_DELETE,
		     .check = range_check,
		     .refusal = "dhcp ranges cannot be modified, only added or deleted");
