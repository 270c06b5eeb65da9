/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listeners.c - the sockets on which the host's services listen, and their processes, as facts. */
#include "sys/host/listeners.h"

#include <sys/socket.h>

#include "sys/host/sockets.h"
#include "util/mem.h"

static void add_listeners(struct vnm_facts *facts, enum vnm_proto proto, int family)
{
	vnm_autosockets struct vnm_sockets sockets = { 0 };

	(void)vnm_sockets_read(proto, family, &sockets);
	for (size_t i = 0; i < sockets.n; i++) {
		const struct vnm_socket *socket = &sockets.items[i];

		if (!socket->listens)
			continue;
		facts->listeners = vnm_array_add(facts->listeners, &facts->n_listeners,
						 sizeof(*facts->listeners));
		facts->listeners[facts->n_listeners - 1] =
			(struct vnm_fact_listener){ .proto = proto,
						    .addr = socket->addr,
						    .port = socket->port,
						    .inode = socket->inode };
	}
}

/**
 * vnm_observe_listeners() - the sockets on which the host's services listen
 * @facts: gets them, appended
 */
void vnm_observe_listeners(struct vnm_facts *facts)
{
	add_listeners(facts, VNM_PROTO_TCP, AF_INET);
	add_listeners(facts, VNM_PROTO_TCP, AF_INET6);
	add_listeners(facts, VNM_PROTO_UDP, AF_INET);
	add_listeners(facts, VNM_PROTO_UDP, AF_INET6);
}

/* "nginx (process 1234)" */
static char *describe_process(const char *pid)
{
	vnm_autofree char *name = vnm_process_name(pid);

	return name ? vnm_asprintf("%s (process %s)", name, pid) : vnm_asprintf("process %s", pid);
}

static bool note_owner(unsigned long inode, const char *pid, void *data)
{
	struct vnm_facts *facts = data;

	for (size_t i = 0; i < facts->n_listeners; i++)
		if (facts->listeners[i].inode == inode && !facts->listeners[i].process)
			facts->listeners[i].process = describe_process(pid);
	return false;
}

/**
 * vnm_observe_listener_owners() - the processes of listeners; slow, since all processes are searched
 * @facts: its listeners get their processes, if visible
 */
void vnm_observe_listener_owners(struct vnm_facts *facts)
{
	if (facts->n_listeners)
		vnm_sockets_find_owners(note_owner, facts);
}
