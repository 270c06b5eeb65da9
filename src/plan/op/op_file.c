/* SPDX-License-Identifier: GPL-2.0-or-later */
/* op_file.c - a file for dnsmasq. */
#include <string.h>

#include "plan/op/op_kind.h"

static void print_file(const struct vnm_op *op, bool revert, struct vnm_buf *out)
{
	const struct vnm_op_file *file = &op->file;

	(void)revert;
	vnm_buf_printf(out, "write %s/%s\n", file->dir, file->name);
	for (const char *s = file->content; *s;) {
		const char *end = strchrnul(s, '\n');

		vnm_buf_printf(out, "    %.*s\n", (int)(end - s), s);
		s = *end ? end + 1 : end;
	}
}

static bool same_file(const struct vnm_op *a, const struct vnm_op *b)
{
	return !strcmp(a->file.name, b->file.name);
}

const struct vnm_op_kind vnm_op_kind_file = {
	.name = "file",
	.fields = {
		REQ("dir", STRING, file.dir),
		REQ("name", STRING, file.name),
		REQ("content", STRING, file.content),
		OPT("shared", BOOL, file.shared),
		OPT("owner", STRING, file.owner),
		OPT("group", STRING, file.group),
	},
	.describe = { "dnsmasq file {name}" },
	.apply = { .print = print_file },
	.revert = { "rm {dir}/{name}\n" },
	.same = same_file,
};
