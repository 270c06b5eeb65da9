// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_own_chains.c - networks' own chains: that no packet meets another fate than in the order of the plan, for all
 * examples.
 */
#include "examples.h"

#include <string.h>

#include "plan/firewall/fwrule_overlap.h"

const char vnm_suite[] = "plan/own_chains";

static bool is_dispatch(const struct vnm_fwrule *rule)
{
	return rule->target == VNM_TARGET_JUMP;
}

static bool is_own(const struct vnm_fwrule *rule)
{
	return *vnm_fwrule_own(rule) != '\0';
}

static bool same_chain(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return a->family == b->family && a->chain == b->chain;
}

/* Does each packet that the rule matches match the dispatch rule as well? */
static bool leads_to(const struct vnm_fwrule *dispatch, const struct vnm_fwrule *rule)
{
	const struct vnm_prefix *subnet = &dispatch->src, *src = &rule->src;

	return is_dispatch(dispatch) && same_chain(dispatch, rule) &&
	       !strcmp(dispatch->own, rule->own) &&
	       (!*dispatch->in || (!strcmp(dispatch->in, rule->in) && !rule->in_invert)) &&
	       (!*dispatch->out || (!strcmp(dispatch->out, rule->out) && !rule->out_invert)) &&
	       (subnet->addr.family == AF_UNSPEC ||
		(src->addr.family == subnet->addr.family && !rule->src_invert &&
		 src->len >= subnet->len && vnm_prefix_contains(subnet, &src->addr)));
}

static void complain(const char *what, const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_fwrule_format(a, &text);
	vnm_buf_add(&text, "\n  ");
	vnm_fwrule_format(b, &text);
	printf("\n%s:\n  %s\n", what, text.data);
	CU_FAIL("the order");
}

static size_t n_own, n_common, n_dispatches;

/* Of a rule in an own chain, which comes where the first dispatch rule to that chain is. */
static void check_own(const struct vnm_op *const *ops, size_t n, size_t at)
{
	const struct vnm_fwrule *rule = &ops[at]->rule;
	size_t first = n;
	bool led = false;

	for (size_t i = 0; i < at; i++) {
		const struct vnm_fwrule *other = &ops[i]->rule;

		if (!same_chain(other, rule))
			continue;
		led |= leads_to(other, rule);
		if (first == n && is_dispatch(other) && vnm_fwrule_overlap(other, rule))
			first = i;
		if (first < n && !is_dispatch(other) && !is_own(other) &&
		    !vnm_fwrule_commute(other, rule))
			complain("moved past each other", other, rule);
	}
	if (!led)
		complain("no packet comes to", rule, rule);
	/* "RETURN" goes on in the chain of all networks. */
	for (size_t i = first; i < n && rule->target == VNM_TARGET_RETURN; i++)
		if (same_chain(&ops[i]->rule, rule) && !is_dispatch(&ops[i]->rule) &&
		    !is_own(&ops[i]->rule) && vnm_fwrule_overlap(&ops[i]->rule, rule))
			complain("matched after RETURN", rule, &ops[i]->rule);
}

/* A dispatch rule is worth a chain: packets of other networks meet no more rules than without. */
static void check_dispatch(const struct vnm_op *const *ops, size_t n, size_t at)
{
	size_t behind = 0;

	for (size_t i = 0; i < n; i++)
		behind += is_own(&ops[i]->rule) && leads_to(&ops[at]->rule, &ops[i]->rule);
	/* Two networks may have the same hosts. */
	CU_ASSERT(behind > 1 || ops[at]->rule.chain == VNM_CHAIN_HOSTS);
}

static void check_example(const char *name, const struct vnm_op *const *ops, size_t n)
{
	(void)name;
	for (size_t i = 0; i < n; i++) {
		n_dispatches += is_dispatch(&ops[i]->rule);
		n_own += is_own(&ops[i]->rule);
		n_common += !is_dispatch(&ops[i]->rule) && !is_own(&ops[i]->rule);
		if (is_own(&ops[i]->rule))
			check_own(ops, n, i);
		if (is_dispatch(&ops[i]->rule))
			check_dispatch(ops, n, i);
	}
}

static void test_order(void)
{
	each_example(check_example);
	printf(" %zu rules in own chains, %zu dispatch rules, %zu others", n_own, n_dispatches,
	       n_common);
	CU_ASSERT(n_own > 1000);
	CU_ASSERT(n_dispatches * 3 < n_own);
}

const struct vnm_test vnm_tests[] = {
	{ "order", test_order },
	{ 0 },
};
