/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.h - add rules to the legacy tables and delete them. */
#ifndef VNM_SYS_RULE_H
#define VNM_SYS_RULE_H

#include "sys/op_impl.h"

int vnm_rule_prepare(struct vnm_sys *sys, const struct vnm_op *op, struct vnm_error *err);
int vnm_rule_check(struct vnm_sys *sys, const struct vnm_op *op, enum vnm_presence *ret,
		   struct vnm_error *err);
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err);

#endif
