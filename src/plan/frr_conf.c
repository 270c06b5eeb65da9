/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frr_conf.c - FRR's configuration file: the part of it that is ours. Pure.
 *
 * Ours is between two lines of comment. The rest is left as it is. If it configures a protocol, or anything else but how FRR logs and
 * who may look, it is somebody's who has plans with FRR: then nothing is added, since BGP is one for the whole host.
 */
#include "plan/frr_conf.h"

#include <string.h>

#include "util/buf.h"
#include "util/mem.h"

#define BEGIN "! vnetmgr: begin. Networks on many hosts; changes between these lines are lost.\n"
#define END "! vnetmgr: end\n"

/** struct split - of a file: what is before ours, ours, and what is behind. NULL: none of it is ours. */
struct split {
	const char *begin, *own, *end, *rest;
};

/* A whole line. Return: NULL: there is none. */
static const char *find_mark(const char *conf, const char *from, const char *mark)
{
	const char *at = strstr(from, mark);

	while (at && at != conf && at[-1] != '\n')
		at = strstr(at + 1, mark);
	return at;
}

/* A beginning without an end, since somebody has deleted that, is a comment. */
static bool split_conf(const char *conf, struct split *ret)
{
	const char *begin = find_mark(conf, conf, BEGIN), *end, *next;

	while (begin) {
		end = find_mark(conf, begin, END);
		next = find_mark(conf, begin + 1, BEGIN);
		if (!end)
			return false;
		if (!next || next > end)
			break;
		begin = next;
	}
	if (!begin)
		return false;
	*ret = (struct split){ begin, begin + strlen(BEGIN), end, end + strlen(END) };
	return true;
}

/** vnm_frr_conf_part() - what is ours of a file, allocated; "": nothing is. */
char *vnm_frr_conf_part(const char *conf)
{
	struct split split;

	if (!split_conf(conf, &split))
		return vnm_strdup("");
	return vnm_asprintf("%.*s", (int)(split.end - split.own), split.own);
}

/**
 * vnm_frr_conf_with() - the file with another part of ours
 * @conf: the file
 * @part: the part; "": none
 *
 * Return: the text, allocated.
 */
char *vnm_frr_conf_with(const char *conf, const char *part)
{
	const size_t len = strlen(conf);
	struct split split = { conf + len, conf + len, conf + len, conf + len };
	vnm_autobuf struct vnm_buf text = { 0 };

	(void)split_conf(conf, &split);
	vnm_buf_printf(&text, "%.*s", (int)(split.begin - conf), conf);
	if (text.len && text.data[text.len - 1] != '\n')
		vnm_buf_addc(&text, '\n');
	if (*part)
		vnm_buf_printf(&text, "%s%s%s", BEGIN, part, END);
	vnm_buf_add(&text, split.rest);
	return vnm_strdup(vnm_buf_str(&text));
}

/* What packages install, and what says nothing of where packets go. */
static bool is_harmless(const char *line)
{
	static const char *const words[] = { "!",
					     "#",
					     "frr ",
					     "hostname ",
					     "log ",
					     "service ",
					     "username ",
					     "ip forwarding",
					     "no ip forwarding",
					     "ipv6 forwarding",
					     "no ipv6 forwarding",
					     "line vty",
					     "end",
					     "exit",
					     "Building configuration",
					     "Current configuration" };

	if (!*line)
		return true;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(words); i++)
		if (!strncmp(line, words[i], strlen(words[i])))
			return true;
	return false;
}

/** vnm_frr_conf_foreign() - is it the configuration of somebody else, so that ours may not be added? */
bool vnm_frr_conf_foreign(const char *conf)
{
	vnm_autofree char *rest = vnm_frr_conf_with(conf, "");
	char *next = rest, *line;

	while ((line = strsep(&next, "\n"))) {
		line += strspn(line, " \t\r");
		if (!is_harmless(line))
			return true;
	}
	return false;
}
