/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay_rules.h - the chains and rules of an overlay's filter: made in overlay_rules.c, sent and compared in overlay_filter.c. */
#ifndef VNM_SYS_OVERLAY_RULES_H
#define VNM_SYS_OVERLAY_RULES_H

#include "plan/op/op_types.h"
#include "sys/firewall/nft_write.h"

#define VNM_OVERLAY_STEPS 10

/** enum vnm_overlay_what - a step of a rule: compares, writes, or ends it; the first mismatch ends it, too. */
enum vnm_overlay_what {
	VNM_OVERLAY_META, /* compare the property @base (NFT_META_*) */
	VNM_OVERLAY_FIELD, /* compare @len bytes of the packet at @offset of its header @base (NFT_PAYLOAD_*) */
	VNM_OVERLAY_WRITE, /* write them */
	VNM_OVERLAY_WRITE_SUM, /* the same, and adapt the checksum of ICMPv6 */
	VNM_OVERLAY_DROP,
	VNM_OVERLAY_ACCEPT,
	VNM_OVERLAY_GO, /* go on in @chain, and then here */
};

/** struct vnm_overlay_step - @masked: compare only the bits of @mask */
struct vnm_overlay_step {
	enum vnm_overlay_what what;
	uint32_t base, offset, len;
	bool masked;
	uint8_t value[16], mask[16];
	const char *chain;
};

/** struct vnm_overlay_rule - @family: NFPROTO_*, of its table */
struct vnm_overlay_rule {
	uint8_t family;
	const char *chain;
	struct vnm_overlay_step steps[VNM_OVERLAY_STEPS];
	size_t n;
};

/** struct vnm_overlay_rules - of both tables, chain by chain. Free @items. */
struct vnm_overlay_rules {
	struct vnm_overlay_rule *items;
	size_t n;
};

/** struct vnm_overlay_chain - @netdev: it is in that table; with a hook, at the overlay's device */
struct vnm_overlay_chain {
	bool netdev;
	struct vnm_nft_chain_spec spec;
};

size_t vnm_overlay_chains(const struct vnm_overlay_chain **ret);
void vnm_overlay_rules(const struct vnm_op_overlay_filter *filter, struct vnm_overlay_rules *ret);
void vnm_overlay_put_rule(struct vnm_nl_req *req, const struct vnm_overlay_rule *rule);

#endif
