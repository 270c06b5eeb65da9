/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conflict_uplink.c - can a device of the host be a network's uplink, or in its pool? Pure.
 *
 * Everything foreseeable is refused here, before any change: afterwards the host may be unreachable.
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

/* An existing bridge is the network's own when it has the device's MAC address. */
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

/* Does the network use the device, for guests or as its forward device? */
static bool uses_device(const struct vnm_network *net, const char *dev)
{
	const struct vnm_forward *forward = &net->forward;
	bool used = forward->dev && !strcmp(forward->dev, dev);

	for (size_t i = 0; i < forward->n_interfaces; i++)
		used |= forward->interfaces[i].dev && !strcmp(forward->interfaces[i].dev, dev);
	return used;
}

/* Users of the device would lose their connection. */
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

/* Two programs that manage one address: the other one would restore it on the device, or let it expire. */
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
 * @old:      its live definition: a device that is its uplink already must only exist; NULL: it is not active
 * @facts:    the host, and the uplink if it exists
 * @others:    the other networks
 * @n:        how many
 * @warnings: other programs that manage the device
 * @err:      VNM_ERR_NO_DEVICE, VNM_ERR_FOREIGN, VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_uplink(const struct vnm_network *net, const struct vnm_network *old,
			const struct vnm_facts *facts, const struct vnm_other_net *others, size_t n,
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
		if (others[i].active && !vnm_conflict_same(net, others[i].net))
			r = check_users(net, others[i].net, err);
	if (r == 0)
		warn_managers(net, fact, warnings);
	return r;
}

/* ---- the reverse: guests on a device of the host ---- */

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

/* A device has one receive handler: a bridge, a bond, or its macvlans. */
static int check_pool_device(const struct vnm_network *net, const char *dev,
			     const struct vnm_facts *facts, const struct vnm_other_net *others,
			     size_t n, struct vnm_error *err)
{
	const struct vnm_fact_link *link = vnm_facts_link(facts, dev), *master = NULL;

	if (link && link->master)
		master = vnm_facts_link_index(facts, link->master);
	if (master && strcmp(master->kind, "bridge") != 0)
		master = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct vnm_network *other = others[i].net;

		if (!others[i].active || vnm_conflict_same(net, other))
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
 * vnm_conflict_pool() - can guests use the devices of a network's pool?
 * @net:   a network without a bridge
 * @old:   its live definition: devices that it has already are not checked; NULL: it is not active
 * @facts: the host's links
 * @others: the other networks
 * @n:     how many
 * @err:   VNM_ERR_BRIDGE_IN_USE
 *
 * Return: 0 or -errno.
 */
int vnm_conflict_pool(const struct vnm_network *net, const struct vnm_network *old,
		      const struct vnm_facts *facts, const struct vnm_other_net *others, size_t n,
		      struct vnm_error *err)
{
	const struct vnm_forward *forward = &net->forward;
	size_t n_devices = forward->n_interfaces ? forward->n_interfaces : forward->dev ? 1 : 0;
	int r = 0;

	for (size_t i = 0; i < n_devices && r == 0; i++) {
		const char *dev = forward->n_interfaces ? forward->interfaces[i].dev : forward->dev;

		if (dev && !(old && uses_device(old, dev)))
			r = check_pool_device(net, dev, facts, others, n, err);
	}
	return r;
}
