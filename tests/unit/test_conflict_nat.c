/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_conflict_nat.c - port forwardings against those of other networks, and against services of the host. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/conflict/conflict.h"
#include "plan/conflict/conflict_listen.h"
#include "plan/conflict/conflict_nat.h"
#include "plan/conflict/other_net.h"
#include "util/mem.h"
#include "xml/network_xml.h"

const char vnm_suite[] = "conflict_nat";

static void load(const char *xml, struct vnm_network *net)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_network_xml_parse(xml, strlen(xml), "t.xml", net, &err), err);
}

#define FORWARDING(name, subnet, entry)                                              \
	"<network xmlns:vnm='urn:vnetmgr:network:1'><name>" name "</name><forward/>" \
	"<ip address='10.0." subnet ".1' prefix='24'/>" entry "</network>"
#define TO(to, rest) "<vnm:portForward to='" to "' " rest "/>"

/* Defined beside @other: one of the two, and each port forwarding that both have is named. */
static void expect_warned(const struct vnm_network *net, const struct vnm_other_net *other,
			  bool warned)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK(vnm_conflict_define(net, other, 1, &warnings, &err), err);
	VNM_ASSERT_INT_EQ(warnings.n, warned);
	CU_ASSERT(!warned || strstr(warnings.items[0], "leads into network 'b', and into network "
						       "'a': only one of them can be active"));
	vnm_warnings_clear(&warnings);
}

/* May B forward its port beside A's? Every kind of overlap, and what is none. */
static void forwardings(void)
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
			vnm_asprintf(FORWARDING("a", "1", TO("10.0.1.5", "%s")), cases[i].a);
		vnm_autofree char *xb =
			vnm_asprintf(FORWARDING("b", "2", TO("10.0.2.5", "%s")), cases[i].b);
		vnm_autonetwork struct vnm_network a = { 0 }, b = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_other_net other = { &a, false };
		int r = cases[i].clash ? -EADDRINUSE : 0;

		load(xa, &a);
		load(xb, &b);
		/* Two that are not both active have nothing to quarrel about; a definition is warned of. */
		VNM_ASSERT_INT_EQ(vnm_conflict_forwards(&b, NULL, &other, 1, &err), 0);
		expect_warned(&b, &other, cases[i].clash);
		other.active = true;
		VNM_ASSERT_INT_EQ(vnm_conflict_forwards(&b, NULL, &other, 1, &err), r);
		CU_ASSERT(!cases[i].clash || strstr(err.msg, "network 'a'"));
		VNM_ASSERT_INT_EQ(vnm_conflict_forwards(&b, &b, &other, 1, &err), 0);
		expect_warned(&b, &other, cases[i].clash);
	}
}

#define ONE_TO_ONE(outside, inside) "<vnm:staticNat outside='" outside "' inside='" inside "'/>"

/* An address that is one guest's as a whole is no other network's in part; what was there before is not asked again. */
static void addresses(void)
{
	static const char whole[] = FORWARDING("a", "1", ONE_TO_ONE("203.0.113.9", "10.0.1.5"));
	static const char twice[] = FORWARDING("b", "2", ONE_TO_ONE("203.0.113.9", "10.0.2.5"));
	static const char part[] =
		FORWARDING("c", "3", TO("10.0.3.5", "proto='tcp' port='80' address='203.0.113.9'"));
	static const char apart[] = FORWARDING("d", "4", ONE_TO_ONE("203.0.113.8", "10.0.4.5"));
	static const struct {
		const char *a, *b;
		bool clash;
	} cases[] = {
		{ whole, twice, true },	 { whole, part, true },	 { part, whole, true },
		{ whole, apart, false }, { apart, part, false },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autonetwork struct vnm_network a = { 0 }, b = { 0 };
		struct vnm_error err = { 0 };
		struct vnm_other_net other = { &a, true };

		load(cases[i].a, &a);
		load(cases[i].b, &b);
		VNM_ASSERT_INT_EQ(vnm_conflict_forwards(&b, NULL, &other, 1, &err),
				  cases[i].clash ? -EADDRINUSE : 0);
		VNM_ASSERT_INT_EQ(vnm_conflict_forwards(&b, &b, &other, 1, &err), 0);
	}
}

#define HOSTS "203.0.113.1" /* the host has it, and fd00::1; all others are only routed to it */

static struct vnm_addr addr(const char *text)
{
	struct vnm_addr ret = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(text, &ret), 0);
	return ret;
}

/* One forwarded port, and what listens: sshd at @one, and at @another as well, if not NULL. */
static int ask_host(const char *entry, enum vnm_proto proto, const char *one, const char *another,
		    struct vnm_warnings *warnings, struct vnm_error *err)
{
	vnm_autofree char *xml =
		vnm_asprintf("<network xmlns:vnm='urn:vnetmgr:network:1'><name>a</name><forward/>"
			     "<ip address='10.0.1.1' prefix='24'/>"
			     "<ip family='ipv6' address='fd00:1::1' prefix='64'/>%s</network>",
			     entry);
	struct vnm_fact_address addresses[] = {
		{ .prefix = { addr(HOSTS), 24 } },
		{ .prefix = { addr("fd00::1"), 64 } },
	};
	struct vnm_fact_listener listeners[] = {
		{ .proto = proto, .addr = addr(one), .port = 80, .process = (char *)"sshd" },
		{ .proto = proto,
		  .addr = addr(another ? another : one),
		  .port = 80,
		  .process = (char *)"sshd" },
	};
	struct vnm_facts facts = { .addresses = addresses,
				   .n_addresses = 2,
				   .listeners = listeners,
				   .n_listeners = another ? 2 : 1 };
	vnm_autonetwork struct vnm_network a = { 0 };
	struct vnm_error none = { 0 };
	int r;

	load(xml, &a);
	/* What was there before is not asked again. */
	VNM_ASSERT_INT_EQ(vnm_conflict_listener(&a, &a, &listeners[0]), VNM_LOSS_NONE);
	VNM_ASSERT_OK(vnm_conflict_listeners(&a, &a, &facts, warnings, &none), none);
	VNM_ASSERT_INT_EQ(warnings->n, 0);
	r = vnm_conflict_listeners(&a, NULL, &facts, warnings, err);
	if (r < 0)
		VNM_ASSERT_INT_EQ(vnm_conflict_listener(&a, NULL, &listeners[0]), VNM_LOSS_ALL);
	return r;
}

static void expect_host(const char *entry, const char *one, const char *another, bool refused,
			bool warned)
{
	struct vnm_warnings warnings = { 0 };
	struct vnm_error err = { 0 };
	bool is_static = strstr(entry, "staticNat");
	int r = ask_host(entry, VNM_PROTO_TCP, one, another, &warnings, &err);

	if (r != (refused ? -EADDRINUSE : 0) || warnings.n != warned)
		printf("\n%s and %s, %s: %s, %zu warnings\n", entry, one, another ? another : "-",
		       err.msg, warnings.n);
	VNM_ASSERT_INT_EQ(r, refused ? -EADDRINUSE : 0);
	VNM_ASSERT_INT_EQ(warnings.n, warned);
	CU_ASSERT(!refused || strstr(err.msg, "sshd listens on"));
	CU_ASSERT(!warned || (warnings.n && strstr(warnings.items[0], "sshd")));
	vnm_warnings_clear(&warnings);
	err = (struct vnm_error){ 0 };
	/* The other protocol is another matter, but not where all of them go. */
	r = ask_host(entry, VNM_PROTO_UDP, one, another, &warnings, &err);
	VNM_ASSERT_INT_EQ(r, refused && is_static ? -EADDRINUSE : 0);
	VNM_ASSERT_INT_EQ(warnings.n, warned && is_static);
	vnm_warnings_clear(&warnings);
}

#define FORWARD(rest) TO("10.0.1.5", "proto='tcp' " rest)
#define FORWARD6(rest) TO("fd00:1::5", "proto='tcp' " rest)
#define STATIC(outside) ONE_TO_ONE(outside, "10.0.1.5")
#define STATIC6(outside) ONE_TO_ONE(outside, "fd00:1::5")

/* Would a service of the host lose what it listens for: all of it, an address, nothing? */
static void listeners(void)
{
	static const struct {
		const char *entry, *one, *another;
		bool refused, warned;
	} cases[] = {
		{ FORWARD("port='80'"), "0.0.0.0", NULL, true, false },
		{ FORWARD("port='81'"), "0.0.0.0", NULL, false, false },
		{ FORWARD("port='79-81'"), "::", NULL, true, false },
		{ FORWARD("port='80'"), "fd00::1", NULL, false, false },
		{ FORWARD("port='80'"), "127.0.0.1", NULL, true, false },
		{ FORWARD("port='80' dev='eth0'"), "127.0.0.1", NULL, false, false },
		{ FORWARD("port='80' dev='eth0'"), HOSTS, NULL, true, false },
		{ FORWARD("port='80' dev='eth0'"), "0.0.0.0", NULL, true, false },
		{ FORWARD6("port='80'"), "::", NULL, true, false },
		{ FORWARD6("port='80'"), "0.0.0.0", NULL, false, false },
		{ FORWARD6("port='80'"), "::1", NULL, false, false },
		/* Elsewhere does not help one that is for all addresses. */
		{ FORWARD("port='80'"), HOSTS, "203.0.113.2", true, false },
		/* For one address. */
		{ FORWARD("port='80' address='203.0.113.1'"), HOSTS, NULL, true, false },
		{ FORWARD("port='80' address='203.0.113.1'"), "203.0.113.2", NULL, false, false },
		{ FORWARD("port='80' address='203.0.113.1'"), "0.0.0.0", NULL, false, true },
		{ FORWARD("port='80' address='203.0.113.1'"), "::", NULL, false, true },
		{ FORWARD("port='80' address='203.0.113.1'"), "0.0.0.0", "::", false, true },
		{ FORWARD("port='80' address='203.0.113.1'"), HOSTS, "203.0.113.2", false, true },
		{ FORWARD("port='80' address='203.0.113.1'"), HOSTS, "127.0.0.1", true, false },
		{ FORWARD("port='80' address='203.0.113.1'"), HOSTS, "fd00::1", true, false },
		{ FORWARD("port='80' address='127.0.0.1'"), "0.0.0.0", NULL, false, true },
		{ FORWARD("port='80' address='127.0.0.1'"), "127.0.0.1", NULL, true, false },
		{ FORWARD6("port='80' address='fd00::1'"), "::", NULL, false, true },
		{ FORWARD6("port='80' address='fd00::1'"), "0.0.0.0", NULL, false, false },
		{ FORWARD6("port='80' address='fd00::1'"), "fd00::1", NULL, true, false },
		/* One that is only routed to the host was nobody's. */
		{ FORWARD("port='80' address='203.0.113.9'"), "0.0.0.0", NULL, false, false },
		{ FORWARD6("port='80' address='fd00::9'"), "::", NULL, false, false },
		/* All ports of an address. */
		{ STATIC("203.0.113.1"), HOSTS, NULL, true, false },
		{ STATIC("203.0.113.1"), HOSTS, "203.0.113.2", false, true },
		{ STATIC("203.0.113.1"), "0.0.0.0", NULL, false, true },
		{ STATIC("203.0.113.1"), "0.0.0.0", "::", false, true },
		{ STATIC("203.0.113.1"), "203.0.113.2", NULL, false, false },
		{ STATIC("203.0.113.1"), "127.0.0.1", NULL, false, false },
		{ STATIC("203.0.113.9"), "0.0.0.0", NULL, false, false },
		{ STATIC6("fd00::1"), "fd00::1", NULL, true, false },
		{ STATIC6("fd00::1"), "::", NULL, false, true },
		{ STATIC6("fd00::1"), "0.0.0.0", NULL, false, false },
		{ STATIC6("fd00::9"), "::", NULL, false, false },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++)
		expect_host(cases[i].entry, cases[i].one, cases[i].another, cases[i].refused,
			    cases[i].warned);
}

const struct vnm_test vnm_tests[] = {
	{ "forwardings", forwardings },
	{ "addresses", addresses },
	{ "listeners", listeners },
	{ 0 },
};
