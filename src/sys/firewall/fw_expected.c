// SPDX-License-Identifier: GPL-2.0-or-later
/* fw_expected.c - the rules that all networks together should have in the tables; see fw_expected.h. */
#include "sys/firewall/fw_expected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/firewall/fwentry_read.h"
#include "sys/link/link.h"
#include "util/mem.h"

/** struct expected_rule - one rule, by the hash of its entry; 0 until @hashed. */
struct expected_rule {
	uint64_t hash;
	int family;
	enum vnm_fw_chain chain;
	struct vnm_fwrule rule;
};

/**
 * struct vnm_fw_expected - see fw_expected.h
 * @rules:    sorted, if @hashed
 * @devs:     that the rules name, and our bridges
 * @subnets:  ours
 * @complete: all networks are among them
 * @asked:    it was checked whether another state directory shares our chains
 * @by_devices: whether a device is inside the host was asked
 */
struct vnm_fw_expected {
	struct expected_rule *rules;
	size_t n_rules;
	struct vnm_fw_side *sides;
	size_t n_sides;
	bool hashed, complete, asked, by_devices;
};

static int rule_cmp(const void *a, const void *b)
{
	const struct expected_rule *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->family != y->family || x->chain != y->chain)
		return x->family != y->family ? x->family - y->family
					      : (int)x->chain - (int)y->chain;
	return strcmp(vnm_fwrule_own(&x->rule), vnm_fwrule_own(&y->rule));
}

static void add_rule(struct vnm_fw_expected *expected, const struct vnm_fwrule *rule)
{
	expected->rules =
		vnm_array_add(expected->rules, &expected->n_rules, sizeof(*expected->rules));
	expected->rules[expected->n_rules - 1] =
		(struct expected_rule){ 0, rule->family, rule->chain, *rule };
}

/* Searched from the end: most rules name the devices of the one before. */
static bool expects_dev(const struct vnm_fw_expected *expected, const char *dev)
{
	for (size_t i = expected->n_sides; i > 0; i--)
		if (!strcmp(expected->sides[i - 1].dev, dev))
			return true;
	return false;
}

static struct vnm_fw_side *add_side(struct vnm_fw_expected *expected)
{
	expected->sides =
		vnm_array_add(expected->sides, &expected->n_sides, sizeof(*expected->sides));
	return &expected->sides[expected->n_sides - 1];
}

static void add_dev(struct vnm_fw_expected *expected, const char *dev)
{
	if (*dev && strlen(dev) < VNM_IFNAME_SIZE && !expects_dev(expected, dev))
		memcpy(add_side(expected)->dev, dev, strlen(dev) + 1);
}

static void add_op(struct vnm_fw_expected *expected, const struct vnm_op *op)
{
	switch ((int)op->type) {
	case VNM_OP_BRIDGE: add_dev(expected, op->bridge.name); break;
	case VNM_OP_ADDRESS: add_side(expected)->subnet = op->address.addr; break;
	case VNM_OP_RULE: add_rule(expected, &op->rule); break;
	}
}

/* Guests behind a tun have devices of their own, which only the rules name. */
static void add_plan(struct vnm_fw_expected *expected, const struct vnm_plan *plan)
{
	const char *in = "", *out = "";

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_op *op = &plan->ops[i];

		add_op(expected, op);
		if (op->type != VNM_OP_RULE)
			continue;
		if (strcmp(op->rule.in, in) != 0)
			add_dev(expected, in = op->rule.in);
		if (strcmp(op->rule.out, out) != 0)
			add_dev(expected, out = op->rule.out);
	}
}

/**
 * vnm_fw_expect() - record the rules that all networks together should have
 * @sys:      the handles; a repair then removes all other rules from our chains
 * @plans:    of all networks, borrowed for this call
 * @n:        how many
 * @complete: false: there are networks whose plans could not be read
 */
void vnm_fw_expect(struct vnm_sys *sys, const struct vnm_plan *const *plans, size_t n,
		   bool complete)
{
	struct vnm_fw_expected *expected = vnm_alloc(sizeof(*expected));

	vnm_fw_expected_drop(sys);
	expected->complete = complete;
	for (size_t i = 0; i < n; i++)
		add_plan(expected, plans[i]);
	sys->fw_expected = expected;
}

/** vnm_fw_expected_drop() - drop them: the plans may change now. */
void vnm_fw_expected_drop(struct vnm_sys *sys)
{
	if (!sys->fw_expected)
		return;
	free(sys->fw_expected->rules);
	free(sys->fw_expected->sides);
	free(sys->fw_expected);
	sys->fw_expected = NULL;
}

/**
 * vnm_fw_expected_complete() - are all other rules in our chains foreign?
 * @sys: the handles
 *
 * Not if a bridge in our group belongs to no network expected here: then another state directory (--root) is in use in
 * this network namespace, and the rules may be its.
 */
bool vnm_fw_expected_complete(struct vnm_sys *sys)
{
	struct vnm_fw_expected *expected = sys->fw_expected;
	vnm_autolinks struct vnm_links links = { 0 };
	struct vnm_error err = { 0 };

	if (!expected || expected->asked || !expected->complete)
		return expected && expected->complete;
	expected->asked = true;
	expected->complete = vnm_links_read(sys, &links, &err) == 0;
	for (size_t i = 0; i < links.n; i++)
		if ((links.items[i].group & VNM_GROUP_MASK) == VNM_GROUP_BASE &&
		    !expects_dev(expected, links.items[i].fact.name))
			expected->complete = false;
	return expected->complete;
}

/** vnm_fw_expected_by_devices() - has a judgement since vnm_fw_expect() depended on the host's devices, beside rules? */
bool vnm_fw_expected_by_devices(const struct vnm_sys *sys)
{
	return !sys->fw_expected || sys->fw_expected->asked || sys->fw_expected->by_devices;
}

/* Entries of iptables are compiled only for a back end that has some. */
static void hash_rules(struct vnm_fw_expected *expected)
{
	if (expected->hashed)
		return;
	expected->hashed = true;
	for (size_t i = 0; i < expected->n_rules; i++)
		expected->rules[i].hash = vnm_fwentry_hash_of(&expected->rules[i].rule);
	if (expected->n_rules > 0)
		qsort(expected->rules, expected->n_rules, sizeof(*expected->rules), rule_cmp);
}

/**
 * vnm_fw_expected_has() - is it a rule of one of the networks?
 * @own:  the bridge of the network whose own chain holds it; "": it is in the chain of all
 * @hash: of the entry
 */
bool vnm_fw_expected_has(struct vnm_fw_expected *expected, int family, enum vnm_fw_chain chain,
			 const char *own, uint64_t hash)
{
	struct expected_rule key = { .hash = hash, .family = family, .chain = chain };

	hash_rules(expected);
	snprintf(key.rule.own, sizeof(key.rule.own), "%s", own);
	return expected->n_rules > 0 && bsearch(&key, expected->rules, expected->n_rules,
						sizeof(*expected->rules), rule_cmp) != NULL;
}

/** vnm_fw_expected_owns() - has one of the networks rules in that chain of its own? @own: its bridge */
bool vnm_fw_expected_owns(const struct vnm_fw_expected *expected, int family,
			  enum vnm_fw_chain chain, const char *own)
{
	for (size_t i = 0; i < expected->n_rules; i++)
		if (expected->rules[i].family == family && expected->rules[i].chain == chain &&
		    !strcmp(expected->rules[i].rule.own, own))
			return true;
	return false;
}

/** vnm_fw_expected_rule() - the rules of all networks, by number, in any order. Return: NULL beyond the last. */
const struct vnm_fwrule *vnm_fw_expected_rule(const struct vnm_fw_expected *expected, size_t i)
{
	return i < expected->n_rules ? &expected->rules[i].rule : NULL;
}

/**
 * vnm_fw_side_inner() - is a device inside the host?
 * @side: the device
 *
 * Networks inside the host are on bridges; outside packets come by hardware, tunnels and the like.
 */
bool vnm_fw_side_inner(struct vnm_sys *sys, const struct vnm_fw_side *side)
{
	struct vnm_link link;

	if (sys->fw_expected)
		sys->fw_expected->by_devices = true;
	if (side->wild || vnm_link_read(sys, side->dev, &link) < 0)
		return true;
	return !link.loopback && (!strcmp(link.fact.kind, "bridge") || link.fact.master != 0);
}

/* Is there such a device, and such a subnet, as far as @side has them? */
static bool has_side(const struct vnm_fw_expected *expected, const struct vnm_fw_side *side)
{
	bool by_dev = *side->dev, by_subnet = side->subnet.len > 0;

	for (size_t i = 0; i < expected->n_sides && (by_dev || by_subnet); i++) {
		const struct vnm_fw_side *our = &expected->sides[i];

		if (by_dev && *our->dev &&
		    (side->wild ? !strncmp(our->dev, side->dev, strlen(side->dev))
				: !strcmp(our->dev, side->dev)))
			by_dev = false;
		if (by_subnet && our->subnet.len > 0 &&
		    vnm_prefix_overlaps(&our->subnet, &side->subnet))
			by_subnet = false;
	}
	return !by_dev && !by_subnet;
}

/**
 * vnm_fw_expected_others() - does a condition match packets of other networks of ours, and none of this one's?
 * @sys:  the handles
 * @plan: of this network
 * @side: the condition
 */
bool vnm_fw_expected_others(struct vnm_sys *sys, const struct vnm_plan *plan,
			    const struct vnm_fw_side *side)
{
	struct vnm_fw_expected alone = { 0 };
	bool ret = false;

	if (!sys->fw_expected || (!*side->dev && side->subnet.len == 0) ||
	    !has_side(sys->fw_expected, side))
		return false;
	add_plan(&alone, plan);
	ret = !has_side(&alone, side);
	free(alone.rules);
	free(alone.sides);
	return ret;
}

/**
 * vnm_fw_expected_whose() - whose packets does a condition match?
 * @sys:  the handles
 * @side: the condition
 *
 * Return: VNM_WHOSE_ANY when it may match our guests'.
 */
enum vnm_fw_whose vnm_fw_expected_whose(struct vnm_sys *sys, const struct vnm_fw_side *side)
{
	const struct vnm_fw_expected *expected = sys->fw_expected;
	bool by_dev = *side->dev, by_subnet = side->subnet.len > 0;

	if (!expected || (!by_dev && !by_subnet) || has_side(expected, side))
		return VNM_WHOSE_ANY;
	return (by_subnet &&
		!has_side(expected, &(struct vnm_fw_side){ .subnet = side->subnet })) ||
			       vnm_fw_side_inner(sys, side)
		       ? VNM_WHOSE_INNER
		       : VNM_WHOSE_OUTER;
}
