/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attach_complete.c - fills in what an attachment leaves out: a device name, a MAC, free addresses, a host name. */
#include "driver/attach_complete.h"

#include <errno.h>
#include <string.h>

#include "driver/attach_ask.h"
#include "driver/attach_name.h"
#include "driver/attach_prefix.h"
#include "driver/attach_taken.h"
#include "model/pool.h"
#include "model/taken.h"
#include "run/definition.h"
#include "run/guest_pick.h"
#include "state/guest_store.h"
#include "state/networks.h"
#include "state/port_store.h"
#include "state/session.h"
#include "sys/link/link.h"
#include "sys/link/neighbour.h"
#include "util/mem.h"

#define DEV_STEM "vnet"
#define DEV_NUMBER_MAX 9999
#define PICKS_MAX 16 /* attempts to find addresses that are not in use */

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
	if (vnm_link_read_fact(&drv->sys, attach->parent, &link) == 0)
		attach->mac = link.mac;
	return 0;
}

static int take_parent(struct vnm_driver *drv, const struct vnm_network *net, bool mac_given,
		       struct vnm_attachment *attach, struct vnm_error *err)
{
	struct vnm_ports ports vnm_autoports = { 0 };
	struct vnm_port_users all;
	const char *dev;
	int r = vnm_ports_load(drv, net->name, NULL, &ports, err);

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

/* The host may have its address on the network on any number of links. */
static bool is_own(const struct vnm_network *net, const struct vnm_addr *addr)
{
	for (size_t i = 0; i < net->n_ips; i++)
		if (vnm_addr_equal(&net->ips[i].address, addr))
			return true;
	return false;
}

static int refuse_taken(struct vnm_driver *drv, const struct vnm_network *net,
			const struct vnm_attachment *attach, struct vnm_taken *taken,
			struct vnm_error *err)
{
	for (size_t i = 0; i < attach->n_ips; i++) {
		const struct vnm_attach_ip *ip = &attach->ips[i];

		if (vnm_taken_has(taken, &ip->address))
			return vnm_attach_taken(drv, net, &ip->address, err);
		if (!is_own(net, &ip->host) && vnm_taken_has(taken, &ip->host))
			return vnm_attach_taken(drv, net, &ip->host, err);
	}
	return 0;
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

/* Finds addresses that are on no record and in use by nobody. */
static int find_unused(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
		       struct vnm_taken *taken, struct vnm_attachment *attach,
		       struct vnm_error *err)
{
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	const size_t given = attach->n_ips;
	struct vnm_probe found = { 0 };

	for (int i = 0; i < PICKS_MAX; i++) {
		int r = vnm_guest_find_addresses(drv, net, wanted_auto, taken, attach, err);
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

/* Checks the requested addresses, and finds the missing ones. */
static int complete_addresses(struct vnm_driver *drv, const struct vnm_network *net,
			      unsigned wanted_auto, struct vnm_attachment *attach,
			      struct vnm_error *err)
{
	struct vnm_taken taken __attribute__((cleanup(vnm_taken_clear))) = { 0 };
	const struct vnm_dhcp_host *own = vnm_attach_reservation(net, attach);
	int r = vnm_guest_taken(drv, net, attach, own, &taken, err);

	if (own && own->name && !attach->hostname)
		attach->hostname = vnm_strdup(own->name);
	if (r == 0 && own && wanted_auto > 0 && vnm_taken_has(&taken, &own->ip))
		r = vnm_attach_taken(drv, net, &own->ip, err);
	if (r == 0)
		r = refuse_taken(drv, net, attach, &taken, err);
	if (r == 0)
		r = vnm_attach_complete_prefixes(drv, net, attach, err);
	if (r < 0)
		return r;
	return find_unused(drv, net, wanted_auto, &taken, attach, err);
}

static void complete_name(struct vnm_driver *drv, const struct vnm_network *net,
			  struct vnm_attachment *attach)
{
	vnm_autofree char *why = NULL;
	char *name = vnm_attach_name_of_netns(drv, net, attach, &why);

	if (name)
		attach->hostname = name;
}

/* vnet0, vnet1, ...: libvirt's names of such devices. The number, or -1. */
static int device_number(const char *dev)
{
	uint32_t number;

	if (strncmp(dev, DEV_STEM, strlen(DEV_STEM)) != 0 ||
	    vnm_parse_u32(dev + strlen(DEV_STEM), 0, DEV_NUMBER_MAX, &number) < 0)
		return -1;
	return (int)number;
}

/* The numbers in one network's attachments, whether the devices exist or not. */
static void note_devices(struct vnm_driver *drv, const char *network, bool *in_use)
{
	struct vnm_error ignored = { 0 };
	vnm_autoclose int made = vnm_attach_made(drv, network, false, &ignored);
	const struct vnm_store store = { made, network, VNM_VOLATILE };
	char **devs = NULL;
	size_t n = 0;

	if (made < 0 || vnm_store_names(&store, ".journal", &devs, &n, &ignored) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		int number = device_number(devs[i]);

		if (number >= 0)
			in_use[number] = true;
	}
	vnm_names_free(devs, n);
}

/**
 * vnm_attach_pick_device() - choose a name for the device of an attachment, unless it has one
 * @drv:    the driver
 * @attach: the attachment
 * @err:    VNM_ERR_NAME_IN_USE: all are in use
 *
 * The first name that neither our records nor the kernel has. The kernel is asked for one name at a time: a list of all its
 * devices is long on a host with many guests, and all but a few of them are on record.
 *
 * Return: 0 or -errno.
 */
int vnm_attach_pick_device(struct vnm_driver *drv, struct vnm_attachment *attach,
			   struct vnm_error *err)
{
	vnm_autofree bool *in_use = NULL;
	struct vnm_fact_link link;
	char **names;
	size_t n;
	int r;

	if (attach->dev)
		return 0;
	r = vnm_driver_names(drv, &names, &n, err);
	if (r < 0)
		return r;
	in_use = vnm_alloc((DEV_NUMBER_MAX + 1) * sizeof(*in_use));
	for (size_t i = 0; i < n; i++)
		note_devices(drv, names[i], in_use);
	vnm_names_free(names, n);
	for (int i = 0; i <= DEV_NUMBER_MAX; i++) {
		vnm_autofree char *dev = in_use[i] ? NULL : vnm_asprintf(DEV_STEM "%d", i);

		if (!dev || vnm_link_read_fact(&drv->sys, dev, &link) == 0)
			continue;
		attach->dev = vnm_steal(&dev);
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NAME_IN_USE, EEXIST,
			     "all device names from " DEV_STEM "0 to " DEV_STEM "%d are in use",
			     DEV_NUMBER_MAX);
}

/**
 * vnm_attach_complete() - fill in what an attachment leaves out: device name, MAC, addresses, host name
 * @drv:         the driver
 * @net:         the network, active
 * @wanted_auto: how many free addresses of each family to find
 * @attach:      the attachment
 * @err:         what conflicts or is invalid
 *
 * Return: 0 or -errno.
 */
int vnm_attach_complete(struct vnm_driver *drv, const struct vnm_network *net, unsigned wanted_auto,
			struct vnm_attachment *attach, struct vnm_error *err)
{
	bool mac_given = attach->mac.set;
	int r = vnm_attach_pick_device(drv, attach, err);

	if (r == 0 && !mac_given && attach->kind != VNM_ATTACH_DEV &&
	    attach->kind != VNM_ATTACH_TUN)
		r = vnm_driver_generate_mac(&attach->mac, err);
	if (r < 0)
		return r;
	attach->network = vnm_strdup(net->name);
	r = vnm_attach_validate(attach, net, err);
	if (r == 0 && vnm_network_is_pool(net))
		r = take_parent(drv, net, mac_given, attach, err);
	if (r == 0)
		r = complete_addresses(drv, net, wanted_auto, attach, err);
	if (r == 0)
		complete_name(drv, net, attach);
	return r;
}
