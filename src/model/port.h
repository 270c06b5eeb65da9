/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.h - a network's port: the record of one guest's interface in an active network.
 *
 * A port records what the interface is to be connected to, and its settings; whoever runs the guest connects it.
 * Only its floor is applied here, on the network's bridge.
 */
#ifndef VNM_MODEL_PORT_H
#define VNM_MODEL_PORT_H

#include "model/network.h"
#include "util/error.h"

struct vnm_port_owner { struct vnm_at at; char *name; struct vnm_uuid uuid; };
struct vnm_rxfilters { struct vnm_at at; enum vnm_tristate trust_guest; };
/** struct vnm_port_bandwidth - @class_id: of the traffic class of the floor; allotted, never read. */
struct vnm_port_bandwidth {
	struct vnm_at at;
	struct vnm_uint class_id;
	struct vnm_rate inbound, outbound;
};
/** struct vnm_plug - @type decides which members are set. */
struct vnm_plug {
	struct vnm_at at;
	enum vnm_plug_type type;
	char *bridge;			/* network, bridge */
	enum vnm_mac_table mac_table;
	char *dev;			/* direct */
	enum vnm_forward_mode mode;	/* one of vnm_enum_direct_mode */
	enum vnm_tristate managed;	/* hostdev-pci */
	struct vnm_forward_driver driver;
	struct vnm_pci_address address;
};

/** struct vnm_port - @file: where it was read from, for messages; NULL: without file and line. */
struct vnm_port {
	struct vnm_at at;
	char *file;
	struct vnm_uuid uuid;
	struct vnm_port_owner owner;	/* the guest */
	char *group;			/* the requested portgroup */
	struct vnm_mac_elem mac;
	struct vnm_virtualport virtualport;
	struct vnm_port_bandwidth bandwidth;
	struct vnm_vlan vlan;
	struct vnm_port_options options;
	struct vnm_rxfilters rxfilters;
	struct vnm_plug plug;		/* allotted, never read */
};

const struct vnm_portgroup *vnm_port_group(const struct vnm_network *net, const char *name);
int vnm_port_validate(const struct vnm_port *port, bool reclaim, struct vnm_error *err);

#endif
