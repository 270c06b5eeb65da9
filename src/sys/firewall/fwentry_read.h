/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fwentry_read.h - entries as read from a table, ours and foreign: identify them, and tell whose packets they match.
 *
 * @entry is a struct ipt_entry or ip6t_entry, and @target its target (vnm_fw_target_of()).
 */
#ifndef VNM_SYS_FWENTRY_READ_H
#define VNM_SYS_FWENTRY_READ_H

#include "sys/firewall/fw_backend_impl.h"
#include "sys/firewall/fwentry.h"
#include "util/buf.h"

/**
 * struct vnm_fw_side - where packets come from, or go to, by an entry's conditions.
 * @dev:    one device, "" any; @wild: a prefix
 * @subnet: addr.family AF_UNSPEC: any address
 *
 * An inverted condition ("not from there") counts as none.
 */
struct vnm_fw_side {
	char dev[VNM_IFNAME_SIZE];
	bool wild;
	struct vnm_prefix subnet;
};

/** struct vnm_fwentry_view - the parts of an entry. @inverted: IPT_INV_*, which IPv6 has with the same values */
struct vnm_fwentry_view {
	const unsigned char *src, *dst, *src_mask, *dst_mask;
	size_t addr_len;
	const char *in, *out;
	const unsigned char *in_mask, *out_mask;
	unsigned proto, flags, goto_flag, inverted;
	const unsigned char *matches, *target;
};

struct vnm_fwentry_view vnm_fwentry_view(int family, const void *entry);
uint64_t vnm_fwentry_hash(int family, const void *entry, const char *target);
uint64_t vnm_fwentry_hash_of(const struct vnm_fwrule *rule);
bool vnm_fwentry_is_standard(const char *target);
struct vnm_fw_hits vnm_fwentry_hits(int family, const void *entry);
bool vnm_fwentry_is_jump(int family, const void *entry, const char *target, const char *chain);
bool vnm_fwentry_goes_on(const char *target);
bool vnm_fwentry_is_goto(int family, const void *entry);
bool vnm_fwentry_has_match(int family, const void *entry, const char *name);
void vnm_fwentry_sides(int family, const void *entry, struct vnm_fw_side *ret_from,
		       struct vnm_fw_side *ret_to);

#endif
