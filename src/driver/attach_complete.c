/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_complete.c - what an attachment is given that nobody asked for: a name, a MAC, free addresses. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver/attach_internal.h"
#include "sys/process/dnsmasq.h"
#include "sys/link/link.h"
#include "util/mem.h"
#include "util/parse.h"

#define DEV_STEM "vnet"
#define DEV_NUMBER_MAX 9999
#define PICKS_MAX 16 /* guests in a row whose addresses stand nowhere */

/* In the mode "passthrough" a guest has the device for itself, and the device's own MAC address. */
static int take_whole(struct vnm_driver *drv, const struct vnm_network *net, bool mac_given,
		      struct vnm_attachment *attach, struct vnm_error *err)
{
	struct vnm_fact_link link;

	if (mac_given)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "a guest of network '%s' has the MAC address of device '%s', "
				     "since its mode is 'passthrough'; leave --mac out",
				     net->name, attach->parent);
	if (vnm_link_get(&drv->sys, attach->parent, &link) == 0)
		attach->mac = link.mac;
	return 0;
}

static int take_parent(struct vnm_driver *drv, const struct vnm_network *net, bool mac_given,
		       struct vnm_attachment *attach, struct vnm_error *err)
{
	struct vnm_ports ports vnm_autoports = { 0 };
	struct vnm_port_users all;
	const char *dev;
	int r = vnm_ports_load(drv, net->name, false, &ports, err);

	if (r < 0)
		return r;
	all = vnm_driver_port_users(drv, net->name, &ports);
	r = vnm_pool_pick(net, &all, &dev, err);
	if (r < 0)
		return r;
	attach->parent = vnm_strdup(dev);
	if (vnm_network_mode(net) != VNM_FORWARD_PASSTHROUGH)
		return 0;
	return take_whole(drv, net, mac_given, attach, err);
}

/* @own: reserved for the guest; if somebody has leased it, that lease ends, unless he is there: see attach_ask.c. */
static int take_leases(struct vnm_driver *drv, const char *name, const struct vnm_dhcp_host *own,
		       struct vnm_taken *taken, struct vnm_error *err)
{
	vnm_autofree unsigned *lens = NULL;
	struct vnm_lease_entry *leases;
	size_t n;
	int r = vnm_driver_leases(drv, name, NULL, &leases, &lens, &n, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		if (!own || !vnm_addr_equal(&leases[i].addr, &own->ip))
			vnm_taken_add(taken, &leases[i].addr);
	vnm_leases_free(leases, n);
	return 0;
}

/**
 * struct avoided - addresses that are not for the next guest.
 * @taken: somebody has them, or they are kept for somebody
 * @led_to: those, and what a way of the host leads to, which is passed over as long as there are others
 */
struct avoided {
	struct vnm_taken taken, led_to;
};

static void avoided_clear(struct avoided *avoided)
{
	vnm_taken_clear(&avoided->taken);
	vnm_taken_clear(&avoided->led_to);
}

static void avoid(struct avoided *avoided, const struct vnm_addr *addr)
{
	vnm_taken_add(&avoided->taken, addr);
	vnm_taken_add(&avoided->led_to, addr);
}

static const struct vnm_ip *pick_free(const struct vnm_network *net, struct vnm_taken *taken,
				      int family, struct vnm_addr *ret)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (net->ips[i].address.family == family &&
		    vnm_address_pick(&net->ips[i], taken, ret) == 0)
			return &net->ips[i];
	return NULL;
}

/* Its reservation, the first time that one is asked for; else one that is free. */
static int pick_address(const struct vnm_network *net, const struct vnm_dhcp_host *own,
			struct avoided *avoided, struct vnm_attach_ip *ip, int family,
			struct vnm_error *err)
{
	const struct vnm_ip *subnet = NULL;

	if (own && own->ip.family == family && !vnm_taken_has(&avoided->taken, &own->ip)) {
		subnet = vnm_attach_subnet(net, &own->ip);
		ip->address = own->ip;
	}
	if (!subnet)
		subnet = pick_free(net, &avoided->led_to, family, &ip->address);
	if (!subnet)
		subnet = pick_free(net, &avoided->taken, family, &ip->address);
	if (subnet) {
		ip->prefix = (struct vnm_uint){ true, vnm_ip_prefix(subnet).len };
		avoid(avoided, &ip->address);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_STATE, ENOSPC,
			     "network '%s' has no free %s address; delete reservations or "
			     "attachments, or make its subnet larger",
			     net->name, family == AF_INET ? "IPv4" : "IPv6");
}

static int add_auto(const struct vnm_network *net, struct avoided *avoided,
		    struct vnm_attachment *attach, struct vnm_error *err)
{
	static const int families[] = { AF_INET, AF_INET6 };
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	int r = 0;

	if (net->n_ips == 0)
		return vnm_error_set(err, VNM_ERR_USAGE, EINVAL,
				     "network '%s' has no <ip> from which an address could be "
				     "taken; say which: --ip ADDRESS/PREFIX",
				     net->name);
	for (size_t i = 0; i < VNM_ARRAY_SIZE(families) && r == 0; i++) {
		if (!vnm_network_has_family(net, families[i]))
			continue;
		attach->ips = vnm_array_add(attach->ips, &attach->n_ips, sizeof(*attach->ips));
		attach->ips[attach->n_ips - 1].at.present = true;
		attach->ips[attach->n_ips - 1].automatic = VNM_TRI_YES;
		r = pick_address(net, own, avoided, &attach->ips[attach->n_ips - 1], families[i],
				 err);
	}
	return r;
}

static void add_both(const struct vnm_attach_ip *ip, struct vnm_taken *taken)
{
	vnm_taken_add(taken, &ip->address);
	vnm_taken_add(taken, &ip->host);
}

static bool same_mac(const struct vnm_attachment *a, const struct vnm_attachment *b)
{
	return a->mac.set && b->mac.set && vnm_mac_equal(&a->mac, &b->mac);
}

/*
 * All addresses that somebody else has: by the definition, by lease, by attachment. An attachment with the same MAC
 * address is told of in a moment. @own: the guest's reservation
 */
static int all_taken(struct vnm_driver *drv, const struct vnm_network *net,
		     const struct vnm_attachment *attach, const struct vnm_dhcp_host *own,
		     struct vnm_taken *ret, struct vnm_error *err)
{
	const struct vnm_attachments *others;
	int r;

	vnm_taken_network(net, ret);
	if (own)
		vnm_taken_drop(ret, &own->ip);
	r = take_leases(drv, net->name, own, ret, err);
	if (r < 0)
		return r;
	others = vnm_attachments_look(drv, net->name);
	for (size_t i = 0; i < others->n_items; i++)
		for (size_t k = 0; k < others->items[i].n_ips; k++)
			if (!same_mac(attach, &others->items[i]))
				add_both(&others->items[i].ips[k], ret);
	return 0;
}

/* The host may have its address on the network on any number of links. */
static bool is_own(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_addr_equal(&net->ips[i].address, addr))
			return true;
	return false;
}

static int taken_already(const struct vnm_network *net, const struct vnm_addr *addr,
			 struct vnm_error *err)
{
	char text[VNM_ADDR_STRLEN];

	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "address %s is taken already on network '%s'; see "
			     "net-dhcp-leases, net-port-list and net-dumpxml, or use --ip auto",
			     vnm_addr_format(addr, text), net->name);
}

static int refuse_taken(const struct vnm_network *net, const struct vnm_attachment *attach,
			struct vnm_taken *taken, struct vnm_error *err)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_attach_ip *ip = &attach->ips[i];

		if (vnm_taken_has(taken, &ip->address))
			return taken_already(net, &ip->address, err);
		if (!is_own(net, &ip->host) && vnm_taken_has(taken, &ip->host))
			return taken_already(net, &ip->host, err);
	}
	return 0;
}

/* Prefix lengths that were left out. */
static void complete_prefixes(const struct vnm_network *net, struct vnm_attachment *attach)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		struct vnm_attach_ip *ip = &attach->ips[i];
		const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);

		if (attach->kind == VNM_ATTACH_TUN)
			subnet = NULL; /* to its guest there is no link but this one */
		if (!ip->prefix.set)
			ip->prefix =
				(struct vnm_uint){ true,
						   subnet ? vnm_ip_prefix(subnet).len
							  : vnm_addr_bits(ip->address.family) };
	}
}

/* Also of the definition that is kept, which is the next that the network runs with. */
static void add_led_to(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_taken *taken)
{
	vnm_autonetwork struct vnm_network kept = { 0 };
	struct vnm_error unread = { 0 };

	vnm_taken_led_to(net, taken);
	if (vnm_store_load(&drv->persistent, net->name, &kept, &unread) == 0)
		vnm_taken_led_to(&kept, taken);
}

static int find_free(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
		     const struct vnm_taken *taken, struct vnm_attachment *attach,
		     struct vnm_error *err)
{
	struct avoided avoided __attribute__((cleanup(avoided_clear))) = { 0 };
	int r = 0;

	if (wanted_auto == 0)
		return 0;
	add_led_to(drv, net, &avoided.led_to);
	vnm_taken_named(net, &avoided.taken);
	vnm_taken_named(net, &avoided.led_to);
	for (size_t i = 0; i < taken->n; i++)
		avoid(&avoided, &taken->items[i]);
	for (size_t i = 0; i < attach->n_ips; i++)
		avoid(&avoided, &attach->ips[i].address);
	for (unsigned i = 0; i < wanted_auto && r == 0; i++)
		r = add_auto(net, &avoided, attach, err);
	return r;
}

static int same_number(const struct vnm_network *net, struct avoided *avoided,
		       struct vnm_attach_ip *ip)
{
	const struct vnm_prefix old = { ip->address, ip->prefix.v };

	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_address_same(&net->ips[i], &old, &avoided->led_to, &ip->address) == 0)
			return 0;
	return -ENOSPC;
}

/* Is it the subnet alone that has become larger or smaller around the address? */
static bool only_length(const struct vnm_network *net, struct vnm_attach_ip *ip)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);

	if (!subnet || vnm_addr_equal(&subnet->address, &ip->address))
		return false;
	ip->prefix = (struct vnm_uint){ true, vnm_ip_prefix(subnet).len };
	return true;
}

/**
 * vnm_attach_find_again() - another address in place of one that is in no subnet of the network any more
 * @drv:    the driver
 * @net:    the network
 * @attach: the attachment
 * @ip:     the address, one of its; becomes the new one, with its prefix length
 * @picked: addresses that have been found for others just now
 * @err:    VNM_ERR_STATE: there is none that is free
 *
 * Return: 0 or -errno.
 */
int vnm_attach_find_again(struct vnm_driver *drv, const struct vnm_network *net,
			  const struct vnm_attachment *attach, struct vnm_attach_ip *ip,
			  const struct vnm_taken *picked, struct vnm_error *err)
{
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	struct avoided avoided __attribute__((cleanup(avoided_clear))) = { 0 };
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	int r;

	if (only_length(net, ip))
		return 0;
	r = all_taken(drv, net, attach, own, &taken, err);
	if (r < 0)
		return r;
	add_led_to(drv, net, &avoided.led_to);
	vnm_taken_named(net, &avoided.taken);
	vnm_taken_named(net, &avoided.led_to);
	for (size_t i = 0; i < taken.n; i++)
		avoid(&avoided, &taken.items[i]);
	for (size_t i = 0; i < picked->n; i++)
		avoid(&avoided, &picked->items[i]);
	if (!(own && own->ip.family == ip->address.family) && same_number(net, &avoided, ip) == 0)
		return 0;
	return pick_address(net, own, &avoided, ip, ip->address.family, err);
}

static int refuse_used(const struct vnm_network *net, const struct vnm_probe *found,
		       struct vnm_error *err)
{
	char addr[VNM_ADDR_STRLEN], mac[VNM_MAC_STRLEN];

	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EADDRINUSE,
			     "address %s is used by %s on network '%s' just now; end that, or "
			     "choose another",
			     vnm_addr_format(&found->addr, addr),
			     found->mac.set ? vnm_mac_format(&found->mac, mac) : "somebody",
			     net->name);
}

/* What is to be found is found; and nobody is at any of them, whatever stands on record. */
static int find_unused(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
		       struct vnm_taken *taken, struct vnm_attachment *attach,
		       struct vnm_error *err)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	const size_t given = attach->n_ips;
	struct vnm_probe found = { 0 };

	for (int i = 0; i < PICKS_MAX; i++) {
		int r = find_free(drv, net, wanted_auto, taken, attach, err);
		ssize_t used = r < 0 ? -1 : vnm_attach_ask(drv, net, attach, &found);

		if (r < 0 || used < 0)
			return r;
		if ((size_t)used < given || (own && vnm_addr_equal(&own->ip, &found.addr)))
			break;
		vnm_taken_add(taken, &found.addr);
		attach->n_ips = given;
	}
	return refuse_used(net, &found, err);
}

/* What was asked for must be nobody's; what is to be found is found. */
static int complete_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			      unsigned wanted_auto, struct vnm_attachment *attach,
			      struct vnm_error *err)
{
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	int r = all_taken(drv, net, attach, own, &taken, err);

	if (own && own->name && !attach->hostname)
		attach->hostname = vnm_strdup(own->name);
	if (r == 0 && own && wanted_auto > 0 && vnm_taken_has(&taken, &own->ip))
		r = taken_already(net, &own->ip, err);
	if (r == 0)
		r = refuse_taken(net, attach, &taken, err);
	if (r < 0)
		return r;
	complete_prefixes(net, attach);
	return find_unused(drv, net, wanted_auto, &taken, attach, err);
}

/* vnet0, vnet1, ...: what libvirt calls such devices, too. The number, or -1. */
static int device_number(const char *dev)
{
	uint32_t number;

	if (strncmp(dev, DEV_STEM, strlen(DEV_STEM)) != 0 ||
	    vnm_parse_u32(dev + strlen(DEV_STEM), 0, DEV_NUMBER_MAX, &number) < 0)
		return -1;
	return (int)number;
}

/* Those of one network, whether the devices are there or not. */
static void note_devices(struct vnm_driver *drv, const char *network, bool *known)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, network, false, &ignored);
	const struct vnm_store store = { made, network, VNM_VOLATILE };
	char **devs = NULL;
	size_t n = 0;

	if (made < 0 || vnm_store_names(&store, ".made", &devs, &n, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		int number = device_number(devs[i]);

		if (number >= 0)
			known[number] = true;
	}
	vnm_names_free(devs, n);
}

/*
 * The first that neither we nor the kernel know. The kernel is asked for one name at a time: a list of all its
 * devices is long on a host with many guests, and all of them but a few are known here.
 */
static int pick_device(struct vnm_driver *drv, struct vnm_attachment *attach, struct vnm_error *err)
{
	vnm_autofree bool *known = NULL;
	struct vnm_fact_link link;
	char **names;
	size_t n;
	int r;

	if (attach->dev)
		return 0;
	r = vnm_driver_names(drv, &names, &n, err);
	if (r < 0)
		return r;
	known = vnm_alloc((DEV_NUMBER_MAX + 1) * sizeof(*known));
	for (size_t i = 0; i < n; i++)
		note_devices(drv, names[i], known);
	vnm_names_free(names, n);
	for (int i = 0; i <= DEV_NUMBER_MAX; i++) {
		vnm_autofree char *dev = known[i] ? NULL : vnm_asprintf(DEV_STEM "%d", i);

		if (!dev || vnm_link_get(&drv->sys, dev, &link) == 0)
			continue;
		attach->dev = vnm_steal(&dev);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "all device names from " DEV_STEM "0 to " DEV_STEM "%d are in use",
			     DEV_NUMBER_MAX);
}

/**
 * vnm_attach_complete() - give an attachment what was not asked for: a device's name, a MAC, addresses
 * @drv:         the driver
 * @net:         the network, active
 * @wanted_auto: how many free addresses of each family are to be found
 * @attach:      the attachment
 * @err:         what is in the way, or does not make sense
 *
 * Return: 0 or -errno.
 */
int vnm_attach_complete(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
			struct vnm_attachment *attach, struct vnm_error *err)
{
	bool mac_given = attach->mac.set;
	int r = pick_device(drv, attach, err);

	if (r == 0 && !mac_given && attach->kind != VNM_ATTACH_DEV &&
	    attach->kind != VNM_ATTACH_TUN)
		r = vnm_driver_generate_mac(&attach->mac, err);
	if (r < 0)
		return r;
	attach->network = vnm_strdup(net->name);
	r = vnm_attach_validate(attach, net, err);
	if (r == 0 && vnm_network_is_pool(net))
		r = take_parent(drv, net, mac_given, attach, err);
	return r < 0 ? r : complete_addresses(drv, net, wanted_auto, attach, err);
}
