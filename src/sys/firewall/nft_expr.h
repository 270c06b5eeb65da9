/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_expr.h - expressions of nf_tables rules, written into a message. */
#ifndef VNM_SYS_NFT_EXPR_H
#define VNM_SYS_NFT_EXPR_H

#include "sys/firewall/nft_write.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

/** struct vnm_nft_field - bytes of a packet. @base: NFT_PAYLOAD_* */
struct vnm_nft_field {
	uint32_t base, offset, len;
};

/** struct vnm_nft_lookup - in a set or map. @into: a register, for the value of a map; -1: a set; @id: in this transaction */
struct vnm_nft_lookup {
	const char *set;
	uint32_t from;
	int into;
	bool invert;
	uint32_t id;
};

void vnm_nft_put_value(struct vnm_nl_req *req, int attr, const void *value, size_t len);
void vnm_nft_put_meta(struct vnm_nl_req *req, uint32_t key, uint32_t reg);
void vnm_nft_put_field(struct vnm_nl_req *req, const struct vnm_nft_field *field, uint32_t reg);
void vnm_nft_put_mask(struct vnm_nl_req *req, const void *mask, size_t len);
void vnm_nft_put_compare(struct vnm_nl_req *req, enum nft_cmp_ops op, const void *value,
			 size_t len);
void vnm_nft_put_lookup(struct vnm_nl_req *req, const struct vnm_nft_lookup *lookup);
void vnm_nft_put_constant(struct vnm_nl_req *req, uint32_t reg, const void *value, size_t len);
void vnm_nft_set_meta(struct vnm_nl_req *req, uint32_t key, const void *value, size_t len);
void vnm_nft_put_counter(struct vnm_nl_req *req);

#endif
