/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_place.h - where the jumps to our chains are in the built-in chains: whether packets reach ours, and first. */
#ifndef VNM_SYS_FW_PLACE_H
#define VNM_SYS_FW_PLACE_H

#include "sys/firewall/fw_table.h"
#include "sys/sys.h"

/** enum vnm_fw_power - what an entry before ours may do to packets of our guests. */
enum vnm_fw_power {
	VNM_POWER_NONE,		/* they reach our chains all the same */
	VNM_POWER_ASIDE,	/* decides on those to or from another network inside the host */
	VNM_POWER_DECIDES,
};

/**
 * struct vnm_fw_standing - the jumps to our chains in a built-in one. Positions count from 0; -1: none.
 * @missing: a chain of ours without a jump
 * @early, @late: two of our chains in the wrong order: @early precedes @late
 * @blocker, @blocked: a foreign entry that decides, and the first of our chains after it
 * @aside:   one that decides on some packets
 */
struct vnm_fw_standing {
	int missing, early, late, blocker, blocked, aside;
};

void vnm_fw_stand(struct vnm_sys *sys, const struct vnm_fw_handle *handle, const char *parent,
		  const struct vnm_plan *plan, struct vnm_fw_standing *ret);
bool vnm_fw_stands(const struct vnm_fw_standing *standing);
const void *vnm_fw_at(const struct vnm_fw_handle *handle, const char *chain, int at);
size_t vnm_fw_head(const struct vnm_fw_handle *handle, const char *chain, size_t n, uint64_t **ret);
size_t vnm_fw_hashes(const struct vnm_fw_handle *handle, const char *chain, uint64_t **ret);

#endif
