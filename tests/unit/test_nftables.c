/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_nftables.c - where the back end "nftables" puts rules: that no packet meets another fate than in the plan's order. */
#include "examples.h"

#include <string.h>
#include <sys/socket.h>

#include "plan/firewall/fwrule_overlap.h"
#include "plan/firewall/nftables_text.h"

const char vnm_suite[] = "plan/nftables";

#define BEHIND 99 /* the lookups of a chain */

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

/* ---- the order ---- */

static const struct vnm_nftables_base *base_of(enum vnm_fw_chain chain)
{
	const struct vnm_nftables_base *bases;
	size_t n = vnm_nftables_bases(&bases);

	for (size_t i = 0; i < n; i++)
		if (bases[i].chain == (int)chain)
			return &bases[i];
	CU_FAIL_FATAL("a chain of the plan without one in the tables");
	return NULL;
}

/* Which of the chain's lookups leads to a place? */
static int lookup_of(const struct vnm_nftables_place *place)
{
	struct vnm_nftables_step steps[VNM_NFTABLES_STEPS];
	size_t n = vnm_nftables_steps(place->family, base_of(place->chain), steps);

	for (size_t i = 0; i < n && place->keyed; i++) {
		if (steps[i].kind == VNM_STEP_IS_LOOKUP &&
		    !strcmp(steps[i].map.name, place->map.name))
			return (int)i;
		if (steps[i].kind == VNM_STEP_IS_JUMP && place->map.by == VNM_BY_SRC)
			return (int)i;
	}
	CU_ASSERT_FATAL(!place->keyed);
	return BEHIND;
}

static size_t count_lookups(enum vnm_fw_chain chain)
{
	struct vnm_nftables_step steps[VNM_NFTABLES_STEPS];
	size_t n = vnm_nftables_steps(AF_INET, base_of(chain), steps), lookups = 0;

	for (size_t i = 0; i < n; i++)
		lookups += steps[i].kind != VNM_STEP_IS_RULE;
	return lookups;
}

static void complain(const char *what, const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwrule_format(a, &text);
	vnm_buf_add(&text, "\n  ");
	vnm_fwrule_format(b, &text);
	printf("\n%s:\n  %s\n", what, text.data);
	CU_FAIL("the order");
}

/* The first comes before the second in the plan. */
static void check_pair(const struct vnm_fwrule *a, const struct vnm_nftables_place *at_a,
		       const struct vnm_fwrule *b, const struct vnm_nftables_place *at_b)
{
	int first = lookup_of(at_a), second = lookup_of(at_b);

	if (at_a->chain !=
	    at_b->chain) /* what is dropped at a later hook is so whatever the other does */
		return;
	if (first > second && !vnm_fwrule_commute(a, b))
		complain("moved past each other", a, b);
	if (first == second && strcmp(at_a->name, at_b->name) != 0 && vnm_fwrule_overlap(a, b))
		complain("in two chains, by keys that one packet may have", a, b);
}

static void check_return(const struct vnm_fwrule *rule)
{
	if (rule->target == VNM_TARGET_RETURN && !vnm_nftables_ends(rule->chain))
		VNM_ASSERT_INT_EQ((int)count_lookups(rule->chain), 1);
}

static size_t check_order(const struct vnm_op *const *ops, size_t n)
{
	vnm_autofree struct vnm_nftables_place *places = vnm_alloc(n * sizeof(*places));
	size_t count = 0;

	vnm_nftables_assign(ops, n, places);
	for (size_t i = 0; i < n; i++) {
		const struct vnm_fwrule *rule = &ops[i]->rule;

		CU_ASSERT((*places[i].name != '\0') ==
			  (rule->chain != VNM_CHAIN_MANGLE && rule->chain != VNM_CHAIN_HOSTS &&
			   rule->target != VNM_TARGET_JUMP));
		check_return(rule);
		for (size_t k = i + 1; k < n && *places[i].name; k++) {
			if (ops[k]->rule.chain != rule->chain ||
			    ops[k]->rule.family != rule->family)
				continue;
			check_pair(rule, &places[i], &ops[k]->rule, &places[k]);
			count++;
		}
	}
	return count;
}

static size_t pairs;

static void check_example(const char *name, const struct vnm_op *const *rules, size_t n)
{
	(void)name;
	pairs += check_order(rules, n);
}

static void test_examples(void)
{
	pairs = 0;
	each_example(check_example);
	printf(" %zu pairs", pairs);
	CU_ASSERT(pairs > 1000);
}

/* ---- places ---- */

static void place_all(struct vnm_op *ops, size_t n, struct vnm_nftables_place *ret)
{
	vnm_autofree const struct vnm_op **list = vnm_alloc(n * sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		ops[i].type = VNM_OP_RULE;
		list[i] = &ops[i];
	}
	vnm_nftables_assign(list, n, ret);
	(void)check_order(list, n);
}

static struct vnm_op forward(uint16_t first, uint16_t last, const char *dst)
{
	struct vnm_op op = { .rule = { .family = AF_INET,
				       .chain = VNM_CHAIN_PRE,
				       .proto = IPPROTO_TCP,
				       .dport = first,
				       .dport_last = last,
				       .dst_local = !dst,
				       .target = VNM_TARGET_DNAT,
				       .to_first = addr("192.0.2.9"),
				       .to_last = addr("192.0.2.9") } };

	if (dst)
		op.rule.dst = prefix(dst);
	return op;
}

/* Port forwardings are tried in the order of their definition, whatever their keys. */
static void test_forwards(void)
{
	struct vnm_op ops[] = { forward(80, 0, NULL), forward(5000, 5010, NULL),
				forward(5005, 0, NULL), forward(80, 0, "203.0.113.1/32"),
				forward(443, 0, "203.0.113.1/32") };
	struct vnm_nftables_place places[VNM_ARRAY_SIZE(ops)];

	place_all(ops, VNM_ARRAY_SIZE(ops), places);
	VNM_ASSERT_STR_EQ(places[0].name, "prerouting_port.tcp.80");
	VNM_ASSERT_STR_EQ(places[1].name, "prerouting");
	VNM_ASSERT_STR_EQ(places[2].name, "prerouting"); /* behind the range that has its port */
	VNM_ASSERT_STR_EQ(places[3].name, "prerouting"); /* behind any address's */
	VNM_ASSERT_STR_EQ(places[4].name, "prerouting_dst.203.0.113.1");
}

static struct vnm_op nat(const char *src)
{
	return (struct vnm_op){ .rule = { .family = strchr(src, ':') ? AF_INET6 : AF_INET,
					  .chain = VNM_CHAIN_NAT,
					  .src = prefix(src),
					  .target = VNM_TARGET_MASQUERADE } };
}

/* Sources that overlap are together, by the shortest prefix. */
static void test_sources(void)
{
	struct vnm_op ops[] = { nat("192.0.2.5/32"), nat("192.0.2.0/24"), nat("198.51.100.0/25"),
				nat("198.51.100.0/26"), nat("2001:db8::/64") };
	struct vnm_nftables_place places[VNM_ARRAY_SIZE(ops)];

	place_all(ops, VNM_ARRAY_SIZE(ops), places);
	VNM_ASSERT_STR_EQ(places[0].name, "postrouting_src24.192.0.2.0");
	VNM_ASSERT_STR_EQ(places[1].name, "postrouting_src24.192.0.2.0");
	VNM_ASSERT_STR_EQ(places[2].name, "postrouting_src25.198.51.100.0");
	VNM_ASSERT_STR_EQ(places[3].name, "postrouting_src25.198.51.100.0");
	VNM_ASSERT_STR_EQ(places[4].name, "postrouting_src64.2001_db8__");
}

/* A name of nf_tables cannot have every character that one of a device can; two devices never have one chain. */
static void test_devices(void)
{
	struct vnm_op ops[] = {
		{ .rule = { .family = AF_INET,
			    .chain = VNM_CHAIN_FWO,
			    .in = "a+b",
			    .target = VNM_TARGET_REJECT } },
		{ .rule = { .family = AF_INET,
			    .chain = VNM_CHAIN_FWO,
			    .in = "a_b",
			    .target = VNM_TARGET_REJECT } },
		{ .rule = { .family = AF_INET,
			    .chain = VNM_CHAIN_FWO,
			    .in = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
			    .target = VNM_TARGET_REJECT } },
	};
	struct vnm_nftables_place places[VNM_ARRAY_SIZE(ops)];

	place_all(ops, VNM_ARRAY_SIZE(ops), places);
	VNM_ASSERT_STR_EQ(places[0].name, "from_guests_in.a/2bb");
	VNM_ASSERT_STR_EQ(places[1].name, "from_guests_in.a_b");
	VNM_ASSERT_STR_EQ(places[2].name,
			  "from_guests_in./ff/ff/ff/ff/ff/ff/ff/ff/ff/ff/ff/ff/ff/ff/ff");
}

/* ---- text ---- */

static void check_text(const struct vnm_fwrule *rule, const char *should)
{
	const struct vnm_nftables_step step = { .kind = VNM_STEP_IS_RULE,
						.family = rule->family,
						.rule = *rule };
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_nftables_step_text(&step, &text);
	VNM_ASSERT_STR_EQ(vnm_buf_str(&text), should);
}

static void test_text(void)
{
	struct vnm_fwrule rule = { .family = AF_INET,
				   .chain = VNM_CHAIN_NAT,
				   .src = prefix("192.0.2.0/24"),
				   .out = "eth0",
				   .out_invert = true,
				   .proto = IPPROTO_TCP,
				   .to_port_first = 1024,
				   .to_port_last = 65535,
				   .target = VNM_TARGET_SNAT,
				   .to_first = addr("203.0.113.1"),
				   .to_last = addr("203.0.113.9") };

	check_text(&rule, "oifname != \"eth0\" ip saddr 192.0.2.0/24 meta l4proto tcp counter snat "
			  "to 203.0.113.1-203.0.113.9:1024-65535");
	rule = forward(5000, 5002, NULL).rule;
	rule.chance = 0x40000000;
	rule.to_port_base = 5000;
	rule.to_port_first = 6000;
	rule.to_port_last = 6002;
	check_text(&rule,
		   "tcp dport 5000-5002 fib daddr type local numgen random mod 2147483648 < "
		   "1073741824 counter dnat to 192.0.2.9 : tcp dport map { 5000 : 6000, 5001 : "
		   "6001, 5002 : 6002 } comment \"ports from 5000 to those from 6000\"");
	rule = (struct vnm_fwrule){ .family = AF_INET6,
				    .chain = VNM_CHAIN_ISO,
				    .in = "br0",
				    .out = "br0",
				    .bridged = true,
				    .target = VNM_TARGET_ACCEPT };
	check_text(&rule, "iifname \"br0\" oifname \"br0\" counter accept");
}

/* What the host routes between isolated ports is dropped behind the hook for both; what the bridge forwards has no input device there. */
static void test_isolated(void)
{
	struct vnm_fwrule rule = { .family = AF_INET,
				   .chain = VNM_CHAIN_FWX,
				   .in = "br0",
				   .out = "br0",
				   .target = VNM_TARGET_REJECT };
	struct vnm_nftables_place place;

	CU_ASSERT_FATAL(vnm_nftables_place(&rule, 0, &place));
	VNM_ASSERT_STR_EQ(place.name, "routed_out.br0");
	check_text(&rule, "iifname \"br0\" oifname \"br0\" @ll,0,8 & 0x1 == 0x0 counter drop");
	rule.out[2] = '1';
	CU_ASSERT_FATAL(vnm_nftables_place(&rule, 0, &place));
	VNM_ASSERT_STR_EQ(place.name, "within_in.br0");
	check_text(&rule, "iifname \"br0\" oifname \"br1\" counter reject");
}

const struct vnm_test vnm_tests[] = {
	{ "order in all examples", test_examples },
	{ "port forwardings", test_forwards },
	{ "sources", test_sources },
	{ "devices", test_devices },
	{ "text", test_text },
	{ "isolated ports", test_isolated },
	{ 0 },
};
