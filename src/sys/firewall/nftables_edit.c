/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nftables_edit.c - edit the tables of the back end "nftables", in one transaction.
 *
 * Each chain that holds a rule in question is read, whatever the number of others, and the difference is written. The
 * chain of a key comes with its first rule and goes with its last, along with the element that leads to it.
 */
#include "sys/firewall/nftables_edit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/nftables_group.h"
#include "sys/firewall/nftables_read.h"
#include "sys/firewall/nftables_write.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/nft_write.h"
#include "util/mem.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

static const int families[] = { AF_INET, AF_INET6 };

/** struct work - an edit in progress. @added_maps: of sources, that are new; @awake: the table is not dormant; @gone_chains, @gone_rules: of @family */
struct work {
	struct vnm_nftables_edit *edit;
	struct vnm_nftables_slot *slots;
	size_t n;
	int family;
	bool awake;
	char (*added_maps)[VNM_NFTABLES_MAP];
	size_t n_added_maps, n_gone_chains, n_gone_rules;
};

static void report(struct work *work, const char *chain, const char *what)
{
	if (work->edit->findings)
		vnm_warnings_add(&work->edit->findings->faults,
				 "nf_tables chain '%s' of table '%s " VNM_NFTABLES_TABLE "' %s",
				 chain, vnm_nftables_family(work->family), what);
}

static void report_foreign(struct work *work, const char *chain, const struct vnm_nft_rule *rule)
{
	vnm_autofree char *what = vnm_asprintf("has a rule that is not vnetmgr's (handle %llu)",
					       (unsigned long long)rule->handle);

	report(work, chain, what);
}

/* Is it a rule of no network? Only known where those of all are. */
static bool is_foreign(struct work *work, enum vnm_fw_chain chain, const struct vnm_nft_rule *rule)
{
	const struct vnm_fw_expected *expected = work->edit->sys->fw_expected;
	const struct vnm_fwrule *ours;

	if (!expected)
		return false;
	for (size_t i = 0; (ours = vnm_fw_expected_rule(expected, i)); i++) {
		struct vnm_nftables_step step = vnm_nftables_step_of(ours);
		vnm_autonftexpr struct vnm_nftables_expr expr = { .shift = "" };

		if (vnm_nftables_rule(ours).chain != chain || ours->family != work->family)
			continue;
		vnm_nftables_compile(&step, &expr);
		if (vnm_nftables_is(&expr, rule))
			return false;
	}
	return true;
}

/* A foreign rule goes, if it cannot be of another state directory (--root). */
static bool is_purged(struct work *work, const char *name, enum vnm_fw_chain chain,
		      const struct vnm_nft_rule *rule)
{
	if (!is_foreign(work, chain, rule))
		return false;
	report_foreign(work, name, rule);
	return vnm_fw_expected_complete(work->edit->sys);
}

/* ---- the slots ---- */

static void add_slot(struct work *work, const struct vnm_op *op,
		     const struct vnm_nftables_place *place, bool wanted)
{
	work->slots = vnm_array_add(work->slots, &work->n, sizeof(*work->slots));
	work->slots[work->n - 1] = (struct vnm_nftables_slot){ op, *place, work->n, wanted };
}

static bool same_chain(const struct vnm_nftables_place *a, const struct vnm_nftables_place *b)
{
	return a->family == b->family && !strcmp(a->name, b->name);
}

/* Every chain that may hold a rule, but @except. */
static int add_possible(struct work *work, const struct vnm_op *op,
			const struct vnm_nftables_place *except)
{
	const struct vnm_fwrule *rule = &op->rule;
	unsigned lens[VNM_NFTABLES_LENS + 1] = { 0 };
	struct vnm_nftables_place place;
	size_t n = 0;
	int r = vnm_nftables_read_lens(work->edit->sys, rule->family, rule->chain, lens, &n);

	lens[n++] = 0;
	for (size_t i = 0; i < n; i++)
		if (!(lens[i] && lens[i] == rule->src.len) &&
		    vnm_nftables_place(rule, lens[i], &place) &&
		    !(except && same_chain(&place, except)))
			add_slot(work, op, &place, false);
	if (vnm_nftables_place_behind(rule, &place) && !(except && same_chain(&place, except)))
		add_slot(work, op, &place, false);
	return r;
}

static int list_slots(struct work *work)
{
	const struct vnm_nftables_edit *edit = work->edit;
	vnm_autofree struct vnm_nftables_place *places = vnm_alloc(edit->n * sizeof(*places));
	int r = 0;

	vnm_nftables_assign(edit->ops, edit->n, places);
	for (size_t i = 0; i < edit->n && r == 0; i++) {
		if (edit->ops[i]->rule.family != work->family || !*places[i].name)
			continue;
		add_slot(work, edit->ops[i], &places[i], true);
		r = add_possible(work, edit->ops[i], &places[i]);
	}
	for (size_t i = 0; i < edit->n_gone && r == 0; i++)
		if (edit->gone[i]->rule.family == work->family &&
		    vnm_nftables_holds(&edit->gone[i]->rule))
			r = add_possible(work, edit->gone[i], NULL);
	return r;
}

static int slot_cmp(const void *a, const void *b)
{
	const struct vnm_nftables_slot *x = a, *y = b;
	int names = strcmp(x->place.name, y->place.name);

	return names ? names : x->order < y->order ? -1 : 1;
}

/* ---- the chain of a key ---- */

static size_t doom(struct work *work, struct vnm_nftables_group *group, bool all)
{
	const struct vnm_nftables_place *place = &group->slots[0].place;
	size_t n = 0;

	for (size_t i = 0; i < group->chain->n; i++) {
		const struct vnm_nft_rule *rule = &group->chain->rules[i];

		group->doomed[i] =
			vnm_nftables_group_lists(group, i, false)
				? all || !vnm_nftables_group_lists(group, i, true)
				: place->keyed && is_purged(work, place->name, place->chain, rule);
		n += group->doomed[i];
	}
	return n;
}

/* The first rule that is wanted in the chain; NULL: none. */
static const struct vnm_nftables_slot *first_wanted(const struct vnm_nftables_group *group)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].wanted)
			return &group->slots[i];
	return NULL;
}

static void del_rules(struct work *work, const struct vnm_nftables_group *group)
{
	for (size_t i = 0; i < group->chain->n; i++)
		if (group->doomed[i])
			vnm_nftables_del_rule(&work->edit->batch, work->family,
					      group->slots[0].place.name,
					      group->chain->rules[i].handle);
}

static void add_rules(struct work *work, const struct vnm_nftables_group *group)
{
	for (size_t i = 0; i < group->n; i++) {
		struct vnm_nftables_step step = vnm_nftables_step_of(&group->slots[i].op->rule);

		if (group->slots[i].wanted)
			vnm_nftables_add_rule(&work->edit->batch, group->slots[0].place.name, &step,
					      false);
	}
}

/* The map of sources of a prefix length, and its lookup, with the first subnet of that length. */
static int add_source_map(struct work *work, const struct vnm_nftables_place *place)
{
	unsigned lens[VNM_NFTABLES_LENS] = { 0 };
	struct vnm_nftables_step step;
	size_t n;
	int r = vnm_nftables_read_lens(work->edit->sys, work->family, place->chain, lens, &n);

	for (size_t i = 0; i < n; i++)
		if (lens[i] == place->map.len)
			return r;
	for (size_t i = 0; i < work->n_added_maps; i++)
		if (!strcmp(work->added_maps[i], place->map.name))
			return r;
	work->added_maps =
		vnm_array_add(work->added_maps, &work->n_added_maps, sizeof(*work->added_maps));
	memcpy(work->added_maps[work->n_added_maps - 1], place->map.name, VNM_NFTABLES_MAP);
	vnm_nftables_add_map(&work->edit->batch, &place->map);
	vnm_nftables_source_step(&place->map, &step);
	vnm_nftables_add_rule(&work->edit->batch, vnm_nftables_source_chain(place->chain), &step,
			      false);
	return r;
}

/* The chain of a rule, and the way to it; @led: the element is there. */
static int lead(struct work *work, const struct vnm_nftables_slot *slot, bool led)
{
	const struct vnm_nftables_place *place = &slot->place;
	int r = place->keyed && place->map.by == VNM_BY_SRC ? add_source_map(work, place) : 0;

	if (led)
		return r;
	vnm_nftables_add_chain(&work->edit->batch, work->family, place->name);
	vnm_nftables_add_element(&work->edit->batch, place, &slot->op->rule);
	return r;
}

/* Nothing of ours is left in the chain. */
static void del_chain(struct work *work, const struct vnm_nftables_group *group, bool led)
{
	if (led)
		vnm_nftables_del_element(&work->edit->batch, &group->slots[0].place);
	if (!led && group->chain->n == 0)
		return;
	vnm_nftables_del_chain(&work->edit->batch, work->family, group->slots[0].place.name);
	work->n_gone_chains++;
}

static int edit_group(struct work *work, struct vnm_nftables_group *group)
{
	const struct vnm_nftables_place *place = &group->slots[0].place;
	const struct vnm_nftables_slot *first = first_wanted(group);
	bool complete = vnm_nftables_group_stands(group), led = true;
	size_t doomed = doom(work, group, !complete), left = group->chain->n - doomed;
	int r = 0;

	if (!complete && vnm_nftables_group_has_all(group))
		report(work, place->name, "has its rules in the wrong order");
	for (size_t i = 0; i < group->n && !complete; i++)
		left += group->slots[i].wanted;
	if (place->keyed)
		r = vnm_nftables_leads(work->edit->sys, place, &led);
	if (r < 0)
		return r;
	if (place->keyed && left == 0) {
		del_chain(work, group, led);
		return 0;
	}
	if (first)
		r = lead(work, first, led);
	del_rules(work, group);
	if (!place->keyed)
		work->n_gone_rules += doomed;
	if (!complete)
		add_rules(work, group);
	return r;
}

/* The slots of one chain. */
static int edit_chain(struct work *work, struct vnm_nftables_slot *slots, size_t n)
{
	struct vnm_nftables_group group = { .slots = slots, .n = n };
	vnm_autofree bool *doomed = NULL, *pairs = NULL;
	int r = vnm_nftables_read_chain(work->edit->sys, work->family, slots[0].place.name,
					&group.chain);

	if (r < 0)
		return r;
	group.doomed = doomed = vnm_alloc(group.chain->n * sizeof(*doomed));
	group.matches = pairs = vnm_alloc(n * group.chain->n * sizeof(*pairs));
	vnm_nftables_group_compare(&group);
	return edit_group(work, &group);
}

static int edit_groups(struct work *work)
{
	size_t end;
	int r = 0;

	qsort(work->slots, work->n, sizeof(*work->slots), slot_cmp);
	for (size_t i = 0; i < work->n && r == 0; i = end) {
		for (end = i;
		     end < work->n && same_chain(&work->slots[end].place, &work->slots[i].place);)
			end++;
		r = edit_chain(work, &work->slots[i], end - i);
	}
	return r;
}

/* ---- what is there for all networks ---- */

static bool begins_with(const struct vnm_nft_chain *chain, const struct vnm_nftables_expr *exprs,
			size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i >= chain->n || !vnm_nftables_is(&exprs[i], &chain->rules[i]))
			return false;
	return true;
}

/** struct base - a chain that is there for all networks: its rules, and what it has. @hook: if it was asked */
struct base {
	const struct vnm_nftables_base *spec;
	enum vnm_nftables_hook hook;
	struct vnm_nftables_step steps[VNM_NFTABLES_STEPS];
	struct vnm_nftables_expr exprs[VNM_NFTABLES_STEPS];
	size_t n;
	const struct vnm_nft_chain *chain;
};

static void base_clear(struct base *base)
{
	for (size_t i = 0; i < base->n; i++)
		vnm_nftables_expr_clear(&base->exprs[i]);
}

static int base_read(struct work *work, const struct vnm_nftables_base *spec, struct base *ret)
{
	static const struct vnm_nft_chain none;
	int r = 0;

	*ret = (struct base){ .spec = spec, .hook = VNM_NFTABLES_RIGHT_HOOK };
	ret->n = vnm_nftables_steps(work->family, spec, ret->steps);
	for (size_t i = 0; i < ret->n; i++)
		vnm_nftables_compile(&ret->steps[i], &ret->exprs[i]);
	if (spec->type && work->edit->sys->fw_expected)
		r = vnm_nftables_read_hook(work->edit->sys, work->family, spec, &ret->hook);
	ret->chain = &none;
	if (r < 0 || ret->hook == VNM_NFTABLES_WRONG_HOOK)
		return r;
	return vnm_nftables_read_chain(work->edit->sys, work->family, spec->name, &ret->chain);
}

static bool base_is_whole(const struct base *base)
{
	return base->hook == VNM_NFTABLES_RIGHT_HOOK &&
	       begins_with(base->chain, base->exprs, base->n);
}

static bool is_step(const struct base *base, const struct vnm_nft_rule *rule)
{
	for (size_t i = 0; i < base->n; i++)
		if (vnm_nftables_is(&base->exprs[i], rule))
			return true;
	return false;
}

/* Does the rule look up sources? */
static bool is_lookup(struct work *work, const struct base *base, const struct vnm_nft_rule *rule)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		const char *name = vnm_nftables_source_chain((enum vnm_fw_chain)c);

		if (name && !strcmp(name, base->spec->name))
			return vnm_nftables_len_of(rule, work->family, name) != 0;
	}
	return false;
}

static void purge_base(struct work *work, const struct base *base)
{
	for (size_t i = 0; i < base->chain->n; i++) {
		const struct vnm_nft_rule *rule = &base->chain->rules[i];
		int chain = base->spec->chain;

		if (!is_step(base, rule) && !is_lookup(work, base, rule) &&
		    is_purged(work, base->spec->name,
			      chain < 0 ? VNM_CHAIN_COUNT : (enum vnm_fw_chain)chain, rule))
			vnm_nftables_del_rule(&work->edit->batch, work->family, base->spec->name,
					      rule->handle);
	}
}

/* If one of the first rules is missing all are written again, in order. */
static void base_edit(struct work *work, const struct base *base)
{
	purge_base(work, base);
	if (base_is_whole(base))
		return;
	report(work, base->spec->name,
	       base->hook == VNM_NFTABLES_RIGHT_HOOK ? "does not begin as it should"
						     : "is not at its hook, with its priority");
	for (size_t i = 0; i < base->chain->n; i++)
		if (is_step(base, &base->chain->rules[i]))
			vnm_nftables_del_rule(&work->edit->batch, work->family, base->spec->name,
					      base->chain->rules[i].handle);
	for (size_t i = base->n; i > 0; i--)
		vnm_nftables_add_rule(&work->edit->batch, base->spec->name, &base->steps[i - 1],
				      true);
}

static int edit_bases(struct work *work)
{
	const struct vnm_nftables_base *specs;
	size_t n = vnm_nftables_bases(&specs);
	vnm_autofree struct base *bases = vnm_alloc(n * sizeof(*bases));
	bool whole = true;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		r = base_read(work, &specs[i], &bases[i]);
		whole = whole && r == 0 && base_is_whole(&bases[i]);
		if (r == 0 && bases[i].hook == VNM_NFTABLES_WRONG_HOOK)
			vnm_nftables_del_chain(&work->edit->batch, work->family, specs[i].name);
	}
	if (r == 0 && (!whole || !work->awake))
		vnm_nftables_add_structure(&work->edit->batch, work->family);
	for (size_t i = 0; i < n && r == 0; i++)
		base_edit(work, &bases[i]);
	for (size_t i = 0; i < n; i++)
		base_clear(&bases[i]);
	return r;
}

/* What is wrong with them is the same for all networks: it is found once. */
static int review_bases(struct work *work)
{
	struct vnm_nftables *is = vnm_nftables_seen(work->edit->sys);
	struct vnm_warnings *faults = &is->base_faults[VNM_NFTABLES_AT(work->family)];
	struct vnm_fw_findings *findings = work->edit->findings, found = { 0 };
	int r = 0;

	if (!is->reviewed[VNM_NFTABLES_AT(work->family)]) {
		work->edit->findings = &found;
		r = edit_bases(work);
		work->edit->findings = findings;
		vnm_warnings_clear(faults);
		*faults = found.faults;
		is->reviewed[VNM_NFTABLES_AT(work->family)] = r == 0;
	}
	for (size_t i = 0; i < faults->n; i++)
		vnm_warnings_add(&findings->faults, "%s", faults->items[i]);
	return r;
}

/*
 * With the last network the table goes, unless it holds rules of others: networks of another state directory (--root),
 * for whom the chains with keys are, or rules behind the lookups.
 */
static int del_table(struct work *work)
{
	const struct vnm_nftables_base *specs;
	size_t n = vnm_nftables_bases(&specs), chains = 0, others = 0;
	int r = vnm_nftables_count_chains(work->edit->sys, work->family, &chains);

	for (size_t i = 0; i < n && r == 0; i++) {
		struct base base;

		r = base_read(work, &specs[i], &base);
		for (size_t k = 0; r == 0 && specs[i].chain >= 0 && k < base.chain->n; k++)
			others += !is_step(&base, &base.chain->rules[k]);
		base_clear(&base);
	}
	if (r == 0 && chains <= n + work->n_gone_chains && others <= work->n_gone_rules)
		vnm_nft_add_table(&work->edit->batch, NFT_MSG_DELTABLE,
				  vnm_nftables_proto(work->family), VNM_NFTABLES_TABLE);
	return r;
}

/* ---- the whole ---- */

static int edit_family(struct work *work)
{
	enum vnm_nftables_table table;
	bool there, wanted = false;
	int r = vnm_nftables_read_table(work->edit->sys, work->family, &table);

	there = table == VNM_NFTABLES_THERE || table == VNM_NFTABLES_DORMANT;
	work->awake = table == VNM_NFTABLES_THERE;

	for (size_t i = 0; i < work->edit->n; i++)
		wanted |= work->edit->ops[i]->rule.family == work->family &&
			  vnm_nftables_holds(&work->edit->ops[i]->rule);
	if (r < 0 || (!there && (!wanted || work->edit->findings)))
		return r;
	if (work->edit->findings && !work->awake)
		vnm_warnings_add(&work->edit->findings->faults,
				 "nf_tables table '%s " VNM_NFTABLES_TABLE "' is dormant",
				 vnm_nftables_family(work->family));
	if (wanted)
		r = work->edit->findings ? review_bases(work) : edit_bases(work);
	if (r == 0)
		r = list_slots(work);
	if (r == 0)
		r = edit_groups(work);
	return r == 0 && work->edit->last_one ? del_table(work) : r;
}

static void clear(struct work *work)
{
	free(work->slots);
	free(work->added_maps);
}

/**
 * vnm_nftables_edit() - put together the changes that an edit needs
 * @edit: the edit; nothing is read that is cached already
 *
 * Return: 0 or -errno.
 */
int vnm_nftables_edit(struct vnm_nftables_edit *edit)
{
	int r = 0;

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families) && r == 0; f++) {
		struct work work
			__attribute__((cleanup(clear))) = { .edit = edit, .family = families[f] };

		r = edit_family(&work);
	}
	return r;
}
