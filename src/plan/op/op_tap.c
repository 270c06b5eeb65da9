/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_tap.c - a persistent tap or tun device for a guest. */
#include <inttypes.h>

#include "plan/op/op_kind.h"

static void print_tap(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_tap *tap = &op->tap;
	char mac[VNM_MAC_STRLEN];

	(void)revert;
	vnm_buf_printf(out, "ip tuntap add dev %s mode %s", tap->name, tap->tun ? "tun" : "tap");
	if (tap->uid.set)
		vnm_buf_printf(out, " user %" PRIu32, tap->uid.v);
	if (tap->gid.set)
		vnm_buf_printf(out, " group %" PRIu32, tap->gid.v);
	vnm_buf_printf(out, "%s%s\n", tap->multi_queue ? " multi_queue" : "",
		       tap->vnet_hdr ? " vnet_hdr" : "");
	if (tap->group)
		vnm_buf_printf(out, "ip link set dev %s group 0x%" PRIx32 "\n", tap->name,
			       tap->group);
	if (tap->mac.set && !tap->tun)
		vnm_buf_printf(out, "ip link set dev %s address %s\n", tap->name,
			       vnm_mac_format(&tap->mac, mac));
	if (tap->mtu)
		vnm_buf_printf(out, "ip link set dev %s mtu %" PRIu32 "\n", tap->name, tap->mtu);
}

const struct vnm_op_kind vnm_op_kind_tap = {
	.name = "tap",
	.fields = {
		REQ("name", STRING, tap.name),
		OPT("mac", MAC, tap.mac),
		OPT("uid", UINT, tap.uid),
		OPT("gid", UINT, tap.gid),
		OPT("group", U32, tap.group),
		OPT("mtu", U32, tap.mtu),
		OPT("tun", BOOL, tap.tun),
		OPT("multi-queue", BOOL, tap.multi_queue),
		OPT("vnet-hdr", BOOL, tap.vnet_hdr),
	},
	.describe = { "{tun?tun:tap} {name}" },
	.apply = { .print = print_tap },
	.revert = { "ip link del dev {name}\n" },
	.flags = VNM_OPF_GUEST_DEVICE,
	.device = AT(tap.name),
};
