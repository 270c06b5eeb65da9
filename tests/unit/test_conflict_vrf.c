/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_conflict_vrf.c - what is in the way of a network in a VRF, and what is not. */
#include "runner.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "conflict_input.h"
#include "input.h"
#include "plan/conflict/conflict.h"
#include "plan/conflict/conflict_start.h"
#include "plan/plan_vrf.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "conflict_vrf";

#define VRF(name, table) \
	"<vnm:vrf xmlns:vnm='urn:vnetmgr:network:1' name='" name "' table='" table "'/>"
#define LAN IP("10.0.0.1", "24")

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

static void expect(const struct vnm_error *err, enum vnm_err code, const char *part)
{
	VNM_ASSERT_INT_EQ(err->code, code);
	if (part && !strstr(err->msg, part))
		printf("\n'%s' does not say '%s'\n", err->msg, part);
	CU_ASSERT(!part || strstr(err->msg, part));
}

/* May B be defined, and started, beside A, which is active? @facts: the host */
static void check(const char *mine, const char *other, const struct vnm_facts *facts,
		  enum vnm_err defined, enum vnm_err started, const char *part)
{
	vnm_autonetwork struct vnm_network net = { 0 }, beside = { 0 };
	struct vnm_other_net others[] = { { &beside, true } };
	struct vnm_error err = { 0 };

	load(mine, &net);
	load(other, &beside);
	(void)vnm_conflict_define(&net, others, 1, NULL, &err);
	expect(&err, defined, defined ? part : NULL);
	err = (struct vnm_error){ 0 };
	(void)vnm_conflict_start(INPUT(&net, facts, NULL), NULL, others, 1, NULL, &err);
	expect(&err, started, part);
}

static void networks(void)
{
	const struct vnm_facts none = { 0 };

	check(B(LAN VRF("red", "20")), A(LAN VRF("blue", "10")), &none, VNM_ERR_NONE, VNM_ERR_NONE,
	      NULL);
	check(B(LAN VRF("red", "20") ROUTE("10.5.0.0", "16", "10.0.0.9")),
	      A(LAN VRF("blue", "10") ROUTE("10.5.0.0", "16", "10.0.0.9")), &none, VNM_ERR_NONE,
	      VNM_ERR_NONE, NULL);
	check(B(LAN VRF("blue", "10")), A(LAN VRF("blue", "10")), &none, VNM_ERR_NONE,
	      VNM_ERR_SUBNET_IN_USE, "already in use by active network 'a'");
	check(B(LAN VRF("blue", "10")), A(LAN), &none, VNM_ERR_NONE, VNM_ERR_SUBNET_IN_USE,
	      "give network 'a' a <vnm:vrf>, too");
	check(B(LAN), A(LAN VRF("blue", "10")), &none, VNM_ERR_NONE, VNM_ERR_SUBNET_IN_USE,
	      "give network 'b' a <vnm:vrf>, too");
	check(B(LAN VRF("blue", "20")), A(IP("10.1.0.1", "24") VRF("blue", "10")), &none,
	      VNM_ERR_BRIDGE_IN_USE, VNM_ERR_BRIDGE_IN_USE,
	      "VRF 'blue' of network 'b' has table 10 in network 'a', and here 20");
	check(B(LAN VRF("red", "10")), A(LAN VRF("blue", "10")), &none, VNM_ERR_BRIDGE_IN_USE,
	      VNM_ERR_BRIDGE_IN_USE,
	      "table 10 of VRF 'red' of network 'b' is already in use by VRF");
}

static struct vnm_fact_address address(const char *text, int ifindex)
{
	struct vnm_fact_address ret = { .ifindex = ifindex };

	CU_ASSERT_FATAL(vnm_prefix_parse(text, &ret.prefix) == 0);
	return ret;
}

/* Its routes are of no matter, and its addresses are where a guest may have them; but not in VRFs. */
static void host(void)
{
	static const struct vnm_fact_link links[] = {
		{ .index = 2, .name = "eth0", .kind = "" },
		{ .index = 3, .name = "red", .kind = "vrf" },
		{ .index = 4, .name = "eth1", .kind = "", .master = 3 },
	};
	const char *mine = B(LAN VRF("blue", "10")), *other = A(IP("10.1.0.1", "24"));
	struct vnm_fact_address has = address("10.0.0.7/24", 2);
	struct vnm_fact_route route = { .ifindex = 2 };
	struct vnm_facts facts = { .links = (struct vnm_fact_link *)links,
				   .n_links = 3,
				   .addresses = &has,
				   .n_addresses = 1,
				   .routes = &route,
				   .n_routes = 1 };

	CU_ASSERT_FATAL(vnm_prefix_parse("10.0.0.0/24", &route.prefix) == 0);
	check(mine, other, &facts, VNM_ERR_NONE, VNM_ERR_SUBNET_IN_USE,
	      "has the address 10.0.0.7 of interface eth0");
	has = address("10.0.0.7/24", 4);
	check(mine, other, &facts, VNM_ERR_NONE, VNM_ERR_NONE, NULL);
	has = address("10.0.0.1/24", 2);
	check(mine, other, &facts, VNM_ERR_NONE, VNM_ERR_NONE, NULL);
	has = address("10.9.0.1/24", 2);
	check(mine, other, &facts, VNM_ERR_NONE, VNM_ERR_NONE, NULL);
}

/* Its forward device, which is in VRF "red": may the network start, and with which warning? */
static void check_device(const char *mine, int master, enum vnm_err started, const char *part)
{
	struct vnm_fact_link links[] = {
		{ .index = 3, .name = "red", .kind = "vrf" },
		{ .index = 4, .name = "eth1", .kind = "", .master = master },
		{ .index = 5, .name = "br9", .kind = "bridge" },
	};
	const struct vnm_facts facts = { .links = links, .n_links = 3 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	load(mine, &net);
	(void)vnm_conflict_start(INPUT(&net, &facts, NULL), NULL, NULL, 0, &warnings, &err);
	expect(&err, started, started ? part : NULL);
	VNM_ASSERT_INT_EQ(warnings.n, part && !started);
	if (warnings.n)
		CU_ASSERT(strstr(warnings.items[0], part) != NULL);
	/* What it has is not checked again. */
	err = (struct vnm_error){ 0 };
	(void)vnm_conflict_start(INPUT(&net, &facts, NULL), &net, NULL, 0, &warnings, &err);
	expect(&err, VNM_ERR_NONE, NULL);
	vnm_warnings_clear(&warnings);
}

#define ROUTED "<forward mode='route' dev='eth1'/>"
#define NATTED "<forward mode='nat' dev='eth1'/>"

static void forward_device(void)
{
	check_device(B(ROUTED LAN VRF("red", "20")), 3, VNM_ERR_NONE, NULL);
	check_device(B(NATTED LAN VRF("red", "20")), 3, VNM_ERR_NONE, NULL);
	check_device(B(NATTED LAN VRF("red", "20")), 0, VNM_ERR_NONE, NULL);
	check_device(B(ROUTED LAN), 0, VNM_ERR_NONE, NULL);
	check_device(B(ROUTED LAN), 5, VNM_ERR_NONE, NULL);
	check_device(
		B(ROUTED LAN VRF("red", "20")), 0, VNM_ERR_NONE,
		"network 'b' forwards by device 'eth1' only, and that is not in VRF 'red': "
		"nothing gets out by it; name another device, or: ip link set eth1 master red");
	check_device(B(NATTED LAN IP6("fd00::1", "64") VRF("red", "20")), 0, VNM_ERR_NONE, NULL);
	check_device(B(ROUTED LAN), 3, VNM_ERR_NO_DEVICE,
		     "is in VRF 'red', whose routes are not the network's: nothing gets out by it; "
		     "name another device, or: ip link set eth1 nomaster");
	check_device(B(NATTED LAN VRF("blue", "10")), 3, VNM_ERR_NO_DEVICE,
		     "is in VRF 'red', and the network in VRF 'blue'");
}

#define ALLOWS "<vnm:allow xmlns:vnm='urn:vnetmgr:network:1' network='a'/>"

static void check_allow(const char *mine, const char *subnet, const char *rival, enum vnm_err code,
			const char *part)
{
	struct vnm_prefix theirs, third;
	struct vnm_fact_bridge bridges[] = {
		{ .network = (char *)"a", .table = 10, .subnets = &theirs, .n_subnets = 1 },
		{ .network = (char *)"c",
		  .table = 20,
		  .subnets = &third,
		  .n_subnets = 1,
		  .active = true },
	};
	const struct vnm_facts facts = { .bridges = bridges, .n_bridges = 2 };
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	CU_ASSERT_FATAL(vnm_prefix_parse(subnet, &theirs) == 0);
	CU_ASSERT_FATAL(vnm_prefix_parse(rival, &third) == 0);
	load(mine, &net);
	(void)vnm_plan_check_vrf(&net, &facts, &err);
	expect(&err, code, part);
	/* One that is not active has no routes. */
	bridges[1].active = false;
	err = (struct vnm_error){ 0 };
	VNM_ASSERT_INT_EQ(vnm_plan_check_vrf(&net, &facts, &err), 0);
}

static void allowed(void)
{
	check_allow(B(LAN VRF("red", "20") ALLOWS), "10.1.0.0/24", "10.2.0.0/24", VNM_ERR_NONE,
		    NULL);
	check_allow(B(LAN VRF("red", "20") ALLOWS), "10.1.0.0/24", "10.1.0.0/16",
		    VNM_ERR_SUBNET_IN_USE, "subnet 10.1.0.0/24 is that of network 'c', too");
}

const struct vnm_test vnm_tests[] = {
	{ "networks", networks },
	{ "host", host },
	{ "forward_device", forward_device },
	{ "allowed", allowed },
	{ 0 },
};
