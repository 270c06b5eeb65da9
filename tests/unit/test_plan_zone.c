/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plan_zone.c - which zone of firewalld's a bridge gets: its own, one for its mode, or none and a warning. */
#include "runner.h"

#include <string.h>

#include "plan/facts.h"
#include "plan/plan_zone.h"
#include "util/mem.h"

const char vnm_suite[] = "plan_zone";

#define OURS "vnetmgr vnetmgr-routed "
#define THEIRS "libvirt libvirt-routed "

static char net_name[] = "lab", bridge_name[] = "br7", own_zone[] = "work", no_zone[] = "";

/** struct zone_case - @has: firewalld's zones, each followed by a blank; NULL: it does not run. @gets: NULL: none. */
struct zone_case {
	enum vnm_forward_mode mode;
	char *own;
	const char *has, *gets;
	bool warns;
};

/* clang-format off */
static const struct zone_case cases[] = {
	{ VNM_FORWARD_NAT,    NULL,     THEIRS OURS,        "vnetmgr" },
	{ VNM_FORWARD_NONE,   NULL,     THEIRS OURS,        "vnetmgr" },
	{ VNM_FORWARD_ROUTE,  NULL,     THEIRS OURS,        "vnetmgr-routed" },
	{ VNM_FORWARD_NAT,    NULL,     "work " THEIRS,     "libvirt" },
	{ VNM_FORWARD_NONE,   NULL,     THEIRS,             "libvirt" },
	{ VNM_FORWARD_ROUTE,  NULL,     "vnetmgr " THEIRS,  "libvirt-routed" },
	{ VNM_FORWARD_ROUTE,  NULL,     "libvirt vnetmgr ", "vnetmgr" },
	{ VNM_FORWARD_ROUTE,  NULL,     "libvirt ",         "libvirt" },
	{ VNM_FORWARD_NAT,    NULL,     "vnetmgr-routed ",  NULL, true },
	{ VNM_FORWARD_NONE,   NULL,     "work ",            NULL, true },
	{ VNM_FORWARD_ROUTE,  no_zone,  "",                 NULL, true },
	{ VNM_FORWARD_OPEN,   NULL,     THEIRS OURS,        NULL },
	{ VNM_FORWARD_BRIDGE, NULL,     THEIRS OURS,        NULL },
	{ VNM_FORWARD_NAT,    NULL,     NULL,               NULL },
	{ VNM_FORWARD_NAT,    no_zone,  OURS,               "vnetmgr" },
	{ VNM_FORWARD_NAT,    own_zone, OURS,               "work" },
	{ VNM_FORWARD_OPEN,   own_zone, NULL,               "work" },
};
/* clang-format on */

static void note_zones(const char *names, struct vnm_facts *facts)
{
	facts->firewalld = names;
	for (const char *end; names && *names; names = end + 1) {
		vnm_autofree char *name = NULL;

		end = strchr(names, ' ');
		name = vnm_strndup(names, (size_t)(end - names));
		vnm_facts_add_zone(facts, name);
	}
}

static struct vnm_network make(enum vnm_forward_mode mode, char *zone)
{
	return (struct vnm_network){
		.name = net_name,
		.bridge = { .at = { true, 2 }, .name = bridge_name, .zone = zone },
		.forward = { .at.present = mode != VNM_FORWARD_NONE, .mode = mode },
	};
}

static void check(const struct zone_case *test)
{
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	const struct vnm_network net = make(test->mode, test->own);
	vnm_autoplan struct vnm_plan plan = { 0 };
	struct vnm_warnings warnings = { 0 };

	note_zones(test->has, &facts);
	vnm_plan_zone(&net, &facts, &plan);
	vnm_zone_warn(&net, &facts, &warnings);
	VNM_ASSERT_INT_EQ_FATAL(plan.n, test->gets ? 1 : 0);
	VNM_ASSERT_INT_EQ_FATAL(warnings.n, test->warns ? 1 : 0);
	if (test->gets) {
		VNM_ASSERT_STR_EQ(plan.ops[0].zone.zone, test->gets);
		VNM_ASSERT_STR_EQ(plan.ops[0].zone.dev, bridge_name);
		VNM_ASSERT_INT_EQ(plan.ops[0].zone.by_default, test->own != own_zone);
	}
	if (test->warns) {
		CU_ASSERT_PTR_NOT_NULL(strstr(warnings.items[0], "network 'lab'"));
		CU_ASSERT_PTR_NOT_NULL(strstr(warnings.items[0], "firewall-cmd --reload"));
	}
	vnm_warnings_clear(&warnings);
}

static void test_choice(void)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		check(&cases[i]);
}

/* What a network came up with is what it stays with, when firewalld was not asked. */
static void test_recall(void)
{
	struct vnm_facts asked __attribute__((cleanup(vnm_facts_clear))) = { .firewalld = true };
	struct vnm_facts facts __attribute__((cleanup(vnm_facts_clear))) = { 0 };
	struct vnm_network net = make(VNM_FORWARD_NAT, own_zone);
	vnm_autoplan struct vnm_plan named = { 0 }, chosen = { 0 };

	vnm_plan_zone(&net, &facts, &named);
	vnm_facts_recall_zone(&facts, &named);
	VNM_ASSERT_INT_EQ(facts.n_zones, 0);
	net.bridge.zone = NULL;
	vnm_facts_add_zone(&facts, "libvirt");
	vnm_plan_zone(&net, &facts, &chosen);
	vnm_facts_clear(&facts);
	vnm_facts_recall_zone(&facts, &chosen);
	CU_ASSERT_TRUE(vnm_facts_has_zone(&facts, "libvirt"));
	vnm_facts_recall_zone(&asked, &chosen);
	CU_ASSERT_FALSE(vnm_facts_has_zone(&asked, "libvirt"));
}

const struct vnm_test vnm_tests[] = {
	{ "choice", test_choice },
	{ "recall", test_recall },
	{ 0 },
};
