// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_mtu.c - guests' devices get the MTU of their network's bridge, while connected.
 *
 * The plan of an attachment, in its journal, has the MTU. When the bridge's changes (a live change, or its roll-back), each
 * journal gets the plan with the other MTU, and the device is set accordingly. Both can be repeated, so an interrupted
 * change is rolled back like any.
 */
#include "run/guest_mtu.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <stdlib.h>

#include "plan/attach_facts.h"
#include "plan/plan_attach.h"
#include "run/guest_state.h"
#include "state/guest_store.h"
#include "state/session.h"
#include "sys/link/guest_record.h"
#include "sys/link/link.h"
#include "sys/link/seen.h"
#include "sys/netlink/netlink.h"
#include "sys/ops.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* ---- checked ---- */

/** vnm_driver_mtu() - of a device on the host; 0: it does not exist */
uint32_t vnm_driver_mtu(struct vnm_driver *drv, const char *dev)
{
	struct vnm_fact_link link;

	return vnm_link_read_fact(&drv->sys, dev, &link) == 0 ? link.mtu : 0;
}

/* Of the device that was made for a guest; 0: the default, or the device is the host's. */
static uint32_t given_mtu(const struct vnm_plan *plan)
{
	const struct vnm_op *tap = vnm_plan_find(plan, VNM_OP_TAP);
	const struct vnm_op *veth = vnm_plan_find(plan, VNM_OP_VETH);

	return tap ? tap->tap.mtu : veth ? veth->veth.mtu : 0;
}

static const struct vnm_op_bridge_port *place_of(const struct vnm_plan *plan)
{
	const struct vnm_op *op = vnm_plan_find(plan, VNM_OP_BRIDGE_PORT);

	return op ? &op->bridge_port : NULL;
}

/**
 * vnm_attach_other_mtu() - does the bridge's MTU differ from that of a guest's device that is whole otherwise?
 * @sys:    the handles
 * @attach: the guest
 * @plan:   its plan
 * @ret:    gets the fault as text; a repair mends it unless the device is the host's
 *
 * A bridge of the host's may have been given another MTU since; and a device of the host's is only warned of when it is
 * attached.
 *
 * Return: whether it does.
 */
bool vnm_attach_other_mtu(struct vnm_sys *sys, const struct vnm_attachment *attach,
			  const struct vnm_plan *plan, struct vnm_buf *ret)
{
	const struct vnm_op_bridge_port *place = place_of(plan);
	bool hosts = attach->kind == VNM_ATTACH_DEV;
	struct vnm_fact_link dev, bridge;

	if (!place || (!hosts && given_mtu(plan) == 0) ||
	    vnm_link_read_fact(sys, place->dev, &dev) < 0 ||
	    vnm_link_read_fact(sys, place->bridge, &bridge) < 0 || dev.mtu == bridge.mtu ||
	    (hosts && dev.mtu > bridge.mtu))
		return false;
	vnm_buf_printf(ret, "an MTU of %" PRIu32 ", and bridge '%s' one of %" PRIu32, dev.mtu,
		       place->bridge, bridge.mtu);
	if (hosts)
		vnm_buf_printf(ret,
			       ": larger packets do not get to it; ip link set %s mtu %" PRIu32,
			       place->dev, bridge.mtu);
	return true;
}

/* ---- changed ---- */

static void set_namespace(const struct vnm_plan *plan, struct vnm_attach_facts *facts)
{
	const struct vnm_op *op = vnm_plan_find(plan, VNM_OP_VETH);

	facts->ino = op ? op->veth.ns.ino : 0;
	facts->cookie = op ? op->veth.ns.cookie : 0;
}

/* The operations for the device and its settings from @now, all others from @before. Borrowed: only the array is @ret's own. */
static void merge(const struct vnm_plan *before, const struct vnm_plan *now, struct vnm_plan *ret)
{
	for (size_t i = 0; i < now->n; i++)
		if (now->ops[i].type <= VNM_OP_SYSCTL)
			*vnm_plan_add(ret, now->ops[i].type) = now->ops[i];
	for (size_t i = 0; i < before->n; i++)
		if (before->ops[i].type > VNM_OP_SYSCTL)
			*vnm_plan_add(ret, before->ops[i].type) = before->ops[i];
}

/* Without a setting, the default of new devices. */
static struct vnm_op with_mtu(const struct vnm_op *op)
{
	struct vnm_op ret = *op;

	if (ret.type == VNM_OP_TAP && ret.tap.mtu == 0)
		ret.tap.mtu = ETH_DATA_LEN;
	if (ret.type == VNM_OP_VETH && ret.veth.mtu == 0)
		ret.veth.mtu = ETH_DATA_LEN;
	return ret;
}

/* A missing device is left to a repair, and what is in its namespace does not depend on the MTU. */
static int change_mtu(struct vnm_driver *drv, const struct vnm_plan *plan, const char *dev,
		      struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_guest_record_find(&drv->sys, dev, NULL, &link);

	if (r <= 0)
		return r < 0 ? vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", dev) : 0;
	vnm_devices_forget(&drv->sys);
	r = 0;
	for (size_t i = 0; i < plan->n && plan->ops[i].type <= VNM_OP_SYSCTL && r == 0; i++) {
		struct vnm_op op = with_mtu(&plan->ops[i]);

		if (op.type != VNM_OP_SYSCTL || !op.sysctl.ns.path)
			r = vnm_op_impls[op.type]->apply(&drv->sys, &op, err);
	}
	return r;
}

/**
 * vnm_guest_change_mtu() - give a guest's device another MTU
 * @drv:    the driver
 * @net:    the definition with it
 * @made:   descriptor of the directory of the network's attachments
 * @attach: the guest
 * @before: its journal
 * @mtu:    that of the bridge, bytes; 0: the default
 * @err:    set on failure; the opposite change reverts what was done
 *
 * Return: 0 or -errno.
 */
int vnm_guest_change_mtu(struct vnm_driver *drv, const struct vnm_network *net, int made,
			 const struct vnm_attachment *attach, const struct vnm_plan *before,
			 uint32_t mtu, struct vnm_error *err)
{
	vnm_autoplan struct vnm_plan now = { 0 };
	struct vnm_facts none = { 0 };
	struct vnm_attach_facts facts = { .mtu = mtu, .host = &none };
	struct vnm_plan plan = { 0 };
	int r;

	if (attach->kind == VNM_ATTACH_DEV)
		return 0;
	set_namespace(before, &facts);
	vnm_plan_attach(net, attach, &facts, &now);
	merge(before, &now, &plan);
	r = vnm_journal_replace(made, attach->dev, &plan, err);
	if (r == 0)
		r = change_mtu(drv, &plan, attach->dev, err);
	free(plan.ops);
	return r;
}
