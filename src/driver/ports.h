/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ports.h - the ports of active networks: net-port-create, net-port-delete, net-port-list, net-port-dumpxml. */
#ifndef VNM_DRIVER_PORTS_H
#define VNM_DRIVER_PORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/port.h"
#include "util/error.h"

struct vnm_driver;

/* Ports of active networks. @ref: a port's UUID, unchecked. *ret_uuid: the same as it is printed, allocated. */
int vnm_driver_port_create(struct vnm_driver *drv, const char *name, const char *text, size_t len,
			   const char *file, bool reclaim, char **ret_uuid, struct vnm_error *err);
int vnm_driver_port_delete(struct vnm_driver *drv, const char *name, const char *ref,
			   char **ret_uuid, struct vnm_error *err);
int vnm_driver_port_list(struct vnm_driver *drv, const char *name, char ***ret, size_t *ret_n,
			 struct vnm_error *err);
int vnm_driver_port_dumpxml(struct vnm_driver *drv, const char *name, const char *ref, char **ret,
			    struct vnm_error *err);
int vnm_driver_port_rates(struct vnm_driver *drv, const char *name, const char *ref,
			  struct vnm_rate *ret_inbound, struct vnm_rate *ret_outbound,
			  struct vnm_error *err);
int vnm_driver_port_set_rates(struct vnm_driver *drv, const char *name, const char *ref,
			      const struct vnm_rate *inbound, const struct vnm_rate *outbound,
			      struct vnm_error *err);
void vnm_driver_warn_ports(struct vnm_driver *drv, const char *name);
void vnm_driver_recover_ports(struct vnm_driver *drv);

#endif
