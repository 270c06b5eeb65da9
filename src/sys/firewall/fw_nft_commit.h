/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_commit.h - the changes to tables of iptables-nft, in one transaction. */
#ifndef VNM_SYS_FW_NFT_COMMIT_H
#define VNM_SYS_FW_NFT_COMMIT_H

#include "sys/firewall/fw_nft_model.h"
#include "sys/netlink/nl_batch.h"

void vnm_fw_nft_add_changes(struct vnm_nl_batch *batch, struct vnm_fw_nft *nft);
int vnm_fw_nft_commit(struct vnm_fw_handle *const *handles, size_t n, size_t *ret_failed);

#endif
