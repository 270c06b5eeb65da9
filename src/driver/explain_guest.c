/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain_guest.c - the guest's part of a packet's way.
 *
 * A guest in a namespace is asked itself: which way it would send the packet, from which address, and to whom. Of a
 * machine only its MAC address and its address are known, so the packet is sent as if it had the right gateway.
 */
#include "driver/explain_guest.h"

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "driver/explain_route.h"
#include "driver/guest_address.h"
#include "run/guest_leg.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "sys/link/address_list.h"
#include "sys/link/fdb.h"
#include "sys/link/link_traffic.h"
#include "sys/link/neighbour.h"
#include "sys/netlink/netns_enter.h"
#include "sys/process/leases.h"
#include "sys/uplink/gateway.h"
#include "util/mem.h"
#include "util/patience.h"

#define NEIGHBOUR_MS 1000 /* an answer takes less than one */
#define NEIGHBOUR6_MS \
	2500 /* a device that is new asks nobody before it knows that its own address is unique */

/** vnm_explain_guest_clear() - free what vnm_explain_find_guest() filled in */
void vnm_explain_guest_clear(struct vnm_explain_guest *guest)
{
	free(guest->port);
	free(guest->dev);
	free(guest->ns.path);
	*guest = (struct vnm_explain_guest){ 0 };
}

static int family_of(const struct vnm_explain_case *of)
{
	return of->ask->to.family;
}

static void find_reserved(struct vnm_explain_case *of)
{
	const struct vnm_attachment station = { .mac = of->guest.mac };
	const struct vnm_dhcp_host *host = vnm_attach_reservation(&of->network, &station);

	if (host && host->ip.family == family_of(of))
		of->guest.addr = host->ip;
}

static void find_leased(struct vnm_explain_case *of)
{
	vnm_autofree unsigned *lens = NULL;
	struct vnm_lease_entry *leases;
	struct vnm_error ignored = { 0 };
	size_t n;

	if (vnm_driver_leases(of->drv, of->ask->network, &of->guest.mac, &leases, &lens, &n,
			      &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (leases[i].addr.family == family_of(of))
			of->guest.addr = leases[i].addr;
	vnm_leases_free(leases, n);
}

/* What is known by its name, or else by its MAC address. */
static void find_address(struct vnm_explain_case *of, const char *name)
{
	struct vnm_explain_guest *guest = &of->guest;
	struct vnm_error ignored = { 0 };
	struct vnm_link port;

	if (!guest->mac.set && vnm_link_read(&of->drv->sys, guest->port, &port) == 0)
		(void)vnm_fdb_station(&of->drv->sys, &of->link, &port, &guest->mac);
	if (vnm_driver_guest_address(of->drv, of->ask->network, name, family_of(of), &guest->addr,
				     &ignored) == 0 ||
	    !guest->mac.set)
		return;
	find_reserved(of);
	find_leased(of);
}

static int use_attachment(struct vnm_explain_case *of, const struct vnm_attachment *attach,
			  struct vnm_error *err)
{
	struct vnm_explain_guest *guest = &of->guest;

	if (attach->parent)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "guest '%s' is on top of the host's device '%s': its packets "
				     "do not pass the host's packet filters or routes; look for "
				     "them with: tcpdump -i %s",
				     of->ask->guest, attach->parent, attach->parent);
	guest->port = vnm_strdup(attach->dev);
	guest->mac = attach->mac;
	guest->tun = attach->kind == VNM_ATTACH_TUN;
	if (attach->netns && attach->kind == VNM_ATTACH_NETNS) {
		guest->ns.path = vnm_strdup(attach->netns);
		guest->dev = vnm_strdup(attach->ifname);
	}
	find_address(of, attach->dev);
	return 0;
}

/* A guest that somebody else put on the bridge: by its address, its MAC address and the bridge's table. */
static int use_address(struct vnm_explain_case *of, const struct vnm_addr *addr,
		       struct vnm_error *err)
{
	struct vnm_explain_guest *guest = &of->guest;
	struct vnm_probe probe = { .addr = *addr };
	struct vnm_link port;
	char text[VNM_ADDR_STRLEN];
	int r;

	guest->addr = *addr;
	r = vnm_neighbours_probe(&of->drv->sys, of->link.fact.name, &probe, 1,
				 (unsigned)vnm_patience_ms(NEIGHBOUR_MS));
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot ask for %s on '%s': %s",
				     vnm_addr_format(addr, text), of->link.fact.name, strerror(-r));
	if (!probe.answered || !probe.mac.set)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EHOSTUNREACH,
				     "no guest of network '%s' answers at %s: it is off, it is not "
				     "on bridge '%s', or it has another address; see: ip neigh "
				     "show dev %s",
				     of->ask->network, vnm_addr_format(addr, text),
				     of->link.fact.name, of->link.fact.name);
	guest->mac = probe.mac;
	if (vnm_fdb_port(&of->drv->sys, &of->link, &probe.mac, &port) < 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "bridge '%s' has not learnt on which port %s is; see: bridge "
				     "fdb show br %s",
				     of->link.fact.name, vnm_addr_format(addr, text),
				     of->link.fact.name);
	guest->port = vnm_strdup(port.fact.name);
	return 0;
}

/**
 * vnm_explain_find_guest() - find the guest that was named
 * @of:  the case; gets the guest
 * @err: set when there is none of that name
 *
 * Return: 0 or -errno.
 */
int vnm_explain_find_guest(struct vnm_explain_case *of, struct vnm_error *err)
{
	const struct vnm_attachments *guests = vnm_attachments_get(of->drv, of->ask->network);
	struct vnm_addr addr;
	int r;

	for (size_t i = 0; i < guests->n_items; i++)
		if (vnm_attach_called(&guests->items[i], of->ask->guest))
			return use_attachment(of, &guests->items[i], err);
	if (vnm_addr_parse(of->ask->guest, &addr) == 0)
		return use_address(of, &addr, err);
	r = vnm_driver_guest_address(of->drv, of->ask->network, of->ask->guest, family_of(of),
				     &addr, err);
	return r < 0 ? r : use_address(of, &addr, err);
}

static void repair(struct vnm_explain_case *of)
{
	vnm_explanation_mend(of->ret, "vnetmgr net-repair %s", of->ask->network);
}

/* Or does the spanning tree keep the port from it? */
static bool forwards(struct vnm_explain_case *of, const struct vnm_link *port)
{
	static const char *const states[] = {
		[BR_STATE_LISTENING] = "listening",
		[BR_STATE_LEARNING] = "learning",
		[BR_STATE_BLOCKING] = "blocking",
	};
	const uint8_t state = port->port.state;

	if (of->guest.tun || state >= VNM_ARRAY_SIZE(states) || !states[state])
		return true;
	vnm_explanation_stop(of->ret, VNM_REASON_PORT_WAITS,
			     "port '%s' of bridge '%s' does not forward: the spanning tree has it "
			     "%s",
			     port->fact.name, of->link.fact.name, states[state]);
	if (state != BR_STATE_BLOCKING)
		vnm_explanation_mend(of->ret, "sleep %u", 2 * ((of->link.delay + 99) / 100));
	return false;
}

/* On its bridge, up, and plugged in. */
static void check_port(struct vnm_explain_case *of, const struct vnm_link *port)
{
	const char *name = of->guest.port, *bridge = of->link.fact.name;
	struct vnm_traffic traffic = { 0 };

	int r = vnm_link_traffic(&of->drv->sys, name, &traffic);

	if (r < 0)
		of->failed = r;
	if (!port->fact.up) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_DOWN, "device '%s' is down", name);
		return repair(of);
	}
	if (!of->guest.tun && port->fact.master != of->link.fact.index) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_OFF_BRIDGE,
				     "device '%s' is not on bridge '%s'", name, bridge);
		return repair(of);
	}
	if (!traffic.carrier) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_UNPLUGGED,
				     "device '%s' has no carrier: the guest's end is down, or no "
				     "machine has it open",
				     name);
		return;
	}
	if (port->port.set & VNM_PORT_SETTING(VNM_IFLA_BRPORT_LOCKED)) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_LOCKED,
				     "port '%s' of bridge '%s' is locked: it lets in only stations "
				     "that were authorised",
				     name, bridge);
		vnm_explanation_mend(of->ret, "bridge link set dev %s locked off", name);
		return;
	}
	if (!forwards(of, port))
		return;
	vnm_explanation_hop(of->ret, "port", "%s on %s%s", name, of->guest.tun ? "host" : bridge,
			    port->port.isolated ? ", isolated from other such ports" : "");
}

/* A repair leaves a bridge of the host alone. */
static void raise_bridge(struct vnm_explain_case *of)
{
	if (vnm_network_makes_bridge(&of->network))
		repair(of);
	else
		vnm_explanation_mend(of->ret, "ip link set dev %s up", of->link.fact.name);
}

/** vnm_explain_port() - is the guest's port in order? */
void vnm_explain_port(struct vnm_explain_case *of)
{
	struct vnm_link port;

	if (!of->link.fact.up) {
		vnm_explanation_stop(of->ret, VNM_REASON_BRIDGE_DOWN, "bridge '%s' is down",
				     of->link.fact.name);
		return raise_bridge(of);
	}
	if (!vnm_explain_link(of, &of->drv->sys, of->guest.port, &port)) {
		vnm_explanation_stop(of->ret, VNM_REASON_PORT_MISSING,
				     "device '%s', which leads to the guest, does not exist",
				     of->guest.port);
		return repair(of);
	}
	check_port(of, &port);
}

/**
 * vnm_explain_isolated() - does the bridge keep the guest from a station?
 * @of: the case; gets the explanation
 * @to: the station
 *
 * Between two isolated ports nothing is forwarded.
 *
 * Return: whether it does.
 */
bool vnm_explain_isolated(struct vnm_explain_case *of, const struct vnm_mac *to)
{
	struct vnm_link from, port;

	if (vnm_link_read(&of->drv->sys, of->guest.port, &from) < 0 ||
	    vnm_fdb_port(&of->drv->sys, &of->link, to, &port) < 0 || !from.port.isolated ||
	    !port.port.isolated)
		return false;
	vnm_explanation_stop(
		of->ret, VNM_REASON_PORT_ISOLATED,
		"ports '%s' and '%s' are isolated: bridge '%s' forwards nothing between "
		"them",
		from.fact.name, port.fact.name, of->link.fact.name);
	vnm_explanation_mend(of->ret, "bridge link set dev %s isolated off", port.fact.name);
	return true;
}

/* ---- the guest's own decisions ---- */

static const struct vnm_op_netns here;

/** struct asking - a neighbour that is asked for in a namespace. */
struct asking {
	struct vnm_sys *sys;
	const char *dev;
	struct vnm_probe probe;
};

static int ask_neighbour(void *data)
{
	struct asking *asking = data;

	return vnm_neighbours_probe(asking->sys, asking->dev, &asking->probe, 1,
				    (unsigned)vnm_patience_ms(asking->probe.addr.family == AF_INET6
								      ? NEIGHBOUR6_MS
								      : NEIGHBOUR_MS));
}

/*
 * What is there for ever is used; anybody else is asked, since what the kernel has may be old. Who could not be asked is not silent:
 * then nothing can be said.
 */
static bool resolve(struct vnm_explain_case *of, struct vnm_sys *sys, const struct vnm_op_netns *ns,
		    const struct vnm_link *link, const struct vnm_addr *addr, struct vnm_mac *ret)
{
	const uint16_t known = NUD_PERMANENT | NUD_NOARP;
	struct asking asking = { sys, link->fact.name, { .addr = *addr } };
	int r;

	if (vnm_neighbour_state(sys, link->fact.index, addr, ret) & known && ret->set)
		return true;
	r = vnm_netns_run(ns, ask_neighbour, &asking);
	if (r < 0)
		of->failed = r;
	*ret = asking.probe.mac;
	return asking.probe.answered && asking.probe.mac.set;
}

/* What kind of route has answered so (fib_props of the kernel); NULL: there is none. Which one it is, is not said. */
static const char *refusing_kind(int error)
{
	return error == -EINVAL		? "blackhole"
	       : error == -EACCES	? "prohibit"
	       : error == -EHOSTUNREACH ? "unreachable"
					: NULL;
}

static void refuse_route(struct vnm_explain_case *of, const struct vnm_route_answer *answer)
{
	const char *kind = refusing_kind(answer->error);
	char to[VNM_ADDR_STRLEN];

	if (kind)
		return vnm_explanation_stop(
			of->ret, VNM_REASON_GUEST_ROUTE,
			"a %s route in the guest stops what it sends to %s; there: ip%s route show "
			"type %s",
			kind, vnm_addr_format(&of->ask->to, to),
			of->ask->to.family == AF_INET6 ? " -6" : "", kind);
	vnm_explanation_stop(of->ret, VNM_REASON_GUEST_ROUTE, "the guest has no route to %s: %s",
			     vnm_addr_format(&of->ask->to, to), strerror(-answer->error));
	if (vnm_network_mode(&of->network) == VNM_FORWARD_NONE)
		vnm_explanation_note(of->ret,
				     "network '%s' is isolated: it has no <forward>, and leads "
				     "nowhere else",
				     of->network.name);
}

/* Where the guest is to send what goes out: the host or, on its LAN, the host's own gateway; "": an isolated network has none. */
static void find_gateway(const struct vnm_explain_case *of, char ret[static VNM_ADDR_STRLEN])
{
	const struct vnm_network *net = &of->network;
	struct vnm_gateways found = { 0 };
	struct vnm_error ignored = { 0 };

	if (vnm_network_mode(net) == VNM_FORWARD_NONE)
		return;
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family_of(of))
			vnm_addr_format(&net->ips[i].address, ret);
	if (net->n_ips == 0 && net->bridge.name)
		(void)vnm_gateways_find(&of->drv->sys, net->bridge.name, &found, &ignored);
	for (size_t i = 0; i < found.n; i++)
		if (found.items[i].family == family_of(of))
			vnm_addr_format(&found.items[i], ret);
}

/* "ip -n" needs a name; a process's namespace, which has none, is entered by nsenter. */
static const char *name_of_netns(const struct vnm_explain_case *of)
{
	return strncmp(of->guest.ns.path, "/run/netns/", 11) == 0 ? of->guest.ns.path + 11 : NULL;
}

static void mend_route(struct vnm_explain_case *of)
{
	const char *name = name_of_netns(of);
	char gateway[VNM_ADDR_STRLEN] = "";

	find_gateway(of, gateway);
	if (!*gateway)
		return;
	if (name)
		vnm_explanation_mend(of->ret, "ip -n %s route add default via %s", name, gateway);
	else
		vnm_explanation_mend(of->ret, "nsenter --net=%s ip route add default via %s",
				     of->guest.ns.path, gateway);
}

/** vnm_explain_silent() - stop it, if the guest has not found its next hop */
void vnm_explain_silent(struct vnm_explain_case *of)
{
	char to[VNM_ADDR_STRLEN];

	if (of->silent.family)
		vnm_explanation_stop(of->ret, VNM_REASON_GUEST_NEIGHBOUR,
				     "the guest finds nobody at %s: no answer to its %s there",
				     vnm_addr_format(&of->silent, to),
				     of->silent.family == AF_INET6 ? "neighbour solicitations"
								   : "ARP requests");
}

/* Is it the host itself, or does the host find it? */
static bool hears(struct vnm_explain_case *of, const struct vnm_addr *next, struct vnm_mac *ret)
{
	const struct vnm_route_question question = { .dst = *next };
	struct vnm_route_answer answer;

	if (vnm_route_ask(&of->drv->sys, &question, &answer) == 0 && answer.error == 0 &&
	    answer.type == RTN_LOCAL) {
		*ret = of->link.fact.mac;
		return true;
	}
	return resolve(of, &of->drv->sys, &here, &of->link, next, ret);
}

static void leave_by(struct vnm_explain_case *of, struct vnm_sys *there,
		     const struct vnm_link *link, const struct vnm_route_answer *answer,
		     struct vnm_trace_job *job)
{
	const struct vnm_addr *next = answer->gateway.family ? &answer->gateway : &of->ask->to;
	char to[VNM_ADDR_STRLEN], src[VNM_ADDR_STRLEN];

	job->packet.src = of->guest.addr = answer->src;
	job->from_mac = link->fact.mac;
	vnm_explanation_hop(of->ret, "guest", "%s sends from %s by %s%s%s", of->ask->guest,
			    vnm_addr_format(&answer->src, src), link->fact.name,
			    answer->gateway.family ? " to gateway " : "",
			    answer->gateway.family ? vnm_addr_format(&answer->gateway, to) : "");
	of->next = answer->gateway;
	if (resolve(of, there, &of->guest.ns, link, next, &job->to_mac))
		return;
	of->silent = *next;
	if (!hears(of, next, &job->to_mac))
		return vnm_explain_silent(of);
	/* Then it is the bridge, or a rule, which may stop the packet as well. */
	(void)vnm_explain_isolated(of, &job->to_mac);
}

/* Does it ask for an address that is the host's in the network, and so should not be the guest's? */
static bool is_hosts(const struct vnm_explain_case *of)
{
	for (size_t i = 0; i < of->network.n_ips; i++)
		if (vnm_addr_equal(&of->network.ips[i].address, &of->ask->to))
			return true;
	return false;
}

/* The guest has the address itself: on which of its devices, and how long is its prefix? */
static void refuse_own(struct vnm_explain_case *of, struct vnm_sys *there)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	char text[VNM_PREFIX_STRLEN];
	const char *name = name_of_netns(of);
	struct vnm_error ignored = { 0 };
	struct vnm_link link;

	vnm_explanation_stop(of->ret, VNM_REASON_GUEST_OTHER_WAY,
			     "the guest has the address %s itself, so the packet does not leave it",
			     vnm_addr_format(&of->ask->to, text));
	if (!is_hosts(of) || vnm_observe_addresses(there, &facts, &ignored) < 0)
		return;
	for (size_t i = 0; i < facts.n_addresses; i++) {
		if (!vnm_addr_equal(&facts.addresses[i].prefix.addr, &of->ask->to) ||
		    vnm_link_read_index(there, facts.addresses[i].ifindex, &link) < 0)
			continue;
		vnm_prefix_format(&facts.addresses[i].prefix, text);
		vnm_explanation_mend(
			of->ret, "%s%s%s address del %s dev %s",
			name ? "ip -n " : "nsenter --net=", name ? name : of->guest.ns.path,
			name ? "" : " ip", text, link.fact.name);
		return;
	}
}

static void refuse_way(struct vnm_explain_case *of, struct vnm_sys *there, int out)
{
	vnm_autofree char *network = NULL;
	char to[VNM_ADDR_STRLEN];
	struct vnm_link link;
	bool known = vnm_link_read_index(there, out, &link) == 0;

	vnm_addr_format(&of->ask->to, to);
	if (known)
		network = vnm_guest_leg(of->drv, of->guest.ns.path, link.fact.name);
	if (network)
		vnm_explanation_stop(of->ret, VNM_REASON_GUEST_OTHER_NETWORK,
				     "the guest does not send packets to %s by '%s': its routes "
				     "lead there by '%s', on network '%s'",
				     to, of->guest.dev, link.fact.name, network);
	else if (!known)
		vnm_explanation_stop(of->ret, VNM_REASON_GUEST_OTHER_WAY,
				     "the guest does not send packets to %s by '%s': its routes "
				     "lead elsewhere",
				     to, of->guest.dev);
	else
		vnm_explanation_stop(of->ret, VNM_REASON_GUEST_OTHER_WAY,
				     "the guest does not send packets to %s by '%s': its routes "
				     "lead there by '%s'",
				     to, of->guest.dev, link.fact.name);
}

static void ask_guest(struct vnm_explain_case *of, struct vnm_sys *there, struct vnm_trace_job *job)
{
	const struct vnm_route_question question = { .dst = of->ask->to };
	struct vnm_route_answer answer;
	struct vnm_link link;
	int r;

	if (!vnm_explain_link(of, there, of->guest.dev, &link) || !link.fact.up) {
		vnm_explanation_stop(of->ret, VNM_REASON_GUEST_DOWN,
				     "device '%s' in the guest is down, or does not exist",
				     of->guest.dev);
		return repair(of);
	}
	r = vnm_route_ask(there, &question, &answer);
	if (r < 0) {
		of->failed = r;
		return;
	}
	if (answer.error < 0) {
		refuse_route(of, &answer);
		if (!refusing_kind(answer.error))
			mend_route(of);
		return;
	}
	if (answer.type == RTN_LOCAL)
		return refuse_own(of, there);
	if (answer.out != link.fact.index || answer.type != RTN_UNICAST)
		return refuse_way(of, there, answer.out);
	leave_by(of, there, &link, &answer, job);
}

/* A machine: to the destination itself in its subnet, else by the bridge. */
static void assume_guest(struct vnm_explain_case *of, struct vnm_trace_job *job)
{
	char text[VNM_ADDR_STRLEN];

	if (of->guest.addr.family == AF_UNSPEC)
		return vnm_explanation_stop(of->ret, VNM_REASON_GUEST_ADDRESS,
					    "guest '%s' has no %s address that is known: no lease, "
					    "no reservation, none given to net-attach",
					    of->ask->guest,
					    family_of(of) == AF_INET6 ? "IPv6" : "IPv4");
	job->from = VNM_FROM_PORT;
	job->packet.src = of->guest.addr;
	job->from_mac = of->guest.mac;
	job->to_mac = of->link.fact.mac;
	if (vnm_attach_subnet(&of->network, &of->ask->to))
		(void)resolve(of, &of->drv->sys, &here, &of->link, &of->ask->to, &job->to_mac);
	if (!job->to_mac.set)
		job->to_mac = of->link.fact.mac;
	vnm_explanation_hop(of->ret, "guest", "%s sends from %s, as if by the bridge's address",
			    of->ask->guest, vnm_addr_format(&of->guest.addr, text));
}

/**
 * vnm_explain_departure() - how the guest sends the packet
 * @of:  the case
 * @job: gets the source and the frame's addresses, and where it begins
 */
void vnm_explain_departure(struct vnm_explain_case *of, struct vnm_trace_job *job)
{
	struct vnm_sys *there;
	int r;

	job->port = of->guest.port;
	if (!of->guest.ns.path)
		return assume_guest(of, job);
	job->from = VNM_FROM_NAMESPACE;
	job->ns = &of->guest.ns;
	job->dev = of->guest.dev;
	r = vnm_sys_enter(&of->drv->sys, &of->guest.ns, &there);
	if (r < 0 && r != -ENOENT) {
		of->failed = r;
		return;
	}
	if (r < 0) {
		vnm_explanation_stop(of->ret, VNM_REASON_NAMESPACE_GONE,
				     "network namespace '%s' of the guest is gone",
				     of->guest.ns.path);
		return repair(of);
	}
	ask_guest(of, there, job);
}
