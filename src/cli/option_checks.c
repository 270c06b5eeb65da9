/* SPDX-License-Identifier: GPL-2.0-or-later */
/* option_checks.c - what commands check about their options beyond the syntax. */
#include "cli/option_checks.h"

#include <errno.h>

#include "cli/output.h"
#include "util/parse.h"

/**
 * vnm_cli_refuse_both() - refuse two options that exclude each other
 * @cli:    the call
 * @first:  one
 * @second: the other
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_cli_refuse_both(struct vnm_cli *cli, enum vnm_opt first, enum vnm_opt second)
{
	if (!vnm_cli_seen(cli, first) || !vnm_cli_seen(cli, second))
		return 0;
	vnm_cli_error(cli, "Options --%s and --%s are mutually exclusive", vnm_opt_names[first],
		      vnm_opt_names[second]);
	return -EINVAL;
}

/**
 * vnm_cli_require() - refuse an option without another one
 * @cli:   the call
 * @id:    the option
 * @other: the one that it needs
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_cli_require(struct vnm_cli *cli, enum vnm_opt id, enum vnm_opt other)
{
	if (!vnm_cli_seen(cli, id) || vnm_cli_seen(cli, other))
		return 0;
	vnm_cli_error(cli, "Option --%s is required by option --%s", vnm_opt_names[other],
		      vnm_opt_names[id]);
	return -EINVAL;
}

/**
 * vnm_cli_number() - read the value of an option as a number
 * @cli: the call; the option was given
 * @id:  the option
 * @min: the smallest number
 * @max: the largest one
 * @ret: gets the number
 *
 * Return: 0, or -EINVAL after the error was printed.
 */
int vnm_cli_number(struct vnm_cli *cli, enum vnm_opt id, uint32_t min, uint32_t max, uint32_t *ret)
{
	const char *text = vnm_cli_value(cli, id);

	if (vnm_parse_u32(text, min, max, ret) == 0)
		return 0;
	vnm_cli_error(cli, "Numeric value '%s' for <%s> option is malformed or out of range", text,
		      vnm_opt_names[id]);
	return -EINVAL;
}
