/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port_allot.c - what a network allots to a port. Pure.
 *
 * Settings that a port lacks come from its portgroup, else from the network. Its <plug> comes from the network
 * alone.
 */
#include "model/port_allot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/ovs.h"
#include "model/vlan.h"
#include "util/mem.h"

#define CLASS_ID_FIRST 3 /* below it are the classes of the network itself, as for libvirt */
#define CLASS_ID_MAX 0xffff

static enum vnm_tristate first_of(enum vnm_tristate a, enum vnm_tristate b, enum vnm_tristate c)
{
	if (a != VNM_TRI_ABSENT)
		return a;
	return b != VNM_TRI_ABSENT ? b : c;
}

static void drop_empty(struct vnm_port_bandwidth *bandwidth)
{
	struct vnm_rate *in = &bandwidth->inbound, *out = &bandwidth->outbound;

	in->at.present = in->at.present && vnm_rate_limits(in);
	out->at.present = out->at.present && vnm_rate_limits(out);
	bandwidth->at.present = in->at.present || out->at.present;
}

/* Whoever plugs the guest in tells the switch. By what controllers know the port is made up, as libvirt does. */
static void merge_virtualport(const struct vnm_network *net, const struct vnm_portgroup *group,
			      struct vnm_port *port)
{
	const struct vnm_virtualport *from = vnm_virtualport_nearest(net, group, NULL);
	struct vnm_virtualport_parameters *parameters = &port->virtualport.parameters;

	if (!port->virtualport.at.present && from) {
		port->virtualport = *from;
		if (parameters->profileid)
			parameters->profileid = vnm_strdup(parameters->profileid);
	}
	if (port->virtualport.type == VNM_VIRTUALPORT_OPENVSWITCH && !parameters->interfaceid.set) {
		parameters->at.present = true;
		parameters->interfaceid = port->uuid;
	}
}

/* The network's rates are for all its guests together, so they are no defaults of a port. */
static void merge(const struct vnm_network *net, const struct vnm_portgroup *group,
		  struct vnm_port *port)
{
	const struct vnm_portgroup none = { 0 };
	struct vnm_port_options *options = &port->options;
	struct vnm_rxfilters *rx = &port->rxfilters;

	group = group ? group : &none;
	port->bandwidth.class_id = (struct vnm_uint){ 0 };
	drop_empty(&port->bandwidth);
	if (!port->bandwidth.at.present) {
		port->bandwidth.inbound = group->bandwidth.inbound;
		port->bandwidth.outbound = group->bandwidth.outbound;
		drop_empty(&port->bandwidth);
	}
	options->isolated = first_of(options->isolated, group->port.isolated, net->port.isolated);
	options->at.present = options->isolated != VNM_TRI_ABSENT;
	if (!port->vlan.at.present && vnm_vlan_nearest(net, group, NULL))
		vnm_vlan_copy(vnm_vlan_nearest(net, group, NULL), &port->vlan);
	rx->trust_guest = first_of(rx->trust_guest, group->trust_guest_rx_filters,
				   net->trust_guest_rx_filters);
	rx->at.present = rx->trust_guest != VNM_TRI_ABSENT;
	merge_virtualport(net, group != &none ? group : NULL, port);
}

/* ---- unsupported settings ---- */

static int check_switch(const struct vnm_network *net, const struct vnm_virtualport *wanted,
			struct vnm_error *err)
{
	const char *type = vnm_enum_name(&vnm_enum_virtualport_type, wanted->type);

	const char *what = "a macvtap device";

	if (vnm_network_makes_bridge(net)) {
		what = "IP forwarding";
	} else if (vnm_network_uses_bridge(net)) {
		if (wanted->type == VNM_VIRTUALPORT_OPENVSWITCH ||
		    wanted->type == VNM_VIRTUALPORT_MIDONET)
			return 0;
		what = "a bridge device";
	} else if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV) {
		if (wanted->type == VNM_VIRTUALPORT_8021QBH)
			return 0;
		what = "an SR-IOV Virtual Function via PCI passthrough";
	} else if (wanted->type == VNM_VIRTUALPORT_8021QBG ||
		   wanted->type == VNM_VIRTUALPORT_8021QBH) {
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "<virtualport type='%s'> not supported for network '%s' which uses %s",
			     type ? type : "none", net->name, what);
}

/* Of a PCI device; it has one VLAN, of which the guest knows nothing. */
static int check_function_vlan(const struct vnm_network *net, const struct vnm_vlan *wanted,
			       struct vnm_error *err)
{
	vnm_autofree char *whose = vnm_asprintf("a port of network '%s'", net->name);

	if (wanted->n_tags > 1 || wanted->trunk == VNM_TRI_YES)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "vlan trunking is not supported by SR-IOV network devices: a "
				     "port of network '%s' has one VLAN",
				     net->name);
	return vnm_vlan_check_ids(wanted, whose, err);
}

static int check_vlan(const struct vnm_network *net, const struct vnm_vlan *wanted,
		      struct vnm_error *err)
{
	if (!wanted || vnm_network_uses_bridge(net) || vnm_network_filters_vlans(net))
		return 0;
	if (vnm_network_makes_bridge(net))
		return vnm_vlan_refuse_unfiltered(net, err);
	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		return check_function_vlan(net, wanted, err);
	return vnm_error_set(
		err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
		"an interface connecting to network '%s' is requesting a vlan tag, but "
		"that is not supported for this type of network: it needs a bridge of the "
		"host that filters VLANs, or mode='hostdev' with virtual functions",
		net->name);
}

static int check_feasible(const struct vnm_network *net, const struct vnm_portgroup *group,
			  const struct vnm_port *port, struct vnm_error *err)
{
	const struct vnm_virtualport *wanted =
		vnm_virtualport_nearest(net, group, &port->virtualport);
	int r = wanted ? check_switch(net, wanted, err) : 0;

	if (r < 0)
		return r;
	return check_vlan(net, vnm_vlan_nearest(net, group, &port->vlan), err);
}

/* ---- into what? ---- */

static int allot_direct(const struct vnm_network *net, const struct vnm_port_users *others,
			struct vnm_plug *plug, struct vnm_error *err)
{
	const char *dev;
	int r = vnm_pool_pick(net, others, &dev, err);

	if (r < 0)
		return r;
	plug->type = VNM_PLUG_DIRECT;
	plug->dev = vnm_strdup(dev);
	plug->mode = vnm_network_mode(net);
	return 0;
}

static int allot_hostdev(const struct vnm_network *net, const struct vnm_port_users *others,
			 struct vnm_plug *plug, struct vnm_error *err)
{
	const struct vnm_forward *forward = &net->forward;
	struct vnm_pci_address address = { 0 };
	int r = vnm_pool_pick_pci(net, others, &address, err);

	if (r < 0)
		return r;
	plug->type = VNM_PLUG_HOSTDEV_PCI;
	plug->managed = forward->managed == VNM_TRI_YES ? VNM_TRI_YES : VNM_TRI_NO;
	plug->driver = forward->driver;
	plug->driver.model = forward->driver.model ? vnm_strdup(forward->driver.model) : NULL;
	address.type = VNM_ADDRESS_ABSENT;
	address.connections = (struct vnm_uint){ 0 };
	address.domain.set = true;
	address.at.present = true;
	plug->address = address;
	return 0;
}

static int allot_plug(const struct vnm_network *net, const struct vnm_port_users *others,
		      struct vnm_plug *plug, struct vnm_error *err)
{
	plug->at.present = true;
	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		return allot_hostdev(net, others, plug, err);
	if (vnm_network_is_pool(net))
		return allot_direct(net, others, plug, err);
	plug->type = vnm_network_makes_bridge(net) ? VNM_PLUG_NETWORK : VNM_PLUG_BRIDGE;
	plug->bridge = vnm_strdup(net->bridge.name);
	plug->mac_table = net->bridge.mac_table;
	return 0;
}

/* ---- guaranteed rates ---- */

static uint64_t floor_sum(const struct vnm_port *ports, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		if (__builtin_add_overflow(sum, ports[i].bandwidth.inbound.floor.v, &sum))
			return UINT64_MAX - VNM_RATE_MAX;
	return sum;
}

static int check_floor(const struct vnm_network *net, const struct vnm_port_users *others,
		       const struct vnm_port *port, struct vnm_error *err)
{
	const struct vnm_rate *in = &net->bandwidth.inbound;
	uint64_t sum = floor_sum(others->ports, others->n_ports) + port->bandwidth.inbound.floor.v;
	uint64_t most = in->peak.v ? in->peak.v : in->average.v;
	char mac[VNM_MAC_STRLEN];

	vnm_mac_format(&port->mac.address, mac);
	if (!vnm_network_makes_bridge(net))
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "Invalid use of 'floor' on interface with MAC address %s - "
				     "'floor' is only supported for interface type 'network' with "
				     "forward type 'nat', 'route', 'open' or none",
				     mac);
	if (!in->at.present || in->average.v == 0)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "Invalid use of 'floor' on interface with MAC address %s - "
				     "network '%s' has no inbound QoS set",
				     mac, net->name);
	if (sum > most)
		return vnm_error_set(err, VNM_ERR_INVALID, ENOSPC,
				     "Requested operation is not valid: Cannot plug '%s' interface "
				     "into '%s' because new combined inbound floor=%" PRIu64
				     " would overcommit %s=%" PRIu64 " on network '%s'",
				     mac, net->bridge.name, sum, in->peak.v ? "peak" : "average",
				     most, net->name);
	return 0;
}

/* The number that it has, if it is free; else the lowest free one. */
static int allot_class(const struct vnm_port *others, size_t n, struct vnm_port *port,
		       struct vnm_error *err)
{
	vnm_autofree bool *used = vnm_alloc(CLASS_ID_MAX + 1);
	const struct vnm_uint *class_id = &port->bandwidth.class_id;

	for (size_t i = 0; i < n; i++)
		if (others[i].bandwidth.class_id.v <= CLASS_ID_MAX)
			used[others[i].bandwidth.class_id.v] = true;
	if (class_id->set && class_id->v >= CLASS_ID_FIRST && class_id->v <= CLASS_ID_MAX &&
	    !used[class_id->v])
		return 0;
	for (uint32_t id = CLASS_ID_FIRST; id <= CLASS_ID_MAX; id++) {
		if (used[id])
			continue;
		port->bandwidth.class_id = (struct vnm_uint){ true, id };
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_INVALID, ENOSPC,
			     "Could not generate next class ID: too many ports have a floor");
}

/* Only a port with a floor has a class. */
static int allot_floor(const struct vnm_network *net, const struct vnm_port_users *others,
		       struct vnm_port *port, struct vnm_error *err)
{
	int r;

	if (port->bandwidth.inbound.floor.v == 0) {
		port->bandwidth.class_id = (struct vnm_uint){ 0 };
		return 0;
	}
	r = check_floor(net, others, port, err);
	return r < 0 ? r : allot_class(others->ports, others->n_ports, port, err);
}

/**
 * vnm_port_allot() - complete a port from its network
 * @net:      the live definition
 * @others:   its present port users
 * @port:     valid by itself; gets the settings that it lacks, and its plug. After a failure it can only be freed
 * @warnings: of what works but is odd; may be NULL
 * @err:      VNM_ERR_NO_DEVICE, VNM_ERR_INVALID (no rate is left to guarantee), VNM_ERR_UNSUPPORTED
 *
 * Return: 0 or -errno.
 */
int vnm_port_allot(const struct vnm_network *net, const struct vnm_port_users *others,
		   struct vnm_port *port, struct vnm_warnings *warnings, struct vnm_error *err)
{
	const struct vnm_portgroup *group = vnm_port_group(net, port->group);
	int r;

	if (port->group && !group)
		vnm_warnings_add(warnings,
				 "network '%s' has no portgroup '%s', so the port has nothing of a "
				 "portgroup",
				 net->name, port->group);
	r = check_feasible(net, group, port, err);
	if (r < 0)
		return r;
	merge(net, group, port);
	r = allot_floor(net, others, port, err);
	return r < 0 ? r : allot_plug(net, others, &port->plug, err);
}

/* ---- ports that are there already ---- */

static int check_bridge(const struct vnm_network *net, const struct vnm_plug *plug,
			struct vnm_error *err)
{
	if (plug->bridge && !strcmp(plug->bridge, net->bridge.name))
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
			     "the port was plugged into bridge '%s', but that of network '%s' is "
			     "'%s': plug the guest in again",
			     plug->bridge ? plug->bridge : "", net->name, net->bridge.name);
}

/* Whatever the network would give to a new port may be kept. */
static int check_plug(const struct vnm_network *net, const struct vnm_port_users *others,
		      const struct vnm_plug *plug, struct vnm_error *err)
{
	enum vnm_plug_type type = VNM_PLUG_BRIDGE;

	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		type = VNM_PLUG_HOSTDEV_PCI;
	else if (vnm_network_is_pool(net))
		type = VNM_PLUG_DIRECT;
	else if (vnm_network_makes_bridge(net))
		type = VNM_PLUG_NETWORK;
	if (plug->type != type)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "Unexpectedly got plug type '%s': ports of network '%s' have "
				     "'%s'",
				     vnm_enum_name(&vnm_enum_plug_type, plug->type), net->name,
				     vnm_enum_name(&vnm_enum_plug_type, type));
	if (type == VNM_PLUG_HOSTDEV_PCI)
		return vnm_pool_check_pci(net, others, &plug->address, err);
	return type == VNM_PLUG_DIRECT ? vnm_pool_check(net, others, plug->dev, err)
				       : check_bridge(net, plug, err);
}

/**
 * vnm_port_reclaim() - take back a port that the network has lost, and its guest still uses
 * @net:    the live definition
 * @others: its present port users
 * @port:   as it was, with its plug; keeps the class of its floor, if that is free
 * @err:    VNM_ERR_XML_MEANING when the network has other plugs now; as vnm_port_allot()
 *
 * Settings are not completed again: they were, when the port was created.
 *
 * Return: 0 or -errno.
 */
int vnm_port_reclaim(const struct vnm_network *net, const struct vnm_port_users *others,
		     struct vnm_port *port, struct vnm_error *err)
{
	int r = check_feasible(net, NULL, port, err);

	if (r == 0)
		r = check_plug(net, others, &port->plug, err);
	if (r < 0)
		return r;
	drop_empty(&port->bandwidth);
	return allot_floor(net, others, port, err);
}

/* Only numbers that say anything are printed. */
static struct vnm_rate said(const struct vnm_rate *rate)
{
	struct vnm_rate ret = *rate;

	ret.at = (struct vnm_at){ .present = true };
	ret.average.set = ret.average.v > 0;
	ret.peak.set = ret.peak.v > 0;
	ret.floor.set = ret.floor.v > 0;
	ret.burst.set = ret.burst.v > 0;
	return ret;
}

/**
 * vnm_port_set_rates() - other rates for a port
 * @net:      the live definition
 * @others:   its present port users without this one
 * @inbound:  the rates, all of them; one without an average is none
 * @outbound: the same
 * @port:     the port
 * @err:      as vnm_port_allot()
 *
 * Return: 0 or -errno; then the port can only be freed.
 */
int vnm_port_set_rates(const struct vnm_network *net, const struct vnm_port_users *others,
		       const struct vnm_rate *inbound, const struct vnm_rate *outbound,
		       struct vnm_port *port, struct vnm_error *err)
{
	int r;

	free(port->file); /* the new rates do not stand in it */
	port->file = NULL;
	port->bandwidth.inbound = said(inbound);
	port->bandwidth.outbound = said(outbound);
	drop_empty(&port->bandwidth);
	r = vnm_port_validate(port, true, err);
	return r < 0 ? r : allot_floor(net, others, port, err);
}
