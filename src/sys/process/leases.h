/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leases.h - the reader of dnsmasq's lease file. */
#ifndef VNM_SYS_LEASES_H
#define VNM_SYS_LEASES_H

#include "model/lease.h"

int vnm_leases_parse(const char *text, struct vnm_lease_entry **ret, size_t *ret_n);
void vnm_leases_free(struct vnm_lease_entry *leases, size_t n);
char *vnm_leases_server(const char *text);	/* the server's own DUID, or NULL */
char *vnm_leases_without(const char *text, const struct vnm_addr *addrs, size_t n);

#endif
