/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connection.h - the process of one connection. */
#ifndef VNM_RPC_CONNECTION_H
#define VNM_RPC_CONNECTION_H

#include <stdbool.h>

struct vnm_schema;

/**
 * struct vnm_rpc_terms - what a server grants all of its clients
 * @root:     of the state directories; NULL: the system's
 * @schema:   of networks; NULL: each loads it when it needs it
 * @patience: seconds for a client to open its connection, to complete a message, and to read something of what it is sent
 */
struct vnm_rpc_terms {
	const char *root;
	struct vnm_schema *schema;
	unsigned patience;
};

void vnm_rpc_connection_serve(int fd, bool read_only, const struct vnm_rpc_terms *terms);

#endif
