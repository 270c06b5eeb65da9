/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridge_port.c - a bridge port: a device enslaved to a bridge. */
#include "sys/link/bridge_port.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/link/bridge_record.h"
#include "sys/link/fdb_entry.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_record.h"
#include "sys/link/link_set.h"
#include "sys/link/port_vlans.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "util/mem.h"

/* Of a device that we did not make. */
static char *record_of(const struct vnm_op_bridge_port *want)
{
	return vnm_asprintf("%s.port", want->dev);
}

/* What we made or enslaved is recognised by its index, whatever its name is now. */
static int read_dev(struct vnm_sys *sys, const struct vnm_op_bridge_port *want,
		    struct vnm_link *ret)
{
	vnm_autofree char *file = record_of(want);
	int r = vnm_guest_record_find(sys, want->dev, NULL, ret);

	if (r == 0)
		r = vnm_link_record_find(sys, file, sys, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	return vnm_link_read(sys, want->dev, ret);
}

/* Return: 0; -ENODEV when either is absent; -errno. */
static int read_both(struct vnm_sys *sys, const struct vnm_op_bridge_port *want,
		     struct vnm_link *dev, struct vnm_link *bridge)
{
	int r = read_dev(sys, want, dev);

	return r < 0 ? r : vnm_bridge_record_read(sys, want->bridge, bridge);
}

/* Did we make it? By its group, or, if somebody has changed that, by its index. */
static bool is_ours(struct vnm_sys *sys, const struct vnm_op_bridge_port *want,
		    const struct vnm_link *dev)
{
	struct vnm_link recorded;

	return vnm_link_in_our_group(dev) ||
	       vnm_guest_record_find(sys, want->dev, NULL, &recorded) > 0;
}

/* A device of the host is not renamed back. */
static int refuse_renamed(const struct vnm_op_bridge_port *want, const struct vnm_link *dev,
			  struct vnm_error *err)
{
	if (!strcmp(dev->fact.name, want->dev))
		return 0;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' is called '%s' now; give it its name back, or detach it",
			     want->dev, dev->fact.name);
}

/* What is not there yet is made by an earlier operation. */
static int check_device(struct vnm_sys *sys, const struct vnm_op_bridge_port *want,
			struct vnm_error *err)
{
	struct vnm_link dev = { 0 }, bridge = { 0 };
	int r = read_dev(sys, want, &dev);

	if (r == -ENODEV)
		return 0;
	if (r == 0)
		r = vnm_bridge_record_read(sys, want->bridge, &bridge);
	if (r == -ENODEV && sys->assumes)
		r = 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot add '%s' to bridge '%s'", want->dev,
				   want->bridge);
	if (!is_ours(sys, want, &dev) && refuse_renamed(want, &dev, err) < 0)
		return -EEXIST;
	if (dev.fact.master && dev.fact.master != bridge.fact.index)
		return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
				     "device '%s' belongs to another bridge or bond already; take "
				     "it out first: ip link set %s nomaster",
				     want->dev, want->dev);
	if (!strcmp(dev.fact.kind, "bridge") || dev.loopback)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EINVAL,
				     "device '%s' cannot be put on a bridge", want->dev);
	return 0;
}

static int bridge_port_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_bridge_port *want = &op->bridge_port;
	struct vnm_link bridge;
	int r = check_device(sys, want, err);

	if (r < 0 || !want->vlans || vnm_link_read(sys, want->bridge, &bridge) == -ENODEV)
		return r;
	return vnm_bridge_need_vlans(&bridge, err);
}

static int set_port(struct vnm_sys *sys, const struct vnm_link *dev,
		    const struct vnm_op_bridge_port *want, struct vnm_error *err)
{
	uint64_t on = (want->isolated ? VNM_PORT_SETTING(IFLA_BRPORT_ISOLATED) : 0) |
		      (want->root_block ? VNM_PORT_SETTING(IFLA_BRPORT_PROTECT) : 0) |
		      (want->hairpin ? VNM_PORT_SETTING(IFLA_BRPORT_MODE) : 0);
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_port(sys, dev, on, on, &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the bridge port flags of '%s'",
				   dev->fact.name)
		     : 0;
}

static bool has_settings(const struct vnm_link *dev, const struct vnm_op_bridge_port *want)
{
	return (dev->port.isolated || !want->isolated) &&
	       (dev->port.root_block || !want->root_block) && (dev->port.hairpin || !want->hairpin);
}

static int set_vlans(struct vnm_sys *sys, const struct vnm_link *dev, const struct vnm_link *bridge,
		     const char *vlans, struct vnm_error *err)
{
	int r = vnm_bridge_need_vlans(bridge, err);

	return r < 0 ? r : vnm_port_vlans_set(sys, dev, vlans, err);
}

/* Return: whether it is in its VLANs, and in no others; -errno. */
static int has_vlans(struct vnm_sys *sys, const struct vnm_link *dev, const struct vnm_link *bridge,
		     const char *vlans)
{
	int r;

	if (!vlans)
		return true;
	if (!bridge->vlan_filtering) {
		snprintf(sys->why, sizeof(sys->why), "bridge '%s' does not filter VLANs",
			 bridge->fact.name);
		return false;
	}
	r = vnm_port_vlans_differ(sys, dev, vlans);
	if (r == 1)
		snprintf(sys->why, sizeof(sys->why), "it is in other VLANs");
	return r < 0 ? r : r == 0;
}

/* Return: whether the bridge is told of its guest, if it is to be; -errno. */
static int has_entry(struct vnm_sys *sys, const struct vnm_link *dev, const struct vnm_mac *mac)
{
	int r = mac->set ? vnm_fdb_entry_has(sys, dev, mac) : 1;

	if (r == 0)
		snprintf(sys->why, sizeof(sys->why), "its bridge is not told of it");
	return r;
}

static int set_down(struct vnm_sys *sys, const struct vnm_link *dev, struct vnm_error *err)
{
	int r = dev->fact.up ? vnm_link_set_flags(sys, dev, 0, IFF_UP, err) : 0;

	return r == -ENODEV ? 0 : r;
}

/* Up comes last: until it is a port, the host would receive its packets. */
static int bridge_port_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autofree char *file = record_of(&op->bridge_port);
	struct vnm_link dev, bridge;
	int r = vnm_link_need(sys, op->bridge_port.dev, &dev, err);

	if (r == 0)
		r = vnm_link_need(sys, op->bridge_port.bridge, &bridge, err);
	if (r == 0 && !is_ours(sys, &op->bridge_port, &dev))
		r = vnm_link_record_write(sys, file, &dev, err);
	if (r == 0 && op->bridge_port.keep_mtu)
		r = vnm_bridge_pin_mtu(sys, &bridge, op->bridge_port.keep_mtu, err);
	if (r == 0)
		r = vnm_link_set_master(sys, &dev, bridge.fact.index, err);
	if (r == 0)
		r = set_port(sys, &dev, &op->bridge_port, err);
	if (r == 0 && op->bridge_port.vlans)
		r = set_vlans(sys, &dev, &bridge, op->bridge_port.vlans, err);
	if (r == 0 && op->bridge_port.mac.set)
		r = vnm_fdb_entry_set(sys, &dev, &op->bridge_port.mac, err);
	return r == 0 ? vnm_link_set_flags(sys, &dev, IFF_UP, IFF_UP, err) : r;
}

static int has_all(struct vnm_sys *sys, const struct vnm_link *dev, const struct vnm_link *bridge,
		   const struct vnm_op_bridge_port *want)
{
	int r = has_vlans(sys, dev, bridge, want->vlans);

	return r > 0 ? has_entry(sys, dev, &want->mac) : r;
}

static int bridge_port_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			     struct vnm_error *err)
{
	struct vnm_link dev = { 0 }, bridge = { 0 };
	int r = read_both(sys, &op->bridge_port, &dev, &bridge);

	*ret = VNM_ABSENT;
	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->bridge_port.dev);
	if (strcmp(dev.fact.name, op->bridge_port.dev) != 0)
		snprintf(sys->why, sizeof(sys->why), "it is called '%s' now", dev.fact.name);
	else if (dev.fact.master == bridge.fact.index && dev.fact.up &&
		 has_settings(&dev, &op->bridge_port))
		r = has_all(sys, &dev, &bridge, &op->bridge_port);
	else if (dev.fact.master && dev.fact.master != bridge.fact.index)
		*ret = VNM_FOREIGN;
	if (r > 0)
		*ret = VNM_PRESENT;
	return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->bridge_port.dev)
		     : 0;
}

/* Is it deleted by a later step of this revert? By its index it is known for certain. */
static bool ends(struct vnm_sys *sys, const struct vnm_op_bridge_port *want)
{
	struct vnm_link recorded;

	return sys->ends && vnm_guest_record_find(sys, want->dev, NULL, &recorded) > 0;
}

/*
 * For the same reason it is set down before it is released, unless it was up before. What ends is released by its deletion: that
 * makes the kernel wait until all processors have done with the device, as releasing it does; and what other rules of the guest
 * leave to the kernel goes on meanwhile, for which it would wait when we end.
 */
static int release_port(struct vnm_sys *sys, const struct vnm_op_bridge_port *want,
			const struct vnm_link *dev, struct vnm_error *err)
{
	bool deleted = ends(sys, want);
	int r = want->was_up && !deleted ? 0 : set_down(sys, dev, err);

	return r < 0 || deleted ? r : vnm_link_set_master(sys, dev, 0, err);
}

static int bridge_port_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_autofree char *file = record_of(&op->bridge_port);
	struct vnm_link dev = { 0 }, bridge = { 0 };
	int r = read_both(sys, &op->bridge_port, &dev, &bridge);

	if (r < 0 && r != -ENODEV)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->bridge_port.dev);
	if (r == 0 && dev.fact.master == bridge.fact.index) {
		r = release_port(sys, &op->bridge_port, &dev, err);
		if (r < 0)
			return r;
	}
	return vnm_link_record_drop(sys, file, err);
}

/* A VLAN device, for one, receives its packets before the bridge does. */
static int has_upper_device(struct vnm_sys *sys, const struct vnm_link *dev, bool *ret,
			    struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	int r = vnm_links_read(sys, &links, err);

	*ret = false;
	for (size_t i = 0; i < links.n && !*ret; i++)
		*ret = links.items[i].other == dev->fact.index && !links.items[i].elsewhere &&
		       strcmp(links.items[i].fact.kind, "veth") != 0;
	return r;
}

/**
 * vnm_bridge_port_quiet() - set a guest's device down before its network stops
 * @sys: the handles
 * @op:  the guest's bridge port
 * @err: set on failure
 *
 * Up, and off the bridge, it would make the host answer the guest's packets and accept its router advertisements. A device
 * of the host with others stacked on it is left as it is.
 *
 * Return: 0 or -errno.
 */
int vnm_bridge_port_quiet(struct vnm_sys *sys, const struct vnm_op_bridge_port *op,
			  struct vnm_error *err)
{
	struct vnm_link dev;
	bool has_upper = false;
	int r = read_dev(sys, op, &dev);

	if (r == -ENODEV || r == -EINVAL)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->dev);
	if (!is_ours(sys, op, &dev))
		r = has_upper_device(sys, &dev, &has_upper, err);
	return r < 0 || has_upper ? r : set_down(sys, &dev, err);
}

const struct vnm_op_impl vnm_impl_bridge_port = {
	.prepare = bridge_port_prepare,
	.apply = bridge_port_apply,
	.check = bridge_port_check,
	.revert = bridge_port_revert,
};
