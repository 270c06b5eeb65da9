/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - the arguments of qemu-bridge-helper, and its answer: one byte with the descriptor, through a socket that the caller
 * has opened.
 */
#include "lend/request.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "util/parse.h"

enum { BRIDGE = 'b', FD = 'f', HELP = 'h', VERSION = 'V', VNET = 'n' };

static int set_option(int letter, struct vnm_request *request, struct vnm_error *err)
{
	uint32_t fd;

	switch (letter) {
	case BRIDGE:
		if (request->bridge)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL, "--br is given twice");
		request->bridge = optarg;
		return 0;
	case FD:
		if (vnm_parse_u32(optarg, 3, INT_MAX - 1, &fd) < 0)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "--fd needs the number of a descriptor above 2");
		request->fd = (int)fd;
		return 0;
	case VNET: request->vnet_hdr = true; return 0;
	case HELP: request->help = true; return 0;
	case VERSION: request->version = true; return 0;
	default:
		return vnm_error_set(
			err, VNM_ERR_USAGE, EINVAL,
			"usage: vnetmgr-bridge-helper [--use-vnet] "
				     "--br=NETWORK --fd=FD");
	}
}

/**
 * vnm_request_read() - read the arguments
 * @argc: of main()
 * @argv: of main()
 * @ret:  zeroed
 * @err:  VNM_ERR_USAGE
 *
 * Return: 0 or -errno.
 */
int vnm_request_read(int argc, char **argv, struct vnm_request *ret, struct vnm_error *err)
{
	static const struct option options[] = {
		{ "br", required_argument, NULL, BRIDGE }, { "fd", required_argument, NULL, FD },
		{ "use-vnet", no_argument, NULL, VNET },   { "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION }, { 0 },
	};
	int letter, r = 0;

	opterr = 0;
	while (r == 0 && argc > 0 && (letter = getopt_long(argc, argv, "+", options, NULL)) != -1)
		r = set_option(letter, ret, err);
	if (r < 0 || ret->help || ret->version)
		return r;
	if (argc < 1 || optind < argc || !ret->bridge || !ret->fd)
		return set_option(0, ret, err);
	/* The names of networks and of bridges have no others in them. */
	if (!vnm_name_valid(ret->bridge))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "--br needs the name of a network or of its bridge");
	return 0;
}

/** vnm_request_check_socket() - can the tap be sent through the descriptor? Return: 0 or -errno. */
int vnm_request_check_socket(const struct vnm_request *request, struct vnm_error *err)
{
	int domain = 0, type = 0;
	socklen_t a = sizeof(domain), b = sizeof(type);

	if (getsockopt(request->fd, SOL_SOCKET, SO_DOMAIN, &domain, &a) == 0 &&
	    getsockopt(request->fd, SOL_SOCKET, SO_TYPE, &type, &b) == 0 && domain == AF_UNIX &&
	    type == SOCK_STREAM)
		return 0;
	return vnm_error_set(err, VNM_ERR_USAGE, ENOTSOCK,
			     "descriptor %d is not a stream socket of the domain unix",
			     request->fd);
}

/**
 * vnm_request_send() - send the tap
 * @request: through which socket; it is not waited for
 * @tap:     the descriptor
 * @err:     set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_request_send(const struct vnm_request *request, int tap, struct vnm_error *err)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &tap, sizeof(tap));
	do
		n = sendmsg(request->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		return 0;
	return vnm_error_set(err, VNM_ERR_SYSTEM, n < 0 ? errno : EIO, "cannot send the tap: %s",
			     strerror(n < 0 ? errno : EIO));
}
