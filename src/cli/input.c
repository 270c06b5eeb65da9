/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.c - reading files of the user. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/output.h"
#include "util/file.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* Up to one byte more than a definition may have. Return: 0 or -errno. */
static int read_some(int fd, struct vnm_buf *text)
{
	char chunk[16384];

	while (text->len <= VNM_XML_MAX) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			vnm_buf_addn(text, chunk, (size_t)n);
	}
	return -EFBIG;
}

/**
 * vnm_cli_read() - read a file of the user's
 * @cli:  the call
 * @file: of any type, by any path, of limited size; "-" is standard input
 * @what: the purpose, for messages: "define network"
 * @text: gets its content
 *
 * To be called before the lock is taken, since a pipe may be slow.
 *
 * Return: 0, or -errno after the error was printed.
 */
int vnm_cli_read(struct vnm_cli *cli, const char *file, const char *what, struct vnm_buf *text)
{
	const char *path = strcmp(file, "-") ? file : "/dev/stdin";
	vnm_autoclose int fd = vnm_open(AT_FDCWD, path, O_RDONLY | O_NOCTTY, 0);
	int r;

	if (fd < 0) {
		vnm_cli_error(cli, "Failed to open file '%s': %s", file, strerror(-fd));
		return fd;
	}
	r = read_some(fd, text);
	if (r == -EFBIG) {
		vnm_cli_error(cli, "Failed to %s from %s", what, file);
		vnm_cli_error(cli,
			      "'%s' has more than %d bytes, which is too much for a definition",
			      file, VNM_XML_MAX);
	} else if (r < 0) {
		vnm_cli_error(cli, "Failed to read file '%s': %s", file, strerror(-r));
	}
	return r;
}
