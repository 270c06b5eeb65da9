/* SPDX-License-Identifier: GPL-2.0-or-later */
/* applied.c - the effect of a file on a network: net-apply, and --dry-run. */
#include "cli/applied.h"

#include <stdio.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/steps_output.h"
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

static void add_applied(struct vnm_cli *cli, const struct vnm_applied *applied,
			const char *difference, const char *const *done, size_t n)
{
	json_t *object = vnm_steps_document(cli, applied->name, &applied->steps);

	vnm_json_set(object, "would_be", vnm_json_strings(done, n));
	vnm_json_set(object, "difference", vnm_json_lines(difference));
}

/**
 * vnm_cli_print_applied() - what applying a file would do: changes of the definition, and each step
 * @cli:     the call, with --dry-run
 * @applied: what would be done
 * @file:    the file
 * @done:    the same in @n words: "defined", "started"; none: nothing would be
 * @n:       how many
 *
 * The plan is the result, so it is printed with --quiet, too.
 */
void vnm_cli_print_applied(struct vnm_cli *cli, const struct vnm_applied *applied, const char *file,
			   const char *const *done, size_t n)
{
	vnm_autobuf struct vnm_buf difference = { 0 }, words = { 0 };

	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&words, "%s%s", i ? ", " : "", done[i]);
	if (applied->defined)
		vnm_print_difference(applied->name, applied->kept, file, applied->wanted,
				     &difference);
	if (vnm_cli_seen(cli, VNM_OPT_JSON)) {
		add_applied(cli, applied, vnm_buf_str(&difference), done, n);
		return;
	}
	vnm_cli_extra(cli, "Network %s would be %s\n", applied->name, vnm_buf_str(&words));
	vnm_cli_print_marked(cli, vnm_buf_str(&difference));
	vnm_cli_print_steps(cli, applied->name, &applied->steps);
	fflush(stdout); /* the next file may have warnings */
}
