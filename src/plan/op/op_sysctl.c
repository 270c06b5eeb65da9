/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_sysctl.c - a setting below /proc/sys of one of our devices; it disappears with the device. */
#include <string.h>

#include "plan/op/op_kind.h"

static bool same_sysctl(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->sysctl.path, b->sysctl.path);
}

const struct vnm_op_kind vnm_op_kind_sysctl = {
	.name = "sysctl",
	.fields = {
		REQ("path", STRING, sysctl.path),
		REQ("value", STRING, sysctl.value),
		NETNS(sysctl.ns),
	},
	.describe = { "setting {path}={value}" },
	.apply = { "sysctl -w {path}={value}\n" },
	.revert = { "" },
	.same = same_sysctl,
	.flags = VNM_OPF_GONE_WITH_BRIDGE,
	.netns = AT(sysctl.ns),
};
