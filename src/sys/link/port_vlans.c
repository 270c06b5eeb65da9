/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port_vlans.c - the VLANs that a bridge port is a member of.
 *
 * A port that is put on a bridge is a member of the bridge's default VLAN (default_pvid, mostly 1), which it leaves when it gets
 * others. They are set while the device is down, so no frame passes by way of the default one; a port that is up gets its new
 * ones first, and its native VLAN moves with a single step of the kernel's.
 */
#include "sys/link/port_vlans.h"

#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/netlink/netlink.h"

#define AT_ONCE 128 /* in one message */

/**
 * vnm_bridge_need_vlans() - does a bridge keep its ports in their VLANs?
 * @bridge: as it was read
 * @err:    VNM_ERR_UNSUPPORTED
 *
 * Ports of one that does not filter have VLANs, too, and frames pass between all of them.
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int vnm_bridge_need_vlans(const struct vnm_link *bridge, struct vnm_error *err)
{
	const char *name = bridge->fact.name;

	if (bridge->vlan_filtering)
		return 0;
	if (!bridge->vlans)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "bridge '%s' cannot keep guests in their VLANs: this kernel's "
				     "bridges do not filter VLANs (CONFIG_BRIDGE_VLAN_FILTERING); "
				     "use one bridge for each VLAN",
				     name);
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "bridge '%s' does not filter VLANs, so guests would not be kept in "
			     "theirs; ip link set dev %s type bridge vlan_filtering 1",
			     name, name);
}

static void parse_entry(struct nlattr *entry, struct vnm_vlan_members *ret)
{
	struct nlattr *tb[BRIDGE_VLANDB_ENTRY_MAX + 1];
	struct bridge_vlan_info info;
	uint16_t last;

	if (nla_parse_nested(tb, BRIDGE_VLANDB_ENTRY_MAX, entry, NULL) < 0 ||
	    !tb[BRIDGE_VLANDB_ENTRY_INFO] ||
	    nla_len(tb[BRIDGE_VLANDB_ENTRY_INFO]) < (int)sizeof(info))
		return;
	memcpy(&info, nla_data(tb[BRIDGE_VLANDB_ENTRY_INFO]), sizeof(info));
	last = tb[BRIDGE_VLANDB_ENTRY_RANGE] ? nla_get_u16(tb[BRIDGE_VLANDB_ENTRY_RANGE])
					     : info.vid;
	for (uint32_t id = info.vid; id <= last && id <= VNM_VLAN_LAST; id++)
		vnm_vlan_members_add(ret,
				     (struct vnm_vlan_member){
					     .id = (uint16_t)id,
					     .pvid = info.flags & BRIDGE_VLAN_INFO_PVID,
					     .untagged = info.flags & BRIDGE_VLAN_INFO_UNTAGGED });
}

/**
 * vnm_port_vlans_parse() - VLANs from the kernel's message
 * @hdr: of a dump by RTM_GETVLAN
 * @ret: they are added to it, unsorted
 *
 * Return: 0.
 */
int vnm_port_vlans_parse(const struct nlmsghdr *hdr, struct vnm_vlan_members *ret)
{
	struct nlattr *entry;
	int left;

	if (hdr->nlmsg_type != RTM_NEWVLAN ||
	    !nlmsg_valid_hdr((struct nlmsghdr *)hdr, sizeof(struct br_vlan_msg)))
		return 0;
	nlmsg_for_each_attr(entry, (struct nlmsghdr *)hdr, sizeof(struct br_vlan_msg), left)
	{
		if (nla_type(entry) == BRIDGE_VLANDB_ENTRY)
			parse_entry(entry, ret);
	}
	return 0;
}

static int on_vlans(const struct nlmsghdr *hdr, void *data)
{
	return vnm_port_vlans_parse(hdr, data);
}

static void again(void *data)
{
	((struct vnm_vlan_members *)data)->n = 0;
}

/**
 * vnm_port_vlans_read() - what a bridge port is a member of
 * @sys: the handles
 * @dev: the device
 * @ret: zeroed; free with vnm_vlan_members_clear(), after a failure, too
 *
 * Return: 0; -EOPNOTSUPP: this kernel's bridges do not filter VLANs; -errno.
 */
int vnm_port_vlans_read(struct vnm_sys *sys, const struct vnm_link *dev,
			struct vnm_vlan_members *ret)
{
	struct br_vlan_msg head = { .family = AF_BRIDGE, .ifindex = (uint32_t)dev->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	vnm_nl_begin(&req, RTM_GETVLAN, 0, &head, sizeof(head));
	r = vnm_nl_dump(sys, &req, &(struct vnm_nl_sink){ on_vlans, again, ret });
	if (r == 0)
		vnm_vlan_members_sort(ret);
	return r;
}

/* @type: RTM_SETLINK: become a member; RTM_DELLINK: leave. */
static int request(struct vnm_sys *sys, const struct vnm_link *dev, int type,
		   const struct vnm_vlan_members *members, size_t first, struct vnm_nl_req *req)
{
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE, .ifi_index = dev->fact.index };
	uint16_t self = BRIDGE_FLAGS_SELF;
	struct nlattr *spec;

	vnm_nl_begin(req, type, 0, &head, sizeof(head));
	spec = vnm_nl_nest(req, IFLA_AF_SPEC);
	if (!strcmp(dev->fact.kind, "bridge"))
		vnm_nl_put(req, IFLA_BRIDGE_FLAGS, &self, sizeof(self));
	for (size_t i = first; i < members->n && i < first + AT_ONCE; i++) {
		const struct vnm_vlan_member *member = &members->items[i];
		struct bridge_vlan_info info = {
			.vid = member->id,
			.flags = (uint16_t)((member->pvid ? BRIDGE_VLAN_INFO_PVID : 0) |
					    (member->untagged ? BRIDGE_VLAN_INFO_UNTAGGED : 0)),
		};

		vnm_nl_put(req, IFLA_BRIDGE_VLAN_INFO, &info, sizeof(info));
	}
	vnm_nl_nest_end(req, spec);
	return vnm_nl_do(sys, req, NULL);
}

static int change(struct vnm_sys *sys, const struct vnm_link *dev, int type,
		  const struct vnm_vlan_members *members, struct vnm_error *err)
{
	for (size_t i = 0; i < members->n; i += AT_ONCE) {
		vnm_autonl struct vnm_nl_req req = { 0 };
		int r = request(sys, dev, type, members, i, &req);

		if (r < 0)
			return vnm_nl_fail(err, r, &req, "cannot set the VLANs of '%s'",
					   dev->fact.name);
	}
	return 0;
}

static bool has(const struct vnm_vlan_members *members, const struct vnm_vlan_member *wanted,
		bool same)
{
	for (size_t i = 0; i < members->n; i++)
		if (members->items[i].id == wanted->id)
			return !same || (members->items[i].pvid == wanted->pvid &&
					 members->items[i].untagged == wanted->untagged);
	return false;
}

/* Those of @from that @in has not; @same: not in the same way. */
static void without(const struct vnm_vlan_members *from, const struct vnm_vlan_members *in,
		    bool same, struct vnm_vlan_members *ret)
{
	for (size_t i = 0; i < from->n; i++)
		if (!has(in, &from->items[i], same))
			vnm_vlan_members_add(ret, from->items[i]);
}

static int differences(struct vnm_sys *sys, const struct vnm_link *dev, const char *vlans,
		       struct vnm_vlan_members *ret_more, struct vnm_vlan_members *ret_less)
{
	struct vnm_vlan_members now vnm_automembers = { 0 }, wanted vnm_automembers = { 0 };
	int r = vnm_vlan_members_parse(vlans, &wanted);

	if (r == 0)
		r = vnm_port_vlans_read(sys, dev, &now);
	if (r < 0)
		return r;
	without(&wanted, &now, true, ret_more);
	without(&now, &wanted, false, ret_less);
	return 0;
}

/**
 * vnm_port_vlans_set() - make a bridge port a member of these VLANs and of no others
 * @sys:   the handles
 * @dev:   the device, on its bridge; or a bridge itself
 * @vlans: as vnm_vlan_members_format() writes them; NULL: none at all
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_port_vlans_set(struct vnm_sys *sys, const struct vnm_link *dev, const char *vlans,
		       struct vnm_error *err)
{
	struct vnm_vlan_members more vnm_automembers = { 0 }, less vnm_automembers = { 0 };
	int r = differences(sys, dev, vlans, &more, &less);

	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot read the VLANs of '%s'", dev->fact.name);
	r = change(sys, dev, RTM_SETLINK, &more, err);
	return r < 0 ? r : change(sys, dev, RTM_DELLINK, &less, err);
}

/**
 * vnm_port_vlans_reset() - give a bridge port what it had when it was put on its bridge
 * @sys:    the handles
 * @dev:    the device
 * @bridge: its bridge
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_port_vlans_reset(struct vnm_sys *sys, const struct vnm_link *dev,
			 const struct vnm_link *bridge, struct vnm_error *err)
{
	char vlans[32] = "";

	if (bridge->default_vlan)
		snprintf(vlans, sizeof(vlans), "%u:pvid:untagged", bridge->default_vlan);
	return bridge->vlans ? vnm_port_vlans_set(sys, dev, *vlans ? vlans : NULL, err) : 0;
}

/**
 * vnm_port_vlans_differ() - is a bridge port a member of other VLANs than these?
 * @sys:   the handles
 * @dev:   the device
 * @vlans: as vnm_vlan_members_format() writes them
 *
 * Return: 1; 0: of these and of no others; -EOPNOTSUPP: this kernel's bridges do not filter VLANs; -errno.
 */
int vnm_port_vlans_differ(struct vnm_sys *sys, const struct vnm_link *dev, const char *vlans)
{
	struct vnm_vlan_members more vnm_automembers = { 0 }, less vnm_automembers = { 0 };
	int r = differences(sys, dev, vlans, &more, &less);

	return r < 0 ? r : more.n + less.n > 0;
}
