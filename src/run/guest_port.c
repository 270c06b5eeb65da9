/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_port.c - guests' bridge ports follow their network and portgroup, while connected: their VLANs, and whether their bridge is
 * told of them.
 *
 * What a port has is in the journal of its attachment. When it changes (a live change, or its roll-back), the journal gets what is
 * added, then the port is changed in place, and then the journal loses what is gone: its guest stays connected. All can be repeated, so
 * an interrupted change is rolled back like any.
 */
#include "run/guest_port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan_attach.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/fdb_entry.h"
#include "sys/link/link.h"
#include "sys/link/port_vlans.h"
#include "sys/netlink/netlink.h"
#include "sys/ops.h"
#include "util/mem.h"

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/** struct setting - of a port. @vlans: as in struct vnm_op_bridge_port; @mac: of which guest the bridge is told; not set: of none */
struct setting {
	char *vlans;
	struct vnm_mac mac;
};

/* Without any, the port gets what it had when it was put on the bridge. */
static int set_vlans(struct vnm_driver *drv, const struct vnm_link *dev,
		     const struct vnm_link *bridge, const char *vlans, struct vnm_error *err)
{
	int r;

	if (!vlans)
		return vnm_port_vlans_reset(&drv->sys, dev, bridge, err);
	r = vnm_bridge_need_vlans(bridge, err);
	return r < 0 ? r : vnm_port_vlans_set(&drv->sys, dev, vlans, err);
}

static int change_settings(struct vnm_driver *drv, const struct vnm_link *dev,
			   const struct vnm_link *bridge, const struct vnm_op_bridge_port *port,
			   const struct setting *wanted, struct vnm_error *err)
{
	int r = port->vlans ? set_vlans(drv, dev, bridge, wanted->vlans, err) : 0;

	if (r < 0 || !port->mac.set)
		return r;
	return wanted->mac.set ? vnm_fdb_entry_set(&drv->sys, dev, &port->mac, err)
			       : vnm_fdb_entry_drop(&drv->sys, dev, &port->mac, err);
}

/* What is missing is left to a repair. @port: has all that it had and is to have. */
static int change_port(struct vnm_driver *drv, const struct vnm_op_bridge_port *port,
		       const struct setting *wanted, struct vnm_error *err)
{
	struct vnm_link dev, bridge;
	int r = vnm_link_read(&drv->sys, port->dev, &dev);

	if (r == 0)
		r = vnm_link_read(&drv->sys, port->bridge, &bridge);
	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", port->dev);
	return dev.fact.master != bridge.fact.index
		       ? 0
		       : change_settings(drv, &dev, &bridge, port, wanted, err);
}

static struct vnm_op_bridge_port *port_of(struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_BRIDGE_PORT)
			return &plan->ops[i].bridge_port;
	return NULL;
}

/* @gone: what is no longer wanted, too. Return: whether anything differs. */
static bool take_over(struct vnm_op_bridge_port *port, const struct setting *wanted, bool gone)
{
	bool vlans = !same(port->vlans, wanted->vlans) && (wanted->vlans || gone);
	bool mac = port->mac.set != wanted->mac.set && (wanted->mac.set || gone);

	if (vlans) {
		free(port->vlans);
		port->vlans = wanted->vlans ? vnm_strdup(wanted->vlans) : NULL;
	}
	if (mac)
		port->mac = wanted->mac;
	return vlans || mac;
}

static bool same_ovs_vlans(const struct vnm_op_ovs_port *a, const struct vnm_op_ovs_port *b)
{
	return a->tag == b->tag && a->native == b->native && same(a->trunks, b->trunks);
}

/* A port of Open vSwitch: in one transaction of the switch. */
static int change_ovs_port(struct vnm_driver *drv, const struct vnm_network *net, int made,
			   const struct vnm_attachment *attach, struct vnm_plan *plan,
			   struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_impl *impl = vnm_op_impls[VNM_OP_OVS_PORT];
	struct vnm_op_ovs_port wanted = { 0 };
	enum vnm_presence presence;
	int r = 0;

	vnm_plan_ovs_vlans(net, attach, &wanted);
	if (same_ovs_vlans(&op->ovs_port, &wanted)) {
		free(wanted.trunks);
	} else {
		free(op->ovs_port.trunks);
		op->ovs_port.trunks = wanted.trunks;
		op->ovs_port.tag = wanted.tag;
		op->ovs_port.native = wanted.native;
		r = vnm_journal_replace(made, attach->dev, plan, err);
	}
	if (r == 0)
		r = impl->check(&drv->sys, op, &presence, err);
	return r < 0 || presence != VNM_ABSENT ? r : impl->apply(&drv->sys, op, err);
}

/**
 * vnm_guest_change_port() - give a guest's bridge port what it has by a definition
 * @drv:    the driver
 * @net:    the definition
 * @made:   descriptor of the directory of the network's attachments
 * @attach: the guest
 * @plan:   that of its journal; changed
 * @err:    set on failure; the opposite change reverts what was done
 *
 * Return: 0 or -errno.
 */
int vnm_guest_change_port(struct vnm_driver *drv, const struct vnm_network *net, int made,
			  const struct vnm_attachment *attach, struct vnm_plan *plan,
			  struct vnm_error *err)
{
	vnm_autofree char *vlans = vnm_plan_port_vlans(net, attach);
	const struct setting wanted = { vlans, vnm_plan_port_mac(net, attach) };
	struct vnm_op_bridge_port *port = port_of(plan);
	struct vnm_op *ovs = (struct vnm_op *)vnm_plan_find(plan, VNM_OP_OVS_PORT);
	int r = port || ovs ? vnm_attach_check_vlan(attach, net, err) : 0;

	if (r < 0)
		return r;
	if (!port)
		return ovs ? change_ovs_port(drv, net, made, attach, plan, ovs, err) : 0;
	if (take_over(port, &wanted, false))
		r = vnm_journal_replace(made, attach->dev, plan, err);
	if (r == 0)
		r = change_port(drv, port, &wanted, err);
	if (r == 0 && take_over(port, &wanted, true))
		r = vnm_journal_replace(made, attach->dev, plan, err);
	return r;
}
