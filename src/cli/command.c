/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - what a command is, and one call of it. */
#include "cli/command.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

static const struct vnm_command *find(const struct vnm_command *const *commands, const char *name)
{
	while (*commands && strcmp((*commands)->name, name) != 0)
		commands++;
	return *commands;
}

/**
 * vnm_command_find() - the command of a name
 * @commands: all of them; NULL at the end
 * @name:     "net-start", or short "start", unless that is a command itself
 *
 * Return: the command; NULL: there is none.
 */
const struct vnm_command *vnm_command_find(const struct vnm_command *const *commands,
					   const char *name)
{
	const struct vnm_command *command = find(commands, name);
	vnm_autofree char *whole = vnm_asprintf(VNM_COMMAND_PREFIX "%s", name);

	return command ? command : find(commands, whole);
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

/** vnm_cli_clear() - free what reading the command line allocated. */
void vnm_cli_clear(struct vnm_cli *cli)
{
	for (size_t i = 0; i < VNM_OPT_COUNT; i++)
		free(cli->values[i].items);
	memset(cli->values, 0, sizeof(cli->values));
	free(cli->root);
	cli->root = NULL;
	free(cli->network);
	cli->network = NULL;
	vnm_assumed_free(cli->assumed);
	cli->assumed = NULL;
	json_decref(cli->document);
	cli->document = NULL;
}
