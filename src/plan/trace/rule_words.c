/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_words.c - a rule of a trail in words.
 *
 * A rule of a program that manages the firewall comes back when that program reloads it, so what mends it is a command of
 * that program. Before a rule or policy of nobody known that drops, the bridge's packets are accepted: what it is for stays in
 * effect. A rule that leads packets astray is deleted, and so is one where they leave: the bridge is not known there.
 */
#include "plan/trace/rule_words.h"

#include <string.h>

#include <linux/netfilter.h>

#include "plan/firewall/accept_rule.h"
#include "util/mem.h"

/** struct owner - a program, and what its names of tables and chains begin with. NULL: any */
struct owner {
	const char *name, *table, *chain;
};

static const struct owner owners[] = {
	{ "vnetmgr", "vnetmgr", NULL },
	{ "vnetmgr", NULL, "VNM_" },
	{ "firewalld", "firewalld", NULL },
	{ "docker", "docker", NULL },
	{ "docker", NULL, "DOCKER" },
	{ "ufw", NULL, "ufw-" },
	{ "ufw", NULL, "ufw6-" },
	{ "libvirt", "libvirt_network", NULL },
	{ "libvirt", NULL, "LIBVIRT_" },
	{ "kubernetes", NULL, "KUBE-" },
	{ "kubernetes", "kube-proxy", NULL },
	{ "calico", NULL, "cali-" },
	{ "podman", "netavark", NULL },
	{ "podman", NULL, "NETAVARK" },
	{ "cni", NULL, "CNI-" },
	{ "fail2ban", NULL, "f2b-" },
	{ "fail2ban", "f2b-table", NULL },
	{ "incus", "incus", NULL },
	{ "lxd", "lxd", NULL },
};

static bool begins(const char *name, const char *with)
{
	return !with || strncmp(name, with, strlen(with)) == 0;
}

/** vnm_rule_owner() - the program whose rule or chain it is, by its names; NULL: unknown */
const char *vnm_rule_owner(const struct vnm_trace_event *event)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(owners); i++)
		if (begins(event->table, owners[i].table) && begins(event->chain, owners[i].chain))
			return owners[i].name;
	return NULL;
}

/** vnm_rule_family() - the family of its table, as nft(8) has it */
const char *vnm_rule_family(const struct vnm_trace_event *event)
{
	switch (event->family) {
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	case NFPROTO_ARP: return "arp";
	case NFPROTO_NETDEV: return "netdev";
	case NFPROTO_BRIDGE: return "bridge";
	default: return "inet";
	}
}

/* Is it in a table that iptables-nft makes? */
static bool is_iptables_nft(const struct vnm_trace_event *event)
{
	static const char *const tables[] = { "filter", "nat", "mangle", "raw", "security" };

	if (event->legacy || (event->family != NFPROTO_IPV4 && event->family != NFPROTO_IPV6))
		return false;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(tables); i++)
		if (!strcmp(event->table, tables[i]))
			return true;
	return false;
}

static const char *tool_of(const struct vnm_trace_event *event)
{
	bool v6 = event->family == NFPROTO_IPV6;

	if (event->legacy)
		return v6 ? "ip6tables-legacy" : "iptables-legacy";
	return v6 ? "ip6tables-nft" : "iptables-nft";
}

static void add_table(const struct vnm_trace_event *event, struct vnm_buf *out)
{
	vnm_buf_printf(out, "%s -t %s", tool_of(event), event->table);
}

/** vnm_rule_place() - "rule 3 of chain FORWARD in the legacy table filter", "the policy of chain f in table inet fw" */
void vnm_rule_place(const struct vnm_trace_event *event, struct vnm_buf *out)
{
	if (event->kind == VNM_TRACED_POLICY)
		vnm_buf_add(out, "the policy");
	else if (event->legacy)
		vnm_buf_printf(out, "rule %llu", (unsigned long long)event->number);
	else
		vnm_buf_printf(out, "the rule with handle %llu", (unsigned long long)event->number);
	vnm_buf_printf(out, " of chain %s in ", event->chain);
	if (event->legacy)
		vnm_buf_printf(out, "the legacy table %s%s", event->table,
			       event->family == NFPROTO_IPV6 ? " of IPv6" : "");
	else
		vnm_buf_printf(out, "table %s %s", vnm_rule_family(event), event->table);
}

/** vnm_rule_show() - the command that shows its chain */
void vnm_rule_show(const struct vnm_trace_event *event, struct vnm_buf *out)
{
	if (event->legacy || is_iptables_nft(event)) {
		add_table(event, out);
		vnm_buf_printf(out, " -S %s", event->chain);
	} else
		vnm_buf_printf(out, "nft -a list chain %s %s %s", vnm_rule_family(event),
			       event->table, event->chain);
}

/* Of answers alone: by whatever device they come, nobody gets in with them who was not asked. */
static void add_accept_answers(const struct vnm_trace_event *event, struct vnm_buf *out)
{
	if (event->legacy || is_iptables_nft(event)) {
		add_table(event, out);
		vnm_buf_printf(out, " -I %s -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
			       event->chain);
	} else
		vnm_buf_printf(out, "nft insert rule %s %s %s ct state related,established accept",
			       vnm_rule_family(event), event->table, event->chain);
}

/* The bridge is where the packet comes from, where it goes to, or, when it is forwarded, either. */
static void add_accept(const struct vnm_trace_event *event, const char *bridge, bool answer,
		       struct vnm_buf *out)
{
	const struct vnm_accept_place place = {
		.tool = event->legacy || is_iptables_nft(event) ? tool_of(event) : NULL,
		.family = vnm_rule_family(event),
		.table = event->table,
		.chain = event->chain,
	};
	bool from = event->stage != VNM_STAGE_OUTPUT && event->stage != VNM_STAGE_POSTROUTING;
	bool to = event->stage >= VNM_STAGE_FORWARD;

	if (event->family == NFPROTO_BRIDGE || event->family == NFPROTO_NETDEV)
		return vnm_buf_printf(out, "nft insert rule %s %s %s accept",
				      vnm_rule_family(event), event->table, event->chain);
	if (answer && event->stage != VNM_STAGE_OUTPUT && event->stage != VNM_STAGE_FORWARD)
		return add_accept_answers(event, out);
	vnm_accept_rule(&place, bridge,
			from && to ? VNM_ACCEPT_BOTH
			: to	   ? VNM_ACCEPT_TO
				   : VNM_ACCEPT_FROM,
			out);
}

/*
 * Do our own rules in that table decide what is forwarded? An ACCEPT before them would leave nothing to decide: they are to
 * come first again.
 */
static bool has_ours(const struct vnm_trace_event *event, enum vnm_fw_backend backend)
{
	return event->stage == VNM_STAGE_FORWARD && !strcmp(event->table, "filter") &&
	       ((backend == VNM_FW_BACKEND_LEGACY && event->legacy) ||
		(backend == VNM_FW_BACKEND_IPTABLES_NFT && is_iptables_nft(event)));
}

/** vnm_rule_delete() - the command that deletes a rule */
void vnm_rule_delete(const struct vnm_trace_event *event, struct vnm_buf *out)
{
	unsigned at = event->legacy ? (unsigned)event->number : event->ordinal;

	if ((event->legacy || is_iptables_nft(event)) && at > 0) {
		add_table(event, out);
		vnm_buf_printf(out, " -D %s %u", event->chain, at);
	} else
		vnm_buf_printf(out, "nft delete rule %s %s %s handle %llu", vnm_rule_family(event),
			       event->table, event->chain, (unsigned long long)event->number);
}

/** vnm_rule_drops() - does it stop packets, and does not lead them elsewhere? */
bool vnm_rule_drops(const struct vnm_trace_event *event)
{
	return event->fate == VNM_FATED_DROP || event->fate == VNM_FATED_REJECT;
}

static bool is_by(const char *owner, const char *name)
{
	return owner && !strcmp(owner, name);
}

/** vnm_rule_is_ours() - is it vnetmgr's? */
bool vnm_rule_is_ours(const struct vnm_trace_event *event)
{
	return is_by(vnm_rule_owner(event), "vnetmgr");
}

/**
 * vnm_rule_mend() - the command that lets the packets of the guests on a bridge pass
 * @event:  the rule or policy that stopped one
 * @bridge: the bridge
 * @answer: it was an answer to a packet that had passed
 * @backend: the firewall back end of our rules
 * @out:    gets the command; nothing for a rule of ours
 */
void vnm_rule_mend(const struct vnm_trace_event *event, const char *bridge, bool answer,
		   enum vnm_fw_backend backend, struct vnm_buf *out)
{
	const char *owner = vnm_rule_owner(event), *tool = tool_of(event);
	bool input = event->stage == VNM_STAGE_INPUT;

	if (vnm_rule_is_ours(event))
		return;
	if (is_by(owner, "firewalld"))
		vnm_buf_printf(out, "firewall-cmd --zone=trusted --change-interface=%s", bridge);
	else if (is_by(owner, "ufw") && input)
		vnm_buf_printf(out, "ufw allow in on %s", bridge);
	else if (is_by(owner, "ufw"))
		vnm_buf_printf(out, "ufw route allow in on %s && ufw route allow out on %s", bridge,
			       bridge);
	else if (is_by(owner, "docker") && (event->legacy || is_iptables_nft(event)))
		vnm_buf_printf(out,
			       "%s -I DOCKER-USER -i %s -j ACCEPT && %s -I DOCKER-USER -o %s -j "
			       "ACCEPT",
			       tool, bridge, tool, bridge);
	else if (has_ours(event, backend))
		vnm_buf_add(out, "vnetmgr net-repair --all");
	else if (event->kind == VNM_TRACED_POLICY ||
		 (vnm_rule_drops(event) && event->stage != VNM_STAGE_POSTROUTING))
		add_accept(event, bridge, answer, out);
	else
		vnm_rule_delete(event, out);
}
