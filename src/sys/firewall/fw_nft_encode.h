/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_encode.h - a table entry as the expressions that iptables-nft makes of it. */
#ifndef VNM_SYS_FW_NFT_ENCODE_H
#define VNM_SYS_FW_NFT_ENCODE_H

#include "sys/netlink/netlink.h"

void vnm_fw_nft_encode(struct vnm_nl_req *req, int family, const void *entry, const char *target);

#endif
