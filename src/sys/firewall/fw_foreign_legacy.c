/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_foreign_legacy.c - does a chain of the legacy tables drop what we accept? See fw_foreign.c. */
#include "sys/firewall/fw_foreign_legacy.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>

#include "plan/firewall/accept_rule.h"
#include "sys/firewall/fw_fate.h"
#include "sys/firewall/fw_legacy_seen.h"
#include "util/mem.h"

/** struct review - one network and a table. */
struct review {
	struct vnm_sys *sys;
	const struct vnm_plan *plan;
	const struct vnm_fw_paths *paths;
	struct vnm_fw_findings *findings;
	const struct vnm_fw_handle *handle;
};

static const struct {
	int hook;
	enum vnm_fw_table table;
	const char *name;
} chains[] = {
	{ NF_INET_PRE_ROUTING, VNM_FW_RAW, "PREROUTING" },
	{ NF_INET_PRE_ROUTING, VNM_FW_MANGLE, "PREROUTING" },
	{ NF_INET_LOCAL_IN, VNM_FW_MANGLE, "INPUT" },
	{ NF_INET_LOCAL_IN, VNM_FW_FILTER, "INPUT" },
	{ NF_INET_FORWARD, VNM_FW_MANGLE, "FORWARD" },
	{ NF_INET_FORWARD, VNM_FW_FILTER, "FORWARD" },
	{ NF_INET_LOCAL_OUT, VNM_FW_RAW, "OUTPUT" },
	{ NF_INET_LOCAL_OUT, VNM_FW_MANGLE, "OUTPUT" },
	{ NF_INET_LOCAL_OUT, VNM_FW_FILTER, "OUTPUT" },
};

/* Do rules of the plan come first in the chain, and so decide there? */
static bool is_ours(const struct review *review, int family, enum vnm_fw_table table,
		    const char *chain)
{
	if (review->sys->fw_backend != VNM_FW_BACKEND_LEGACY)
		return false;
	for (size_t i = 0; i < review->plan->n; i++) {
		const struct vnm_fwrule *rule = &review->plan->ops[i].rule;

		if (review->plan->ops[i].type == VNM_OP_RULE && rule->family == family &&
		    vnm_fw_chains[rule->chain].table == table &&
		    !strcmp(vnm_fw_chains[rule->chain].parent, chain))
			return true;
	}
	return false;
}

/* The command for the legacy tables: where there is only one kind it may have the short name alone. */
static const char *tool_of(int family)
{
	static const char *const directories[] = { "/usr/sbin", "/sbin", "/usr/bin",
						   "/usr/local/sbin" };
	static const char *const tools[][2] = { { "iptables-legacy", "iptables" },
						{ "ip6tables-legacy", "ip6tables" } };
	const char *const *tool = tools[family == AF_INET6];

	for (size_t i = 0; i < VNM_ARRAY_SIZE(directories); i++) {
		vnm_autofree char *path = vnm_asprintf("%s/%s", directories[i], tool[0]);

		if (access(path, X_OK) == 0)
			return tool[0];
	}
	return tool[1];
}

/* The commands that help; allocated. */
static char *advice(const struct review *review, const char *chain, const struct vnm_fw_path *path)
{
	const struct vnm_accept_place place = { .tool = tool_of(review->handle->family),
						.table = vnm_enum_name(&vnm_enum_fw_table,
								       (int)review->handle->table),
						.chain = chain };
	const struct vnm_fw_probe *probe = &path->probe;
	enum vnm_accept_way way = VNM_ACCEPT_FROM;
	vnm_autobuf struct vnm_buf out = { 0 };

	if (path->hook == NF_INET_LOCAL_OUT)
		way = VNM_ACCEPT_TO;
	else if (path->hook == NF_INET_FORWARD)
		way = *probe->in && *probe->out ? VNM_ACCEPT_WITHIN : VNM_ACCEPT_BOTH;
	vnm_accept_rule(&place, review->paths->bridge, way, &out);
	return vnm_buf_steal(&out);
}

static void report(const struct review *review, const char *chain, const struct vnm_fw_path *path,
		   const struct vnm_fw_spot *spot, bool certain)
{
	const char *table = vnm_enum_name(&vnm_enum_fw_table, (int)review->handle->table);
	const char *family = review->handle->family == AF_INET6 ? "IPv6 " : "";
	vnm_autofree char *help = advice(review, chain, path);
	vnm_autofree char *show = vnm_asprintf("%s -t %s -S %s", tool_of(review->handle->family),
					       table, spot->rule ? spot->chain : chain);
	vnm_autofree char *by =
		spot->rule ? vnm_asprintf("rule %u of chain '%s'", spot->rule, spot->chain)
			   : vnm_strdup("its policy");

	if (certain)
		vnm_fw_obstacle(review->findings, help, show,
				"chain '%s' of the legacy %stable '%s' drops %s the guests on "
				"%s by %s, whatever is accepted here; let them pass there, too: "
				"%s",
				chain, family, table, path->what, review->paths->bridge, by, help);
	else
		vnm_warnings_add(
			&review->findings->notes,
			"chain '%s' of the legacy %stable '%s' drops %s the guests that none of "
			"its rules accepts; if those on %s are cut off, let them pass "
			"there, too: %s",
			chain, family, table, path->what, review->paths->bridge, help);
}

/* One line for a chain; certain drops before possible ones. */
static void review_chain(const struct review *review, const char *chain, int hook)
{
	const uint8_t nfproto = review->handle->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	const struct vnm_fw_path *maybe = NULL;
	struct vnm_fw_spot spot;

	for (size_t i = 0; i < review->paths->n; i++) {
		const struct vnm_fw_path *path = &review->paths->items[i];
		enum vnm_fw_fate fate;

		if (path->hook != hook || path->probe.nfproto != nfproto)
			continue;
		fate = vnm_fw_fate(review->sys, review->handle, chain, &path->probe, &spot);
		if (fate == VNM_FATE_DROPPED)
			return report(review, chain, path, &spot, true);
		if (fate == VNM_FATE_MAYBE && hook == NF_INET_FORWARD && !maybe &&
		    !strcmp(vnm_fw_policy(review->handle, chain), "DROP"))
			maybe = path;
	}
	if (maybe)
		report(review, chain, maybe, &spot, false);
}

/**
 * vnm_fw_foreign_legacy() - find chains of the legacy tables that drop packets of a network's guests
 * @sys:      the handles
 * @plan:     of the network
 * @paths:    its packets
 * @findings: a line is added for each such chain; none where there are no such tables
 */
void vnm_fw_foreign_legacy(struct vnm_sys *sys, const struct vnm_plan *plan,
			   const struct vnm_fw_paths *paths, struct vnm_fw_findings *findings)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct review review = { sys, plan, paths, findings, NULL };

	for (size_t f = 0; f < VNM_ARRAY_SIZE(families); f++)
		for (size_t i = 0; i < VNM_ARRAY_SIZE(chains); i++) {
			if (is_ours(&review, families[f], chains[i].table, chains[i].name))
				continue;
			review.handle = vnm_fw_legacy_seen(sys, families[f], chains[i].table);
			if (review.handle)
				review_chain(&review, chains[i].name, chains[i].hook);
		}
}
