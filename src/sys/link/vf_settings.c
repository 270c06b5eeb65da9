/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vf_settings.c - MAC address and VLAN that a device has for one of its virtual functions ("ip link set PF vf N"). */
#include "sys/link/vf_settings.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "sys/netlink/netlink.h"

/** struct search - @found: the function is in the list */
struct search {
	uint32_t number;
	bool found;
	struct vnm_vf_settings settings;
};

static void read_function(struct nlattr *info, struct search *search)
{
	struct nlattr *tb[IFLA_VF_MAX + 1];
	struct ifla_vf_mac mac;
	struct ifla_vf_vlan vlan;

	if (nla_parse_nested(tb, IFLA_VF_MAX, info, NULL) < 0 || !tb[IFLA_VF_MAC] ||
	    !tb[IFLA_VF_VLAN] || nla_len(tb[IFLA_VF_MAC]) < (int)sizeof(mac) ||
	    nla_len(tb[IFLA_VF_VLAN]) < (int)sizeof(vlan))
		return;
	memcpy(&mac, nla_data(tb[IFLA_VF_MAC]), sizeof(mac));
	memcpy(&vlan, nla_data(tb[IFLA_VF_VLAN]), sizeof(vlan));
	if (mac.vf != search->number)
		return;
	search->found = true;
	search->settings.mac.set = true;
	memcpy(search->settings.mac.b, mac.mac, sizeof(search->settings.mac.b));
	search->settings.vlan = (uint16_t)vlan.vlan;
}

static int on_link(const struct nlmsghdr *hdr, void *data)
{
	struct nlattr *tb[IFLA_MAX + 1], *info;
	int left;

	if (hdr->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (nlmsg_parse((struct nlmsghdr *)hdr, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL) < 0)
		return -EPROTO;
	if (tb[IFLA_VFINFO_LIST])
		nla_for_each_nested(info, tb[IFLA_VFINFO_LIST], left) read_function(info, data);
	return 0;
}

/**
 * vnm_vf_settings_read() - what a device has for one of its virtual functions
 * @sys:    the handles
 * @pf:     the device
 * @number: of the function
 * @ret:    written on success only
 *
 * Return: 0; -ENODEV: it has no such function; -errno.
 */
int vnm_vf_settings_read(struct vnm_sys *sys, const struct vnm_link *pf, uint32_t number,
			 struct vnm_vf_settings *ret)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = pf->fact.index };
	struct search search = { .number = number };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETLINK, 0, &head, sizeof(head));
	vnm_nl_put_u32(&req, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	r = vnm_nl_do(sys, &req, &(struct vnm_nl_sink){ .each = on_link, .data = &search });
	if (r == 0 && search.found)
		*ret = search.settings;
	return r < 0 ? r : search.found ? 0 : -ENODEV;
}

/**
 * vnm_vf_settings_set() - set both
 * @sys:      the handles
 * @pf:       the device
 * @number:   of the function
 * @settings: what it is to have
 * @req:      zeroed; what was asked for, for messages
 *
 * Return: 0; -EOPNOTSUPP, -EINVAL: its driver does not take it; -errno. The kernel may have set the MAC address then.
 */
int vnm_vf_settings_set(struct vnm_sys *sys, const struct vnm_link *pf, uint32_t number,
			const struct vnm_vf_settings *settings, struct vnm_nl_req *req)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = pf->fact.index };
	struct ifla_vf_mac mac = { .vf = number };
	struct ifla_vf_vlan vlan = { .vf = number, .vlan = settings->vlan };
	struct nlattr *list, *info;

	memcpy(mac.mac, settings->mac.b, sizeof(settings->mac.b));
	vnm_nl_begin(req, RTM_SETLINK, 0, &head, sizeof(head));
	list = vnm_nl_nest(req, IFLA_VFINFO_LIST);
	info = vnm_nl_nest(req, IFLA_VF_INFO);
	vnm_nl_put(req, IFLA_VF_MAC, &mac, sizeof(mac));
	vnm_nl_put(req, IFLA_VF_VLAN, &vlan, sizeof(vlan));
	vnm_nl_nest_end(req, info);
	vnm_nl_nest_end(req, list);
	return vnm_nl_do(sys, req, NULL);
}
