/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_parts.h - the rules of an edit, chain by chain. */
#ifndef VNM_SYS_FW_PARTS_H
#define VNM_SYS_FW_PARTS_H

#include "plan/op/op.h"

/**
 * struct vnm_fw_part - a chain of ours, and the rules of an edit that belong to it
 * @own:  the bridge of the network whose own chain it is; "": the chain of all networks
 * @ops:  in the order of the plan, @n of them; @gone: those that are to go, @n_gone of them
 */
struct vnm_fw_part {
	enum vnm_fw_chain chain;
	const char *own;
	char name[VNM_FW_CHAIN_NAME];
	const struct vnm_op **ops, **gone;
	size_t n, n_gone;
};

/** struct vnm_fw_parts - the chains of one table. Free with vnm_fw_parts_clear(). */
struct vnm_fw_parts {
	struct vnm_fw_part *items;
	size_t n;
	const struct vnm_op **ops, **gone;
};

void vnm_fw_parts_list(int family, enum vnm_fw_table table, const struct vnm_op *const *ops,
		       size_t n, const struct vnm_op *const *gone, size_t n_gone,
		       struct vnm_fw_parts *ret);
void vnm_fw_parts_clear(struct vnm_fw_parts *parts);

#define vnm_autoparts __attribute__((cleanup(vnm_fw_parts_clear)))

#endif
