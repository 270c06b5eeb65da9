/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.c - from arguments to values, by the rows of the command table.
 *
 * Not getopt_long(3): virsh takes no abbreviations (so that a new option never breaks a script), knows each
 * argument by a name as well, refuses an option given twice, and has its own words for what is wrong.
 */
#include "cli/cli_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/parse.h"

#define WAIT_MAX 86400 /* seconds */

const char *const vnm_opt_names[] = {
	[VNM_OPT_ADDRESS] = "address",
	[VNM_OPT_ALL] = "all",
	[VNM_OPT_AUTO] = "auto",
	[VNM_OPT_AUTOSTART] = "autostart",
	[VNM_OPT_COMMAND] = "command",
	[VNM_OPT_CONFIG] = "config",
	[VNM_OPT_CREATE] = "create",
	[VNM_OPT_CURRENT] = "current",
	[VNM_OPT_DEV] = "dev",
	[VNM_OPT_DEVICE] = "device",
	[VNM_OPT_DISABLE] = "disable",
	[VNM_OPT_DRY_RUN] = "dry-run",
	[VNM_OPT_EDIT] = "edit",
	[VNM_OPT_EVENT] = "event",
	[VNM_OPT_FILE] = "file",
	[VNM_OPT_GROUP] = "group",
	[VNM_OPT_GUARD] = "guard",
	[VNM_OPT_HOSTNAME] = "hostname",
	[VNM_OPT_IFNAME] = "ifname",
	[VNM_OPT_INACTIVE] = "inactive",
	[VNM_OPT_IP] = "ip",
	[VNM_OPT_ISOLATED] = "isolated",
	[VNM_OPT_KEY] = "key",
	[VNM_OPT_LIST] = "list",
	[VNM_OPT_LIVE] = "live",
	[VNM_OPT_LOOP] = "loop",
	[VNM_OPT_MAC] = "mac",
	[VNM_OPT_MASQUERADE] = "masquerade",
	[VNM_OPT_MULTIQUEUE] = "multiqueue",
	[VNM_OPT_NAME] = "name",
	[VNM_OPT_NETNS] = "netns",
	[VNM_OPT_NETWORK] = "network",
	[VNM_OPT_NEW_DESC] = "new-desc",
	[VNM_OPT_NEW_NAME] = "new-name",
	[VNM_OPT_LEASE] = "lease",
	[VNM_OPT_NO_AUTOSTART] = "no-autostart",
	[VNM_OPT_NO_DEFAULT_ROUTE] = "no-default-route",
	[VNM_OPT_OWNER] = "owner",
	[VNM_OPT_PARENT_INDEX] = "parent-index",
	[VNM_OPT_PEER] = "peer",
	[VNM_OPT_PERSISTENT] = "persistent",
	[VNM_OPT_PORT] = "port",
	[VNM_OPT_PORTGROUP] = "portgroup",
	[VNM_OPT_PROTO] = "proto",
	[VNM_OPT_REMOVE] = "remove",
	[VNM_OPT_ROUTER] = "router",
	[VNM_OPT_SECTION] = "section",
	[VNM_OPT_SET] = "set",
	[VNM_OPT_TABLE] = "table",
	[VNM_OPT_TAP] = "tap",
	[VNM_OPT_TITLE] = "title",
	[VNM_OPT_TIMEOUT] = "timeout",
	[VNM_OPT_TIMESTAMP] = "timestamp",
	[VNM_OPT_TO] = "to",
	[VNM_OPT_TRANSIENT] = "transient",
	[VNM_OPT_TUN] = "tun",
	[VNM_OPT_UPLINK] = "uplink",
	[VNM_OPT_URI] = "uri",
	[VNM_OPT_UUID] = "uuid",
	[VNM_OPT_VALIDATE] = "validate",
	[VNM_OPT_VNET_HDR] = "vnet-hdr",
	[VNM_OPT_WIDE] = "wide",
	[VNM_OPT_WRAP] = "wrap",
	[VNM_OPT_XML] = "xml",
	[VNM_OPT_XPATH] = "xpath",
};
static_assert(VNM_ARRAY_SIZE(vnm_opt_names) == VNM_OPT_COUNT, "every option has a name");

const struct vnm_global vnm_globals[] = {
	{ "help", 'h', NULL, "this help, or a command's" },
	{ "quiet", 'q', NULL,
	  "results and errors only: no messages of success, headings and blank lines" },
	{ "root", VNM_GLOBAL_ROOT, "DIR", "keep all state below DIR (or VNETMGR_ROOT)" },
	{ "verbose", 'v', NULL, "say on standard error what is being done" },
	{ "version", 'V', NULL, "the version" },
	{ "wait", VNM_GLOBAL_WAIT, "SECONDS", "how long to wait for another vnetmgr" },
};
const size_t vnm_n_globals = VNM_ARRAY_SIZE(vnm_globals);

/** vnm_command_find() - the row of a command, or NULL. */
const struct vnm_command *vnm_command_find(const char *name)
{
	for (size_t i = 0; i < vnm_n_commands; i++)
		if (!strcmp(vnm_commands[i].name, name))
			return &vnm_commands[i];
	return NULL;
}

/* dnsmasq is started in the directory "/", so nothing that it is told may be relative. */
static int set_root(struct vnm_cli *cli, const char *dir, struct vnm_error *err)
{
	vnm_autofree char *here = NULL;

	if (!*dir)
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "option '--root' requires a directory");
	if (*dir != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return vnm_error_set(err, VNM_ERR_SYSTEM, errno,
					     "cannot tell where '%s' is: the working directory: %s",
					     dir, strerror(errno));
	}
	free(cli->root);
	cli->root = here ? vnm_asprintf("%s/%s", here, dir) : vnm_strdup(dir);
	return 0;
}

static int set_wait(struct vnm_cli *cli, const char *text, struct vnm_error *err)
{
	uint32_t seconds;

	if (vnm_parse_u32(text, 0, WAIT_MAX, &seconds) < 0)
		return vnm_error_set(err, VNM_ERR_USAGE, 0,
				     "Numeric value '%s' for <wait> option is malformed or out of "
				     "range",
				     text);
	cli->wait = (int)seconds;
	return 0;
}

/**
 * vnm_cli_global() - take one global option
 * @cli:    gets it
 * @letter: struct vnm_global.letter
 * @value:  its value, if it has one
 * @err:    VNM_ERR_USAGE for a value that cannot be
 *
 * Return: 0 or -errno.
 */
int vnm_cli_global(struct vnm_cli *cli, int letter, const char *value, struct vnm_error *err)
{
	cli->help |= letter == 'h';
	cli->quiet |= letter == 'q';
	cli->verbose |= letter == 'v';
	cli->version |= letter == 'V';
	if (letter == VNM_GLOBAL_WAIT)
		return set_wait(cli, value, err);
	return letter == VNM_GLOBAL_ROOT ? set_root(cli, value, err) : 0;
}

/** vnm_cli_seen() - was the option given? */
bool vnm_cli_seen(const struct vnm_cli *cli, enum vnm_opt id)
{
	return cli->values[id].seen;
}

/** vnm_cli_value() - the option's (first) value, or NULL. */
const char *vnm_cli_value(const struct vnm_cli *cli, enum vnm_opt id)
{
	return cli->values[id].n ? cli->values[id].items[0] : NULL;
}

/** vnm_option_value_name() - what help calls the option's value. */
const char *vnm_option_value_name(const struct vnm_option *option)
{
	return option->flags & VNM_OPT_NUMBER ? "number" : "string";
}

/** vnm_cli_clear() - free what reading the command line allocated. */
void vnm_cli_clear(struct vnm_cli *cli)
{
	for (size_t i = 0; i < VNM_OPT_COUNT; i++)
		free(cli->values[i].items);
	memset(cli->values, 0, sizeof(cli->values));
	free(cli->root);
	cli->root = NULL;
	vnm_assumed_free(cli->assumed);
	cli->assumed = NULL;
}

static void add_value(struct vnm_cli *cli, enum vnm_opt id, const char *value)
{
	struct vnm_values *values = &cli->values[id];

	values->seen = true;
	values->items = vnm_array_add(values->items, &values->n, sizeof(*values->items));
	values->items[values->n - 1] = value;
}

static const struct vnm_option *find_option(const struct vnm_command *command, const char *name,
					    size_t len)
{
	for (size_t i = 0; i < command->n_options; i++) {
		const char *known = vnm_opt_names[command->options[i].id];

		if (strlen(known) == len && !strncmp(known, name, len))
			return &command->options[i];
	}
	return NULL;
}

static const struct vnm_global *find_global(const char *name, size_t len)
{
	for (size_t i = 0; i < vnm_n_globals; i++)
		if (strlen(vnm_globals[i].name) == len && !strncmp(vnm_globals[i].name, name, len))
			return &vnm_globals[i];
	return NULL;
}

/* Return: how many of @rest were used, or -errno. */
static int take_global(struct vnm_cli *cli, const struct vnm_global *global, const char *value,
		       char *const rest[], struct vnm_error *err)
{
	int used = global->value && !value ? 1 : 0;
	int r;

	if (!global->value && value)
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "invalid '=' after option --%s",
				     global->name);
	if (used && !rest[0])
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "option '--%s' requires an argument",
				     global->name);
	r = vnm_cli_global(cli, global->letter, used ? rest[0] : value, err);
	return r < 0 ? r : used;
}

/* "--name", "--name=value", "--name value". @rest: what follows. Return: how many of it were used, or -errno. */
static int take_long(struct vnm_cli *cli, const char *name, char *const rest[],
		     struct vnm_error *err)
{
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct vnm_option *option = find_option(cli->command, name, len);
	const struct vnm_global *global = find_global(name, len);

	if (!option && global)
		return take_global(cli, global, value, rest, err);
	if (!option) {
		cli->stray = name;
		return vnm_error_set(err, VNM_ERR_USAGE, 0,
				     "command '%s' doesn't support option --%.*s",
				     cli->command->name, (int)len, name);
	}
	if (cli->values[option->id].seen && !(option->flags & VNM_OPT_MANY))
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "option --%s already seen",
				     vnm_opt_names[option->id]);
	if (!(option->flags & VNM_OPT_HAS_VALUE) && value)
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "invalid '=' after option --%s",
				     vnm_opt_names[option->id]);
	if (!(option->flags & VNM_OPT_HAS_VALUE)) {
		cli->values[option->id].seen = true;
		return 0;
	}
	if (!value && !rest[0])
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "expected syntax: --%s <%s>",
				     vnm_opt_names[option->id], vnm_option_value_name(option));
	add_value(cli, option->id, value ? value : rest[0]);
	return value ? 0 : 1;
}

/* Commands have no letters of their own; the global ones may stand here, too: "net-list -q". */
static int take_letters(struct vnm_cli *cli, const char *letters, struct vnm_error *err)
{
	for (const char *s = letters; *s; s++) {
		size_t i = 0;

		while (i < vnm_n_globals && vnm_globals[i].letter != *s)
			i++;
		if (i == vnm_n_globals)
			return vnm_error_set(err, VNM_ERR_USAGE, 0,
					     "command '%s' doesn't support option -%s",
					     cli->command->name, letters);
		(void)vnm_cli_global(cli, *s, NULL, err);
	}
	return 0;
}

/* The option to which the next argument that stands alone belongs, or NULL. */
static const struct vnm_option *next_alone(const struct vnm_cli *cli)
{
	for (size_t i = 0; i < cli->command->n_options; i++) {
		const struct vnm_option *option = &cli->command->options[i];

		if ((option->flags & VNM_OPT_ALONE) &&
		    (!cli->values[option->id].seen || (option->flags & VNM_OPT_MANY)))
			return option;
	}
	return NULL;
}

/* Return: how many of the arguments after this one were used, or -errno. */
static int take_alone(struct vnm_cli *cli, char *const args[], struct vnm_error *err)
{
	const struct vnm_option *option = next_alone(cli);
	int used = 0;

	if (!option)
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "unexpected data '%s'", args[0]);
	add_value(cli, option->id, args[0]);
	for (; (option->flags & VNM_OPT_REST) && args[used + 1]; used++)
		add_value(cli, option->id, args[used + 1]);
	return used;
}

/**
 * vnm_cli_missing() - find options that the command needs and did not get
 * @cli: after vnm_cli_parse()
 * @at:  0 for the first one; moved behind the one that is returned
 *
 * Return: the option's name; NULL: there are none, or no more, or help was asked for.
 */
const char *vnm_cli_missing(const struct vnm_cli *cli, size_t *at)
{
	while (*at < cli->command->n_options && !cli->help && !cli->version) {
		const struct vnm_option *option = &cli->command->options[(*at)++];
		bool waived = (option->flags & VNM_OPT_OR_ALL) && vnm_cli_seen(cli, VNM_OPT_ALL);

		if ((option->flags & VNM_OPT_REQUIRED) && !waived && !vnm_cli_seen(cli, option->id))
			return vnm_opt_names[option->id];
	}
	return NULL;
}

/**
 * vnm_cli_parse() - read the arguments of a command
 * @cli:  @cli->command is set; gets the values, and global options that stand among them
 * @argv: what follows the command's name, NULL at the end; must outlive @cli
 * @err:  VNM_ERR_USAGE with virsh's words
 *
 * Options and arguments stand in any order; "--" ends the options. What is missing is not noticed here. When help is asked for, nothing else is
 * looked at.
 *
 * Return: 0 or -errno.
 */
int vnm_cli_parse(struct vnm_cli *cli, char *const argv[], struct vnm_error *err)
{
	bool options = true;

	for (size_t i = 0; argv[i] && !cli->help && !cli->version; i++) {
		const char *arg = argv[i];
		int r;

		if (!options || arg[0] != '-' || !arg[1]) {
			r = take_alone(cli, argv + i, err);
		} else if (arg[1] != '-') {
			r = take_letters(cli, arg + 1, err);
		} else if (arg[2]) {
			r = take_long(cli, arg + 2, argv + i + 1, err);
		} else {
			options = false;
			r = 0;
		}
		if (r < 0)
			return r;
		i += (size_t)r;
	}
	return 0;
}
