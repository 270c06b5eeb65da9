// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_fate.c - what would the rules of a chain do with a packet?
 *
 * Theory of operation. False alarms are as useless as silence while guests are cut off. So the rules are evaluated on
 * what is known of the packet, and each condition has three results: true, false, maybe. A "maybe" rule that accepts
 * makes the result "maybe"; one that drops is assumed to match other packets. The result is "dropped" only if nothing
 * can accept the packet and something certainly drops it. Unknown expressions are "maybe": nft has more of them every
 * year.
 */
#include "sys/firewall/nft_fate.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>

#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

#define DEPTH_MAX 16
#define REGISTERS 32
#define EXPR_MAX NFTA_EXPR_MAX
#define ATTRS_MAX 16

enum answer { NO, MAYBE, YES };

enum verdict { GOES_ON, ACCEPT, DROP, RETURN, JUMP, GOTO, ANY_VERDICT };

/** struct reg - what a register of the rule holds. */
struct reg {
	enum { UNKNOWN, IN_NAME, OUT_NAME, IN_INDEX, OUT_INDEX, BYTES } kind;
	unsigned char bytes[4];
	size_t len;
};

/** struct run - the evaluation of one rule. */
struct run {
	struct vnm_sys *sys;
	const struct vnm_nft_probe *probe;
	struct reg regs[REGISTERS];
	enum answer holds;
	enum verdict verdict;
	char target[NFT_CHAIN_MAXNAMELEN];
};

static uint32_t get_u32(struct nlattr *const attr)
{
	return attr && nla_len(attr) >= 4 ? ntohl(nla_get_u32(attr)) : 0;
}

static struct reg *reg_of(struct run *run, struct nlattr *attr)
{
	uint32_t number = get_u32(attr);

	return attr && number < REGISTERS ? &run->regs[number] : NULL;
}

static void narrow(struct run *run, enum answer answer)
{
	if (answer < run->holds)
		run->holds = answer;
}

static struct reg bytes_of(const void *data, size_t len)
{
	struct reg reg = { .kind = BYTES, .len = len };

	memcpy(reg.bytes, data, len);
	return reg;
}

static struct reg load_meta(const struct run *run, uint32_t key)
{
	const struct vnm_nft_probe *probe = run->probe;

	switch (key) {
	case NFT_META_IIFNAME: return (struct reg){ .kind = probe->in ? IN_NAME : UNKNOWN };
	case NFT_META_OIFNAME: return (struct reg){ .kind = probe->out ? OUT_NAME : UNKNOWN };
	case NFT_META_IIF: return (struct reg){ .kind = probe->in ? IN_INDEX : UNKNOWN };
	case NFT_META_OIF: return (struct reg){ .kind = probe->out ? OUT_INDEX : UNKNOWN };
	case NFT_META_NFPROTO: return bytes_of(&probe->nfproto, 1);
	case NFT_META_L4PROTO:
		return probe->proto ? bytes_of(&probe->proto, 1) : (struct reg){ 0 };
	default: return (struct reg){ 0 };
	}
}

static uint32_t ct_state(const struct run *run)
{
	return run->probe->fresh ? NF_CT_STATE_BIT(IP_CT_NEW) : NF_CT_STATE_BIT(IP_CT_ESTABLISHED);
}

static void do_meta(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_META_DREG]);

	if (reg)
		*reg = load_meta(run, get_u32(tb[NFTA_META_KEY]));
}

static void do_ct(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_CT_DREG]);
	uint32_t state = ct_state(run);

	if (reg)
		*reg = get_u32(tb[NFTA_CT_KEY]) == NFT_CT_STATE ? bytes_of(&state, sizeof(state))
								: (struct reg){ 0 };
}

static void do_payload(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_PAYLOAD_DREG]);
	uint16_t port = htons(run->probe->dport);

	if (!reg)
		return;
	*reg = (struct reg){ 0 };
	if (port && get_u32(tb[NFTA_PAYLOAD_BASE]) == NFT_PAYLOAD_TRANSPORT_HEADER &&
	    get_u32(tb[NFTA_PAYLOAD_OFFSET]) == 2 && get_u32(tb[NFTA_PAYLOAD_LEN]) == 2)
		*reg = bytes_of(&port, sizeof(port));
}

/* The bytes of a nested NFTA_DATA_VALUE. */
static const unsigned char *data_of(struct nlattr *attr, size_t *ret_len)
{
	struct nlattr *tb[NFTA_DATA_MAX + 1];

	if (!attr || nla_parse_nested(tb, NFTA_DATA_MAX, attr, NULL) < 0 || !tb[NFTA_DATA_VALUE])
		return NULL;
	*ret_len = (size_t)nla_len(tb[NFTA_DATA_VALUE]);
	return nla_data(tb[NFTA_DATA_VALUE]);
}

static void do_bitwise(struct run *run, struct nlattr **tb)
{
	struct reg *from = reg_of(run, tb[NFTA_BITWISE_SREG]);
	struct reg *to = reg_of(run, tb[NFTA_BITWISE_DREG]);
	size_t mask_len = 0, xor_len = 0;
	const unsigned char *mask = data_of(tb[NFTA_BITWISE_MASK], &mask_len);
	const unsigned char *flip = data_of(tb[NFTA_BITWISE_XOR], &xor_len);

	if (!from || !to)
		return;
	if (from->kind != BYTES || !mask || !flip || mask_len != from->len || xor_len != mask_len) {
		*to = (struct reg){ 0 };
		return;
	}
	*to = *from;
	for (size_t i = 0; i < to->len; i++)
		to->bytes[i] = (to->bytes[i] & mask[i]) ^ flip[i];
}

/* Has the probe's device that name? A name without its NUL is a prefix. */
static enum answer is_dev(struct run *run, const char *dev, const unsigned char *name, size_t len)
{
	struct vnm_fw_side side = { .wild = !memchr(name, '\0', len) };

	if (*dev)
		return !strncmp(dev, (const char *)name, len) ? YES : NO;
	memcpy(side.dev, name, len < IFNAMSIZ ? len : IFNAMSIZ - 1);
	return vnm_fw_side_inner(run->sys, &side) ? NO : MAYBE;
}

static enum answer is_index(struct run *run, const char *dev, const unsigned char *data, size_t len)
{
	char name[IF_NAMESIZE] = "";
	unsigned index;

	if (len != sizeof(index))
		return MAYBE;
	memcpy(&index, data, len);
	if (!if_indextoname(index, name))
		return NO;
	return is_dev(run, dev, (const unsigned char *)name, strlen(name) + 1);
}

static enum answer equals(struct run *run, const struct reg *reg, const unsigned char *data,
			  size_t len)
{
	const struct vnm_nft_probe *probe = run->probe;

	switch (reg->kind) {
	case IN_NAME: return is_dev(run, probe->in, data, len);
	case OUT_NAME: return is_dev(run, probe->out, data, len);
	case IN_INDEX: return is_index(run, probe->in, data, len);
	case OUT_INDEX: return is_index(run, probe->out, data, len);
	case BYTES: return len == reg->len && !memcmp(reg->bytes, data, len) ? YES : NO;
	case UNKNOWN: break;
	}
	return MAYBE;
}

static void do_cmp(struct run *run, struct nlattr **tb)
{
	const struct reg *reg = reg_of(run, tb[NFTA_CMP_SREG]);
	uint32_t op = get_u32(tb[NFTA_CMP_OP]);
	size_t len = 0;
	const unsigned char *data = data_of(tb[NFTA_CMP_DATA], &len);
	enum answer same = reg && data ? equals(run, reg, data, len) : MAYBE;

	if (op == NFT_CMP_EQ)
		narrow(run, same);
	else if (op == NFT_CMP_NEQ)
		narrow(run, same == YES ? NO : same == NO ? YES : MAYBE);
	else
		narrow(run, MAYBE);
}

static void parse_verdict(struct run *run, struct nlattr *attr)
{
	struct nlattr *data[NFTA_DATA_MAX + 1], *tb[NFTA_VERDICT_MAX + 1];

	run->verdict = ANY_VERDICT;
	if (!attr || nla_parse_nested(data, NFTA_DATA_MAX, attr, NULL) < 0 ||
	    !data[NFTA_DATA_VERDICT] ||
	    nla_parse_nested(tb, NFTA_VERDICT_MAX, data[NFTA_DATA_VERDICT], NULL) < 0)
		return;
	switch ((int)get_u32(tb[NFTA_VERDICT_CODE])) {
	case NF_ACCEPT: run->verdict = ACCEPT; break;
	case NF_DROP: run->verdict = DROP; break;
	case NFT_CONTINUE: run->verdict = GOES_ON; break;
	case NFT_RETURN: run->verdict = RETURN; break;
	case NFT_JUMP: run->verdict = JUMP; break;
	case NFT_GOTO: run->verdict = GOTO; break;
	default: break;
	}
	if (tb[NFTA_VERDICT_CHAIN])
		nla_strlcpy(run->target, tb[NFTA_VERDICT_CHAIN], sizeof(run->target));
}

static void do_immediate(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_IMMEDIATE_DREG]);

	if (get_u32(tb[NFTA_IMMEDIATE_DREG]) == NFT_REG_VERDICT)
		parse_verdict(run, tb[NFTA_IMMEDIATE_DATA]);
	else if (reg)
		*reg = (struct reg){ 0 };
}

/* iptables-nft matches the connection state like this. */
static void do_match(struct run *run, struct nlattr **tb)
{
	const char *name = tb[NFTA_MATCH_NAME] ? nla_get_string(tb[NFTA_MATCH_NAME]) : "";
	const struct xt_conntrack_mtinfo3 *ct = NULL;
	unsigned bit = run->probe->fresh ? XT_CONNTRACK_STATE_BIT(IP_CT_NEW)
					 : XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED);

	if (!strcmp(name, "comment"))
		return;
	if (!strcmp(name, "conntrack") && get_u32(tb[NFTA_MATCH_REV]) == 3 &&
	    tb[NFTA_MATCH_INFO] && nla_len(tb[NFTA_MATCH_INFO]) >= (int)sizeof(*ct))
		ct = nla_data(tb[NFTA_MATCH_INFO]);
	if (ct && ct->match_flags & XT_CONNTRACK_STATE &&
	    !(ct->invert_flags & XT_CONNTRACK_STATE) && !(ct->state_mask & bit))
		narrow(run, NO);
	else if (!ct || ct->match_flags != XT_CONNTRACK_STATE || ct->invert_flags)
		narrow(run, MAYBE);
}

static void do_target(struct run *run, struct nlattr **tb)
{
	const char *name = tb[NFTA_TARGET_NAME] ? nla_get_string(tb[NFTA_TARGET_NAME]) : "";

	if (!strcmp(name, "REJECT"))
		run->verdict = DROP;
	else if (!vnm_fwentry_goes_on(name))
		run->verdict = ANY_VERDICT;
}

/* The result of a map is unknown; a set may hold the packet. */
static void do_lookup(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_LOOKUP_DREG]);

	narrow(run, MAYBE);
	if (tb[NFTA_LOOKUP_DREG] && get_u32(tb[NFTA_LOOKUP_DREG]) == NFT_REG_VERDICT)
		run->verdict = ANY_VERDICT;
	else if (reg)
		*reg = (struct reg){ 0 };
}

static void do_nothing(struct run *run, struct nlattr **tb)
{
	(void)run, (void)tb;
}

static void do_reject(struct run *run, struct nlattr **tb)
{
	(void)tb;
	run->verdict = DROP;
}

static const struct {
	const char *name;
	void (*fn)(struct run *run, struct nlattr **tb);
} exprs[] = {
	{ "meta", do_meta },	   { "ct", do_ct },	      { "payload", do_payload },
	{ "bitwise", do_bitwise }, { "cmp", do_cmp },	      { "immediate", do_immediate },
	{ "match", do_match },	   { "target", do_target },   { "lookup", do_lookup },
	{ "counter", do_nothing }, { "log", do_nothing },     { "notrack", do_nothing },
	{ "reject", do_reject },
};

static void do_expr(struct run *run, struct nlattr *expr)
{
	struct nlattr *head[EXPR_MAX + 1], *tb[ATTRS_MAX + 1] = { NULL };
	const char *name;

	if (nla_parse_nested(head, EXPR_MAX, expr, NULL) < 0 || !head[NFTA_EXPR_NAME])
		return;
	name = nla_get_string(head[NFTA_EXPR_NAME]);
	if (head[NFTA_EXPR_DATA] &&
	    nla_parse_nested(tb, ATTRS_MAX, head[NFTA_EXPR_DATA], NULL) < 0)
		return narrow(run, MAYBE);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(exprs); i++)
		if (!strcmp(exprs[i].name, name))
			return exprs[i].fn(run, tb);
	narrow(run, MAYBE);
}

static void run_rule(struct run *run, const struct vnm_nft_rule *rule)
{
	struct nlattr *expr;
	int left;

	run->holds = YES;
	run->verdict = GOES_ON;
	nla_for_each_attr(expr, (struct nlattr *)(void *)rule->exprs, (int)rule->len, left)
	{
		do_expr(run, expr);
		if (run->holds == NO || run->verdict != GOES_ON)
			return;
	}
}

static enum vnm_nft_fate walk(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			      const struct vnm_nft_probe *probe, unsigned depth,
			      uint64_t *ret_handle);

/* Evaluate a chain that a rule jumps to. */
static enum vnm_nft_fate follow(struct run *run, const struct vnm_nft_chain *chain, unsigned depth,
				uint64_t *ret_handle)
{
	struct vnm_nft_chain *target = vnm_nft_find(run->sys, chain, run->target);
	enum vnm_nft_fate fate = target && depth < DEPTH_MAX
					 ? walk(run->sys, target, run->probe, depth + 1, ret_handle)
					 : VNM_FATE_MAYBE;

	if (run->holds == YES || fate == VNM_FATE_FALLS)
		return fate;
	return fate == VNM_FATE_DROPPED ? VNM_FATE_FALLS : VNM_FATE_MAYBE;
}

/* Return: true when the chain is at its end, with @ret. */
static bool decide(struct run *run, const struct vnm_nft_chain *chain,
		   const struct vnm_nft_rule *rule, unsigned depth, enum vnm_nft_fate *ret,
		   uint64_t *ret_handle)
{
	bool certain = run->holds == YES;

	switch (run->verdict) {
	case GOES_ON: return false;
	case ACCEPT: *ret = certain ? VNM_FATE_ACCEPTED : VNM_FATE_MAYBE; return true;
	case DROP:
		*ret = VNM_FATE_DROPPED;
		*ret_handle = rule->handle;
		return certain;
	case RETURN: *ret = certain ? VNM_FATE_FALLS : VNM_FATE_MAYBE; return true;
	case JUMP: *ret = follow(run, chain, depth, ret_handle); return *ret != VNM_FATE_FALLS;
	case GOTO:
		*ret = follow(run, chain, depth, ret_handle);
		if (!certain && *ret == VNM_FATE_FALLS)
			*ret = VNM_FATE_MAYBE;
		return true;
	case ANY_VERDICT: break;
	}
	*ret = VNM_FATE_MAYBE;
	return true;
}

static enum vnm_nft_fate walk(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			      const struct vnm_nft_probe *probe, unsigned depth,
			      uint64_t *ret_handle)
{
	struct run run = { .sys = sys, .probe = probe };
	enum vnm_nft_fate fate = VNM_FATE_FALLS;

	if (!vnm_nft_rules(sys, chain))
		return VNM_FATE_MAYBE;
	for (size_t i = 0; i < chain->n; i++) {
		run_rule(&run, &chain->rules[i]);
		if (run.holds != NO &&
		    decide(&run, chain, &chain->rules[i], depth, &fate, ret_handle))
			return fate;
	}
	return VNM_FATE_FALLS;
}

/**
 * vnm_nft_fate() - what would become of a packet in a base chain?
 * @sys:        the handles
 * @chain:      the base chain
 * @probe:      the packet
 * @ret_handle: of the rule that drops it; 0: the policy does
 *
 * Return: VNM_FATE_DROPPED only if that is certain.
 */
enum vnm_nft_fate vnm_nft_fate(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			       const struct vnm_nft_probe *probe, uint64_t *ret_handle)
{
	enum vnm_nft_fate fate;

	*ret_handle = 0;
	fate = walk(sys, chain, probe, 0, ret_handle);
	if (fate != VNM_FATE_FALLS)
		return fate;
	*ret_handle = 0;
	return chain->drops ? VNM_FATE_DROPPED : VNM_FATE_ACCEPTED;
}
