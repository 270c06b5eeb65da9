/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_pick.c - addresses for guests: free ones, reserved ones, and replacements for those outside of the network's subnets. */
#include "run/guest_pick.h"

#include <errno.h>
#include <sys/socket.h>

#include "model/attach_rival.h"
#include "model/lease.h"
#include "state/guest_store.h"
#include "state/leases.h"
#include "state/session.h"
#include "sys/process/leases.h"
#include "util/mem.h"
#include "xml/network_xml.h"

/* @own: reserved for the guest; if another client has leased it, that lease ends, unless the client answers: see attach_ask.c. */
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
 * struct avoided - addresses not to be given to the next guest.
 * @taken: in use or reserved
 * @led_to: those, and the targets of port forwardings, which are avoided as long as there are others
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

/* Its reservation, the first time that an address is wanted; else a free one. */
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

/* By the persistent definition, which the network runs with next. */
static void take_reserved_next(struct vnm_driver *drv, const struct vnm_network *net,
			       const struct vnm_attachment *attach, struct vnm_taken *taken)
{
	vnm_autonetwork struct vnm_network next = { 0 };
	struct vnm_error unread = { 0 };

	if (vnm_store_load(&drv->persistent, net->name, &next, &unread) < 0)
		return;
	for (size_t i = 0; i < next.n_ips; i++)
		for (size_t k = 0; k < next.ips[i].dhcp.n_hosts; k++)
			if (!vnm_attach_owns(attach, &next.ips[i].dhcp.hosts[k]))
				vnm_taken_add(taken, &next.ips[i].dhcp.hosts[k].ip);
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

/**
 * vnm_guest_taken() - all addresses in use by others: by the definition, by lease, by attachment
 * @drv:    the driver
 * @net:    the network
 * @attach: the guest; another attachment with its MAC address is ignored, since it is refused anyway
 * @own:    the guest's reservation, or NULL
 * @ret:    free with vnm_taken_clear()
 * @err:    set on failure
 *
 * Return: 0 or -errno.
 */
int vnm_guest_taken(struct vnm_driver *drv, const struct vnm_network *net,
		    const struct vnm_attachment *attach, const struct vnm_dhcp_host *own,
		    struct vnm_taken *ret, struct vnm_error *err)
{
	const struct vnm_attachments *others;
	int r;

	vnm_taken_network(net, ret);
	take_reserved_next(drv, net, attach, ret);
	if (own)
		vnm_taken_drop(ret, &own->ip);
	r = take_leases(drv, net->name, own, ret, err);
	if (r < 0)
		return r;
	others = vnm_attachments_get(drv, net->name);
	for (size_t i = 0; i < others->n_items; i++)
		for (size_t k = 0; k < others->items[i].n_ips; k++)
			if (!same_mac(attach, &others->items[i]))
				add_both(&others->items[i].ips[k], ret);
	return 0;
}

/* Of the persistent definition, too, which the network runs with next. */
static void add_led_to(struct vnm_driver *drv, const struct vnm_network *net,
		       struct vnm_taken *taken)
{
	vnm_autonetwork struct vnm_network persistent = { 0 };
	struct vnm_error unread = { 0 };

	vnm_taken_led_to(net, taken);
	if (vnm_store_load(&drv->persistent, net->name, &persistent, &unread) == 0)
		vnm_taken_led_to(&persistent, taken);
}

/**
 * vnm_guest_find_addresses() - free addresses for a guest, of each family that its network has
 * @drv:         the driver
 * @net:         the network
 * @wanted_auto: how many of each family
 * @taken:       addresses in use by others
 * @attach:      gets them
 * @err:         set when there are not enough
 *
 * Return: 0 or -errno.
 */
int vnm_guest_find_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			     unsigned wanted_auto, const struct vnm_taken *taken,
			     struct vnm_attachment *attach, struct vnm_error *err)
{
	struct avoided avoided __attribute__((cleanup(avoided_clear))) = { 0 };
	int r = 0;

	if (wanted_auto == 0)
		return 0;
	avoided.taken.share = avoided.led_to.share = net->overlay.host;
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

/* Was the subnet merely enlarged or reduced around the address? */
static bool only_length(const struct vnm_network *net, struct vnm_attach_ip *ip)
{
	const struct vnm_ip *subnet = vnm_attach_subnet(net, &ip->address);

	if (!subnet || vnm_addr_equal(&subnet->address, &ip->address))
		return false;
	ip->prefix = (struct vnm_uint){ true, vnm_ip_prefix(subnet).len };
	return true;
}

/**
 * vnm_attach_find_again() - replace an address that is in no subnet of the network any more
 * @drv:    the driver
 * @net:    the network
 * @attach: the attachment
 * @ip:     one of its addresses; becomes the new one, with its prefix length
 * @picked: addresses just found for others
 * @err:    VNM_ERR_STATE: none is free
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
	r = vnm_guest_taken(drv, net, attach, own, &taken, err);
	if (r < 0)
		return r;
	avoided.taken.share = avoided.led_to.share = net->overlay.host;
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
