/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker.h - the process that makes the changes of a connection. */
#ifndef VNM_RPC_WORKER_H
#define VNM_RPC_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "rpc/client.h"
#include "rpc/frame.h"
#include "util/buf.h"

/**
 * struct vnm_rpc_worker - the process, from the connection's point of view
 * @pid:      0: none
 * @fd:       the socket to it; readable when there is an answer, or it has ended; -1: none
 * @busy:     it has a call, and its answer is waited for
 * @identity: of the client (struct vnm_rpc_client) for which it was started
 * @header:   of the call
 * @answer:   what has come of the answer
 */
struct vnm_rpc_worker {
	pid_t pid;
	int fd;
	bool busy;
	unsigned identity;
	struct vnm_rpc_header header;
	struct vnm_buf answer;
};

#define VNM_RPC_WORKER_INIT \
	{                   \
		.fd = -1    \
	}

void vnm_rpc_worker_start(struct vnm_rpc_worker *worker, struct vnm_rpc_client *client,
			  const void *frame, size_t len, struct vnm_buf *out);
void vnm_rpc_worker_take(struct vnm_rpc_worker *worker, struct vnm_buf *out);

#endif
