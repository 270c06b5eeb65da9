/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - objects on standard output. */
#include "cni/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/file.h"
#include "util/mem.h"

/** vnm_cni_print() - write an object, and a newline, at once. Return: 0; -errno: who called us does not get it. */
int vnm_cni_print(const json_t *object)
{
	vnm_autobuf struct vnm_buf text = { 0 };
	char *dump = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	if (!dump)
		vnm_oom();
	vnm_buf_printf(&text, "%s\n", dump);
	free(dump);
	return vnm_write_all(STDOUT_FILENO, vnm_buf_str(&text), text.len);
}
