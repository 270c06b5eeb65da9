/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_fate.c - what the rules of a chain of iptables' tables do with a packet; how that is judged: fw_probe.c. */
#include "sys/firewall/fw_fate.h"

#include <net/if.h>
#include <string.h>

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>

#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

#define DEPTH_MAX 16 /* of chains within chains */
#define STEPS_MAX 20000 /* entries, before the answer is "it may" */

/** struct walk - the evaluation of a chain. @spot: where the packet is dropped */
struct walk {
	struct vnm_sys *sys;
	const struct vnm_fw_handle *handle;
	const struct vnm_fw_probe *probe;
	unsigned steps;
	struct vnm_fw_spot spot;
};

static void narrow(enum vnm_fw_answer *holds, enum vnm_fw_answer answer)
{
	if (answer < *holds)
		*holds = answer;
}

/* @dev: the packet's; NULL: none, whose name is empty. The mask of a whole name covers its NUL. */
static enum vnm_fw_answer is_dev(struct vnm_sys *sys, const char *dev, const char *name,
				 const unsigned char *mask, bool inverted)
{
	enum vnm_fw_answer answer;
	size_t len = 0;

	while (len < IFNAMSIZ && mask[len])
		len++;
	if (len == 0)
		return VNM_ANSWER_YES;
	answer = dev ? vnm_fw_probe_dev(sys, dev, name, len) : VNM_ANSWER_NO;
	return inverted ? vnm_fw_answer_not(answer) : answer;
}

static enum vnm_fw_answer is_address(const struct vnm_prefix *known, const unsigned char *addr,
				     const unsigned char *mask, size_t len, bool inverted)
{
	enum vnm_fw_answer answer = vnm_fw_probe_subnet(known, addr, mask, len);

	return inverted ? vnm_fw_answer_not(answer) : answer;
}

static enum vnm_fw_answer is_proto(const struct walk *walk, const struct vnm_fwentry_view *v)
{
	enum vnm_fw_answer answer = VNM_ANSWER_MAYBE;

	if (v->proto == 0)
		return VNM_ANSWER_YES;
	if (walk->probe->proto)
		answer = walk->probe->proto == v->proto ? VNM_ANSWER_YES : VNM_ANSWER_NO;
	return v->inverted & XT_INV_PROTO ? vnm_fw_answer_not(answer) : answer;
}

static enum vnm_fw_answer holds(const struct walk *walk, const void *entry)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(walk->handle->family, entry);
	const struct vnm_fw_probe *probe = walk->probe;
	enum vnm_fw_answer all = v.inverted & IPT_INV_FRAG ? VNM_ANSWER_MAYBE : VNM_ANSWER_YES;
	const struct xt_entry_match *match;

	narrow(&all, is_dev(walk->sys, probe->in, v.in, v.in_mask, v.inverted & IPT_INV_VIA_IN));
	narrow(&all,
	       is_dev(walk->sys, probe->out, v.out, v.out_mask, v.inverted & IPT_INV_VIA_OUT));
	narrow(&all,
	       is_address(&probe->src, v.src, v.src_mask, v.addr_len, v.inverted & IPT_INV_SRCIP));
	narrow(&all,
	       is_address(&probe->dst, v.dst, v.dst_mask, v.addr_len, v.inverted & IPT_INV_DSTIP));
	narrow(&all, is_proto(walk, &v));
	for (const unsigned char *at = v.matches; at < v.target; at += match->u.match_size) {
		match = (const void *)at;
		narrow(&all,
		       vnm_fw_probe_match(probe, &(struct vnm_fw_match){
							 match->u.user.name, match->u.user.revision,
							 match->data,
							 match->u.match_size - sizeof(*match) }));
	}
	return all;
}

static enum vnm_fw_verdict verdict_of(const struct walk *walk, const void *entry,
				      const char *target)
{
	if (vnm_fwentry_goes_on(target) || vnm_fw_lets_go(target))
		return VNM_VERDICT_GOES_ON;
	if (!strcmp(target, "ACCEPT"))
		return VNM_VERDICT_ACCEPT;
	if (!strcmp(target, "DROP") || !strcmp(target, "REJECT"))
		return VNM_VERDICT_DROP;
	if (!strcmp(target, "RETURN"))
		return VNM_VERDICT_RETURN;
	if (!vnm_fw_has_chain(walk->handle, target))
		return VNM_VERDICT_OTHER;
	return vnm_fwentry_is_goto(walk->handle->family, entry) ? VNM_VERDICT_GOTO
								: VNM_VERDICT_JUMP;
}

static enum vnm_fw_fate follow(struct walk *walk, const char *chain, unsigned depth)
{
	enum vnm_fw_fate fate = VNM_FATE_FALLS;
	vnm_autofree const void **list = NULL;
	size_t n;

	if (depth > DEPTH_MAX)
		return VNM_FATE_MAYBE;
	n = vnm_fw_list(walk->handle, chain, &list);
	for (size_t i = 0; i < n; i++) {
		const char *target = vnm_fw_target_of(walk->handle, list[i]);
		enum vnm_fw_answer answer = holds(walk, list[i]);
		enum vnm_fw_verdict verdict;

		if (walk->steps++ > STEPS_MAX)
			return VNM_FATE_MAYBE;
		if (answer == VNM_ANSWER_NO)
			continue;
		verdict = verdict_of(walk, list[i], target);
		if (verdict == VNM_VERDICT_JUMP || verdict == VNM_VERDICT_GOTO)
			fate = follow(walk, target, depth + 1);
		if (!vnm_fw_decide(verdict, answer == VNM_ANSWER_YES, fate, &fate))
			continue;
		if (verdict == VNM_VERDICT_DROP)
			walk->spot = (struct vnm_fw_spot){ chain, (unsigned)i + 1 };
		return fate;
	}
	return VNM_FATE_FALLS;
}

/**
 * vnm_fw_fate() - what would become of a packet in a built-in chain?
 * @sys:    the handles
 * @handle: the table
 * @chain:  the built-in chain
 * @probe:  the packet
 * @ret:    where it is dropped
 *
 * Return: VNM_FATE_DROPPED only if that is certain.
 */
enum vnm_fw_fate vnm_fw_fate(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
			     const char *chain, const struct vnm_fw_probe *probe,
			     struct vnm_fw_spot *ret)
{
	struct walk walk = { .sys = sys, .handle = handle, .probe = probe };
	enum vnm_fw_fate fate = follow(&walk, chain, 0);

	*ret = walk.spot;
	if (fate != VNM_FATE_FALLS)
		return fate;
	*ret = (struct vnm_fw_spot){ chain, 0 };
	return strcmp(vnm_fw_policy(handle, chain), "DROP") ? VNM_FATE_ACCEPTED : VNM_FATE_DROPPED;
}
