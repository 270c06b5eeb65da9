/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_kernel.c - which of the matches and targets that rules need the kernel has.
 *
 * A commit with a match that the kernel lacks fails with a mere ENOENT. So each is probed by name and revision, as the
 * iptables commands do; that loads the module, too.
 */
#include "sys/firewall/fw_kernel.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sys/firewall/fw_table.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/host/kmod.h"
#include "util/mem.h"

/** struct extension - a match or target, and the kernel's answer: 0 or -errno. */
struct extension {
	int family;
	bool target;
	unsigned revision;
	char name[XT_EXTENSION_MAXNAMELEN];
	int answer;
};

/** struct vnm_fw_extensions - those already probed. */
struct vnm_fw_extensions {
	struct extension *items;
	size_t n;
};

/* Those whose module or option is not named xt_NAME, NETFILTER_XT_MATCH_NAME or _TARGET_NAME. */
static const struct {
	const char *name, *module4, *module6, *option4, *option6;
} odd_ones[] = {
	{ "tcp", "xt_tcpudp", "xt_tcpudp", "NETFILTER_XTABLES", "NETFILTER_XTABLES" },
	{ "udp", "xt_tcpudp", "xt_tcpudp", "NETFILTER_XTABLES", "NETFILTER_XTABLES" },
	{ "icmp", "ip_tables", "ip_tables", "IP_NF_IPTABLES", "IP_NF_IPTABLES" },
	{ "icmp6", "ip6_tables", "ip6_tables", "IP6_NF_IPTABLES", "IP6_NF_IPTABLES" },
	{ "rpfilter", "ipt_rpfilter", "ip6t_rpfilter", "IP_NF_MATCH_RPFILTER",
	  "IP6_NF_MATCH_RPFILTER" },
	{ "REJECT", "ipt_REJECT", "ip6t_REJECT", "IP_NF_TARGET_REJECT", "IP6_NF_TARGET_REJECT" },
	{ "SNAT", "xt_nat", "xt_nat", "NETFILTER_XT_NAT", "NETFILTER_XT_NAT" },
	{ "DNAT", "xt_nat", "xt_nat", "NETFILTER_XT_NAT", "NETFILTER_XT_NAT" },
};

static const char *family_word(int family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

static void upper(char *text)
{
	for (; *text; text++)
		*text = (char)toupper((unsigned char)*text);
}

/* Probed once. */
static int probe(struct vnm_sys *sys, int family, bool target, const char *name, unsigned revision)
{
	struct vnm_fw_extensions *probed;
	struct extension *ext;

	if (!sys->fw_extensions)
		sys->fw_extensions = vnm_alloc(sizeof(*sys->fw_extensions));
	probed = sys->fw_extensions;
	for (size_t i = 0; i < probed->n; i++) {
		ext = &probed->items[i];
		if (ext->family == family && ext->target == target && ext->revision == revision &&
		    !strcmp(ext->name, name))
			return ext->answer;
	}
	probed->items = vnm_array_add(probed->items, &probed->n, sizeof(*probed->items));
	ext = &probed->items[probed->n - 1];
	*ext = (struct extension){ .family = family, .target = target, .revision = revision };
	snprintf(ext->name, sizeof(ext->name), "%s", name);
	ext->answer = vnm_fw_tables_of(sys)->probe(sys, family, target, name, revision);
	return ext->answer;
}

/** vnm_fw_extensions_free() - free the kernel's answers; NULL is fine. */
void vnm_fw_extensions_free(struct vnm_fw_extensions *probed)
{
	if (probed)
		free(probed->items);
	free(probed);
}

static bool is_missing(int answer)
{
	return answer == -ENOENT || answer == -EPROTONOSUPPORT;
}

/* Its module and its kernel option, as named for the family. */
static void name_parts(int family, bool target, const char *name, char **module, char **option)
{
	for (size_t i = 0; i < VNM_ARRAY_SIZE(odd_ones); i++) {
		if (strcmp(odd_ones[i].name, name) != 0)
			continue;
		*module = vnm_strdup(family == AF_INET ? odd_ones[i].module4 : odd_ones[i].module6);
		*option = vnm_strdup(family == AF_INET ? odd_ones[i].option4 : odd_ones[i].option6);
		return;
	}
	*module = vnm_asprintf("xt_%s", name);
	*option = vnm_asprintf("NETFILTER_XT_%s_%s", target ? "TARGET" : "MATCH", name);
	upper(*option);
}

static int no_extension(const struct vnm_fwrule *rule, bool target,
			const struct xt_entry_match *ext, int answer, struct vnm_error *err)
{
	const char *name = ext->u.user.name, *table;
	vnm_autofree char *module = NULL, *option = NULL;
	vnm_autobuf struct vnm_buf text = { 0 }, remedy = { 0 };

	table = vnm_enum_name(&vnm_enum_fw_table, (int)vnm_fw_chains[rule->chain].table);
	name_parts(rule->family, target, name, &module, &option);
	vnm_fwrule_format(rule, &text);
	vnm_kmod_remedy(module, &remedy);
	if (answer == -EPROTONOSUPPORT)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, -answer,
			"this kernel is too old: it has the %s '%s' (module %s), but "
			"not revision %u of it, for the rule '%s' of the %s table "
				     "'%s'",
			target ? "target" : "match", name, module, ext->u.user.revision, text.data,
			family_word(rule->family), table);
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, -answer,
			     "this kernel lacks the %s '%s' (module %s, CONFIG_%s), for the "
			     "rule '%s' of the %s table '%s'; %s",
			     target ? "target" : "match", name, module, option, text.data,
			     family_word(rule->family), table, remedy.data);
}

/* @at: its header, which is the same for matches and targets. */
static int need(struct vnm_sys *sys, const struct vnm_fwrule *rule, bool target, const char *at,
		struct vnm_error *err)
{
	struct xt_entry_match ext;
	int answer;

	memcpy(&ext, at, sizeof(ext));
	if (target && vnm_fwentry_is_standard(ext.u.user.name))
		return 0;
	answer = probe(sys, rule->family, target, ext.u.user.name, ext.u.user.revision);
	return is_missing(answer) ? no_extension(rule, target, &ext, answer, err) : 0;
}

/**
 * vnm_fw_rule_possible() - has the kernel the matches and the target of a rule?
 * @sys:  the handles; each extension is probed once
 * @rule: the rule, whose table exists
 * @err:  VNM_ERR_UNSUPPORTED, with the names of what is missing and what to do
 *
 * Without an answer an extension counts as present: the commit will tell.
 *
 * Return: 0 or -errno.
 */
int vnm_fw_rule_possible(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_error *err)
{
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	size_t at, target;
	int r = 0;

	vnm_fwentry_compile(rule, &entry);
	if (rule->family == AF_INET) {
		at = sizeof(struct ipt_entry);
		target = ((const struct ipt_entry *)entry.data)->target_offset;
	} else {
		at = sizeof(struct ip6t_entry);
		target = ((const struct ip6t_entry *)entry.data)->target_offset;
	}
	while (r == 0 && at < target) {
		const char *match = (const char *)entry.data + at;

		r = need(sys, rule, false, match, err);
		at += ((const struct xt_entry_match *)match)->u.match_size;
	}
	if (r == 0 && target < entry.size)
		r = need(sys, rule, true, (const char *)entry.data + target, err);
	return r;
}

static void observe_guard(struct vnm_sys *sys, int family, struct vnm_facts *facts)
{
	bool *missing = family == AF_INET ? &facts->no_guard4 : &facts->no_guard6;
	struct vnm_fw_handle handle = { 0 };
	int r = vnm_fw_table_read(sys, family, VNM_FW_RAW, &handle);

	if (r == 0)
		vnm_fw_table_close(&handle);
	facts->no_tables |= r == -ENOPROTOOPT || r == -EPROTONOSUPPORT;
	*missing = r == -ENOENT || r == -ENOPROTOOPT || r == -ENOPKG ||
		   is_missing(probe(sys, family, true, "CT", VNM_FWENTRY_CT_REVISION)) ||
		   is_missing(probe(sys, family, false, "addrtype", VNM_FWENTRY_ADDRTYPE_REVISION));
}

/* The match is not probed without br_netfilter: that would load it, and then iptables would see bridged packets. */
static bool sees_bridged(struct vnm_sys *sys)
{
	return access("/proc/sys/net/bridge/bridge-nf-call-iptables", F_OK) == 0 &&
	       !is_missing(probe(sys, AF_INET, false, "physdev", 0));
}

/**
 * vnm_fw_kernel_observe() - has the kernel what some rules need?
 * @sys:   the handles
 * @needs: what is asked for
 * @facts: gets the answers; without one it counts as present
 *
 * That is the target for old DHCP clients; what tells bridged packets from routed ones; what keeps forged packets from
 * guests; and the match of a device's group, for the early-return rules of our chains.
 */
void vnm_fw_kernel_observe(struct vnm_sys *sys, const struct vnm_fw_needs *needs,
			   struct vnm_facts *facts)
{
	if (needs->leases)
		facts->no_checksum = is_missing(probe(sys, AF_INET, true, "CHECKSUM", 0));
	if (needs->rules)
		facts->sees_bridged = sees_bridged(sys);
	if (needs->rules)
		observe_guard(sys, AF_INET, facts);
	if (needs->rules6)
		observe_guard(sys, AF_INET6, facts);
	if (needs->rules && !facts->no_tables)
		facts->no_groups = is_missing(probe(sys, AF_INET, false, "devgroup", 0));
}
