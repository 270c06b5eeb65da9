/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plan.c - what is planned for a definition: order, groups, rules, refusals. Whole plans: tests/data. */
#include "input.h"
#include "plan_facts.h"
#include "runner.h"

#include <string.h>
#include <sys/socket.h>

#include "model/port.h"
#include "plan/op/op_print.h"
#include "plan/plan.h"
#include "plan/plan_bandwidth.h"
#include "util/mem.h"

const char vnm_suite[] = "plan";

static char net_name[] = "n", bridge_name[] = "vbr", dev_name[] = "eth9";

/** struct world - a definition to be varied. */
struct world {
	struct vnm_ip ips[3];
	struct vnm_dhcp_range range;
	struct vnm_route route;
	struct vnm_network net;
	struct vnm_port ports[3];
	size_t n_ports;
};

static struct vnm_ip make_ip(const char *text)
{
	struct vnm_prefix prefix = { 0 };

	VNM_ASSERT_INT_EQ_FATAL(vnm_prefix_parse(text, &prefix), 0);
	return (struct vnm_ip){ .at = { true, 1 },
				.address = prefix.addr,
				.prefix = { true, prefix.len } };
}

/* A network of @mode with the addresses, which end with NULL. */
static void make(struct world *w, enum vnm_forward_mode mode, const char *const *ips)
{
	memset(w, 0, sizeof(*w));
	w->net.name = net_name;
	w->net.bridge = (struct vnm_bridge){ .at = { true, 2 }, .name = bridge_name };
	vnm_mac_parse("52:54:00:00:00:01", &w->net.mac.address);
	w->net.forward.at.present = mode != VNM_FORWARD_NONE;
	w->net.forward.mode = mode;
	w->net.ips = w->ips;
	while (ips[w->net.n_ips]) {
		w->ips[w->net.n_ips] = make_ip(ips[w->net.n_ips]);
		w->net.n_ips++;
	}
}

static const char *const no_ip[] = { NULL };
static const char *const v4[] = { "192.168.132.1/24", NULL };
static const char *const v4_v6[] = { "192.168.132.1/24", "fd00:2::1/64", NULL };

static void add_dhcp(struct world *w)
{
	vnm_addr_parse("192.168.132.2", &w->range.start);
	vnm_addr_parse("192.168.132.254", &w->range.end);
	w->ips[0].dhcp = (struct vnm_dhcp){ .at = { true, 3 }, .ranges = &w->range, .n_ranges = 1 };
}

static void plan(const struct world *w, struct vnm_plan *ret)
{
	struct vnm_error err = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_plan_start(INPUT(&w->net, &facts, &paths), ret, &err), err);
}

static size_t count(const struct vnm_plan *plan, enum vnm_op_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++)
		n += plan->ops[i].type == type;
	return n;
}

/* Where in the plan a rule with this text is ("ipv4 -A ..."), -1 when it is not there. */
static int find_rule(const struct vnm_plan *plan, const char *text)
{
	for (size_t i = 0; i < plan->n; i++) {
		vnm_autobuf struct vnm_buf rule = { 0 };

		if (plan->ops[i].type != VNM_OP_RULE)
			continue;
		vnm_buf_add(&rule, plan->ops[i].rule.family == AF_INET6 ? "ipv6 " : "ipv4 ");
		vnm_fwrule_format(&plan->ops[i].rule, &rule);
		if (!strcmp(vnm_buf_str(&rule), text))
			return (int)i;
	}
	return -1;
}

/* What a setting below /proc/sys is given, NULL: nothing. */
static const char *setting(const struct vnm_plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_SYSCTL && !strcmp(plan->ops[i].sysctl.path, path))
			return plan->ops[i].sysctl.value;
	return NULL;
}

static void check_rule(const struct vnm_plan *plan, const char *text, bool there)
{
	if ((find_rule(plan, text) >= 0) != there)
		VNM_ASSERT_STR_EQ(there ? "not planned" : "planned", text);
}

/* Every mode with everything in it: kinds in the order of the enum, no rule twice. */
static void test_order(void)
{
	for (int mode = 0; mode < VNM_FORWARD_COUNT; mode++) {
		vnm_autoplan struct vnm_plan p = { 0 };
		struct world w;

		if (mode == VNM_FORWARD_HOSTDEV)
			continue; /* test_plan_vf.c */
		make(&w, (enum vnm_forward_mode)mode, v4_v6);
		w.net.forward.dev = (char *)(mode >= VNM_FORWARD_PRIVATE ? "eth9" : NULL);
		add_dhcp(&w);
		w.net.routes = &w.route;
		w.net.n_routes = 1;
		vnm_addr_parse("10.0.0.0", &w.route.address);
		plan(&w, &p);
		CU_ASSERT_TRUE(p.n > 0);
		for (size_t i = 1; i < p.n; i++) {
			CU_ASSERT_TRUE(p.ops[i - 1].type <= p.ops[i].type);
			for (size_t k = 0; k < i && p.ops[i].type == VNM_OP_RULE; k++)
				CU_ASSERT_FALSE(p.ops[k].type == VNM_OP_RULE &&
						vnm_fwrule_equal(&p.ops[k].rule, &p.ops[i].rule));
		}
	}
}

/* What other programs would have to do is refused, by name. */
static void test_infeasible(void)
{
	const struct vnm_facts host = { 0 };
	const struct vnm_dnsmasq_paths where = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_plan p = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_PASSTHROUGH, no_ip);
	w.net.vlan.at.present = true;
	VNM_ASSERT_INT_EQ(vnm_plan_start(INPUT(&w.net, &host, &where), &p, &err), -EOPNOTSUPP);
	make(&w, VNM_FORWARD_PASSTHROUGH, no_ip);
	w.net.virtualport.at.present = true;
	w.net.virtualport.type = VNM_VIRTUALPORT_OPENVSWITCH;
	VNM_ASSERT_INT_EQ(vnm_plan_start(INPUT(&w.net, &host, &where), &p, &err), -EOPNOTSUPP);
	VNM_ASSERT_INT_EQ(p.n, 0);
}

static void test_bridge_mode(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_BRIDGE, no_ip);
	plan(&w, &p);
	VNM_ASSERT_INT_EQ_FATAL(p.n, 1);
	VNM_ASSERT_INT_EQ(p.ops[0].type, VNM_OP_REQUIRE_DEVICE);
	VNM_ASSERT_STR_EQ(p.ops[0].require_device.name, "vbr");
}

static uint32_t group_of(enum vnm_forward_mode mode, char *dev)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct world w;

	make(&w, mode, v4);
	w.net.forward.dev = dev;
	plan(&w, &p);
	for (size_t i = 0; i < p.n; i++)
		if (p.ops[i].type == VNM_OP_BRIDGE)
			return p.ops[i].bridge.group;
	CU_FAIL_FATAL("no bridge in the plan");
	return UINT32_MAX;
}

static void test_groups(void)
{
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_NONE, NULL), VNM_GROUP_BASE);
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_NAT, NULL), VNM_GROUP_BASE | VNM_GROUP_FREE);
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_ROUTE, NULL), VNM_GROUP_BASE | VNM_GROUP_FREE);
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_NAT, dev_name), VNM_GROUP_BASE);
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_ROUTE, dev_name), VNM_GROUP_BASE);
	VNM_ASSERT_INT_EQ(group_of(VNM_FORWARD_OPEN, NULL), VNM_GROUP_OPEN);
}

static void test_bridge_values(void)
{
	vnm_autoplan struct vnm_plan p = { 0 }, q = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NONE, no_ip);
	plan(&w, &p);
	CU_ASSERT_TRUE(p.ops[0].bridge.stp); /* on unless switched off */
	VNM_ASSERT_INT_EQ(p.ops[0].bridge.delay, 0);
	CU_ASSERT_FALSE(p.ops[0].bridge.mtu.set);
	CU_ASSERT_TRUE(vnm_mac_equal(&p.ops[0].bridge.mac, &w.net.mac.address));
	w.net.bridge.stp = VNM_SWITCH_OFF;
	w.net.bridge.delay = (struct vnm_uint){ true, 7 };
	w.net.mtu.size = (struct vnm_uint){ true, 1400 };
	plan(&w, &q);
	CU_ASSERT_FALSE(q.ops[0].bridge.stp);
	VNM_ASSERT_INT_EQ(q.ops[0].bridge.delay, 7);
	VNM_ASSERT_INT_EQ(q.ops[0].bridge.mtu.v, 1400);
}

static void test_forwarding(void)
{
	static const size_t should[VNM_FORWARD_COUNT] = {
		[VNM_FORWARD_NAT] = 2,
		[VNM_FORWARD_ROUTE] = 2,
		[VNM_FORWARD_OPEN] = 2,
	};

	for (int mode = 0; mode < VNM_FORWARD_COUNT; mode++) {
		vnm_autoplan struct vnm_plan p = { 0 }, q = { 0 };
		struct world w;

		if (mode == VNM_FORWARD_HOSTDEV)
			continue;
		make(&w, (enum vnm_forward_mode)mode, v4_v6);
		plan(&w, &p);
		VNM_ASSERT_INT_EQ(count(&p, VNM_OP_FORWARDING), should[mode]);
		make(&w, (enum vnm_forward_mode)mode, v4); /* v4 alone */
		plan(&w, &q);
		VNM_ASSERT_INT_EQ(count(&q, VNM_OP_FORWARDING), should[mode] ? 1 : 0);
	}
}

static void test_open_has_no_rules(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_OPEN, v4_v6);
	plan(&w, &p);
	VNM_ASSERT_INT_EQ(count(&p, VNM_OP_RULE), 0);
	VNM_ASSERT_INT_EQ(count(&p, VNM_OP_DNSMASQ), 1);
}

/* What an isolated guest may not do is refused before a routed network's acceptance is reached. */
static void test_isolated_in_first_chain(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct world w;
	int inside, from, to;

	make(&w, VNM_FORWARD_NONE, v4);
	plan(&w, &p);
	inside = find_rule(&p, "ipv4 -A VNM_ISO -i vbr -o vbr -j ACCEPT");
	from = find_rule(&p,
			 "ipv4 -A VNM_ISO -i vbr -j REJECT --reject-with icmp-port-unreachable");
	to = find_rule(&p, "ipv4 -A VNM_ISO -o vbr -j REJECT --reject-with icmp-port-unreachable");
	CU_ASSERT_TRUE(inside >= 0 && from > inside && to > inside);
	for (size_t i = 0; i < p.n; i++)
		CU_ASSERT_FALSE(p.ops[i].type == VNM_OP_RULE &&
				(p.ops[i].rule.chain == VNM_CHAIN_FWI ||
				 p.ops[i].rule.chain == VNM_CHAIN_FWO));
}

/* In each chain acceptance stands before the refusal of all else. */
static void test_accept_before_reject(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	bool refused[2][VNM_CHAIN_COUNT] = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_ROUTE, v4_v6);
	plan(&w, &p);
	for (size_t i = 0; i < p.n; i++) {
		const struct vnm_fwrule *rule = &p.ops[i].rule;

		if (p.ops[i].type != VNM_OP_RULE)
			continue;
		CU_ASSERT_FALSE(refused[rule->family == AF_INET6][rule->chain]);
		if (rule->target == VNM_TARGET_REJECT)
			refused[rule->family == AF_INET6][rule->chain] = true;
	}
	for (int v6 = 0; v6 < 2; v6++)
		CU_ASSERT_TRUE(refused[v6][VNM_CHAIN_FWI] && refused[v6][VNM_CHAIN_FWO]);
}

static void test_one_subnet_twice(void)
{
	static const char *const one[] = { "192.168.132.1/24", NULL };
	static const char *const two[] = { "192.168.132.1/24", "192.168.132.2/24", NULL };
	vnm_autoplan struct vnm_plan p = { 0 }, q = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NAT, one);
	plan(&w, &p);
	make(&w, VNM_FORWARD_NAT, two);
	plan(&w, &q);
	VNM_ASSERT_INT_EQ(count(&q, VNM_OP_ADDRESS), 2);
	VNM_ASSERT_INT_EQ(count(&q, VNM_OP_RULE), count(&p, VNM_OP_RULE));
}

static void test_nat6(void)
{
	static const char inwards[] = "ipv6 -A VNM_FWI.vbr -d fd00:2::/64 -o vbr -j ACCEPT";
	static const char translated[] =
		"ipv6 -A VNM_PRT.vbr -s fd00:2::/64 ! -d fd00:2::/64 ! -o vbr -j MASQUERADE";
	vnm_autoplan struct vnm_plan p = { 0 }, q = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NAT, v4_v6);
	plan(&w, &p);
	check_rule(&p, inwards, true); /* routed */
	check_rule(&p, translated, false);
	w.net.forward.nat.ipv6 = VNM_TRI_YES;
	plan(&w, &q);
	check_rule(&q, inwards, false);
	check_rule(
		&q,
		"ipv6 -A VNM_FWI.vbr -d fd00:2::/64 -o vbr -m conntrack "
		"--ctstate RELATED,ESTABLISHED -j ACCEPT",
		true);
	check_rule(&q, "ipv6 -A VNM_PRT.vbr -s fd00:2::/64 -d ff02::/16 -j RETURN", true);
	check_rule(&q, translated, true);
}

/* The range of source addresses is v4 only; v6 masquerades beside it. */
static void test_snat(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct vnm_nat *nat;
	struct world w;

	make(&w, VNM_FORWARD_NAT, v4_v6);
	w.net.forward.dev = dev_name;
	nat = &w.net.forward.nat;
	nat->ipv6 = VNM_TRI_YES;
	nat->address.at.present = true;
	vnm_addr_parse("198.51.100.1", &nat->address.start);
	vnm_addr_parse("198.51.100.9", &nat->address.end);
	nat->port.start = (struct vnm_uint){ true, 2000 };
	nat->port.end = (struct vnm_uint){ true, 3000 };
	plan(&w, &p);
	check_rule(
		&p,
		"ipv4 -A VNM_PRT.vbr -s 192.168.132.0/24 ! -d 192.168.132.0/24 -o eth9 -p udp "
		"-j SNAT --to-source 198.51.100.1-198.51.100.9:2000-3000",
		true);
	check_rule(&p,
		   "ipv4 -A VNM_PRT.vbr -s 192.168.132.0/24 ! -d 192.168.132.0/24 -o eth9 -j SNAT "
		   "--to-source 198.51.100.1-198.51.100.9",
		   true);
	check_rule(
		&p,
		"ipv6 -A VNM_PRT.vbr -s fd00:2::/64 ! -d fd00:2::/64 -o eth9 -p tcp -j MASQUERADE "
		"--to-ports 2000-3000",
		true);
}

static void test_services(void)
{
	static const char dns[] = "ipv4 -A VNM_INP.vbr -i vbr -p udp -m udp --dport 53 -j ACCEPT";
	static const char dhcp6[] =
		"ipv6 -A VNM_INP.vbr -i vbr -p udp -m udp --dport 547 -j ACCEPT";
	static const char fill[] =
		"ipv4 -A VNM_PRT -o vbr -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill";
	vnm_autoplan struct vnm_plan none = { 0 }, four = { 0 }, both = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NONE, no_ip);
	plan(&w, &none);
	check_rule(&none, dns, false);
	VNM_ASSERT_INT_EQ(count(&none, VNM_OP_DNSMASQ), 0);
	make(&w, VNM_FORWARD_NONE, v4);
	plan(&w, &four);
	check_rule(&four, dns, true);
	check_rule(&four, dhcp6, false);
	check_rule(&four, fill, false); /* no DHCP */
	make(&w, VNM_FORWARD_NONE, v4_v6);
	add_dhcp(&w);
	plan(&w, &both);
	check_rule(&both, dns, true);
	check_rule(&both, dhcp6, true);
	check_rule(&both, fill, true);
}

/* network@ipv6: guests among themselves, nothing else, and no address on the bridge. */
static void test_ipv6_attribute(void)
{
	vnm_autoplan struct vnm_plan p = { 0 };
	struct world w;
	size_t v6 = 0;

	make(&w, VNM_FORWARD_NONE, v4);
	w.net.ipv6 = VNM_TRI_YES;
	plan(&w, &p);
	check_rule(&p, "ipv6 -A VNM_ISO -i vbr -o vbr -j ACCEPT", true);
	for (size_t i = 0; i < p.n; i++)
		v6 += p.ops[i].type == VNM_OP_RULE && p.ops[i].rule.family == AF_INET6;
	VNM_ASSERT_INT_EQ(v6, 5);
	VNM_ASSERT_STR_EQ(setting(&p, "net/ipv6/conf/vbr/disable_ipv6"), "1");
}

/* The host takes no redirects from guests, and sends none; a guest that is a router sends packets of others. */
static void test_credulity(void)
{
	vnm_autoplan struct vnm_plan with = { 0 }, without = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NONE, v4_v6);
	plan(&w, &with);
	VNM_ASSERT_STR_EQ(setting(&with, "net/ipv4/conf/vbr/accept_redirects"), "0");
	VNM_ASSERT_STR_EQ(setting(&with, "net/ipv4/conf/vbr/send_redirects"), "0");
	VNM_ASSERT_STR_EQ(setting(&with, "net/ipv4/conf/vbr/rp_filter"), "1");
	VNM_ASSERT_STR_EQ(setting(&with, "net/ipv6/conf/vbr/accept_redirects"), "0");
	w.net.guests.routers = VNM_TRI_YES;
	plan(&w, &without);
	VNM_ASSERT_STR_EQ(setting(&without, "net/ipv4/conf/vbr/rp_filter"), NULL);
	VNM_ASSERT_STR_EQ(setting(&without, "net/ipv4/conf/vbr/accept_redirects"), "0");
}

static void test_lease_file(void)
{
	vnm_autoplan struct vnm_plan dns = { 0 }, dhcp = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NAT, v4);
	plan(&w, &dns);
	VNM_ASSERT_INT_EQ_FATAL(dns.ops[dns.n - 1].type, VNM_OP_DNSMASQ);
	CU_ASSERT_PTR_NULL(dns.ops[dns.n - 1].dnsmasq.lease_file);
	add_dhcp(&w);
	plan(&w, &dhcp);
	VNM_ASSERT_STR_EQ(dhcp.ops[dhcp.n - 1].dnsmasq.lease_file, lease_file);
}

static void test_no_dnsmasq(void)
{
	static const struct vnm_facts bare = { 0 };
	vnm_autoplan struct vnm_plan p = { 0 };
	struct vnm_error err = { 0 };
	struct world w;

	make(&w, VNM_FORWARD_NAT, v4);
	CU_ASSERT_TRUE(vnm_plan_start(INPUT(&w.net, &bare, &paths), &p, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "apt-get install dnsmasq-base"));
	VNM_ASSERT_INT_EQ(p.n, 0);
	w.net.dns.enable = VNM_TRI_NO;
	VNM_ASSERT_OK(vnm_plan_start(INPUT(&w.net, &bare, &paths), &p, &err), err);
	VNM_ASSERT_INT_EQ(count(&p, VNM_OP_DNSMASQ), 0);
}

static void test_facts(void)
{
	struct vnm_fact_link links[] = { { .index = 3, .name = "eth0" },
					 { .index = 7, .name = "eth01" } };
	const struct vnm_facts some = { .links = links, .n_links = 2 };
	struct vnm_facts made = { 0 };

	CU_ASSERT_PTR_EQUAL(vnm_facts_link(&some, "eth01"), &links[1]);
	CU_ASSERT_PTR_EQUAL(vnm_facts_link_index(&some, 3), &links[0]);
	CU_ASSERT_PTR_NULL(vnm_facts_link(&some, "eth"));
	CU_ASSERT_PTR_NULL(vnm_facts_link_index(&some, 0));
	made.links = vnm_array_add(NULL, &made.n_links, sizeof(*made.links));
	made.dnsmasq = vnm_strdup("x");
	vnm_facts_clear(&made);
	CU_ASSERT_TRUE(made.n_links == 0 && !made.links && !made.dnsmasq);
}

/* What stands in the plan for the bandwidth of @w, as --dry-run shows it. */
static char *bandwidth_text(const struct world *w, const struct vnm_facts *seen)
{
	const struct vnm_plan_input in = { .net = &w->net,
					   .facts = seen,
					   .paths = &paths,
					   .ports = w->ports,
					   .n_ports = w->n_ports };
	vnm_autoplan struct vnm_plan p = { 0 }, ops = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_buf out = { 0 };

	VNM_ASSERT_OK_FATAL(vnm_plan_start(&in, &p, &err), err);
	vnm_plan_bandwidth(&in, &ops);
	VNM_ASSERT_INT_EQ(count(&p, VNM_OP_BANDWIDTH) + count(&p, VNM_OP_FLOOR), ops.n);
	vnm_plan_print(&ops, false, &out);
	return vnm_buf_steal(&out);
}

static void has_text(const struct world *w, const struct vnm_facts *seen, const char *text,
		     bool there)
{
	vnm_autofree char *all = bandwidth_text(w, seen);

	if ((strstr(all, text) != NULL) != there)
		VNM_ASSERT_STR_EQ(all, text);
}

static void test_bandwidth(void)
{
	struct vnm_facts police = facts, fair = facts, bridged = facts;
	vnm_autoplan struct vnm_plan one = { 0 }, other = { 0 };
	struct world w;

	police.police = true;
	fair.sfq = true;
	bridged.bridge_nf = true;
	make(&w, VNM_FORWARD_NAT, v4);
	has_text(&w, &facts, "tc", false);
	w.net.bandwidth.at.present = true;
	w.net.bandwidth.outbound.average = (struct vnm_uint64){ true, 2000 };
	w.net.bandwidth.outbound.peak = (struct vnm_uint64){ true, 3000 };
	w.net.bandwidth.inbound.average = (struct vnm_uint64){ true, 0 };
	has_text(&w, &facts, "redirect dev ifb-vbr\n", true);
	has_text(&w, &facts, "rate 2000kbps ceil 3000kbps\n", true);
	has_text(&w, &facts, "sfq", false);
	has_text(&w, &facts, "dev vbr root", false);
	has_text(&w, &fair, "tc qdisc add dev ifb-vbr parent", true);
	has_text(&w, &police, "ifb", false);
	has_text(&w, &police, "police rate 2000kbps burst 2000kb mtu 64kb drop\n", true);
	has_text(&w, &bridged, "ifb", false);
	has_text(&w, &bridged, "limit rate over 2000000 bytes/second drop", true);
	bridged.police = true;
	has_text(&w, &bridged, "nft", false);
	w.net.bandwidth.outbound.average.v = UINT32_MAX;	/* more than the kernel can count */
	has_text(&w, &police, "burst 4194303kb mtu", true);
	/* Another network on the same bridge has other numbers, but the same name for its device: refused there. */
	vnm_plan_bandwidth(INPUT(&w.net, &facts, NULL), &one);
	w.net.name = dev_name;
	vnm_plan_bandwidth(INPUT(&w.net, &facts, NULL), &other);
	CU_ASSERT_NOT_EQUAL(one.ops[0].bandwidth.handle, other.ops[0].bandwidth.handle);
	CU_ASSERT_FALSE(vnm_mac_equal(&one.ops[0].bandwidth.mac, &other.ops[0].bandwidth.mac));
	VNM_ASSERT_STR_EQ(one.ops[0].bandwidth.ifb, other.ops[0].bandwidth.ifb);
}

static void give_floor(struct vnm_port *port, uint32_t class_id, uint32_t rate)
{
	port->bandwidth.class_id = (struct vnm_uint){ class_id != 0, class_id };
	port->bandwidth.inbound.floor = (struct vnm_uint64){ true, rate };
	port->mac.address = (struct vnm_mac){ true, { 0x52, 0x54, 0, 0, 0, (uint8_t)class_id } };
}

/* Floors are of what is let in: the others are sure of what is left, which is never nothing. */
static void test_floors(void)
{
	struct world w;

	make(&w, VNM_FORWARD_NAT, v4);
	w.net.bandwidth.outbound.average = (struct vnm_uint64){ true, 500 };
	give_floor(&w.ports[0], 3, 600);
	give_floor(&w.ports[1], 0x1a, 300);
	w.n_ports = VNM_ARRAY_SIZE(w.ports);
	has_text(&w, &facts, "rate 600kbps", false);
	w.net.bandwidth.inbound.average = (struct vnm_uint64){ true, 1000 };
	has_text(&w, &facts, ":1 htb rate 1000kbps ceil 1000kbps\n", true);
	has_text(&w, &facts, ":2 htb rate 100kbps ceil 1000kbps\n", true);
	has_text(&w, &facts, ":3 htb rate 600kbps ceil 1000kbps\n", true);
	has_text(&w, &facts, "prio 26 u32 match u16 0x5254 0xffff at -14 match u32 0x0000001a ",
		 true);
	w.net.bandwidth.inbound.peak = (struct vnm_uint64){ true, 2000 };
	has_text(&w, &facts, ":1a htb rate 300kbps ceil 2000kbps\n", true);
	give_floor(&w.ports[2], 4, 1100);
	has_text(&w, &facts, ":2 htb rate 1kbps ceil 2000kbps\n", true);
	give_floor(&w.ports[2], 4, UINT32_MAX);
	has_text(&w, &facts, ":2 htb rate 1kbps ceil 2000kbps\n", true);
}

const struct vnm_test vnm_tests[] = {
	{ "order", test_order },
	{ "floors", test_floors },
	{ "bridge_mode", test_bridge_mode },
	{ "infeasible", test_infeasible },
	{ "groups", test_groups },
	{ "bridge_values", test_bridge_values },
	{ "forwarding", test_forwarding },
	{ "open_has_no_rules", test_open_has_no_rules },
	{ "isolated_in_first_chain", test_isolated_in_first_chain },
	{ "accept_before_reject", test_accept_before_reject },
	{ "one_subnet_twice", test_one_subnet_twice },
	{ "nat6", test_nat6 },
	{ "snat", test_snat },
	{ "services", test_services },
	{ "ipv6_attribute", test_ipv6_attribute },
	{ "credulity", test_credulity },
	{ "lease_file", test_lease_file },
	{ "no_dnsmasq", test_no_dnsmasq },
	{ "bandwidth", test_bandwidth },
	{ "facts", test_facts },
	{ 0 },
};
