/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.h - the effect of a file on a network: net-apply, and --dry-run. */
#ifndef VNM_CLI_APPLIED_H
#define VNM_CLI_APPLIED_H

#include "cli/command.h"
#include "util/buf.h"

void vnm_print_difference(const char *name, const char *defined, const char *file,
			  const char *wanted, struct vnm_buf *out);
void vnm_cli_print_applied(struct vnm_cli *cli, const struct vnm_applied *applied, const char *file,
			   const char *const *done, size_t n);

#endif
