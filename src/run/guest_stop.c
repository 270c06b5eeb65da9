/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_stop.c - guests when their network stops or changes: their devices stay, some of what is on them is reverted. */
#include "run/guest_stop.h"

#include <errno.h>
#include <stdlib.h>

#include "plan/op/diff.h"
#include "run/exec.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/address.h"
#include "sys/link/bridge_port.h"
#include "sys/link/route.h"
#include "sys/link/seen.h"
#include "sys/ops.h"
#include "util/mem.h"
#include "xml/attach_xml.h"

/*
 * Without its network's rules the device must not carry packets; it stays, but is set down. A lease is worthless
 * without its DHCP server, and the network's limits are for traffic through its bridge. What is up inside a
 * guest's namespace is the guest's.
 */
static bool goes_with_network(const struct vnm_plan *plan, const struct vnm_op *op)
{
	bool tun = plan->n > 0 && plan->ops[0].type == VNM_OP_TAP && plan->ops[0].tap.tun;

	if (tun)
		return op->type != VNM_OP_TAP;
	return vnm_op_has(op, VNM_OPF_GONE_WITH_NETWORK);
}

/* Before the bridge is gone, even one that is not ours. */
static int quieten(struct vnm_driver *drv, const struct vnm_plan *plan, struct vnm_error *err)
{
	int r = 0;

	for (size_t i = 0; i < plan->n && r == 0; i++)
		if (plan->ops[i].type == VNM_OP_BRIDGE_PORT)
			r = vnm_bridge_port_quiet(&drv->sys, &plan->ops[i].bridge_port, err);
	return r;
}

static int unplug(struct vnm_driver *drv, int made, const char *dev, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal journal = { 0 };
	struct vnm_plan going = { 0 };
	struct vnm_warnings warnings = { 0 };
	int r = vnm_journal_read(made, dev, true, &journal, err);

	if (r == -EINVAL) { /* malformed, so trying again is useless */
		vnm_driver_report(drv, VNM_REPORT_WARNING, "%s", err->msg);
		return 0;
	}
	if (r == 0)
		r = quieten(drv, &journal.plan, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < journal.plan.n; i++)
		if (goes_with_network(&journal.plan, &journal.plan.ops[i]))
			*vnm_plan_add(&going, journal.plan.ops[i].type) = journal.plan.ops[i];
	drv->sys.warnings = &warnings;
	r = vnm_exec_revert_plan(&drv->sys, dev, &going, err);
	drv->sys.warnings = NULL;
	vnm_driver_warn(drv, &warnings);
	free(going.ops);
	return r;
}

/**
 * vnm_driver_unplug_attachments() - revert the part of attachments that goes with the network, by their journals
 * @drv:  the driver
 * @name: the network; its rules must stay where this fails
 * @err:  the first failure
 *
 * Return: 0 or -errno.
 */
int vnm_driver_unplug_attachments(struct vnm_driver *drv, const char *name, struct vnm_error *err)
{
	vnm_autoclose int made = vnm_attach_made(drv, name, false, err);
	const struct vnm_store store = { made, name, VNM_VOLATILE };
	char **devs;
	size_t n;
	int r = made < 0 ? made : vnm_store_names(&store, ".journal", &devs, &n, err);

	if (r < 0)
		return made == -ENOENT ? 0 : r;
	for (size_t i = 0; i < n && r == 0; i++)
		r = unplug(drv, made, devs[i], err);
	vnm_names_free(devs, n);
	return r;
}

/**
 * vnm_attach_drop_limits() - revert limits that a guest has no more: its portgroup may have lost them since
 * @drv:  the driver
 * @made: the directory of the network's attachments' journals
 * @dev:  the guest's device
 * @plan: the new plan
 * @err:  set on failure
 *
 * Return: how many, or -errno.
 */
int vnm_attach_drop_limits(struct vnm_driver *drv, int made, const char *dev,
			   const struct vnm_plan *plan, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal before = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };
	struct vnm_plan going = { 0 };
	int r = vnm_attach_made_before(made, dev, &before, err), n;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	vnm_diff_plans(&before.plan, plan, &diff);
	for (size_t i = 0; i < diff.n; i++) {
		const struct vnm_step *step = &diff.steps[i];

		if (step->how == VNM_STEP_REMOVE && step->old->type == VNM_OP_BANDWIDTH)
			*vnm_plan_add(&going, VNM_OP_BANDWIDTH) = *step->old;
	}
	n = (int)going.n;
	r = vnm_exec_revert_plan(&drv->sys, dev, &going, err);
	free(going.ops);
	return r < 0 ? r : n;
}

/* What is in its namespace, and no longer in the plan; the host's side is handled by vnm_exec_change(). */
static bool is_superseded(const struct vnm_step *step)
{
	const struct vnm_op *old = step->old;

	if (step->how != VNM_STEP_REMOVE && step->how != VNM_STEP_CHANGE)
		return false;
	return (vnm_op_has(old, VNM_OPF_GONE_WITH_ADDRESS) && vnm_op_netns(old)) ||
	       old->type == VNM_OP_RESOLV;
}

static int drop_one(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	vnm_devices_forget(sys);
	if (op->type == VNM_OP_ADDRESS)
		return vnm_address_drop(sys, &op->address, err);
	if (op->type == VNM_OP_ROUTE)
		return vnm_route_drop(sys, &op->route, err);
	return vnm_op_impls[op->type]->revert(sys, op, err);
}

/* A DHCP client keeps its lease until half of it has passed. */
static int end_lease(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, const struct vnm_plan *made,
		     struct vnm_error *err)
{
	struct vnm_prefix leased = { 0 };
	int r = 0;

	vnm_driver_leased(drv, attach, &leased);
	if (!leased.addr.family || !vnm_attach_outside(net, &leased.addr))
		return 0;
	for (size_t i = 0; i < made->n && r == 0; i++)
		if (made->ops[i].type == VNM_OP_DHCP)
			r = vnm_impl_dhcp.revert(&drv->sys, &made->ops[i], err);
	return r;
}

/**
 * vnm_attach_drop_addresses() - remove addresses and routes of a guest that are not in its plan any more
 * @drv:    the driver
 * @net:    the network
 * @attach: the guest
 * @made:   the directory of the network's attachments' journals
 * @plan:   the new plan
 * @err:    set on failure
 *
 * Return: how many, or -errno.
 */
int vnm_attach_drop_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			      const struct vnm_attachment *attach, int made,
			      const struct vnm_plan *plan, struct vnm_error *err)
{
	vnm_autojournal struct vnm_journal before = { 0 };
	vnm_autodiff struct vnm_diff diff = { 0 };
	int r = attach->netns ? vnm_attach_made_before(made, attach->dev, &before, err) : -ENOENT;
	int n = 0;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	vnm_diff_plans(&before.plan, plan, &diff);
	for (size_t i = 0; i < diff.n && r == 0; i++)
		if (is_superseded(&diff.steps[i])) {
			r = drop_one(&drv->sys, diff.steps[i].old, err);
			n++;
		}
	if (r == 0)
		r = end_lease(drv, net, attach, &before.plan, err);
	return r < 0 ? r : n;
}

/** vnm_driver_warn_attachments() - report that guests' devices stay although their network stops. */
void vnm_driver_warn_attachments(struct vnm_driver *drv, const char *name)
{
	struct vnm_attachments all vnm_autoattachments = { 0 };

	vnm_attachments_load(drv, name, &all);
	if (all.n_items > 0)
		vnm_driver_report(
			drv, VNM_REPORT_WARNING,
			"network '%s' is stopped with %zu guest%s attached; their devices stay, "
			"down, and are reattached when it starts",
			name, all.n_items, all.n_items == 1 ? "" : "s");
}
