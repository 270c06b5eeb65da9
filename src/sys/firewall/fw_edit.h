/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_edit.h - edit one table in memory. */
#ifndef VNM_SYS_FW_EDIT_H
#define VNM_SYS_FW_EDIT_H

#include "sys/firewall/fw_table.h"
#include "sys/sys.h"

/**
 * struct vnm_fw_edit - one table being edited, with the rules of @ops and @gone that belong to it.
 * @early_returns: insert them; false where devgroup is missing
 * @are_new: none of the rules of @ops is in the table yet; vnm_fw_are_new()
 * @changes: how many were made
 */
struct vnm_fw_edit {
	struct vnm_sys *sys;
	struct vnm_fw_handle handle;
	int family;
	enum vnm_fw_table table;
	const struct vnm_op *const *ops, *const *gone;
	size_t n, n_gone;
	bool early_returns, last_one, are_new;
	unsigned changes;
};

int vnm_fw_put(struct vnm_fw_edit *edit);
int vnm_fw_take(struct vnm_fw_edit *edit);
bool vnm_fw_are_new(const struct vnm_fw_edit *edits, size_t n);
bool vnm_fw_touches(const struct vnm_op *const *ops, size_t n, int family, enum vnm_fw_table table);

#endif
