/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.c - what is known of the client of a connection. */
#include "rpc/client.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "driver/driver.h"
#include "util/mem.h"
#include "util/proc.h"

/* A hook that calls us would wait for its caller, which waits for it: what refuses that looks at our environment. */
static void adopt_hook(pid_t pid)
{
	vnm_autofree char *caller = vnm_proc_env(pid, VNM_HOOK_VARIABLE);

	if (caller)
		(void)setenv(VNM_HOOK_VARIABLE, caller, 1);
	else
		(void)unsetenv(VNM_HOOK_VARIABLE);
}

/**
 * vnm_rpc_client_init() - of a connection that has just been accepted
 * @client:    what to fill in
 * @fd:        its socket
 * @root:      borrowed
 * @read_only: by its socket
 */
void vnm_rpc_client_init(struct vnm_rpc_client *client, int fd, const char *root, bool read_only)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);

	(void)getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
	adopt_hook(peer.pid);
	*client = (struct vnm_rpc_client){
		.fd = fd,
		.root = root,
		.uid = peer.uid,
		.pid = peer.pid,
		.read_only = read_only,
		.watcher = VNM_RPC_WATCHER_INIT,
	};
}

/** vnm_rpc_client_close() - it is no longer open: no events are wanted any more */
void vnm_rpc_client_close(struct vnm_rpc_client *client)
{
	vnm_rpc_watcher_stop(&client->watcher);
	for (size_t i = 0; i < client->n_registrations; i++)
		free(client->registrations[i].uuid);
	client->n_registrations = 0;
	client->opened = false;
}

/** vnm_rpc_client_forget_driver() - close the driver that was kept: before a fork, since a child would share its lock */
void vnm_rpc_client_forget_driver(struct vnm_rpc_client *client)
{
	vnm_driver_close(client->kept);
	client->kept = NULL;
}

/** vnm_rpc_client_clear() - forget a client */
void vnm_rpc_client_clear(struct vnm_rpc_client *client)
{
	vnm_rpc_client_close(client);
	vnm_rpc_client_forget_driver(client);
	free(client->for_user);
	free(client->user);
	client->for_user = client->user = NULL;
}
