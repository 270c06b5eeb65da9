/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - devices of guests: find, whatever their name is now, and delete.
 *
 * A device is ours by its name, its kind and a device group, which is set by the message that creates it (for a tap see
 * tap.c). It is not the group of the bridges: to the firewall a guest's device is part of its bridge. A tun is on no
 * bridge, and is in the group of its network's.
 */
#include "sys/link/guest.h"

#include <errno.h>
#include <string.h>

#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"

/** vnm_guest_is_ours() - has a device the kind and group of a guest's device? */
bool vnm_guest_is_ours(const struct vnm_link *link, const char *kind)
{
	return !strcmp(link->fact.kind, kind) && vnm_link_in_our_group(link);
}

/* By its record. Return: 1; 0: no such device, or no record; -errno. */
static int find_recorded(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_link *ret,
			 struct vnm_error *err)
{
	int r = vnm_guest_record_find(sys, dev->name, dev->ns, ret);

	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", dev->name) : r;
}

/**
 * vnm_guest_find() - read a device of ours, as it is now
 * @sys: the handles here
 * @dev: the device; its namespace must be there
 * @ret: the device, when 1 is returned
 * @err: the error
 *
 * Recognised by its index, or, without a record of that, by its name, kind and group.
 *
 * Return: 1; 0 when there is none; -errno.
 */
int vnm_guest_find(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_link *ret,
		   struct vnm_error *err)
{
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	r = find_recorded(sys, dev, ret, err);
	if (r == 0) {
		r = vnm_link_find(there, dev->name, ret, err);
		if (r > 0)
			r = vnm_guest_is_ours(ret, dev->kind);
	}
	return r;
}

/**
 * vnm_guest_check() - is a device of ours present, as it was created?
 * @sys: the handles here
 * @dev: the device; its namespace must be there
 * @ret: the answer
 * @err: the error
 *
 * Return: 0 or -errno.
 */
int vnm_guest_check(struct vnm_sys *sys, const struct vnm_guest_dev *dev, enum vnm_presence *ret,
		    struct vnm_error *err)
{
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	*ret = VNM_ABSENT;
	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	r = find_recorded(sys, dev, &link, err);
	if (r > 0) {
		*ret = vnm_guest_explain(&link, dev, sys->why) ? VNM_ABSENT : VNM_PRESENT;
		return 0;
	}
	if (r == 0)
		r = vnm_link_find(there, dev->name, &link, err);
	if (r > 0 && !vnm_guest_is_ours(&link, dev->kind))
		*ret = VNM_FOREIGN;
	else if (r > 0 && !vnm_guest_other_mtu(&link, dev, sys->why))
		*ret = VNM_PRESENT;
	return r < 0 ? r : 0;
}

/**
 * vnm_guest_free_name() - may a device of that name be created?
 *
 * Arguments as vnm_guest_check(). An existing one of ours may stay.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_free_name(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			struct vnm_error *err)
{
	enum vnm_presence presence = VNM_ABSENT;
	int r;

	if (!vnm_ifname_valid(dev->name))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%s' cannot be the name of a device: 1 to 15 letters, digits "
				     "and _ . -",
				     dev->name);
	r = vnm_guest_check(sys, dev, &presence, err);
	if (r < 0 || presence != VNM_FOREIGN)
		return r;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists; choose another name", dev->name);
}

static int delete_named(struct vnm_sys *sys, struct vnm_sys *there, const struct vnm_guest_dev *dev,
			struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_find(there, dev->name, &link, err);

	if (r <= 0)
		return r;
	if (vnm_guest_is_ours(&link, dev->kind))
		return vnm_link_delete(there, &link, err);
	vnm_warnings_add(
		sys->warnings,
		"device '%s' is not the one that vnetmgr made, and stays; if nothing needs it: "
		"ip link del %s",
		dev->name, dev->name);
	return 0;
}

/**
 * vnm_guest_delete() - delete a device of ours, whatever its name is now
 *
 * Arguments as vnm_guest_check(). No error when it or its namespace is gone; a foreign device stays.
 *
 * Return: 0 or -errno.
 */
int vnm_guest_delete(struct vnm_sys *sys, const struct vnm_guest_dev *dev, struct vnm_error *err)
{
	struct vnm_sys *there = sys;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0 && r != -ENOENT)
		return vnm_netns_fail(dev->ns, r, err);
	if (r == 0) {
		r = find_recorded(sys, dev, &link, err);
		if (r > 0)
			r = vnm_link_delete(there, &link, err);
		else if (r == 0)
			r = delete_named(sys, there, dev, err);
		if (r < 0)
			return r;
	}
	return vnm_guest_record_drop(sys, dev, err);
}
