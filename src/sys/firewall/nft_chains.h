/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_chains.h - the chains of all tables of nf_tables. */
#ifndef VNM_SYS_NFT_CHAINS_H
#define VNM_SYS_NFT_CHAINS_H

#include "sys/firewall/nft_read.h"
#include "util/buf.h"

struct vnm_nft;

size_t vnm_nft_chains(struct vnm_sys *sys, struct vnm_nft_chain **ret);
struct vnm_nft_chain *vnm_nft_base_chain(struct vnm_sys *sys, size_t i);
bool vnm_nft_readable(struct vnm_sys *sys);
int vnm_nft_failure(const struct vnm_sys *sys);
struct vnm_nft_chain *vnm_nft_find(struct vnm_sys *sys, const struct vnm_nft_chain *near,
				   const char *name);
void vnm_nft_bases_format(const struct vnm_sys *sys, struct vnm_buf *out);
bool vnm_nft_bases_are(const char *line);
bool vnm_nft_bases_parse(struct vnm_sys *sys, const char *line);
void vnm_nft_free(struct vnm_nft *nft);

#endif
