/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_text.c - the rules of the back end "nftables" in the language of nft(8). Pure. */
#include "plan/firewall/nftables_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/mem.h"

#define CHANCE_ALL 2147483648u /* denominator of a probability */

static const char *const states[VNM_STATE_COUNT] = {
	[VNM_STATE_ANY] = "",
	[VNM_STATE_ESTABLISHED] = "ct state established,related ",
	[VNM_STATE_DNAT] = "ct status dnat ",
	[VNM_STATE_DNAT_REPLY] = "ct direction reply ct status dnat ",
	[VNM_STATE_UNTRACKED] = "ct state untracked ",
	[VNM_STATE_UNKNOWN] = "ct state invalid,untracked ",
	[VNM_STATE_TRACKED] = "ct state established,related,new ",
};

static const char * not(bool invert)
{
	return invert ? "!= " : "";
}

static void add_prefix(struct vnm_buf *out, const char *field, const struct vnm_prefix *prefix,
		       bool invert)
{
	struct vnm_prefix subnet = vnm_prefix_network(prefix);
	char text[VNM_PREFIX_STRLEN];

	if (prefix->addr.family == AF_UNSPEC)
		return;
	vnm_prefix_format(&subnet, text);
	if (subnet.len == vnm_addr_bits(subnet.addr.family))
		*strchr(text, '/') = '\0';
	vnm_buf_printf(out, "%s %s %s%s ", vnm_nftables_family(prefix->addr.family), field,
		       not(invert), text);
}

static void add_device(struct vnm_buf *out, const char *field, const char *dev, bool invert)
{
	if (*dev)
		vnm_buf_printf(out, "%s %s\"%s\" ", field, not(invert), dev);
}

static void add_group(struct vnm_buf *out, const char *field, const struct vnm_fw_group *group)
{
	if (group->mask)
		vnm_buf_printf(out, "%s & 0x%08x %s 0x%08x ", field, group->mask,
			       group->invert ? "!=" : "==", group->value);
}

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "ipv6-icmp";
}

static void add_proto(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	const char *proto = proto_word(rule->proto);

	if (rule->proto && !rule->sport && !rule->dport && !rule->icmp6)
		vnm_buf_printf(out, "meta l4proto %s ", proto);
	if (rule->icmp6)
		vnm_buf_printf(out, "icmpv6 type %u ", rule->icmp6);
	if (rule->sport)
		vnm_buf_printf(out, "%s sport %u ", proto, rule->sport);
	if (rule->dport_last)
		vnm_buf_printf(out, "%s dport %u-%u ", proto, rule->dport, rule->dport_last);
	else if (rule->dport)
		vnm_buf_printf(out, "%s dport %u ", proto, rule->dport);
}

/* In the order in which the kernel evaluates them: what tells most rules apart first. */
static void add_matches(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	add_device(out, "iifname", rule->in, rule->in_invert);
	add_device(out, "oifname", rule->out, rule->out_invert);
	add_group(out, "iifgroup", &rule->src_group);
	add_group(out, "oifgroup", &rule->dst_group);
	add_prefix(out, "saddr", &rule->src, rule->src_invert);
	add_prefix(out, "daddr", &rule->dst, rule->dst_invert);
	add_proto(out, rule);
	if (vnm_nftables_received(rule)) /* by a frame to one station, the host */
		vnm_buf_add(out, "@ll,0,8 & 0x1 == 0x0 ");
	vnm_buf_add(out, states[rule->state]);
	if (rule->src_local)
		vnm_buf_add(out, "fib saddr type local ");
	if (rule->dst_local)
		vnm_buf_add(out, "fib daddr type local ");
	if (rule->src_routed)
		vnm_buf_add(out, "fib saddr . iif oif exists ");
	if (rule->chance)
		vnm_buf_printf(out, "numgen random mod %u < %u ", CHANCE_ALL, rule->chance);
}

static void add_ports(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	if (!rule->to_port_first)
		return;
	vnm_buf_printf(out, ":%u", rule->to_port_first);
	if (rule->to_port_last != rule->to_port_first)
		vnm_buf_printf(out, "-%u", rule->to_port_last);
}

/* nft has no shift of a range: a map of each port. */
static void add_shift(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	unsigned last = rule->dport_last ? rule->dport_last : rule->dport;

	vnm_buf_printf(out, " : %s dport map { ", proto_word(rule->proto));
	for (unsigned port = rule->dport; port <= last; port++)
		vnm_buf_printf(out, "%s%u : %u", port == rule->dport ? "" : ", ", port,
			       port - rule->to_port_base + rule->to_port_first);
	vnm_buf_add(out, " }");
}

static void add_addresses(struct vnm_buf *out, const char *verb, const struct vnm_fwrule *rule)
{
	bool bracket = rule->family == AF_INET6 && rule->to_port_first && !rule->to_port_base;
	char text[VNM_ADDR_STRLEN];

	vnm_buf_printf(out, "%s to %s%s", verb, bracket ? "[" : "",
		       vnm_addr_format(&rule->to_first, text));
	if (bracket)
		vnm_buf_addc(out, ']');
	if (!vnm_addr_equal(&rule->to_first, &rule->to_last))
		vnm_buf_printf(out, "-%s%s%s", bracket ? "[" : "",
			       vnm_addr_format(&rule->to_last, text), bracket ? "]" : "");
	if (rule->to_port_base)
		add_shift(out, rule);
	else
		add_ports(out, rule);
}

static void add_target(struct vnm_buf *out, const struct vnm_fwrule *rule)
{
	switch (rule->target) {
	case VNM_TARGET_ACCEPT: vnm_buf_add(out, "accept"); break;
	case VNM_TARGET_RETURN:
		vnm_buf_add(out, vnm_nftables_ends(rule->chain) ? "accept" : "return");
		break;
	case VNM_TARGET_DROP: vnm_buf_add(out, "drop"); break;
	case VNM_TARGET_REJECT: vnm_buf_add(out, "reject"); break;
	case VNM_TARGET_NOTRACK: vnm_buf_add(out, "notrack"); break;
	case VNM_TARGET_MASQUERADE:
	case VNM_TARGET_REDIRECT:
		vnm_buf_add(out, rule->target == VNM_TARGET_REDIRECT ? "redirect" : "masquerade");
		if (rule->to_port_first)
			vnm_buf_add(out, " to ");
		add_ports(out, rule);
		break;
	case VNM_TARGET_SNAT: add_addresses(out, "snat", rule); break;
	case VNM_TARGET_DNAT: add_addresses(out, "dnat", rule); break;
	case VNM_TARGET_CHECKSUM:
	case VNM_TARGET_JUMP:
	case VNM_TARGET_COUNT: break;
	}
}

static void add_key(struct vnm_buf *out, const struct vnm_nftables_map *map)
{
	const char *family = vnm_nftables_family(map->family);
	struct vnm_addr mask;
	char text[VNM_ADDR_STRLEN];

	switch (map->by) {
	case VNM_BY_IN: vnm_buf_add(out, "iifname"); break;
	case VNM_BY_OUT: vnm_buf_add(out, "oifname"); break;
	case VNM_BY_DST: vnm_buf_printf(out, "%s daddr", family); break;
	case VNM_BY_PORT: vnm_buf_add(out, "meta l4proto . th dport"); break;
	case VNM_BY_SRC:
		vnm_buf_printf(out, "%s saddr", family);
		mask = vnm_netmask_from_len(map->family, map->len);
		if (map->len < vnm_addr_bits(map->family))
			vnm_buf_printf(out, " & %s", vnm_addr_format(&mask, text));
		break;
	}
}

/**
 * vnm_nftables_shift() - what tells a rule from others that are alike but for their map of ports
 * @step: the rule
 * @text: gets it, as its comment ends
 *
 * The map is the rule's own, and not part of it when it is read.
 *
 * Return: @text, or NULL where there is no such map.
 */
const char *vnm_nftables_shift(const struct vnm_nftables_step *step,
			       char text[static VNM_NFTABLES_SHIFT])
{
	const struct vnm_fwrule *rule = &step->rule;

	if (step->kind != VNM_STEP_IS_RULE || !rule->to_port_base)
		return NULL;
	snprintf(text, VNM_NFTABLES_SHIFT, "ports from %u to those from %u", rule->to_port_base,
		 rule->to_port_first);
	return text;
}

/**
 * vnm_nftables_comment() - the comment of a rule: whose it is, and vnm_nftables_shift()
 * @step: the rule
 * @text: gets it
 *
 * Return: @text, or NULL where there is none.
 */
const char *vnm_nftables_comment(const struct vnm_nftables_step *step,
				 char text[static VNM_NFTABLES_COMMENT])
{
	char shift[VNM_NFTABLES_SHIFT];
	const char *network = step->kind == VNM_STEP_IS_RULE ? step->rule.network : "";

	if (!vnm_nftables_shift(step, shift))
		snprintf(text, VNM_NFTABLES_COMMENT, "%s", network);
	else
		snprintf(text, VNM_NFTABLES_COMMENT, "%s%s%s", network, *network ? ": " : "",
			 shift);
	return *text ? text : NULL;
}

/**
 * vnm_nftables_element_comment() - the comment of the element that leads to a place: whose it is
 * @place: the place
 * @rule:  a rule in it
 *
 * A port or an address that is forwarded may lead to guests of several networks.
 *
 * Return: the network, or "".
 */
const char *vnm_nftables_element_comment(const struct vnm_nftables_place *place,
					 const struct vnm_fwrule *rule)
{
	switch (place->map.by) {
	case VNM_BY_IN:
	case VNM_BY_OUT:
	case VNM_BY_SRC: return rule->network;
	case VNM_BY_DST:
	case VNM_BY_PORT: break;
	}
	return "";
}

/**
 * vnm_nftables_step_text() - write a rule as nft(8) reads it
 * @step: the rule
 * @out:  gets it, without table and chain
 */
void vnm_nftables_step_text(const struct vnm_nftables_step *step, struct vnm_buf *out)
{
	const struct vnm_fwrule rule = vnm_nftables_rule(&step->rule);
	char comment[VNM_NFTABLES_COMMENT];

	switch (step->kind) {
	case VNM_STEP_IS_RULE:
		add_matches(out, &rule);
		vnm_buf_add(out, "counter ");
		add_target(out, &rule);
		if (vnm_nftables_comment(step, comment))
			vnm_buf_printf(out, " comment \"%s\"", comment);
		break;
	case VNM_STEP_IS_LOOKUP:
		vnm_buf_add(out, states[step->state]);
		add_key(out, &step->map);
		vnm_buf_printf(out, " vmap @%s", step->map.name);
		break;
	case VNM_STEP_IS_JUMP:
		vnm_buf_printf(out, "%sjump %s", states[step->state], step->chain);
		break;
	}
}

/** vnm_nftables_key_text() - write the key that leads to a place as nft(8) reads it. */
void vnm_nftables_key_text(const struct vnm_nftables_place *place, struct vnm_buf *out)
{
	struct vnm_addr addr = { .family = place->family };
	char text[VNM_ADDR_STRLEN];

	switch (place->map.by) {
	case VNM_BY_IN:
	case VNM_BY_OUT: vnm_buf_printf(out, "\"%.16s\"", (const char *)place->key); break;
	case VNM_BY_SRC:
	case VNM_BY_DST:
		memcpy(addr.b, place->key, place->key_len);
		vnm_buf_add(out, vnm_addr_format(&addr, text));
		break;
	case VNM_BY_PORT:
		vnm_buf_printf(out, "%s . %u", proto_word(place->key[0]),
			       (unsigned)place->key[4] << 8 | place->key[5]);
		break;
	}
}

/* ---- commands ---- */

static void add_map(const struct vnm_nftables_map *map, struct vnm_buf *out)
{
	const char *address = map->family == AF_INET6 ? "ipv6_addr" : "ipv4_addr";
	const char *types[] = {
		[VNM_BY_IN] = "ifname",
		[VNM_BY_OUT] = "ifname",
		[VNM_BY_SRC] = address,
		[VNM_BY_DST] = address,
		[VNM_BY_PORT] = "inet_proto . inet_service",
	};

	vnm_buf_printf(out, "add map %s " VNM_NFTABLES_TABLE " %s { type %s : verdict; }\n",
		       vnm_nftables_family(map->family), map->name, types[map->by]);
}

static void add_chain(int family, const struct vnm_nftables_base *base, struct vnm_buf *out)
{
	static const char *const hooks[] = { "prerouting", "input", "forward", "output",
					     "postrouting" };

	vnm_buf_printf(out, "add chain %s " VNM_NFTABLES_TABLE " %s", vnm_nftables_family(family),
		       base->name);
	if (base->type)
		vnm_buf_printf(out, " { type %s hook %s priority %d; policy accept; }", base->type,
			       hooks[base->hook], base->priority);
	vnm_buf_addc(out, '\n');
}

static void add_rule(const char *chain, const struct vnm_nftables_step *step, struct vnm_buf *out)
{
	vnm_buf_printf(out, "add rule %s " VNM_NFTABLES_TABLE " %s ",
		       vnm_nftables_family(step->family), chain);
	vnm_nftables_step_text(step, out);
	vnm_buf_addc(out, '\n');
}

/**
 * vnm_nftables_base_text() - the commands for what is there for all networks
 * @family: of the table
 * @out:    gets them, as "nft -f" reads them
 */
void vnm_nftables_base_text(int family, struct vnm_buf *out)
{
	struct vnm_nftables_step steps[VNM_NFTABLES_STEPS];
	const struct vnm_nftables_base *bases;
	struct vnm_nftables_map map;
	size_t n = vnm_nftables_bases(&bases);

	vnm_buf_printf(out, "add table %s " VNM_NFTABLES_TABLE "\n", vnm_nftables_family(family));
	for (size_t i = 0; vnm_nftables_map(family, i, &map); i++)
		add_map(&map, out);
	for (size_t i = 0; i < n; i++)
		add_chain(family, &bases[i], out);
	for (size_t i = 0; i < n; i++) {
		size_t n_steps = vnm_nftables_steps(family, &bases[i], steps);

		for (size_t k = 0; k < n_steps; k++)
			add_rule(bases[i].name, &steps[k], out);
	}
}

static bool same_place(const struct vnm_nftables_place *a, const struct vnm_nftables_place *b)
{
	return a->family == b->family && !strcmp(a->name, b->name);
}

/* The chain of a key, and what leads to it, before its first rule. */
static void add_place(const struct vnm_nftables_place *places, size_t at,
		      const struct vnm_fwrule *rule, struct vnm_buf *out)
{
	const struct vnm_nftables_place *place = &places[at];
	const char *comment = vnm_nftables_element_comment(place, rule);
	const char *family = vnm_nftables_family(place->family);
	struct vnm_nftables_step lookup;
	bool new_map = place->map.by == VNM_BY_SRC;

	for (size_t i = at; i > 0; i--) {
		if (same_place(&places[i - 1], place))
			return;
		if (places[i - 1].family == place->family &&
		    !strcmp(places[i - 1].map.name, place->map.name))
			new_map = false;
	}
	if (new_map) {
		add_map(&place->map, out);
		vnm_nftables_source_step(&place->map, &lookup);
		add_rule(vnm_nftables_source_chain(place->chain), &lookup, out);
	}
	vnm_buf_printf(out, "add chain %s " VNM_NFTABLES_TABLE " %s\n", family, place->name);
	vnm_buf_printf(out, "add element %s " VNM_NFTABLES_TABLE " %s { ", family, place->map.name);
	vnm_nftables_key_text(place, out);
	if (*comment)
		vnm_buf_printf(out, " comment \"%s\"", comment);
	vnm_buf_printf(out, " : jump %s }\n", place->name);
}

/**
 * vnm_nftables_text() - the commands for the rules of a network
 * @ops: its rules
 * @n:   how many
 * @out: gets them, as "nft -f" reads them; the base must be there
 */
void vnm_nftables_text(const struct vnm_op *const *ops, size_t n, struct vnm_buf *out)
{
	vnm_autofree struct vnm_nftables_place *places = vnm_alloc((n + 1) * sizeof(*places));

	vnm_nftables_assign(ops, n, places);
	for (size_t i = 0; i < n; i++) {
		struct vnm_nftables_step step = { .kind = VNM_STEP_IS_RULE,
						  .family = ops[i]->rule.family,
						  .rule = ops[i]->rule };

		if (!*places[i].name)
			continue;
		if (places[i].keyed)
			add_place(places, i, &step.rule, out);
		add_rule(places[i].name, &step, out);
	}
}
