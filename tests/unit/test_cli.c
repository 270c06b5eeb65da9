/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line's table, reading arguments by it, and help.
 *
 * Where a message is virsh's as well, it is what virsh 9.0.0 prints.
 */
#include "runner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/command_line.h"
#include "util/mem.h"

const char vnm_suite[] = "cli";

/* ---- the table */

static void test_table_is_sound(void)
{
	for (size_t i = 0; vnm_commands[i]; i++) {
		const struct vnm_command *command = vnm_commands[i];
		bool seen[VNM_OPT_COUNT] = { false };
		bool optional = false, many = false;

		CU_ASSERT_PTR_NOT_NULL(command->run);
		CU_ASSERT_PTR_NOT_NULL(command->summary);
		CU_ASSERT_PTR_EQUAL(vnm_command_find(vnm_commands, command->name), command);
		for (size_t k = 0; k < command->n_options; k++) {
			const struct vnm_option *option = &command->options[k];

			CU_ASSERT_FALSE(seen[option->id]);
			seen[option->id] = true;
			CU_ASSERT_PTR_NOT_NULL(option->help);
			if (!(option->flags & VNM_OPT_ALONE))
				continue;
			CU_ASSERT_TRUE(option->flags & VNM_OPT_HAS_VALUE);
			/* After one that takes many, or may be left out, the next could not be reached. */
			CU_ASSERT_FALSE(many || (optional && (option->flags & VNM_OPT_REQUIRED)));
			many = option->flags & VNM_OPT_MANY;
			optional = !(option->flags & VNM_OPT_REQUIRED);
		}
	}
}

static void test_help_lists_every_command_once(void)
{
	vnm_autobuf struct vnm_buf out = { 0 };

	vnm_help_usage(vnm_commands, 0, &out);
	for (size_t i = 0; vnm_commands[i]; i++) {
		vnm_autofree char *line = vnm_asprintf("\n    %-30s %s\n", vnm_commands[i]->name,
						       vnm_commands[i]->summary);
		const char *at = strstr(vnm_buf_str(&out), line);

		CU_ASSERT_EQUAL(!at, !!(vnm_commands[i]->flags & VNM_COMMAND_HIDDEN));
		CU_ASSERT_PTR_NULL(at ? strstr(at + 1, line) : NULL);
	}
}

/* "net-" may be left out, unless the rest is a command itself. */
static void test_short_forms(void)
{
	static const struct {
		const char *given, *found;
	} cases[] = {
		{ "start", "net-start" },
		{ "dhcp-leases", "net-dhcp-leases" },
		{ "autostart", "autostart" },
		{ "net-autostart", "net-autostart" },
		{ "net-net-start", NULL },
		{ "", NULL },
		{ "sta", NULL },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		const struct vnm_command *command = vnm_command_find(vnm_commands, cases[i].given);

		CU_ASSERT_EQUAL(!command, !cases[i].found);
		if (command && cases[i].found)
			CU_ASSERT_STRING_EQUAL(command->name, cases[i].found);
	}
}

/* ---- reading arguments */

/* The message, or NULL; @cli must be cleared. */
static const char *parse(struct vnm_cli *cli, const char *command, const char *const argv[])
{
	static struct vnm_error err;

	const char *missing;
	size_t at = 0;

	*cli = (struct vnm_cli){ .command = vnm_command_find(vnm_commands, command) };
	err = (struct vnm_error){ 0 };
	CU_ASSERT_PTR_NOT_NULL_FATAL(cli->command);
	if (vnm_cli_parse(cli, (char *const *)argv, &err) == 0) {
		missing = vnm_cli_missing(cli, &at);
		if (!missing)
			return NULL;
		vnm_error_set(&err, VNM_ERR_USAGE, 0, "command '%s' requires <%s> option", command,
			      missing);
	}
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_USAGE);
	return err.msg;
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void refused(const char *command, const char *const argv[], const char *message)
{
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, command, argv), message);
	vnm_cli_clear(&cli);
}

static void test_refusals_are_virshs(void)
{
	refused("net-define", ARGS(NULL), "command 'net-define' requires <file> option");
	refused("net-start", ARGS(NULL), "command 'net-start' requires <network> option");
	refused("net-list", ARGS("--frob"), "command 'net-list' doesn't support option --frob");
	refused("net-list", ARGS("--frob=1"), "command 'net-list' doesn't support option --frob");
	refused("net-list", ARGS("--al"), "command 'net-list' doesn't support option --al");
	refused("net-list", ARGS("--all", "extra"), "unexpected data 'extra'");
	refused("net-list", ARGS("--", "--all"), "unexpected data '--all'");
	refused("net-list", ARGS("--all=1"), "invalid '=' after option --all");
	refused("net-list", ARGS("--all", "--all"), "option --all already seen");
	refused("net-info", ARGS("--network"), "expected syntax: --network <string>");
	refused("net-define", ARGS("--file", "a", "--file", "b"), "option --file already seen");
	refused("net-dumpxml", ARGS("keennet", "x"), "unexpected data 'x'");
	refused("net-dumpxml", ARGS("--network", "keennet", "x"), "unexpected data 'x'");
	refused("net-autostart", ARGS("--disable"),
		"command 'net-autostart' requires <network> option");
}

static void test_refusals_of_our_own(void)
{
	refused("net-list", ARGS("-x"), "command 'net-list' doesn't support option -x");
	refused("net-list", ARGS("-qx"), "command 'net-list' doesn't support option -qx");
	refused("net-list", ARGS("--quiet=1"), "invalid '=' after option --quiet");
	refused("net-list", ARGS("--root"), "option '--root' requires an argument");
	refused("net-list", ARGS("--root="), "option '--root' requires a directory");
	refused("net-undefine", ARGS("--all"),
		"command 'net-undefine' doesn't support option --all");
	refused("version", ARGS("x"), "unexpected data 'x'");
}

static void test_arguments_in_any_order(void)
{
	static const char *const forms[][6] = {
		{ "keennet", "52:54:00:00:00:01" },
		{ "--mac", "52:54:00:00:00:01", "keennet" },
		{ "keennet", "--mac", "52:54:00:00:00:01" },
		{ "--mac=52:54:00:00:00:01", "--network=keennet" },
		{ "--network", "keennet", "52:54:00:00:00:01" },
		{ "--", "keennet", "52:54:00:00:00:01" },
		{ "keennet", "--", "52:54:00:00:00:01" },
	};
	struct vnm_cli cli;

	for (size_t i = 0; i < VNM_ARRAY_SIZE(forms); i++) {
		VNM_ASSERT_STR_EQ(parse(&cli, "net-dhcp-leases", forms[i]), NULL);
		VNM_ASSERT_STR_EQ(vnm_cli_value(&cli, VNM_OPT_NETWORK), "keennet");
		VNM_ASSERT_STR_EQ(vnm_cli_value(&cli, VNM_OPT_MAC), "52:54:00:00:00:01");
		vnm_cli_clear(&cli);
	}
}

static void test_many_names(void)
{
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, "net-start",
				ARGS("a", "--dry-run", "--network", "b", "c", "--", "--d")),
			  NULL);
	VNM_ASSERT_INT_EQ_FATAL(cli.values[VNM_OPT_NETWORK].n, 4);
	VNM_ASSERT_STR_EQ(cli.values[VNM_OPT_NETWORK].items[0], "a");
	VNM_ASSERT_STR_EQ(cli.values[VNM_OPT_NETWORK].items[1], "b");
	VNM_ASSERT_STR_EQ(cli.values[VNM_OPT_NETWORK].items[2], "c");
	VNM_ASSERT_STR_EQ(cli.values[VNM_OPT_NETWORK].items[3], "--d");
	CU_ASSERT_TRUE(vnm_cli_seen(&cli, VNM_OPT_DRY_RUN));
	CU_ASSERT_FALSE(vnm_cli_seen(&cli, VNM_OPT_ALL));
	vnm_cli_clear(&cli);
}

static void test_all_stands_for_names(void)
{
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, "net-start", ARGS("--all")), NULL);
	CU_ASSERT_TRUE(vnm_cli_seen(&cli, VNM_OPT_ALL));
	VNM_ASSERT_STR_EQ(vnm_cli_value(&cli, VNM_OPT_NETWORK), NULL);
	vnm_cli_clear(&cli);
}

static void test_dash_is_an_argument(void)
{
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, "net-define", ARGS("--validate", "-")), NULL);
	VNM_ASSERT_STR_EQ(vnm_cli_value(&cli, VNM_OPT_FILE), "-");
	vnm_cli_clear(&cli);
}

static void test_sandbox_leaves_the_command_alone(void)
{
	struct vnm_cli cli;
	const struct vnm_values *command = &cli.values[VNM_OPT_COMMAND];

	VNM_ASSERT_STR_EQ(parse(&cli, "sandbox",
				ARGS("--uplink", "ls", "--frob", "-q", "--", "--uplink")),
			  NULL);
	CU_ASSERT_TRUE(vnm_cli_seen(&cli, VNM_OPT_UPLINK));
	CU_ASSERT_FALSE(cli.quiet);
	VNM_ASSERT_INT_EQ_FATAL(command->n, 5);
	VNM_ASSERT_STR_EQ(command->items[0], "ls");
	VNM_ASSERT_STR_EQ(command->items[1], "--frob");
	VNM_ASSERT_STR_EQ(command->items[3], "--");
	VNM_ASSERT_STR_EQ(command->items[4], "--uplink");
	vnm_cli_clear(&cli);

	VNM_ASSERT_STR_EQ(parse(&cli, "sandbox", ARGS("--", "--uplink", "x")), NULL);
	CU_ASSERT_FALSE(vnm_cli_seen(&cli, VNM_OPT_UPLINK));
	VNM_ASSERT_INT_EQ(command->n, 2);
	vnm_cli_clear(&cli);

	VNM_ASSERT_STR_EQ(parse(&cli, "sandbox", ARGS(NULL)), NULL);
	VNM_ASSERT_INT_EQ(command->n, 0);
	vnm_cli_clear(&cli);
}

static void test_globals_among_the_options(void)
{
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, "net-list", ARGS("-qv", "--all", "--root", "/x/y")), NULL);
	CU_ASSERT_TRUE(cli.quiet && cli.verbose && vnm_cli_seen(&cli, VNM_OPT_ALL));
	VNM_ASSERT_STR_EQ(cli.root, "/x/y");
	vnm_cli_clear(&cli);
	/* Help needs nothing else, and reads nothing else. */
	VNM_ASSERT_STR_EQ(parse(&cli, "net-define", ARGS("--help", "x", "y", "--frob")), NULL);
	CU_ASSERT_TRUE(cli.help);
	vnm_cli_clear(&cli);
}

static void test_root_becomes_absolute(void)
{
	vnm_autofree char *here = getcwd(NULL, 0), *should = vnm_asprintf("%s/sub/dir", here);
	struct vnm_cli cli;

	VNM_ASSERT_STR_EQ(parse(&cli, "net-list", ARGS("--root=sub/dir")), NULL);
	VNM_ASSERT_STR_EQ(cli.root, should);
	vnm_cli_clear(&cli);
}

static void test_all_that_is_missing(void)
{
	struct vnm_cli cli = { .command = vnm_command_find(vnm_commands, "net-update") };
	struct vnm_error err = { 0 };
	size_t at = 0;

	VNM_ASSERT_INT_EQ(vnm_cli_parse(&cli, (char *const *)ARGS("--section", "ip", "a"), &err),
			  0);
	VNM_ASSERT_STR_EQ(vnm_cli_missing(&cli, &at), "command");
	VNM_ASSERT_STR_EQ(vnm_cli_missing(&cli, &at), "xml");
	CU_ASSERT_PTR_NULL(vnm_cli_missing(&cli, &at));
	vnm_cli_clear(&cli);
}

/* ---- several commands in one argument */

/* Words are shown with ',' after each, commands with ';'. */
static void splits(const char *text, const char *should)
{
	vnm_autobuf struct vnm_buf out = { 0 };
	struct vnm_error err = { 0 };
	struct vnm_command_line *list;
	size_t n;

	VNM_ASSERT_INT_EQ_FATAL(vnm_command_line_split(text, &list, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < list[i].n; k++)
			vnm_buf_printf(&out, "%s,", list[i].argv[k]);
		CU_ASSERT_PTR_NULL(list[i].argv[list[i].n]);
		vnm_buf_addc(&out, ';');
	}
	VNM_ASSERT_STR_EQ(vnm_buf_str(&out), should);
	vnm_command_lines_free(list, n);
}

static void does_not_split(const char *text, const char *message)
{
	struct vnm_error err = { 0 };
	struct vnm_command_line *list;
	size_t n;

	CU_ASSERT(vnm_command_line_split(text, &list, &n, &err) < 0);
	VNM_ASSERT_INT_EQ(err.code, VNM_ERR_USAGE);
	VNM_ASSERT_STR_EQ(err.msg, message);
}

static void test_words_are_split_as_virsh_does(void)
{
	splits("net-list", "net-list,;");
	splits(" net-list\t--all  --name ", "net-list,--all,--name,;");
	splits("a b;c\nd ; ;; e;", "a,b,;c,;d,;e,;");
	splits("", "");
	splits(" ; # no;thing", "");
	splits("a # b;c\nd #e", "a,;d,;");
	splits("a#b c\\#d", "a#b,c#d,;");
	splits("'a b' \"c d\" e\\ f", "a b,c d,e f,;");
	splits("a'b;'\"c;\"d\\;e \"\" ''", "ab;c;d;e,,,;");
	splits("'\\' \"\\\"\\\\\\a\"", "\\,\"\\a,;");
	splits("'a b", "a b,;");
	splits("a b c d e f g h i j;k", "a,b,c,d,e,f,g,h,i,j,;k,;");
	splits("a\\\nb", "a\nb,;");
	does_not_split("a \"b", "missing \"");
	does_not_split("a;b \"c\\\"", "missing \"");
	does_not_split("a \\", "dangling \\");
	does_not_split("a;b c \"d\\", "dangling \\");
}

/* ---- help */

static void test_help_synopses(void)
{
	static const struct {
		const char *command, *synopsis;
	} cases[] = {
		{ "net-autostart", "net-autostart [<network>]... [--all] [--disable]\n" },
		{ "net-define", "net-define <file> [--validate] [--dry-run] [--json]\n" },
		{ "net-dhcp-leases",
		  "net-dhcp-leases <network> [--mac <string>] [--reservations] [--json]\n" },
		{ "net-info", "net-info <network>... [--json]\n" },
		{ "autostart", "autostart [--late]\n" },
		{ "autostop", "autostop\n" },
		{ "help", "help [--command <string>]\n" },
		{ "net-attach",
		  "net-attach <network> [--tap <string>] [--tun <string>] [--netns <string>]\n"
		  "        [--create] [--dev <string>] [--ifname <string>] [--mac <string>]\n"
		  "        [--ip <string>]... [--peer <string>]... [--hostname <string>]\n" },
		{ "net-desc",
		  "net-desc <network> [--config] [--live] [--current] [--title] [--edit]\n"
		  "        [<new-desc>]...\n" },
		{ "sandbox", "sandbox [--uplink] [<command>]...\n" },
		{ "net-forward-add",
		  "net-forward-add <network> <proto> <port> <to> [--address <string>]\n" },
		{ "net-forward-del", "net-forward-del <network> <proto> <port> [--to <string>]\n" },
		{ "net-doctor", "net-doctor [<network>] [<device>] [--passive] [--json]\n" },
		{ "net-diff", "net-diff <network> [<file>] [--live] [--json]\n" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(cases); i++) {
		vnm_autofree char *should = vnm_asprintf("\n  SYNOPSIS\n    %s", cases[i].synopsis);
		vnm_autobuf struct vnm_buf out = { 0 };

		vnm_help_command(vnm_command_find(vnm_commands, cases[i].command), 80, &out);
		if (!strstr(vnm_buf_str(&out), should))
			VNM_ASSERT_STR_EQ(vnm_buf_str(&out), should);
	}
}

/* The column at which an option's description begins, or goes on. */
static size_t described_at(const char *line)
{
	const char *at = line + strspn(line, " ");

	if (at - line == 4)
		at = strstr(at, "  ");
	return at ? (size_t)(at - line) + strspn(at, " ") : 0;
}

/* Whatever the names' lengths, descriptions stand in one column, and no line is too long. */
static void test_help_layout(void)
{
	for (size_t i = 0; vnm_commands[i]; i++) {
		vnm_autobuf struct vnm_buf out = { 0 };
		vnm_autofree char *text = NULL;
		char *line, *rest;
		size_t column = 0;

		vnm_help_command(vnm_commands[i], 72, &out);
		text = vnm_buf_steal(&out);
		rest = strstr(text, "\n  SYNOPSIS\n");
		CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
		for (rest++; (line = strsep(&rest, "\n"));) {
			CU_ASSERT_TRUE(strlen(line) <= 72);
			if (!strcmp(line, "  OPTIONS"))
				column = rest ? described_at(rest) : 0;
			else if (column && *line)
				VNM_ASSERT_INT_EQ(described_at(line), column);
		}
		CU_ASSERT_TRUE(column > 0 || vnm_commands[i]->n_options == 0);
	}
}

const struct vnm_test vnm_tests[] = {
	{ "table_is_sound", test_table_is_sound },
	{ "help_lists_every_command_once", test_help_lists_every_command_once },
	{ "short_forms", test_short_forms },
	{ "refusals_are_virshs", test_refusals_are_virshs },
	{ "refusals_of_our_own", test_refusals_of_our_own },
	{ "arguments_in_any_order", test_arguments_in_any_order },
	{ "many_names", test_many_names },
	{ "all_stands_for_names", test_all_stands_for_names },
	{ "dash_is_an_argument", test_dash_is_an_argument },
	{ "sandbox_leaves_the_command_alone", test_sandbox_leaves_the_command_alone },
	{ "globals_among_the_options", test_globals_among_the_options },
	{ "root_becomes_absolute", test_root_becomes_absolute },
	{ "all_that_is_missing", test_all_that_is_missing },
	{ "words_are_split_as_virsh_does", test_words_are_split_as_virsh_does },
	{ "help_synopses", test_help_synopses },
	{ "help_layout", test_help_layout },
	{ 0 }
};
