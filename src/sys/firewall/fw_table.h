/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw_table.h - one legacy table of either family, edited in memory and committed whole.
 *
 * The only user of libiptc: its halves for IPv4 and IPv6 have the same functions under different names and types; here
 * they are one.
 */
#ifndef VNM_SYS_FW_TABLE_H
#define VNM_SYS_FW_TABLE_H

#include <stdbool.h>

#include "plan/firewall/fwrule.h"
#include "sys/firewall/fwentry.h"

/** struct vnm_fw_handle - a table as it was read, with the changes made since. */
struct vnm_fw_handle {
	int family;
	enum vnm_fw_table table;
	void *xtc; /* struct xtc_handle */
};

int vnm_fw_table_read(int family, enum vnm_fw_table table, struct vnm_fw_handle *ret);
int vnm_fw_table_commit(struct vnm_fw_handle *handle);
void vnm_fw_table_close(struct vnm_fw_handle *handle);
const char *vnm_fw_table_strerror(int family, int error);

bool vnm_fw_has_chain(const struct vnm_fw_handle *handle, const char *chain);
int vnm_fw_make_chain(struct vnm_fw_handle *handle, const char *chain);
int vnm_fw_drop_chain(struct vnm_fw_handle *handle, const char *chain); /* with its rules */
bool vnm_fw_has_rule(const struct vnm_fw_handle *handle, const char *chain,
		     const struct vnm_fwentry *entry);
int vnm_fw_append(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry);
int vnm_fw_insert(struct vnm_fw_handle *handle, const char *chain, const struct vnm_fwentry *entry,
		  unsigned at);
unsigned vnm_fw_delete(struct vnm_fw_handle *handle, const char *chain,
		       const struct vnm_fwentry *entry);
unsigned vnm_fw_count(const struct vnm_fw_handle *handle, const char *chain);
int vnm_fw_delete_at(struct vnm_fw_handle *handle, const char *chain, unsigned at);
size_t vnm_fw_list(const struct vnm_fw_handle *handle, const char *chain, const void ***ret);
const char *vnm_fw_policy(const struct vnm_fw_handle *handle, const char *chain);
const char *vnm_fw_target_of(const struct vnm_fw_handle *handle, const void *entry);

#endif
