/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spare.h - the process that will serve the next client. */
#ifndef VNM_RPC_SPARE_H
#define VNM_RPC_SPARE_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct vnm_rpc_spare - the process, from the server's point of view
 * @pid: 0: none
 * @fd:  the socket to it; -1: none
 */
struct vnm_rpc_spare {
	pid_t pid;
	int fd;
};

#define VNM_RPC_SPARE_INIT \
	{                  \
		.fd = -1   \
	}

bool vnm_rpc_spare_fork(struct vnm_rpc_spare *spare, int *ret_fd);
pid_t vnm_rpc_spare_use(struct vnm_rpc_spare *spare, int client, bool read_only);
void vnm_rpc_spare_forget(struct vnm_rpc_spare *spare);
bool vnm_rpc_spare_wait(int fd, int *ret_client, bool *ret_read_only);

#endif
