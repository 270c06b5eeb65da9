/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_early.c - the early-return rules of our chains, recognised in a table that was read. */
#include "sys/firewall/fw_early.h"

#include "sys/firewall/fwentry_read.h"

/** vnm_fw_is_early_return() - is an entry, by its hash, an early-return rule of a chain of ours? */
bool vnm_fw_is_early_return(int family, enum vnm_fw_chain chain, uint64_t hash)
{
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n = vnm_fw_early_returns(family, chain, rules);

	for (size_t i = 0; i < n; i++)
		if (vnm_fwentry_hash_of(&rules[i]) == hash)
			return true;
	return false;
}

/**
 * vnm_fw_count_early_returns() - with how many of its early-return rules does a chain of ours begin?
 * @family: AF_INET or AF_INET6
 * @chain:  which
 * @hashes: the hashes of its entries, @n of them
 *
 * Return: how many, in order.
 */
size_t vnm_fw_count_early_returns(int family, enum vnm_fw_chain chain, const uint64_t *hashes,
				  size_t n)
{
	struct vnm_fwrule rules[VNM_FW_EARLY_RETURNS_MAX];
	size_t n_rules = vnm_fw_early_returns(family, chain, rules), i = 0;

	while (i < n_rules && i < n && hashes[i] == vnm_fwentry_hash_of(&rules[i]))
		i++;
	return i;
}

/**
 * vnm_fw_earlier_return() - the rule of version 1.0.0 among the early-return rules of a chain of ours that is another one today
 * @family: AF_INET or AF_INET6
 * @chain:  which
 * @ret:    gets it: answers from everywhere, also from networks that decide by themselves
 *
 * It is there until the first change of the chain after an upgrade.
 *
 * Return: false if there is none.
 */
bool vnm_fw_earlier_return(int family, enum vnm_fw_chain chain, struct vnm_fwrule *ret)
{
	*ret = (struct vnm_fwrule){
		.family = family,
		.chain = chain,
		.dst_group = { VNM_GROUP_BASE | VNM_GROUP_FREE, VNM_GROUP_MASK | VNM_GROUP_FREE,
			       false },
		.state = VNM_STATE_ESTABLISHED,
		.target = VNM_TARGET_ACCEPT,
	};
	return chain == VNM_CHAIN_FWX;
}
