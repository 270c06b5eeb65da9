/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events.h - events that clients have registered for. */
#ifndef VNM_RPC_EVENTS_H
#define VNM_RPC_EVENTS_H

#include <stddef.h>

#include "rpc/client.h"
#include "util/buf.h"

struct vnm_rpc_call;

int vnm_rpc_register_events(struct vnm_rpc_call *call);
int vnm_rpc_deregister_events(struct vnm_rpc_call *call);
void vnm_rpc_events_deliver(const struct vnm_rpc_client *client, const void *frame, size_t len,
			    struct vnm_buf *out);

#endif
