/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach.c - attachments: their addresses and their validation; all pure. */
#include "model/attach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "model/port.h"
#include "model/ovs.h"
#include "model/vlan.h"
#include "util/mem.h"

/**
 * vnm_attach_host_mac() - the MAC address of the host's end of a tap
 *
 * The guest has @guest; the host's end must differ, or the bridge would treat the guest's frames as its own. The
 * first octet is libvirt's: a bridge without a MAC address of its own takes the lowest of its ports', so this one is
 * high.
 */
struct vnm_mac vnm_attach_host_mac(const struct vnm_mac *guest)
{
	struct vnm_mac mac = *guest;

	if (mac.set)
		mac.b[0] = guest->b[0] == 0xfe ? 0xfa : 0xfe;
	return mac;
}

/** vnm_attach_subnet() - the <ip> to whose subnet an address belongs, or NULL. */
const struct vnm_ip *vnm_attach_subnet(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_prefix prefix = vnm_ip_prefix(&net->ips[i]);

		if (prefix.addr.family == addr->family && vnm_prefix_contains(&prefix, addr))
			return &net->ips[i];
	}
	return NULL;
}

/** vnm_attach_outside() - is an address in none of the network's subnets of its family, although there are some? */
bool vnm_attach_outside(const struct vnm_network *net, const struct vnm_addr *addr)
{
	return vnm_network_has_family(net, addr->family) && !vnm_attach_subnet(net, addr);
}

/** vnm_attach_reservation() - the DHCP reservation of a guest's MAC address, or NULL. */
const struct vnm_dhcp_host *vnm_attach_reservation(const struct vnm_network *net,
						   const struct vnm_attachment *attach)
{
	for (size_t i = 0; i < net->n_ips && attach->mac.set; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		for (size_t k = 0; k < dhcp->n_hosts; k++)
			if (dhcp->hosts[k].mac.set &&
			    vnm_mac_equal(&dhcp->hosts[k].mac, &attach->mac))
				return &dhcp->hosts[k];
	}
	return NULL;
}

/* A guest with a reservation may have other addresses only in other subnets. */
static int check_reservation(const struct vnm_attachment *attach, const struct vnm_attach_ip *ip,
			     const struct vnm_network *net, struct vnm_error *err)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	char text[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

	if (!own || own->ip.family != ip->address.family ||
	    vnm_addr_equal(&own->ip, &ip->address) ||
	    vnm_attach_subnet(net, &own->ip) != vnm_attach_subnet(net, &ip->address))
		return 0;
	return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
			     "network '%s' has %s reserved for MAC address %s; use --ip auto, "
			     "which takes it, or another --mac",
			     net->name, vnm_addr_format(&own->ip, text),
			     vnm_mac_format(&attach->mac, mac));
}

static int check_twice(const struct vnm_attachment *attach, size_t at, struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	for (size_t i = 0; i < at; i++)
		if (vnm_addr_equal(&attach->ips[i].address, &attach->ips[at].address))
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "address %s is given twice",
					     vnm_addr_format(&attach->ips[at].address, text));
	return 0;
}

static bool is_zero(const struct vnm_mac *mac)
{
	const struct vnm_mac zero = { 0 };

	return !memcmp(mac->b, zero.b, sizeof(mac->b));
}

static int check_ip(const struct vnm_attach_ip *ip, const struct vnm_network *net,
		    struct vnm_error *err)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);
	char text[VNM_ADDR_STRLEN];
	struct vnm_prefix prefix;

	vnm_addr_format(&ip->address, text);
	if (!subnet && net->n_ips == 0)
		return 0; /* the host has no address on it, so guests choose freely */
	if (!subnet)
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s is in no subnet of network '%s'", text, net->name);
	prefix = vnm_ip_prefix(subnet);
	if (vnm_prefix_special(&prefix, &ip->address))
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s stands for the whole subnet of network '%s'", text,
				     net->name);
	return 0;
}

static int refuse_tun(const struct vnm_network *net, const char *why, struct vnm_error *err)
{
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' %s, so no guest can be behind a tun of it; use --tap",
			     net->name, why);
}

static int check_host_end(const struct vnm_attachment *attach, size_t i,
			  const struct vnm_network *net, struct vnm_error *err)
{
	const struct vnm_attach_ip *ip = &attach->ips[i];
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->host);
	struct vnm_prefix prefix = { 0 };
	char text[VNM_ADDR_STRLEN];

	vnm_addr_format(&ip->host, text);
	if (subnet)
		prefix = vnm_ip_prefix(subnet);
	if (subnet && vnm_prefix_special(&prefix, &ip->host))
		return vnm_error_set(err, VNM_ERR_XML_MEANING, EINVAL,
				     "address %s stands for the whole subnet of network '%s'", text,
				     net->name);
	if (vnm_addr_equal(&ip->host, &ip->address))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "%s cannot be the address of both ends", text);
	for (size_t k = 0; k < i; k++)
		if (attach->ips[k].host.family == ip->host.family)
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "a tun has one pair of addresses of a family");
	return 0;
}

/* A tun is beside the bridge, with one of the network's addresses: both must be ours. */
static int check_tun(const struct vnm_attachment *attach, const struct vnm_network *net,
		     struct vnm_error *err)
{
	int r = 0;

	if (!vnm_network_makes_bridge(net))
		return refuse_tun(net, "has no bridge of its own", err);
	if (net->n_ips == 0)
		return refuse_tun(net, "has no <ip>", err);
	if (net->vrf.at.present)
		return refuse_tun(net, "is in a VRF, and a tun would not be", err);
	for (size_t i = 0; i < attach->n_ips && r == 0; i++)
		r = check_host_end(attach, i, net, err);
	return r;
}

/** vnm_attach_served() - does the network's own dnsmasq serve DHCP for IPv4? With an uplink, or a bridge or device of the host, the LAN may. */
bool vnm_attach_served(const struct vnm_network *net)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == AF_INET && vnm_dhcp_serves(&net->ips[i].dhcp))
			return true;
	return false;
}

static int check_dhcp(const struct vnm_network *net, struct vnm_error *err)
{
	if (vnm_attach_served(net) || !vnm_network_makes_bridge(net) || vnm_network_has_uplink(net))
		return 0;
	if (!vnm_network_has_family(net, AF_INET))
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "network '%s' has no <ip> for IPv4, so no DHCP either; give "
				     "it one with a <dhcp>, or say the guest's address: --ip "
				     "ADDRESS/PREFIX",
				     net->name);
	return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			     "network '%s' has no DHCP for IPv4; use --ip auto, or give it a "
			     "<dhcp> with a <range>",
			     net->name);
}

/**
 * vnm_attachments_next_tun() - iterate over guests behind a tun
 * @guests: all guests of a network; NULL: none
 * @i:      position; 0 first
 *
 * Return: the next one, or NULL.
 */
const struct vnm_attachment *vnm_attachments_next_tun(const struct vnm_attachments *guests,
						      size_t *i)
{
	while (guests && *i < guests->n_items) {
		const struct vnm_attachment *guest = &guests->items[(*i)++];

		if (guest->kind == VNM_ATTACH_TUN)
			return guest;
	}
	return NULL;
}

/** vnm_attach_vlan() - the guest's own VLANs, else its portgroup's, else the network's; NULL: none */
const struct vnm_vlan *vnm_attach_vlan(const struct vnm_network *net,
				       const struct vnm_attachment *attach)
{
	return vnm_vlan_nearest(net, vnm_port_group(net, attach->portgroup), &attach->vlan);
}

/** vnm_attach_isolated() - is the guest's port isolated? By its own setting, else its portgroup's, else the network's. */
bool vnm_attach_isolated(const struct vnm_network *net, const struct vnm_attachment *attach)
{
	const struct vnm_portgroup *group = vnm_port_group(net, attach->portgroup);

	if (attach->isolated != VNM_TRI_ABSENT)
		return attach->isolated == VNM_TRI_YES;
	if (group && group->port.isolated != VNM_TRI_ABSENT)
		return group->port.isolated == VNM_TRI_YES;
	return net->port.isolated == VNM_TRI_YES;
}

/**
 * vnm_attach_check_vlan() - can a guest's port be in the VLANs that it is to be in?
 * @attach: the guest
 * @net:    its network
 * @err:    VNM_ERR_UNSUPPORTED: not on this network; VNM_ERR_XML_MEANING: one of them is reserved
 *
 * Return: 0 or -errno.
 */
int vnm_attach_check_vlan(const struct vnm_attachment *attach, const struct vnm_network *net,
			  struct vnm_error *err)
{
	const struct vnm_vlan *vlan = vnm_attach_vlan(net, attach);
	vnm_autofree char *whose = vnm_asprintf("device '%s'", attach->dev);

	if (!vlan)
		return 0;
	if (vnm_network_makes_bridge(net) && !vnm_network_filters_vlans(net))
		return vnm_vlan_refuse_unfiltered(net, err);
	if (vnm_network_is_pool(net))
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"device '%s' cannot be in a VLAN: guests of network '%s' are "
			"on devices of the host, not on a bridge; give the network a "
			"<bridge name='...'/> instead of <interface dev='...'/>, or the "
			"device of a VLAN: ip link add link DEV name DEV.42 type vlan id 42",
			attach->dev, net->name);
	return vnm_vlan_check_ids(vlan, whose, err);
}

static int check_switch(const struct vnm_attachment *attach, const struct vnm_network *net,
			struct vnm_error *err)
{
	const struct vnm_portgroup *group = vnm_port_group(net, attach->portgroup);
	const struct vnm_virtualport *port = vnm_virtualport_nearest(net, group, NULL);
	bool ovs = vnm_ovs_has(net, attach->portgroup);

	if (port && !ovs)
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"device '%s' cannot be attached: network '%s' has <virtualport "
			"type='%s'>%s%s, whose ports are connected by whoever runs the "
			"guest; see net-port-create",
			attach->dev, net->name,
			vnm_enum_name(&vnm_enum_virtualport_type, port->type),
			group ? " in portgroup " : "", group ? group->name : "");
	if (ovs && vnm_attach_isolated(net, attach))
		return vnm_error_set(
			err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
			"device '%s' cannot be isolated on switch '%s': Open vSwitch "
			"isolates no ports from each other; give each a VLAN of its own",
			attach->dev, net->bridge.name);
	return 0;
}

/**
 * vnm_attach_validate() - is an attachment valid on a network?
 * @attach: the attachment
 * @net:    the network
 * @err:    VNM_ERR_XML_MEANING, VNM_ERR_USAGE
 *
 * Return: 0 or -EINVAL.
 */
int vnm_attach_validate(const struct vnm_attachment *attach, const struct vnm_network *net,
			struct vnm_error *err)
{
	int r = 0;

	if (!vnm_ifname_valid(attach->dev))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be the name of a device: 1 to 15 letters, "
				     "digits and _ . -",
				     attach->dev);
	if (attach->ifname && !vnm_ifname_valid(attach->ifname))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be the name of a device: 1 to 15 letters, "
				     "digits and _ . -",
				     attach->ifname);
	if (attach->hostname && !vnm_hostname_valid(attach->hostname))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "'%.60s' cannot be a host name: %s", attach->hostname,
				     vnm_hostname_fault(attach->hostname));
	for (size_t i = 0; i < attach->n_aliases; i++)
		if (!vnm_hostname_valid(attach->aliases[i].name))
			return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
					     "'%.60s' cannot be a host name: %s",
					     attach->aliases[i].name,
					     vnm_hostname_fault(attach->aliases[i].name));
	if (attach->mac.set && vnm_mac_is_multicast(&attach->mac))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "a multicast MAC address cannot be a guest's");
	if (attach->mac.set && is_zero(&attach->mac))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "the MAC address 00:00:00:00:00:00 cannot be a guest's");
	if (attach->portgroup && !vnm_port_group(net, attach->portgroup))
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "network '%s' has no portgroup '%s'", net->name,
				     attach->portgroup);
	if (vnm_network_mode(net) == VNM_FORWARD_HOSTDEV)
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "network '%s' hands out PCI devices, not devices of a guest; "
				     "for one: vnetmgr net-port-create %s PORT.xml",
				     net->name, net->name);
	if (attach->kind == VNM_ATTACH_DEV && vnm_network_is_pool(net))
		return vnm_error_set(err, VNM_ERR_UNSUPPORTED, EOPNOTSUPP,
				     "network '%s' has no bridge that device '%s' could be put on",
				     net->name, attach->dev);
	r = vnm_attach_check_vlan(attach, net, err);
	if (r == 0)
		r = check_switch(attach, net, err);
	if (r == 0 && attach->dhcp == VNM_TRI_YES)
		r = check_dhcp(net, err);
	if (r == 0 && attach->kind == VNM_ATTACH_TUN)
		r = check_tun(attach, net, err);
	for (size_t i = 0; i < attach->n_ips && r == 0; i++) {
		r = check_ip(&attach->ips[i], net, err);
		if (r == 0)
			r = check_twice(attach, i, err);
		if (r == 0)
			r = check_reservation(attach, &attach->ips[i], net, err);
	}
	return r;
}
