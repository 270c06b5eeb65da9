/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_end.h - ends leases before they expire. */
#ifndef VNM_RUN_LEASE_END_H
#define VNM_RUN_LEASE_END_H

#include <stddef.h>

#include "model/lease.h"
#include "model/network.h"
#include "sys/link/neighbour.h"
#include "util/error.h"

struct vnm_driver;

/** struct vnm_ending - leases of one network to be ended. @items: borrowed. */
struct vnm_ending {
	const struct vnm_network *net;
	const char *text; /* of the lease file */
	const struct vnm_lease_entry **items;
	size_t n;
};

void vnm_ending_add(struct vnm_ending *ending, const struct vnm_lease_entry *lease);
void vnm_ending_clear(struct vnm_ending *ending);
#define vnm_autoending __attribute__((cleanup(vnm_ending_clear)))
int vnm_ending_run(struct vnm_driver *drv, const struct vnm_ending *ending, struct vnm_error *err);
struct vnm_probe *vnm_ending_probe(struct vnm_driver *drv, const struct vnm_ending *ending);

#endif
