// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_parts.c - the rules of an edit, chain by chain.
 *
 * A batch of networks has thousands of rules, and some chains for each network. So they are sorted once.
 */
#include "sys/firewall/fw_parts.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

/** struct item - a rule, and its place in the plan. */
struct item {
	const struct vnm_op *op;
	size_t order;
};

static int item_cmp(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const struct vnm_fwrule *rx = &x->op->rule, *ry = &y->op->rule;
	int owns = rx->chain == ry->chain ? strcmp(vnm_fwrule_own(rx), vnm_fwrule_own(ry)) : 0;

	if (rx->chain != ry->chain)
		return rx->chain < ry->chain ? -1 : 1;
	if (owns)
		return owns;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The rules of the table, sorted by chain, then by order. Return: how many. */
static size_t sort_rules(int family, enum vnm_fw_table table, const struct vnm_op *const *ops,
			 size_t n, const struct vnm_op ***ret)
{
	vnm_autofree struct item *items = vnm_alloc((n ? n : 1) * sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (ops[i]->rule.family == family &&
		    vnm_fw_chains[ops[i]->rule.chain].table == table)
			items[count++] = (struct item){ ops[i], i };
	qsort(items, count, sizeof(*items), item_cmp);
	*ret = vnm_alloc((count ? count : 1) * sizeof(const struct vnm_op *));
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = items[i].op;
	return count;
}

/* How many of sorted rules, from the first on, are in a chain? */
static size_t count_of(const struct vnm_op *const *ops, size_t n, enum vnm_fw_chain chain,
		       const char *own)
{
	size_t i = 0;

	while (i < n && ops[i]->rule.chain == chain && !strcmp(vnm_fwrule_own(&ops[i]->rule), own))
		i++;
	return i;
}

/* The own chain that comes next in either list; NULL: none of @chain. */
static const char *next_own(const struct vnm_op *const *ops, size_t n,
			    const struct vnm_op *const *gone, size_t n_gone,
			    enum vnm_fw_chain chain)
{
	const char *a = n && ops[0]->rule.chain == chain ? ops[0]->rule.own : NULL;
	const char *b = n_gone && gone[0]->rule.chain == chain ? gone[0]->rule.own : NULL;

	if (!a || !b)
		return a ? a : b;
	return strcmp(a, b) < 0 ? a : b;
}

/**
 * vnm_fw_parts_list() - the chains of a table that an edit may concern
 * @family: AF_INET or AF_INET6
 * @table:  which
 * @ops:    rules that are to be there, of any table; @n of them
 * @gone:   rules that are to go; @n_gone of them
 * @ret:    all chains that are for all networks, each followed by networks' own, of which there are rules
 */
void vnm_fw_parts_list(int family, enum vnm_fw_table table, const struct vnm_op *const *ops,
		       size_t n, const struct vnm_op *const *gone, size_t n_gone,
		       struct vnm_fw_parts *ret)
{
	size_t at = 0, gone_at = 0;

	*ret = (struct vnm_fw_parts){ 0 };
	n = sort_rules(family, table, ops, n, &ret->ops);
	n_gone = sort_rules(family, table, gone, n_gone, &ret->gone);
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		enum vnm_fw_chain chain = (enum vnm_fw_chain)c;
		const char *own = vnm_fw_chains[c].table == table ? "" : NULL;

		for (; own; own = next_own(ret->ops + at, n - at, ret->gone + gone_at,
					   n_gone - gone_at, chain)) {
			struct vnm_fw_part part = {
				chain, own, "", ret->ops + at, ret->gone + gone_at, 0, 0
			};

			vnm_fw_chain_name(chain, own, part.name);
			part.n = count_of(part.ops, n - at, chain, own);
			part.n_gone = count_of(part.gone, n_gone - gone_at, chain, own);
			at += part.n;
			gone_at += part.n_gone;
			ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
			ret->items[ret->n - 1] = part;
		}
	}
}

/** vnm_fw_parts_clear() - free a list of chains. */
void vnm_fw_parts_clear(struct vnm_fw_parts *parts)
{
	free(parts->items);
	free(parts->ops);
	free(parts->gone);
	*parts = (struct vnm_fw_parts){ 0 };
}
