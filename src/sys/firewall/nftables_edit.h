/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_edit.h - edit the tables of the back end "nftables", in one transaction. */
#ifndef VNM_SYS_NFTABLES_EDIT_H
#define VNM_SYS_NFTABLES_EDIT_H

#include "sys/firewall/fw_findings.h"
#include "sys/netlink/nl_batch.h"

/**
 * struct vnm_nftables_edit - an edit
 * @ops:      rules that should be there, all of each network
 * @gone:     rules that should not
 * @last_one: no other network is active: with the last rule the tables go, too
 * @findings: gets what is wrong, besides absent rules; or NULL
 * @batch:    the messages, without the beginning and the end
 */
struct vnm_nftables_edit {
	struct vnm_sys *sys;
	const struct vnm_op *const *ops, *const *gone;
	size_t n, n_gone;
	bool last_one;
	struct vnm_fw_findings *findings;
	struct vnm_nl_batch batch;
};

int vnm_nftables_edit(struct vnm_nftables_edit *edit);

#endif
