/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_outline.c - which networks need not be looked at; that no conflict is missed, test_conflict.c checks with each of its own. */
#include "runner.h"

#include <string.h>

#include "conflict_input.h"
#include "plan/conflict/outline.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "outline";

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

static bool may_conflict(const struct vnm_network *net, const struct vnm_network *other)
{
	vnm_autooutline struct vnm_outline outline = { 0 };

	vnm_outline_of(other, &outline);
	return vnm_outline_may_conflict(net, &outline);
}

static void outlines(void)
{
	static const char *const damaged[] = { "",	    "-",
					       "- -",	    "x - -",
					       "- - maybe", "- - - 10.0.0.0",
					       "- br 0 -",  UUID_A " br0 - 10.0.0.0/8 " };
	static const struct {
		const char *mine;
		bool may;
	} cases[] = {
		{ B(IP("192.168.133.1", "24") IP6("2001:db8:2::1", "64")), false },
		{ B(IP("192.168.132.1", "24") IP6("2001:db8:1::9", "64")), true },
		{ B(IP("192.168.0.1", "16")), true },
		{ B(IP6("fe80::1", "64")), false }, /* link-local */
		{ NET("b", UUID_A, "<bridge name='brb'/>"), true },
		{ NET("b", UUID_B, "<bridge name='bra'/>"), true },
		{ BRIDGED("b", UUID_B, "bra"), true },
		{ NET("b", UUID_B, ""), true }, /* whatever name its bridge will get */
		{ NET("b", UUID_B, "<bridge name='br%d'/>"), true },
		{ B("<vnm:overlay xmlns:vnm='urn:vnetmgr:network:1' vni='7' "
		    "local='10.0.0.1'/>"),
		  true }, /* its VNI is not in the outline */
		{ NET("b", UUID_B, "<forward mode='passthrough'><interface dev='eth9'/></forward>"),
		  false },
	};
	vnm_autonetwork struct vnm_network a = { 0 };
	struct vnm_outline outline;

	load(A(IP("192.168.132.1", "24") IP6("2001:db8:1::1", "64") IP6("fe80::2", "64")), &a);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autonetwork struct vnm_network net = { 0 };

		load(cases[i].mine, &net);
		VNM_ASSERT_INT_EQ(may_conflict(&net, &a), cases[i].may);
	}
	for (size_t i = 0; i < VNM_ARRAY_SIZE(damaged); i++)
		CU_ASSERT(vnm_outline_parse(damaged[i], &outline) < 0);
}

const struct vnm_test vnm_tests[] = {
	{ "outlines", outlines },
	{ 0 },
};
