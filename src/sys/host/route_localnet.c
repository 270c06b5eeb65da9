/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route_localnet.c - a bridge's setting route_localnet: port forwardings of 127/8 pass. */
#include "sys/op_impl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sys/host/proc_sys.h"
#include "util/file.h"
#include "util/mem.h"

static char *route_localnet_path(const struct vnm_op *op)
{
	return vnm_asprintf(VNM_PROC_SYS "net/ipv4/conf/%s/route_localnet", op->route_localnet.dev);
}

static int route_localnet_set(const struct vnm_op *op, const char *value, struct vnm_error *err)
{
	vnm_autofree char *path = route_localnet_path(op);
	int r;

	if (!vnm_ifname_valid(op->route_localnet.dev))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "'%s' is no device name",
				     op->route_localnet.dev);
	r = vnm_proc_write(path, value);
	return r < 0 && !(r == -ENOENT && *value == '0') ? vnm_proc_sys_fail(err, r, "write", path)
							 : 0;
}

static int route_localnet_apply(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	(void)sys;
	return route_localnet_set(op, "1", err);
}

static int route_localnet_check(struct vnm_sys *sys, const struct vnm_op *op,
				enum vnm_presence *ret, struct vnm_error *err)
{
	vnm_autofree char *path = route_localnet_path(op);
	char value[VNM_PROC_SYS_VALUE] = "";
	int r = vnm_proc_read(path, value, sizeof(value));

	(void)sys;
	if (r < 0 && r != -ENOENT)
		return vnm_proc_sys_fail(err, r, "read", path);
	*ret = r == 0 && strcmp(value, "0") != 0 ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* Unlike other settings it can be reverted while the bridge stays: with the last such port forwarding. */
static int route_localnet_revert(struct vnm_sys *sys, const struct vnm_op *op,
				 struct vnm_error *err)
{
	(void)sys;
	return route_localnet_set(op, "0", err);
}

const struct vnm_op_impl vnm_impl_route_localnet = {
	.apply = route_localnet_apply,
	.check = route_localnet_check,
	.revert = route_localnet_revert,
};
