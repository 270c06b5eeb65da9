/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xt_match_text.c - the options of a table entry's matches, as "iptables -S" prints them. */
#include "sys/firewall/xt_match_text.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_comment.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_devgroup.h>
#include <linux/netfilter/xt_helper.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_length.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_mac.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_owner.h>
#include <linux/netfilter/xt_physdev.h>
#include <linux/netfilter/xt_pkttype.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_set.h>
#include <linux/netfilter/xt_statistic.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/xt_text.h"
#include "util/mem.h"

#define PORT_MAX 0xffff
#define LIMIT_BURST 5 /* which iptables does not print */

static const char *no(bool inverted)
{
	return inverted ? " !" : "";
}

/* ---- ports, and the rest of a transport header ---- */

static void add_ports(struct vnm_buf *out, const char *option, const __u16 *ports, bool inverted)
{
	if (ports[0] == 0 && ports[1] == PORT_MAX && !inverted)
		return;
	vnm_buf_printf(out, "%s %s %u", no(inverted), option, ports[0]);
	if (ports[1] != ports[0])
		vnm_buf_printf(out, ":%u", ports[1]);
}

static void do_udp(struct vnm_xt *xt)
{
	const struct xt_udp *info = xt->data;

	add_ports(xt->out, "--sport", info->spts, info->invflags & XT_UDP_INV_SRCPT);
	add_ports(xt->out, "--dport", info->dpts, info->invflags & XT_UDP_INV_DSTPT);
}

static void do_tcp(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit flags[] = {
		{ 0x01, "FIN" }, { 0x02, "SYN" }, { 0x04, "RST" },
		{ 0x08, "PSH" }, { 0x10, "ACK" }, { 0x20, "URG" },
	};
	const struct xt_tcp *info = xt->data;

	add_ports(xt->out, "--sport", info->spts, info->invflags & XT_TCP_INV_SRCPT);
	add_ports(xt->out, "--dport", info->dpts, info->invflags & XT_TCP_INV_DSTPT);
	if (info->option)
		vnm_buf_printf(xt->out, "%s --tcp-option %u",
			       no(info->invflags & XT_TCP_INV_OPTION), info->option);
	if (!info->flg_mask && !(info->invflags & XT_TCP_INV_FLAGS))
		return;
	vnm_buf_printf(xt->out, "%s --tcp-flags ", no(info->invflags & XT_TCP_INV_FLAGS));
	vnm_xt_bits(flags, VNM_ARRAY_SIZE(flags), info->flg_mask, xt->out);
	vnm_buf_addc(xt->out, ' ');
	vnm_xt_bits(flags, VNM_ARRAY_SIZE(flags), info->flg_cmp, xt->out);
}

static void do_multiport(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit options[] = { { XT_MULTIPORT_SOURCE, "--sports" },
						     { XT_MULTIPORT_DESTINATION, "--dports" },
						     { XT_MULTIPORT_EITHER, "--ports" } };
	const struct xt_multiport_v1 *info = xt->data;
	const char *option = vnm_xt_word(options, VNM_ARRAY_SIZE(options), info->flags);

	if (!option || info->count > XT_MULTI_PORTS) {
		xt->rest = true;
		return;
	}
	vnm_buf_printf(xt->out, "%s %s ", no(info->invert), option);
	for (unsigned i = 0; i < info->count; i++)
		vnm_buf_printf(xt->out, "%s%u",
			       i == 0		     ? ""
			       : info->pflags[i - 1] ? ":"
						     : ",",
			       info->ports[i]);
}

/* Both families' have the same layout. */
static void do_icmp(struct vnm_xt *xt)
{
	const struct ipt_icmp *info = xt->data;
	const bool v6 = xt->family == AF_INET6;

	vnm_buf_printf(xt->out, "%s %s", no(info->invflags & IPT_ICMP_INV),
		       v6 ? "--icmpv6-type" : "--icmp-type");
	if (info->type == 0xff && !v6)
		return vnm_buf_add(xt->out, " any");
	vnm_buf_printf(xt->out, " %u", info->type);
	if (info->code[0] != 0 || info->code[1] != 0xff)
		vnm_buf_printf(xt->out, "/%u", info->code[0]);
}

/* ---- connections ---- */

static const struct vnm_xt_bit states[] = {
	{ XT_CONNTRACK_STATE_INVALID, "INVALID" },
	{ XT_CONNTRACK_STATE_BIT(IP_CT_NEW), "NEW" },
	{ XT_CONNTRACK_STATE_BIT(IP_CT_RELATED), "RELATED" },
	{ XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED), "ESTABLISHED" },
	{ XT_CONNTRACK_STATE_UNTRACKED, "UNTRACKED" },
	{ XT_CONNTRACK_STATE_SNAT, "SNAT" },
	{ XT_CONNTRACK_STATE_DNAT, "DNAT" },
};

static void add_ct_addr(struct vnm_xt *xt, const char *option, const union nf_inet_addr *addr,
			const union nf_inet_addr *mask, bool inverted)
{
	const size_t len = xt->family == AF_INET6 ? 16 : 4;
	const uint8_t *bytes = (const uint8_t *)mask;
	unsigned bits = 0;

	while (bits < len * 8 && bytes[bits / 8] & (0x80 >> bits % 8))
		bits++;
	vnm_buf_printf(xt->out, "%s %s ", no(inverted), option);
	vnm_xt_addr(xt->family, addr, xt->out);
	if (bits < len * 8)
		vnm_buf_printf(xt->out, "/%u", bits);
}

static void add_ct_addrs(struct vnm_xt *xt, const struct xt_conntrack_mtinfo3 *info)
{
	const struct {
		unsigned flag;
		const char *option;
		const union nf_inet_addr *addr, *mask;
	} sides[] = {
		{ XT_CONNTRACK_ORIGSRC, "--ctorigsrc", &info->origsrc_addr, &info->origsrc_mask },
		{ XT_CONNTRACK_ORIGDST, "--ctorigdst", &info->origdst_addr, &info->origdst_mask },
		{ XT_CONNTRACK_REPLSRC, "--ctreplsrc", &info->replsrc_addr, &info->replsrc_mask },
		{ XT_CONNTRACK_REPLDST, "--ctrepldst", &info->repldst_addr, &info->repldst_mask },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(sides); i++)
		if (info->match_flags & sides[i].flag)
			add_ct_addr(xt, sides[i].option, sides[i].addr, sides[i].mask,
				    info->invert_flags & sides[i].flag);
}

/* Revision 2 is the same without the last members. */
static void do_conntrack(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit statuses[] = {
		{ IPS_EXPECTED, "EXPECTED" },
		{ IPS_SEEN_REPLY, "SEEN_REPLY" },
		{ IPS_ASSURED, "ASSURED" },
		{ IPS_CONFIRMED, "CONFIRMED" },
	};
	const struct xt_conntrack_mtinfo3 *info = xt->data;
	const unsigned flags = info->match_flags, inverted = info->invert_flags;
	const unsigned printed = XT_CONNTRACK_STATE | XT_CONNTRACK_PROTO | XT_CONNTRACK_ORIGSRC |
				 XT_CONNTRACK_ORIGDST | XT_CONNTRACK_REPLSRC |
				 XT_CONNTRACK_REPLDST | XT_CONNTRACK_STATUS |
				 XT_CONNTRACK_DIRECTION | XT_CONNTRACK_STATE_ALIAS;

	if (flags & XT_CONNTRACK_STATE) {
		vnm_buf_printf(xt->out, "%s %s ", no(inverted & XT_CONNTRACK_STATE),
			       flags & XT_CONNTRACK_STATE_ALIAS ? "--state" : "--ctstate");
		vnm_xt_bits(states, VNM_ARRAY_SIZE(states), info->state_mask, xt->out);
	}
	if (flags & XT_CONNTRACK_PROTO)
		vnm_buf_printf(xt->out, "%s --ctproto %u", no(inverted & XT_CONNTRACK_PROTO),
			       info->l4proto);
	add_ct_addrs(xt, info);
	if (flags & XT_CONNTRACK_STATUS) {
		vnm_buf_printf(xt->out, "%s --ctstatus ", no(inverted & XT_CONNTRACK_STATUS));
		vnm_xt_bits(statuses, VNM_ARRAY_SIZE(statuses), info->status_mask, xt->out);
	}
	if (flags & XT_CONNTRACK_DIRECTION)
		vnm_buf_printf(xt->out, " --ctdir %s",
			       inverted & XT_CONNTRACK_DIRECTION ? "REPLY" : "ORIGINAL");
	xt->rest = (flags & ~printed) != 0;
}

static void do_state(struct vnm_xt *xt)
{
	const unsigned int *mask = xt->data;

	vnm_buf_add(xt->out, " --state ");
	vnm_xt_bits(states, VNM_ARRAY_SIZE(states), *mask, xt->out);
}

static void add_mark(struct vnm_buf *out, uint32_t mark, uint32_t mask, bool inverted)
{
	vnm_buf_printf(out, "%s --mark 0x%x", no(inverted), mark);
	if (mask != UINT32_MAX)
		vnm_buf_printf(out, "/0x%x", mask);
}

static void do_mark(struct vnm_xt *xt)
{
	const struct xt_mark_mtinfo1 *info = xt->data;

	add_mark(xt->out, info->mark, info->mask, info->invert);
}

static void do_connmark(struct vnm_xt *xt)
{
	const struct xt_connmark_mtinfo1 *info = xt->data;

	add_mark(xt->out, info->mark, info->mask, info->invert);
}

static void do_helper(struct vnm_xt *xt)
{
	const struct xt_helper_info *info = xt->data;

	vnm_buf_add(xt->out, no(info->invert));
	vnm_xt_string("--helper", info->name, sizeof(info->name), xt->out);
}

/* ---- addresses and devices ---- */

static void do_addrtype(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit types[] = {
		{ XT_ADDRTYPE_UNSPEC, "UNSPEC" },
		{ XT_ADDRTYPE_UNICAST, "UNICAST" },
		{ XT_ADDRTYPE_LOCAL, "LOCAL" },
		{ XT_ADDRTYPE_BROADCAST, "BROADCAST" },
		{ XT_ADDRTYPE_ANYCAST, "ANYCAST" },
		{ XT_ADDRTYPE_MULTICAST, "MULTICAST" },
		{ XT_ADDRTYPE_BLACKHOLE, "BLACKHOLE" },
		{ XT_ADDRTYPE_UNREACHABLE, "UNREACHABLE" },
		{ XT_ADDRTYPE_PROHIBIT, "PROHIBIT" },
		{ XT_ADDRTYPE_THROW, "THROW" },
		{ XT_ADDRTYPE_NAT, "NAT" },
		{ XT_ADDRTYPE_XRESOLVE, "XRESOLVE" },
	};
	const struct xt_addrtype_info_v1 *info = xt->data;

	if (info->source) {
		vnm_buf_printf(xt->out, "%s --src-type ",
			       no(info->flags & XT_ADDRTYPE_INVERT_SOURCE));
		vnm_xt_bits(types, VNM_ARRAY_SIZE(types), info->source, xt->out);
	}
	if (info->dest) {
		vnm_buf_printf(xt->out, "%s --dst-type ",
			       no(info->flags & XT_ADDRTYPE_INVERT_DEST));
		vnm_xt_bits(types, VNM_ARRAY_SIZE(types), info->dest, xt->out);
	}
	if (info->flags & XT_ADDRTYPE_LIMIT_IFACE_IN)
		vnm_buf_add(xt->out, " --limit-iface-in");
	if (info->flags & XT_ADDRTYPE_LIMIT_IFACE_OUT)
		vnm_buf_add(xt->out, " --limit-iface-out");
}

static void add_range(struct vnm_xt *xt, const char *option, const union nf_inet_addr *first,
		      const union nf_inet_addr *last, bool inverted)
{
	vnm_buf_printf(xt->out, "%s %s ", no(inverted), option);
	vnm_xt_addr(xt->family, first, xt->out);
	vnm_buf_addc(xt->out, '-');
	vnm_xt_addr(xt->family, last, xt->out);
}

static void do_iprange(struct vnm_xt *xt)
{
	const struct xt_iprange_mtinfo *info = xt->data;

	if (info->flags & IPRANGE_SRC)
		add_range(xt, "--src-range", &info->src_min, &info->src_max,
			  info->flags & IPRANGE_SRC_INV);
	if (info->flags & IPRANGE_DST)
		add_range(xt, "--dst-range", &info->dst_min, &info->dst_max,
			  info->flags & IPRANGE_DST_INV);
}

static void do_mac(struct vnm_xt *xt)
{
	const struct xt_mac_info *info = xt->data;
	const unsigned char *a = info->srcaddr;

	vnm_buf_printf(xt->out, "%s --mac-source %02x:%02x:%02x:%02x:%02x:%02x", no(info->invert),
		       a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* A mask that ends with the name stands for all that begin with it. */
static void add_port_dev(struct vnm_xt *xt, const char *option, const char *name, const char *mask,
			 bool inverted)
{
	const size_t len = strnlen(name, IFNAMSIZ);

	vnm_buf_printf(xt->out, "%s %s %.*s%s", no(inverted), option, (int)len, name,
		       len < IFNAMSIZ && !mask[len] ? "+" : "");
}

static void do_physdev(struct vnm_xt *xt)
{
	const struct xt_physdev_info *info = xt->data;
	const unsigned bits = info->bitmask, inverted = info->invert;

	if (bits & XT_PHYSDEV_OP_ISIN)
		vnm_buf_printf(xt->out, "%s --physdev-is-in", no(inverted & XT_PHYSDEV_OP_ISIN));
	if (bits & XT_PHYSDEV_OP_IN)
		add_port_dev(xt, "--physdev-in", info->physindev, info->in_mask,
			     inverted & XT_PHYSDEV_OP_IN);
	if (bits & XT_PHYSDEV_OP_ISOUT)
		vnm_buf_printf(xt->out, "%s --physdev-is-out", no(inverted & XT_PHYSDEV_OP_ISOUT));
	if (bits & XT_PHYSDEV_OP_OUT)
		add_port_dev(xt, "--physdev-out", info->physoutdev, info->out_mask,
			     inverted & XT_PHYSDEV_OP_OUT);
	if (bits & XT_PHYSDEV_OP_BRIDGED)
		vnm_buf_printf(xt->out, "%s --physdev-is-bridged",
			       no(inverted & XT_PHYSDEV_OP_BRIDGED));
}

static void add_group(struct vnm_buf *out, const char *option, uint32_t group, uint32_t mask,
		      bool inverted)
{
	vnm_buf_printf(out, "%s %s 0x%x", no(inverted), option, group);
	if (mask != UINT32_MAX)
		vnm_buf_printf(out, "/0x%x", mask);
}

static void do_devgroup(struct vnm_xt *xt)
{
	const struct xt_devgroup_info *info = xt->data;

	if (info->flags & XT_DEVGROUP_MATCH_SRC)
		add_group(xt->out, "--src-group", info->src_group, info->src_mask,
			  info->flags & XT_DEVGROUP_INVERT_SRC);
	if (info->flags & XT_DEVGROUP_MATCH_DST)
		add_group(xt->out, "--dst-group", info->dst_group, info->dst_mask,
			  info->flags & XT_DEVGROUP_INVERT_DST);
}

static void do_rpfilter(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit options[] = {
		{ XT_RPFILTER_LOOSE, " --loose" },
		{ XT_RPFILTER_VALID_MARK, " --validmark" },
		{ XT_RPFILTER_ACCEPT_LOCAL, " --accept-local" },
		{ XT_RPFILTER_INVERT, " --invert" },
	};
	const struct xt_rpfilter_info *info = xt->data;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(options); i++)
		if (info->flags & options[i].bit)
			vnm_buf_add(xt->out, options[i].word);
}

/* ---- others ---- */

static void do_comment(struct vnm_xt *xt)
{
	vnm_xt_string("--comment", xt->data, XT_MAX_COMMENT_LEN, xt->out);
}

static void do_limit(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit units[] = {
		{ XT_LIMIT_SCALE * 24 * 60 * 60, "day" },
		{ XT_LIMIT_SCALE * 60 * 60, "hour" },
		{ XT_LIMIT_SCALE * 60, "min" },
		{ XT_LIMIT_SCALE, "sec" },
	};
	const struct xt_rateinfo *info = xt->data;
	size_t i = 1;

	if (info->avg == 0) {
		xt->rest = true;
		return;
	}
	for (; i < VNM_ARRAY_SIZE(units); i++)
		if (info->avg > units[i].bit || units[i].bit / info->avg < units[i].bit % info->avg)
			break;
	vnm_buf_printf(xt->out, " --limit %u/%s", units[i - 1].bit / info->avg, units[i - 1].word);
	if (info->burst != LIMIT_BURST)
		vnm_buf_printf(xt->out, " --limit-burst %u", info->burst);
}

static void do_length(struct vnm_xt *xt)
{
	const struct xt_length_info *info = xt->data;

	vnm_buf_printf(xt->out, "%s --length %u", no(info->invert), info->min);
	if (info->max != info->min)
		vnm_buf_printf(xt->out, ":%u", info->max);
}

static void do_pkttype(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit types[] = { { 0, "unicast" },
						   { 1, "broadcast" },
						   { 2, "multicast" } };
	const struct xt_pkttype_info *info = xt->data;
	const char *word = vnm_xt_word(types, VNM_ARRAY_SIZE(types), (uint32_t)info->pkttype);

	if (word)
		vnm_buf_printf(xt->out, "%s --pkt-type %s", no(info->invert), word);
	xt->rest = !word;
}

static void add_owners(struct vnm_buf *out, const char *option, uint32_t first, uint32_t last,
		       bool inverted)
{
	vnm_buf_printf(out, "%s %s %u", no(inverted), option, first);
	if (last != first)
		vnm_buf_printf(out, "-%u", last);
}

static void do_owner(struct vnm_xt *xt)
{
	const struct xt_owner_match_info *info = xt->data;

	if (info->match & XT_OWNER_SOCKET)
		vnm_buf_printf(xt->out, "%s --socket-exists", no(info->invert & XT_OWNER_SOCKET));
	if (info->match & XT_OWNER_UID)
		add_owners(xt->out, "--uid-owner", info->uid_min, info->uid_max,
			   info->invert & XT_OWNER_UID);
	if (info->match & XT_OWNER_GID)
		add_owners(xt->out, "--gid-owner", info->gid_min, info->gid_max,
			   info->invert & XT_OWNER_GID);
	if (info->match & XT_OWNER_SUPPL_GROUPS)
		vnm_buf_add(xt->out, " --suppl-groups");
}

static void do_statistic(struct vnm_xt *xt)
{
	const struct xt_statistic_info *info = xt->data;
	const char *inverted = no(info->flags & XT_STATISTIC_INVERT);

	if (info->mode == XT_STATISTIC_MODE_RANDOM)
		vnm_buf_printf(xt->out, " --mode random%s --probability %.11f", inverted,
			       (double)info->u.random.probability / 0x80000000U);
	else
		vnm_buf_printf(xt->out, " --mode nth%s --every %u --packet %u", inverted,
			       info->u.nth.every + 1, info->u.nth.packet);
}

static void do_set(struct vnm_xt *xt)
{
	const struct xt_set_info *set = xt->data;
	const struct xt_set_info_match_v4 *whole = xt->data;

	vnm_buf_add(xt->out, no(set->flags & IPSET_INV_MATCH));
	vnm_xt_set(xt, "--match-set", set->index, set->dim, set->flags);
	if (xt->revision == 4 && (whole->flags || whole->packets.op || whole->bytes.op))
		xt->rest = true;
}

static const struct vnm_xt_row rows[] = {
	{ "addrtype", 1, 1, sizeof(struct xt_addrtype_info_v1), do_addrtype },
	{ "comment", 0, 0, XT_MAX_COMMENT_LEN, do_comment },
	{ "connmark", 1, 1, sizeof(struct xt_connmark_mtinfo1), do_connmark },
	{ "conntrack", 2, 2, sizeof(struct xt_conntrack_mtinfo2), do_conntrack },
	{ "conntrack", 3, 3, sizeof(struct xt_conntrack_mtinfo3), do_conntrack },
	{ "devgroup", 0, 0, sizeof(struct xt_devgroup_info), do_devgroup },
	{ "helper", 0, 0, sizeof(struct xt_helper_info), do_helper },
	{ "icmp", 0, 0, sizeof(struct ipt_icmp), do_icmp },
	{ "icmp6", 0, 0, sizeof(struct ip6t_icmp), do_icmp },
	{ "iprange", 1, 1, sizeof(struct xt_iprange_mtinfo), do_iprange },
	{ "length", 0, 0, sizeof(struct xt_length_info), do_length },
	{ "limit", 0, 0, sizeof(struct xt_rateinfo), do_limit },
	{ "mac", 0, 0, sizeof(struct xt_mac_info), do_mac },
	{ "mark", 1, 1, sizeof(struct xt_mark_mtinfo1), do_mark },
	{ "multiport", 1, 1, sizeof(struct xt_multiport_v1), do_multiport },
	{ "owner", 1, 1, sizeof(struct xt_owner_match_info), do_owner },
	{ "physdev", 0, 0, sizeof(struct xt_physdev_info), do_physdev },
	{ "pkttype", 0, 0, sizeof(struct xt_pkttype_info), do_pkttype },
	{ "rpfilter", 0, 0, sizeof(struct xt_rpfilter_info), do_rpfilter },
	{ "set", 1, 2, sizeof(struct xt_set_info_match_v1), do_set },
	{ "set", 4, 4, sizeof(struct xt_set_info_match_v4), do_set },
	{ "state", 0, 0, sizeof(unsigned int), do_state },
	{ "statistic", 0, 0, sizeof(struct xt_statistic_info), do_statistic },
	{ "tcp", 0, 0, sizeof(struct xt_tcp), do_tcp },
	{ "udp", 0, 0, sizeof(struct xt_udp), do_udp },
};

/* One that another name stands for: "-m state" is conntrack of today. */
static const char *shown_name(const struct xt_entry_match *match)
{
	const struct xt_conntrack_mtinfo2 *info = (const void *)match->data;

	if (!strcmp(match->u.user.name, "conntrack") && match->u.user.revision >= 2 &&
	    match->u.match_size >= sizeof(*match) + sizeof(*info) &&
	    info->match_flags & XT_CONNTRACK_STATE_ALIAS)
		return "state";
	return match->u.user.name;
}

/**
 * vnm_xt_match_text() - print a match
 * @family: of the table
 * @head:   its struct xt_entry_match
 * @out:    gets "-m udp --dport 53 "
 */
void vnm_xt_match_text(int family, const void *head, struct vnm_buf *out)
{
	vnm_buf_printf(out, "-m %.*s", XT_EXTENSION_MAXNAMELEN, shown_name(head));
	vnm_xt_text(rows, VNM_ARRAY_SIZE(rows), family, head, out);
	vnm_buf_addc(out, ' ');
}
