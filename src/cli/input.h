/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input.h - reading files of the user. */
#ifndef VNM_CLI_INPUT_H
#define VNM_CLI_INPUT_H

#include "cli/command.h"
#include "util/buf.h"

int vnm_cli_read(struct vnm_cli *cli, const char *file, const char *what, struct vnm_buf *text);

#endif
