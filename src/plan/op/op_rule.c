/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_rule.c - a firewall rule. */
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static const char *table_name(const struct vnm_fwrule *rule)
{
	return vnm_enum_name(&vnm_enum_fw_table, (int)vnm_fw_chains[rule->chain].table);
}

static void describe_rule(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	(void)revert;
	vnm_buf_printf(out, "firewall rule (%s %s) ", op->rule.family == AF_INET6 ? "ipv6" : "ipv4",
		       table_name(&op->rule));
	vnm_fwrule_format(&op->rule, out);
}

/* "-A CHAIN ..." as a command; the same with -D reverts it. */
static void print_rule(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_fwrule *rule = &op->rule;
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwrule_format(rule, &text);
	vnm_buf_add(out, rule->family == AF_INET6 ? "ip6tables" : "iptables");
	if (vnm_fw_chains[rule->chain].table != VNM_FW_FILTER)
		vnm_buf_printf(out, " -t %s", table_name(rule));
	vnm_buf_printf(out, " %s%s\n", revert ? "-D" : "-A", vnm_buf_str(&text) + 2);
}

const struct vnm_op_kind vnm_op_kind_rule = {
	.name = "rule",
	.fields = {
		REQ("family", FAMILY, rule.family),
		REQ_ENUM("chain", rule.chain, &vnm_enum_fw_chain),
		OPT("own", IFNAME, rule.own),
		OPT("src", PREFIX, rule.src),
		OPT("dst", PREFIX, rule.dst),
		OPT("src-invert", BOOL, rule.src_invert),
		OPT("dst-invert", BOOL, rule.dst_invert),
		OPT("dst-local", BOOL, rule.dst_local),
		OPT("src-local", BOOL, rule.src_local),
		OPT("in", IFNAME, rule.in),
		OPT("in-invert", BOOL, rule.in_invert),
		OPT("bridged", BOOL, rule.bridged),
		OPT("out", IFNAME, rule.out),
		OPT("out-invert", BOOL, rule.out_invert),
		OPT("src-group", GROUP, rule.src_group),
		OPT("dst-group", GROUP, rule.dst_group),
		OPT("proto", U8, rule.proto),
		OPT("icmp6", U8, rule.icmp6),
		OPT("sport", U16, rule.sport),
		OPT("dport", U16, rule.dport),
		OPT("dport-last", U16, rule.dport_last),
		OPT("chance", U32, rule.chance),
		OPT_ENUM("state", rule.state, &vnm_enum_fw_state),
		REQ_ENUM("target", rule.target, &vnm_enum_fw_target),
		OPT("to-port-first", U16, rule.to_port_first),
		OPT("to-port-last", U16, rule.to_port_last),
		OPT("to-port-base", U16, rule.to_port_base),
		OPT("to-first", ADDR, rule.to_first),
		OPT("to-last", ADDR, rule.to_last),
	},
	.describe = { .print = describe_rule },
	.apply = { .print = print_rule },
	.revert = { .print = print_rule },
};
