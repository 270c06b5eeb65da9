/* SPDX-License-Identifier: GPL-2.0-or-later */
/* case.c - all that was observed of a network, its guests and its host; see case.h. */
#include "doctor/case.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/vrf.h"
#include "util/buf.h"
#include "util/mem.h"

static char *copy(const char *text)
{
	return text && *text ? vnm_strdup(text) : NULL;
}

/**
 * vnm_case_obstacle_add() - add what is in the way
 * @list: gets it
 * @text: what it is
 * @show: the command that shows it; NULL, "": there is none
 * @mend: the command that helps; NULL, "": there is none
 */
void vnm_case_obstacle_add(struct vnm_case_obstacles *list, const char *text, const char *show,
			   const char *mend)
{
	list->items = vnm_array_add(list->items, &list->n, sizeof(*list->items));
	list->items[list->n - 1] = (struct vnm_case_obstacle){
		vnm_strdup(text),
		copy(show),
		copy(mend),
	};
}

static void clear_obstacles(struct vnm_case_obstacles *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->items[i].text);
		free(list->items[i].show);
		free(list->items[i].mend);
	}
	free(list->items);
}

static void clear_stack(struct vnm_case_stack *stack)
{
	free(stack->links.items);
	free(stack->addresses);
	free(stack->routes);
}

static void clear_resolver(struct vnm_case_resolver *resolver)
{
	free(resolver->path);
	free(resolver->items);
}

static void clear_guest(struct vnm_case_guest *guest)
{
	free(guest->name);
	free(guest->ip);
	free(guest->run);
	free(guest->lacks);
	clear_stack(&guest->stack);
	clear_resolver(&guest->resolver);
	clear_obstacles(&guest->obstacles);
}

/** vnm_case_clear() - free what was observed. */
void vnm_case_clear(struct vnm_case *c)
{
	vnm_warnings_clear(&c->missing);
	vnm_warnings_clear(&c->unchecked);
	clear_obstacles(&c->obstacles);
	vnm_overlay_faults_clear(&c->hosts);
	for (size_t i = 0; i < c->n_guests; i++)
		clear_guest(&c->guests[i]);
	free(c->guests);
	clear_stack(&c->host);
	free(c->rules);
	free(c->neighbours);
	free(c->stations);
	free(c->queues);
	free(c->vlans);
	free(c->flows);
	free(c->probes.bad_sums);
	free(c->leased);
	for (size_t i = 0; i < c->n_settings; i++)
		free(c->settings[i].path);
	free(c->settings);
	clear_resolver(&c->resolver);
	free(c->rival.name);
	free(c->no_boot_root);
	free(c->lease_file_fixed);
	for (size_t i = 0; i < c->n_stops; i++) {
		free(c->stops[i].what);
		free(c->stops[i].text);
		free(c->stops[i].show);
		free(c->stops[i].mend);
	}
	free(c->stops);
	free(c->probes.offers);
	free(c->probes.answers);
	*c = (struct vnm_case){ 0 };
}

#define COPY_ITEMS(to, from, items, n) \
	((to)->n = (from)->n,          \
	 (to)->items = vnm_array_copy((from)->items, (from)->n, sizeof(*(from)->items)))

static void copy_stack(const struct vnm_case_stack *from, struct vnm_case_stack *to)
{
	to->links = from->links;
	COPY_ITEMS(&to->links, &from->links, items, n);
	COPY_ITEMS(to, from, addresses, n_addresses);
	COPY_ITEMS(to, from, routes, n_routes);
}

/**
 * vnm_case_copy_host() - copy what was read of the host, which is the same for all networks
 * @from: it was read for this one
 * @c:    an empty case, or one of which nothing of the host was read
 */
void vnm_case_copy_host(const struct vnm_case *from, struct vnm_case *c)
{
	copy_stack(&from->host, &c->host);
	COPY_ITEMS(c, from, rules, n_rules);
	COPY_ITEMS(c, from, neighbours, n_neighbours);
	COPY_ITEMS(c, from, stations, n_stations);
	COPY_ITEMS(c, from, queues, n_queues);
	COPY_ITEMS(c, from, settings, n_settings);
	for (size_t i = 0; i < c->n_settings; i++)
		c->settings[i].path = vnm_strdup(from->settings[i].path);
	c->resolver = from->resolver;
	c->resolver.path = copy(from->resolver.path);
	COPY_ITEMS(&c->resolver, &from->resolver, items, n);
	for (size_t i = 0; i < from->unchecked.n; i++)
		vnm_warnings_add(&c->unchecked, "%s", from->unchecked.items[i]);
}

/** vnm_case_failed() - is it an error of ours? What the kernel does not have, there is none of */
bool vnm_case_failed(int r)
{
	return r < 0 && r != -EOPNOTSUPP && r != -EAFNOSUPPORT && r != -EPROTONOSUPPORT &&
	       r != -ENOSYS;
}

/**
 * vnm_case_unchecked() - note what could not be looked at: nothing is found there, and nothing is healthy
 * @c:   the case
 * @r:   what came of it: nothing is noted unless vnm_case_failed()
 * @fmt: what it is: "the routes of guest %s"
 */
void vnm_case_unchecked(struct vnm_case *c, int r, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf line = { 0 };
	va_list ap;

	if (!vnm_case_failed(r))
		return;
	va_start(ap, fmt);
	vnm_buf_vprintf(&line, fmt, ap);
	va_end(ap);
	vnm_buf_printf(&line, ": %s", strerror(-r));
	vnm_warnings_add_once(&c->unchecked, vnm_buf_str(&line));
}

/**
 * vnm_case_setting() - a setting of the kernel's
 * @c:   the case
 * @fmt: its path below /proc/sys: "net/ipv4/conf/%s/forwarding"
 *
 * Return: its value; -1: the kernel has none, or it was not read.
 */
long vnm_case_setting(const struct vnm_case *c, const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf path = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&path, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < c->n_settings; i++)
		if (!strcmp(c->settings[i].path, vnm_buf_str(&path)))
			return c->settings[i].value;
	return -1;
}

/** vnm_case_link_of() - the device with an index, NULL: there is none */
const struct vnm_link *vnm_case_link_of(const struct vnm_case_stack *stack, int ifindex)
{
	for (size_t i = 0; i < stack->links.n; i++)
		if (stack->links.items[i].fact.index == ifindex)
			return &stack->links.items[i];
	return NULL;
}

/** vnm_case_is_port() - is the device on the network's bridge? */
bool vnm_case_is_port(const struct vnm_case *c, const struct vnm_link *link)
{
	return c->link && link->fact.master == c->link->fact.index;
}

/** vnm_case_guest_of() - the guest whose device on the host it is; NULL: none of net-attach's */
const struct vnm_case_guest *vnm_case_guest_of(const struct vnm_case *c, const char *dev)
{
	for (size_t i = 0; i < c->n_guests; i++)
		if (!strcmp(c->guests[i].attach->dev, dev))
			return &c->guests[i];
	return NULL;
}

/** vnm_case_subnet_of() - the <ip> of the network whose subnet an address is in; NULL: none */
const struct vnm_ip *vnm_case_subnet_of(const struct vnm_case *c, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < c->net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&c->net->ips[i]);

		if (prefix.addr.family == addr->family && vnm_prefix_contains(&prefix, addr))
			return &c->net->ips[i];
	}
	return NULL;
}

/** vnm_case_forwards() - does the host forward guests' packets of a family? */
bool vnm_case_forwards(const struct vnm_case *c, int family)
{
	for (size_t i = 0; i < c->plan->n; i++)
		if (c->plan->ops[i].type == VNM_OP_FORWARDING &&
		    c->plan->ops[i].forwarding.family == family)
			return true;
	return false;
}

/* The device of a route takes no more; of IPv6, there is a setting of its own. */
static uint32_t route_mtu(const struct vnm_case *c, const struct vnm_case_route *route,
			  const struct vnm_link *link)
{
	const long setting = route->dst.addr.family == AF_INET6
				     ? vnm_case_setting(c, "net/ipv6/conf/%s/mtu", link->fact.name)
				     : -1;
	uint32_t mtu = link->fact.mtu;

	if (route->mtu && route->mtu < mtu)
		mtu = route->mtu;
	return setting > 0 && (unsigned long)setting < mtu ? (uint32_t)setting : mtu;
}

/** vnm_case_is_default() - is it a default route of a family, in that table? */
bool vnm_case_is_default(const struct vnm_case_route *route, int family, uint32_t table)
{
	return route->dst.len == 0 && route->dst.addr.family == family && route->table == table &&
	       route->type == RTN_UNICAST;
}

/** vnm_case_default_route() - the default route that the kernel takes of a table of the host: of the smallest metric; NULL: there is none */
const struct vnm_case_route *vnm_case_default_route(const struct vnm_case *c, int family,
						    uint32_t table)
{
	const struct vnm_case_route *best = NULL;

	for (size_t i = 0; i < c->host.n_routes; i++)
		if (vnm_case_is_default(&c->host.routes[i], family, table) &&
		    (!best || c->host.routes[i].metric < best->metric))
			best = &c->host.routes[i];
	return best;
}

/* In a VRF, with NAT, and unless that has a way out itself. */
static bool take_host_routes(const struct vnm_case *c, int family)
{
	return !vnm_vrf_keeps(c->net, family) &&
	       !(c->net->vrf.at.present && vnm_case_default_route(c, family, c->net->vrf.table.v));
}

/**
 * vnm_case_way_out() - the default route of the host that guests' packets take
 * @c:       the case
 * @family:  of the packets
 * @ret_mtu: gets the bytes of the largest ones that the host sends there
 *
 * Return: the route; NULL: there is none.
 */
const struct vnm_case_route *vnm_case_way_out(const struct vnm_case *c, int family,
					      uint32_t *ret_mtu)
{
	const struct vnm_case_route *best =
		take_host_routes(c, family) ? vnm_case_default_route(c, family, RT_TABLE_MAIN)
					    : NULL;
	const struct vnm_link *link;

	link = best ? vnm_case_link_of(&c->host, best->ifindex) : NULL;
	if (!link)
		return NULL;
	*ret_mtu = route_mtu(c, best, link);
	return best;
}

/** vnm_case_outside() - somebody outside: a name server of the root stands for all */
void vnm_case_outside(int family, struct vnm_addr *ret)
{
	(void)vnm_addr_parse(family == AF_INET ? "198.41.0.4" : "2001:503:ba3e::2:30", ret);
}

/** vnm_case_is_ours() - is it an address of the host's? */
bool vnm_case_is_ours(const struct vnm_case *c, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < c->host.n_addresses; i++)
		if (vnm_addr_equal(&c->host.addresses[i].prefix.addr, addr))
			return true;
	return false;
}

static bool is_reserved(const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < ip->dhcp.n_hosts; i++)
		if (vnm_addr_equal(&ip->dhcp.hosts[i].ip, addr))
			return true;
	return false;
}

static bool is_taken(const struct vnm_case *c, const struct vnm_ip *ip, const struct vnm_addr *addr)
{
	bool taken = vnm_case_is_ours(c, addr) || is_reserved(ip, addr);

	for (size_t i = 0; i < c->n_leased; i++)
		taken |= vnm_addr_equal(&c->leased[i].addr, addr);
	for (size_t i = 0; i < c->n_neighbours; i++)
		taken |= vnm_addr_equal(&c->neighbours[i].addr, addr);
	for (size_t i = 0; i < c->n_guests; i++)
		for (size_t k = 0; k < c->guests[i].stack.n_addresses; k++)
			taken |= vnm_addr_equal(&c->guests[i].stack.addresses[k].prefix.addr, addr);
	for (size_t i = 0; i < ip->dhcp.n_ranges; i++)
		taken |= vnm_addr_cmp(addr, &ip->dhcp.ranges[i].start) >= 0 &&
			 vnm_addr_cmp(addr, &ip->dhcp.ranges[i].end) <= 0;
	return taken;
}

/** vnm_case_previous() - make it the IPv4 address before it */
void vnm_case_previous(struct vnm_addr *addr)
{
	for (int i = 3; i >= 0 && addr->b[i]-- == 0; i--)
		;
}

/**
 * vnm_case_spare() - an IPv4 address of the network that nobody has, and that no guest is leased
 * @c:   the case
 * @ret: the last such one of the first subnet
 *
 * Return: whether there is one.
 */
bool vnm_case_spare(const struct vnm_case *c, struct vnm_addr *ret)
{
	for (size_t i = 0; i < c->net->n_ips; i++) {
		const struct vnm_ip *ip = &c->net->ips[i];
		const struct vnm_prefix subnet = vnm_ip_prefix(ip);
		struct vnm_addr addr = vnm_prefix_last(&subnet), first = vnm_prefix_first(&subnet);

		if (subnet.addr.family != AF_INET || subnet.len > 30)
			continue;
		for (int tries = 0; tries < 65536; tries++) {
			vnm_case_previous(&addr);
			if (vnm_addr_equal(&addr, &first))
				break;
			if (is_taken(c, ip, &addr))
				continue;
			*ret = addr;
			return true;
		}
	}
	return false;
}
