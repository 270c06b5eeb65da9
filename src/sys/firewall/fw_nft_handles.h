/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_handles.h - by which handles the kernel knows the rules in chains that all networks share. */
#ifndef VNM_SYS_FW_NFT_HANDLES_H
#define VNM_SYS_FW_NFT_HANDLES_H

#include <stddef.h>
#include <stdint.h>

#include "plan/firewall/fwrule.h"
#include "sys/sys.h"

/** struct vnm_fw_nft_place - where a rule is. @network: whose it is; @hash: vnm_fwentry_hash() */
struct vnm_fw_nft_place {
	const char *network, *chain;
	int family;
	enum vnm_fw_table table;
	uint64_t hash, handle;
};

uint64_t vnm_fw_nft_handle(struct vnm_sys *sys, const struct vnm_fw_nft_place *rule);
void vnm_fw_nft_handles_write(struct vnm_sys *sys, struct vnm_fw_nft_place *rules, size_t n);
void vnm_fw_nft_handles_drop(struct vnm_sys *sys, const struct vnm_op *const *ops, size_t n);
bool vnm_fw_nft_handles_distrust(struct vnm_sys *sys);
void vnm_fw_nft_handles_free(struct vnm_fw_nft_handles *handles);

#endif
