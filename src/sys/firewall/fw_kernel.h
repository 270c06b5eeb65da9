/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_kernel.h - what rules need of the kernel, matches and targets; and what it has of that. */
#ifndef VNM_SYS_FW_KERNEL_H
#define VNM_SYS_FW_KERNEL_H

#include "sys/firewall/fw_backend_impl.h"

struct vnm_fw_extensions;

int vnm_fw_rule_possible(struct vnm_sys *sys, const struct vnm_fwrule *rule, struct vnm_error *err);
void vnm_fw_extensions_free(struct vnm_fw_extensions *probed);
void vnm_fw_kernel_observe(struct vnm_sys *sys, const struct vnm_fw_needs *needs,
			   struct vnm_facts *facts);

#endif
