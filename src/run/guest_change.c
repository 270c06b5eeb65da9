/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_change.c - guests' devices follow a change of their network, while connected: its MTU; what its bridge ports have. */
#include "run/guest_change.h"

#include <errno.h>
#include <unistd.h>

#include "run/guest_mtu.h"
#include "run/guest_state.h"
#include "run/guest_port.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "util/mem.h"
#include "xml/network_xml.h"

static uint32_t bridge_mtu(const struct vnm_plan *plan)
{
	const struct vnm_op *op = vnm_plan_find(plan, VNM_OP_BRIDGE);

	return op ? op->bridge.mtu.v : 0;
}

/* On a bridge of the host what there is may be in a portgroup alone, so the plan does not tell. */
static bool ports_may_differ(const struct vnm_plan *plan)
{
	const struct vnm_op *device = vnm_plan_find(plan, VNM_OP_REQUIRE_DEVICE);
	const struct vnm_op *bridge = vnm_plan_find(plan, VNM_OP_BRIDGE);

	if (bridge)
		return bridge->bridge.filters_vlans;
	return device && (device->require_device.bridge || device->require_device.ovs);
}

static int change_guest(struct vnm_driver *drv, const struct vnm_network *net, int made,
			const struct vnm_attachment *attach, const struct vnm_plan *from,
			const struct vnm_plan *to, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal before = { 0 };
	int r;

	if (vnm_attach_gone(attach))
		return 0;
	r = vnm_attach_made_before(made, attach->dev, &before, err);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (ports_may_differ(from) || ports_may_differ(to))
		r = vnm_guest_change_port(drv, net, made, attach, &before.plan, err);
	if (r == 0 && bridge_mtu(from) != bridge_mtu(to))
		r = vnm_guest_change_mtu(drv, net, made, attach, &before.plan, bridge_mtu(to), err);
	return r;
}

/**
 * vnm_driver_change_guests() - change guests' devices along with their network
 * @drv:  the driver
 * @name: the network
 * @net:  the definition of @to; NULL: the live one
 * @from: the network's plan, any part of which may be applied
 * @to:   the new plan
 * @err:  the first failure; what was done until then stays, and the opposite change reverts it
 *
 * Return: 0 or -errno.
 */
int vnm_driver_change_guests(struct vnm_driver *drv, const char *name,
			     const struct vnm_network *net, const struct vnm_plan *from,
			     const struct vnm_plan *to, struct vnm_error *err)
{
	const struct vnm_attachments *all = vnm_attachments_get(drv, name);
	vnm_autonetwork struct vnm_network live = { 0 };
	vnm_autoclose int made = -1;
	int r;

	if (bridge_mtu(from) == bridge_mtu(to) && !ports_may_differ(from) && !ports_may_differ(to))
		return 0;
	r = vnm_attachments_load_error(drv, name, err);
	if (r < 0)
		return r;
	if (all->n_items == 0)
		return 0;
	if (!net)
		r = vnm_store_load(&drv->live, name, &live, err);
	if (r == 0)
		made = vnm_attach_made(drv, name, false, err);
	if (r < 0 || made < 0)
		return r < 0 ? r : made == -ENOENT ? 0 : made;
	for (size_t i = 0; i < all->n_items && r == 0; i++)
		r = change_guest(drv, net ? net : &live, made, &all->items[i], from, to, err);
	return r;
}
