/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_vlan.c - guests' ports get the VLANs of their network and portgroup, while connected.
 *
 * Which ones a port has is in the journal of its attachment. When those of the network or of the portgroup change (a live change,
 * or its roll-back), the journal is rewritten, and then the port is changed in place: its guest stays connected. Both can be repeated,
 * so an interrupted change is rolled back like any.
 */
#include "run/guest_vlan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan_attach.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/port_vlans.h"
#include "sys/netlink/netlink.h"
#include "util/mem.h"

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Without any of its own, the port gets what it had when it was put on the bridge. What is missing is left to a repair. */
static int change_port(struct vnm_driver *drv, const struct vnm_op_bridge_port *port,
		       struct vnm_error *err)
{
	struct vnm_link dev, bridge;
	int r = vnm_link_read(&drv->sys, port->dev, &dev);

	if (r == 0)
		r = vnm_link_read(&drv->sys, port->bridge, &bridge);
	if (r == -ENODEV)
		return 0;
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", port->dev);
	if (dev.fact.master != bridge.fact.index)
		return 0;
	if (!port->vlans)
		return vnm_port_vlans_reset(&drv->sys, &dev, &bridge, err);
	r = vnm_bridge_need_vlans(&bridge, err);
	return r < 0 ? r : vnm_port_vlans_set(&drv->sys, &dev, port->vlans, err);
}

static struct vnm_op_bridge_port *port_of(struct vnm_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_BRIDGE_PORT)
			return &plan->ops[i].bridge_port;
	return NULL;
}

/**
 * vnm_guest_change_vlans() - give a guest's port the VLANs that it has by a definition
 * @drv:    the driver
 * @net:    the definition
 * @made:   descriptor of the directory of the network's attachments
 * @attach: the guest
 * @plan:   that of its journal; changed
 * @err:    set on failure; the opposite change reverts what was done
 *
 * Return: 0 or -errno.
 */
int vnm_guest_change_vlans(struct vnm_driver *drv, const struct vnm_network *net, int made,
			   const struct vnm_attachment *attach, struct vnm_plan *plan,
			   struct vnm_error *err)
{
	vnm_autofree char *wanted = vnm_plan_port_vlans(net, attach);
	struct vnm_op_bridge_port *port = port_of(plan);
	int r = port ? vnm_attach_check_vlan(attach, net, err) : 0;

	if (r < 0 || !port || (!port->vlans && !wanted))
		return r;
	if (!same(port->vlans, wanted)) {
		free(port->vlans);
		port->vlans = vnm_steal(&wanted);
		r = vnm_journal_replace(made, attach->dev, plan, err);
	}
	return r < 0 ? r : change_port(drv, port, err);
}
