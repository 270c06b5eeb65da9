/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_way.c - how large packets to the outside may be beyond the host's gateway.
 *
 * A link on the way may be smaller than all before it: a tunnel, or PPPoE. The router before it drops what is too large, and says so by
 * ICMP (RFC 1191, RFC 8201): unless somebody drops such messages, nothing is wrong. Whoever is beyond the gateway and answers echo
 * requests will do: the host's own name servers, or one of the root's.
 */
#include "sys/doctor/probe_way.h"

#include <sys/socket.h>

#include "sys/doctor/probe_echo.h"
#include "sys/doctor/probe_path.h"
#include "util/mem.h"

#define WAIT_MS 800 /* for an answer from anywhere */
#define SERVERS_MAX 2
#define LEAST_MTU 1280 /* of IPv6, and of every link of today: who answers smaller ones only does not like large ones */

static bool is_near(const struct vnm_case *c, const struct vnm_addr *addr)
{
	if (vnm_case_is_ours(c, addr) || (addr->family == AF_INET && addr->b[0] == 127))
		return true;
	for (size_t i = 0; i < c->host.n_routes; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];

		if (route->dst.len > 0 && !route->gateway.family &&
		    route->dst.addr.family == addr->family &&
		    vnm_prefix_contains(&route->dst, addr))
			return true;
	}
	return false;
}

/* Whom the host has to ask by its gateway anyway; at last, somebody outside. Return: how many. */
static size_t find_targets(const struct vnm_case *c, int family,
			   struct vnm_addr ret[static SERVERS_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < c->resolver.n && n < SERVERS_MAX; i++)
		if (c->resolver.items[i].addr.family == family &&
		    !is_near(c, &c->resolver.items[i].addr))
			ret[n++] = c->resolver.items[i].addr;
	vnm_case_outside(family, &ret[n]);
	return n + 1;
}

/* Guests send nothing larger than their network has, and the host nothing larger than its device. */
static uint32_t full_size(const struct vnm_case *c, uint32_t way_out)
{
	return c->link && c->link->fact.mtu < way_out ? c->link->fact.mtu : way_out;
}

/* Return: whether somebody has answered. */
static bool probe(const struct vnm_addr *to, const struct vnm_case_route *out, uint32_t full,
		  struct vnm_case_way *way)
{
	struct vnm_echo_result result;

	vnm_probe_echo(to, out->ifindex, NULL, full, WAIT_MS, &result);
	if (result.largest < LEAST_MTU)
		return false;
	*way = (struct vnm_case_way){
		.to = *to,
		.gateway = out->gateway,
		.ifindex = out->ifindex,
		.full = full,
		.mtu = result.largest,
		.told = result.told && result.largest >= result.told,
	};
	return true;
}

static void probe_family(struct vnm_case *c, int family, struct vnm_case_way *way)
{
	struct vnm_addr targets[SERVERS_MAX + 1];
	uint32_t mtu;
	const struct vnm_case_route *out = vnm_case_way_out(c, family, &mtu);
	const uint32_t full = out ? full_size(c, mtu) : 0;
	size_t n;

	if (full <= LEAST_MTU || full > VNM_ECHO_MAX || out->gateway.family != family)
		return;
	n = find_targets(c, family, targets);
	for (size_t i = 0; i < n; i++)
		if (probe(&targets[i], out, full, way))
			break;
	if (way->told && way->mtu < way->full)
		vnm_probe_told(c, way);
}

/**
 * vnm_probe_ways() - find out how large packets of either family may be beyond the host's gateway
 * @c: the case; gets it as @probes.ways, and for guests that are not told as @beyond. Where nobody answers echo requests, nothing
 */
void vnm_probe_ways(struct vnm_case *c)
{
	const struct vnm_case_step *gateway = &c->probes.gateway;
	const struct vnm_link *link = vnm_case_link_of(&c->host, gateway->ifindex);

	/* That is another finding. */
	if (gateway->mtu && link && gateway->mtu < link->fact.mtu)
		return;
	if (vnm_case_forwards(c, AF_INET))
		probe_family(c, AF_INET, &c->probes.ways[0]);
	if (vnm_case_forwards(c, AF_INET6))
		probe_family(c, AF_INET6, &c->probes.ways[1]);
}
