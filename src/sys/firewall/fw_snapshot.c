/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_snapshot.c - the tables as they were read for checks.
 *
 * A table is read once for all networks that are checked. Each chain of ours gets an index by which a rule is found at
 * once, with its position.
 */
#include "sys/firewall/fw_snapshot.h"

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

/** struct seen_table - @result: of reading it; @chains: of ours, where they belong to it. */
struct seen_table {
	struct vnm_fw_handle handle;
	int result;
};

/** struct vnm_fw_snapshot - tables as last read. @bridged: packets that stay on their bridge meet the chains of FORWARD, too */
struct vnm_fw_snapshot {
	enum vnm_tristate bridged[VNM_ARRAY_SIZE(families)];
	struct seen_table tables[VNM_ARRAY_SIZE(families)][VNM_FW_TABLE_COUNT];
	struct vnm_fw_seen_chain *chains[VNM_ARRAY_SIZE(families)][VNM_CHAIN_COUNT];
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
		for (int c = 0; c < VNM_CHAIN_COUNT; c++) {
			if (snap->chains[f][c]) {
				free(snap->chains[f][c]->places);
				free(snap->chains[f][c]->hits);
			}
			free(snap->chains[f][c]);
		}
	}
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

static int find_foreign(struct vnm_sys *sys, int family, enum vnm_fw_chain chain,
			const uint64_t *hashes, size_t n)
{
	for (size_t i = 0; sys->fw_expected && i < n; i++)
		if (!vnm_fw_expected_has(sys->fw_expected, family, chain, hashes[i]) &&
		    !vnm_fw_is_early_return(family, chain, hashes[i]))
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

static struct vnm_fw_seen_chain *read_chain(struct vnm_sys *sys, const struct vnm_fw_handle *handle,
					    enum vnm_fw_chain chain)
{
	struct vnm_fw_seen_chain *seen = vnm_alloc(sizeof(*seen));
	vnm_autofree uint64_t *hashes = NULL;

	seen->n = vnm_fw_hashes(handle, vnm_fw_chains[chain].name, &hashes);
	seen->places = vnm_alloc((seen->n ? seen->n : 1) * sizeof(*seen->places));
	for (size_t i = 0; i < seen->n; i++)
		seen->places[i] = (struct vnm_fw_place){ hashes[i], i };
	qsort(seen->places, seen->n, sizeof(*seen->places), place_cmp);
	seen->jump = has_jump(handle, chain);
	seen->early_returns = vnm_fw_count_early_returns(handle->family, chain, hashes, seen->n);
	seen->foreign = find_foreign(sys, handle->family, chain, hashes, seen->n);
	return seen;
}

/** vnm_fw_snapshot_chain() - a chain of ours as it was read; NULL: its table cannot be read. */
const struct vnm_fw_seen_chain *vnm_fw_snapshot_chain(struct vnm_sys *sys, int family,
						      enum vnm_fw_chain chain)
{
	const struct vnm_fw_handle *handle;
	struct vnm_fw_seen_chain **seen;

	if (vnm_fw_snapshot_table(sys, family, vnm_fw_chains[chain].table, &handle) < 0)
		return NULL;
	seen = &sys->fw_seen->chains[family_index(family)][chain];
	if (!*seen)
		*seen = read_chain(sys, handle, chain);
	return *seen;
}

/** vnm_fw_snapshot_counted() - vnm_fw_snapshot_chain() with what each entry has matched */
const struct vnm_fw_seen_chain *vnm_fw_snapshot_counted(struct vnm_sys *sys, int family,
							enum vnm_fw_chain chain)
{
	struct vnm_fw_seen_chain *seen;
	vnm_autofree const void **entries = NULL;
	const struct vnm_fw_handle *handle;

	if (!vnm_fw_snapshot_chain(sys, family, chain) ||
	    vnm_fw_snapshot_table(sys, family, vnm_fw_chains[chain].table, &handle) < 0)
		return NULL;
	seen = sys->fw_seen->chains[family_index(family)][chain];
	if (seen->hits)
		return seen;
	seen->hits = vnm_alloc(seen->n * sizeof(*seen->hits));
	if (vnm_fw_list(handle, vnm_fw_chains[chain].name, &entries) < seen->n)
		return seen;
	for (size_t i = 0; i < seen->n; i++)
		seen->hits[i] = vnm_fwentry_hits(family, entries[i]);
	return seen;
}

/** vnm_fw_seen_find() - the first entry with a hash from position @from on. Return: its position, or @chain->n. */
size_t vnm_fw_seen_find(const struct vnm_fw_seen_chain *chain, uint64_t hash, size_t from)
{
	size_t low = 0, high = chain->n;
	const struct vnm_fw_place key = { hash, from };

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (place_cmp(&chain->places[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < chain->n && chain->places[low].hash == hash ? chain->places[low].at : chain->n;
}
