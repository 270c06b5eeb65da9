/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwentry.c - compile rules into table entries; kernel headers only.
 *
 * Mistakes that the kernel accepts and that never match: an IPv6 rule with a protocol but without IP6T_F_PROTO; a udp or
 * tcp match with a source port range of 0:0; an interface name without its mask.
 */
#include "sys/firewall/fwentry.h"

#include <assert.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_CHECKSUM.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_devgroup.h>
#include <linux/netfilter/xt_physdev.h>
#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_statistic.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>

#include "util/buf.h"
#include "util/mem.h"

#define CONNTRACK_REVISION 3 /* struct xt_conntrack_mtinfo3 */
#define DNAT_REVISION 2 /* struct nf_nat_range2, for both families: it has a base port */
#define SNAT6_REVISION 1 /* the IPv6 targets take struct nf_nat_range; revision 0 is IPv4's */

static void add_zeros(struct vnm_buf *buf, size_t n)
{
	static const char zeros[64];

	for (; n > sizeof(zeros); n -= sizeof(zeros))
		vnm_buf_addn(buf, zeros, sizeof(zeros));
	vnm_buf_addn(buf, zeros, n);
}

/*
 * A match or target: a header of one shape for both, then the data, padded to the kernel's alignment.
 *
 * Entries are compared byte by byte with the kernel's, and an initialiser leaves the padding of a structure undefined. So
 * the data is zeroed here, and its members are set in place.
 *
 * Return: the data, @len bytes of zeros, until something else is added to @buf.
 */
static void *add_extension(struct vnm_buf *buf, const char *name, unsigned revision, size_t len)
{
	struct xt_entry_match head = { 0 };

	static_assert(sizeof(struct xt_entry_match) == sizeof(struct xt_entry_target),
		      "one header for both");
	head.u.match_size = (__u16)(sizeof(head) + XT_ALIGN(len));
	strncpy(head.u.user.name, name, sizeof(head.u.user.name) - 1);
	head.u.user.revision = (__u8)revision;
	vnm_buf_addn(buf, &head, sizeof(head));
	add_zeros(buf, XT_ALIGN(len));
	return buf->data + buf->len - XT_ALIGN(len);
}

static void add_devgroup(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	const struct vnm_fw_group *src = &rule->src_group, *dst = &rule->dst_group;
	struct xt_devgroup_info *info;

	if (!src->mask && !dst->mask)
		return;
	info = add_extension(buf, "devgroup", 0, sizeof(*info));
	info->src_group = src->value;
	info->src_mask = src->mask;
	info->dst_group = dst->value;
	info->dst_mask = dst->mask;
	if (src->mask)
		info->flags |= XT_DEVGROUP_MATCH_SRC | (src->invert ? XT_DEVGROUP_INVERT_SRC : 0);
	if (dst->mask)
		info->flags |= XT_DEVGROUP_MATCH_DST | (dst->invert ? XT_DEVGROUP_INVERT_DST : 0);
}

/* An unset port matches any port. */
static void put_ports(const struct vnm_fwrule *rule, __u16 src[2], __u16 dst[2])
{
	__u16 last = rule->dport_last ? rule->dport_last : rule->dport;

	src[0] = rule->sport;
	src[1] = rule->sport ? rule->sport : 0xffff;
	dst[0] = rule->dport;
	dst[1] = last ? last : 0xffff;
}

static void add_port(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct xt_tcp *tcp;
	struct xt_udp *udp;

	if (!rule->dport && !rule->sport)
		return;
	if (rule->proto == IPPROTO_TCP) {
		tcp = add_extension(buf, "tcp", 0, sizeof(*tcp));
		put_ports(rule, tcp->spts, tcp->dpts);
	} else {
		udp = add_extension(buf, "udp", 0, sizeof(*udp));
		put_ports(rule, udp->spts, udp->dpts);
	}
}

static void add_icmp6(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct ip6t_icmp *icmp;

	if (!rule->icmp6)
		return;
	icmp = add_extension(buf, "icmp6", 0, sizeof(*icmp));
	icmp->type = rule->icmp6;
	icmp->code[1] = 0xff;
}

static void add_local(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct xt_addrtype_info_v1 *info;

	if (!rule->src_local && !rule->dst_local)
		return;
	info = add_extension(buf, "addrtype", VNM_FWENTRY_ADDRTYPE_REVISION, sizeof(*info));
	info->source = rule->src_local ? XT_ADDRTYPE_LOCAL : 0;
	info->dest = rule->dst_local ? XT_ADDRTYPE_LOCAL : 0;
}

static void add_chance(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct xt_statistic_info *info;

	if (!rule->chance)
		return;
	info = add_extension(buf, "statistic", 0, sizeof(*info));
	info->mode = XT_STATISTIC_MODE_RANDOM;
	info->u.random.probability = rule->chance;
}

static void add_routed(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	if (rule->src_routed)
		(void)add_extension(buf, "rpfilter", 0, sizeof(struct xt_rpfilter_info));
}

static void add_bridged(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct xt_physdev_info *info;

	if (!rule->bridged)
		return;
	info = add_extension(buf, "physdev", 0, sizeof(*info));
	info->bitmask = XT_PHYSDEV_OP_BRIDGED;
}

static void add_state(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct xt_conntrack_mtinfo3 *info;

	static const unsigned masks[VNM_STATE_COUNT] = {
		[VNM_STATE_ESTABLISHED] = XT_CONNTRACK_STATE_BIT(IP_CT_RELATED) |
					  XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED),
		[VNM_STATE_DNAT] = XT_CONNTRACK_STATE_DNAT,
		[VNM_STATE_DNAT_REPLY] = XT_CONNTRACK_STATE_DNAT,
		[VNM_STATE_UNTRACKED] = XT_CONNTRACK_STATE_UNTRACKED,
		[VNM_STATE_UNKNOWN] = XT_CONNTRACK_STATE_INVALID | XT_CONNTRACK_STATE_UNTRACKED,
		[VNM_STATE_TRACKED] = XT_CONNTRACK_STATE_BIT(IP_CT_NEW) |
				      XT_CONNTRACK_STATE_BIT(IP_CT_RELATED) |
				      XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED),
	};

	if (rule->state == VNM_STATE_ANY)
		return;
	info = add_extension(buf, "conntrack", CONNTRACK_REVISION, sizeof(*info));
	info->match_flags = XT_CONNTRACK_STATE;
	info->state_mask = (__u16)masks[rule->state];
	if (rule->state == VNM_STATE_DNAT_REPLY) {
		info->match_flags |= XT_CONNTRACK_DIRECTION;
		info->invert_flags |= XT_CONNTRACK_DIRECTION;
	}
}

/* libiptc turns the name into the verdict or the jump. */
static void add_standard(const char *name, struct vnm_buf *buf)
{
	(void)add_extension(buf, name, 0, sizeof(int));
}

static void add_nat4(const struct vnm_fwrule *rule, const char *name, struct vnm_buf *buf)
{
	struct nf_nat_ipv4_multi_range_compat *ranges =
		add_extension(buf, name, 0, sizeof(*ranges));
	struct nf_nat_ipv4_range *range = &ranges->range[0];

	ranges->rangesize = 1;
	if (rule->to_port_first) {
		range->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		range->min.all = htons(rule->to_port_first);
		range->max.all = htons(rule->to_port_last);
	}
	if (rule->to_first.family == AF_INET) {
		range->flags |= NF_NAT_RANGE_MAP_IPS;
		memcpy(&range->min_ip, rule->to_first.b, 4);
		memcpy(&range->max_ip, rule->to_last.b, 4);
	}
}

static void add_nat6(const struct vnm_fwrule *rule, const char *name, unsigned revision,
		     struct vnm_buf *buf)
{
	struct nf_nat_range *range = add_extension(buf, name, revision, sizeof(*range));

	if (rule->to_port_first) {
		range->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		range->min_proto.all = htons(rule->to_port_first);
		range->max_proto.all = htons(rule->to_port_last);
	}
	if (rule->to_first.family == AF_INET6) {
		range->flags |= NF_NAT_RANGE_MAP_IPS;
		memcpy(&range->min_addr, rule->to_first.b, 16);
		memcpy(&range->max_addr, rule->to_last.b, 16);
	}
}

static void add_dnat(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	struct nf_nat_range2 *range = add_extension(buf, "DNAT", DNAT_REVISION, sizeof(*range));
	size_t len = rule->family == AF_INET ? 4 : 16;

	range->flags = NF_NAT_RANGE_MAP_IPS;
	memcpy(&range->min_addr, rule->to_first.b, len);
	memcpy(&range->max_addr, rule->to_last.b, len);
	if (rule->to_port_first) {
		range->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		range->min_proto.all = htons(rule->to_port_first);
		range->max_proto.all = htons(rule->to_port_last);
	}
	if (rule->to_port_base) {
		range->flags |= NF_NAT_RANGE_PROTO_OFFSET;
		range->base_proto.all = htons(rule->to_port_base);
	}
}

static void add_reject(int family, const char *name, struct vnm_buf *buf)
{
	struct ipt_reject_info *reject4;
	struct ip6t_reject_info *reject6;

	if (family == AF_INET) {
		reject4 = add_extension(buf, name, 0, sizeof(*reject4));
		reject4->with = IPT_ICMP_PORT_UNREACHABLE;
	} else {
		reject6 = add_extension(buf, name, 0, sizeof(*reject6));
		reject6->with = IP6T_ICMP6_PORT_UNREACH;
	}
}

static void add_checksum(const char *name, struct vnm_buf *buf)
{
	struct xt_CHECKSUM_info *info = add_extension(buf, name, 0, sizeof(*info));

	info->operation = XT_CHECKSUM_OP_FILL;
}

static void add_notrack(const char *name, struct vnm_buf *buf)
{
	struct xt_ct_target_info_v1 *info =
		add_extension(buf, name, VNM_FWENTRY_CT_REVISION, sizeof(*info));

	info->flags = XT_CT_NOTRACK;
}

/* To the network's own chain. */
static void add_jump(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	char name[VNM_FW_CHAIN_NAME];

	vnm_fw_chain_name(rule->chain, rule->own, name);
	add_standard(name, buf);
}

static void add_target(const struct vnm_fwrule *rule, struct vnm_buf *buf)
{
	const char *name = vnm_enum_name(&vnm_enum_fw_target, rule->target);

	switch (rule->target) {
	case VNM_TARGET_JUMP: add_jump(rule, buf); break;
	case VNM_TARGET_ACCEPT:
	case VNM_TARGET_DROP:
	case VNM_TARGET_RETURN: add_standard(name, buf); break;
	case VNM_TARGET_REJECT: add_reject(rule->family, name, buf); break;
	case VNM_TARGET_DNAT: add_dnat(rule, buf); break;
	case VNM_TARGET_REDIRECT:
	case VNM_TARGET_MASQUERADE:
	case VNM_TARGET_SNAT:
		if (rule->family == AF_INET)
			add_nat4(rule, name, buf);
		else
			add_nat6(rule, name, rule->target == VNM_TARGET_SNAT ? SNAT6_REVISION : 0,
				 buf);
		break;
	case VNM_TARGET_CHECKSUM: add_checksum(name, buf); break;
	case VNM_TARGET_NOTRACK: add_notrack(name, buf); break;
	case VNM_TARGET_COUNT: break;
	}
}

/* The mask covers the name and its NUL, so that "br1" is not a prefix of "br10". */
static void put_ifname(char *name, unsigned char *mask, const char *from)
{
	size_t len = strnlen(from, IFNAMSIZ - 1);

	if (len == 0)
		return;
	memcpy(name, from, len);
	memset(mask, 0xff, len + 1);
}

static void put_prefix(void *addr, void *mask, const struct vnm_prefix *prefix, size_t len)
{
	struct vnm_addr first, bits;

	if (prefix->addr.family == AF_UNSPEC)
		return;
	first = vnm_prefix_first(prefix);
	bits = vnm_netmask_from_len(prefix->addr.family, prefix->len);
	memcpy(addr, first.b, len);
	memcpy(mask, bits.b, len);
}

static void put_head4(const struct vnm_fwrule *rule, struct ipt_ip *ip)
{
	put_prefix(&ip->src, &ip->smsk, &rule->src, 4);
	put_prefix(&ip->dst, &ip->dmsk, &rule->dst, 4);
	put_ifname(ip->iniface, ip->iniface_mask, rule->in);
	put_ifname(ip->outiface, ip->outiface_mask, rule->out);
	ip->proto = rule->proto;
	ip->invflags = (rule->src_invert ? IPT_INV_SRCIP : 0) |
		       (rule->dst_invert ? IPT_INV_DSTIP : 0) |
		       (rule->in_invert && *rule->in ? IPT_INV_VIA_IN : 0) |
		       (rule->out_invert && *rule->out ? IPT_INV_VIA_OUT : 0);
}

static void put_head6(const struct vnm_fwrule *rule, struct ip6t_ip6 *ip)
{
	put_prefix(&ip->src, &ip->smsk, &rule->src, 16);
	put_prefix(&ip->dst, &ip->dmsk, &rule->dst, 16);
	put_ifname(ip->iniface, ip->iniface_mask, rule->in);
	put_ifname(ip->outiface, ip->outiface_mask, rule->out);
	ip->proto = rule->proto;
	ip->flags = rule->proto ? IP6T_F_PROTO : 0;
	ip->invflags = (rule->src_invert ? IP6T_INV_SRCIP : 0) |
		       (rule->dst_invert ? IP6T_INV_DSTIP : 0) |
		       (rule->in_invert && *rule->in ? IP6T_INV_VIA_IN : 0) |
		       (rule->out_invert && *rule->out ? IP6T_INV_VIA_OUT : 0);
}

static size_t head_size(int family)
{
	return family == AF_INET ? sizeof(struct ipt_entry) : sizeof(struct ip6t_entry);
}

/* Finish the block: @buf holds room for the header, the matches up to @target, and the target. */
static void finish(int family, struct vnm_buf *buf, size_t target, struct vnm_fwentry *ret)
{
	size_t size = buf->len;

	ret->data = vnm_alloc(size);
	memcpy(ret->data, buf->data, size);
	ret->mask = vnm_alloc(size);
	memset(ret->mask, 0xff, size);
	ret->size = size;
	if (family == AF_INET) {
		struct ipt_entry *entry = ret->data;

		entry->target_offset = (__u16)target;
		entry->next_offset = (__u16)size;
	} else {
		struct ip6t_entry *entry = ret->data;

		entry->target_offset = (__u16)target;
		entry->next_offset = (__u16)size;
	}
}

/**
 * vnm_fwentry_compile() - compile a rule to a table entry
 * @rule: the rule
 * @ret:  free with vnm_fwentry_clear()
 */
void vnm_fwentry_compile(const struct vnm_fwrule *rule, struct vnm_fwentry *ret)
{
	vnm_autobuf struct vnm_buf buf = { 0 };
	size_t target;

	add_zeros(&buf, head_size(rule->family));
	add_icmp6(rule, &buf);
	add_port(rule, &buf);
	add_local(rule, &buf);
	add_chance(rule, &buf);
	add_devgroup(rule, &buf);
	add_routed(rule, &buf);
	add_bridged(rule, &buf);
	add_state(rule, &buf);
	target = buf.len;
	add_target(rule, &buf);
	finish(rule->family, &buf, target, ret);
	ret->network = *rule->network ? rule->network : NULL;
	if (rule->family == AF_INET)
		put_head4(rule, &((struct ipt_entry *)ret->data)->ip);
	else
		put_head6(rule, &((struct ip6t_entry *)ret->data)->ipv6);
}

/**
 * vnm_fwentry_jump() - the unconditional jump to a chain
 * @family: AF_INET or AF_INET6
 * @chain:  the chain, at most 28 bytes
 * @ret:    free with vnm_fwentry_clear()
 */
void vnm_fwentry_jump(int family, const char *chain, struct vnm_fwentry *ret)
{
	vnm_autobuf struct vnm_buf buf = { 0 };

	add_zeros(&buf, head_size(family));
	add_standard(chain, &buf);
	finish(family, &buf, head_size(family), ret);
}

/** vnm_fwentry_clear() - free an entry. */
void vnm_fwentry_clear(struct vnm_fwentry *entry)
{
	free(entry->data);
	free(entry->mask);
	*entry = (struct vnm_fwentry){ 0 };
}
