/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwentry_text.c - entries as "iptables -S" prints them, so that they are found there, and by "iptables -D".
 *
 * Options that are not known here are shown by "...": a rule is never shown as another one.
 */
#include "sys/firewall/fwentry_text.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/xt_match_text.h"
#include "sys/firewall/xt_target_text.h"
#include "util/mem.h"

static const char *no(bool inverted)
{
	return inverted ? "! " : "";
}

/* The length of the prefix that a mask is; > @len * 8: it is none. */
static unsigned prefix_len(const unsigned char *mask, size_t len)
{
	unsigned bits = 0;

	while (bits < len * 8 && mask[bits / 8] & (0x80 >> bits % 8))
		bits++;
	for (unsigned i = bits; i < len * 8; i++)
		if (mask[i / 8] & (0x80 >> i % 8))
			return (unsigned)len * 8 + 1;
	return bits;
}

static void add_subnet(int family, const char *option, const unsigned char *addr,
		       const unsigned char *mask, size_t len, bool inverted, struct vnm_buf *out)
{
	const unsigned bits = prefix_len(mask, len);
	char text[INET6_ADDRSTRLEN], mask_text[INET6_ADDRSTRLEN];

	if (bits == 0 && !inverted)
		return;
	if (!inet_ntop(family, addr, text, sizeof(text)) ||
	    !inet_ntop(family, mask, mask_text, sizeof(mask_text)))
		return;
	if (bits > len * 8)
		vnm_buf_printf(out, "%s%s %s/%s ", no(inverted), option, text, mask_text);
	else
		vnm_buf_printf(out, "%s%s %s/%u ", no(inverted), option, text, bits);
}

/* The mask of a whole name covers its NUL; that of "eth+" does not, and the legacy tables keep the sign in the name. */
static void add_dev(const char *option, const char *name, const unsigned char *mask, bool inverted,
		    struct vnm_buf *out)
{
	const size_t len = strnlen(name, IFNAMSIZ);
	const bool wild = len > 0 && len < IFNAMSIZ && !mask[len] && name[len - 1] != '+';

	if (mask[0] || inverted)
		vnm_buf_printf(out, "%s%s %.*s%s ", no(inverted), option, (int)len, name,
			       wild ? "+" : "");
}

static void add_proto(const struct vnm_fwentry_view *v, struct vnm_buf *out)
{
	static const struct {
		unsigned number;
		const char *word;
	} words[] = {
		{ IPPROTO_TCP, "tcp" },	  { IPPROTO_UDP, "udp" },
		{ IPPROTO_ICMP, "icmp" }, { IPPROTO_ICMPV6, "ipv6-icmp" },
		{ IPPROTO_ESP, "esp" },	  { IPPROTO_AH, "ah" },
		{ IPPROTO_SCTP, "sctp" }, { IPPROTO_UDPLITE, "udplite" },
		{ IPPROTO_GRE, "gre" },
	};

	if (v->proto == 0)
		return;
	vnm_buf_printf(out, "%s-p ", no(v->inverted & XT_INV_PROTO));
	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (words[i].number == v->proto)
			return vnm_buf_printf(out, "%s ", words[i].word);
	vnm_buf_printf(out, "%u ", v->proto);
}

/* Are packets matched that are later fragments, or that are none? Of IPv4 alone. */
static void add_fragment(int family, const struct vnm_fwentry_view *v, struct vnm_buf *out)
{
	if (family == AF_INET && v->flags & IPT_F_FRAG)
		vnm_buf_printf(out, "%s-f ", no(v->inverted & IPT_INV_FRAG));
}

/**
 * vnm_fwentry_text() - print an entry as "iptables -S" would
 * @entry:  a struct ipt_entry or ip6t_entry
 * @target: its target (vnm_fw_target_of())
 * @out:    gets "-i eth0 -p tcp -m tcp --dport 22 -j ACCEPT"
 */
void vnm_fwentry_text(int family, const void *entry, const char *target, struct vnm_buf *out)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);
	const struct xt_entry_match *match;

	add_subnet(family, "-s", v.src, v.src_mask, v.addr_len, v.inverted & IPT_INV_SRCIP, out);
	add_subnet(family, "-d", v.dst, v.dst_mask, v.addr_len, v.inverted & IPT_INV_DSTIP, out);
	add_dev("-i", v.in, v.in_mask, v.inverted & IPT_INV_VIA_IN, out);
	add_dev("-o", v.out, v.out_mask, v.inverted & IPT_INV_VIA_OUT, out);
	add_proto(&v, out);
	add_fragment(family, &v, out);
	for (const unsigned char *at = v.matches; at < v.target; at += match->u.match_size) {
		match = (const void *)at;
		vnm_xt_match_text(family, match, out);
	}
	if (!*target)
		return vnm_buf_add(out, "(no target)");
	vnm_buf_printf(out, "-%c %s", v.flags & v.goto_flag ? 'g' : 'j', target);
	vnm_xt_target_text(family, v.target, out);
}
