/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_early.h - the early-return rules of our chains, recognised in a table that was read. */
#ifndef VNM_SYS_FW_EARLY_H
#define VNM_SYS_FW_EARLY_H

#include "plan/firewall/fwrule.h"

bool vnm_fw_is_early_return(int family, enum vnm_fw_chain chain, uint64_t hash);
size_t vnm_fw_count_early_returns(int family, enum vnm_fw_chain chain, const uint64_t *hashes,
				  size_t n);
bool vnm_fw_earlier_return(int family, enum vnm_fw_chain chain, struct vnm_fwrule *ret);

#endif
