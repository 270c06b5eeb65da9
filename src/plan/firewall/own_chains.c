// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * own_chains.c - which rules of a network are in chains of its own. Pure.
 *
 * Theory of operation. Where a chain has several rules for one device or one subnet of a network, they are in the
 * network's own chain, and a dispatch rule with just that condition is in their place. So a packet meets one rule of each
 * other network instead of all of them. The back end "nftables" has maps for that, and no use for dispatch rules.
 *
 * The fate of a packet is that of the order without own chains: a rule that matches no device or subnet stays where it
 * was, and rules that were moved before it commute with it (tests/unit/test_own_chains.c checks every pair of the rules
 * of every example). "RETURN" goes on after the dispatch rule, where no other rule is for such packets.
 *
 * VNM_CHAIN_FWX has none: its early-return rules let go of what is not from one of our bridges to another. VNM_CHAIN_SRC
 * has them, too. In VNM_CHAIN_MANGLE a network has one rule.
 */
#include "plan/firewall/own_chains.h"

#include <string.h>

#include "util/mem.h"

/* By what the dispatch rules of a chain lead to networks' own; NONE: it has none. */
static const enum { NONE, BY_IN, BY_OUT, BY_SRC } dispatches[VNM_CHAIN_COUNT] = {
	[VNM_CHAIN_INP] = BY_IN, [VNM_CHAIN_OUT] = BY_OUT, [VNM_CHAIN_FWI] = BY_OUT,
	[VNM_CHAIN_FWO] = BY_IN, [VNM_CHAIN_NAT] = BY_SRC,
};

/* The subnet of the network that contains a rule's source. */
static bool subnet_of(struct vnm_fw *fw, const struct vnm_fwrule *rule, struct vnm_prefix *ret)
{
	if (rule->src.addr.family != rule->family || rule->src_invert)
		return false;
	fw->family = rule->family;
	for (size_t i = 0; vnm_fw_next_source(fw, &i, ret);)
		if (rule->src.len >= ret->len && vnm_prefix_contains(ret, &rule->src.addr))
			return true;
	return false;
}

/* The dispatch rule that would lead to a rule; false: none. */
static bool dispatch_of(struct vnm_fw *fw, const struct vnm_fwrule *rule, struct vnm_fwrule *ret)
{
	*ret = (struct vnm_fwrule){ .family = rule->family,
				    .chain = rule->chain,
				    .target = VNM_TARGET_JUMP };
	memcpy(ret->network, rule->network, sizeof(ret->network));
	memcpy(ret->own, fw->bridge, strnlen(fw->bridge, sizeof(ret->own) - 1));
	switch (dispatches[rule->chain]) {
	case BY_IN:
		memcpy(ret->in, rule->in, sizeof(ret->in));
		return *rule->in && !rule->in_invert;
	case BY_OUT:
		memcpy(ret->out, rule->out, sizeof(ret->out));
		return *rule->out && !rule->out_invert;
	case BY_SRC:
		memcpy(ret->in, rule->in, sizeof(ret->in));
		return subnet_of(fw, rule, &ret->src);
	case NONE: break;
	}
	return false;
}

/** struct dispatch - a dispatch rule, and how many rules it would lead to. @there: it is in the plan */
struct dispatch {
	struct vnm_fwrule rule;
	size_t n;
	bool there;
};

/* Of the few dispatch rules of a network. Return: the number of the one for @rule, which is added if it is new. */
static size_t find_dispatch(struct dispatch **list, size_t *n, const struct vnm_fwrule *rule)
{
	size_t i = 0;

	while (i < *n && !vnm_fwrule_equal(&(*list)[i].rule, rule))
		i++;
	if (i == *n) {
		*list = vnm_array_add(*list, n, sizeof(**list));
		(*list)[i] = (struct dispatch){ .rule = *rule };
	}
	return i;
}

static void insert(struct vnm_plan *plan, size_t at, const struct vnm_fwrule *rule)
{
	(void)vnm_plan_add(plan, VNM_OP_RULE);
	memmove(&plan->ops[at + 1], &plan->ops[at], (plan->n - 1 - at) * sizeof(*plan->ops));
	plan->ops[at] = (struct vnm_op){ .type = VNM_OP_RULE, .rule = *rule };
}

/**
 * vnm_plan_own_chains() - move rules of a network into chains of its own
 * @fw: the network; its rules are all that is in the plan from @fw->first on, and get the dispatch rules between them
 */
void vnm_plan_own_chains(struct vnm_fw *fw)
{
	const size_t n = fw->bridge ? fw->plan->n - fw->first : 0; /* else there is no name yet */
	vnm_autofree size_t *numbers = vnm_alloc((n ? n : 1) * sizeof(*numbers));
	vnm_autofree struct dispatch *list = NULL;
	size_t n_list = 0, at = fw->first;

	for (size_t i = 0; i < n; i++) {
		struct vnm_fwrule rule;

		numbers[i] = n; /* none */
		if (!dispatch_of(fw, &fw->plan->ops[at + i].rule, &rule))
			continue;
		numbers[i] = find_dispatch(&list, &n_list, &rule);
		list[numbers[i]].n++;
	}
	for (size_t i = 0; i < n; i++, at++) {
		struct dispatch *dispatch = numbers[i] < n ? &list[numbers[i]] : NULL;

		if (!dispatch || dispatch->n < 2)
			continue;
		if (!dispatch->there)
			insert(fw->plan, at++, &dispatch->rule);
		dispatch->there = true;
		memcpy(fw->plan->ops[at].rule.own, dispatch->rule.own,
		       sizeof(dispatch->rule.own));
	}
}
