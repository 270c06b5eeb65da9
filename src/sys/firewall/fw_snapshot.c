/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_snapshot.c - the tables as they were read for checks.
 *
 * A table is read once for all networks that are checked. Each chain of ours gets an index by which a rule is found at
 * once, with its position.
 */
#include "sys/firewall/fw_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/firewall/fw_early.h"
#include "sys/firewall/fw_expected.h"
#include "sys/firewall/fw_place.h"
#include "sys/firewall/fwentry.h"
#include "sys/firewall/fwentry_read.h"
#include "util/file.h"
#include "util/mem.h"

#define NOT_TRIED 1

static const int families[] = { AF_INET, AF_INET6 };

/** struct seen_table - @result: of reading it; @ready: it could be read. */
struct seen_table {
	struct vnm_fw_handle handle;
	int result;
	bool ready;
};

/** struct seen - a chain of ours that was asked for; of all networks, or one network's own. */
struct seen {
	int family;
	enum vnm_fw_chain id;
	char own[VNM_IFNAME_SIZE];
	struct vnm_fw_seen_chain *chain;
};

/**
 * struct vnm_fw_snapshot - tables as last read
 * @bridged: packets that stay on their bridge meet the chains of FORWARD, too
 * @chains:  sorted
 */
struct vnm_fw_snapshot {
	enum vnm_tristate bridged[VNM_ARRAY_SIZE(families)];
	struct seen_table tables[VNM_ARRAY_SIZE(families)][VNM_FW_TABLE_COUNT];
	struct seen *chains;
	size_t n;
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

static struct vnm_fw_snapshot *snapshot(struct vnm_sys *sys)
{
	if (!sys->fw_seen)
		sys->fw_seen = snapshot_new();
	return sys->fw_seen;
}

/** vnm_fw_snapshot_forget() - drop what was read for checks. */
void vnm_fw_snapshot_forget(struct vnm_sys *sys)
{
	struct vnm_fw_snapshot *snap = sys->fw_seen;

	sys->fw_seen = NULL;
	for (size_t f = 0; snap && f < VNM_ARRAY_SIZE(families); f++) {
		for (int t = 0; t < VNM_FW_TABLE_COUNT; t++)
			vnm_fw_table_close(&snap->tables[f][t].handle);
	}
	for (size_t i = 0; snap && i < snap->n; i++) {
		free(snap->chains[i].chain->places);
		free(snap->chains[i].chain->hits);
		free(snap->chains[i].chain);
	}
	if (snap)
		free(snap->chains);
	free(snap);
}

/** vnm_fw_snapshot_table() - a table, read at the first call; set @ret in any case. Return: 0 or -errno. */
int vnm_fw_snapshot_table(struct vnm_sys *sys, int family, enum vnm_fw_table table,
			  const struct vnm_fw_handle **ret)
{
	struct seen_table *seen = &snapshot(sys)->tables[family_index(family)][table];

	if (seen->result == NOT_TRIED)
		seen->result = vnm_fw_table_read(sys, family, table, &seen->handle);
	*ret = &seen->handle;
	return seen->result;
}

/** vnm_fw_snapshot_ready() - vnm_fw_snapshot_table() of a table that is not needed yet: @ret may be closed */
int vnm_fw_snapshot_ready(struct vnm_sys *sys, int family, enum vnm_fw_table table,
			  const struct vnm_fw_handle **ret)
{
	struct seen_table *seen = &snapshot(sys)->tables[family_index(family)][table];
	const struct vnm_fw_table_impl *tables = vnm_fw_tables_of(sys);
	int r = 0;

	if (seen->result != NOT_TRIED || !tables->ready)
		return vnm_fw_snapshot_table(sys, family, table, ret);
	seen->handle = (struct vnm_fw_handle){ tables, family, table, NULL };
	*ret = &seen->handle;
	if (!seen->ready)
		r = tables->ready(sys, family, table);
	seen->ready = r == 0;
	return r;
}

static enum vnm_tristate tristate(bool is)
{
	return is ? VNM_TRI_YES : VNM_TRI_NO;
}

/** vnm_fw_snapshot_bridged() - do packets that stay on their bridge meet the chains of FORWARD, too? */
bool vnm_fw_snapshot_bridged(struct vnm_sys *sys, int family)
{
	const char *path = family == AF_INET ? "/proc/sys/net/bridge/bridge-nf-call-iptables"
					     : "/proc/sys/net/bridge/bridge-nf-call-ip6tables";
	enum vnm_tristate *bridged = &snapshot(sys)->bridged[family_index(family)];
	char value[8];

	if (*bridged == VNM_TRI_ABSENT)
		*bridged = tristate(vnm_proc_read(path, value, sizeof(value)) == 0 &&
				    strcmp(value, "0") != 0);
	return *bridged == VNM_TRI_YES;
}

static int place_cmp(const void *a, const void *b)
{
	const struct vnm_fw_place *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int find_foreign(struct vnm_sys *sys, const struct seen *seen, const uint64_t *hashes,
			size_t n)
{
	for (size_t i = 0; sys->fw_expected && i < n; i++)
		if (!vnm_fw_expected_has(sys->fw_expected, seen->family, seen->id, seen->own,
					 hashes[i]) &&
		    (*seen->own || !vnm_fw_is_early_return(seen->family, seen->id, hashes[i])))
			return vnm_fw_expected_complete(sys) ? (int)i : -1;
	return -1;
}

static bool has_jump(const struct vnm_fw_handle *handle, enum vnm_fw_chain chain)
{
	const struct vnm_fw_chain_info *info = &vnm_fw_chains[chain];
	vnm_autofwentry struct vnm_fwentry jump = { 0 };

	vnm_fwentry_jump(handle->family, info->name, &jump);
	return vnm_fw_has_rule(handle, info->parent, &jump);
}

/* The dispatch rules that lead to a network's own chain are rules, and checked as such. */
static struct vnm_fw_seen_chain *read_chain(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
					    const struct seen *seen)
{
	struct vnm_fw_seen_chain *chain = vnm_alloc(sizeof(*chain));
	vnm_autofree uint64_t *hashes = NULL;
	char name[VNM_FW_CHAIN_NAME];

	vnm_fw_chain_name(seen->id, seen->own, name);
	chain->n = vnm_fw_hashes(handle, name, &hashes);
	chain->places = vnm_alloc((chain->n ? chain->n : 1) * sizeof(*chain->places));
	for (size_t i = 0; i < chain->n; i++)
		chain->places[i] = (struct vnm_fw_place){ hashes[i], i };
	qsort(chain->places, chain->n, sizeof(*chain->places), place_cmp);
	chain->jump = has_jump(handle, seen->id);
	if (!*seen->own)
		chain->early_returns =
			vnm_fw_count_early_returns(handle->family, seen->id, hashes, chain->n);
	chain->foreign = find_foreign(sys, seen, hashes, chain->n);
	return chain;
}

static int seen_cmp(const void *item, const void *key)
{
	const struct seen *a = item, *b = key;

	if (a->family != b->family || a->id != b->id)
		return a->family != b->family ? a->family - b->family : (int)a->id - (int)b->id;
	return strcmp(a->own, b->own);
}

static struct vnm_fw_seen_chain *seen_chain(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
					    const struct seen *key)
{
	struct vnm_fw_snapshot *snap = sys->fw_seen;
	const size_t at =
		vnm_array_place(snap->chains, snap->n, sizeof(*snap->chains), key, seen_cmp);

	if (at < snap->n && seen_cmp(&snap->chains[at], key) == 0)
		return snap->chains[at].chain;
	snap->chains = vnm_array_add(snap->chains, &snap->n, sizeof(*snap->chains));
	memmove(&snap->chains[at + 1], &snap->chains[at],
		(snap->n - 1 - at) * sizeof(*snap->chains));
	snap->chains[at] = *key;
	snap->chains[at].chain = read_chain(sys, handle, key);
	return snap->chains[at].chain;
}

static struct vnm_fw_seen_chain *chain_of(struct vnm_sys *sys, int family, enum vnm_fw_chain id,
					  const char *own)
{
	struct seen key = { .family = family, .id = id };
	const struct vnm_fw_handle *handle;

	snprintf(key.own, sizeof(key.own), "%s", own);
	if (vnm_fw_snapshot_table(sys, family, vnm_fw_chains[id].table, &handle) < 0)
		return NULL;
	return seen_chain(sys, handle, &key);
}

/**
 * vnm_fw_snapshot_chain() - a chain of ours as it was read
 * @own: the bridge of the network whose own chain it is; "": that of all networks
 *
 * Return: NULL: its table cannot be read.
 */
const struct vnm_fw_seen_chain *vnm_fw_snapshot_chain(struct vnm_sys *sys, int family,
						      enum vnm_fw_chain chain, const char *own)
{
	return chain_of(sys, family, chain, own);
}

/** vnm_fw_snapshot_counted() - the chain of a rule, as vnm_fw_snapshot_chain(), with what each entry has matched */
const struct vnm_fw_seen_chain *vnm_fw_snapshot_counted(struct vnm_sys *sys,
							const struct vnm_fwrule *rule)
{
	struct vnm_fw_seen_chain *seen =
		chain_of(sys, rule->family, rule->chain, vnm_fwrule_own(rule));
	vnm_autofree const void **entries = NULL;
	const struct vnm_fw_handle *handle;
	char name[VNM_FW_CHAIN_NAME];

	if (!seen || seen->hits ||
	    vnm_fw_snapshot_table(sys, rule->family, vnm_fw_chains[rule->chain].table, &handle) < 0)
		return seen;
	vnm_fw_chain_name(rule->chain, vnm_fwrule_own(rule), name);
	seen->hits = vnm_alloc((seen->n ? seen->n : 1) * sizeof(*seen->hits));
	if (vnm_fw_list(handle, name, &entries) < seen->n)
		return seen;
	for (size_t i = 0; i < seen->n; i++)
		seen->hits[i] = vnm_fwentry_hits(rule->family, entries[i]);
	return seen;
}

/** vnm_fw_seen_find() - the first entry with a hash from position @from on. Return: its position, or @chain->n. */
size_t vnm_fw_seen_find(const struct vnm_fw_seen_chain *chain, uint64_t hash, size_t from)
{
	const struct vnm_fw_place key = { hash, from };
	const size_t i =
		vnm_array_place(chain->places, chain->n, sizeof(*chain->places), &key, place_cmp);

	return i < chain->n && chain->places[i].hash == hash ? chain->places[i].at : chain->n;
}
