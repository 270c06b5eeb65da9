// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_record.c - the record of a guest's device, by which it is recognised although somebody has changed it.
 *
 * A device with another name or group than it was given would not be found, and its guest would stay connected when it is
 * detached or its network stops. So its index is recorded when it is created (link_record.c); of a veth pair, that of both
 * ends: one that was moved elsewhere is found from the other.
 */
#include "sys/link/guest_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sys/link/link.h"
#include "sys/link/link_record.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"
#include "util/mem.h"

/* Names are unique only in their namespace. */
static char *record_of(const char *name, const struct vnm_op_netns *ns)
{
	if (ns && ns->path)
		return vnm_asprintf("%s-%" PRIu32 ".guest", name, ns->ino);
	return vnm_asprintf("%s.guest", name);
}

static const struct vnm_op_netns here = { 0 };

/**
 * vnm_guest_record_write() - record the index of a device that was made just now
 * @sys: the handles here
 * @dev: the device
 * @err: set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_guest_record_write(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			   struct vnm_error *err)
{
	vnm_autofree char *file = record_of(dev->name, dev->ns);
	struct vnm_sys *there;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	r = vnm_link_need(there, dev->name, &link, err);
	return r < 0 ? r : vnm_link_record_write(sys, file, &link, err);
}

/** vnm_guest_record_drop() - remove the record of a device that is gone. Return: 0 or -errno. */
int vnm_guest_record_drop(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			  struct vnm_error *err)
{
	vnm_autofree char *file = record_of(dev->name, dev->ns);

	return vnm_link_record_drop(sys, file, err);
}

/**
 * vnm_guest_record_find() - read the device that was made under a name, whatever it is called now
 * @sys:  the handles here
 * @name: the name that it was given
 * @ns:   where; NULL: here
 * @ret:  the device, when 1 is returned
 *
 * Return: 1; 0 when there is none any more, or none is on record; -errno.
 */
int vnm_guest_record_find(struct vnm_sys *sys, const char *name, const struct vnm_op_netns *ns,
			  struct vnm_link *ret)
{
	vnm_autofree char *file = record_of(name, ns);
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, ns ? ns : &here, &there);

	return r < 0 ? r : vnm_link_record_find(sys, file, there, ret);
}

/**
 * vnm_guest_record_read() - read the device that was made under a name; without a record, the one that has it
 * @sys:  the handles
 * @name: the name
 * @ret:  the device
 *
 * Return: 0; -ENODEV; -errno.
 */
int vnm_guest_record_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	int r = vnm_guest_record_find(sys, name, NULL, ret);

	if (r != 0)
		return r < 0 ? r : 0;
	return vnm_link_read(sys, name, ret);
}

/**
 * vnm_guest_record_find_peer() - read the other end of a pair
 * @sys: the handles here
 * @dev: the end here
 * @ns:  where the other is
 * @ret: the other, when 1 is returned
 *
 * Return: 1; 0 when there is none any more, or none is on record; -errno.
 */
int vnm_guest_record_find_peer(struct vnm_sys *sys, const struct vnm_guest_dev *dev,
			       const struct vnm_op_netns *ns, struct vnm_link *ret)
{
	vnm_autofree char *file = record_of(dev->name, dev->ns);
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, ns, &there);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return vnm_link_record_find_peer(sys, file, there, ret);
}

/**
 * vnm_guest_other_mtu() - has a device another MTU than it was given? Arguments and return value as vnm_guest_explain().
 */
bool vnm_guest_other_mtu(const struct vnm_link *link, const struct vnm_guest_dev *dev,
			 char why[static VNM_WHY_SIZE])
{
	uint32_t mtu = link->fact.mtu;

	if (dev->mtu == 0 || mtu == dev->mtu || (mtu < dev->mtu && dev->less))
		return false;
	snprintf(why, VNM_WHY_SIZE, "the MTU of '%s' is %" PRIu32 " instead of %" PRIu32, dev->name,
		 mtu, dev->mtu);
	return true;
}

/**
 * vnm_guest_explain() - how does a device of ours differ from how it was created?
 * @link: the device
 * @dev:  how it was made
 * @why:  gets the words
 *
 * Return: false when it does not.
 */
bool vnm_guest_explain(const struct vnm_link *link, const struct vnm_guest_dev *dev,
		       char why[static VNM_WHY_SIZE])
{
	if (strcmp(link->fact.name, dev->name) != 0)
		snprintf(why, VNM_WHY_SIZE, "it is called '%s' now", link->fact.name);
	else if (dev->mac.set && !vnm_mac_equal(&link->fact.mac, &dev->mac))
		snprintf(why, VNM_WHY_SIZE, "its MAC address was changed");
	else if (link->group != dev->group)
		snprintf(why, VNM_WHY_SIZE, "its group was changed to %" PRIu32, link->group);
	else
		return vnm_guest_other_mtu(link, dev, why);
	return true;
}

/**
 * vnm_guest_restore() - restore the name, MAC address and group of a device of ours
 * @sys:  the handles here
 * @link: the device, of vnm_guest_record_find()
 * @dev:  how it was made
 * @err:  set on failure: somebody else has its name by now
 *
 * Return: 0 or -errno.
 */
int vnm_guest_restore(struct vnm_sys *sys, const struct vnm_link *link,
		      const struct vnm_guest_dev *dev, struct vnm_error *err)
{
	vnm_autofree char *what = vnm_asprintf("the guest's device '%s'", dev->name);
	char why[VNM_WHY_SIZE];
	struct vnm_sys *there;
	int r = vnm_sys_enter(sys, dev->ns, &there);

	if (r < 0)
		return vnm_netns_fail(dev->ns, r, err);
	if (!vnm_guest_explain(link, dev, why))
		return 0;
	r = vnm_link_set_group(there, link, dev->group, dev->mac.set ? &dev->mac : NULL, err);
	if (r == 0)
		r = vnm_link_set_mtu(there, link, dev->mtu, err);
	return r < 0 ? r : vnm_link_restore_name(there, link, dev->name, what, err);
}
