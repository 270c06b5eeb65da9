/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_write.h - changes to nf_tables, put together as netlink messages and made in one transaction. */
#ifndef VNM_SYS_NFT_WRITE_H
#define VNM_SYS_NFT_WRITE_H

#include "sys/netlink/nl_batch.h"

#include <linux/netfilter/nfnetlink.h>

#define VNM_NFT_MESSAGE(n) (NFNL_SUBSYS_NFTABLES << 8 | (n))

/** struct vnm_nft_chain_spec - a chain. @hook: -1: not a base chain; @dev: NULL: of no device; @type: NULL: "filter" */
struct vnm_nft_chain_spec {
	const char *name;
	int hook, priority;
	const char *dev, *type;
};

void vnm_nft_begin(struct vnm_nl_req *req, uint8_t family, int type, int flags);
void vnm_nft_put_number(struct vnm_nl_req *req, int attr, uint32_t value);
void vnm_nft_put_long(struct vnm_nl_req *req, int attr, uint64_t value);
struct nlattr *vnm_nft_expr_begin(struct vnm_nl_req *req, const char *name, struct nlattr **data);
void vnm_nft_expr_end(struct vnm_nl_req *req, struct nlattr *item, struct nlattr *data);
void vnm_nft_put_verdict(struct vnm_nl_req *req, int code, const char *chain);

void vnm_nft_add_edge(struct vnm_nl_batch *batch, int type);
void vnm_nft_add_begin(struct vnm_nl_batch *batch, uint32_t generation);
void vnm_nft_add_table(struct vnm_nl_batch *batch, int type, uint8_t family, const char *table);
void vnm_nft_add_chain(struct vnm_nl_batch *batch, uint8_t family, const char *table,
		       const struct vnm_nft_chain_spec *chain);
int vnm_nft_generation_of(const struct nlmsghdr *hdr, uint32_t *ret);
int vnm_nft_commit(struct vnm_sys *sys, struct vnm_nl_batch *batch);
int vnm_nft_run(struct nl_sock **keep, struct vnm_nl_batch *batch);
int vnm_nft_get(struct nl_sock **keep, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);
int vnm_nft_dump(struct nl_sock **keep, struct vnm_nl_req *req, const struct vnm_nl_sink *sink);

bool vnm_nft_is_text(const struct nlattr *attr, const char *text);
bool vnm_nft_is_number(const struct nlattr *attr, uint32_t number);

#endif
