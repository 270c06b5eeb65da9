/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lease_release.h - release a lease in the name of its client. */
#ifndef VNM_SYS_LEASE_RELEASE_H
#define VNM_SYS_LEASE_RELEASE_H

#include "model/lease.h"

int vnm_lease_release(const char *dev, const struct vnm_addr *server, const char *duid,
		      const struct vnm_lease_entry *lease);

#endif
