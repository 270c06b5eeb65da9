/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_check.h - whether rules are there, and in effect. */
#ifndef VNM_SYS_FW_CHECK_H
#define VNM_SYS_FW_CHECK_H

#include "sys/firewall/fw_table.h"
#include "sys/ops.h"

int vnm_rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
int vnm_rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		   struct vnm_error *err);

const struct vnm_fw_handle *vnm_fw_look(struct vnm_sys *sys, int family, enum vnm_fw_table table);

bool vnm_fw_table_exists(int family, enum vnm_fw_table table); /* of fw_iptables.c */

#endif
