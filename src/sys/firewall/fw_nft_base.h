/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_base.h - the built-in chains of iptables in nf_tables, and what the kernel must have for them. */
#ifndef VNM_SYS_FW_NFT_BASE_H
#define VNM_SYS_FW_NFT_BASE_H

#include "sys/firewall/fw_table_impl.h"

struct vnm_nft_chain;

/** struct vnm_fw_nft_base - a built-in chain. @type: of chain; @hook: NF_INET_* */
struct vnm_fw_nft_base {
	enum vnm_fw_table table;
	const char *name, *type;
	int hook, priority;
};

uint8_t vnm_fw_nft_family(int family);
const struct vnm_fw_nft_base *vnm_fw_nft_base(enum vnm_fw_table table, const char *name);
bool vnm_fw_nft_is_base(const struct vnm_fw_nft_base *base, const struct vnm_nft_chain *chain);
bool vnm_fw_nft_exists(struct vnm_sys *sys, int family, enum vnm_fw_table table);
int vnm_fw_nft_probe(struct vnm_sys *sys, int family, bool target, const char *name,
		     unsigned revision);
bool vnm_fw_nft_lacks(int r, enum vnm_fw_backend backend, struct vnm_error *err);
bool vnm_fw_nft_absent(const struct vnm_fw_handle *handle, int r, struct vnm_error *err);
bool vnm_fw_nft_comes_first(const struct vnm_plan *plan, const struct vnm_nft_chain *chain);

#endif
