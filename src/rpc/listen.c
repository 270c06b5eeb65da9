/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listen.c - the sockets that clients connect to: passed by systemd, or made. */
#include "rpc/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#ifdef HAVE_SD_BUS
#include <systemd/sd-daemon.h>
#endif

#include "util/mem.h"

#define BACKLOG 64
#define NAME_READ_WRITE \
	"read-write" /* FileDescriptorName= of the unit; any other one is for reading */

static void add(struct vnm_rpc_sockets *sockets, struct vnm_rpc_socket socket)
{
	sockets->items = vnm_array_add(sockets->items, &sockets->n, sizeof(*sockets->items));
	sockets->items[sockets->n - 1] = socket;
}

/**
 * vnm_rpc_sockets_inherit() - take what systemd has passed
 * @sockets: gets them; it may pass none
 * @err:     set when something else than sockets was passed
 *
 * Only a socket of the right name lets its clients change anything.
 *
 * Return: 0 or -errno.
 */
int vnm_rpc_sockets_inherit(struct vnm_rpc_sockets *sockets, struct vnm_error *err)
{
#ifdef HAVE_SD_BUS
	char **names = NULL;
	int n = sd_listen_fds_with_names(1, &names), r = 0;

	for (int i = 0; i < n; i++) {
		int fd = SD_LISTEN_FDS_START + i;

		if (r == 0 && sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) <= 0)
			r = vnm_error_set(err, VNM_ERR_USAGE, ENOTSOCK,
					  "descriptor %d of LISTEN_FDS is no Unix socket that "
					  "listens: see ListenStream= in systemd.socket(5)",
					  fd);
		add(sockets, (struct vnm_rpc_socket){
				     .fd = fd,
				     .read_only = strcmp(names[i], NAME_READ_WRITE) != 0,
			     });
		free(names[i]);
	}
	free(names);
	return r;
#else
	(void)sockets;
	(void)err;
	return 0;
#endif
}

/* One that a server which was killed has left is no longer listened to. */
static void remove_stale(const struct sockaddr_un *addr)
{
	vnm_autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) < 0 &&
	    errno == ECONNREFUSED)
		(void)unlink(addr->sun_path);
}

/**
 * vnm_rpc_sockets_make() - make a socket
 * @sockets:   gets it
 * @path:      where; one that nobody listens to is replaced
 * @read_only: its clients may not change anything, so everybody may connect; otherwise root only
 * @err:       set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_rpc_sockets_make(struct vnm_rpc_sockets *sockets, const char *path, bool read_only,
			 struct vnm_error *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	vnm_autoclose int fd = -1;
	mode_t mask;
	int r;

	if (strlen(path) >= sizeof(addr.sun_path))
		return vnm_error_set(err, VNM_ERR_USAGE, ENAMETOOLONG,
				     "socket '%s': the path is longer than %zu characters", path,
				     sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path));
	remove_stale(&addr);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mask = umask(read_only ? 0111 : 0177);
	r = fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
			    listen(fd, BACKLOG) < 0
		    ? -errno
		    : 0;
	umask(mask);
	if (r < 0)
		return vnm_error_set(err, VNM_ERR_SYSTEM, -r, "cannot listen to socket '%s': %s",
				     path, strerror(-r));
	add(sockets, (struct vnm_rpc_socket){
			     .fd = vnm_steal_fd(&fd),
			     .read_only = read_only,
			     .path = vnm_strdup(path),
		     });
	return 0;
}

/** vnm_rpc_sockets_close() - listen to none any more: in the process of a connection */
void vnm_rpc_sockets_close(struct vnm_rpc_sockets *sockets)
{
	for (size_t i = 0; i < sockets->n; i++)
		vnm_cleanup_close(&sockets->items[i].fd);
}

/** vnm_rpc_sockets_clear() - close all, and remove those that were made */
void vnm_rpc_sockets_clear(struct vnm_rpc_sockets *sockets)
{
	vnm_rpc_sockets_close(sockets);
	for (size_t i = 0; i < sockets->n; i++) {
		if (sockets->items[i].path)
			(void)unlink(sockets->items[i].path);
		free(sockets->items[i].path);
	}
	free(sockets->items);
	*sockets = (struct vnm_rpc_sockets){ 0 };
}
