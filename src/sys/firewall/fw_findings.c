/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_findings.c - what keeps existing rules from being in effect; see fw_findings.h. */
#include "sys/firewall/fw_findings.h"

/** vnm_fw_findings_clear() - free what was found. */
void vnm_fw_findings_clear(struct vnm_fw_findings *findings)
{
	vnm_warnings_clear(&findings->faults);
	vnm_warnings_clear(&findings->obstacles);
	vnm_warnings_clear(&findings->notes);
}
