/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leases.h - the leases of a network, read from dnsmasq's file. */
#ifndef VNM_STATE_LEASES_H
#define VNM_STATE_LEASES_H

#include <stddef.h>

#include "model/lease.h"
#include "model/network.h"
#include "util/error.h"
#include "util/parse.h"

struct vnm_driver;

/** struct vnm_leases - the leases of a network that are in effect, and the file they were read from. @damaged: malformed lines. */
struct vnm_leases {
	struct vnm_lease_entry *items;
	size_t n;
	char *text;
	int damaged;
};

/** Leases in effect now, sorted by MAC as virsh sorts; @mac NULL: all. *ret_prefix_len[i] belongs to (*ret)[i]. */
int vnm_driver_leases(struct vnm_driver *drv, const char *name, const struct vnm_mac *mac,
		      struct vnm_lease_entry **ret, unsigned **ret_prefix_len, size_t *ret_n,
		      struct vnm_error *err);
int vnm_leases_load(struct vnm_driver *drv, const char *name, struct vnm_leases *ret,
		    struct vnm_error *err);
int vnm_leases_load_settled(struct vnm_driver *drv, const char *name, struct vnm_leases *ret,
			    struct vnm_error *err);
void vnm_leases_clear(struct vnm_leases *leases);
#define vnm_autoleases __attribute__((cleanup(vnm_leases_clear)))
void vnm_driver_with_guests(struct vnm_driver *drv, const struct vnm_network *net,
			    struct vnm_network *ret);
int vnm_driver_put_leases(struct vnm_driver *drv, const char *name, const char *text,
			  struct vnm_error *err);
int vnm_driver_drop_leases(struct vnm_driver *drv, const char *name, struct vnm_error *err);

#endif
