/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_conflict_uplink.c - can a device of the host be enslaved to a bridge? */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "plan/conflict/conflict_start.h"
#include "plan/conflict/other_net.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "conflict_uplink";

#define NET(name, rest) "<network><name>" name "</name>" rest "</network>"
#define UPLINK(bridge) \
	"<forward mode='bridge'/><bridge name='" bridge "'/>" \
	"<vnm:uplink xmlns:vnm='urn:vnetmgr:network:1' dev='eth0'/>"
#define IP "<ip address='10.0.0.1' prefix='24'/>"
#define MAC_ETH { true, { 2, 0, 0, 0, 0, 1 } }

/** struct device_case - the state of the device, and the message about it. */
struct device_case {
	struct vnm_fact_link link, other;
	struct vnm_fact_uplink uplink;
	enum vnm_err code;
	const char *part;
};

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

static void expect(const struct device_case *c, int r, const struct vnm_error *err,
		   const struct vnm_warnings *warnings)
{
	const char *message = r < 0 ? err->msg : warnings->n ? warnings->items[0] : "";

	VNM_ASSERT_INT_EQ(err->code, c->code);
	VNM_ASSERT_INT_EQ(r < 0, c->code != VNM_ERR_NONE);
	VNM_ASSERT_INT_EQ(warnings->n, r == 0 && c->part != NULL);
	if (c->part && !strstr(message, c->part))
		printf("\n'%s' does not say '%s'\n", message, c->part);
	CU_ASSERT(!c->part || strstr(message, c->part));
}

static void ask_uplink(const struct device_case *c, const char *other_xml)
{
	struct vnm_fact_link links[] = { c->link, c->other };
	struct vnm_fact_uplink uplink = c->uplink;
	struct vnm_facts facts = {
		.links = links, .n_links = 2, .uplinks = &uplink, .n_uplinks = 1,
	};
	vnm_autonetwork struct vnm_network net = { 0 }, other = { 0 };
	struct vnm_other_net other_net = { &other, true };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	int r;

	load(NET("wan", UPLINK("br-wan")), &net);
	if (other_xml)
		load(other_xml, &other);
	r = vnm_conflict_start(INPUT(&net, &facts, NULL), NULL, &other_net, other_xml != NULL,
			       &warnings, &err);
	expect(c, r, &err, &warnings);
	vnm_warnings_clear(&warnings);
	/* One that is there already is not asked about again: it is a port now, whatever became of it. */
	r = vnm_conflict_start(INPUT(&net, &facts, NULL), &net, &other_net, other_xml != NULL,
			       &warnings, &err);
	VNM_ASSERT_INT_EQ(r, c->link.name[0] ? 0 : -EINVAL);
	VNM_ASSERT_INT_EQ(warnings.n, 0);
}

#define DOWN { .index = 2, .name = "eth0", .mac = MAC_ETH }
#define ETH(...) { .index = 2, .name = "eth0", .up = true, .mac = MAC_ETH, __VA_ARGS__ }
#define UNPLUGGED { .dev = "eth0" }
#define UP(...) { .dev = "eth0", .carrier = true, __VA_ARGS__ }
#define BR(named, ...) { .index = 3, .name = named, .kind = "bridge", __VA_ARGS__ }

static void uplinks(void)
{
	static const struct device_case cases[] = {
		{ .link = ETH(), .uplink = UP() },
		{ .link = { 0 }, .uplink = UP(), .code = VNM_ERR_NO_DEVICE,
		  .part = "does not exist" },
		{ .link = ETH(.kind = "bridge"), .uplink = UP(), .code = VNM_ERR_NO_DEVICE,
		  .part = "is a bridge itself" },
		{ .link = ETH(.master = 3), .other = BR("br9"), .uplink = UP(),
		  .code = VNM_ERR_FOREIGN, .part = "belongs to 'br9' already" },
		{ .link = ETH(.master = 3), .other = BR("br-wan", .mac = MAC_ETH), .uplink = UP() },
		{ .link = ETH(), .other = BR("br-wan", .mac = MAC_ETH), .uplink = UP(),
		  .code = VNM_ERR_FOREIGN, .part = "'br-wan' already exists" },
		{ .link = DOWN, .uplink = UP(), .code = VNM_ERR_NO_DEVICE,
		  .part = "is down" },
		{ .link = ETH(), .uplink = UNPLUGGED, .code = VNM_ERR_NO_DEVICE,
		  .part = "has no carrier" },
		{ .link = ETH(), .uplink = UP(.wireless = true), .code = VNM_ERR_NO_DEVICE,
		  .part = "is wireless" },
		{ .link = ETH(), .uplink = UP(.loopback = true), .code = VNM_ERR_NO_DEVICE,
		  .part = "is no Ethernet device" },
		{ .link = ETH(), .uplink = UP(.shared_hops = true), .code = VNM_ERR_NO_DEVICE,
		  .part = "shared next hops" },
		{ .link = ETH(), .uplink = UP(.managers = 1u << VNM_MANAGER_NETWORKMANAGER),
		  .part = "nmcli device set DEVICE managed no" },
		{ .link = ETH(), .uplink = UP(.managers = 1u << VNM_MANAGER_NETWORKD),
		  .part = "Unmanaged=yes" },
		{ .link = ETH(), .uplink = UP(.managers = 1u << VNM_MANAGER_IFUPDOWN),
		  .part = "inet manual" },
		{ .link = ETH(), .uplink = UP(.managers = 1u << VNM_MANAGER_DHCLIENT),
		  .part = "dhclient" },
		{ .link = ETH(), .uplink = UP(.managers = 1u << VNM_MANAGER_DHCPCD),
		  .part = "denyinterfaces" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		ask_uplink(&cases[i], NULL);
}

static void uplink_users(void)
{
	const struct device_case free_one = { .link = ETH(), .uplink = UP() };
	const struct device_case taken = { .link = ETH(), .uplink = UP(),
					   .code = VNM_ERR_BRIDGE_IN_USE,
					   .part = "in use by active network 'a'" };

	ask_uplink(&taken, NET("a", "<forward mode='nat' dev='eth0'/>" IP));
	ask_uplink(&taken, NET("a", "<forward mode='private'><interface dev='eth1'/>"
				    "<interface dev='eth0'/></forward>"));
	ask_uplink(&taken, NET("a", UPLINK("br-a")));
	ask_uplink(&free_one, NET("a", "<forward mode='nat' dev='eth1'/>" IP));
}

#define POOL "<forward mode='private'><interface dev='eth1'/><interface dev='eth0'/></forward>"

static void ask_pool(const char *old_xml, const struct vnm_fact_link *bridge, const char *other_xml,
		     const char *part)
{
	struct vnm_fact_link links[] = { ETH(.master = bridge ? bridge->index : 0),
					 bridge ? *bridge : (struct vnm_fact_link){ 0 } };
	struct vnm_facts facts = { .links = links, .n_links = 2 };
	vnm_autonetwork struct vnm_network net = { 0 }, other = { 0 }, old = { 0 };
	struct vnm_other_net other_net = { &other, true };
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	int r;

	load(NET("p", POOL), &net);
	if (old_xml)
		load(old_xml, &old);
	if (other_xml)
		load(other_xml, &other);
	r = vnm_conflict_start(INPUT(&net, &facts, NULL), old_xml ? &old : NULL, &other_net,
			       other_xml != NULL, &warnings, &err);
	VNM_ASSERT_INT_EQ(r, part ? -EBUSY : 0);
	VNM_ASSERT_INT_EQ(err.code, part ? VNM_ERR_BRIDGE_IN_USE : VNM_ERR_NONE);
	CU_ASSERT(!part || strstr(err.msg, part));
}

static void pools(void)
{
	static const struct vnm_fact_link br = BR("br-wan"), bond = { .index = 3, .kind = "bond" };

	ask_pool(NULL, NULL, NULL, NULL);
	ask_pool(NULL, &br, NULL, "'eth0' of network 'p' is on bridge 'br-wan', ");
	ask_pool(NULL, &br, NET("wan", UPLINK("br-wan")),
		 "is the uplink of bridge 'br-wan' of active network 'wan', ");
	/* Both start together. */
	ask_pool(NULL, NULL, NET("wan", UPLINK("br-wan")), "destroy 'wan' first");
	ask_pool(NULL, &br, NET("b", "<forward mode='bridge'/><bridge name='br-wan'/>"),
		 "is on bridge 'br-wan' of active network 'b', ");
	ask_pool(NULL, NULL, NET("a", POOL), NULL);
	ask_pool(NET("p", POOL), &br, NULL, NULL);
	ask_pool(NULL, &bond, NULL, NULL);
}

const struct vnm_test vnm_tests[] = {
	{ "uplinks", uplinks },
	{ "uplink users", uplink_users },
	{ "pools", pools },
	{ 0 },
};
