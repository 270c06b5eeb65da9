/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_rules.c - the rules of a trail: what each did, and its text.
 *
 * A report of a legacy table has no verdict: the rule's target has. One of nf_tables has, but a rule that rejects
 * reports a drop, too.
 */
#include "sys/trace/trace_rules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_CT.h>

#include "sys/firewall/fw_nft_decode.h"
#include "sys/firewall/fw_table_impl.h"
#include "sys/firewall/fwentry_read.h"
#include "sys/firewall/fwentry_text.h"
#include "sys/firewall/nft_read.h"
#include "sys/firewall/nft_text.h"
#include "util/mem.h"

/** struct tables - the legacy tables of one family, read when needed. */
struct tables {
	struct vnm_sys *sys;
	struct vnm_fw_handle items[VNM_FW_TABLE_COUNT];
};

static const struct vnm_fw_handle *legacy_table(struct tables *tables, int family, const char *name)
{
	int table = vnm_enum_value(&vnm_enum_fw_table, name);
	struct vnm_fw_handle *handle;

	if (table < 0)
		return NULL;
	handle = &tables->items[table];
	if (!handle->impl) {
		*handle = (struct vnm_fw_handle){ &vnm_fw_tables_legacy, family,
						  (enum vnm_fw_table)table, NULL };
		(void)handle->impl->read(tables->sys, handle);
	}
	return handle->data ? handle : NULL;
}

static enum vnm_fate fate_of_target(const char *target)
{
	static const struct {
		const char *target;
		enum vnm_fate fate;
	} fates[] = {
		{ "ACCEPT", VNM_FATED_ACCEPT },	  { "DROP", VNM_FATED_DROP },
		{ "REJECT", VNM_FATED_REJECT },	  { "DNAT", VNM_FATED_ACCEPT },
		{ "SNAT", VNM_FATED_ACCEPT },	  { "MASQUERADE", VNM_FATED_ACCEPT },
		{ "REDIRECT", VNM_FATED_ACCEPT }, { "NETMAP", VNM_FATED_ACCEPT },
		{ "QUEUE", VNM_FATED_AWAY },	  { "NFQUEUE", VNM_FATED_AWAY },
		{ "TARPIT", VNM_FATED_AWAY },	  { "SYNPROXY", VNM_FATED_AWAY },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(fates); i++)
		if (!strcmp(fates[i].target, target))
			return fates[i].fate;
	return VNM_FATED_ON;
}

/* "-j NOTRACK" is "-j CT --notrack" of today. */
static bool untracks(int family, const void *entry, const char *target)
{
	const struct vnm_fwentry_view v = vnm_fwentry_view(family, entry);
	const struct xt_entry_target *head = (const void *)v.target;
	const struct xt_ct_target_info *info = (const void *)head->data;

	if (!strcmp(target, "NOTRACK"))
		return true;
	return !strcmp(target, "CT") &&
	       head->u.target_size >= sizeof(*head) + sizeof(info->flags) &&
	       info->flags & XT_CT_NOTRACK;
}

static void add_text(struct vnm_trace_event *event, int family, const void *entry,
		     const char *target)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_buf_printf(&text, "-A %s ", event->chain);
	vnm_fwentry_text(family, entry, target, &text);
	event->text = vnm_buf_steal(&text);
}

/* A rule without conditions is reported as the end of its chain, by its number (kernel get_chainname_rulenum()). */
static void read_legacy(struct tables *tables, struct vnm_trace_event *event)
{
	int family = event->family == NFPROTO_IPV6 ? AF_INET6 : AF_INET;
	const struct vnm_fw_handle *handle = legacy_table(tables, family, event->table);
	vnm_autofree const void **entries = NULL;
	const char *target, *policy;
	size_t n;

	if (!handle)
		return;
	n = handle->impl->list(handle, event->chain, &entries);
	if (event->number >= 1 && event->number <= n) {
		target = handle->impl->target_of(handle, entries[event->number - 1]);
		event->kind = VNM_TRACED_RULE;
		event->fate = fate_of_target(target);
		event->untracks = untracks(family, entries[event->number - 1], target);
		return add_text(event, family, entries[event->number - 1], target);
	}
	if (event->kind != VNM_TRACED_POLICY)
		return;
	policy = handle->impl->policy(handle, event->chain);
	event->fate = policy && !strcmp(policy, "DROP") ? VNM_FATED_DROP : VNM_FATED_ACCEPT;
}

/* Is it a table that iptables-nft makes? */
static bool is_iptables(const struct vnm_trace_event *event)
{
	return (event->family == NFPROTO_IPV4 || event->family == NFPROTO_IPV6) &&
	       vnm_enum_value(&vnm_enum_fw_table, event->table) >= 0;
}

static void read_nft_rule(struct vnm_trace_event *event, const struct vnm_nft_rule *rule)
{
	int family = event->family == NFPROTO_IPV6 ? AF_INET6 : AF_INET;
	vnm_autofwentry struct vnm_fwentry entry = { 0 };
	vnm_autofree char *target = NULL;
	struct vnm_buf text = { 0 };

	vnm_fw_nft_decode(family, rule->exprs, rule->len, &entry, &target);
	event->untracks = untracks(family, entry.data, target) ||
			  vnm_fwentry_has_match(family, entry.data, "notrack");
	if (event->fate == VNM_FATED_DROP && !strcmp(target, "REJECT"))
		event->fate = VNM_FATED_REJECT;
	if (is_iptables(event)) {
		add_text(event, family, entry.data, target);
		return;
	}
	vnm_nft_text(event->family, rule, &text);
	event->text = text.len ? vnm_buf_steal(&text) : NULL;
}

static void read_nft(struct vnm_sys *sys, struct vnm_trace_event *event)
{
	struct vnm_nft_chain chain = { .family = event->family,
				       .table = vnm_strdup(event->table),
				       .name = vnm_strdup(event->chain) };

	(void)vnm_nft_rules_read(sys, &chain);
	for (size_t i = 0; i < chain.n; i++)
		if (chain.rules[i].handle == event->number) {
			event->ordinal = (unsigned)i + 1;
			read_nft_rule(event, &chain.rules[i]);
		}
	vnm_nft_chain_clear(&chain);
}

/**
 * vnm_trace_rules() - read the rules of a trail
 * @sys:   the handles
 * @trail: of one packet; its reports get texts and fates
 *
 * What cannot be read any more stays as it was reported.
 */
void vnm_trace_rules(struct vnm_sys *sys, struct vnm_trail *trail)
{
	struct tables tables = { .sys = sys };

	for (size_t i = 0; i < trail->n; i++) {
		struct vnm_trace_event *event = &trail->events[i];

		if (event->ours || event->kind == VNM_TRACED_LOG)
			continue;
		if (event->legacy)
			read_legacy(&tables, event);
		else if (event->kind == VNM_TRACED_RULE)
			read_nft(sys, event);
	}
	for (int table = 0; table < VNM_FW_TABLE_COUNT; table++)
		if (tables.items[table].data)
			tables.items[table].impl->close(&tables.items[table]);
}
