// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_foreign.c - does a foreign chain drop what we accept?
 *
 * A packet must be accepted by every base chain at its hook, of nf_tables and of the legacy tables. An ACCEPT of ours
 * overrides a DROP in the chain that our rules come first in, and in no other, whatever the order; Docker, firewalld and
 * ufw create such chains on most distributions. We must not change such chains, so they are reported, with the command
 * that helps: as a fault if certain (sys/firewall/fw_probe.c), else as a note.
 */
#include "sys/firewall/fw_foreign.h"

#include <string.h>

#include <linux/netfilter.h>

#include "plan/firewall/accept_rule.h"
#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_foreign_legacy.h"
#include "sys/firewall/fw_paths.h"
#include "sys/firewall/nft_fate.h"
#include "sys/firewall/nft_chains.h"
#include "sys/firewall/nft_read.h"
#include "util/mem.h"

/** struct review - one network. */
struct review {
	struct vnm_sys *sys;
	const struct vnm_plan *plan;
	struct vnm_fw_findings *findings;
	struct vnm_fw_paths paths;
};

/* The commands that help. */
static void add_advice(const struct vnm_nft_chain *chain, const char *bridge, struct vnm_buf *out)
{
	const struct vnm_accept_place place = { .family = vnm_nft_family_word(chain->family),
						.table = chain->table,
						.chain = chain->name };

	vnm_accept_rule(&place, bridge,
			chain->hook == NF_INET_FORWARD	   ? VNM_ACCEPT_BOTH
			: chain->hook == NF_INET_LOCAL_OUT ? VNM_ACCEPT_TO
							   : VNM_ACCEPT_FROM,
			out);
}

/* In a chain of iptables-nft our own rules could come first. */
static const char *other_advice(const struct review *review, const struct vnm_nft_chain *chain)
{
	if (chain->family == NFPROTO_INET || strcmp(chain->table, "filter") != 0 ||
	    review->sys->fw_backend == VNM_FW_BACKEND_IPTABLES_NFT)
		return "";
	return "keep vnetmgr's rules in that table (firewall_backend = \"iptables-nft\" in "
	       "network.conf, then vnetmgr net-repair --firewall), or ";
}

static void report_drop(const struct review *review, const struct vnm_nft_chain *chain,
			const struct vnm_fw_path *path, uint64_t handle, bool certain)
{
	vnm_autobuf struct vnm_buf advice = { 0 }, by = { 0 };
	vnm_autofree char *show =
		vnm_asprintf("nft -a list chain %s %s %s", vnm_nft_family_word(chain->family),
			     chain->table, chain->name);

	add_advice(chain, review->paths.bridge, &advice);
	if (handle)
		vnm_buf_printf(&by, "the rule with handle %llu", (unsigned long long)handle);
	else
		vnm_buf_add(&by, "its policy");
	if (certain)
		vnm_fw_obstacle(
			review->findings, advice.data, show,
			"nf_tables chain '%s' of table '%s %s' drops %s the guests on "
			"%s by %s, whatever is accepted here; %slet them pass there, too: %s",
			chain->name, vnm_nft_family_word(chain->family), chain->table, path->what,
			review->paths.bridge, by.data, other_advice(review, chain), advice.data);
	else
		vnm_warnings_add(
			&review->findings->notes,
			"nf_tables chain '%s' of table '%s %s' drops %s the guests that none of "
			"its rules accepts; if those on %s are cut off, %slet them pass "
			"there, too: %s",
			chain->name, vnm_nft_family_word(chain->family), chain->table, path->what,
			review->paths.bridge, other_advice(review, chain), advice.data);
}

static bool is_met(const struct vnm_nft_chain *chain, const struct vnm_fw_path *path)
{
	return chain->hook == path->hook &&
	       (chain->family == NFPROTO_INET || chain->family == path->probe.nfproto);
}

/* One line for a chain; certain drops before possible ones. */
static void review_chain(const struct review *review, struct vnm_nft_chain *chain)
{
	const struct vnm_fw_path *maybe = NULL;

	for (size_t i = 0; i < review->paths.n; i++) {
		const struct vnm_fw_path *path = &review->paths.items[i];
		enum vnm_fw_fate fate;
		uint64_t handle;

		if (!is_met(chain, path))
			continue;
		fate = vnm_nft_fate(review->sys, chain, &path->probe, &handle);
		if (fate == VNM_FATE_DROPPED)
			return report_drop(review, chain, path, handle, true);
		if (fate == VNM_FATE_MAYBE && chain->drops && !maybe &&
		    chain->hook == NF_INET_FORWARD)
			maybe = path;
	}
	if (maybe)
		report_drop(review, chain, maybe, 0, false);
}

/**
 * vnm_fw_foreign() - find foreign chains that drop packets of a network's guests in spite of our rules
 * @sys:      the handles
 * @plan:     of the network
 * @findings: a line is added for each such chain; none where tables are absent or not readable
 */
void vnm_fw_foreign(struct vnm_sys *sys, const struct vnm_plan *plan,
		    struct vnm_fw_findings *findings)
{
	struct review review = { .sys = sys, .plan = plan, .findings = findings };
	struct vnm_nft_chain *chain;

	vnm_fw_paths(sys, plan, &review.paths);
	if (review.paths.n == 0)
		return;
	vnm_fw_foreign_legacy(sys, plan, &review.paths, findings);
	for (size_t i = 0; (chain = vnm_nft_base_chain(sys, i)); i++)
		if (vnm_nft_family_word(chain->family) && !vnm_fw_comes_first(sys, plan, chain))
			review_chain(&review, chain);
}
