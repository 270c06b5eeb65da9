/* SPDX-License-Identifier: GPL-2.0-or-later */
/* upstream_server.h - the server of the simulated upstream network. */
#ifndef VNM_SANDBOX_UPSTREAM_SERVER_H
#define VNM_SANDBOX_UPSTREAM_SERVER_H

#include <stdbool.h>

#include "util/error.h"

/* The gateway, and a server behind it. */
#define VNM_SANDBOX_GATEWAY4 "203.0.113.1"
#define VNM_SANDBOX_GATEWAY6 "2001:db8:113::1"
#define VNM_SANDBOX_SERVER4 "198.51.100.10"
#define VNM_SANDBOX_SERVER6 "2001:db8:51::10"

/** struct vnm_sandbox_sockets - the server's sockets; zero-initialised, closed at exit. */
struct vnm_sandbox_sockets {
	int fds[16];
	bool stream[16];
	unsigned n;
};

int vnm_sandbox_listen(struct vnm_sandbox_sockets *sockets, struct vnm_error *err);
_Noreturn void vnm_sandbox_serve(const struct vnm_sandbox_sockets *sockets);

#endif
