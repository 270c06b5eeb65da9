/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.h - the help texts. */
#ifndef VNM_CLI_HELP_H
#define VNM_CLI_HELP_H

#include "cli/command.h"
#include "util/buf.h"

enum vnm_help_group vnm_help_group_find(const char *keyword);
const char *vnm_help_keyword(enum vnm_help_group group);
void vnm_help_command(const struct vnm_command *command, size_t width, struct vnm_buf *out);
void vnm_help_group(const struct vnm_command *const *commands, enum vnm_help_group group,
		    size_t width, struct vnm_buf *out);
void vnm_help_groups(const struct vnm_command *const *commands, size_t width, struct vnm_buf *out);
void vnm_help_usage(const struct vnm_command *const *commands, size_t width, struct vnm_buf *out);

#endif
