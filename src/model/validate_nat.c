/* SPDX-License-Identifier: GPL-2.0-or-later */
/* validate_nat.c - port forwarding and NAT of a network: <vnm:portForward>, <vnm:redirect>, <vnm:sourceNat>, ... */
#include "model/validate_nat.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "model/enums.h"
#include "model/taken.h"
#include "model/validate_address.h"
#include "model/validate_device.h"
#include "util/buf.h"
#include "util/mem.h"

#define DNS_PORT 53
#define DHCP_PORT 67

static bool translates(const struct vnm_network *net)
{
	return vnm_network_mode(net) == VNM_FORWARD_NAT;
}

static int refuse_mode(struct vnm_check *check, const struct vnm_at *at, const char *element)
{
	return vnm_check_fail(check, at, "<vnm:%s> in network '%s' needs <forward mode='nat'/>%s",
			      element, check->net->name,
			      strcmp(element, "sourceNat") != 0 && strcmp(element, "staticNat") != 0
				      ? " or 'route'"
				      : "");
}

/* Rules need routed guests, and translation needs NAT. */
static int check_modes(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	const struct {
		const struct vnm_at *at;
		const char *name;
		bool nat_only;
	} elements[] = {
		{ net->n_port_forwards ? &net->port_forwards[0].at : NULL, "portForward", false },
		{ net->n_redirects ? &net->redirects[0].at : NULL, "redirect", false },
		{ net->n_source_nats ? &net->source_nats[0].at : NULL, "sourceNat", true },
		{ net->n_static_nats ? &net->static_nats[0].at : NULL, "staticNat", true },
		{ net->n_allows ? &net->allows[0].at : NULL, "allow", false },
	};
	bool routed = vnm_network_mode(net) == VNM_FORWARD_ROUTE;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(elements); i++)
		if (elements[i].at && !translates(net) && (elements[i].nat_only || !routed))
			return refuse_mode(check, elements[i].at, elements[i].name);
	return 0;
}

static const struct vnm_ip *subnet_of(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		struct vnm_prefix subnet = vnm_ip_prefix(&net->ips[i]);

		if (vnm_prefix_contains(&subnet, addr))
			return &net->ips[i];
	}
	return NULL;
}

static bool is_reserved(const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < ip->dhcp.n_hosts; i++)
		if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, addr))
			return true;
	return false;
}

/* Who has the address now: what a reservation knows the guest by; "..." stands for what is not known. */
static const char *leased_to(const struct vnm_check *check, const struct vnm_addr *addr,
			     char mac[static VNM_MAC_STRLEN])
{
	for (size_t i = 0; i < check->beside->n_leases; i++) {
		const struct vnm_lease_entry *lease = &check->beside->leases[i];

		if (!vnm_addr_equal(&lease->addr, addr))
			continue;
		if (addr->family == AF_INET)
			return vnm_mac_format(&lease->mac, mac);
		return lease->client_id ? lease->client_id : "...";
	}
	return "...";
}

/* The guest that has the address still, but by now a reservation of another one. */
static const struct vnm_dhcp_host *reserved_elsewhere(const struct vnm_check *check,
						      const struct vnm_ip *ip,
						      const struct vnm_addr *addr)
{
	for (size_t i = 0; i < check->beside->n_leases; i++) {
		const struct vnm_lease_entry *lease = &check->beside->leases[i];

		if (!vnm_addr_equal(&lease->addr, addr) || !lease->mac.set)
			continue;
		for (size_t k = 0; k < ip->dhcp.n_hosts; k++)
			if (vnm_mac_equal(&ip->dhcp.hosts[k].mac, &lease->mac) &&
			    ip->dhcp.hosts[k].ip.family == addr->family)
				return &ip->dhcp.hosts[k];
	}
	return NULL;
}

/* "tcp port 80"; NULL: a <vnm:staticNat>. With @blank, as net-forward-del takes it: "tcp 80" */
static char *forward_text(const struct vnm_port_forward *forward, const char *blank)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	if (!forward)
		return vnm_strdup("a <vnm:staticNat>");
	vnm_buf_printf(&out, "%s%s%u", vnm_enum_proto.names[forward->proto], blank,
		       forward->port.first);
	if (forward->port.last != forward->port.first)
		vnm_buf_printf(&out, "-%u", forward->port.last);
	return vnm_buf_steal(&out);
}

/* "N tcp 80 192.0.2.7:8080 --masquerade", as net-forward-add takes it */
static void add_again(const struct vnm_check *check, const struct vnm_port_forward *forward,
		      const struct vnm_addr *to, struct vnm_buf *out)
{
	vnm_autofree char *given = forward_text(forward, " ");
	const bool brackets = to->family == AF_INET6 && forward->to_port.set;
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "%s %s %s%s%s", check->net->name, given, brackets ? "[" : "",
		       vnm_addr_format(to, text), brackets ? "]" : "");
	if (forward->to_port.set)
		vnm_buf_printf(out, ":%u", forward->to_port.v);
	if (forward->address.family != AF_UNSPEC)
		vnm_buf_printf(out, " --address %s", vnm_addr_format(&forward->address, text));
	if (forward->dev)
		vnm_buf_printf(out, " --dev %s", forward->dev);
	if (forward->masquerade == VNM_TRI_YES)
		vnm_buf_add(out, " --masquerade");
	if (forward->name)
		vnm_buf_printf(out, " --name '%s'", forward->name);
}

static void warn_moved(struct vnm_check *check, const struct vnm_at *at,
		       const struct vnm_addr *from, const struct vnm_addr *to,
		       const struct vnm_port_forward *forward)
{
	char was[VNM_ADDR_STRLEN], is[VNM_ADDR_STRLEN], outside[VNM_ADDR_STRLEN] = "";
	vnm_autofree char *what = forward_text(forward, " port "), *given = NULL;
	vnm_autobuf struct vnm_buf again = { 0 };

	vnm_addr_format(from, was);
	vnm_addr_format(to, is);
	if (!forward || forward->n_targets > 0)
		return vnm_check_warn(check, at,
				      "%s leads to %s, whose guest in network '%s' has a "
				      "reservation of %s now",
				      what, was, check->net->name, is);
	given = forward_text(forward, " ");
	if (forward->address.family != AF_UNSPEC)
		vnm_addr_format(&forward->address, outside);
	add_again(check, forward, to, &again);
	vnm_check_warn(check, at,
		       "%s leads to %s, whose guest in network '%s' has a reservation of %s now; "
		       "this leads it there: vnetmgr net-forward-del %s %s%s%s %s && vnetmgr "
		       "net-forward-add %s %s",
		       what, was, check->net->name, is, check->net->name, given,
		       *outside ? " --address " : "", outside, check->beside->affect, again.data,
		       check->beside->affect);
}

/* A guest may have a static address; one that uses DHCP must get the same each time. */
static void warn_unreserved(struct vnm_check *check, const struct vnm_at *at,
			    const struct vnm_ip *ip, const struct vnm_addr *addr,
			    const struct vnm_port_forward *forward)
{
	char text[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];
	vnm_autofree char *what = NULL;
	const struct vnm_dhcp_host *moved;

	if (!vnm_dhcp_serves(&ip->dhcp) || is_reserved(ip, addr) ||
	    (check->beside->guests && vnm_taken_has(check->beside->guests, addr)))
		return;
	moved = reserved_elsewhere(check, ip, addr);
	if (moved)
		return warn_moved(check, at, addr, &moved->ip, forward);
	what = forward_text(forward, " port ");
	vnm_addr_format(addr, text);
	vnm_check_warn(check, at,
		       "no guest of network '%s' has a reservation of %s, to which %s leads; make "
		       "one: vnetmgr net-update %s add ip-dhcp-host \"<host %s='%s' ip='%s'/>\" %s",
		       check->net->name, text, what, check->net->name,
		       addr->family == AF_INET ? "mac" : "id", leased_to(check, addr, mac), text,
		       check->beside->affect);
}

/* A guest's address: not the host's, and a valid one. @forward: that leads there; NULL: a <vnm:staticNat> does */
static int check_guest(struct vnm_check *check, const struct vnm_at *at,
		       const struct vnm_addr *addr, const struct vnm_port_forward *forward)
{
	const struct vnm_network *net = check->net;
	const struct vnm_ip *ip = subnet_of(net, addr);
	struct vnm_prefix subnet;
	char text[VNM_ADDR_STRLEN];
	const char *special;

	vnm_addr_format(addr, text);
	if (!ip)
		return vnm_check_fail(check, at,
				      "guest address %s is not within a subnet of network '%s'",
				      text, net->name);
	if (vnm_check_own_address(net, addr, addr))
		return vnm_check_fail(check, at,
				      "guest address %s is the host's own in network '%s'", text,
				      net->name);
	subnet = vnm_ip_prefix(ip);
	special = vnm_prefix_special(&subnet, addr);
	if (special)
		return vnm_check_fail(check, at,
				      "guest address %s is the %s address of its subnet in "
				      "network '%s'",
				      text, special, net->name);
	warn_unreserved(check, at, ip, addr, forward);
	return 0;
}

static int check_dev(struct vnm_check *check, const struct vnm_at *at, const char *dev)
{
	const char *bridge = check->net->bridge.name;

	if (!dev)
		return 0;
	if (bridge && !strcmp(dev, bridge))
		return vnm_check_fail(check, at,
				      "device '%s' is the bridge of network '%s' itself; name the "
				      "one that leads outside",
				      dev, check->net->name);
	return vnm_check_device(check, at, dev);
}

static int check_span(struct vnm_check *check, const struct vnm_at *at,
		      const struct vnm_port_range *from, uint32_t to)
{
	if (to + (uint32_t)(from->last - from->first) <= UINT16_MAX)
		return 0;
	return vnm_check_fail(check, at, "%u ports from %u on end beyond 65535 in network '%s'",
			      from->last - from->first + 1u, to, check->net->name);
}

static int check_order(struct vnm_check *check, const struct vnm_at *at,
		       const struct vnm_port_range *ports)
{
	if (ports->first <= ports->last)
		return 0;
	return vnm_check_fail(check, at, "the range of ports %u-%u in network '%s' is reversed",
			      ports->first, ports->last, check->net->name);
}

/* Later checks rely on it. */
static int check_orders(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r = 0;

	for (size_t i = 0; r == 0 && i < net->n_port_forwards; i++)
		r = check_order(check, &net->port_forwards[i].at, &net->port_forwards[i].port);
	for (size_t i = 0; r == 0 && i < net->n_redirects; i++)
		r = check_order(check, &net->redirects[i].at, &net->redirects[i].port);
	for (size_t i = 0; r == 0 && i < net->n_source_nats; i++)
		r = check_order(check, &net->source_nats[i].at, &net->source_nats[i].port);
	for (size_t i = 0; r == 0 && i < net->n_allows; i++)
		r = check_order(check, &net->allows[i].at, &net->allows[i].port);
	return r;
}

/* ---- <vnm:portForward> ---- */

static int check_target(struct vnm_check *check, const struct vnm_port_forward *forward, size_t i)
{
	struct vnm_forward_target target = vnm_port_forward_target(forward, i);
	struct vnm_forward_target first = vnm_port_forward_target(forward, 0);
	int r = check_guest(check, &target.at, &target.address, forward);

	if (r < 0)
		return r;
	if (target.address.family != first.address.family)
		return vnm_check_fail(
			check, &target.at,
			"the targets of one <vnm:portForward> must be all IPv4 or all "
			"IPv6 (network '%s')",
			check->net->name);
	return target.port.set ? check_span(check, &target.at, &forward->port, target.port.v) : 0;
}

static int check_outside(struct vnm_check *check, const struct vnm_at *at,
			 const struct vnm_addr *outside, const struct vnm_addr *inside)
{
	char text[VNM_ADDR_STRLEN];

	if (outside->family == AF_UNSPEC)
		return 0;
	if (outside->family != inside->family)
		return vnm_check_fail(check, at,
				      "address %s and the guest's are not of one family in network "
				      "'%s'",
				      vnm_addr_format(outside, text), check->net->name);
	if (outside->family == AF_INET && outside->b[0] == 127)
		return 0;
	return vnm_check_unicast(check, at, outside);
}

/* Services of the host that guests need. */
static int check_services(struct vnm_check *check, const struct vnm_port_forward *forward)
{
	const struct vnm_network *net = check->net;
	const struct vnm_addr *address = &forward->address;
	bool ours = address->family == AF_UNSPEC || vnm_check_own_address(net, address, address);
	uint16_t first = forward->port.first, last = forward->port.last;
	unsigned taken = 0;

	if (!ours || forward->dev || !vnm_network_wants_dnsmasq(net))
		return 0;
	if (first <= DNS_PORT && last >= DNS_PORT && vnm_network_dns_enabled(net))
		taken = DNS_PORT;
	else if (forward->proto == VNM_PROTO_UDP && first <= DHCP_PORT && last >= DHCP_PORT)
		taken = DHCP_PORT;
	if (taken == 0)
		return 0;
	return vnm_check_fail(check, &forward->at,
			      "port %u is where the guests of network '%s' reach dnsmasq; say by "
			      "which address or device the forward is to be reached: address= "
			      "(--address) or dev= (--dev)",
			      taken, net->name);
}

static int check_forward(struct vnm_check *check, const struct vnm_port_forward *forward)
{
	struct vnm_forward_target first = vnm_port_forward_target(forward, 0);
	int r;

	if (forward->n_targets == 0 && forward->to.family == AF_UNSPEC)
		return vnm_check_fail(check, &forward->at,
				      "<vnm:portForward> in network '%s' leads nowhere: it needs "
				      "to= or <vnm:target>",
				      check->net->name);
	if (forward->n_targets > 0 && forward->to.family != AF_UNSPEC)
		return vnm_check_fail(check, &forward->at,
				      "<vnm:portForward> in network '%s' has both to= and "
				      "<vnm:target>: put all guests into <vnm:target>",
				      check->net->name);
	if (forward->name && !vnm_name_valid(forward->name))
		return vnm_check_fail(check, &forward->at,
				      "invalid name '%.70s' of a forward in "
				      "network '%s'",
				      forward->name, check->net->name);
	r = check_outside(check, &forward->at, &forward->address, &first.address);
	if (r == 0)
		r = check_dev(check, &forward->at, forward->dev);
	for (size_t i = 0; r == 0 && i < vnm_port_forward_targets(forward); i++)
		r = check_target(check, forward, i);
	return r < 0 ? r : check_services(check, forward);
}

static int check_twins(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	char place[VNM_CHECK_PLACE];

	for (size_t i = 1; i < net->n_port_forwards; i++) {
		const struct vnm_port_forward *forward = &net->port_forwards[i];

		for (size_t k = 0; k < i; k++) {
			if (!vnm_port_forwards_clash(&net->port_forwards[k], forward))
				continue;
			return vnm_check_fail(check, &forward->at,
					      "%s port %u of network '%s' is forwarded already%s",
					      vnm_enum_name(&vnm_enum_proto, (int)forward->proto),
					      forward->port.first, net->name,
					      vnm_check_place(check, "line",
							      &net->port_forwards[k].at, place));
		}
	}
	return 0;
}

static int check_forwards(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	int r = 0;

	if (net->n_port_forwards > VNM_PORT_FORWARDS_MAX)
		return vnm_check_fail(check, &net->port_forwards[VNM_PORT_FORWARDS_MAX].at,
				      "network '%s' has more than %d forwards: forward ranges of "
				      "ports, or an address (<vnm:staticNat>)",
				      net->name, VNM_PORT_FORWARDS_MAX);
	for (size_t i = 0; r == 0 && i < net->n_port_forwards; i++)
		r = check_forward(check, &net->port_forwards[i]);
	return r < 0 ? r : check_twins(check);
}

/* ---- the rest ---- */

static int check_redirects(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	char place[VNM_CHECK_PLACE];

	for (size_t i = 0; i < net->n_redirects; i++)
		for (size_t k = 0; k < i; k++) {
			const struct vnm_redirect *a = &net->redirects[k], *b = &net->redirects[i];

			if (a->proto == b->proto && a->port.first <= b->port.last &&
			    b->port.first <= a->port.last)
				return vnm_check_fail(check, &b->at,
						      "port %u of network '%s' is redirected "
						      "already%s",
						      b->port.first, net->name,
						      vnm_check_place(check, "line", &a->at,
								      place));
		}
	return 0;
}

static int check_source_addresses(struct vnm_check *check, const struct vnm_source_nat *nat)
{
	const struct vnm_network *net = check->net;
	bool one = nat->address.family != AF_UNSPEC;
	bool start = nat->start.family != AF_UNSPEC, end = nat->end.family != AF_UNSPEC;
	int r = 0;

	if (start != end || (one && start))
		return vnm_check_fail(check, &nat->at,
				      "<vnm:sourceNat> in network '%s' takes either address=, or "
				      "start= and end=, or none of them",
				      net->name);
	if (one)
		r = vnm_check_unicast(check, &nat->at, &nat->address);
	if (start)
		r = vnm_check_span(check, &nat->at, &nat->start, &nat->end);
	if (r < 0 || (!one && !start))
		return r;
	if (vnm_network_has_family(net, one ? nat->address.family : nat->start.family))
		return 0;
	return vnm_check_fail(check, &nat->at,
			      "network '%s' has no subnet of the family of the source address",
			      net->name);
}

static int check_source(struct vnm_check *check, const struct vnm_source_nat *nat)
{
	const struct vnm_network *net = check->net;
	const char *only = vnm_network_forward_dev(net);
	int r = check_dev(check, &nat->at, nat->dev);

	if (r == 0 && nat->dev && only && strcmp(nat->dev, only) != 0)
		return vnm_check_fail(check, &nat->at,
				      "guests of network '%s' leave by device '%s' only (<forward "
				      "dev=.../>), none by '%s'",
				      net->name, only, nat->dev);
	return r < 0 ? r : check_source_addresses(check, nat);
}

static int check_sources(struct vnm_check *check)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < check->net->n_source_nats; i++)
		r = check_source(check, &check->net->source_nats[i]);
	return r;
}

static int check_statics(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;
	char place[VNM_CHECK_PLACE];
	int r = 0;

	for (size_t i = 0; r == 0 && i < net->n_static_nats; i++) {
		const struct vnm_static_nat *nat = &net->static_nats[i];

		r = check_guest(check, &nat->at, &nat->inside, NULL);
		if (r == 0)
			r = check_outside(check, &nat->at, &nat->outside, &nat->inside);
		if (r == 0 && subnet_of(net, &nat->outside))
			return vnm_check_fail(check, &nat->at,
					      "the outside address of a <vnm:staticNat> is within "
					      "network '%s' itself",
					      net->name);
		for (size_t k = 0; r == 0 && k < i; k++)
			if (vnm_addr_equal(&net->static_nats[k].outside, &nat->outside) ||
			    vnm_addr_equal(&net->static_nats[k].inside, &nat->inside))
				return vnm_check_fail(check, &nat->at,
						      "an address of this <vnm:staticNat> in "
						      "network '%s' has a partner already%s",
						      net->name,
						      vnm_check_place(check, "line",
								      &net->static_nats[k].at,
								      place));
	}
	return r;
}

static int check_allowed(struct vnm_check *check)
{
	const struct vnm_network *net = check->net;

	for (size_t i = 0; i < net->n_allows; i++) {
		const struct vnm_allow *allow = &net->allows[i];

		if (!vnm_name_valid(allow->network))
			return vnm_check_fail(check, &allow->at, "invalid network name '%.70s'",
					      allow->network);
		if (!strcmp(allow->network, net->name))
			return vnm_check_fail(check, &allow->at,
					      "guests of network '%s' reach each other already",
					      net->name);
		if (allow->port.first && allow->proto == VNM_PROTO_ABSENT)
			return vnm_check_fail(
				check, &allow->at,
				"port= of <vnm:allow> in network '%s' needs proto=", net->name);
	}
	return 0;
}

/**
 * vnm_check_nat() - port forwarding and NAT of a network
 * @check: the validation
 *
 * Return: 0 or -EINVAL.
 */
int vnm_check_nat(struct vnm_check *check)
{
	static int (*const checks[])(struct vnm_check * check) = {
		check_modes,   check_orders,  check_forwards, check_redirects,
		check_sources, check_statics, check_allowed,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < VNM_ARRAY_SIZE(checks); i++)
		r = checks[i](check);
	return r;
}
