/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c - the help texts, from the rows of the commands, in virsh's layout. */
#include "cli/help.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "cli/globals.h"
#include "util/mem.h"

/* Indentation of lines of a command's help, of continuation lines, and the minimum width of the column of options. */
#define INDENT 4
#define HANGING 8
#define OPTION_MIN 15
#define OPTION_GAP 2
/* Widths of the names in lists of commands and of global options. */
#define COMMAND_COLUMN 30
#define GLOBAL_COLUMN 23
#define SHOWN_BY_PLACE (VNM_OPT_REQUIRED | VNM_OPT_PLACED | VNM_OPT_USUAL)

/** struct heading - the heading of a group. */
struct heading {
	const char *keyword, *title;
};

static const struct heading headings[] = {
	[VNM_HELP_NETWORK] = { "network", "Networking" },
	[VNM_HELP_DEFINITION] = { "definition", "Definitions" },
	[VNM_HELP_LIFECYCLE] = { "lifecycle", "Start and stop" },
	[VNM_HELP_CHANGE] = { "change", "Changes" },
	[VNM_HELP_INFORMATION] = { "information", "Information" },
	[VNM_HELP_DIAGNOSIS] = { "diagnosis", "Diagnosis" },
	[VNM_HELP_FORWARDING] = { "forwarding", "Port forwarding" },
	[VNM_HELP_GUEST] = { "guest", "Guests" },
	[VNM_HELP_SELF] = { "vnetmgr", "Vnetmgr itself" },
};
static_assert(VNM_ARRAY_SIZE(headings) == VNM_HELP_COUNT, "every group has a heading");

/**
 * struct flow - text in lines of a width
 * @indent: the column at which further lines begin
 * @at:     how far the line has come
 * @begun:  there is a word on it
 */
struct flow {
	struct vnm_buf *out;
	size_t width, indent, at;
	bool begun;
};

/* Words are never split; one that is too long gets a line of its own. */
static void flow_word(struct flow *flow, const char *word, size_t len)
{
	if (flow->begun && flow->at + 1 + len > flow->width) {
		vnm_buf_printf(flow->out, "\n%*s", (int)flow->indent, "");
		flow->at = flow->indent;
	} else if (flow->begun) {
		vnm_buf_addc(flow->out, ' ');
		flow->at++;
	}
	flow->begun = true;
	vnm_buf_addn(flow->out, word, len);
	flow->at += len;
}

static void flow_text(struct flow *flow, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		flow_word(flow, text, len);
		text += len + strspn(text + len, " ");
	}
	vnm_buf_addc(flow->out, '\n');
}

/* "<network>...", "[--mac <string>]", "[--ip <string>]...", "[--all]" */
static char *synopsis_option(const struct vnm_option *option)
{
	const char *name = vnm_opt_names[option->id];
	bool optional = !(option->flags & (VNM_OPT_REQUIRED | VNM_OPT_USUAL)) ||
			(option->flags & VNM_OPT_OR_ALL);
	bool many = option->flags & VNM_OPT_MANY;
	struct vnm_buf out = { 0 };

	vnm_buf_add(&out, optional ? "[" : "");
	if (!(option->flags & VNM_OPT_HAS_VALUE))
		vnm_buf_printf(&out, "--%s", name);
	else if ((option->flags & SHOWN_BY_PLACE) || (many && (option->flags & VNM_OPT_ALONE)))
		vnm_buf_printf(&out, "<%s>", name);
	else
		vnm_buf_printf(&out, "--%s <%s>", name, vnm_option_value_name(option));
	vnm_buf_add(&out, optional ? "]" : "");
	vnm_buf_add(&out, many ? "..." : "");
	return vnm_buf_steal(&out);
}

static void synopsis(const struct vnm_command *command, size_t width, struct vnm_buf *out)
{
	struct flow flow = { out, width, HANGING, INDENT, false };

	vnm_buf_printf(out, "\n  SYNOPSIS\n%*s", INDENT, "");
	flow_word(&flow, command->name, strlen(command->name));
	for (size_t i = 0; i < command->n_options; i++) {
		vnm_autofree char *word = synopsis_option(&command->options[i]);

		flow_word(&flow, word, strlen(word));
	}
	vnm_buf_addc(out, '\n');
}

/* The left column: the option and its value. */
static char *option_text(const struct vnm_option *option)
{
	const char *name = vnm_opt_names[option->id];

	if (!(option->flags & VNM_OPT_HAS_VALUE))
		return vnm_asprintf("--%s", name);
	if (option->flags & SHOWN_BY_PLACE)
		return vnm_asprintf("[--%s] <string>", name);
	if ((option->flags & VNM_OPT_MANY) && (option->flags & VNM_OPT_ALONE))
		return vnm_asprintf("<%s>", name);
	return vnm_asprintf("--%s <%s>", name, vnm_option_value_name(option));
}

static size_t options_width(const struct vnm_command *command)
{
	size_t widest = OPTION_MIN;

	for (size_t i = 0; i < command->n_options; i++) {
		vnm_autofree char *left = option_text(&command->options[i]);

		if (strlen(left) > widest)
			widest = strlen(left);
	}
	return widest;
}

static void describe_option(const struct vnm_option *option, size_t column, size_t width,
			    struct vnm_buf *out)
{
	vnm_autofree char *left = option_text(option);
	size_t indent = INDENT + column + OPTION_GAP;
	struct flow flow = { out, width, indent, indent, false };

	vnm_buf_printf(out, "%*s%-*s", INDENT, "", (int)column + OPTION_GAP, left);
	flow_text(&flow, option->help);
}

/**
 * vnm_help_command() - what "help COMMAND" prints
 * @command: the row
 * @width:   of the lines, in columns
 * @out:     gets the text
 */
void vnm_help_command(const struct vnm_command *command, size_t width, struct vnm_buf *out)
{
	vnm_autofree char *name = vnm_asprintf("%s - %s", command->name, command->summary);
	struct flow first = { out, width, INDENT, INDENT, false }, flow = first;
	size_t column = options_width(command);

	vnm_buf_printf(out, "  NAME\n%*s", INDENT, "");
	flow_text(&first, name);
	synopsis(command, width, out);
	if (command->description) {
		vnm_autobuf struct vnm_buf text = { 0 };

		vnm_buf_add(&text, command->description);
		if (command->add_details)
			command->add_details(&text);
		vnm_buf_printf(out, "\n  DESCRIPTION\n%*s", INDENT, "");
		flow_text(&flow, vnm_buf_str(&text));
	}
	if (command->n_options > 0)
		vnm_buf_add(out, "\n  OPTIONS\n");
	for (size_t i = 0; i < command->n_options; i++)
		describe_option(&command->options[i], column, width, out);
	vnm_buf_addc(out, '\n');
}

/** vnm_help_group_find() - the group of a keyword; VNM_HELP_COUNT: there is none. */
enum vnm_help_group vnm_help_group_find(const char *keyword)
{
	int group = 0;

	while (group < VNM_HELP_COUNT && strcmp(headings[group].keyword, keyword) != 0)
		group++;
	return (enum vnm_help_group)group;
}

/** vnm_help_keyword() - the keyword of a group */
const char *vnm_help_keyword(enum vnm_help_group group)
{
	return headings[group].keyword;
}

/* A name, and what it is, in columns. */
static void list_item(const char *name, size_t column, const char *text, size_t width,
		      struct vnm_buf *out)
{
	size_t indent = INDENT + column + 1;
	struct flow flow = { out, width ? width : SIZE_MAX, indent, indent, false };

	vnm_buf_printf(out, "%*s%-*s ", INDENT, "", (int)column, name);
	flow_text(&flow, text);
}

static void list_group(const struct vnm_command *const *commands, enum vnm_help_group group,
		       size_t width, struct vnm_buf *out)
{
	bool below = group > VNM_HELP_NETWORK && group < VNM_HELP_SELF;

	vnm_buf_printf(out, "%s %s (help keyword '%s'):\n", below ? " " : "", headings[group].title,
		       headings[group].keyword);
	for (; *commands; commands++)
		if ((*commands)->group == group && !((*commands)->flags & VNM_COMMAND_HIDDEN))
			list_item((*commands)->name, COMMAND_COLUMN, (*commands)->summary, width,
				  out);
}

/**
 * vnm_help_group() - what "help GROUP" prints
 * @commands: all commands, NULL at the end
 * @group:    the group
 * @width:    of the lines, in columns; 0: as long as they are
 * @out:      gets its title and a line for each command; that of networks consists of groups
 */
void vnm_help_group(const struct vnm_command *const *commands, enum vnm_help_group group,
		    size_t width, struct vnm_buf *out)
{
	list_group(commands, group, width, out);
	for (int i = group + 1; group == VNM_HELP_NETWORK && i < VNM_HELP_SELF; i++) {
		vnm_buf_addc(out, '\n');
		list_group(commands, (enum vnm_help_group)i, width, out);
	}
}

/** vnm_help_groups() - all groups, each with a blank line after it; @width as for vnm_help_group(). */
void vnm_help_groups(const struct vnm_command *const *commands, size_t width, struct vnm_buf *out)
{
	vnm_help_group(commands, VNM_HELP_NETWORK, width, out);
	vnm_buf_addc(out, '\n');
	vnm_help_group(commands, VNM_HELP_SELF, width, out);
	vnm_buf_addc(out, '\n');
}

/**
 * vnm_help_usage() - what "--help" prints
 * @commands: all commands, NULL at the end
 * @width:    of the lines, in columns; 0: as long as they are
 * @out:      gets the global options and all groups
 */
void vnm_help_usage(const struct vnm_command *const *commands, size_t width, struct vnm_buf *out)
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
		list_item(vnm_buf_str(&left), GLOBAL_COLUMN, global->help, width, out);
	}
	vnm_buf_add(out, "\n  commands:\n\n");
	vnm_help_groups(commands, width, out);
	vnm_buf_add(out,
		    "  (vnetmgr help <command> tells more about a command; net-list is list for "
		    "short, and so on)\n");
}
