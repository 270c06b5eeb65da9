// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_review.c - are existing rules in effect?
 *
 * A rule is in effect if packets reach it: the jump to its chain must precede foreign verdicts
 * (sys/firewall/fw_place.c), and the chain must begin with its early-return rules, hold no foreign
 * rules, and hold the network's rules in order.
 */
#include "sys/firewall/fw_review.h"

#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_place.h"
#include "sys/firewall/fw_snapshot.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/fwentry_text.h"
#include "util/mem.h"

static const int families[] = { AF_INET, AF_INET6 };

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

/* "rule 1 '-j ACCEPT'", numbered as by iptables. */
static void add_entry(const struct vnm_fw_handle *handle, const char *chain, int at,
		      struct vnm_buf *out)
{
	const void *e = vnm_fw_at(handle, chain, at);

	vnm_buf_printf(out, "rule %d '", at + 1);
	if (e)
		vnm_fwentry_text(handle->family, e, vnm_fw_target_of(handle, e), out);
	vnm_buf_addc(out, '\'');
}

static void report_standing(const struct vnm_fw_handle *handle, const char *parent,
			    const struct vnm_fw_standing *standing,
			    struct vnm_fw_findings *findings)
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

/* If no chain has early-return rules, the kernel lacks their match. */
static bool early_returns_work(struct vnm_sys *sys, int family, enum vnm_fw_table table)
{
	for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
		const struct vnm_fw_seen_chain *chain =
			vnm_fw_chains[c].table == table
				? vnm_fw_snapshot_chain(sys, family, (enum vnm_fw_chain)c, "")
				: NULL;

		if (chain && chain->early_returns > 0)
			return true;
	}
	return false;
}

static bool same_chain(const struct vnm_fwrule *a, const struct vnm_fwrule *b)
{
	return a->family == b->family && a->chain == b->chain &&
	       !strcmp(vnm_fwrule_own(a), vnm_fwrule_own(b));
}

static bool in_order(const struct vnm_fw_seen_chain *chain, const struct vnm_plan *plan,
		     const struct vnm_fwrule *first)
{
	size_t at = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const struct vnm_fwrule *rule = &plan->ops[i].rule;
		uint64_t hash;

		if (plan->ops[i].type != VNM_OP_RULE || !same_chain(rule, first))
			continue;
		hash = vnm_fwentry_hash_of(rule);
		if (vnm_fw_seen_find(chain, hash, 0) == chain->n)
			continue; /* a missing one is reported elsewhere */
		at = vnm_fw_seen_find(chain, hash, at);
		if (at == chain->n)
			return false;
	}
	return true;
}

/* @first: the network's first rule in the chain. */
static void review_chain(struct vnm_sys *sys, const struct vnm_plan *plan,
			 const struct vnm_fwrule *first, struct vnm_fw_findings *findings)
{
	const char *own = vnm_fwrule_own(first), *suffix = family_suffix(first->family);
	const struct vnm_fw_seen_chain *chain =
		vnm_fw_snapshot_chain(sys, first->family, first->chain, own);
	enum vnm_fw_table table = vnm_fw_chains[first->chain].table;
	const char *prefix = table_prefix(table);
	vnm_autobuf struct vnm_buf rule = { 0 };
	const struct vnm_fw_handle *handle;
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	char name[VNM_FW_CHAIN_NAME];

	if (!chain || chain->n == 0)
		return;
	vnm_fw_chain_name(first->chain, own, name);
	if (chain->foreign >= 0 && vnm_fw_snapshot_table(sys, first->family, table, &handle) == 0) {
		add_entry(handle, name, chain->foreign, &rule);
		vnm_warnings_add(&findings->faults, "%s of chain %s%s%s is not vnetmgr's",
				 rule.data, prefix, name, suffix);
	}
	if (!*own && chain->foreign < 0 &&
	    chain->early_returns < vnm_fw_early_returns(first->family, first->chain, rules) &&
	    early_returns_work(sys, first->family, table))
		vnm_warnings_add(&findings->faults, "chain %s%s%s does not begin as it should",
				 prefix, name, suffix);
	if (!in_order(chain, plan, first))
		vnm_warnings_add(&findings->faults, "the rules of chain %s%s%s are not in order",
				 prefix, name, suffix);
}

static bool is_first(const struct vnm_plan *plan, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (plan->ops[i].type == VNM_OP_RULE &&
		    same_chain(&plan->ops[i].rule, &plan->ops[at].rule))
			return false;
	return true;
}

static bool uses_chain(const struct vnm_plan *plan, int family, int chain)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE && plan->ops[i].rule.family == family &&
		    (int)plan->ops[i].rule.chain == chain)
			return true;
	return false;
}

/* Has an earlier chain the same parent, so that it was reviewed? */
static bool parent_done(const bool *used, int chain)
{
	for (int c = 0; c < chain; c++)
		if (used[c] && vnm_fw_chains[c].table == vnm_fw_chains[chain].table &&
		    !strcmp(vnm_fw_chains[c].parent, vnm_fw_chains[chain].parent))
			return true;
	return false;
}

static void review_parent(struct vnm_sys *sys, const struct vnm_plan *plan, int family, int chain,
			  struct vnm_fw_findings *findings)
{
	const char *parent = vnm_fw_chains[chain].parent;
	const struct vnm_fw_handle *handle;
	struct vnm_fw_standing standing;

	if (vnm_fw_snapshot_table(sys, family, vnm_fw_chains[chain].table, &handle) < 0)
		return;
	vnm_fw_stand(sys, handle, parent, plan, &standing);
	report_standing(handle, parent, &standing, findings);
}

/**
 * vnm_fw_tables_review() - are the existing rules of a network in effect?
 * @sys:      the handles; with @sys->fw_expected foreign rules in our chains are found, too
 * @plan:     of the network
 * @findings: what is wrong is added
 */
void vnm_fw_tables_review(struct vnm_sys *sys, const struct vnm_plan *plan,
			  struct vnm_fw_findings *findings)
{
	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++) {
		bool used[VNM_CHAIN_COUNT];

		for (int c = 0; c < VNM_CHAIN_COUNT; c++)
			used[c] = uses_chain(plan, families[f], c);
		for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
			if (used[c] && !parent_done(used, c))
				review_parent(sys, plan, families[f], c, findings);
		}
	}
	for (size_t i = 0; i < plan->n; i++)
		if (plan->ops[i].type == VNM_OP_RULE && is_first(plan, i))
			review_chain(sys, plan, &plan->ops[i].rule, findings);
}
