/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uplink_run.c - run a move, and report the results of its steps. */
#include "sys/uplink/uplink_run.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/nl_batch.h"
#include "util/addr.h"
#include "sys/uplink/uplink_move.h"

/* A step for a route. */
struct route {
	const struct rtmsg *head;
	struct nlattr *tb[RTA_MAX + 1];
};

/* A next hop, for messages. */
struct hop_text {
	char gateway[VNM_ADDR_STRLEN], dev[IFNAMSIZ];
};

static struct vnm_warnings *warnings_of(const struct vnm_sys *sys)
{
	return sys->repair_warnings ? sys->repair_warnings : sys->warnings;
}

static struct route route_of(const struct vnm_nl_batch *batch, const struct vnm_nl_step *step)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)(batch->data.data + step->at);
	struct route route = { .head = nlmsg_data(hdr) };

	(void)nlmsg_parse(hdr, sizeof(*route.head), route.tb, RTA_MAX, NULL);
	return route;
}

static bool same_attr(const struct route *a, const struct route *b, int type)
{
	const struct nlattr *x = a->tb[type], *y = b->tb[type];

	return x && y ? nla_len(x) == nla_len(y) &&
				memcmp(nla_data(x), nla_data(y), (size_t)nla_len(x)) == 0
		      : x == y;
}

/* Have they the same key in the kernel's table? */
static bool same_route(const struct route *a, const struct route *b)
{
	return a->head->rtm_family == b->head->rtm_family &&
	       a->head->rtm_dst_len == b->head->rtm_dst_len &&
	       a->head->rtm_tos == b->head->rtm_tos && same_attr(a, b, RTA_DST) &&
	       same_attr(a, b, RTA_TABLE) && same_attr(a, b, RTA_PRIORITY);
}

static void route_text(const struct route *route, char buf[static VNM_PREFIX_STRLEN])
{
	struct vnm_prefix prefix = { .len = route->head->rtm_dst_len };

	vnm_nl_get_addr(route->tb[RTA_DST], route->head->rtm_family, &prefix.addr);
	if (prefix.addr.family == AF_UNSPEC)
		snprintf(buf, VNM_PREFIX_STRLEN, "default");
	else
		vnm_prefix_format(&prefix, buf);
}

static void gateway_text(const struct nlattr *gateway, int family, struct hop_text *ret)
{
	struct vnm_addr addr;

	vnm_nl_get_addr(gateway, family, &addr);
	snprintf(ret->gateway, sizeof(ret->gateway), "no gateway");
	if (addr.family != AF_UNSPEC)
		vnm_addr_format(&addr, ret->gateway);
}

static void hop_text(const struct rtnexthop *hop, int family, struct hop_text *ret)
{
	struct nlattr *attrs = (struct nlattr *)RTNH_DATA(hop);

	gateway_text(nla_find(attrs, hop->rtnh_len - (int)RTNH_LENGTH(0), RTA_GATEWAY), family,
		     ret);
	if (!if_indextoname((unsigned)hop->rtnh_ifindex, ret->dev))
		snprintf(ret->dev, sizeof(ret->dev), "%d", hop->rtnh_ifindex);
}

/* The hop of @route that differs from @hop in its flags at most; NULL: none */
static const struct rtnexthop *find_hop(const struct route *route, const struct rtnexthop *hop)
{
	const struct rtnexthop *other = nla_data(route->tb[RTA_MULTIPATH]);
	int left = nla_len(route->tb[RTA_MULTIPATH]);

	for (; vnm_hop_ok(other, left);
	     left -= (int)RTNH_ALIGN(other->rtnh_len), other = RTNH_NEXT(other))
		if (other->rtnh_len == hop->rtnh_len && other->rtnh_ifindex == hop->rtnh_ifindex &&
		    memcmp(RTNH_DATA(other), RTNH_DATA(hop), hop->rtnh_len - RTNH_LENGTH(0)) == 0)
			return other;
	return NULL;
}

/* Only @part of @whole could be added. */
static void warn_partial(struct vnm_warnings *warnings, const struct route *whole,
			 const struct route *part, int rc)
{
	const struct rtnexthop *hop = nla_data(whole->tb[RTA_MULTIPATH]);
	int left = nla_len(whole->tb[RTA_MULTIPATH]);
	char dst[VNM_PREFIX_STRLEN];

	route_text(whole, dst);
	for (; vnm_hop_ok(hop, left);
	     left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		const struct rtnexthop *kept = find_hop(part, hop);
		struct hop_text text;

		hop_text(hop, whole->head->rtm_family, &text);
		if (!kept)
			vnm_warnings_add(
				warnings,
				"route to %s: next hop %s on '%s' cannot be restored (%s), "
				"and is left out; add it when it is within reach again",
				dst, text.gateway, text.dev, strerror(-rc));
		else if (kept->rtnh_flags != hop->rtnh_flags)
			vnm_warnings_add(warnings,
					 "route to %s: next hop %s on '%s' is out of reach of the "
					 "device's addresses, and is kept as 'onlink'",
					 dst, text.gateway, text.dev);
	}
}

static void warn_existing(struct vnm_warnings *warnings, const struct route *whole, int rc)
{
	char dst[VNM_PREFIX_STRLEN];

	route_text(whole, dst);
	vnm_warnings_add(warnings,
			 "route to %s: cannot be restored with all its next hops (%s); the route "
			 "that is there by now stays",
			 dst, strerror(-rc));
}

/*
 * The later step that added a part of a route which could not be added whole; NULL: none. A part that existed before
 * (from the start, at a repair) makes the kernel refuse them all.
 */
static const struct vnm_nl_step *find_partial(const struct vnm_nl_batch *batch,
					      const struct vnm_nl_step *step)
{
	const struct route route = route_of(batch, step);

	for (const struct vnm_nl_step *i = step; i < batch->steps + batch->n; i++) {
		const struct route other = route_of(batch, i);

		if (i->tag == VNM_MOVE_FEWER && (i->rc == 0 || i->rc == -EEXIST) &&
		    same_route(&route, &other))
			return i;
	}
	return NULL;
}

static bool hops_done(struct vnm_sys *sys, const struct vnm_nl_batch *batch,
		      const struct vnm_nl_step *step)
{
	const struct vnm_nl_step *part = find_partial(batch, step);
	struct vnm_warnings *warnings = warnings_of(sys);
	struct route whole, other;

	if (!part)
		return false;
	whole = route_of(batch, step);
	other = route_of(batch, part);
	if (warnings && part->rc == 0)
		warn_partial(warnings, &whole, &other, step->rc);
	else if (warnings)
		warn_existing(warnings, &whole, step->rc);
	return true;
}

/* The host gets as much of a lost route as can be added; the rest is a warning. */
static bool warn_lost(struct vnm_sys *sys, const struct vnm_nl_batch *batch,
		      const struct vnm_nl_step *step, const struct vnm_move *move)
{
	const struct route route = route_of(batch, step);
	struct vnm_warnings *warnings = warnings_of(sys);
	struct hop_text text = { 0 };
	char dst[VNM_PREFIX_STRLEN];

	if (!warnings)
		return false;
	route_text(&route, dst);
	if (route.tb[RTA_MULTIPATH])
		hop_text(nla_data(route.tb[RTA_MULTIPATH]), route.head->rtm_family, &text);
	else
		gateway_text(route.tb[RTA_GATEWAY], route.head->rtm_family, &text);
	vnm_warnings_add(warnings, "route to %s: next hop %s on '%s' cannot be restored: %s", dst,
			 text.gateway, move->to.name, strerror(-step->rc));
	return true;
}

/* Tolerated errors: exists already, gone already, and any about neighbours. */
static bool is_done(struct vnm_sys *sys, const struct vnm_nl_batch *batch,
		    const struct vnm_nl_step *step, const struct vnm_move *move, bool back)
{
	switch ((enum vnm_move_tag)step->tag) {
	case VNM_MOVE_ADDRESS: return step->rc == -EEXIST;
	case VNM_MOVE_HOPS:
		if (step->rc == -EEXIST || hops_done(sys, batch, step))
			return true;
		return back && warn_lost(sys, batch, step, move);
	case VNM_MOVE_ROUTE:
		return step->rc == -EEXIST || (back && warn_lost(sys, batch, step, move));
	case VNM_MOVE_FEWER:
	case VNM_MOVE_NEIGHBOUR: return true;
	case VNM_MOVE_LEFT:
		return step->rc == -ESRCH || step->rc == -ENOENT || step->rc == -EADDRNOTAVAIL ||
		       step->rc == -ENODEV;
	case VNM_MOVE_PORT: break;
	}
	return false;
}

/**
 * vnm_move_run() - run a move
 * @sys:   the handles; its warnings get lost routes
 * @batch: its steps
 * @move:  from where to where
 * @back:  a restore: a route that cannot be added is a warning
 * @err:   what failed
 *
 * Return: 0 or -errno; all steps have been tried.
 */
int vnm_move_run(struct vnm_sys *sys, struct vnm_nl_batch *batch, const struct vnm_move *move,
		 bool back, struct vnm_error *err)
{
	static const char *const what[] = {
		[VNM_MOVE_ADDRESS] = "give an address",
		[VNM_MOVE_ROUTE] = "give a route",
		[VNM_MOVE_HOPS] = "give a route",
		[VNM_MOVE_NEIGHBOUR] = "give a neighbour",
		[VNM_MOVE_PORT] = "hand over the device",
		[VNM_MOVE_LEFT] = "take an address or route",
	};
	int r = vnm_nl_batch_run(sys, batch);

	if (r < 0)
		return vnm_nl_fail(err, r, NULL,
				   "cannot move addresses and routes from '%s' to '%s'",
				   move->from.name, move->to.name);
	for (size_t i = 0; i < batch->n; i++) {
		const struct vnm_nl_step *step = &batch->steps[i];

		if (step->rc < 0 && !is_done(sys, batch, step, move, back))
			return vnm_nl_fail(err, step->rc, NULL, "cannot %s from '%s' to '%s'",
					   what[step->tag], move->from.name, move->to.name);
	}
	return 0;
}
