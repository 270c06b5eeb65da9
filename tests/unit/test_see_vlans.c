/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_see_vlans.c - the VLANs of bridge ports, from messages such as a kernel with CONFIG_BRIDGE_VLAN_FILTERING sends. */
#include "runner.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "sys/doctor/see_vlans.h"
#include "util/mem.h"

const char vnm_suite[] = "sys/see_vlans";

#define PORT 4

/** struct told - of one VLAN. */
struct told {
	uint16_t flags, vid;
};

/* A port of a dump of AF_BRIDGE, with what the kernel sends before its VLANs. */
static struct nl_msg *port(int family, int type, const struct told *vlans, size_t n)
{
	const struct ifinfomsg head = { .ifi_family = (uint8_t)family, .ifi_index = PORT };
	struct nl_msg *msg = nlmsg_alloc_simple(type, 0);
	struct nlattr *nest;

	CU_ASSERT_FATAL(msg != NULL);
	CU_ASSERT_FATAL(nlmsg_append(msg, (void *)&head, sizeof(head), NLMSG_ALIGNTO) == 0);
	CU_ASSERT_FATAL(nla_put_string(msg, IFLA_IFNAME, "vnet0") == 0);
	CU_ASSERT_FATAL(nla_put_u32(msg, IFLA_MASTER, 2) == 0);
	nest = nla_nest_start(msg, IFLA_AF_SPEC);
	for (size_t i = 0; i < n; i++) {
		const struct bridge_vlan_info info = { vlans[i].flags, vlans[i].vid };

		CU_ASSERT_FATAL(nla_put(msg, IFLA_BRIDGE_VLAN_INFO, sizeof(info), &info) == 0);
	}
	nla_nest_end(msg, nest);
	return msg;
}

static void check(const struct told *vlans, size_t n, uint16_t pvid, bool untagged)
{
	struct nl_msg *msg = port(AF_BRIDGE, RTM_NEWLINK, vlans, n);
	struct vnm_case_vlan vlan = { 0 };

	CU_ASSERT(vnm_see_vlan(nlmsg_hdr(msg), &vlan));
	VNM_ASSERT_INT_EQ(vlan.ifindex, PORT);
	VNM_ASSERT_INT_EQ(vlan.pvid, pvid);
	CU_ASSERT(vlan.untagged == untagged);
	nlmsg_free(msg);
}

static void ports(void)
{
	static const struct told as_made[] = { { BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED,
						 1 } };
	static const struct told two[] = {
		{ BRIDGE_VLAN_INFO_UNTAGGED, 1 },
		{ BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED, 7 },
	};
	static const struct told trunk[] = { { 0, 1 }, { 0, 2 } };
	static const struct told tagged[] = { { BRIDGE_VLAN_INFO_PVID, 1 } };

	check(as_made, VNM_ARRAY_SIZE(as_made), 1, true);
	check(two, VNM_ARRAY_SIZE(two), 7, true);
	check(trunk, VNM_ARRAY_SIZE(trunk), 0, false);
	check(tagged, VNM_ARRAY_SIZE(tagged), 1, false);
	check(NULL, 0, 0, false);
}

static void others(void)
{
	struct nl_msg *of_ip = port(AF_UNSPEC, RTM_NEWLINK, NULL, 0);
	struct nl_msg *gone = port(AF_BRIDGE, RTM_DELLINK, NULL, 0);
	struct vnm_case_vlan vlan = { 0 };

	CU_ASSERT(!vnm_see_vlan(nlmsg_hdr(of_ip), &vlan));
	CU_ASSERT(!vnm_see_vlan(nlmsg_hdr(gone), &vlan));
	nlmsg_free(of_ip);
	nlmsg_free(gone);
}

const struct vnm_test vnm_tests[] = {
	{ "ports", ports },
	{ "others", others },
	{ 0 },
};
