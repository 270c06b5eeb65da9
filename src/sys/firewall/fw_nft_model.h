/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_nft_model.h - a table of iptables-nft as it was read, with the changes made since. */
#ifndef VNM_SYS_FW_NFT_MODEL_H
#define VNM_SYS_FW_NFT_MODEL_H

#include <stdalign.h>
#include <stdint.h>

#include "sys/firewall/fw_table_impl.h"
#include "sys/firewall/nft_read.h"

/**
 * struct vnm_fw_nft_rule - a rule
 * @handle: the kernel's; 0: it is to be added
 * @raw:    as it was read, until somebody asks for it by vnm_fw_nft_rule(); NULL: @hash, @target and @data are valid
 * @network: of one that is to be added: whose it is, borrowed; NULL: of all
 * @order:  of those that are to be added to the table, in the transaction
 * @data:   struct ipt_entry or ip6t_entry
 */
struct vnm_fw_nft_rule {
	uint64_t handle, hash;
	const struct vnm_nft_rule *raw;
	char *target;
	const char *network;
	size_t order;
	alignas(16) unsigned char data[];
};

/**
 * struct vnm_fw_nft_chain - a chain that was asked for.
 * @kernel: the kernel's; @there: it has one
 * @wanted: it exists, after the changes
 * @read:   the rules were read
 * @rules:  after the changes
 * @gone:   handles of rules that are to be deleted
 * @jumps:  how many rules jump to it, after the changes; known once it was read, if it was asked for before them
 */
struct vnm_fw_nft_chain {
	struct vnm_nft_chain kernel;
	char *name;
	bool there, wanted, read;
	struct vnm_fw_nft_rule **rules;
	size_t n;
	uint64_t *gone;
	size_t n_gone;
	int jumps;
};

/**
 * struct vnm_fw_nft - a table.
 * @generation: before it was read
 * @chains:  sorted by name
 * @result:  of reading: 0 or -errno
 * @n_new, @first_new: how many rules the transaction adds, and the handle that the kernel gives the first one; 0: not known
 * @has_compat: the kernel has nft_compat, as it has said
 * @failure: what the kernel has refused, for people; NULL: nothing
 */
struct vnm_fw_nft {
	struct vnm_sys *sys;
	int family;
	enum vnm_fw_table table;
	uint32_t generation;
	struct vnm_fw_nft_chain **chains;
	size_t n;
	int result;
	size_t n_new;
	uint64_t first_new;
	bool has_compat;
	char *failure;
};

struct vnm_fw_nft *vnm_fw_nft_new(struct vnm_sys *sys, int family, enum vnm_fw_table table,
				  uint32_t generation);
void vnm_fw_nft_free(struct vnm_fw_nft *nft);
struct vnm_fw_nft_chain *vnm_fw_nft_chain(struct vnm_fw_nft *nft, const char *name);
struct vnm_fw_nft_chain *vnm_fw_nft_read_chain(struct vnm_fw_nft *nft, const char *name);
size_t vnm_fw_nft_head(int family, const struct vnm_nft_chain *chain, size_t most, uint64_t **ret);
const struct vnm_fw_nft_rule *vnm_fw_nft_rule(int family, struct vnm_fw_nft_chain *chain,
					      size_t at);
struct vnm_fw_nft_rule *vnm_fw_nft_compile(int family, const struct vnm_fwentry *entry);
void vnm_fw_nft_rule_free(struct vnm_fw_nft_rule *rule);
void vnm_fw_nft_insert(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain, size_t at,
		       struct vnm_fw_nft_rule *rule);
void vnm_fw_nft_remove(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain, size_t at);
bool vnm_fw_nft_remove_known(struct vnm_fw_nft *nft, struct vnm_fw_nft_chain *chain,
			     uint64_t handle, uint64_t hash);

#endif
