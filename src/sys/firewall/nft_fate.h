/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_fate.h - what the rules of a chain of nf_tables do with a packet. */
#ifndef VNM_SYS_NFT_FATE_H
#define VNM_SYS_NFT_FATE_H

#include "sys/firewall/fw_probe.h"
#include "sys/firewall/nft_read.h"

enum vnm_fw_fate vnm_nft_fate(struct vnm_sys *sys, struct vnm_nft_chain *chain,
			      const struct vnm_fw_probe *probe, uint64_t *ret_handle);

#endif
