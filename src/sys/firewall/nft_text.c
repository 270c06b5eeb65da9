/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_text.c - a rule of nf_tables in the language of nft(8), in enough detail to find it.
 *
 * Theory of operation. A rule loads fields of the packet into registers, and compares them: what a register holds is known by its
 * word ("ip saddr"), and a comparison prints that with the value. That a packet is of IPv4, or TCP, is left out where the field says
 * so, as nft(8) does. Elements of sets without a name are not
 * printed, nor expressions that are rare: "..." stands for them.
 */
#include "sys/firewall/nft_text.h"

#include <arpa/inet.h>
#include <endian.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netlink/attr.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>

#include "sys/firewall/nft_attr.h"
#include "sys/firewall/nft_field.h"
#include "util/mem.h"

#define REGISTERS 16
#define ATTRS_MAX 16
#define VALUE_MAX 16
#define WORD_MAX 48

/** struct reg - what a register holds. @len: of a constant, which @bytes are; else 0. @mask: what is left of the field */
struct reg {
	struct vnm_nft_word word;
	uint8_t bytes[VALUE_MAX], mask[VALUE_MAX];
	size_t len, mask_len;
};

/**
 * struct text - a rule that is being printed
 * @least: the first value of a range of @ranged, whose last one follows; "": none
 * @pending: a condition that a field which is printed next may say, too; @implied: by the words that begin with this
 */
struct text {
	struct vnm_nft_packet packet;
	struct vnm_buf *out;
	struct reg regs[REGISTERS];
	char pending[2][WORD_MAX], implied[2][WORD_MAX];
	char ranged[WORD_MAX], least[WORD_MAX * 2];
};

/* Registers of 16 bytes consist of four of 4 bytes, which have numbers of their own. */
static struct reg *reg_of(struct text *text, const struct nlattr *attr)
{
	const uint32_t number_of = vnm_nft_attr_u32(attr);
	const uint32_t slot =
		number_of >= NFT_REG32_00 ? number_of - NFT_REG32_00 : (number_of - NFT_REG_1) * 4;

	return &text->regs[slot < REGISTERS ? slot : REGISTERS - 1];
}

static size_t value_of(struct nlattr *attr, uint8_t ret[static VALUE_MAX])
{
	struct nlattr *tb[NFTA_DATA_MAX + 1];
	size_t len;

	if (!attr || nla_parse_nested(tb, NFTA_DATA_MAX, attr, NULL) < 0 || !tb[NFTA_DATA_VALUE])
		return 0;
	len = (size_t)nla_len(tb[NFTA_DATA_VALUE]);
	len = len < VALUE_MAX ? len : VALUE_MAX;
	memcpy(ret, nla_data(tb[NFTA_DATA_VALUE]), len);
	return len;
}

static void flush(struct text *text, const char *next)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(text->pending); i++) {
		const char *implied = text->implied[i];
		const bool said = next && (!strncmp(next, implied, strlen(implied)) ||
					   (i == 0 && !strncmp(next, "icmp", 4)));

		if (*text->pending[i] && !said)
			vnm_buf_printf(text->out, "%s ", text->pending[i]);
		text->pending[i][0] = '\0';
	}
	if (*text->least)
		vnm_buf_printf(text->out, "%s >= %s ", text->ranged, text->least);
	*text->least = '\0';
}

static void say(struct text *text, const char *words)
{
	flush(text, NULL);
	vnm_buf_printf(text->out, "%s ", words);
}

/* ---- values ---- */

static unsigned prefix_len(const struct reg *reg)
{
	unsigned len = 0;

	while (len < reg->mask_len * 8 && reg->mask[len / 8] & (0x80 >> len % 8))
		len++;
	return len;
}

static void add_value(struct text *text, const struct reg *reg, const uint8_t *value, size_t len)
{
	char words[WORD_MAX * 2];

	vnm_nft_value(&reg->word, value, len, words, sizeof(words));
	vnm_buf_add(text->out, words);
	if (reg->mask_len && reg->word.kind == VNM_NFT_ADDRESS)
		vnm_buf_printf(text->out, "/%u", prefix_len(reg));
	vnm_buf_addc(text->out, ' ');
}

/* Which protocol it is, fields that follow say in most rules. */
static bool put_off(struct text *text, const struct reg *reg, const uint8_t *value, size_t len)
{
	const bool network = reg->word.kind == VNM_NFT_FAMILY;
	const struct vnm_nft_word word = reg->word;
	char words[WORD_MAX];
	const size_t i = !network;

	if (!network && reg->word.kind != VNM_NFT_PROTOCOL)
		return false;
	vnm_nft_value(&reg->word, value, len, words, sizeof(words));
	snprintf(text->pending[i], WORD_MAX, "%.20s %.20s", word.text, words);
	vnm_nft_learn(&text->packet, &reg->word, value, len);
	snprintf(text->implied[i], WORD_MAX, "%.20s ",
		 network ? (text->packet.v6 ? "ip6" : "ip") : words);
	if (text->packet.icmp6 && !network)
		snprintf(text->implied[i], WORD_MAX, "icmpv6 ");
	return true;
}

static const char *sign_of(uint32_t op)
{
	static const char *const signs[] = {
		[NFT_CMP_EQ] = "",     [NFT_CMP_NEQ] = "!= ", [NFT_CMP_LT] = "< ",
		[NFT_CMP_LTE] = "<= ", [NFT_CMP_GT] = "> ",   [NFT_CMP_GTE] = ">= ",
	};

	return op < VNM_ARRAY_SIZE(signs) ? signs[op] : "";
}

/* ---- expressions ---- */

static void do_meta(struct text *text, const char *name, struct nlattr **tb)
{
	const struct vnm_nft_word word = vnm_nft_meta_word(vnm_nft_attr_u32(tb[NFTA_META_KEY]));
	const struct reg *from;

	(void)name;
	if (!tb[NFTA_META_SREG]) {
		*reg_of(text, tb[NFTA_META_DREG]) = (struct reg){ .word = word };
		return;
	}
	from = reg_of(text, tb[NFTA_META_SREG]);
	say(text, word.text);
	vnm_buf_add(text->out, "set ");
	add_value(text, &(struct reg){ .word = word }, from->bytes, from->len);
}

static void do_ct(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	if (tb[NFTA_CT_SREG])
		return say(text, "ct set ...");
	*reg_of(text, tb[NFTA_CT_DREG]) =
		(struct reg){ .word = vnm_nft_ct_word(vnm_nft_attr_u32(tb[NFTA_CT_KEY])) };
}

static void do_payload(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	if (tb[NFTA_PAYLOAD_SREG])
		return say(text, "payload set ...");
	*reg_of(text, tb[NFTA_PAYLOAD_DREG]) = (struct reg){
		.word = vnm_nft_payload_word(&text->packet, vnm_nft_attr_u32(tb[NFTA_PAYLOAD_BASE]),
					     vnm_nft_attr_u32(tb[NFTA_PAYLOAD_OFFSET]),
					     vnm_nft_attr_u32(tb[NFTA_PAYLOAD_LEN])),
	};
}

static void do_bitwise(struct text *text, const char *name, struct nlattr **tb)
{
	struct reg *to = reg_of(text, tb[NFTA_BITWISE_DREG]);

	(void)name;
	*to = *reg_of(text, tb[NFTA_BITWISE_SREG]);
	to->mask_len = value_of(tb[NFTA_BITWISE_MASK], to->mask);
}

/* Some bits of it are set: which, the mask says. */
static bool is_any_bit(const struct reg *reg, uint32_t op, const uint8_t *value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (value[i])
			return false;
	return reg->word.kind == VNM_NFT_BITS && reg->mask_len == len && op == NFT_CMP_NEQ;
}

/* Is it one end of a range? */
static bool is_end(struct text *text, const struct reg *reg, uint32_t op, const uint8_t *value,
		   size_t len)
{
	char words[WORD_MAX * 2];

	vnm_nft_value(&reg->word, value, len, words, sizeof(words));
	if (op == NFT_CMP_GTE) {
		flush(text, reg->word.text);
		memcpy(text->ranged, reg->word.text, sizeof(reg->word.text));
		snprintf(text->least, sizeof(text->least), "%s", words);
		return true;
	}
	if (op != NFT_CMP_LTE || !*text->least || strcmp(text->ranged, reg->word.text) != 0)
		return false;
	vnm_buf_printf(text->out, "%s %s-%s ", text->ranged, text->least, words);
	*text->least = '\0';
	return true;
}

static void do_cmp(struct text *text, const char *name, struct nlattr **tb)
{
	const struct reg *reg = reg_of(text, tb[NFTA_CMP_SREG]);
	const uint32_t op = vnm_nft_attr_u32(tb[NFTA_CMP_OP]);
	uint8_t value[VALUE_MAX];
	size_t len = value_of(tb[NFTA_CMP_DATA], value);

	(void)name;
	if ((op == NFT_CMP_EQ && put_off(text, reg, value, len)) ||
	    is_end(text, reg, op, value, len))
		return;
	flush(text, reg->word.text);
	if (is_any_bit(reg, op, value, len)) {
		vnm_buf_printf(text->out, "%s ", reg->word.text);
		return add_value(text, reg, reg->mask, reg->mask_len);
	}
	vnm_buf_printf(text->out, "%s %s", reg->word.text, sign_of(op));
	add_value(text, reg, value, len);
}

static void do_range(struct text *text, const char *name, struct nlattr **tb)
{
	const struct reg *reg = reg_of(text, tb[NFTA_RANGE_SREG]);
	uint8_t from[VALUE_MAX], to[VALUE_MAX];
	const size_t len = value_of(tb[NFTA_RANGE_FROM_DATA], from);
	char first[WORD_MAX * 2], last[WORD_MAX * 2];

	(void)name;
	vnm_nft_value(&reg->word, from, len, first, sizeof(first));
	vnm_nft_value(&reg->word, to, value_of(tb[NFTA_RANGE_TO_DATA], to), last, sizeof(last));
	flush(text, reg->word.text);
	vnm_buf_printf(text->out, "%s %s%s-%s ", reg->word.text,
		       vnm_nft_attr_u32(tb[NFTA_RANGE_OP]) == NFT_RANGE_NEQ ? "!= " : "", first,
		       last);
}

static void do_lookup(struct text *text, const char *name, struct nlattr **tb)
{
	const struct reg *reg = reg_of(text, tb[NFTA_LOOKUP_SREG]);
	const char *set = vnm_nft_attr_string(tb[NFTA_LOOKUP_SET]);
	const bool verdict =
		tb[NFTA_LOOKUP_DREG] && vnm_nft_attr_u32(tb[NFTA_LOOKUP_DREG]) == NFT_REG_VERDICT;
	const bool named = strncmp(set, "__", 2) != 0;

	(void)name;
	flush(text, reg->word.text);
	vnm_buf_printf(text->out, "%s %s%s%s%s ", reg->word.text,
		       vnm_nft_attr_u32(tb[NFTA_LOOKUP_FLAGS]) & NFT_LOOKUP_F_INV ? "!= " : "",
		       verdict ? "vmap " : "", named ? "@" : "{ ... }", named ? set : "");
}

static void add_verdict(struct text *text, struct nlattr *attr)
{
	struct nlattr *tb[NFTA_VERDICT_MAX + 1];
	const char *chain;

	if (nla_parse_nested(tb, NFTA_VERDICT_MAX, attr, NULL) < 0)
		return;
	chain = vnm_nft_attr_string(tb[NFTA_VERDICT_CHAIN]);
	switch ((int)vnm_nft_attr_u32(tb[NFTA_VERDICT_CODE])) {
	case NF_ACCEPT: return say(text, "accept");
	case NF_DROP: return say(text, "drop");
	case NFT_RETURN: return say(text, "return");
	case NFT_CONTINUE: return say(text, "continue");
	case NFT_JUMP: say(text, "jump"); break;
	case NFT_GOTO: say(text, "goto"); break;
	default: return say(text, "queue");
	}
	vnm_buf_printf(text->out, "%s ", chain);
}

static void do_immediate(struct text *text, const char *name, struct nlattr **tb)
{
	struct nlattr *data[NFTA_DATA_MAX + 1];
	struct reg *to = reg_of(text, tb[NFTA_IMMEDIATE_DREG]);

	(void)name;
	if (!tb[NFTA_IMMEDIATE_DATA] ||
	    nla_parse_nested(data, NFTA_DATA_MAX, tb[NFTA_IMMEDIATE_DATA], NULL) < 0)
		return;
	if (data[NFTA_DATA_VERDICT])
		return add_verdict(text, data[NFTA_DATA_VERDICT]);
	*to = (struct reg){ .len = 0 };
	to->len = value_of(tb[NFTA_IMMEDIATE_DATA], to->bytes);
}

static void add_target(struct text *text, struct nlattr *addr, struct nlattr *port)
{
	const struct reg *to = addr ? reg_of(text, addr) : NULL;
	const struct reg *at = port ? reg_of(text, port) : NULL;
	char words[INET6_ADDRSTRLEN] = "";

	if (to && to->len == 4)
		(void)inet_ntop(AF_INET, to->bytes, words, sizeof(words));
	else if (to && to->len == 16)
		(void)inet_ntop(AF_INET6, to->bytes, words, sizeof(words));
	if (!*words && !(at && at->len >= 2))
		return;
	vnm_buf_add(text->out, "to ");
	vnm_buf_printf(text->out, at && to && to->len == 16 ? "[%s]" : "%s", words);
	if (at && at->len >= 2)
		vnm_buf_printf(text->out, ":%u", at->bytes[0] << 8 | at->bytes[1]);
	vnm_buf_addc(text->out, ' ');
}

static void do_nat(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	say(text, vnm_nft_attr_u32(tb[NFTA_NAT_TYPE]) == NFT_NAT_SNAT ? "snat" : "dnat");
	add_target(text, tb[NFTA_NAT_REG_ADDR_MIN], tb[NFTA_NAT_REG_PROTO_MIN]);
}

static void do_redirect(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	say(text, "redirect");
	add_target(text, NULL, tb[NFTA_REDIR_REG_PROTO_MIN]);
}

static void do_masquerade(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	say(text, "masquerade");
	if (tb[NFTA_MASQ_FLAGS] || tb[NFTA_MASQ_REG_PROTO_MIN])
		vnm_buf_add(text->out, "... ");
}

static void do_limit(struct text *text, const char *name, struct nlattr **tb)
{
	static const struct {
		uint64_t seconds;
		const char *word;
	} units[] = { { 1, "second" },
		      { 60, "minute" },
		      { 60 * 60, "hour" },
		      { 24 * 3600, "day" },
		      { 7 * 24 * 3600, "week" } };
	const uint64_t unit = vnm_nft_attr_u64(tb[NFTA_LIMIT_UNIT]);
	const bool over = vnm_nft_attr_u32(tb[NFTA_LIMIT_FLAGS]) & NFT_LIMIT_F_INV;

	say(text, name);
	if (vnm_nft_attr_u32(tb[NFTA_LIMIT_TYPE]) == NFT_LIMIT_PKTS)
		for (size_t i = 0; i < VNM_ARRAY_SIZE(units); i++)
			if (units[i].seconds == unit)
				return vnm_buf_printf(
					text->out, "rate %s%llu/%s burst %u packets ",
					over ? "over " : "",
					(unsigned long long)vnm_nft_attr_u64(tb[NFTA_LIMIT_RATE]),
					units[i].word, vnm_nft_attr_u32(tb[NFTA_LIMIT_BURST]));
	vnm_buf_add(text->out, "... ");
}

/* Without words it is a port that is unreachable. */
static void do_reject(struct text *text, const char *name, struct nlattr **tb)
{
	const uint32_t type = vnm_nft_attr_u32(tb[NFTA_REJECT_TYPE]);
	const uint8_t code = tb[NFTA_REJECT_ICMP_CODE] ? nla_get_u8(tb[NFTA_REJECT_ICMP_CODE]) : 0;
	const uint8_t usual = type == NFT_REJECT_ICMPX_UNREACH ? NFT_REJECT_ICMPX_PORT_UNREACH
			      : text->packet.v6		       ? ICMP6_DST_UNREACH_NOPORT
							       : ICMP_PORT_UNREACH;

	say(text, name);
	if (type == NFT_REJECT_TCP_RST)
		vnm_buf_add(text->out, "with tcp reset ");
	else if (code != usual)
		vnm_buf_add(text->out, "with ... ");
}

static void do_fib(struct text *text, const char *name, struct nlattr **tb)
{
	(void)name;
	*reg_of(text, tb[NFTA_FIB_DREG]) =
		(struct reg){ .word = vnm_nft_fib_word(vnm_nft_attr_u32(tb[NFTA_FIB_FLAGS]),
						       vnm_nft_attr_u32(tb[NFTA_FIB_RESULT])) };
}

/* They are the name alone. */
static void do_plain(struct text *text, const char *name, struct nlattr **tb)
{
	(void)tb;
	say(text, name);
}

static void do_log(struct text *text, const char *name, struct nlattr **tb)
{
	say(text, name);
	if (tb[NFTA_LOG_PREFIX])
		vnm_buf_printf(text->out, "prefix \"%s\" ",
			       vnm_nft_attr_string(tb[NFTA_LOG_PREFIX]));
}

/* Of iptables, kept by nf_tables as it is. */
static void do_extension(struct text *text, const char *name, struct nlattr **tb)
{
	say(text, "xt");
	vnm_buf_printf(text->out, "%s \"%s\" ", name, vnm_nft_attr_string(tb[NFTA_MATCH_NAME]));
}

static const struct {
	const char *name;
	void (*fn)(struct text *text, const char *name, struct nlattr **tb);
} exprs[] = {
	{ "meta", do_meta },	   { "ct", do_ct },
	{ "payload", do_payload }, { "bitwise", do_bitwise },
	{ "cmp", do_cmp },	   { "range", do_range },
	{ "lookup", do_lookup },   { "immediate", do_immediate },
	{ "nat", do_nat },	   { "redir", do_redirect },
	{ "masq", do_masquerade }, { "log", do_log },
	{ "match", do_extension }, { "target", do_extension },
	{ "limit", do_limit },	   { "reject", do_reject },
	{ "fib", do_fib },	   { "counter", do_plain },
	{ "notrack", do_plain },
};

static void do_expr(struct text *text, struct nlattr *expr)
{
	struct nlattr *head[NFTA_EXPR_MAX + 1], *tb[ATTRS_MAX + 1] = { NULL };
	const char *name;

	if (nla_parse_nested(head, NFTA_EXPR_MAX, expr, NULL) < 0)
		return;
	name = vnm_nft_attr_string(head[NFTA_EXPR_NAME]);
	if (head[NFTA_EXPR_DATA] && nla_parse_nested(tb, ATTRS_MAX, head[NFTA_EXPR_DATA], NULL) < 0)
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(exprs); i++)
		if (!strcmp(exprs[i].name, name))
			return exprs[i].fn(text, name, tb);
	say(text, name);
	vnm_buf_add(text->out, "... ");
}

/**
 * vnm_nft_text() - print a rule as nft(8) lists it
 * @family: of its table, NFPROTO_*
 * @rule:   the rule
 * @out:    gets "iifname \"br0\" tcp dport 80 counter drop"
 */
void vnm_nft_text(uint8_t family, const struct vnm_nft_rule *rule, struct vnm_buf *out)
{
	struct text text = { .out = out, .packet.v6 = family == NFPROTO_IPV6 };
	struct nlattr *expr;
	int left;

	nla_for_each_attr(expr, (struct nlattr *)(void *)rule->exprs, (int)rule->len, left)
		do_expr(&text, expr);
	flush(&text, NULL);
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}
