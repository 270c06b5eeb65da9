/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen.h - the sockets that clients connect to: passed by systemd, or made. */
#ifndef VNM_RPC_LISTEN_H
#define VNM_RPC_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

/** struct vnm_rpc_socket - one of them. @path: made by us, to be removed; NULL: it is systemd's. @n: clients that are connected */
struct vnm_rpc_socket {
	int fd;
	bool read_only;
	char *path;
	size_t n;
};

/** struct vnm_rpc_sockets - all of them; free with vnm_rpc_sockets_clear() */
struct vnm_rpc_sockets {
	struct vnm_rpc_socket *items;
	size_t n;
};

int vnm_rpc_sockets_inherit(struct vnm_rpc_sockets *sockets, struct vnm_error *err);
int vnm_rpc_sockets_make(struct vnm_rpc_sockets *sockets, const char *path, bool read_only,
			 struct vnm_error *err);
void vnm_rpc_sockets_close(struct vnm_rpc_sockets *sockets);
void vnm_rpc_sockets_clear(struct vnm_rpc_sockets *sockets);

#endif
