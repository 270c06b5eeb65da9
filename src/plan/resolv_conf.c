/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolv_conf.c - the resolv.conf that all guests in one namespace share. Pure.
 *
 * A router has guests of several networks in one namespace, and ip-netns(8) reads one file. Each guest has a line of its own in it,
 * a comment: "# vnet0 outside: nameserver 10.1.0.1 search lab\n". What the resolver reads is made from these lines: the servers of networks
 * that lead outside come first, since it asks the next one only when one is silent; of several "search" it takes the last, so there
 * is one.
 *
 * The second line has the ID of the boot: lines of an earlier one may be of guests that are not attached in this one. A file that
 * is not as its lines say was edited; it is made anew.
 */
#include "plan/resolv_conf.h"

#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

#define SERVERS_MAX 3 /* MAXNS of resolv.conf(5) */

struct words {
	char **items;
	size_t n;
};

static void words_clear(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->items[i]);
	free(words->items);
}

#define autowords __attribute__((cleanup(words_clear)))

static void add(struct words *words, const char *text, size_t len)
{
	words->items = vnm_array_add(words->items, &words->n, sizeof(*words->items));
	words->items[words->n - 1] = vnm_strndup(text, len);
}

static void add_once(struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strcmp(words->items[i], word))
			return;
	add(words, word, strlen(word));
}

static char *header(const char *boot)
{
	return vnm_asprintf(VNM_RESOLV_MARK "# Boot %s\n", boot);
}

/* The guests' lines, which follow the header. */
static void parse(const char *file, const char *boot, struct words *ret)
{
	vnm_autofree char *start = header(boot);
	size_t len = strlen(start);

	if (!file || strncmp(file, start, len) != 0)
		return;
	for (const char *at = file + len; !strncmp(at, "# ", 2); at += len) {
		len = strcspn(at, "\n");
		len += at[len] == '\n';
		add(ret, at, len);
	}
}

/* Adds the values of a key of the guests' lines that have @kind, each once. */
static void collect(const struct words *lines, const char *kind, const char *key, struct words *ret)
{
	for (size_t i = 0; i < lines->n; i++) {
		const char *rest = strstr(lines->items[i], kind);
		vnm_autofree char *text = vnm_strdup(rest ? rest + strlen(kind) : "");
		char *save = NULL;

		for (char *word = strtok_r(text, " \n", &save); word;
		     word = strtok_r(NULL, " \n", &save)) {
			const char *value = strtok_r(NULL, " \n", &save);

			if (value && !strcmp(word, key))
				add_once(ret, value);
		}
	}
}

static char *format(const struct words *lines, const char *boot)
{
	vnm_autofree char *start = header(boot);
	autowords struct words servers = { 0 }, domains = { 0 };
	struct vnm_buf text = { 0 };

	vnm_buf_add(&text, start);
	for (size_t i = 0; i < lines->n; i++)
		vnm_buf_add(&text, lines->items[i]);
	collect(lines, VNM_RESOLV_OUTSIDE, "nameserver", &servers);
	collect(lines, VNM_RESOLV_ISOLATED, "nameserver", &servers);
	for (size_t i = 0; i < servers.n && i < SERVERS_MAX; i++)
		vnm_buf_printf(&text, "nameserver %s\n", servers.items[i]);
	collect(lines, VNM_RESOLV_OUTSIDE, "search", &domains);
	collect(lines, VNM_RESOLV_ISOLATED, "search", &domains);
	for (size_t i = 0; i < domains.n; i++)
		vnm_buf_printf(&text, "%s %s", i == 0 ? "search" : "", domains.items[i]);
	if (domains.n > 0)
		vnm_buf_addc(&text, '\n');
	return vnm_buf_steal(&text);
}

/* The lines of a file that is as they say; none of any other. */
static void parse_whole(const char *file, const char *boot, struct words *ret)
{
	vnm_autofree char *text = NULL;

	parse(file, boot, ret);
	text = format(ret, boot);
	if (file && !strcmp(text, file))
		return;
	words_clear(ret);
	*ret = (struct words){ 0 };
}

/* The line of the same device, or NULL. */
static char **find(const struct words *lines, const char *line)
{
	const size_t len = strcspn(line + 2, " ") + 3;

	for (size_t i = 0; i < lines->n; i++)
		if (!strncmp(lines->items[i], line, len))
			return &lines->items[i];
	return NULL;
}

/** vnm_resolv_ours() - was a file written by us? If others have edited it since, it still counts */
bool vnm_resolv_ours(const char *file)
{
	return !strncmp(file, VNM_RESOLV_MARK, strlen(VNM_RESOLV_MARK)) ||
	       !strncmp(file, VNM_RESOLV_MARK_DHCP, strlen(VNM_RESOLV_MARK_DHCP));
}

/**
 * vnm_resolv_has() - is a file as it should be, with a guest's line?
 * @file: its text
 * @boot: the ID of this boot
 * @line: "# DEVICE outside: nameserver ADDRESS search DOMAIN\n"; or the whole text, in journals of version 1.1.0
 */
bool vnm_resolv_has(const char *file, const char *boot, const char *line)
{
	autowords struct words lines = { 0 };

	if (!strcmp(file, line))
		return true;
	parse_whole(file, boot, &lines);
	for (size_t i = 0; i < lines.n; i++)
		if (!strcmp(lines.items[i], line))
			return true;
	return false;
}

/** vnm_resolv_has_device() - is a file as it should be, with a line of a guest's device? Arguments as above */
bool vnm_resolv_has_device(const char *file, const char *boot, const char *dev)
{
	vnm_autofree char *line = vnm_asprintf("# %s ", dev);
	autowords struct words lines = { 0 };

	parse_whole(file, boot, &lines);
	return find(&lines, line) != NULL;
}

/**
 * vnm_resolv_with() - the text of a file with a guest's line, allocated; arguments as above, @file NULL: there is none
 *
 * A guest that has one keeps its place: a renewed lease does not change whose servers are asked first.
 */
char *vnm_resolv_with(const char *file, const char *boot, const char *line)
{
	autowords struct words lines = { 0 };
	char **before;

	parse_whole(file, boot, &lines);
	before = find(&lines, line);
	if (before) {
		free(*before);
		*before = vnm_strdup(line);
	} else {
		add(&lines, line, strlen(line));
	}
	return format(&lines, boot);
}

/** vnm_resolv_without() - the text of a file without a guest's line, of which the device counts, allocated; NULL: there is no other. Arguments as above */
char *vnm_resolv_without(const char *file, const char *boot, const char *line)
{
	autowords struct words lines = { 0 };
	char **own;

	parse_whole(file, boot, &lines);
	own = find(&lines, line);
	if (own) {
		free(*own);
		for (lines.n--; own < lines.items + lines.n; own++)
			own[0] = own[1];
	}
	return lines.n > 0 ? format(&lines, boot) : NULL;
}
