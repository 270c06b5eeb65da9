/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_backend_impl.h - the interface that every firewall back end implements; firewall.c has the table of them. */
#ifndef VNM_SYS_FW_BACKEND_IMPL_H
#define VNM_SYS_FW_BACKEND_IMPL_H

#include "sys/firewall/fw_findings.h"
#include "sys/op_impl.h"

struct vnm_nft_chain;

/** struct vnm_fw_needs - what planned networks need. @rules, @rules6: of the family; @leases: DHCP beside rules */
struct vnm_fw_needs {
	bool rules, rules6, leases;
};

/** struct vnm_fw_hits - what a rule has matched since it was added. */
struct vnm_fw_hits {
	uint64_t packets, bytes;
};

/**
 * struct vnm_fw_backend_impl - one back end's implementation.
 * @rule:    of the kind RULE: prepare, check, apply_many, revert_many, replace_many
 * @review:  adds what keeps the existing rules of a network from being in effect; with sys->fw_expected
 *           foreign rules among ours, too
 * @release: removes what belongs to all networks, with sys->last_one; reverting the last rules does so already
 * @observe: which of what some rules need is there; without an answer it counts as present
 * @count:   what an existing rule has matched; -ENOENT: it does not exist
 * @see:     reads at once what checks of most networks need (NULL: the first check does so)
 * @forget:  drops what was read for checks
 * @comes_first: do rules of the plan come first in this base chain of nf_tables, and so decide there? (NULL: never)
 */
struct vnm_fw_backend_impl {
	struct vnm_op_impl rule;
	void (*review)(struct vnm_sys *sys, const struct vnm_plan *plan,
		       struct vnm_fw_findings *findings);
	int (*release)(struct vnm_sys *sys, struct vnm_error *err);
	void (*observe)(struct vnm_sys *sys, const struct vnm_fw_needs *needs,
			struct vnm_facts *facts);
	int (*count)(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_fw_hits *ret);
	void (*see)(struct vnm_sys *sys);
	void (*forget)(struct vnm_sys *sys);
	bool (*comes_first)(const struct vnm_plan *plan, const struct vnm_nft_chain *chain);
};

extern const struct vnm_fw_backend_impl vnm_fw_iptables_legacy,
	vnm_fw_iptables_nft; /* iptables.c */
extern const struct vnm_fw_backend_impl vnm_fw_nftables; /* nftables.c */

#endif
