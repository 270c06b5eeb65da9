/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forward_words.c - how people write a port that leads to a guest.
 *
 * Three ways: "tcp 8080 GUEST:80", "tcp/8080 GUEST:80", and docker's "8080:80 GUEST", "8080:80/udp GUEST". Here they become
 * one. What the words mean is not looked at.
 */
#include "cli/cli_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/forward_words.h"
#include "util/mem.h"

#define DIGITS "0123456789"

static int requires(struct vnm_cli *cli, enum vnm_opt id)
{
	vnm_cli_error(cli, "command '%s' requires <%s> option", cli->command->name,
		      vnm_opt_names[id]);
	vnm_hint_usage(cli);
	return -1;
}

/* A protocol alone begins with a letter and has neither a port behind it nor a guest's. */
static bool is_protocol(const char *word)
{
	return !strchr(DIGITS, word[0]) && !strpbrk(word, "/:");
}

/* "8080", "tcp/8080", "8080:80", "8080:80/udp". @proto: what was given before, or NULL. */
static int read_port(struct vnm_cli *cli, const char *text, const char *proto,
		     struct vnm_forward_words *ret)
{
	size_t slash = strcspn(text, "/");
	bool first = text[slash] && !strchr(DIGITS, text[0]);
	const char *rest = text[slash] ? text + slash + 1 : NULL;
	char *colon;

	if (rest && proto) {
		vnm_cli_error(cli, "'%s %s' names a protocol twice", proto, text);
		return -1;
	}
	if (!proto)
		proto = "tcp";
	ret->port = first ? vnm_strdup(rest) : vnm_strndup(text, slash);
	ret->proto = first ? vnm_strndup(text, slash) : vnm_strdup(rest ? rest : proto);
	colon = strrchr(ret->port, ':');
	if (colon) {
		*colon = '\0';
		ret->to_port = vnm_strdup(colon + 1);
	}
	return 0;
}

/**
 * vnm_forward_words_read() - take apart what net-forward-add or net-forward-del was given
 * @cli: the call
 * @ret: gets it; vnm_forward_words_clear()
 *
 * Return: 0, or -1 after the error was printed.
 */
int vnm_forward_words_read(struct vnm_cli *cli, struct vnm_forward_words *ret)
{
	const char *first = vnm_cli_value(cli, VNM_OPT_PROTO);
	const char *second = vnm_cli_value(cli, VNM_OPT_PORT);
	const char *to = vnm_cli_value(cli, VNM_OPT_TO);
	bool alone = is_protocol(first), adds = cli->command->run == vnm_cmd_forward_add;

	if (alone && !second)
		return requires(cli, VNM_OPT_PORT);
	if (!alone && second && (to || !adds)) {
		vnm_cli_error(cli, "unexpected data '%s'", to && adds ? to : second);
		return -1;
	}
	if (!alone && second)
		to = second;
	if (adds && !to)
		return requires(cli, VNM_OPT_TO);
	ret->to = to ? vnm_strdup(to) : NULL;
	return read_port(cli, alone ? second : first, alone ? first : NULL, ret);
}

/** vnm_forward_words_clear() - free what vnm_forward_words_read() filled in. */
void vnm_forward_words_clear(struct vnm_forward_words *words)
{
	free(words->proto);
	free(words->port);
	free(words->to_port);
	free(words->to);
	*words = (struct vnm_forward_words){ 0 };
}
