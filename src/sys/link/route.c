/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * route.c - routes: those of a network, and those of the host, for the planner.
 *
 * Ours go to the main table, or that of their VRF, with protocol "boot", like those that an administrator adds by hand and
 * libvirt's; one is ours because it leaves by our bridge. Those without a gateway lead to a guest
 * behind a device of its own, like those that the kernel adds with an address.
 */
#include "sys/link/route.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/netlink/netlink.h"
#include "sys/netlink/netns_enter.h"

#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "util/mem.h"
#include "sys/link/link.h"
#include "sys/link/link_ours.h"

#define IPV6_METRIC_DEFAULT 1024 /* kernel IP6_RT_PRIO_USER: what metric 0 becomes */

/* A route, parsed from its message. */
struct route {
	struct vnm_prefix dst;
	struct vnm_addr gateway;
	uint32_t metric, table;
	int ifindex; /* 0: several next hops, or none */
	uint8_t protocol;
	struct nlattr *hops; /* within the message */
};

/* Return: 1; 0: not unicast, or only the cached result of a lookup. */
static int route_from_message(const struct nlmsghdr *hdr, int family, struct route *ret)
{
	const struct rtmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[RTA_MAX + 1];

	if (hdr->nlmsg_type != RTM_NEWROUTE || nlmsg_datalen(hdr) < (int)sizeof(*head))
		return 0;
	if (head->rtm_family != family || head->rtm_type != RTN_UNICAST ||
	    head->rtm_flags & RTM_F_CLONED)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	*ret = (struct route){ .protocol = head->rtm_protocol, .hops = tb[RTA_MULTIPATH] };
	ret->table = tb[RTA_TABLE] ? nla_get_u32(tb[RTA_TABLE]) : head->rtm_table;
	vnm_nl_get_addr(tb[RTA_DST], family, &ret->dst.addr);
	ret->dst.addr.family = family;
	ret->dst.len = head->rtm_dst_len;
	vnm_nl_get_addr(tb[RTA_GATEWAY], family, &ret->gateway);
	if (tb[RTA_VIA]) /* a gateway of the other family, RFC 5549 */
		ret->gateway.family = AF_INET6;
	if (tb[RTA_PRIORITY])
		ret->metric = nla_get_u32(tb[RTA_PRIORITY]);
	if (tb[RTA_OIF])
		ret->ifindex = (int)nla_get_u32(tb[RTA_OIF]);
	return 1;
}

static uint32_t table_of(const struct vnm_op_route *route)
{
	return route->table ? route->table : RT_TABLE_MAIN;
}

/* Both in the head, which has 8 bits, and beside it. */
static void put_table(struct vnm_nl_req *req, uint32_t table)
{
	if (table > UINT8_MAX)
		vnm_nl_put_u32(req, RTA_TABLE, table);
}

/*
 * The request filters for unicast routes of a table (since 4.20; who reads them does it for older kernels).
 * ENOENT: the table has never had a route.
 */
static int dump_routes(struct vnm_sys *sys, int family, int ifindex, uint32_t table,
		       const struct vnm_nl_sink *sink)
{
	struct rtmsg head = {
		.rtm_family = (uint8_t)family,
		.rtm_table = table > UINT8_MAX ? RT_TABLE_UNSPEC : (uint8_t)table,
		.rtm_type = RTN_UNICAST,
	};
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	put_table(&req, table);
	if (ifindex)
		vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)ifindex);
	r = vnm_nl_dump(sys, &req, sink);
	return r == -ENOENT || r == -EAFNOSUPPORT || r == -EOPNOTSUPP ? 0 : r;
}

/* What a dump of routes is searched for. */
struct search {
	const struct vnm_op_route *want;
	int ifindex;
	bool found;
};

static uint32_t metric_of(const struct vnm_op_route *want)
{
	return want->metric == 0 && want->dst.addr.family == AF_INET6 ? IPV6_METRIC_DEFAULT
								      : want->metric;
}

static bool route_matches(const struct route *route, const struct vnm_op_route *want, int ifindex)
{
	return route->ifindex == ifindex && route->table == table_of(want) &&
	       route->metric == metric_of(want) && vnm_prefix_equal(&route->dst, &want->dst) &&
	       vnm_addr_equal(&route->gateway, &want->gateway);
}

static int search_one(const struct nlmsghdr *hdr, void *data)
{
	struct search *search = data;
	struct route route;
	int r = route_from_message(hdr, search->want->dst.addr.family, &route);

	if (r > 0 && route_matches(&route, search->want, search->ifindex))
		search->found = true;
	return r < 0 ? r : 0;
}

static void search_again(void *data)
{
	((struct search *)data)->found = false;
}

static int search_route(struct vnm_sys *sys, const struct vnm_op_route *want,
			const struct vnm_link *link, bool *ret)
{
	struct search search = { .want = want, .ifindex = link->fact.index };
	int r = dump_routes(sys, want->dst.addr.family, search.ifindex, table_of(want),
			    &(struct vnm_nl_sink){ search_one, search_again, &search });

	if (r == 0)
		*ret = search.found;
	return r;
}

static void begin_route(struct vnm_nl_req *req, int type, int flags, const struct vnm_link *link,
			const struct vnm_op_route *want)
{
	size_t size = vnm_addr_bits(want->dst.addr.family) / 8;
	struct vnm_addr dst = vnm_prefix_first(&want->dst);
	struct rtmsg head = {
		.rtm_family = (uint8_t)want->dst.addr.family,
		.rtm_dst_len = (uint8_t)want->dst.len,
		.rtm_table = table_of(want) > UINT8_MAX ? RT_TABLE_UNSPEC : (uint8_t)table_of(want),
		.rtm_protocol = want->gateway.family ? RTPROT_BOOT : RTPROT_KERNEL,
		.rtm_scope = want->gateway.family ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};

	vnm_nl_begin(req, type, flags, &head, sizeof(head));
	put_table(req, table_of(want));
	vnm_nl_put(req, RTA_DST, dst.b, size);
	if (want->gateway.family)
		vnm_nl_put(req, RTA_GATEWAY, want->gateway.b, size);
	if (want->src.family)
		vnm_nl_put(req, RTA_PREFSRC, want->src.b, size);
	vnm_nl_put_u32(req, RTA_OIF, (uint32_t)link->fact.index);
	if (want->metric)
		vnm_nl_put_u32(req, RTA_PRIORITY, want->metric);
}

static int search_rival(const struct nlmsghdr *hdr, void *data)
{
	struct search *search = data;
	struct route route;
	int r = route_from_message(hdr, search->want->dst.addr.family, &route);

	if (r > 0 && route.table == table_of(search->want) &&
	    route.metric == metric_of(search->want) && route.protocol != RTPROT_RA &&
	    vnm_prefix_equal(&route.dst, &search->want->dst))
		search->found = true;
	return r < 0 ? r : 0;
}

/*
 * The kernel refuses a second route to the same destination with the same metric. Those learnt from router advertisements
 * are nobody's choice, and stay beside ours.
 */
static bool only_advertised(struct vnm_sys *sys, const struct vnm_op_route *want)
{
	struct search search = { .want = want };

	return want->dst.addr.family == AF_INET6 &&
	       dump_routes(sys, AF_INET6, 0, table_of(want),
			   &(struct vnm_nl_sink){ search_rival, search_again, &search }) == 0 &&
	       !search.found;
}

static int route_exists(struct vnm_sys *sys, const struct vnm_op_route *want,
			const struct vnm_link *link, struct vnm_error *err)
{
	char dst[VNM_PREFIX_STRLEN];
	bool found = false;
	int r = search_route(sys, want, link, &found);

	vnm_prefix_format(&want->dst, dst);
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot list the routes");
	if (found)
		return 0;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "a route to %s with metric %u exists already, and it is not ours", dst,
			     want->metric);
}

static int route_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_route *want = &op->route;
	char dst[VNM_PREFIX_STRLEN], gateway[VNM_ADDR_STRLEN];
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &want->ns, &sys);

	if (r < 0)
		return vnm_netns_fail(&want->ns, r, err);
	r = vnm_link_need(sys, want->dev, &link, err);
	if (r < 0)
		return r;
	begin_route(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &link, want);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == -EEXIST && only_advertised(sys, want)) {
		vnm_nl_req_clear(&req);
		begin_route(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, &link, want);
		r = vnm_nl_do(sys, &req, NULL);
	}
	if (r == -EEXIST)
		return route_exists(sys, want, &link, err);
	if (r < 0)
		return vnm_nl_fail(err, r, &req, "cannot add the route to %s%s%s on '%s'",
				   vnm_prefix_format(&want->dst, dst),
				   want->gateway.family ? " via " : "",
				   vnm_addr_format(&want->gateway, gateway), want->dev);
	return 0;
}

static int route_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		       struct vnm_error *err)
{
	struct vnm_link link;
	bool found = false;
	int r = vnm_sys_enter(sys, &op->route.ns, &sys);

	if (r == 0)
		r = vnm_link_read(sys, op->route.dev, &link);
	if (r == 0)
		r = search_route(sys, &op->route, &link, &found);
	if (r < 0 && r != -ENODEV && r != -ENOENT)
		return vnm_nl_fail(err, r, NULL, "cannot list the routes of '%s'", op->route.dev);
	*ret = found ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* The request names gateway, metric and device, so it matches only the route that was added. ESRCH: there is none. */
static int remove_route(struct vnm_sys *sys, const struct vnm_op_route *gone,
			const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	char dst[VNM_PREFIX_STRLEN];
	int r;

	begin_route(&req, RTM_DELROUTE, 0, link, gone);
	r = vnm_nl_do(sys, &req, NULL);
	if (r == 0 || r == -ESRCH || r == -ENODEV)
		return 0;
	return vnm_nl_fail(err, r, &req, "cannot delete the route to %s",
			   vnm_prefix_format(&gone->dst, dst));
}

/* In a guest's namespace it is removed with the device. */
static int route_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_route *gone = &op->route;
	struct vnm_link link;
	int r = gone->ns.path ? 0 : vnm_link_find_ours(sys, gone->dev, &link, err);

	return r > 0 ? remove_route(sys, gone, &link, err) : r;
}

/**
 * vnm_route_drop() - delete a route by a guest's device, which stays
 * @sys:  the handles
 * @gone: the route
 * @err:  the error
 *
 * Return: 0 or -errno; 0 also when there is none.
 */
int vnm_route_drop(struct vnm_sys *sys, const struct vnm_op_route *gone, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_enter(&sys, &gone->ns, gone->dev, &link, err);

	return r > 0 ? remove_route(sys, gone, &link, err) : r;
}

const struct vnm_op_impl vnm_impl_route = {
	.apply = route_apply,
	.check = route_check,
	.revert = route_revert,
};

static bool hops_use(struct nlattr *hops, int ifindex)
{
	const struct rtnexthop *hop = nla_data(hops);
	int left = nla_len(hops);

	for (; vnm_hop_ok(hop, left); left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (hop->rtnh_ifindex == ifindex)
			return true;
	return false;
}

/**
 * vnm_route_uses() - does a route lead out by a device, alone or by one of its next hops?
 * @tb:      its attributes, RTA_MAX + 1 of them
 * @ifindex: the device
 */
bool vnm_route_uses(struct nlattr **tb, int ifindex)
{
	if (tb[RTA_OIF] && (int)nla_get_u32(tb[RTA_OIF]) == ifindex)
		return true;
	return tb[RTA_MULTIPATH] && hops_use(tb[RTA_MULTIPATH], ifindex);
}

/* The routes of both families, as facts. */
struct seen {
	struct vnm_fact_route *items;
	size_t n, n_before; /* @n_before: those of the family that is done */
	int family;
};

static void seen_clear(struct seen *seen)
{
	free(seen->items);
	*seen = (struct seen){ 0 };
}

static void seen_again(void *data)
{
	struct seen *seen = data;

	seen->n = seen->n_before;
}

static void seen_add(struct seen *seen, const struct route *route, int ifindex, bool via)
{
	seen->items = vnm_array_add(seen->items, &seen->n, sizeof(*seen->items));
	seen->items[seen->n - 1] = (struct vnm_fact_route){
		.prefix = vnm_prefix_network(&route->dst),
		.ifindex = ifindex,
		.via = via,
	};
}

/* A route with several next hops conflicts on each of their devices. */
static void seen_add_hops(struct seen *seen, const struct route *route)
{
	const struct rtnexthop *hop = nla_data(route->hops);
	int left = nla_len(route->hops);

	for (; vnm_hop_ok(hop, left); left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		seen_add(seen, route, hop->rtnh_ifindex, hop->rtnh_len > sizeof(*hop));
}

static int seen_one(const struct nlmsghdr *hdr, void *data)
{
	struct seen *seen = data;
	struct route route;
	int r = route_from_message(hdr, seen->family, &route);

	if (r <= 0 || route.table != RT_TABLE_MAIN)
		return r < 0 ? r : 0;
	if (route.hops)
		seen_add_hops(seen, &route);
	else
		seen_add(seen, &route, route.ifindex, route.gateway.family != AF_UNSPEC);
	return 0;
}

/**
 * vnm_observe_routes() - the unicast routes of the main table, both families, for the planner
 * @sys:   the handles
 * @facts: gets the routes in place of those it had
 * @err:   the error
 *
 * A kernel without IPv6 has no IPv6 routes; that is no error.
 *
 * Return: 0 or -errno.
 */
int vnm_observe_routes(struct vnm_sys *sys, struct vnm_facts *facts, struct vnm_error *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct seen seen __attribute__((cleanup(seen_clear))) = { 0 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++) {
		int r;

		seen.family = families[i];
		seen.n_before = seen.n;
		r = dump_routes(sys, seen.family, 0, RT_TABLE_MAIN,
				&(struct vnm_nl_sink){ seen_one, seen_again, &seen });
		if (r < 0)
			return vnm_nl_fail(err, r, NULL, "cannot list the routes");
	}
	free(facts->routes);
	facts->routes = vnm_steal(&seen.items);
	facts->n_routes = seen.n;
	return 0;
}
