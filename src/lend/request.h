/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.h - the arguments of qemu-bridge-helper, and its answer. */
#ifndef VNM_LEND_REQUEST_H
#define VNM_LEND_REQUEST_H

#include <stdbool.h>

#include "util/error.h"

/** struct vnm_request - @bridge: a bridge or a network; @fd: of the socket by which the tap is sent */
struct vnm_request {
	const char *bridge;
	bool vnet_hdr, help, version;
	int fd;
};

int vnm_request_read(int argc, char **argv, struct vnm_request *ret, struct vnm_error *err);
int vnm_request_check_socket(const struct vnm_request *request, struct vnm_error *err);
int vnm_request_send(const struct vnm_request *request, int tap, struct vnm_error *err);

#endif
