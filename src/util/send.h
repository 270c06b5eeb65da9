/* SPDX-License-Identifier: GPL-2.0-or-later */
/* send.h - send a datagram. */
#ifndef VNM_UTIL_SEND_H
#define VNM_UTIL_SEND_H

#include <stddef.h>
#include <sys/socket.h>

int vnm_send_to(int fd, const void *data, size_t len, const void *to, socklen_t to_len);

#endif
