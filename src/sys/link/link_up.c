/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link_up.c - set a network's bridge, or a guest's device, up. */
#include "sys/op_impl.h"

#include <errno.h>

#include "sys/link/bridge_record.h"
#include "sys/link/link.h"
#include "sys/link/link_ours.h"
#include "sys/link/link_set.h"
#include "sys/netlink/netns_enter.h"

static int link_up_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const struct vnm_op_netns *ns = &op->link_up.ns;
	struct vnm_link link;
	int r = vnm_sys_enter(sys, ns, &sys);

	if (r < 0)
		return vnm_netns_fail(ns, r, err);
	r = vnm_link_need(sys, op->link_up.dev, &link, err);
	return r < 0 ? r : vnm_link_set_flags(sys, &link, IFF_UP, IFF_UP, err);
}

static int link_up_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			 struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_sys_enter(sys, &op->link_up.ns, &sys);

	if (r == 0)
		r = vnm_link_read(sys, op->link_up.dev, &link);
	if (r < 0 && r != -ENODEV && r != -ENOENT)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", op->link_up.dev);
	*ret = r == 0 && link.fact.up ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/*
 * The bridge is deleted later; but the firewall rules are removed before that, and no packet may pass
 * meanwhile. Setting the link down takes the kernel a tenth of a millisecond, deleting it 40.
 */
static int link_up_revert(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	struct vnm_link link = { 0 };
	int r;

	if (op->link_up.ns.path)
		return 0; /* goes with the device */
	r = vnm_bridge_recorded(sys, op->link_up.dev, &link);
	if (r == 0)
		r = vnm_link_find_ours(sys, op->link_up.dev, &link, err);
	if (r <= 0 || !link.fact.up)
		return r < 0 ? r : 0;
	r = vnm_link_set_flags(sys, &link, 0, IFF_UP, err);
	return r == -ENODEV ? 0 : r;
}

const struct vnm_op_impl vnm_impl_link_up = {
	.apply = link_up_apply,
	.check = link_up_check,
	.revert = link_up_revert,
};
