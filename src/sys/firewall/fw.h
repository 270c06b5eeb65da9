/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fw.h - the firewall backend: hands over rules, gets them into the kernel whole or not at all.
 *
 * The interface is the plan's own rule type; libiptc stays behind it, so another backend can stand beside it.
 */
#ifndef VNM_SYS_FW_H
#define VNM_SYS_FW_H

#include "sys/ops.h"

extern const struct vnm_op_impl vnm_impl_rule;

/**
 * struct vnm_fw_findings - what keeps rules that are there from being in effect.
 * @faults:    ours to mend: a repair does
 * @obstacles: others' to mend; each line says how
 * @notes:     what may be meant so
 */
struct vnm_fw_findings {
	struct vnm_warnings faults, obstacles, notes;
};

void vnm_fw_review(struct vnm_sys *sys, const struct vnm_plan *plan,
		   struct vnm_fw_findings *findings);
void vnm_fw_findings_clear(struct vnm_fw_findings *findings);
int vnm_fw_release(struct vnm_sys *sys, struct vnm_error *err);
void vnm_fw_foreign(struct vnm_sys *sys, const struct vnm_plan *plan,
		    struct vnm_fw_findings *findings);
void vnm_fw_snapshot_free(struct vnm_fw_snapshot *snap);

#endif
