/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connection.h - the process of one connection. */
#ifndef VNM_RPC_CONNECTION_H
#define VNM_RPC_CONNECTION_H

#include <stdbool.h>

struct vnm_schema;

void vnm_rpc_connection_serve(int fd, const char *root, bool read_only, struct vnm_schema *schema);

#endif
