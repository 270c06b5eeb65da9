/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft_read.h - read the chains and rules of other programs in nf_tables. */
#ifndef VNM_SYS_NFT_READ_H
#define VNM_SYS_NFT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/sys.h"

struct nlattr;
struct nlmsghdr;

/** struct vnm_nft_rule - @exprs: the kernel's own message, @len bytes of expressions. */
struct vnm_nft_rule {
	uint64_t handle;
	char *exprs;
	size_t len;
	char *user; /* of the program that wrote it */
	size_t user_len;
};

/**
 * struct vnm_nft_chain - one chain.
 * @family: of its table (NFPROTO_*)
 * @hook:   NF_INET_*; -1: not a base chain; else with @priority and @type
 * @drops:  its policy
 * @use:    how many rules it has, and how many refer to it, together
 * @read:   @rules were read
 */
struct vnm_nft_chain {
	uint8_t family;
	char *table, *name;
	char type[16];
	int hook, priority;
	uint32_t use;
	bool drops, read;
	struct vnm_nft_rule *rules;
	size_t n;
};

bool vnm_nft_chain_parse(const struct nlmsghdr *head, struct vnm_nft_chain *ret);
int vnm_nft_chain_get(struct vnm_sys *sys, uint8_t family, const char *table, const char *name,
		      struct vnm_nft_chain *ret);
void vnm_nft_chain_clear(struct vnm_nft_chain *chain);
int vnm_nft_generation(struct vnm_sys *sys, uint32_t *ret);
bool vnm_nft_rules(struct vnm_sys *sys, struct vnm_nft_chain *chain);
int vnm_nft_rule_get(struct vnm_sys *sys, struct vnm_nft_chain *chain, uint64_t handle);
int vnm_nft_rules_head(struct vnm_nft_chain *chain, size_t most);
int vnm_nft_table_rules(struct vnm_sys *sys, uint8_t family, const char *table,
			struct vnm_nft_chain **ret, size_t *ret_n);
int vnm_nft_rules_read(struct vnm_sys *sys, struct vnm_nft_chain *chain);
bool vnm_nft_counter(const struct vnm_nft_rule *rule, uint64_t *packets, uint64_t *bytes);
const char *vnm_nft_family_word(uint8_t family);

#endif
