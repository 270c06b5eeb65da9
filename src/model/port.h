/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.h - a network's port: the place of one guest's interface in an active network.
 *
 * A port is a record. It says what the interface is to be plugged into, and with which settings; whoever runs
 * the guest plugs it. Only its floor is put in effect here, on the network's bridge.
 */
#ifndef VNM_MODEL_PORT_H
#define VNM_MODEL_PORT_H

#include "model/network.h"
#include "util/error.h"

struct vnm_port_owner { struct vnm_at at; char *name; struct vnm_uuid uuid; };
struct vnm_rxfilters { struct vnm_at at; enum vnm_tristate trust_guest; };
/** struct vnm_port_bandwidth - @class_id: of the traffic class that holds the floor; allotted, never taken. */
struct vnm_port_bandwidth {
	struct vnm_at at;
	struct vnm_uint class_id;
	struct vnm_rate inbound, outbound;
};
/** struct vnm_plug - @type says which of the rest is there. */
struct vnm_plug {
	struct vnm_at at;
	enum vnm_plug_type type;
	char *bridge;			/* network, bridge */
	enum vnm_mac_table mac_table;
	char *dev;			/* direct */
	enum vnm_forward_mode mode;	/* one that vnm_enum_direct_mode knows */
	enum vnm_tristate managed;	/* hostdev-pci */
	struct vnm_forward_driver driver;
	struct vnm_pci_address address;
};

/** struct vnm_port - @file: for messages: where it was read from; NULL: messages carry no place. */
struct vnm_port {
	struct vnm_at at;
	char *file;
	struct vnm_uuid uuid;
	struct vnm_port_owner owner;	/* the guest */
	char *group;			/* the portgroup that was asked for */
	struct vnm_mac_elem mac;
	struct vnm_virtualport virtualport;
	struct vnm_port_bandwidth bandwidth;
	struct vnm_vlan vlan;
	struct vnm_port_options options;
	struct vnm_rxfilters rxfilters;
	struct vnm_plug plug;		/* allotted, never taken */
};

const struct vnm_portgroup *vnm_port_group(const struct vnm_network *net, const char *name);
int vnm_port_validate(const struct vnm_port *port, struct vnm_error *err);

#endif
