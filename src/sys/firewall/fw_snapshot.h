/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_snapshot.h - the tables and our chains as they were read for checks. */
#ifndef VNM_SYS_FW_SNAPSHOT_H
#define VNM_SYS_FW_SNAPSHOT_H

#include "sys/firewall/fw_backend_impl.h"
#include "sys/firewall/fw_table.h"
#include "sys/sys.h"

/** struct vnm_fw_place - an entry of a chain: its hash, and its position. */
struct vnm_fw_place {
	uint64_t hash;
	size_t at;
};

/**
 * struct vnm_fw_seen_chain - a chain of ours as it was read.
 * @jump:    the built-in chain jumps to it, or to the chain that leads to a network's own
 * @early_returns: how many of its early-return rules it begins with
 * @places:  of its entries, sorted by hash, then position
 * @hits:    what each entry has matched, by position; NULL: not asked for yet
 * @foreign: the first entry that is not expected; -1: none
 */
struct vnm_fw_seen_chain {
	bool jump;
	size_t early_returns;
	struct vnm_fw_place *places;
	struct vnm_fw_hits *hits;
	size_t n;
	int foreign;
};

int vnm_fw_snapshot_table(struct vnm_sys *sys, int family, enum vnm_fw_table table,
			  const struct vnm_fw_handle **ret);
int vnm_fw_snapshot_ready(struct vnm_sys *sys, int family, enum vnm_fw_table table,
			  const struct vnm_fw_handle **ret);
bool vnm_fw_snapshot_bridged(struct vnm_sys *sys, int family);
const struct vnm_fw_seen_chain *vnm_fw_snapshot_chain(struct vnm_sys *sys, int family,
						      enum vnm_fw_chain chain, const char *own);
const struct vnm_fw_seen_chain *vnm_fw_snapshot_counted(struct vnm_sys *sys,
							const struct vnm_fwrule *rule);
size_t vnm_fw_seen_find(const struct vnm_fw_seen_chain *chain, uint64_t hash, size_t from);
void vnm_fw_snapshot_forget(struct vnm_sys *sys);

#endif
