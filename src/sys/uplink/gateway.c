/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gateway.c - does the gateway answer? How it is probed: sys/link/neighbour.c. */
#include "sys/uplink/gateway.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/link.h"
#include "sys/link/neighbour.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"

/* The default route by one device with the smallest metric, so far. */
struct search {
	int ifindex, family;
	uint32_t metric;
	struct vnm_addr gateway;
};

static int parse_route(const struct nlmsghdr *hdr, void *data)
{
	struct search *search = data;
	const struct rtmsg *head = nlmsg_data(hdr);
	struct nlattr *tb[RTA_MAX + 1];
	uint32_t metric;

	if (hdr->nlmsg_type != RTM_NEWROUTE || head->rtm_dst_len != 0 ||
	    head->rtm_type != RTN_UNICAST || head->rtm_table != RT_TABLE_MAIN)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, RTA_MAX, NULL) < 0)
		return -EPROTO;
	if (!tb[RTA_OIF] || (int)nla_get_u32(tb[RTA_OIF]) != search->ifindex || !tb[RTA_GATEWAY])
		return 0;
	metric = tb[RTA_PRIORITY] ? nla_get_u32(tb[RTA_PRIORITY]) : 0;
	if (search->gateway.family && search->metric <= metric)
		return 0;
	search->metric = metric;
	vnm_nl_get_addr(tb[RTA_GATEWAY], search->family, &search->gateway);
	return 0;
}

static void restart_search(void *data)
{
	struct search *search = data;

	search->gateway = (struct vnm_addr){ 0 };
}

static int find_one(struct vnm_sys *sys, struct search *search)
{
	struct rtmsg head = { .rtm_family = (uint8_t)search->family, .rtm_table = RT_TABLE_MAIN };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETROUTE, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, RTA_OIF, (uint32_t)search->ifindex);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ parse_route, restart_search, search });
	return r == -ENOENT || r == -EAFNOSUPPORT || r == -EOPNOTSUPP ? 0 : r;
}

/**
 * vnm_gateways_find() - the gateways of the default routes by a device
 * @sys: the handles
 * @dev: the device
 * @ret: of each family, that of the route with the smallest metric, if any
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_gateways_find(struct vnm_sys *sys, const char *dev, struct vnm_gateways *ret,
		      struct vnm_error *err)
{
	static const int families[VNM_GATEWAYS_MAX] = { AF_INET, AF_INET6 };
	struct vnm_link link;
	int r = vnm_link_need(sys, dev, &link, err);

	*ret = (struct vnm_gateways){ 0 };
	for (size_t i = 0; r == 0 && i < VNM_ARRAY_SIZE(families); i++) {
		struct search search = { .ifindex = link.fact.index, .family = families[i] };

		r = find_one(sys, &search);
		if (r < 0)
			return vnm_nl_fail(err, r, NULL, "cannot list the routes of '%s'", dev);
		if (search.gateway.family)
			ret->items[ret->n++] = search.gateway;
	}
	return r;
}

/**
 * vnm_gateways_ask() - probe gateways
 * @sys:      the handles
 * @dev:      the device that leads to them
 * @gateways: the gateways
 *
 * The kernel sends three probes, a second apart (net.ipv4.neigh.DEV.mcast_solicit).
 *
 * Return: 0 or -errno.
 */
int vnm_gateways_ask(struct vnm_sys *sys, const char *dev, const struct vnm_gateways *gateways)
{
	struct vnm_link link;
	int r = vnm_link_read(sys, dev, &link);

	for (size_t i = 0; r == 0 && i < gateways->n; i++)
		r = vnm_neighbour_ask(sys, link.fact.index, &gateways->items[i]);
	return r;
}

/**
 * vnm_gateways_answer() - have all of them answered?
 *
 * Arguments as vnm_gateways_ask().
 *
 * Return: false also when there are none.
 */
bool vnm_gateways_answer(struct vnm_sys *sys, const char *dev, const struct vnm_gateways *gateways)
{
	struct vnm_link link;

	if (gateways->n == 0 || vnm_link_read(sys, dev, &link) < 0)
		return false;
	for (size_t i = 0; i < gateways->n; i++)
		if (!(vnm_neighbour_state(sys, link.fact.index, &gateways->items[i], NULL) &
		      NUD_REACHABLE))
			return false;
	return true;
}
