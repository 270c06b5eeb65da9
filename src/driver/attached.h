/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attached.h - net-port-list: the guests of a network, and their observed state. */
#ifndef VNM_DRIVER_ATTACHED_H
#define VNM_DRIVER_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/attach.h"
#include "model/vlan.h"
#include "util/addr.h"
#include "util/error.h"

struct vnm_driver;
struct vnm_network;

/** struct vnm_attached - an attachment and its observed state. @state: a word, or a few. @vlans: its own, or its portgroup's or network's. @leased: by DHCP. @to, @from: the guest's bytes; and packets */
struct vnm_attached {
	struct vnm_attachment attach;
	struct vnm_vlan_members vlans;
	const char *state;
	bool carrier;
	struct vnm_prefix leased;
	uint64_t to, from, packets_to, packets_from;
};

int vnm_driver_attached(struct vnm_driver *drv, const char *name, const struct vnm_network *net,
			struct vnm_attached **ret, size_t *ret_n, struct vnm_error *err);
void vnm_attached_free(struct vnm_attached *attached, size_t n);

#endif
