/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_complete.c - __complete: what may follow on a command line, for the shells' scripts in completions/.
 *
 * The words before the cursor are read as in any call, by the table of commands; what the word at the cursor may be
 * follows from the option that it belongs to.
 */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/complete_words.h"
#include "cli/globals.h"
#include "cli/output.h"
#include "util/mem.h"

/**
 * struct typed - a command line up to the cursor
 * @words: from the program's name on, without the one at the cursor; NULL at the end
 * @at:    that one, as far as it has been typed
 * @call:  what the words say
 */
struct typed {
	char **words;
	size_t n;
	const char *at;
	struct vnm_cli call;
};

static bool ends_options(const struct typed *typed)
{
	for (size_t i = 1; i < typed->n; i++)
		if (!strcmp(typed->words[i], "--"))
			return true;
	return false;
}

static void offer_option(const char *name, const char *meaning, struct vnm_offers *offers)
{
	vnm_autofree char *word = vnm_asprintf("--%s", name);

	vnm_offer(offers, word, meaning);
}

static void offer_globals(struct vnm_offers *offers)
{
	for (size_t i = 0; i < vnm_n_globals; i++)
		offer_option(vnm_globals[i].name, vnm_globals[i].help, offers);
}

/* Those that were not given yet. */
static void offer_options(const struct typed *typed, struct vnm_offers *offers)
{
	const struct vnm_command *command = typed->call.command;

	for (size_t i = 0; i < command->n_options; i++) {
		const struct vnm_option *option = &command->options[i];

		if (!vnm_cli_seen(&typed->call, option->id) || (option->flags & VNM_OPT_MANY))
			offer_option(vnm_opt_names[option->id], option->help, offers);
	}
}

static void offer_values(const struct typed *typed, const struct vnm_option *option,
			 struct vnm_offers *offers)
{
	const struct vnm_values *given = &typed->call.values[option->id];

	offers->given = given;
	if ((option->flags & VNM_OPT_REST) && given->n > 0)
		offers->shell = "files"; /* arguments of the program */
	else
		vnm_complete_words(&typed->call, vnm_option_arg_type(option), offers);
}

/* "--file=NA": the value. The shells' scripts keep what is before it. */
static void offer_joined(const struct typed *typed, const char *sign, struct vnm_offers *offers)
{
	const char *name = typed->at + strlen("--");
	const struct vnm_option *option =
		vnm_cli_option(typed->call.command, name, (size_t)(sign - name));

	offers->begun = sign + 1;
	if (option && (option->flags & VNM_OPT_HAS_VALUE))
		offer_values(typed, option, offers);
}

static void offer_operand(const struct typed *typed, struct vnm_offers *offers)
{
	const struct vnm_option *option = vnm_cli_next_operand(&typed->call);

	if (option && (option->flags & VNM_OPT_OR_ALL) && vnm_cli_seen(&typed->call, VNM_OPT_ALL))
		option = NULL;
	if (option)
		offer_values(typed, option, offers);
	else if (!ends_options(typed))
		offer_options(typed, offers);
}

static void offer_for_command(const struct typed *typed, struct vnm_offers *offers)
{
	bool option = typed->at[0] == '-' && !ends_options(typed);
	const char *sign = option ? strchr(typed->at, '=') : NULL;

	if (typed->call.unfinished)
		offer_values(typed, typed->call.unfinished, offers);
	else if (sign && typed->at[1] == '-')
		offer_joined(typed, sign, offers);
	else if (option)
		offer_options(typed, offers);
	else
		offer_operand(typed, offers);
}

/* An error in what was typed is for the command to report; what could be read before it counts. */
static void offer_for(struct typed *typed, struct vnm_offers *offers)
{
	struct vnm_error err = { 0 };
	int first = vnm_cli_read_globals(&typed->call, (int)typed->n, typed->words, &err);

	if (first < 0 && !strcmp(typed->words[typed->n - 1], "--root"))
		offers->shell = "files";
	if (first < 0)
		return;
	if ((size_t)first == typed->n) {
		if (typed->at[0] == '-')
			offer_globals(offers);
		else
			vnm_complete_commands(typed->call.commands, offers);
		return;
	}
	typed->call.command = vnm_command_find(typed->call.commands, typed->words[first]);
	if (!typed->call.command)
		return;
	(void)vnm_cli_parse(&typed->call, typed->words + first + 1, &err);
	offer_for_command(typed, offers);
}

static int complete(struct vnm_cli *cli)
{
	const struct vnm_values *given = &cli->values[VNM_OPT_COMMAND];
	vnm_autofree char **words = vnm_alloc((given->n + 1) * sizeof(*words));
	struct typed typed = { words, given->n - 1, given->items[given->n - 1], { 0 } };
	vnm_autooffers struct vnm_offers offers = { .begun = typed.at };
	vnm_autobuf struct vnm_buf out = { 0 };

	for (size_t i = 0; i < typed.n; i++)
		words[i] = (char *)given->items[i]; /* as main() got it */
	typed.call.commands = cli->commands;
	typed.call.root = cli->root ? vnm_strdup(cli->root) : NULL;
	if (typed.n > 0)
		offer_for(&typed, &offers);
	vnm_cli_clear(&typed.call);
	vnm_offers_print(&offers, &out);
	fputs(vnm_buf_str(&out), stdout);
	return 0;
}

static const struct vnm_option complete_options[] = {
	{ VNM_OPT_COMMAND, VNM_OPT_OPERAND | VNM_OPT_MANY | VNM_OPT_REST,
	  "the words of a command line from the program's name to the cursor, after --" },
};

const struct vnm_command vnm_command_complete = {
	.name = "__complete",
	.flags = VNM_COMMAND_BARE | VNM_COMMAND_HIDDEN,
	.summary = "print what may follow on a command line",
	VNM_OPTIONS(complete_options),
	.run = complete,
};
