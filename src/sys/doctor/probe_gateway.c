/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_gateway.c - does the host's gateway answer, and how large may packets to it be?
 *
 * What the kernel knows of a neighbour may be old: one that was silent is asked again. A device may be set to larger packets than the
 * switch behind it takes: then small echo requests are answered, and those of the device's full size are not.
 */
#include "sys/doctor/probe_gateway.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "sys/doctor/probe_echo.h"
#include "sys/link/neighbour.h"
#include "util/mem.h"
#include "util/patience.h"

#define ASK_MS 1500
#define ECHO_MS 250 /* it is next door */

static const struct vnm_case_route *default_route(const struct vnm_case *c, int family)
{
	const struct vnm_case_route *best = NULL;

	for (size_t i = 0; i < c->host.n_routes; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];

		if (route->dst.len == 0 && route->gateway.family == family &&
		    route->table == RT_TABLE_MAIN && (!best || route->metric < best->metric))
			best = route;
	}
	return best;
}

static struct vnm_case_neighbour *entry_of(struct vnm_case *c, const struct vnm_case_route *route)
{
	for (size_t i = 0; i < c->n_neighbours; i++)
		if (c->neighbours[i].ifindex == route->ifindex &&
		    vnm_addr_equal(&c->neighbours[i].addr, &route->gateway))
			return &c->neighbours[i];
	c->neighbours = vnm_array_add(c->neighbours, &c->n_neighbours, sizeof(*c->neighbours));
	c->neighbours[c->n_neighbours - 1] =
		(struct vnm_case_neighbour){ .addr = route->gateway, .ifindex = route->ifindex };
	return &c->neighbours[c->n_neighbours - 1];
}

static void ask(struct vnm_sys *sys, struct vnm_case *c, const struct vnm_case_route *route)
{
	const struct vnm_link *link = vnm_case_link_of(&c->host, route->ifindex);
	struct vnm_case_neighbour *entry;
	struct vnm_probe probe = { .addr = route->gateway };

	if (!link || !link->fact.up || !link->carrier || link->fact.no_neighbours || link->no_arp)
		return;
	entry = entry_of(c, route);
	if (entry->state & (NUD_REACHABLE | NUD_PERMANENT | NUD_NOARP) ||
	    vnm_neighbours_probe(sys, link->fact.name, &probe, 1,
				 (unsigned)vnm_patience_ms(ASK_MS)) < 0)
		return;
	entry->state = probe.answered ? NUD_REACHABLE : NUD_FAILED;
	entry->mac = probe.mac;
}

/**
 * vnm_probe_gateways() - ask the host's gateways whether they are there
 * @sys: the handles
 * @c:   the case; gets the answers among its neighbours
 */
void vnm_probe_gateways(struct vnm_sys *sys, struct vnm_case *c)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		const struct vnm_case_route *route = default_route(c, families[i]);

		if (route)
			ask(sys, c, route);
	}
}

/**
 * vnm_probe_gateway_mtu() - find out the largest packets that get to the host's gateway
 * @c: the case; gets it as @gateway. One that answers no echo requests is left out
 */
void vnm_probe_gateway_mtu(struct vnm_case *c)
{
	const struct vnm_case_route *route = default_route(c, AF_INET);
	const struct vnm_link *link;
	struct vnm_echo_result result;

	if (!route)
		route = default_route(c, AF_INET6);
	link = route ? vnm_case_link_of(&c->host, route->ifindex) : NULL;
	if (!link || !link->fact.up || link->fact.mtu > VNM_ECHO_MAX ||
	    link->fact.mtu <= VNM_ECHO_SMALL)
		return;
	vnm_probe_echo(&route->gateway, route->ifindex, NULL, link->fact.mtu, ECHO_MS, &result);
	c->probes.gateway =
		(struct vnm_case_step){ route->gateway, route->ifindex, result.largest };
}
