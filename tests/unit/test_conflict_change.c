/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_conflict_change.c - what is in the way of a change of an active network: of what it brings, nothing else. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

#include "input.h"
#include "plan/conflict/conflict_start.h"
#include "plan/conflict/other_net.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "conflict change";

#define NET(name, uuid, rest) \
	"<network><name>" name "</name><uuid>" uuid "</uuid>" rest "</network>"
#define IP(address, prefix) "<ip address='" address "' prefix='" prefix "'/>"
#define IP6(address, prefix) "<ip family='ipv6' address='" address "' prefix='" prefix "'/>"
#define ROUTE(to, prefix, by) \
	"<route address='" to "' prefix='" prefix "' gateway='" by "'/>"

/* B is active and is to be changed; A is another active network. */
#define A(rest) NET("a", "11111111-1111-1111-1111-111111111111", "<bridge name='bra'/>" rest)
#define B(rest)                                                                             \
	NET("b", "22222222-2222-2222-2222-222222222222",                                    \
	    "<bridge name='brb'/><mac address='52:54:00:00:00:0b'/>" rest)

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

static const struct vnm_fact_link links[] = {
	{ .index = 2, .name = "eth0", .kind = "" },
	{ .index = 7, .name = "wg0", .kind = "wireguard", .no_neighbours = true },
};

static struct vnm_fact_route host_route(const char *prefix, int ifindex, bool via)
{
	struct vnm_fact_route route = { .ifindex = ifindex, .via = via };

	CU_ASSERT_FATAL(vnm_prefix_parse(prefix, &route.prefix) == 0);
	return route;
}

/* A change of @old into @mine, beside a route of the host and another network, if any. */
static void check_change(const char *old, const char *mine, const struct vnm_fact_route *route,
			 const char *other, enum vnm_err code, const char *warning)
{
	vnm_autonetwork struct vnm_network net = { 0 }, was = { 0 }, other_def = { 0 };
	struct vnm_other_net other_net = { &other_def, true };
	struct vnm_facts facts = { .links = (struct vnm_fact_link *)links,
				   .n_links = VNM_ARRAY_SIZE(links),
				   .routes = (struct vnm_fact_route *)route,
				   .n_routes = route ? 1 : 0 };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	int r;

	load(mine, &net);
	load(old, &was);
	if (other)
		load(other, &other_def);
	r = vnm_conflict_start(INPUT(&net, &facts, NULL), &was, &other_net, other ? 1 : 0,
			       &warnings, &err);
	VNM_ASSERT_INT_EQ(err.code, code);
	VNM_ASSERT_INT_EQ(r < 0, code != VNM_ERR_NONE);
	VNM_ASSERT_INT_EQ(warnings.n, warning ? 1 : 0);
	CU_ASSERT(!warning || (warnings.n && strstr(warnings.items[0], warning)));
	vnm_warnings_clear(&warnings);
}

/* What came to the host while a network was active is in the way of what the network gets, not of what it has. */
static void changes(void)
{
	static const char one[] = B(IP("10.5.0.1", "16") IP6("fd00:5::1", "64"));
	static const char two[] =
		B(IP("10.5.0.1", "16") IP("10.6.0.1", "16") IP6("fd00:5::1", "64"));
	static const char routed[] = B(IP("10.5.0.1", "16") IP6("fd00:5::1", "64")
					       ROUTE("10.7.0.0", "16", "10.5.0.9"));
	static const char by_gone[] = B("<forward mode='nat' dev='gone'/>" IP("10.5.0.1", "16"));
	static const char by_eth[] = B("<forward mode='nat' dev='eth0'/>" IP("10.5.0.1", "16"));
	static const char beside[] = A(IP("10.5.9.1", "24") ROUTE("10.7.0.0", "16", "10.5.9.9"));
	static const struct {
		const char *prefix, *old, *mine;
		int ifindex;
		bool via;
		enum vnm_err code;
		const char *warning;
	} cases[] = {
		/* The same subnets: not a word, whatever came. */
		{ "10.0.0.0/8", one, one, 2, false, VNM_ERR_NONE, NULL },
		{ "10.0.0.0/8", one, one, 2, true, VNM_ERR_NONE, NULL },
		{ "10.0.0.0/8", one, one, 7, false, VNM_ERR_NONE, NULL },
		{ "10.5.0.0/16", one, one, 2, false, VNM_ERR_NONE, NULL },
		{ "10.5.1.0/25", one, one, 2, true, VNM_ERR_NONE, NULL },
		{ "fd00::/16", one, one, 2, false, VNM_ERR_NONE, NULL },
		{ "fd00:5::7/128", one, one, 7, false, VNM_ERR_NONE, NULL },
		{ "10.7.0.0/16", routed, routed, 2, true, VNM_ERR_NONE, NULL },
		/* Less than there was. */
		{ "10.6.0.0/16", two, one, 2, false, VNM_ERR_NONE, NULL },
		{ "10.7.0.0/16", routed, one, 2, false, VNM_ERR_NONE, NULL },
		/* Another one: that only. */
		{ "10.6.0.0/16", one, two, 2, false, VNM_ERR_SUBNET_IN_USE, NULL },
		{ "10.5.0.0/16", one, two, 2, false, VNM_ERR_NONE, NULL },
		{ "10.0.0.0/8", one, two, 2, true, VNM_ERR_NONE, "subnet 10.6.0.0/16" },
		{ "10.0.0.0/8", one, two, 7, false, VNM_ERR_NONE, "subnet 10.6.0.0/16" },
		{ "10.7.0.0/16", one, routed, 2, true, VNM_ERR_SUBNET_IN_USE, NULL },
		{ "10.5.0.0/16", B(IP("10.5.0.1", "17")), one, 2, false, VNM_ERR_SUBNET_IN_USE,
		  NULL },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		struct vnm_fact_route route =
			host_route(cases[i].prefix, cases[i].ifindex, cases[i].via);

		check_change(cases[i].old, cases[i].mine, &route, NULL, cases[i].code,
			     cases[i].warning);
	}
	check_change(routed, routed, NULL, beside, VNM_ERR_NONE, NULL);
	check_change(B(IP("10.8.0.1", "16")), one, NULL, beside, VNM_ERR_SUBNET_IN_USE, NULL);
	check_change(one, routed, NULL, A(ROUTE("10.7.0.0", "16", "10.9.9.9")),
		     VNM_ERR_SUBNET_IN_USE, NULL);
	/* A missing forward device is warned of once. */
	check_change(by_gone, by_gone, NULL, NULL, VNM_ERR_NONE, NULL);
	check_change(by_eth, by_gone, NULL, NULL, VNM_ERR_NONE, "device 'gone' only");
}

const struct vnm_test vnm_tests[] = {
	{ "changes", changes },
	{ 0 },
};
