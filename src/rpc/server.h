/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server.h - accepts connections, each for a process of its own. */
#ifndef VNM_RPC_SERVER_H
#define VNM_RPC_SERVER_H

#include "rpc/connection.h"
#include "rpc/listen.h"
#include "util/error.h"

int vnm_rpc_server_run(struct vnm_rpc_sockets *sockets, const struct vnm_rpc_terms *terms,
		       unsigned timeout, struct vnm_error *err);

#endif
