/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_args.h - from the options of net-attach to an attachment. */
#ifndef VNM_CLI_ATTACH_ARGS_H
#define VNM_CLI_ATTACH_ARGS_H

#include "cli/command.h"
#include "model/attach.h"

int vnm_attach_args_read(struct vnm_cli *cli, struct vnm_attachment *attach, unsigned *ret_auto);

#endif
