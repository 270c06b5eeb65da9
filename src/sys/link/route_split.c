/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route_split.c - the routes by a device as twice as many to the same addresses, each to half as many.
 *
 * For a bridge whose subnets another one is about to get: libvirt refuses to start a network if there is a route to its subnet
 * with the same prefix length, and as long as both bridges have routes, the kernel prefers the longer ones.
 */
#include "sys/link/route_split.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"

#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "util/mem.h"

/* A route, and the header of its message. */
struct route {
	struct rtmsg head;
	struct vnm_prefix dst;
	struct vnm_addr gateway, src;
	uint32_t metric;
};

struct routes {
	int ifindex;
	struct route *items;
	size_t n, n_before; /* @n_before: those of the family that is done */
};

static void routes_clear(struct routes *routes)
{
	free(routes->items);
	*routes = (struct routes){ 0 };
}

/* Not those to one address, to everywhere, and to link-local addresses, which each device has. */
static bool can_be_split(const struct route *route)
{
	static const struct vnm_prefix local = {
		.addr = { .family = AF_INET6, .b = { 0xfe, 0x80 } }, .len = 64
	};

	return route->dst.len > 0 && route->dst.len < vnm_addr_bits(route->head.rtm_family) &&
	       !vnm_prefix_equal(&route->dst, &local);
}

static int keep(const struct nlmsghdr *hdr, void *data)
{
	struct routes *routes = data;
	struct route route = { .head = *(const struct rtmsg *)nlmsg_data(hdr) };
	struct nlattr *tb[RTA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWROUTE || route.head.rtm_type != RTN_UNICAST ||
	    route.head.rtm_table != RT_TABLE_MAIN || route.head.rtm_flags & RTM_F_CLONED)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(route.head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	if (!tb[RTA_OIF] || (int)nla_get_u32(tb[RTA_OIF]) != routes->ifindex)
		return 0;
	vnm_nl_get_addr(tb[RTA_DST], route.head.rtm_family, &route.dst.addr);
	vnm_nl_get_addr(tb[RTA_GATEWAY], route.head.rtm_family, &route.gateway);
	vnm_nl_get_addr(tb[RTA_PREFSRC], route.head.rtm_family, &route.src);
	route.dst.len = route.head.rtm_dst_len;
	route.metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	if (!can_be_split(&route))
		return 0;
	routes->items = vnm_array_add(routes->items, &routes->n, sizeof(*routes->items));
	routes->items[routes->n - 1] = route;
	return 0;
}

static void again(void *data)
{
	struct routes *routes = data;

	routes->n = routes->n_before;
}

static int list(struct vnm_sys *sys, int family, struct routes *ret)
{
	struct rtmsg head = { .rtm_family = (uint8_t)family, .rtm_table = RT_TABLE_MAIN };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	ret->n_before = ret->n;
	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)ret->ifindex);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ keep, again, ret });
	/* No table yet, or the kernel lacks the family. */
	return r == -ENOENT || r == -EAFNOSUPPORT || r == -EOPNOTSUPP ? 0 : r;
}

static int change(struct vnm_sys *sys, int type, int flags, const struct route *route,
		  const struct routes *routes, const struct vnm_prefix *dst)
{
	size_t size = vnm_addr_bits(route->head.rtm_family) / 8;
	struct rtmsg head = route->head;
	vnm_autonl struct vnm_nl_req req = { 0 };

	head.rtm_dst_len = (uint8_t)dst->len;
	head.rtm_flags = 0;
	vnm_nl_begin(&req, type, flags, &head, sizeof(head));
	vnm_nl_put(&req, RTA_DST, dst->addr.b, size);
	if (route->gateway.family)
		vnm_nl_put(&req, RTA_GATEWAY, route->gateway.b, size);
	if (route->src.family)
		vnm_nl_put(&req, RTA_PREFSRC, route->src.b, size);
	vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)routes->ifindex);
	if (route->metric)
		vnm_nl_put_u32(&req, RTA_PRIORITY, route->metric);
	return vnm_nl_do(sys, &req, NULL);
}

/* The halves first, so that there is a route at any time. */
static int split(struct vnm_sys *sys, const struct route *route, const struct routes *routes)
{
	struct vnm_prefix half = { .addr = vnm_prefix_first(&route->dst),
				   .len = route->dst.len + 1 };
	unsigned bit = route->dst.len;
	int r = change(sys, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route, routes, &half);

	half.addr.b[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
	if (r == 0 || r == -EEXIST)
		r = change(sys, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route, routes, &half);
	if (r == 0 || r == -EEXIST)
		r = change(sys, RTM_DELROUTE, 0, route, routes, &route->dst);
	return r == -ESRCH ? 0 : r;
}

/**
 * vnm_routes_split() - split each route of the main table that leads out by a device alone
 * @sys:  the handles
 * @link: the device. Its routes go when it is set down or deleted
 * @err:  set on failure: then some are split, and packets go where they went
 *
 * Return: 0 or -errno.
 */
int vnm_routes_split(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct routes routes __attribute__((cleanup(routes_clear))) = { 0 };
	int r = 0;

	routes.ifindex = link->fact.index;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families) && r == 0; i++)
		r = list(sys, families[i], &routes);
	/* Those to gateways first: they are within reach of the others. */
	for (size_t i = 0; i < 2 * routes.n && r == 0; i++) {
		const struct route *route = &routes.items[i % routes.n];

		if ((i < routes.n) == (route->gateway.family != AF_UNSPEC))
			r = split(sys, route, &routes);
	}
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot split the routes of '%s'", link->fact.name)
		     : 0;
}
