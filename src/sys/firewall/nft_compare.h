/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_compare.h - is a rule that was read the one that we would write? */
#ifndef VNM_SYS_NFT_COMPARE_H
#define VNM_SYS_NFT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "sys/firewall/nft_read.h"
#include "sys/netlink/netlink.h"

bool vnm_nft_same(const void *ours, size_t ours_len, const void *read, size_t read_len);
bool vnm_nft_same_rule(const struct vnm_nl_req *ours, const struct vnm_nft_rule *read);

#endif
