/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_findings.h - what keeps existing rules from being in effect. */
#ifndef VNM_SYS_FW_FINDINGS_H
#define VNM_SYS_FW_FINDINGS_H

#include <stdbool.h>

#include "util/error.h"

/**
 * struct vnm_fw_findings - what keeps existing rules from being in effect.
 * @faults:    for a repair to mend
 * @obstacles: for the administrator to mend; each line says how
 * @mends:     the command against each of @obstacles, @shows: the one that shows it; "": none
 * @notes:     what may be intended
 */
struct vnm_fw_findings {
	struct vnm_warnings faults, obstacles, mends, shows, notes;
};

void vnm_fw_obstacle(struct vnm_fw_findings *findings, const char *mend, const char *show,
		     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
bool vnm_fw_findings_none(const struct vnm_fw_findings *findings);
void vnm_fw_findings_clear(struct vnm_fw_findings *findings);

#endif
