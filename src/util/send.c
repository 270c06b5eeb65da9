/* SPDX-License-Identifier: GPL-2.0-or-later */
/* send.c - send a datagram. */
#include "util/send.h"

#include <errno.h>

/**
 * vnm_send_to() - sendto(2), repeated after EINTR
 * @fd:     the socket
 * @data:   the datagram, of @len bytes
 * @to:     an address of the socket's family, of @to_len bytes
 *
 * Return: 0 or -errno.
 */
int vnm_send_to(int fd, const void *data, size_t len, const void *to, socklen_t to_len)
{
	ssize_t n;

	do
		n = sendto(fd, data, len, 0, to, to_len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}
