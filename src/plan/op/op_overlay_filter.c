/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_overlay_filter.c - what does not go from host to host, and who may send to a VXLAN device; see sys/firewall/overlay_rules.c. */
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static const char *or_nobody(const char *list)
{
	return *list ? list : "nobody";
}

/* The rules are too many, and are those of the kernel's own language; "nft list ruleset" has them. */
static void print_filter(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_overlay_filter *filter = &op->overlay_filter;
	const char *family = filter->family == AF_INET6 ? "ip6" : "ip",
		   *how = revert ? "delete" : "add";
	char mac[VNM_MAC_STRLEN], own[VNM_MAC_STRLEN];

	vnm_buf_printf(out, "nft %s table netdev " VNM_OVERLAY_TABLE "\n", how, filter->dev);
	if (!revert)
		vnm_buf_printf(out,
			       "# nft: %sthe gateway %s and BPDUs stay on this host; %s is %s "
			       "elsewhere\n",
			       filter->served ? "DHCP, router advertisements, " : "",
			       or_nobody(filter->gateways), vnm_mac_format(&filter->mac, mac),
			       vnm_mac_format(&filter->own, own));
	vnm_buf_printf(out, "nft %s table %s " VNM_OVERLAY_TABLE "\n", how, family, filter->dev);
	if (!revert)
		vnm_buf_printf(out,
			       "# nft: of VNI %u on UDP port %u%s%s, only from %s; nothing from "
			       "guests\n",
			       filter->vni, filter->port, filter->bgp ? ", BGP" : "",
			       filter->bfd ? ", BFD" : "", or_nobody(filter->peers));
}

const struct vnm_op_kind vnm_op_kind_overlay_filter = {
	.name = "overlay-filter",
	.fields = {
		REQ("dev", STRING, overlay_filter.dev),
		REQ("family", FAMILY, overlay_filter.family),
		REQ("vni", U32, overlay_filter.vni),
		REQ("port", U16, overlay_filter.port),
		REQ("peers", STRING, overlay_filter.peers),
		REQ("mac", MAC, overlay_filter.mac),
		REQ("own", MAC, overlay_filter.own),
		REQ("gateways", STRING, overlay_filter.gateways),
		OPT("served", BOOL, overlay_filter.served),
		OPT("bgp", BOOL, overlay_filter.bgp),
		OPT("bfd", BOOL, overlay_filter.bfd),
	},
	.describe = { "filter of {dev}" },
	.apply = { .print = print_filter },
	.revert = { .print = print_filter },
	.flags = VNM_OPF_SINGLE,
};
