/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forwards.h - net-forward-list: the port forwarding and NAT of a network. */
#ifndef VNM_DRIVER_FORWARDS_H
#define VNM_DRIVER_FORWARDS_H

#include <stddef.h>

#include "model/network.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_forward_to - where a forward leads. @port: its first is 0: all; @weight: among several */
struct vnm_forward_to {
	struct vnm_addr address;
	struct vnm_port_range port;
	uint32_t weight;
};

/**
 * struct vnm_forward_entry - a port forward; or a 1:1 address, of the protocol "all"
 * @address: that packets are sent to; none: the host's
 * @port:    that packets are sent to; its first is 0: all
 * @dev:     that they arrive on; NULL: any
 * @state:   "active", "inactive", "degraded"
 * @name:    NULL: it has none
 */
struct vnm_forward_entry {
	const char *proto, *state;
	struct vnm_addr address;
	struct vnm_port_range port;
	char *dev, *name;
	struct vnm_forward_to *to;
	size_t n_to;
};

int vnm_driver_forwards(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			struct vnm_forward_entry **ret, size_t *ret_n, struct vnm_error *err);
size_t vnm_driver_later_forwards(struct vnm_driver *drv, const char *name);
void vnm_forward_entries_free(struct vnm_forward_entry *entries, size_t n);

#endif
