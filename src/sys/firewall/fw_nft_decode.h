/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_decode.h - a rule of nf_tables as a table entry. */
#ifndef VNM_SYS_FW_NFT_DECODE_H
#define VNM_SYS_FW_NFT_DECODE_H

#include <stddef.h>

#include "sys/firewall/fwentry.h"

void vnm_fw_nft_decode(int family, void *exprs, size_t len, struct vnm_fwentry *ret,
		       char **ret_target);

#endif
