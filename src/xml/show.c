/* SPDX-License-Identifier: GPL-2.0-or-later */
/* show.c - complete a definition as libvirt prints it. */
#include "xml/show.h"

#include <stdlib.h>

#include "util/mem.h"

/* "no" is the default and is not printed. */
static enum vnm_tristate say_yes(enum vnm_tristate value)
{
	return value == VNM_TRI_YES ? VNM_TRI_YES : VNM_TRI_ABSENT;
}

static void show_text(char **text)
{
	if (!*text || **text)
		return;
	free(*text);
	*text = NULL;
}

/* libvirt shows one forwarding device twice: as dev and as the first interface. */
static void show_forward(struct vnm_forward *forward)
{
	size_t n = 0;

	if (!forward->at.present)
		return;
	if (forward->mode == VNM_FORWARD_NONE)
		forward->mode = VNM_FORWARD_NAT;
	if (forward->mode != VNM_FORWARD_HOSTDEV)
		forward->managed = VNM_TRI_ABSENT;
	else if (forward->managed == VNM_TRI_ABSENT)
		forward->managed = VNM_TRI_NO;
	if (forward->nat.ipv6 == VNM_TRI_ABSENT && !forward->nat.address.at.present &&
	    !forward->nat.port.at.present)
		forward->nat.at.present = false;
	for (size_t i = 0; i < forward->n_addresses; i++)
		forward->addresses[i].domain.set = true;
	if (forward->dev && forward->n_interfaces == 0) {
		forward->interfaces = vnm_array_add(NULL, &n, sizeof(*forward->interfaces));
		forward->n_interfaces = n;
		forward->interfaces[0].at.present = true;
		forward->interfaces[0].dev = vnm_strdup(forward->dev);
	} else if (!forward->dev && forward->n_interfaces > 0) {
		forward->dev = vnm_strdup(forward->interfaces[0].dev);
	}
}

/* A bridge of the host has no delay of ours; an empty name counts as absent. */
static void show_bridge(struct vnm_network *net)
{
	struct vnm_bridge *bridge = &net->bridge;

	if (vnm_network_makes_bridge(net)) {
		bridge->at.present = true;
		if (bridge->stp == VNM_SWITCH_ABSENT)
			bridge->stp = vnm_network_stp(net) ? VNM_SWITCH_ON : VNM_SWITCH_OFF;
		bridge->delay.set = true;
		return;
	}
	bridge->delay.set = bridge->delay.v != 0;
	if (!bridge->name || !*bridge->name)
		bridge->at.present = false;
}

static void show_lease(struct vnm_lease *lease)
{
	if (!lease->at.present)
		return;
	if (lease->expiry.v == 0)
		lease->unit = VNM_UNIT_ABSENT;
	else if (lease->unit == VNM_UNIT_ABSENT)
		lease->unit = VNM_UNIT_MINUTES;
}

static void show_dhcp(struct vnm_dhcp *dhcp)
{
	for (size_t i = 0; i < dhcp->n_ranges; i++)
		show_lease(&dhcp->ranges[i].lease);
	for (size_t i = 0; i < dhcp->n_hosts; i++)
		show_lease(&dhcp->hosts[i].lease);
	if (!vnm_dhcp_serves(dhcp) && !dhcp->bootp.at.present)
		dhcp->at.present = false;
}

/* Several tags make a trunk. */
static void show_vlan(struct vnm_vlan *vlan)
{
	vlan->trunk = vlan->n_tags > 1 ? VNM_TRI_YES : say_yes(vlan->trunk);
}

static void show_virtualport(struct vnm_virtualport *port)
{
	const struct vnm_virtualport_parameters *p = &port->parameters;

	port->parameters.at.present = p->managerid.set || p->typeid.set || p->typeidversion.set ||
				      p->instanceid.set || p->interfaceid.set || p->profileid;
}

static void show_rate(struct vnm_rate *rate)
{
	rate->at.present = rate->at.present && vnm_rate_limits(rate);
}

static void show_bandwidth(struct vnm_bandwidth *bandwidth)
{
	show_rate(&bandwidth->inbound);
	show_rate(&bandwidth->outbound);
	bandwidth->at.present = bandwidth->inbound.at.present || bandwidth->outbound.at.present;
}

static void show_port_options(struct vnm_port_options *port)
{
	port->at.present = port->isolated != VNM_TRI_ABSENT;
}

static void show_portgroup(struct vnm_portgroup *group)
{
	group->is_default = say_yes(group->is_default);
	show_vlan(&group->vlan);
	show_virtualport(&group->virtualport);
	show_bandwidth(&group->bandwidth);
	show_port_options(&group->port);
}

static void show_ports(struct vnm_network *net)
{
	show_vlan(&net->vlan);
	show_virtualport(&net->virtualport);
	show_bandwidth(&net->bandwidth);
	show_port_options(&net->port);
	for (size_t i = 0; i < net->n_portgroups; i++)
		show_portgroup(&net->portgroups[i]);
	if (net->dnsmasq_options.n_items == 0)
		net->dnsmasq_options.at.present = false;
}

static bool dns_is_empty(const struct vnm_dns *dns)
{
	return dns->enable == VNM_TRI_ABSENT && dns->forward_plain_names == VNM_TRI_ABSENT &&
	       dns->n_forwarders + dns->n_txts + dns->n_srvs + dns->n_hosts == 0;
}

/**
 * vnm_network_show() - complete a definition as libvirt prints it
 * @net: the definition
 *
 * Defaults (mode, stp, delay, units) are filled in; elements without content are removed, and so are attributes that are
 * "no" where that is the default.
 */
void vnm_network_show(struct vnm_network *net)
{
	show_text(&net->title);
	show_text(&net->description);
	net->ipv6 = say_yes(net->ipv6);
	show_forward(&net->forward);
	show_bridge(net);
	for (size_t i = 0; i < net->n_ips; i++)
		show_dhcp(&net->ips[i].dhcp);
	if (dns_is_empty(&net->dns))
		net->dns.at.present = false;
	show_ports(net);
}
