/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nftables_read.h - the tables of the back end "nftables" as they are, read chain by chain. */
#ifndef VNM_SYS_NFTABLES_READ_H
#define VNM_SYS_NFTABLES_READ_H

#include "plan/firewall/nftables_layout.h"
#include "plan/firewall/nftables_text.h"
#include "sys/firewall/nft_read.h"
#include "sys/firewall/nftables_seen.h"
#include "sys/netlink/netlink.h"

#define VNM_NFTABLES_LENS 129 /* prefix lengths of IPv6, and none */

/** struct vnm_nftables_expr - a rule as we would write it, to compare. @data: its expressions, @len bytes; @whose: the network, "": any */
struct vnm_nftables_expr {
	struct vnm_nl_req req;
	const void *data;
	size_t len;
	char shift[VNM_NFTABLES_SHIFT], whose[VNM_NAME_MAX + 1];
};

void vnm_nftables_compile(const struct vnm_nftables_step *step, struct vnm_nftables_expr *ret);
void vnm_nftables_expr_clear(struct vnm_nftables_expr *expr);
bool vnm_nftables_is(const struct vnm_nftables_expr *expr, const struct vnm_nft_rule *rule);
#define vnm_autonftexpr __attribute__((cleanup(vnm_nftables_expr_clear)))

/** enum vnm_nftables_hook - whether a chain is at its hook. */
enum vnm_nftables_hook { VNM_NFTABLES_NO_CHAIN, VNM_NFTABLES_WRONG_HOOK, VNM_NFTABLES_RIGHT_HOOK };

int vnm_nftables_read_table(struct vnm_sys *sys, int family, enum vnm_nftables_table *ret);
int vnm_nftables_read_hook(struct vnm_sys *sys, int family, const struct vnm_nftables_base *base,
			   enum vnm_nftables_hook *ret);
int vnm_nftables_read_chain(struct vnm_sys *sys, int family, const char *name,
			    const struct vnm_nft_chain **ret);
int vnm_nftables_read_lens(struct vnm_sys *sys, int family, enum vnm_fw_chain chain,
			   unsigned lens[static VNM_NFTABLES_LENS], size_t *ret_n);
unsigned vnm_nftables_len_of(const struct vnm_nft_rule *rule, int family, const char *chain);
int vnm_nftables_count_chains(struct vnm_sys *sys, int family, size_t *ret);
bool vnm_nftables_jump_of(struct nlattr *const elem[], char ret[static VNM_NFTABLES_NAME]);
int vnm_nftables_leads(struct vnm_sys *sys, const struct vnm_nftables_place *place, bool *ret);

#endif
