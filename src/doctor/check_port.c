/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_port.c - what keeps frames from passing the bridge and its ports. */
#include "doctor/check_port.h"

#include "model/overlay.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdio.h>
#include <string.h>

#include "model/ovs.h"
#include "util/mem.h"

#define SLOW 8000 /* bytes a second: slower than any line of today */
#define LOSSY 50 /* percent of all packets */

/* The ports of the bridge, one after the other; NULL at the end. */
static const struct vnm_link *next_port(const struct vnm_case *c, size_t *i)
{
	while (*i < c->host.links.n) {
		const struct vnm_link *link = &c->host.links.items[(*i)++];

		if (vnm_case_is_port(c, link))
			return link;
	}
	return NULL;
}

static void found_at(const struct vnm_case *c, const struct vnm_link *link, const char *value,
		     struct vnm_findings *found)
{
	VNM_FOUND(found, .guest = vnm_case_guest_of(c, link->fact.name), .dev = link->fact.name,
		  .value = value);
}

/** vnm_check_port_elsewhere() - a guest's device is on another bridge */
void vnm_check_port_elsewhere(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->host.links.n && c->link; i++) {
		const struct vnm_link *link = &c->host.links.items[i], *other;

		other = link->fact.master ? vnm_case_link_of(&c->host, link->fact.master) : NULL;
		if (other && other != c->link && vnm_case_guest_of(c, link->fact.name))
			found_at(c, link, other->fact.name, found);
	}
}

/** vnm_check_port_down() - a port is not up; those of attached guests are parts of ours */
void vnm_check_port_down(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));)
		if (!link->fact.up && !vnm_case_guest_of(c, link->fact.name))
			found_at(c, link, NULL, found);
}

/* A tap without a machine has no carrier, and that is no fault: it is off. */
static bool is_off(const struct vnm_link *link)
{
	return !strcmp(link->fact.kind, "tun");
}

/** vnm_check_port_carrier() - a port is up, and the other end of it is not */
void vnm_check_port_carrier(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));) {
		const struct vnm_case_guest *guest = vnm_case_guest_of(c, link->fact.name);

		if (!link->fact.up || link->carrier || is_off(link))
			continue;
		/* An attached guest's other end is a part of ours. */
		if (!guest || !guest->lacks)
			found_at(c, link, NULL, found);
	}
}

/** vnm_check_guest_off() - the machine of the guest that was asked about does not run */
void vnm_check_guest_off(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->host.links.n && c->asked; i++) {
		const struct vnm_link *link = &c->host.links.items[i];

		if (!strcmp(link->fact.name, c->asked) && is_off(link) && link->fact.up &&
		    !link->carrier)
			found_at(c, link, NULL, found);
	}
}

/** vnm_check_port_listening() - the spanning tree does not let a port forward yet */
void vnm_check_port_listening(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));)
		if (link->port.state == BR_STATE_LISTENING || link->port.state == BR_STATE_LEARNING)
			VNM_FOUND(found, .guest = vnm_case_guest_of(c, link->fact.name),
				  .dev = link->fact.name,
				  .value = link->port.state == BR_STATE_LISTENING ? "listening"
										  : "learning",
				  .number = 2 * ((c->link->delay + 99) / 100));
}

/** vnm_check_port_blocked() - the spanning tree has found another way to the same place */
void vnm_check_port_blocked(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));)
		if (link->port.state == BR_STATE_BLOCKING)
			found_at(c, link, NULL, found);
}

static bool is_set(const struct vnm_link *link, int attr)
{
	return link->port.set & VNM_PORT_SETTING(attr);
}

static bool is_unset(const struct vnm_link *link, int attr)
{
	return link->port.settings & VNM_PORT_SETTING(attr) && !is_set(link, attr);
}

/** vnm_check_port_isolated() - a port is isolated that the definition does not isolate */
void vnm_check_port_isolated(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));) {
		const struct vnm_case_guest *guest = vnm_case_guest_of(c, link->fact.name);
		bool wanted =
			guest ? vnm_attach_isolated(c->net, guest->attach)
			      : c->net->n_portgroups > 0 || c->net->port.isolated == VNM_TRI_YES;

		if (link->port.isolated && !wanted)
			found_at(c, link, NULL, found);
	}
}

/** vnm_check_port_locked() - a port takes only frames of stations that are in the forwarding table */
void vnm_check_port_locked(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));)
		if (is_set(link, VNM_IFLA_BRPORT_LOCKED))
			found_at(c, link, NULL, found);
}

/* With macTableManager='libvirt', neither flooding nor learning is wanted. */
static bool is_managed(const struct vnm_case *c)
{
	return c->net->bridge.mac_table == VNM_MAC_TABLE_LIBVIRT;
}

/** vnm_check_port_flood() - a port does not get frames for stations that are not known yet, or for all */
void vnm_check_port_flood(const struct vnm_case *c, struct vnm_findings *found)
{
	static const struct {
		int attr;
		const char *name;
	} flags[] = {
		{ IFLA_BRPORT_UNICAST_FLOOD, "flood" },
		{ IFLA_BRPORT_MCAST_FLOOD, "mcast_flood" },
		{ IFLA_BRPORT_BCAST_FLOOD, "bcast_flood" },
	};
	const struct vnm_link *link;

	for (size_t i = 0; !is_managed(c) && (link = next_port(c, &i));)
		for (size_t k = 0; k < VNM_ARRAY_SIZE(flags); k++)
			if (is_unset(link, flags[k].attr))
				found_at(c, link, flags[k].name, found);
}

/* With EVPN the VXLAN device is told. */
static bool is_told(const struct vnm_case *c, const struct vnm_link *link)
{
	char dev[VNM_OVERLAY_DEV_SIZE];

	vnm_overlay_dev(&c->net->overlay, dev);
	return c->net->overlay.evpn.at.present && !strcmp(link->fact.name, dev);
}

/** vnm_check_port_learning() - a port does not learn who is behind it */
void vnm_check_port_learning(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link;

	for (size_t i = 0; !is_managed(c) && (link = next_port(c, &i));)
		if (is_unset(link, IFLA_BRPORT_LEARNING) && !is_told(c, link))
			found_at(c, link, NULL, found);
}

static const struct vnm_case_guest *guest_by_mac(const struct vnm_case *c,
						 const struct vnm_mac *mac)
{
	for (size_t i = 0; i < c->n_guests; i++) {
		const struct vnm_case_guest *guest = &c->guests[i];
		const struct vnm_mac *its =
			guest->inside ? &guest->link.fact.mac : &guest->attach->mac;

		if (its->set && vnm_mac_equal(its, mac))
			return guest;
	}
	return NULL;
}

/** vnm_check_port_static() - the forwarding table has a guest for ever at another port than its own */
void vnm_check_port_static(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_stations && c->link; i++) {
		const struct vnm_case_neighbour *station = &c->stations[i];
		const struct vnm_case_guest *guest = guest_by_mac(c, &station->mac);
		const struct vnm_link *port = vnm_case_link_of(&c->host, station->ifindex);
		char mac[VNM_MAC_STRLEN];

		if (!(station->state & (NUD_NOARP | NUD_PERMANENT)) || !guest || !port ||
		    station->master != c->link->fact.index ||
		    !strcmp(port->fact.name, guest->attach->dev))
			continue;
		VNM_FOUND(found, .guest = guest, .dev = port->fact.name,
			  .value = vnm_mac_format(&station->mac, mac));
	}
}

static const struct vnm_case_vlan *vlan_of(const struct vnm_case *c, const struct vnm_link *link)
{
	for (size_t i = 0; i < c->n_vlans; i++)
		if (c->vlans[i].ifindex == link->fact.index)
			return &c->vlans[i];
	return NULL;
}

/*
 * Guests know nothing of VLANs; a NIC of the host may well be a trunk. Where the definition has VLANs, what a guest is in is
 * compared with that, and others on the bridge may be trunks, too.
 */
static bool is_guest_like(const struct vnm_case *c, const struct vnm_link *link)
{
	const struct vnm_case_guest *guest = vnm_case_guest_of(c, link->fact.name);

	if (guest ? vnm_attach_vlan(c->net, guest->attach) != NULL : c->net->vlan.at.present)
		return false;
	return guest || !strcmp(link->fact.kind, "tun") || !strcmp(link->fact.kind, "veth");
}

/* @wanted: the VLAN of the host's address; 0: it has none. Return: what is wrong, allocated; NULL: nothing. */
static char *wrong_vlan(const struct vnm_case_vlan *vlan, uint16_t wanted)
{
	if (!vlan->pvid)
		return vnm_strdup("drops frames without a VLAN tag, and guests send no others");
	if (wanted && vlan->pvid != wanted)
		return vnm_asprintf("is in VLAN %u, and the bridge's own address in VLAN %u",
				    vlan->pvid, wanted);
	return vlan->untagged
		       ? NULL
		       : vnm_strdup("sends frames with a VLAN tag, which guests do not take");
}

/** vnm_check_port_vlan() - the bridge filters VLANs, and a guest's frames are in none, or not in the host's */
void vnm_check_port_vlan(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_case_vlan *own = c->link ? vlan_of(c, c->link) : NULL;
	const bool addressed = own && own->pvid && c->net->n_ips > 0;
	const struct vnm_link *link;

	for (size_t i = 0; c->n_vlans > 0 && (link = next_port(c, &i));) {
		const struct vnm_case_vlan *vlan = vlan_of(c, link);
		vnm_autofree char *wrong = vlan && is_guest_like(c, link)
						   ? wrong_vlan(vlan, addressed ? own->pvid : 0)
						   : NULL;

		if (wrong)
			VNM_FOUND(found, .guest = vnm_case_guest_of(c, link->fact.name),
				  .dev = link->fact.name, .value = wrong,
				  .number = own && own->pvid ? own->pvid
					    : vlan->pvid     ? vlan->pvid
							     : 1);
	}
}

/** vnm_check_port_queue() - a queueing discipline of others lets hardly anything pass to the guests of a port */
void vnm_check_port_queue(const struct vnm_case *c, struct vnm_findings *found)
{
	for (size_t i = 0; i < c->n_queues; i++) {
		const struct vnm_case_queue *queue = &c->queues[i];
		const struct vnm_link *link = vnm_case_link_of(&c->host, queue->ifindex);

		if (!link || !(vnm_case_is_port(c, link) || link == c->link))
			continue;
		if ((queue->rate && queue->rate < SLOW) || queue->loss >= LOSSY)
			found_at(c, link, queue->kind, found);
	}
}

static const struct vnm_link *link_named(const struct vnm_case *c, const char *name)
{
	for (size_t i = 0; i < c->host.links.n; i++)
		if (!strcmp(c->host.links.items[i].fact.name, name))
			return &c->host.links.items[i];
	return NULL;
}

/** vnm_check_host_device_down() - the bridge or a device of the host that guests are on is down; that of a bridge of ours is a part */
void vnm_check_host_device_down(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *link = NULL, *last = NULL;

	if (vnm_network_makes_bridge(c->net) || vnm_network_uses_ovs(c->net))
		return;
	if (c->link && !c->link->fact.up)
		VNM_FOUND(found, .dev = c->bridge);
	for (size_t i = 0; i < c->n_guests; i++) {
		const char *parent = c->guests[i].attach->parent;

		link = parent ? link_named(c, parent) : NULL;
		if (link && !link->fact.up && link != last)
			VNM_FOUND(found, .dev = parent);
		last = link;
	}
}

/** vnm_check_bridge_arp() - the bridge does not take part in ARP */
void vnm_check_bridge_arp(const struct vnm_case *c, struct vnm_findings *found)
{
	if (c->link && c->link->no_arp)
		VNM_FOUND(found, .dev = c->bridge);
}

static const struct vnm_link *port_numbered(const struct vnm_case *c, uint16_t number)
{
	const struct vnm_link *link;

	for (size_t i = 0; (link = next_port(c, &i));)
		if (link->port.number == number)
			return link;
	return NULL;
}

/** vnm_check_bridge_root() - the root of the spanning tree is behind a guest */
void vnm_check_bridge_root(const struct vnm_case *c, struct vnm_findings *found)
{
	const struct vnm_link *port;

	if (!c->link || !c->link->stp || c->link->root_port == 0 ||
	    vnm_network_has_uplink(c->net) || vnm_network_uses_bridge(c->net) ||
	    c->net->guests.bridges == VNM_TRI_YES)
		return;
	port = port_numbered(c, c->link->root_port);
	if (port)
		found_at(c, port, NULL, found);
}

/** vnm_check_bridge_managed() - another program takes the bridge for one of its own */
void vnm_check_bridge_managed(const struct vnm_case *c, struct vnm_findings *found)
{
	/* The command is @before, the bridge's name, and @after. */
	static const struct {
		const char *name, *path, *before, *after;
	} managers[VNM_MANAGER_COUNT] = {
		[VNM_MANAGER_NETWORKMANAGER] = { "NetworkManager", "/run/NetworkManager/devices",
						 "nmcli device set ", " managed no" },
		[VNM_MANAGER_NETWORKD] = { "systemd-networkd", "/run/systemd/netif/links",
					   "printf '[Match]\\nName=",
					   "\\n[Link]\\nUnmanaged=yes\\n' "
					   ">/etc/systemd/network/00-vnetmgr.network && "
					   "networkctl reload" },
		[VNM_MANAGER_IFUPDOWN] = { "ifupdown", "/etc/network/interfaces",
					   "sed -i '/^iface ",
					   " /,/^$/s/^/#/' "
					   "/etc/network/interfaces" },
		[VNM_MANAGER_DHCLIENT] = { "dhclient", "/run/dhclient*.pid", "dhclient -r ", "" },
		[VNM_MANAGER_DHCPCD] = { "dhcpcd", "/run/dhcpcd", "dhcpcd --exit ", "" },
	};

	for (size_t i = 0; i < VNM_MANAGER_COUNT; i++) {
		vnm_autofree char *mend = NULL;

		if (!(c->managers & 1u << i))
			continue;
		mend = vnm_asprintf("%s%s%s", managers[i].before, c->bridge, managers[i].after);
		VNM_FOUND(found, .value = managers[i].name, .path = managers[i].path, .mend = mend);
	}
}
