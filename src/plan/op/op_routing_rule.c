/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_routing_rule.c - which table routes a network's packets. */
#include <sys/socket.h>

#include "plan/op/op_kind.h"

static void print_rule(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_routing_rule *rule = &op->routing_rule;
	char text[VNM_PREFIX_STRLEN];

	vnm_buf_printf(out, "ip%s rule %s pref %u", rule->family == AF_INET6 ? " -6" : "",
		       revert ? "del" : "add", rule->pref);
	if (rule->from.addr.family)
		vnm_buf_printf(out, " from %s", vnm_prefix_format(&rule->from, text));
	if (rule->to.addr.family)
		vnm_buf_printf(out, " to %s", vnm_prefix_format(&rule->to, text));
	if (rule->mark)
		vnm_buf_printf(out, " fwmark 0x%x", rule->mark);
	if (rule->in)
		vnm_buf_printf(out, " iif %s", rule->in);
	if (rule->table)
		vnm_buf_printf(out, " lookup %u\n", rule->table);
	else
		vnm_buf_add(out, " unreachable\n");
}

static void describe_rule(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_routing_rule *rule = &op->routing_rule;
	const bool to = rule->to.addr.family != AF_UNSPEC;
	char text[VNM_PREFIX_STRLEN];

	(void)revert;
	vnm_buf_printf(out, "routing rule %u %s %s", rule->pref, to ? "to" : "from",
		       vnm_prefix_format(to ? &rule->to : &rule->from, text));
}

const struct vnm_op_kind vnm_op_kind_routing_rule = {
	.name = "routing-rule",
	.fields = {
		REQ("family", FAMILY, routing_rule.family),
		REQ("pref", U32, routing_rule.pref),
		OPT("from", PREFIX, routing_rule.from),
		OPT("to", PREFIX, routing_rule.to),
		OPT("mark", U32, routing_rule.mark),
		OPT("in", STRING, routing_rule.in),
		OPT("table", U32, routing_rule.table),
	},
	.describe = { .print = describe_rule },
	.apply = { .print = print_rule },
	.revert = { .print = print_rule },
};
