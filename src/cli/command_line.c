/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_line.c - commands in one argument, as virsh takes them: vnetmgr "net-start a; net-list --all"
 *
 * A semicolon or a newline ends a command. A backslash quotes the next character, between double quotes, too;
 * between single quotes nothing is special. A # at the beginning of a word starts a comment, up to the end of the
 * line.
 */
#include "cli/command_line.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

static bool ends_command(char c)
{
	return c == ';' || c == '\n';
}

static bool ends_word(char c)
{
	return !c || c == ' ' || c == '\t' || ends_command(c);
}

static int dangling(struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "dangling \\");
}

/* @at: behind the opening quote; moved behind the closing one. */
static int add_quoted(const char **at, struct vnm_buf *word, struct vnm_error *err)
{
	const char *s = *at;

	for (; *s != '"'; s++) {
		if (*s == '\\' && !*++s)
			return dangling(err);
		if (!*s)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "missing \"");
		vnm_buf_addc(word, *s);
	}
	*at = s + 1;
	return 0;
}

/* As in virsh, the end of the text closes a single quote, too. */
static void add_literal(const char **at, struct vnm_buf *word)
{
	size_t len = strcspn(*at, "'");

	vnm_buf_addn(word, *at, len);
	*at += len + ((*at)[len] ? 1 : 0);
}

static int read_word(const char **at, struct vnm_buf *word, struct vnm_error *err)
{
	int r = 0;

	while (r == 0 && !ends_word(**at)) {
		char c = *(*at)++;

		if (c == '"') {
			r = add_quoted(at, word, err);
		} else if (c == '\'') {
			add_literal(at, word);
		} else if (c == '\\' && !**at) {
			r = dangling(err);
		} else {
			vnm_buf_addc(word, c == '\\' ? *(*at)++ : c);
		}
	}
	return r;
}

static void add_word(struct vnm_command_line *command, char *word)
{
	command->argv = vnm_array_add(command->argv, &command->n, sizeof(*command->argv));
	command->argv[command->n - 1] = word;
}

/* Skip blanks and comments. Return: does a word follow, in the same command? */
static bool find_word(const char **at)
{
	*at += strspn(*at, " \t");
	if (**at == '#')
		*at += strcspn(*at, "\n");
	return !ends_word(**at);
}

/* One command, possibly empty. @at: moved behind the separator, if there is one. */
static int read_command(const char **at, struct vnm_command_line *command, struct vnm_error *err)
{
	while (find_word(at)) {
		vnm_autobuf struct vnm_buf word = { 0 };
		int r = read_word(at, &word, err);

		if (r < 0)
			return r;
		add_word(command, vnm_buf_steal(&word));
	}
	*at += ends_command(**at) ? 1 : 0;
	if (command->n > 0) {
		add_word(command, NULL);
		command->n--;
	}
	return 0;
}

static void free_words(struct vnm_command_line *command)
{
	for (size_t i = 0; i < command->n; i++)
		free(command->argv[i]);
	free(command->argv);
	*command = (struct vnm_command_line){ 0 };
}

/** vnm_command_lines_free() - free what vnm_command_line_split() returned. */
void vnm_command_lines_free(struct vnm_command_line *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free_words(&list[i]);
	free(list);
}

/**
 * vnm_command_line_split() - split a text into commands
 * @text:  the text
 * @ret:   its commands, each with at least one word; vnm_command_lines_free()
 * @ret_n: how many; none for a text of blanks and comments
 * @err:   VNM_ERR_USAGE for an unmatched quote or a backslash at the end
 *
 * Return: 0 or -errno.
 */
int vnm_command_line_split(const char *text, struct vnm_command_line **ret, size_t *ret_n,
			   struct vnm_error *err)
{
	struct vnm_command_line *list = NULL, command = { 0 };
	size_t n = 0;

	while (*text) {
		if (read_command(&text, &command, err) < 0) {
			free_words(&command);
			vnm_command_lines_free(list, n);
			return -EINVAL;
		}
		if (command.n == 0)
			continue;
		list = vnm_array_add(list, &n, sizeof(*list));
		list[n - 1] = command;
		command = (struct vnm_command_line){ 0 };
	}
	*ret = list;
	*ret_n = n;
	return 0;
}
