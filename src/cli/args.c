/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.c - from arguments to values, by the options of the command.
 *
 * Not getopt_long(3): virsh takes no abbreviations (so that a new option never breaks a script), gives each argument
 * a name as well, refuses an option given twice, and has its own error messages.
 */
#include "cli/args.h"

#include <string.h>

#include "cli/globals.h"
#include "util/mem.h"

static void add_value(struct vnm_cli *cli, enum vnm_opt id, const char *value)
{
	struct vnm_values *values = &cli->values[id];

	values->seen = true;
	values->items = vnm_array_add(values->items, &values->n, sizeof(*values->items));
	values->items[values->n - 1] = value;
}

/**
 * vnm_cli_option() - the option of a name
 * @command: the command that may take it
 * @name:    the name, without "--"; of @len bytes
 *
 * Return: the option; NULL: the command does not take it.
 */
const struct vnm_option *vnm_cli_option(const struct vnm_command *command, const char *name,
					size_t len)
{
	for (size_t i = 0; i < command->n_options; i++) {
		const char *listed = vnm_opt_names[command->options[i].id];

		if (strlen(listed) == len && !strncmp(listed, name, len))
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
	const struct vnm_option *option = vnm_cli_option(cli->command, name, len);
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
	if (!value && !rest[0]) {
		cli->unfinished = option;
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "expected syntax: --%s <%s>",
				     vnm_opt_names[option->id], vnm_option_value_name(option));
	}
	add_value(cli, option->id, value ? value : rest[0]);
	return value ? 0 : 1;
}

/* Commands have no short options; global ones are allowed here, too: "net-list -q". */
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

/** vnm_cli_next_operand() - the option that the next positional argument is the value of, or NULL. */
const struct vnm_option *vnm_cli_next_operand(const struct vnm_cli *cli)
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
	const struct vnm_option *option = vnm_cli_next_operand(cli);
	int used = 0;

	if (!option) {
		cli->extra = args[0];
		return vnm_error_set(err, VNM_ERR_USAGE, 0, "unexpected data '%s'", args[0]);
	}
	add_value(cli, option->id, args[0]);
	for (; (option->flags & VNM_OPT_REST) && args[used + 1]; used++)
		add_value(cli, option->id, args[used + 1]);
	return used;
}

/**
 * vnm_cli_missing() - find required options that are missing
 * @cli: after vnm_cli_parse()
 * @at:  0 for the first one; moved behind the one that is returned
 *
 * Return: the option's name; NULL: no more, or help was requested.
 */
const char *vnm_cli_missing(const struct vnm_cli *cli, size_t *at)
{
	while (*at < cli->command->n_options && !cli->help && !cli->version) {
		const struct vnm_option *option = &cli->command->options[(*at)++];
		bool waived =
			(option->flags & VNM_OPT_OR_ALL) &&
			(vnm_cli_seen(cli, VNM_OPT_ALL) || vnm_cli_seen(cli, VNM_OPT_FIREWALL));

		if ((option->flags & VNM_OPT_REQUIRED) && !waived && !vnm_cli_seen(cli, option->id))
			return vnm_opt_names[option->id];
	}
	return NULL;
}

/**
 * vnm_cli_parse() - read the arguments of a command
 * @cli:  @cli->command is set; gets the values, and global options that stand among them
 * @argv: what follows the command's name, NULL at the end; must outlive @cli
 * @err:  VNM_ERR_USAGE with virsh's message
 *
 * Options and arguments come in any order; "--" ends the options. Missing ones are not checked here. When help is
 * requested, the rest is ignored.
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
