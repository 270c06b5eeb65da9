/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold.c - hold FILE PROGRAM ARGUMENT...: run vnetmgr-bridge-helper as QEMU does, with one end of a pair of sockets for its tap.
 *
 * A child keeps the tap that comes by the other end, if one does, until it is killed; its number is appended to the file. The program
 * runs in this very process, which is the one that strace counts the system calls of.
 */
#define _GNU_SOURCE 1
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Return: whether there is a tap, which is open from then on. */
static int receive(int fd)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	return recvmsg(fd, &message, 0) == 1 && CMSG_FIRSTHDR(&message);
}

int main(int argc, char **argv)
{
	char option[32];
	int pair[2];
	FILE *file;
	pid_t pid;

	if (argc < 4 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		close(pair[1]);
		/* Whoever reads our output is not to wait for the child. */
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			return 2;
		if (receive(pair[0]))
			pause();
		return 0;
	}
	file = fopen(argv[1], "a");
	if (pid < 0 || !file || fprintf(file, "%d\n", (int)pid) < 0 || fclose(file) != 0)
		return 2;
	close(pair[0]);
	snprintf(option, sizeof(option), "--fd=%d", pair[1]);
	/* hold FILE PROGRAM A B -> PROGRAM A B --fd=N */
	for (int i = 1; i + 1 < argc; i++)
		argv[i] = argv[i + 1];
	argv[argc - 1] = option;
	execv(argv[1], argv + 1);
	return 2;
}
