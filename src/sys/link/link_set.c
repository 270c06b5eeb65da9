/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_set.c - set attributes of a device: flags, bridge, MTU, group, MAC address, name; and delete it.
 *
 * Requests name the device by its index, so that a new one of the same name is never affected.
 *
 * MTU. A bridge silently drops a packet larger than the MTU of the port, or veth end, that it is to leave by. So every
 * device gets the bridge's MTU before it is enslaved. A bridge without an MTU of its own has the smallest of its ports
 * (kernel br_mtu_auto_adjust()), and would change with whatever is attached; once set, it stays. Setting the same value
 * does not count as set.
 */
#include "sys/link/link_set.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "sys/netlink/netlink.h"

#define MTU_MAX 65535u /* ETH_MAX_MTU */

static void begin_set(struct vnm_nl_req *req, int type, const struct vnm_link *link, unsigned flags,
		      unsigned mask)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC,
				  .ifi_index = link->fact.index,
				  .ifi_flags = flags,
				  .ifi_change = mask };

	vnm_nl_begin(req, type, 0, &head, sizeof(head));
}

static int set_flags(struct vnm_sys *sys, const struct vnm_link *link, unsigned flags,
		     unsigned mask, struct vnm_nl_req *req)
{
	begin_set(req, RTM_NEWLINK, link, flags, mask);
	return vnm_nl_do(sys, req, NULL);
}

/**
 * vnm_link_set_flags() - set flags of a device
 * @sys:   the handles
 * @link:  the device
 * @flags: IFF_*
 * @mask:  which of them
 * @err:   the error
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_flags(struct vnm_sys *sys, const struct vnm_link *link, unsigned flags,
		       unsigned mask, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = set_flags(sys, link, flags, mask, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set device '%s' %s", link->fact.name,
				   flags & IFF_UP ? "up" : "down")
		     : 0;
}

/**
 * vnm_link_set_u32() - set one attribute of a device
 * @sys:   the handles where it is
 * @link:  the device
 * @attr:  IFLA_*
 * @value: of it
 * @req:   gets the request, for vnm_nl_fail()
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_u32(struct vnm_sys *sys, const struct vnm_link *link, int attr, uint32_t value,
		     struct vnm_nl_req *req)
{
	begin_set(req, RTM_NEWLINK, link, 0, 0);
	vnm_nl_put_u32(req, attr, value);
	return vnm_nl_do(sys, req, NULL);
}

/**
 * vnm_link_set_master() - enslave a device to a bridge, or release it
 * @sys:    the handles
 * @link:   the device
 * @master: the bridge's index; 0: release, which is no error for a device that is gone
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_master(struct vnm_sys *sys, const struct vnm_link *link, int master,
			struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_u32(sys, link, IFLA_MASTER, (uint32_t)master, &req);

	if (r == -ENODEV && !master)
		return 0;
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot %s '%s' %s its bridge",
				   master ? "put" : "take", link->fact.name, master ? "on" : "off")
		     : 0;
}

/**
 * vnm_link_set_port() - set the flags of a bridge port
 * @sys:   the handles
 * @link:  the device
 * @which: settings, VNM_PORT_SETTING(); 0: there is nothing to do
 * @set:   those of them that are to be on
 * @req:   gets the request, for vnm_nl_fail()
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_port(struct vnm_sys *sys, const struct vnm_link *link, uint64_t which,
		      uint64_t set, struct vnm_nl_req *req)
{
	struct ifinfomsg head = { .ifi_family = AF_BRIDGE, .ifi_index = link->fact.index };
	struct nlattr *info;

	if (!which)
		return 0;
	vnm_nl_begin(req, RTM_SETLINK, 0, &head, sizeof(head));
	info = vnm_nl_nest(req, IFLA_PROTINFO | NLA_F_NESTED);
	for (int attr = 0; attr <= VNM_PORT_SETTING_MAX; attr++)
		if (which & VNM_PORT_SETTING(attr))
			vnm_nl_put_u8(req, attr, (set & VNM_PORT_SETTING(attr)) != 0);
	vnm_nl_nest_end(req, info);
	return vnm_nl_do(sys, req, NULL);
}

static int set_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		   struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_u32(sys, link, IFLA_MTU, mtu, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the MTU of '%s' to %" PRIu32,
				   link->fact.name, mtu)
		     : 0;
}

/**
 * vnm_link_set_mtu() - give a device an MTU
 * @sys:  the handles where it is
 * @link: the device, as it was read
 * @mtu:  bytes; 0: unchanged
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		     struct vnm_error *err)
{
	return mtu == 0 || mtu == link->fact.mtu ? 0 : set_mtu(sys, link, mtu, err);
}

/**
 * vnm_bridge_pin_mtu() - give a bridge an MTU that no port changes
 * @sys:  the handles
 * @link: the bridge, as it was read
 * @mtu:  bytes
 * @err:  set on failure
 *
 * By way of a larger one: a smaller one would drop packets, and below 1280 the kernel disables IPv6.
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_pin_mtu(struct vnm_sys *sys, const struct vnm_link *link, uint32_t mtu,
		       struct vnm_error *err)
{
	int r = mtu == link->fact.mtu ? set_mtu(sys, link, mtu < MTU_MAX ? mtu + 1 : mtu - 1, err)
				      : 0;

	return r < 0 ? r : set_mtu(sys, link, mtu, err);
}

/** vnm_bridge_set_stp() - spanning tree, or none; forwarding ports go on forwarding. Return: 0 or -errno, with @err set. */
int vnm_bridge_set_stp(struct vnm_sys *sys, const struct vnm_link *link, bool on,
		       struct vnm_error *err)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC, .ifi_index = link->fact.index };
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_nl_kind nests;
	int r;

	vnm_nl_begin(&req, RTM_NEWLINK, 0, &head, sizeof(head));
	nests = vnm_nl_kind(&req, "bridge");
	vnm_nl_put_u32(&req, IFLA_BR_STP_STATE, on);
	vnm_nl_kind_end(&req, &nests);
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot switch spanning tree of bridge '%s' %s",
				   link->fact.name, on ? "on" : "off")
		     : 0;
}

/**
 * vnm_link_set_group() - give a device its group, and its MAC address
 * @sys:   the handles where it is
 * @link:  the device
 * @group: its new group
 * @mac:   its new MAC address; NULL: unchanged
 * @err:   set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_set_group(struct vnm_sys *sys, const struct vnm_link *link, uint32_t group,
		       const struct vnm_mac *mac, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin_set(&req, RTM_NEWLINK, link, 0, 0);
	vnm_nl_put_u32(&req, IFLA_GROUP, group);
	if (mac && !vnm_mac_equal(&link->fact.mac, mac))
		vnm_nl_put(&req, IFLA_ADDRESS, mac->b, sizeof(mac->b));
	r = vnm_nl_do(sys, &req, NULL);
	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the group or MAC address of '%s'",
				   link->fact.name)
		     : 0;
}

static int set_name(struct vnm_sys *sys, const struct vnm_link *link, const char *name)
{
	vnm_autonl struct vnm_nl_req req = { 0 };

	begin_set(&req, RTM_NEWLINK, link, 0, 0);
	vnm_nl_put_str(&req, IFLA_IFNAME, name);
	return vnm_nl_do(sys, &req, NULL);
}

/* Kernels before 6.2 do not rename a device that is up. Return: 0; -EEXIST: another device has the name; -errno. */
static int rename_link(struct vnm_sys *sys, const struct vnm_link *link, const char *name)
{
	vnm_autonl struct vnm_nl_req down = { 0 }, up = { 0 };
	int r = set_name(sys, link, name);

	if (r != -EBUSY)
		return r;
	r = set_flags(sys, link, 0, IFF_UP, &down);
	if (r < 0)
		return r;
	r = set_name(sys, link, name);
	(void)set_flags(sys, link, IFF_UP, IFF_UP, &up);
	return r;
}

static const char *kind_name(const struct vnm_link *link)
{
	return strcmp(link->fact.kind, "bridge") ? "device" : "bridge";
}

/**
 * vnm_link_restore_name() - restore a device's name
 * @sys:  the handles where it is
 * @link: the device
 * @name: the name
 * @what: the device, for messages
 * @err:  set on failure: somebody else has the name by now
 *
 * Return: 0 or -errno.
 */
int vnm_link_restore_name(struct vnm_sys *sys, const struct vnm_link *link, const char *name,
			  const char *what, struct vnm_error *err)
{
	int r = strcmp(link->fact.name, name) ? rename_link(sys, link, name) : 0;

	if (r == -EEXIST)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
				     "%s is called '%s' now, and another device has its name; "
				     "take that away (ip link del %s), or rename it",
				     what, link->fact.name, name);
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot rename %s '%s' to '%s' again",
				   kind_name(link), link->fact.name, name)
		     : 0;
}

/**
 * vnm_link_delete() - delete a device
 * @sys:  the handles where it is
 * @link: the device; gone already is fine
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_link_delete(struct vnm_sys *sys, const struct vnm_link *link, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r;

	begin_set(&req, RTM_DELLINK, link, 0, 0);
	r = vnm_nl_do(sys, &req, NULL);
	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, &req, "cannot delete %s '%s'", kind_name(link),
				   link->fact.name);
	return 0;
}
