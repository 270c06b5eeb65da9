/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xt_target_text.c - the options of a table entry's target, as "iptables -S" prints them. */
#include "sys/firewall/xt_target_text.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_CHECKSUM.h>
#include <linux/netfilter/xt_CONNMARK.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_LOG.h>
#include <linux/netfilter/xt_MARK.h>
#include <linux/netfilter/xt_NFLOG.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netfilter/xt_TCPMSS.h>
#include <linux/netfilter/xt_set.h>
#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>

#include "sys/firewall/xt_text.h"
#include "util/mem.h"

#define LOG_LEVEL 4 /* "warning", which iptables does not print */

static void add_flags(const struct vnm_xt_bit *bits, size_t n, uint32_t flags, struct vnm_buf *out)
{
	for (size_t i = 0; i < n; i++)
		if (flags & bits[i].bit)
			vnm_buf_printf(out, " %s", bits[i].word);
}
#define ADD_FLAGS(bits, flags, out) add_flags(bits, VNM_ARRAY_SIZE(bits), flags, out)

/* ---- translation ---- */

/* Any layout of a range, as the newest one. */
static struct nf_nat_range2 range_of(const struct vnm_xt *xt, bool old4)
{
	const struct nf_nat_ipv4_multi_range_compat *compat = xt->data;
	struct nf_nat_range2 ret = { 0 };

	if (!old4) {
		memcpy(&ret, xt->data,
		       xt->revision == 2 ? sizeof(ret) : sizeof(struct nf_nat_range));
		return ret;
	}
	ret.flags = compat->range[0].flags;
	ret.min_addr.ip = compat->range[0].min_ip;
	ret.max_addr.ip = compat->range[0].max_ip;
	ret.min_proto = compat->range[0].min;
	ret.max_proto = compat->range[0].max;
	return ret;
}

static void add_ports(const struct nf_nat_range2 *range, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%u", ntohs(range->min_proto.all));
	if (range->max_proto.all != range->min_proto.all)
		vnm_buf_printf(out, "-%u", ntohs(range->max_proto.all));
	if (range->flags & NF_NAT_RANGE_PROTO_OFFSET)
		vnm_buf_printf(out, "/%u", ntohs(range->base_proto.all));
}

static void add_destination(const struct vnm_xt *xt, const struct nf_nat_range2 *range)
{
	const bool ports = range->flags & NF_NAT_RANGE_PROTO_SPECIFIED;
	const bool brackets = xt->family == AF_INET6 && ports;

	if (range->flags & NF_NAT_RANGE_MAP_IPS) {
		vnm_buf_add(xt->out, brackets ? "[" : "");
		vnm_xt_addr(xt->family, &range->min_addr, xt->out);
		if (memcmp(&range->min_addr, &range->max_addr, sizeof(range->min_addr)) != 0) {
			vnm_buf_addc(xt->out, '-');
			vnm_xt_addr(xt->family, &range->max_addr, xt->out);
		}
		vnm_buf_add(xt->out, brackets ? "]" : "");
	}
	if (!ports)
		return;
	vnm_buf_addc(xt->out, ':');
	add_ports(range, xt->out);
}

static void add_nat(struct vnm_xt *xt, const char *option, bool old4)
{
	static const struct vnm_xt_bit flags[] = {
		{ NF_NAT_RANGE_PROTO_RANDOM, "--random" },
		{ NF_NAT_RANGE_PROTO_RANDOM_FULLY, "--random-fully" },
		{ NF_NAT_RANGE_PERSISTENT, "--persistent" },
	};
	const struct nf_nat_range2 range = range_of(xt, old4);

	vnm_buf_printf(xt->out, " %s ", option);
	add_destination(xt, &range);
	ADD_FLAGS(flags, range.flags, xt->out);
}

/* Revision 0 is IPv4's alone. */
static void do_dnat(struct vnm_xt *xt)
{
	add_nat(xt, "--to-destination", xt->revision == 0);
}

static void do_snat(struct vnm_xt *xt)
{
	add_nat(xt, "--to-source", xt->revision == 0);
}

/* Of the host's own address. Both families have revision 0, and another layout each. */
static void do_own_nat(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit flags[] = {
		{ NF_NAT_RANGE_PROTO_RANDOM, "--random" },
		{ NF_NAT_RANGE_PROTO_RANDOM_FULLY, "--random-fully" },
	};
	const struct nf_nat_range2 range = range_of(xt, xt->family == AF_INET);

	if (range.flags & NF_NAT_RANGE_PROTO_SPECIFIED) {
		vnm_buf_add(xt->out, " --to-ports ");
		add_ports(&range, xt->out);
	}
	ADD_FLAGS(flags, range.flags, xt->out);
}

/* ---- answers ---- */

static void do_reject(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit v4[] = {
		{ IPT_ICMP_NET_UNREACHABLE, "icmp-net-unreachable" },
		{ IPT_ICMP_HOST_UNREACHABLE, "icmp-host-unreachable" },
		{ IPT_ICMP_PROT_UNREACHABLE, "icmp-proto-unreachable" },
		{ IPT_ICMP_PORT_UNREACHABLE, "icmp-port-unreachable" },
		{ IPT_ICMP_NET_PROHIBITED, "icmp-net-prohibited" },
		{ IPT_ICMP_HOST_PROHIBITED, "icmp-host-prohibited" },
		{ IPT_TCP_RESET, "tcp-reset" },
		{ IPT_ICMP_ADMIN_PROHIBITED, "icmp-admin-prohibited" },
	};
	static const struct vnm_xt_bit v6[] = {
		{ IP6T_ICMP6_NO_ROUTE, "icmp6-no-route" },
		{ IP6T_ICMP6_ADM_PROHIBITED, "icmp6-adm-prohibited" },
		{ IP6T_ICMP6_ADDR_UNREACH, "icmp6-addr-unreachable" },
		{ IP6T_ICMP6_PORT_UNREACH, "icmp6-port-unreachable" },
		{ IP6T_TCP_RESET, "tcp-reset" },
		{ IP6T_ICMP6_POLICY_FAIL, "icmp6-policy-fail" },
		{ IP6T_ICMP6_REJECT_ROUTE, "icmp6-reject-route" },
	};
	const uint32_t *with = xt->data;
	const char *word = xt->family == AF_INET6 ? vnm_xt_word(v6, VNM_ARRAY_SIZE(v6), *with)
						  : vnm_xt_word(v4, VNM_ARRAY_SIZE(v4), *with);

	if (word)
		vnm_buf_printf(xt->out, " --reject-with %s", word);
	xt->rest = !word;
}

/* ---- what goes on with the next rule ---- */

static void do_mark(struct vnm_xt *xt)
{
	const struct xt_mark_tginfo2 *info = xt->data;

	vnm_buf_printf(xt->out, " --set-xmark 0x%x/0x%x", info->mark, info->mask);
}

/* Revision 2 has a shift before the mode. */
static void do_connmark(struct vnm_xt *xt)
{
	const struct xt_connmark_tginfo2 *info = xt->data;
	const struct xt_connmark_tginfo1 *old = xt->data;
	const unsigned mode = xt->revision == 1 ? old->mode : info->mode;

	if (mode == XT_CONNMARK_SET)
		vnm_buf_printf(xt->out, " --set-xmark 0x%x/0x%x", info->ctmark, info->ctmask);
	else
		vnm_buf_printf(xt->out, " --%s-mark --nfmask 0x%x --ctmask 0x%x",
			       mode == XT_CONNMARK_SAVE ? "save" : "restore", info->nfmask,
			       info->ctmask);
	xt->rest = xt->revision == 2 && info->shift_bits;
}

static void do_log(struct vnm_xt *xt)
{
	static const struct vnm_xt_bit flags[] = {
		{ XT_LOG_TCPSEQ, "--log-tcp-sequence" }, { XT_LOG_TCPOPT, "--log-tcp-options" },
		{ XT_LOG_IPOPT, "--log-ip-options" },	 { XT_LOG_UID, "--log-uid" },
		{ XT_LOG_MACDECODE, "--log-macdecode" },
	};
	const struct xt_log_info *info = xt->data;

	if (*info->prefix)
		vnm_xt_string("--log-prefix", info->prefix, sizeof(info->prefix), xt->out);
	if (info->level != LOG_LEVEL)
		vnm_buf_printf(xt->out, " --log-level %u", info->level);
	ADD_FLAGS(flags, info->logflags, xt->out);
}

static void do_nflog(struct vnm_xt *xt)
{
	const struct xt_nflog_info *info = xt->data;

	if (*info->prefix)
		vnm_xt_string("--nflog-prefix", info->prefix, sizeof(info->prefix), xt->out);
	if (info->group)
		vnm_buf_printf(xt->out, " --nflog-group %u", info->group);
	xt->rest = info->flags || info->threshold > 1;
}

static void do_ct(struct vnm_xt *xt)
{
	const struct xt_ct_target_info *info = xt->data;

	if (info->flags & XT_CT_NOTRACK)
		vnm_buf_add(xt->out, " --notrack");
	if (*info->helper)
		vnm_xt_string("--helper", info->helper, sizeof(info->helper), xt->out);
	if (info->zone && !(info->flags & XT_CT_ZONE_MARK))
		vnm_buf_printf(xt->out, " --zone %u", info->zone);
	xt->rest = info->ct_events || info->exp_events ||
		   info->flags & ~(XT_CT_NOTRACK | XT_CT_NOTRACK_ALIAS);
}

static void do_tcpmss(struct vnm_xt *xt)
{
	const struct xt_tcpmss_info *info = xt->data;

	if (info->mss == XT_TCPMSS_CLAMP_PMTU)
		vnm_buf_add(xt->out, " --clamp-mss-to-pmtu");
	else
		vnm_buf_printf(xt->out, " --set-mss %u", info->mss);
}

static void do_checksum(struct vnm_xt *xt)
{
	const struct xt_CHECKSUM_info *info = xt->data;

	if (info->operation & XT_CHECKSUM_OP_FILL)
		vnm_buf_add(xt->out, " --checksum-fill");
}

static void do_nfqueue(struct vnm_xt *xt)
{
	const struct xt_NFQ_info_v3 *info = xt->data;

	if (xt->revision > 0 && info->queues_total > 1)
		vnm_buf_printf(xt->out, " --queue-balance %u:%u", info->queuenum,
			       info->queuenum + info->queues_total - 1);
	else
		vnm_buf_printf(xt->out, " --queue-num %u", info->queuenum);
	if (xt->revision > 1 && info->flags & NFQ_FLAG_BYPASS)
		vnm_buf_add(xt->out, " --queue-bypass");
	if (xt->revision > 2 && info->flags & NFQ_FLAG_CPU_FANOUT)
		vnm_buf_add(xt->out, " --queue-cpu-fanout");
}

static void do_set(struct vnm_xt *xt)
{
	const struct xt_set_info_target_v3 *info = xt->data;

	if (info->add_set.index != IPSET_INVALID_ID)
		vnm_xt_set(xt, "--add-set", info->add_set.index, info->add_set.dim,
			   info->add_set.flags);
	if (info->del_set.index != IPSET_INVALID_ID)
		vnm_xt_set(xt, "--del-set", info->del_set.index, info->del_set.dim,
			   info->del_set.flags);
	if (info->flags || info->timeout != UINT32_MAX || info->map_set.index != IPSET_INVALID_ID)
		xt->rest = true;
}

static const struct vnm_xt_row rows[] = {
	{ "CHECKSUM", 0, 0, sizeof(struct xt_CHECKSUM_info), do_checksum },
	{ "CONNMARK", 1, 1, sizeof(struct xt_connmark_tginfo1), do_connmark },
	{ "CONNMARK", 2, 2, sizeof(struct xt_connmark_tginfo2), do_connmark },
	{ "CT", 0, 0, sizeof(struct xt_ct_target_info), do_ct },
	{ "CT", 1, 2, sizeof(struct xt_ct_target_info_v1), do_ct },
	{ "DNAT", 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat), do_dnat },
	{ "DNAT", 1, 1, sizeof(struct nf_nat_range), do_dnat },
	{ "DNAT", 2, 2, sizeof(struct nf_nat_range2), do_dnat },
	{ "LOG", 0, 0, sizeof(struct xt_log_info), do_log },
	{ "MARK", 2, 2, sizeof(struct xt_mark_tginfo2), do_mark },
	{ "MASQUERADE", 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat), do_own_nat },
	{ "NFLOG", 0, 0, sizeof(struct xt_nflog_info), do_nflog },
	{ "NFQUEUE", 0, 0, sizeof(struct xt_NFQ_info), do_nfqueue },
	{ "NFQUEUE", 1, 1, sizeof(struct xt_NFQ_info_v1), do_nfqueue },
	{ "NFQUEUE", 2, 3, sizeof(struct xt_NFQ_info_v3), do_nfqueue },
	{ "NOTRACK", 0, 0, 0, NULL },
	{ "REDIRECT", 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat), do_own_nat },
	{ "REJECT", 0, 0, sizeof(uint32_t), do_reject },
	{ "SET", 3, 3, sizeof(struct xt_set_info_target_v3), do_set },
	{ "SNAT", 0, 0, sizeof(struct nf_nat_ipv4_multi_range_compat), do_snat },
	{ "SNAT", 1, 1, sizeof(struct nf_nat_range), do_snat },
	{ "SNAT", 2, 2, sizeof(struct nf_nat_range2), do_snat },
	{ "TCPMSS", 0, 0, sizeof(struct xt_tcpmss_info), do_tcpmss },
	{ "TRACE", 0, 0, 0, NULL },
};

/**
 * vnm_xt_target_text() - print the options of a target
 * @family: of the table
 * @head:   its struct xt_entry_target; a verdict, or a jump, has no name there, and no options
 * @out:    gets " --reject-with tcp-reset"
 */
void vnm_xt_target_text(int family, const void *head, struct vnm_buf *out)
{
	const struct xt_entry_target *target = head;

	if (*target->u.user.name && strcmp(target->u.user.name, XT_ERROR_TARGET) != 0)
		vnm_xt_text(rows, VNM_ARRAY_SIZE(rows), family, head, out);
}
