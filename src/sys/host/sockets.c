/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sockets.c - the sockets that the host's processes have bound, and their owners.
 *
 * The kernel lists its sockets (proc_net_tcp(5)); their owners are found only by the processes' descriptors. What cannot
 * be read is left out: this is for messages and early checks.
 */
#include "sys/host/sockets.h"

#include <ctype.h>
#include <errno.h>
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

/* The kernel prints the words of an address in host byte order. */
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
static bool read_line(const char *line, enum vnm_proto proto, int family, struct vnm_socket *ret)
{
	char local[40];
	unsigned port, state;
	unsigned long inode;

	if (sscanf(line, " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*s %*s %*s %*u %*u %lu", local,
		   &port, &state, &inode) != 4)
		return false;
	*ret = (struct vnm_socket){
		.port = (uint16_t)port,
		.listens = state == (proto == VNM_PROTO_TCP ? STATE_LISTEN : STATE_UNCONNECTED),
		.inode = inode,
	};
	return strlen(local) == (family == AF_INET ? 8 : 32) &&
	       read_addr(local, family, &ret->addr);
}

/**
 * vnm_sockets_read() - the sockets of one protocol and family in this network namespace
 * @proto:  VNM_PROTO_TCP or VNM_PROTO_UDP
 * @family: AF_INET or AF_INET6
 * @ret:    gets them, appended
 *
 * Return: 0, also for a family that the kernel has not; -errno.
 */
int vnm_sockets_read(enum vnm_proto proto, int family, struct vnm_sockets *ret)
{
	vnm_autofree char *name = vnm_asprintf("%s%s", proto == VNM_PROTO_TCP ? "tcp" : "udp",
					       family == AF_INET ? "" : "6");
	vnm_autoclose int dir = vnm_open(AT_FDCWD, "/proc/net", O_RDONLY | O_DIRECTORY, 0);
	vnm_autofree char *text = NULL;
	int r = dir < 0 ? dir : vnm_file_read(dir, name, LIST_MAX, &text, NULL);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		struct vnm_socket found;

		if (!read_line(line, proto, family, &found))
			continue;
		ret->items = vnm_array_add(ret->items, &ret->n, sizeof(*ret->items));
		ret->items[ret->n - 1] = found;
	}
	return 0;
}

/** vnm_sockets_clear() - free a list of sockets. */
void vnm_sockets_clear(struct vnm_sockets *sockets)
{
	free(sockets->items);
	*sockets = (struct vnm_sockets){ 0 };
}

static bool search_process(int proc, const char *pid, vnm_socket_owner_fn *found, void *data)
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
		if (sscanf(link, "socket:[%lu]", &inode) == 1 && found(inode, pid, data))
			return true;
	}
	return false;
}

/**
 * vnm_sockets_find_owners() - find the processes of sockets
 * @found: called for each socket of each process, until it returns true
 * @data:  for @found
 */
void vnm_sockets_find_owners(vnm_socket_owner_fn *found, void *data)
{
	vnm_autodir DIR *proc = NULL;
	const char *name;
	int r = vnm_dir_list(AT_FDCWD, "/proc", &proc);

	while (r >= 0 && (r = vnm_dir_next(proc, &name)) > 0)
		if (isdigit((unsigned char)name[0]) &&
		    search_process(dirfd(proc), name, found, data))
			return;
}

/**
 * vnm_process_name() - the name of a process
 * @pid: its name in /proc
 *
 * A process can choose any name; non-ASCII bytes become "?".
 *
 * Return: its name, to be freed; NULL when it cannot be read.
 */
char *vnm_process_name(const char *pid)
{
	vnm_autofree char *path = vnm_asprintf("/proc/%s/comm", pid);
	char name[65];

	if (vnm_proc_read(path, name, sizeof(name)) < 0)
		return NULL;
	for (char *c = name; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return vnm_strdup(name);
}
