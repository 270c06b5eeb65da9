/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port_allot.h - what a network allots to a port: settings, its floor's class, and its plug. Pure. */
#ifndef VNM_MODEL_PORT_ALLOT_H
#define VNM_MODEL_PORT_ALLOT_H

#include "model/pool.h"
#include "util/error.h"

int vnm_port_allot(const struct vnm_network *net, const struct vnm_port_users *others,
		   struct vnm_port *port, struct vnm_warnings *warnings, struct vnm_error *err);
int vnm_port_reclaim(const struct vnm_network *net, const struct vnm_port_users *others,
		     struct vnm_port *port, struct vnm_error *err);
int vnm_port_set_rates(const struct vnm_network *net, const struct vnm_port_users *others,
		       const struct vnm_rate *inbound, const struct vnm_rate *outbound,
		       struct vnm_port *port, struct vnm_error *err);

#endif
