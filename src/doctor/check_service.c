/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_service.c - what keeps guests from leases, names and boot files. */
#include "doctor/check_service.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define STUCK 32768 /* bytes, about 25 requests: dnsmasq pings for three seconds before each first offer */

/** vnm_check_dnsmasq_stuck() - it runs, and does not read what guests send */
void vnm_check_dnsmasq_stuck(const struct vnm_case *c, struct vnm_findings *found)
{
	char bytes[24];

	/* One that was stopped is a part of ours that is not in effect. */
	if (!c->dnsmasq.pid || c->dnsmasq.state == 'T' || c->dnsmasq.waiting < STUCK)
		return;
	snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)c->dnsmasq.waiting);
	VNM_FOUND(found, .number = (unsigned)c->dnsmasq.pid, .value = bytes);
}

static bool in_range(const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++)
		if (vnm_addr_cmp(addr, &ip->dhcp.ranges[i].start) >= 0 &&
		    vnm_addr_cmp(addr, &ip->dhcp.ranges[i].end) <= 0)
			return true;
	return false;
}

/* The addresses up to the spare one that are in no range, as far as the gateway and reservations let them be. */
static bool propose_range(const struct vnm_case *c, struct vnm_dhcp_range *ret)
{
	const struct vnm_ip *ip;
	struct vnm_addr next;

	if (!vnm_case_spare(c, &ret->end))
		return false;
	ip = vnm_case_subnet_of(c, &ret->end);
	ret->start = next = ret->end;
	for (int i = 0; ip && i < 64; i++) {
		const struct vnm_prefix subnet = vnm_ip_prefix(ip);
		const struct vnm_addr first = vnm_prefix_first(&subnet);
		bool reserved = false;

		vnm_case_previous(&next);
		for (size_t k = 0; k < ip->dhcp.n_hosts; k++)
			reserved |= vnm_addr_equal(&ip->dhcp.hosts[k].ip, &next);
		if (reserved || in_range(ip, &next) || vnm_case_is_ours(c, &next) ||
		    vnm_addr_equal(&next, &first))
			break;
		ret->start = next;
	}
	return ip != NULL;
}

/** vnm_check_pool_full() - a new guest gets no lease */
void vnm_check_pool_full(const struct vnm_case *c, struct vnm_findings *found)
{
	struct vnm_dhcp_range range = { 0 };
	char start[VNM_ADDR_STRLEN], end[VNM_ADDR_STRLEN], used[24];
	bool room;

	if (!vnm_dhcp_has_range(c->net, AF_INET) || c->pool.left > 0 || c->pool.size == 0)
		return;
	room = propose_range(c, &range);
	snprintf(used, sizeof(used), "%llu", (unsigned long long)c->pool.used);
	VNM_FOUND(found, .value = used,
		  .address = room ? vnm_addr_format(&range.start, start) : NULL,
		  .other = room ? vnm_addr_format(&range.end, end) : NULL);
}

/** vnm_check_asks_host() - does its dnsmasq ask the servers of the host's resolv.conf? */
bool vnm_check_asks_host(const struct vnm_case *c)
{
	return vnm_network_wants_dnsmasq(c->net) && vnm_network_dns_enabled(c->net) &&
	       c->net->dns.n_forwarders == 0 && vnm_plan_find(c->plan, VNM_OP_FORWARDING);
}

/* Are the only servers that the host knows the network's own? */
static bool is_loop(const struct vnm_case *c)
{
	for (size_t i = 0; i < c->resolver.n; i++)
		if (!vnm_case_subnet_of(c, &c->resolver.items[i].addr) ||
		    !vnm_case_is_ours(c, &c->resolver.items[i].addr))
			return false;
	return c->resolver.n > 0;
}

/** vnm_check_resolver_doubt() - may another server be needed, so that one is to be looked for? */
bool vnm_check_resolver_doubt(const struct vnm_case *c)
{
	return vnm_check_asks_host(c) && !c->resolver.unread && (c->resolver.n == 0 || is_loop(c));
}

/** vnm_check_resolver_none() - the host knows no name server, so dnsmasq has none to ask */
void vnm_check_resolver_none(const struct vnm_case *c, struct vnm_findings *found)
{
	char server[VNM_ADDR_STRLEN];

	if (vnm_check_asks_host(c) && !c->resolver.unread && c->resolver.n == 0)
		VNM_FOUND(found, .path = "/etc/resolv.conf",
			  .address = c->probes.resolver.family
					     ? vnm_addr_format(&c->probes.resolver, server)
					     : NULL);
}

/** vnm_check_resolver_loop() - the only servers that the host knows are the network's own */
void vnm_check_resolver_loop(const struct vnm_case *c, struct vnm_findings *found)
{
	char own[VNM_ADDR_STRLEN], server[VNM_ADDR_STRLEN], line[16];

	if (!vnm_check_asks_host(c) || !is_loop(c))
		return;
	snprintf(line, sizeof(line), "%u", c->resolver.items[0].line);
	VNM_FOUND(found, .value = vnm_addr_format(&c->resolver.items[0].addr, own), .other = line,
		  .path = c->resolver.path,
		  .address = c->probes.resolver.family
				     ? vnm_addr_format(&c->probes.resolver, server)
				     : NULL);
}

/** vnm_check_boot_root() - the directory of boot files is not there */
void vnm_check_boot_root(const struct vnm_case *c, struct vnm_findings *found)
{
	if (c->no_boot_root)
		VNM_FOUND(found, .path = c->no_boot_root);
}

/** vnm_check_lease_file() - dnsmasq cannot write down its leases, so they are forgotten when it is restarted */
void vnm_check_lease_file(const struct vnm_case *c, struct vnm_findings *found)
{
	if (c->lease_file_fixed)
		VNM_FOUND(found, .path = c->lease_file_fixed);
}
