/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nft_expr.c - expressions of nf_tables rules, written into a message.
 *
 * What is loaded for one comparison is in register 1, as nft(8) has it, so that it lists the rules as it would its own.
 */
#include "sys/firewall/nft_expr.h"

#define MASK_MAX 16

/** vnm_nft_put_value() - an attribute that holds a constant. */
void vnm_nft_put_value(struct vnm_nl_req *req, int attr, const void *value, size_t len)
{
	struct nlattr *nest = vnm_nl_nest(req, attr);

	vnm_nl_put(req, NFTA_DATA_VALUE, value, len);
	vnm_nl_nest_end(req, nest);
}

/** vnm_nft_put_meta() - load a property of the packet. @key: NFT_META_*; @reg: NFT_REG* */
void vnm_nft_put_meta(struct vnm_nl_req *req, uint32_t key, uint32_t reg)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "meta", &data);

	vnm_nft_put_number(req, NFTA_META_DREG, reg);
	vnm_nft_put_number(req, NFTA_META_KEY, key);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_field() - load bytes of the packet. */
void vnm_nft_put_field(struct vnm_nl_req *req, const struct vnm_nft_field *field, uint32_t reg)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "payload", &data);

	vnm_nft_put_number(req, NFTA_PAYLOAD_DREG, reg);
	vnm_nft_put_number(req, NFTA_PAYLOAD_BASE, field->base);
	vnm_nft_put_number(req, NFTA_PAYLOAD_OFFSET, field->offset);
	vnm_nft_put_number(req, NFTA_PAYLOAD_LEN, field->len);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_mask() - clear the other bits of what was loaded. @len: 16 bytes at most */
void vnm_nft_put_mask(struct vnm_nl_req *req, const void *mask, size_t len)
{
	static const uint8_t zero[MASK_MAX];
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "bitwise", &data);

	vnm_nft_put_number(req, NFTA_BITWISE_SREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_BITWISE_DREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_BITWISE_LEN, (uint32_t)len);
	vnm_nft_put_value(req, NFTA_BITWISE_MASK, mask, len);
	vnm_nft_put_value(req, NFTA_BITWISE_XOR, zero, len);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_compare() - go on only if what was loaded compares so. */
void vnm_nft_put_compare(struct vnm_nl_req *req, enum nft_cmp_ops op, const void *value, size_t len)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "cmp", &data);

	vnm_nft_put_number(req, NFTA_CMP_SREG, NFT_REG_1);
	vnm_nft_put_number(req, NFTA_CMP_OP, op);
	vnm_nft_put_value(req, NFTA_CMP_DATA, value, len);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_lookup() - go on only with what the set or map has; a map's verdict is carried out. */
void vnm_nft_put_lookup(struct vnm_nl_req *req, const struct vnm_nft_lookup *lookup)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "lookup", &data);

	vnm_nl_put_str(req, NFTA_LOOKUP_SET, lookup->set);
	vnm_nft_put_number(req, NFTA_LOOKUP_SREG, lookup->from);
	if (lookup->into >= 0)
		vnm_nft_put_number(req, NFTA_LOOKUP_DREG, (uint32_t)lookup->into);
	if (lookup->invert)
		vnm_nft_put_number(req, NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
	if (lookup->id)
		vnm_nft_put_number(req, NFTA_LOOKUP_SET_ID, lookup->id);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_constant() - load a constant. */
void vnm_nft_put_constant(struct vnm_nl_req *req, uint32_t reg, const void *value, size_t len)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "immediate", &data);

	vnm_nft_put_number(req, NFTA_IMMEDIATE_DREG, reg);
	vnm_nft_put_value(req, NFTA_IMMEDIATE_DATA, value, len);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_set_meta() - give a packet a constant, as its mark. @key: NFT_META_*; @value: of @len bytes */
void vnm_nft_set_meta(struct vnm_nl_req *req, uint32_t key, const void *value, size_t len)
{
	struct nlattr *data, *item;

	vnm_nft_put_constant(req, NFT_REG_1, value, len);
	item = vnm_nft_expr_begin(req, "meta", &data);
	vnm_nft_put_number(req, NFTA_META_KEY, key);
	vnm_nft_put_number(req, NFTA_META_SREG, NFT_REG_1);
	vnm_nft_expr_end(req, item, data);
}

/** vnm_nft_put_counter() - count packets and bytes. */
void vnm_nft_put_counter(struct vnm_nl_req *req)
{
	struct nlattr *data, *item = vnm_nft_expr_begin(req, "counter", &data);

	vnm_nft_put_long(req, NFTA_COUNTER_BYTES, 0);
	vnm_nft_put_long(req, NFTA_COUNTER_PACKETS, 0);
	vnm_nft_expr_end(req, item, data);
}
