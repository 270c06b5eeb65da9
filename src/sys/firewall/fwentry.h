/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwentry.h - a rule as an entry of the kernel's legacy tables: one block of header, matches and target.
 *
 * Sizes and offsets must be exact multiples of the kernel's alignment, or the commit fails with a mere EINVAL; what the
 * kernel accepts may still never match (see fwentry.c).
 */
#ifndef VNM_SYS_FWENTRY_H
#define VNM_SYS_FWENTRY_H

#include <stddef.h>

#include "plan/firewall/fwrule.h"

#define VNM_FWENTRY_CT_REVISION 2 /* struct xt_ct_target_info_v1 */
#define VNM_FWENTRY_ADDRTYPE_REVISION 1 /* struct xt_addrtype_info_v1, for both families */

/**
 * struct vnm_fwentry - @data: struct ipt_entry or ip6t_entry, @size bytes; @mask: which bytes identify the rule.
 * @network: whose rule it is, borrowed; NULL: of all
 */
struct vnm_fwentry {
	void *data;
	unsigned char *mask;
	size_t size;
	const char *network;
};

void vnm_fwentry_compile(const struct vnm_fwrule *rule, struct vnm_fwentry *ret);
void vnm_fwentry_jump(int family, const char *chain, struct vnm_fwentry *ret);
void vnm_fwentry_clear(struct vnm_fwentry *entry);

#define vnm_autofwentry __attribute__((cleanup(vnm_fwentry_clear)))

#endif
