/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command_line.h - commands in one argument, as virsh takes them. */
#ifndef VNM_CLI_COMMAND_LINE_H
#define VNM_CLI_COMMAND_LINE_H

#include <stddef.h>

#include "util/error.h"

/** struct vnm_command_line - a command's name and its arguments, NULL at the end; the strings are allocated. */
struct vnm_command_line {
	char **argv;
	size_t n;
};

int vnm_command_line_split(const char *text, struct vnm_command_line **ret, size_t *ret_n,
			   struct vnm_error *err);
void vnm_command_lines_free(struct vnm_command_line *list, size_t n);

#endif
