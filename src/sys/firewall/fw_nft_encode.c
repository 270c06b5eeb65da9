/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_nft_encode.c - a table entry as the expressions that iptables-nft makes of it.
 *
 * Theory of operation. What an entry's head says (devices, protocol, addresses) becomes native expressions; every match
 * and every target but the verdicts goes as it is into an expression of nft_compat, so fwentry.c compiles for both kinds
 * of tables. iptables refuses to show a table with native expressions for the rest ("ct state", "masquerade").
 *
 * Ports could be native, too, and are since iptables 1.8.8. Older versions do not understand that, and show such a rule
 * without its ports; they are in containers that use the host's network. So ports are a match of nft_compat, which all
 * versions show and find alike. When somebody restores a saved file the ports become native: fw_nft_decode.c reads both.
 */
#include "sys/firewall/fw_nft_encode.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/nft_expr.h"

static void put_compare(struct vnm_nl_req *req, bool inverted, const void *value, size_t len)
{
	vnm_nft_put_compare(req, inverted ? NFT_CMP_NEQ : NFT_CMP_EQ, value, len);
}

/* The mask covers a whole name with its NUL, or the beginning of one. */
static void put_dev(struct vnm_nl_req *req, uint32_t key, const char *name,
		    const unsigned char *mask, bool inverted)
{
	size_t len = 0;

	while (len < IFNAMSIZ && mask[len])
		len++;
	if (len == 0)
		return;
	vnm_nft_put_meta(req, key, NFT_REG_1);
	put_compare(req, inverted, name, len);
}

static void put_proto(struct vnm_nl_req *req, const struct vnm_fwentry_view *v)
{
	uint8_t proto = (uint8_t)v->proto;

	if (!proto)
		return;
	vnm_nft_put_meta(req, NFT_META_L4PROTO, NFT_REG_1);
	put_compare(req, v->inverted & XT_INV_PROTO, &proto, sizeof(proto));
}

/* A prefix of whole bytes needs no mask: only these bytes are loaded. */
static void put_addr(struct vnm_nl_req *req, uint32_t offset, const unsigned char *addr,
		     const unsigned char *mask, size_t len, bool inverted)
{
	struct vnm_nft_field field = { NFT_PAYLOAD_NETWORK_HEADER, offset, 0 };
	size_t whole = 0;

	while (whole < len && mask[whole] == 0xff)
		whole++;
	if (whole == 0 && mask[0] == 0)
		return;
	if (whole == len || mask[whole] == 0)
		len = whole;
	field.len = (uint32_t)len;
	vnm_nft_put_field(req, &field, NFT_REG_1);
	if (len > whole)
		vnm_nft_put_mask(req, mask, len);
	put_compare(req, inverted, addr, len);
}

/* A match or a target: the attributes have the same numbers in both. */
static void put_compat(struct vnm_nl_req *req, const char *name, const unsigned char *at)
{
	const struct xt_entry_match *head = (const void *)at;
	struct nlattr *data, *item = vnm_nft_expr_begin(req, name, &data);

	vnm_nl_put_str(req, NFTA_MATCH_NAME, head->u.user.name);
	vnm_nft_put_number(req, NFTA_MATCH_REV, head->u.user.revision);
	vnm_nl_put(req, NFTA_MATCH_INFO, head->data, head->u.match_size - sizeof(*head));
	vnm_nft_expr_end(req, item, data);
}

static void put_target(struct vnm_nl_req *req, const struct vnm_fwentry_view *v, const char *target)
{
	const struct xt_entry_target *head = (const void *)v->target;

	if (head->u.user.name[0])
		put_compat(req, "target", v->target);
	else if (!strcmp(target, "ACCEPT"))
		vnm_nft_put_verdict(req, NF_ACCEPT, NULL);
	else if (!strcmp(target, "DROP"))
		vnm_nft_put_verdict(req, NF_DROP, NULL);
	else if (!strcmp(target, "RETURN"))
		vnm_nft_put_verdict(req, NFT_RETURN, NULL);
	else if (*target)
		vnm_nft_put_verdict(req, v->flags & v->goto_flag ? NFT_GOTO : NFT_JUMP, target);
}

/* Matches and targets that are bound to a protocol check it. */
static void put_bound(struct vnm_nl_req *req, const struct vnm_fwentry_view *v)
{
	struct nlattr *nest;

	if (!v->proto)
		return;
	nest = vnm_nl_nest(req, NFTA_RULE_COMPAT);
	vnm_nft_put_number(req, NFTA_RULE_COMPAT_PROTO, v->proto);
	vnm_nft_put_number(req, NFTA_RULE_COMPAT_FLAGS,
			   v->inverted & XT_INV_PROTO ? NFT_RULE_COMPAT_F_INV : 0);
	vnm_nl_nest_end(req, nest);
}

/**
 * vnm_fw_nft_encode() - add what an entry says to the message that adds a rule
 * @req:    the message
 * @family: AF_INET or AF_INET6
 * @entry:  struct ipt_entry or ip6t_entry; its target has a name only if it is an extension
 * @target: the target: a verdict, a chain, an extension; "" none
 */
void vnm_fw_nft_encode(struct vnm_nl_req *req, int family, const void *entry, const char *target)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);
	uint32_t src = family == AF_INET ? 12 : 8, dst = family == AF_INET ? 16 : 24;
	struct nlattr *list = vnm_nl_nest(req, NFTA_RULE_EXPRESSIONS);
	const struct xt_entry_match *match;

	put_dev(req, NFT_META_IIFNAME, v.in, v.in_mask, v.inverted & IPT_INV_VIA_IN);
	put_dev(req, NFT_META_OIFNAME, v.out, v.out_mask, v.inverted & IPT_INV_VIA_OUT);
	put_proto(req, &v);
	put_addr(req, src, v.src, v.src_mask, v.addr_len, v.inverted & IPT_INV_SRCIP);
	put_addr(req, dst, v.dst, v.dst_mask, v.addr_len, v.inverted & IPT_INV_DSTIP);
	for (const unsigned char *at = v.matches; at < v.target; at += match->u.match_size) {
		match = (const void *)at;
		put_compat(req, "match", at);
	}
	vnm_nft_put_counter(req);
	put_target(req, &v, target);
	vnm_nl_nest_end(req, list);
	put_bound(req, &v);
}
