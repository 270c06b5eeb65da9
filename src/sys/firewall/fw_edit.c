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

#include "sys/firewall/fw_early.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fw_place.h"
#include "sys/firewall/fwentry_read.h"
#include "util/mem.h"

static bool rule_in(const struct vnm_fwrule *rule, int family, enum vnm_fw_table table)
{
	return rule->family == family && vnm_fw_chains[rule->chain].table == table;
}

static bool chain_in(int chain, enum vnm_fw_table table)
{
	return vnm_fw_chains[chain].table == table;
}

/* ---- chains, jumps, early-return rules ---- */

/* Is the chain needed for rules to be added? */
static bool chain_wanted(const struct vnm_fw_edit *edit, int chain)
{
	if (!chain_in(chain, edit->table))
		return false;
	for (size_t i = 0; vnm_fw_chains[chain].on_demand && i < edit->n; i++)
		if (edit->ops[i]->rule.family == edit->family &&
		    (int)edit->ops[i]->rule.chain == chain)
			return true;
	return !vnm_fw_chains[chain].on_demand;
}

static bool chain_there(const struct vnm_fw_edit *edit, int chain)
{
	return chain_in(chain, edit->table) &&
	       vnm_fw_has_chain(&edit->handle, vnm_fw_chains[chain].name);
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

	vnm_fw_stand(edit->sys, &edit->handle, parent, true, &standing);
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
	size_t there = vnm_fw_hashes(&edit->handle, vnm_fw_chains[chain].name, &hashes);

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

static int put_base(struct vnm_fw_edit *edit)
{
	int r = 0;

	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		if (!chain_wanted(edit, c) || chain_there(edit, c))
			continue;
		r = vnm_fw_make_chain(&edit->handle, vnm_fw_chains[c].name);
		edit->changes++;
	}
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		if (!chain_there(edit, c))
			continue;
		r = put_jumps(edit, vnm_fw_chains[c].parent);
		if (r == 0)
			r = put_early_returns(edit, c);
	}
	return r;
}

/* ---- the rules ---- */

/* Delete the rules of a list that belong to the table; @chain -1: of any chain. */
static void delete_rules(struct vnm_fw_edit *edit, const struct vnm_op *const *ops, size_t n,
			 int chain)
{
	for (size_t i = 0; i < n; i++) {
		const struct vnm_fwrule *rule = &ops[i]->rule;
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		if (!rule_in(rule, edit->family, edit->table) ||
		    (chain >= 0 && (int)rule->chain != chain))
			continue;
		vnm_fwentry_compile(rule, &entry);
		edit->changes +=
			vnm_fw_delete(&edit->handle, vnm_fw_chains[rule->chain].name, &entry);
	}
}

/* The hashes of the rules that a chain should hold. Return: how many. */
static size_t wanted_hashes(const struct vnm_fw_edit *edit, int chain, uint64_t **ret)
{
	uint64_t *hashes = NULL;
	size_t n = 0;

	for (size_t i = 0; i < edit->n; i++) {
		const struct vnm_fwrule *rule = &edit->ops[i]->rule;

		if (rule->family != edit->family || (int)rule->chain != chain)
			continue;
		hashes = vnm_array_add(hashes, &n, sizeof(*hashes));
		hashes[n - 1] = vnm_fwentry_hash_of(rule);
	}
	*ret = hashes;
	return n;
}

static bool has_hash(const uint64_t *hashes, size_t n, uint64_t hash)
{
	for (size_t i = 0; i < n; i++)
		if (hashes[i] == hash)
			return true;
	return false;
}

/* Has a chain all its rules, in order? Others may be between them. @ret_any: it has one of them. */
static bool rules_stand(const struct vnm_fw_edit *edit, int chain, bool *ret_any)
{
	vnm_autofree uint64_t *wanted = NULL, *there = NULL;
	size_t n = wanted_hashes(edit, chain, &wanted), at = 0;
	size_t n_there = vnm_fw_hashes(&edit->handle, vnm_fw_chains[chain].name, &there);

	for (size_t i = 0; i < n_there && at < n; i++)
		at += there[i] == wanted[at];
	*ret_any = at > 0;
	for (size_t i = 0; i < n && !*ret_any; i++)
		*ret_any = has_hash(there, n_there, wanted[i]);
	return at == n;
}

/* Delete foreign rules from a chain of ours, if the rules of all networks are at hand. */
static int purge(struct vnm_fw_edit *edit, int chain)
{
	const char *name = vnm_fw_chains[chain].name;
	vnm_autofree uint64_t *wanted = NULL, *there = NULL;
	size_t n = wanted_hashes(edit, chain, &wanted);
	size_t n_there = n ? vnm_fw_hashes(&edit->handle, name, &there) : 0;
	int r = 0;

	for (size_t i = n_there; i > 0 && r == 0; i--) {
		uint64_t hash = there[i - 1];

		if (vnm_fw_expected_has(edit->sys->fw_expected, edit->family,
					(enum vnm_fw_chain)chain, hash) ||
		    has_hash(wanted, n, hash) ||
		    vnm_fw_is_early_return(edit->family, (enum vnm_fw_chain)chain, hash))
			continue;
		if (!vnm_fw_expected_complete(edit->sys))
			return 0;
		r = vnm_fw_delete_at(&edit->handle, name, (unsigned)(i - 1));
		edit->changes++;
	}
	return r;
}

static int append_rules(struct vnm_fw_edit *edit, int chain)
{
	int r = 0;

	for (size_t i = 0; i < edit->n && r == 0; i++) {
		const struct vnm_fwrule *rule = &edit->ops[i]->rule;
		vnm_autofwentry struct vnm_fwentry entry = { 0 };

		if (rule->family != edit->family || (int)rule->chain != chain)
			continue;
		vnm_fwentry_compile(rule, &entry);
		r = vnm_fw_append(&edit->handle, vnm_fw_chains[chain].name, &entry);
		edit->changes++;
	}
	return r;
}

/* A chain that holds only early-return rules can be deleted. */
static bool chain_is_idle(const struct vnm_fw_edit *edit, int chain)
{
	const char *name = vnm_fw_chains[chain].name;
	struct vnm_fwentry entries[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = compile_early_returns(edit, chain, entries), there = 0;

	for (size_t i = 0; i < n; i++)
		there += vnm_fw_has_rule(&edit->handle, name, &entries[i]);
	clear_entries(entries, n);
	return vnm_fw_count(&edit->handle, name) == there;
}

/* Delete the idle chains; @on_demand: only the optional ones. */
static int drop_chains(struct vnm_fw_edit *edit, bool on_demand)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		unsigned jumps;
		int r;

		if ((on_demand && !vnm_fw_chains[c].on_demand) || !chain_there(edit, c) ||
		    !chain_is_idle(edit, c))
			continue;
		jumps = delete_jump(edit, c);
		r = vnm_fw_drop_chain(&edit->handle, vnm_fw_chains[c].name);
		if (r < 0 && r != -EMLINK)
			return r;
		edit->changes += r == 0 ? 1 : jumps; /* if a foreign rule jumps to it, it stays */
	}
	return 0;
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
	int r = put_base(edit);

	delete_rules(edit, edit->gone, edit->n_gone, -1);
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0; c++) {
		bool any;

		if (!chain_in(c, edit->table))
			continue;
		if (edit->sys->fw_expected)
			r = purge(edit, c);
		if (r < 0 || rules_stand(edit, c, &any))
			continue;
		if (any)
			delete_rules(edit, edit->ops, edit->n, c);
		r = append_rules(edit, c);
	}
	return r == 0 ? drop_chains(edit, true) : r;
}

/**
 * vnm_fw_take() - the edit of a stop
 * @edit: the table; our chains are deleted with the last network, else their jumps are moved to the head again
 *
 * Return: 0 or -errno.
 */
int vnm_fw_take(struct vnm_fw_edit *edit)
{
	int r;

	delete_rules(edit, edit->ops, edit->n, -1);
	r = drop_chains(edit, !edit->last_one);
	for (int c = 0; c < VNM_CHAIN_COUNT && r == 0 && !edit->last_one; c++)
		if (chain_there(edit, c))
			r = put_jumps(edit, vnm_fw_chains[c].parent);
	return r;
}

/**
 * vnm_fw_touches() - is one of the rules in the table?
 * @ops: rules; @n: how many
 */
bool vnm_fw_touches(const struct vnm_op *const *ops, size_t n, int family, enum vnm_fw_table table)
{
	for (size_t i = 0; i < n; i++)
		if (rule_in(&ops[i]->rule, family, table))
			return true;
	return false;
}
