/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watcher.h - the process that watches networks for one connection. */
#ifndef VNM_RPC_WATCHER_H
#define VNM_RPC_WATCHER_H

#include <sys/types.h>

#include "util/error.h"

/**
 * struct vnm_rpc_watcher - the process, from the connection's point of view
 * @pid:     0: none
 * @fd:      what it has seen; -1: none
 * @stop_fd: it ends when this is closed, so with the connection's process in any case
 */
struct vnm_rpc_watcher {
	pid_t pid;
	int fd, stop_fd;
};

#define VNM_RPC_WATCHER_INIT            \
	{                               \
		.fd = -1, .stop_fd = -1 \
	}

int vnm_rpc_watcher_start(struct vnm_rpc_watcher *watcher, const char *root, int client,
			  struct vnm_error *err);
void vnm_rpc_watcher_stop(struct vnm_rpc_watcher *watcher);

#endif
