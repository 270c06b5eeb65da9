/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.h - what is known of the client of a connection. */
#ifndef VNM_RPC_CLIENT_H
#define VNM_RPC_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "rpc/watcher.h"

#define VNM_RPC_REGISTRATIONS_MAX 16

struct vnm_driver;
struct vnm_schema;

/** struct vnm_rpc_registration - events that the client wants. @uuid: of this network only; NULL: of all */
struct vnm_rpc_registration {
	int callback, event;
	char *uuid;
};

/**
 * struct vnm_rpc_client - one connection
 * @fd:        its socket
 * @root:      of the state directories; NULL: the system's
 * @uid, @pid: its process, as the kernel knows it; @for_user: on whose behalf it says that it is; NULL: it does not
 * @identity:  counts how often it has said so; @user: both, for the log; NULL: nothing was logged yet
 * @read_only: it may not change anything
 * @opened:    CONNECT_OPEN was called, and CONNECT_CLOSE was not; @was_open: it has ever been
 * @next_callback: the number of the next registration
 * @watcher:   runs while there are registrations
 * @schema:    loaded before its process or its worker was forked, until the process ends; NULL: it was not
 * @kept:      the paused driver of the last call that the connection made itself; NULL: there is none
 */
struct vnm_rpc_client {
	int fd;
	const char *root;
	uid_t uid;
	pid_t pid;
	char *for_user, *user;
	unsigned identity;
	bool read_only, opened, was_open;
	struct vnm_rpc_registration registrations[VNM_RPC_REGISTRATIONS_MAX];
	size_t n_registrations;
	int next_callback;
	struct vnm_rpc_watcher watcher;
	struct vnm_schema *schema;
	struct vnm_driver *kept;
};

void vnm_rpc_client_init(struct vnm_rpc_client *client, int fd, const char *root, bool read_only);
void vnm_rpc_client_close(struct vnm_rpc_client *client);
void vnm_rpc_client_forget_driver(struct vnm_rpc_client *client);
void vnm_rpc_client_clear(struct vnm_rpc_client *client);

#endif
