/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.h - the port users of an active network, and which device of a pool the next one gets.
 *
 * Ports that others connect and guests that we attach share the devices, and count alike.
 */
#ifndef VNM_MODEL_POOL_H
#define VNM_MODEL_POOL_H

#include "model/attach.h"
#include "model/port.h"

/** struct vnm_port_users - the ports and attachments of one network; nothing here is owned. */
struct vnm_port_users {
	const struct vnm_port *ports;
	size_t n_ports;
	const struct vnm_attachment *guests;
	size_t n_guests;
};

size_t vnm_pool_count(const struct vnm_port_users *all, const char *dev);
int vnm_pool_pick(const struct vnm_network *net, const struct vnm_port_users *all, const char **ret,
		  struct vnm_error *err);
int vnm_pool_check(const struct vnm_network *net, const struct vnm_port_users *all, const char *dev,
		   struct vnm_error *err);
int vnm_pool_pick_pci(const struct vnm_network *net, const struct vnm_port_users *all,
		      struct vnm_pci_address *ret, struct vnm_error *err);
int vnm_pool_check_pci(const struct vnm_network *net, const struct vnm_port_users *all,
		       const struct vnm_pci_address *address, struct vnm_error *err);
void vnm_pool_show(const struct vnm_port_users *all, struct vnm_network *net);

#endif
