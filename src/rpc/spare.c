/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spare.c - the process that will serve the next client.
 *
 * Theory of operation. To fork, and to touch for the first time what a process needs, takes longer than most calls of a client. So
 * while one is served, the process for the next is started, and waits, under a name of its own, until the server passes it a
 * connection, with a byte that says what the socket permits. It ends with the server, which holds the other end of its socket.
 */
#include "rpc/spare.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/mem.h"

#define NAME_WAITING "vnetmgr-spare"
#define NAME_SERVING "vnetmgr-rpc"

/* Room for one descriptor. */
union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/**
 * vnm_rpc_spare_fork() - start it
 * @spare:  VNM_RPC_SPARE_INIT; stays so if it cannot be started
 * @ret_fd: in the new process: for vnm_rpc_spare_wait()
 *
 * Return: whether this is the new process.
 */
bool vnm_rpc_spare_fork(struct vnm_rpc_spare *spare, int *ret_fd)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return false;
	spare->pid = fork();
	*ret_fd = fds[1];
	spare->fd = fds[0];
	if (spare->pid == 0) {
		vnm_cleanup_close(&spare->fd);
		(void)prctl(PR_SET_NAME, NAME_WAITING);
		return true;
	}
	vnm_cleanup_close(ret_fd);
	if (spare->pid < 0)
		vnm_rpc_spare_forget(spare);
	return false;
}

/** vnm_rpc_spare_forget() - there is none any more: it has ended, or does so now */
void vnm_rpc_spare_forget(struct vnm_rpc_spare *spare)
{
	vnm_cleanup_close(&spare->fd);
	spare->pid = 0;
}

static bool send_client(int fd, int client, char read_only)
{
	union control control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
					    .cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS } };
	struct iovec byte = { .iov_base = &read_only, .iov_len = 1 };
	const struct msghdr message = { .msg_iov = &byte,
					.msg_iovlen = 1,
					.msg_control = control.bytes,
					.msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	memcpy(CMSG_DATA(&control.head), &client, sizeof(client));
	do
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

/**
 * vnm_rpc_spare_use() - let it serve a client
 * @spare:     then there is none
 * @client:    the connection
 * @read_only: by its socket
 *
 * Return: its process; 0: there is none, or it has ended.
 */
pid_t vnm_rpc_spare_use(struct vnm_rpc_spare *spare, int client, bool read_only)
{
	pid_t pid = 0;

	if (spare->pid > 0 && send_client(spare->fd, client, read_only))
		pid = spare->pid;
	vnm_rpc_spare_forget(spare);
	return pid;
}

/**
 * vnm_rpc_spare_wait() - in the process itself: wait for a client
 * @fd:            of vnm_rpc_spare_fork(); closed
 * @ret_client:    gets its connection
 * @ret_read_only: by its socket
 *
 * Return: whether there is one; else the server is gone.
 */
bool vnm_rpc_spare_wait(int fd, int *ret_client, bool *ret_read_only)
{
	union control control = { .bytes = { 0 } };
	char read_only = 1;
	struct iovec byte = { .iov_base = &read_only, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &byte,
				  .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	close(fd);
	if (n != 1 || control.head.cmsg_type != SCM_RIGHTS ||
	    control.head.cmsg_len != CMSG_LEN(sizeof(int)))
		return false;
	memcpy(ret_client, CMSG_DATA(&control.head), sizeof(*ret_client));
	*ret_read_only = read_only;
	(void)prctl(PR_SET_NAME, NAME_SERVING);
	return true;
}
