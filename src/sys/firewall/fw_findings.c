/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fw_findings.c - what keeps existing rules from being in effect; see fw_findings.h. */
#include "sys/firewall/fw_findings.h"

#include <stdarg.h>

#include "util/buf.h"

/**
 * vnm_fw_obstacle() - add an obstacle
 * @findings: gets it
 * @mend:     the command that removes it, "": none
 * @show:     the command that shows it, "": none
 * @fmt:      the line, which says the former, too
 */
void vnm_fw_obstacle(struct vnm_fw_findings *findings, const char *mend, const char *show,
		     const char *fmt, ...)
{
	vnm_autobuf struct vnm_buf line = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vnm_buf_vprintf(&line, fmt, ap);
	va_end(ap);
	vnm_warnings_add(&findings->obstacles, "%s", vnm_buf_str(&line));
	vnm_warnings_add(&findings->mends, "%s", mend);
	vnm_warnings_add(&findings->shows, "%s", show);
}

/** vnm_fw_findings_none() - was nothing found? */
bool vnm_fw_findings_none(const struct vnm_fw_findings *findings)
{
	return !findings->faults.n && !findings->obstacles.n && !findings->notes.n;
}

/** vnm_fw_findings_clear() - free what was found. */
void vnm_fw_findings_clear(struct vnm_fw_findings *findings)
{
	vnm_warnings_clear(&findings->faults);
	vnm_warnings_clear(&findings->obstacles);
	vnm_warnings_clear(&findings->mends);
	vnm_warnings_clear(&findings->shows);
	vnm_warnings_clear(&findings->notes);
}
