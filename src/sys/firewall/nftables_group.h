/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_group.h - the rules in question of one chain of the back end "nftables", compared with those that are there. */
#ifndef VNM_SYS_NFTABLES_GROUP_H
#define VNM_SYS_NFTABLES_GROUP_H

#include "plan/firewall/nftables_layout.h"
#include "sys/firewall/nft_read.h"

/** struct vnm_nftables_slot - a rule and a chain that should hold it, or that may hold it though it should not. */
struct vnm_nftables_slot {
	const struct vnm_op *op;
	struct vnm_nftables_place place;
	size_t order;
	bool wanted;
};

/**
 * struct vnm_nftables_group - the slots of one chain, and the chain
 * @doomed:  rules that are to be deleted
 * @matches: which slot is which rule of the chain, after vnm_nftables_group_compare(): slot by slot
 */
struct vnm_nftables_group {
	struct vnm_nftables_slot *slots;
	size_t n;
	const struct vnm_nft_chain *chain;
	bool *doomed, *matches;
};

struct vnm_nftables_step vnm_nftables_step_of(const struct vnm_fwrule *rule);
void vnm_nftables_group_compare(struct vnm_nftables_group *group);
bool vnm_nftables_group_lists(const struct vnm_nftables_group *group, size_t rule, bool wanted);
bool vnm_nftables_group_stands(const struct vnm_nftables_group *group);
bool vnm_nftables_group_has_all(const struct vnm_nftables_group *group);

#endif
