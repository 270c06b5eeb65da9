/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker.h - the process that makes one change for a connection. */
#ifndef VNM_RPC_WORKER_H
#define VNM_RPC_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "rpc/client.h"
#include "rpc/procedures.h"
#include "util/buf.h"

/**
 * struct vnm_rpc_worker - the process, from the connection's point of view
 * @pid:    0: none
 * @pidfd:  readable when it has ended; -1: none
 * @fd:     its answer
 * @header: of the call
 */
struct vnm_rpc_worker {
	pid_t pid;
	int pidfd, fd;
	struct vnm_rpc_header header;
};

#define VNM_RPC_WORKER_INIT           \
	{                             \
		.pidfd = -1, .fd = -1 \
	}

void vnm_rpc_worker_start(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client,
			  const struct vnm_rpc_procedure *procedure, const void *frame, size_t len,
			  struct vnm_buf *out);
void vnm_rpc_worker_finish(struct vnm_rpc_worker *worker, struct vnm_buf *out);

#endif
