/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_frr.c - what FRR is told, how it is taken back, and the part of frr.conf that is ours. */
#include "runner.h"

#include <stdlib.h>
#include <string.h>

#include "plan/frr_conf.h"
#include "plan/frr_text.h"
#include "util/mem.h"

const char vnm_suite[] = "frr";

static struct vnm_op_evpn host(const char *local)
{
	struct vnm_op_evpn evpn = { .asn = 65000, .index = 2 };

	vnm_addr_parse(local, &evpn.local);
	vnm_addr_parse("10.0.0.1", &evpn.reflector);
	vnm_prefix_parse("10.0.0.9/24", &evpn.listen);
	return evpn;
}

static char *fragment(const struct vnm_op_evpn *evpn)
{
	struct vnm_buf out = { 0 };

	vnm_frr_fragment(evpn, true, &out);
	return vnm_buf_steal(&out);
}

static char *undo(const char *old, const char *new)
{
	struct vnm_buf out = { 0 };

	vnm_frr_undo(old, new, &out);
	return out.data ? vnm_buf_steal(&out) : strdup("");
}

static void a_host(void)
{
	struct vnm_op_evpn evpn = host("10.0.0.2");
	vnm_autofree char *text = NULL;

	evpn.password = (char *)"secret";
	evpn.bfd = true;
	text = fragment(&evpn);
	CU_ASSERT_STRING_EQUAL(text, "bgp route-map delay-timer 0\n"
				     "route-map VNETMGR permit 10\n"
				     " set community 65000:2\n"
				     "exit\n"
				     "router bgp 65000\n"
				     " bgp router-id 10.0.0.2\n"
				     " no bgp default ipv4-unicast\n"
				     " timers bgp 3 9\n"
				     " coalesce-time 100\n"
				     " neighbor 10.0.0.1 remote-as 65000\n"
				     " neighbor 10.0.0.1 timers connect 1\n"
				     " neighbor 10.0.0.1 update-source 10.0.0.2\n"
				     " neighbor 10.0.0.1 password secret\n"
				     " neighbor 10.0.0.1 bfd\n"
				     " address-family l2vpn evpn\n"
				     "  neighbor 10.0.0.1 activate\n"
				     "  neighbor 10.0.0.1 route-map VNETMGR out\n"
				     "  advertise-all-vni\n"
				     " exit-address-family\n"
				     "exit\n");
}

static void a_reflector(void)
{
	struct vnm_op_evpn evpn = host("10.0.0.1");
	vnm_autofree char *text = NULL;

	evpn.index = 0;
	vnm_addr_parse("10.0.0.3", &evpn.reflector2);
	text = fragment(&evpn);
	CU_ASSERT_PTR_NULL(strstr(text, "route-map"));
	CU_ASSERT_PTR_NULL(strstr(text, "neighbor 10.0.0.1 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " neighbor 10.0.0.3 remote-as 65000\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "neighbor 10.0.0.3 route-reflector-client"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " bgp listen range 10.0.0.0/24 peer-group VNETMGR\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  neighbor VNETMGR route-reflector-client\n"));
}

/* An ASN of 32 bits has no community of that form: its remainder stands for it. */
static void a_large_asn(void)
{
	struct vnm_op_evpn evpn = host("10.0.0.2");
	vnm_autofree char *text = NULL;

	evpn.asn = 4200000000;
	text = fragment(&evpn);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "router bgp 4200000000\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " set community 58455:2\n"));
}

static void nothing_to_undo(void)
{
	struct vnm_op_evpn evpn = host("10.0.0.2");
	vnm_autofree char *text = fragment(&evpn), *none = undo(text, text), *all = NULL;

	CU_ASSERT_STRING_EQUAL(none, "");
	all = undo(text, "");
	CU_ASSERT_STRING_EQUAL(all, "no router bgp 65000\n"
				    "no route-map VNETMGR permit 10\n"
				    "no bgp route-map delay-timer\n");
}

static void one_line_of_many(void)
{
	struct vnm_op_evpn old = host("10.0.0.2"), new = old;
	vnm_autofree char *from = NULL, *to = NULL, *lines = NULL;

	old.bfd = true;
	new.index = 3;
	from = fragment(&old);
	to = fragment(&new);
	lines = undo(from, to);
	CU_ASSERT_STRING_EQUAL(lines, "router bgp 65000\n"
				      " no neighbor 10.0.0.1 bfd\n"
				      "exit\n"
				      "route-map VNETMGR permit 10\n"
				      " no set community 65000:2\n"
				      "exit\n");
}

static void what_stays(void)
{
	static const char old[] = "route-map M permit 10\nrouter bgp 1\n neighbor a bfd\n";
	static const char new[] = "router bgp 1\n";

	CU_ASSERT_TRUE(vnm_frr_leaves(old, "", "router bgp 1\n"));
	CU_ASSERT_TRUE(vnm_frr_leaves(old, "", "!\nroute-map M permit 10\nexit\n"));
	CU_ASSERT_TRUE(vnm_frr_leaves(old, new, "router bgp 1\n neighbor a bfd\n"));
	CU_ASSERT_FALSE(vnm_frr_leaves(old, new, "router bgp 1\n neighbor b bfd\n"));
	CU_ASSERT_FALSE(vnm_frr_leaves(old, "", "router bgp 2\n neighbor a bfd\n"));
	CU_ASSERT_FALSE(vnm_frr_leaves(old, old, old));
	CU_ASSERT_FALSE(vnm_frr_leaves("", "", old));
}

/* FRR takes two parts of one name for one. */
static void in_two_parts(void)
{
	static const char text[] = "router bgp 1\n neighbor a bfd\nexit\nrouter bgp 1\n"
				   " neighbor b bfd\nexit\n";
	vnm_autofree char *none = undo(text, text);
	vnm_autofree char *one = undo("router bgp 1\n neighbor b bfd\n", text);
	vnm_autofree char *other = undo("router bgp 1\n neighbor c bfd\n", text);

	CU_ASSERT_STRING_EQUAL(none, "");
	CU_ASSERT_STRING_EQUAL(one, "");
	CU_ASSERT_STRING_EQUAL(other, "router bgp 1\n no neighbor c bfd\nexit\n");
}

/* Its lines in the address family go first: without the neighbour they would be refused. */
static void another_reflector(void)
{
	struct vnm_op_evpn old = host("10.0.0.2"), new = old;
	vnm_autofree char *from = NULL, *to = NULL, *lines = NULL;

	old.index = new.index = 0;
	vnm_addr_parse("10.0.0.5", &new.reflector);
	from = fragment(&old);
	to = fragment(&new);
	lines = undo(from, to);
	CU_ASSERT_STRING_EQUAL(lines, "router bgp 65000\n"
				      " address-family l2vpn evpn\n"
				      "  no neighbor 10.0.0.1 activate\n"
				      " exit-address-family\n"
				      "exit\n"
				      "router bgp 65000\n"
				      " no neighbor 10.0.0.1 update-source 10.0.0.2\n"
				      "exit\n"
				      "router bgp 65000\n"
				      " no neighbor 10.0.0.1 timers connect 1\n"
				      "exit\n"
				      "router bgp 65000\n"
				      " no neighbor 10.0.0.1 remote-as 65000\n"
				      "exit\n");
}

/* As FRR prints it: other order, other lines between. */
static void as_it_runs(void)
{
	static const char running[] = "Building configuration...\n\nCurrent configuration:\n!\n"
				      "bgp route-map delay-timer 0\n!\n"
				      "router bgp 65000\n"
				      " neighbor 10.0.0.1 bfd\n"
				      " bgp router-id 10.0.0.2\n"
				      " neighbor 10.0.0.1 remote-as 65000\n"
				      " !\n"
				      " address-family l2vpn evpn\n"
				      "  advertise-all-vni\n"
				      " exit-address-family\n"
				      "exit\n!\nend\n";
	vnm_autofree char *none = undo("router bgp 65000\n neighbor 10.0.0.1 remote-as 65000\n"
				       " address-family l2vpn evpn\n  advertise-all-vni\n",
				       running);
	vnm_autofree char *other = undo("router bgp 65000\n neighbor 10.0.0.2 remote-as 65000\n"
					" address-family ipv4 unicast\n",
					running);

	CU_ASSERT_STRING_EQUAL(none, "");
	CU_ASSERT_STRING_EQUAL(other, "router bgp 65000\n no address-family ipv4 unicast\nexit\n"
				      "router bgp 65000\n no neighbor 10.0.0.2 remote-as 65000\n"
				      "exit\n");
}

static void our_part(void)
{
	static const char theirs[] = "# default\nlog syslog informational";
	vnm_autofree char *with = vnm_frr_conf_with(theirs, "router bgp 1\nexit\n");
	vnm_autofree char *part = vnm_frr_conf_part(with), *none = vnm_frr_conf_part(theirs);
	vnm_autofree char *other = vnm_frr_conf_with(with, "router bgp 2\nexit\n");
	vnm_autofree char *again = vnm_frr_conf_part(other), *back = vnm_frr_conf_with(other, "");
	vnm_autofree char *empty = vnm_frr_conf_with("", "");

	CU_ASSERT_EQUAL(strncmp(with, "# default\nlog syslog informational\n! vnetmgr: begin", 51),
			0);
	CU_ASSERT_STRING_EQUAL(part, "router bgp 1\nexit\n");
	CU_ASSERT_STRING_EQUAL(again, "router bgp 2\nexit\n");
	CU_ASSERT_STRING_EQUAL(none, "");
	CU_ASSERT_STRING_EQUAL(back, "# default\nlog syslog informational\n");
	CU_ASSERT_STRING_EQUAL(empty, "");
}

/* Somebody has deleted the line at the end of ours: what follows is not ours, neither then nor later. */
static void half_a_part(void)
{
	vnm_autofree char *whole = vnm_frr_conf_with("", "router bgp 1\n"), *half = NULL;
	vnm_autofree char *with = NULL, *part = NULL, *back = NULL;

	*strstr(whole, "! vnetmgr: end") = '\0';
	half = vnm_asprintf("%slog syslog\n", whole);
	with = vnm_frr_conf_with(half, "router bgp 2\n");
	part = vnm_frr_conf_part(with);
	back = vnm_frr_conf_with(with, "");
	CU_ASSERT_STRING_EQUAL(part, "router bgp 2\n");
	CU_ASSERT_STRING_EQUAL(back, half);
	CU_ASSERT_TRUE(vnm_frr_conf_foreign(half));
}

static void but_for_passwords(void)
{
	struct vnm_op_evpn one = host("10.0.0.2"), two = one;
	vnm_autofree char *a = NULL, *b = NULL, *c = NULL, *none = fragment(&one);

	one.password = (char *)"p";
	two.password = (char *)"another one";
	a = fragment(&one);
	b = fragment(&two);
	two.index = 3;
	c = fragment(&two);
	CU_ASSERT_TRUE(vnm_frr_same_but_password(a, a));
	CU_ASSERT_TRUE(vnm_frr_same_but_password(a, b));
	CU_ASSERT_TRUE(vnm_frr_same_but_password(none, b));
	CU_ASSERT_FALSE(vnm_frr_same_but_password(a, c));
	CU_ASSERT_FALSE(vnm_frr_same_but_password(a, ""));
	CU_ASSERT_FALSE(vnm_frr_same_but_password("", a));
	CU_ASSERT_TRUE(vnm_frr_same_but_password("", ""));
	CU_ASSERT_FALSE(vnm_frr_same_but_password("router bgp 1\n", "router bgp 11\n"));
}

static void whose_it_is(void)
{
	vnm_autofree char *ours = vnm_frr_conf_with("log syslog\n", "router bgp 1\nexit\n");
	vnm_autofree char *both = vnm_frr_conf_with("router ospf\n", "router bgp 1\nexit\n");

	CU_ASSERT_FALSE(vnm_frr_conf_foreign(""));
	CU_ASSERT_FALSE(vnm_frr_conf_foreign(
		"# default to using syslog.\nlog syslog informational\n\nline vty\n!\n"));
	CU_ASSERT_FALSE(vnm_frr_conf_foreign(
		"frr version 8.4.4\nfrr defaults traditional\nhostname h\nno ip forwarding\n"));
	CU_ASSERT_FALSE(vnm_frr_conf_foreign(ours));
	CU_ASSERT_TRUE(vnm_frr_conf_foreign(both));
	CU_ASSERT_TRUE(vnm_frr_conf_foreign("router bgp 65001\n"));
	CU_ASSERT_TRUE(vnm_frr_conf_foreign("log syslog\ninterface eth0\n ip ospf area 0\n"));
}

const struct vnm_test vnm_tests[] = {
	{ "a host", a_host },
	{ "a reflector", a_reflector },
	{ "a large ASN", a_large_asn },
	{ "nothing to undo, and all", nothing_to_undo },
	{ "one line of many", one_line_of_many },
	{ "in two parts", in_two_parts },
	{ "what stays", what_stays },
	{ "another reflector", another_reflector },
	{ "as it runs", as_it_runs },
	{ "our part", our_part },
	{ "half a part", half_a_part },
	{ "but for passwords", but_for_passwords },
	{ "whose it is", whose_it_is },
	{ 0 },
};
