/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_store.h - the records of the ports of active networks. */
#ifndef VNM_STATE_PORT_STORE_H
#define VNM_STATE_PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/network.h"
#include "model/pool.h"
#include "model/port.h"
#include "util/error.h"

struct vnm_driver;

#define VNM_PORTS_DIR "ports"

/** struct vnm_port_change - a port of a network that is created, @deleted, or replaces @old, the same one with other rates. */
struct vnm_port_change {
	const struct vnm_port *port;
	bool deleted;
	const struct vnm_port *old;
};

/** struct vnm_ports - all ports of a network. */
struct vnm_ports {
	struct vnm_port *items;
	size_t n;
};

int vnm_ports_load(struct vnm_driver *drv, const char *name, const struct vnm_port_change *change,
		   struct vnm_ports *ret, struct vnm_error *err);
void vnm_ports_clear(struct vnm_ports *ports);
#define vnm_autoports __attribute__((cleanup(vnm_ports_clear)))
struct vnm_port_users vnm_driver_port_users(struct vnm_driver *drv, const char *name,
					    const struct vnm_ports *ports);
int vnm_driver_show_ports(struct vnm_driver *drv, struct vnm_network *net, struct vnm_error *err);
int vnm_driver_drop_ports(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_ports_open(struct vnm_driver *drv, const char *name, bool make, struct vnm_error *err);
int vnm_driver_ports_names(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			   struct vnm_error *err);
int vnm_port_load(struct vnm_driver *drv, const char *name, int fd, const char *uuid,
		  struct vnm_port *ret, struct vnm_error *err);
bool vnm_port_change_concerns_network(const struct vnm_port_change *change);
int vnm_port_write_pending(struct vnm_driver *drv, const char *name,
			   const struct vnm_port_change *change, struct vnm_error *err);
int vnm_ports_commit(struct vnm_driver *drv, const char *name, struct vnm_error *err);
int vnm_ports_abort(struct vnm_driver *drv, const char *name, struct vnm_error *err);

#endif
