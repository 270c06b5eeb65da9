/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay_port.c - a VXLAN device on the bridge of its network, and up.
 *
 * The last step of a start and the first one of a stop: other hosts reach the guests only while all that restrains them is there.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <string.h>

#include "sys/link/bridge_record.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/link_set.h"

#include <linux/if_link.h>
#include <net/if.h>

#define FLAGS                                                                             \
	(VNM_PORT_SETTING(IFLA_BRPORT_ISOLATED) | VNM_PORT_SETTING(IFLA_BRPORT_PROTECT) | \
	 VNM_PORT_SETTING(IFLA_BRPORT_LEARNING) | VNM_PORT_SETTING(IFLA_BRPORT_NEIGH_SUPPRESS))

/* Both by their records, whatever their names are now. Return: 0; -ENODEV when either is absent; -errno. */
static int read_both(struct vnm_sys *sys, const struct vnm_op_overlay_port *want,
		     struct vnm_link *dev, struct vnm_link *bridge)
{
	int r = vnm_guest_record_read(sys, want->dev, dev);

	return r < 0 ? r : vnm_bridge_record_read(sys, want->bridge, bridge);
}

/* Its spanning tree, if it has one, has no root elsewhere. */
static uint64_t flags_of(const struct vnm_op_overlay_port *want)
{
	return VNM_PORT_SETTING(IFLA_BRPORT_PROTECT) |
	       VNM_PORT_SETTING(want->told ? IFLA_BRPORT_NEIGH_SUPPRESS : IFLA_BRPORT_LEARNING) |
	       (want->isolated ? VNM_PORT_SETTING(IFLA_BRPORT_ISOLATED) : 0);
}

static int set_flags(struct vnm_sys *sys, const struct vnm_link *dev,
		     const struct vnm_op_overlay_port *want, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 };
	int r = vnm_link_set_port(sys, dev, FLAGS, flags_of(want), &req);

	return r < 0 ? vnm_nl_fail(err, r, &req, "cannot set the bridge port flags of '%s'",
				   want->dev)
		     : 0;
}

static int overlay_port_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_overlay_port *want = &op->overlay_port;
	struct vnm_link dev, bridge;
	int r = vnm_link_need(sys, want->dev, &dev, err);

	if (r == 0)
		r = vnm_link_need(sys, want->bridge, &bridge, err);
	if (r == 0)
		r = vnm_link_set_master(sys, &dev, bridge.fact.index, err);
	if (r == 0)
		r = set_flags(sys, &dev, want, err);
	return r == 0 ? vnm_link_set_flags(sys, &dev, IFF_UP, IFF_UP, err) : r;
}

static int overlay_port_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			      struct vnm_error *err)
{
	const struct vnm_op_overlay_port *want = &op->overlay_port;
	struct vnm_link dev, bridge;
	int r = read_both(sys, want, &dev, &bridge);

	*ret = VNM_ABSENT;
	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->dev);
	if (dev.fact.master == bridge.fact.index && dev.fact.up &&
	    (dev.port.set & FLAGS) == flags_of(want))
		*ret = VNM_PRESENT;
	else if (dev.fact.master && dev.fact.master != bridge.fact.index)
		*ret = VNM_FOREIGN;
	return 0;
}

/* Return: 1 when the device is a port of the bridge; 0: it is not, or either is absent; -errno. */
static int find_port(struct vnm_sys *sys, const struct vnm_op_overlay_port *want,
		     struct vnm_link *dev, struct vnm_error *err)
{
	struct vnm_link bridge;
	int r = read_both(sys, want, dev, &bridge);

	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", want->dev);
	return dev->fact.master == bridge.fact.index;
}

static int overlay_port_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link dev;
	int r = find_port(sys, &op->overlay_port, &dev, err);

	if (r <= 0)
		return r;
	r = vnm_link_set_flags(sys, &dev, 0, IFF_UP, err);
	return r < 0 ? r : vnm_link_set_master(sys, &dev, 0, err);
}

static int overlay_port_change(struct vnm_sys *sys, const struct vnm_op *old,
			       const struct vnm_op *new, struct vnm_error *err)
{
	struct vnm_link dev;
	int r = find_port(sys, &old->overlay_port, &dev, err);

	return r <= 0 ? r : set_flags(sys, &dev, &new->overlay_port, err);
}

const struct vnm_op_impl vnm_impl_overlay_port = {
	.apply = overlay_port_apply,
	.check = overlay_port_check,
	.revert = overlay_port_revert,
	.change = overlay_port_change,
};
