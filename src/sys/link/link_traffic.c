/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_traffic.c - a device's counters of bytes and packets. */
#include "sys/link/link_traffic.h"

#include <errno.h>

#include "sys/netlink/netlink.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[IFLA_MAX + 1];
	struct vnm_traffic *traffic = data;
	struct rtnl_link_stats64 stats;

	if (hdr->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0)
		return -EPROTO;
	traffic->carrier = tb[IFLA_CARRIER] && nla_get_u8(tb[IFLA_CARRIER]);
	if (!tb[IFLA_STATS64] || nla_len(tb[IFLA_STATS64]) < (int)sizeof(stats))
		return 0;
	memcpy(&stats, nla_data(tb[IFLA_STATS64]), sizeof(stats));
	traffic->received = stats.rx_bytes;
	traffic->sent = stats.tx_bytes;
	traffic->received_packets = stats.rx_packets;
	traffic->sent_packets = stats.tx_packets;
	return 0;
}

/**
 * vnm_link_traffic() - read a device's counters
 * @sys:  the handles
 * @name: the device
 * @ret:  bytes and packets since it was created, as the host counts them; and whether it has a carrier
 *
 * Return: 0, -ENODEV or another -errno.
 */
int vnm_link_traffic(struct vnm_sys *sys, const char *name, struct vnm_traffic *ret)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_traffic traffic = { 0 };
	int r;

	if (!vnm_ifname_valid(name))
		return -EINVAL;
	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = on_link, .data = &traffic });
	if (r == 0)
		*ret = traffic;
	return r;
}
