/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forwards.h - net-forward-list: the port forwarding and NAT of a network. */
#ifndef VNM_DRIVER_FORWARDS_H
#define VNM_DRIVER_FORWARDS_H

#include <stddef.h>

#include "util/error.h"

struct vnm_driver;

/** struct vnm_forward_entry - one row of the list, as texts. @name NULL: it has none. */
struct vnm_forward_entry {
	char *proto, *address, *port, *from, *to, *state, *name;
};

int vnm_driver_forwards(struct vnm_driver *drv, const char *name, struct vnm_forward_entry **ret,
			size_t *ret_n, struct vnm_error *err);
void vnm_forward_entries_free(struct vnm_forward_entry *entries, size_t n);

#endif
