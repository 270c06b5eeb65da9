// SPDX-License-Identifier: GPL-2.0-or-later
/* nftables_group.c - the rules in question of one chain, compared with those that are there; see nftables_group.h. */
#include "sys/firewall/nftables_group.h"

#include "sys/firewall/nftables_read.h"

/** vnm_nftables_step_of() - a rule of a network as a rule in the tables. */
struct vnm_nftables_step vnm_nftables_step_of(const struct vnm_fwrule *rule)
{
	return (struct vnm_nftables_step){ .kind = VNM_STEP_IS_RULE,
					   .family = rule->family,
					   .rule = *rule };
}

static bool matches(const struct vnm_nftables_group *group, size_t slot, size_t rule)
{
	return group->matches[slot * group->chain->n + rule];
}

/** vnm_nftables_group_compare() - compare each slot with each rule, once. */
void vnm_nftables_group_compare(struct vnm_nftables_group *group)
{
	for (size_t i = 0; i < group->n && group->chain->n > 0; i++) {
		struct vnm_nftables_step step = vnm_nftables_step_of(&group->slots[i].op->rule);
		vnm_autonftexpr struct vnm_nftables_expr expr = { .shift = "" };

		vnm_nftables_compile(&step, &expr);
		for (size_t k = 0; k < group->chain->n; k++)
			group->matches[i * group->chain->n + k] =
				vnm_nftables_is(&expr, &group->chain->rules[k]);
	}
}

/** vnm_nftables_group_lists() - is a rule of the chain one of a slot? @wanted: of one that should hold it */
bool vnm_nftables_group_lists(const struct vnm_nftables_group *group, size_t rule, bool wanted)
{
	for (size_t i = 0; i < group->n; i++)
		if ((group->slots[i].wanted || !wanted) && matches(group, i, rule))
			return true;
	return false;
}

/** vnm_nftables_group_stands() - are the wanted rules there, in order? Others may be between them. */
bool vnm_nftables_group_stands(const struct vnm_nftables_group *group)
{
	size_t at = 0;

	for (size_t i = 0; i < group->n; i++) {
		if (!group->slots[i].wanted)
			continue;
		while (at < group->chain->n && !matches(group, i, at))
			at++;
		if (at++ == group->chain->n)
			return false;
	}
	return true;
}

/** vnm_nftables_group_has_all() - are the wanted rules there, one by one? */
bool vnm_nftables_group_has_all(const struct vnm_nftables_group *group)
{
	for (size_t i = 0; i < group->n; i++) {
		bool there = !group->slots[i].wanted;

		for (size_t k = 0; k < group->chain->n && !there; k++)
			there = matches(group, i, k);
		if (!there)
			return false;
	}
	return true;
}
