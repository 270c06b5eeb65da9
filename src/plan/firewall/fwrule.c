/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fwrule.c - a firewall rule as data: names, text, and the early-return rules at the head of our chains. */
#include "plan/firewall/fwrule.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define CHANCE_ALL 2147483648.0 /* denominator of a probability */

const struct vnm_fw_chain_info vnm_fw_chains[VNM_CHAIN_COUNT] = {
	[VNM_CHAIN_ALLOW] = { VNM_FW_FILTER, "VNM_ALW", "FORWARD", true },
	[VNM_CHAIN_ISO] = { VNM_FW_FILTER, "VNM_ISO", "FORWARD", true },
	[VNM_CHAIN_INP] = { VNM_FW_FILTER, "VNM_INP", "INPUT" },
	[VNM_CHAIN_OUT] = { VNM_FW_FILTER, "VNM_OUT", "OUTPUT" },
	[VNM_CHAIN_FWX] = { VNM_FW_FILTER, "VNM_FWX", "FORWARD" },
	[VNM_CHAIN_FWI] = { VNM_FW_FILTER, "VNM_FWI", "FORWARD" },
	[VNM_CHAIN_FWO] = { VNM_FW_FILTER, "VNM_FWO", "FORWARD" },
	[VNM_CHAIN_PRE] = { VNM_FW_NAT, "VNM_PRE", "PREROUTING", true },
	[VNM_CHAIN_NOU] = { VNM_FW_NAT, "VNM_NOU", "OUTPUT", true },
	[VNM_CHAIN_NAT] = { VNM_FW_NAT, "VNM_PRT", "POSTROUTING" },
	[VNM_CHAIN_MANGLE] = { VNM_FW_MANGLE, "VNM_PRT", "POSTROUTING" },
	[VNM_CHAIN_SRC] = { VNM_FW_RAW, "VNM_SRC", "PREROUTING" },
	[VNM_CHAIN_HOSTS] = { VNM_FW_FILTER, "VNM_HST", "INPUT", true },
};

static const char *const table_words[] = {
	[VNM_FW_FILTER] = "filter",
	[VNM_FW_NAT] = "nat",
	[VNM_FW_MANGLE] = "mangle",
	[VNM_FW_RAW] = "raw",
};
static_assert(VNM_ARRAY_SIZE(table_words) == VNM_FW_TABLE_COUNT, "one word per table");

/* Names in the journal, not of the chains: two of our chains have the same name. */
static const char *const chain_words[] = {
	[VNM_CHAIN_ALLOW] = "allow", [VNM_CHAIN_ISO] = "iso",	    [VNM_CHAIN_INP] = "inp",
	[VNM_CHAIN_OUT] = "out",     [VNM_CHAIN_FWX] = "fwx",	    [VNM_CHAIN_FWI] = "fwi",
	[VNM_CHAIN_FWO] = "fwo",     [VNM_CHAIN_PRE] = "pre",	    [VNM_CHAIN_NOU] = "nou",
	[VNM_CHAIN_NAT] = "nat",     [VNM_CHAIN_MANGLE] = "mangle", [VNM_CHAIN_SRC] = "src",
	[VNM_CHAIN_HOSTS] = "hosts",
};
static_assert(VNM_ARRAY_SIZE(chain_words) == VNM_CHAIN_COUNT, "one word per chain");

static const char *const target_words[] = {
	[VNM_TARGET_ACCEPT] = "ACCEPT",
	[VNM_TARGET_RETURN] = "RETURN",
	[VNM_TARGET_REJECT] = "REJECT",
	[VNM_TARGET_MASQUERADE] = "MASQUERADE",
	[VNM_TARGET_SNAT] = "SNAT",
	[VNM_TARGET_CHECKSUM] = "CHECKSUM",
	[VNM_TARGET_DNAT] = "DNAT",
	[VNM_TARGET_REDIRECT] = "REDIRECT",
	[VNM_TARGET_DROP] = "DROP",
	[VNM_TARGET_NOTRACK] = "CT",
	[VNM_TARGET_JUMP] = "JUMP",
};
static_assert(VNM_ARRAY_SIZE(target_words) == VNM_TARGET_COUNT, "one word per target");

static const char *const state_words[] = {
	[VNM_STATE_ANY] = "any",
	[VNM_STATE_ESTABLISHED] = "established",
	[VNM_STATE_DNAT] = "dnat",
	[VNM_STATE_DNAT_REPLY] = "dnat-reply",
	[VNM_STATE_UNTRACKED] = "untracked",
	[VNM_STATE_UNKNOWN] = "unknown",
	[VNM_STATE_TRACKED] = "tracked",
};
static_assert(VNM_ARRAY_SIZE(state_words) == VNM_STATE_COUNT, "one word per state");

static const char *const state_matches[VNM_STATE_COUNT] = {
	[VNM_STATE_ESTABLISHED] = "--ctstate RELATED,ESTABLISHED",
	[VNM_STATE_DNAT] = "--ctstate DNAT",
	[VNM_STATE_DNAT_REPLY] = "--ctstate DNAT --ctdir REPLY",
	[VNM_STATE_UNTRACKED] = "--ctstate UNTRACKED",
	[VNM_STATE_UNKNOWN] = "--ctstate INVALID,UNTRACKED",
	[VNM_STATE_TRACKED] = "--ctstate NEW,RELATED,ESTABLISHED",
};

const struct vnm_enum vnm_enum_fw_table = { table_words, VNM_FW_TABLE_COUNT };
const struct vnm_enum vnm_enum_fw_chain = { chain_words, VNM_CHAIN_COUNT };
const struct vnm_enum vnm_enum_fw_target = { target_words, VNM_TARGET_COUNT };
const struct vnm_enum vnm_enum_fw_state = { state_words, VNM_STATE_COUNT };

/**
 * vnm_fw_chain_name() - the name of one of our chains
 * @chain: which
 * @own:   the bridge of the network whose own chain it is; "": the one of all networks
 * @ret:   "VNM_FWO", "VNM_FWO.virbr0"
 */
void vnm_fw_chain_name(enum vnm_fw_chain chain, const char *own, char ret[static VNM_FW_CHAIN_NAME])
{
	snprintf(ret, VNM_FW_CHAIN_NAME, "%s%s%.15s", vnm_fw_chains[chain].name, *own ? "." : "",
		 own);
}

/** vnm_fwrule_own() - the bridge of the network whose own chain holds a rule; "": the rule is in the chain of all. */
const char *vnm_fwrule_own(const struct vnm_fwrule *rule)
{
	return rule->target == VNM_TARGET_JUMP ? "" : rule->own;
}

static bool prefixes_equal(const struct vnm_prefix *a, const struct vnm_prefix *b)
{
	if (a->addr.family == AF_UNSPEC || b->addr.family == AF_UNSPEC)
		return a->addr.family == b->addr.family;
	return vnm_prefix_equal(a, b);
}

static bool groups_equal(const struct vnm_fw_group *a, const struct vnm_fw_group *b)
{
	return a->mask == b->mask &&
	       (a->mask == 0 || (a->value == b->value && a->invert == b->invert));
}

static bool matches_equal(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return prefixes_equal(&a->src, &b->src) && prefixes_equal(&a->dst, &b->dst) &&
	       a->src_invert == b->src_invert && a->dst_invert == b->dst_invert &&
	       !strcmp(a->in, b->in) && a->in_invert == b->in_invert && !strcmp(a->out, b->out) &&
	       a->out_invert == b->out_invert && a->icmp6 == b->icmp6 && a->sport == b->sport &&
	       a->src_local == b->src_local && a->src_routed == b->src_routed &&
	       a->bridged == b->bridged &&
	       groups_equal(&a->src_group, &b->src_group) &&
	       groups_equal(&a->dst_group, &b->dst_group) && a->proto == b->proto &&
	       a->dport == b->dport && a->dport_last == b->dport_last &&
	       a->dst_local == b->dst_local && a->chance == b->chance && a->state == b->state;
}

static bool targets_equal(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return a->target == b->target && a->to_port_first == b->to_port_first &&
	       a->to_port_last == b->to_port_last && a->to_port_base == b->to_port_base &&
	       vnm_addr_equal(&a->to_first, &b->to_first) &&
	       vnm_addr_equal(&a->to_last, &b->to_last);
}

/**
 * vnm_fwrule_equal() - whether two rules have the same chain, matches and target
 * @a: one
 * @b: the other
 */
bool vnm_fwrule_equal(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return a->family == b->family && a->chain == b->chain && !strcmp(a->own, b->own) &&
	       matches_equal(a, b) && targets_equal(a, b);
}

static void add_prefix(struct vnm_buf *out, const char *option, const struct vnm_prefix *prefix,
		       bool invert)
{
	char text[VNM_PREFIX_STRLEN];

	if (prefix->addr.family != AF_UNSPEC)
		vnm_buf_printf(out, "%s %s %s", invert ? " !" : "", option,
			       vnm_prefix_format(prefix, text));
}

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "ipv6-icmp";
}

static void add_group(struct vnm_buf *out, const char *option, const struct vnm_fw_group *group)
{
	if (group->mask)
		vnm_buf_printf(out, "%s %s 0x%x/0x%x", group->invert ? " !" : "", option,
			       group->value, group->mask);
}

static void add_matches(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	add_prefix(out, "-s", &rule->src, rule->src_invert);
	add_prefix(out, "-d", &rule->dst, rule->dst_invert);
	if (*rule->in)
		vnm_buf_printf(out, "%s -i %s", rule->in_invert ? " !" : "", rule->in);
	if (*rule->out)
		vnm_buf_printf(out, "%s -o %s", rule->out_invert ? " !" : "", rule->out);
	if (rule->proto)
		vnm_buf_printf(out, " -p %s", proto_word(rule->proto));
	if (rule->icmp6)
		vnm_buf_printf(out, " -m icmp6 --icmpv6-type %u", rule->icmp6);
	if (rule->sport)
		vnm_buf_printf(out, " -m %s --sport %u", proto_word(rule->proto), rule->sport);
	if (rule->dport)
		vnm_buf_printf(out, " -m %s --dport %u", proto_word(rule->proto), rule->dport);
	if (rule->dport_last)
		vnm_buf_printf(out, ":%u", rule->dport_last);
	if (rule->src_local || rule->dst_local)
		vnm_buf_add(out, " -m addrtype");
	if (rule->src_local)
		vnm_buf_add(out, " --src-type LOCAL");
	if (rule->dst_local)
		vnm_buf_add(out, " --dst-type LOCAL");
	if (rule->chance)
		vnm_buf_printf(out, " -m statistic --mode random --probability %.11f",
			       rule->chance / CHANCE_ALL);
	if (rule->src_group.mask || rule->dst_group.mask)
		vnm_buf_add(out, " -m devgroup");
	add_group(out, "--src-group", &rule->src_group);
	add_group(out, "--dst-group", &rule->dst_group);
	if (rule->src_routed)
		vnm_buf_add(out, " -m rpfilter");
	if (rule->bridged)
		vnm_buf_add(out, " -m physdev --physdev-is-bridged");
	if (state_matches[rule->state])
		vnm_buf_printf(out, " -m conntrack %s", state_matches[rule->state]);
}

static void add_to_ports(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	vnm_buf_printf(out, "%u", rule->to_port_first);
	if (rule->to_port_last != rule->to_port_first)
		vnm_buf_printf(out, "-%u", rule->to_port_last);
	if (rule->to_port_base)
		vnm_buf_printf(out, "/%u", rule->to_port_base);
}

/* An IPv6 address before a port is in brackets. */
static void add_to_addresses(struct vnm_buf *out, const char *option, const struct vnm_fwrule *rule)
{
	bool bracket = rule->family == AF_INET6 && rule->to_port_first;
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, " %s %s%s", option, bracket ? "[" : "",
		       vnm_addr_format(&rule->to_first, text));
	if (!vnm_addr_equal(&rule->to_first, &rule->to_last))
		vnm_buf_printf(out, "-%s", vnm_addr_format(&rule->to_last, text));
	vnm_buf_add(out, bracket ? "]" : "");
	if (!rule->to_port_first)
		return;
	vnm_buf_addc(out, ':');
	add_to_ports(out, rule);
}

static void add_target(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	char chain[VNM_FW_CHAIN_NAME];

	vnm_fw_chain_name(rule->chain, rule->own, chain);
	vnm_buf_printf(out, " -j %s",
		       rule->target == VNM_TARGET_JUMP
			       ? chain
			       : vnm_enum_name(&vnm_enum_fw_target, (int)rule->target));
	switch (rule->target) {
	case VNM_TARGET_REJECT:
		vnm_buf_printf(out, " --reject-with %s-port-unreachable",
			       rule->family == AF_INET6 ? "icmp6" : "icmp");
		break;
	case VNM_TARGET_MASQUERADE:
	case VNM_TARGET_REDIRECT:
		if (!rule->to_port_first)
			break;
		vnm_buf_add(out, " --to-ports ");
		add_to_ports(out, rule);
		break;
	case VNM_TARGET_SNAT:
		add_to_addresses(out, "--to-source", rule);
		break;
	case VNM_TARGET_DNAT:
		add_to_addresses(out, "--to-destination", rule);
		break;
	case VNM_TARGET_CHECKSUM:
		vnm_buf_add(out, " --checksum-fill");
		break;
	case VNM_TARGET_NOTRACK:
		vnm_buf_add(out, " --notrack");
		break;
	case VNM_TARGET_DROP:
	case VNM_TARGET_ACCEPT:
	case VNM_TARGET_RETURN:
	case VNM_TARGET_JUMP:
	case VNM_TARGET_COUNT:
		break;
	}
}

/**
 * vnm_fwrule_format() - write a rule as "iptables -S" lists it
 * @rule: the rule; its family and table are not part of the text
 * @out:  gets "-A CHAIN ...", no newline
 */
void vnm_fwrule_format(const struct vnm_fwrule *rule, struct vnm_buf *out)
{
	char chain[VNM_FW_CHAIN_NAME];

	vnm_fw_chain_name(rule->chain, vnm_fwrule_own(rule), chain);
	vnm_buf_printf(out, "-A %s", chain);
	add_matches(out, rule);
	add_target(out, rule);
}

/*
 * Early-return rules. Without them every packet of the host would traverse the rules of every network. They match
 * the device group, which all our bridges share, so their cost does not grow with the number of networks.
 */
#define NOT_OURS { VNM_GROUP_BASE, VNM_GROUP_MASK, true }
#define OURS { VNM_GROUP_BASE, VNM_GROUP_MASK, false }
#define NOT_BOUND { VNM_GROUP_BASE, VNM_GROUP_MASK | VNM_GROUP_FREE, true }
#define OURS_FREE { VNM_GROUP_BASE | VNM_GROUP_FREE, VNM_GROUP_MASK | VNM_GROUP_FREE, false }

static const struct vnm_fwrule early_not_from_us = {
	.src_group = NOT_OURS, .target = VNM_TARGET_RETURN,
};
static const struct vnm_fwrule early_not_to_us = {
	.dst_group = NOT_OURS, .target = VNM_TARGET_RETURN,
};
static const struct vnm_fwrule early_neither = {
	.src_group = NOT_OURS, .dst_group = NOT_OURS, .target = VNM_TARGET_RETURN,
};
/* From a network that is bound to a device, or isolated, conntrack state does not decide. */
static const struct vnm_fwrule early_answers_to_us = {
	.src_group = NOT_BOUND, .dst_group = OURS_FREE, .state = VNM_STATE_ESTABLISHED,
	.target = VNM_TARGET_ACCEPT,
};
/* Towards another network that network's rules decide: it may be bound to a device, or isolated. */
static const struct vnm_fwrule early_answers_from_us = {
	.src_group = OURS_FREE, .dst_group = NOT_OURS, .state = VNM_STATE_ESTABLISHED,
	.target = VNM_TARGET_ACCEPT,
};

/*
 * What is neither within a bridge nor without a connection is no business of VNM_FWX; nor is it in the tables of the back
 * end "nftables", where a lookup costs no more than these.
 */
static const struct vnm_fwrule early_tracked_to_others = {
	.dst_group = NOT_OURS,
	.state = VNM_STATE_TRACKED,
	.target = VNM_TARGET_RETURN,
};
static const struct vnm_fwrule early_tracked_from_others = {
	.src_group = NOT_OURS,
	.state = VNM_STATE_TRACKED,
	.target = VNM_TARGET_RETURN,
};

/*
 * Rules of isolated networks match the bridge by name, so that one removed from its group stays closed. Established
 * connections return early, since isolated networks have none; but devices in their group are checked whatever the
 * conntrack state.
 */
static const struct vnm_fwrule early_not_isolated = {
	.src_group = NOT_BOUND, .dst_group = NOT_BOUND, .state = VNM_STATE_ESTABLISHED,
	.target = VNM_TARGET_RETURN,
};

/*
 * A packet that passes reverse path filtering (or is from a DHCP client, which has no address yet) is not forged.
 * Others from our bridges are not tracked, but may pass: a guest that is a router between two networks sends the
 * packets of one on the other's bridge.
 */
static const struct vnm_fwrule early_routed = { .src_routed = true, .target = VNM_TARGET_RETURN };
static const struct vnm_fwrule early_forged_from_us = {
	.src_group = OURS, .target = VNM_TARGET_NOTRACK,
};
/* Nor is it dropped here: with br_netfilter it may be from a guest that is a router, to its neighbours. */
static const struct vnm_fwrule early_from_us = { .src_group = OURS, .target = VNM_TARGET_RETURN };

/*
 * None for nat: xt_devgroup refuses --src-group in POSTROUTING, and nat sees only the first packet of a connection
 * anyway.
 */
static const struct vnm_fwrule *const early_returns[VNM_CHAIN_COUNT][VNM_FW_EARLY_RETURNS_MAX] = {
	[VNM_CHAIN_ALLOW] = { &early_not_from_us, &early_not_to_us },
	[VNM_CHAIN_ISO] = { &early_not_isolated },
	[VNM_CHAIN_INP] = { &early_not_from_us },
	[VNM_CHAIN_OUT] = { &early_not_to_us },
	[VNM_CHAIN_FWX] = { &early_neither, &early_answers_to_us, &early_answers_from_us,
			    &early_tracked_to_others, &early_tracked_from_others },
	[VNM_CHAIN_FWI] = { &early_not_to_us },
	[VNM_CHAIN_FWO] = { &early_not_from_us },
	[VNM_CHAIN_PRE] = { NULL },
	[VNM_CHAIN_NOU] = { NULL },
	[VNM_CHAIN_NAT] = { NULL },
	[VNM_CHAIN_MANGLE] = { &early_not_to_us },
	[VNM_CHAIN_SRC] = { &early_routed, &early_forged_from_us, &early_from_us },
	[VNM_CHAIN_HOSTS] = { NULL },
};

/**
 * vnm_fw_early_returns() - the rules at the head of one of our chains
 * @family: AF_INET or AF_INET6
 * @chain:  which chain
 * @ret:    gets the rules, in order
 *
 * Return: how many there are.
 */
size_t vnm_fw_early_returns(int family, enum vnm_fw_chain chain,
			    struct vnm_fwrule ret[static VNM_FW_EARLY_RETURNS_MAX])
{
	size_t n = 0;

	for (; n < VNM_ARRAY_SIZE(early_returns[chain]) && early_returns[chain][n]; n++) {
		ret[n] = *early_returns[chain][n];
		ret[n].family = family;
		ret[n].chain = chain;
	}
	return n;
}
