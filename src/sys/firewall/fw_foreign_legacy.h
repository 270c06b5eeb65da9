/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_foreign_legacy.h - does a chain of the legacy tables drop what we accept? */
#ifndef VNM_SYS_FW_FOREIGN_LEGACY_H
#define VNM_SYS_FW_FOREIGN_LEGACY_H

#include "sys/firewall/fw_findings.h"
#include "sys/firewall/fw_paths.h"

void vnm_fw_foreign_legacy(struct vnm_sys *sys, const struct vnm_plan *plan,
			   const struct vnm_fw_paths *paths, struct vnm_fw_findings *findings);

#endif
