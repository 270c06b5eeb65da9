/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_parts.c - the parts of a network that completion offers: guests, leases, ports, forwards. */
#include "cli/complete_parts.h"

#include <stdlib.h>
#include <string.h>

#include "sys/process/leases.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/** vnm_offer_guests() - attached guests, by device and by namespace */
void vnm_offer_guests(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	struct vnm_attached *guests;
	struct vnm_error err = { 0 };
	size_t n;

	if (vnm_driver_attached(drv, network, NULL, &guests, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct vnm_attachment *attach = &guests[i].attach;

		vnm_offer(offers, attach->dev, attach->netns_name);
		if (attach->netns_name)
			vnm_offer(offers, attach->netns_name, attach->dev);
	}
	vnm_attached_free(guests, n);
}

/* What vnm_driver_leases() returns. */
struct leases {
	struct vnm_lease_entry *items;
	unsigned *prefix_len;
	size_t n;
};

static void clear_leases(struct leases *leases)
{
	vnm_leases_free(leases->items, leases->n);
	free(leases->prefix_len);
}
#define autoleases __attribute__((cleanup(clear_leases)))

static void read_leases(struct vnm_driver *drv, const char *network, struct leases *ret)
{
	struct vnm_error err = { 0 };

	if (vnm_driver_leases(drv, network, NULL, &ret->items, &ret->prefix_len, &ret->n, &err) < 0)
		*ret = (struct leases){ 0 };
}

/** vnm_offer_macs() - MAC addresses that hold leases */
void vnm_offer_macs(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	struct leases leases autoleases = { 0 };

	read_leases(drv, network, &leases);
	for (size_t i = 0; i < leases.n; i++) {
		char mac[VNM_MAC_STRLEN];

		if (leases.items[i].mac.set)
			vnm_offer(offers, vnm_mac_format(&leases.items[i].mac, mac),
				  leases.items[i].hostname);
	}
}

static void offer_leased(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	struct leases leases autoleases = { 0 };

	read_leases(drv, network, &leases);
	for (size_t i = 0; i < leases.n; i++) {
		char addr[VNM_ADDR_STRLEN];

		vnm_offer(offers, vnm_addr_format(&leases.items[i].addr, addr),
			  leases.items[i].hostname);
	}
}

/** vnm_offer_leases() - leased addresses, and the MAC addresses that hold them */
void vnm_offer_leases(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	offer_leased(drv, network, offers);
	vnm_offer_macs(drv, network, offers);
}

static void offer_reserved(const struct vnm_network *net, struct vnm_offers *offers)
{
	for (size_t i = 0; i < net->n_ips; i++) {
		const struct vnm_dhcp *dhcp = &net->ips[i].dhcp;

		for (size_t k = 0; k < dhcp->n_hosts; k++) {
			char addr[VNM_ADDR_STRLEN];

			vnm_addr_format(&dhcp->hosts[k].ip, addr);
			vnm_offer(offers, addr, dhcp->hosts[k].name);
			if (dhcp->hosts[k].name)
				vnm_offer(offers, dhcp->hosts[k].name, addr);
		}
	}
}

/** vnm_offer_guest_addresses() - addresses and names of guests: attached, reserved, leased */
void vnm_offer_guest_addresses(struct vnm_driver *drv, const char *network,
			       struct vnm_offers *offers)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_attached *guests;
	struct vnm_error err = { 0 };
	size_t n;

	if (vnm_driver_attached(drv, network, NULL, &guests, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++) {
			const struct vnm_attachment *attach = &guests[i].attach;

			if (attach->hostname)
				vnm_offer(offers, attach->hostname, attach->dev);
			if (attach->netns_name)
				vnm_offer(offers, attach->netns_name, attach->dev);
		}
		vnm_attached_free(guests, n);
	}
	if (vnm_driver_load(drv, network, &net, &err) == 0)
		offer_reserved(&net, offers);
	offer_leased(drv, network, offers);
}

/** vnm_offer_ports() - UUIDs of ports */
void vnm_offer_ports(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	struct vnm_error err = { 0 };
	char **uuids;
	size_t n;

	if (vnm_driver_port_list(drv, network, &uuids, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		vnm_offer(offers, uuids[i], NULL);
	vnm_names_free(uuids, n);
}

/** vnm_offer_portgroups() - portgroups */
void vnm_offer_portgroups(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	vnm_autonetwork struct vnm_network net = { 0 };
	struct vnm_error err = { 0 };

	if (vnm_driver_load(drv, network, &net, &err) < 0)
		return;
	for (size_t i = 0; i < net.n_portgroups; i++)
		vnm_offer(offers, net.portgroups[i].name, NULL);
}

/* As net-forward-del takes them in one word; 1:1 addresses are none of its. */
static void offer_forward(const struct vnm_forward_entry *entry, struct vnm_offers *offers)
{
	vnm_autobuf struct vnm_buf word = { 0 }, to = { 0 };
	char addr[VNM_ADDR_STRLEN];

	if (!entry->port.first)
		return;
	vnm_buf_printf(&word, "%s/%u", entry->proto, entry->port.first);
	if (entry->port.last != entry->port.first)
		vnm_buf_printf(&word, "-%u", entry->port.last);
	for (size_t i = 0; i < entry->n_to; i++)
		vnm_buf_printf(&to, "%s%s", i ? ", " : "to ",
			       vnm_addr_format(&entry->to[i].address, addr));
	vnm_offer(offers, vnm_buf_str(&word), vnm_buf_str(&to));
}

/** vnm_offer_forwards() - port forwards, as "tcp/8080" */
void vnm_offer_forwards(struct vnm_driver *drv, const char *network, struct vnm_offers *offers)
{
	struct vnm_forward_entry *forwards = NULL;
	struct vnm_error err = { 0 };
	size_t n = 0;

	if (vnm_driver_forwards(drv, network, NULL, &forwards, &n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		offer_forward(&forwards[i], offers);
	vnm_forward_entries_free(forwards, n);
}
