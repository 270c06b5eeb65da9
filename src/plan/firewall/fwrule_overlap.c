/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwrule_overlap.c - can two firewall rules match the same packet?
 *
 * Only what is certain counts as disjoint; conditions that are not compared here may hold together.
 */
#include "plan/firewall/fwrule_overlap.h"

#include <string.h>
#include <sys/socket.h>

static bool devs_disjoint(const char *a, bool a_invert, const char *b, bool b_invert)
{
	if (!*a || !*b || (a_invert && b_invert))
		return false;
	return (strcmp(a, b) == 0) == (a_invert || b_invert);
}

/* Is every address of @in one of @out? */
static bool is_within(const struct vnm_prefix *in, const struct vnm_prefix *out)
{
	return in->len >= out->len && vnm_prefix_contains(out, &in->addr);
}

static bool prefixes_disjoint(const struct vnm_prefix *a, bool a_invert, const struct vnm_prefix *b,
			      bool b_invert)
{
	if (a->addr.family == AF_UNSPEC || b->addr.family == AF_UNSPEC || (a_invert && b_invert))
		return false;
	if (a_invert)
		return is_within(b, a);
	return b_invert ? is_within(a, b) : !vnm_prefix_overlaps(a, b);
}

static bool ports_disjoint(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	uint16_t a_last = a->dport_last ? a->dport_last : a->dport;
	uint16_t b_last = b->dport_last ? b->dport_last : b->dport;

	return a->dport && b->dport && (a_last < b->dport || b_last < a->dport);
}

/* The states of which a connection has only one; DNAT is beside them, but only with tracking. */
static bool states_disjoint(enum vnm_fw_state a, enum vnm_fw_state b)
{
	bool a_out = a == VNM_STATE_UNTRACKED || a == VNM_STATE_UNKNOWN;
	bool b_out = b == VNM_STATE_UNTRACKED || b == VNM_STATE_UNKNOWN;

	return a != VNM_STATE_ANY && b != VNM_STATE_ANY && a_out != b_out;
}

/**
 * vnm_fwrule_overlap() - can two rules match the same packet?
 * @a: one
 * @b: the other, of the same family and chain
 *
 * Return: false only if that is certain.
 */
bool vnm_fwrule_overlap(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return !devs_disjoint(a->in, a->in_invert, b->in, b->in_invert) &&
	       !devs_disjoint(a->out, a->out_invert, b->out, b->out_invert) &&
	       !prefixes_disjoint(&a->src, a->src_invert, &b->src, b->src_invert) &&
	       !prefixes_disjoint(&a->dst, a->dst_invert, &b->dst, b->dst_invert) &&
	       !(a->proto && b->proto && a->proto != b->proto) &&
	       !(a->icmp6 && b->icmp6 && a->icmp6 != b->icmp6) && !ports_disjoint(a, b) &&
	       !states_disjoint(a->state, b->state);
}

static bool is_plain(enum vnm_fw_target target)
{
	return target == VNM_TARGET_ACCEPT || target == VNM_TARGET_RETURN ||
	       target == VNM_TARGET_REJECT || target == VNM_TARGET_DROP ||
	       target == VNM_TARGET_NOTRACK;
}

/* A dropped packet may have been exempted from tracking or not. */
static bool is_drop_of_untracked(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return a->target == VNM_TARGET_DROP && b->target == VNM_TARGET_NOTRACK &&
	       a->state == VNM_STATE_ANY;
}

/**
 * vnm_fwrule_commute() - is the fate of every packet the same, whichever of two rules comes first?
 * @a: one
 * @b: the other, of the same family and chain
 *
 * Return: true only if that is certain.
 */
bool vnm_fwrule_commute(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return !vnm_fwrule_overlap(a, b) || (a->target == b->target && is_plain(a->target)) ||
	       is_drop_of_untracked(a, b) || is_drop_of_untracked(b, a);
}
