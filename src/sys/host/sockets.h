/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sockets.h - the sockets that the host's processes have bound, and their owners. */
#ifndef VNM_SYS_SOCKETS_H
#define VNM_SYS_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/network.h"
#include "util/addr.h"

/**
 * struct vnm_socket - a socket of the kernel's lists.
 * @listens: it waits for connections, or for datagrams from anybody
 * @inode:   0: no process has it any more
 */
struct vnm_socket {
	struct vnm_addr addr;
	uint16_t port;
	bool listens;
	unsigned long inode;
};

/** struct vnm_sockets - zero-initialise. */
struct vnm_sockets {
	struct vnm_socket *items;
	size_t n;
};

#define vnm_autosockets __attribute__((cleanup(vnm_sockets_clear)))

/* Takes a socket and its process, a name in /proc; true ends the search. */
typedef bool vnm_socket_owner_fn(unsigned long inode, const char *pid, void *data);

int vnm_sockets_read(enum vnm_proto proto, int family, struct vnm_sockets *ret);
void vnm_sockets_clear(struct vnm_sockets *sockets);
void vnm_sockets_find_owners(vnm_socket_owner_fn *found, void *data);
char *vnm_process_name(const char *pid);

#endif
