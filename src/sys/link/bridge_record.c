// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridge_record.c - the record of a network's bridge, by which it is recognised although somebody has changed it.
 *
 * A bridge is identified by its name, MAC address and group. With one of them changed it would pass for foreign, and a
 * stop would leave it up, with its guests on it and without the rules that match its group and name. So its index is
 * recorded when it is created (link_record.c), and the bridge with that index is ours.
 */
#include "sys/link/bridge_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sys/link/link.h"
#include "sys/link/link_record.h"
#include "sys/link/link_set.h"
#include "util/mem.h"

static char *record_of(const char *name)
{
	return vnm_asprintf("%s.bridge", name);
}

/**
 * vnm_bridge_record_write() - record the index of a bridge that was made just now
 * @sys:  the handles
 * @want: the bridge
 * @err:  set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_record_write(struct vnm_sys *sys, const struct vnm_op_bridge *want,
			    struct vnm_error *err)
{
	vnm_autofree char *file = record_of(want->name);
	struct vnm_link link;
	int r = vnm_link_read(sys, want->name, &link);

	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->name);
	return vnm_link_record_write(sys, file, &link, err);
}

/** vnm_bridge_record_drop() - remove the record of a bridge that is gone. Return: 0 or -errno. */
int vnm_bridge_record_drop(struct vnm_sys *sys, const char *name, struct vnm_error *err)
{
	vnm_autofree char *file = record_of(name);

	return vnm_link_record_drop(sys, file, err);
}

/**
 * vnm_bridge_record_find() - read the bridge that was made under a name, whatever it is called now
 * @sys:  the handles
 * @name: the name that it was given
 * @ret:  the bridge, when 1 is returned
 *
 * Return: 1; 0 when there is no such bridge; -errno.
 */
int vnm_bridge_record_find(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	vnm_autofree char *file = record_of(name);
	int r = vnm_link_record_find(sys, file, sys, ret);

	return r > 0 ? !strcmp(ret->fact.kind, "bridge") : r;
}

/** vnm_bridge_recorded() - vnm_bridge_record_find(), with 0 also for one that cannot be read. Return: 1 or 0. */
int vnm_bridge_recorded(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	return vnm_bridge_record_find(sys, name, ret) > 0;
}

/** vnm_bridge_record_read() - read the bridge that was made under a name; without a record, the device that has it. Return: 0; -ENODEV; -errno. */
int vnm_bridge_record_read(struct vnm_sys *sys, const char *name, struct vnm_link *ret)
{
	return vnm_bridge_recorded(sys, name, ret) ? 0 : vnm_link_read(sys, name, ret);
}

/* With an uplink the bridge carries the host's own traffic, and the host may lower its MTU. */
static bool other_mtu(const struct vnm_link *link, const struct vnm_op_bridge *want)
{
	return want->mtu.set && want->group != VNM_GROUP_UPLINK && link->fact.mtu != want->mtu.v;
}

/**
 * vnm_bridge_explain() - how does a bridge of ours differ from how it was created?
 * @link: the bridge
 * @want: how it was made
 * @why:  gets the words
 *
 * Return: false when it does not.
 */
bool vnm_bridge_explain(const struct vnm_link *link, const struct vnm_op_bridge *want,
			char why[static VNM_WHY_SIZE])
{
	if (strcmp(link->fact.name, want->name) != 0)
		snprintf(why, VNM_WHY_SIZE, "it is called '%s' now", link->fact.name);
	else if (!vnm_mac_equal(&link->fact.mac, &want->mac))
		snprintf(why, VNM_WHY_SIZE, "its MAC address was changed");
	else if (link->group != want->group)
		snprintf(why, VNM_WHY_SIZE, "its group was changed to %" PRIu32 "%s", link->group,
			 (want->group & VNM_GROUP_MASK) == VNM_GROUP_BASE
				 ? ", so that it is not guarded"
				 : "");
	else if (other_mtu(link, want))
		snprintf(why, VNM_WHY_SIZE, "its MTU is %" PRIu32 " instead of %" PRIu32,
			 link->fact.mtu, want->mtu.v);
	else
		return false;
	return true;
}

/**
 * vnm_bridge_restore() - restore the name, MAC address and group of a bridge of ours
 * @sys:  the handles
 * @link: the bridge, of vnm_bridge_recorded()
 * @want: how it was made
 * @err:  set on failure: another device has its name by now
 *
 * The group first: with it, the firewall guards the bridge again.
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_restore(struct vnm_sys *sys, const struct vnm_link *link,
		       const struct vnm_op_bridge *want, struct vnm_error *err)
{
	vnm_autofree char *what = vnm_asprintf("bridge '%s' of the network", want->name);
	int r = vnm_link_set_group(sys, link, want->group, &want->mac, err);

	return r < 0 ? r : vnm_link_restore_name(sys, link, want->name, what, err);
}

/** vnm_bridge_is_ours() - is it the wanted bridge, as it was created? Older versions gave an open network's no group. */
bool vnm_bridge_is_ours(const struct vnm_link *link, const struct vnm_op_bridge *want)
{
	return strcmp(link->fact.name, want->name) == 0 && strcmp(link->fact.kind, "bridge") == 0 &&
	       vnm_mac_equal(&link->fact.mac, &want->mac) &&
	       (want->group == 0 ||
		(link->group & VNM_GROUP_MASK) == (want->group & VNM_GROUP_MASK));
}
