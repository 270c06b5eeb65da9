/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ovs.c - networks whose guests are on a switch of Open vSwitch: mode bridge with <virtualport type='openvswitch'>. Pure.
 */
#include "model/ovs.h"

#include "model/port.h"

/**
 * vnm_virtualport_nearest() - which switch is a port on?
 * @net:   its network
 * @group: its portgroup; NULL: none
 * @own:   its own; NULL: none
 *
 * Return: its own, else its portgroup's, else the network's; NULL: none, a plain bridge.
 */
const struct vnm_virtualport *vnm_virtualport_nearest(const struct vnm_network *net,
						      const struct vnm_portgroup *group,
						      const struct vnm_virtualport *own)
{
	if (own && own->at.present)
		return own;
	if (group && group->virtualport.at.present)
		return &group->virtualport;
	return net->virtualport.at.present ? &net->virtualport : NULL;
}

static bool is_ovs(const struct vnm_virtualport *port)
{
	return port && port->type == VNM_VIRTUALPORT_OPENVSWITCH;
}

/** vnm_network_uses_ovs() - is the bridge of the host that a network's guests are on a switch of Open vSwitch? */
bool vnm_network_uses_ovs(const struct vnm_network *net)
{
	bool ovs = is_ovs(&net->virtualport);

	for (size_t i = 0; i < net->n_portgroups; i++)
		ovs |= is_ovs(&net->portgroups[i].virtualport);
	return ovs && vnm_network_uses_bridge(net);
}

/** vnm_ovs_has() - is the port of a guest in a portgroup one of Open vSwitch? @group: its name; NULL: the default one, or none */
bool vnm_ovs_has(const struct vnm_network *net, const char *group)
{
	return vnm_network_uses_bridge(net) &&
	       is_ovs(vnm_virtualport_nearest(net, vnm_port_group(net, group), NULL));
}

/**
 * vnm_ovs_interface_id() - by which controllers of the switch know a guest's port
 * @net:   its network
 * @group: its portgroup, as for vnm_ovs_has()
 * @mac:   the guest; not set: unknown
 * @dev:   its device
 *
 * That of the definition; else made of the network's UUID and of the guest's MAC address, or of its device if that is unknown: so it
 * is the same after a restart. A UUID of version 8 (RFC 9562), which is for such.
 */
struct vnm_uuid vnm_ovs_interface_id(const struct vnm_network *net, const char *group,
				     const struct vnm_mac *mac, const char *dev)
{
	const struct vnm_virtualport *port =
		vnm_virtualport_nearest(net, vnm_port_group(net, group), NULL);
	struct vnm_uuid id = net->uuid;

	if (port && port->parameters.interfaceid.set)
		return port->parameters.interfaceid;
	for (size_t i = 0; i < sizeof(mac->b) && mac->set; i++)
		id.b[10 + i] ^= mac->b[i];
	for (size_t i = 0; dev[i] && !mac->set; i++)
		id.b[i % 6] ^= (uint8_t)dev[i];
	id.b[6] = (uint8_t)((id.b[6] & 0x0f) | 0x80);
	id.b[8] = (uint8_t)((id.b[8] & 0x3f) | 0x80);
	id.set = true;
	return id;
}
