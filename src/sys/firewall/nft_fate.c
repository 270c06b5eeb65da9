// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nft_fate.c - what would the rules of a chain do with a packet?
 *
 * How that is judged: fw_probe.c. Unknown expressions are "maybe": nft has more of them every year.
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

#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/nft_attr.h"
#include "sys/firewall/nft_chains.h"
#include "util/mem.h"

#define DEPTH_MAX 16
#define REGISTERS 32
#define EXPR_MAX NFTA_EXPR_MAX
#define ATTRS_MAX 16

/** struct reg - what a register of the rule holds. @bytes: of an address, a mask of what is left of it */
struct reg {
	enum { UNKNOWN, IN_NAME, OUT_NAME, IN_INDEX, OUT_INDEX, BYTES, SOURCE, DESTINATION } kind;
	unsigned char bytes[16];
	size_t len;
};

/** struct run - the evaluation of one rule. */
struct run {
	struct vnm_sys *sys;
	const struct vnm_fw_probe *probe;
	struct reg regs[REGISTERS];
	enum vnm_fw_answer holds;
	enum vnm_fw_verdict verdict;
	char target[NFT_CHAIN_MAXNAMELEN];
};

static struct reg *reg_of(struct run *run, struct nlattr *attr)
{
	uint32_t number = vnm_nft_attr_u32(attr);

	return attr && number < REGISTERS ? &run->regs[number] : NULL;
}

static void narrow(struct run *run, enum vnm_fw_answer answer)
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
	const struct vnm_fw_probe *probe = run->probe;

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
		*reg = load_meta(run, vnm_nft_attr_u32(tb[NFTA_META_KEY]));
}

static void do_ct(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_CT_DREG]);
	uint32_t state = ct_state(run);

	if (reg)
		*reg = vnm_nft_attr_u32(tb[NFTA_CT_KEY]) == NFT_CT_STATE
			       ? bytes_of(&state, sizeof(state))
			       : (struct reg){ 0 };
}

/* An address, or the first bytes of one: so nft loads a subnet of 8, 16 or 24 bits. */
static struct reg load_address(const struct run *run, uint32_t offset, uint32_t len)
{
	const bool v6 = run->probe->nfproto == NFPROTO_IPV6;
	const uint32_t source = v6 ? 8 : 12, size = v6 ? 16 : 4;
	struct reg reg = { .kind = offset == source ? SOURCE : DESTINATION, .len = len };

	if ((offset != source && offset != source + size) || len == 0 || len > size)
		return (struct reg){ 0 };
	memset(reg.bytes, 0xff, len);
	return reg;
}

static void do_payload(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_PAYLOAD_DREG]);
	uint16_t port = htons(run->probe->dport);

	if (!reg)
		return;
	*reg = (struct reg){ 0 };
	if (vnm_nft_attr_u32(tb[NFTA_PAYLOAD_BASE]) == NFT_PAYLOAD_NETWORK_HEADER)
		*reg = load_address(run, vnm_nft_attr_u32(tb[NFTA_PAYLOAD_OFFSET]),
				    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_LEN]));
	if (port && vnm_nft_attr_u32(tb[NFTA_PAYLOAD_BASE]) == NFT_PAYLOAD_TRANSPORT_HEADER &&
	    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_OFFSET]) == 2 &&
	    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_LEN]) == 2)
		*reg = bytes_of(&port, sizeof(port));
	if (run->probe->icmp6 &&
	    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_BASE]) == NFT_PAYLOAD_TRANSPORT_HEADER &&
	    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_OFFSET]) == 0 &&
	    vnm_nft_attr_u32(tb[NFTA_PAYLOAD_LEN]) == 1)
		*reg = bytes_of(&run->probe->icmp6, 1);
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
	if (from->kind < BYTES || !mask || !flip || mask_len != from->len || xor_len != mask_len) {
		*to = (struct reg){ 0 };
		return;
	}
	*to = *from;
	for (size_t i = 0; i < to->len; i++) {
		to->bytes[i] = (to->bytes[i] & mask[i]) ^ flip[i];
		if (to->kind != BYTES && flip[i])
			to->kind = UNKNOWN;
	}
}

/* @data: @len bytes of the subnet that an address of the packet is compared with; @reg: which bits of it */
static enum vnm_fw_answer is_subnet(const struct run *run, const struct reg *reg,
				    const unsigned char *data, size_t len)
{
	const size_t size = run->probe->nfproto == NFPROTO_IPV6 ? 16 : 4;
	unsigned char addr[16] = { 0 }, mask[16] = { 0 };

	if (len != reg->len || len > size)
		return VNM_ANSWER_MAYBE;
	memcpy(addr, data, len);
	memcpy(mask, reg->bytes, len);
	return vnm_fw_probe_subnet(reg->kind == SOURCE ? &run->probe->src : &run->probe->dst, addr,
				   mask, size);
}

static enum vnm_fw_answer is_index(struct run *run, const char *dev, const unsigned char *data,
				   size_t len)
{
	char name[IF_NAMESIZE] = "";
	unsigned index;

	if (len != sizeof(index))
		return VNM_ANSWER_MAYBE;
	memcpy(&index, data, len);
	if (!if_indextoname(index, name))
		return VNM_ANSWER_NO;
	return vnm_fw_probe_dev(run->sys, dev, name, strlen(name) + 1);
}

static enum vnm_fw_answer equals(struct run *run, const struct reg *reg, const unsigned char *data,
				 size_t len)
{
	const struct vnm_fw_probe *probe = run->probe;

	switch (reg->kind) {
	case IN_NAME: return vnm_fw_probe_dev(run->sys, probe->in, (const char *)data, len);
	case OUT_NAME: return vnm_fw_probe_dev(run->sys, probe->out, (const char *)data, len);
	case IN_INDEX: return is_index(run, probe->in, data, len);
	case OUT_INDEX: return is_index(run, probe->out, data, len);
	case BYTES:
		return len == reg->len && !memcmp(reg->bytes, data, len) ? VNM_ANSWER_YES
									 : VNM_ANSWER_NO;
	case SOURCE:
	case DESTINATION: return is_subnet(run, reg, data, len);
	case UNKNOWN: break;
	}
	return VNM_ANSWER_MAYBE;
}

static void do_cmp(struct run *run, struct nlattr **tb)
{
	const struct reg *reg = reg_of(run, tb[NFTA_CMP_SREG]);
	uint32_t op = vnm_nft_attr_u32(tb[NFTA_CMP_OP]);
	size_t len = 0;
	const unsigned char *data = data_of(tb[NFTA_CMP_DATA], &len);
	enum vnm_fw_answer same = reg && data ? equals(run, reg, data, len) : VNM_ANSWER_MAYBE;

	if (op == NFT_CMP_EQ)
		narrow(run, same);
	else if (op == NFT_CMP_NEQ)
		narrow(run, vnm_fw_answer_not(same));
	else
		narrow(run, VNM_ANSWER_MAYBE);
}

static void parse_verdict(struct run *run, struct nlattr *attr)
{
	struct nlattr *data[NFTA_DATA_MAX + 1], *tb[NFTA_VERDICT_MAX + 1];

	run->verdict = VNM_VERDICT_OTHER;
	if (!attr || nla_parse_nested(data, NFTA_DATA_MAX, attr, NULL) < 0 ||
	    !data[NFTA_DATA_VERDICT] ||
	    nla_parse_nested(tb, NFTA_VERDICT_MAX, data[NFTA_DATA_VERDICT], NULL) < 0)
		return;
	switch ((int)vnm_nft_attr_u32(tb[NFTA_VERDICT_CODE])) {
	case NF_ACCEPT: run->verdict = VNM_VERDICT_ACCEPT; break;
	case NF_DROP: run->verdict = VNM_VERDICT_DROP; break;
	case NFT_CONTINUE: run->verdict = VNM_VERDICT_GOES_ON; break;
	case NFT_RETURN: run->verdict = VNM_VERDICT_RETURN; break;
	case NFT_JUMP: run->verdict = VNM_VERDICT_JUMP; break;
	case NFT_GOTO: run->verdict = VNM_VERDICT_GOTO; break;
	default: break;
	}
	if (tb[NFTA_VERDICT_CHAIN])
		nla_strlcpy(run->target, tb[NFTA_VERDICT_CHAIN], sizeof(run->target));
	if (run->verdict == VNM_VERDICT_JUMP && vnm_fw_lets_go(run->target))
		run->verdict = VNM_VERDICT_GOES_ON;
}

static void do_immediate(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_IMMEDIATE_DREG]);

	if (vnm_nft_attr_u32(tb[NFTA_IMMEDIATE_DREG]) == NFT_REG_VERDICT)
		parse_verdict(run, tb[NFTA_IMMEDIATE_DATA]);
	else if (reg)
		*reg = (struct reg){ 0 };
}

static void do_match(struct run *run, struct nlattr **tb)
{
	struct nlattr *info = tb[NFTA_MATCH_INFO];

	narrow(run,
	       vnm_fw_probe_match(
		       run->probe,
		       &(struct vnm_fw_match){
			       tb[NFTA_MATCH_NAME] ? nla_get_string(tb[NFTA_MATCH_NAME]) : "",
			       vnm_nft_attr_u32(tb[NFTA_MATCH_REV]), info ? nla_data(info) : NULL,
			       info ? (size_t)nla_len(info) : 0 }));
}

static void do_target(struct run *run, struct nlattr **tb)
{
	const char *name = tb[NFTA_TARGET_NAME] ? nla_get_string(tb[NFTA_TARGET_NAME]) : "";

	if (!strcmp(name, "REJECT"))
		run->verdict = VNM_VERDICT_DROP;
	else if (!vnm_fwentry_goes_on(name))
		run->verdict = VNM_VERDICT_OTHER;
}

/* The result of a map is unknown; a set may hold the packet. */
static void do_lookup(struct run *run, struct nlattr **tb)
{
	struct reg *reg = reg_of(run, tb[NFTA_LOOKUP_DREG]);

	narrow(run, VNM_ANSWER_MAYBE);
	if (tb[NFTA_LOOKUP_DREG] && vnm_nft_attr_u32(tb[NFTA_LOOKUP_DREG]) == NFT_REG_VERDICT)
		run->verdict = VNM_VERDICT_OTHER;
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
	run->verdict = VNM_VERDICT_DROP;
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
		return narrow(run, VNM_ANSWER_MAYBE);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(exprs); i++)
		if (!strcmp(exprs[i].name, name))
			return exprs[i].fn(run, tb);
	narrow(run, VNM_ANSWER_MAYBE);
}

static void run_rule(struct run *run, const struct vnm_nft_rule *rule)
{
	struct nlattr *expr;
	int left;

	run->holds = VNM_ANSWER_YES;
	run->verdict = VNM_VERDICT_GOES_ON;
	nla_for_each_attr(expr, (struct nlattr *)(void *)rule->exprs, (int)rule->len, left)
	{
		do_expr(run, expr);
		if (run->holds == VNM_ANSWER_NO || run->verdict != VNM_VERDICT_GOES_ON)
			return;
	}
}

static enum vnm_fw_fate walk(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			     const struct vnm_fw_probe *probe, unsigned depth,
			     uint64_t *ret_handle);

/* Evaluate the chain that a rule jumps to. */
static enum vnm_fw_fate follow(struct run *run, const struct vnm_nft_chain *chain, unsigned depth,
			       uint64_t *ret_handle)
{
	struct vnm_nft_chain *target = vnm_nft_find(run->sys, chain, run->target);

	return target && depth < DEPTH_MAX
		       ? walk(run->sys, target, run->probe, depth + 1, ret_handle)
		       : VNM_FATE_MAYBE;
}

/* Return: true when the chain is at its end, with @ret. */
static bool decide(struct run *run, const struct vnm_nft_chain *chain,
		   const struct vnm_nft_rule *rule, unsigned depth, enum vnm_fw_fate *ret,
		   uint64_t *ret_handle)
{
	bool jumps = run->verdict == VNM_VERDICT_JUMP || run->verdict == VNM_VERDICT_GOTO;
	enum vnm_fw_fate inner = jumps ? follow(run, chain, depth, ret_handle) : VNM_FATE_FALLS;

	if (run->verdict == VNM_VERDICT_DROP)
		*ret_handle = rule->handle;
	return vnm_fw_decide(run->verdict, run->holds == VNM_ANSWER_YES, inner, ret);
}

static enum vnm_fw_fate walk(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			     const struct vnm_fw_probe *probe, unsigned depth, uint64_t *ret_handle)
{
	struct run run = { .sys = sys, .probe = probe };
	enum vnm_fw_fate fate = VNM_FATE_FALLS;

	if (!vnm_nft_rules(sys, chain))
		return VNM_FATE_MAYBE;
	for (size_t i = 0; i < chain->n; i++) {
		run_rule(&run, &chain->rules[i]);
		if (run.holds != VNM_ANSWER_NO &&
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
enum vnm_fw_fate vnm_nft_fate(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			      const struct vnm_fw_probe *probe, uint64_t *ret_handle)
{
	enum vnm_fw_fate fate;

	*ret_handle = 0;
	fate = walk(sys, chain, probe, 0, ret_handle);
	if (fate != VNM_FATE_FALLS)
		return fate;
	*ret_handle = 0;
	return chain->drops ? VNM_FATE_DROPPED : VNM_FATE_ACCEPTED;
}
