/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_probe.c - a packet in question: whether conditions hold for it, and what becomes of it.
 *
 * Theory of operation. False alarms are as useless as silence while guests are cut off. So rules are evaluated on what is
 * known of the packet, and each condition has three results: true, false, maybe. A "maybe" rule that accepts makes the
 * result "maybe"; one that drops is assumed to match other packets. The result is "dropped" only if nothing can accept
 * the packet and something certainly drops it. What is unknown is "maybe".
 */
#include "sys/firewall/fw_probe.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

#define ALL_PORTS 0xffff
#define ANY_TYPE 0xff /* of ICMPv6, as ip6tables(8) has it */

/**
 * vnm_fw_probe_dev() - has the packet's device that name?
 * @sys:  the handles
 * @dev:  the packet's; "": somewhere outside of this host
 * @name: @len bytes; without NUL it is a prefix
 * @len:  their number
 */
enum vnm_fw_answer vnm_fw_probe_dev(struct vnm_sys *sys, const char *dev, const char *name,
				    size_t len)
{
	struct vnm_fw_side side = { .wild = !memchr(name, '\0', len) };

	if (*dev)
		return !strncmp(dev, name, len) ? VNM_ANSWER_YES : VNM_ANSWER_NO;
	memcpy(side.dev, name, len < IFNAMSIZ ? len : IFNAMSIZ - 1);
	return vnm_fw_side_inner(sys, &side) ? VNM_ANSWER_NO : VNM_ANSWER_MAYBE;
}

/* The length of a mask of @len bytes; -1: it has holes. */
static int mask_length(const unsigned char *mask, size_t len)
{
	int bits = 0;

	for (size_t i = 0; i < len * 8; i++) {
		if (!(mask[i / 8] & (0x80 >> i % 8)))
			continue;
		if (bits != (int)i)
			return -1;
		bits++;
	}
	return bits;
}

/**
 * vnm_fw_probe_subnet() - is an address of the packet in a rule's subnet?
 * @known: the subnet that the address is in; without a family: any
 * @addr:  of the rule, @len bytes
 * @mask:  the same
 * @len:   4 or 16
 */
enum vnm_fw_answer vnm_fw_probe_subnet(const struct vnm_prefix *known, const unsigned char *addr,
				       const unsigned char *mask, size_t len)
{
	const int bits = mask_length(mask, len);
	struct vnm_prefix rule = { .addr.family = len == 4 ? AF_INET : AF_INET6 };

	if (bits == 0)
		return VNM_ANSWER_YES;
	if (bits < 0 || known->addr.family != rule.addr.family)
		return VNM_ANSWER_MAYBE;
	memcpy(rule.addr.b, addr, len);
	rule.len = (unsigned)bits;
	if (!vnm_prefix_overlaps(&rule, known))
		return VNM_ANSWER_NO;
	return rule.len <= known->len ? VNM_ANSWER_YES : VNM_ANSWER_MAYBE;
}

/** vnm_fw_answer_not() - the answer to the opposite condition. */
enum vnm_fw_answer vnm_fw_answer_not(enum vnm_fw_answer answer)
{
	return answer == VNM_ANSWER_YES	 ? VNM_ANSWER_NO
	       : answer == VNM_ANSWER_NO ? VNM_ANSWER_YES
					 : VNM_ANSWER_MAYBE;
}

/* ---- matches of xtables ---- */

static enum vnm_fw_answer is_comment(const struct vnm_fw_probe *probe, const void *data)
{
	(void)probe, (void)data;
	return VNM_ANSWER_YES;
}

static unsigned state_bit(const struct vnm_fw_probe *probe)
{
	return probe->fresh ? XT_CONNTRACK_STATE_BIT(IP_CT_NEW)
			    : XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED);
}

static enum vnm_fw_answer is_conntrack(const struct vnm_fw_probe *probe, const void *data)
{
	const struct xt_conntrack_mtinfo3 *ct = data;

	if (ct->match_flags & XT_CONNTRACK_STATE && !(ct->invert_flags & XT_CONNTRACK_STATE) &&
	    !(ct->state_mask & state_bit(probe)))
		return VNM_ANSWER_NO;
	return ct->match_flags == XT_CONNTRACK_STATE && !ct->invert_flags ? VNM_ANSWER_YES
									  : VNM_ANSWER_MAYBE;
}

static enum vnm_fw_answer is_state(const struct vnm_fw_probe *probe, const void *data)
{
	const struct xt_state_info *state = data;

	return state->statemask & state_bit(probe) ? VNM_ANSWER_YES : VNM_ANSWER_NO;
}

static enum vnm_fw_answer is_port(const struct vnm_fw_probe *probe, const __u16 src[2],
				  const __u16 dst[2], bool more)
{
	if (!more && probe->dport && (probe->dport < dst[0] || probe->dport > dst[1]))
		return VNM_ANSWER_NO;
	if (more || src[0] != 0 || src[1] != ALL_PORTS)
		return VNM_ANSWER_MAYBE;
	return probe->dport || (dst[0] == 0 && dst[1] == ALL_PORTS) ? VNM_ANSWER_YES
								    : VNM_ANSWER_MAYBE;
}

static enum vnm_fw_answer is_tcp(const struct vnm_fw_probe *probe, const void *data)
{
	const struct xt_tcp *tcp = data;

	return is_port(probe, tcp->spts, tcp->dpts, tcp->option || tcp->flg_mask || tcp->invflags);
}

static enum vnm_fw_answer is_udp(const struct vnm_fw_probe *probe, const void *data)
{
	const struct xt_udp *udp = data;

	return is_port(probe, udp->spts, udp->dpts, udp->invflags);
}

static enum vnm_fw_answer is_icmp6(const struct vnm_fw_probe *probe, const void *data)
{
	const struct ip6t_icmp *icmp = data;
	enum vnm_fw_answer answer = VNM_ANSWER_MAYBE;

	if (icmp->type == ANY_TYPE)
		answer = VNM_ANSWER_YES;
	else if (probe->icmp6)
		answer = icmp->type == probe->icmp6 && icmp->code[0] == 0 ? VNM_ANSWER_YES
									  : VNM_ANSWER_NO;
	return icmp->invflags & IP6T_ICMP_INV ? vnm_fw_answer_not(answer) : answer;
}

static const struct {
	const char *name;
	unsigned revision;
	size_t len;
	enum vnm_fw_answer (*fn)(const struct vnm_fw_probe *probe, const void *data);
} matches[] = {
	{ "comment", 0, 0, is_comment },
	{ "conntrack", 3, sizeof(struct xt_conntrack_mtinfo3), is_conntrack },
	{ "state", 0, sizeof(struct xt_state_info), is_state },
	{ "tcp", 0, sizeof(struct xt_tcp), is_tcp },
	{ "udp", 0, sizeof(struct xt_udp), is_udp },
	{ "icmp6", 0, sizeof(struct ip6t_icmp), is_icmp6 },
};

/** vnm_fw_probe_match() - does a match of xtables match the packet? */
enum vnm_fw_answer vnm_fw_probe_match(const struct vnm_fw_probe *probe,
				      const struct vnm_fw_match *match)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(matches); i++)
		if (!strcmp(matches[i].name, match->name) &&
		    matches[i].revision == match->revision && match->len >= matches[i].len)
			return matches[i].fn(probe, match->data);
	return VNM_ANSWER_MAYBE;
}

/* ---- verdicts ---- */

/** vnm_fw_lets_go() - is it one of our chains of iptables' tables? They let go of packets that their networks do not concern. */
bool vnm_fw_lets_go(const char *chain)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++)
		if (!strcmp(vnm_fw_chains[c].name, chain))
			return true;
	return false;
}

/* What a chain does with the packet that may come there, or not. */
static enum vnm_fw_fate may_come(enum vnm_fw_fate inner, bool certain)
{
	if (certain || inner == VNM_FATE_FALLS)
		return inner;
	return inner == VNM_FATE_DROPPED ? VNM_FATE_FALLS : VNM_FATE_MAYBE;
}

/**
 * vnm_fw_decide() - does a rule decide what becomes of the packet in its chain?
 * @verdict: of the rule, which matches or may match
 * @certain: it matches
 * @inner:   of a jump or goto: what becomes of the packet in that chain
 * @ret:     what becomes of it; VNM_FATE_FALLS: the chain ends here
 *
 * Return: false: the next rule is asked.
 */
bool vnm_fw_decide(enum vnm_fw_verdict verdict, bool certain, enum vnm_fw_fate inner,
		   enum vnm_fw_fate *ret)
{
	switch (verdict) {
	case VNM_VERDICT_GOES_ON: return false;
	case VNM_VERDICT_ACCEPT: *ret = certain ? VNM_FATE_ACCEPTED : VNM_FATE_MAYBE; return true;
	case VNM_VERDICT_DROP: *ret = VNM_FATE_DROPPED; return certain;
	case VNM_VERDICT_RETURN: *ret = certain ? VNM_FATE_FALLS : VNM_FATE_MAYBE; return true;
	case VNM_VERDICT_JUMP: *ret = may_come(inner, certain); return *ret != VNM_FATE_FALLS;
	case VNM_VERDICT_GOTO:
		*ret = may_come(inner, certain);
		if (!certain && *ret == VNM_FATE_FALLS)
			*ret = VNM_FATE_MAYBE;
		return true;
	case VNM_VERDICT_OTHER: break;
	}
	*ret = VNM_FATE_MAYBE;
	return true;
}
