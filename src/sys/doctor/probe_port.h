/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_port.h - a port of a bridge from which probes are sent as a guest sends packets. */
#ifndef VNM_SYS_PROBE_PORT_H
#define VNM_SYS_PROBE_PORT_H

#include "sys/sys.h"
#include "util/addr.h"
#include "util/error.h"
#include "util/parse.h"

#define VNM_PROBE_PEER "probe0" /* the other end, where probes are sent */

/** struct vnm_probe_port - @name: on the bridge. @mac: of the other end, which is in the namespace of @ns */
struct vnm_probe_port {
	struct vnm_sys sys;
	char name[VNM_IFNAME_SIZE];
	struct vnm_mac mac;
	int ifindex;
	struct vnm_op_netns ns;
};

int vnm_probe_port_open(struct vnm_probe_port *port, const char *bridge, struct vnm_error *err);
int vnm_probe_port_address(struct vnm_probe_port *port, const struct vnm_prefix *addr,
			   struct vnm_error *err);
int vnm_probe_port_socket(struct vnm_probe_port *port, int family, int type, int protocol);
int vnm_probe_port_index(struct vnm_probe_port *port);
void vnm_probe_port_close(struct vnm_probe_port *port);

#endif
