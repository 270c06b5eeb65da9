/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_layout.h - the tables of the back end "nftables", and where in them each rule is. Pure. */
#ifndef VNM_PLAN_NFTABLES_LAYOUT_H
#define VNM_PLAN_NFTABLES_LAYOUT_H

#include "plan/op/op.h"

#define VNM_NFTABLES_TABLE "vnetmgr" /* one for each family: "ip", "ip6" */
#define VNM_NFTABLES_MAP 32 /* bytes of the longest name of a map, */
#define VNM_NFTABLES_NAME 80 /* of a chain */
#define VNM_NFTABLES_KEY 16 /* bytes of the longest key of a map */
#define VNM_NFTABLES_STEPS 8 /* of a chain, beside rules of networks, at most */

/** enum vnm_nftables_by - the key of a map. */
enum vnm_nftables_by {
	VNM_BY_IN,
	VNM_BY_OUT, /* a device */
	VNM_BY_SRC, /* the source's subnet; a map for each prefix length */
	VNM_BY_DST, /* the destination's address */
	VNM_BY_PORT, /* the protocol and the destination port */
};

/** struct vnm_nftables_map - a map of keys to chains. @len: the prefix length of VNM_BY_SRC; else 0 */
struct vnm_nftables_map {
	int family;
	enum vnm_nftables_by by;
	unsigned len;
	char name[VNM_NFTABLES_MAP];
};

/**
 * struct vnm_nftables_place - the chain that holds a rule
 * @keyed: @map leads there by @key, of @key_len bytes; else it is a chain that is there for all networks
 * @name:  of the chain
 */
struct vnm_nftables_place {
	int family;
	enum vnm_fw_chain chain;
	bool keyed;
	struct vnm_nftables_map map;
	uint8_t key[VNM_NFTABLES_KEY];
	size_t key_len;
	char name[VNM_NFTABLES_NAME];
};

/**
 * struct vnm_nftables_step - a rule in the tables: a network's, or one that leads to those
 * @state: of the connections that the lookup or the jump is for
 */
struct vnm_nftables_step {
	enum { VNM_STEP_IS_RULE, VNM_STEP_IS_LOOKUP, VNM_STEP_IS_JUMP } kind;
	int family;
	struct vnm_fwrule rule;
	enum vnm_fw_state state;
	struct vnm_nftables_map map;
	const char *chain;
};

/** struct vnm_nftables_base - a chain that is there for all networks. @type: NULL: not a base chain */
struct vnm_nftables_base {
	const char *name, *type;
	int hook, priority;
	int chain; /* enum vnm_fw_chain, or -1 */
};

const char *vnm_nftables_family(int family);
size_t vnm_nftables_bases(const struct vnm_nftables_base **ret);
bool vnm_nftables_map(int family, size_t i, struct vnm_nftables_map *ret);
size_t vnm_nftables_steps(int family, const struct vnm_nftables_base *base,
			  struct vnm_nftables_step ret[static VNM_NFTABLES_STEPS]);

bool vnm_nftables_ends(enum vnm_fw_chain chain);
struct vnm_fwrule vnm_nftables_rule(const struct vnm_fwrule *rule);
bool vnm_nftables_received(const struct vnm_fwrule *rule);
bool vnm_nftables_holds(const struct vnm_fwrule *rule);
const char *vnm_nftables_source_chain(enum vnm_fw_chain chain);
void vnm_nftables_name_source(const char *chain, struct vnm_nftables_map *map);
void vnm_nftables_source_step(const struct vnm_nftables_map *map, struct vnm_nftables_step *ret);
bool vnm_nftables_place(const struct vnm_fwrule *rule, unsigned len,
			struct vnm_nftables_place *ret);
bool vnm_nftables_place_behind(const struct vnm_fwrule *rule, struct vnm_nftables_place *ret);
void vnm_nftables_assign(const struct vnm_op *const *ops, size_t n, struct vnm_nftables_place *ret);

#endif
