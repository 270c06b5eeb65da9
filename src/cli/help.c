/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c - the help texts, from the command table, in virsh's layout. */
#include "cli/cli_internal.h"

#include "util/mem.h"

/* "<network>...", "[--mac <string>]", "[--all]" */
static void synopsis_option(const struct vnm_option *option, struct vnm_buf *out)
{
	const char *name = vnm_opt_names[option->id];
	bool optional = !(option->flags & VNM_OPT_REQUIRED) || (option->flags & VNM_OPT_OR_ALL);

	vnm_buf_add(out, optional ? " [" : " ");
	if (!(option->flags & VNM_OPT_HAS_VALUE))
		vnm_buf_printf(out, "--%s", name);
	else if (option->flags & (VNM_OPT_REQUIRED | VNM_OPT_MANY))
		vnm_buf_printf(out, "<%s>", name);
	else
		vnm_buf_printf(out, "--%s <%s>", name, vnm_option_value_word(option));
	vnm_buf_add(out, optional ? "]" : "");
	vnm_buf_add(out, option->flags & VNM_OPT_MANY ? "..." : "");
}

static void describe_option(const struct vnm_option *option, struct vnm_buf *out)
{
	vnm_autofree char *left = NULL;

	if (!(option->flags & VNM_OPT_HAS_VALUE))
		left = vnm_asprintf("--%s", vnm_opt_names[option->id]);
	else if (option->flags & VNM_OPT_REQUIRED)
		left = vnm_asprintf("[--%s] <string>", vnm_opt_names[option->id]);
	else if (option->flags & VNM_OPT_MANY)
		left = vnm_asprintf("<%s>", vnm_opt_names[option->id]);
	else
		left = vnm_asprintf("--%s <%s>", vnm_opt_names[option->id],
				    vnm_option_value_word(option));
	vnm_buf_printf(out, "    %-15s  %s\n", left, option->help);
}

/**
 * vnm_help_command() - what "help COMMAND" prints
 * @command: the row
 * @out:     gets the text
 */
void vnm_help_command(const struct vnm_command *command, struct vnm_buf *out)
{
	vnm_buf_printf(out, "  NAME\n    %s - %s\n\n  SYNOPSIS\n    %s", command->name,
		       command->summary, command->name);
	for (size_t i = 0; i < command->n_options; i++)
		synopsis_option(&command->options[i], out);
	vnm_buf_addc(out, '\n');
	if (command->description)
		vnm_buf_printf(out, "\n  DESCRIPTION\n    %s\n", command->description);
	if (command->n_options > 0)
		vnm_buf_add(out, "\n  OPTIONS\n");
	for (size_t i = 0; i < command->n_options; i++)
		describe_option(&command->options[i], out);
	vnm_buf_addc(out, '\n');
}

/**
 * vnm_help_group() - what "help GROUP" prints
 * @group: the group
 * @out:   gets its title and a line for each command
 */
void vnm_help_group(enum vnm_command_group group, struct vnm_buf *out)
{
	vnm_buf_printf(out, " %s (help keyword '%s'):\n", vnm_groups[group].title,
		       vnm_groups[group].keyword);
	for (size_t i = 0; i < vnm_n_commands; i++)
		if (vnm_commands[i].group == group)
			vnm_buf_printf(out, "    %-30s %s\n", vnm_commands[i].name,
				       vnm_commands[i].summary);
}

/** vnm_help_groups() - all groups, each with a blank line after it. */
void vnm_help_groups(struct vnm_buf *out)
{
	for (int i = 0; i < VNM_GROUP_COUNT; i++) {
		vnm_help_group((enum vnm_command_group)i, out);
		vnm_buf_addc(out, '\n');
	}
}

/**
 * vnm_help_usage() - what "--help" prints
 * @out: gets the global options and all groups
 */
void vnm_help_usage(struct vnm_buf *out)
{
	vnm_buf_add(out, "vnetmgr [options]... <command> [args...]\n\n  options:\n");
	for (size_t i = 0; i < vnm_n_globals; i++) {
		const struct vnm_global *global = &vnm_globals[i];
		vnm_autobuf struct vnm_buf left = { 0 };

		if (global->letter < VNM_GLOBAL_ROOT)
			vnm_buf_printf(&left, "-%c | ", global->letter);
		else
			vnm_buf_add(&left, "     ");
		vnm_buf_printf(&left, "--%s", global->name);
		if (global->value)
			vnm_buf_printf(&left, "=%s", global->value);
		vnm_buf_printf(out, "    %-23s %s\n", vnm_buf_str(&left), global->help);
	}
	vnm_buf_add(out, "\n  commands:\n\n");
	vnm_help_groups(out);
	vnm_buf_add(out, "  (vnetmgr help <command> tells more about a command)\n");
}
