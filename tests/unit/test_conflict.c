/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_conflict.c - what is in the way of a network: others, the host's routes and its devices. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "conflict_input.h"
#include "input.h"
#include "plan/conflict/conflict.h"
#include "plan/conflict/conflict_start.h"
#include "plan/conflict/other_net.h"
#include "plan/conflict/outline.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "conflict";

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

/** struct asked - an answer: the error and the warnings. */
struct asked {
	int r;
	struct vnm_error err;
	struct vnm_warnings warnings;
};

static void asked_clear(struct asked *asked)
{
	vnm_warnings_clear(&asked->warnings);
}

#define autoasked __attribute__((cleanup(asked_clear)))

static void expect_error(const struct asked *asked, enum vnm_err code, const char *part)
{
	VNM_ASSERT_INT_EQ(asked->err.code, code);
	VNM_ASSERT_INT_EQ(asked->r < 0, code != VNM_ERR_NONE);
	if (part && !strstr(asked->err.msg, part))
		printf("\n'%s' does not say '%s'\n", asked->err.msg, part);
	CU_ASSERT(!part || strstr(asked->err.msg, part));
}

static void expect_warning(const struct asked *asked, const char *part)
{
	VNM_ASSERT_INT_EQ(asked->warnings.n, part ? 1 : 0);
	if (asked->warnings.n == 0)
		return;
	if (!part || !strstr(asked->warnings.items[0], part))
		printf("\n'%s' does not say '%s'\n", asked->warnings.items[0], part ? part : "");
	CU_ASSERT(part && strstr(asked->warnings.items[0], part));
}

/* ---- the definition ---- */

/* By the outline of the other, written and read again. */
static bool may_conflict(const struct vnm_network *net, const struct vnm_network *other)
{
	vnm_autooutline struct vnm_outline outline = { 0 }, again = { 0 };
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_outline_of(other, &outline);
	vnm_outline_format(&outline, &text);
	CU_ASSERT_FATAL(vnm_outline_parse(vnm_buf_str(&text), &again) == 0);
	return vnm_conflict_same(net, other) || vnm_outline_may_conflict(net, &again);
}

static void ask_define(const char *mine, const char *other, struct asked *asked)
{
	vnm_autonetwork struct vnm_network net = { 0 }, other_def = { 0 };
	struct vnm_other_net other_net = { &other_def, false };

	load(mine, &net);
	load(other, &other_def);
	asked->r = vnm_conflict_define(&net, &other_net, 1, &asked->warnings, &asked->err);
	if (asked->r < 0 || asked->warnings.n > 0)
		CU_ASSERT(may_conflict(&net, &other_def));
}

static void check_define(const char *mine, const char *other, enum vnm_err code, const char *part,
			 const char *warning)
{
	struct asked asked autoasked = { 0 };

	ask_define(mine, other, &asked);
	expect_error(&asked, code, part);
	expect_warning(&asked, warning);
}

static void identity(void)
{
	check_define(NET("a", UUID_A, ""), NET("a", UUID_A, ""), VNM_ERR_NONE, NULL, NULL);
	check_define(NET("b", UUID_B, ""), NET("a", UUID_A, ""), VNM_ERR_NONE, NULL, NULL);
	check_define("<network><name>a</name></network>", NET("a", UUID_A, ""), VNM_ERR_NONE, NULL,
		     NULL);
	check_define(NET("a", UUID_B, ""), NET("a", UUID_A, ""), VNM_ERR_NAME_IN_USE,
		     "network 'a' already exists with uuid " UUID_A, NULL);
	check_define(NET("b", UUID_A, ""), NET("a", UUID_A, ""), VNM_ERR_UUID_IN_USE,
		     "network 'a' is already defined with uuid " UUID_A, NULL);
}

static void bridge_names(void)
{
	static const char bridged_a[] = BRIDGED("a", UUID_A, "br0");
	static const char bridged_b[] = BRIDGED("b", UUID_B, "br0");
	static const char makes_a[] = NET("a", UUID_A, "<bridge name='br0'/>");
	static const char makes_b[] = NET("b", UUID_B, "<bridge name='br0'/>");
	static const char message[] = "bridge name 'br0' is already in use by network 'a'";

	check_define(makes_b, makes_a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(makes_b, bridged_a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(bridged_b, makes_a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(bridged_b, bridged_a, VNM_ERR_NONE, NULL, NULL);
	/* Itself, again; names that have to be found yet; and other names. */
	check_define(makes_a, makes_a, VNM_ERR_NONE, NULL, NULL);
	check_define(NET("b", UUID_B, "<bridge name='br%d'/>"),
		     NET("a", UUID_A, "<bridge name='br%d'/>"), VNM_ERR_NONE, NULL, NULL);
	check_define(NET("b", UUID_B, "<bridge name=''/>"), NET("a", UUID_A, "<bridge name=''/>"),
		     VNM_ERR_NONE, NULL, NULL);
	check_define(NET("b", UUID_B, ""), makes_a, VNM_ERR_NONE, NULL, NULL);
	check_define(NET("b", UUID_B, "<bridge name='br00'/>"), makes_a, VNM_ERR_NONE, NULL, NULL);
}

#define OVERLAY(vni, rest) \
	"<vnm:overlay xmlns:vnm='urn:vnetmgr:network:1' vni='" vni "' local='10.0.0.1'" rest "/>"

static void vnis(void)
{
	static const char a[] = A(OVERLAY("7", ""));
	static const char message[] = "VNI 7 of network 'b' is already in use by network 'a'";

	check_define(B(OVERLAY("7", "")), a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(B(OVERLAY("7", " port='4790'")), a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(B(OVERLAY("8", "")), a, VNM_ERR_NONE, NULL, NULL);
	check_define(B(""), a, VNM_ERR_NONE, NULL, NULL);
	check_define(B(OVERLAY("7", "")), A(""), VNM_ERR_NONE, NULL, NULL);
	check_define(a, a, VNM_ERR_NONE, NULL, NULL);
}

#define EVPN(vni, rest)                                                                     \
	"<vnm:overlay xmlns:vnm='urn:vnetmgr:network:1' vni='" vni "'><vnm:evpn asn='65000' " \
	"reflector='10.0.0.1'" rest "/></vnm:overlay>"

static void evpns(void)
{
	static const char a[] = A(EVPN("7", " listen='10.0.0.0/24'"));
	static const char message[] = "<vnm:evpn> of network 'b' differs from that of network 'a'";

	check_define(B(EVPN("8", " bfd='no'")), a, VNM_ERR_NONE, NULL, NULL);
	check_define(B(EVPN("8", " password='p'")), a, VNM_ERR_NONE, NULL,
		     "network 'b' has another password in <vnm:evpn> than network 'a', and FRR");
	check_define(B(EVPN("8", " reflector2='10.0.0.2'")), a, VNM_ERR_BRIDGE_IN_USE, message,
		     NULL);
	check_define(B(EVPN("8", " listen='10.0.0.0/16'")), a, VNM_ERR_BRIDGE_IN_USE, message,
		     NULL);
	check_define(B(EVPN("8", " bfd='yes'")), a, VNM_ERR_BRIDGE_IN_USE, message, NULL);
	check_define(B(OVERLAY("8", "")), a, VNM_ERR_NONE, NULL, NULL);
}

static void shared_subnets(void)
{
	static const char message[] =
		"subnet 192.168.132.0/24 of network 'b' overlaps with network "
		"'a': only one of them can be active at a time";

	check_define(B(IP("192.168.132.1", "24")), A(IP("192.168.132.9", "24")), VNM_ERR_NONE, NULL,
		     message);
	check_define(B(IP("192.168.132.1", "24")), A(IP("192.168.132.200", "30")), VNM_ERR_NONE,
		     NULL, message);
	check_define(B(IP("192.168.132.1", "24")), A(IP("192.168.0.1", "16")), VNM_ERR_NONE, NULL,
		     message);
	check_define(B(IP("192.168.132.1", "24")), A(IP("192.168.133.1", "24")), VNM_ERR_NONE, NULL,
		     NULL);
	check_define(B(IP6("fd00::1", "64")), A(IP6("fd00::2", "48")), VNM_ERR_NONE, NULL,
		     "subnet fd00::/64 of network 'b'");
	check_define(B(IP6("fe80::1", "64")), A(IP6("fe80::1", "64")), VNM_ERR_NONE, NULL, NULL);
	check_define(A(IP("192.168.132.1", "24")), A(IP("192.168.132.1", "24")), VNM_ERR_NONE, NULL,
		     NULL);
	/* One for each pair of networks, however many subnets they share. */
	check_define(B(IP("192.168.132.1", "24") IP("192.168.133.1", "24")),
		     A(IP("192.168.132.2", "24") IP("192.168.133.2", "24")), VNM_ERR_NONE, NULL,
		     message);
}

/* The error is what matters when there are both, and nothing is asked of nobody. */
static void several_others(void)
{
	vnm_autonetwork struct vnm_network net = { 0 }, one = { 0 }, two = { 0 };
	struct vnm_other_net others[] = { { &one, true }, { &two, false } };
	struct asked asked autoasked = { 0 };

	load(B(IP("192.168.132.1", "24")), &net);
	load(A(IP("192.168.132.1", "24")), &one);
	load(NET("c", UUID_B, "<bridge name='brc'/>"), &two);
	asked.r = vnm_conflict_define(&net, others, 2, &asked.warnings, &asked.err);
	expect_error(&asked, VNM_ERR_UUID_IN_USE, "network 'c'");
	expect_warning(&asked, NULL);

	asked.err = (struct vnm_error){ 0 };
	asked.r = vnm_conflict_define(&net, NULL, 0, NULL, &asked.err);
	expect_error(&asked, VNM_ERR_NONE, NULL);
	asked.r = vnm_conflict_define(&net, others, 1, NULL, &asked.err);
	expect_error(&asked, VNM_ERR_NONE, NULL);
}

/* ---- the start ---- */

static const struct vnm_fact_link host_links[] = {
	{ .index = 1, .name = "lo", .kind = "" },
	{ .index = 2, .name = "eth0", .kind = "", .mac = { true, { 2, 0, 0, 0, 0, 2 } } },
	{ .index = 3, .name = "tun0", .kind = "tun" },
	{ .index = 4, .name = "br0", .kind = "bridge", .mac = { true, { 2, 0, 0, 0, 0, 4 } } },
	{ .index = 5, .name = "brb", .kind = "bridge",
	  .mac = { true, { 0x52, 0x54, 0, 0, 0, 0x0b } } },
	{ .index = 6, .name = "veth1", .kind = "veth", .mac = { true, { 2, 0, 0, 0, 0, 6 } } },
	{ .index = 7, .name = "wg0", .kind = "wireguard", .no_neighbours = true },
};

static void host(struct vnm_facts *facts)
{
	*facts = (struct vnm_facts){ .links = (struct vnm_fact_link *)host_links,
				     .n_links = VNM_ARRAY_SIZE(host_links) };
}

static struct vnm_fact_route host_route(const char *prefix, int ifindex, bool via)
{
	struct vnm_fact_route route = { .ifindex = ifindex, .via = via };

	CU_ASSERT_FATAL(vnm_prefix_parse(prefix, &route.prefix) == 0);
	return route;
}

static void ask_start(const char *mine, const struct vnm_facts *facts, const char *other,
		      struct asked *asked)
{
	vnm_autonetwork struct vnm_network net = { 0 }, other_def = { 0 };
	struct vnm_other_net other_net = { &other_def, true };

	load(mine, &net);
	if (other)
		load(other, &other_def);
	asked->r = vnm_conflict_start(INPUT(&net, facts, NULL), NULL, &other_net, other ? 1 : 0,
				      &asked->warnings, &asked->err);
}

/* Against one route of the host. */
static void check_route(const char *mine, const char *prefix, int ifindex, bool via,
			enum vnm_err code, const char *part, const char *warning)
{
	struct vnm_fact_route route = host_route(prefix, ifindex, via);
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	facts.routes = &route;
	facts.n_routes = 1;
	ask_start(mine, &facts, NULL, &asked);
	expect_error(&asked, code, part);
	expect_warning(&asked, warning);
}

static void host_routes(void)
{
	static const char b[] = B(IP("192.168.132.1", "24"));
	static const char same[] = "subnet 192.168.132.0/24 of network 'b' is already in use by "
				   "interface eth0 (route 192.168.132.0/24)";

	check_route(b, "192.168.132.0/24", 2, false, VNM_ERR_SUBNET_IN_USE, same, NULL);
	check_route(b, "192.168.132.0/24", 2, true, VNM_ERR_SUBNET_IN_USE, same, NULL);
	check_route(b, "192.168.0.0/16", 2, false, VNM_ERR_SUBNET_IN_USE, "(route 192.168.0.0/16)",
		    NULL);
	check_route(b, "192.168.132.128/25", 2, false, VNM_ERR_SUBNET_IN_USE, "192.168.132.128/25",
		    NULL);
	check_route(b, "192.168.132.7/32", 3, false, VNM_ERR_SUBNET_IN_USE, "interface tun0", NULL);
	check_route(b, "192.168.132.128/25", 2, true, VNM_ERR_SUBNET_IN_USE, "192.168.132.128/25",
		    NULL);
	check_route(b, "192.168.133.0/24", 2, false, VNM_ERR_NONE, NULL, NULL);
	/* A device that vanished in between. */
	check_route(b, "192.168.132.0/24", 99, false, VNM_ERR_SUBNET_IN_USE, "interface unknown",
		    NULL);
	/* Its own bridge, left from a start that was cut off. */
	check_route(b, "192.168.132.0/24", 5, false, VNM_ERR_NONE, NULL, NULL);
}

static void larger_routes(void)
{
	static const char b[] = B(IP("10.5.0.1", "16"));

	check_route(b, "10.0.0.0/8", 2, true, VNM_ERR_NONE, NULL,
		    "subnet 10.5.0.0/16 of network 'b' is part of the host's route 10.0.0.0/8 by "
		    "interface eth0");
	check_route(b, "10.0.0.0/8", 2, false, VNM_ERR_SUBNET_IN_USE, "(route 10.0.0.0/8)", NULL);
	check_route(b, "0.0.0.0/0", 2, true, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "0.0.0.0/0", 3, false, VNM_ERR_NONE, NULL, NULL);
	/* The default route in two halves or more, as tunnels lay it. */
	check_route(b, "10.0.0.0/7", 3, false, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "0.0.0.0/1", 3, false, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "0.0.0.0/1", 3, true, VNM_ERR_NONE, NULL, NULL);
}

/* Those of a tunnel are behind it, as behind a gateway; the same subnet, and part of it, are in the way even so. */
static void tunnels(void)
{
	static const char b[] = B(IP("10.5.0.1", "16")), b6[] = B(IP6("fd00:1::1", "64"));

	check_route(b, "10.0.0.0/8", 7, false, VNM_ERR_NONE, NULL,
		    "subnet 10.5.0.0/16 of network 'b' is part of the host's route 10.0.0.0/8 by "
		    "interface wg0; what is there has the same addresses");
	check_route(b6, "fd00::/8", 7, false, VNM_ERR_NONE, NULL, "fd00::/8 by interface wg0");
	check_route(b, "10.5.0.0/16", 7, false, VNM_ERR_SUBNET_IN_USE, "interface wg0", NULL);
	check_route(b, "10.5.1.0/24", 7, false, VNM_ERR_SUBNET_IN_USE, "interface wg0", NULL);
	check_route(b6, "fd00:1::/64", 7, false, VNM_ERR_SUBNET_IN_USE, "interface wg0", NULL);
	check_route(b6, "fd00:1::5/128", 7, false, VNM_ERR_SUBNET_IN_USE, "interface wg0", NULL);
}

static void routes6(void)
{
	static const char b[] = B(IP6("fd00:1::1", "64"));

	check_route(b, "fd00:1::/64", 2, false, VNM_ERR_SUBNET_IN_USE, "subnet fd00:1::/64", NULL);
	check_route(b, "fd00::/8", 2, true, VNM_ERR_NONE, NULL, "fd00::/8");
	check_route(b, "fd00:1::5/128", 2, false, VNM_ERR_SUBNET_IN_USE, "fd00:1::5/128", NULL);
	check_route(b, "::/0", 2, true, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "2000::/3", 3, false, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "fe80::/64", 2, false, VNM_ERR_NONE, NULL, NULL);
	check_route(B(IP6("fe80::1", "64")), "fe80::/64", 2, false, VNM_ERR_NONE, NULL, NULL);
	check_route(B(IP("192.0.2.1", "24")), "::/0", 2, true, VNM_ERR_NONE, NULL, NULL);
}

static void static_routes(void)
{
	static const char b[] =
		B(IP("192.168.132.1", "24") ROUTE("10.1.0.0", "16", "192.168.132.9"));
	static const char gate[] =
		B(IP("192.168.132.1", "24") ROUTE("0.0.0.0", "0", "192.168.132.9"));

	check_route(b, "10.1.0.0/16", 2, false, VNM_ERR_SUBNET_IN_USE,
		    "Route address '10.1.0.0/16' of network 'b' conflicts with the route by "
		    "interface 'eth0'", NULL);
	check_route(b, "10.1.0.0/16", 2, true, VNM_ERR_SUBNET_IN_USE, "'eth0'", NULL);
	check_route(b, "10.1.0.0/16", 5, true, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "10.0.0.0/8", 2, true, VNM_ERR_NONE, NULL, NULL);
	check_route(b, "10.1.2.0/24", 2, false, VNM_ERR_NONE, NULL, NULL);
	check_route(gate, "0.0.0.0/0", 2, true, VNM_ERR_SUBNET_IN_USE, "Route address '0.0.0.0/0'",
		    NULL);
	check_route(gate, "::/0", 2, true, VNM_ERR_NONE, NULL, NULL);
}

/* A route with two next hops is warned of once, two routes twice. */
static void multipath(void)
{
	struct vnm_fact_route routes[] = {
		host_route("10.0.0.0/8", 2, true),
		host_route("10.0.0.0/8", 3, true),
		host_route("10.5.0.0/16", 3, true),
	};
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	facts.routes = routes;
	facts.n_routes = 3;
	ask_start(B(IP("10.5.6.1", "24")), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NONE, NULL);
	VNM_ASSERT_INT_EQ(asked.warnings.n, 2);
}

static void check_two(const char *mine, const char *other, enum vnm_err code, const char *part)
{
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	ask_start(mine, &facts, other, &asked);
	expect_error(&asked, code, part);
	expect_warning(&asked, NULL);
}

static void active_others(void)
{
	static const char b[] = B(IP("192.168.132.1", "24"));
	vnm_autonetwork struct vnm_network net = { 0 }, other_def = { 0 };
	struct vnm_other_net idle = { &other_def, false };
	struct vnm_error err = { 0 };
	struct vnm_facts facts;

	check_two(b, A(IP("192.168.132.7", "24")), VNM_ERR_SUBNET_IN_USE,
		   "subnet 192.168.132.0/24 of network 'b' is already in use by active network 'a' "
		   "(bridge bra); choose another <ip> or destroy 'a' first");
	check_two(b, A(IP("192.168.132.200", "29")), VNM_ERR_SUBNET_IN_USE, "active network 'a'");
	check_two(b, A(IP("192.168.1.1", "16")), VNM_ERR_SUBNET_IN_USE, "subnet 192.168.132.0/24");
	check_two(B(IP("10.0.0.1", "8") IP6("fd00::1", "64")), A(IP6("fd00::9", "64")),
		   VNM_ERR_SUBNET_IN_USE, "subnet fd00::/64");
	check_two(b, A(IP("192.168.133.1", "24")), VNM_ERR_NONE, NULL);
	check_two(b, b, VNM_ERR_NONE, NULL);
	check_two(NET("b", UUID_B, "<bridge name='bra'/>"), A(""), VNM_ERR_BRIDGE_IN_USE,
		   "by network 'a'");

	host(&facts);
	load(b, &net);
	load(A(IP("192.168.132.7", "24")), &other_def);
	VNM_ASSERT_OK(vnm_conflict_start(INPUT(&net, &facts, NULL), NULL, &idle, 1, NULL, &err),
		      err);
}

static void routes_of_others(void)
{
	static const char routed[] =
		A(IP("192.168.99.1", "24") ROUTE("10.1.0.0", "16", "192.168.99.9"));

	check_two(B(IP("192.168.132.1", "24") ROUTE("10.1.0.0", "16", "192.168.132.9")), routed,
		   VNM_ERR_SUBNET_IN_USE,
		   "network 'b' cannot have a route to 10.1.0.0/16: active network 'a' (bridge "
		   "bra) has it");
	check_two(B(IP("10.1.0.1", "16")), routed, VNM_ERR_SUBNET_IN_USE, "10.1.0.0/16");
	check_two(B(IP("192.168.132.1", "24") ROUTE("192.168.99.0", "24", "192.168.132.9")),
		   routed, VNM_ERR_SUBNET_IN_USE, "192.168.99.0/24");
	check_two(B(IP("192.168.132.1", "24") ROUTE("10.2.0.0", "16", "192.168.132.9")), routed,
		   VNM_ERR_NONE, NULL);
}

static void own_bridge(void)
{
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	ask_start(B(""), &facts, NULL, &asked);	/* there already, and ours by its MAC */
	expect_error(&asked, VNM_ERR_NONE, NULL);
	ask_start(NET("b", UUID_B, "<bridge name='brb'/>" MAC_A), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_FOREIGN,
		     "device 'brb' already exists and does not belong to network 'b' (kind bridge, "
		     "MAC 52:54:00:00:00:0b); rename the bridge or remove the device");
	ask_start(NET("b", UUID_B, "<bridge name='veth1'/><mac address='02:00:00:00:00:06'/>"),
		  &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_FOREIGN, "(kind veth, MAC 02:00:00:00:00:06)");
	ask_start(NET("b", UUID_B, "<bridge name='eth0'/>" MAC_A), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_FOREIGN, "(kind hardware, MAC 02:00:00:00:00:02)");
	ask_start(NET("b", UUID_B, "<bridge name='tun0'/>"), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_FOREIGN, "(kind tun, MAC none)");
	/* A bridge whose MAC address is unknown has no known owner. */
	facts.links = &(struct vnm_fact_link){ .index = 9, .name = "brx", .kind = "bridge" };
	facts.n_links = 1;
	ask_start(NET("b", UUID_B, "<bridge name='brx'/>"), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_FOREIGN, "(kind bridge, MAC none)");
}

/* The usual start: nobody has a device of that name, or the name has yet to be found. */
static void bridge_to_make(void)
{
	check_two(NET("b", UUID_B, "<bridge name='brnew'/>" MAC_A), A(""), VNM_ERR_NONE, NULL);
	check_two(NET("b", UUID_B, MAC_A), A(""), VNM_ERR_NONE, NULL);
	check_route(NET("b", UUID_B, IP("192.168.132.1", "24")), "192.168.132.0/24", 5, false,
		    VNM_ERR_SUBNET_IN_USE, "by interface brb", NULL);
	check_two(B(IP("192.168.132.1", "24")), NET("a", UUID_A, IP("192.168.132.2", "24")),
		   VNM_ERR_SUBNET_IN_USE, "active network 'a' (bridge unknown)");
	check_two(B(IP("10.0.0.1", "24") ROUTE("10.1.0.0", "16", "10.0.0.9")),
		   NET("a", UUID_A, IP("10.9.0.1", "24") ROUTE("10.1.0.0", "16", "10.9.0.9")),
		   VNM_ERR_SUBNET_IN_USE, "active network 'a' (bridge unknown) has it");
}

static void host_bridge(void)
{
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	ask_start(BRIDGED("b", UUID_B, "br0"), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NONE, NULL);
	ask_start(BRIDGED("b", UUID_B, "br9"), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NO_DEVICE,
		     "bridge 'br9' does not exist; create it first (ip link add br9 up type "
		     "bridge) or name another in <bridge name=.../>");
	ask_start(BRIDGED("b", UUID_B, "veth1"), &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NO_DEVICE, "device 'veth1' is not a bridge (kind veth)");
}

static void forward_device(void)
{
	static const char there[] = B("<forward dev='eth0'/>" IP("192.168.132.1", "24"));
	static const char gone[] = B("<forward mode='route'><interface dev='eth7'/></forward>"
				     IP("192.168.132.1", "24"));
	struct asked asked autoasked = { 0 };
	struct vnm_facts facts;

	host(&facts);
	ask_start(there, &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NONE, NULL);
	expect_warning(&asked, NULL);
	ask_start(gone, &facts, NULL, &asked);
	expect_error(&asked, VNM_ERR_NONE, NULL);
	expect_warning(&asked, "network 'b' forwards by device 'eth7' only");
}

/* ---- names for bridges ---- */

static void check_pick(const char *template_name, const struct vnm_other_net *others, size_t n,
		       const char *expected)
{
	char name[VNM_IFNAME_SIZE] = "untouched";
	struct vnm_error err = { 0 };
	struct vnm_facts facts;

	host(&facts);
	VNM_ASSERT_OK(vnm_bridge_name_pick(template_name, &facts, others, n, name, &err), err);
	VNM_ASSERT_STR_EQ(name, expected);
}

static void pick(void)
{
	vnm_autonetwork struct vnm_network one = { 0 }, two = { 0 }, unnamed = { 0 };
	const struct vnm_other_net others[] = { { &one, true },
					       { &two, false },
					       { &unnamed, false } };

	load(NET("a", UUID_A, "<bridge name='virbr0'/>"), &one);
	load(NET("b", UUID_A, "<forward mode='bridge'/><bridge name='virbr1'/>"), &two);
	load(NET("c", UUID_A, ""), &unnamed);
	check_pick(NULL, NULL, 0, "virbr0");
	check_pick("", NULL, 0, "virbr0");
	check_pick(NULL, others, 3, "virbr2");
	check_pick("virbr%d", others, 3, "virbr2");
	check_pick("br%d", others, 3, "br1");	/* the host has a br0 */
	check_pick("eth%d", NULL, 0, "eth1");
	check_pick("k%dx", NULL, 0, "k0x");
	check_pick("%d", NULL, 0, "0");
	/* What is no template is none. */
	check_pick("k%db%d", NULL, 0, "virbr0");
	check_pick("k%s", NULL, 0, "virbr0");
	check_pick("k%", NULL, 0, "virbr0");
	check_pick("named", NULL, 0, "virbr0");
}

/* The host has @n devices called by the template. */
static int pick_beside(const char *format, int n, char name[static VNM_IFNAME_SIZE])
{
	vnm_autofree struct vnm_fact_link *links = vnm_alloc((size_t)(n ? n : 1) * sizeof(*links));
	struct vnm_facts facts = { .links = links, .n_links = (size_t)n };
	struct vnm_error err = { 0 };
	int r;

	for (int i = 0; i < n; i++) {
		vnm_autofree char *text = vnm_asprintf("%s%d", format, i);

		snprintf(links[i].name, sizeof(links[i].name), "%s", text);
	}
	vnm_autofree char *template_name = vnm_asprintf("%s%%d", format);

	r = vnm_bridge_name_pick(template_name, &facts, NULL, 0, name, &err);
	VNM_ASSERT_INT_EQ(err.code, r < 0 ? VNM_ERR_BRIDGE_IN_USE : VNM_ERR_NONE);
	if (r < 0)
		VNM_ASSERT_STR_EQ(err.msg, "Bridge generation exceeded max id 256");
	return r;
}

static void pick_exhausted(void)
{
	char name[VNM_IFNAME_SIZE] = "untouched";

	VNM_ASSERT_INT_EQ(pick_beside("virbr", 256, name), 0);
	VNM_ASSERT_STR_EQ(name, "virbr256");
	VNM_ASSERT_INT_EQ(pick_beside("virbr", 257, name), -EEXIST);
	VNM_ASSERT_STR_EQ(name, "virbr256");
	/* Fourteen characters leave room for one digit. */
	VNM_ASSERT_INT_EQ(pick_beside("abcdefghijklmn", 9, name), 0);
	VNM_ASSERT_STR_EQ(name, "abcdefghijklmn9");
	VNM_ASSERT_INT_EQ(pick_beside("abcdefghijklmn", 10, name), -EEXIST);
}

const struct vnm_test vnm_tests[] = {
	{ "identity", identity },
	{ "bridge names", bridge_names },
	{ "vnis", vnis },
	{ "EVPN", evpns },
	{ "shared subnets", shared_subnets },
	{ "several others", several_others },
	{ "host routes", host_routes },
	{ "larger routes", larger_routes },
	{ "tunnels", tunnels },
	{ "routes6", routes6 },
	{ "static routes", static_routes },
	{ "multipath", multipath },
	{ "active others", active_others },
	{ "routes of others", routes_of_others },
	{ "own bridge", own_bridge },
	{ "bridge to make", bridge_to_make },
	{ "host bridge", host_bridge },
	{ "forward device", forward_device },
	{ "pick", pick },
	{ "pick exhausted", pick_exhausted },
	{ 0 },
};
