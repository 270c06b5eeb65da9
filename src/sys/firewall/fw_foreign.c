// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fw_foreign.c - does a foreign chain drop what we accept?
 *
 * A packet must be accepted by every base chain at its hook. An ACCEPT of ours in the legacy tables does not override
 * a DROP in an nf_tables chain, whatever the order; Docker, firewalld and ufw create such chains on most distributions.
 * Where iptables sees bridged packets (br_netfilter), the same goes for those that never leave their bridge, for which
 * we may have no rules at all. We must not change such chains, so they are reported, with the command that helps: as a
 * fault if certain (sys/firewall/nft_fate.c), else as a note.
 */
#include "sys/firewall/fw_foreign.h"

#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>

#include "sys/firewall/firewall.h"
#include "sys/firewall/fw_snapshot.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/nft_fate.h"
#include "sys/firewall/nft_read.h"
#include "util/mem.h"

/** struct path - packets of a network's guests that should pass. @hook: of the chains that they meet. */
struct path {
	unsigned hook;
	struct vnm_nft_probe probe;
	const char *what;
};

#define PATHS_MAX 12

/** struct review - one network. @routed4, @routed6: the host forwards its packets */
struct review {
	struct vnm_sys *sys;
	const struct vnm_plan *plan;
	struct vnm_fw_findings *findings;
	const char *bridge;
	bool routed4, routed6;
	struct path paths[PATHS_MAX];
	size_t n_paths;
};

static const char *family_word(uint8_t family)
{
	switch (family) {
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	case NFPROTO_INET: return "inet";
	default: return NULL; /* arp, bridge, netdev: not on a routed packet's path */
	}
}

static void add_way(struct review *review, unsigned hook, const struct vnm_nft_probe *probe,
		    const char *what)
{
	if (review->n_paths < PATHS_MAX)
		review->paths[review->n_paths++] = (struct path){ hook, *probe, what };
}

/* One service on the host stands for all: DHCP or DNS. */
static void add_service(struct review *review, enum vnm_fw_chain chain)
{
	bool in = chain == VNM_CHAIN_INP;

	for (size_t i = 0; i < review->plan->n; i++) {
		const struct vnm_fwrule *rule = &review->plan->ops[i].rule;
		struct vnm_nft_probe probe = { 0 };

		if (review->plan->ops[i].type != VNM_OP_RULE || rule->chain != chain ||
		    rule->target != VNM_TARGET_ACCEPT || !rule->dport || !rule->proto ||
		    rule->family != AF_INET)
			continue;
		probe = (struct vnm_nft_probe){ .in = in ? review->bridge : NULL,
						.out = in ? NULL : review->bridge,
						.fresh = true,
						.nfproto = NFPROTO_IPV4,
						.proto = rule->proto,
						.dport = rule->dport };
		add_way(review, in ? NF_INET_LOCAL_IN : NF_INET_LOCAL_OUT, &probe,
			in ? "requests to the host" : "the host's answers");
		return;
	}
}

static void add_family(struct review *review, uint8_t nfproto, bool routed)
{
	const char *bridge = review->bridge;
	const struct vnm_nft_probe from = { bridge, "", true, nfproto, 0, 0 };
	const struct vnm_nft_probe to = { "", bridge, false, nfproto, 0, 0 };
	const struct vnm_nft_probe first = { bridge, NULL, true, nfproto, 0, 0 };
	const struct vnm_nft_probe within = { bridge, bridge, true, nfproto, 0, 0 };

	if (routed) {
		add_way(review, NF_INET_PRE_ROUTING, &first, "packets");
		add_way(review, NF_INET_FORWARD, &from, "forwarded packets");
		add_way(review, NF_INET_FORWARD, &to, "forwarded packets");
	}
	if (vnm_fw_snapshot_bridged(review->sys, nfproto == NFPROTO_IPV4 ? AF_INET : AF_INET6))
		add_way(review, NF_INET_FORWARD, &within, "bridged packets");
}

/* The command that helps. */
static void add_advice(const struct vnm_nft_chain *chain, const char *bridge, struct vnm_buf *out)
{
	const char *family = family_word(chain->family);
	vnm_autofree char *insert = vnm_asprintf("nft insert rule %s %s %s", family, chain->table,
						 chain->name);

	if (chain->hook == NF_INET_FORWARD)
		vnm_buf_printf(out,
			       "%s iifname %s accept; %s oifname %s ct state "
			       "related,established accept",
			       insert, bridge, insert, bridge);
	else
		vnm_buf_printf(out, "%s %s %s accept", insert,
			       chain->hook == NF_INET_LOCAL_OUT ? "oifname" : "iifname", bridge);
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
			const struct path *path, uint64_t handle, bool certain)
{
	vnm_autobuf struct vnm_buf advice = { 0 }, by = { 0 };

	add_advice(chain, review->bridge, &advice);
	if (handle)
		vnm_buf_printf(&by, "the rule with handle %llu", (unsigned long long)handle);
	else
		vnm_buf_add(&by, "its policy");
	if (certain)
		vnm_warnings_add(
			&review->findings->obstacles,
			"nf_tables chain '%s' of table '%s %s' drops %s of the guests on "
			"%s by %s, whatever is accepted here; %slet them pass there, too: %s",
			chain->name, family_word(chain->family), chain->table, path->what,
			review->bridge, by.data, other_advice(review, chain), advice.data);
	else
		vnm_warnings_add(&review->findings->notes,
				 "nf_tables chain '%s' of table '%s %s' drops %s that none of its "
				 "rules accepts; if guests on %s are cut off, %slet them pass "
				 "there, too: %s",
				 chain->name, family_word(chain->family), chain->table, path->what,
				 review->bridge, other_advice(review, chain), advice.data);
}

static bool is_met(const struct vnm_nft_chain *chain, const struct path *path)
{
	return chain->hook == (int)path->hook &&
	       (chain->family == NFPROTO_INET || chain->family == path->probe.nfproto);
}

/* One line for a chain; certain drops before possible ones. */
static void review_chain(const struct review *review, struct vnm_nft_chain *chain)
{
	const struct path *maybe = NULL;

	for (size_t i = 0; i < review->n_paths; i++) {
		const struct path *path = &review->paths[i];
		enum vnm_nft_fate fate;
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

/* Does an entry match the bridge, or something that only bridged packets have? */
static bool may_accept(const struct review *review, const struct vnm_fw_handle *handle,
		       const void *entry)
{
	struct vnm_fw_side from, to;

	vnm_fwentry_sides(handle->family, entry, &from, &to);
	return !strcmp(from.dev, review->bridge) || !strcmp(to.dev, review->bridge) ||
	       vnm_fwentry_has_match(handle->family, entry, "physdev");
}

/* What is to be done about the policy, if guests are cut off. */
static void report_policy(const struct review *review, const char *tool, bool bridged)
{
	vnm_autofree char *insert = vnm_asprintf("%s -I FORWARD", tool);
	const char *bridge = review->bridge;

	if (bridged)
		vnm_warnings_add(
			&review->findings->notes,
			"chain FORWARD of %s has the policy DROP, and sees bridged packets "
			"(net.bridge.bridge-nf-call-%.*s=1); if guests on %s are cut off: "
			"%s -i %s -o %s -j ACCEPT",
			tool, (int)strcspn(tool, "-"), tool, bridge, insert, bridge, bridge);
	else
		vnm_warnings_add(&review->findings->notes,
				 "chain FORWARD of %s has the policy DROP, whatever nf_tables "
				 "accepts; if guests on %s are cut off: %s -i %s -j ACCEPT; "
				 "%s -o %s -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
				 tool, bridge, insert, bridge, insert, bridge);
}

/*
 * The legacy tables: where they are in use, rules of ours come first, and then the policy of FORWARD does not matter. Else
 * packets must be accepted there, too.
 */
static void review_policy(const struct review *review, int family, bool rules, bool routed)
{
	const bool ours = review->sys->fw_backend == VNM_FW_BACKEND_LEGACY;
	const bool bridged = vnm_fw_snapshot_bridged(review->sys, family) && !(ours && rules);
	const char *v = family == AF_INET ? "" : "6";
	vnm_autofree char *tool = vnm_asprintf("ip%stables%s", v, ours ? "" : "-legacy");
	vnm_autofree const void **list = NULL;
	const struct vnm_fw_handle *handle = NULL;
	size_t n;

	if (bridged || (routed && !ours))
		handle = vnm_fw_snapshot_legacy(review->sys, family);
	if (!handle || strcmp(vnm_fw_policy(handle, "FORWARD"), "DROP") != 0)
		return;
	n = vnm_fw_list(handle, "FORWARD", &list);
	for (size_t i = 0; i < n; i++)
		if (may_accept(review, handle, list[i]))
			return;
	report_policy(review, tool, bridged);
}

static void read_plan(struct review *review)
{
	bool rules = false;

	for (size_t i = 0; i < review->plan->n; i++) {
		const struct vnm_op *op = &review->plan->ops[i];

		if (op->type == VNM_OP_BRIDGE)
			review->bridge = op->bridge.name;
		else if (op->type == VNM_OP_REQUIRE_DEVICE && op->require_device.bridge)
			review->bridge = op->require_device.name;
		else if (op->type == VNM_OP_FORWARDING && op->forwarding.family == AF_INET)
			review->routed4 = true;
		else if (op->type == VNM_OP_FORWARDING)
			review->routed6 = true;
		rules |= op->type == VNM_OP_RULE;
	}
	if (!review->bridge)
		return;
	add_family(review, NFPROTO_IPV4, review->routed4);
	add_family(review, NFPROTO_IPV6, review->routed6);
	add_service(review, VNM_CHAIN_INP);
	add_service(review, VNM_CHAIN_OUT);
	review_policy(review, AF_INET, rules, review->routed4);
	review_policy(review, AF_INET6, rules, review->routed6);
}

/**
 * vnm_fw_foreign() - find foreign chains that drop packets of a network's guests in spite of our rules
 * @sys:      the handles
 * @plan:     of the network
 * @findings: a line is added for each such chain; none where nf_tables is absent or not readable
 */
void vnm_fw_foreign(struct vnm_sys *sys, const struct vnm_plan *plan,
		    struct vnm_fw_findings *findings)
{
	struct review review = { .sys = sys, .plan = plan, .findings = findings };
	struct vnm_nft_chain *chains;
	size_t n;

	read_plan(&review);
	n = review.n_paths ? vnm_nft_chains(sys, &chains) : 0;
	for (size_t i = 0; i < n; i++)
		if (chains[i].hook >= 0 && family_word(chains[i].family) &&
		    !vnm_fw_stands_in(sys, plan, &chains[i]))
			review_chain(&review, &chains[i]);
}
