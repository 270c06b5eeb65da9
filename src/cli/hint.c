/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hint.c - hints about an invalid command line.
 *
 * A hint is a line of its own after the error, which stays virsh's; --quiet suppresses it.
 */
#include "cli/hint.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/globals.h"
#include "cli/output.h"
#include "state/readers.h"
#include "util/mem.h"
#include "util/near.h"

/* "'a'", "'a' or 'b'", "'a', 'b' or 'c'"; @before: prefix of each word. Return: is there any? */
static bool add_near(const struct vnm_near *near, const char *before, struct vnm_buf *out)
{
	for (size_t i = 0; i < near->n; i++)
		vnm_buf_printf(out, "%s'%s%s'",
			       i == 0		  ? "" :
			       i + 1 < near->n ? ", " :
						 " or ",
			       before, near->words[i]);
	return near->n > 0;
}

static bool hint_near(struct vnm_cli *cli, const char *word, const char *before,
		      const char *const *list, size_t n)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	struct vnm_near near;

	vnm_near_find(word, list, n, &near);
	if (add_near(&near, before, &text))
		vnm_cli_hint(cli, "did you mean %s?", vnm_buf_str(&text));
	return near.n > 0;
}

/**
 * vnm_hint_command() - after "unknown command"
 * @cli:  the call
 * @word: the unknown one
 */
void vnm_hint_command(struct vnm_cli *cli, const char *word)
{
	vnm_autofree const char **names = NULL;
	size_t n = 0;

	for (size_t i = 0; cli->commands[i]; i++) {
		if (cli->commands[i]->flags & VNM_COMMAND_HIDDEN)
			continue;
		names = vnm_array_add(names, &n, sizeof(*names));
		names[n - 1] = cli->commands[i]->name;
	}
	if (!hint_near(cli, word, "", names, n))
		vnm_cli_hint(cli, "'vnetmgr help' lists the commands");
}

static bool hint_option(struct vnm_cli *cli, const char *word)
{
	size_t n = cli->command ? cli->command->n_options : 0;
	vnm_autofree const char **names = vnm_alloc((n + vnm_n_globals) * sizeof(*names));

	for (size_t i = 0; i < n; i++)
		names[i] = vnm_opt_names[cli->command->options[i].id];
	for (size_t i = 0; i < vnm_n_globals; i++)
		names[n++] = vnm_globals[i].name;
	return hint_near(cli, word, "--", names, n);
}

/* A guest's name alone does not say what it is. Return: whether the command takes guests. */
static bool hint_kind(struct vnm_cli *cli, const char *word)
{
	for (size_t i = 0; cli->command && i < cli->command->n_options; i++) {
		if (cli->command->options[i].id != VNM_OPT_NETNS)
			continue;
		vnm_cli_hint(cli,
			     "which kind of guest is '%s'? A namespace: --netns %s; for a virtual "
			     "machine: --tap %s; a device that exists: --dev %s",
			     word, word, word, word);
		return true;
	}
	return false;
}

/**
 * vnm_hint_usage() - after an invalid command line
 * @cli: the call; its command, or none if that is unknown
 */
void vnm_hint_usage(struct vnm_cli *cli)
{
	if (cli->stray) {
		vnm_autofree char *name = vnm_strndup(cli->stray, strcspn(cli->stray, "="));

		if (hint_option(cli, name))
			return;
	}
	if (cli->extra && hint_kind(cli, cli->extra))
		return;
	if (cli->command)
		vnm_cli_hint(cli, "'vnetmgr help %s' shows what it takes", cli->command->name);
}

/**
 * vnm_hint_missing() - after "command requires option"
 * @cli: the call
 */
void vnm_hint_missing(struct vnm_cli *cli)
{
	for (size_t i = 0; i < cli->command->n_options; i++) {
		const struct vnm_option *option = &cli->command->options[i];

		if (option->id != VNM_OPT_ALL)
			continue;
		vnm_cli_hint(cli, "name one or more networks, or use --all for %s", option->help);
		return;
	}
	vnm_hint_usage(cli);
}

/**
 * vnm_hint_word() - after a word that is not in a list
 * @cli:  the call
 * @word: the word
 * @what: the kind of words: "sections"
 * @list: the list, of @n words
 */
void vnm_hint_word(struct vnm_cli *cli, const char *word, const char *what, const char *const *list,
		   size_t n)
{
	vnm_autobuf struct vnm_buf all = { 0 };

	if (hint_near(cli, word, "", list, n))
		return;
	for (size_t i = 0; i < n; i++)
		vnm_buf_printf(&all, "%s%s", i ? ", " : "", list[i]);
	vnm_cli_hint(cli, "%s are: %s", what, vnm_buf_str(&all));
}

/* How its user becomes a reader. */
static void hint_reader(struct vnm_cli *cli)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *user = entry ? entry->pw_name : NULL, *name = cli->command->name;

	switch (vnm_readers_look(user)) {
	case VNM_READER_NO_GROUP:
		vnm_cli_hint(cli,
			     "members of the group '" VNM_READERS
			     "' may run %s without being root; to make the group: sudo groupadd "
			     "--system " VNM_READERS,
			     name);
		break;
	case VNM_READER_STRANGER:
		vnm_cli_hint(cli,
			     "members of the group '%s' may run %s without being root; to become "
			     "one: sudo usermod -aG %s %s, and log in again",
			     VNM_READERS, name, VNM_READERS, user ? user : "USER");
		break;
	case VNM_READER_LATER:
		vnm_cli_hint(cli,
			     "user '%s' became a member of the group '" VNM_READERS
			     "' after this login; log in again, or: newgrp " VNM_READERS,
			     user);
		break;
	case VNM_READER:
		vnm_cli_hint(cli,
			     "members of the group '" VNM_READERS
			     "' may run %s once a command of root has changed something since the "
			     "boot, such as: sudo vnetmgr autostart",
			     name);
	}
}

/**
 * vnm_hint_public() - after a state that only root can read
 * @cli:    the call
 * @public: would the public summary have done?
 */
void vnm_hint_public(struct vnm_cli *cli, bool public)
{
	if (public)
		hint_reader(cli);
	else
		vnm_cli_hint(cli,
			     "members of the group '" VNM_READERS
			     "' may list networks; for %s ask root, or: sudo vnetmgr %s ...",
			     cli->command->name, cli->command->name);
}

/* As completion, this waits for no other command. */
static void hint_names(struct vnm_cli *cli, const char *given)
{
	const struct vnm_options options = { .root = cli->root, .looks = true, .public = true };
	vnm_autodriver struct vnm_driver *drv = NULL;
	struct vnm_error err = { 0 };
	char **names;
	size_t n;

	if (vnm_driver_open(&options, &drv, &err) < 0 ||
	    vnm_driver_names(drv, &names, &n, &err) < 0)
		return;
	(void)hint_near(cli, given, "", (const char *const *)names, n);
	vnm_names_free(names, n);
}

/**
 * vnm_hint_network() - after a network that was not found
 * @cli:   the call
 * @given: the argument; a file, perhaps
 */
void vnm_hint_network(struct vnm_cli *cli, const char *given)
{
	size_t len = strlen(given);
	bool like = strchr(given, '/') || (len > 4 && !strcmp(given + len - 4, ".xml"));
	struct stat st;

	if (like && stat(given, &st) == 0 && S_ISREG(st.st_mode))
		vnm_cli_hint(cli,
			     "'%s' is a file: 'vnetmgr net-define %s' keeps the network in it, "
			     "'vnetmgr net-apply %s' starts it, too",
			     given, given, given);
	else
		hint_names(cli, given);
}
