/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.c - the effect of a file on a network: net-apply, and --dry-run. */
#include "cli/applied.h"

#include <stdio.h>

#include "cli/output.h"
#include "util/linediff.h"

/**
 * vnm_print_difference() - the difference between two definitions, in the format of patch(1)
 * @name:    the network
 * @defined: its persistent definition; NULL: it has none
 * @file:    where the other one is from; @wanted: its text
 * @out:     gets the difference
 */
void vnm_print_difference(const char *name, const char *defined, const char *file,
			  const char *wanted, struct vnm_buf *out)
{
	vnm_autobuf struct vnm_buf hunks = { 0 };

	if (vnm_linediff(defined ? defined : "", wanted, &hunks))
		vnm_buf_printf(out, "--- %s (%s)\n+++ %s\n%s", name,
			       defined ? "defined" : "not defined", file, hunks.data);
}

/**
 * vnm_cli_print_applied() - what applying a file would do: changes of the definition, and each step
 * @cli:     the call, with --dry-run
 * @applied: what would be done
 * @file:    the file
 * @done:    what would be done: "defined"
 *
 * The plan is the result, so it is printed with --quiet, too.
 */
void vnm_cli_print_applied(const struct vnm_cli *cli, const struct vnm_applied *applied,
			   const char *file, const char *done)
{
	vnm_autobuf struct vnm_buf text = { 0 };

	vnm_cli_extra(cli, "Network %s would be %s\n", applied->name, done);
	if (applied->defined)
		vnm_print_difference(applied->name, applied->kept, file, applied->wanted, &text);
	vnm_steps_print(&applied->steps, &text);
	fputs(vnm_buf_str(&text), stdout);
	fflush(stdout); /* the next file may have warnings */
}
