/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listeners.c - what the host's services listen for, and who they are.
 *
 * The kernel lists its sockets (proc_net_tcp(5)); whose they are, only the processes' descriptors tell, so that is
 * looked up for the few that matter.
 */
#include "plan/conflict/conflict_listen.h"
#include "sys/host/observe.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/file.h"
#include "util/mem.h"

#define LIST_MAX (16u << 20)
#define STATE_LISTEN 0x0a /* include/net/tcp_states.h */
#define STATE_UNCONNECTED 0x07 /* of UDP: TCP_CLOSE */

/** struct list - one of the kernel's lists. */
struct list {
	const char *name;
	enum vnm_proto proto;
	int family;
	unsigned state;
};

static const struct list lists[] = {
	{ "tcp", VNM_PROTO_TCP, AF_INET, STATE_LISTEN },
	{ "tcp6", VNM_PROTO_TCP, AF_INET6, STATE_LISTEN },
	{ "udp", VNM_PROTO_UDP, AF_INET, STATE_UNCONNECTED },
	{ "udp6", VNM_PROTO_UDP, AF_INET6, STATE_UNCONNECTED },
};

/* The kernel prints the words of an address as numbers of its own byte order. */
static bool read_addr(const char *text, int family, struct vnm_addr *ret)
{
	*ret = (struct vnm_addr){ .family = family };
	for (int i = 0; i < (family == AF_INET ? 1 : 4); i++) {
		uint32_t word;

		if (sscanf(text + 8 * i, "%8x", &word) != 1)
			return false;
		memcpy(ret->b + 4 * i, &word, sizeof(word));
	}
	return true;
}

/* "  0: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 ..." */
static bool read_line(const char *line, const struct list *list, struct vnm_fact_listener *ret)
{
	char local[40];
	unsigned port, state;
	unsigned long inode;

	if (sscanf(line, " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*s %*s %*s %*u %*u %lu", local,
		   &port, &state, &inode) != 4)
		return false;
	*ret = (struct vnm_fact_listener){ .proto = list->proto,
					   .port = (uint16_t)port,
					   .inode = inode };
	return state == list->state && strlen(local) == (list->family == AF_INET ? 8 : 32) &&
	       read_addr(local, list->family, &ret->addr);
}

static void read_list(const struct list *list, struct vnm_facts *facts)
{
	vnm_autoclose int dir = vnm_open(AT_FDCWD, "/proc/net", O_RDONLY | O_DIRECTORY, 0);
	vnm_autofree char *text = NULL;

	if (dir < 0 || vnm_file_read(dir, list->name, LIST_MAX, &text, NULL) < 0)
		return;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		struct vnm_fact_listener found;

		if (!read_line(line, list, &found))
			continue;
		facts->listeners = vnm_array_add(facts->listeners, &facts->n_listeners,
						 sizeof(*facts->listeners));
		facts->listeners[facts->n_listeners - 1] = found;
	}
}

/* Something else of the service that the network would take, perhaps: the same port at another address. */
static bool belongs_to(const struct vnm_fact_listener *listener, const struct vnm_facts *facts,
		       const enum vnm_loss *losses)
{
	for (size_t i = 0; i < facts->n_listeners; i++)
		if (losses[i] == VNM_LOSS_ALL && facts->listeners[i].proto == listener->proto &&
		    facts->listeners[i].port == listener->port)
			return true;
	return false;
}

/* Those that lose something, and what else they listen on; the others are none of the network's business. */
static void keep_concerned(const struct vnm_network *net, const struct vnm_network *old,
			   struct vnm_facts *facts)
{
	size_t n_all = facts->n_listeners, n = 0;
	vnm_autofree enum vnm_loss *losses = vnm_alloc((n_all ? n_all : 1) * sizeof(*losses));
	vnm_autofree bool *keep = vnm_alloc((n_all ? n_all : 1) * sizeof(*keep));

	for (size_t i = 0; i < n_all; i++)
		losses[i] = vnm_conflict_listener(net, old, &facts->listeners[i]);
	for (size_t i = 0; i < n_all; i++)
		keep[i] = losses[i] || belongs_to(&facts->listeners[i], facts, losses);
	for (size_t i = 0; i < n_all; i++)
		if (keep[i])
			facts->listeners[n++] = facts->listeners[i];
	facts->n_listeners = n;
}

/* "nginx (process 1234)" */
static char *describe_process(int proc, const char *pid)
{
	vnm_autofree char *path = vnm_asprintf("%s/comm", pid), *name = NULL;

	if (vnm_file_read(proc, path, 64, &name, NULL) < 0)
		return vnm_asprintf("process %s", pid);
	return vnm_asprintf("%.*s (process %s)", (int)strcspn(name, "\n"), name, pid);
}

static void note_owner(struct vnm_facts *facts, int proc, const char *pid, unsigned long inode)
{
	for (size_t i = 0; i < facts->n_listeners; i++)
		if (facts->listeners[i].inode == inode && !facts->listeners[i].process)
			facts->listeners[i].process = describe_process(proc, pid);
}

static void look_at_process(struct vnm_facts *facts, int proc, const char *pid)
{
	vnm_autofree char *path = vnm_asprintf("%s/fd", pid);
	vnm_autodir DIR *dir = NULL;
	const char *name;
	int r = vnm_dir_list(proc, path, &dir);

	while (r >= 0 && (r = vnm_dir_next(dir, &name)) > 0) {
		unsigned long inode;
		char link[64];
		ssize_t len = readlinkat(dirfd(dir), name, link, sizeof(link) - 1);

		if (len < 0)
			continue;
		link[len] = '\0';
		if (sscanf(link, "socket:[%lu]", &inode) == 1)
			note_owner(facts, proc, pid, inode);
	}
}

static void find_owners(struct vnm_facts *facts)
{
	vnm_autodir DIR *proc = NULL;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, "/proc", &proc);

	while (r >= 0 && (r = vnm_dir_next(proc, &name)) > 0)
		if (isdigit((unsigned char)name[0]))
			look_at_process(facts, dirfd(proc), name);
}

/**
 * vnm_observe_listeners() - the host's services that a network would take connections from
 * @net: the network
 * @old: what it was before a change, NULL: nothing; see vnm_conflict_listener()
 * @ret: gets them, with who they are as far as that can be seen
 */
void vnm_observe_listeners(const struct vnm_network *net, const struct vnm_network *old,
			   struct vnm_facts *ret)
{
	if (net->n_port_forwards + net->n_static_nats == 0)
		return;
	for (size_t i = 0; i < VNM_ARRAY_SIZE(lists); i++)
		read_list(&lists[i], ret);
	keep_concerned(net, old, ret);
	if (ret->n_listeners)
		find_owners(ret);
}
