/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forward_args.h - the arguments of net-forward-add and net-forward-del. */
#ifndef VNM_CLI_FORWARD_ARGS_H
#define VNM_CLI_FORWARD_ARGS_H

#include <stdbool.h>

#include "cli/command.h"
#include "model/network.h"

/**
 * struct vnm_forward_args - a port forwarding that was given
 * @forward: the forward
 * @proto:   as it was written, or "tcp"; @port: as it was written; for messages
 * @guest:   the name to find the guest's address by; NULL: @forward has the address, or there is none
 */
struct vnm_forward_args {
	struct vnm_port_forward forward;
	char *proto, *port, *guest;
};

int vnm_forward_args_read(struct vnm_cli *cli, bool adds, struct vnm_forward_args *ret);
void vnm_forward_args_clear(struct vnm_forward_args *args);
#define vnm_autoforward_args __attribute__((cleanup(vnm_forward_args_clear)))

#endif
