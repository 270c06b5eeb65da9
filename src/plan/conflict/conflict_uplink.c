/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conflict_uplink.c - can a bridge take over a device of the host, or guests sit on it? Pure.
 *
 * All that is known to go wrong is refused here, before anything is made: afterwards the host may be out of reach.
 */
#include "plan/conflict/conflict_uplink.h"

#include <errno.h>
#include <string.h>

#include "util/mem.h"

static int refuse(const struct vnm_network *net, struct vnm_error *err, const char *why,
		  const char *remedy)
{
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, EINVAL,
			     "uplink '%s' of network '%s' %s; %s", net->uplink.dev, net->name, why,
			     remedy);
}

/* The bridge that stands there already is the network's own when it carries the device's address. */
static int check_bridge(const struct vnm_network *net, const struct vnm_fact_link *dev,
			const struct vnm_facts *facts, struct vnm_error *err)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, net->bridge.name);

	if (!link || (!strcmp(link->kind, "bridge") && vnm_mac_equal(&link->mac, &dev->mac) &&
		      dev->master == link->index))
		return 0;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EEXIST,
			     "device '%s' already exists and does not belong to network '%s'; "
			     "rename the bridge or remove the device", link->name, net->name);
}

static int check_master(const struct vnm_network *net, const struct vnm_fact_link *dev,
			const struct vnm_facts *facts, struct vnm_error *err)
{
	const struct vnm_fact_link *master =
		dev->master ? vnm_facts_link_index(facts, dev->master) : NULL;

	if (!master || !strcmp(master->name, net->bridge.name))
		return 0;
	return vnm_error_set(err, VNM_ERR_FOREIGN, EBUSY,
			     "uplink '%s' of network '%s' belongs to '%s' already; take it out "
			     "first: ip link set %s nomaster", dev->name, net->name, master->name,
			     dev->name);
}

static int check_device(const struct vnm_network *net, const struct vnm_fact_link *dev,
			const struct vnm_fact_uplink *fact, struct vnm_error *err)
{
	if (!strcmp(dev->kind, "bridge"))
		return refuse(net, err, "is a bridge itself",
			      "leave <vnm:uplink> out and name it in <bridge name=.../>");
	if (fact->loopback || !dev->mac.set)
		return refuse(net, err, "is no Ethernet device", "name one that is");
	if (fact->wireless)
		return refuse(net, err, "is wireless, and an access point takes frames of one "
			      "sender only", "use a NAT network, or a wired device");
	if (!dev->up)
		return refuse(net, err, "is down", "bring it up first: ip link set DEVICE up");
	if (!fact->carrier && !dev->master)
		return refuse(net, err, "has no carrier", "plug in its cable, or name another");
	if (fact->shared_hops)
		return refuse(net, err, "has routes with shared next hops",
			      "put them by \"ip route\" instead of \"ip nexthop\"");
	return 0;
}

/* Does the network have guests, or send, by the device? */
static bool uses_device(const struct vnm_network *net, const char *dev)
{
	const struct vnm_forward *forward = &net->forward;
	bool used = forward->dev && !strcmp(forward->dev, dev);

	for (size_t i = 0; i < forward->n_interfaces; i++)
		used |= forward->interfaces[i].dev && !strcmp(forward->interfaces[i].dev, dev);
	return used;
}

/* Whoever sits on the device, or sends by it, would be left behind. */
static int check_users(const struct vnm_network *net, const struct vnm_network *other,
		       struct vnm_error *err)
{
	const char *dev = net->uplink.dev;

	if (!uses_device(other, dev) &&
	    !(vnm_network_has_uplink(other) && !strcmp(other->uplink.dev, dev)))
		return 0;
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EBUSY,
			     "uplink '%s' of network '%s' is already in use by active network "
			     "'%s'; destroy '%s' first", dev, net->name, other->name, other->name);
}

/* Two owners of one address: the other one would put it back on the device, or let it run out. */
static void warn_managers(const struct vnm_network *net, const struct vnm_fact_uplink *fact,
			  struct vnm_warnings *warnings)
{
	static const struct { const char *name, *remedy; } managers[] = {
		[VNM_MANAGER_NETWORKMANAGER] = { "NetworkManager",
			"tell it to leave the device alone: nmcli device set DEVICE managed no" },
		[VNM_MANAGER_NETWORKD] = { "systemd-networkd",
			"set Unmanaged=yes in the [Link] section of its .network file" },
		[VNM_MANAGER_IFUPDOWN] = { "ifupdown",
			"make it \"iface DEVICE inet manual\" in /etc/network/interfaces" },
		[VNM_MANAGER_DHCLIENT] = { "dhclient",
			"run it on the bridge instead, or its lease is not renewed" },
		[VNM_MANAGER_DHCPCD] = { "dhcpcd",
			"add \"denyinterfaces DEVICE\" to /etc/dhcpcd.conf, and run it on the "
			"bridge" },
	};

	for (size_t i = 0; i < VNM_ARRAY_SIZE(managers); i++)
		if (fact->managers & 1u << i)
			vnm_warnings_add(warnings,
					 "'%s', the uplink of network '%s', is managed by "
					 "%s, which may give it its addresses again; %s",
					 fact->dev, net->name, managers[i].name,
					 managers[i].remedy);
}

/**
 * vnm_conflict_uplink() - can a network's bridge take over its uplink?
 * @net:      a network with an uplink
 * @old:      what it runs with: a device that is its uplink already is only asked to be there; NULL: it is not active
 * @facts:    the host; the uplink was looked at, if it is there
 * @peers:    the other networks
 * @n:        how many
 * @warnings: who else looks after the device
 * @err:      VNM_ERR_NO_DEVICE, VNM_ERR_FOREIGN, VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_uplink(const struct vnm_network *net, const struct vnm_network *old,
			const struct vnm_facts *facts, const struct vnm_other_net *peers, size_t n,
			struct vnm_warnings *warnings, struct vnm_error *err)
{
	const struct vnm_fact_link *dev = vnm_facts_link(facts, net->uplink.dev);
	const struct vnm_fact_uplink *fact = vnm_facts_uplink(facts, net->uplink.dev);
	int r;

	if (!dev || !fact)
		return refuse(net, err, "does not exist", "\"ip link\" lists the devices");
	if (old && vnm_network_has_uplink(old) && !strcmp(old->uplink.dev, net->uplink.dev))
		return 0;
	r = check_device(net, dev, fact, err);
	if (r == 0)
		r = check_master(net, dev, facts, err);
	if (r == 0)
		r = check_bridge(net, dev, facts, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (peers[i].active && !vnm_conflict_same(net, peers[i].net))
			r = check_users(net, peers[i].net, err);
	if (r == 0)
		warn_managers(net, fact, warnings);
	return r;
}

/* ---- the other way round: guests are to sit on a device of the host ---- */

static int refuse_pool(const struct vnm_network *net, const char *dev, const char *how,
		       const char *bridge, const struct vnm_network *other, struct vnm_error *err)
{
	if (!other)
		return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EBUSY,
				     "device '%s' of network '%s' %s '%s', and a device that is on "
				     "a bridge takes no other guests; connect them to that bridge "
				     "(<bridge name='%s'/>), or take it off: ip link set %s "
				     "nomaster",
				     dev, net->name, how, bridge, bridge, dev);
	return vnm_error_set(err, VNM_ERR_BRIDGE_IN_USE, EBUSY,
			     "device '%s' of network '%s' %s '%s' of active network '%s', and a "
			     "device that is on a bridge takes no other guests; connect them to "
			     "network '%s', or destroy '%s' first",
			     dev, net->name, how, bridge, other->name, other->name, other->name);
}

static bool has_bridge(const struct vnm_network *net, const char *name)
{
	return net->bridge.name && !strcmp(net->bridge.name, name);
}

/* The kernel hands what a device receives to one taker: a bridge, a bond, or the macvlans on top of it. */
static int check_pool_device(const struct vnm_network *net, const char *dev,
			     const struct vnm_facts *facts, const struct vnm_other_net *peers,
			     size_t n, struct vnm_error *err)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, dev), *master = NULL;

	if (link && link->master)
		master = vnm_facts_link_index(facts, link->master);
	if (master && strcmp(master->kind, "bridge") != 0)
		master = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct vnm_network *other = peers[i].net;

		if (!peers[i].active || vnm_conflict_same(net, other))
			continue;
		if (vnm_network_has_uplink(other) && !strcmp(other->uplink.dev, dev))
			return refuse_pool(net, dev, "is the uplink of bridge", other->bridge.name,
					   other, err);
		if (master && has_bridge(other, master->name))
			return refuse_pool(net, dev, "is on bridge", master->name, other, err);
	}
	return master ? refuse_pool(net, dev, "is on bridge", master->name, NULL, err) : 0;
}

/**
 * vnm_conflict_pool() - can guests sit on the devices that a network names?
 * @net:   a network without a bridge
 * @old:   what it runs with: devices that it has already are not asked about; NULL: it is not active
 * @facts: the host's links
 * @peers: the other networks
 * @n:     how many
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_pool(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_facts *facts, const struct vnm_other_net *peers, size_t n,
		      struct vnm_error *err)
{
	const struct vnm_forward *forward = &net->forward;
	size_t n_devices = forward->n_interfaces ? forward->n_interfaces : forward->dev ? 1 : 0;
	int r = 0;

	for (size_t i = 0; i < n_devices && r == 0; i++) {
		const char *dev = forward->n_interfaces ? forward->interfaces[i].dev : forward->dev;

		if (dev && !(old && uses_device(old, dev)))
			r = check_pool_device(net, dev, facts, peers, n, err);
	}
	return r;
}
