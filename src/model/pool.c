/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pool.c - counts the guests on each device of a pool, and picks a device for the next one. All pure. */
#include "model/pool.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "model/pci.h"

/**
 * vnm_pool_count() - how many guests are on a device
 * @all: those of one network
 * @dev: the device
 */
size_t vnm_pool_count(const struct vnm_port_users *all, const char *dev)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n_ports; i++)
		n += all->ports[i].plug.dev && !strcmp(all->ports[i].plug.dev, dev);
	for (size_t i = 0; i < all->n_guests; i++)
		n += all->guests[i].parent && !strcmp(all->guests[i].parent, dev);
	return n;
}

static const char *least_used(const struct vnm_forward *forward, const struct vnm_port_users *all,
			      size_t *ret_used)
{
	const char *best = forward->n_interfaces ? NULL : forward->dev;

	*ret_used = best ? vnm_pool_count(all, best) : SIZE_MAX;
	for (size_t i = 0; i < forward->n_interfaces; i++) {
		size_t used = vnm_pool_count(all, forward->interfaces[i].dev);

		if (used >= *ret_used)
			continue;
		*ret_used = used;
		best = forward->interfaces[i].dev;
	}
	return best;
}

/**
 * vnm_pool_pick() - the first of the least used devices; for passthrough an unused one
 * @net: the live definition
 * @all: its guests
 * @ret: the device's name, a part of @net
 * @err: VNM_ERR_NO_DEVICE
 *
 * Return: 0 or -errno.
 */
int vnm_pool_pick(const struct vnm_network *net, const struct vnm_port_users *all, const char **ret,
		  struct vnm_error *err)
{
	size_t used;

	*ret = least_used(&net->forward, all, &used);
	if (!*ret)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "network '%s' uses a direct mode, but has no forward dev and "
				     "no interface pool",
				     net->name);
	if (used > 0 && vnm_network_mode(net) == VNM_FORWARD_PASSTHROUGH)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EBUSY,
				     "network '%s' requires exclusive access to interfaces, but "
				     "none are available: in mode 'passthrough' each is for one "
				     "guest, and has one",
				     net->name);
	return 0;
}

static bool has_device(const struct vnm_forward *forward, const char *dev)
{
	for (size_t i = 0; i < forward->n_interfaces; i++)
		if (!strcmp(forward->interfaces[i].dev, dev))
			return true;
	return forward->n_interfaces == 0 && forward->dev && !strcmp(forward->dev, dev);
}

/**
 * vnm_pool_check() - may a guest have this device?
 * @net: the live definition
 * @all: its guests, without that one
 * @dev: the device; may be NULL
 * @err: VNM_ERR_NO_DEVICE: it is none of the pool's, or somebody else's
 *
 * Return: 0 or -errno.
 */
int vnm_pool_check(const struct vnm_network *net, const struct vnm_port_users *all, const char *dev,
		   struct vnm_error *err)
{
	if (!dev || !has_device(&net->forward, dev))
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "network '%s' doesn't have dev='%s' in its pool", net->name,
				     dev ? dev : "");
	if (vnm_network_mode(net) == VNM_FORWARD_PASSTHROUGH && vnm_pool_count(all, dev) > 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EBUSY,
				     "network '%s' claims dev='%s' is already in use by a "
				     "different guest",
				     net->name, dev);
	return 0;
}

/* How many guests have it. */
static size_t count_pci(const struct vnm_port_users *all, const struct vnm_pci_address *address)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n_ports; i++)
		n += all->ports[i].plug.type == VNM_PLUG_HOSTDEV_PCI &&
		     vnm_pci_equal(&all->ports[i].plug.address, address);
	return n;
}

/**
 * vnm_pool_pick_pci() - the first PCI device that no guest has
 * @net: the live definition, with its devices
 * @all: its guests
 * @ret: its address
 * @err: VNM_ERR_NO_DEVICE
 *
 * Return: 0 or -errno.
 */
int vnm_pool_pick_pci(const struct vnm_network *net, const struct vnm_port_users *all,
		      struct vnm_pci_address *ret, struct vnm_error *err)
{
	for (size_t i = 0; i < net->forward.n_addresses; i++) {
		if (count_pci(all, &net->forward.addresses[i]) > 0)
			continue;
		*ret = net->forward.addresses[i];
		return 0;
	}
	return vnm_error_set(err, VNM_ERR_NO_DEVICE, EBUSY,
			     "network '%s' requires exclusive access to interfaces, but none are "
			     "available: each of its PCI devices is for one guest",
			     net->name);
}

/**
 * vnm_pool_check_pci() - may a guest have this PCI device?
 * @net:     the live definition, with its devices
 * @all:     its guests, without that one
 * @address: the device
 * @err:     VNM_ERR_NO_DEVICE: it is none of the pool's, or somebody else's
 *
 * Return: 0 or -errno.
 */
int vnm_pool_check_pci(const struct vnm_network *net, const struct vnm_port_users *all,
		       const struct vnm_pci_address *address, struct vnm_error *err)
{
	char text[VNM_PCI_STRLEN];
	bool has = false;

	vnm_pci_format(address, text);
	for (size_t i = 0; i < net->forward.n_addresses; i++)
		has |= vnm_pci_equal(&net->forward.addresses[i], address);
	if (!has)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, ENODEV,
				     "network '%s' doesn't have PCI device %s in its pool",
				     net->name, text);
	if (count_pci(all, address) > 0)
		return vnm_error_set(err, VNM_ERR_NO_DEVICE, EBUSY,
				     "network '%s' claims the PCI device at %s is already in use "
				     "by a different guest",
				     net->name, text);
	return 0;
}

/**
 * vnm_pool_show() - set the numbers of connections in a definition, of the network and each device
 * @all: those of the network
 * @net: its definition, to be printed, after vnm_network_show()
 *
 * 0 is not printed, as in libvirt.
 */
void vnm_pool_show(const struct vnm_port_users *all, struct vnm_network *net)
{
	size_t n = all->n_ports + all->n_guests;

	net->connections = (struct vnm_uint){ n > 0, (uint32_t)n };
	for (size_t i = 0; i < net->forward.n_interfaces; i++) {
		struct vnm_forward_interface *interface = &net->forward.interfaces[i];
		size_t used = vnm_pool_count(all, interface->dev);

		interface->connections = (struct vnm_uint){ used > 0, (uint32_t)used };
	}
	for (size_t i = 0; i < net->forward.n_addresses; i++) {
		struct vnm_pci_address *address = &net->forward.addresses[i];
		size_t used = count_pci(all, address);

		address->connections = (struct vnm_uint){ used > 0, (uint32_t)used };
	}
}
