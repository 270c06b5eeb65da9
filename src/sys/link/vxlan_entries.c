/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vxlan_entries.c - which MAC address a VXLAN device sends to which host: set by flood.c, or learnt from what came from there. */
#include "sys/link/vxlan_entries.h"

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"
#include "util/mem.h"

#include <linux/if_ether.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

struct search {
	int ifindex;
	struct vnm_vxlan_entries *entries;
};

static void read_host(struct nlattr *attr, struct vnm_addr *ret)
{
	static const int families[] = { AF_INET, AF_INET6 };

	for (size_t i = 0; i < VNM_ARRAY_SIZE(families); i++)
		if (attr && nla_len(attr) == (int)vnm_addr_bits(families[i]) / 8)
			vnm_nl_get_addr(attr, families[i], ret);
}

static int on_entry(const struct nlmsghdr *hdr, void *data)
{
	const struct ndmsg *head = nlmsg_data(hdr);
	struct search *search = data;
	struct vnm_vxlan_entries *entries = search->entries;
	struct vnm_vxlan_entry entry = { .mac = { .set = true } };
	struct nlattr *tb[NDA_MAX + 1];

	if (nlmsg_datalen(hdr) < (int)sizeof(*head) || head->ndm_ifindex != search->ifindex ||
	    !(head->ndm_flags & NTF_SELF) ||
	    nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, NDA_MAX, NULL) < 0 ||
	    !tb[NDA_LLADDR] || nla_len(tb[NDA_LLADDR]) != ETH_ALEN)
		return 0;
	memcpy(entry.mac.b, nla_data(tb[NDA_LLADDR]), sizeof(entry.mac.b));
	read_host(tb[NDA_DST], &entry.host);
	entries->items = vnm_array_add(entries->items, &entries->n, sizeof(*entries->items));
	entries->items[entries->n - 1] = entry;
	return 0;
}

static void on_again(void *data)
{
	vnm_vxlan_entries_clear(((struct search *)data)->entries);
}

/**
 * vnm_vxlan_entries() - read the table of a VXLAN device
 * @sys: the handles
 * @dev: the device
 * @ret: gets the entries
 *
 * Return: 0 or -errno.
 */
int vnm_vxlan_entries(struct vnm_sys *sys, const struct vnm_link *dev,
		      struct vnm_vxlan_entries *ret)
{
	struct search search = { .ifindex = dev->fact.index, .entries = ret };
	struct ndmsg head = { .ndm_family = AF_BRIDGE, .ndm_ifindex = dev->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };

	*ret = (struct vnm_vxlan_entries){ 0 };
	vnm_nl_begin(&req, RTM_GETNEIGH, 0, &head, sizeof(head));
	return vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_entry, on_again, &search });
}

/** vnm_vxlan_is_flood() - is it about what is for everybody or nobody? */
bool vnm_vxlan_is_flood(const struct vnm_vxlan_entry *entry)
{
	static const uint8_t everybody[ETH_ALEN];

	return !memcmp(entry->mac.b, everybody, sizeof(everybody));
}

/** vnm_vxlan_entries_clear() - free them */
void vnm_vxlan_entries_clear(struct vnm_vxlan_entries *entries)
{
	free(entries->items);
	*entries = (struct vnm_vxlan_entries){ 0 };
}
