/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_use.h - the usage of a network's leases, and conflicts between leases and reservations. */
#ifndef VNM_RUN_LEASE_USE_H
#define VNM_RUN_LEASE_USE_H

#include <stdbool.h>

#include "model/attach.h"
#include "model/lease.h"
#include "model/network.h"
#include "util/buf.h"
#include "util/error.h"

struct vnm_driver;

#define VNM_LEASE_FAMILIES 2

/** struct vnm_lease_use - the leased addresses of one family: @used of @size, the number of addresses, which saturates. */
struct vnm_lease_use {
	int family;
	uint64_t used, size;
};

void vnm_lease_holder(const struct vnm_lease_entry *lease, struct vnm_buf *out);
void vnm_lease_rival_text(const struct vnm_lease_entry *lease, const struct vnm_dhcp_host *rival,
			  struct vnm_buf *out);
size_t vnm_driver_lease_use(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_lease_use ret[static VNM_LEASE_FAMILIES],
			    struct vnm_warnings *notes);
void vnm_driver_explain_dhcp(struct vnm_driver *drv, const struct vnm_attachment *attach,
			     bool failed);
void vnm_driver_warn_full(struct vnm_driver *drv, const struct vnm_network *net);

#endif
