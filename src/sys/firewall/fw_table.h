/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_table.h - one table of iptables of either family and any kind, edited in memory and committed. */
#ifndef VNM_SYS_FW_TABLE_H
#define VNM_SYS_FW_TABLE_H

#include "sys/firewall/fw_table_impl.h"

const struct vnm_fw_table_impl *vnm_fw_tables_of(const struct vnm_sys *sys);
int vnm_fw_table_read(struct vnm_sys *sys, int family, enum vnm_fw_table table,
		      struct vnm_fw_handle *ret);
void vnm_fw_table_close(struct vnm_fw_handle *handle);
int vnm_fw_table_unreadable(const struct vnm_fw_handle *handle, int r, struct vnm_error *err);
int vnm_fw_table_fail(const struct vnm_fw_handle *handle, int r, const char *what,
		      struct vnm_error *err);

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
bool vnm_fw_exceeds(const struct vnm_fw_handle *handle, const char *chain, size_t n);
unsigned vnm_fw_count(const struct vnm_fw_handle *handle, const char *chain);
int vnm_fw_delete_at(struct vnm_fw_handle *handle, const char *chain, unsigned at);
size_t vnm_fw_list(const struct vnm_fw_handle *handle, const char *chain, const void ***ret);
const char *vnm_fw_policy(const struct vnm_fw_handle *handle, const char *chain);
const char *vnm_fw_target_of(const struct vnm_fw_handle *handle, const void *entry);

#endif
