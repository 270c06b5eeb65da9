/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsmasq_line.c - the one writer of lines for dnsmasq.
 *
 * dnsmasq reads a configuration by fgets() into 1025 bytes (MAXDNAME in its dns-protocol.h; one_file() in its
 * option.c). What follows byte 1024 of a line is read as the next line, and an option such as dhcp-script is run by
 * root. So a value must not end its line, exceed its length, start a comment or quote what follows. Three checks:
 * each value has a grammar, each line is checked whole, and the finished file is parsed as dnsmasq parses it and
 * compared with the intended options.
 */
#include "plan/dnsmasq/dnsmasq_line.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "model/validate_dns.h"
#include "util/mem.h"

#define LABEL_MAX 482	/* as libvirt */
#define READ_MAX 1024	/* characters that dnsmasq's fgets() takes at once */

/* What no value may contain; only a text may have quotes: see one_file(). UTF-8 passes. */
static bool is_plain_text(const char *s)
{
	bool blank = false;

	if (*s == ' ' || *s == '#')
		return false;
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f || c == '"' || c == '\\' || (blank && c == '#'))
			return false;
		blank = c == ' ';
	}
	return !blank;
}

static bool is_word(const char *s)
{
	return *s && is_plain_text(s) && !strpbrk(s, " ,");
}

static bool is_file(const char *s)
{
	return *s && is_plain_text(s) && !strchr(s, ',');
}

static bool is_text(const char *s)
{
	return !vnm_txt_fault(s);
}

static bool is_label(const char *s)
{
	size_t len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789_-+/*");

	return len > 0 && len <= LABEL_MAX && !s[len];
}

static const struct {
	const char *what;
	bool (*valid)(const char *s);
} grammars[] = {
	[VNM_DM_DEVICE] = { "device name", vnm_ifname_valid },
	[VNM_DM_DOMAIN] = { "domain name", vnm_domain_valid },
	[VNM_DM_HOST] = { "host name", vnm_hostname_valid },
	[VNM_DM_DUID] = { "DUID", vnm_duid_valid },
	[VNM_DM_PATH] = { "path", vnm_path_valid },
	[VNM_DM_BOOT_FILE] = { "boot file name", is_file },
	[VNM_DM_LABEL] = { "SRV service or protocol", is_label },
	[VNM_DM_RECORD] = { "TXT record name", is_word },
	[VNM_DM_TEXT] = { "text", is_text },
};
static_assert(VNM_ARRAY_SIZE(grammars) == VNM_DM_GRAMMAR_COUNT, "one row per grammar");

/* The origin, "FILE:LINE: ". What is not from the definition is a path of our own files. */
static void fail_value(struct vnm_dm *dm, const char *what, const char *value, const char *why)
{
	const char *file = dm->net->file ? dm->net->file : dm->net->name;

	if (dm->r < 0)
		return;
	if (dm->at)
		dm->r = vnm_error_set(dm->err, VNM_ERR_XML_MEANING, EINVAL, "%s:%d: %s '%.200s' %s",
				      file, dm->at->line, what, value, why);
	else
		dm->r = vnm_error_set(dm->err, VNM_ERR_UNSUPPORTED, EINVAL,
				      "network '%s': %s '%.500s' %s", dm->net->name, what, value,
				      why);
}

/**
 * vnm_dm_begin() - begin a line
 * @dm:     the file
 * @option: the option that the line is meant to be; the other formats have none in their lines
 * @at:     the element of the definition that it comes from; NULL for none
 */
void vnm_dm_begin(struct vnm_dm *dm, const char *option, const struct vnm_at *at)
{
	dm->at = at;
	vnm_buf_clear(&dm->line);
	if (dm->format == VNM_DM_CONF)
		vnm_buf_add(&dm->line, option);
	vnm_buf_printf(&dm->meant, "%s\n", dm->format == VNM_DM_CONF ? option : "entry");
}

/**
 * vnm_dm_put() - append a literal
 * @dm:   the file
 * @ours: the literal; never anything from a definition
 */
void vnm_dm_put(struct vnm_dm *dm, const char *ours)
{
	vnm_buf_add(&dm->line, ours);
}

/**
 * vnm_dm_number() - append a number
 * @dm:     the file
 * @number: the number
 */
void vnm_dm_number(struct vnm_dm *dm, uint64_t number)
{
	vnm_buf_printf(&dm->line, "%llu", (unsigned long long)number);
}

/**
 * vnm_dm_addr() - append an address
 * @dm:   the file
 * @addr: the address
 */
void vnm_dm_addr(struct vnm_dm *dm, const struct vnm_addr *addr)
{
	char text[VNM_ADDR_STRLEN];

	vnm_buf_add(&dm->line, vnm_addr_format(addr, text));
}

/**
 * vnm_dm_value() - append a text of the definition, if it matches its grammar
 * @dm:      the file
 * @grammar: what it must match
 * @value:   the text
 */
void vnm_dm_value(struct vnm_dm *dm, enum vnm_dm_grammar grammar, const char *value)
{
	bool plain = grammar == VNM_DM_TEXT || is_plain_text(value);

	if (!plain || !grammars[grammar].valid(value))
		fail_value(dm, grammars[grammar].what, value,
			   "cannot be given to dnsmasq: "
			   "it is too long, or a character in it is not allowed there");
	else
		vnm_buf_add(&dm->line, value);
}

/**
 * vnm_dm_end() - end the line
 * @dm: the file
 */
void vnm_dm_end(struct vnm_dm *dm)
{
	if (dm->line.len > VNM_DNSMASQ_LINE_MAX)
		fail_value(dm, "line", vnm_buf_str(&dm->line),
			   "is longer than dnsmasq's 1023 bytes: make its values shorter");
	vnm_buf_printf(&dm->text, "%s\n", vnm_buf_str(&dm->line));
}

/**
 * vnm_dm_flag() - a line with an option that has no value
 * @dm:     the file
 * @option: the option
 */
void vnm_dm_flag(struct vnm_dm *dm, const char *option)
{
	vnm_dm_begin(dm, option, NULL);
	vnm_dm_end(dm);
}

/**
 * vnm_dm_setting() - a line with an option whose value is a literal
 * @dm:     the file
 * @option: the option
 * @ours:   the value; never anything from a definition
 */
void vnm_dm_setting(struct vnm_dm *dm, const char *option, const char *ours)
{
	vnm_dm_begin(dm, option, NULL);
	vnm_dm_put(dm, "=");
	vnm_dm_put(dm, ours);
	vnm_dm_end(dm);
}

/**
 * vnm_dm_option() - a line with an option whose value is a text of the definition
 * @dm:      the file
 * @option:  the option
 * @at:      the element that it comes from
 * @grammar: what it must match
 * @value:   the text
 */
void vnm_dm_option(struct vnm_dm *dm, const char *option, const struct vnm_at *at,
		   enum vnm_dm_grammar grammar, const char *value)
{
	vnm_dm_begin(dm, option, at);
	vnm_dm_put(dm, "=");
	vnm_dm_value(dm, grammar, value);
	vnm_dm_end(dm);
}

/**
 * vnm_dm_raw() - a line that an administrator wrote
 * @dm:   the file
 * @at:   the element that it comes from
 * @line: the line, beginning with its option. Validation decides which are allowed (model/validate_dnsmasq.c); here it
 *        must stay one line with that option
 */
void vnm_dm_raw(struct vnm_dm *dm, const struct vnm_at *at, const char *line)
{
	vnm_autofree char *option = vnm_strndup(line, strcspn(line, "= \t"));

	vnm_dm_begin(dm, option, at);
	if (line[strcspn(line, "\n\r")])
		fail_value(dm, "dnsmasq option", option, "holds a line break");
	vnm_dm_put(dm, line + strlen(option));
	vnm_dm_end(dm);
}

/**
 * vnm_dm_path() - a line with an option whose value is the path of a file of ours
 * @dm:     the file
 * @option: the option
 * @dir:    its directory
 * @name:   its name
 */
void vnm_dm_path(struct vnm_dm *dm, const char *option, const char *dir, const char *name)
{
	vnm_autofree char *path = vnm_asprintf("%s/%s", dir, name);

	vnm_dm_option(dm, option, NULL, VNM_DM_PATH, path);
}

/* The next piece of the text as fgets() would hand it out. Return: its length, with the newline. */
static size_t next_piece(const char *s)
{
	size_t len = strcspn(s, "\n");

	len += s[len] == '\n';
	return len > READ_MAX ? READ_MAX : len;
}

/* A '#' begins a comment at the start and behind a blank, and nowhere else. */
static size_t without_comment(const char *s, size_t len)
{
	bool blank = true;

	for (size_t i = 0; i < len; i++) {
		if (blank && s[i] == '#')
			return i;
		blank = strchr(" \t\r\n\v\f", s[i]) != NULL;
	}
	return len;
}

/**
 * vnm_dm_read_back() - the options that dnsmasq would read from a file
 * @text:    the file
 * @format:  how it is read
 * @options: gets the options' names, or "entry" for each entry, each with a newline
 */
void vnm_dm_read_back(const char *text, enum vnm_dm_format format, struct vnm_buf *options)
{
	while (*text) {
		/* hosts(5) is read word by word, so its lines have no limit. */
		size_t piece = format == VNM_DM_HOSTS ? strcspn(text, "\n") + 1 : next_piece(text);
		size_t len = without_comment(text, strnlen(text, piece));
		size_t from = strspn(text, " \t\r\n\v\f");

		if (from < len && format == VNM_DM_CONF)
			vnm_buf_printf(options, "%.*s\n", (int)strcspn(text + from, " =\n"),
				       text + from);
		else if (from < len)
			vnm_buf_add(options, "entry\n");
		text += strnlen(text, piece);
	}
}

/**
 * vnm_dm_finish() - the finished file
 * @dm:  the file; cleared
 * @ret: its text
 *
 * Return: 0, or the first failure.
 */
int vnm_dm_finish(struct vnm_dm *dm, char **ret)
{
	vnm_autobuf struct vnm_buf found = { 0 };
	int r;

	vnm_dm_read_back(vnm_buf_str(&dm->text), dm->format, &found);
	dm->at = NULL;
	if (strcmp(vnm_buf_str(&found), vnm_buf_str(&dm->meant)) != 0)
		fail_value(dm, "file", "for dnsmasq",
			   "would be read as something else than was meant");
	r = dm->r;
	if (r == 0)
		*ret = vnm_buf_steal(&dm->text);
	vnm_dm_clear(dm);
	return r;
}

/**
 * vnm_dm_clear() - free what a file holds
 * @dm: the file
 */
void vnm_dm_clear(struct vnm_dm *dm)
{
	vnm_buf_clear(&dm->text);
	vnm_buf_clear(&dm->line);
	vnm_buf_clear(&dm->meant);
}
