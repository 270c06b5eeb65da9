/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_kernel.h - what rules need of the kernel: tables, matches and targets; and what it has of that. */
#ifndef VNM_SYS_FW_KERNEL_H
#define VNM_SYS_FW_KERNEL_H

#include "sys/firewall/fw_table.h"
#include "sys/sys.h"

struct vnm_fw_extensions;

int vnm_fw_table_load(struct vnm_sys *sys, int family, enum vnm_fw_table table,
		      struct vnm_fw_handle *ret);
int vnm_fw_table_unreadable(int family, enum vnm_fw_table table, int r, struct vnm_error *err);
int vnm_fw_table_fail(int family, enum vnm_fw_table table, int r, const char *what,
		      struct vnm_error *err);
int vnm_fw_rule_possible(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_error *err);
void vnm_fw_extensions_free(struct vnm_fw_extensions *probed);
void vnm_observe_groups(struct vnm_sys *sys, struct vnm_facts *facts);
void vnm_observe_bridged(struct vnm_sys *sys, struct vnm_facts *facts);
void vnm_observe_guard(struct vnm_sys *sys, int family, struct vnm_facts *facts);
void vnm_observe_firewall(struct vnm_sys *sys, struct vnm_facts *facts);

bool vnm_fw_table_exists(int family, enum vnm_fw_table table);

#endif
