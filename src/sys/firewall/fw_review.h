/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_review.h - are existing rules in the tables of iptables in effect? */
#ifndef VNM_SYS_FW_REVIEW_H
#define VNM_SYS_FW_REVIEW_H

#include "sys/firewall/fw_findings.h"
#include "sys/sys.h"

void vnm_fw_tables_review(struct vnm_sys *sys, const struct vnm_plan *plan,
			  struct vnm_fw_findings *findings);

#endif
