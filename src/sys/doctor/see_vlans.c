/* SPDX-License-Identifier: GPL-2.0-or-later */
/* see_vlans.c - the VLANs of bridges and of their ports, where the kernel filters them (CONFIG_BRIDGE_VLAN_FILTERING). */
#include "sys/doctor/see_vlans.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"
#include "util/mem.h"

/**
 * vnm_see_vlan() - read which VLAN frames without a tag belong to, at one port or at a bridge itself
 * @hdr: a message of a dump of AF_BRIDGE with RTEXT_FILTER_BRVLAN: one entry a VLAN, no ranges
 * @ret: gets it
 *
 * Return: whether the message tells.
 */
bool vnm_see_vlan(const struct nlmsghdr *hdr, struct vnm_case_vlan *ret)
{
	const struct ifinfomsg *head = nlmsg_data(hdr);
	struct nlattr *spec, *entry;
	int left;

	if (hdr->nlmsg_type != RTM_NEWLINK || !nlmsg_valid_hdr(hdr, sizeof(*head)) ||
	    head->ifi_family != AF_BRIDGE)
		return false;
	*ret = (struct vnm_case_vlan){ .ifindex = head->ifi_index };
	spec = nlmsg_find_attr((struct nlmsghdr *)hdr, sizeof(*head), IFLA_AF_SPEC);
	if (!spec)
		return true; /* in no VLAN */
	nla_for_each_nested(entry, spec, left)
	{
		struct bridge_vlan_info info;

		if (nla_type(entry) != IFLA_BRIDGE_VLAN_INFO || nla_len(entry) < (int)sizeof(info))
			continue;
		memcpy(&info, nla_data(entry), sizeof(info));
		if (!(info.flags & BRIDGE_VLAN_INFO_PVID))
			continue;
		ret->pvid = info.vid;
		ret->untagged = info.flags & BRIDGE_VLAN_INFO_UNTAGGED;
	}
	return true;
}

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	struct vnm_case *c = data;
	struct vnm_case_vlan vlan;

	if (!vnm_see_vlan(hdr, &vlan))
		return 0;
	c->vlans = vnm_array_add(c->vlans, &c->n_vlans, sizeof(vlan));
	c->vlans[c->n_vlans - 1] = vlan;
	return 0;
}

static void again(void *data)
{
	((struct vnm_case *)data)->n_vlans = 0;
}

/** vnm_see_vlans() - read them. Not where the network's bridge filters none */
void vnm_see_vlans(struct vnm_sys *sys, struct vnm_case *c)
{
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	if (!c->link || !c->link->vlan_filtering)
		return;
	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN);
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_link, again, c });
	if (r < 0)
		c->n_vlans = 0;
	vnm_case_unchecked(c, r, "the VLANs of bridge %s", c->bridge);
}
