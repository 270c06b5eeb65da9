/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.c - send what a guest would send, and see what comes back: DHCP and DNS. */
#include "sys/doctor/probe.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/doctor/probe_dhcp.h"
#include "sys/doctor/probe_dns.h"
#include "sys/doctor/probe_port.h"
#include "sys/doctor/probe_ra.h"
#include "sys/doctor/see_neighbours.h"
#include "util/mem.h"

#define GATEWAY_MS 300 /* of an attempt: it is next door */
#define UPSTREAM_MS 1500 /* dnsmasq asks the next server when it is asked again */

/* The first subnet of a family; NULL: none. */
static const struct vnm_ip *served(const struct vnm_case *c, int family)
{
	for (size_t i = 0; i < c->net->n_ips; i++)
		if (c->net->ips[i].address.family == family)
			return &c->net->ips[i];
	return NULL;
}

/**
 * vnm_probe_resolver() - does the host's default gateway answer DNS queries, as most do?
 * @c: the case; gets it as @resolver
 */
void vnm_probe_resolver(struct vnm_case *c)
{
	vnm_autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (size_t i = 0; fd >= 0 && i < c->host.n_routes; i++) {
		const struct vnm_case_route *route = &c->host.routes[i];

		if (route->dst.len > 0 || route->gateway.family != AF_INET ||
		    route->table != RT_TABLE_MAIN)
			continue;
		if (vnm_probe_dns(fd, &route->gateway, GATEWAY_MS) == VNM_PROBE_ANSWERED)
			c->probes.resolver = route->gateway;
		return;
	}
}

/* From an address that was offered, or that nobody has: so the queries go the way of a guest's. */
static void probe_dns(struct vnm_probe_port *port, struct vnm_case *c, const struct vnm_ip *ip)
{
	struct vnm_prefix own = { .len = vnm_ip_prefix(ip).len };
	struct vnm_error ignored = { 0 };
	vnm_autoclose int fd = -1, tcp = -1;

	if (c->probes.n_offers > 0)
		own.addr = c->probes.offers[0].offered;
	else if (!vnm_case_spare(c, &own.addr))
		return;
	if (vnm_probe_port_address(port, &own, &ignored) < 0)
		return;
	fd = vnm_probe_port_socket(port, AF_INET, SOCK_DGRAM, 0);
	tcp = vnm_probe_port_socket(port, AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || tcp < 0)
		return;
	/* On an isolated network, nobody else is asked, and to refuse is right. */
	c->probes.upstream = vnm_probe_dns(fd, &ip->address, UPSTREAM_MS);
	c->probes.dns = c->probes.upstream == VNM_PROBE_SILENCE
				? vnm_probe_dns_alive(tcp, &ip->address)
				: VNM_PROBE_ANSWERED;
	if (!vnm_plan_find(c->plan, VNM_OP_FORWARDING))
		c->probes.upstream = VNM_PROBE_NONE;
}

/* By which port each offer came, as the bridge has learnt from it. */
static void find_ports(struct vnm_probe_port *port, struct vnm_case *c)
{
	vnm_see_stations(&port->sys, c);
	for (size_t i = 0; i < c->probes.n_offers; i++)
		for (size_t k = 0; k < c->n_stations; k++)
			if (vnm_mac_equal(&c->stations[k].mac, &c->probes.offers[i].mac) &&
			    c->stations[k].master == c->link->fact.index)
				c->probes.offers[i].port = c->stations[k].ifindex;
}

static void probe_by(struct vnm_probe_port *port, struct vnm_case *c)
{
	const struct vnm_ip *ip = served(c, AF_INET);

	if (served(c, AF_INET6))
		(void)vnm_probe_ra(port, &c->probes);
	if (ip && vnm_dhcp_has_range(c->net, AF_INET))
		(void)vnm_probe_dhcp(port, &c->probes);
	find_ports(port, c);
	if (ip && vnm_network_dns_enabled(c->net))
		probe_dns(port, c, ip);
}

/**
 * vnm_probe_services() - send a router solicitation, a DHCPDISCOVER and DNS queries as a new guest would
 * @c: the case of an active network; gets what came back. Best effort: what could not be sent is no finding
 */
void vnm_probe_services(struct vnm_case *c)
{
	struct vnm_probe_port port;
	struct vnm_error ignored = { 0 };

	if (!c->link || !vnm_plan_find(c->plan, VNM_OP_DNSMASQ))
		return;
	if (vnm_probe_port_open(&port, c->bridge, &ignored) == 0)
		probe_by(&port, c);
	vnm_probe_port_close(&port);
}
