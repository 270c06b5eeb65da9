/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_attr.h - attributes of expressions of nf_tables, as values. */
#ifndef VNM_SYS_NFT_ATTR_H
#define VNM_SYS_NFT_ATTR_H

#include <stddef.h>
#include <stdint.h>

struct nlattr;

uint16_t vnm_nft_attr_u16(const struct nlattr *attr);
uint32_t vnm_nft_attr_u32(const struct nlattr *attr);
uint64_t vnm_nft_attr_u64(const struct nlattr *attr);
const char *vnm_nft_attr_string(const struct nlattr *attr);

#endif
