/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_text.h - a rule of nf_tables in the language of nft(8). */
#ifndef VNM_SYS_NFT_TEXT_H
#define VNM_SYS_NFT_TEXT_H

#include "sys/firewall/nft_read.h"
#include "util/buf.h"

void vnm_nft_text(uint8_t family, const struct vnm_nft_rule *rule, struct vnm_buf *out);

#endif
