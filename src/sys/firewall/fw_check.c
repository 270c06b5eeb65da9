// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_check.c - whether rules are there, and in effect.
 *
 * Theory of operation. A table is read once for all networks that are looked at, and of each chain of ours a list is made
 * by which a rule is found at once, with its position. A rule is in effect when packets come to it: its chain must be
 * entered before anybody else decides (sys/firewall/fw_place.c), must begin with its gates, hold nothing of others, and hold the
 * network's rules in their order.
 */
#include "sys/firewall/fw_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw.h"
#include "sys/firewall/fw_kernel.h"
#include "sys/firewall/fw_known.h"
#include "sys/firewall/fw_place.h"
#include "sys/firewall/fwentry_look.h"
#include "util/mem.h"

#define NOT_TRIED 1
#define GATES_MAX 4

static const int families[] = { AF_INET, AF_INET6 };

struct place {
	uint64_t hash;
	size_t at;
};

/**
 * struct seen_chain - a chain of ours as it was read.
 * @jump:    the built-in chain leads to it
 * @gates:   how many of its gates it begins with
 * @places:  of its entries, sorted by number, then position
 * @foreign: the first entry that is nobody's; -1: none
 */
struct seen_chain {
	bool jump;
	size_t gates;
	struct place *places;
	size_t n;
	int foreign;
};

/** struct seen_table - @result: of reading it; @chains: of ours, where they belong to it. */
struct seen_table {
	struct vnm_fw_handle handle;
	int result;
};

/** struct vnm_fw_snapshot - tables as last read. */
struct vnm_fw_snapshot {
	struct seen_table tables[VNM_ARRAY_SIZE(families)][VNM_FW_TABLE_COUNT];
	struct seen_chain *chains[VNM_ARRAY_SIZE(families)][VNM_CHAIN_COUNT];
};

static size_t family_index(int family)
{
	return family == families[0] ? 0 : 1;
}

static struct vnm_fw_snapshot *snapshot_new(void)
{
	struct vnm_fw_snapshot *snap = vnm_alloc(sizeof(*snap));

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++)
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			snap->tables[f][t].result = NOT_TRIED;
	return snap;
}

/** vnm_fw_snapshot_free() - drop what was read for checks; NULL is fine. */
void vnm_fw_snapshot_free(struct vnm_fw_snapshot *snap)
{
	for (size_t f = 0; snap && f < VNM_ARRAY_SIZE(families); f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			vnm_fw_table_close(&snap->tables[f][t].handle);
		for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
			if (snap->chains[f][c])
				free(snap->chains[f][c]->places);
			free(snap->chains[f][c]);
		}
	}
	free(snap);
}

/* A table as it was when it was first asked for. Return: 0 or -errno. */
static int see_table(struct vnm_sys *sys, int family, enum vnm_fw_table table,
		     const struct vnm_fw_handle **ret)
{
	struct seen_table *seen;

	if (!sys->fw_seen)
		sys->fw_seen = snapshot_new();
	seen = &sys->fw_seen->tables[family_index(family)][table];
	if (seen->result == NOT_TRIED)
		seen->result = vnm_fw_table_load(sys, family, table, &seen->handle);
	*ret = &seen->handle;
	return seen->result;
}

/** vnm_fw_look() - a table as it was when it was first asked for; NULL where it is not there, and then it is not made */
const struct vnm_fw_handle *vnm_fw_look(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	const struct vnm_fw_handle *handle;

	if (!vnm_fw_table_exists(family, table) || see_table(sys, family, table, &handle) < 0)
		return NULL;
	return handle;
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_gate(int family, enum vnm_fw_chain chain, uint64_t hash)
{
	struct vnm_fwrule gates[GATES_MAX];
	size_t n = vnm_fw_gates(family, chain, gates);

	for (size_t i = 0; i < n; i++)
		if (vnm_fwentry_hash_of(&gates[i]) == hash)
			return true;
	return false;
}

static size_t count_gates(int family, enum vnm_fw_chain chain, const uint64_t *hashes, size_t n)
{
	struct vnm_fwrule gates[GATES_MAX];
	size_t n_gates = vnm_fw_gates(family, chain, gates), i = 0;

	while (i < n_gates && i < n && hashes[i] == vnm_fwentry_hash_of(&gates[i]))
		i++;
	return i;
}

static int find_foreign(struct vnm_sys *sys, int family, enum vnm_fw_chain chain,
			const uint64_t *hashes, size_t n)
{
	for (size_t i = 0; sys->fw_known && i < n; i++)
		if (!vnm_fw_known_has(sys->fw_known, family, chain, hashes[i]) &&
		    !is_gate(family, chain, hashes[i]))
			return vnm_fw_known_complete(sys) ? (int)i : -1;
	return -1;
}

static bool has_jump(const struct vnm_fw_handle *handle, enum vnm_fw_chain chain)
{
	const struct vnm_fw_chain_info *info = &vnm_fw_chains[chain];
	vnm_autofwentry struct vnm_fwentry jump = { 0 };

	vnm_fwentry_jump(handle->family, info->name, &jump);
	return vnm_fw_has_rule(handle, info->parent, &jump);
}

static struct seen_chain *read_chain(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
				     enum vnm_fw_chain chain)
{
	struct seen_chain *seen = vnm_alloc(sizeof(*seen));
	vnm_autofree uint64_t *hashes = NULL;

	seen->n = vnm_fw_hashes(handle, vnm_fw_chains[chain].name, &hashes);
	seen->places = vnm_alloc((seen->n ? seen->n : 1) * sizeof(*seen->places));
	for (size_t i = 0; i < seen->n; i++)
		seen->places[i] = (struct place){ hashes[i], i };
	qsort(seen->places, seen->n, sizeof(*seen->places), place_cmp);
	seen->jump = has_jump(handle, chain);
	seen->gates = count_gates(handle->family, chain, hashes, seen->n);
	seen->foreign = find_foreign(sys, handle->family, chain, hashes, seen->n);
	return seen;
}

/* NULL: its table cannot be read. */
static const struct seen_chain *see_chain(struct vnm_sys *sys, int family, enum vnm_fw_chain chain)
{
	const struct vnm_fw_handle *handle;
	struct seen_chain **seen;

	if (see_table(sys, family, vnm_fw_chains[chain].table, &handle) < 0)
		return NULL;
	seen = &sys->fw_seen->chains[family_index(family)][chain];
	if (!*seen)
		*seen = read_chain(sys, handle, chain);
	return *seen;
}

/* The first entry of that number from position @from on. Return: its position, or @chain->n. */
static size_t find_place(const struct seen_chain *chain, uint64_t hash, size_t from)
{
	size_t low = 0, high = chain->n;
	const struct place key = { hash, from };

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (place_cmp(&chain->places[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < chain->n && chain->places[low].hash == hash ? chain->places[low].at : chain->n;
}

/** vnm_rule_prepare() - can rules be made here at all? Asked before anything is made. */
int vnm_rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err)
{
	enum vnm_fw_table table = vnm_fw_chains[op->rule.chain].table;
	const struct vnm_fw_handle *handle;
	int r = see_table(sys, op->rule.family, table, &handle);

	if (r < 0)
		return vnm_fw_table_unreadable(op->rule.family, table, r, err);
	return vnm_fw_rule_possible(sys, &op->rule, err);
}

/** vnm_rule_check() - is the rule there? One that no packet reaches is not: the jump must be there, too. */
int vnm_rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		   struct vnm_error *err)
{
	const struct seen_chain *chain = see_chain(sys, op->rule.family, op->rule.chain);
	bool there = chain && chain->jump &&
		     find_place(chain, vnm_fwentry_hash_of(&op->rule), 0) < chain->n;

	(void)err;
	*ret = there ? VNM_PRESENT : VNM_ABSENT;
	return 0;
}

/* ---- in effect ---- */

static const char *table_prefix(enum vnm_fw_table table)
{
	static const char *const words[VNM_FW_TABLE_COUNT] = {
		[VNM_FW_NAT] = "nat ",
		[VNM_FW_MANGLE] = "mangle ",
		[VNM_FW_RAW] = "raw ",
	};

	return words[table] ? words[table] : "";
}

static const char *family_suffix(int family)
{
	return family == AF_INET6 ? " (IPv6)" : "";
}

/* "rule 1 '-j ACCEPT'", with a line's number as iptables counts. */
static void add_entry(const struct vnm_fw_handle *handle, const char *chain, int at,
		      struct vnm_buf *out)
{
	const void *e = vnm_fw_at(handle, chain, at);

	vnm_buf_printf(out, "rule %d '", at + 1);
	if (e)
		vnm_fwentry_text(handle->family, e, vnm_fw_target_of(handle, e), out);
	vnm_buf_addc(out, '\'');
}

static void tell_standing(const struct vnm_fw_handle *handle, const char *parent,
			  const struct vnm_fw_standing *standing, struct vnm_fw_findings *findings)
{
	const char *prefix = table_prefix(handle->table), *suffix = family_suffix(handle->family);
	vnm_autobuf struct vnm_buf rule = { 0 };

	if (standing->missing >= 0)
		vnm_warnings_add(&findings->faults, "chain %s is not entered from %s%s%s",
				 vnm_fw_chains[standing->missing].name, prefix, parent, suffix);
	if (standing->early >= 0)
		vnm_warnings_add(&findings->faults, "chain %s stands before %s in %s%s%s",
				 vnm_fw_chains[standing->early].name,
				 vnm_fw_chains[standing->late].name, prefix, parent, suffix);
	if (standing->blocked >= 0) {
		add_entry(handle, parent, standing->blocker, &rule);
		vnm_warnings_add(&findings->faults,
				 "chain %s is not first in %s%s%s: %s stands before it",
				 vnm_fw_chains[standing->blocked].name, prefix, parent, suffix,
				 rule.data);
	} else if (standing->aside >= 0) {
		add_entry(handle, parent, standing->aside, &rule);
		vnm_warnings_add(
			&findings->notes,
			"%s of %s%s%s stands before vnetmgr's chains, and decides on packets "
			"between guests and another network of this host",
			rule.data, prefix, parent, suffix);
	}
}

/* Gates that are nowhere are not there because the kernel lacks their match. */
static bool gates_work(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		const struct seen_chain *chain =
			vnm_fw_chains[c].table == table
				? see_chain(sys, family, (enum vnm_fw_chain)c)
				: NULL;

		if (chain && chain->gates > 0)
			return true;
	}
	return false;
}

static bool in_order(const struct seen_chain *chain, const struct vnm_plan *plan, int family,
		     enum vnm_fw_chain c)
{
	size_t at = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_fwrule *rule = &plan->ops[i].rule;
		uint64_t hash;

		if (plan->ops[i].type != VNM_OP_RULE || rule->family != family || rule->chain != c)
			continue;
		hash = vnm_fwentry_hash_of(rule);
		if (find_place(chain, hash, 0) == chain->n)
			continue; /* that it is missing is said elsewhere */
		at = find_place(chain, hash, at);
		if (at == chain->n)
			return false;
	}
	return true;
}

static void review_chain(struct vnm_sys *sys, const struct vnm_plan *plan, int family,
			 enum vnm_fw_chain c, struct vnm_fw_findings *findings)
{
	const struct seen_chain *chain = see_chain(sys, family, c);
	const struct vnm_fw_chain_info *info = &vnm_fw_chains[c];
	const char *prefix = table_prefix(info->table), *suffix = family_suffix(family);
	vnm_autobuf struct vnm_buf rule = { 0 };
	const struct vnm_fw_handle *handle;
	struct vnm_fwrule gates[GATES_MAX];

	if (!chain || chain->n == 0)
		return;
	if (chain->foreign >= 0 && see_table(sys, family, info->table, &handle) == 0) {
		add_entry(handle, info->name, chain->foreign, &rule);
		vnm_warnings_add(&findings->faults, "%s of chain %s%s%s is not vnetmgr's",
				 rule.data, prefix, info->name, suffix);
	}
	if (chain->gates < vnm_fw_gates(family, c, gates) && chain->foreign < 0 &&
	    gates_work(sys, family, info->table))
		vnm_warnings_add(&findings->faults, "chain %s%s%s does not begin as it should",
				 prefix, info->name, suffix);
	if (!in_order(chain, plan, family, c))
		vnm_warnings_add(&findings->faults, "the rules of chain %s%s%s are not in order",
				 prefix, info->name, suffix);
}

static bool uses_chain(const struct vnm_plan *plan, int family, int chain)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE && plan->ops[i].rule.family == family &&
		    (int)plan->ops[i].rule.chain == chain)
			return true;
	return false;
}

/* Has an earlier chain the same way in, so that it was looked at? */
static bool parent_done(const bool *used, int chain)
{
	for (int c = 0; c < chain; c++)
		if (used[c] && vnm_fw_chains[c].table == vnm_fw_chains[chain].table &&
		    !strcmp(vnm_fw_chains[c].parent, vnm_fw_chains[chain].parent))
			return true;
	return false;
}

static void review_parent(struct vnm_sys *sys, int family, int chain,
			  struct vnm_fw_findings *findings)
{
	const char *parent = vnm_fw_chains[chain].parent;
	const struct vnm_fw_handle *handle;
	struct vnm_fw_standing standing;

	if (see_table(sys, family, vnm_fw_chains[chain].table, &handle) < 0)
		return;
	vnm_fw_stand(sys, handle, parent, false, &standing);
	tell_standing(handle, parent, &standing, findings);
}

/**
 * vnm_fw_review() - are the rules of a network that are there in effect?
 * @sys:      the handles; with @sys->fw_known also what others have put into our chains is found
 * @plan:     of the network
 * @findings: what is wrong is added
 */
void vnm_fw_review(struct vnm_sys *sys, const struct vnm_plan *plan,
		   struct vnm_fw_findings *findings)
{
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		bool used[VNM_CHAIN_COUNT];

		for (int c = 0; c < VNM_CHAIN_COUNT; c++)
			used[c] = uses_chain(plan, families[f], c);
		for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
			if (!used[c])
				continue;
			if (!parent_done(used, c))
				review_parent(sys, families[f], c, findings);
			review_chain(sys, plan, families[f], (enum vnm_fw_chain)c, findings);
		}
	}
}

/** vnm_fw_findings_clear() - free what was found. */
void vnm_fw_findings_clear(struct vnm_fw_findings *findings)
{
	vnm_warnings_clear(&findings->faults);
	vnm_warnings_clear(&findings->obstacles);
	vnm_warnings_clear(&findings->notes);
}
