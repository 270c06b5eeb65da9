/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_parse.c - a device from the kernel's message. What the message lacks is zero, or false. */
#include "sys/link/link_parse.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <string.h>

#include "sys/link/link_settings.h"
#include "util/mem.h"

#define LOWER_UP 0x10000 /* IFF_LOWER_UP of linux/if.h, which net/if.h lacks */

static void copy_string(const struct nlattr *attr, char *buf, size_t size)
{
	if (attr)
		nla_strlcpy(buf, attr, size);
}

static bool flag_of(const struct nlattr *attr)
{
	return attr && nla_get_u8(attr);
}

static void parse_bridge(struct nlattr *data, struct vnm_link *link)
{
	struct nlattr *tb[IFLA_BR_MAX + 1];

	if (!data || nla_parse_nested(tb, IFLA_BR_MAX, data, NULL) < 0)
		return;
	if (tb[IFLA_BR_ROOT_PORT])
		link->root_port = nla_get_u16(tb[IFLA_BR_ROOT_PORT]);
	if (tb[IFLA_BR_PRIORITY])
		link->priority = nla_get_u16(tb[IFLA_BR_PRIORITY]);
	if (tb[IFLA_BR_STP_STATE])
		link->stp = nla_get_u32(tb[IFLA_BR_STP_STATE]) != 0;
	if (tb[IFLA_BR_FORWARD_DELAY])
		link->delay = nla_get_u32(tb[IFLA_BR_FORWARD_DELAY]);
	link->vlan_filtering = flag_of(tb[IFLA_BR_VLAN_FILTERING]);
	link->vlans = tb[IFLA_BR_VLAN_PROTOCOL] != NULL;
	if (tb[IFLA_BR_VLAN_DEFAULT_PVID])
		link->default_vlan = nla_get_u16(tb[IFLA_BR_VLAN_DEFAULT_PVID]);
	link->querier = flag_of(tb[IFLA_BR_MCAST_QUERIER]);
	if (tb[IFLA_BR_GROUP_FWD_MASK])
		link->group_fwd = nla_get_u16(tb[IFLA_BR_GROUP_FWD_MASK]);
	link->snooped = flag_of(tb[IFLA_BR_MCAST_SNOOPING]);
	link->unsnooped = tb[IFLA_BR_MCAST_SNOOPING] && !link->snooped;
}

/* The flags of a bridge port. The other attributes are state, or numbers. */
static const uint8_t port_settings[] = {
	IFLA_BRPORT_MODE,	    IFLA_BRPORT_GUARD,	       IFLA_BRPORT_PROTECT,
	IFLA_BRPORT_FAST_LEAVE,	    IFLA_BRPORT_LEARNING,      IFLA_BRPORT_UNICAST_FLOOD,
	IFLA_BRPORT_PROXYARP,	    IFLA_BRPORT_PROXYARP_WIFI, IFLA_BRPORT_MCAST_FLOOD,
	IFLA_BRPORT_MCAST_TO_UCAST, IFLA_BRPORT_VLAN_TUNNEL,   IFLA_BRPORT_BCAST_FLOOD,
	IFLA_BRPORT_NEIGH_SUPPRESS, IFLA_BRPORT_ISOLATED,      VNM_IFLA_BRPORT_LOCKED,
	VNM_IFLA_BRPORT_MAB,
};
_Static_assert(VNM_IFLA_BRPORT_MAB <= VNM_PORT_SETTING_MAX, "each setting has a bit");

static void parse_port_settings(struct nlattr *const *tb, struct vnm_link_port *port)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(port_settings); i++) {
		const struct nlattr *attr = tb[port_settings[i]];

		if (attr)
			port->settings |= VNM_PORT_SETTING(port_settings[i]);
		if (flag_of(attr))
			port->set |= VNM_PORT_SETTING(port_settings[i]);
	}
}

static void parse_port(struct nlattr *data, struct vnm_link_port *port)
{
	struct nlattr *tb[VNM_PORT_SETTING_MAX + 1];

	if (!data || nla_parse_nested(tb, VNM_PORT_SETTING_MAX, data, NULL) < 0)
		return;
	port->isolated = flag_of(tb[IFLA_BRPORT_ISOLATED]);
	port->root_block = flag_of(tb[IFLA_BRPORT_PROTECT]);
	port->hairpin = flag_of(tb[IFLA_BRPORT_MODE]);
	parse_port_settings(tb, port);
	if (tb[IFLA_BRPORT_STATE])
		port->state = nla_get_u8(tb[IFLA_BRPORT_STATE]);
	if (tb[IFLA_BRPORT_NO])
		port->number = nla_get_u16(tb[IFLA_BRPORT_NO]);
}

static void parse_info(struct nlattr *info, struct vnm_link *link)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (!info || nla_parse_nested(tb, IFLA_INFO_MAX, info, NULL) < 0)
		return;
	copy_string(tb[IFLA_INFO_KIND], link->fact.kind, sizeof(link->fact.kind));
	if (!strcmp(link->fact.kind, "bridge"))
		parse_bridge(tb[IFLA_INFO_DATA], link);
	if (tb[IFLA_INFO_SLAVE_KIND] && !strcmp(nla_get_string(tb[IFLA_INFO_SLAVE_KIND]), "bridge"))
		parse_port(tb[IFLA_INFO_SLAVE_DATA], &link->port);
}

/* -1: it has no IPv6, or that is disabled. */
static int accept_ra_of(const struct vnm_link_settings *settings)
{
	int32_t disabled, accept_ra;

	return vnm_link_settings_get(settings, "ipv6", "disable_ipv6", &disabled) && !disabled &&
			       vnm_link_settings_get(settings, "ipv6", "accept_ra", &accept_ra)
		       ? accept_ra
		       : -1;
}

/**
 * vnm_link_parse() - a device from the kernel's message
 * @hdr: RTM_NEWLINK
 * @ret: the device
 *
 * Return: 0 or -EPROTO.
 */
int vnm_link_parse(const struct nlmsghdr *hdr, struct vnm_link *ret)
{
	const struct ifinfomsg *head = nlmsg_data(hdr);
	struct nlattr *tb[IFLA_MAX + 1];
	struct vnm_fact_link *fact = &ret->fact;

	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(*head), tb, IFLA_MAX, NULL) < 0 ||
	    !tb[IFLA_IFNAME])
		return -EPROTO;
	*ret = (struct vnm_link){ .loopback = head->ifi_flags & IFF_LOOPBACK };
	fact->index = head->ifi_index;
	fact->up = head->ifi_flags & IFF_UP;
	ret->carrier = head->ifi_flags & LOWER_UP;
	ret->running = head->ifi_flags & IFF_RUNNING;
	ret->no_arp = head->ifi_flags & IFF_NOARP;
	fact->no_neighbours = head->ifi_flags & (IFF_POINTOPOINT | IFF_NOARP);
	copy_string(tb[IFLA_IFNAME], fact->name, sizeof(fact->name));
	parse_info(tb[IFLA_LINKINFO], ret);
	if (tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) == (int)sizeof(fact->mac.b)) {
		fact->mac.set = true;
		memcpy(fact->mac.b, nla_data(tb[IFLA_ADDRESS]), sizeof(fact->mac.b));
	}
	if (tb[IFLA_MASTER])
		fact->master = (int)nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_GROUP])
		ret->group = nla_get_u32(tb[IFLA_GROUP]);
	if (tb[IFLA_LINK])
		ret->other = (int)nla_get_u32(tb[IFLA_LINK]);
	ret->elsewhere = tb[IFLA_LINK_NETNSID] != NULL;
	if (tb[IFLA_MTU])
		fact->mtu = nla_get_u32(tb[IFLA_MTU]);
	vnm_link_settings_parse(tb[IFLA_AF_SPEC], &ret->settings);
	ret->accept_ra = accept_ra_of(&ret->settings);
	return 0;
}
