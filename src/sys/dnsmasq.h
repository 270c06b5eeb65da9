/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dnsmasq.h - the one helper process of a network: started, known, ended. */
#ifndef VNM_SYS_DNSMASQ_H
#define VNM_SYS_DNSMASQ_H

#include <time.h>

#include "ops.h"
#include "util/addr.h"

extern const struct vnm_op_impl vnm_impl_file, vnm_impl_dnsmasq;

struct vnm_running;	/* processes that were started through one struct vnm_sys */
void vnm_running_free(struct vnm_running *running);	/* they go on running */

/** struct vnm_lease_entry - a line of dnsmasq's lease file. @expiry 0: never. Strings NULL when unknown. */
struct vnm_lease_entry {
	time_t expiry;
	struct vnm_mac mac;	/* v6: unset, unless the DUID holds it */
	struct vnm_addr addr;
	char *hostname, *client_id;
};

int vnm_leases_parse(const char *text, struct vnm_lease_entry **ret, size_t *ret_n);
void vnm_leases_free(struct vnm_lease_entry *leases, size_t n);
int vnm_dnsmasq_pin(const struct vnm_op *op);	/* pidfd; -ESRCH: it does not run; another -errno */
char *vnm_dnsmasq_find(void);	/* path of the program, or NULL */

#endif
