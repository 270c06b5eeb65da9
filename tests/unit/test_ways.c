/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ways.c - whose is a way into a network: another network's, or a service's of the host. */
#include "runner.h"

#include <errno.h>
#include <string.h>

#include "plan/plan.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "ways";

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

#define WAYS(name, subnet, ways)                                                     \
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>" name "</name><forward/>" \
	"<ip address='10.0." subnet ".1' prefix='24'/>" ways "</network>"
#define TO(to, rest) "<vnm:portForward to='" to "' " rest "/>"

/* Is B's way in free beside A's? Every kind of overlap, and what is none. */
static void ways(void)
{
	static const struct {
		const char *a, *b;
		bool clash;
	} cases[] = {
		{ "proto='tcp' port='80'", "proto='tcp' port='80'", true },
		{ "proto='tcp' port='80'", "proto='udp' port='80'", false },
		{ "proto='tcp' port='80'", "proto='tcp' port='81'", false },
		{ "proto='tcp' port='80-90'", "proto='tcp' port='90-99'", true },
		{ "proto='tcp' port='80-90'", "proto='tcp' port='91-99'", false },
		{ "proto='tcp' port='1-65535'", "proto='tcp' port='7'", true },
		{ "proto='tcp' port='80'", "proto='tcp' port='80' address='203.0.113.1'", true },
		{ "proto='tcp' port='80' address='203.0.113.2'",
		  "proto='tcp' port='80' address='203.0.113.1'", false },
		{ "proto='tcp' port='80' dev='eth0'", "proto='tcp' port='80' dev='eth1'", false },
		{ "proto='tcp' port='80' dev='eth0'", "proto='tcp' port='80'", true },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *xa =
			vnm_asprintf(WAYS("a", "1", TO("10.0.1.5", "%s")), cases[i].a);
		vnm_autofree char *xb =
			vnm_asprintf(WAYS("b", "2", TO("10.0.2.5", "%s")), cases[i].b);
		vnm_autonetwork struct vnm_network a = { 0 }, b = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_peer peer = { &a, false };
		int r = cases[i].clash ? -EADDRINUSE : 0;

		load(xa, &a);
		load(xb, &b);
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, NULL, &peer, 1, false, &err), r);
		CU_ASSERT(!cases[i].clash || strstr(err.msg, "network 'a'"));
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, NULL, &peer, 1, true, &err), 0);
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, &b, &peer, 1, false, &err), 0);
		peer.active = true;
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, NULL, &peer, 1, true, &err), r);
	}
}

#define ONE_TO_ONE(outside, inside) "<vnm:staticNat outside='" outside "' inside='" inside "'/>"

/* An address that is one guest's as a whole is no other network's in part; what was there before is not asked again. */
static void addresses(void)
{
	static const char whole[] = WAYS("a", "1", ONE_TO_ONE("203.0.113.9", "10.0.1.5"));
	static const char twice[] = WAYS("b", "2", ONE_TO_ONE("203.0.113.9", "10.0.2.5"));
	static const char part[] =
		WAYS("c", "3", TO("10.0.3.5", "proto='tcp' port='80' address='203.0.113.9'"));
	static const char other[] = WAYS("d", "4", ONE_TO_ONE("203.0.113.8", "10.0.4.5"));
	static const struct {
		const char *a, *b;
		bool clash;
	} cases[] = {
		{ whole, twice, true },	 { whole, part, true },	 { part, whole, true },
		{ whole, other, false }, { other, part, false },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autonetwork struct vnm_network a = { 0 }, b = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_peer peer = { &a, true };

		load(cases[i].a, &a);
		load(cases[i].b, &b);
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, NULL, &peer, 1, true, &err),
				  cases[i].clash ? -EADDRINUSE : 0);
		VNM_ASSERT_INT_EQ(vnm_conflict_ways(&b, &b, &peer, 1, true, &err), 0);
	}
}

/* Would a service of the host lose what it listens for? */
static void listeners(void)
{
	static const struct {
		const char *forward, *addr;
		uint16_t port;
		bool clash;
	} cases[] = {
		{ "port='80'", "0.0.0.0", 80, true },
		{ "port='80'", "0.0.0.0", 81, false },
		{ "port='79-81'", "::", 80, true },
		{ "port='80'", "fd00::1", 80, false },
		{ "port='80'", "127.0.0.1", 80, true },
		{ "port='80' dev='eth0'", "127.0.0.1", 80, false },
		{ "port='80' dev='eth0'", "203.0.113.1", 80, true },
		{ "port='80' address='203.0.113.1'", "203.0.113.1", 80, true },
		{ "port='80' address='203.0.113.1'", "203.0.113.2", 80, false },
		{ "port='80' address='203.0.113.1'", "0.0.0.0", 80, true },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *xml = vnm_asprintf(
			WAYS("a", "1", TO("10.0.1.5", "proto='tcp' %s")), cases[i].forward);
		struct vnm_fact_listener listener = { .proto = VNM_PROTO_TCP,
						      .port = cases[i].port,
						      .process = (char *)"sshd (process 7)" };
		vnm_autonetwork struct vnm_network a = { 0 };
		struct vnm_error err = { 0 };

		load(xml, &a);
		VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(cases[i].addr, &listener.addr), 0);
		VNM_ASSERT_INT_EQ(vnm_conflict_listener(&a, NULL, &listener, &err),
				  cases[i].clash ? -EADDRINUSE : 0);
		CU_ASSERT(!cases[i].clash || strstr(err.msg, "sshd (process 7) listens on"));
		VNM_ASSERT_INT_EQ(vnm_conflict_listener(&a, &a, &listener, &err), 0);
		listener.proto = VNM_PROTO_UDP;
		VNM_ASSERT_INT_EQ(vnm_conflict_listener(&a, NULL, &listener, &err), 0);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "ways", ways },
	{ "addresses", addresses },
	{ "listeners", listeners },
	{ 0 },
};
