/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_mtu.c - where on their way packets are too large: in a guest, on the bridge, at the uplink, or behind it.
 *
 * A bridge drops such packets silently. Where they are routed, their sender is told to send smaller ones, and nothing is wrong
 * unless that message does not get through.
 */
#include "doctor/check_mtu.h"

#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define TEXT_MAX 16 /* of an MTU */

/* What frames of the network may have, if the definition does not say. */
static uint32_t usual(const struct vnm_case *c)
{
	const struct vnm_uint defined = vnm_network_mtu(c->net);

	return defined.set ? defined.v : ETH_DATA_LEN;
}

/* The device of a guest on the host that takes less than the guest and its network send; NULL: it does not. */
static const struct vnm_link *small_port(const struct vnm_case *c,
					 const struct vnm_case_guest *guest)
{
	const struct vnm_link *port = NULL;

	for (size_t i = 0; i < c->host.links.n && !port; i++)
		if (vnm_case_guest_of(c, c->host.links.items[i].fact.name) == guest)
			port = &c->host.links.items[i];
	return port && vnm_case_is_port(c, port) && guest->inside && !guest->attach->parent &&
			       port->fact.mtu < usual(c) &&
			       port->fact.mtu < guest->link.fact.mtu
		       ? port
		       : NULL;
}

/** vnm_check_port_mtu() - a port of a guest takes only smaller packets than the network has, and the bridge adapts to it */
void vnm_check_port_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_link *port = small_port(c, &c->guests[i]);
		char mtu[TEXT_MAX];

		if (!port)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", port->fact.mtu);
		VNM_FOUND(found, .guest = &c->guests[i], .dev = port->fact.name, .value = mtu,
			  .number = usual(c));
	}
}

static bool has_small_port(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->n_guests; i++)
		if (small_port(c, &c->guests[i]))
			return true;
	return false;
}

/* Of layer 2 in packets of another: they take less than what carries them. */
static bool is_tunnel(const struct vnm_link *link)
{
	static const char *const kinds[] = { "vxlan", "geneve", "gretap", "ip6gretap", "batadv" };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(kinds); i++)
		if (!strcmp(link->fact.kind, kinds[i]))
			return true;
	return false;
}

/* What guests send at most, as far as that can be seen; else what they may. */
static uint32_t sent(const struct vnm_case *c)
{
	uint32_t most = 0;

	for (size_t i = 0; i < c->n_guests; i++)
		if (c->guests[i].inside && !c->guests[i].attach->parent &&
		    c->guests[i].link.fact.mtu > most)
			most = c->guests[i].link.fact.mtu;
	return most && most < usual(c) ? most : usual(c);
}

static bool is_small_tunnel(const struct vnm_case *c, const struct vnm_link *link)
{
	return vnm_case_is_port(c, link) && is_tunnel(link) && link->fact.mtu < sent(c);
}

static bool has_small_tunnel(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->host.links.n; i++)
		if (is_small_tunnel(c, &c->host.links.items[i]))
			return true;
	return false;
}

/** vnm_check_tunnel_mtu() - a port of the bridge is a tunnel, which takes only smaller packets than guests send */
void vnm_check_tunnel_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->host.links.n; i++) {
		const struct vnm_link *link = &c->host.links.items[i];
		vnm_autofree char *mend = NULL;
		char mtu[TEXT_MAX];

		if (!is_small_tunnel(c, link))
			continue;
		snprintf(mtu, sizeof(mtu), "%u", link->fact.mtu);
		/* What an own bridge has, its guests get; of another one, whoever made it decides. */
		if (vnm_network_makes_bridge(c->net))
			mend = vnm_asprintf("vnetmgr net-update %s %s mtu \"<mtu size='%s'/>\" "
					    "--live --config",
					    c->net->name,
					    vnm_network_mtu(c->net).set ? "modify" : "add", mtu);
		else
			mend = vnm_asprintf("ip link set dev %s mtu %u", link->fact.name, sent(c));
		VNM_FOUND(found, .dev = link->fact.name, .other = link->fact.kind, .value = mtu,
			  .number = sent(c), .mend = mend);
	}
}

/** vnm_check_guest_mtu() - a guest sends packets that its bridge does not forward */
void vnm_check_guest_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	/* The bridge has adapted to its smallest port. */
	const bool is_explained = has_small_port(c) || has_small_tunnel(c);

	for (size_t i = 0; i < c->n_guests && c->link && !is_explained; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		char mtu[TEXT_MAX];

		if (!guest->inside || guest->attach->parent ||
		    guest->link.fact.mtu <= c->link->fact.mtu)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", guest->link.fact.mtu);
		VNM_FOUND(found, .guest = guest, .value = mtu, .number = c->link->fact.mtu);
	}
}

/** vnm_check_path_mtu() - a guest is not told that the way out takes only smaller packets than it sends */
void vnm_check_path_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_link *out = vnm_case_link_of(&c->host, guest->path.out);
		char mtu[TEXT_MAX];

		if (!guest->path.untold || !out || guest->path.beyond.family)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", guest->link.fact.mtu);
		VNM_FOUND(found, .guest = guest, .value = mtu, .dev = out->fact.name,
			  .other = guest->path.family == AF_INET6 ? "-6 " : "",
			  .number = guest->path.mtu);
	}
}

/** vnm_check_uplink_mtu() - the host sends packets that do not reach its gateway */
void vnm_check_uplink_mtu(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_case_step *step = &c->probes.gateway;
	const struct vnm_link *link = vnm_case_link_of(&c->host, step->ifindex);
	char addr[VNM_ADDR_STRLEN], mtu[TEXT_MAX];

	if (!step->mtu || !link || step->mtu >= link->fact.mtu)
		return;
	snprintf(mtu, sizeof(mtu), "%u", link->fact.mtu);
	VNM_FOUND(found, .dev = link->fact.name, .value = mtu, .number = step->mtu,
		  .address = vnm_addr_format(&step->addr, addr));
}

/** vnm_check_way_told() - a guest is not told that a router beyond the host's gateway takes only smaller packets */
void vnm_check_way_told(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		char mtu[TEXT_MAX], to[VNM_ADDR_STRLEN];

		if (!guest->path.untold || !guest->path.beyond.family)
			continue;
		snprintf(mtu, sizeof(mtu), "%u", guest->link.fact.mtu);
		VNM_FOUND(found, .guest = guest, .value = mtu, .number = guest->path.mtu,
			  .address = vnm_addr_format(&guest->path.beyond, to));
	}
}

/* For packets that are forwarded, that of a route counts; of IPv6, whose routes come and go by advertisements, the device's. */
static char *mend_way(const struct vnm_case_way *way, const struct vnm_case_route *route,
		      const char *dev)
{
	char gateway[VNM_ADDR_STRLEN], src[VNM_ADDR_STRLEN];
	vnm_autobuf struct vnm_buf out = { 0 };

	if (way->to.family == AF_INET6)
		return vnm_asprintf("sysctl -w net/ipv6/conf/%s/mtu=%u", dev, way->mtu);
	vnm_buf_printf(&out, "ip route change default via %s dev %s proto %u",
		       vnm_addr_format(&way->gateway, gateway), dev, route->protocol);
	if (route->src.family)
		vnm_buf_printf(&out, " src %s", vnm_addr_format(&route->src, src));
	if (route->metric)
		vnm_buf_printf(&out, " metric %u", route->metric);
	vnm_buf_printf(&out, " mtu %u", way->mtu);
	return vnm_buf_steal(&out);
}

/** vnm_check_way_lost() - packets are lost beyond the host's gateway that are too large there, and nobody says so */
void vnm_check_way_lost(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(c->probes.ways); i++) {
		const struct vnm_case_way *way = &c->probes.ways[i];
		const struct vnm_link *link = vnm_case_link_of(&c->host, way->ifindex);
		char full[TEXT_MAX], to[VNM_ADDR_STRLEN], gateway[VNM_ADDR_STRLEN];
		vnm_autofree char *mend = NULL, *show = NULL;
		uint32_t mtu;

		if (!way->to.family || way->told || way->mtu >= way->full || !link)
			continue;
		snprintf(full, sizeof(full), "%u", way->full);
		mend = mend_way(way, vnm_case_way_out(c, way->to.family, &mtu), link->fact.name);
		/* Without the headers of IP and ICMP. */
		show = vnm_asprintf("ping -c 1 -M do -s %u %s",
				    way->full - (way->to.family == AF_INET6 ? 48 : 28),
				    vnm_addr_format(&way->to, to));
		VNM_FOUND(found, .value = full, .number = way->mtu, .address = to,
			  .other = vnm_addr_format(&way->gateway, gateway), .mend = mend,
			  .path = show);
	}
}
