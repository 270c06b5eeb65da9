// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_edit.c - edit one table in memory; iptables.c reads and commits it.
 *
 * Every edit is idempotent: what is as wanted is not changed.
 */
#include "sys/firewall/fw_edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_early.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fw_parts.h"
#include "sys/firewall/fw_place.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

/* ---- chains, jumps, early-return rules ---- */

/* Is it the chain of all networks, with a jump and early-return rules? */
static bool is_common(const struct vnm_fw_part *part)
{
	return !*part->own;
}

/* Is the chain needed for rules to be added? */
static bool chain_wanted(const struct vnm_fw_part *part)
{
	return part->n > 0 || (is_common(part) && !vnm_fw_chains[part->chain].on_demand);
}

static bool part_there(const struct vnm_fw_edit *edit, const struct vnm_fw_part *part)
{
	return vnm_fw_has_chain(&edit->handle, part->name);
}

static bool chain_there(const struct vnm_fw_edit *edit, int chain)
{
	return vnm_fw_chains[chain].table == edit->table &&
	       vnm_fw_has_chain(&edit->handle, vnm_fw_chains[chain].name);
}

/* Jumps to a chain are counted from the first look at it on, so all are looked at before anything is deleted. */
static void list_parts(const struct vnm_fw_edit *edit, const struct vnm_op *const *ops, size_t n,
		       const struct vnm_op *const *gone, size_t n_gone, struct vnm_fw_parts *ret)
{
	vnm_fw_parts_list(edit->family, edit->table, ops, n, gone, n_gone, ret);
	for (size_t i = 0; i < ret->n; i++)
		(void)part_there(edit, &ret->items[i]);
}

static unsigned delete_jump(struct vnm_fw_edit *edit, int chain)
{
	vnm_autofwentry struct vnm_fwentry jump = { 0 };

	vnm_fwentry_jump(edit->family, vnm_fw_chains[chain].name, &jump);
	return vnm_fw_delete(&edit->handle, vnm_fw_chains[chain].parent, &jump);
}

/* At the head of the built-in chain, before others' DROP rules. */
static int put_jumps(struct vnm_fw_edit *edit, const char *parent)
{
	struct vnm_fw_standing standing;
	unsigned at = 0;
	int r = 0;

	vnm_fw_stand(edit->sys, &edit->handle, parent, NULL, &standing);
	if (vnm_fw_stands(&standing))
		return 0;
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		vnm_autofwentry struct vnm_fwentry jump = { 0 };

		if (!chain_there(edit, c) || strcmp(vnm_fw_chains[c].parent, parent) != 0)
			continue;
		delete_jump(edit, c);
		vnm_fwentry_jump(edit->family, vnm_fw_chains[c].name, &jump);
		r = vnm_fw_insert(&edit->handle, parent, &jump, at++);
		edit->changes++;
	}
	return r;
}

static size_t compile_early_returns(const struct vnm_fw_edit *edit, int chain,
				    struct vnm_fwentry ret[static VNM_FW_EARLY_RETURNS_MAX])
{
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = vnm_fw_early_returns(edit->family, (enum vnm_fw_chain)chain, rules);

	for (size_t i = 0; i < n; i++)
		vnm_fwentry_compile(&rules[i], &ret[i]);
	return n;
}

static void clear_entries(struct vnm_fwentry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vnm_fwentry_clear(&entries[i]);
}

static bool has_early_returns(const struct vnm_fw_edit *edit, int chain)
{
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = vnm_fw_early_returns(edit->family, (enum vnm_fw_chain)chain, rules);
	vnm_autofree uint64_t *hashes = NULL;
	size_t there = vnm_fw_head(&edit->handle, vnm_fw_chains[chain].name, n, &hashes);

	return vnm_fw_count_early_returns(edit->family, (enum vnm_fw_chain)chain, hashes, there) ==
	       n;
}

/* If one is missing all are inserted again, in order. */
static int put_early_returns(struct vnm_fw_edit *edit, int chain)
{
	const char *name = vnm_fw_chains[chain].name;
	struct vnm_fwentry entries[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = edit->early_returns && !has_early_returns(edit, chain)
			   ? compile_early_returns(edit, chain, entries)
			   : 0;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		vnm_fw_delete(&edit->handle, name, &entries[i]);
		r = vnm_fw_insert(&edit->handle, name, &entries[i], (unsigned)i);
		edit->changes++;
	}
	clear_entries(entries, n);
	return r;
}

/* Nobody else has changed anything since all that networks share was in place, so it still is. */
static bool base_stands(const struct vnm_fw_edit *edit)
{
	const struct vnm_nft_own *own = &edit->sys->nft_own;

	return edit->handle.impl->atomic && own->known && own->stands &&
	       own->backend == edit->sys->fw_backend && own->generation == edit->handle.generation;
}

static int put_base(struct vnm_fw_edit *edit, const struct vnm_fw_parts *parts)
{
	bool made = false;
	int r = 0;

	for (size_t i = 0; i < parts->n && r == 0; i++) {
		if (!chain_wanted(&parts->items[i]) || part_there(edit, &parts->items[i]))
			continue;
		r = vnm_fw_make_chain(&edit->handle, parts->items[i].name);
		made |= is_common(&parts->items[i]);
		edit->changes++;
	}
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0 && (made || !base_stands(edit)); c++) {
		if (!chain_there(edit, c))
			continue;
		r = put_jumps(edit, vnm_fw_chains[c].parent);
		if (r == 0)
			r = put_early_returns(edit, c);
	}
	return r;
}

/* ---- the rules ---- */

static void delete_rules(struct vnm_fw_edit *edit, const struct vnm_fw_part *part,
			 const struct vnm_op *const *ops, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		vnm_fwentry_compile(&ops[i]->rule, &entry);
		edit->changes += vnm_fw_delete(&edit->handle, part->name, &entry);
	}
}

/* The hashes of the rules that a chain should hold. */
static uint64_t *wanted_hashes(const struct vnm_fw_part *part)
{
	uint64_t *hashes = vnm_alloc((part->n ? part->n : 1) * sizeof(*hashes));

	for (size_t i = 0; i < part->n; i++)
		hashes[i] = vnm_fwentry_hash_of(&part->ops[i]->rule);
	return hashes;
}

static bool has_hash(const uint64_t *hashes, size_t n, uint64_t hash)
{
	for (size_t i = 0; i < n; i++)
		if (hashes[i] == hash)
			return true;
	return false;
}

/* Has a chain all its rules, in order? Others may be between them. @ret_any: it has one of them. */
static bool rules_stand(const struct vnm_fw_edit *edit, const struct vnm_fw_part *part,
			bool *ret_any)
{
	vnm_autofree uint64_t *wanted = wanted_hashes(part), *there = NULL;
	size_t n_there = part->n ? vnm_fw_hashes(&edit->handle, part->name, &there) : 0, at = 0;

	for (size_t i = 0; i < n_there && at < part->n; i++)
		at += there[i] == wanted[at];
	*ret_any = at > 0;
	for (size_t i = 0; i < part->n && !*ret_any; i++)
		*ret_any = has_hash(there, n_there, wanted[i]);
	return at == part->n;
}

/* A chain of a network that is not known goes with the rule that led to it. */
static int purge_at(struct vnm_fw_edit *edit, const struct vnm_fw_part *part, unsigned at)
{
	const void *entry = vnm_fw_at(&edit->handle, part->name, (int)at);
	vnm_autofree char *target = vnm_strdup(vnm_fw_target_of(&edit->handle, entry));
	size_t len = strlen(part->name);
	bool leads = !strncmp(target, part->name, len) && target[len] == '.' &&
		     vnm_fw_has_chain(&edit->handle, target) &&
		     !vnm_fw_expected_owns(edit->sys->fw_expected, edit->family, part->chain,
					   target + len + 1);
	int r = vnm_fw_delete_at(&edit->handle, part->name, at);

	edit->changes++;
	if (r == 0 && leads)
		(void)vnm_fw_drop_chain(&edit->handle, target); /* unless others jump to it, too */
	return r;
}

/* Delete foreign rules from a chain of ours, if the rules of all networks are at hand. */
static int purge(struct vnm_fw_edit *edit, const struct vnm_fw_part *part)
{
	vnm_autofree uint64_t *wanted = wanted_hashes(part), *there = NULL;
	size_t n_there = part->n ? vnm_fw_hashes(&edit->handle, part->name, &there) : 0;
	int r = 0;

	for (size_t i = n_there; i > 0 && r == 0; i--) {
		uint64_t hash = there[i - 1];

		if (vnm_fw_expected_has(edit->sys->fw_expected, edit->family, part->chain,
					part->own, hash) ||
		    has_hash(wanted, part->n, hash) ||
		    (is_common(part) && vnm_fw_is_early_return(edit->family, part->chain, hash)))
			continue;
		if (!vnm_fw_expected_complete(edit->sys))
			return 0;
		r = purge_at(edit, part, (unsigned)(i - 1));
	}
	return r;
}

static int append_rules(struct vnm_fw_edit *edit, const struct vnm_fw_part *part)
{
	int r = 0;

	for (size_t i = 0; i < part->n && r == 0; i++) {
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		vnm_fwentry_compile(&part->ops[i]->rule, &entry);
		r = vnm_fw_append(&edit->handle, part->name, &entry);
		edit->changes++;
	}
	return r;
}

/* A chain that holds only early-return rules can be deleted. */
static bool chain_is_idle(const struct vnm_fw_edit *edit, const struct vnm_fw_part *part)
{
	struct vnm_fwentry entries[VNM_FW_EARLY_RETURNS_MAX + 1];
	struct vnm_fwrule earlier;
	size_t n = is_common(part) ? compile_early_returns(edit, (int)part->chain, entries) : 0;
	size_t there = 0;

	if (vnm_fw_exceeds(&edit->handle, part->name, VNM_ARRAY_SIZE(entries))) {
		clear_entries(entries, n);
		return false;
	}
	if (is_common(part) && vnm_fw_earlier_return(edit->family, part->chain, &earlier))
		vnm_fwentry_compile(&earlier, &entries[n++]);
	for (size_t i = 0; i < n; i++)
		there += vnm_fw_has_rule(&edit->handle, part->name, &entries[i]);
	clear_entries(entries, n);
	return vnm_fw_count(&edit->handle, part->name) == there;
}

/* Delete the idle chains; @on_demand: only the optional ones, and networks' own. */
static int drop_chains(struct vnm_fw_edit *edit, const struct vnm_fw_parts *parts, bool on_demand)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct vnm_fw_part *part = &parts->items[i];
		bool optional = !is_common(part) || vnm_fw_chains[part->chain].on_demand;
		unsigned jumps;
		int r;

		if ((on_demand && !optional) || part->n > 0 || !part_there(edit, part) ||
		    !chain_is_idle(edit, part))
			continue;
		jumps = is_common(part) ? delete_jump(edit, (int)part->chain) : 0;
		r = vnm_fw_drop_chain(&edit->handle, part->name);
		if (r < 0 && r != -EMLINK)
			return r;
		edit->changes += r == 0 ? 1 : jumps; /* if a foreign rule jumps to it, it stays */
	}
	return 0;
}

static int put_rules(struct vnm_fw_edit *edit, const struct vnm_fw_part *part)
{
	bool any = false;
	int r = edit->sys->fw_expected ? purge(edit, part) : 0;

	if (r < 0 || (!edit->are_new && rules_stand(edit, part, &any)))
		return r;
	if (any)
		delete_rules(edit, part, part->ops, part->n);
	return append_rules(edit, part);
}

/**
 * vnm_fw_put() - the edit of a start, a change, a repair
 * @edit: the table; gets our chains, jumps and early-return rules first, and rules in the wrong order are replaced
 *
 * The order of ACCEPT and REJECT matters: if one rule is missing, all of the chain's are replaced. The commit is atomic,
 * so no packet sees the table without them.
 *
 * Return: 0 or -errno.
 */
int vnm_fw_put(struct vnm_fw_edit *edit)
{
	vnm_autoparts struct vnm_fw_parts parts = { 0 };
	int r;

	list_parts(edit, edit->ops, edit->n, edit->gone, edit->n_gone, &parts);
	r = put_base(edit, &parts);
	for (size_t i = 0; i < parts.n; i++)
		delete_rules(edit, &parts.items[i], parts.items[i].gone, parts.items[i].n_gone);
	for (size_t i = 0; i < parts.n && r == 0; i++)
		r = put_rules(edit, &parts.items[i]);
	return r == 0 ? drop_chains(edit, &parts, true) : r;
}

/**
 * vnm_fw_take() - the edit of a stop
 * @edit: the table; our chains are deleted with the last network, else their jumps are moved to the head again
 *
 * Return: 0 or -errno.
 */
int vnm_fw_take(struct vnm_fw_edit *edit)
{
	vnm_autoparts struct vnm_fw_parts parts = { 0 };
	int r;

	list_parts(edit, NULL, 0, edit->ops, edit->n, &parts);
	for (size_t i = 0; i < parts.n; i++)
		delete_rules(edit, &parts.items[i], parts.items[i].gone, parts.items[i].n_gone);
	r = drop_chains(edit, &parts, !edit->last_one);
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0 && !edit->last_one && !base_stands(edit); c++)
		if (chain_there(edit, c))
			r = put_jumps(edit, vnm_fw_chains[c].parent);
	return r;
}

/** struct presence - of one network's rules in a family, and of own chains of it. @planned: as its rules have it */
struct presence {
	bool rules, planned, there;
};

/* @seen: of the network whose rules end here, by family. Are there such, and can none of them be there yet? */
static bool is_new(struct presence seen[static 2])
{
	bool all = true;

	for (int f = 0; f < 2; f++) {
		all = all && (!seen[f].rules || (seen[f].planned && !seen[f].there));
		seen[f] = (struct presence){ 0 };
	}
	return all;
}

static bool owns_there(const struct vnm_fw_edit *edits, size_t n, const struct vnm_fwrule *rule)
{
	char name[VNM_FW_CHAIN_NAME];

	vnm_fw_chain_name(rule->chain, rule->own, name);
	for (size_t i = 0; i < n; i++)
		if (edits[i].family == rule->family &&
		    edits[i].table == vnm_fw_chains[rule->chain].table)
			return vnm_fw_has_chain(&edits[i].handle, name);
	return true;
}

/**
 * vnm_fw_are_new() - are the rules of networks none of which has a rule in the tables yet?
 * @edits: all tables, read; of the same rules
 * @n:     how many
 *
 * Known by the networks' own chains, which come and go with their rules: then the common chains, with rules of all
 * networks, need not be searched for these.
 */
bool vnm_fw_are_new(const struct vnm_fw_edit *edits, size_t n)
{
	struct presence seen[2] = { 0 };
	const char *network = "";

	for (size_t i = 0; i < edits[0].n; i++) {
		const struct vnm_fwrule *rule = &edits[0].ops[i]->rule;
		struct presence *one;

		if (strcmp(network, rule->network) != 0 && !is_new(seen))
			return false;
		network = rule->network;
		one = &seen[rule->family == AF_INET6];
		one->rules = true;
		if (!*rule->own)
			continue;
		one->planned = true;
		one->there = one->there || owns_there(edits, n, rule);
	}
	return edits[0].n > 0 && edits[0].n_gone == 0 && is_new(seen);
}

/**
 * vnm_fw_touches() - is one of the rules in the table?
 * @ops: rules; @n: how many
 */
bool vnm_fw_touches(const struct vnm_op *const *ops, size_t n, int family, enum vnm_fw_table table)
{
	for (size_t i = 0; i < n; i++)
		if (ops[i]->rule.family == family &&
		    vnm_fw_chains[ops[i]->rule.chain].table == table)
			return true;
	return false;
}
