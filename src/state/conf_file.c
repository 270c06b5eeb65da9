/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_file.c - files of the administrator's, in the syntax of libvirt's network.conf.
 *
 * A line is empty, a comment (#), or 'key = "value"', which a comment may follow; single quotes serve as well.
 */
#include "state/conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

#define FILE_MAX 65536
#define BLANKS " \t\r"

/** struct reader - @seen: a bit for each key that was set. */
struct reader {
	const char *path;
	unsigned line;
	const struct vnm_conf_keys *keys;
	uint32_t seen;
	struct vnm_error *err;
};

static int refuse(const struct reader *reader, const char *what)
{
	return vnm_error_set(reader->err, VNM_ERR_STATE, EINVAL, "%s:%u: %s", reader->path,
			     reader->line, what);
}

static int refuse_key(const struct reader *reader, const char *key)
{
	const struct vnm_conf_keys *keys = reader->keys;
	vnm_autobuf struct vnm_buf what = { 0 };

	vnm_buf_printf(&what, "unrecognized key '%.64s'; ", key);
	vnm_buf_add(&what, keys->n == 1 ? "the only one is" : "there are");
	for (size_t i = 0; i < keys->n; i++)
		vnm_buf_printf(&what, "%s%s",
			       i == 0		 ? " "
			       : i + 1 < keys->n ? ", "
						 : " and ",
			       keys->keys[i].name);
	return refuse(reader, what.data);
}

static int set(struct reader *reader, const char *key, const char *value)
{
	const struct vnm_conf_keys *keys = reader->keys;
	vnm_autofree char *what = NULL;
	size_t i = 0;

	while (i < keys->n && strcmp(keys->keys[i].name, key) != 0)
		i++;
	if (i == keys->n)
		return refuse_key(reader, key);
	what = reader->seen & 1u << i ? vnm_asprintf("%s is set a second time", key)
				      : keys->keys[i].set(value, keys->data);
	reader->seen |= 1u << i;
	return what ? refuse(reader, what) : 0;
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
 * vnm_conf_parse() - read the text of a file
 * @text: is modified
 * @path: of the file, for messages
 * @keys: what it may set; those before an error are set
 * @err:  VNM_ERR_STATE, with file and line
 *
 * Return: 0 or -errno.
 */
int vnm_conf_parse(char *text, const char *path, const struct vnm_conf_keys *keys,
		   struct vnm_error *err)
{
	struct reader reader = { .path = path, .keys = keys, .err = err };

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
	return 0;
}

/**
 * vnm_conf_load() - read a file, which need not be there
 * @path: of the file
 * @keys: what it may set
 * @err:  that it cannot be read, or what is wrong in which line
 *
 * Return: 0 or -errno.
 */
int vnm_conf_load(const char *path, const struct vnm_conf_keys *keys, struct vnm_error *err)
{
	vnm_autofree char *text = NULL;
	int r = vnm_file_read(AT_FDCWD, path, FILE_MAX, &text, NULL);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_STATE, -r, "cannot read '%s': %s", path,
				     strerror(-r));
	return vnm_conf_parse(text, path, keys, err);
}
