/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox_internal.h - what the sandbox's files share. Not for others. */
#ifndef VNM_CLI_SANDBOX_INTERNAL_H
#define VNM_CLI_SANDBOX_INTERNAL_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

#define VNM_SANDBOX_ROOT "/run/sandbox"		/* VNETMGR_ROOT inside */
#define VNM_SANDBOX_NETNS "/run/netns/internet"	/* where "ip netns" looks */
#define VNM_SANDBOX_DNS_DIR "/run/internet"

/* The make-believe internet: the gateway, the sandbox's own address, and a server behind the gateway. */
#define VNM_SANDBOX_GATEWAY4 "203.0.113.1"
#define VNM_SANDBOX_GATEWAY6 "2001:db8:113::1"
#define VNM_SANDBOX_SELF4 "203.0.113.2"
#define VNM_SANDBOX_SELF6 "2001:db8:113::2"
#define VNM_SANDBOX_SERVER4 "198.51.100.10"
#define VNM_SANDBOX_SERVER6 "2001:db8:51::10"

int vnm_sandbox_unshare(struct vnm_error *err);
int vnm_sandbox_world(struct vnm_error *err);

/** struct vnm_sandbox_etc - texts of the host's files; zero-initialised, vnm_sandbox_etc_clear(). */
struct vnm_sandbox_etc {
	char *resolv_conf, *hosts;
};

void vnm_sandbox_read_etc(struct vnm_sandbox_etc *ret);
void vnm_sandbox_etc_clear(struct vnm_sandbox_etc *etc);
int vnm_sandbox_cover_etc(const struct vnm_sandbox_etc *etc, struct vnm_error *err);
int vnm_sandbox_settings(struct vnm_error *err);
int vnm_sandbox_resolver(const char *nameserver, struct vnm_error *err);

int vnm_sandbox_loopback(struct vnm_error *err);
int vnm_sandbox_uplink(struct vnm_warnings *warnings, struct vnm_error *err);

/** struct vnm_sandbox_sockets - what the server listens at; zero-initialised, closed by ending. */
struct vnm_sandbox_sockets {
	int fds[16];
	bool stream[16];
	unsigned n;
};

int vnm_sandbox_listen(struct vnm_sandbox_sockets *sockets, struct vnm_error *err);
_Noreturn void vnm_sandbox_serve(const struct vnm_sandbox_sockets *sockets);

#endif
