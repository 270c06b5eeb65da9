/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_policer.h - an ingress policer by nf_tables. */
#ifndef VNM_SYS_NFT_POLICER_H
#define VNM_SYS_NFT_POLICER_H

#include "sys/op_impl.h"

bool vnm_nft_policer_possible(void);
int vnm_nft_policer_check(const struct vnm_op_bandwidth *op, enum vnm_presence *ret,
			  struct vnm_error *err);
int vnm_nft_policer_apply(const struct vnm_op_bandwidth *op, struct vnm_error *err);
int vnm_nft_policer_revert(const struct vnm_op_bandwidth *op, struct vnm_error *err);

#endif
