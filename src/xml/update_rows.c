/* update_rows.c - the sections of net-update: which entry is meant, and the words when none is; see update_rows.h. */
#include "xml/update_rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "util/mem.h"

#define ADD (1u << VNM_UPDATE_ADD_LAST | 1u << VNM_UPDATE_ADD_FIRST)
#define ADD_DELETE (ADD | 1u << VNM_UPDATE_DELETE)
#define MODIFY (1u << VNM_UPDATE_MODIFY)
#define ALL (ADD_DELETE | MODIFY)

/** vnm_change_fail() - say why a change is refused; @fmt is a format of printf. Return: -EINVAL. */
int vnm_change_fail(const struct vnm_change *change, const char *fmt, ...)
{
	char text[VNM_ERROR_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return vnm_error_set(change->err, VNM_ERR_STATE, EINVAL,
			     "Requested operation is not valid: %s", text);
}

static bool same_string(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool deletes(const struct vnm_change *change)
{
	return change->how == VNM_UPDATE_DELETE;
}

/* ---- <ip> and its <dhcp> ---- */

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
				       "index %d in network '%s'", change->parent, net->name);
	if (change->parent >= 0)
		ip = &net->ips[change->parent];
	if (!ip)
		ip = serving(net);
	if (!ip)
		ip = first_of(net, AF_INET);
	if (!ip)
		ip = first_of(net, AF_INET6);
	if (!ip)
		return vnm_change_fail(change, "couldn't update dhcp host entry - no <ip> element "
				       "found in network '%s'", net->name);
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
	bool name = same_string(a->name, b->name);

	if (!deletes(change))
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

	return vnm_change_fail(change, "there is an existing dhcp host entry in network '%s' that "
			       "matches \"<host mac='%s' name='%s' ip='%s'/>\"", change->net->name,
			       words.mac, words.name, words.ip);
}

static int host_missing(const struct vnm_change *change, const void *given)
{
	struct host_words words = host_words(given);

	if (deletes(change))
		return vnm_change_fail(change,
				       "couldn't locate a matching dhcp host entry in network '%s'",
				       change->net->name);
	return vnm_change_fail(change, "couldn't locate an existing dhcp host entry with "
			       "\"mac='%s'\" \"name='%s'\" \"ip='%s'\" in network '%s'", words.mac,
			       words.name, words.ip, change->net->name);
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
	struct vnm_ip *ip;
	int r = find_ip(change, &ip);

	if (r < 0)
		return r;
	if (range->start.family == AF_UNSPEC || range->end.family == AF_UNSPEC)
		return vnm_change_fail(change, "Missing '%s' attribute in dhcp range for network "
				       "'%s'", range->start.family ? "end" : "start",
				       change->net->name);
	if (range->start.family == ip->address.family)
		return 0;
	return vnm_change_fail(change, "the address family of a dhcp range must match the address "
			       "family of the dhcp element's parent");
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

	return vnm_change_fail(change, "there is an existing dhcp range entry in network '%s' that "
			       "matches \"<range start='%s' end='%s'/>\"", change->net->name,
			       vnm_addr_format(&range->start, start),
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

static int ip_words(const struct vnm_change *change, const void *given, const char *fmt)
{
	char address[VNM_ADDR_STRLEN];

	vnm_addr_format(&((const struct vnm_ip *)given)->address, address);
	return vnm_change_fail(change, fmt, change->net->name, address);
}

static int ip_exists(const struct vnm_change *change, const void *given)
{
	return ip_words(change, given, "there is an existing ip entry in network '%s' that matches "
			"\"<ip address='%s'>\"");
}

static int ip_missing(const struct vnm_change *change, const void *given)
{
	return ip_words(change, given, "couldn't find an ip entry in network '%s' matching <ip "
			"address='%s'>");
}

/* ---- <route> ---- */

static int route_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->routes;
	ret->n = &change->net->n_routes;
	return 0;
}

static bool route_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_route *a = there, *b = given;
	const struct vnm_prefix x = vnm_route_prefix(a), y = vnm_route_prefix(b);

	if (!vnm_addr_equal(&x.addr, &y.addr))
		return false;
	if (deletes(change))
		return (!b->prefix.set && b->netmask.family == AF_UNSPEC) || x.len == y.len;
	return x.len == y.len && vnm_addr_equal(&a->gateway, &b->gateway);
}

static int route_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "there is an existing route entry in network '%s' to the "
			       "same destination by the same gateway", change->net->name);
}

static int route_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't find a matching route entry in network '%s'",
			       change->net->name);
}

/* ---- <forward> ---- */

/* One device may be named by the attribute alone; the list is what counts. */
static int interface_list(const struct vnm_change *change, struct vnm_list *ret)
{
	struct vnm_forward *forward = &change->net->forward;

	if (forward->dev && forward->n_interfaces == 0) {
		forward->interfaces = vnm_array_add(NULL, &forward->n_interfaces,
						    sizeof(*forward->interfaces));
		forward->interfaces[0].at = forward->at;
		forward->interfaces[0].dev = vnm_strdup(forward->dev);
	}
	free(forward->dev);
	forward->dev = NULL;
	ret->items = (void **)&forward->interfaces;
	ret->n = &forward->n_interfaces;
	return 0;
}

static int interface_check(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_forward_interface *)given)->dev)
		return 0;
	return vnm_change_fail(change, "Missing required dev attribute in <forward> <interface> "
			       "element of network %s", change->net->name);
}

static bool interface_matches(const struct vnm_change *change, const void *there,
			      const void *given)
{
	const struct vnm_forward_interface *a = there, *b = given;

	(void)change;
	return same_string(a->dev, b->dev);
}

static int interface_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change, "there is an existing interface entry in network '%s' that "
			       "matches \"<interface dev='%s'>\"", change->net->name,
			       ((const struct vnm_forward_interface *)given)->dev);
}

static int interface_missing(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change, "couldn't find an interface entry in network '%s' matching "
			       "<interface dev='%s'>", change->net->name,
			       ((const struct vnm_forward_interface *)given)->dev);
}

/* ---- <portgroup> ---- */

static int portgroup_list(const struct vnm_change *change, struct vnm_list *ret)
{
	ret->items = (void **)&change->net->portgroups;
	ret->n = &change->net->n_portgroups;
	return 0;
}

static int portgroup_check(const struct vnm_change *change, void *given)
{
	const struct vnm_portgroup *group = given;

	if (!group->name)
		return vnm_change_fail(change, "Missing required name attribute in portgroup");
	if (group->is_default != VNM_TRI_YES || deletes(change))
		return 0;
	for (size_t i = 0; i < change->net->n_portgroups; i++) {
		const struct vnm_portgroup *other = &change->net->portgroups[i];

		if (other->is_default == VNM_TRI_YES && strcmp(other->name, group->name) != 0)
			return vnm_change_fail(change,
					       "a different portgroup entry in network '%s' is "
					       "already set as the default. Only one default is "
					       "allowed.", change->net->name);
	}
	return 0;
}

static bool portgroup_matches(const struct vnm_change *change, const void *there,
			      const void *given)
{
	const struct vnm_portgroup *a = there, *b = given;

	(void)change;
	return same_string(a->name, b->name);
}

static int portgroup_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change, "there is an existing portgroup entry in network '%s' that "
			       "matches \"<portgroup name='%s'>\"", change->net->name,
			       ((const struct vnm_portgroup *)given)->name);
}

static int portgroup_missing(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change, "couldn't find a portgroup entry in network '%s' matching "
			       "<portgroup name='%s'>", change->net->name,
			       ((const struct vnm_portgroup *)given)->name);
}

/* ---- <dns> ---- */

static int dns_host_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.hosts;
	ret->n = &change->net->dns.n_hosts;
	return 0;
}

static int dns_host_check(const struct vnm_change *change, void *given)
{
	const struct vnm_dns_host *host = given;

	if (host->ip.family != AF_UNSPEC || host->n_names > 0)
		return 0;
	return vnm_change_fail(change, "Missing ip and hostname in network '%s' DNS HOST record",
			       change->net->name);
}

/* Any field that both have in common. */
static bool dns_host_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_dns_host *a = there, *b = given;

	(void)change;
	if (b->ip.family != AF_UNSPEC && vnm_addr_equal(&a->ip, &b->ip))
		return true;
	for (size_t i = 0; i < a->n_names; i++)
		for (size_t k = 0; k < b->n_names; k++)
			if (same_string(a->names[i].name, b->names[k].name))
				return true;
	return false;
}

static int dns_host_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "there is already at least one DNS HOST record with a "
			       "matching field in network %s", change->net->name);
}

static int dns_host_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS HOST record in network %s",
			       change->net->name);
}

static int dns_txt_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.txts;
	ret->n = &change->net->dns.n_txts;
	return 0;
}

static int dns_txt_check(const struct vnm_change *change, void *given)
{
	if (((const struct vnm_txt *)given)->name)
		return 0;
	return vnm_change_fail(change,
			       "missing required name attribute in DNS TXT record of network %s",
			       change->net->name);
}

static bool dns_txt_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_txt *a = there, *b = given;

	(void)change;
	return same_string(a->name, b->name);
}

static int dns_txt_exists(const struct vnm_change *change, const void *given)
{
	return vnm_change_fail(change,
			       "there is already a DNS TXT record with name '%s' in network %s",
			       ((const struct vnm_txt *)given)->name, change->net->name);
}

static int dns_txt_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS TXT record in network %s",
			       change->net->name);
}

static int dns_srv_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.srvs;
	ret->n = &change->net->dns.n_srvs;
	return 0;
}

/* What is not given matches anything. */
static bool dns_srv_matches(const struct vnm_change *change, const void *there, const void *given)
{
	const struct vnm_srv *a = there, *b = given;

	(void)change;
	return (!b->domain || same_string(a->domain, b->domain)) &&
	       (!b->service || same_string(a->service, b->service)) &&
	       (!b->protocol || same_string(a->protocol, b->protocol)) &&
	       (!b->target || same_string(a->target, b->target));
}

static int dns_srv_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "there is already at least one DNS SRV record matching all "
			       "specified fields in network %s", change->net->name);
}

static int dns_srv_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS SRV record in network %s",
			       change->net->name);
}

static int forwarder_list(const struct vnm_change *change, struct vnm_list *ret)
{
	change->net->dns.at.present = true;
	ret->items = (void **)&change->net->dns.forwarders;
	ret->n = &change->net->dns.n_forwarders;
	return 0;
}

static bool forwarder_matches(const struct vnm_change *change, const void *there,
			      const void *given)
{
	const struct vnm_forwarder *a = there, *b = given;

	(void)change;
	if ((a->domain || b->domain) && !same_string(a->domain, b->domain))
		return false;
	return vnm_addr_equal(&a->addr, &b->addr);
}

static int forwarder_exists(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "there is already a DNS forwarder with this domain and "
			       "address in network %s", change->net->name);
}

static int forwarder_missing(const struct vnm_change *change, const void *given)
{
	(void)given;
	return vnm_change_fail(change, "couldn't locate a matching DNS forwarder in network %s",
			       change->net->name);
}

/* ---- elements that stand once ---- */

/* A bridge is known by its name: what is given without one means the one that is there. */
static int bridge_check(const struct vnm_change *change, void *given)
{
	struct vnm_bridge *bridge = given;

	if (!bridge->name && change->net->bridge.name)
		bridge->name = vnm_strdup(change->net->bridge.name);
	return 0;
}

/* clang-format off: rows */

#define LIST(var, word, element, type, commands, ...) \
	{ .label = (word), .path = (element), .size = sizeof(struct type), .hows = (commands), \
	  .list = var##_list, .matches = var##_matches, .exists = var##_exists, \
	  .missing = var##_missing, ##__VA_ARGS__ }
#define SINGLE(word, member, type, commands, ...) \
	{ .label = (word), .path = (word), .size = sizeof(struct type), .hows = (commands), \
	  .offset = offsetof(struct vnm_network, member), ##__VA_ARGS__ }

const struct vnm_section_row vnm_section_rows[VNM_SECTION_COUNT] = {
	[VNM_SECTION_BRIDGE] = SINGLE("bridge", bridge, vnm_bridge, MODIFY, .check = bridge_check,
		.refusal = "the bridge of a network can only be modified"),
	[VNM_SECTION_DOMAIN] = SINGLE("domain", domain, vnm_domain, ALL),
	[VNM_SECTION_IP] = LIST(ip, "ip", "ip", vnm_ip, ALL, .check = ip_check),
	[VNM_SECTION_IP_DHCP_HOST] = LIST(host, "ip dhcp host", "ip/dhcp/host", vnm_dhcp_host, ALL,
		.check = host_check),
	[VNM_SECTION_IP_DHCP_RANGE] = LIST(range, "ip dhcp range", "ip/dhcp/range", vnm_dhcp_range,
		ADD_DELETE, .check = range_check,
		.refusal = "dhcp ranges cannot be modified, only added or deleted"),
	[VNM_SECTION_FORWARD] = SINGLE("forward", forward, vnm_forward, ALL),
	[VNM_SECTION_FORWARD_INTERFACE] = LIST(interface, "forward interface", "forward/interface",
		vnm_forward_interface, ADD_DELETE, .check = interface_check,
		.refusal = "forward interface entries cannot be modified, only added or deleted"),
	[VNM_SECTION_FORWARD_PF] = { .label = "forward pf" },
	[VNM_SECTION_PORTGROUP] = LIST(portgroup, "portgroup", "portgroup", vnm_portgroup, ALL,
		.check = portgroup_check),
	[VNM_SECTION_DNS_HOST] = LIST(dns_host, "dns host", "dns/host", vnm_dns_host, ADD_DELETE,
		.check = dns_host_check,
		.refusal = "DNS HOST records cannot be modified, only added or deleted",
		.many = "multiple matching DNS HOST records were found in network %s"),
	[VNM_SECTION_DNS_TXT] = LIST(dns_txt, "dns txt", "dns/txt", vnm_txt, ADD_DELETE,
		.check = dns_txt_check,
		.refusal = "DNS TXT records cannot be modified, only added or deleted"),
	[VNM_SECTION_DNS_SRV] = LIST(dns_srv, "dns srv", "dns/srv", vnm_srv, ADD_DELETE,
		.refusal = "DNS SRV records cannot be modified, only added or deleted",
		.many = "multiple DNS SRV records matching all specified fields were found in "
			"network %s"),
	[VNM_SECTION_DNS_FORWARDER] = LIST(forwarder, "dns forwarder", "dns/forwarder",
		vnm_forwarder, ADD_DELETE,
		.refusal = "DNS forwarders cannot be modified, only added or deleted"),
	[VNM_SECTION_BANDWIDTH] = SINGLE("bandwidth", bandwidth, vnm_bandwidth, ALL),
	[VNM_SECTION_MTU] = SINGLE("mtu", mtu, vnm_mtu, ALL),
	[VNM_SECTION_ROUTE] = LIST(route, "route", "route", vnm_route, ADD_DELETE,
		.refusal = "routes cannot be modified, only added or deleted"),
};
/* clang-format on */
