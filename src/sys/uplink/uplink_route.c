/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uplink_route.c - move the routes of one device to another: the steps of a batch.
 *
 * A route may have next hops by several devices; only those by the one device are moved. In IPv6 each hop is a route of
 * its own, which the kernel joins to others of the same destination and metric: only ours are added and deleted. An IPv4
 * route is one object with all its hops: a new one is added, which the kernel refuses if a hop's device is down or its
 * gateway unreachable, although an existing route may become so. For that case the batch has the same route with fewer
 * hops behind it, added only if the whole one is not there.
 */
#include "sys/uplink/uplink_route.h"

#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/nl_batch.h"
#include "util/mem.h"
#include "sys/uplink/uplink_move.h"

#define ROUTE_FLAGS ((unsigned)(RTNH_F_ONLINK | RTNH_F_PERVASIVE))
#define TICKS 100u /* USER_HZ: the unit of a route's expiry in a dump; in a request it is seconds */

/* Which next hops a step has; from HOPS_ALIVE on: tried in turn. */
enum hops {
	HOPS_ALL,
	HOPS_ALIVE, /* not those by devices that are down */
	HOPS_ONLINK, /* the same, even if their gateways are unreachable */
	HOPS_OWN, /* only those by the device in question */
	HOPS_N,
};

/* The part of a route that a step has. @only: this hop; NULL: see @hops. @lasts: without expiry */
struct part {
	const struct rtnexthop *only;
	enum hops hops;
	bool lasts;
};

static bool is_own(const struct rtnexthop *hop, const struct vnm_move *move)
{
	return hop->rtnh_ifindex == move->from.ifindex || hop->rtnh_ifindex == move->to.ifindex;
}

static const struct nlattr *hop_gateway(const struct rtnexthop *hop)
{
	struct nlattr *attrs = (struct nlattr *)RTNH_DATA(hop);
	int len = hop->rtnh_len - (int)RTNH_LENGTH(0);
	const struct nlattr *found = nla_find(attrs, len, RTA_GATEWAY);

	return found ? found : nla_find(attrs, len, RTA_VIA);
}

static bool is_wanted(const struct rtnexthop *hop, const struct vnm_move *move,
		      const struct part *part)
{
	if (part->only)
		return hop == part->only;
	return is_own(hop, move) || part->hops == HOPS_ALL ||
	       (part->hops != HOPS_OWN && !(hop->rtnh_flags & RTNH_F_DEAD));
}

static void put_hops(struct vnm_nl_req *req, const struct nlattr *attr, const struct vnm_move *move,
		     enum vnm_half half, const struct part *part)
{
	vnm_autofree char *copy = vnm_alloc((size_t)nla_len(attr) + RTNH_ALIGNTO);
	const struct rtnexthop *hop = nla_data(attr);
	int left = nla_len(attr);
	size_t len = 0;

	for (; vnm_hop_ok(hop, left);
	     left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		struct rtnexthop *copied = (struct rtnexthop *)(copy + len);

		if (!is_wanted(hop, move, part))
			continue;
		memcpy(copied, hop, hop->rtnh_len);
		copied->rtnh_flags &= ROUTE_FLAGS;
		if (is_own(hop, move))
			copied->rtnh_ifindex = vnm_move_place(move, half)->ifindex;
		else if (part->hops == HOPS_ONLINK && hop_gateway(hop))
			copied->rtnh_flags |= RTNH_F_ONLINK;
		len += RTNH_ALIGN(hop->rtnh_len);
	}
	vnm_nl_put(req, RTA_MULTIPATH, copy, len);
}

/* Of RTA_CACHEINFO only the expiry belongs to the route. */
static void put_expiry(struct vnm_nl_req *req, const struct nlattr *attr, uint32_t elapsed)
{
	struct rta_cacheinfo cache;

	if (nla_len(attr) < (int)sizeof(cache))
		return;
	memcpy(&cache, nla_data(attr), sizeof(cache));
	if (cache.rta_expires > 0)
		vnm_nl_put_u32(req, RTA_EXPIRES,
			       vnm_move_left_of((uint32_t)cache.rta_expires / TICKS, elapsed) ?: 1);
}

static void put_route(struct vnm_nl_req *req, struct nlattr *attr, const struct vnm_move *move,
		      enum vnm_half half, const struct part *part)
{
	switch (nla_type(attr)) {
	case RTA_OIF:
		vnm_nl_put_u32(req, RTA_OIF, (uint32_t)vnm_move_place(move, half)->ifindex);
		break;
	case RTA_MULTIPATH: put_hops(req, attr, move, half, part); break;
	case RTA_CACHEINFO:
		if (half == VNM_HALF_GIVE && !part->lasts)
			put_expiry(req, attr, move->elapsed);
		break;
	case RTA_METRICS:
	case RTA_PREF:
		if (half == VNM_HALF_TAKE)
			break;
		/* fall through */
	case RTA_TABLE:
	case RTA_DST:
	case RTA_SRC:
	case RTA_PRIORITY:
	case RTA_PREFSRC:
	case RTA_GATEWAY:
	case RTA_VIA:
	case RTA_FLOW:
	case RTA_ENCAP_TYPE:
	case RTA_ENCAP:
		vnm_nl_put(req, attr->nla_type, nla_data(attr), (size_t)nla_len(attr));
		break;
	default: break;
	}
}

static void add_part(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		     struct nlmsghdr *hdr, const struct part *part, int tag)
{
	bool give = half == VNM_HALF_GIVE;
	int flags = NLM_F_CREATE | (tag == VNM_MOVE_FEWER ? NLM_F_EXCL : NLM_F_APPEND);
	struct rtmsg head = *(struct rtmsg *)nlmsg_data(hdr);
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct nlattr *attr;
	int left;

	head.rtm_flags &= ROUTE_FLAGS;
	if (part->only && !give)
		head.rtm_protocol = RTPROT_UNSPEC; /* any */
	else if (part->lasts && head.rtm_protocol == RTPROT_RA)
		head.rtm_protocol = RTPROT_STATIC;
	vnm_move_begin(&req, hdr, give ? RTM_NEWROUTE : RTM_DELROUTE, give ? flags : 0, &head,
		       sizeof(head));
	nlmsg_for_each_attr(attr, hdr, sizeof(head), left) put_route(&req, attr, move, half, part);
	vnm_nl_batch_add(batch, &req, give ? tag : VNM_MOVE_LEFT);
}

static struct nlattr *find(struct nlmsghdr *hdr, int type)
{
	return nlmsg_find_attr(hdr, sizeof(struct rtmsg), type);
}

static bool same_attr(const struct nlattr *a, const struct nlattr *b)
{
	return a && b ? nla_len(a) == nla_len(b) &&
				memcmp(nla_data(a), nla_data(b), (size_t)nla_len(a)) == 0
		      : a == b;
}

static struct nlmsghdr *steal(struct nlmsghdr **hdr)
{
	struct nlmsghdr *stolen = *hdr;

	*hdr = NULL;
	return stolen;
}

/* ---- IPv6 ---- */

static bool is_sought(struct nlmsghdr *hdr, struct nlmsghdr *joined, const struct rtnexthop *hop)
{
	const struct rtmsg *a = nlmsg_data(hdr), *b = nlmsg_data(joined);

	return a->rtm_family == b->rtm_family && a->rtm_dst_len == b->rtm_dst_len &&
	       find(hdr, RTA_GATEWAY) && same_attr(find(hdr, RTA_GATEWAY), hop_gateway(hop)) &&
	       same_attr(find(hdr, RTA_DST), find(joined, RTA_DST)) &&
	       same_attr(find(hdr, RTA_TABLE), find(joined, RTA_TABLE)) &&
	       same_attr(find(hdr, RTA_PRIORITY), find(joined, RTA_PRIORITY));
}

/* The route that a hop was before the kernel joined it to another; NULL: it was none. free() */
static struct nlmsghdr *find_recorded(const struct vnm_move *move, struct nlmsghdr *joined,
				      const struct rtnexthop *hop)
{
	const char *list = move->record;

	while (list && *list) {
		size_t len = strcspn(list, ",");
		vnm_autofree struct nlmsghdr *hdr = vnm_move_parse(list, len, sizeof(struct rtmsg));

		if (hdr && is_sought(hdr, joined, hop))
			return steal(&hdr);
		list += len + (list[len] == ',');
	}
	return NULL;
}

/*
 * Protocol and expiry in the message are those of the first hop only. The record has each hop's own; since it may be old,
 * an expiry starts over.
 */
static void add_hop(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		    struct nlmsghdr *hdr, const struct rtnexthop *hop, bool first)
{
	const struct part part = { .only = hop, .lasts = !first }, whole = { 0 };
	vnm_autofree struct nlmsghdr *recorded = NULL;
	struct vnm_move fresh = *move;

	fresh.elapsed = 0;
	if (half == VNM_HALF_GIVE)
		recorded = find_recorded(move, hdr, hop);
	if (recorded)
		add_part(batch, &fresh, half, recorded, &whole, VNM_MOVE_ROUTE);
	else
		add_part(batch, move, half, hdr, &part, VNM_MOVE_ROUTE);
}

static void add_joined(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		       struct nlmsghdr *hdr)
{
	struct nlattr *hops = find(hdr, RTA_MULTIPATH);
	const struct rtnexthop *first = nla_data(hops), *hop = first;
	int left = nla_len(hops);

	for (; vnm_hop_ok(hop, left); left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (is_own(hop, move))
			add_hop(batch, move, half, hdr, hop, hop == first);
}

/* ---- both families ---- */

static bool has_others(struct nlmsghdr *hdr, const struct vnm_move *move)
{
	struct nlattr *hops = find(hdr, RTA_MULTIPATH);
	const struct rtnexthop *hop = hops ? nla_data(hops) : NULL;
	int left = hops ? nla_len(hops) : 0;

	for (; vnm_hop_ok(hop, left); left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (!is_own(hop, move))
			return true;
	return false;
}

static bool is_joined(struct nlmsghdr *hdr)
{
	return ((struct rtmsg *)nlmsg_data(hdr))->rtm_family == AF_INET6 &&
	       find(hdr, RTA_MULTIPATH);
}

static void add_route(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		      struct nlmsghdr *hdr)
{
	const struct part whole = { .hops = HOPS_ALL };

	if (is_joined(hdr))
		add_joined(batch, move, half, hdr);
	else
		add_part(batch, move, half, hdr, &whole,
			 has_others(hdr, move) ? VNM_MOVE_HOPS : VNM_MOVE_ROUTE);
}

static void add_fewer(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		      struct nlmsghdr *hdr)
{
	if (is_joined(hdr) || !has_others(hdr, move))
		return;
	for (int hops = HOPS_ALIVE; hops < HOPS_N; hops++)
		add_part(batch, move, half, hdr, &(struct part){ .hops = (enum hops)hops },
			 VNM_MOVE_FEWER);
}

static bool has_gateway(struct nlmsghdr *hdr)
{
	return find(hdr, RTA_GATEWAY) || find(hdr, RTA_VIA) || find(hdr, RTA_MULTIPATH);
}

static void add_direct(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		       struct nlmsghdr *hdr)
{
	if (!has_gateway(hdr))
		add_route(batch, move, half, hdr);
}

static void add_indirect(struct vnm_nl_batch *batch, const struct vnm_move *move,
			 enum vnm_half half, struct nlmsghdr *hdr)
{
	if (has_gateway(hdr))
		add_route(batch, move, half, hdr);
}

/**
 * vnm_move_routes() - the steps for a device's routes; arguments and return value as vnm_move_addresses()
 *
 * Those without a gateway come first: a gateway must be reachable when its route is added. The old device's route
 * precedes the new one until it is deleted.
 */
bool vnm_move_routes(struct vnm_nl_batch *batch, const struct vnm_move *move, enum vnm_half half,
		     const char *list)
{
	return vnm_move_each(list, sizeof(struct rtmsg), false, add_direct, batch, move, half) &&
	       vnm_move_each(list, sizeof(struct rtmsg), false, add_indirect, batch, move, half);
}

/**
 * vnm_move_routes_fewer() - the steps for routes with fewer hops, for those that cannot be added whole
 * @batch: gets the steps, when both halves of the routes are in it
 * @move:  from where to where
 * @list:  the routes, see struct vnm_interface_state; NULL: none
 *
 * Return: false when the list is damaged.
 */
bool vnm_move_routes_fewer(struct vnm_nl_batch *batch, const struct vnm_move *move,
			   const char *list)
{
	return vnm_move_each(list, sizeof(struct rtmsg), false, add_fewer, batch, move,
			     VNM_HALF_GIVE);
}
