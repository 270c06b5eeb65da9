/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings.c - the administrator's settings, in the syntax of libvirt's network.conf.
 *
 * A line is empty, a comment (#), or 'key = "value"', which a comment may follow; single quotes serve as well. Nothing of a file
 * with an error takes effect.
 */
#include "state/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "util/file.h"
#include "util/mem.h"

#define SETTINGS_MAX 65536
#define BLANKS " \t\r"

/** struct reader - @firewall_set: the key was seen */
struct reader {
	const char *path;
	unsigned line;
	struct vnm_settings *settings;
	bool firewall_set;
	struct vnm_error *err;
};

static int refuse(const struct reader *reader, const char *what)
{
	return vnm_error_set(reader->err, VNM_ERR_STATE, EINVAL, "%s:%u: %s", reader->path,
			     reader->line, what);
}

static int set_firewall(struct reader *reader, const char *value)
{
	int setting = vnm_enum_value(&vnm_enum_fw_setting, value);
	vnm_autofree char *what = NULL;

	if (reader->firewall_set)
		return refuse(reader, "firewall_backend is set a second time");
	reader->firewall_set = true;
	what = vnm_asprintf("unrecognized value of firewall_backend: '%.64s'; it is auto, "
			    "iptables, iptables-nft, legacy or nftables",
			    value);
	if (setting < 0)
		return refuse(reader, what);
	reader->settings->firewall = (enum vnm_fw_setting)setting;
	return 0;
}

static int set(struct reader *reader, const char *key, const char *value)
{
	vnm_autofree char *what = NULL;

	if (!strcmp(key, "firewall_backend"))
		return set_firewall(reader, value);
	what = vnm_asprintf("unrecognized key '%.64s'; the only one is firewall_backend", key);
	return refuse(reader, what);
}

/* Only blanks and a comment may follow. */
static bool ends(const char *s)
{
	s += strspn(s, BLANKS);
	return *s == '\0' || *s == '#';
}

/* One line, which is cut into pieces. Return: 0 or -errno. */
static int read_line(struct reader *reader, char *line)
{
	char *key = line + strspn(line, BLANKS), *equals, *value, *quote, *end;

	if (ends(key))
		return 0;
	end = key + strcspn(key, BLANKS "=#");
	equals = end + strspn(end, BLANKS);
	if (end == key || *equals != '=')
		return refuse(reader, "expecting 'key = \"value\"'");
	*end = '\0';
	value = equals + 1 + strspn(equals + 1, BLANKS);
	if (*value != '"' && *value != '\'')
		return refuse(reader, "expecting a value in quotes");
	quote = strchr(value + 1, *value);
	if (!quote)
		return refuse(reader, "the value is not terminated by a quote");
	if (!ends(quote + 1))
		return refuse(reader, "expecting the end of the line after the value");
	*quote = '\0';
	return set(reader, key, value + 1);
}

/**
 * vnm_settings_parse() - read the text of network.conf
 * @text: is modified
 * @path: of the file, for messages
 * @ret:  what it sets; written on success only
 * @err:  VNM_ERR_STATE, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_settings_parse(char *text, const char *path, struct vnm_settings *ret,
		       struct vnm_error *err)
{
	struct vnm_settings settings = { 0 };
	struct reader reader = { .path = path, .settings = &settings, .err = err };

	for (char *line = text, *next; line; line = next) {
		char *newline = strchr(line, '\n');
		int r;

		next = newline ? newline + 1 : NULL;
		if (newline)
			*newline = '\0';
		reader.line++;
		r = read_line(&reader, line);
		if (r < 0)
			return r;
	}
	*ret = settings;
	return 0;
}

/**
 * vnm_settings_load() - read network.conf
 * @paths: where it is
 * @ret:   what it sets; nothing, without a file
 * @err:   that it cannot be read, or what is wrong in which line
 *
 * Return: 0 or -errno.
 */
int vnm_settings_load(const struct vnm_paths *paths, struct vnm_settings *ret,
		      struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(AT_FDCWD, paths->settings, SETTINGS_MAX, &text, NULL);

	*ret = (struct vnm_settings){ 0 };
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s",
				     paths->settings, strerror(-r));
	return vnm_settings_parse(text, paths->settings, ret, err);
}
