/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtual_function.c - MAC address and VLAN of a virtual function that a guest has.
 *
 * The device of the host is told of them; the function cannot change them, and where it has a VLAN, knows nothing of it. What they
 * were before is in the operation. Whoever runs the guest may set them, too, as libvirt does: to the same values.
 */
#include "sys/op_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sys/link/link.h"
#include "sys/link/vf_settings.h"

static struct vnm_vf_settings wanted(const struct vnm_op_virtual_function *op)
{
	return (struct vnm_vf_settings){ op->mac, op->vlan };
}

static struct vnm_vf_settings before(const struct vnm_op_virtual_function *op)
{
	return (struct vnm_vf_settings){ op->old_mac, op->old_vlan };
}

static bool same(const struct vnm_vf_settings *a, const struct vnm_vf_settings *b)
{
	return vnm_mac_equal(&a->mac, &b->mac) && a->vlan == b->vlan;
}

/* Return: 1; 0: the function is not there; -errno. */
static int find(struct vnm_sys *sys, const struct vnm_op_virtual_function *op,
		struct vnm_link *ret_pf, struct vnm_vf_settings *ret, struct vnm_error *err)
{
	int r = vnm_link_find(sys, op->dev, ret_pf, err);

	if (r <= 0)
		return r;
	r = vnm_vf_settings_read(sys, ret_pf, op->number.v, ret);
	if (r == -ENODEV)
		return 0;
	return r < 0 ? vnm_nl_fail(err, r, NULL,
				   "cannot read what device '%s' has for virtual function %u",
				   op->dev, op->number.v)
		     : 1;
}

static int need(struct vnm_sys *sys, const struct vnm_op_virtual_function *op,
		struct vnm_link *ret_pf, struct vnm_vf_settings *ret, struct vnm_error *err)
{
	int r = find(sys, op, ret_pf, ret, err);

	return r != 0 ? r
		      : vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				      "device '%s' has no virtual function %u (%s); switch it on: "
				      "/sys/class/net/%s/device/sriov_numvfs",
				      op->dev, op->number.v, op->address, op->dev);
}

/* Both or none. */
static int set(struct vnm_sys *sys, const struct vnm_op_virtual_function *op,
	       const struct vnm_link *pf, const struct vnm_vf_settings *from,
	       const struct vnm_vf_settings *to, struct vnm_error *err)
{
	vnm_autonl struct vnm_nl_req req = { 0 }, back = { 0 };
	int r = vnm_vf_settings_set(sys, pf, op->number.v, to, &req);

	if (r == 0)
		return 0;
	(void)vnm_vf_settings_set(sys, pf, op->number.v, from, &back);
	return vnm_nl_fail(err, r, &req,
			   "cannot set MAC address and VLAN of virtual function %u of '%s' (%s)",
			   op->number.v, op->dev, op->address);
}

static int virtual_function_prepare(struct vnm_sys *sys, const struct vnm_op *op,
				    struct vnm_error *err)
{
	struct vnm_vf_settings now;
	struct vnm_link pf;
	int r = need(sys, &op->virtual_function, &pf, &now, err);

	return r < 0 ? r : 0;
}

static int virtual_function_apply(struct vnm_sys *sys, const struct vnm_op *op,
				  struct vnm_error *err)
{
	const struct vnm_op_virtual_function *vf = &op->virtual_function;
	struct vnm_vf_settings now, to = wanted(vf);
	struct vnm_link pf;
	int r = need(sys, vf, &pf, &now, err);

	if (r < 0)
		return r;
	return same(&now, &to) ? 0 : set(sys, vf, &pf, &now, &to, err);
}

static int virtual_function_check(struct vnm_sys *sys, const struct vnm_op *op,
				  enum vnm_presence *ret, struct vnm_error *err)
{
	const struct vnm_op_virtual_function *vf = &op->virtual_function;
	struct vnm_vf_settings now, to = wanted(vf);
	struct vnm_link pf;
	int r = find(sys, vf, &pf, &now, err);

	*ret = VNM_ABSENT;
	if (r <= 0)
		return r;
	if (same(&now, &to))
		*ret = VNM_PRESENT;
	else
		snprintf(sys->why, sizeof(sys->why), "it has another %s",
			 now.vlan == to.vlan ? "MAC address" : "VLAN");
	return 0;
}

/*
 * What others have set meanwhile stays. Some drivers take no MAC address away; then the function keeps it until the next guest has it.
 */
static int virtual_function_revert(struct vnm_sys *sys, const struct vnm_op *op,
				   struct vnm_error *err)
{
	const struct vnm_op_virtual_function *vf = &op->virtual_function;
	struct vnm_vf_settings now, to = wanted(vf), old = before(vf);
	vnm_autonl struct vnm_nl_req req = { 0 };
	struct vnm_link pf;
	int r = find(sys, vf, &pf, &now, err);

	if (r <= 0 || !same(&now, &to) || same(&now, &old))
		return r < 0 ? r : 0;
	r = vnm_vf_settings_set(sys, &pf, vf->number.v, &old, &req);
	if (r == -EINVAL) {
		old.mac = to.mac;
		return set(sys, vf, &pf, &now, &old, err);
	}
	return r < 0 ? vnm_nl_fail(err, r, &req,
				   "cannot give virtual function %u of '%s' back what it had",
				   vf->number.v, vf->dev)
		     : 0;
}

static int virtual_function_change(struct vnm_sys *sys, const struct vnm_op *old,
				   const struct vnm_op *new, struct vnm_error *err)
{
	(void)old;
	return virtual_function_apply(sys, new, err);
}

const struct vnm_op_impl vnm_impl_virtual_function = {
	.prepare = virtual_function_prepare,
	.apply = virtual_function_apply,
	.check = virtual_function_check,
	.revert = virtual_function_revert,
	.change = virtual_function_change,
};
