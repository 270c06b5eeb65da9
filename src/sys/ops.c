/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ops.c - which code stands behind which kind of operation. */
#include "sys/ops.h"

#include <assert.h>

#include "sys/dbus/nameserver.h"
#include "sys/dbus/zone.h"
#include "sys/firewall/frames.h"
#include "sys/firewall/rule.h"
#include "sys/firewall/station.h"
#include "sys/host/accept_ra.h"
#include "sys/host/forwarding.h"
#include "sys/host/resolv.h"
#include "sys/host/route_localnet.h"
#include "sys/host/sysctl.h"
#include "sys/link/address.h"
#include "sys/link/bridge.h"
#include "sys/link/bridge_port.h"
#include "sys/link/link_up.h"
#include "sys/link/macvlan.h"
#include "sys/link/proxy_neighbour.h"
#include "sys/link/require_device.h"
#include "sys/link/route.h"
#include "sys/link/tap.h"
#include "sys/link/veth.h"
#include "sys/netlink/netns.h"
#include "sys/process/dhcp.h"
#include "sys/process/dnsmasq.h"
#include "sys/process/file.h"
#include "sys/traffic/floor.h"
#include "sys/traffic/bandwidth.h"
#include "sys/uplink/uplink.h"
#include "util/mem.h"

const struct vnm_op_impl *const vnm_op_impls[] = {
	[VNM_OP_REQUIRE_DEVICE] = &vnm_impl_require_device,
	[VNM_OP_BRIDGE] = &vnm_impl_bridge,
	[VNM_OP_NETNS] = &vnm_impl_netns,
	[VNM_OP_TAP] = &vnm_impl_tap,
	[VNM_OP_VETH] = &vnm_impl_veth,
	[VNM_OP_MACVLAN] = &vnm_impl_macvlan,
	[VNM_OP_BRIDGE_PORT] = &vnm_impl_bridge_port,
	[VNM_OP_PROXY_NEIGHBOUR] = &vnm_impl_proxy_neighbour,
	[VNM_OP_DHCP] = &vnm_impl_dhcp,
	[VNM_OP_RESOLV] = &vnm_impl_resolv,
	[VNM_OP_SYSCTL] = &vnm_impl_sysctl,
	[VNM_OP_ADDRESS] = &vnm_impl_address,
	[VNM_OP_RULE] = &vnm_impl_rule,
	[VNM_OP_FRAMES] = &vnm_impl_frames,
	[VNM_OP_STATION] = &vnm_impl_station,
	[VNM_OP_ZONE] = &vnm_impl_zone,
	[VNM_OP_BANDWIDTH] = &vnm_impl_bandwidth,
	[VNM_OP_FLOOR] = &vnm_impl_floor,
	[VNM_OP_ROUTE_LOCALNET] = &vnm_impl_route_localnet,
	[VNM_OP_LINK_UP] = &vnm_impl_link_up,
	[VNM_OP_UPLINK] = &vnm_impl_uplink,
	[VNM_OP_ROUTE] = &vnm_impl_route,
	[VNM_OP_ACCEPT_RA] = &vnm_impl_accept_ra,
	[VNM_OP_FORWARDING] = &vnm_impl_forwarding,
	[VNM_OP_FILE] = &vnm_impl_file,
	[VNM_OP_DNSMASQ] = &vnm_impl_dnsmasq,
	[VNM_OP_NAMESERVER] = &vnm_impl_nameserver,
};

static_assert(VNM_ARRAY_SIZE(vnm_op_impls) == VNM_OP_COUNT, "every kind of operation has its code");
