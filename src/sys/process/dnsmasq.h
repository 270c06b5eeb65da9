/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq.h - the one helper process of a network: started, known, ended. */
#ifndef VNM_SYS_DNSMASQ_H
#define VNM_SYS_DNSMASQ_H

#include "model/lease.h"
#include "sys/ops.h"

extern const struct vnm_op_impl vnm_impl_file, vnm_impl_dnsmasq;

struct vnm_running;	/* processes that were started through one struct vnm_sys */
void vnm_running_free(struct vnm_running *running);	/* they go on running */

int vnm_leases_parse(const char *text, struct vnm_lease_entry **ret, size_t *ret_n);
void vnm_leases_free(struct vnm_lease_entry *leases, size_t n);
char *vnm_leases_server(const char *text);	/* the server's own DUID, or NULL */
char *vnm_leases_without(const char *text, const struct vnm_addr *addrs, size_t n);
int vnm_lease_release(const char *dev, const struct vnm_addr *server, const char *duid,
		      const struct vnm_lease_entry *lease);
int vnm_dnsmasq_pin(const struct vnm_op *op);	/* pidfd; -ESRCH: it does not run; another -errno */
char *vnm_dnsmasq_find(void);	/* path of the program, or NULL */

#endif
