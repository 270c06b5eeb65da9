/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dispatch.h - from a message to its answer. */
#ifndef VNM_RPC_DISPATCH_H
#define VNM_RPC_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "rpc/client.h"
#include "rpc/procedures.h"
#include "util/buf.h"

const struct vnm_rpc_procedure *vnm_rpc_dispatch(struct vnm_rpc_client *client, const void *frame,
						 struct vnm_buf *out);
void vnm_rpc_perform(struct vnm_rpc_client *client, const struct vnm_rpc_procedure *procedure,
		     const void *frame, size_t len, struct vnm_buf *out);
bool vnm_rpc_perform_at_once(struct vnm_rpc_client *client,
			     const struct vnm_rpc_procedure *procedure, const void *frame,
			     size_t len, struct vnm_buf *out);
void vnm_rpc_make_ready(struct vnm_rpc_client *client);
void vnm_rpc_answer_fault(const struct vnm_rpc_header *call, const vnm_rpc_error *fault,
			  struct vnm_buf *out);

#endif
