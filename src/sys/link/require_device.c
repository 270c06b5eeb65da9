/* SPDX-License-Identifier: GPL-2.0-or-later */
/* require_device.c - a device of the host that a network uses and does not create. */
#include "sys/op_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sys/link/link.h"
#include "sys/link/port_vlans.h"
#include "sys/ovs/vsctl.h"

static int need_switch(const char *name, struct vnm_error *err)
{
	int r = vnm_vsctl_has_bridge(name, err);

	return r != 0 ? (r < 0 ? r : 0)
		      : vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				      "device '%s' is no switch of Open vSwitch; ovs-vsctl add-br "
				      "%s, or leave <virtualport type='openvswitch'> out",
				      name, name);
}

static int require_device_need(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	const char *name = op->require_device.name;
	bool bridge = op->require_device.bridge || op->require_device.ovs;
	struct vnm_link link;
	int r = vnm_link_read(sys, name, &link);

	if (r == -ENODEV && sys->boots) {
		vnm_warnings_add(sys->warnings,
				 "%s '%s' is not there yet; the network that uses it is degraded "
				 "until it comes",
				 bridge ? "bridge" : "device", name);
		return 0;
	}
	if (r == -ENODEV || r == -EINVAL)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV, "%s '%s' does not exist%s",
				     bridge ? "bridge" : "device", name,
				     bridge ? "; create it first" : "");
	if (r < 0)
		return vnm_nl_fail(err, r, NULL, "cannot inspect device '%s'", name);
	if (op->require_device.ovs)
		return need_switch(name, err);
	if (bridge && strcmp(link.fact.kind, "bridge") != 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV, "device '%s' is not a bridge",
				     name);
	return op->require_device.vlan_filtering ? vnm_bridge_need_vlans(&link, err) : 0;
}

/* It may not answer; guests' ports stay as they are then. */
static enum vnm_presence check_switch(struct vnm_sys *sys, const char *name)
{
	struct vnm_error err = { 0 };
	int r = vnm_vsctl_has_bridge(name, &err);

	if (r == 1)
		return VNM_PRESENT;
	snprintf(sys->why, sizeof(sys->why), "%.100s",
		 r < 0 ? vnm_vsctl_why(&err) : "it is no switch");
	return VNM_ABSENT;
}

static int require_device_check(struct vnm_sys *sys, const struct vnm_op *op,
				enum vnm_presence *ret, struct vnm_error *err)
{
	struct vnm_link link;
	int r = vnm_link_find(sys, op->require_device.name, &link, err);

	if (r < 0)
		return r;
	if (r == 0)
		*ret = VNM_ABSENT;
	else if (op->require_device.ovs)
		*ret = check_switch(sys, op->require_device.name);
	else if (op->require_device.bridge && strcmp(link.fact.kind, "bridge") != 0)
		*ret = VNM_FOREIGN;
	else if (!op->require_device.vlan_filtering || link.vlan_filtering)
		*ret = VNM_PRESENT;
	else {
		*ret = VNM_ABSENT;
		snprintf(sys->why, sizeof(sys->why), "it does not filter VLANs");
	}
	return 0;
}

/* A foreign device stays as it is. */
static int require_device_revert(struct vnm_sys *sys, const struct vnm_op *op,
				 struct vnm_error *err)
{
	(void)sys, (void)op, (void)err;
	return 0;
}

const struct vnm_op_impl vnm_impl_require_device = {
	.prepare = require_device_need,
	.apply = require_device_need,
	.check = require_device_check,
	.revert = require_device_revert,
};
