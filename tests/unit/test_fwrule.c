/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_fwrule.c - firewall rules as data: their text is iptables' own, their equality is complete. */
#include "runner.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/firewall/fwrule.h"
#include "util/mem.h"

const char vnm_suite[] = "fwrule";

static struct vnm_prefix prefix(const char *text)
{
	struct vnm_prefix p = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_prefix_parse(text, &p), 0);
	return p;
}

static struct vnm_addr addr(const char *text)
{
	struct vnm_addr a = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_addr_parse(text, &a), 0);
	return a;
}

static void check_text(const struct vnm_fwrule *rule, const char *should)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwrule_format(rule, &text);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), should);
}

/* As "iptables -S" printed them, but for the names of the chains. */
static void test_format(void)
{
	struct vnm_fwrule rule = {
		.family = AF_INET, .chain = VNM_CHAIN_NAT, .src = prefix("192.168.130.0/24"),
		.dst = prefix("224.0.0.0/24"), .target = VNM_TARGET_RETURN,
	};

	check_text(&rule, "-A VNM_PRT -s 192.168.130.0/24 -d 224.0.0.0/24 -j RETURN");
	rule.dst = rule.src;
	rule.dst_invert = true;
	rule.target = VNM_TARGET_MASQUERADE;
	check_text(&rule, "-A VNM_PRT -s 192.168.130.0/24 ! -d 192.168.130.0/24 -j MASQUERADE");
	rule.proto = IPPROTO_TCP;
	rule.to_port_first = 1024;
	rule.to_port_last = 65535;
	check_text(&rule,
		   "-A VNM_PRT -s 192.168.130.0/24 ! -d 192.168.130.0/24 -p tcp -j MASQUERADE "
		   "--to-ports 1024-65535");
	rule.target = VNM_TARGET_SNAT;
	rule.to_first = addr("198.51.100.1");
	rule.to_last = addr("198.51.100.9");
	memcpy(rule.out, "eth0", 5);
	check_text(&rule,
		   "-A VNM_PRT -s 192.168.130.0/24 ! -d 192.168.130.0/24 -o eth0 -p tcp -j SNAT "
		   "--to-source 198.51.100.1-198.51.100.9:1024-65535");
	rule.to_last = rule.to_first;
	rule.proto = 0;
	rule.to_port_first = rule.to_port_last = 0;
	check_text(&rule, "-A VNM_PRT -s 192.168.130.0/24 ! -d 192.168.130.0/24 -o eth0 -j SNAT "
			  "--to-source 198.51.100.1");
}

static void test_format_filter(void)
{
	struct vnm_fwrule rule = {
		.family = AF_INET,
		.chain = VNM_CHAIN_FWI,
		.dst = prefix("192.168.130.0/24"),
		.out = "vbn",
		.state = VNM_STATE_ESTABLISHED,
		.target = VNM_TARGET_ACCEPT,
	};
	struct vnm_fwrule port = {
		.family = AF_INET,
		.chain = VNM_CHAIN_INP,
		.in = "vbn",
		.proto = IPPROTO_UDP,
		.dport = 67,
	};

	check_text(
		&rule,
		"-A VNM_FWI -d 192.168.130.0/24 -o vbn -m conntrack --ctstate RELATED,ESTABLISHED "
		"-j ACCEPT");
	check_text(&port, "-A VNM_INP -i vbn -p udp -m udp --dport 67 -j ACCEPT");
	port.proto = IPPROTO_TCP;
	check_text(&port, "-A VNM_INP -i vbn -p tcp -m tcp --dport 67 -j ACCEPT");
	port = (struct vnm_fwrule){ .family = AF_INET, .chain = VNM_CHAIN_FWO, .in = "b",
				    .target = VNM_TARGET_REJECT };
	check_text(&port, "-A VNM_FWO -i b -j REJECT --reject-with icmp-port-unreachable");
	port.family = AF_INET6;
	check_text(&port, "-A VNM_FWO -i b -j REJECT --reject-with icmp6-port-unreachable");
	snprintf(port.own, sizeof(port.own), "b234567890abcde");
	check_text(&port, "-A VNM_FWO.b234567890abcde -i b -j REJECT --reject-with "
			  "icmp6-port-unreachable");
	port.target = VNM_TARGET_JUMP;
	check_text(&port, "-A VNM_FWO -i b -j VNM_FWO.b234567890abcde");
	port = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_MANGLE,
				    .out = "b",
				    .proto = IPPROTO_UDP,
				    .dport = 68,
				    .target = VNM_TARGET_CHECKSUM };
	check_text(&port, "-A VNM_PRT -o b -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill");
}

static void test_format_destination(void)
{
	struct vnm_fwrule rule = { .family = AF_INET,
				   .chain = VNM_CHAIN_PRE,
				   .in = "eth0",
				   .proto = IPPROTO_TCP,
				   .dport = 80,
				   .dst_local = true,
				   .target = VNM_TARGET_DNAT,
				   .to_first = addr("192.0.2.10"),
				   .to_last = addr("192.0.2.10") };

	check_text(&rule,
		   "-A VNM_PRE -i eth0 -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL "
		   "-j DNAT --to-destination 192.0.2.10");
	rule.dport_last = 89;
	rule.chance = 1u << 29;
	rule.to_port_first = 8080;
	rule.to_port_last = 8089;
	rule.to_port_base = 80;
	check_text(&rule, "-A VNM_PRE -i eth0 -p tcp -m tcp --dport 80:89 -m addrtype --dst-type "
			  "LOCAL -m statistic --mode random --probability 0.25000000000 -j DNAT "
			  "--to-destination 192.0.2.10:8080-8089/80");
	rule = (struct vnm_fwrule){ .family = AF_INET6,
				    .chain = VNM_CHAIN_NOU,
				    .dst = prefix("2001:db8::1/128"),
				    .proto = IPPROTO_UDP,
				    .dport = 53,
				    .target = VNM_TARGET_DNAT,
				    .to_port_first = 5353,
				    .to_port_last = 5353,
				    .to_first = addr("fd00::5"),
				    .to_last = addr("fd00::5") };
	check_text(&rule, "-A VNM_NOU -d 2001:db8::1/128 -p udp -m udp --dport 53 -j DNAT "
			  "--to-destination [fd00::5]:5353");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_PRE,
				    .in = "b",
				    .proto = IPPROTO_TCP,
				    .dport = 80,
				    .target = VNM_TARGET_REDIRECT,
				    .to_port_first = 3128,
				    .to_port_last = 3128 };
	check_text(&rule, "-A VNM_PRE -i b -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_FWO,
				    .in = "b",
				    .state = VNM_STATE_DNAT_REPLY,
				    .target = VNM_TARGET_ACCEPT };
	check_text(&rule, "-A VNM_FWO -i b -m conntrack --ctstate DNAT --ctdir REPLY -j ACCEPT");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_SRC,
				    .src = prefix("192.0.2.0/24"),
				    .in = "b",
				    .in_invert = true,
				    .target = VNM_TARGET_DROP };
	check_text(&rule, "-A VNM_SRC -s 192.0.2.0/24 ! -i b -j DROP");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_SRC,
				    .in = "b",
				    .src_local = true,
				    .target = VNM_TARGET_NOTRACK };
	check_text(&rule, "-A VNM_SRC -i b -m addrtype --src-type LOCAL -j CT --notrack");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_FWX,
				    .src = prefix("192.0.2.0/24"),
				    .src_invert = true,
				    .in = "b",
				    .state = VNM_STATE_UNTRACKED,
				    .target = VNM_TARGET_DROP };
	check_text(&rule, "-A VNM_FWX ! -s 192.0.2.0/24 -i b -m conntrack --ctstate UNTRACKED "
			  "-j DROP");
	rule.src.addr.family = AF_UNSPEC;
	rule.bridged = true;
	rule.state = VNM_STATE_ANY;
	check_text(&rule, "-A VNM_FWX -i b -m physdev --physdev-is-bridged -j DROP");
	rule.bridged = false;
	rule.state = VNM_STATE_UNKNOWN;
	check_text(&rule, "-A VNM_FWX -i b -m conntrack --ctstate INVALID,UNTRACKED -j DROP");
	rule = (struct vnm_fwrule){ .family = AF_INET6,
				    .chain = VNM_CHAIN_INP,
				    .in = "b",
				    .proto = IPPROTO_ICMPV6,
				    .icmp6 = 133,
				    .target = VNM_TARGET_ACCEPT };
	check_text(&rule, "-A VNM_INP -i b -p ipv6-icmp -m icmp6 --icmpv6-type 133 -j ACCEPT");
	rule = (struct vnm_fwrule){ .family = AF_INET6,
				    .chain = VNM_CHAIN_OUT,
				    .out = "b",
				    .proto = IPPROTO_TCP,
				    .sport = 53,
				    .target = VNM_TARGET_ACCEPT };
	check_text(&rule, "-A VNM_OUT -o b -p tcp -m tcp --sport 53 -j ACCEPT");
	rule = (struct vnm_fwrule){ .family = AF_INET,
				    .chain = VNM_CHAIN_NAT,
				    .in = "b",
				    .out = "b",
				    .out_invert = true,
				    .target = VNM_TARGET_MASQUERADE };
	check_text(&rule, "-A VNM_PRT -i b ! -o b -j MASQUERADE");
}

static struct vnm_fwrule full(void)
{
	return (struct vnm_fwrule){
		.family = AF_INET,
		.chain = VNM_CHAIN_NAT,
		.src = prefix("192.0.2.0/24"),
		.dst = prefix("198.51.100.0/24"),
		.dst_invert = true,
		.in = "a",
		.out = "b",
		.src_group = { 1, 3, true },
		.dst_group = { 2, 3, false },
		.proto = IPPROTO_TCP,
		.dport = 80,
		.state = VNM_STATE_ESTABLISHED,
		.target = VNM_TARGET_SNAT,
		.to_port_first = 5,
		.to_port_last = 9,
		.to_first = addr("203.0.113.1"),
		.to_last = addr("203.0.113.2"),
	};
}

/* Each member alone makes a difference. */
#define CHECK_DIFFERS(change) do { \
	struct vnm_fwrule a = full(), b = full(); \
	CU_ASSERT_TRUE(vnm_fwrule_equal(&a, &b)); \
	b.change; \
	CU_ASSERT_FALSE(vnm_fwrule_equal(&a, &b)); \
	CU_ASSERT_FALSE(vnm_fwrule_equal(&b, &a)); \
} while (0)

static void test_equal(void)
{
	CHECK_DIFFERS(family = AF_INET6);
	CHECK_DIFFERS(chain = VNM_CHAIN_MANGLE);
	CHECK_DIFFERS(own[0] = 'x');
	CHECK_DIFFERS(src = prefix("192.0.3.0/24"));
	CHECK_DIFFERS(src = prefix("192.0.2.0/25"));
	CHECK_DIFFERS(src.addr.family = AF_UNSPEC);
	CHECK_DIFFERS(dst = prefix("198.51.0.0/16"));
	CHECK_DIFFERS(dst_invert = false);
	CHECK_DIFFERS(src_invert = true);
	CHECK_DIFFERS(in[0] = 'x');
	CHECK_DIFFERS(out[1] = 'x');
	CHECK_DIFFERS(src_group.value = 0);
	CHECK_DIFFERS(src_group.mask = 0);
	CHECK_DIFFERS(src_group.invert = false);
	CHECK_DIFFERS(dst_group.value = 0);
	CHECK_DIFFERS(dst_group.mask = 1);
	CHECK_DIFFERS(dst_group.invert = true);
	CHECK_DIFFERS(proto = IPPROTO_UDP);
	CHECK_DIFFERS(dport = 0);
	CHECK_DIFFERS(dport_last = 81);
	CHECK_DIFFERS(dst_local = true);
	CHECK_DIFFERS(src_local = true);
	CHECK_DIFFERS(bridged = true);
	CHECK_DIFFERS(src_routed = true);
	CHECK_DIFFERS(in_invert = true);
	CHECK_DIFFERS(out_invert = true);
	CHECK_DIFFERS(icmp6 = 133);
	CHECK_DIFFERS(sport = 53);
	CHECK_DIFFERS(chance = 1);
	CHECK_DIFFERS(to_port_base = 80);
	CHECK_DIFFERS(state = VNM_STATE_ANY);
	CHECK_DIFFERS(state = VNM_STATE_DNAT);
	CHECK_DIFFERS(state = VNM_STATE_UNTRACKED);
	CHECK_DIFFERS(state = VNM_STATE_UNKNOWN);
	CHECK_DIFFERS(target = VNM_TARGET_ACCEPT);
	CHECK_DIFFERS(to_port_first = 0);
	CHECK_DIFFERS(to_port_last = 10);
	CHECK_DIFFERS(to_first = addr("203.0.113.9"));
	CHECK_DIFFERS(to_last = addr("203.0.113.9"));
}

static void test_equal_networks(void)
{
	struct vnm_fwrule a = full(), b = full();

	b.src = prefix("192.0.2.77/24");	/* the same network */
	CU_ASSERT_TRUE(vnm_fwrule_equal(&a, &b));
	a.src_group = (struct vnm_fw_group){ 7, 0, true };	/* no condition */
	b.src_group = (struct vnm_fw_group){ 0 };
	CU_ASSERT_TRUE(vnm_fwrule_equal(&a, &b));
}

static const struct {
	enum vnm_fw_chain chain;
	const char *text;
} gates[] = {
	{ VNM_CHAIN_ALLOW,
	  "-A VNM_ALW -m devgroup ! --src-group 0x766e6d00/0xfffffff0 -j RETURN\n"
	  "-A VNM_ALW -m devgroup ! --dst-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_ISO,
	  "-A VNM_ISO -m devgroup ! --src-group 0x766e6d00/0xfffffff1 ! --dst-group "
	  "0x766e6d00/0xfffffff1 -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN\n" },
	{ VNM_CHAIN_INP, "-A VNM_INP -m devgroup ! --src-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_OUT, "-A VNM_OUT -m devgroup ! --dst-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_FWX,
	  "-A VNM_FWX -m devgroup ! --src-group 0x766e6d00/0xfffffff0 ! --dst-group "
	  "0x766e6d00/0xfffffff0 -j RETURN\n"
	  "-A VNM_FWX -m devgroup ! --src-group 0x766e6d00/0xfffffff1 --dst-group "
	  "0x766e6d01/0xfffffff1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
	  "-A VNM_FWX -m devgroup --src-group 0x766e6d01/0xfffffff1 ! --dst-group "
	  "0x766e6d00/0xfffffff0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
	  "-A VNM_FWX -m devgroup ! --dst-group 0x766e6d00/0xfffffff0 -m conntrack --ctstate "
	  "NEW,RELATED,ESTABLISHED -j RETURN\n"
	  "-A VNM_FWX -m devgroup ! --src-group 0x766e6d00/0xfffffff0 -m conntrack --ctstate "
	  "NEW,RELATED,ESTABLISHED -j RETURN\n" },
	{ VNM_CHAIN_FWI, "-A VNM_FWI -m devgroup ! --dst-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_FWO, "-A VNM_FWO -m devgroup ! --src-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_PRE, "" },
	{ VNM_CHAIN_NOU, "" },
	{ VNM_CHAIN_NAT, "" },
	{ VNM_CHAIN_MANGLE,
	  "-A VNM_PRT -m devgroup ! --dst-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_SRC,
	  "-A VNM_SRC -m rpfilter -j RETURN\n"
	  "-A VNM_SRC -m devgroup --src-group 0x766e6d00/0xfffffff0 -j CT --notrack\n"
	  "-A VNM_SRC -m devgroup --src-group 0x766e6d00/0xfffffff0 -j RETURN\n" },
	{ VNM_CHAIN_HOSTS, "" },
};

static void check_gates(int family, enum vnm_fw_chain chain, const char *should)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = vnm_fw_early_returns(family, chain, rules);

	CU_ASSERT_TRUE_FATAL(n <= VNM_FW_EARLY_RETURNS_MAX);
	for (size_t i = 0; i < n; i++) {
		VNM_ASSERT_INT_EQ(rules[i].family, family);
		VNM_ASSERT_INT_EQ(rules[i].chain, chain);
		vnm_fwrule_format(&rules[i], &text);
		vnm_buf_addc(&text, '\n');
	}
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), should);
}

static void test_gates(void)
{
	VNM_ASSERT_INT_EQ(VNM_ARRAY_SIZE(gates), VNM_CHAIN_COUNT);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(gates); i++) {
		check_gates(AF_INET, gates[i].chain, gates[i].text);
		check_gates(AF_INET6, gates[i].chain, gates[i].text);
	}
}

/* Does the condition hold for a device of the group? As xt_devgroup.c decides. */
static bool holds(const struct vnm_fw_group *cond, uint32_t group)
{
	return cond->mask == 0 || (((group ^ cond->value) & cond->mask) == 0) != cond->invert;
}

/* The bits of the groups and the early-return rules fit together: who is ours, and who is free. */
static void test_groups(void)
{
	static const struct { uint32_t group; bool ours, free; } cases[] = {
		{ 0, false, false }, { 1, false, false }, { 0x766e6c00, false, false },
		{ 0x766e6d10, false, false }, { VNM_GROUP_BASE, true, false },
		{ VNM_GROUP_BASE | VNM_GROUP_FREE, true, true },
	};
	struct vnm_fwrule fwx[VNM_FW_EARLY_RETURNS_MAX], fwo[VNM_FW_EARLY_RETURNS_MAX],
		src[VNM_FW_EARLY_RETURNS_MAX];

	VNM_ASSERT_INT_EQ_FATAL(vnm_fw_early_returns(AF_INET, VNM_CHAIN_FWX, fwx), 5);
	VNM_ASSERT_INT_EQ_FATAL(vnm_fw_early_returns(AF_INET, VNM_CHAIN_FWO, fwo), 1);
	VNM_ASSERT_INT_EQ_FATAL(vnm_fw_early_returns(AF_INET, VNM_CHAIN_SRC, src), 3);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		VNM_ASSERT_INT_EQ(holds(&fwo[0].src_group, cases[i].group), !cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[0].src_group, cases[i].group), !cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[0].dst_group, cases[i].group), !cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[1].dst_group, cases[i].group), cases[i].free);
		VNM_ASSERT_INT_EQ(holds(&fwx[1].src_group, cases[i].group),
				  !cases[i].ours || cases[i].free);
		VNM_ASSERT_INT_EQ(holds(&src[1].src_group, cases[i].group), cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[2].src_group, cases[i].group), cases[i].free);
		VNM_ASSERT_INT_EQ(holds(&fwx[2].dst_group, cases[i].group), !cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[3].dst_group, cases[i].group), !cases[i].ours);
		VNM_ASSERT_INT_EQ(holds(&fwx[4].src_group, cases[i].group), !cases[i].ours);
	}
}

static void test_tables(void)
{
	for (int i = 0; i < VNM_CHAIN_COUNT; i++) {
		const struct vnm_fw_chain_info *chain = &vnm_fw_chains[i];

		CU_ASSERT_PTR_NOT_NULL_FATAL(chain->name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(chain->parent);
		CU_ASSERT_TRUE(strlen(chain->name) <= 28);	/* XT_EXTENSION_MAXNAMELEN - 1 */
		VNM_ASSERT_INT_EQ(vnm_enum_value(&vnm_enum_fw_chain,
						 vnm_enum_name(&vnm_enum_fw_chain, i)),
				  i);
		for (int k = 0; k < i; k++)
			CU_ASSERT_FALSE(vnm_fw_chains[k].table == chain->table &&
					!strcmp(vnm_fw_chains[k].name, chain->name));
	}
	for (int i = 0; i < VNM_TARGET_COUNT; i++)
		VNM_ASSERT_INT_EQ(vnm_enum_value(&vnm_enum_fw_target,
						 vnm_enum_name(&vnm_enum_fw_target, i)),
				  i);
}

const struct vnm_test vnm_tests[] = {
	{ "format", test_format },
	{ "format_filter", test_format_filter },
	{ "format_destination", test_format_destination },
	{ "equal", test_equal },
	{ "equal_networks", test_equal_networks },
	{ "gates", test_gates },
	{ "groups", test_groups },
	{ "tables", test_tables },
	{ 0 },
};
