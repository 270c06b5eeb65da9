// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_nft_decode.c - a rule of nf_tables as a table entry.
 *
 * Theory of operation. What iptables-nft writes, of any version, becomes the entry that it was made of, byte for byte: so
 * a rule of ours is recognised, also when somebody has saved and restored the tables. Registers are followed only as far as
 * that takes: one value is loaded, masked and compared.
 *
 * What no entry can say (a set, "ct state") becomes a match without data, named after the expression. It equals no match
 * of ours, and a rule is judged as one with any unknown match: it may concern all packets that its other conditions
 * match. What may decide about a packet counts as a target that does.
 */
#include "sys/firewall/fw_nft_decode.h"

#include <net/if.h>
#include <netlink/attr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_NFLOG.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/nft_attr.h"
#include "util/buf.h"
#include "util/mem.h"

#define ATTRS_MAX 16
#define TCP_FLAGS 13 /* bytes into the header */
#define LIMIT_UNIT_MAX (24 * 60 * 60) /* seconds */
#define INFO_MAX 4096 /* of one match */
#define MATCHES_MAX \
	16384 /* bytes; an entry has 64 KiB. What is left out makes a foreign rule match more packets. */

/** struct loaded - the value in the register. @key: of meta; @base, @offset, @len: of a header; @mask: applied to it */
struct loaded {
	enum { NOTHING, META, PAYLOAD } kind;
	uint32_t key, base, offset, len;
	unsigned char mask[16];
};

/**
 * struct decoder - an entry that is being put together. @ports: to be added; @log: the target, unless another one follows;
 * @decided: it is known
 */
struct decoder {
	int family;
	unsigned char *src, *dst, *src_mask, *dst_mask, *in_mask, *out_mask, *inverted;
	char *in, *out;
	size_t addr_len, head_size;
	uint16_t proto;
	struct loaded loaded;
	struct xt_tcp ports;
	struct xt_nflog_info log;
	bool has_ports, has_log, decided;
	struct vnm_buf matches, target, target_name;
	/* At the end: both end in an array without a length. */
	union {
		struct ipt_entry v4;
		struct ip6t_entry v6;
	} head;
};

/* The bytes of a nested NFTA_DATA_VALUE, at most @max; NULL: none. */
static const unsigned char *get_value(struct nlattr *attr, size_t max, size_t *ret_len)
{
	struct nlattr *tb[NFTA_DATA_MAX + 1];

	if (!attr || nla_parse_nested(tb, NFTA_DATA_MAX, attr, NULL) < 0 || !tb[NFTA_DATA_VALUE] ||
	    (size_t)nla_len(tb[NFTA_DATA_VALUE]) > max)
		return NULL;
	*ret_len = (size_t)nla_len(tb[NFTA_DATA_VALUE]);
	return nla_data(tb[NFTA_DATA_VALUE]);
}

/* ---- the entry ---- */

static void begin4(struct decoder *d)
{
	struct ipt_ip *ip = &d->head.v4.ip;

	d->src = (unsigned char *)&ip->src;
	d->dst = (unsigned char *)&ip->dst;
	d->src_mask = (unsigned char *)&ip->smsk;
	d->dst_mask = (unsigned char *)&ip->dmsk;
	d->addr_len = sizeof(ip->src);
	d->in = ip->iniface;
	d->out = ip->outiface;
	d->in_mask = ip->iniface_mask;
	d->out_mask = ip->outiface_mask;
	d->inverted = &ip->invflags;
	d->head_size = sizeof(d->head.v4);
}

static void begin6(struct decoder *d)
{
	struct ip6t_ip6 *ip = &d->head.v6.ipv6;

	d->src = (unsigned char *)&ip->src;
	d->dst = (unsigned char *)&ip->dst;
	d->src_mask = (unsigned char *)&ip->smsk;
	d->dst_mask = (unsigned char *)&ip->dmsk;
	d->addr_len = sizeof(ip->src);
	d->in = ip->iniface;
	d->out = ip->outiface;
	d->in_mask = ip->iniface_mask;
	d->out_mask = ip->outiface_mask;
	d->inverted = &ip->invflags;
	d->head_size = sizeof(d->head.v6);
}

static void add_extension(struct vnm_buf *buf, const char *name, unsigned revision,
			  const void *data, size_t len)
{
	static const char zeros[XT_ALIGN(1)];
	struct xt_entry_match head = { 0 };

	head.u.match_size = (__u16)(sizeof(head) + XT_ALIGN(len));
	strncpy(head.u.user.name, name, sizeof(head.u.user.name) - 1);
	head.u.user.revision = (__u8)revision;
	vnm_buf_addn(buf, &head, sizeof(head));
	if (len)
		vnm_buf_addn(buf, data, len);
	vnm_buf_addn(buf, zeros, XT_ALIGN(len) - len);
}

/* TCP's members, which UDP has too, but for the flags. */
static void add_ports(struct decoder *d)
{
	struct xt_udp udp = { .invflags = d->ports.invflags };

	memcpy(udp.spts, d->ports.spts, sizeof(udp.spts));
	memcpy(udp.dpts, d->ports.dpts, sizeof(udp.dpts));
	if (d->has_ports && d->proto == IPPROTO_TCP)
		add_extension(&d->matches, "tcp", 0, &d->ports, sizeof(d->ports));
	else if (d->has_ports)
		add_extension(&d->matches, "udp", 0, &udp, sizeof(udp));
	d->has_ports = false;
}

static void add_unknown(struct decoder *d, const char *name)
{
	add_ports(d);
	if (d->matches.len < MATCHES_MAX)
		add_extension(&d->matches, name, 0, NULL, 0);
}

/* The first one decides. */
static void set_target(struct decoder *d, const char *name)
{
	if (!d->decided)
		vnm_buf_add(&d->target_name, name);
	d->decided = true;
}

/* ---- conditions ---- */

static void invert(struct decoder *d, bool inverted, unsigned flag)
{
	*d->inverted |= (unsigned char)(inverted ? flag : 0);
}

/* Return: false: no entry can say this. */
static bool set_dev(struct decoder *d, bool in, bool inverted, const unsigned char *name,
		    size_t len)
{
	unsigned char *mask = in ? d->in_mask : d->out_mask;

	if (mask[0] || len > IFNAMSIZ)
		return false;
	len = strnlen((const char *)name, len - 1) + 1; /* what follows a NUL does not matter */
	memcpy(in ? d->in : d->out, name, len);
	memset(mask, 0xff, len);
	invert(d, inverted, in ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT);
	return true;
}

static bool set_proto(struct decoder *d, bool inverted, const unsigned char *value, size_t len)
{
	if (d->proto || len != 1)
		return false;
	d->proto = *value;
	invert(d, inverted, XT_INV_PROTO);
	return true;
}

static bool set_addr(struct decoder *d, bool src, bool inverted, const unsigned char *value,
		     size_t len)
{
	unsigned char *mask = src ? d->src_mask : d->dst_mask;

	if (mask[0] || len > d->addr_len)
		return false;
	memcpy(src ? d->src : d->dst, value, len);
	memcpy(mask, d->loaded.mask, len);
	invert(d, inverted, src ? IPT_INV_SRCIP : IPT_INV_DSTIP);
	return true;
}

static void begin_ports(struct decoder *d)
{
	if (!d->has_ports)
		d->ports = (struct xt_tcp){ .spts = { 0, 0xffff }, .dpts = { 0, 0xffff } };
	d->has_ports = true;
}

static bool set_tcp_flags(struct decoder *d, bool inverted, unsigned char value)
{
	if (d->proto != IPPROTO_TCP || *d->inverted & XT_INV_PROTO)
		return false;
	begin_ports(d);
	d->ports.flg_mask = d->loaded.mask[0];
	d->ports.flg_cmp = value;
	if (inverted)
		d->ports.invflags |= XT_TCP_INV_FLAGS;
	return true;
}

static bool set_mark(struct decoder *d, bool inverted, const unsigned char *value)
{
	struct xt_mark_mtinfo1 info = { .invert = inverted };

	memcpy(&info.mark, value, sizeof(info.mark));
	memcpy(&info.mask, d->loaded.mask, sizeof(info.mask));
	add_ports(d);
	add_extension(&d->matches, "mark", 1, &info, sizeof(info));
	return true;
}

static bool set_ports(struct decoder *d, bool inverted, const unsigned char *first,
		      const unsigned char *last)
{
	bool src = d->loaded.offset == 0;
	__u16 *to = src ? d->ports.spts : d->ports.dpts;

	if (d->proto != IPPROTO_TCP && d->proto != IPPROTO_UDP)
		return false;
	begin_ports(d);
	to[0] = (__u16)(first[0] << 8 | first[1]);
	to[1] = (__u16)(last[0] << 8 | last[1]);
	if (inverted)
		d->ports.invflags |= src ? XT_UDP_INV_SRCPT : XT_UDP_INV_DSTPT;
	return true;
}

static bool is_payload(const struct decoder *d, uint32_t base, uint32_t offset)
{
	return d->loaded.kind == PAYLOAD && d->loaded.base == base && d->loaded.offset == offset;
}

static bool is_port(const struct decoder *d)
{
	return d->loaded.len == 2 && (is_payload(d, NFT_PAYLOAD_TRANSPORT_HEADER, 0) ||
				      is_payload(d, NFT_PAYLOAD_TRANSPORT_HEADER, 2));
}

static bool is_mark(const struct decoder *d)
{
	return d->loaded.kind == META && d->loaded.key == NFT_META_MARK;
}

static bool is_tcp_flags(const struct decoder *d)
{
	return d->loaded.len == 1 && is_payload(d, NFT_PAYLOAD_TRANSPORT_HEADER, TCP_FLAGS);
}

static bool compare(struct decoder *d, bool inverted, const unsigned char *value, size_t len)
{
	bool v4 = d->family == AF_INET;

	if (d->loaded.kind == META && d->loaded.key == NFT_META_IIFNAME)
		return set_dev(d, true, inverted, value, len);
	if (d->loaded.kind == META && d->loaded.key == NFT_META_OIFNAME)
		return set_dev(d, false, inverted, value, len);
	if ((d->loaded.kind == META && d->loaded.key == NFT_META_L4PROTO) ||
	    is_payload(d, NFT_PAYLOAD_NETWORK_HEADER, v4 ? 9 : 6))
		return set_proto(d, inverted, value, len);
	if (is_payload(d, NFT_PAYLOAD_NETWORK_HEADER, v4 ? 12 : 8) && len == d->loaded.len)
		return set_addr(d, true, inverted, value, len);
	if (is_payload(d, NFT_PAYLOAD_NETWORK_HEADER, v4 ? 16 : 24) && len == d->loaded.len)
		return set_addr(d, false, inverted, value, len);
	if (is_mark(d) && len == 4)
		return set_mark(d, inverted, value);
	if (is_tcp_flags(d) && len == 1)
		return set_tcp_flags(d, inverted, *value);
	return is_port(d) && len == 2 && set_ports(d, inverted, value, value);
}

static const char *name_of(const struct decoder *d)
{
	return d->loaded.kind == META ? "meta" : d->loaded.kind == PAYLOAD ? "payload" : "cmp";
}

/* ---- expressions ---- */

static void do_meta(struct decoder *d, const char *name, struct nlattr **tb)
{
	d->loaded = (struct loaded){ .kind = META, .key = vnm_nft_attr_u32(tb[NFTA_META_KEY]) };
	memset(d->loaded.mask, 0xff, sizeof(d->loaded.mask));
	if (tb[NFTA_META_SREG])
		add_unknown(d, name);
}

static void do_payload(struct decoder *d, const char *name, struct nlattr **tb)
{
	d->loaded = (struct loaded){ .kind = PAYLOAD,
				     .base = vnm_nft_attr_u32(tb[NFTA_PAYLOAD_BASE]),
				     .offset = vnm_nft_attr_u32(tb[NFTA_PAYLOAD_OFFSET]),
				     .len = vnm_nft_attr_u32(tb[NFTA_PAYLOAD_LEN]) };
	memset(d->loaded.mask, 0xff, sizeof(d->loaded.mask));
	if (tb[NFTA_PAYLOAD_SREG])
		add_unknown(d, name);
}

/* Can an entry say that some bits of it are compared? */
static bool has_mask(const struct decoder *d, size_t len)
{
	return (is_mark(d) && len == 4) || (is_tcp_flags(d) && len == 1) ||
	       (d->loaded.kind == PAYLOAD && len == d->loaded.len && len == d->addr_len &&
		d->loaded.base == NFT_PAYLOAD_NETWORK_HEADER);
}

static void do_bitwise(struct decoder *d, const char *name, struct nlattr **tb)
{
	size_t len = 0, xor_len = 0;
	const unsigned char *mask = get_value(tb[NFTA_BITWISE_MASK], 16, &len);
	const unsigned char *flip = get_value(tb[NFTA_BITWISE_XOR], 16, &xor_len);
	bool plain = mask && flip && has_mask(d, len);

	(void)name;
	for (size_t i = 0; plain && i < xor_len; i++)
		plain = flip[i] == 0;
	if (plain)
		memcpy(d->loaded.mask, mask, len);
	else
		d->loaded.kind = NOTHING;
}

static void do_cmp(struct decoder *d, const char *name, struct nlattr **tb)
{
	uint32_t op = vnm_nft_attr_u32(tb[NFTA_CMP_OP]);
	size_t len = 0;
	const unsigned char *value = get_value(tb[NFTA_CMP_DATA], 16, &len);

	(void)name;
	if (!value || len == 0 || (op != NFT_CMP_EQ && op != NFT_CMP_NEQ) ||
	    !compare(d, op == NFT_CMP_NEQ, value, len))
		add_unknown(d, name_of(d));
}

static void do_range(struct decoder *d, const char *name, struct nlattr **tb)
{
	uint32_t op = vnm_nft_attr_u32(tb[NFTA_RANGE_OP]);
	size_t len = 0, to_len = 0;
	const unsigned char *from = get_value(tb[NFTA_RANGE_FROM_DATA], 2, &len);
	const unsigned char *to = get_value(tb[NFTA_RANGE_TO_DATA], 2, &to_len);

	if (!from || !to || len != 2 || to_len != 2 || !is_port(d) ||
	    !set_ports(d, op == NFT_RANGE_NEQ, from, to))
		add_unknown(d, name);
}

static void do_match(struct decoder *d, const char *name, struct nlattr **tb)
{
	const struct nlattr *info = tb[NFTA_MATCH_INFO];

	if (!info || nla_len(info) > INFO_MAX || d->matches.len >= MATCHES_MAX)
		return add_unknown(d, name);
	add_ports(d);
	add_extension(&d->matches, vnm_nft_attr_string(tb[NFTA_MATCH_NAME]),
		      vnm_nft_attr_u32(tb[NFTA_MATCH_REV]), nla_data(info), (size_t)nla_len(info));
}

static void do_target(struct decoder *d, const char *name, struct nlattr **tb)
{
	const struct nlattr *info = tb[NFTA_TARGET_INFO];

	if (d->decided)
		return;
	if (!info || nla_len(info) > INFO_MAX)
		return set_target(d, name);
	set_target(d, vnm_nft_attr_string(tb[NFTA_TARGET_NAME]));
	add_extension(&d->target, vnm_nft_attr_string(tb[NFTA_TARGET_NAME]),
		      vnm_nft_attr_u32(tb[NFTA_TARGET_REV]), nla_data(info), (size_t)nla_len(info));
}

static void do_verdict(struct decoder *d, struct nlattr **tb)
{
	int code = (int)vnm_nft_attr_u32(tb[NFTA_VERDICT_CODE]);
	bool jumps = code == NFT_JUMP || code == NFT_GOTO;

	switch (code) {
	case NF_ACCEPT: set_target(d, "ACCEPT"); break;
	case NF_DROP: set_target(d, "DROP"); break;
	case NFT_RETURN: set_target(d, "RETURN"); break;
	case NFT_CONTINUE: break;
	default:
		set_target(d, jumps ? vnm_nft_attr_string(tb[NFTA_VERDICT_CHAIN]) : "QUEUE");
		break;
	}
	if (code == NFT_GOTO && d->family == AF_INET)
		d->head.v4.ip.flags |= IPT_F_GOTO;
	else if (code == NFT_GOTO)
		d->head.v6.ipv6.flags |= IP6T_F_GOTO;
}

static void do_immediate(struct decoder *d, const char *name, struct nlattr **tb)
{
	struct nlattr *data[NFTA_DATA_MAX + 1], *verdict[NFTA_VERDICT_MAX + 1];

	d->loaded.kind = NOTHING;
	if (vnm_nft_attr_u32(tb[NFTA_IMMEDIATE_DREG]) != NFT_REG_VERDICT)
		return;
	if (!tb[NFTA_IMMEDIATE_DATA] ||
	    nla_parse_nested(data, NFTA_DATA_MAX, tb[NFTA_IMMEDIATE_DATA], NULL) < 0 ||
	    !data[NFTA_DATA_VERDICT] ||
	    nla_parse_nested(verdict, NFTA_VERDICT_MAX, data[NFTA_DATA_VERDICT], NULL) < 0)
		set_target(d, name);
	else
		do_verdict(d, verdict);
}

/* A map of verdicts may hold any. */
static void do_lookup(struct decoder *d, const char *name, struct nlattr **tb)
{
	d->loaded.kind = NOTHING;
	add_unknown(d, name);
	if (tb[NFTA_LOOKUP_DREG] && vnm_nft_attr_u32(tb[NFTA_LOOKUP_DREG]) == NFT_REG_VERDICT)
		set_target(d, "vmap");
}

static void do_counter(struct decoder *d, const char *name, struct nlattr **tb)
{
	struct xt_counters *counters =
		d->family == AF_INET6 ? &d->head.v6.counters : &d->head.v4.counters;

	(void)name;
	counters->pcnt = vnm_nft_attr_u64(tb[NFTA_COUNTER_PACKETS]);
	counters->bcnt = vnm_nft_attr_u64(tb[NFTA_COUNTER_BYTES]);
}

static void do_reject(struct decoder *d, const char *name, struct nlattr **tb)
{
	(void)name, (void)tb;
	set_target(d, "REJECT");
}

/* Conditions, and what only does something to the packet. */
static void do_unknown(struct decoder *d, const char *name, struct nlattr **tb)
{
	(void)tb;
	d->loaded.kind = NOTHING;
	add_unknown(d, name);
}

/* Of packets, with the unit of xt_limit; others are not to be said by an entry. */
static void do_limit(struct decoder *d, const char *name, struct nlattr **tb)
{
	const uint64_t rate = vnm_nft_attr_u64(tb[NFTA_LIMIT_RATE]),
		       unit = vnm_nft_attr_u64(tb[NFTA_LIMIT_UNIT]);
	const uint64_t gap = rate ? unit * XT_LIMIT_SCALE / rate : 0;
	struct xt_rateinfo info = { .avg = (uint32_t)gap,
				    .burst = vnm_nft_attr_u32(tb[NFTA_LIMIT_BURST]) };

	d->loaded.kind = NOTHING;
	if (gap == 0 || gap > UINT32_MAX || unit > LIMIT_UNIT_MAX ||
	    vnm_nft_attr_u32(tb[NFTA_LIMIT_FLAGS]) ||
	    vnm_nft_attr_u32(tb[NFTA_LIMIT_TYPE]) != NFT_LIMIT_PKTS)
		return add_unknown(d, name);
	add_ports(d);
	add_extension(&d->matches, "limit", 0, &info, sizeof(info));
}

/* What "-j NFLOG" becomes. */
static void do_log(struct decoder *d, const char *name, struct nlattr **tb)
{
	if (d->decided || d->has_log || !tb[NFTA_LOG_GROUP])
		return do_unknown(d, name, tb);
	d->loaded.kind = NOTHING;
	d->has_log = true;
	d->log.group = vnm_nft_attr_u16(tb[NFTA_LOG_GROUP]);
	d->log.threshold = vnm_nft_attr_u16(tb[NFTA_LOG_QTHRESHOLD]);
	d->log.len = vnm_nft_attr_u32(tb[NFTA_LOG_SNAPLEN]);
	d->log.flags = d->log.len ? XT_NFLOG_F_COPY_LEN : 0;
	snprintf(d->log.prefix, sizeof(d->log.prefix), "%s",
		 vnm_nft_attr_string(tb[NFTA_LOG_PREFIX]));
}

/* The target of a rule that does nothing else. */
static void finish_log(struct decoder *d)
{
	if (!d->has_log)
		return;
	if (d->decided)
		return add_unknown(d, "log");
	set_target(d, "NFLOG");
	add_extension(&d->target, "NFLOG", 0, &d->log, sizeof(d->log));
}

static const struct {
	const char *name;
	void (*fn)(struct decoder *d, const char *name, struct nlattr **tb);
} exprs_known[] = {
	{ "meta", do_meta },	     { "payload", do_payload },	    { "bitwise", do_bitwise },
	{ "cmp", do_cmp },	     { "range", do_range },	    { "match", do_match },
	{ "target", do_target },     { "immediate", do_immediate }, { "lookup", do_lookup },
	{ "counter", do_counter },   { "reject", do_reject },	    { "log", do_log },
	{ "notrack", do_unknown },   { "last", do_unknown },	    { "ct", do_unknown },
	{ "limit", do_limit },	     { "quota", do_unknown },	    { "connlimit", do_unknown },
	{ "byteorder", do_unknown }, { "numgen", do_unknown },	    { "hash", do_unknown },
	{ "fib", do_unknown },	     { "rt", do_unknown },	    { "socket", do_unknown },
	{ "exthdr", do_unknown },    { "osf", do_unknown },	    { "xfrm", do_unknown },
	{ "tunnel", do_unknown },    { "inner", do_unknown },	    { "objref", do_unknown },
	{ "dynset", do_unknown },    { "dup", do_unknown },	    { "flow_offload", do_unknown },
};

/* One that is not known may decide about the packet. */
static void do_expr(struct decoder *d, struct nlattr *expr)
{
	struct nlattr *head[NFTA_EXPR_MAX + 1], *tb[ATTRS_MAX + 1] = { NULL };
	const char *name;

	if (nla_parse_nested(head, NFTA_EXPR_MAX, expr, NULL) < 0)
		return set_target(d, "expression");
	name = vnm_nft_attr_string(head[NFTA_EXPR_NAME]);
	if (head[NFTA_EXPR_DATA] && nla_parse_nested(tb, ATTRS_MAX, head[NFTA_EXPR_DATA], NULL) < 0)
		return set_target(d, "expression");
	for (size_t i = 0; i < VNM_ARRAY_SIZE(exprs_known); i++)
		if (!strcmp(exprs_known[i].name, name))
			return exprs_known[i].fn(d, name, tb);
	add_unknown(d, name);
	set_target(d, *name ? name : "expression");
}

/* Header, matches, target. */
static void finish(struct decoder *d, struct vnm_fwentry *ret)
{
	size_t target = d->head_size + d->matches.len;

	if (d->target.len == 0)
		add_extension(&d->target, "", 0, &(int){ 0 }, sizeof(int));
	ret->size = target + d->target.len;
	if (d->family == AF_INET) {
		d->head.v4.ip.proto = d->proto;
		d->head.v4.target_offset = (__u16)target;
		d->head.v4.next_offset = (__u16)ret->size;
	} else {
		d->head.v6.ipv6.proto = d->proto;
		d->head.v6.ipv6.flags |= d->proto ? IP6T_F_PROTO : 0;
		d->head.v6.target_offset = (__u16)target;
		d->head.v6.next_offset = (__u16)ret->size;
	}
	ret->data = vnm_alloc(ret->size);
	memcpy(ret->data, &d->head, d->head_size);
	if (d->matches.len)
		memcpy((char *)ret->data + d->head_size, d->matches.data, d->matches.len);
	memcpy((char *)ret->data + target, d->target.data, d->target.len);
}

/**
 * vnm_fw_nft_decode() - turn the expressions of a rule into a table entry
 * @family: AF_INET or AF_INET6
 * @exprs:  the items of NFTA_RULE_EXPRESSIONS, @len bytes; NULL: none
 * @ret:    free with vnm_fwentry_clear(); its target has a name only if it is an extension
 * @ret_target: the target: a verdict, a chain, an extension; "" none; free()
 */
void vnm_fw_nft_decode(int family, void *exprs, size_t len, struct vnm_fwentry *ret,
		       char **ret_target)
{
	struct decoder d = { .family = family };
	int left = (int)len;

	if (family == AF_INET)
		begin4(&d);
	else
		begin6(&d);
	for (struct nlattr *expr = exprs; expr && nla_ok(expr, left); expr = nla_next(expr, &left))
		do_expr(&d, expr);
	add_ports(&d);
	finish_log(&d);
	*ret = (struct vnm_fwentry){ 0 };
	finish(&d, ret);
	*ret_target = vnm_buf_steal(&d.target_name);
	vnm_buf_clear(&d.matches);
	vnm_buf_clear(&d.target);
}
