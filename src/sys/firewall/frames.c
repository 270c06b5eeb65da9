/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frames.c - a bridge, or an uplink, in the table of frames: which guests' frames it drops; see frames_table.c. */
#include "sys/firewall/frames.h"

#include <errno.h>
#include <string.h>

#include "sys/firewall/frames_apply.h"
#include "sys/firewall/frames_write.h"
#include "sys/link/link.h"
#include "util/mem.h"

#define KERNEL_NEEDS "nf_tables for bridges (CONFIG_NF_TABLES_BRIDGE)"

static void frames_elements(const struct vnm_op *op, bool by_name, struct vnm_frames_elements *ret)
{
	const struct vnm_op_frames *frames = &op->frames;

	if (frames->uplink) {
		vnm_frames_elements_add_name(ret, VNM_SET_UPLINKS, frames->uplink);
		vnm_frames_elements_add_pair(ret, VNM_SET_ROOTS, frames->uplink, &frames->mac);
		return;
	}
	vnm_frames_elements_add(ret, VNM_SET_BRIDGES, frames->mac.b, sizeof(frames->mac.b));
	if (frames->served && by_name)
		vnm_frames_elements_add_name(ret, VNM_SET_SERVED, frames->bridge);
	else if (frames->served)
		vnm_frames_elements_add(ret, VNM_SET_SERVERS, frames->mac.b, sizeof(frames->mac.b));
}

static void warn_lack(struct vnm_sys *sys, const struct vnm_op *op, int r)
{
	vnm_autofree char *what = NULL;

	if (op->frames.uplink)
		what = vnm_asprintf("BPDUs of guests on '%s' can reach the switches behind '%s'",
				    op->frames.bridge, op->frames.uplink);
	else
		what = vnm_asprintf("a guest on '%s' can pass for the others' router or DHCP "
				    "server",
				    op->frames.bridge);
	vnm_warnings_add(sys->warnings,
			 "%s: the kernel has no " KERNEL_NEEDS ", or forbids its use (%s)", what,
			 strerror(-r));
}

/* Learnt ports of a bridge that is served no more: they may join another bridge. */
static int add_learnt_ports(struct vnm_sys *sys, const char *bridge, const struct vnm_frames *is,
			    struct vnm_nl_batch *batch, struct vnm_error *err)
{
	vnm_autolinks struct vnm_links links = { 0 };
	const struct vnm_link *master;
	int r = is->learnt.n > 0 ? vnm_links_read(sys, &links, err) : 0;

	master = r == 0 ? vnm_links_find(&links, bridge) : NULL;
	for (size_t i = 0; master && i < links.n; i++) {
		struct vnm_frames_element port = { .set = VNM_SET_PORTS };

		memcpy(port.key, &links.items[i].fact.index, sizeof(links.items[i].fact.index));
		if (links.items[i].fact.master == master->fact.index &&
		    vnm_frames_elements_have(&is->learnt, &port))
			vnm_frames_add_element(batch, &port, false);
	}
	return r;
}

static int frames_add_learnt(struct vnm_sys *sys, const struct vnm_op *op,
			     const struct vnm_op *keep, const struct vnm_frames *is,
			     struct vnm_nl_batch *batch, struct vnm_error *err)
{
	if (!op->frames.served || (keep && keep->frames.served))
		return 0;
	return add_learnt_ports(sys, op->frames.bridge, is, batch, err);
}

static const char *frames_name(const struct vnm_op *op)
{
	return op->frames.bridge;
}

static const struct vnm_frames_kind kind = {
	.elements = frames_elements,
	.name = frames_name,
	.warn_lack = warn_lack,
	.add_learnt = frames_add_learnt,
};

static int frames_apply(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			struct vnm_error *err)
{
	return vnm_frames_apply(sys, &(struct vnm_frames_group){ &kind, ops, n }, err);
}

static int frames_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
			struct vnm_error *err)
{
	return vnm_frames_check(sys, &kind, op, ret, err);
}

static int frames_revert(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n,
			 struct vnm_error *err)
{
	return vnm_frames_remove(sys, &(struct vnm_frames_group){ &kind, ops, n }, NULL, err);
}

static int frames_change(struct vnm_sys *sys, const struct vnm_op *old, const struct vnm_op *new,
			 struct vnm_error *err)
{
	int r = frames_apply(sys, &new, 1, err);

	return r < 0 ? r
		     : vnm_frames_remove(sys, &(struct vnm_frames_group){ &kind, &old, 1 }, new,
					 err);
}

/** vnm_frames_there() - does the table exist, so that a port can be subject to its rules? Return: 1, 0 or -errno. */
int vnm_frames_there(struct vnm_sys *sys, struct vnm_error *err)
{
	const struct vnm_frames *is = NULL;
	int r = vnm_frames_read(sys, &is);

	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r,
				     "cannot read the frame filter (nf_tables): %s", strerror(-r));
	return is->there;
}

const struct vnm_op_impl vnm_impl_frames = {
	.apply_many = frames_apply,
	.check = frames_check,
	.revert_many = frames_revert,
	.change = frames_change,
};
