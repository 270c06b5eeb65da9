// SPDX-License-Identifier: GPL-2.0-or-later
/* fw_known.c - what all networks together should have in the tables; see fw_known.h. */
#include "sys/firewall/fw_known.h"

#include <stdlib.h>
#include <string.h>

#include "sys/firewall/fwentry_look.h"
#include "sys/link/link.h"
#include "util/mem.h"

/** struct known_rule - one rule, by the number of its entry. */
struct known_rule {
	uint64_t hash;
	int family;
	enum vnm_fw_chain chain;
};

/**
 * struct vnm_fw_known - see fw_known.h
 * @rules:    sorted
 * @devs:     that the rules name, and our bridges
 * @subnets:  ours
 * @complete: all networks are among them
 * @asked:    whether others share our chains was looked at
 */
struct vnm_fw_known {
	struct known_rule *rules;
	size_t n_rules;
	struct vnm_fw_side *sides;
	size_t n_sides;
	bool complete, asked;
};

static int rule_cmp(const void *a, const void *b)
{
	const struct known_rule *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->family != y->family ? x->family - y->family : (int)x->chain - (int)y->chain;
}

static void add_rule(struct vnm_fw_known *known, const struct vnm_fwrule *rule)
{
	known->rules = vnm_array_add(known->rules, &known->n_rules, sizeof(*known->rules));
	known->rules[known->n_rules - 1] =
		(struct known_rule){ vnm_fwentry_hash_of(rule), rule->family, rule->chain };
}

/* From the end: most rules name the devices of the one before. */
static bool knows_dev(const struct vnm_fw_known *known, const char *dev)
{
	for (size_t i = known->n_sides; i > 0; i--)
		if (!strcmp(known->sides[i - 1].dev, dev))
			return true;
	return false;
}

static struct vnm_fw_side *add_side(struct vnm_fw_known *known)
{
	known->sides = vnm_array_add(known->sides, &known->n_sides, sizeof(*known->sides));
	return &known->sides[known->n_sides - 1];
}

static void add_dev(struct vnm_fw_known *known, const char *dev)
{
	if (*dev && strlen(dev) < VNM_IFNAME_SIZE && !knows_dev(known, dev))
		memcpy(add_side(known)->dev, dev, strlen(dev) + 1);
}

static void add_op(struct vnm_fw_known *known, const struct vnm_op *op)
{
	switch ((int)op->type) {
	case VNM_OP_BRIDGE: add_dev(known, op->bridge.name); break;
	case VNM_OP_ADDRESS: add_side(known)->subnet = op->address.addr; break;
	case VNM_OP_RULE: add_rule(known, &op->rule); break;
	}
}

/* Guests behind a tun have devices of their own, which only the rules name. */
static void add_plan(struct vnm_fw_known *known, const struct vnm_plan *plan)
{
	const char *in = "", *out = "";

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];

		add_op(known, op);
		if (op->type != VNM_OP_RULE)
			continue;
		if (strcmp(op->rule.in, in) != 0)
			add_dev(known, in = op->rule.in);
		if (strcmp(op->rule.out, out) != 0)
			add_dev(known, out = op->rule.out);
	}
}

/**
 * vnm_fw_know() - take note of what all networks together should have
 * @sys:      the handles; a repair then removes from our chains what is not among it
 * @plans:    of all networks, borrowed for this call
 * @n:        how many
 * @complete: false: there are networks whose plans could not be read
 */
void vnm_fw_know(struct vnm_sys *sys, const struct vnm_plan *const *plans, size_t n, bool complete)
{
	struct vnm_fw_known *known = vnm_alloc(sizeof(*known));

	vnm_fw_forget_known(sys);
	known->complete = complete;
	for (size_t i = 0; i < n; i++)
		add_plan(known, plans[i]);
	if (known->n_rules > 0)
		qsort(known->rules, known->n_rules, sizeof(*known->rules), rule_cmp);
	sys->fw_known = known;
}

/** vnm_fw_forget_known() - the plans may be others from now on. */
void vnm_fw_forget_known(struct vnm_sys *sys)
{
	if (!sys->fw_known)
		return;
	free(sys->fw_known->rules);
	free(sys->fw_known->sides);
	free(sys->fw_known);
	sys->fw_known = NULL;
}

/**
 * vnm_fw_known_complete() - is whatever else stands in our chains nobody's?
 * @sys: the handles
 *
 * Not while a bridge is there that is marked as ours and belongs to no network that is known here: then another state
 * directory (--root) is in use in this network namespace, and the rules may be its.
 */
bool vnm_fw_known_complete(struct vnm_sys *sys)
{
	struct vnm_fw_known *known = sys->fw_known;
	vnm_autolinks struct vnm_links links = { 0 };
	struct vnm_error err = { 0 };

	if (!known || known->asked || !known->complete)
		return known && known->complete;
	known->asked = true;
	known->complete = vnm_links_read(sys, &links, &err) == 0;
	for (size_t i = 0; i < links.n; i++)
		if ((links.items[i].group & VNM_GROUP_MASK) == VNM_GROUP_BASE &&
		    !knows_dev(known, links.items[i].fact.name))
			known->complete = false;
	return known->complete;
}

/** vnm_fw_known_has() - is it a rule of one of the networks? */
bool vnm_fw_known_has(const struct vnm_fw_known *known, int family, enum vnm_fw_chain chain,
		      uint64_t hash)
{
	const struct known_rule key = { hash, family, chain };

	return known->n_rules > 0 && bsearch(&key, known->rules, known->n_rules,
					     sizeof(*known->rules), rule_cmp) != NULL;
}

/**
 * vnm_fw_side_inner() - are packets of a device not those of the outside?
 * @side: the device
 *
 * Networks inside the host are on bridges; packets of the outside come by hardware, tunnels and the like.
 */
bool vnm_fw_side_inner(struct vnm_sys *sys, const struct vnm_fw_side *side)
{
	struct vnm_link link;

	if (side->wild || vnm_link_look(sys, side->dev, &link) < 0)
		return true;
	return !link.loopback && (!strcmp(link.fact.kind, "bridge") || link.fact.master != 0);
}

/**
 * vnm_fw_known_whose() - whom do packets come from, or go to, that a condition holds for?
 * @sys:  the handles
 * @side: the condition
 *
 * Return: VNM_WHOSE_ANY when guests of ours may be meant.
 */
enum vnm_fw_whose vnm_fw_known_whose(struct vnm_sys *sys, const struct vnm_fw_side *side)
{
	const struct vnm_fw_known *known = sys->fw_known;
	bool by_dev = *side->dev, by_subnet = side->subnet.len > 0;

	if (!known || (!by_dev && !by_subnet))
		return VNM_WHOSE_ANY;
	for (size_t i = 0; i < known->n_sides; i++) {
		const struct vnm_fw_side *our = &known->sides[i];

		if (by_dev && *our->dev &&
		    (side->wild ? !strncmp(our->dev, side->dev, strlen(side->dev))
				: !strcmp(our->dev, side->dev)))
			by_dev = false;
		if (by_subnet && our->subnet.len > 0 &&
		    vnm_prefix_overlaps(&our->subnet, &side->subnet))
			by_subnet = false;
	}
	if (!by_dev && !by_subnet)
		return VNM_WHOSE_ANY;
	return by_subnet || vnm_fw_side_inner(sys, side) ? VNM_WHOSE_INNER : VNM_WHOSE_OUTER;
}
