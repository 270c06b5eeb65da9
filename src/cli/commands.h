/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.h - all commands. */
#ifndef VNM_CLI_COMMANDS_H
#define VNM_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct vnm_command *const vnm_commands[];	/* as help lists them; NULL at the end */

#endif
