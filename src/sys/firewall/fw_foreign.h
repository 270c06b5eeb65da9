/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_foreign.h - does a foreign chain drop what we accept? */
#ifndef VNM_SYS_FW_FOREIGN_H
#define VNM_SYS_FW_FOREIGN_H

#include "sys/firewall/fw_findings.h"
#include "sys/sys.h"

void vnm_fw_foreign(struct vnm_sys *sys, const struct vnm_plan *plan,
		    struct vnm_fw_findings *findings);

#endif
